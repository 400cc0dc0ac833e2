"""Requests over connections that are kept: how many are answered, and the daemon's CPU time of each."""

import subprocess
import tempfile
from pathlib import Path

from . import contestants, engines, measure
from .connection import Connection

TARGETS = {"/_ping": 20_000, "/containers/json?all=1": 100}  # and how many requests are one measurement
AT_ONCE = 1, 16  # connections
CONTAINERS = 500
BODY = {"Image": "busybox", "Cmd": ["true"]}


def run(rounds):
    with engines.all_started() as started, tempfile.TemporaryDirectory(prefix="proa-bench-") as folder:
        client = contestants.built(Path(folder), "requests")
        for engine in started:
            fill(engine)
        for target, count in TARGETS.items():
            for connections in AT_ONCE:
                compare(started, [client, target, connections, count], rounds)


def fill(engine):
    connection = Connection(f"{engine.folder}/sock")
    for _ in range(CONTAINERS):
        connection.ask("POST", "/containers/create", BODY)
    connection.close()


def compare(started, arguments, rounds):
    client, target, connections, count = arguments
    medians = measure.interleaved(
        {engine.kind: measured(engine, client, target, connections, count) for engine in started}, rounds)
    columns = {"rate": "requests a second", "wall": "µs", "cpu": "daemon's CPU µs"}
    title = f"GET {target}, {CONTAINERS} containers, {connections} at a time"
    measure.print_table(title, medians, columns, "proa")


def measured(engine, client, target, connections, count):
    command = [client, f"{engine.folder}/sock", target, str(connections), str(count)]

    def batch(_):
        cpu = engine.cpu()
        wall = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        return {"wall": wall / count, "rate": 1e6 * count / wall, "cpu": (engine.cpu() - cpu) * 1e3 / count}

    return batch
