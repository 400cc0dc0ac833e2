"""docker-compose 1.29.2 (Debian's) with a project on the default bridge."""

import json
import os
import shutil

import pytest
from docker_command import EngineCommand
from polling import eventually

pytestmark = pytest.mark.skipif(not shutil.which("docker-compose"), reason="docker-compose is not installed")

SERVES = "trap 'exit 0' TERM; echo {} is up; while :; do sleep 0.1; done"
PROJECT = {
    "version": "2.4",
    "services": {
        "store": {
            "image": "busybox", "network_mode": "bridge", "command": ["sh", "-c", SERVES.format("the store")],
            "environment": {"WORD": "secret"}, "labels": {"tier": "back"}, "restart": "unless-stopped",
        },
        "front": {
            "image": "busybox", "network_mode": "bridge", "depends_on": ["store"], "ports": ["127.0.0.1::80", "53/udp"],
            "command": ["sh", "-c", "echo page >/index.html; httpd -h / && " + SERVES.format("the front")],
            "volumes": ["./shared:/shared:ro"], "tmpfs": ["/scratch"], "mem_limit": "64m", "user": "0:0", "init": False,
            "working_dir": "/scratch", "stop_grace_period": "5s", "cap_drop": ["NET_RAW"], "read_only": False,
            "extra_hosts": ["elsewhere:10.0.0.7"], "ulimits": {"nofile": {"soft": 100, "hard": 200}},
            "logging": {"driver": "json-file"}, "hostname": "front", "sysctls": {"net.ipv4.ip_forward": 0},
        },
    },
}  # fmt: skip


class ComposeCommand(EngineCommand):
    program = ("docker-compose", "--project-name", "shop", "--no-ansi")

    def __init__(self, host, folder):
        self.folder = folder
        self.environment = {**os.environ, "DOCKER_HOST": host, "COMPOSE_HTTP_TIMEOUT": "60", "HOME": str(folder)}
        (folder / "shared").mkdir()
        (folder / "shared" / "file").write_text("shared\n")
        self.write(PROJECT)

    def write(self, project):
        # JSON is YAML.
        (self.folder / "docker-compose.yml").write_text(json.dumps(project))


@pytest.fixture
def compose(engine, dock, tmp_path):
    compose = ComposeCommand(engine.host, tmp_path)
    yield compose
    compose("down", "--timeout", "1", "--remove-orphans")
    assert dock("ps", "-aq", "--filter", "label=com.docker.compose.project=shop") == ""


@pytest.fixture
def up(compose):
    compose("up", "-d", timeout=120)
    eventually(lambda: "the front is up" in compose("logs", "front"))
    return compose


def test_up_and_down(up, dock):
    listed = up("ps")
    assert {line.split()[0] for line in listed.splitlines()[2:]} == {"shop_front_1", "shop_store_1"}
    assert listed.count(" Up ") == 2 and "0.0.0.0:" in listed
    front = dock.inspect("shop_front_1")
    assert front["State"]["StartedAt"] > dock.inspect("shop_store_1")["State"]["StartedAt"]
    assert (front["HostConfig"]["Memory"], front["Config"]["Hostname"]) == (64 << 20, "front")
    done = up.run("down", timeout=120)
    assert done.returncode == 0 and "Removing shop_front_1" in done.stderr
    assert up("ps", "-q") == ""


def test_logs(up):
    text = up("logs", "--tail", "1")
    assert "store_1" in text and "the store is up" in text and "the front is up" in text
    follower = up.open("logs", "-f", "store")
    up("stop", "store")
    assert "the store is up" in follower.communicate(timeout=30)[0]


def test_exec(up, dock):
    assert up("exec", "-T", "front", "cat", "/shared/file", "/etc/hostname") == "shared\nfront"
    assert up("exec", "-T", "store", "sh", "-c", "echo $WORD") == "secret"
    assert up.run("exec", "-T", "front", "sh", "-c", "exit 7").returncode == 7
    assert "elsewhere" in up("exec", "-T", "front", "grep", "10.0.0.7", "/etc/hosts")
    terminal = up.terminal("exec", "front", "sh")
    terminal.sendline("echo $((40 + 2))")
    terminal.expect("42")
    terminal.sendline("exit 3")
    terminal.expect_exact("exit 3")
    terminal.wait()
    assert terminal.exitstatus == 3
    up("exec", "-d", "front", "touch", "/scratch/detached")
    eventually(lambda: dock("exec", "shop_front_1", "ls", "/scratch") == "detached")


