"""Clients that go away in the middle, and clients that never read: nobody else notices, and nothing of them is left."""

import contextlib
import json
import os
import pathlib
import socket

import pytest

from polling import eventually

# Of each kind. hack/test makes do with fewer than the ten thousand that it was tried with.
COUNT = int(os.environ.get("PROA_TEST_VANISHING", "500"))

UPGRADE = "Connection: Upgrade\r\nUpgrade: tcp\r\n"


def request(engine, method, path, body=None, headers=""):
    """Sends a request and gives the connection, on which nothing was read."""
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(engine.host.removeprefix("unix://"))
    connection.settimeout(30)
    body = b"" if body is None else json.dumps(body).encode()
    head = f"{method} /v1.41{path} HTTP/1.1\r\nHost: docker\r\n{headers}"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    connection.sendall(head.encode() + body)
    return connection


def processes(engine, container):
    """The daemon and the container's shim."""
    shim = engine.exec_root / "containers" / container / "shim.pid"
    return {"daemon": engine.daemon.pid, "shim": int(shim.read_text())}


def usage(pid):
    """Memory in KiB that belongs to it alone, and open descriptors."""
    rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    private = sum(int(line.split()[1]) for line in rollup if line.startswith(("Private_Dirty", "Private_Clean")))
    return private, len(os.listdir(f"/proc/{pid}/fd"))


def vanishing(engine, container, index):
    """Attaches, follows the log or runs a program, and goes at one of several moments."""
    kind = index % 4
    if kind == 0:
        connection = request(engine, "POST", f"/containers/{container}/attach?stream=1&stdin=1&stdout=1&stderr=1", headers=UPGRADE)
    elif kind == 1:
        connection = request(engine, "GET", f"/containers/{container}/logs?stdout=1&follow=1")
    elif kind == 2:
        key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        connection = request(
            engine, "GET", f"/containers/{container}/attach/ws?stream=1&stdin=1&stdout=1",
            headers=f"Connection: Upgrade\r\nUpgrade: websocket\r\n{key}")
    else:
        connection = request(engine, "POST", f"/containers/{container}/attach?stream=1&stdout=1")
    with connection:
        if index % 3:
            connection.recv(64)  # the answer is on its way, or the client is gone before it


@pytest.mark.own_engine
@pytest.mark.proa_only("it looks into our processes")
def test_what_vanishing_clients_leave(engine, dock):
    container = dock("run", "-di", "busybox", "sh", "-c", "while true; do echo tick; sleep 0.01; done")
    pids = processes(engine, container)
    for index in range(COUNT // 5):
        vanishing(engine, container, index)
    before = settled(pids)
    for index in range(COUNT):
        vanishing(engine, container, index)
    check(before, pids)


@pytest.mark.own_engine
@pytest.mark.proa_only("it looks into our processes")
def test_what_vanishing_clients_of_programs_leave(engine, dock, client):
    container = dock("run", "-d", "busybox", "sleep", "1000")
    pids = processes(engine, container)

    def run(index):
        session = client.api.exec_create(container, ["cat"] if index % 2 else ["echo", "hi"], stdin=True)["Id"]
        body = {"Detach": False, "Tty": False}
        with request(engine, "POST", f"/exec/{session}/start", body, UPGRADE) as connection:
            if index % 3:
                connection.recv(64)

    for index in range(COUNT // 20):
        run(index)
    before = settled(pids)
    for index in range(COUNT // 5):
        run(index)
    check(before, pids)
    # cat has read the end of its input when its client went.
    eventually(lambda: dock("top", container).count("\n") == 1, what="no program is left")


def settled(pids):
    """Usage once descriptors have been as many for a while."""
    seen = []

    def is_still():
        seen.append({name: usage(pid) for name, pid in pids.items()})
        return len(seen) > 20 and len({tuple(entry[name][1] for name in pids) for entry in seen[-20:]}) == 1

    eventually(is_still, within=30, what="descriptors stay as many")
    return seen[-1]


def check(before, pids):
    """Nothing grows but by what an allocator keeps."""
    grown = {}

    def is_flat():
        for name, pid in pids.items():
            memory, descriptors = usage(pid)
            grown[name] = (memory - before[name][0], descriptors - before[name][1])
        return grown["daemon"] < (8192, 1) and grown["shim"] < (512, 1) and all(more <= 0 for _, more in grown.values())

    try:
        eventually(is_flat, within=30)
    except AssertionError:
        raise AssertionError(f"grown by (KiB, descriptors): {grown}; before: {before}") from None


def test_clients_that_never_read_slow_nobody(engine, dock):
    size = 20_000_000
    options = ["--log-opt", "max-size=1g"]  # that the reader is not overtaken
    container = dock("run", "-di", *options, "busybox", "sh", "-c", f"read go; yes 0123456789 | head -c {size}; echo; echo done >&2")
    with contextlib.ExitStack() as stack:
        for path in (f"/containers/{container}/logs?stdout=1&follow=1", f"/containers/{container}/stats"):
            stack.enter_context(request(engine, "GET", path))
        sleepers = [
            stack.enter_context(request(engine, "POST", f"/containers/{container}/attach?stream=1&stdout=1", headers=UPGRADE))
            for _ in range(3)
        ]
        for sleeper in sleepers:
            assert sleeper.recv(12, socket.MSG_PEEK) == b"HTTP/1.1 101"
        reader = dock.open("logs", "--follow", container)
        dock.run("attach", "--detach-keys", "ctrl-x", container, input="go\n")
        out, err = reader.communicate(timeout=60)
        assert (len(out), err) == (size + 1, "done\n")
        assert not dock.state(container)["Running"]
