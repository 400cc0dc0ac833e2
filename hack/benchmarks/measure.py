"""Running contestants in turn, and tables of what came out."""

import os
import shutil
import statistics
import subprocess
import tempfile
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


def metered(command):
    """What a command of `meter.c` measures."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)[:1000]}: exit code {done.returncode}: {done.stderr.strip()}")
    wall, cpu, peak = map(int, done.stdout.split())
    return {"wall": wall / 1e3, "cpu": cpu / 1e3, "peak": peak}


def system_calls(meter, arguments):
    """How many all the processes of a measurement make, without the meter's own."""
    return counted([meter, *arguments]) - counted([meter])


def counted(command):
    with tempfile.NamedTemporaryFile("r", prefix="proa-bench-") as summary:
        strace = ["strace", "-f", "-c", "-U", "calls,name", "-o", summary.name, *command]
        subprocess.run(strace, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        return int(summary.read().splitlines()[-1].split()[0])


def circumstances(rounds):
    """Of what, when and where figures are: one line for a reader who compares them later."""
    git = ["git", "-C", str(RELEASE.parents[1]), "describe", "--always", "--dirty", "--exclude", "*"]
    commit = subprocess.run(git, capture_output=True, text=True).stdout.strip() or "unknown"
    return (f"Commit {commit}, {time.strftime('%Y-%m-%d %H:%M', time.gmtime())} UTC, Linux {os.uname().release}, "
            f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start; {rounds} rounds: "
            "medians, and in brackets the quartiles (of less than four rounds the least and the most).")


class Spread(float):
    """A median that knows what the middle half of the figures lies between."""

    def __new__(cls, figures):
        self = super().__new__(cls, statistics.median(figures))
        enough = len(figures) >= 4
        self.low, _, self.high = statistics.quantiles(figures) if enough else (min(figures), self, max(figures))
        return self


def shown(figure, digits=None):
    """With its spread, if it has one."""
    digits = (1 if figure < 1000 else 0) if digits is None else digits
    spread = f" ({figure.low:.{digits}f}–{figure.high:.{digits}f})" if isinstance(figure, Spread) else ""
    return f"{figure:.{digits}f}{spread}"


def interleaved(contestants, rounds):
    """Medians of `rounds` runs of each `{name: function(round) -> figures}`, one after the other in every round."""
    figures = {name: [] for name in contestants}
    for index in range(-2, rounds):
        for name, contestant in contestants.items():
            result = contestant(index)
            if index >= 0:  # the first two rounds warm the caches
                figures[name].append(result)
    return {
        name: {key: Spread([run[key] for run in runs]) for key in runs[0]} for name, runs in figures.items()
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
            cells += [shown(figures[key]), f"{figures[key] / base:.2f}" if base else ""]
        print(f"| {name} | " + " | ".join(cells) + " |")
