"""pause and unpause, and what else can and cannot be done with a container that is paused; rename."""

import pytest
from polling import eventually

COUNTING = "i=0; while :; do echo $i; i=$((i + 1)); usleep 10000; done"


def count(dock):
    return len(dock("logs", "it").split())


@pytest.fixture
def counting(dock):
    container = dock("run", "-d", "--name", "it", "busybox", "sh", "-c", COUNTING)
    eventually(lambda: count(dock) > 3)
    return container


@pytest.fixture
def paused(dock, counting):
    dock("pause", "it")
    return counting


def refused(dock, *command):
    done = dock.run(*command)
    assert done.returncode == 1
    return done.stderr.lower()


def test_nothing_runs_while_it_is_paused(dock, paused):
    state = dock.state("it")
    assert (state["Status"], state["Running"], state["Paused"]) == ("paused", True, True)
    with open(f"/proc/{state['Pid']}/cgroup") as file:
        assert paused in file.read()
    before = count(dock)
    dock("run", "--rm", "busybox", "sleep", "0.5")
    assert count(dock) == before
    dock("unpause", "it")
    eventually(lambda: count(dock) > before)
    state = dock.state("it")
    assert (state["Status"], state["Running"], state["Paused"]) == ("running", True, False)


def test_lists_and_counts(dock, paused):
    assert dock("ps", "--filter", "status=paused", "--format", "{{.Names}} {{.State}}") == "it paused"
    assert dock("ps", "--format", "{{.Status}}").endswith(" (Paused)")
    assert dock("ps", "-q", "--filter", "status=running") == ""
    assert dock("info", "--format", "{{.ContainersPaused}} {{.ContainersRunning}} {{.ContainersStopped}}") == "1 0 0"


def test_refusals(dock, counting):
    assert "is not paused" in refused(dock, "unpause", "it")
    dock("pause", "it")
    assert "is already paused" in refused(dock, "pause", "it")
    assert "is paused, unpause the container before exec" in refused(dock, "exec", "it", "true")
    assert "cannot start a paused container, try unpause instead" in refused(dock, "start", "it")
    assert "cannot remove" in (message := refused(dock, "rm", "it")) and "paused" in message
    dock("kill", "it")
    assert f"container {counting} is not running" in refused(dock, "pause", "it")
    assert "no such container: nobody" in refused(dock, "pause", "nobody")


@pytest.mark.parametrize(
    ("command", "status"),
    [(("kill", "it"), "exited"), (("stop", "-t", "1", "it"), "exited"), (("restart", "-t", "1", "it"), "running"),
     (("kill", "-s", "WINCH", "it"), "running")],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_a_signal_ends_the_pause(dock, paused, command, status):
    dock(*command)
    state = dock.state("it")
    assert (state["Status"], state["Paused"]) == (status, False)
    assert state["ExitCode"] == (137 if status == "exited" else 0)


def test_it_can_be_removed_by_force(dock, paused):
    dock("rm", "-f", "it")
    assert dock("ps", "-aq") == ""


@pytest.mark.own_engine
@pytest.mark.proa_only("20.10 cannot restore a container that is paused")
def test_the_next_daemon_knows(other_engine, dock_on):
    engine = other_engine()
    dock = dock_on(engine)
    dock("run", "-d", "--name", "it", "busybox", "sh", "-c", COUNTING)
    eventually(lambda: count(dock) > 3)
    dock("pause", "it")
    engine.kill()
    engine.start()
    assert dock.state("it")["Status"] == "paused"
    before = count(dock)
    dock("unpause", "it")
    eventually(lambda: count(dock) > before)


def test_rename(dock, counting):
    dock("create", "--name", "other", "busybox")
    dock("rename", "it", "that")
    assert dock.inspect(counting)["Name"] == "/that"
    assert dock("ps", "--format", "{{.Names}}") == "that"
    assert "no such container: it" in refused(dock, "rename", "it", "else")
    conflict = refused(dock, "rename", "that", "other")
    assert 'the container name "/other" is already in use by container' in conflict
    assert "same name as its current name" in refused(dock, "rename", "that", "that")
    assert "invalid container name" in refused(dock, "rename", "that", "no/name")
    dock("rename", "that", "it")
    dock("rename", "other", "that")
