"""What the attackers' tests share: something of the host that must stay as it is, and ways to reach for it."""

import contextlib
import ctypes
import multiprocessing
import os
import pathlib
import shutil
import stat

RENAME_EXCHANGE = 2
AT_FDCWD = -100
UP = "/".join([".."] * 16)
EVERYTHING = ["CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_KILL", "CAP_FOWNER", "CAP_SYS_CHROOT"]


def without_mount(bundle, destination):
    bundle.config["mounts"] = [
        each for each in bundle.config["mounts"] if not f"{each['destination']}/".startswith(f"{destination}/")
    ]
    return bundle


def link(bundle, path, target):
    place = bundle.rootfs / path
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)


class HostFolder:
    """A folder beside the root file system, as the rest of the host is."""

    def __init__(self, bundle, *names):
        self.path = bundle.folder / "host"
        self.path.mkdir()
        for name in names:
            (self.path / name).write_text("secret")
        self.before = self.look()

    @property
    def secret(self):
        return self.path / "secret"

    def look(self):
        """Everything that a runtime could have changed."""
        found = {}
        for folder, _, names in os.walk(self.path):
            for name in ["", *names]:
                path = os.path.join(folder, name)
                now = os.lstat(path)
                content = pathlib.Path(path).read_bytes() if stat.S_ISREG(now.st_mode) else b""
                found[path] = (now.st_mode, now.st_uid, now.st_gid, now.st_rdev, content)
        return found

    def is_untouched(self):
        assert self.look() == self.before
        return True


def reaches(host, folder):
    """Shell: prints SECRET if the host's file can be read from an open folder of the host."""
    return f"[ -r {folder}/{UP}{host.secret} ] && sed s/secret/SECRET/ {folder}/{UP}{host.secret}"


def exchange(first, second):
    """Exchanges two names in one step (renameat2), so that both always exist."""
    libc = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(first), os.fsencode(second)
    if libc.renameat2(AT_FDCWD, names[0], AT_FDCWD, names[1], RENAME_EXCHANGE):
        raise OSError(ctypes.get_errno(), "renameat2", str(first))


def exchange_for_ever(first, second):
    while True:
        exchange(first, second)


@contextlib.contextmanager
def exchanging(first, second):
    """Another process that exchanges two names as fast as it can."""
    process = multiprocessing.get_context("fork").Process(target=exchange_for_ever, args=(first, second), daemon=True)
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()
