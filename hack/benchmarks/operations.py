"""What the engine does for one container, asked for over the API and without a network: its CPU time, all processes counted."""

import json
import time

from . import engines, measure
from .connection import Connection

TRUE = {"Image": "busybox", "Cmd": ["true"], "HostConfig": {"NetworkMode": "none"}}
IDLE = {"Image": "busybox", "Cmd": ["sleep", "1000000"], "HostConfig": {"NetworkMode": "none"}}
EXEC = {"Cmd": ["true"], "AttachStdout": True}
BATCH = 5  # of one measurement: a single one is near the clock tick of the CPU account


def run(rounds):
    with engines.all_started() as started:
        connections = {engine.kind: Connection(f"{engine.folder}/sock") for engine in started}
        cases = {"create, start, wait, delete": live, "exec true": execute}
        for name, case in cases.items():
            contestants = {engine.kind: measured(engine, case, connections[engine.kind]) for engine in started}
            columns = {"cpu": "engine's CPU ms", "wall": "wall ms"}
            measure.print_table(f"{name}, no network", measure.interleaved(contestants, rounds), columns, "proa")


def measured(engine, case, connection):
    act = case(connection)

    def batch(_):
        cpu, start = engine.cpu(), time.perf_counter()
        for _ in range(BATCH):
            act()
        wall = time.perf_counter() - start
        engine.settle()
        return {"wall": wall * 1e3 / BATCH, "cpu": (engine.cpu() - cpu) / BATCH}

    return batch


def live(connection):
    def once():
        container = json.loads(connection.ask("POST", "/containers/create", TRUE))["Id"]
        connection.ask("POST", f"/containers/{container}/start")
        connection.ask("POST", f"/containers/{container}/wait")
        connection.ask("DELETE", f"/containers/{container}")

    return once


def execute(connection):
    container = json.loads(connection.ask("POST", "/containers/create", IDLE))["Id"]
    connection.ask("POST", f"/containers/{container}/start")

    def once():
        session = json.loads(connection.ask("POST", f"/containers/{container}/exec", EXEC))["Id"]
        run_to_its_end(connection.socket.getpeername(), session)

    return once


def run_to_its_end(path, session):
    """The streams take the connection over, and end with the session."""
    connection = Connection(path)
    connection.send("POST", f"/exec/{session}/start", {"Detach": False, "Tty": False})
    while connection.socket.recv(1 << 16):
        pass
    connection.close()
