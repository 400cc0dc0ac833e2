"""Sizes, prune, system df, and the networks and volumes that there are."""

import json
import os

import docker
import pytest
from engines import SNAPSHOTS, STORAGE_DRIVER
from polling import eventually


@pytest.fixture
def written(dock):
    """A container that has written 5000 bytes and runs on."""
    dock("run", "-d", "--name", "written", "--label", "of=this-test", "busybox", "sh", "-c",
         "head -c 5000 /dev/zero >/f; echo ready; sleep 1000")
    eventually(lambda: "ready" in dock("logs", "written"))
    return dock.inspect("written")


def test_sizes(dock, client, written):
    root = client.images.get("busybox").attrs["Size"]
    sized = client.api.get(client.api._url("/containers/written/json"), params={"size": 1}).json()
    assert (sized["SizeRw"], sized["SizeRootFs"]) == (5000, root + 5000)
    assert "SizeRw" not in written
    row = next(row for row in client.api.containers(size=True) if row["Id"] == written["Id"])
    assert (row["SizeRw"], row["SizeRootFs"]) == (5000, root + 5000)
    assert "5kB" in dock("ps", "-s", "--filter", "name=written", "--format", "{{.Size}}")


def test_where_it_is(written):
    driver = written["GraphDriver"]
    assert driver["Name"] == written["Driver"] == STORAGE_DRIVER
    if STORAGE_DRIVER != "overlay2":
        assert driver["Data"] is None
        return
    assert os.path.getsize(driver["Data"]["UpperDir"] + "/f") == 5000
    assert os.path.isdir(driver["Data"]["WorkDir"])
    assert all(os.path.isdir(folder) for folder in driver["Data"]["LowerDir"].split(":"))


def test_pruned_are_those_that_do_not_run_and_match(dock, client, written):
    labelled = dock("create", "--name", "labelled", "--label", "of=this-test", "busybox")
    other = dock("create", "--name", "other", "--label", "keep", "busybox")
    prune = client.containers.prune
    assert prune({"until": "1h"})["ContainersDeleted"] is None
    assert prune({"label": ["of=another"]})["ContainersDeleted"] is None
    assert prune({"label": ["of=this-test"]})["ContainersDeleted"] == [labelled]
    assert dock("ps", "-aq", "--no-trunc", "--filter", "name=labelled") == ""
    assert dock.state("written")["Running"]
    assert prune({"label!": ["keep"]})["ContainersDeleted"] is None
    assert prune()["ContainersDeleted"] == [other]
    for wrong in ({"fly": "1"}, {"until": "whenever"}):
        with pytest.raises(docker.errors.APIError):
            prune(wrong)


def test_pruning_tells_what_it_freed(dock, client):
    dock("run", "--name", "wrote", "busybox", "sh", "-c", "head -c 7000 /dev/zero >/f")
    assert client.containers.prune()["SpaceReclaimed"] == 7000


@pytest.mark.own_engine
def test_images_without_names_or_without_containers(other_engine, dock_on):
    dock = dock_on(other_engine())
    dock("create", "--name", "user", "busybox")
    dock("tag", "busybox", "second:name")
    assert json.loads(dock("images", "--format", "json").splitlines()[0])["ID"]
    assert "Total reclaimed space: 0B" in dock("image", "prune", "-f")
    assert "Total reclaimed space: 0B" in dock("image", "prune", "-f", "-a")
    dock("rm", "user")
    told = dock("image", "prune", "-f", "-a")
    assert "untagged: second:name" in told and "deleted: sha256:" in told
    assert dock("images", "-q") == ""


def test_disk_usage(dock, client, written):
    usage = client.df()
    image = next(image for image in usage["Images"] if image["Id"] == written["Image"])
    assert image["Containers"] >= 1
    assert usage["LayersSize"] >= image["Size"] > 0
    row = next(row for row in usage["Containers"] if row["Id"] == written["Id"])
    assert row["SizeRw"] == 5000
    lines = dock("system", "df").splitlines()
    assert lines[1].split()[0] == "Images" and lines[2].split()[:3] == ["Containers", "1", "1"]


