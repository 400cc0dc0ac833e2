"""dockerd, Podman and containerd running containers with proa-runtime; and with runc, which shows what they expect of a runtime."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile

import containerd_command
import leaks
from docker_command import DockerCommand
from engines import BINARIES, DockerdWithRuntime
from podman import PodmanCommand
from polling import eventually

RUNTIMES = {"proa": BINARIES / "proa-runtime", "runc": pathlib.Path("/usr/sbin/runc")}


@contextlib.contextmanager
def dockerd(folder, archive):
    """Gives a function: runtime's name → command."""
    engine = DockerdWithRuntime(folder)
    engine.start()
    try:
        DockerCommand(engine.host, folder)("load", "--input", str(archive))
        yield lambda runtime: DockerCommand(engine.host, folder, runtime)
    finally:
        engine.stop()
        remove_cgroups("docker")


@contextlib.contextmanager
def podman(folder, archive):
    """Gives a function: runtime's name → command. There is no daemon."""
    PodmanCommand(folder, RUNTIMES["runc"])("load", "--quiet", "--input", str(archive))
    yield lambda runtime: PodmanCommand(folder, RUNTIMES[runtime])
    subprocess.run(["umount", "--lazy", folder / "data/overlay"], capture_output=True)  # held over all containers
    remove_cgroups("libpod_parent")


@contextlib.contextmanager
def containerd(folder, archive):
    """Gives a function: runtime's name → command."""
    with containerd_command.containerd(folder, archive, RUNTIMES) as command:
        yield command
    remove_cgroups("default")


KINDS = {"dockerd": dockerd, "podman": podman, "containerd": containerd}


@contextlib.contextmanager
def started(kind, folder, archive):
    """The engine `kind` as a function: runtime's name → command; afterwards nothing is left of it."""
    before = leaks.snapshot()
    folder.mkdir()
    with machine_untouched(), KINDS[kind](folder, archive) as command:
        yield command
    shutil.rmtree(folder)
    for name in ("runc", "proa-runtime", "docker", "containerd", "libpod", "mount"):
        shutil.rmtree(f"/run/{name}", ignore_errors=True)  # theirs: the run's own /run begins empty
    eventually(lambda: leaks.none(leaks.left(before, leaks.snapshot())), what=f"nothing is left by {kind}")


@contextlib.contextmanager
def machine_untouched():
    """What the engines write outside of their folders, such as keys, goes to a file system that is thrown away."""
    assert os.environ.get("PROA_TEST_APART"), "these engines would change the machine's files: run under hack/lib/apart"
    with contextlib.ExitStack() as stack:
        for path in ("/etc", "/opt", "/var/lib"):
            written = tempfile.mkdtemp(prefix="proa-written-", dir="/run")
            stack.callback(shutil.rmtree, written)
            for name in ("upper", "work"):
                os.mkdir(f"{written}/{name}")
            options = f"lowerdir={path},upperdir={written}/upper,workdir={written}/work"
            subprocess.run(["mount", "-t", "overlay", "-o", options, "overlay", path], check=True)
            stack.callback(subprocess.run, ["umount", "--lazy", path], check=True)
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/dev/shm"], check=True)  # Podman's locks
        stack.callback(subprocess.run, ["umount", "--lazy", "/dev/shm"], check=True)
        yield


def remove_cgroups(name):
    """The engine's own, once everything in it has ended."""
    hierarchies = pathlib.Path("/sys/fs/cgroup")
    for parent in [*hierarchies.glob(f"*/{name}"), hierarchies / name]:
        for group in [*sorted(parent.rglob("*/"), reverse=True), parent] if parent.is_dir() else ():
            eventually(lambda: removed(group), what=f"{group} is empty")


def removed(group):
    with contextlib.suppress(OSError):  # busy
        group.rmdir()
    return not group.exists()
