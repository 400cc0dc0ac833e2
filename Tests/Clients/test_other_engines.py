"""proa-runtime under dockerd and under Podman; every test runs with runc as well, so that a wrong expectation shows."""

import concurrent.futures
import os
import pathlib
import re
import shutil

import leaks
import pytest
from other_engines import started
from polling import eventually
from test_terminal import PROMPT

pytestmark = pytest.mark.skipif("PROA_TEST_APART" not in os.environ, reason="needs hack/lib/apart")

MEMORY = ("--memory", "64m", "--memory-swap", "64m")


@pytest.fixture(scope="module", params=["dockerd", "podman"])
def kind(request):
    assert shutil.which(request.param), f"{request.param} is not installed; hack/test gets it"
    return request.param


@pytest.fixture(scope="module")
def other(kind, folder, images):
    # A short path: Podman takes none of more than 50 characters for its state, containerd's sockets none of more than 107.
    with started(kind, pathlib.Path("/run") / f"peer-{kind}", images["busybox"]) as command:
        yield command


@pytest.fixture(scope="module", params=["proa", "runc"])
def command(request, kind, other, folder):
    """The engine's command with one runtime; when its tests are over nothing of their containers is left."""
    command = other(request.param)
    command("run", "--rm", "busybox", "true")  # makes what stays while the engine is there
    before = leaks.snapshot()
    yield command
    eventually(lambda: leaks.none(leaks.left(before, leaks.snapshot())), what="nothing is left by containers")


@pytest.fixture
def dock(command):
    yield command
    left = command("ps", "--all", "--quiet").split()
    if left:
        command(*command.remove, *left)


@pytest.fixture
def idle(dock):
    return dock("run", "-d", "busybox", "sleep", "1000")


def shell(dock, script, *options):
    return dock("run", "--rm", *options, "busybox", "sh", "-c", script)


@pytest.mark.parametrize("status", [0, 7, 255])
def test_exit_code_and_streams(dock, status):
    done = dock.run("run", "--rm", "-i", "busybox", "sh", "-c", f"cat; echo err >&2; exit {status}", input="in")
    assert (done.returncode, done.stdout, done.stderr) == (status, "in", "err\n")


def test_a_command_that_is_not_there(dock):
    done = dock.run("run", "--rm", "busybox", "no-such-command")
    assert done.returncode == 127
    assert "no-such-command" in done.stderr


def test_a_terminal(dock):
    terminal = dock.terminal("run", "--rm", "-it", "--env", "PS1=ready> ", "busybox", "sh", rows=33, columns=99)
    terminal.expect(PROMPT)
    terminal.sendline("tty; exit 5")
    terminal.expect("/dev/pts/0")
    terminal.wait()
    assert terminal.exitstatus == 5


def test_exec(dock, idle):
    done = dock.run("exec", "-i", idle, "sh", "-c", "cat; echo err >&2; exit 9", input="in")
    assert (done.returncode, done.stdout, done.stderr) == (9, "in", "err\n")
    assert dock("exec", "-u", "7:8", "-w", "/tmp", "-e", "A=b", idle, "sh", "-c", "echo $(id -u):$(id -g) $PWD $A") == (
        "7:8 /tmp b"
    )


def test_exec_with_a_terminal(dock, idle):
    terminal = dock.terminal("exec", "-it", "--env", "PS1=ready> ", idle, "sh")
    terminal.expect(PROMPT)
    terminal.sendline("exit 4")
    terminal.wait()
    assert terminal.exitstatus == 4


def test_logs(dock):
    container = dock("run", "-d", "busybox", "sh", "-c", "echo out; echo err >&2")
    assert dock("wait", container) == "0"
    done = dock.run("logs", container)
    assert (done.stdout, done.stderr) == ("out\n", "err\n")


def test_stop_lets_the_process_answer(dock):
    container = dock("run", "-d", "busybox", "sh", "-c", "trap 'exit 3' TERM; echo up; while :; do sleep 0.1; done")
    eventually(lambda: dock("logs", container) == "up")
    dock("stop", "-t", "20", container)
    assert dock.state(container)["ExitCode"] == 3


@pytest.mark.parametrize("signal", ["KILL", "USR1"])
def test_kill(dock, signal):
    container = dock("run", "-d", "busybox", "sh", "-c", "trap 'exit 138' USR1; echo up; while :; do sleep 0.1; done")
    eventually(lambda: dock("logs", container) == "up")
    dock("kill", "--signal", signal, container)
    assert dock("wait", container) == {"KILL": "137", "USR1": "138"}[signal]


def test_a_running_container_is_removed_by_force(dock, idle):
    dock(*dock.remove, idle)
    assert dock("ps", "--all", "--quiet") == ""


