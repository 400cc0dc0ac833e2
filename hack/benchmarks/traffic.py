"""What goes through the default bridge: iperf3 and wrk, from the host by a published port, and from one container to another."""

import contextlib
import json
import re
import subprocess

from . import contestants, measure

SECONDS = 3
PAGES, BYTES = 8000, 5201  # ports


def run(started, folder, rounds):
    rounds = max(1, rounds // 10)
    pages = contestants.built(folder, "pages")
    with contextlib.ExitStack() as stack:
        places = {engine.kind: stack.enter_context(servers(engine, pages)) for engine in started}
        for title, key in (("throughput", throughput), ("connection rate", connections)):
            for way in ("host to container", "container to container"):
                contestants_ = {kind: measured(key, *places[kind][way]) for kind in places}
                medians = measure.interleaved(contestants_, rounds)
                measure.print_table(f"{title}, {way}", medians, {"figure": key.__doc__}, "proa")


def inside(engine, container):
    """What has a command run in the container's network."""
    pid = engine.docker("inspect", "--format", "{{.State.Pid}}", container).strip()
    return ["nsenter", "--target", pid, "--net"]


@contextlib.contextmanager
def servers(engine, pages):
    """For each way, what a client's command begins with, the server's address, and its ports there of bytes and pages."""
    shift = 10_000 if engine.kind == "proa" else 20_000
    ports = [f"--publish={port + shift}:{port}" for port in (PAGES, BYTES)]
    server = engine.docker("run", "--detach", *ports, "busybox", "sleep", "1000000").strip()
    client = engine.docker("run", "--detach", "busybox", "sleep", "1000000").strip()
    address = engine.docker("inspect", "--format", "{{.NetworkSettings.IPAddress}}", server).strip()
    there = inside(engine, server)
    processes = [
        subprocess.Popen([*there, pages, str(PAGES)], stdout=subprocess.PIPE, text=True),
        subprocess.Popen([*there, "iperf3", "--server", "--forceflush"], stdout=subprocess.PIPE, text=True),
    ]
    try:
        for process, word in zip(processes, ("ready", "listening"), strict=True):
            while word not in process.stdout.readline():
                if process.poll() is not None:
                    raise SystemExit(f"{process.args[-2:]} ended")
        host = engine.docker("network", "inspect", "--format", "{{(index .IPAM.Config 0).Gateway}}", "bridge").strip()
        yield {
            "host to container": ([], host, BYTES + shift, PAGES + shift),
            "container to container": (inside(engine, client), address, BYTES, PAGES),
        }
    finally:
        for process in processes:
            process.kill()
            process.communicate()
        engine.docker("rm", "--force", server, client)


def measured(figure, prefix, address, bytes_port, pages_port):
    return lambda _: {"figure": figure(prefix, address, bytes_port, pages_port)}


def throughput(prefix, address, port, _):
    """Gbit/s"""
    command = [*prefix, "iperf3", "--client", address, "--port", str(port), "--time", str(SECONDS), "--json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["end"]["sum_received"]["bits_per_second"] / 1e9


def connections(prefix, address, _, port):
    """connections a second"""
    command = [*prefix, "wrk", "--threads", "1", "--connections", "32", "--duration", f"{SECONDS}s", "--header",
               "Connection: close", f"http://{address}:{port}/"]  # fmt: skip
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(re.search(r"Requests/sec:\s*([0-9.]+)", done.stdout).group(1))
