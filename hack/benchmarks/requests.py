"""Requests over one connection that is kept: the time and the daemon's CPU time of each."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from . import engines, measure

APART = Path(__file__).resolve().parents[1] / "lib/apart"
TARGETS = {"_ping": "/_ping", "list": "/containers/json?all=1"}
CONTAINERS = 20
BATCH = 500  # requests of one measurement: a single one is shorter than the clock tick of the CPU account


def run(rounds):
    if not os.environ.get("PROA_TEST_APART"):  # dockerd would take this machine's docker0 and its iptables rules
        sys.exit(subprocess.run([APART, *sys.argv]).returncode)
    with tempfile.TemporaryDirectory(prefix="proa-bench-") as folder, ExitStack() as stack:
        started = [stack.enter_context(engines.started(kind, Path(folder))) for kind in ("proa", "dockerd")]
        for engine in started:
            for _ in range(CONTAINERS):
                engine.docker("create", "busybox", "true")
        for name, target in TARGETS.items():
            contestants = {engine.kind: measured(engine, target) for engine in started}
            medians = measure.interleaved(contestants, rounds)
            columns = {"wall": "µs", "cpu": "daemon's CPU µs"}
            measure.print_table(f"{name}: GET {target}, {CONTAINERS} containers", medians, columns, "proa")


def measured(engine, target):
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(f"{engine.folder}/sock")
    request = f"GET {target} HTTP/1.1\r\nHost: docker\r\n\r\n".encode()

    def batch(_):
        cpu, start = engine.cpu(), time.perf_counter()
        for _ in range(BATCH):
            exchange(connection, request)
        wall = time.perf_counter() - start
        return {"wall": wall * 1e6 / BATCH, "cpu": (engine.cpu() - cpu) * 1e3 / BATCH}

    return batch


def exchange(connection, request):
    """Sends a request and reads its answer, by length or in chunks: dockerd sends a list in the latter."""
    connection.sendall(request)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += received(connection)
    head, _, body = answer.partition(b"\r\n\r\n")
    if b"Transfer-Encoding: chunked" in head:
        while not body.endswith(b"0\r\n\r\n"):
            body += received(connection)
        return
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length"))
    while len(body) < length:
        body += received(connection)


def received(connection):
    piece = connection.recv(1 << 20)
    if not piece:
        raise SystemExit("the daemon closed the connection")
    return piece
