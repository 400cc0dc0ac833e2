"""`run` of `true` by each OCI runtime, with the configuration of `runc spec` and with Docker's.

Beside them the kernel's own share: `floor.c` asks for what a container needs and does nothing else. (It loads no filter
in the second table: compiling one is the runtimes' work, and installing it costs the kernel little.)
"""

import ctypes
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import bundles, measure

CLONE_NEWNS = 0x20000


def run(rounds):
    show_only_v1()
    runtimes = measure.installed({"proa-runtime": measure.RELEASE / "proa-runtime", "runc": "runc", "crun": "crun"})
    folder = Path(tempfile.mkdtemp(prefix="proa-bench-"))
    try:
        bundles.make_rootfs(folder / "rootfs")
        for title, config in {
            "run of true, configuration of runc spec": bundles.spec_config(["/bin/true"]),
            "run of true, Docker's configuration": bundles.docker_config(["/bin/true"]),
        }.items():
            commands = {name: command(name, path, folder, config) for name, path in runtimes.items()}
            for arguments in commands.values():
                check_that_it_runs(arguments)
            commands["kernel floor"] = [kernel_floor(folder), str(folder), "bench-floor"]
            medians = measure.interleaved(measured_by(measure.timed, commands), rounds)
            for name, figures in measure.interleaved(measured_by(measure.peak, commands), 5).items():
                medians[name] |= figures
            columns = {"cpu": "CPU ms", "wall": "wall ms", "peak": "peak KiB"}
            measure.print_table(f"{title} ({rounds} rounds)", medians, columns, "proa-runtime")
    finally:
        shutil.rmtree(folder)
        bundles.remove_cgroups()


def kernel_floor(folder):
    program = folder / "floor"
    source = Path(__file__).with_name("floor.c")
    if not program.exists():
        subprocess.run(["cc", "-O2", "-static", "-Wall", "-Werror", "-o", str(program), str(source)], check=True)
    return str(program)


def measured_by(measurement, commands):
    return {name: lambda _, arguments=arguments: measurement(arguments) for name, arguments in commands.items()}


def command(name, path, folder, config):
    bundle = folder / name
    bundles.write_bundle(bundle, config, name)
    root = ["--root", str(folder / f"{name}-state")]
    return [path, *root, "run", "--bundle", str(bundle), f"bench-{name}"]


def check_that_it_runs(arguments):
    """That it is a container whose time is measured: its process has an answer that only the container gives."""
    bundle = Path(arguments[arguments.index("--bundle") + 1])
    config = json.loads((bundle / "config.json").read_text())
    probe = bundle.with_name(bundle.name + "-probe")
    config["process"]["args"] = ["/bin/sh", "-c", "exit $(( $$ + 6 ))"]
    bundles.write_bundle(probe, config, bundle.name)
    done = subprocess.run([str(probe) if each == str(bundle) else each for each in arguments], stdin=subprocess.DEVNULL)
    if done.returncode != 7:
        raise SystemExit(f"{' '.join(arguments)}: the container's exit code is {done.returncode}, not 7")


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
