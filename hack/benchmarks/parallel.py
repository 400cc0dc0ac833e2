"""100 containers started at once: how long until all of them run, and what that costs."""

import json
import selectors
import time

from . import engines, measure
from .connection import Connection

COUNT = 100
COLUMNS = {"rate": "starts a second", "wall": "wall ms", "cpu": "engine's CPU ms"}
BODY = {"Image": "busybox", "Cmd": ["sleep", "1000000"]}


def run(rounds):
    with engines.all_started() as started:
        contestants = {engine.kind: measured(engine) for engine in started}
        medians = measure.interleaved(contestants, rounds)
    measure.print_table(f"{COUNT} containers started at once, on the default bridge", medians, COLUMNS, "proa")


def measured(engine):
    path = f"{engine.folder}/sock"

    def once(_):
        connection = Connection(path)
        containers = [json.loads(connection.ask("POST", "/containers/create", BODY))["Id"] for _ in range(COUNT)]
        engine.settle()
        cpu, start = engine.cpu(), time.perf_counter()
        at_once(path, [("POST", f"/containers/{container}/start") for container in containers])
        wall = time.perf_counter() - start
        figures = {"wall": wall * 1e3, "rate": COUNT / wall}
        engine.settle()
        figures["cpu"] = engine.cpu() - cpu
        for container in containers:
            connection.ask("DELETE", f"/containers/{container}?force=1")
        connection.close()
        engine.settle()
        return figures

    return once


def at_once(path, requests):
    """Sends all requests, each on a connection of its own, and reads all answers."""
    selector = selectors.DefaultSelector()
    for request in requests:
        connection = Connection(path)
        connection.send(*request)
        selector.register(connection, selectors.EVENT_READ)
    while selector.get_map():
        for key, _ in selector.select():
            key.fileobj.receive()
            selector.unregister(key.fileobj)
            key.fileobj.close()
