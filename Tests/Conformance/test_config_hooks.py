"""config.md §POSIX-platform Hooks."""

import json
import os
import time

import pytest
from hooks import PID_OF_STATE, append

section = pytest.mark.section
ALL = ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"]
IN_RUNTIME = ["prestart", "createRuntime", "poststart", "poststop"]


def run(bundle):
    bundle.shell("exit 0").run().succeeded()


def seen_by(bundle, name):
    """Where a hook of this name can write to, and what the test then reads: only startContainer is inside."""
    inside = name == "startContainer"
    return ("/seen" if inside else str(bundle.folder / "seen")), (bundle.rootfs if inside else bundle.folder) / "seen"


@section("config.md §POSIX-platform Hooks")
@pytest.mark.parametrize("name", ALL)
def test_hooks_run_in_the_listed_order(bundle, name):
    path, seen = seen_by(bundle, name)
    for number in range(3):
        append(bundle, name, f"echo {number} >>{path}")
    run(bundle)
    assert seen.read_text().split() == ["0", "1", "2"]


@section("config.md §POSIX-platform Hooks")
def test_hooks_of_all_kinds_run_in_their_order(bundle):
    (bundle.rootfs / "order").touch()
    for name in ALL:
        append(bundle, name, f"echo {name} >>{'' if name == 'startContainer' else bundle.rootfs}/order")
    # The process waits for the poststart hook, which only then runs after it.
    bundle.shell("echo process >>/order; while ! grep -q poststart /order; do sleep 0.02; done").created()
    bundle.start().succeeded()
    bundle.wait_until("stopped")
    bundle.delete().succeeded()
    order = (bundle.rootfs / "order").read_text().split()
    assert order in ([*ALL[:4], *both, "poststop"] for both in (["process", "poststart"], ["poststart", "process"]))


@section("config.md §POSIX-platform Hooks")
@pytest.mark.parametrize("name", ALL)
def test_hooks_get_the_state(bundle, name):
    path, seen = seen_by(bundle, name)
    append(bundle, name, f"cat >{path}")
    bundle.config["annotations"] = {"com.example.key": "value"}
    run(bundle)
    state = json.loads(seen.read_text())
    assert (state["id"], state["bundle"]) == (bundle.id, str(bundle.folder))
    assert state["annotations"] == {"com.example.key": "value"}
    expected = {"poststart": {"running", "stopped"}, "poststop": {"stopped"}, "startContainer": {"created"}}
    assert state["status"] in expected.get(name, {"creating", "created"})
    assert name == "poststop" or state["pid"] > 0


@section("config.md §POSIX-platform Hooks")
@pytest.mark.parametrize("name", ALL)
def test_hooks_have_the_given_arguments_and_environment(bundle, name):
    path, seen = seen_by(bundle, name)
    append(bundle, name, f'echo "$0" "$1" "$A" "$LEAK" >{path}', env=["A=b", "PATH=/bin"])
    bundle.config["hooks"][name][0]["args"] += ["given zero", "given one"]
    bundle.shell("exit 0").run(env={"LEAK": "leaked", "PATH": "/bin"}).succeeded()
    assert seen.read_text() == "given zero given one b \n"


@section("config.md §POSIX-platform Hooks")
@pytest.mark.parametrize("name", ALL)
def test_hooks_need_an_absolute_path(bundle, name):
    bundle.config["hooks"] = {name: [{"path": "bin/true"}]}
    bundle.shell("echo ran >/ran")
    if bundle.create().failed:
        bundle.refused()
    elif name in ("startContainer", "poststart"):
        assert bundle.start().failed
    else:
        pytest.fail("a relative path was taken")


@section("config.md §POSIX-platform Hooks")
@pytest.mark.parametrize("timeout", [0, -1])
def test_hooks_need_a_timeout_above_zero(bundle, timeout):
    append(bundle, "createRuntime", "true", timeout=timeout)
    bundle.refused()


@section("config.md §POSIX-platform Hooks")
def test_hooks_are_aborted_after_their_timeout(bundle):
    append(bundle, "createRuntime", "exec sleep 100", timeout=1)
    begin = time.monotonic()
    bundle.refused()
    assert time.monotonic() - begin < 10


