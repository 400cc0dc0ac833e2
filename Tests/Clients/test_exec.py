"""docker exec without a terminal (with one: test_terminal)."""

import pytest

from raw_http import RawHTTP


@pytest.fixture
def idle(dock):
    return dock("run", "-d", "busybox", "sleep", "1000")


@pytest.fixture
def call(engine):
    return RawHTTP(engine.host)


def test_output_and_exit_code(dock, idle):
    done = dock.run("exec", idle, "sh", "-c", "echo out; echo error >&2; exit 9")
    assert (done.returncode, done.stdout, done.stderr) == (9, "out\n", "error\n")


def test_standard_input(dock, idle):
    text = "".join(f"{number}\n" for number in range(50_000))
    assert dock.run("exec", "-i", idle, "cat", input=text).stdout == text


def test_environment_user_and_folder(dock, idle):
    options = ("-e", "COLOUR=green", "-u", "7:8", "-w", "/tmp")
    assert dock("exec", *options, idle, "sh", "-c", "echo $COLOUR $(id -u) $(id -g) $PWD") == "green 7 8 /tmp"


def test_it_is_in_the_container(dock, idle):
    assert "sleep 1000" in dock("exec", idle, "ps")
    assert dock("exec", idle, "hostname") == idle[:12]


def test_detached(dock, idle):
    dock("exec", "-d", idle, "sh", "-c", "echo done >/done; exec sleep 900")
    assert "sleep 900" in dock("exec", idle, "sh", "-c", "until grep -q done /done 2>/dev/null; do :; done; ps")


@pytest.mark.parametrize(("command", "status"), [("no-such-command", 127), ("/etc/passwd", 126)])
def test_a_command_that_does_not_start(dock, engine, idle, command, status):
    # 20.10 says 126 of both; later versions tell them apart as a shell does.
    assert dock.run("exec", idle, command).returncode == (126 if engine.kind == "dockerd" else status)


def test_a_container_that_does_not_run(dock):
    container = dock("run", "-d", "busybox", "true")
    dock("wait", container)
    done = dock.run("exec", container, "true")
    assert done.returncode == 1
    assert "is not running" in done.stderr


def test_the_end_of_the_container_ends_its_execs(dock, idle):
    session = dock.open("exec", idle, "sleep", "900")
    dock("exec", idle, "sh", "-c", "until ps | grep -q 'sleep 90[0]'; do :; done")
    dock("kill", idle)
    assert session.wait(20) == 137


@pytest.mark.proa_only("dockerd passes on what is no variable")
@pytest.mark.parametrize("variable", ["=x", ""])
def test_a_variable_without_a_name(call, idle, variable):
    answer = call("POST", f"/containers/{idle}/exec", body={"Cmd": ["true"], "Env": [variable]})
    assert (answer.status, answer.json()["message"]) == (400, f"invalid environment variable: {variable}")
