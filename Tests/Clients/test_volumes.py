"""Volumes: made, filled from the image, shared, listed, removed; with the real client, and the same with dockerd."""

import json
import os
import pathlib
import time

import pytest

import kernel_state


@pytest.fixture
def volume(dock, request):
    """The name of a volume that is gone afterwards."""
    name = f"proa-{request.node.name.translate(str.maketrans('[]', '--'))}"
    yield name
    dock.run("rm", "--force", "it")
    dock("volume", "rm", "--force", name)


def details(dock, name):
    return json.loads(dock("volume", "inspect", name))[0]


def test_a_volume_outlives_containers(dock, volume):
    dock("run", "--rm", "-v", f"{volume}:/data", "busybox", "sh", "-c", "echo kept > /data/file; chown 7:8 /data/file")
    assert dock("run", "--rm", "-v", f"{volume}:/data:ro", "busybox", "stat", "-c", "%u:%g", "/data/file") == "7:8"
    assert pathlib.Path(details(dock, volume)["Mountpoint"], "file").read_text() == "kept\n"
    done = dock.run("run", "--rm", "-v", f"{volume}:/data:ro", "busybox", "touch", "/data/other")
    assert "Read-only file system" in done.stderr


def test_mount_options(dock, volume):
    dock("run", "--rm", "--mount", f"type=volume,source={volume},target=/data,volume-label=a=b", "busybox", "touch", "/data/x")
    assert details(dock, volume)["Labels"] == {"a": "b"}
    listed = dock("run", "--rm", "--mount", f"type=volume,source={volume},target=/data,readonly", "busybox", "ls", "/data")
    assert listed == "x"


def test_an_empty_volume_gets_the_images_files(dock, volume):
    dock("run", "--rm", "-v", f"{volume}:/etc", "busybox", "true")
    inside = dock("run", "--rm", "busybox", "sh", "-c", "stat -c '%n %u:%g %a' /etc/passwd /etc/group").splitlines()
    copied = dock("run", "--rm", "-v", f"{volume}:/copy", "busybox", "sh", "-c", "cd /copy; stat -c '%n %u:%g %a' passwd group")
    assert copied.splitlines() == [line.removeprefix("/etc/") for line in inside]


def test_the_directory_has_the_images_owner_and_mode(dock, volume):
    dock("run", "--rm", "-v", f"{volume}:/tmp", "busybox", "true")
    assert dock("run", "--rm", "-v", f"{volume}:/copy", "busybox", "stat", "-c", "%a", "/copy") == "1777"


def test_a_volume_with_files_keeps_them(dock, volume):
    dock("run", "--rm", "-v", f"{volume}:/data", "busybox", "touch", "/data/own")
    dock("run", "--rm", "-v", f"{volume}:/etc", "busybox", "true")
    names = dock("run", "--rm", "-v", f"{volume}:/data", "busybox", "ls", "/data").splitlines()
    assert "own" in names and "passwd" not in names


@pytest.mark.parametrize("arguments", [["-v", "{}:/etc:nocopy"], ["--mount", "type=volume,source={},target=/etc,volume-nocopy"]])
def test_nocopy(dock, volume, arguments):
    dock("run", "--rm", *[one.format(volume) for one in arguments], "busybox", "true")
    assert "passwd" not in dock("run", "--rm", "-v", f"{volume}:/data", "busybox", "ls", "/data")


def test_two_containers_share_a_volume(dock, volume):
    dock("run", "-d", "--name", "it", "-v", f"{volume}:/a", "busybox", "sleep", "1000")
    dock("run", "--rm", "-v", f"{volume}:/b", "busybox", "sh", "-c", "echo hello > /b/file")
    assert dock("exec", "it", "cat", "/a/file") == "hello"


def test_inspect_tells_of_the_mount(dock, volume):
    dock("create", "--name", "it", "-v", f"{volume}:/data", "-v", "/anonymous", "busybox")
    mounts = {mount["Destination"]: mount for mount in dock.inspect("it")["Mounts"]}
    source = details(dock, volume)["Mountpoint"]
    assert mounts["/data"] == {"Type": "volume", "Name": volume, "Source": source, "Destination": "/data", "Driver": "local",
                               "Mode": "z", "RW": True, "Propagation": ""}
    anonymous = mounts["/anonymous"]
    assert (anonymous["Type"], len(anonymous["Name"]), anonymous["Mode"]) == ("volume", 64, "")
    dock("rm", "--volumes", "it")
    assert anonymous["Name"] not in dock("volume", "ls", "--quiet").splitlines()


@pytest.mark.parametrize("arguments", [["rm", "it"], ["rm", "--volumes", "it"]], ids=["kept", "removed"])
def test_anonymous_volumes_go_if_somebody_asks(dock, arguments):
    dock("create", "--name", "it", "-v", "/anonymous", "busybox")
    [name] = [mount["Name"] for mount in dock.inspect("it")["Mounts"]]
    dock(*arguments)
    is_there = name in dock("volume", "ls", "--quiet").splitlines()
    assert is_there == ("--volumes" not in arguments)
    if is_there:
        dock("volume", "rm", name)


def test_anonymous_volumes_go_with_a_container_that_removes_itself(dock):
    before = set(dock("volume", "ls", "--quiet").splitlines())
    dock("run", "--rm", "-v", "/anonymous", "busybox", "touch", "/anonymous/file")
    assert set(dock("volume", "ls", "--quiet").splitlines()) == before