@section("config.md §POSIX-platform Hooks")
@pytest.mark.parametrize("name", IN_RUNTIME)
def test_hooks_in_the_runtime_namespace(bundle, name):
    append(bundle, name, f"readlink /proc/self/ns/* >{bundle.folder}/seen")
    run(bundle)
    own = sorted(os.readlink(f"/proc/self/ns/{each}") for each in os.listdir("/proc/self/ns"))
    assert sorted((bundle.folder / "seen").read_text().split()) == own


@section("config.md §CreateContainer Hooks")
def test_hooks_in_the_container_namespace(bundle):
    """createContainer: the path is the runtime's, the namespaces are the container's."""
    append(bundle, "createContainer", f"readlink /proc/self/ns/mnt /proc/self/ns/uts >{bundle.folder}/seen")
    bundle.shell("sleep 1000").created()
    pid = bundle.state()["pid"]
    expected = [os.readlink(f"/proc/{pid}/ns/{each}") for each in ("mnt", "uts")]
    assert (bundle.folder / "seen").read_text().split() == expected


@section("config.md §CreateContainer Hooks")
@pytest.mark.defect("what is mounted below the root file system does not show in the container")
def test_hooks_before_the_root_is_entered_can_mount_below_it(bundle):
    append(bundle, "createContainer", f"mount -t tmpfs tmpfs {bundle.rootfs}/mnt && touch {bundle.rootfs}/mnt/made")
    assert bundle.probe("ls /mnt") == "made\n"
    assert not (bundle.rootfs / "mnt/made").exists()


@section("config.md §POSIX-platform Hooks")
def test_hooks_in_the_container(bundle):
    """startContainer: path and namespaces are the container's."""
    script = "for each in mnt pid; do readlink /proc/self/ns/$each; done"
    (bundle.rootfs / "hook").write_text(f"#!/bin/sh\n({script}) >/seen\n")
    (bundle.rootfs / "hook").chmod(0o755)
    bundle.config["hooks"] = {"startContainer": [{"path": "/hook"}]}
    assert bundle.probe(f"({script}) | diff - /seen && echo same") == "same\n"


@section("config.md §Prestart")
@pytest.mark.parametrize("name", ["prestart", "createRuntime"])
def test_hooks_at_create_find_the_namespaces_made(bundle, name):
    append(bundle, name, f"readlink /proc/$({PID_OF_STATE})/ns/net >{bundle.folder}/seen")
    bundle.shell("sleep 1000").created()
    network = (bundle.folder / "seen").read_text().strip()
    assert network == os.readlink(f"/proc/{bundle.state()['pid']}/ns/net") != os.readlink("/proc/self/ns/net")


@section("config.md §StartContainer Hooks")
def test_hooks_at_start_come_before_the_process(bundle):
    append(bundle, "startContainer", "echo hook >>/order")
    bundle.shell("echo process >>/order").created()
    assert not (bundle.rootfs / "order").exists()
    bundle.start().succeeded()
    bundle.wait_until("stopped")
    assert (bundle.rootfs / "order").read_text().split() == ["hook", "process"]


@section("config.md §Poststart")
def test_hooks_after_start_come_before_it_returns(bundle):
    append(bundle, "poststart", f"sleep 0.3; touch {bundle.folder}/seen")
    bundle.shell("sleep 1000").created()
    assert not (bundle.folder / "seen").exists()
    bundle.start().succeeded()
    assert (bundle.folder / "seen").exists()


@section("config.md §Poststop")
def test_hooks_after_delete_come_before_it_returns(bundle):
    append(bundle, "poststop", f"sleep 0.3; ls {bundle.runtime.root} >{bundle.folder}/seen")
    bundle.created()
    bundle.start().succeeded()
    bundle.wait_until("stopped")
    assert not (bundle.folder / "seen").exists()
    bundle.delete().succeeded()
    assert bundle.id not in (bundle.folder / "seen").read_text().split()
