"""The engines that the suite can drive: our daemon, Debian's dockerd, or one that runs already."""

import contextlib
import os
import pathlib
import random
import signal
import subprocess

import docker

from polling import eventually

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
# What the daemons keep images and containers with: PROA_TEST_STORAGE_DRIVER=vfs; btrfs needs TMPDIR on one.
STORAGE_DRIVER = os.environ.get("PROA_TEST_STORAGE_DRIVER", "overlay2")
SNAPSHOTS = pathlib.Path("snapshots", STORAGE_DRIVER.replace("overlay2", "overlay"))
LAYER_FILES = "diff" if STORAGE_DRIVER == "overlay2" else "tree"  # in a layer's folder
BINARIES = pathlib.Path(os.environ.get("PROA_TEST_BIN", REPOSITORY / ".build/debug"))


class RunningEngine:
    """An engine that somebody else started, at PROA_TEST_HOST."""

    kind = "given"
    daemon = None
    folders = ()  # where to look for files that containers left

    def __init__(self, host):
        self.host = host

    def answers(self):
        try:
            with contextlib.closing(docker.DockerClient(base_url=self.host, timeout=5)) as client:
                return client.ping()
        except (docker.errors.DockerException, OSError):  # whatever is wrong, it does not answer yet
            return False

    def start(self):
        assert self.answers(), f"no engine answers on {self.host}"

    def stop(self):
        pass


class OwnEngine(RunningEngine):
    """An engine on folders, a socket, a bridge and an address range of its own."""

    def __init__(self, folder, *arguments):
        self.folder = folder
        self.data_root = folder / "data"
        self.exec_root = folder / "run"
        self.log = folder / "daemon.log"
        self.arguments = arguments
        self.subnet = f"10.{random.randint(200, 250)}.{random.randint(0, 255)}"
        super().__init__(f"unix://{folder}/engine.sock")

    def start(self):
        self.launch()
        eventually(lambda: self.daemon.poll() is not None or self.answers(), within=40, what="the daemon answers")
        assert self.daemon.poll() is None, f"the daemon ended:\n{self.log.read_text()[-3000:]}"

    def launch(self):
        """Starts it without waiting for it."""
        self.exec_root.mkdir(exist_ok=True)
        with self.log.open("ab") as log:
            self.daemon = subprocess.Popen(
                [*self.command(), *self.arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )

    def stop(self):
        self.daemon.terminate()
        self.daemon.wait(30)

    def kill(self):
        self.daemon.send_signal(signal.SIGKILL)
        self.daemon.wait(10)

    def command(self):
        raise NotImplementedError


class Proa(OwnEngine):
    kind = "proa"

    def __init__(self, folder, *arguments):
        super().__init__(folder, *arguments)
        self.bridge = f"prt{random.randint(0, 0xFFFFFF):06x}"
        self.folders = (self.data_root, self.exec_root)

    def stop(self):
        """Ends it and removes what a daemon leaves for containers that carry on: bridge, tables, parent cgroups."""
        super().stop()
        subprocess.run(["ip", "link", "delete", self.bridge], capture_output=True)
        for family in ("ip", "ip6"):
            subprocess.run(["nft", "delete", "table", family, f"proa-{self.bridge}"], capture_output=True)
        hierarchies = pathlib.Path("/sys/fs/cgroup")
        for parent in [*hierarchies.glob(f"*/proa-{self.bridge}"), hierarchies / f"proa-{self.bridge}"]:
            with contextlib.suppress(OSError):  # containers are in it, or there is none
                parent.rmdir()

    def command(self):
        return [
            str(BINARIES / "proa"), "daemon", "-H", self.host, "--data-root", str(self.data_root), "--exec-root",
            str(self.exec_root), "--bridge", self.bridge, "--bip", f"{self.subnet}.1/24", *self.storage_driver(),
        ]

    def storage_driver(self):
        return [] if STORAGE_DRIVER == "overlay2" else ["--storage-driver", STORAGE_DRIVER]


class Dockerd(OwnEngine):
    """Debian's docker.io: what the suite itself is checked against. Its bridge is always docker0, so: hack/lib/apart."""

    kind = "dockerd"

    def command(self):
        assert os.environ.get("PROA_TEST_APART"), "dockerd would change this machine's docker0: run under hack/lib/apart"
        return [
            "dockerd", "-H", self.host, "--data-root", str(self.data_root), "--exec-root", str(self.exec_root),
            "--pidfile", str(self.folder / "pid"), *self.network(), "--live-restore",
        ]

    def network(self):
        return ["--bip", f"{self.subnet}.1/24"]


class DockerdWithRuntime(Dockerd):
    """dockerd with proa-runtime beside its runc, and without networks: those are none of a runtime's business."""

    def __init__(self, folder):
        super().__init__(folder, "--add-runtime", f"proa={BINARIES / 'proa-runtime'}")

    def network(self):
        return ["--bridge", "none", "--iptables=false", "--ip6tables=false"]


def engine_for_tests(folder, *arguments):
    if host := os.environ.get("PROA_TEST_HOST"):
        return RunningEngine(host)
    kinds = {"proa": Proa, "dockerd": Dockerd}
    return kinds[os.environ.get("PROA_TEST_ENGINE", "proa")](folder, *arguments)
