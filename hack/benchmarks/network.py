"""Networks: what they add to a container's start, and what goes through them, on Proa and on Debian's dockerd without its proxy."""

import json
import subprocess
import tempfile
import time
from pathlib import Path

from . import contestants, engines, measure, parallel, traffic
from .connection import Connection

BATCH = 5  # of one measurement: a single one is near the clock tick of the CPU account
PORTS = {f"{5000 + number}/tcp": [{"HostPort": str(20000 + number)}] for number in range(200)}
QUESTIONS = 20_000
AT_ONCE = 32


def run(rounds):
    with engines.all_started(dockerd=["--userland-proxy=false"]) as started, tempfile.TemporaryDirectory() as folder:
        compare(started, rounds, "create, start, kill, delete, on the default bridge", {"cpu": "CPU ms of bridge", "wall": "wall ms"}, bridge)
        compare(started, max(1, rounds // 10), f"{parallel.COUNT} starts in parallel", parallel.COLUMNS, parallel.measured)
        compare(started, rounds, "200 published ports", {"ports": "start ms", "none": "without ports", "memory": "KB more"}, published)
        program = contestants.built(Path(folder), "questions")
        columns = {"rate": "queries a second", "delay": "µs of one at a time"}
        compare(started, rounds, "DNS of one container", columns, lambda engine: names(engine, program))
        traffic.run(started, Path(folder), rounds)


def compare(started, rounds, title, columns, case):
    medians = measure.interleaved({engine.kind: case(engine) for engine in started}, rounds)
    measure.print_table(title, medians, columns, "proa")


def container(connection, **host):
    wish = {"Image": "busybox", "Cmd": ["sleep", "1000000"], "HostConfig": host}
    if "PortBindings" in host:
        wish["ExposedPorts"] = dict.fromkeys(host["PortBindings"], {})
    return json.loads(connection.ask("POST", "/containers/create", wish))["Id"]


def bridge(engine):
    """The engine's CPU time with a bridge less that without any network."""
    connection = Connection(f"{engine.folder}/sock")

    def lives(mode):
        cpu, start = engine.cpu(), time.perf_counter()
        for _ in range(BATCH):
            name = container(connection, NetworkMode=mode)
            connection.ask("POST", f"/containers/{name}/start")
            connection.ask("DELETE", f"/containers/{name}?force=1")
        wall = time.perf_counter() - start
        engine.settle()
        return (engine.cpu() - cpu) / BATCH, wall * 1e3 / BATCH

    def once(_):
        (with_cpu, with_wall), (cpu, wall) = lives("bridge"), lives("none")
        return {"cpu": with_cpu - cpu, "wall": with_wall - wall}

    return once


def published(engine):
    connection = Connection(f"{engine.folder}/sock")

    def start(**host):
        name = container(connection, **host)
        memory, begin = engine.memory(), time.perf_counter()
        connection.ask("POST", f"/containers/{name}/start")
        wall = time.perf_counter() - begin
        more = engine.memory() - memory
        connection.ask("DELETE", f"/containers/{name}?force=1")
        engine.settle()
        return wall * 1e3, more

    def once(_):
        none, usual = start()
        ports, memory = start(PortBindings=PORTS)
        return {"ports": ports, "none": none, "memory": memory - usual}

    return once


def names(engine, program):
    """Its own resolver's answers to a container about another one's name."""
    network = f"bench-{engine.kind}"
    engine.docker("network", "create", network)
    engine.docker("run", "--detach", "--name", "server", "--network", network, "busybox", "sleep", "1000000")
    client = engine.docker("run", "--detach", "--network", network, "busybox", "sleep", "1000000").strip()
    inside = traffic.inside(engine, client)

    def asked(at_once, count):
        command = [*inside, program, "server", str(at_once), str(count)]
        return map(int, subprocess.run(command, check=True, capture_output=True, text=True).stdout.split())

    def once(_):
        wall, _ = asked(AT_ONCE, QUESTIONS)
        _, delay = asked(1, QUESTIONS // 10)
        return {"rate": QUESTIONS / wall * 1e6, "delay": delay / 1e3}

    return once
