"""A wire of the host's with a neighbour on it, who plays the outside world."""

import contextlib
import os
import pathlib
import subprocess
import types

NAMES = pathlib.Path("/run/netns")


def ip(*arguments):
    return subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True).stdout


@contextlib.contextmanager
def namespace(name):
    """A network namespace of that name; iproute2 makes the place of names with the first one, and leaves it."""
    was_there, was_mounted = NAMES.exists(), NAMES.is_mount()
    ip("netns", "add", name)
    try:
        yield
    finally:
        ip("netns", "del", name)
        if not was_mounted:
            # util-linux's would leave a record in /run.
            subprocess.run(["busybox", "umount", NAMES], check=True)
        if not was_there:
            NAMES.rmdir()


@contextlib.contextmanager
def wire(subnet, prefix6="fd51"):
    """An interface of the host, `name`, and the namespace of its neighbour, `beside`, which has the first address of each subnet."""
    name, beside = f"pmv{os.getpid() % 10000}", f"pmvn{os.getpid() % 10000}"
    with namespace(beside):
        try:
            ip("link", "add", name, "type", "veth", "peer", "name", "far0", "netns", beside)
            ip("link", "set", name, "up")
            ip("-n", beside, "addr", "add", f"{subnet}.1/24", "dev", "far0")
            ip("-n", beside, "addr", "add", f"{prefix6}::1/64", "dev", "far0", "nodad")
            for interface in ("far0", "lo"):
                ip("-n", beside, "link", "set", interface, "up")
            yield types.SimpleNamespace(name=name, beside=beside)
        finally:
            subprocess.run(["ip", "link", "del", name], capture_output=True, check=False)