def test_networks(dock, client, written):
    assert {(network.name, network.attrs["Driver"]) for network in client.networks.list()} == {
        ("bridge", "bridge"), ("host", "host"), ("none", "null")
    }
    bridge = client.networks.get("bridge").attrs
    settings = written["NetworkSettings"]
    assert bridge["Id"] == settings["Networks"]["bridge"]["NetworkID"]
    there = bridge["Containers"][written["Id"]]
    assert there["Name"] == "written"
    assert there["EndpointID"] == settings["EndpointID"] == settings["Networks"]["bridge"]["EndpointID"]
    assert there["IPv4Address"] == f"{settings['IPAddress']}/{settings['IPPrefixLen']}"
    assert bridge["IPAM"]["Config"][0]["Gateway"] == settings["Gateway"]
    assert client.networks.get(bridge["Id"][:12]).name == "bridge"
    assert "host" in dock("network", "ls", "--filter", "driver=host")
    assert dock("network", "ls", "-q", "--filter", "type=custom") == ""
    assert "pre-defined network" in dock.run("network", "rm", "bridge").stderr
    assert "not found" in dock.run("network", "inspect", "nobody").stderr
    dock("network", "prune", "-f")


@pytest.mark.parametrize("mode", ["host", "none"])
def test_a_place_on_the_other_networks(dock, client, mode):
    dock("run", "-d", "--name", "there", "--network", mode, "busybox", "sleep", "1000")
    settings = dock.inspect("there")["NetworkSettings"]
    place = settings["Networks"][mode]
    assert place["NetworkID"] == client.networks.get(mode).id
    assert len(place["EndpointID"]) == 64 and place["IPAddress"] == "" and settings["EndpointID"] == ""
    assert len(settings["SandboxID"]) == 64
    dock("kill", "there")
    place = dock.inspect("there")["NetworkSettings"]["Networks"][mode]
    assert (place["NetworkID"], place["EndpointID"]) == (client.networks.get(mode).id, "")


@pytest.mark.own_engine
@pytest.mark.proa_only("without --live-restore's help it keeps all this")
def test_identifiers_outlive_the_daemon(other_engine, dock_on):
    engine = other_engine()
    dock = dock_on(engine)
    dock("run", "-d", "--name", "there", "busybox", "sleep", "1000")

    def known():
        return (
            dock("info", "--format", "{{.ID}}"), dock("network", "ls", "-q", "--no-trunc"),
            dock.inspect("there")["NetworkSettings"],
        )

    before = known()
    engine.kill()
    engine.start()
    assert known() == before
    assert len(before[0]) == 36


@pytest.mark.own_engine
def test_system_prune(other_engine, dock_on):
    dock = dock_on(other_engine())
    dock("create", "busybox")
    assert "Deleted Containers" in dock("system", "prune", "-f")
    assert dock("ps", "-aq") == ""


@pytest.mark.parametrize(
    ("text", "is_there"),
    [("health=none", True), ("health=healthy", False), ("is-task=true", False), ("is-task=false", True),
     ("status=paused", False), ("status=restarting", False), ("status=running", True), ("isolation=default", True)],
)
def test_filters_that_are_always_or_never_so(dock, written, text, is_there):
    assert ("written" in dock("ps", "-a", "--filter", text, "--format", "{{.Names}}")) == is_there


@pytest.mark.parametrize("text", ["health=fine", "is-task=x", "status=flying", "fly=1", "expose=http"])
def test_filters_that_are_none(dock, text):
    assert dock.run("ps", "--filter", text).returncode == 1


@pytest.mark.own_engine
@pytest.mark.proa_only("it is about our data root")
def test_what_cannot_be_read_is_set_aside_and_told(other_engine, dock_on):
    engine = other_engine()
    dock = dock_on(engine)
    engine.kill()
    snapshots = engine.data_root / SNAPSHOTS
    (snapshots / "containers" / "torn").mkdir()
    (engine.data_root / "identity.json").write_text('{"engine":')
    engine.start()
    warnings = json.loads(dock("info", "--format", "{{json .Warnings}}"))
    assert any("containers-torn" in warning and "was set aside" in warning for warning in warnings)
    assert any("identity.json" in warning and "was set aside" in warning for warning in warnings)
    assert list((snapshots / "unreadable").glob("containers-torn.*"))
    assert [path.read_text() for path in engine.data_root.glob("identity.json.*")] == ['{"engine":']
    assert dock("run", "--rm", "busybox", "echo", "well") == "well"
