"""What the kernel and the disk have of an engine's containers, held against what the engine tells of them."""

import collections
import contextlib
import json
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile

import docker

from engines import SNAPSHOTS
from leaks import listing
from polling import eventually


def differences(engine, client):
    """What of the engine's answers is not so, and what is there that it does not tell of: a list, empty if all is well."""
    told = everything_told(client)
    running = {one["Id"] for one in told if one["State"]["Running"]}
    known = {one["Id"] for one in told}
    kept = {  # what is there for each container that runs, and for no other
        "bundles": names(engine.exec_root / "containers"),
        "mounts": mounts(engine),
        "states of the runtime": names(engine.exec_root / "runtime", "*/*") - {".seccomp~"},
        "shims": shims(engine),
        "rows of endpoints": rows(engine, "SELECT container_id FROM endpoints"),
        **cgroups(engine),
    }
    found = [unlike(what, ids, running) for what, ids in kept.items()]
    found += [unlike("rows of containers", rows(engine, "SELECT id FROM containers"), known)]
    found += [unlike(f"left in {place}", names(engine.data_root / place) - known, set()) for place in (
        "containers", SNAPSHOTS / "containers", SNAPSHOTS / "drafts", SNAPSHOTS / "unreadable", "content/ingest")]
    found += [unlike("set aside", rows(engine, "SELECT key FROM quarantine"), set())]
    found += [unlike("links of the bridge", len(links(engine)), len(running))]
    found += [unlike("published ports", published(engine), {port for one in told for port in ports(one)})]
    found += [difference for one in told for difference in of_one(engine, client, one)]
    return [difference for difference in found if difference]


def agrees_with(engine):
    """Waits until what the engine tells is so: what ends is taken down a moment after that was told."""
    with contextlib.closing(docker.DockerClient(base_url=engine.host, timeout=30)) as client:
        eventually(lambda: nothing(differences(engine, client)), what="what is told is so")


def nothing(found):
    assert not found, "\n".join(found)
    return True


def unlike(what, found, expected):
    return f"{what}: {found} instead of {expected}" if found != expected else None


def everything_told(client):
    """Every container's inspect; one that goes meanwhile is left out."""
    told = []
    for one in client.api.containers(all=True):
        with contextlib.suppress(docker.errors.NotFound):
            told.append(client.api.inspect_container(one["Id"]))
    return told


def of_one(engine, client, told):
    identifier, state = told["Id"], told["State"]
    stored = json.loads(rows(engine, f"SELECT record FROM containers WHERE id = '{identifier}'").pop())["state"]
    yield unlike(f"{identifier}, stored state", stored["status"], state["Status"])
    if not state["Running"]:
        yield unlike(f"{identifier}, pid", state["Pid"], 0)
        return
    cgroup = read(f"/proc/{state['Pid']}/cgroup")
    yield unlike(f"{identifier}, cgroup of its init", identifier in cgroup and f"{identifier}-shim" not in cgroup, True)
    yield unlike(f"{identifier}, address", address(state["Pid"]), told["NetworkSettings"]["IPAddress"])
    for session in told["ExecIDs"] or ():
        if (exec_told := client.api.exec_inspect(session))["Running"]:
            cgroup = read(f"/proc/{exec_told['Pid']}/cgroup")
            yield unlike(f"exec {session} of {identifier}, its cgroup", identifier in cgroup, True)


def read(path):
    """Empty if the process has ended."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return pathlib.Path(path).read_text()
    return ""


def names(folder, pattern="*"):
    return {path.name for path in pathlib.Path(folder).glob(pattern)}


def mounts(engine):
    """Whose root file systems are mounted; somebody's twice is nobody's."""
    place = f"{engine.exec_root}/containers/"
    points = [line.split()[4] for line in read("/proc/self/mountinfo").splitlines()]
    counts = collections.Counter(point.removeprefix(place) for point in points if point.startswith(place))
    return {point.removesuffix("/rootfs") if count == 1 else f"{count} times {point}" for point, count in counts.items()}


def shims(engine):
    """Whose shim there is, by the bundle that it was given."""
    place = f"{engine.exec_root}/containers/"
    found = [read(path / "cmdline").split("\0") for path in pathlib.Path("/proc").glob("[0-9]*")]
    bundles = [words[2] for words in found if words[0] == "proa-shim" and words[2].startswith(place)]
    counts = collections.Counter(bundle.removeprefix(place) for bundle in bundles)
    return {name if count == 1 else f"{count} shims of {name}" for name, count in counts.items()}


def cgroups(engine):
    """By hierarchy, whose cgroups there are; a shim's beside its container's counts for that."""
    places = pathlib.Path("/sys/fs/cgroup").rglob(f"proa-{engine.bridge}")
    return {f"cgroups in {place}": {name.removesuffix("-shim") for name in folders(place)} for place in places}


def folders(place):
    return {path.name for path in place.iterdir() if path.is_dir()}


def links(engine):
    return [link for link in listing("ip", "-json", "link") if link.get("master") == engine.bridge]


def address(pid):
    """`None` if the process has ended, or has no such interface."""
    command = ["nsenter", "--target", str(pid), "--net", "ip", "-json", "-4", "address", "show", "dev", "eth0"]
    done = subprocess.run(command, capture_output=True, text=True)
    return json.loads(done.stdout)[0]["addr_info"][0]["local"] if done.returncode == 0 else None


PROTOCOLS = {"tcp": 6, "udp": 17, "sctp": 132}  # nft knows their names from /etc/protocols, which not every machine has


def ports(told):
    """What is published of a container: the protocol's number and the port of the host."""
    for port, places in (told["NetworkSettings"]["Ports"] or {}).items():
        yield from ((PROTOCOLS[port.rpartition("/")[2]], int(place["HostPort"])) for place in places or ())


def published(engine):
    command = ["nft", "--json", "--numeric-protocol", "list", "map", "ip", f"proa-{engine.bridge}", "any_address_ports"]
    listed = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    elements = next(entry["map"] for entry in listed["nftables"] if "map" in entry).get("elem", [])
    return {tuple(key["concat"]) for key, _ in elements}


def rows(engine, query):
    """Of a copy: the daemon has the database for itself."""
    with tempfile.TemporaryDirectory() as folder:
        for path in engine.data_root.glob("proa.db*"):
            if path.is_file():
                shutil.copy(path, folder)
        with contextlib.closing(sqlite3.connect(f"{folder}/proa.db")) as database:
            return {row[0] for row in database.execute(query)}
