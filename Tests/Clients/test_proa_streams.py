"""The proa command's own streams: closed, full, no terminal."""

import subprocess

import pexpect
import pytest
from polling import eventually

pytestmark = pytest.mark.proa_only("this drives the proa command")


def shell(proa, line):
    """Runs a line of shell in which $proa is the command."""
    return subprocess.run(
        ["sh", "-c", line], env={**proa.environment, "proa": proa.executable}, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize(
    ("redirection", "output"), [("<&-", "hi\n"), (">&-", ""), ("2>&-", "hi\n"), ("<&- 2>&-", "hi\n")]
)
def test_a_closed_stream_is_an_empty_one(proa, redirection, output):
    done = shell(proa, f"$proa run --rm busybox echo hi {redirection}")
    assert (done.returncode, done.stdout, done.stderr) == (0, output, "")
    eventually(lambda: proa("ps", "-aq") == "")


def test_a_full_disk_is_an_error(proa):
    done = shell(proa, "$proa run --rm busybox echo hi >/dev/full")
    assert (done.returncode, done.stderr) == (1, "write /dev/stdout: no space left on device\n")
    eventually(lambda: proa("ps", "-aq") == "")


def test_a_terminal_must_be_one(proa):
    before = proa("ps", "-aq")
    done = proa.run("run", "-it", "busybox", "true", input="")
    assert (done.returncode, done.stderr) == (1, "the input device is not a TTY\n")
    assert proa("ps", "-aq") == before
    # Without -i nothing is read from it.
    assert proa.run("run", "--rm", "-t", "busybox", "echo", "hi", input="").returncode == 0


def test_exec_on_a_terminal_needs_one(proa):
    proa("run", "-d", "--name", "idle", "busybox", "sleep", "1000")
    done = proa.run("exec", "-it", "idle", "true", input="")
    assert (done.returncode, done.stderr) == (1, "the input device is not a TTY\n")
    assert proa("exec", "-t", "idle", "echo", "hi").strip() == "hi"


@pytest.mark.parametrize("command", [("exec", "-it", "kept", "sh"), ("attach", "kept")])
def test_detaching_is_told(proa, dock, command):
    proa("run", "-itd", "--name", "kept", "busybox", "sh")
    terminal = proa.terminal(*command)
    terminal.send("\r")
    terminal.expect("# ")
    terminal.sendcontrol("p")
    terminal.sendcontrol("q")
    terminal.expect_exact("read escape sequence")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 1
    assert dock.state("kept")["Running"]


def test_start_attached(proa):
    proa("create", "--name", "told", "busybox", "sh", "-c", "echo out; echo err >&2; exit 5")
    done = proa.run("start", "-a", "told")
    assert (done.returncode, done.stdout, done.stderr) == (5, "out\n", "err\n")


def test_start_attached_with_input(proa):
    proa("create", "-i", "--name", "asked", "busybox", "cat")
    assert proa("start", "-ai", "asked", input="typed\n") == "typed"


def test_start_attached_takes_one(proa):
    done = proa.run("start", "-a", "x", "y")
    assert (done.returncode, done.stderr) == (1, "you cannot start and attach multiple containers at once\n")


def test_rename_and_restart(proa):
    proa("run", "-d", "--name", "before", "busybox", "sleep", "1000")
    proa("rename", "before", "after")
    assert proa("restart", "-t", "0", "after") == "after"
    assert "after" in proa("ps")


def test_an_image_that_is_not_there(proa):
    done = proa.run("run", "127.0.0.1:1/nowhere", "true")
    assert done.returncode == 125
    assert done.stderr.startswith("Unable to find image '127.0.0.1:1/nowhere:latest' locally\n")
    assert "connection refused" in done.stderr


def test_unknown_commands_are_named(proa):
    done = proa.run("frobnicate", "x")
    assert (done.returncode, done.stderr) == (
        1, "proa: unknown command: proa frobnicate\n\nRun 'proa --help' for more information\n",
    )


@pytest.mark.parametrize("flag", ["--debug", "--context", "--log-level"])
def test_global_flags_that_are_not_there_are_refused(proa, flag):
    done = proa.run(flag, "x", "ps")
    assert done.returncode != 0
    assert flag in done.stderr
