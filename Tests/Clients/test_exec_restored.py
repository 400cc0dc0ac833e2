"""Exec sessions do not notice that the daemon was killed, and the next one knows them."""

import contextlib
import os

import docker
import pytest
from polling import eventually

pytestmark = [pytest.mark.own_engine, pytest.mark.proa_only("dockerd forgets its exec sessions when it ends")]


@pytest.fixture
def killable(other_engine):
    engine = other_engine()
    with contextlib.closing(docker.DockerClient(base_url=engine.host, timeout=30)) as client:
        container = client.containers.run("busybox", ["sleep", "1000"], detach=True)
        yield engine, client.api, container


def started(api, container, command):
    session = api.exec_create(container.id, ["sh", "-c", command], user="7", workdir="/tmp")["Id"]
    api.exec_start(session, detach=True)
    return session


def told(api, session):
    answer = api.exec_inspect(session)
    return answer["Running"], answer["ExitCode"]


def test_a_session_that_runs_on(killable):
    engine, api, container = killable
    session = started(api, container, "until [ -e /tmp/go ]; do usleep 10000; done; exit 7")
    before = api.exec_inspect(session)
    engine.kill()
    engine.start()
    assert api.exec_inspect(session) == before
    assert before["Running"] and before["ExitCode"] is None and os.path.exists(f"/proc/{before['Pid']}")
    assert (before["ProcessConfig"]["user"], before["ContainerID"]) == ("7", container.id)
    assert session in api.inspect_container(container.id)["ExecIDs"]
    container.exec_run(["touch", "/tmp/go"])
    eventually(lambda: told(api, session) == (False, 7), what="its exit code")


def test_a_session_that_ended_while_no_daemon_ran(killable):
    engine, api, container = killable
    session = started(api, container, "until [ -e /tmp/go ]; do usleep 10000; done; exit 8")
    pid = api.exec_inspect(session)["Pid"]
    engine.kill()
    with open(f"/proc/{pid}/root/tmp/go", "w"):
        pass
    eventually(lambda: not os.path.exists(f"/proc/{pid}"), what="the session ended without a daemon")
    engine.start()
    assert told(api, session) == (False, 8)


def test_sessions_that_ended_before_and_that_never_started(killable):
    engine, api, container = killable
    ended = started(api, container, "exit 9")
    eventually(lambda: told(api, ended) == (False, 9), what="its exit code")
    waiting = api.exec_create(container.id, ["echo", "at last"])["Id"]
    engine.kill()
    engine.start()
    assert told(api, ended) == (False, 9)
    assert told(api, waiting) == (False, None)
    assert api.exec_start(waiting) == b"at last\n"
    assert told(api, waiting) == (False, 0)


def test_an_end_with_its_container_is_no_invention(killable):
    _, api, container = killable
    session = started(api, container, "trap 'exit 3' TERM; sleep 1000")
    container.kill()
    eventually(lambda: told(api, session) == (False, 137), what="the kernel killed it with the container")


def test_it_is_killed_with_its_container_when_the_shim_was_killed(killable):
    engine, api, container = killable
    session = started(api, container, "sleep 1000")
    bundle = engine.exec_root / "containers" / container.id
    os.kill(int((bundle / "shim.pid").read_text()), 9)
    eventually(lambda: told(api, session) == (False, 137), what="the session is over")
