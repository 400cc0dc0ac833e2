"""runtime.md §Lifecycle, step by step, with §Errors and §Warnings."""

import json
import os

import pytest
from hooks import append
from polling import eventually

section = pytest.mark.section
AT_CREATE = ["prestart", "createRuntime", "createContainer"]


@section("runtime.md §Lifecycle 2")
def test_lifecycle_2_an_impossible_environment_is_an_error(bundle):
    bundle.config["root"]["path"] = "missing"
    bundle.refused()


@section("runtime.md §Lifecycle 2")
def test_lifecycle_2_the_program_does_not_run(bundle):
    bundle.shell("echo ran >/ran").created()
    assert not (bundle.rootfs / "ran").exists()


@section("runtime.md §Lifecycle 2")
def test_lifecycle_2_later_changes_of_the_configuration_do_nothing(bundle):
    bundle.process["env"].append("WHEN=before")
    bundle.shell("echo $WHEN $(hostname)").created()
    bundle.process["env"].append("WHEN=after")
    bundle.config["hostname"] = "after"
    bundle.shell("echo changed").write()
    bundle.start().succeeded()
    bundle.wait_until("stopped")
    assert bundle.output == "before conformance\n"


@section("runtime.md §Lifecycle 3-5")
def test_lifecycle_3_to_5_hooks_run_in_order(bundle):
    for name in AT_CREATE:
        append(bundle, name, f"echo {name} >>{bundle.folder}/order")
    bundle.created()
    assert (bundle.folder / "order").read_text().split() == AT_CREATE


@section("runtime.md §Lifecycle 3-5")
@pytest.mark.parametrize("name", AT_CREATE)
def test_lifecycle_3_to_5_a_failing_hook_ends_the_container(bundle, name):
    append(bundle, name, "exit 3")
    bundle.shell("echo ran >/ran").refused()
    assert not (bundle.rootfs / "ran").exists()


@section("runtime.md §Lifecycle 3-5")
@pytest.mark.parametrize("name", AT_CREATE)
def test_lifecycle_3_to_5_a_failing_hook_is_followed_by_poststop(bundle, name):
    append(bundle, name, "exit 3")
    append(bundle, "poststop", f"echo stopped >>{bundle.folder}/order")
    bundle.refused()
    assert (bundle.folder / "order").read_text() == "stopped\n"


@section("runtime.md §Lifecycle 7")
@pytest.mark.parametrize("script", ["exit 3", "kill -9 $$"])
def test_lifecycle_7_a_failing_hook_ends_the_container(bundle, script):
    append(bundle, "startContainer", script)
    append(bundle, "poststop", f"echo stopped >>{bundle.folder}/order")
    bundle.shell("echo ran >/ran").created()
    assert bundle.start().failed
    assert not (bundle.rootfs / "ran").exists()
    if bundle.id in bundle.runtime.known():
        bundle.wait_until("stopped")
        bundle.delete().succeeded()
    assert (bundle.folder / "order").read_text() == "stopped\n"


@section("runtime.md §Lifecycle 9")
def test_lifecycle_9_a_failing_hook_ends_the_container(bundle):
    bundle.config["ociVersion"] = "1.3.0"
    append(bundle, "poststart", "exit 3")
    bundle.shell("sleep 1000").created()
    assert bundle.start().failed
    if bundle.id in bundle.runtime.known():
        eventually(lambda: bundle.status() == "stopped", within=2)


@section("runtime.md §Lifecycle 9")
@pytest.mark.parametrize("version", ["1.0.2", "1.2.1"])
def test_lifecycle_9_a_failing_hook_was_only_a_warning_before_version_1_3(bundle, version):
    bundle.config["ociVersion"] = version
    append(bundle, "poststart", "exit 3")
    append(bundle, "poststart", f"touch {bundle.folder}/second")
    bundle.shell("sleep 1000").created()
    started = bundle.start().succeeded()
    assert started.errors.strip()
    assert (bundle.folder / "second").exists()
    assert bundle.status() == "running"


@section("runtime.md §Lifecycle 12-13")
def test_lifecycle_12_and_13_a_container_is_destroyed_before_its_hooks_run(bundle):
    append(bundle, "poststop", f"cat >{bundle.folder}/seen; ls /sys/fs/cgroup/* >{bundle.folder}/cgroups")
    bundle.created()
    bundle.start().succeeded()
    bundle.wait_until("stopped")
    bundle.delete().succeeded()
    assert json.loads((bundle.folder / "seen").read_text())["id"] == bundle.id
    assert bundle.id not in (bundle.folder / "cgroups").read_text().split()


@section("runtime.md §Lifecycle 12-13")
def test_lifecycle_13_a_failing_hook_is_only_a_warning(bundle):
    append(bundle, "poststop", "exit 3")
    append(bundle, "poststop", f"touch {bundle.folder}/second")
    bundle.created()
    bundle.start().succeeded()
    bundle.wait_until("stopped")
    bundle.delete().succeeded()
    assert (bundle.folder / "second").exists()
    assert bundle.id not in bundle.runtime.known()


@section("runtime.md §Warnings")
def test_warnings_do_not_change_the_flow(bundle):
    bundle.process["capabilities"]["bounding"].append("CAP_OF_TOMORROW")
    assert bundle.probe("echo ran") == "ran\n"


@section("runtime.md §Errors")
def test_errors_leave_the_bundle_as_it_was(bundle):
    def tree():
        return sorted((path, names) for path, _, names in os.walk(bundle.folder))

    bundle.linux["sysctl"] = {"kernel.no_such_key": "1"}
    bundle.refused()
    before = tree()
    bundle.refused()
    assert tree() == before
