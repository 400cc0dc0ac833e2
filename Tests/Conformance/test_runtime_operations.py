"""runtime.md §Operations: create, start, kill and delete."""

import os
import pathlib
import signal

import pytest
from polling import eventually

section = pytest.mark.section


@section("runtime.md §Create")
def test_create_needs_an_id(bundle):
    assert bundle.write().runtime("create", "--bundle", bundle.folder).failed


@section("runtime.md §Create")
def test_create_needs_a_bundle(bundle):
    assert bundle.runtime("create", "--bundle", bundle.folder / "none", bundle.id).failed
    assert bundle.id not in bundle.runtime.known()


@section("runtime.md §Create")
def test_create_needs_a_configuration(bundle):
    assert bundle.runtime("create", "--bundle", bundle.folder, bundle.id).failed
    assert bundle.id not in bundle.runtime.known()


@section("runtime.md §Create")
def test_create_refuses_an_id_that_is_taken(bundle):
    bundle.running()
    before = bundle.state()
    assert bundle.create().failed
    assert bundle.state() == before
    bundle.exec("/bin/true").succeeded()


@section("runtime.md §Create")
@pytest.mark.parametrize("id", ["", "..", ".", "a/b", "/", "../escape", "a b", "new\nline", "x" * 2000])
def test_create_refuses_an_id_that_is_not_valid(bundle, id):
    bundle.id, known = id, bundle.runtime.known()
    before = set(bundle.runtime.root.parent.iterdir())
    assert bundle.create().failed
    bundle.id = "nobody"
    assert bundle.runtime.known() == known
    assert set(bundle.runtime.root.parent.iterdir()) <= before | {bundle.runtime.root}


@section("runtime.md §Create")
def test_create_does_not_apply_args(bundle):
    bundle.shell("echo ran >/ran").created()
    arguments = pathlib.Path(f"/proc/{bundle.state()['pid']}/cmdline").read_bytes()
    assert b"echo ran" not in arguments
    assert not (bundle.rootfs / "ran").exists()


@section("runtime.md §Create")
def test_create_applies_everything_else(bundle):
    bundle.config["hostname"] = "applied"
    bundle.mount("/mnt", options=["mode=711"])
    bundle.created()
    pid = bundle.state()["pid"]
    assert any(" /mnt " in line for line in open(f"/proc/{pid}/mountinfo"))
    entered = os.popen(f"nsenter --uts=/proc/{pid}/ns/uts hostname").read()
    assert entered == "applied\n"


@section("runtime.md §Create")
@pytest.mark.parametrize(
    "change",
    [
        lambda bundle: bundle.bind("/not/there", "/mnt"),
        lambda bundle: bundle.mount("/mnt", type="no-such-file-system"),
        lambda bundle: bundle.mount("/mnt", options=["no-such-option=1"]),
        lambda bundle: bundle.linux.update(sysctl={"net.ipv4.no_such_key": "1"}),
        lambda bundle: bundle.linux["resources"].update(cpu={"cpus": "4096-5000"}),
    ],
    ids=["source", "type", "option", "sysctl", "cpus"],
)
def test_create_fails_where_it_cannot_apply_a_property(bundle, change):
    change(bundle)
    bundle.refused()


@section("runtime.md §Start")
def test_start_runs_the_program(bundle):
    bundle.shell("echo ran >/ran").created()
    bundle.start().succeeded()
    bundle.wait_until("stopped")
    assert (bundle.rootfs / "ran").read_text() == "ran\n"


@section("runtime.md §Start")
def test_start_refuses_a_running_container(bundle):
    bundle.running()
    before = bundle.state()
    assert bundle.start().failed
    assert bundle.state() == before


@section("runtime.md §Start")
def test_start_refuses_a_stopped_container(bundle):
    bundle.shell("echo ran >>/ran").created()
    bundle.start().succeeded()
    bundle.wait_until("stopped")
    assert bundle.start().failed
    assert bundle.status() == "stopped"
    assert (bundle.rootfs / "ran").read_text() == "ran\n"