def test_a_hog_is_killed(dock, kind):
    container = dock("run", "-d", *MEMORY, "busybox", "sh", "-c", "x=x; while :; do x=$x$x; done")
    assert dock("wait", container, timeout=120) == "137"
    if kind == "podman":  # Debian's conmon notes it where podman was started, and podman looks in the container's folder
        assert (dock.folder / "oom").exists()
        (dock.folder / "oom").unlink()
    else:
        assert dock.state(container)["OOMKilled"]


def test_limits_reach_the_cgroup(dock):
    script = """cd /sys/fs/cgroup
        cat memory/memory.limit_in_bytes cpu/cpu.cfs_quota_us pids/pids.max 2>/dev/null ||
        cat memory.max cpu.max pids.max"""
    limits = shell(dock, script, *MEMORY, "--cpus", "0.5", "--pids-limit", "33").split()
    assert (limits[0], limits[1], limits[-1]) == (str(64 << 20), "50000", "33")


def test_the_limit_of_processes_holds(dock):
    done = dock.run(
        "run", "--rm", "--pids-limit", "5", "busybox", "sh", "-c", "for i in 1 2 3 4 5 6 7; do sleep 1 & done; wait"
    )
    assert "can't fork" in done.stderr


def test_user(dock):
    assert shell(dock, "id -u; id -g", "--user", "12:34").split() == ["12", "34"]


def test_the_root_can_be_read_only(dock):
    assert shell(dock, "touch /x 2>/dev/null || echo refused; touch /t/x && echo kept", "--read-only", "--tmpfs", "/t") == (
        "refused\nkept"
    )


def test_capabilities(dock):
    def capabilities(*options):
        return int(re.search("CapEff:\t(.*)", shell(dock, "cat /proc/self/status", *options)).group(1), 16)

    assert capabilities("--cap-drop", "ALL") == 0
    assert capabilities("--cap-drop", "ALL", "--cap-add", "NET_ADMIN") == 1 << 12
    assert capabilities("--cap-drop", "CHOWN") == capabilities() & ~1


def test_a_volume_of_the_host(dock, folder):
    shared = folder / "shared"
    shared.mkdir()
    (shared / "given").write_text("given")
    script = "cat /v/given; echo made >/v/made; touch /r/x 2>/dev/null || echo refused"
    assert shell(dock, script, "-v", f"{shared}:/v", "-v", f"{shared}:/r:ro") == "givenrefused"
    assert (shared / "made").read_text() == "made\n"
    shutil.rmtree(shared)


def test_a_tmpfs_has_its_size(dock):
    assert shell(dock, "df -k /t | tail -n 1 | awk '{ print $2 }'", "--tmpfs", "/t:size=2m") == "2048"


def test_a_stopped_container_starts_again(dock):
    container = dock("run", "-d", "busybox", "sh", "-c", "echo x >>/times; wc -l </times")
    dock("wait", container)
    dock("start", container)
    dock("wait", container)
    assert dock("logs", container).split() == ["1", "2"]


def test_pause_and_unpause(dock):
    container = dock("run", "-d", "busybox", "sh", "-c", "while :; do echo x; sleep 0.01; done")
    dock("pause", container)
    assert dock.state(container)["Status"] == "paused"
    before = dock("logs", container)
    assert dock("logs", container) == before
    dock("unpause", container)
    assert dock.state(container)["Status"] == "running"
    eventually(lambda: dock("logs", container) != before)


def test_a_paused_container_is_removed_by_force(dock, idle):
    dock("pause", idle)
    dock(*dock.remove, idle)


def test_top_shows_the_processes(dock, idle):
    dock("exec", "-d", idle, "sleep", "999")
    # Podman asks the container's own processes, dockerd the machine's ps.
    eventually(lambda: {"sleep 1000", "sleep 999"} <= set(re.findall(r"sleep \d+", dock("top", idle))))


def test_stats_count_the_memory(dock):
    container = dock("run", "-d", *MEMORY, "busybox", "sleep", "1000")
    assert re.search(r" / (64MiB|67.11MB) ", dock("stats", "--no-stream", container))


def test_update_changes_a_limit(dock):
    container = dock("run", "-d", *MEMORY, "busybox", "sleep", "1000")
    dock("update", "--memory", "80m", "--memory-swap", "80m", container)
    script = "cd /sys/fs/cgroup; cat memory/memory.limit_in_bytes 2>/dev/null || cat memory.max"
    assert dock("exec", container, "sh", "-c", script) == str(80 << 20)


def test_ten_at_once(dock):
    def run(number):
        return dock.run("run", "--rm", "busybox", "sh", "-c", f"echo {number}; exit {number}", timeout=120)

    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        done = list(pool.map(run, range(10)))
    assert [(one.returncode, one.stdout) for one in done] == [(number, f"{number}\n") for number in range(10)]
