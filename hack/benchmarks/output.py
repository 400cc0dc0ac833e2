"""What a container writes: 500 MB of lines into the log, and the log read back."""

import socket
import subprocess
import tempfile
import time
from pathlib import Path

from . import engines, measure

LINE = b"2026-01-01 12:00:00 INFO  request served path=/index.html status=200 bytes=5120 duration=0.004\n"
REPEATS = 100
LINES = 5_000_000 // len(LINE)  # of the file that is written that often
MEGABYTES = LINES * len(LINE) * REPEATS / 1e6


def run(rounds):
    with engines.all_started() as started, tempfile.NamedTemporaryFile(prefix="proa-bench-") as lines:
        lines.write(LINE * LINES)
        lines.flush()
        write = measure.interleaved({engine.kind: writing(engine, lines.name) for engine in started}, rounds)
        title = f"{MEGABYTES:.0f} MB in lines of {len(LINE)} bytes to stdout"
        print_table(f"{title}, driver json-file as each has it by default", write)
        containers = {engine: write_log(engine, lines.name, keep=True) for engine in started}
        logs = {engine.kind: reading(engine, by_socket, container) for engine, container in containers.items()}
        print_table("the log of that, kept whole: GET /containers/ID/logs", measure.interleaved(logs, rounds))
        command = {engine.kind: reading(engine, by_command, container) for engine, container in containers.items()}
        print_table("the same by docker logs, the command's own time in it", measure.interleaved(command, rounds))


def print_table(title, medians):
    measure.print_table(title, medians, {"wall": "ms", "cpu": "engine's CPU µs a MB"}, "proa")


def write_log(engine, lines, keep=False):
    """A container that has written everything, and has ended."""
    options = ["--log-opt", "max-size=4g"] if keep else []
    script = f"i=0; while [ $i -lt {REPEATS} ]; do cat /lines; i=$((i+1)); done"
    container = engine.docker(
        "run", "--detach", *options, "--volume", f"{lines}:/lines:ro", "busybox", "sh", "-c", script).strip()
    engine.docker("wait", container)
    return container


def measured(engine, body):
    cpu, start = engine.cpu(), time.perf_counter()
    body()
    wall = time.perf_counter() - start
    engine.settle()
    return {"wall": wall * 1e3, "cpu": (engine.cpu() - cpu) * 1e3 / MEGABYTES}


def writing(engine, lines):
    def once(_):
        written = []
        figures = measured(engine, lambda: written.append(write_log(engine, lines)))
        engine.docker("rm", *written)
        return figures

    return once


def reading(engine, read, container):
    return lambda _: measured(engine, lambda: read(engine, container))


def by_socket(engine, container):
    """A client that only takes what comes."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(f"{engine.folder}/sock")
        connection.sendall(f"GET /v1.41/containers/{container}/logs?stdout=1 HTTP/1.0\r\nHost: docker\r\n\r\n".encode())
        buffer, total = bytearray(1 << 20), 0
        while count := connection.recv_into(buffer):
            total += count
    if total < MEGABYTES * 1e6:
        raise SystemExit(f"{engine.kind}: {total} bytes of log")


def by_command(engine, container):
    subprocess.run(["docker", "logs", container], env=engine.environment, stdout=subprocess.DEVNULL, check=True)