def test_ports(up):
    address = up("port", "front", "80")
    assert address.startswith("127.0.0.1:") and int(address.partition(":")[2]) > 0
    assert up("exec", "-T", "front", "wget", "-qO-", "http://127.0.0.1/index.html") == "page"


def test_restart_stop_start_kill_pause(up, dock):
    def status(service):
        return dock.state(f"shop_{service}_1")["Status"]

    before = dock.state("shop_front_1")["StartedAt"]
    up("restart", "-t", "5", "front")
    assert dock.state("shop_front_1")["StartedAt"] > before
    up("stop", "-t", "5")
    assert (status("front"), dock.state("shop_front_1")["ExitCode"], status("store")) == ("exited", 0, "exited")
    assert "Exit 0" in up("ps", "-a")
    up("start")
    up("pause", "store")
    assert status("store") == "paused" and "Paused" in up("ps")
    up("unpause", "store")
    up("kill", "-s", "KILL", "front")
    eventually(lambda: status("front") == "exited" and status("store") == "running")
    assert "shop_store_1" in up("top", "store")
    up("rm", "-fs", "front")
    assert dock.run("inspect", "shop_front_1").returncode == 1


def test_what_changed_is_made_anew(up, compose, dock):
    # It looks for a field of images that is gone since API 1.45: with Docker 28, too, it needs to be told.
    compose.environment["COMPOSE_API_VERSION"] = "1.41"
    before = {name: dock.inspect(f"shop_{name}_1")["Id"] for name in ("store", "front")}
    compose("up", "-d", timeout=120)
    assert {name: dock.inspect(f"shop_{name}_1")["Id"] for name in before} == before
    changed = json.loads(json.dumps(PROJECT))
    changed["services"]["front"]["environment"] = {"NEW": "value"}
    compose.write(changed)
    done = compose.run("up", "-d", timeout=120)
    assert done.returncode == 0 and "Recreating shop_front_1" in done.stderr
    after = {name: dock.inspect(f"shop_{name}_1")["Id"] for name in before}
    assert after["store"] == before["store"] and after["front"] != before["front"]
    compose("up", "-d", "--scale", "store=3", timeout=120)
    assert len(compose("ps", "-q", "store").split()) == 3


def test_up_in_the_foreground(compose, dock):
    project = {"version": "2.4", "services": {"once": {
        "image": "busybox", "network_mode": "bridge", "command": ["sh", "-c", "echo said; exit 5"]}}}  # fmt: skip
    compose.write(project)
    done = compose.run("up", "--exit-code-from", "once", timeout=120)
    assert done.returncode == 5 and "said" in done.stdout


def test_config_images_and_version(compose, up):
    assert "busybox" in up("images")
    assert "1.29.2" in up("version")
    assert "shop_front_1" in up("ps", "--filter", "status=running")


READY = {
    "image": "busybox", "network_mode": "bridge", "command": ["sh", "-c", "sleep 2; touch /ready; " + SERVES.format("it")],
    "healthcheck": {"test": ["CMD", "test", "-e", "/ready"], "interval": "500ms", "timeout": "5s", "retries": 60},
}  # fmt: skip


def test_what_depends_on_a_healthy_service_waits_for_it(compose, dock):
    front = {**READY, "depends_on": {"store": {"condition": "service_healthy"}}, "command": ["sleep", "1000"]}
    front["healthcheck"] = {"disable": True}
    compose.write({"version": "2.4", "services": {"store": READY, "front": front}})
    compose("up", "-d", timeout=120)
    health = dock.state("shop_store_1")["Health"]
    assert health["Status"] == "healthy" and health["Log"][-1]["ExitCode"] == 0
    passed = min(probe["End"] for probe in health["Log"] if probe["ExitCode"] == 0)
    assert dock.state("shop_front_1")["StartedAt"] > passed
    assert "Up (healthy)" in compose("ps") and "Health" not in dock.state("shop_front_1")


def test_what_depends_on_an_unhealthy_service_does_not_start(compose, dock):
    store = {**READY, "command": ["sleep", "1000"], "healthcheck": {**READY["healthcheck"], "retries": 2}}
    front = {**READY, "depends_on": {"store": {"condition": "service_healthy"}}}
    compose.write({"version": "2.4", "services": {"store": store, "front": front}})
    done = compose.run("up", "-d", timeout=120)
    assert done.returncode == 1 and "is unhealthy" in done.stderr
    assert dock("ps", "-a", "--filter", "name=shop_front", "--format", "{{.Status}}") in ("", "Created")
