"""config.md §POSIX-platform Hooks."""

import json
import os
import shutil
import subprocess
import time

import leaks
import pytest
from hooks import PID_OF_STATE, append
from polling import eventually

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
@pytest.mark.parametrize("name", ["prestart", "createRuntime"])
def test_hooks_are_aborted_with_their_children(bundle, name):
    append(bundle, name, f"sleep 100 & echo $! >{bundle.folder}/child; wait", timeout=1)
    bundle.refused()
    child = int((bundle.folder / "child").read_text())
    eventually(lambda: not any(each.startswith(f"{child} ") for each in leaks.processes()), what="its child is gone")


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
def test_hooks_before_the_root_is_entered_can_mount_below_it(bundle):
    append(bundle, "createContainer", f"mount -t tmpfs tmpfs {bundle.rootfs}/mnt && touch {bundle.rootfs}/mnt/made")
    assert bundle.probe("ls /mnt") == "made\n"
    assert not (bundle.rootfs / "mnt/made").exists()


@section("config.md §CreateContainer Hooks")
@pytest.mark.parametrize("propagation", ["private", "rslave", "shared", "rshared"])
@pytest.mark.parametrize("holder", ["tmpfs", "bundle"])
def test_hooks_that_mount_below_the_root_leave_nothing_on_the_host(bundle, propagation, holder):
    """The root is attached where it is for the hook's sake; whatever the propagation there, only in the container."""
    if holder == "tmpfs":
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", bundle.folder], check=True)
        shutil.copytree("/bin", bundle.rootfs / "bin", symlinks=True, ignore=lambda _, names: set(names) - {"busybox"})
        (bundle.rootfs / "bin/sh").symlink_to("busybox")
        for name in ("proc", "dev", "sys", "mnt"):
            (bundle.rootfs / name).mkdir()
        subprocess.run(["mount", "--make-shared", bundle.folder], check=True)
    try:
        bundle.linux["rootfsPropagation"] = propagation
        before = set(open("/proc/self/mountinfo"))
        append(bundle, "createContainer", f"mount -t tmpfs made {bundle.rootfs}/mnt")
        bundle.shell("busybox grep ' /mnt ' /proc/self/mountinfo; busybox sleep 1000").created()
        assert set(open("/proc/self/mountinfo")) == before
        bundle.start().succeeded()
        eventually(lambda: "- tmpfs made" in bundle.output, what="the hook's mount is there")
        bundle.delete("--force").succeeded()
        assert set(open("/proc/self/mountinfo")) == before
    finally:
        if holder == "tmpfs":
            subprocess.run(["umount", "--lazy", bundle.folder], check=True)


@section("config.md §CreateContainer Hooks")
def test_hooks_that_mount_below_the_root_do_not_undo_what_is_masked(bundle):
    append(bundle, "createContainer", f"mount -t tmpfs tmpfs {bundle.rootfs}/mnt && echo hidden >{bundle.rootfs}/mnt/x")
    bundle.linux["maskedPaths"].append("/mnt/x")
    assert bundle.probe("cat /mnt/x") == ""


@section("config.md §CreateContainer Hooks")
def test_hooks_in_a_root_that_is_not_pivoted_to(bundle):
    append(bundle, "createContainer", f"mount -t tmpfs tmpfs {bundle.rootfs}/mnt && touch {bundle.rootfs}/mnt/made")
    assert bundle.probe("ls /mnt", "--no-pivot") == "made\n"


@section("config.md §CreateContainer Hooks")
def test_hooks_with_a_user_namespace_that_cannot_see_the_root(bundle):
    """Its hooks cannot either, and run all the same."""
    closed = bundle.folder / "closed"
    closed.mkdir(mode=0o700)
    shutil.move(bundle.rootfs, closed / "rootfs")
    bundle.rootfs = closed / "rootfs"
    bundle.config["root"]["path"] = "closed/rootfs"
    bundle.user_namespace()
    append(bundle, "createContainer", "exit 0")
    assert bundle.probe("echo ran") == "ran\n"


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
