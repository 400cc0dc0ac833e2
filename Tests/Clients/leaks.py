"""What containers can leave behind, as a snapshot to compare."""

import collections
import json
import os
import pathlib
import subprocess
import tempfile


def snapshot(folders=()):
    """Everything a container leaves if it leaves something, in `folders` too; complete only inside hack/lib/apart."""
    return {
        "processes": set(processes()),
        "mounts": mounts(),
        "namespaces": namespaces(),
        "interfaces": {link["ifname"] for link in listing("ip", "-json", "link")},
        "nftables": nftables(),
        "cgroups": cgroups(),
        "files": files().union(*map(tree, folders)),
    }


def left(before, after):
    """What `after` has and `before` had not, by kind; empty when nothing was left."""
    return {kind: sorted(map(str, extra)) for kind in after if (extra := after[kind] - before[kind])}


def none(left):
    assert not left, left
    return True


def processes():
    """pid and command line of every process but this one's own children that only wait to be reaped."""
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if entry.joinpath("stat").read_text().rpartition(")")[2].split()[0] == "Z":
                continue
            command = entry.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if command:  # a kernel thread has none
            yield f"{entry.name} {command}"


def mounts():
    """Number and place of every mount: several may be stacked at one place."""
    lines = pathlib.Path("/proc/self/mountinfo").read_text().splitlines()
    return {f"{fields[0]} {fields[4]}" for fields in map(str.split, lines)}


def namespaces():
    found = set()
    for path in pathlib.Path("/proc").glob("[0-9]*/ns/*"):
        try:
            found.add(os.readlink(path))
        except OSError:  # the process has ended
            continue
    return found


def nftables():
    """Every line of every table, counted: two tables may have the same line."""
    listed = subprocess.run(["nft", "--stateless", "list", "ruleset"], capture_output=True, text=True, check=True)
    counts = collections.Counter(listed.stdout.split("\n"))
    return {(line, number) for line, count in counts.items() for number in range(count)}


def cgroups():
    return {str(path) for path in pathlib.Path("/sys/fs/cgroup").rglob("*") if path.is_dir()}


def files():
    """Entries of the places where an engine could forget something; the temporary folder is the run's own."""
    places = (tempfile.gettempdir(), "/run", "/run/netns", "/dev/shm", "/dev/mqueue")
    found = {str(path) for place in map(pathlib.Path, places) if place.is_dir() for path in place.iterdir()}
    return found


def tree(root):
    """Every path below `root`, but for what is there to stay: the database's journals, the one copy of the init, the 256
    folders that blobs are spread over, and the runtime's at most 64 compiled seccomp filters. Blobs are only counted: a push
    keeps a layer compressed from then on."""
    paths = [path for path in pathlib.Path(root).rglob("*") if not path.name.startswith(("proa.db", "proa-init"))]
    paths = [path for path in paths if path.parent.name not in ("sha256", ".seccomp~")]
    blobs = [path for path in paths if path.parent.parent.name == "sha256"]
    return {str(path) for path in set(paths).difference(blobs)} | {f"{root}: blob {number}" for number in range(len(blobs))}


def listing(*command):
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout or "[]")
