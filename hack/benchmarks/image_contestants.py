"""Who pulls, loads, saves and removes images: whole engines by the docker command, Podman, ctr with its containerd, skopeo."""

import os
import shutil
import subprocess
import time
from pathlib import Path

HIERARCHY = Path("/sys/fs/cgroup/cpuacct") if Path("/sys/fs/cgroup/cpuacct").is_dir() else Path("/sys/fs/cgroup")
CONTAINERD = """
version = 2
root = "{folder}/root"
state = "{folder}/state"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
[grpc]
  address = "{folder}/sock"
"""


class ByEngine:
    """A daemon that the docker command asks; the command's own time and memory do not count."""

    def __init__(self, engine):
        self.engine, self.name = engine, engine.kind
        self.cpu, self.settle = engine.cpu, engine.settle

    def pull(self, image):
        self.engine.docker("pull", "--quiet", image)

    def remove(self, image):
        self.engine.docker("rmi", image)

    def load(self, archive):
        self.engine.docker("load", "--quiet", "--input", archive)

    def save(self, image):
        with open("/dev/null", "wb") as nowhere:
            subprocess.run(["docker", "save", image], env=self.engine.environment, stdout=nowhere, check=True)

    def forget_peak(self):
        Path(f"/proc/{self.engine.daemon.pid}/clear_refs").write_text("5")

    def peak(self):
        return high_water(self.engine.daemon.pid)


class Grouped:
    """Programs that run in a cgroup of their own, whose CPU time is what counts."""

    def __init__(self, name, folder):
        self.name, self.folder, self.largest = name, folder / name, 0
        self.folder.mkdir()
        self.group = HIERARCHY / f"bench-{name}"

    def enter(self):
        self.group.mkdir(exist_ok=True)
        (self.group / "cgroup.procs").write_text("0")

    def command(self, *arguments):
        process = subprocess.Popen(
            list(map(str, arguments)), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=self.enter,
            env=os.environ | {"TMPDIR": str(self.folder)})
        error = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.largest = max(self.largest, usage.ru_maxrss)
        if status:
            raise SystemExit(f"{' '.join(map(str, arguments))}: {error.decode()[-1000:]}")

    def cpu(self):
        """CPU time so far in ms."""
        if not self.group.is_dir():
            return 0
        if (usage := self.group / "cpuacct.usage").exists():
            return int(usage.read_text()) / 1e6
        return int((self.group / "cpu.stat").read_text().split()[1]) / 1e3

    def settle(self):
        pass

    def forget_peak(self):
        self.largest = 0

    def peak(self):
        return self.largest / 1024

    def stop(self):
        pass


class Podman(Grouped):
    def podman(self, *arguments):
        self.command(
            "podman", "--root", self.folder / "data", "--runroot", self.folder / "run", "--tmpdir", self.folder / "tmp",
            "--storage-driver", "overlay", *arguments)

    def pull(self, image):
        self.podman("pull", "--quiet", "--tls-verify=false", image)

    def remove(self, image):
        self.podman("rmi", image)

    def load(self, archive):
        self.podman("load", "--quiet", "--input", archive)

    def save(self, image):
        self.podman("save", "--quiet", "--output", "/dev/stdout", image)

    def stop(self):
        subprocess.run(["umount", "--lazy", self.folder / "data/overlay"], capture_output=True)  # if it is mounted


class Ctr(Grouped):
    """Its containerd unpacks; both count."""

    def __init__(self, name, folder):
        super().__init__(name, folder)
        configuration = self.folder / "config.toml"
        configuration.write_text(CONTAINERD.format(folder=self.folder))
        with (self.folder / "log").open("wb") as log:
            self.daemon = subprocess.Popen(
                ["containerd", "--config", configuration], stdout=log, stderr=log, preexec_fn=self.enter)
        deadline = time.monotonic() + 20
        while subprocess.run([*self.base, "version"], capture_output=True).returncode:
            if time.monotonic() > deadline:
                self.stop()
                raise SystemExit("containerd does not answer")

    @property
    def base(self):
        return ["ctr", "--address", self.folder / "sock"]

    def pull(self, image):
        self.command(*self.base, "images", "pull", "--plain-http", image)

    def remove(self, image):
        self.command(*self.base, "images", "rm", "--sync", image)

    def load(self, archive):
        self.command(*self.base, "images", "import", archive)

    def save(self, image):
        self.command(*self.base, "images", "export", "/dev/null", image)

    def forget_peak(self):
        Path(f"/proc/{self.daemon.pid}/clear_refs").write_text("5")

    def peak(self):
        return high_water(self.daemon.pid)

    def stop(self):
        self.daemon.terminate()
        self.daemon.wait(30)


class Skopeo(Grouped):
    """It unpacks nothing: what it does is a part of what the others do."""

    def pull(self, image):
        self.command("skopeo", "copy", "--quiet", "--src-tls-verify=false", f"docker://{image}", f"dir:{self.folder}/copy")

    def remove(self, _):
        shutil.rmtree(self.folder / "copy")


def high_water(pid):
    """MB that a process had at most since that was forgotten."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
