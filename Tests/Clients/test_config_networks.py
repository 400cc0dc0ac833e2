"""Networks that only describe others (`--config-only`, `--config-from`), what a new name and a link are worth, and what keeps a network."""

import json
import random

import pytest
from polling import eventually


@pytest.fixture
def subnet():
    """The first three bytes of one that nobody has."""
    return f"10.{random.randint(100, 190)}.{random.randint(1, 250)}"


@pytest.fixture(autouse=True)
def removed(dock):
    """What describes others is not pruned with the rest after the test."""
    yield
    for name in dock("ps", "--all", "--quiet").split():
        dock("rm", "--force", name)
    for name in ("real", "conf"):
        dock.run("network", "rm", name)


def told(dock, name):
    return json.loads(dock("network", "inspect", name))[0]


def test_a_network_is_made_as_another_one_describes_it(dock, subnet):
    dock("network", "create", "--config-only", "--subnet", f"{subnet}.0/24", "--label", "a=b",
         "--opt", "com.docker.network.driver.mtu=1400", "conf")  # fmt: skip
    conf = told(dock, "conf")
    assert (conf["Driver"], conf["ConfigOnly"], conf["Labels"]) == ("null", True, {"a": "b"})
    assert conf["IPAM"]["Config"] == [{"Subnet": f"{subnet}.0/24"}]
    dock("network", "create", "--config-from", "conf", "real")
    real = told(dock, "real")
    assert (real["Driver"], real["ConfigOnly"], real["ConfigFrom"]) == ("bridge", False, {"Network": "conf"})
    assert real["IPAM"]["Config"] == [{"Subnet": f"{subnet}.0/24"}] and real["Labels"] == {"a": "b"}
    assert real["Options"] == {"com.docker.network.driver.mtu": "1400"}
    dock("run", "-d", "--name", "it", "--network", "real", "busybox", "sleep", "1000")
    assert dock.inspect("it")["NetworkSettings"]["Networks"]["real"]["IPAddress"] == f"{subnet}.2"
    assert 'configuration network "conf" is in use' in dock.run("network", "rm", "conf").stderr
    dock("rm", "-f", "it")
    dock("network", "rm", "real")
    dock("network", "prune", "-f")
    assert dock("network", "rm", "conf") == "conf"  # not pruned: it is nothing that is used up


def test_what_is_refused(dock, subnet):
    dock("network", "create", "--config-only", "--subnet", f"{subnet}.0/24", "conf")
    for options, message in [
        (["--config-from", "nosuch"], 'configuration network "nosuch" does not exist'),
        (["--config-from", "bridge"], 'configuration network "bridge" does not exist'),
        (["--config-from", "conf", "--label", "a=b"], "user specified configurations are not supported if the network depends"),
        (["--config-only", "--config-from", "conf"], "a configuration network cannot depend on another configuration network"),
        (["--config-only", "--internal"], "configuration network can only contain network specific fields"),
    ]:
        done = dock.run("network", "create", *options, "new")
        assert done.returncode == 1 and message in done.stderr, options
    done = dock.run("run", "--network", "conf", "busybox", "true")
    assert done.returncode == 125 and "cannot create endpoint on configuration-only network" in done.stderr


def knows(dock, who, name):
    return dock.run("exec", who, "nslookup", "-type=a", name).returncode == 0


def test_a_new_name_is_known_at_once(dock):
    dock("network", "create", "front")
    for name in ("one", "two"):
        dock("run", "-d", "--name", name, "--network", "front", "busybox", "sleep", "1000")
    eventually(lambda: knows(dock, "two", "one"))
    dock("rename", "one", "other")
    assert knows(dock, "two", "other") and not knows(dock, "two", "one")


def test_a_link_is_a_name_that_one_container_knows(dock):
    dock("network", "create", "front")
    dock("run", "-d", "--name", "server", "--network", "front", "busybox", "sleep", "1000")
    dock("run", "-d", "--name", "linked", "--network", "front", "--link", "server:db", "--link", "later", "busybox", "sleep", "1000")
    dock("run", "-d", "--name", "other", "--network", "front", "busybox", "sleep", "1000")
    assert sorted(dock.inspect("linked")["NetworkSettings"]["Networks"]["front"]["Links"]) == ["later", "server:db"]
    eventually(lambda: knows(dock, "linked", "db"))
    assert not knows(dock, "other", "db")
    address = dock.inspect("server")["NetworkSettings"]["Networks"]["front"]["IPAddress"]
    assert address in dock("exec", "linked", "nslookup", "-type=a", "db")
    dock("network", "disconnect", "front", "other")
    dock("network", "connect", "--link", "server:store", "front", "other")
    assert knows(dock, "other", "store") and not knows(dock, "linked", "store")


def test_links_that_cannot_be(dock):
    dock("run", "-d", "--name", "it", "busybox", "sleep", "1000")
    for network, message in (("host", "host type networking"), ("container:it", "container type network")):
        done = dock.run("run", "--rm", "--network", network, "--link", "it", "busybox", "true")
        assert done.returncode == 125 and f"conflicting options: {message} can't be used with links" in done.stderr


@pytest.mark.proa_only("Docker takes them and does nothing")
def test_links_of_an_endpoint_on_the_default_network_are_refused(dock):
    dock("network", "create", "front")
    for name in ("it", "other"):
        dock("run", "-d", "--name", name, "--network", "front", "busybox", "sleep", "1000")
    done = dock.run("network", "connect", "--link", "it", "bridge", "other")
    assert done.returncode == 1 and "not supported: links of an endpoint on the default network" in done.stderr


def test_who_keeps_a_network(dock):
    dock("network", "create", "front")
    dock("run", "-d", "--name", "keeper", "--network", "front", "busybox", "sleep", "1000")
    done = dock.run("network", "rm", "front")
    assert done.returncode == 1 and "network front" in done.stderr and "has active endpoints" in done.stderr


@pytest.mark.proa_only("Docker 20.10 names the network alone")
def test_who_keeps_a_network_is_named(dock):
    dock("network", "create", "front")
    dock("run", "-d", "--name", "keeper", "--network", "front", "busybox", "sleep", "1000")
    assert 'name:"keeper" id:"' in dock.run("network", "rm", "front").stderr
