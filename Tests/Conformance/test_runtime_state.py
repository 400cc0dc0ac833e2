"""runtime.md: what a container's state says, and what the operations promise and refuse."""

import json
import os
import re

import pytest
from hooks import append
from polling import eventually

section = pytest.mark.section
SEMANTIC_VERSION = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
DEFINED = {"creating", "created", "running", "stopped"}


@section("runtime.md §State")
def test_state_of_a_created_container(bundle):
    bundle.config["annotations"] = {"com.example.key": "value", "empty": ""}
    bundle.created()
    state = bundle.state()
    assert SEMANTIC_VERSION.fullmatch(state["ociVersion"])
    assert (state["id"], state["status"]) == (bundle.id, "created")
    assert state["bundle"] == str(bundle.folder)
    assert state["annotations"] == {"com.example.key": "value", "empty": ""}


@section("runtime.md §State")
def test_state_pid_is_the_container_process(bundle):
    bundle.shell("sleep 1000").create("--pid-file", bundle.folder / "pid").succeeded()
    state = bundle.state()
    assert isinstance(state["pid"], int)
    assert state["pid"] == int((bundle.folder / "pid").read_text())
    bundle.start().succeeded()
    assert bundle.state()["pid"] == state["pid"]
    eventually(lambda: b"sleep" in open(f"/proc/{state['pid']}/cmdline", "rb").read())


@section("runtime.md §State")
def test_state_follows_the_lifecycle(bundle):
    bundle.shell("read line </hold").created()
    os.mkfifo(bundle.rootfs / "hold")
    assert bundle.status() == "created"
    bundle.start().succeeded()
    eventually(lambda: bundle.status() == "running")
    (bundle.rootfs / "hold").write_text("go\n")
    bundle.wait_until("stopped")


@section("runtime.md §State")
def test_state_bundle_is_absolute(bundle):
    bundle.write()
    with open(bundle.folder / "errors", "w") as errors:
        bundle.runtime(
            "create", "--bundle", "rootfs/..", bundle.id, cwd=bundle.folder, output=errors, errors=errors
        ).succeeded()
    assert os.path.isabs(bundle.state()["bundle"])
    assert os.path.samefile(bundle.state()["bundle"], bundle.folder)


@section("runtime.md §State")
def test_state_in_a_hook_is_creating(bundle):
    append(bundle, "createRuntime", f"cat >{bundle.folder}/seen")
    bundle.created()
    assert json.loads((bundle.folder / "seen").read_text())["status"] in {"creating", "created"}


@section("runtime.md §State")
def test_state_values_of_its_own_mean_something_new(bundle):
    bundle.running()
    if bundle.runtime("pause", bundle.id).failed:
        pytest.skip("this runtime does not pause")
    assert bundle.status() not in DEFINED
    bundle.runtime("resume", bundle.id).succeeded()
    assert bundle.status() == "running"


@section("runtime.md §State")
def test_state_adheres_to_the_schema(bundle):
    state = bundle.running().state()
    types = {"ociVersion": str, "id": str, "status": str, "pid": int, "bundle": str}
    assert {key: type(state.get(key)) for key in types} == types
    assert state["pid"] >= 0
    assert all(isinstance(value, str) for value in (state.get("annotations") or {}).values())


@section("runtime.md §Query State")
@pytest.mark.parametrize("command", ["state", "start", "kill", "delete"])
def test_operations_need_an_id(runtime, command):
    assert runtime(command).failed


@section("runtime.md §Query State")
@pytest.mark.parametrize("command", ["state", "start", "kill", "delete"])
def test_operations_refuse_an_unknown_id(runtime, command):
    done = runtime(command, "nobody")
    assert done.failed
    assert done.errors.strip()


@section("runtime.md §Scope of a Container")
def test_whoever_creates_a_container_can_operate_it(bundle):
    bundle.shell("sleep 1000").created()
    bundle.start().succeeded()
    assert bundle.status() == "running"
    bundle.kill("KILL").succeeded()
    bundle.wait_until("stopped")
    bundle.delete().succeeded()
    assert bundle.runtime("state", bundle.id).failed
