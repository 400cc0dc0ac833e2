"""Requests over one connection that is kept: the time and the daemon's CPU time of each."""

import time

from . import engines, measure
from .connection import Connection

TARGETS = {"_ping": ("/_ping", 500), "list": ("/containers/json?all=1", 20)}  # and how many requests are one measurement
CONTAINERS = 500
BODY = {"Image": "busybox", "Cmd": ["true"]}


def run(rounds):
    with engines.all_started() as started:
        connections = {engine.kind: Connection(f"{engine.folder}/sock") for engine in started}
        for connection in connections.values():
            for _ in range(CONTAINERS):
                connection.ask("POST", "/containers/create", BODY)
        for name, (target, count) in TARGETS.items():
            contestants = {engine.kind: measured(engine, connections[engine.kind], target, count) for engine in started}
            medians = measure.interleaved(contestants, rounds)
            for figures in medians.values():
                figures["rate"] = 1e6 / figures["wall"]
            columns = {"rate": "requests a second", "wall": "µs", "cpu": "daemon's CPU µs"}
            measure.print_table(f"{name}: GET {target}, {CONTAINERS} containers", medians, columns, "proa")


def measured(engine, connection, target, count):
    def batch(_):
        cpu, start = engine.cpu(), time.perf_counter()
        for _ in range(count):
            connection.ask("GET", target)
        wall = time.perf_counter() - start
        return {"wall": wall * 1e6 / count, "cpu": (engine.cpu() - cpu) * 1e3 / count}

    return batch
