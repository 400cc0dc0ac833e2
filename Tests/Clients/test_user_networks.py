"""Networks that users make: create, ls, inspect, rm, prune, and what is refused."""

import itertools
import json
import random
import time

import pytest
from leaks import listing

BRIDGE = "com.docker.network.bridge"


def octet():
    return random.randint(1, 250)


@pytest.fixture
def subnet():
    """The first three bytes of one that nobody has."""
    return f"10.{random.randint(100, 190)}.{octet()}"


@pytest.fixture
def create(client):
    """`POST /networks/create`: status and body."""

    def create(name, **more):
        answer = client.api._post_json(client.api._url("/networks/create"), {"Name": name, **more})
        return answer.status_code, answer.json()

    return create


def links():
    return {link["ifname"]: link for link in listing("ip", "-json", "link")}


def test_a_network_has_what_was_asked_for(dock, subnet):
    before = set(links())
    identifier = dock(
        "network", "create", "--internal", "--attachable", "--label", "tier=back", "--subnet", f"{subnet}.0/24",
        "--ip-range", f"{subnet}.128/25", "--gateway", f"{subnet}.254", "--aux-address", f"router={subnet}.130",
        "--opt", f"{BRIDGE}.name=brtest0", "--opt", "com.docker.network.driver.mtu=1400", "--opt", "of.somebody=else", "back",
    )
    told = json.loads(dock("network", "inspect", "back"))[0]
    assert (told["Id"], told["Name"], told["Driver"], told["Scope"]) == (identifier, "back", "bridge", "local")
    assert (told["Internal"], told["Attachable"], told["Ingress"], told["EnableIPv6"]) == (True, True, False, False)
    assert told["IPAM"] == {
        "Driver": "default", "Options": {},
        "Config": [{
            "Subnet": f"{subnet}.0/24", "IPRange": f"{subnet}.128/25", "Gateway": f"{subnet}.254",
            "AuxiliaryAddresses": {"router": f"{subnet}.130"},
        }],
    }  # fmt: skip
    assert told["Labels"] == {"tier": "back"} and told["Containers"] == {}
    assert told["Options"] == {
        f"{BRIDGE}.name": "brtest0", "com.docker.network.driver.mtu": "1400", "of.somebody": "else"
    }
    assert links()["brtest0"]["mtu"] == 1400 or links()["brtest0"]["operstate"] == "DOWN"  # dockerd: with the first container
    assert dock("network", "rm", identifier[:12]) == identifier[:12]
    assert set(links()) == before


def test_a_subnet_that_nobody_named(dock):
    for name in ("one", "two"):
        dock("network", "create", name)
    told = json.loads(dock("network", "inspect", "one", "two"))
    places = [network["IPAM"]["Config"][0] for network in told]
    assert places[0]["Subnet"] != places[1]["Subnet"] and places[0]["Gateway"].endswith(".1")
    assert f"br-{told[0]['Id'][:12]}" in links()


def test_listed_and_found(dock):
    one = dock("network", "create", "--label", "tier=back", "one")
    two = dock("network", "create", "two")
    assert dock("network", "ls", "--format", "{{.Name}} {{.Driver}} {{.Scope}}").splitlines() == [
        "bridge bridge local", "host host local", "none null local", "one bridge local", "two bridge local"
    ]
    for text, expected in {
        "label=tier": [one], "label=tier=back": [one], "label=tier=front": [], "type=custom": [one, two],
        "dangling=true": [one, two], "name=^tw": [two], "driver=host": ["host"], f"id={two[:9]}": [two], "scope=swarm": [],
    }.items():  # fmt: skip
        names = dock("network", "ls", "--no-trunc", "--filter", text, "--format", "{{.ID}} {{.Name}}").splitlines()
        assert {line.split()["host" in expected] for line in names} == set(expected), text
    for text in ("fly=1", "type=x", "dangling=x"):
        assert dock.run("network", "ls", "--filter", text).returncode == 1
    assert dock("network", "inspect", "--format", "{{.Name}}", two[:7]) == "two"


def test_pruned_are_those_without_containers_that_match(dock):
    for name in ("kept", "gone", "used"):
        dock("network", "create", "--label", f"what={name}", name)
    dock("run", "-d", "--network", "used", "busybox", "sleep", "1000")
    assert dock("network", "prune", "-f", "--filter", "until=1h") == ""
    assert dock("network", "prune", "-f", "--filter", "label=what=gone").split() == ["Deleted", "Networks:", "gone"]
    assert dock("network", "prune", "-f", "--filter", "label!=what=kept") == ""
    assert dock("network", "prune", "-f").split() == ["Deleted", "Networks:", "kept"]
    assert dock("network", "ls", "-q", "--filter", "type=custom").split() == [
        dock("network", "inspect", "--format", "{{.Id}}", "used")[:12]
    ]