def test_named_volumes_stay(dock, volume):
    dock("create", "--name", "it", "-v", f"{volume}:/data", "busybox")
    dock("rm", "--volumes", "it")
    assert volume in dock("volume", "ls", "--quiet").splitlines()


def test_one_in_use_is_not_removed(dock, volume):
    dock("create", "--name", "it", "-v", f"{volume}:/data", "busybox")
    done = dock.run("volume", "rm", volume)
    assert done.returncode == 1
    assert f"remove {volume}: volume is in use - [{dock.inspect('it')['Id']}]" in done.stderr
    dock("rm", "it")
    dock("volume", "rm", volume)
    assert f"get {volume}: no such volume" in dock.run("volume", "inspect", volume).stderr


def test_create_and_list(dock, volume):
    assert dock("volume", "create", "--label", "colour=red", volume) == volume
    assert dock("volume", "create", volume) == volume
    for filters in (["label=colour=red"], ["label=colour"], [f"name={volume[3:]}"], ["dangling=true", f"name={volume}"]):
        arguments = [word for one in filters for word in ("--filter", one)]
        assert volume in dock("volume", "ls", "--quiet", *arguments).splitlines(), filters
    for filters in (["label=colour=blue"], ["name=other"], ["driver=other"], ["dangling=false"]):
        assert volume not in dock("volume", "ls", "--quiet", "--filter", filters[0]).splitlines(), filters
    made = details(dock, volume)
    assert (made["Driver"], made["Scope"], made["Name"], made["Labels"]) == ("local", "local", volume, {"colour": "red"})
    assert made["Mountpoint"].endswith(f"/volumes/{volume}/_data") and made["CreatedAt"]


@pytest.mark.proa_only("before API 1.42 all that are not used go")
def test_prune_takes_anonymous_ones_alone(dock, volume):
    dock("volume", "create", volume)
    anonymous = dock("volume", "create")
    output = dock("volume", "prune", "--force")
    assert anonymous in output and volume not in output
    output = dock("volume", "prune", "--force", "--all", "--filter", "label!=keep")
    assert volume in output


@pytest.mark.parametrize(("name", "message"), [
    ("a", "volume name is too short, names should be at least two alphanumeric characters"),
    ("a b", 'includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed.'),
    ("..", "includes invalid characters for a local volume name"),
    ("../x", "includes invalid characters for a local volume name"),
])
def test_names(dock, name, message):
    done = dock.run("volume", "create", name)
    assert done.returncode == 1 and message in done.stderr, done.stderr


def test_names_in_a_container(dock):
    done = dock.run("create", "--mount", "type=volume,source=../x,target=/data", "busybox")
    assert done.returncode == 1 and "includes invalid characters" in done.stderr, done.stderr


def test_etc_can_be_a_volume(dock, volume):
    """What the engine keeps of it comes on top."""
    assert dock("run", "--rm", "--hostname", "here", "-v", f"{volume}:/etc", "busybox", "cat", "/etc/hostname") == "here"
    assert "root:" in dock("run", "--rm", "-v", f"{volume}:/etc", "busybox", "cat", "/etc/passwd")


def test_the_answers_are_the_contracts(client, dock, volume):
    made = client.volumes.create(volume, labels={"a": "b"})
    assert client.volumes.get(volume).attrs == made.attrs
    assert volume in [each.name for each in client.volumes.list()]
    assert volume in [each["Name"] for each in client.df()["Volumes"]]
    made.remove()
    assert "no such volume" in dock.run("volume", "rm", volume).stderr


def test_disk_usage(dock, volume):
    dock("run", "--rm", "-v", f"{volume}:/data", "busybox", "dd", "if=/dev/zero", "of=/data/file", "bs=1M", "count=3")
    rows = json.loads(dock("system", "df", "--verbose", "--format", "{{json .Volumes}}"))
    [row] = [row for row in rows if row["Name"] == volume]
    assert (row["Links"], row["Size"]) == ("0", "3.146MB")


def test_events(dock, volume):
    dock("volume", "create", volume)
    dock("volume", "rm", volume)
    text = dock("events", "--since", "1h", "--until", f"{time.time():.9f}", "--filter", f"volume={volume}", "--format", "{{.Action}} {{.Actor.Attributes}}")
    assert text.splitlines() == ["create map[driver:local]", "destroy map[driver:local]"]


@pytest.mark.own_engine
@pytest.mark.proa_only("it is killed")
def test_the_next_daemon_knows_them(other_engine, dock_on):
    engine = other_engine()
    dock = dock_on(engine)
    dock("run", "-d", "--name", "it", "-v", "kept:/data", "-v", "/anonymous", "busybox", "sleep", "1000")
    dock("exec", "it", "touch", "/data/file")
    engine.kill()
    engine.start()
    assert "volume is in use" in dock.run("volume", "rm", "kept").stderr
    dock("rm", "--force", "--volumes", "it")
    assert dock("volume", "ls", "--quiet") == "kept"
    assert os.listdir(engine.data_root / "volumes") == ["kept"]
    assert dock("run", "--rm", "-v", "kept:/data", "busybox", "ls", "/data") == "file"
    kernel_state.agrees_with(engine)
