"""What goes wrong from outside: each ends in a clear error and a clean machine (the `make_bundle` fixture looks)."""

import concurrent.futures
import json
import os
import signal
import subprocess
import time

import leaks
import pytest
from hooks import PID_OF_STATE, append
from oci_runtime import OCIRuntime
from polling import eventually
from test_config_mounts import mount_on_the_host

section = pytest.mark.section


@section("failures: the first process dies")
@pytest.mark.parametrize("name", ["createRuntime", "createContainer"])
def test_first_process_dies_while_it_is_made(bundle, name):
    append(bundle, name, f"kill -9 $({PID_OF_STATE}); sleep 0.05")
    bundle.process["args"] = ["/bin/sleep", "1000"]
    if name == "createContainer":  # the hook sees the container's numbers, in which the first process is 1
        bundle.without_namespace("pid")
    bundle.refused()


@section("failures: the first process dies")
def test_first_process_dies_before_start(bundle):
    bundle.created()
    os.kill(bundle.state()["pid"], signal.SIGKILL)
    bundle.wait_until("stopped")
    assert bundle.start().failed
    bundle.delete().succeeded()


@section("failures: the runtime dies")
@pytest.mark.parametrize("command", ["create", "run"])
def test_runtime_is_killed_at_any_moment(bundle, command):
    """Nobody is there to tidy up; what is left must be found and removed by `delete --force`."""
    bundle.shell("sleep 1000").write()
    begin = time.monotonic()
    bundle.runtime("create", "--bundle", bundle.folder, bundle.id, output=subprocess.DEVNULL, errors=subprocess.DEVNULL)
    whole = time.monotonic() - begin
    bundle.delete("--force").succeeded()
    for moment in range(25):
        process = bundle.runtime.begin(command, "--bundle", bundle.folder, bundle.id)
        time.sleep(whole * 1.2 * moment / 25)  # the moment is what is tested
        process.kill()
        process.wait()
        bundle.runtime("state", bundle.id)  # whatever it says, it says it
        bundle.delete("--force")
        eventually(lambda: bundle.id not in bundle.runtime.known(), within=5, what="its record is gone")
    assert not bundle.create().failed, bundle.complaint  # the id is free, nothing is in the way


@section("failures: the runtime dies")
def test_runtime_is_killed_by_its_own_hook(bundle):
    append(bundle, "createRuntime", "kill -9 $PPID; cat")
    bundle.process["args"] = ["/bin/sleep", "1000"]
    assert bundle.create().failed
    assert bundle.start().failed
    bundle.delete("--force").succeeded()


@section("failures: disk full")
@pytest.mark.parametrize("free", [0, 4096, 8192])
def test_disk_is_full(bundle, free):
    with mount_on_the_host(bundle.folder / "small", "-o", "size=64k") as small:
        full = bundle.runtime
        bundle.runtime = OCIRuntime(full.path, small)
        (small / ".filler").write_bytes(bytes((64 << 10) - free))
        if bundle.create().failed:
            bundle.refused()
        else:  # so much was enough
            bundle.delete("--force").succeeded()
        (small / ".filler").unlink()
        bundle.created()
        bundle.delete("--force").succeeded()
        bundle.runtime = full


def records(bundle):
    """The files in which the runtime keeps what it knows of the container."""
    folder = bundle.runtime.root / bundle.id
    return [path for path in folder.rglob("*") if path.is_file() and path.read_bytes().lstrip().startswith(b"{")]


@section("failures: torn state")
@pytest.mark.parametrize("length", [0, 1, 100, -2])
def test_state_file_is_torn(bundle, length):
    bundle.running()
    pid = bundle.state()["pid"]
    saved = {path: path.read_bytes() for path in records(bundle) if path.name != "config.json"}
    assert saved
    for path, text in saved.items():
        path.write_bytes(text[:length])
    for command in ("state", "start", "kill"):
        done = bundle.runtime(command, bundle.id)
        assert done.failed and done.errors.strip(), command
    for path, text in saved.items():
        path.write_bytes(text)
    assert bundle.state()["pid"] == pid  # nothing has thrown away what could be mended
    bundle.exec("/bin/true").succeeded()


