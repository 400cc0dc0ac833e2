"""Networks of the driver macvlan: containers with addresses of their own on a wire of the host."""

import json
import os
import signal
import subprocess

import pytest
import wires
from leaks import listing
from polling import eventually

SUBNET = "198.51.100"


@pytest.fixture
def wire():
    with wires.wire(SUBNET) as wire:
        yield wire


@pytest.fixture
def lan(dock, wire):
    """A network on it."""
    return dock("network", "create", "-d", "macvlan", "-o", f"parent={wire.name}", *POOL, "lan")


POOL = ("--subnet", f"{SUBNET}.0/24", "--gateway", f"{SUBNET}.1", "--ip-range", f"{SUBNET}.64/26")


def reaches(wire, address):
    command = ["ip", "netns", "exec", wire.beside, "busybox", "ping", "-c1", "-W2", address]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_containers_are_on_the_wire(dock, wire, lan):
    told = json.loads(dock("network", "inspect", "lan"))[0]
    assert (told["Driver"], told["Options"], told["Id"]) == ("macvlan", {"parent": wire.name}, lan)
    assert told["IPAM"]["Config"] == [{"Subnet": f"{SUBNET}.0/24", "IPRange": f"{SUBNET}.64/26", "Gateway": f"{SUBNET}.1"}]
    dock("run", "-d", "--name", "one", "--network", "lan", "-p", "18080:80", "busybox", "sleep", "1000")
    dock("run", "-d", "--name", "two", "--network", "lan", "--ip", f"{SUBNET}.200", "--mac-address", "02:42:99:00:00:01",
         "--network-alias", "deux", "busybox", "sleep", "1000")  # fmt: skip
    one, two = (dock.inspect(name)["NetworkSettings"] for name in ("one", "two"))
    place = one["Networks"]["lan"]
    assert (place["IPAddress"], place["Gateway"], place["IPPrefixLen"]) == (f"{SUBNET}.64", f"{SUBNET}.1", 24)
    assert two["Networks"]["lan"]["MacAddress"] == "02:42:99:00:00:01"
    assert not one["Ports"].get("80/tcp") and one["IPAddress"] == ""
    assert dock("port", "one") == ""
    assert f"default via {SUBNET}.1 dev eth0" in dock("exec", "one", "ip", "route")
    assert "02:42:99:00:00:01" in dock("exec", "two", "ip", "link", "show", "eth0")
    for address in (f"{SUBNET}.64", f"{SUBNET}.200"):
        assert reaches(wire, address)
    # Names are found, too.
    assert "nameserver 127.0.0.11" in dock("exec", "one", "cat", "/etc/resolv.conf")
    for name in ("two", "deux"):
        assert f"({SUBNET}.200)" in dock("exec", "one", "ping", "-c1", "-W2", name)
    present = json.loads(dock("network", "inspect", "lan"))[0]["Containers"]
    assert {member["Name"]: member["IPv4Address"] for member in present.values()} == {
        "one": f"{SUBNET}.64/24", "two": f"{SUBNET}.200/24"
    }  # fmt: skip
    assert "has active endpoints" in dock.run("network", "rm", "lan").stderr


def test_a_container_comes_and_goes_while_it_runs(dock, wire, lan):
    dock("run", "-d", "--name", "it", "busybox", "sleep", "1000")
    dock("network", "connect", "--ip", f"{SUBNET}.77", "lan", "it")
    assert reaches(wire, f"{SUBNET}.77")
    assert "eth1" in dock("exec", "it", "ls", "/sys/class/net")
    dock("network", "disconnect", "lan", "it")
    assert "eth1" not in dock("exec", "it", "ls", "/sys/class/net")
    assert not reaches(wire, f"{SUBNET}.77")
    dock("network", "connect", "--ip", f"{SUBNET}.77", "lan", "it")
    dock("restart", "-t0", "it")
    assert reaches(wire, f"{SUBNET}.77")


def test_what_is_published_outlives_a_gateway_that_publishes_nothing(dock, wire):
    # Before the default network by name, and so the gateway.
    dock("network", "create", "-d", "macvlan", "-o", f"parent={wire.name}", *POOL, "alan")
    dock("run", "-d", "--name", "it", "-p", "18081:80", "busybox", "sleep", "1000")
    assert "18081" in dock("port", "it")
    dock("network", "connect", "alan", "it")
    assert dock("port", "it") == ""
    dock("network", "disconnect", "alan", "it")
    assert "18081" in dock("port", "it")
    dock("restart", "-t0", "it")
    assert "18081" in dock("port", "it")


def test_whoever_shares_an_interface_does_not_keep_its_address(dock, wire, lan):
    dock("run", "-d", "--name", "it", "--network", "lan", "--ip", f"{SUBNET}.79", "busybox", "sleep", "1000")
    dock("run", "-d", "--name", "guest", "--network", "container:it", "busybox", "sleep", "1000")
    dock("rm", "-f", "it")
    assert "eth0" not in dock("exec", "guest", "ls", "/sys/class/net")
    dock("run", "-d", "--name", "next", "--network", "lan", "--ip", f"{SUBNET}.79", "busybox", "sleep", "1000")
    assert reaches(wire, f"{SUBNET}.79")


