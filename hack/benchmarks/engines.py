"""Whole engines to measure, each in a cgroup of its own and with a busybox image in it."""

import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

from . import measure

APART = Path(__file__).resolve().parents[1] / "lib/apart"
SUBNETS = {"proa": "10.198.7.1/24", "dockerd": "10.199.7.1/24"}
CONTAINERS = {"proa": "proa-proabench", "dockerd": "docker"}  # the parent cgroup of each engine's containers


class Engine:
    """A daemon whose CPU time is that of its cgroup and of its containers' parent: both count what has ended too."""

    def __init__(self, kind, folder, arguments=()):
        self.kind = kind
        self.arguments = arguments
        self.folder = folder / kind
        self.exec_root = Path(f"/run/bench-{kind}")  # hack/lib/apart's own tmpfs: what both have there by default
        self.environment = os.environ | {"DOCKER_HOST": f"unix://{self.folder}/sock", "DOCKER_CONFIG": str(self.folder)}
        hierarchy = Path("/sys/fs/cgroup/cpuacct")
        self.hierarchy = hierarchy if hierarchy.is_dir() else Path("/sys/fs/cgroup")

    def start(self):
        self.folder.mkdir()
        with (self.folder / "log").open("wb") as log:
            self.daemon = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=self.enter)
        deadline = time.monotonic() + 30
        while not self.answers():
            if self.daemon.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"{self.kind} does not answer:\n{(self.folder / 'log').read_text()[-2000:]}")

    def command(self):
        arguments = [
            "-H", f"unix://{self.folder}/sock", "--data-root", self.folder / "data", "--exec-root", self.exec_root,
            "--bip", SUBNETS[self.kind], *self.arguments,
        ]
        if self.kind == "dockerd":
            return ["dockerd", *arguments, "--pidfile", self.folder / "pid"]
        return [measure.RELEASE / "proa", "daemon", *arguments, "--bridge", "proabench"]

    def enter(self):
        group = self.hierarchy / f"bench-{self.kind}"
        group.mkdir(exist_ok=True)
        (group / "cgroup.procs").write_text("0")

    def answers(self):
        return subprocess.run(["docker", "version"], env=self.environment, capture_output=True).returncode == 0

    def docker(self, *arguments):
        done = subprocess.run(["docker", *arguments], env=self.environment, capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"{self.kind}: docker {' '.join(map(str, arguments))}: {done.stderr}")
        return done.stdout

    def cpu(self):
        """CPU time so far in ms."""
        return sum(map(self.cpu_of, (f"bench-{self.kind}", CONTAINERS[self.kind])))

    def cpu_of(self, name):
        group = self.hierarchy / name
        if not group.is_dir():
            return 0
        if (usage := group / "cpuacct.usage").exists():
            return int(usage.read_text()) / 1e6
        return int((group / "cpu.stat").read_text().split()[1]) / 1e3

    def memory(self):
        """Proportional memory of the engine's own processes in KB: the daemon's and those that it has started for itself."""
        group = self.hierarchy / f"bench-{self.kind}" / "cgroup.procs"
        return sum(proportional(pid) for pid in group.read_text().split())

    def settle(self):
        """Waits until the engine has finished what it does after the client was told: its CPU time stands still."""
        before = -1.0
        while (now := self.cpu()) - before > 0.5:
            before = now
            time.sleep(0.05)  # the pause is the measurement: work in it is work of the last run

    def stop(self):
        if left := self.docker("ps", "--all", "--quiet").split():
            self.docker("rm", "--force", *left)
        self.daemon.terminate()
        self.daemon.wait(30)
        for line in reversed(Path("/proc/self/mountinfo").read_text().splitlines()):
            if (path := line.split()[4]).startswith((f"{self.folder}/", f"{self.exec_root}/")):  # dockerd leaves a namespace mounted
                subprocess.run(["umount", "--lazy", path], check=True)


def proportional(pid):
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:  # it has ended
        return 0
    return sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))


@contextmanager
def all_started(kinds=("proa", "dockerd"), **arguments):
    """An engine of each kind, apart from this machine's network and cgroups: dockerd would take its docker0 and its rules.
    With more arguments for those that are named."""
    if not os.environ.get("PROA_TEST_APART"):
        sys.exit(subprocess.run([APART, *sys.argv]).returncode)
    with tempfile.TemporaryDirectory(prefix="proa-bench-") as folder, ExitStack() as stack:
        yield [stack.enter_context(started(kind, Path(folder), arguments.get(kind, ()))) for kind in kinds]


@contextmanager
def started(kind, folder, arguments=()):
    engine = Engine(kind, folder, arguments)
    engine.start()
    try:
        archive = engine.folder / "busybox.tar"
        image = Path(__file__).resolve().parents[1] / "image"
        subprocess.run([image, "busybox", archive], check=True, stdout=subprocess.DEVNULL)
        engine.docker("load", "--input", archive)
        yield engine
    finally:
        engine.stop()
