"""OCI runtimes at their work, case by case, beside the kernel's own share (`floor.c`: what the case needs and nothing else).

CPU time is user's and system's of all processes, the container's too. Peak memory is that of the largest process. System
calls are counted in one more run under strace. Every runtime has the same configuration, its own bundle and a state folder
of its own, in which it may keep compiled filters. State folders are on a tmpfs, as `/run` is.
"""

import ctypes
import json
import os
import shutil
import subprocess
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path

from . import bundles, measure
from .contestants import Floor, Runtime, built

CLONE_NEWNS = 0x20000
FLOOR = "kernel floor"
AT_ONCE = 100
CASES = {
    "run": "run of true, configuration of runc spec",
    "docker": "run of true, Docker's configuration",
    "lifecycle": "create, start and delete of true, configuration of runc spec",
    "exec": "exec of true, configuration of runc spec",
    "parallel": f"{AT_ONCE} at once: run of true, configuration of runc spec",
}
COLUMNS = {"cpu": "CPU ms", "wall": "wall ms", "peak": "peak KiB", "calls": "system calls"}


def run(rounds, cases, more, without):
    show_only_v1()
    candidates = {"proa-runtime": measure.RELEASE / "proa-runtime", "runc": "runc", "crun": "crun"} | more
    found = measure.installed({name: path for name, path in candidates.items() if name not in without})
    folder = Path(tempfile.mkdtemp(prefix="proa-bench-"))
    try:
        bundles.make_rootfs(folder / "rootfs")
        with tmpfs(folder / "state") as state:
            runtimes = {name: Runtime(path, state / name) for name, path in found.items()}
            bench = Bench(folder, runtimes, rounds)
            for case in cases or CASES:
                bench.measure(case)
    finally:
        shutil.rmtree(folder)
        bundles.remove_cgroups()


@contextmanager
def tmpfs(path):
    path.mkdir()
    subprocess.run(["mount", "-n", "-t", "tmpfs", "tmpfs", path], check=True)
    try:
        yield path
    finally:
        subprocess.run(["umount", "-n", path], check=True)


class Bench:
    def __init__(self, folder, runtimes, rounds):
        self.folder, self.runtimes, self.rounds = folder, runtimes, rounds
        self.contestants = runtimes | {FLOOR: Floor(folder)}
        self.meter = built(folder, "meter")

    def measure(self, case):
        with ExitStack() as stack:
            commands = getattr(self, case)(stack)
            functions = {
                name: lambda _, arguments=arguments: measure.metered([self.meter, *arguments])
                for name, arguments in commands.items()}
            medians = measure.interleaved(functions, self.rounds)
            if case != "parallel":
                for name, arguments in commands.items():
                    medians[name]["calls"] = measure.system_calls(self.meter, arguments)
        columns = {key: label for key, label in COLUMNS.items() if key in medians[FLOOR]}
        title = f"{CASES[case]} ({self.rounds} rounds)"
        measure.print_table(title, medians, columns, next(iter(self.runtimes)))

    def run(self, _):
        return self.of_bundles(lambda contestant, *where: contestant.run(*where), bundles.spec_config(["/bin/true"]))

    def docker(self, _):
        return self.of_bundles(lambda contestant, *where: contestant.run(*where), bundles.docker_config(["/bin/true"]))

    def lifecycle(self, _):
        return self.of_bundles(lambda contestant, *where: contestant.lifecycle(*where), bundles.spec_config(["/bin/true"]))

    def parallel(self, _):
        config, commands = bundles.spec_config(["/bin/true"]), {}
        for name, contestant in self.contestants.items():
            runs = [contestant.run(*self.bundle(f"{name}-{index}", config)) for index in range(AT_ONCE)]
            commands[name] = ["--parallel", *runs[0], *(word for each in runs[1:] for word in ["--then", *each])]
        return commands

    def exec(self, stack):
        """In containers that run `sleep`; the floor in that of the first runtime."""
        config, commands = bundles.spec_config(["/bin/sleep", "3600"]), {}
        for name, runtime in self.runtimes.items():
            bundle, identifier = self.bundle(f"{name}-sleep", config)
            quietly(runtime.command("run", "--detach", "--bundle", bundle, identifier))
            stack.callback(quietly, runtime.command("delete", "--force", identifier))
            check(runtime.execute(identifier, "/bin/sh", "-c", "[ $PPID = 0 ] && exit 7"))
            commands[name] = runtime.execute(identifier, "/bin/true")
            if FLOOR not in commands:
                state = subprocess.run(runtime.command("state", identifier), check=True, capture_output=True).stdout
                floor = self.contestants[FLOOR].execute_in(json.loads(state)["pid"], identifier)
                commands[FLOOR] = floor
        return {name: commands[name] for name in self.contestants}

    def of_bundles(self, arguments, config):
        for name, runtime in self.runtimes.items():
            probe = json.loads(json.dumps(config))
            probe["process"]["args"] = ["/bin/sh", "-c", "exit $(( $$ + 6 ))"]
            check(runtime.run(*self.bundle(f"{name}-probe", probe)))
        return {name: arguments(each, *self.bundle(name, config)) for name, each in self.contestants.items()}

    def bundle(self, name, config):
        """Its folder and the container's ID."""
        identifier = "bench-" + name.replace(" ", "-")
        bundles.write_bundle(self.folder / identifier, config, identifier)
        return self.folder / identifier, identifier


def quietly(command):
    """Without our descriptors: who starts a container hands its standard ones on."""
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def check(command):
    """That it is a container whose time is measured: its process has an answer, 7, that only the container gives."""
    code = subprocess.run(command, stdin=subprocess.DEVNULL).returncode
    if code != 7:
        raise SystemExit(f"{' '.join(command)}: the container's exit code is {code}, not 7")


def show_only_v1():
    """crun refuses a hybrid layout, so all of them run in a mount namespace where the machine has pure cgroup v1."""
    if not os.path.ismount("/sys/fs/cgroup/unified"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS):
        raise OSError(ctypes.get_errno(), "unshare")
    script = """
        set -e
        mount --make-rprivate /
        mount --rbind /sys/fs/cgroup /mnt && umount --lazy --recursive /sys/fs/cgroup
        mount -t tmpfs cgroup /sys/fs/cgroup
        for path in $(awk '$3 == "cgroup" && $2 ~ "^/mnt/" { print $2 }' /proc/mounts); do
          name=${path##*/}; mkdir /sys/fs/cgroup/$name; mount --bind "$path" /sys/fs/cgroup/$name
        done
        umount -R /mnt
    """
    subprocess.run(["sh", "-c", script], check=True)
