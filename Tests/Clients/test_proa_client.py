"""The proa command itself, as the client."""

import pexpect
import pytest
from engines import STORAGE_DRIVER
from polling import eventually
from proa_command import ProaCommand
from test_terminal import PROMPT, answer, resized

pytestmark = pytest.mark.proa_only("this drives the proa command")


@pytest.mark.parametrize("command", ["run", "create", "exec"])
def test_help_is_not_taken_for_the_containers(proa, command):
    done = proa.run(command, "--help")
    assert done.returncode == 0
    assert f"USAGE: proa {command} [OPTIONS]" in done.stdout


def test_run(proa):
    assert proa("run", "--rm", "busybox", "echo", "hello", "from", "proa") == "hello from proa"


@pytest.mark.parametrize("code", [7, 64])  # 64: ArgumentParser's own for a command line that it cannot read
def test_exit_code(proa, code):
    done = proa.run("run", "--rm", "busybox", "sh", "-c", f"exit {code}")
    assert (done.returncode, done.stderr) == (code, "")


def test_streams_stay_apart(proa):
    done = proa.run("run", "--rm", "-i", "busybox", "sh", "-c", "cat; echo error >&2", input="typed\n")
    assert (done.stdout, done.stderr) == ("typed\n", "error\n")


def test_a_terminal_is_typed_into_and_resized(proa):
    terminal = proa.terminal("run", "--rm", "-it", "-e", "PS1=ready> ", "busybox", "sh")
    terminal.expect(PROMPT)
    eventually(lambda: answer(terminal, "stty size") == "24 80")
    eventually(lambda: resized(terminal, 40, 132) == "40 132")
    terminal.sendline("exit 3")
    terminal.expect_exact("exit 3")
    terminal.wait()
    assert terminal.exitstatus == 3


def test_detach_keys(proa, dock):
    terminal = proa.terminal("run", "-it", "--name", "left", "busybox", "sh")
    terminal.expect("# ")
    terminal.sendcontrol("p")
    terminal.sendcontrol("q")
    terminal.expect(pexpect.EOF)
    assert dock.state("left")["Running"]


def test_the_terminal_is_given_back_as_it_was(proa):
    shell = pexpect.spawn("sh", env={**proa.environment, "PS1": "outside> "}, encoding="utf-8", timeout=20)
    shell.expect_exact("outside> ")
    shell.sendline("stty -a | md5sum")
    shell.expect(r"([0-9a-f]{32})")
    before = shell.match.group(1)
    shell.sendline(f"{proa.executable} run --rm -it busybox true; stty -a | md5sum")
    shell.expect(r"([0-9a-f]{32})")
    assert shell.match.group(1) == before
    shell.close(force=True)


def test_detached_logs_exec_stop_rm(proa):
    container = proa("run", "-d", "--name", "served", "busybox", "sh", "-c", "echo up; exec sleep 1000")
    assert len(container) == 64
    eventually(lambda: proa("logs", "served") == "up")
    assert proa("exec", "served", "echo", "inside") == "inside"
    assert proa.run("exec", "served", "sh", "-c", "exit 4").returncode == 4
    assert "served" in proa("ps")
    proa("stop", "-t", "0", "served")
    assert "served" not in proa("ps")
    assert "Exited (137)" in proa("ps", "-a")
    proa("rm", "served")
    assert "served" not in proa("ps", "-a")


def test_logs_are_followed(proa):
    proa("run", "-d", "--name", "spoken", "busybox", "sh", "-c", "seq 1 5")
    assert proa("logs", "-f", "spoken").split() == ["1", "2", "3", "4", "5"]


def test_exec_on_a_terminal(proa):
    proa("run", "-d", "--name", "idle", "busybox", "sleep", "1000")
    terminal = proa.terminal("exec", "-it", "idle", "sh")
    terminal.expect("# ")
    terminal.sendline("exit 6")
    terminal.expect(pexpect.EOF)
    terminal.wait()
    assert terminal.exitstatus == 6


def test_load_and_images(proa, images):
    assert "busybox" in proa("load", "--input", str(images["busybox"]))
    assert "busybox" in proa("images")


def test_version_and_info(proa):
    version = proa("version", "--format", "{{.Server.Version}} {{.Server.APIVersion}}")
    assert version.split()[1] == "1.51", version
    assert f"Storage Driver: {STORAGE_DRIVER}" in proa("info")


def test_force_removal(proa):
    proa("run", "-d", "--name", "going", "busybox", "sleep", "1000")
    assert proa.run("rm", "going").returncode != 0
    proa("rm", "-f", "going")


def test_an_unknown_container_is_named(proa):
    done = proa.run("logs", "nobody")
    assert done.returncode != 0
    assert "nobody" in done.stderr


def test_no_daemon_is_a_clear_error(proa_binary, folder):
    done = ProaCommand(f"unix://{folder}/nobody.sock", proa_binary).run("ps")
    assert done.returncode != 0
    assert "nobody.sock" in done.stderr
