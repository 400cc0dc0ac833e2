"""Requests over connections that are kept: how many are answered, and the daemon's CPU time of each."""

import contextlib
import socket
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
            with floor(started[0], target, Path(folder)) as least:
                for connections in AT_ONCE:
                    compare([*started, least], [client, target, connections, count], rounds)


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


class Floor:
    """`floor_answers.c`: a server that knows its answer."""

    kind = "kernel floor"

    def __init__(self, folder, process):
        self.folder, self.process = folder, process

    def cpu(self):
        """CPU time so far in ms."""
        return int(Path(f"/proc/{self.process.pid}/schedstat").read_text().split()[0]) / 1e6


@contextlib.contextmanager
def floor(engine, target, folder):
    """A server that answers as `engine` does."""
    program = contestants.built(folder, "floor_answers")
    with tempfile.TemporaryDirectory(dir=folder) as place:
        place = Path(place)
        (place / "answer").write_bytes(answer(f"{engine.folder}/sock", target))
        process = subprocess.Popen([program, place / "sock", place / "answer"], stdout=subprocess.PIPE)
        try:
            process.stdout.readline()
            yield Floor(place, process)
        finally:
            process.kill()
            process.communicate()


def answer(path, target):
    """All bytes that the server at `path` answers with."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: connection.recv(1 << 20), b""))
