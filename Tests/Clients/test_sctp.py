"""Published SCTP ports."""

import pathlib
import subprocess
import sys

import pytest
import wires

SUBNET = "198.51.101"
SCRIPT = str(pathlib.Path(__file__).with_name("sctp.py"))

pytestmark = pytest.mark.proa_only("dockerd needs a kernel with SCTP, for its proxy")


@pytest.fixture
def outside():
    """A neighbour of the host, which is at .2 of its wire."""
    with wires.wire(SUBNET) as wire:
        wires.ip("addr", "add", f"{SUBNET}.2/24", "dev", wire.name)
        yield wire.beside


def receiver(dock, container):
    """Something that waits for a packet in the container's network."""
    pid = str(dock.inspect(container)["State"]["Pid"])
    command = ["nsenter", "-t", pid, "-n", sys.executable, SCRIPT, "receive", "10"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "ready\n"
    return process


def test_packets_reach_the_container_from_outside(dock, outside):
    container = dock("run", "-d", "-p", "15000:5000/sctp", "busybox", "sleep", "1000")
    assert dock.inspect(container)["NetworkSettings"]["Ports"]["5000/sctp"] == [{"HostIp": "0.0.0.0", "HostPort": "15000"}]
    assert dock("port", container, "5000/sctp") == "0.0.0.0:15000"
    with receiver(dock, container) as waiting:
        subprocess.run(["ip", "netns", "exec", outside, sys.executable, SCRIPT, "send", f"{SUBNET}.2", "15000"], check=True)
        assert waiting.stdout.readline().split() == [f"{SUBNET}.1", "5000", "True"]
        assert waiting.wait(10) == 0


def test_a_port_is_published_once(dock):
    dock("run", "-d", "--name", "it", "-p", "15001:5000/sctp", "-p", "127.0.0.1:15002:5000/sctp", "busybox", "sleep", "1000")
    for port in ("15001:1/sctp", "127.0.0.1:15001:1/sctp", "15002:1/sctp"):
        done = dock.run("run", "-d", "-p", port, "busybox", "true")
        assert done.returncode == 125 and "port is already allocated" in done.stderr
    # Another protocol's is another port.
    dock("run", "-d", "-p", "15001:1/tcp", "-p", "15001:1/udp", "busybox", "sleep", "1000")
    dock("rm", "-f", "it")
    free = dock("run", "-d", "-p", "15002:1/sctp", "-p", "15003-15004:2/sctp", "-p", "3/sctp", "busybox", "sleep", "1000")
    ports = dock.inspect(free)["NetworkSettings"]["Ports"]
    assert ports["2/sctp"][0]["HostPort"] == "15003" and int(ports["3/sctp"][0]["HostPort"]) > 1024
    done = dock.run("run", "-d", "-p", "198.51.100.99:1:1/sctp", "busybox", "true")
    assert done.returncode == 125 and "cannot assign requested address" in done.stderr


@pytest.mark.own_engine
def test_a_port_stays_taken_when_the_daemon_is_killed(other_engine, dock_on):
    engine = other_engine()
    dock = dock_on(engine)
    dock("run", "-d", "-p", "15005:5000/sctp", "busybox", "sleep", "1000")
    engine.kill()
    engine.start()
    assert "port is already allocated" in dock.run("run", "-d", "-p", "15005:1/sctp", "busybox", "true").stderr
