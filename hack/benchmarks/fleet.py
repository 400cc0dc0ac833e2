"""500 idle containers: the manager's memory and that of its shims, and whether anything takes longer because of them."""

import json
import statistics
import time
from pathlib import Path

from . import engines, measure
from .connection import Connection
from .operations import EXEC, IDLE, TRUE, run_to_its_end

COUNT = 500
STREAMED = 100
SECONDS = 10  # for which the statistics are streamed
PAUSE = 2  # without work before memory is read: shims give some back when they have nothing to do


def run(rounds):
    with engines.all_started(("proa",)) as (engine,):
        fleet = Fleet(engine)
        fleet.grow_to(1)
        alone = fleet.times(rounds)
        fleet.grow_to(STREAMED)
        share = fleet.share_of_streaming()
        fleet.grow_to(COUNT)
        among = fleet.times(rounds)
        print(f"\n### One of {COUNT} idle containers, wall ms\n")
        print(f"| | with 1 | with {COUNT} | × |\n| --- | ---: | ---: | ---: |")
        for name, time_alone in alone.items():
            cells = measure.shown(time_alone, 2), measure.shown(among[name], 2), f"{among[name] / time_alone:.2f}"
            print(f"| {name} | " + " | ".join(cells) + " |")
        time.sleep(PAUSE)
        manager, shims = memory(engine.daemon.pid, "Rss"), [memory(pid, "Pss") for pid in fleet.shims()]
        print(f"\nmanager {manager / 1024:.1f} MB RSS, {memory(engine.daemon.pid, 'Pss') / 1024:.1f} MB PSS; "
              f"{len(shims)} shims, {statistics.mean(shims):.0f} KiB PSS each (the largest {max(shims)})")
        print(f"statistics of {STREAMED} containers streamed for {SECONDS} s: {share:.2%} of a core")


class Fleet:
    def __init__(self, engine):
        self.engine = engine
        self.path = f"{engine.folder}/sock"
        self.connection = Connection(self.path)
        self.containers = []

    def grow_to(self, count):
        while len(self.containers) < count:
            container = json.loads(self.connection.ask("POST", "/containers/create", IDLE))["Id"]
            self.connection.ask("POST", f"/containers/{container}/start")
            self.containers.append(container)
        self.engine.settle()

    def times(self, rounds):
        """Median wall times of what is done to one container."""
        operations = {"start": self.start, "inspect": self.inspect, "exec true": self.execute}
        return {name: measure.Spread([operation() for _ in range(rounds)]) for name, operation in operations.items()}

    def start(self):
        container = json.loads(self.connection.ask("POST", "/containers/create", TRUE))["Id"]
        elapsed = timed(lambda: self.connection.ask("POST", f"/containers/{container}/start"))
        self.connection.ask("DELETE", f"/containers/{container}?force=1")
        return elapsed

    def inspect(self):
        return timed(lambda: self.connection.ask("GET", f"/containers/{self.containers[0]}/json"))

    def execute(self):
        def once():
            session = json.loads(self.connection.ask("POST", f"/containers/{self.containers[0]}/exec", EXEC))["Id"]
            run_to_its_end(self.path, session)

        return timed(once)

    def share_of_streaming(self):
        """The manager's share of a core while somebody watches the statistics of all containers."""
        streams = [Connection(self.path) for _ in self.containers]
        for container, stream in zip(self.containers, streams):
            stream.send("GET", f"/containers/{container}/stats?stream=1")
        for stream in streams:
            stream.until(b"\n")
        cpu, start = cpu_time(self.engine.daemon.pid), time.monotonic()
        while (elapsed := time.monotonic() - start) < SECONDS:
            for stream in streams:
                stream.socket.recv(1 << 16)
        share = (cpu_time(self.engine.daemon.pid) - cpu) / elapsed
        for stream in streams:
            stream.close()
        self.engine.settle()
        return share

    def shims(self):
        return [int((self.engine.exec_root / "containers" / container / "shim.pid").read_text())
                for container in self.containers]


def timed(body):
    start = time.perf_counter()
    body()
    return (time.perf_counter() - start) * 1e3


def cpu_time(pid):
    """Seconds, to the nanosecond: the sum over the threads that live."""
    return sum(int(path.read_text().split()[0]) for path in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e9


def memory(pid, key):
    """KiB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{key}:"))
