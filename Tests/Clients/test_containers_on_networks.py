"""Containers on networks that users made: several at once, connected and disconnected as they run and when they do not."""

import json
import random
import urllib.request

import pytest
from polling import eventually

PAGE = "a page from the container"
SERVE = f"mkdir /www && echo {PAGE} >/www/index.html && exec httpd -f -p 80 -h /www"


@pytest.fixture
def networks(dock):
    """Two networks, `alpha` and `beta`, and `fixed`, whose subnet somebody chose."""
    subnet = f"10.{random.randint(100, 190)}.{random.randint(1, 250)}"
    for name in ("alpha", "beta"):
        dock("network", "create", name)
    dock("network", "create", "--subnet", f"{subnet}.0/24", "fixed")
    return subnet


@pytest.fixture
def run(dock, networks):
    def run(name, network, *options, command=("sleep", "1000")):
        return dock("run", "-d", "--name", name, "--network", network, *options, "busybox", *command)

    return run


def places(dock, name):
    return dock.inspect(name)["NetworkSettings"]["Networks"]


def address(dock, name, network):
    return places(dock, name)[network]["IPAddress"]


def fetch(dock, client, address):
    return dock.run("exec", client, "timeout", "2", "wget", "-q", "-O", "-", f"http://{address}/").stdout.strip()


def test_containers_of_one_network_reach_one_another_and_no_others(dock, run):
    run("server", "alpha", command=("sh", "-c", SERVE))
    run("friend", "alpha")
    run("stranger", "beta")
    there = address(dock, "server", "alpha")
    eventually(lambda: fetch(dock, "friend", there) == PAGE)
    assert fetch(dock, "stranger", there) == ""
    dock("network", "connect", "alpha", "stranger")
    assert fetch(dock, "stranger", there) == PAGE
    dock("network", "disconnect", "alpha", "stranger")
    assert fetch(dock, "stranger", there) == ""


def test_what_is_told_of_it(dock, run):
    identifier = run("it", "alpha", "--network-alias", "other", "--hostname", "named")
    network = json.loads(dock("network", "inspect", "alpha"))[0]
    settings = dock.inspect("it")["NetworkSettings"]
    place = settings["Networks"]["alpha"]
    assert list(settings["Networks"]) == ["alpha"] and settings["IPAddress"] == ""
    assert place["NetworkID"] == network["Id"] and len(place["EndpointID"]) == 64 and "other" in place["Aliases"]
    assert place["Gateway"] == network["IPAM"]["Config"][0]["Gateway"]
    assert network["Containers"][identifier] == {
        "Name": "it", "EndpointID": place["EndpointID"], "MacAddress": place["MacAddress"],
        "IPv4Address": f"{place['IPAddress']}/{place['IPPrefixLen']}", "IPv6Address": "",
    }  # fmt: skip
    assert dock.inspect("it")["HostConfig"]["NetworkMode"] == "alpha"
    assert dock("ps", "--filter", "network=alpha", "--format", "{{.Names}} {{.Networks}}") == "it alpha"
    assert f"{place['IPAddress']}\tnamed" in dock("exec", "it", "cat", "/etc/hosts")
    dock("kill", "it")
    place = places(dock, "it")["alpha"]
    assert (place["NetworkID"], place["EndpointID"], place["IPAddress"]) == (network["Id"], "", "")
    assert json.loads(dock("network", "inspect", "alpha"))[0]["Containers"] == {}


@pytest.mark.proa_only("the names are of API 1.44")
def test_names(dock, run):
    identifier = run("it", "alpha", "--network-alias", "other", "--hostname", "named")
    place = places(dock, "it")["alpha"]
    assert place["Aliases"] == ["other"] and place["DNSNames"] == ["it", "other", identifier[:12], "named"]


def test_an_address_of_ones_choice(dock, run, networks):
    run("it", "fixed", "--ip", f"{networks}.77")
    assert places(dock, "it")["fixed"]["IPAMConfig"] == {"IPv4Address": f"{networks}.77"}
    assert address(dock, "it", "fixed") == f"{networks}.77"
    assert f"inet {networks}.77/24" in dock("exec", "it", "ip", "-4", "address", "show", "eth0")
    dock("restart", "-t", "0", "it")
    assert address(dock, "it", "fixed") == f"{networks}.77"
    dock("network", "disconnect", "fixed", "it")
    dock("network", "connect", "--ip", f"{networks}.78", "fixed", "it")
    assert address(dock, "it", "fixed") == f"{networks}.78"


