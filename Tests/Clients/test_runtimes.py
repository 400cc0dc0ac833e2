"""Other OCI runtimes under the manager: they need runc's command line and nothing else."""

import pytest
from test_terminal import PROMPT

pytestmark = pytest.mark.own_engine


@pytest.fixture
def arguments(engine):
    """dockerd knows runc already."""
    return ["--add-runtime", "runc=/usr/sbin/runc"] if engine.kind == "proa" else []


def test_runc_by_default(other_engine, dock_on, arguments):
    engine = other_engine(*arguments, "--default-runtime", "runc")
    dock = dock_on(engine)
    assert dock.run("run", "--rm", "busybox", "sh", "-c", "echo under runc; exit 7").returncode == 7
    container = dock("run", "-d", "busybox", "sleep", "1000")
    assert dock.inspect(container)["HostConfig"]["Runtime"] == "runc"
    assert dock("exec", container, "echo", "inside") == "inside"
    dock("stop", "-t", "0", container)
    assert dock.state(container)["ExitCode"] == 137
    terminal = dock.terminal("run", "--rm", "-it", "--env", "PS1=ready> ", "busybox", "sh", rows=33, columns=99)
    terminal.expect(PROMPT)
    terminal.sendline("exit 3")
    terminal.expect_exact("exit 3")
    terminal.wait()
    assert terminal.exitstatus == 3


def test_runc_for_one_container(other_engine, dock_on, arguments):
    dock = dock_on(other_engine(*arguments))
    assert dock("run", "--rm", "--runtime", "runc", "busybox", "echo", "under runc") == "under runc"


def test_a_runtime_that_is_not_there_is_named(dock):
    done = dock.run("run", "--rm", "--runtime", "nosuchruntime", "busybox", "true")
    assert done.returncode == 125
    assert "nosuchruntime" in done.stderr


@pytest.mark.proa_only("20.10 words it otherwise")
def test_the_runtime_is_that_of_the_day_of_creation(other_engine, dock_on):
    engine = other_engine()
    dock = dock_on(engine)
    dock("create", "--name", "ours", "busybox", "true")
    configured = engine.arguments
    restart(engine, *configured, "--add-runtime", "other=/usr/sbin/runc", "--default-runtime", "other")
    dock("create", "--name", "theirs", "busybox", "true")
    names = dock("inspect", "--format", "{{.HostConfig.Runtime}}", "ours", "theirs").split()
    assert names == ["proa", "other"]
    restart(engine, *configured)
    done = dock.run("start", "theirs")
    assert done.returncode == 1
    assert "unknown or invalid runtime name: other" in done.stderr
    assert dock.inspect("theirs")["HostConfig"]["Runtime"] == "other"
    assert not dock.state("theirs")["Running"]
    dock("start", "--attach", "ours")


def restart(engine, *arguments):
    engine.daemon.terminate()
    engine.daemon.wait(30)
    engine.arguments = arguments
    engine.start()
