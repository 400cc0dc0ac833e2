"""File systems that can be filled."""

import contextlib
import os
import subprocess

CHUNK = 1 << 20


@contextlib.contextmanager
def small_disk(path, megabytes, make=("mkfs.ext4", "-q", "-m", "0")):
    """A file system on a loop device, mounted at `path`; taken away afterwards.

    `make` makes it; ext4 without a share for root alone: the daemon is root.
    """
    image = path.with_name(f"{path.name}.image")
    with image.open("wb") as file:
        file.truncate(megabytes << 20)
    subprocess.run([*make, image], check=True, stdout=subprocess.DEVNULL)
    path.mkdir(exist_ok=True)
    subprocess.run(["mount", "-n", "-o", "loop", image, path], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-n", path], check=True)
        image.unlink()


@contextlib.contextmanager
def small_tmpfs(path, megabytes):
    path.mkdir(exist_ok=True)
    subprocess.run(["mount", "-n", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", path], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-n", path], check=True)


@contextlib.contextmanager
def full(path):
    """Not a byte is free at `path` while the body runs."""
    filler = path / "filler"
    fill(filler)
    try:
        yield lambda: fill(filler)
    finally:
        filler.unlink()


def fill(filler):
    """Takes what is free, in ever smaller pieces."""
    with filler.open("ab", buffering=0) as file:
        size = CHUNK
        while size:
            try:
                file.write(bytes(size))
                os.fsync(file.fileno())
            except OSError:
                size //= 2
