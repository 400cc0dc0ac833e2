"""How networks and the world reach one another, IPv6 on the default network, options of a container's interface, and the bridge
of another engine."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest
import wires
from engines import DockerdWithRuntime
from other_engines import machine_untouched, remove_cgroups
from polling import eventually

BRIDGE = "com.docker.network.bridge"
SUBNET = "198.51.102"
SERVE = "mkdir /www && echo a page >/www/index.html && exec httpd -f -p [::]:80 -h /www"

pytestmark = pytest.mark.proa_only("20.10 has none of this, or does it in another way")


@pytest.fixture
def outside():
    """A neighbour of the host that sends to the host what is for containers."""
    with wires.wire(SUBNET) as wire:
        wires.ip("addr", "add", f"{SUBNET}.2/24", "dev", wire.name)
        wires.ip("-n", wire.beside, "route", "add", "default", "via", f"{SUBNET}.2")
        yield lambda address, port: subprocess.run(
            ["ip", "netns", "exec", wire.beside, "curl", "-sS", "-m", "2", f"http://{address}:{port}/"],
            capture_output=True, text=True, check=False,
        ).stdout.strip()  # fmt: skip


def serve(dock, network, *options):
    container = dock("run", "-d", "--network", network, *options, "busybox", "sh", "-c", SERVE)
    return container, dock.inspect(container)["NetworkSettings"]


def test_a_routed_network_has_no_ports_of_the_host(dock, outside):
    dock("network", "create", "-o", f"{BRIDGE}.gateway_mode_ipv4=routed", "open")
    container, place = serve(dock, "open", "-p", "18080:80")
    assert place["Ports"] == {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": ""}]}
    address = place["Networks"]["open"]["IPAddress"]
    assert eventually(lambda: outside(address, 80) == "a page", what="the container answers by its own address")
    assert outside(f"{SUBNET}.2", 18080) == ""
    assert dock("ps", "--format", "{{.Ports}}", "--filter", f"id={container}") == "80/tcp"
    # Two may have the same port.
    serve(dock, "open", "-p", "18080:80")
    done = dock.run("run", "--rm", "--network", "open", "-p", "127.0.0.1:1:80", "busybox", "true")
    assert done.returncode == 125 and "cannot be published at 127.0.0.1" in done.stderr


def test_a_network_that_nothing_protects(dock, outside):
    dock("network", "create", "-o", f"{BRIDGE}.gateway_mode_ipv4=nat-unprotected", "open")
    _, place = serve(dock, "open")
    address = place["Networks"]["open"]["IPAddress"]
    assert eventually(lambda: outside(address, 80) == "a page", what="the container answers by its own address")


def test_a_network_without_the_host(dock):
    assert "can only be used for an internal network" in dock.run(
        "network", "create", "-o", f"{BRIDGE}.gateway_mode_ipv4=isolated", "away"
    ).stderr
    network = dock("network", "create", "--internal", "-o", f"{BRIDGE}.gateway_mode_ipv4=isolated", "away")
    assert "inet " not in wires.ip("addr", "show", f"br-{network[:12]}")
    for name in ("one", "two"):
        dock("run", "-d", "--name", name, "--network", "away", "busybox", "sleep", "1000")
    dock("exec", "one", "ping", "-c1", "-W2", "two")


def test_an_interface_has_its_name_and_its_parameters(dock, client):
    dock("network", "create", "front")
    option = "com.docker.network.endpoint"

    def create(name, **options):
        # By hand: the docker command of 20.10 sends options in small letters.
        body = {
            "Image": "busybox", "Cmd": ["sleep", "1000"], "HostConfig": {"NetworkMode": "front"},
            "NetworkingConfig": {"EndpointsConfig": {"front": {"DriverOpts": {f"{option}.{key}": options[key] for key in options}}}},
        }  # fmt: skip
        answer = client.api._post_json(client.api._url("/containers/create"), body, params={"name": name})
        assert answer.status_code == 201, answer.text

    create("it", ifname="lan", sysctls="net.ipv4.conf.IFNAME.log_martians=1")
    dock("start", "it")
    assert dock("exec", "it", "cat", "/proc/sys/net/ipv4/conf/lan/log_martians") == "1"
    told = dock.inspect("it")["NetworkSettings"]["Networks"]["front"]["DriverOpts"]
    assert told == {
        "com.docker.network.endpoint.ifname": "lan",
        "com.docker.network.endpoint.sysctls": "net.ipv4.conf.IFNAME.log_martians=1",
    }
    dock("restart", "-t0", "it")
    assert dock("exec", "it", "cat", "/proc/sys/net/ipv4/conf/lan/log_martians") == "1"
    create("other", sysctls="kernel.x=1")
    done = dock.run("start", "other")
    assert done.returncode == 1 and "to have format net.X.Y.IFNAME.Z" in done.stderr


@pytest.mark.own_engine
def test_the_default_network_with_ipv6(other_engine, dock_on):
    engine = other_engine("--ipv6", "--fixed-cidr-v6", "fd77:1::/64")
    dock = dock_on(engine)
    told = json.loads(dock("network", "inspect", "bridge"))[0]
    assert told["EnableIPv6"] and {"Subnet": "fd77:1::/64", "Gateway": "fd77:1::1"} in told["IPAM"]["Config"]
    container, place = serve(dock, "bridge", "-p", "18081:80")
    assert (place["GlobalIPv6Address"], place["IPv6Gateway"], place["GlobalIPv6PrefixLen"]) == ("fd77:1::2", "fd77:1::1", 64)
    assert {"HostIp": "::", "HostPort": "18081"} in place["Ports"]["80/tcp"]
    eventually(lambda: dock.run("run", "--rm", "busybox", "wget", "-qO-", "http://[fd77:1::2]/").stdout == "a page\n")
    dock("run", "--rm", "--link", f"{container}:web", "busybox", "grep", "fd77:1::2\tweb", "/etc/hosts")
    engine.kill()
    engine.start()
    assert dock.inspect(container)["NetworkSettings"] == place


@pytest.mark.own_engine
def test_the_default_network_has_unique_local_addresses(other_engine, dock_on):
    dock = dock_on(other_engine("--ipv6"))
    pools = json.loads(dock("network", "inspect", "bridge"))[0]["IPAM"]["Config"]
    own = [pool["Subnet"] for pool in pools if pool["Subnet"].startswith("fd")]
    assert len(own) == 1 and own[0].endswith("ffff::/64")
    dock("network", "create", "--ipv6", "six")
    assert own[0] not in dock("network", "inspect", "six")


@pytest.mark.own_engine
@pytest.mark.parametrize(("options", "message"), [
    (["--fixed-cidr-v6", "fd77:1::/64"], "--ipv6"), (["--ipv6", "--fixed-cidr-v6", "10.0.0.0/8"], "invalid subnet of IPv6"),
], ids=str)  # fmt: skip
def test_addresses_that_cannot_be(engine, folder, options, message):
    done = daemon(engine, folder, *options)
    assert done.returncode == 1 and message in done.stderr


def daemon(engine, folder, *options, inside=()):
    """One more, which must end by itself."""
    place = tempfile.mkdtemp(dir=folder)
    command = [engine.command()[0], "daemon", "-H", f"unix://{place}/s", "--data-root", f"{place}/d", "--exec-root", f"{place}/r"]
    return subprocess.run(
        [*inside, *command, *options], capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL, check=False
    )


class DockerdInside(DockerdWithRuntime):
    """In a network namespace, with docker0 and rules."""

    inside = ()

    def command(self):
        return [*self.inside, *super().command()]

    def network(self):
        return ["--bip", "10.251.7.1/24"]


@pytest.fixture
def namespace():
    """What a command begins with that runs in a network of its own."""
    name = f"pgw{os.getpid() % 10000}"
    with wires.namespace(name):
        yield ["nsenter", f"--net={wires.NAMES / name}"]


@pytest.mark.own_engine
@pytest.mark.skipif("PROA_TEST_APART" not in os.environ, reason="needs hack/lib/apart")
def test_dockerds_bridge_stays_dockerds(engine, folder, namespace):
    place = pathlib.Path("/run/peer-bridge")
    place.mkdir()

    def state():
        """Without the comments, which have the time."""
        outputs = (subprocess.check_output([*namespace, *words], text=True) for words in (["ip", "-o", "addr"], ["iptables-save"]))
        return [line for output in outputs for line in output.splitlines() if not line.startswith("#")]

    with machine_untouched():
        other = DockerdInside(place)
        other.inside = namespace
        other.start()
        try:
            before = state()
            for address in ("10.251.7.1/24", "10.251.8.1/24"):
                done = daemon(engine, folder, "--bridge", "docker0", "--bip", address, inside=namespace)
                assert done.returncode == 1 and "the bridge docker0 is somebody else's: rules in ip " in done.stderr
            assert state() == before
        finally:
            other.stop()
            remove_cgroups("docker")
    shutil.rmtree(place)
    for name in ("runc", "docker", "containerd", "mount"):
        shutil.rmtree(f"/run/{name}", ignore_errors=True)
