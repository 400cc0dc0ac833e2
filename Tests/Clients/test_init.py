"""--init: a first process that passes signals on, reaps orphans, and ends as the container's program does."""

import os

import pexpect
import pytest
from engines import BINARIES
from polling import eventually

FIRST = "tr '\\0' ' ' < /proc/1/cmdline; true"


def first_process(command, *options):
    return command("run", "--rm", *options, "busybox", "sh", "-c", FIRST)


def test_it_is_the_first_process(command):
    assert first_process(command, "--init") == f"/sbin/docker-init -- sh -c {FIRST} "
    assert first_process(command).startswith("sh -c")


@pytest.mark.parametrize(
    ("script", "status"),
    [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137), ("kill -15 $$", 143), ("sleep 0.2; exit 200", 200)],
)
def test_it_ends_as_the_program_does(command, script, status):
    assert command.run("run", "--rm", "--init", "busybox", "sh", "-c", script).returncode == status


@pytest.mark.parametrize(("program", "status"), [("/nowhere", 127), ("nowhere", 127), ("/etc/passwd", 126)])
def test_there_is_no_such_program(dock, program, status):
    done = dock.run("run", "--rm", "--init", "busybox", program)
    assert done.returncode == status
    assert program in done.stderr


def test_signals_are_passed_on(dock):
    script = "trap 'echo usr1' USR1; trap 'echo winch' WINCH; trap 'echo term; exit 3' TERM; echo on; while :; do sleep 0.1; done"
    dock("run", "-d", "--name", "it", "--init", "busybox", "sh", "-c", script)
    for signal, word in (("USR1", "usr1"), ("WINCH", "winch")):
        eventually(lambda: "on" in dock("logs", "it"))
        dock("kill", "-s", signal, "it")
        eventually(lambda: word in dock("logs", "it"))
    dock("stop", "it")
    assert dock.state("it")["ExitCode"] == 3
    assert dock("logs", "it").split() == ["on", "usr1", "winch", "term"]


def test_a_program_that_heeds_no_signal_ends_by_its_default(dock):
    dock("run", "-d", "--name", "it", "--init", "busybox", "sleep", "1000")
    dock("stop", "-t", "60", "it")
    assert dock.state("it")["ExitCode"] == 143


@pytest.mark.parametrize(("options", "zombies"), [(["--init"], 0), ([], 3)])
def test_orphans_are_reaped(dock, options, zombies):
    orphans = "for i in 1 2 3; do sh -c 'sleep 0.1 &'; done; exec sleep 1000"
    dock("run", "-d", "--name", "it", *options, "busybox", "sh", "-c", orphans)

    def states():
        found = dock("exec", "it", "sh", "-c", "cat /proc/[0-9]*/stat").splitlines()
        return [line.split()[2] for line in found if "(sleep)" in line or "(busybox)" in line]

    eventually(lambda: sorted(states()) == ["S"] + ["Z"] * zombies, what=f"{zombies} zombies")


def test_the_terminal_is_the_programs(dock):
    with dock.terminal("run", "--rm", "-it", "--init", "busybox", "sh") as terminal:
        terminal.expect("# ")
        terminal.sendline("sleep 1000; echo status $?")
        terminal.expect("sleep 1000; echo status")
        # The shell may not have made its child the foreground yet.
        for _ in range(50):
            terminal.sendcontrol("c")
            if terminal.expect(["# ", pexpect.TIMEOUT], timeout=0.3) == 0:
                break
        terminal.sendline("stty size >/dev/null && echo is''there; exit 5")
        terminal.expect("isthere")
        terminal.expect(pexpect.EOF)
    assert terminal.exitstatus == 5


def test_nobody_can_write_it(dock):
    for path in ("/sbin/docker-init", "/proc/1/exe"):
        done = dock.run("run", "--rm", "--init", "busybox", "sh", "-c", f"echo x > {path}")
        assert done.returncode == 1
        assert any(reason in done.stderr for reason in ("Read-only file system", "Text file busy", "Permission denied"))


@pytest.mark.own_engine
@pytest.mark.proa_only("Docker shows containers the host's own file")
def test_nobody_sees_the_hosts_file(other_engine, dock_on):
    engine = other_engine()
    dock = dock_on(engine)
    seen = [dock("run", "--rm", "--init", *options, "busybox", "stat", "-c", "%i", "/sbin/docker-init")
            for options in ((), (), ("--cap-add", "SYS_ADMIN"), ("--privileged",))]
    plain, again, *powerful = map(int, seen)
    assert plain == again == os.stat(engine.data_root / "proa-init").st_ino
    assert not {plain, os.stat(BINARIES / "proa-runtime").st_ino} & set(powerful)
    assert os.stat(BINARIES / "proa-runtime").st_ino != plain


@pytest.mark.proa_only("Docker shows containers the host's own file")
def test_who_may_change_mounts_harms_only_itself(dock):
    harm = "mount -o remount,rw,bind /sbin/docker-init && cp /bin/true /tmp/x && cat /tmp/x > /sbin/docker-init"
    dock.run("run", "--rm", "--init", "--privileged", "busybox", "sh", "-c", harm)
    dock.run("run", "--rm", "--init", "--privileged", "--entrypoint", "/bin/sh", "busybox", "-c", harm)
    assert dock("run", "--rm", "--init", "busybox", "echo", "well") == "well"


def test_inspect_and_another_process_tree(dock):
    dock("create", "--name", "with", "--init", "busybox")
    dock("create", "--name", "without", "--init=false", "busybox")
    dock("create", "--name", "unsaid", "busybox")
    said = [dock.inspect(name)["HostConfig"].get("Init") for name in ("with", "without", "unsaid")]
    assert said == [True, False, None]
    own = "tr '\\0' ' ' < /proc/self/cmdline; tr '\\0' ' ' < /proc/$PPID/cmdline"
    assert "docker-init" not in dock("run", "--rm", "--init", "--pid", "host", "busybox", "sh", "-c", own)


@pytest.mark.own_engine
def test_the_daemons_default(other_engine, dock_on):
    dock = dock_on(other_engine("--init"))
    assert first_process(dock).startswith("/sbin/docker-init -- sh")
    assert first_process(dock, "--init=false").startswith("sh -c")


@pytest.mark.parametrize("options", [("--read-only",), ("--user", "1000:1000"), ("--cap-drop", "ALL"), ("--tmpfs", "/tmp")])
def test_whatever_else_is_asked_for(dock, options):
    assert dock("run", "--rm", "--init", *options, "busybox", "sh", "-c", "echo well") == "well"