@section("failures: torn state")
@pytest.mark.parametrize("text", ["{}", "[]", '{"id": 1}', '{"pid": -1, "init_process_pid": -1}', "null"])
def test_state_file_is_another(bundle, text):
    bundle.running()
    saved = {path: path.read_bytes() for path in records(bundle) if path.name != "config.json"}
    for path in saved:
        path.write_text(text)
    done = bundle.kill("KILL")
    for path, before in saved.items():
        path.write_bytes(before)
    assert done.failed
    assert bundle.status() == "running"


@section("failures: torn state")
def test_torn_state_is_removed_by_force(bundle):
    bundle.running()
    pid = bundle.state()["pid"]
    for path in records(bundle):
        if path.name != "config.json":
            path.write_bytes(path.read_bytes()[:50])
    bundle.delete("--force")
    if bundle.id in bundle.runtime.known():
        os.kill(pid, signal.SIGKILL)
        pytest.fail("it is still known")


@section("failures: two creates of one id")
def test_two_creates_of_one_id(make_bundle):
    first, second = make_bundle(), make_bundle()
    second.id = first.id
    second.linux["cgroupsPath"] = first.linux["cgroupsPath"]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for _ in range(8):
            for bundle in (first, second):
                bundle.shell("sleep 1000")
            done = list(pool.map(lambda bundle: bundle.create(), (first, second)))
            assert sorted(each.failed for each in done) == [False, True], [each.errors for each in done]
            winner = first if done[1].failed else second
            assert first.state()["bundle"] == str(winner.folder)
            first.start().succeeded()
            first.exec("/bin/true").succeeded()
            first.delete("--force").succeeded()


@section("failures: delete races exec")
def test_delete_races_exec(bundle):
    for round in range(6):
        bundle.running()
        sessions = [bundle.runtime.begin("exec", bundle.id, "sleep", "100") for _ in range(4)]
        time.sleep(0.01 * round)  # at another moment each time
        bundle.delete("--force").succeeded()
        for session in sessions:
            session.wait(timeout=10)
        assert bundle.id not in bundle.runtime.known()
        (bundle.folder / "output").unlink()


@section("failures: delete races exec")
def test_start_races_delete(bundle):
    for round in range(8):
        bundle.shell("sleep 1000").created()
        start = bundle.runtime.begin("start", bundle.id)
        bundle.delete("--force").succeeded()
        start.wait(timeout=10)
        eventually(lambda: bundle.id not in bundle.runtime.known())


@section("failures: delete races exec")
def test_delete_races_create(bundle):
    """Whoever comes first: no process is left that nobody knows, and the container is whole or gone."""
    bundle.shell("sleep 1000")
    begin = time.monotonic()
    bundle.created()
    whole = time.monotonic() - begin
    bundle.delete("--force").succeeded()
    with open(bundle.folder / "output", "ab") as output:
        for moment in range(24):
            create = bundle.runtime.begin("create", "--bundle", bundle.folder, bundle.id, stdout=output)
            time.sleep(whole * moment / 24)  # the moment is what is tested
            bundle.delete("--force")
            if create.wait(timeout=10) == 0 and bundle.id in bundle.runtime.known():
                bundle.start().succeeded()
                bundle.delete("--force").succeeded()
            eventually(lambda: not [path for path in leaks.cgroups() if bundle.id in path], what="its groups are gone")
            assert bundle.id not in bundle.runtime.known()


@section("failures: delete races exec")
def test_two_deletes(bundle):
    for _ in range(6):
        bundle.shell("sleep 1000").created()
        deletes = [bundle.runtime.begin("delete", "--force", bundle.id) for _ in range(3)]
        assert 0 in [delete.wait(timeout=10) for delete in deletes]
        assert bundle.id not in bundle.runtime.known()


@section("failures: list")
def test_list_shows_what_it_can_read(make_bundle):
    torn, whole = make_bundle().running(), make_bundle().running()
    saved = {path: path.read_bytes() for path in records(torn) if path.name != "config.json"}
    for path in saved:
        path.write_bytes(b"{")
    done = torn.runtime("list", "--format", "json")
    for path, text in saved.items():
        path.write_bytes(text)
    assert whole.id in {each["id"] for each in json.loads(done.output)}