ADDRESSES = [
    ("fixed", "{}.77", "Address already in use"), ("fixed", "{}.1", "Address already in use"),
    ("fixed", "10.1.2.3", "Invalid address 10.1.2.3: It does not belong to any of this network's subnets"),
    ("alpha", "{}.5", "user specified IP address is supported only when connecting to networks with user configured subnets"),
    ("bridge", "{}.5", "user specified IP address is supported on user defined networks only"),
    ("fixed", "nonsense", "nonsense"),
]  # fmt: skip


@pytest.mark.parametrize(("network", "wish", "message"), ADDRESSES)
def test_an_address_that_cannot_be(engine, dock, run, networks, network, wish, message):
    run("first", "fixed", "--ip", f"{networks}.77")
    wish = wish.format(networks)
    done = dock.run("run", "--name", "it", "--network", network, "--ip", wish, "busybox", "true")
    assert done.returncode == 125 and message in done.stderr
    dock.run("rm", "-f", "it")
    run("it", "beta")
    assert message in dock.run("network", "connect", "--ip", wish, network, "it").stderr
    # dockerd 20.10 keeps a network in its list that it could not connect.
    assert engine.kind == "dockerd" or list(places(dock, "it")) == ["beta"]
    assert dock("exec", "it", "ls", "/sys/class/net").split() == ["eth0", "lo"]


def test_several_networks(dock, run, networks):
    run("it", "beta")
    dock("network", "connect", "--alias", "second", "alpha", "it")
    dock("network", "connect", "fixed", "it")
    there = places(dock, "it")
    assert set(there) == {"alpha", "beta", "fixed"} and "second" in there["alpha"]["Aliases"]
    told = dock("exec", "it", "ip", "-4", "-o", "address")
    for name, interface in (("beta", "eth0"), ("alpha", "eth1"), ("fixed", "eth2")):
        assert f"{interface}    inet {there[name]['IPAddress']}/" in told
    hosts = dock("exec", "it", "cat", "/etc/hosts")
    assert all(f"{place['IPAddress']}\t" in hosts for place in there.values())
    # The first by name leads to everywhere else.
    assert f"default via {there['alpha']['Gateway']} dev eth1" in dock("exec", "it", "ip", "route")
    dock("network", "disconnect", "alpha", "it")
    assert f"default via {there['beta']['Gateway']} dev eth0" in dock("exec", "it", "ip", "route")
    assert there["alpha"]["IPAddress"] not in dock("exec", "it", "cat", "/etc/hosts")
    assert dock("exec", "it", "ls", "/sys/class/net").split() == ["eth0", "eth2", "lo"]
    dock("restart", "-t", "0", "it")
    assert set(places(dock, "it")) == {"beta", "fixed"}
    assert all(place["IPAddress"] for place in places(dock, "it").values())


def test_ports_go_where_the_gateway_is(dock, run):
    run("it", "beta", "-p", "127.0.0.1:18090:80", command=("sh", "-c", SERVE))

    def page():
        try:
            return urllib.request.urlopen("http://127.0.0.1:18090/", timeout=2).read().decode().strip()
        except OSError:  # not listening yet
            return None

    eventually(lambda: page() == PAGE)
    published = dock.inspect("it")["NetworkSettings"]["Ports"]
    assert published == {"80/tcp": [{"HostIp": "127.0.0.1", "HostPort": "18090"}]}
    for change in ("connect", "disconnect"):
        dock("network", change, "alpha", "it")
        assert page() == PAGE
        assert dock.inspect("it")["NetworkSettings"]["Ports"] == published
    dock("rm", "-f", "it")
    assert page() is None


@pytest.mark.proa_only("dockerd 20.10 gives a way that leads nowhere")
def test_an_internal_network_leads_nowhere(dock, networks):
    dock("network", "create", "--internal", "inner")
    dock("run", "-d", "--name", "it", "--network", "inner", "-p", "80", "busybox", "sleep", "1000")
    assert dock("port", "it") == ""
    assert "default" not in dock("exec", "it", "ip", "route")
    dock("network", "connect", "alpha", "it")
    assert "default" in dock("exec", "it", "ip", "route")
    assert dock("port", "it").startswith("80/tcp -> 0.0.0.0:")


