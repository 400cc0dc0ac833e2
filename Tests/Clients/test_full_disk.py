"""A disk without space, or one that fails: errors that say so, nothing lost, nothing half done, and all well afterwards."""

import contextlib
import json
import subprocess

import pytest

import kernel_state
from full_disk import full, small_disk, small_tmpfs
from polling import eventually

pytestmark = [pytest.mark.own_engine, pytest.mark.proa_only("it is not so with dockerd")]

# Ends with the status that its file has.
ENDS = "until [ -s /status ]; do usleep 20000; done; exit $(cat /status)"


@pytest.fixture
def on_small_disk(other_engine, dock_on):
    engine = other_engine(inside=lambda engine: small_disk(engine.data_root, 64))
    return engine, dock_on(engine)


def end(pid, status):
    """Has a container end that runs ENDS with a tmpfs at /end, whatever its disk says."""
    with open(f"/proc/{pid}/root/end/status", "w") as file:
        file.write(str(status))


def start_some(engine, dock):
    dock("run", "-d", "--name", "talks", "busybox", "sh", "-c", "while :; do echo line; usleep 5000; done")
    for name in ("ends", "ends-later"):
        dock("run", "-d", "--name", name, "--tmpfs", "/end", "busybox", "sh", "-c", ENDS.replace("/status", "/end/status"))
    dock("run", "--name", "ended", "busybox", "true")
    kernel_state.agrees_with(engine)  # what it frees when it is taken down is free by now


def refused(done):
    assert done.returncode != 0
    assert "no space left" in done.stderr.lower() or "disk is full" in done.stderr, done.stderr


def test_a_full_data_root(on_small_disk, images):
    engine, dock = on_small_disk
    start_some(engine, dock)
    with full(engine.data_root) as fill_again:
        refused(dock.run("load", "--input", str(images["busybox"]), input=None))
        attempt = 0
        while not (done := dock.run("create", "--name", f"new{attempt}", "busybox", "true")).returncode:
            attempt += 1  # the database had some space of its own
            fill_again()
        refused(done)
        fill_again()
        refused(dock.run("start", "ended"))
        assert {"talks", "ends", "ends-later"} == set(dock("ps", "--format", "{{.Names}}").split())
        assert dock("exec", "talks", "echo", "still") == "still"
        fill_again()
        end(dock.state("ends")["Pid"], 9)
        assert dock("wait", "ends") == "9"
        assert dock.state("ends")["ExitCode"] == 9

        engine.kill()
        fill_again()
        engine.start()
        assert dock.state("ends")["ExitCode"] == 9
        end(dock.state("ends-later")["Pid"], 8)
        assert dock("wait", "ends-later") == "8"
    assert dock("create", "--name", f"new{attempt}", "busybox", "true")
    kernel_state.agrees_with(engine)
    eventually(lambda: "log records were lost here" in dock.run("logs", "talks").stderr, what="a marker")
    engine.kill()
    engine.start()
    assert [dock.state(name)["ExitCode"] for name in ("ends", "ends-later", "ended")] == [9, 8, 128]  # it could not start
    assert dock.state("talks")["Running"]
    dock("load", "--input", str(images["busybox"]))
    assert dock("run", "--rm", "busybox", "echo", "well") == "well"
    kernel_state.agrees_with(engine)


def test_a_full_data_root_can_be_cleaned(on_small_disk):
    engine, dock = on_small_disk
    dock.run("run", "--name", "big", "busybox", "sh", "-c", "cat /dev/zero >/file", timeout=120)
    with full(engine.data_root):
        dock("rm", "big")
        assert dock("run", "--rm", "busybox", "echo", "well") == "well"
    kernel_state.agrees_with(engine)


def test_a_full_exec_root(other_engine, dock_on):
    engine = other_engine(inside=lambda engine: small_tmpfs(engine.exec_root, 8))
    dock = dock_on(engine)
    start_some(engine, dock)
    with full(engine.exec_root):
        refused(dock.run("run", "--name", "new", "busybox", "true"))
        refused(dock.run("exec", "talks", "true"))
        end(dock.state("ends")["Pid"], 9)
        assert dock("wait", "ends") == "9"
        later = dock.state("ends-later")["Pid"]
        engine.kill()
        end(later, 8)
        engine.start()
        assert dock("wait", "ends-later") == "8"
    kernel_state.agrees_with(engine)
    assert dock("exec", "talks", "echo", "well") == "well"
    assert dock("start", "--attach", "new") == ""
    kernel_state.agrees_with(engine)


@contextlib.contextmanager
def failing_disk(engine):
    """The daemon's disk takes nothing: what writes or syncs a file fails with EIO."""
    calls = "pwrite64,fsync,fdatasync,syncfs,ftruncate"
    command = ["strace", "-f", "-qq", "-o", "/dev/null", "-p", str(engine.daemon.pid), "-e", f"trace={calls}",
               "-e", f"inject={calls}:error=EIO"]
    tracer = subprocess.Popen(command)
    eventually(lambda: f"TracerPid:\t{tracer.pid}" in open(f"/proc/{engine.daemon.pid}/status").read(), what="it is traced")
    try:
        yield
    finally:
        tracer.terminate()
        tracer.wait(10)


def test_a_failing_data_root(other_engine, dock_on, images):
    engine = other_engine()
    dock = dock_on(engine)
    start_some(engine, dock)
    with failing_disk(engine):
        for command in (("create", "--name", "new", "busybox", "true"), ("load", "--input", str(images["busybox"]))):
            done = dock.run(*command)
            assert done.returncode != 0
            assert "I/O error" in done.stderr or "Input/output error" in done.stderr, done.stderr
        end(dock.state("ends")["Pid"], 9)
        assert dock("wait", "ends") == "9"
        assert dock.state("talks")["Running"]
    assert dock("create", "--name", "new", "busybox", "true")
    eventually(lambda: not stored_as_running(engine, dock, "ends"), what="its end is recorded")
    kernel_state.agrees_with(engine)
    engine.kill()
    engine.start()
    assert dock.state("ends")["ExitCode"] == 9
    kernel_state.agrees_with(engine)


def stored_as_running(engine, dock, name):
    query = f"SELECT record FROM containers WHERE name = '{name}'"
    return json.loads(kernel_state.rows(engine, query).pop())["state"]["status"] == "running"