@section("runtime.md §Start")
def test_start_fails_without_a_process(bundle):
    del bundle.config["process"]
    if bundle.create().failed:
        bundle.refused()  # as early as that is as good
    else:
        assert bundle.start().failed


@section("runtime.md §Kill")
@pytest.mark.parametrize("name", ["TERM", "SIGUSR1", "10", "HUP"])
def test_kill_sends_the_signal_to_the_process(bundle, name):
    traps = "; ".join(f"trap 'echo got {each}' {each}" for each in ("TERM", "USR1", "HUP"))
    bundle.running(f"{traps}; while :; do sleep 0.05; done")
    bundle.kill(name).succeeded()
    expected = {"SIGUSR1": "USR1", "10": "USR1"}.get(name, name)
    eventually(lambda: f"got {expected}\n" in bundle.output)
    assert bundle.output.count("got") == 1


@section("runtime.md §Kill")
def test_kill_ends_a_created_container(bundle):
    bundle.created()
    bundle.kill("KILL").succeeded()
    bundle.wait_until("stopped")


@section("runtime.md §Kill")
def test_kill_refuses_a_stopped_container(bundle):
    bundle.created()
    bundle.start().succeeded()
    bundle.wait_until("stopped")
    assert bundle.kill("TERM").failed
    assert bundle.status() == "stopped"


@section("runtime.md §Kill")
@pytest.mark.parametrize("name", ["NONSENSE", "0x9", "-1", "4096", ""])
def test_kill_refuses_what_is_no_signal(bundle, name):
    bundle.running()
    assert bundle.kill(name).failed
    assert bundle.status() == "running"


@section("runtime.md §Delete")
def test_delete_refuses_a_running_container(bundle):
    bundle.running()
    before = bundle.state()
    assert bundle.delete().failed
    assert bundle.state() == before
    bundle.exec("/bin/true").succeeded()


@section("runtime.md §Delete")
@pytest.mark.defect("on purpose, as runc: engines delete what they have only created")
def test_delete_refuses_a_created_container(bundle):
    bundle.created()
    assert bundle.delete().failed
    assert bundle.status() == "created"


@section("runtime.md §Delete")
def test_delete_removes_what_create_made(bundle):
    bundle.running()
    cgroups = [line.split(":", 2)[2] for line in open(f"/proc/{bundle.state()['pid']}/cgroup")]
    bundle.kill("KILL").succeeded()
    bundle.wait_until("stopped")
    bundle.delete().succeeded()
    assert bundle.id not in bundle.runtime.known()
    assert not [path for path in pathlib.Path("/sys/fs/cgroup").rglob(bundle.id)], cgroups


@section("runtime.md §Delete")
def test_delete_leaves_what_create_did_not_make(bundle):
    source = bundle.folder / "source"
    source.mkdir()
    (source / "kept").write_text("kept")
    bundle.bind(source, "/mnt", "bind").shell("cat /mnt/kept").created()
    bundle.start().succeeded()
    bundle.wait_until("stopped")
    bundle.delete().succeeded()
    assert (source / "kept").read_text() == "kept"
    assert (bundle.rootfs / "bin/sh").exists()
    assert (bundle.folder / "config.json").exists()


@section("runtime.md §Delete")
def test_delete_frees_the_id(bundle):
    for _ in range(2):
        bundle.created()
        bundle.start().succeeded()
        bundle.wait_until("stopped")
        bundle.delete().succeeded()


@section("runtime.md §Delete")
def test_delete_ends_what_outlived_the_process(bundle):
    """Without a pid namespace the kernel does not end the other processes with the first one."""
    bundle.without_namespace("pid").shell("setsid sleep 1000 & sleep 0.1").run_detached().succeeded()
    bundle.wait_until("stopped")
    bundle.delete("--force").succeeded()


@section("runtime.md §Kill")
def test_kill_reaches_a_process_that_is_stopped(bundle):
    bundle.running()
    os.kill(bundle.state()["pid"], signal.SIGSTOP)
    bundle.kill("KILL").succeeded()
    bundle.wait_until("stopped")