def test_both_commands_do_it(command, dock, subnet):
    identifier = command(
        "network", "create", "--subnet", f"{subnet}.0/24", "--gateway", f"{subnet}.9", "--aux-address", f"r={subnet}.7",
        "--label", "a=b", "--opt", "com.docker.network.driver.mtu=1400", "mine",
    )  # fmt: skip
    assert len(identifier) == 64
    assert command("network", "ls") == dock("network", "ls")
    for options in (["-q", "--no-trunc"], ["--format", "json"], ["--filter", "label=a"], ["--format", "table {{.Name}} {{.Labels}}"]):
        assert command("network", "ls", *options) == dock("network", "ls", *options)
    assert command("network", "inspect", "mine") == dock("network", "inspect", "mine")
    assert command("network", "inspect", "--format", "{{.Driver}}", "mine") == "bridge"
    dock("run", "-d", "--name", "it", "busybox", "sleep", "1000")
    assert command("network", "connect", "--ip", f"{subnet}.77", "--alias", "x", "mine", "it") == ""
    assert dock.inspect("it")["NetworkSettings"]["Networks"]["mine"]["IPAddress"] == f"{subnet}.77"
    assert "has active endpoints" in command.run("network", "rm", "mine").stderr
    assert command("network", "prune", "-f") == ""
    assert command("network", "disconnect", "mine", "it") == ""
    assert command("network", "prune", "-f", "--filter", "label=a") == "Deleted Networks:\nmine\n"
    done = command.run("network", "rm", "nobody")
    assert done.returncode == 1 and "Error response from daemon: network nobody not found" in done.stderr
    assert command("network", "rm", "--force", "nobody") == ""
    assert "network nobody not found" in command.run("network", "inspect", "nobody").stderr
    assert "no matching subnet for gateway 10.1.2.3" in command.run(
        "network", "create", "--subnet", f"{subnet}.0/24", "--gateway", "10.1.2.3", "new"
    ).stderr


