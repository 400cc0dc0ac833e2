"""create, start, stop, kill, wait, rm, ps, inspect."""

import json
import pathlib
import re
import time

import pytest
from polling import eventually

HONOURS = "trap 'echo bye; exit 3' TERM; echo up; while :; do sleep 0.1; done"
IGNORES = "trap '' TERM; echo up; while :; do sleep 0.1; done"


def running(dock, image, script, *options):
    container = dock("run", "-d", *options, image, "sh", "-c", script)
    eventually(lambda: dock("logs", container) == "up")
    return container


def test_stop_sends_sigterm_and_the_process_may_answer(dock, image):
    container = running(dock, image, HONOURS)
    dock("stop", "-t", "30", container)
    assert dock("logs", container) == "up\nbye"
    assert dock.state(container)["ExitCode"] == 3


def test_stop_kills_after_the_time(dock, image):
    container = running(dock, image, IGNORES)
    begun = time.monotonic()
    dock("stop", "-t", "2", container)
    assert 2 <= time.monotonic() - begun < 10
    state = dock.state(container)
    assert (state["ExitCode"], state["Status"]) == (137, "exited")


def test_the_images_stop_signal_can_be_replaced(dock):
    container = running(dock, "busybox", HONOURS.replace("TERM", "USR1"), "--stop-signal", "SIGUSR1")
    dock("stop", "-t", "30", container)
    assert dock.state(container)["ExitCode"] == 3


def test_stopping_what_has_stopped_is_no_error(dock):
    container = dock("run", "-d", "busybox", "true")
    dock("wait", container)
    dock("stop", container)


@pytest.mark.parametrize(("signal", "status"), [("KILL", "137"), ("SIGINT", "130"), ("15", "143")])
def test_kill_sends_the_named_signal(dock, signal, status):
    # As a process's first, a shell would ignore signals without a handler: let it end by itself with that status.
    script = "trap 'exit 130' INT; trap 'exit 143' TERM; echo up; while :; do sleep 0.1; done"
    container = running(dock, "busybox", script)
    dock("kill", "--signal", signal, container)
    assert dock("wait", container) == status


def test_kill_of_a_stopped_container_is_refused(dock):
    container = dock("run", "-d", "busybox", "true")
    dock("wait", container)
    assert "is not running" in dock.run("kill", container).stderr


def test_create_start_wait(dock):
    container = dock("create", "--name", "stepwise", "busybox", "sh", "-c", "exit 4")
    assert dock.state("stepwise")["Status"] == "created"
    assert re.fullmatch("[0-9a-f]{64}", container)
    dock("start", "stepwise")
    assert dock("wait", "stepwise") == "4"


def test_a_stopped_container_starts_again_with_its_files(dock):
    container = dock("run", "-d", "busybox", "sh", "-c", "echo x >>/times; wc -l </times")
    dock("wait", container)
    dock("start", container)
    dock("wait", container)
    assert dock("logs", container).split() == ["1", "2"]


def test_start_attached_gives_output_and_exit_code(dock):
    container = dock("create", "busybox", "sh", "-c", "echo shown; exit 6")
    done = dock.run("start", "-a", container)
    assert (done.stdout, done.returncode) == ("shown\n", 6)


def test_a_running_container_is_removed_only_by_force(dock):
    container = dock("run", "-d", "busybox", "sleep", "1000")
    refused = dock.run("rm", container)
    assert refused.returncode == 1
    assert "running" in refused.stderr
    dock("rm", "-f", container)
    assert dock.run("inspect", container).returncode == 1


def test_a_name_is_given_once(dock):
    dock("create", "--name", "single", "busybox")
    refused = dock.run("create", "--name", "single", "busybox")
    assert "already in use" in refused.stderr
    dock("rm", "single")
    dock("create", "--name", "single", "busybox")


def test_ps_shows_the_running_and_with_all_the_stopped(dock):
    stopped = dock("run", "-d", "--name", "stopped", "busybox", "sh", "-c", "exit 2")
    dock("wait", stopped)
    dock("run", "-d", "--name", "going", "--label", "tint=blue", "busybox", "sleep", "1000")
    assert "going" in dock("ps")
    assert "stopped" not in dock("ps")
    table = dock("ps", "--all")
    assert re.search(r'busybox\s+"sh -c \'exit 2\'"\s+.* ago\s+Exited \(2\) .* ago\s+stopped', table)
    assert re.search(r'busybox\s+"sleep 1000"\s+.* ago\s+Up .*\s+going', table)


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ("status=exited", {"ended"}),
        ("status=running", {"going"}),
        ("name=goi", {"going"}),
        ("label=tint=blue", {"going"}),
        ("label=tint", {"ended", "going"}),
        ("exited=2", {"ended"}),
        ("ancestor=busybox", {"ended", "going"}),
        ("status=created", set()),
    ],
)
def test_ps_filters(dock, filter, expected):
    ended = dock("run", "-d", "--name", "ended", "--label", "tint=red", "busybox", "sh", "-c", "exit 2")
    dock("run", "-d", "--name", "going", "--label", "tint=blue", "busybox", "sleep", "1000")
    dock("wait", ended)
    assert set(dock("ps", "--all", "--format", "{{.Names}}", "--filter", filter).split()) == expected


def test_a_container_is_found_by_a_part_of_its_id(dock):
    container = dock("create", "busybox")
    assert dock.inspect(container[:12])["Id"] == container


def test_inspect_tells_what_was_asked_for(dock):
    dock("run", "-d", "--name", "seen", "-e", "COLOUR=green", "-w", "/tmp", "-l", "tint=blue", "busybox", "sleep", "1000")
    seen = dock.inspect("seen")
    assert seen["Name"] == "/seen"
    assert (seen["Path"], seen["Args"]) == ("sleep", ["1000"])
    assert seen["Config"]["Cmd"] == ["sleep", "1000"]
    assert "COLOUR=green" in seen["Config"]["Env"]
    assert seen["Config"]["WorkingDir"] == "/tmp"
    assert seen["Config"]["Labels"]["tint"] == "blue"
    assert seen["Config"]["Image"] == "busybox"
    assert seen["Image"] == json.loads(dock("image", "inspect", "busybox"))[0]["Id"]
    state = seen["State"]
    assert (state["Status"], state["Running"], state["OOMKilled"]) == ("running", True, False)
    assert state["Pid"] > 0
    assert state["StartedAt"] > seen["Created"]
    assert seen["LogPath"].endswith(f"{seen['Id']}-json.log")


@pytest.mark.own_engine
@pytest.mark.proa_only("the shim is Proa's")
def test_a_shim_is_not_in_the_cgroup_of_its_daemon(dock, engine):
    container = dock("run", "-d", "busybox", "sleep", "1000")
    shim = (engine.exec_root / f"containers/{container}/shim.pid").read_text().strip()
    tracked = [
        line.partition("::")[2] or line.rpartition(":")[2]
        for line in pathlib.Path(f"/proc/{shim}/cgroup").read_text().splitlines()
        if line.startswith("0::") or ":name=systemd:" in line
    ]
    assert set(tracked) == {f"/proa-{engine.bridge}/{container}-shim"}
    groups = [path for path in pathlib.Path("/sys/fs/cgroup").rglob(f"{container}-shim")]
    assert groups
    dock("rm", "-f", container)
    assert not any(path.exists() for path in groups)
