"""kill -9 of the daemon at random moments while networks come and go and containers are connected: what it tells afterwards is
what the kernel and the database have, and nothing is half done.

PROA_TEST_KILLS is how often (20), PROA_TEST_SEED repeats a run's choices, but not the machine's timing.
"""

import collections
import concurrent.futures
import contextlib
import json
import os
import random
import secrets
import subprocess
import time

import docker
import pytest

from kernel_state import everything_told, nothing, rows, unlike
from leaks import listing
from polling import eventually
from random_load import GONE

pytestmark = [pytest.mark.own_engine, pytest.mark.proa_only("the tables and the database are ours")]

KILLS = int(os.environ.get("PROA_TEST_KILLS", 20))
LONGEST = 1.5  # seconds of load before a kill
CLIENTS = 5
NETWORKS = [f"n{number}" for number in range(6)]
CONTAINERS = [f"c{number}" for number in range(8)]


class NetworkLoad:
    def __init__(self, host, choices):
        self.host, self.choices = host, choices
        self.counts = collections.Counter()
        self.failures = []

    @contextlib.contextmanager
    def running(self):
        """While the body runs, which ends the engine."""
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            clients = [pool.submit(self.act, self.choices.getrandbits(64)) for _ in range(CLIENTS)]
            yield
        for client in clients:
            client.result()

    def act(self, seed):
        choices = random.Random(seed)
        operations = (self.make, self.make, self.unmake, self.create, self.start, self.start, self.connect, self.connect,
                      self.disconnect, self.kill, self.remove, self.prune)  # fmt: skip
        with contextlib.suppress(*GONE):
            with contextlib.closing(docker.DockerClient(base_url=self.host, timeout=30)) as client:
                while True:
                    self.attempt(choices.choice(operations), client.api, choices)

    def attempt(self, operation, api, choices):
        """Once; a refusal is as good as a success."""
        try:
            operation(api, choices.choice(NETWORKS), choices.choice(CONTAINERS), choices)
            self.counts[operation.__name__] += 1
        except docker.errors.APIError as error:
            if error.response.status_code not in (304, 403, 404, 409) and "is not connected to" not in str(error):
                self.failures.append(f"{operation.__name__}: {error}")

    def make(self, api, network, container, choices):
        api.create_network(network, internal=choices.random() < 0.2)

    def unmake(self, api, network, container, choices):
        api.remove_network(network)

    def prune(self, api, network, container, choices):
        api.prune_networks()

    def create(self, api, network, container, choices):
        mode = choices.choice([network, network, "bridge", "none"])
        host = api.create_host_config(network_mode=mode, port_bindings={80: None})
        api.create_container("busybox", ["sleep", "1000"], name=container, host_config=host, ports=[80])

    def start(self, api, network, container, choices):
        api.start(container)

    def connect(self, api, network, container, choices):
        api.connect_container_to_network(container, network)

    def disconnect(self, api, network, container, choices):
        api.disconnect_container_from_network(container, choices.choice([network, "bridge"]))

    def kill(self, api, network, container, choices):
        api.kill(container)

    def remove(self, api, network, container, choices):
        api.remove_container(container, force=True)


def differences(engine, client):
    """What of the engine's answers is not so, and what is there that it does not tell of."""
    networks = client.api.networks(filters={"type": "custom"})
    told = [one for one in everything_told(client) if one["State"]["Running"]]
    places = {
        one["Id"]: {name: place for name, place in one["NetworkSettings"]["Networks"].items() if name != "none"} for one in told
    }
    bridges = {f"br-{network['Id'][:12]}" for network in networks}
    links = listing("ip", "-json", "link")
    endpoints = {
        f"{'bridge' if name == 'bridge' else place['NetworkID']} {identifier}"
        for identifier, there in places.items() for name, place in there.items()
    }  # fmt: skip
    ports = {port["HostPort"] for one in told for port in one["NetworkSettings"]["Ports"].get("80/tcp") or ()}
    yield unlike("bridges", {link["ifname"] for link in links if link["ifname"].startswith("br-")}, bridges)
    yield unlike("networks", rows(engine, "SELECT id FROM networks"), {network["Id"] for network in networks})
    yield unlike("endpoints", rows(engine, "SELECT network || ' ' || container_id FROM endpoints"), endpoints)
    attached = [link for link in links if link.get("master") in bridges | {engine.bridge}]
    yield unlike("links of bridges", len(attached), len(endpoints))
    yield unlike("bridges in the rules", elements(engine, "set", "bridges"), bridges | {engine.bridge})
    subnets = {network["IPAM"]["Config"][0]["Subnet"] for network in networks} | {f"{engine.subnet}.0/24"}
    yield unlike("subnets in the rules", elements(engine, "set", "subnets"), subnets)
    yield unlike("published ports", elements(engine, "map", "any_address_ports"), ports)
    for one in told:
        there = places[one["Id"]].values()
        yield unlike(f"addresses of {one['Id']}", addresses(one["State"]["Pid"]), {place["IPAddress"] for place in there})
        outward = [name for name in places[one["Id"]] if not internal(networks, name)]
        gateway = {places[one["Id"]][min(outward)]["Gateway"]} if outward else set()
        yield unlike(f"way out of {one['Id']}", routes(one["State"]["Pid"]), gateway)


def internal(networks, name):
    return any(network["Internal"] for network in networks if network["Name"] == name)


def elements(engine, kind, name):
    command = ["nft", "--json", "list", kind, "ip", f"proa-{engine.bridge}", name]
    listed = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return {text(element) for element in next(entry[kind] for entry in listed["nftables"] if kind in entry).get("elem", [])}


def text(element):
    if isinstance(element, list):  # of a map: the port is the last part of the key
        return str(element[0]["concat"][-1])
    return f"{element['prefix']['addr']}/{element['prefix']['len']}" if isinstance(element, dict) else element


def inside(pid, *command):
    done = subprocess.run(["nsenter", "--target", str(pid), "--net", *command], capture_output=True, text=True)
    return json.loads(done.stdout or "[]")


def addresses(pid):
    links = inside(pid, "ip", "-json", "-4", "address")
    return {address["local"] for link in links if link.get("ifname") != "lo" for address in link.get("addr_info", ())}


def routes(pid):
    return {route["gateway"] for route in inside(pid, "ip", "-json", "-4", "route", "show", "default")}


def test_killed_at_random_moments(other_engine):
    seed = os.environ.get("PROA_TEST_SEED") or secrets.token_hex(4)
    print(f"PROA_TEST_SEED={seed} PROA_TEST_KILLS={KILLS}")
    choices = random.Random(seed)
    engine = other_engine()
    load = NetworkLoad(engine.host, choices)
    for number in range(KILLS):
        with load.running():
            time.sleep(choices.uniform(0, LONGEST))  # a random moment is what is wanted
            engine.kill()
        engine.start()
        with contextlib.closing(docker.DockerClient(base_url=engine.host, timeout=30)) as client:
            with contextlib.ExitStack() as failure:
                failure.callback(lambda: print(engine.log.read_text()[-20_000:]))
                eventually(lambda: nothing([found for found in differences(engine, client) if found]),
                           what=f"all is well after kill {number + 1}")  # fmt: skip
                failure.pop_all()
        assert not load.failures, load.failures
    print(dict(load.counts))
    assert load.counts["connect"] and load.counts["make"], "it tested nothing"