def test_one_that_ends_can_begin_again_at_once(dock, wire, lan):
    dock("run", "-d", "--name", "it", "--network", "lan", "--ip", f"{SUBNET}.78", "busybox", "sleep", "1000")
    for _ in range(5):
        dock("kill", "it")
        dock("start", "it")
    assert reaches(wire, f"{SUBNET}.78")
    dock("rm", "-f", "it")
    dock("network", "rm", "lan")
    assert wire.name in {link["ifname"] for link in listing("ip", "-json", "link")}


def test_with_addresses_of_both_families(dock, wire):
    dock("network", "create", "-d", "macvlan", "-o", f"parent={wire.name}", "--ipv6", *POOL, "--subnet", "fd51::/64",
         "--gateway", "fd51::1", "lan")  # fmt: skip
    dock("run", "-d", "--name", "it", "--network", "lan", "--ip6", "fd51::77", "busybox", "sleep", "1000")
    assert dock.inspect("it")["NetworkSettings"]["Networks"]["lan"]["GlobalIPv6Address"] == "fd51::77"
    assert "default via fd51::1 dev eth0" in dock("exec", "it", "ip", "-6", "route")
    assert eventually(lambda: reaches(wire, "fd51::77"), what="the container answers")


def test_nothing_leads_out_of_one_that_is_internal(dock, wire):
    before = {link["ifname"] for link in listing("ip", "-json", "link")}
    if dock.run("network", "create", "-d", "macvlan", "--internal", "--subnet", f"{SUBNET}.0/24", "lan").returncode:
        pytest.skip("dockerd needs dummy interfaces for it")
    for name in ("one", "two"):
        dock("run", "-d", "--name", name, "--network", "lan", "busybox", "sleep", "1000")
    assert dock("exec", "one", "ping", "-c1", "-W2", "two")
    assert "default" not in dock("exec", "one", "ip", "route")
    assert not reaches(wire, dock.inspect("one")["NetworkSettings"]["Networks"]["lan"]["IPAddress"])
    dock("rm", "-f", "one", "two")
    dock("network", "rm", "lan")
    assert {link["ifname"] for link in listing("ip", "-json", "link")} == before


REFUSED = {
    "mode": (["macvlan_mode=x"], "requested macvlan mode 'x' is not valid, 'bridge' mode is the macvlan driver default"),
    "lo": (["parent=lo"], "loopback interface is not a valid macvlan parent link"),
    "nobody": (["parent=nobody"], "invalid subinterface vlan name nobody, example formatting is eth0.10"),
    "VLAN of nobody": (["parent=nobody.5"], "-o parent interface does was not found on the host: nobody"),
    "VLAN": (["parent=lo.x"], "unable to parse a valid vlan id from: x (ex. eth0.10 for vlan 10)"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused(dock, case):
    options, message = REFUSED[case]
    done = dock.run("network", "create", "-d", "macvlan", *(f"--opt={option}" for option in options), "lan")
    assert done.returncode == 1 and message in done.stderr


@pytest.mark.own_engine
@pytest.mark.proa_only("dockerd's containers do not outlive it")
@pytest.mark.parametrize("end", ["terminated", "killed"])
def test_it_outlives_the_daemon(other_engine, dock_on, wire, end):
    engine = other_engine()
    dock = dock_on(engine)
    dock("network", "create", "-d", "macvlan", "-o", f"parent={wire.name}", *POOL, "lan")
    dock("run", "-d", "--name", "it", "--network", "lan", "busybox", "sleep", "1000")
    before = dock.inspect("it")["NetworkSettings"]
    engine.daemon.send_signal(signal.SIGKILL if end == "killed" else signal.SIGTERM)
    engine.daemon.wait(30)
    assert reaches(wire, f"{SUBNET}.64")
    engine.start()
    assert dock.inspect("it")["NetworkSettings"] == before
    dock("run", "-d", "--name", "next", "--network", "lan", "busybox", "sleep", "1000")
    assert dock.inspect("next")["NetworkSettings"]["Networks"]["lan"]["IPAddress"] == f"{SUBNET}.65"
    assert dock("exec", "next", "ping", "-c1", "-W2", "it")
    dock("network", "disconnect", "lan", "it")
    assert not reaches(wire, f"{SUBNET}.64")
    dock("rm", "-f", "it", "next")
    dock("network", "rm", "lan")


@pytest.mark.own_engine
@pytest.mark.proa_only("dockerd's containers do not outlive it")
def test_whoever_shares_an_interface_loses_it_with_its_container_while_no_daemon_runs(other_engine, dock_on, wire):
    engine = other_engine()
    dock = dock_on(engine)
    dock("network", "create", "-d", "macvlan", "-o", f"parent={wire.name}", *POOL, "lan")
    dock("run", "-d", "--name", "it", "--network", "lan", "--ip", f"{SUBNET}.79", "busybox", "sleep", "1000")
    dock("run", "-d", "--name", "guest", "--network", "container:it", "busybox", "sleep", "1000")
    process = dock.inspect("it")["State"]["Pid"]
    engine.kill()
    os.kill(process, signal.SIGKILL)
    engine.start()
    assert "eth0" not in dock("exec", "guest", "ls", "/sys/class/net")
    dock("run", "-d", "--name", "next", "--network", "lan", "--ip", f"{SUBNET}.79", "busybox", "sleep", "1000")
    assert reaches(wire, f"{SUBNET}.79")
    dock("rm", "-f", "it", "guest", "next")
    dock("network", "rm", "lan")
