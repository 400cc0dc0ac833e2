"""Networks with IPv6: addresses, names, ports and what is told of them."""

import json
import random
import socket

import pytest
from polling import eventually

SERVE = "mkdir /www && echo a page >/www/index.html && exec httpd -f -p [::]:80 -h /www"


@pytest.fixture
def subnet():
    """One that nobody has."""
    return f"fd{random.randint(0x10, 0xFF):02x}:{random.randint(1, 0xFFFF):x}:{random.randint(1, 0xFFFF):x}"


@pytest.fixture
def create_network(client):
    """`POST /networks/create`: status and body."""

    def create(name, **more):
        answer = client.api._post_json(client.api._url("/networks/create"), {"Name": name, **more})
        return answer.status_code, answer.json()

    return create


def fetch(dock, client, place):
    return dock.run("exec", client, "timeout", "2", "wget", "-q", "-O", "-", f"http://{place}/").stdout.strip()


def test_a_network_has_addresses_of_both_families(dock, subnet):
    dock("network", "create", "--ipv6", "--subnet", f"{subnet}::/64", "--gateway", f"{subnet}::9", "six")
    told = json.loads(dock("network", "inspect", "six"))[0]
    assert told["EnableIPv6"] is True and {"Subnet": f"{subnet}::/64", "Gateway": f"{subnet}::9"} in told["IPAM"]["Config"]
    dock("run", "-d", "--name", "one", "--network", "six", "--ip6", f"{subnet}::77", "busybox", "sleep", "1000")
    place = dock.inspect("one")["NetworkSettings"]["Networks"]["six"]
    assert (place["GlobalIPv6Address"], place["GlobalIPv6PrefixLen"], place["IPv6Gateway"]) == (
        f"{subnet}::77", 64, f"{subnet}::9"
    )  # fmt: skip
    assert place["IPAddress"] and place["IPAMConfig"]["IPv6Address"] == f"{subnet}::77"
    inside = json.loads(dock("network", "inspect", "six"))[0]["Containers"]
    assert [container["IPv6Address"] for container in inside.values()] == [f"{subnet}::77/64"]
    assert f"inet6 {subnet}::77/64 scope global" in dock("exec", "one", "ip", "-6", "addr", "show", "dev", "eth0")
    assert f"default via {subnet}::9 dev eth0" in dock("exec", "one", "ip", "-6", "route")
    assert f"{subnet}::77\t" in dock("exec", "one", "cat", "/etc/hosts")
    done = dock.run("run", "--rm", "--network", "six", "--ip6", f"{subnet}::77", "busybox", "true")
    assert done.returncode == 125 and "Address already in use" in done.stderr


def test_containers_reach_and_name_one_another(dock, subnet):
    dock("network", "create", "--ipv6", "--subnet", f"{subnet}::/64", "six")
    dock("run", "-d", "--name", "server", "--network", "six", "busybox", "sh", "-c", SERVE)
    dock("run", "-d", "--name", "client", "--network", "six", "busybox", "sleep", "1000")
    there = dock.inspect("server")["NetworkSettings"]["Networks"]["six"]["GlobalIPv6Address"]
    eventually(lambda: fetch(dock, "client", f"[{there}]") == "a page")
    assert there in dock("exec", "client", "nslookup", "-type=aaaa", "server")
    assert "server.six" in dock("exec", "client", "nslookup", there)
    dock("exec", "client", "ping", "-6", "-c", "1", "-W", "2", "server")


@pytest.mark.proa_only("Docker 20.10 has no pool of its own")
def test_pools_are_unique_local_addresses(dock):
    for name in ("one", "two"):
        dock("network", "create", "--ipv6", name)
    subnets = [
        config["Subnet"] for network in json.loads(dock("network", "inspect", "one", "two"))
        for config in network["IPAM"]["Config"] if ":" in config["Subnet"]
    ]  # fmt: skip
    assert len(set(subnets)) == 2 and all(subnet.startswith("fd") and subnet.endswith("/64") for subnet in subnets)


@pytest.mark.proa_only("Docker 20.10 publishes them with a process each, or not at all")
def test_ports_are_published_at_addresses_of_both_families(dock, subnet):
    dock("network", "create", "--ipv6", "--subnet", f"{subnet}::/64", "six")
    dock("run", "-d", "--name", "it", "--network", "six", "-p", "80", "-p", f"[{subnet}::1]:8081:80", "busybox", "sh", "-c", SERVE)
    ports = dock.inspect("it")["NetworkSettings"]["Ports"]["80/tcp"]
    free = {port["HostIp"]: port["HostPort"] for port in ports if port["HostPort"] != "8081"}
    assert set(free) == {"0.0.0.0", "::"} and len(set(free.values())) == 1
    assert {"HostIp": f"{subnet}::1", "HostPort": "8081"} in ports
    assert f"[::]:{free['::']}->80/tcp" in dock("ps", "--format", "{{.Ports}}")

    def get(port):
        with socket.create_connection((f"{subnet}::1", port), timeout=2) as connection:
            connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
            return b"a page" in connection.makefile("rb").read()

    eventually(lambda: get(int(free["::"])))
    assert get(8081)


@pytest.mark.proa_only("Docker 20.10 has IPv4 on every network")
def test_without_ipv4(dock, create_network, subnet):
    status, _ = create_network("only", EnableIPv4=False, EnableIPv6=True, IPAM={"Config": [{"Subnet": f"{subnet}::/64"}]})
    assert status == 201
    told = json.loads(dock("network", "inspect", "only"))[0]
    assert (told["EnableIPv4"], told["EnableIPv6"]) == (False, True)
    dock("run", "-d", "--name", "it", "--network", "only", "busybox", "sleep", "1000")
    place = dock.inspect("it")["NetworkSettings"]["Networks"]["only"]
    assert (place["IPAddress"], place["Gateway"], place["GlobalIPv6Address"]) == ("", "", f"{subnet}::2")
    assert "inet " not in dock("exec", "it", "ip", "addr", "show", "dev", "eth0")


@pytest.mark.proa_only("Docker 20.10 takes some of it")
def test_what_is_refused(dock, create_network, subnet):
    status, body = create_network("n", IPAM={"Config": [{"Subnet": f"{subnet}::/64"}]})
    assert status == 400 and "the network is without IPv6" in body["message"]
    status, body = create_network("n", EnableIPv6=True, IPAM={"Config": [{"Subnet": f"{subnet}::5/64"}]})
    assert status == 400 and f"invalid subnet {subnet}::5/64: it should be {subnet}::/64" in body["message"]
    status, body = create_network("n", EnableIPv4=False)
    assert status == 400 and "IPv4 or IPv6 must be enabled" in body["message"]
    done = dock.run("run", "--rm", "-p", "[::1]:8080:80", "busybox", "true")
    assert done.returncode == 125 and "none of the container's networks has IPv6" in done.stderr
    assert dock("ps", "-aq", "--filter", "status=running") == ""


def test_both_commands_do_it(command, dock, subnet):
    command("network", "create", "--ipv6", "--subnet", f"{subnet}::/64", "--gateway", f"{subnet}::9", "six")
    command("run", "-d", "--name", "it", "--network", "six", "--ip6", f"{subnet}::77", "busybox", "sleep", "1000")
    assert dock.inspect("it")["NetworkSettings"]["Networks"]["six"]["GlobalIPv6Address"] == f"{subnet}::77"
    assert command("network", "inspect", "six") == dock("network", "inspect", "six")
