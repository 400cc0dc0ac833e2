"""`docker run --rm busybox true` on Proa and on Debian's dockerd: the engine's CPU time, not the client's."""

import time

from . import engines, measure


def run(rounds):
    with engines.all_started() as started:
        medians = measure.interleaved({engine.kind: measured(engine) for engine in started}, rounds)
    columns = {"cpu": "engine CPU ms, the container's in it", "wall": "client's wall ms"}
    measure.print_table(f"docker run --rm busybox true ({rounds} rounds)", medians, columns, "proa")


def measured(engine):
    """Daemon, shims, runtimes and the container count; the docker command does not."""

    def once(_):
        cpu, start = engine.cpu(), time.perf_counter()
        engine.docker("run", "--rm", "busybox", "true")
        wall = time.perf_counter() - start
        engine.settle()
        return {"cpu": engine.cpu() - cpu, "wall": wall * 1e3}

    return once
