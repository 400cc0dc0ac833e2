"""kill -9 of a container's shim: the container is over, everybody is told so, and nothing of it is left."""

import concurrent.futures
import contextlib
import json
import os
import random
import signal
import time

import docker
import pytest

import kernel_state
from polling import eventually
from test_daemon_killed import is_running

pytestmark = [pytest.mark.own_engine, pytest.mark.proa_only("its shims are others")]

ATTEMPTS = 10


@pytest.fixture
def killable(other_engine, dock_on):
    engine = other_engine()
    return engine, dock_on(engine)


def shim(engine, container):
    return int((engine.exec_root / "containers" / container / "shim.pid").read_text())


def kill_shim(engine, container):
    os.kill(shim(engine, container), signal.SIGKILL)


def run(dock, *arguments):
    return dock("run", "-d", "--name", "it", "-p", "80", *arguments, "busybox", "sleep", "1000")


def ended(dock):
    return eventually(lambda: (state := dock.state("it"))["Status"] == "exited" and state, what="the container has exited")


@pytest.mark.parametrize("isPaused", [False, True], ids=["running", "paused"])
def test_while_it_runs(killable, isPaused):
    engine, dock = killable
    container = run(dock)
    if isPaused:
        dock("pause", "it")
    pid = dock.state("it")["Pid"]
    waiting = dock.open("wait", "it")
    kill_shim(engine, container)
    state = ended(dock)
    assert (state["ExitCode"], state["OOMKilled"], "shim" in state["Error"]) == (137, False, True)
    assert waiting.communicate(timeout=20)[0] == "137\n"
    assert not is_running(pid)
    kernel_state.agrees_with(engine)
    dock("start", "it")
    assert dock("exec", "it", "echo", "again") == "again"
    kernel_state.agrees_with(engine)


def test_while_no_daemon_runs(killable):
    engine, dock = killable
    container = run(dock)
    engine.kill()
    kill_shim(engine, container)
    engine.start()
    assert ended(dock)["ExitCode"] == 137
    kernel_state.agrees_with(engine)


def test_the_end_was_written_down_before(killable):
    engine, dock = killable
    container = dock("run", "-d", "--name", "it", "busybox", "sh", "-c", "usleep 300000; exit 6")
    killed = shim(engine, container)
    engine.kill()
    eventually((engine.exec_root / "containers" / container / "exit.json").exists, what="the exit is recorded")
    os.kill(killed, signal.SIGKILL)
    engine.start()
    assert ended(dock)["ExitCode"] == 6
    kernel_state.agrees_with(engine)


def test_what_was_written_down_cannot_be_read(killable):
    engine, dock = killable
    container = dock("run", "-d", "--name", "it", "busybox", "sleep", "1000")
    (engine.exec_root / "containers" / container / "exit.json").mkdir()
    kill_shim(engine, container)
    state = ended(dock)
    [kept] = (engine.exec_root / "unreadable").iterdir()
    assert (state["ExitCode"], state["Error"].split()[-1]) == (137, str(kept))
    kernel_state.agrees_with(engine)
    dock("rm", "it")
    assert kept.is_dir()
    for daemon in ("this", "the next"):
        warnings = json.loads(dock("info", "--format", "{{json .Warnings}}"))
        assert any(str(kept) in warning for warning in warnings), (daemon, warnings)
        engine.kill()
        engine.start()


def test_the_restart_policy_goes_on(killable):
    engine, dock = killable
    container = run(dock, "--restart", "always")
    kill_shim(engine, container)
    eventually(lambda: dock.inspect("it")["RestartCount"] == 1 and dock.state("it")["Status"] == "running")
    kernel_state.agrees_with(engine)


def test_it_is_removed_by_itself(killable):
    engine, dock = killable
    container = run(dock, "--rm")
    kill_shim(engine, container)
    eventually(lambda: dock("ps", "--all", "--quiet") == "", what="the container is removed")
    kernel_state.agrees_with(engine)


NO_SHIM = "none"


def shim_of(engine, container, starting):
    """The shim's process as soon as there is one, NO_SHIM when the start is over and has left none."""
    is_over = starting.poll() is not None
    with contextlib.suppress(FileNotFoundError):
        return (engine.exec_root / "containers" / container / "shim.pid").read_text()
    return is_over and NO_SHIM


def test_while_it_starts(killable):
    """At any moment of a start, which then fails, or has succeeded before; either can be tried again."""
    engine, dock = killable
    container = dock("create", "--name", "it", "-p", "80", "busybox", "sleep", "1000")
    for _ in range(ATTEMPTS):
        starting = dock.open("start", "it")
        pid = eventually(lambda: shim_of(engine, container, starting), what="a shim")
        time.sleep(random.uniform(0, 0.08))  # a random moment is what is wanted
        if pid != NO_SHIM:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
        starting.communicate(timeout=20)
        eventually(lambda: dock.state("it")["Status"] in ("created", "exited"), what="it does not run")
        kernel_state.agrees_with(engine)
    dock("start", "it")
    kernel_state.agrees_with(engine)


def test_during_exec(killable):
    engine, dock = killable
    for _ in range(ATTEMPTS):
        container = run(dock)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            sessions = [pool.submit(dock.run, "exec", "it", "sleep", "1000") for _ in range(4)]
            time.sleep(random.uniform(0, 0.2))  # a random moment is what is wanted
            kill_shim(engine, container)
            assert all(session.result(timeout=30).returncode != 0 for session in sessions)
        assert ended(dock)["ExitCode"] == 137
        with contextlib.closing(docker.DockerClient(base_url=engine.host)) as client:
            assert not any(client.api.exec_inspect(session)["Running"] for session in dock.inspect("it")["ExecIDs"] or ())
        kernel_state.agrees_with(engine)
        dock("rm", "it")
