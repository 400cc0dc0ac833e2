"""Proportional memory of an idle per-container process, with many of them running `sleep` under runc."""

import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
from pathlib import Path

from . import bundles, measure

DEADLINE = 60  # seconds
IDLE = 2  # seconds without work before memory is read: the contestants give some back once they have nothing to do


def run(count):
    found = measure.installed({
        "proa-shim": measure.RELEASE / "proa-shim", "conmon": "conmon", "containerd-shim-runc-v2": "containerd",
        "runc": "runc"})
    starters = {"proa-shim": ProaShims, "conmon": Conmons, "containerd-shim-runc-v2": ContainerdShims}
    folder = Path(tempfile.mkdtemp(prefix="proa-bench-"))
    print(f"\n### {count} idle containers, KiB a process\n\n| | PSS | private dirty | RSS |\n| --- | ---: | ---: | ---: |")
    try:
        bundles.make_rootfs(folder / "rootfs")
        for name, starter in starters.items():
            if name not in found:
                continue
            fleet = starter(folder, found[name], found["runc"])
            try:
                fleet.start(count)
                time.sleep(IDLE)
                print_memory(name, fleet.processes())
            finally:
                fleet.stop()
    finally:
        shutil.rmtree(folder)
        bundles.remove_cgroups()


def print_memory(name, pids):
    totals = {"Pss": 0, "Private_Dirty": 0, "Rss": 0}
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            key, _, rest = line.partition(":")
            if key in totals:
                totals[key] += int(rest.split()[0])
    print(f"| {name} | " + " | ".join(f"{total / len(pids):.0f}" for total in totals.values()) + " |")


class Fleet:
    """Containers under one kind of supervisor."""

    def __init__(self, folder, path, runc):
        self.folder, self.path, self.runc = folder / type(self).__name__, path, runc
        self.names = []
        self.config = bundles.spec_config(["/bin/sleep", "3600"])
        bundles.make_rootfs(self.folder / "rootfs")

    def start(self, count):
        for index in range(count):
            name = f"bench-{type(self).__name__.lower()}-{index}"
            self.names.append(name)
            bundles.write_bundle(self.folder / name, self.config, name)
            self.start_one(name, self.folder / name)

    def runtime(self, *arguments):
        return [self.runc, "--root", str(self.folder / "state"), *arguments]


class ProaShims(Fleet):
    def start_one(self, name, bundle):
        (bundle / "shim.json").write_text(json.dumps({
            "id": name, "runtime": self.runc, "runtimeArguments": ["--root", str(self.folder / "state")],
            "log": {"driver": "json-file", "path": str(bundle / "log.json")}}))
        subprocess.run([self.path, "--bundle", str(bundle)], check=True)
        self.ask(name, "create", "start")

    def ask(self, name, *requests):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self.folder / name / "shim.sock"))
            for request in requests:
                payload = json.dumps({"request": request}).encode()
                connection.sendall(struct.pack(">B3xI", 16, len(payload)) + payload)
                kind, length = struct.unpack(">B3xI", connection.recv(8, socket.MSG_WAITALL))
                reply = json.loads(connection.recv(length, socket.MSG_WAITALL))
                if reply["reply"] == "failure":
                    raise SystemExit(f"proa-shim: {request}: {reply}")

    def processes(self):
        return [int((self.folder / name / "shim.pid").read_text()) for name in self.names]

    def stop(self):
        for name in self.names:
            self.ask(name, "delete")


class Conmons(Fleet):
    def start_one(self, name, bundle):
        subprocess.run(
            [self.path, "--cid", name, "--cuuid", name, "--runtime", self.runc, "--runtime-arg", "--root",
             "--runtime-arg", str(self.folder / "state"), "--bundle", str(bundle), "--exit-dir", str(bundle),
             "--socket-dir-path", str(bundle), "--conmon-pidfile", str(bundle / "conmon.pid"),
             "--container-pidfile", str(bundle / "init.pid"), "--log-path", f"k8s-file:{bundle}/log"],
            check=True)
        wait_for(lambda: (bundle / "init.pid").exists() and (bundle / "init.pid").read_text(), f"conmon's {name}")
        subprocess.run(self.runtime("start", name), check=True)

    def processes(self):
        return [int((self.folder / name / "conmon.pid").read_text()) for name in self.names]

    def stop(self):
        for name in self.names:
            subprocess.run(self.runtime("delete", "--force", name), check=True)


class ContainerdShims(Fleet):
    def start(self, count):
        address = self.folder / "containerd.sock"
        (self.folder / "containerd.toml").write_text(
            f'version = 2\nroot = "{self.folder}/root"\nstate = "{self.folder}/run"\n'
            f'disabled_plugins = ["io.containerd.grpc.v1.cri"]\n[grpc]\naddress = "{address}"\n')
        self.daemon = subprocess.Popen(
            [self.path, "--config", str(self.folder / "containerd.toml")],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.ctr = ["ctr", "--address", str(address), "--namespace", "proa-bench"]
        wait_for(lambda: subprocess.run([*self.ctr, "version"], capture_output=True).returncode == 0, "containerd")
        super().start(count)

    def start_one(self, name, bundle):
        subprocess.run(
            [*self.ctr, "run", "--detach", "--cgroup", f"/proa-bench/{name}", "--rootfs", str(self.folder / "rootfs"),
             name, "/bin/sleep", "3600"], check=True)

    def processes(self):
        pids = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                command = (entry / "cmdline").read_bytes().split(b"\0")
            except (FileNotFoundError, ProcessLookupError):
                continue  # gone since the listing
            if command[0].endswith(b"containerd-shim-runc-v2") and b"proa-bench" in command:
                pids.append(int(entry.name))
        return pids

    def stop(self):
        for name in self.names:
            subprocess.run([*self.ctr, "task", "delete", "--force", name], check=True, capture_output=True)
            subprocess.run([*self.ctr, "container", "delete", name], check=True)
        self.daemon.send_signal(signal.SIGTERM)
        self.daemon.wait(timeout=DEADLINE)


def wait_for(condition, what):
    deadline = time.monotonic() + DEADLINE
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f"{what} did not come up in {DEADLINE} s")
        os.sched_yield()
