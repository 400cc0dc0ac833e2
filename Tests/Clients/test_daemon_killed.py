"""kill -9 of the daemon: containers, their output and their exit codes do not notice."""

import json
import urllib.request

import pytest
from polling import eventually
from proa_command import ProaCommand
from test_terminal import PROMPT

pytestmark = pytest.mark.own_engine

LINES = 400
COUNT = f"i=0; while [ $i -lt {LINES} ]; do echo $i; i=$((i + 1)); usleep 10000; done; exit 9"
EVERY_LINE = [str(number) for number in range(LINES)]


def lines(dock, container):
    return dock("logs", container).split()


def start_counting(dock, lines_first=50):
    container = dock("run", "-d", "--name", "counting", "busybox", "sh", "-c", COUNT)
    eventually(lambda: len(lines(dock, container)) >= lines_first, what=f"{lines_first} lines")
    return container


def test_no_line_is_missing_and_it_never_stopped(other_engine, dock_on):
    engine = other_engine()
    dock = dock_on(engine)
    start_counting(dock)
    before = dock.state("counting")
    engine.kill()
    engine.start()
    after = dock.state("counting")
    assert after["Running"]
    assert (after["Pid"], after["StartedAt"]) == (before["Pid"], before["StartedAt"])
    assert dock("wait", "counting") == "9"
    assert lines(dock, "counting") == EVERY_LINE


@pytest.mark.proa_only("dockerd reads the output itself: what nobody read when the container ended is lost")
def test_an_end_without_a_daemon_is_known_afterwards(other_engine, dock_on):
    engine = other_engine()
    dock = dock_on(engine)
    start_counting(dock)
    pid = dock.state("counting")["Pid"]
    engine.kill()
    eventually(lambda: not is_running(pid), within=30, what="the container ended while no daemon ran")
    engine.start()
    state = eventually(lambda: (state := dock.state("counting"))["Status"] == "exited" and state)
    assert state["ExitCode"] == 9
    assert dock("wait", "counting") == "9"
    assert lines(dock, "counting") == EVERY_LINE


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_killed_again_and_again(other_engine, dock_on):
    engine = other_engine()
    dock = dock_on(engine)
    start_counting(dock, lines_first=10)
    for _ in range(3):
        engine.kill()
        engine.start()
    assert dock("wait", "counting") == "9"
    assert lines(dock, "counting") == EVERY_LINE


def test_everything_works_on_what_was_running_before(other_engine, dock_on):
    engine = other_engine()
    dock = dock_on(engine)
    dock("run", "-d", "--name", "server", "-p", "18090:80", "busybox", "sh", "-c",
         "mkdir /w && echo here >/w/index.html && exec httpd -f -h /w")
    terminal = dock.terminal("run", "-it", "--env", "PS1=ready> ", "--name", "shell", "busybox", "sh")
    terminal.expect(PROMPT)
    assert eventually(served) == b"here\n"
    engine.kill()
    if engine.kind == "proa":  # dockerd's docker-proxy ends with it
        assert served() == b"here\n"
    engine.start()
    assert eventually(served) == b"here\n"
    assert dock("exec", "server", "cat", "/w/index.html") == "here"
    again = dock.terminal("attach", "shell")
    again.sendline("echo still $((40 + 2))")
    again.expect_exact("still 42")
    again.sendline("exit 4")
    again.wait()
    assert dock("wait", "shell") == "4"
    dock("stop", "-t", "1", "server")
    dock("rm", "server")
    terminal.close(force=True)


def served():
    try:
        return urllib.request.urlopen("http://127.0.0.1:18090/", timeout=2).read()
    except OSError:
        return None


def test_images_and_stopped_containers_are_still_there(other_engine, dock_on):
    engine = other_engine()
    dock = dock_on(engine)
    container = dock("run", "-d", "busybox", "sh", "-c", "echo kept; exit 2")
    dock("wait", container)
    created = dock("create", "--name", "unstarted", "busybox", "echo", "late")
    images = dock("images", "--no-trunc", "--quiet")
    engine.kill()
    engine.start()
    assert dock("images", "--no-trunc", "--quiet") == images
    assert dock.state(container)["ExitCode"] == 2
    assert dock("logs", container) == "kept"
    assert dock("start", "-a", "unstarted") == "late"
    assert json.loads(dock("inspect", created))[0]["State"]["ExitCode"] == 0


def test_an_orderly_stop_leaves_containers_running_too(other_engine, dock_on):
    engine = other_engine()
    dock = dock_on(engine)
    start_counting(dock)
    engine.stop()
    engine.start()
    assert dock("wait", "counting") == "9"
    assert lines(dock, "counting") == EVERY_LINE


@pytest.mark.proa_only("it is proa's own client")
def test_a_client_whose_daemon_dies_says_so_and_has_no_advice(other_engine, dock_on, proa_binary):
    engine = other_engine()
    dock = dock_on(engine)
    client = ProaCommand(engine.host, proa_binary).open("run", "--name", "alone", "busybox", "sleep", "1000")
    eventually(lambda: dock.run("inspect", "alone").returncode == 0 and dock.state("alone")["Running"])
    engine.kill()
    _, errors = client.communicate(timeout=30)
    assert client.returncode == 125
    assert errors.startswith("proa: error waiting for container: ") and "--help" not in errors
    engine.start()
    assert dock.state("alone")["Running"]
