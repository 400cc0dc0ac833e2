"""proa-runtime under containerd and its shim, driven by `ctr`; every test runs with runc as well."""

import os
import pathlib
import re
import shutil
import subprocess

import leaks
import pytest
from other_engines import RUNTIMES, started
from polling import eventually
from test_terminal import PROMPT

pytestmark = pytest.mark.skipif("PROA_TEST_APART" not in os.environ, reason="needs hack/lib/apart")

IMAGE = "docker.io/library/busybox:latest"
MEMORY = ("--memory-limit", str(64 << 20))
HOG = "x=x; while :; do x=$x$x; done"


@pytest.fixture(scope="module")
def containerd(folder, images):
    assert shutil.which("ctr"), "containerd is not installed; hack/test gets it"
    with started("containerd", pathlib.Path("/run/peer-ctr"), images["busybox"]) as command:
        yield command


@pytest.fixture(scope="module", params=["proa", "runc"])
def command(request, containerd):
    """`ctr` with one runtime; when its tests are over nothing of their containers is left."""
    command = containerd(request.param)
    command("run", "--rm", IMAGE, "first", "true")  # makes what stays while containerd is there
    before = leaks.snapshot()
    yield command
    eventually(lambda: leaks.none(leaks.left(before, leaks.snapshot())), what="nothing is left by containers")


@pytest.fixture
def ctr(command):
    yield command
    command.remove_all()


@pytest.fixture
def idle(ctr):
    ctr("run", "--detach", *MEMORY, IMAGE, "idle", "sleep", "1000")
    return "idle"


@pytest.mark.parametrize("status", [0, 7, 255])
def test_exit_code_and_streams(ctr, status):
    done = ctr.run("run", "--rm", IMAGE, "one", "sh", "-c", f"echo out; echo err >&2; exit {status}")
    assert (done.returncode, done.stdout, done.stderr) == (status, "out\n", "err\n")


def test_a_command_that_is_not_there(ctr):
    done = ctr.run("run", "--rm", IMAGE, "one", "no-such-command")
    assert done.returncode != 0
    assert '"no-such-command": executable file not found in $PATH' in done.stderr


def test_a_terminal(ctr):
    terminal = ctr.terminal("run", "--rm", "--tty", "--env", "PS1=ready> ", IMAGE, "one", "sh", rows=33, columns=99)
    terminal.expect(PROMPT)
    terminal.sendline("tty; exit 5")
    terminal.expect("/dev/pts/0")
    terminal.wait()
    assert terminal.exitstatus == 5


def test_exec(ctr, idle):
    done = ctr.run("tasks", "exec", "--exec-id", "e", idle, "sh", "-c", "cat; echo err >&2; exit 9", input="in")
    assert (done.returncode, done.stdout, done.stderr) == (9, "in", "err\n")
    words = ctr("tasks", "exec", "--exec-id", "e", "--user", "7:8", "--cwd", "/tmp", idle, "sh", "-c", "id -u; id -g; pwd")
    assert words.split() == ["7", "8", "/tmp"]


def test_pause_and_resume(ctr, idle):
    ctr("tasks", "pause", idle)
    assert ctr.status(idle) == "PAUSED"
    ctr("tasks", "resume", idle)
    assert ctr.status(idle) == "RUNNING"


def test_metrics_follow_an_update(ctr, idle):
    assert limit(ctr, idle) == 64 << 20
    state = "/run/containerd/runc/default"
    subprocess.run([ctr.runtime, "--root", state, "update", "--memory", str(80 << 20), idle], check=True)
    assert limit(ctr, idle) == 80 << 20


def limit(ctr, container):
    metrics = ctr.metrics(container)
    return int(metrics.get("memory.limit_in_bytes") or metrics["memory.usage_limit"])


def test_ps_lists_the_processes(ctr, idle):
    ctr("tasks", "exec", "--detach", "--exec-id", "e", idle, "sleep", "999")
    assert len(re.findall(r"^\d+", ctr("tasks", "ps", idle), re.MULTILINE)) == 2


@pytest.mark.parametrize("signal, status", [("SIGKILL", 137), ("SIGUSR1", 3)])
def test_kill(ctr, signal, status):
    script = "trap 'exit 3' USR1; echo up; while :; do sleep 0.1; done"
    running = ctr.open("run", IMAGE, "one", "sh", "-c", script)
    assert running.stdout.readline() == "up\n"
    ctr("tasks", "kill", "--signal", signal, "one")
    running.communicate(timeout=20)
    assert running.returncode == status


def test_a_hog_is_killed_and_told_of(ctr, idle):
    events = ctr.open("events")
    try:
        # Heard only from when it has been subscribed to: asked again until an event has come.
        eventually(lambda: ctr.run("tasks", "exec", "--exec-id", "hog", idle, "sh", "-c", HOG).returncode == 137)
        told = (line for line in iter(events.stdout.readline, "") if "/tasks/oom" in line)
        assert '{"container_id":"idle"}' in next(told)
    finally:
        events.kill()
        events.communicate()