REFUSED = {
    "exists": ({"Name": "there", "CheckDuplicate": True}, 409, "network with name there already exists"),
    "bridge": ({"Name": "bridge"}, 403, "operation is not permitted on predefined bridge network"),
    "default": ({"Name": "default"}, 403, "operation is not permitted on predefined default network"),
    "no name": ({"Name": ""}, 400, "invalid name: "),
    "driver": ({"Driver": "fly"}, 404, 'plugin "fly" not found'),
    "host": ({"Driver": "host"}, 403, 'only one instance of "host" network is allowed'),
    "IPAM driver": ({"IPAM": {"Driver": "fly"}}, 404, 'plugin "fly" not found'),
    "swarm": ({"Scope": "swarm"}, 403, "cannot create a swarm scoped network when swarm is not active"),
    "no CIDR": ({"IPAM": {"Config": [{"Subnet": "10.9.0.0"}]}}, 400, "nvalid subnet 10.9.0.0"),
    "no subnet": ({"IPAM": {"Config": [{"Gateway": "10.9.0.1"}]}}, 400, "nvalid subnet"),
    "range": ({"IPAM": {"Config": [{"Subnet": "10.99.0.0/24", "IPRange": "bad"}]}}, 400, "bad"),
    "gateway": ({"IPAM": {"Config": [{"Subnet": "10.99.0.0/24", "Gateway": "bad"}]}}, 400, "invalid gateway"),
    "network's": (
        {"IPAM": {"Config": [{"Subnet": "10.99.0.0/24", "Gateway": "10.99.0.0"}]}}, 403,
        "failed to allocate gateway (10.99.0.0): Address already in use",
    ),
    "subnets": (
        {"IPAM": {"Config": [{"Subnet": "10.98.0.0/24"}, {"Subnet": "10.99.0.0/24"}]}}, 403,
        "bridge driver doesn't support multiple subnets",
    ),
    "too small": ({"IPAM": {"Config": [{"Subnet": "10.99.0.0/31"}]}}, 400, "No available addresses on this pool"),
    "MTU": ({"Options": {"com.docker.network.driver.mtu": "x"}}, 400, "failed to parse com.docker.network.driver.mtu value: x"),
    "ICC": ({"Options": {f"{BRIDGE}.enable_icc": "x"}}, 400, f"failed to parse {BRIDGE}.enable_icc value: x"),
    "binding": (
        {"Options": {f"{BRIDGE}.host_binding_ipv4": "x"}}, 400, f"failed to parse {BRIDGE}.host_binding_ipv4 value: x"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_and_leaves_nothing(engine, dock, create, case):
    dock("network", "create", "there")
    before = set(links())
    settings, status, message = REFUSED[case]
    answer, body = create(settings.get("Name", "new"), **{key: settings[key] for key in settings if key != "Name"})
    # dockerd 20.10 had no status for most of what is wrong in a request.
    assert answer == status or (engine.kind == "dockerd" and answer == 500)
    assert message in body["message"]
    assert set(links()) == before
    assert dock("network", "ls", "-q", "--filter", "name=^new$") == ""


def test_subnets_do_not_overlap(dock, create, subnet):
    dock("network", "create", "--subnet", f"{subnet}.0/24", "there")
    for taken in (f"{subnet}.0/24", f"{subnet}.128/25", f"{subnet.rpartition('.')[0]}.0.0/16"):
        status, body = create("new", IPAM={"Config": [{"Subnet": taken}]})
        assert status == 403 and "Pool overlaps with other one on this address space" in body["message"]


@pytest.mark.proa_only("dockerd has them, or takes them and does nothing")
@pytest.mark.parametrize(
    ("settings", "status", "culprit"),
    [
        ({"Driver": "overlay"}, 501, "overlay"),
        ({"Options": {f"{BRIDGE}.trusted_host_interfaces": "eth0"}}, 501, "trusted_host_interfaces"),
        ({"IPAM": {"Config": [{"Subnet": "fd00::/64"}]}}, 400, "IPv6"),
        ({"IPAM": {"Config": [{"Subnet": "10.99.0.5/24"}]}}, 400, "it should be 10.99.0.0/24"),
        ({"IPAM": {"Config": [{"Subnet": "127.5.0.0/24"}]}}, 403, "interface lo"),
        ({"Options": {f"{BRIDGE}.name": "lo"}}, 403, "lo"),
    ],
    ids=str,
)  # fmt: skip
def test_what_there_is_not_yet_is_refused_by_name(create, dock, settings, status, culprit):
    answer, body = create("new", **settings)
    assert answer == status and culprit in body["message"]


def test_what_a_container_has_left_can_be_removed(dock):
    for _ in range(5):
        dock("network", "create", "left")
        dock("run", "-d", "--name", "leaver", "--network", "left", "busybox", "sleep", "1000")
        dock("kill", "leaver")
        dock("network", "rm", "left")
        dock("rm", "leaver")


def test_what_cannot_be_removed(dock):
    assert "bridge is a pre-defined network and cannot be removed" in dock.run("network", "rm", "bridge").stderr
    assert "network nobody not found" in dock.run("network", "rm", "nobody").stderr
    dock("network", "create", "used")
    dock("run", "-d", "--name", "user", "--network", "used", "busybox", "sleep", "1000")
    assert "error while removing network: network used" in (refused := dock.run("network", "rm", "used").stderr)
    assert "has active endpoints" in refused
    dock("rm", "-f", "user")
    dock("network", "rm", "used")


def test_events(dock):
    began = time.time()
    identifier = dock("network", "create", "told")
    container = dock("run", "-d", "--network", "told", "busybox", "sleep", "1000")
    dock("network", "disconnect", "told", container)
    dock("network", "connect", "told", container)
    dock("rm", "-f", container)
    dock("network", "rm", "told")
    lines = dock(
        "events", "--since", f"{began:.9f}", "--until", f"{time.time():.9f}", "--filter", "type=network",
        "--filter", f"network={identifier}", "--format", "{{json .}}",
    )  # fmt: skip
    # dockerd 20.10 tells of a disconnection twice.
    events = [
        event for before, event in itertools.pairwise([{}, *map(json.loads, lines.splitlines())])
        if event["Action"] != before.get("Action")
    ]  # fmt: skip
    assert all(event["Actor"]["Attributes"]["name"] == "told" for event in events)
    told = [(event["Action"], event["Actor"]["Attributes"].get("container")) for event in events]
    assert told == [
        ("create", None), ("connect", container), ("disconnect", container), ("connect", container),
        ("disconnect", container), ("destroy", None),
    ]  # fmt: skip


@pytest.mark.own_engine
@pytest.mark.proa_only("dockerd needs --live-restore for some of this, and then forgets addresses")
def test_networks_outlive_the_daemon(other_engine, dock_on):
    engine = other_engine()
    dock = dock_on(engine)
    dock("network", "create", "--label", "a=b", "kept")
    dock("network", "create", "second")
    dock("run", "-d", "--name", "there", "--network", "kept", "busybox", "sleep", "1000")
    dock("network", "connect", "second", "there")

    def known():
        return json.loads(dock("network", "inspect", "kept", "second")), dock.inspect("there")["NetworkSettings"]

    before = known()
    engine.kill()
    engine.start()
    assert known() == before
    dock("network", "create", "third")
    assert dock("network", "inspect", "--format", "{{(index .IPAM.Config 0).Subnet}}", "third") not in {
        network["IPAM"]["Config"][0]["Subnet"] for network in before[0]
    }
    dock("rm", "-f", "there")
    dock("network", "prune", "-f")
    assert not [name for name in links() if name.startswith("br-") and links()[name].get("master") is None and name in str(before)]


@pytest.mark.own_engine
@pytest.mark.proa_only("the option is Docker's, the tables are ours")
def test_pools_of_ones_own(other_engine, dock_on):
    dock = dock_on(other_engine("--default-address-pool", "base=10.77.8.0/23,size=24"))
    subnets = []
    for name in ("one", "two"):
        dock("network", "create", name)
        subnets.append(dock("network", "inspect", "--format", "{{(index .IPAM.Config 0).Subnet}}", name))
    assert subnets == ["10.77.8.0/24", "10.77.9.0/24"]
    assert "all predefined address pools have been fully subnetted" in dock.run("network", "create", "three").stderr
    dock("network", "rm", "one")
    dock("network", "create", "three")
