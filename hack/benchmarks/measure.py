"""Running contestants in turn, and tables of what came out."""

import os
import shutil
import statistics
import subprocess
import time
from pathlib import Path

RELEASE = Path(__file__).resolve().parents[2] / ".build/release"


def installed(candidates):
    """Those of `{name: path or command}` that are there; says which are not."""
    found = {}
    for name, command in candidates.items():
        path = shutil.which(str(command))
        if path:
            found[name] = path
        else:
            print(f"left out: {name} ({command} is not there)")
    return found


def timed(arguments):
    """Wall and CPU time in ms of a command and all the processes that it waited for."""
    start = time.perf_counter()
    process = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    complaint = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(arguments)}: exit code {process.returncode}: {complaint.decode().strip()}")
    return {"wall": wall * 1e3, "cpu": (usage.ru_utime + usage.ru_stime) * 1e3}


def peak(arguments):
    """Peak memory in KiB of the largest process among a command and those that it waited for.

    A child starts with its parent's peak, so the parent must be something smaller than this interpreter.
    """
    wrapped = ["/usr/bin/time", "-f", "%M", *arguments]
    done = subprocess.run(wrapped, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    return {"peak": int(done.stderr.split()[-1])}


def interleaved(contestants, rounds):
    """Medians of `rounds` runs of each `{name: function(round) -> figures}`, one after the other in every round."""
    figures = {name: [] for name in contestants}
    for index in range(-2, rounds):
        for name, contestant in contestants.items():
            result = contestant(index)
            if index >= 0:  # the first two rounds warm the caches
                figures[name].append(result)
    return {
        name: {key: statistics.median(run[key] for run in runs) for key in runs[0]} for name, runs in figures.items()
    }


def print_table(title, medians, columns, reference):
    """A Markdown table of medians with their ratios to those of `reference`."""
    print(f"\n### {title}\n")
    print("| | " + " | ".join(f"{label} | ×" for label in columns.values()) + " |")
    print("| --- |" + " ---: | ---: |" * len(columns))
    for name, figures in medians.items():
        cells = []
        for key in columns:
            base = medians[reference][key]
            cells += [f"{figures[key]:.1f}", f"{figures[key] / base:.2f}" if base else ""]
        print(f"| {name} | " + " | ".join(cells) + " |")
