"""`docker run --rm busybox true` on Proa and on Debian's dockerd: the engine's CPU time, not the client's."""

import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from . import engines, measure

APART = Path(__file__).resolve().parents[1] / "lib/apart"


def run(rounds):
    if not os.environ.get("PROA_TEST_APART"):  # dockerd would take this machine's docker0 and its iptables rules
        sys.exit(subprocess.run([APART, *sys.argv]).returncode)
    with tempfile.TemporaryDirectory(prefix="proa-bench-") as folder, ExitStack() as stack:
        started = [stack.enter_context(engines.started(kind, Path(folder))) for kind in ("proa", "dockerd")]
        contestants = {engine.kind: measured(engine) for engine in started}
        medians = measure.interleaved(contestants, rounds)
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
