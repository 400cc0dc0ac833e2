"""A wire of the host's with a neighbour on it, who plays the outside world."""

import contextlib
import os
import subprocess
import types


def ip(*arguments):
    return subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True).stdout


@contextlib.contextmanager
def wire(subnet, prefix6="fd51"):
    """An interface of the host, `name`, and the namespace of its neighbour, `beside`, which has the first address of each subnet."""
    name, beside = f"pmv{os.getpid() % 10000}", f"pmvn{os.getpid() % 10000}"
    ip("netns", "add", beside)
    try:
        ip("link", "add", name, "type", "veth", "peer", "name", "far0", "netns", beside)
        ip("link", "set", name, "up")
        ip("-n", beside, "addr", "add", f"{subnet}.1/24", "dev", "far0")
        ip("-n", beside, "addr", "add", f"{prefix6}::1/64", "dev", "far0", "nodad")
        for interface in ("far0", "lo"):
            ip("-n", beside, "link", "set", interface, "up")
        yield types.SimpleNamespace(name=name, beside=beside)
    finally:
        ip("netns", "del", beside)
        subprocess.run(["ip", "link", "del", name], capture_output=True, check=False)
