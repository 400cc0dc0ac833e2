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