def test_where_ports_are_bound_by_default(dock):
    dock("network", "create", "--opt", "com.docker.network.bridge.host_binding_ipv4=127.0.0.1", "bound")
    dock("run", "-d", "--name", "it", "--network", "bound", "-p", "80", "busybox", "sleep", "1000")
    assert dock("port", "it").startswith("80/tcp -> 127.0.0.1:")


def test_one_that_does_not_run_is_connected_at_its_start(dock, networks):
    dock("create", "--name", "it", "busybox", "sleep", "1000")
    dock("network", "connect", "--alias", "x", "alpha", "it")
    assert set(places(dock, "it")) == {"bridge", "alpha"} and "x" in places(dock, "it")["alpha"]["Aliases"]
    dock("network", "disconnect", "bridge", "it")
    dock("start", "it")
    assert list(places(dock, "it")) == ["alpha"] and address(dock, "it", "alpha")
    dock("network", "disconnect", "alpha", "it")
    assert places(dock, "it") == {}
    assert dock("exec", "it", "ls", "/sys/class/net") == "lo"


def test_a_network_that_is_gone(dock, run):
    done = dock.run("run", "--name", "lost", "--network", "nobody", "busybox", "true")
    assert done.returncode == 125 and "network nobody not found" in done.stderr
    run("it", "alpha")
    dock("network", "connect", "beta", "it")
    dock("kill", "it")
    # What has ended gives its place back a moment after that was told.
    eventually(lambda: dock.run("network", "rm", "beta").returncode == 0)
    assert "not found" in dock.run("start", "it").stderr
    dock("network", "disconnect", "beta", "it")
    dock("start", "it")


REFUSED = {
    ("connect", "alpha", "it"): "endpoint with name it already exists in network alpha",
    ("connect", "alpha", "hosts"): "container sharing network namespace with another container or host cannot be connected to any other network",
    ("connect", "alpha", "joined"): "container sharing network namespace with another container or host cannot be connected to any other network",
    ("connect", "host", "it"): "container cannot be disconnected from host network or connected to host network",
    ("connect", "none", "it"): "container cannot be connected to multiple networks with one of the networks in private (none) mode",
    ("connect", "alpha", "alone"): "container cannot be connected to multiple networks with one of the networks in private (none) mode",
    ("connect", "nobody", "it"): "network nobody not found",
    ("connect", "alpha", "nobody"): "No such container: nobody",
    ("disconnect", "beta", "it"): "is not connected to network beta",
    ("disconnect", "host", "hosts"): "container cannot be disconnected from host network or connected to host network",
    ("disconnect", "nobody", "it"): "network nobody not found",
    ("disconnect", "alpha", "nobody"): "No such container: nobody",
}  # fmt: skip


def test_what_does_not_go_together(dock, run):
    run("it", "alpha")
    run("hosts", "host")
    run("alone", "none")
    run("joined", "container:it")
    before = {name: places(dock, name) for name in ("it", "hosts", "alone", "joined")}
    for (action, network, name), message in REFUSED.items():
        done = dock.run("network", action, network, name)
        assert done.returncode == 1 and message in done.stderr, (action, network, name)
    assert {name: places(dock, name) for name in before} == before


@pytest.mark.proa_only("more than one network in a request since API 1.44")
def test_several_networks_from_the_beginning(dock, client, networks):
    body = {
        "Image": "busybox", "Cmd": ["sleep", "1000"], "HostConfig": {"NetworkMode": "beta"},
        "NetworkingConfig": {"EndpointsConfig": {"beta": {}, "fixed": {"IPAMConfig": {"IPv4Address": f"{networks}.9"}}}},
    }  # fmt: skip
    identifier = client.api.create_container_from_config(body, name="it")["Id"]
    dock("start", identifier)
    assert {name: place["IPAddress"] for name, place in places(dock, "it").items()}["fixed"] == f"{networks}.9"
    body["NetworkingConfig"]["EndpointsConfig"]["alpha"] = {"GwPriority": 1}
    dock("start", client.api.create_container_from_config({**body, "NetworkingConfig": {"EndpointsConfig": {
        "beta": {"GwPriority": 1}, "alpha": {}}}}, name="second")["Id"])  # fmt: skip
    assert f"default via {places(dock, 'second')['beta']['Gateway']}" in dock("exec", "second", "ip", "route")


def test_its_numbers_are_counted(dock, run, client):
    run("it", "alpha")
    dock("network", "connect", "beta", "it")
    assert set(client.api.stats("it", stream=False)["networks"]) == {"eth0", "eth1"}
