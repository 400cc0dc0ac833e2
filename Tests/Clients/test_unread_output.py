"""A foreground client that does not read (a pager, Ctrl-Z): it holds up its own program, as a pipe's reader would, and nobody
else. Once the program has ended nothing waits for the client, and what was written before is still its own."""

import contextlib

import pytest
from polling import eventually

ENDLESS = "yes 0123456789"
# More than the client and the connection hold, and less than they hold together with the pipe of a program that has ended.
SOME = 700_000
FINITE = f"yes 0123456789 | head -c {SOME}"


@contextlib.contextmanager
def unread(dock, *arguments):
    """A client whose output nobody takes, until its program waits for it or has ended."""
    process = dock.open(*arguments)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def is_prefix(output):
    line = "0123456789\n"
    return output == (line * (len(output) // len(line) + 1))[: len(output)]


def cpu(dock, name):
    """What the container has used: as long as it grows, it is not held up."""
    return dock("exec", name, "cat", "/proc/1/stat").split()[13:15]


def held(dock, name):
    used = []

    def is_still():
        used.append(cpu(dock, name))
        return len(used) > 3 and len({tuple(entry) for entry in used[-3:]}) == 1

    eventually(is_still, within=30, what="the program waits for its reader")


@pytest.mark.parametrize("end", [("kill",), ("stop", "-t", "1"), ("rm", "-f")])
def test_who_ends_it_does_not_wait(dock, end):
    with unread(dock, "run", "--name", "paged", "busybox", "sh", "-c", f"exec {ENDLESS}") as client:
        eventually(lambda: dock.run("inspect", "paged").returncode == 0 and dock.state("paged")["Running"])
        held(dock, "paged")
        dock(*end, "paged", timeout=20)
        if end[0] != "rm":
            assert dock.state("paged")["Status"] == "exited"
            assert dock("wait", "paged") == "137"
            dock("rm", "paged")
        output, _ = client.communicate(timeout=30)
        assert len(output) > 65536 and is_prefix(output)


def test_what_it_wrote_last_is_kept(dock):
    script = f"{FINITE}; exit 3"
    with unread(dock, "run", "--name", "paged", "busybox", "sh", "-c", script) as client:
        eventually(lambda: dock.run("inspect", "paged").returncode == 0 and dock.state("paged")["Status"] == "exited", within=20)
        dock("rm", "paged")
        output, _ = client.communicate(timeout=30)
        assert len(output) == SOME and is_prefix(output)
        assert client.returncode == 3


def test_of_an_exec_session(dock):
    dock("run", "-d", "--name", "idle", "busybox", "sleep", "1000")
    with unread(dock, "exec", "idle", "sh", "-c", f"echo $$ >/tmp/pid; {FINITE}; exit 3") as client:
        eventually(lambda: dock.run("exec", "idle", "sh", "-c", "test -s /tmp/pid && ! kill -0 $(cat /tmp/pid)").returncode == 0)
        dock("kill", "idle", timeout=20)
        output, _ = client.communicate(timeout=30)
        assert len(output) == SOME and is_prefix(output)
        assert client.returncode == 3
