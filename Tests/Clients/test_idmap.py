"""Files of the host and of volumes that a container sees under other ids (`idmap`), with the docker command and ours."""

import json
import os
import pathlib
import subprocess
import uuid

import pytest

pytestmark = pytest.mark.proa_only("Docker has no id-mapped mounts")

IDS = "uids=1000-7-1;gids=2000-8-1"
ROOT = "uids=1000-0-1;gids=2000-0-1"


@pytest.fixture
def source(tmp_path):
    """A folder with a file, of 1000:2000."""
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "file").write_text("hello\n")
    for path in (tmp_path, folder, folder / "file"):
        os.chown(path, 1000, 2000)
    return folder


@pytest.fixture
def volume(dock):
    """The name of a volume that is gone afterwards."""
    name = f"proa-{uuid.uuid4()}"
    yield name
    dock.run("rm", "--force", "it", "other")
    dock("volume", "rm", "--force", name)


@pytest.fixture
def mounted(source):
    """Mounts a file system below the source."""
    below = source / "below"
    below.mkdir()
    mounts = []

    def mount(kind, options="rw"):
        subprocess.run(["mount", "-n", "-t", kind, "-o", options, kind, below], check=True)
        mounts.append(below)

    yield mount
    for place in mounts:
        subprocess.run(["umount", "-n", place], check=True)


def owner(path):
    status = os.stat(path)
    return status.st_uid, status.st_gid


def place(dock, volume):
    return pathlib.Path(json.loads(dock("volume", "inspect", volume))[0]["Mountpoint"])


def test_files_of_the_host(command, source):
    script = "stat -c %u:%g /data /data/file; cat /data/file; echo new >/data/new; stat -c %u:%g /data/new"
    told = command("run", "--rm", "--user", "7:8", "-v", f"{source}:/data:idmap={IDS}", "busybox", "sh", "-c", script)
    assert told.split() == ["7:8", "7:8", "hello", "7:8"]
    assert owner(source / "new") == (1000, 2000)


def test_root_of_the_container_is_a_user_of_the_host(command, source):
    command("run", "--rm", "-v", f"{source}:/data:idmap={ROOT}", "busybox", "sh", "-c", "echo x >/data/new; chmod 4755 /data/new")
    assert owner(source / "new") == (1000, 2000)


def test_who_is_not_named(command, source):
    (source / "roots").touch()
    done = command.run("run", "--rm", "-v", f"{source}:/data:idmap={IDS}", "busybox", "sh", "-c",
                       "stat -c %u:%g /data/roots; touch /data/new || exit 9")
    assert (done.returncode, done.stdout) == (9, "65534:65534\n"), done.stderr
    assert not (source / "new").exists()


def test_a_kind_that_is_not_named_stays(command, source):
    option = f"{source}:/data:ro,idmap=uids=1000-7-1"
    assert command("run", "--rm", "-v", option, "busybox", "stat", "-c", "%u:%g", "/data/file") == "7:2000"
    assert command.run("run", "--rm", "--user", "7", "-v", option, "busybox", "touch", "/data/file").returncode != 0


def test_what_is_mounted_below(command, source, mounted):
    mounted("tmpfs", "uid=1000,gid=2000")
    told = command("run", "--rm", "-v", f"{source}:/data:idmap={IDS}", "busybox", "stat", "-c", "%u:%g", "/data/below")
    assert told == "7:8"


def test_a_file_system_that_cannot_do_it(command, source, mounted):
    mounted("proc")
    arguments = ["busybox", "stat", "-c", "%u:%g", "/data"]
    done = command.run("run", "--rm", "-v", f"{source}:/data:idmap={IDS}", *arguments)
    assert done.returncode != 0 and "uidMappings: id-mapped mount of /data: mount_setattr" in done.stderr, done.stderr
    assert command("run", "--rm", "-v", f"{source}:/data:bind,idmap={IDS}", *arguments) == "7:8"


@pytest.mark.parametrize(("option", "message"), [
    ("idmap", "invalid mode: idmap: without ids"), ("idmap=", "invalid mode: idmap=: without ids"), ("idmap=uids=0-1", "is no STORED-SHOWN-COUNT"),
    ("idmap=uids=0-0-2#1-5-1", "an id is in two entries"), ("idmap=pids=1-2-3", "neither uids=… nor gids=…"),
])
def test_what_cannot_be_a_map(dock, proa, source, option, message):
    for command in (dock, proa):
        done = command.run("create", "-v", f"{source}:/data:{option}", "busybox")
        assert done.returncode == 1, done.stderr
        assert message in done.stderr, done.stderr


def test_it_is_told(dock, source, volume):
    dock("create", "--name", "it", "-v", f"{source}:/data:ro,idmap={IDS}", "-v", f"{volume}:/volume:idmap={ROOT}", "busybox")
    inspected = dock.inspect("it")
    assert f"{source}:/data:ro,idmap={IDS}" in inspected["HostConfig"]["Binds"]
    modes = {mount["Destination"]: mount["Mode"] for mount in inspected["Mounts"]}
    assert modes == {"/data": f"ro,idmap={IDS}", "/volume": f"idmap={ROOT}"}


def test_a_mount_of_our_client(dock, proa, source):
    option = f"type=bind,source={source},target=/data,idmap={IDS}"
    assert proa("run", "--name", "it", "--mount", option, "busybox", "stat", "-c", "%u:%g", "/data/file") == "7:8"
    [mount] = dock.inspect("it")["HostConfig"]["Mounts"]
    assert mount["IDMap"] == IDS
    assert "unexpected key 'idmap'" in dock.run("create", "--mount", option, "busybox").stderr
    done = proa.run("create", "--mount", "type=tmpfs,target=/data,idmap=uids=0-1-1", "busybox")
    assert "field IDMap must not be specified" in done.stderr


# Volumes.


def test_the_images_files_go_to_whom_the_container_sees(command, dock, volume):
    command("create", "--name", "it", "-v", f"{volume}:/etc:idmap={ROOT}", "busybox")
    assert {owner(path) for path in (place(dock, volume), *place(dock, volume).iterdir())} == {(1000, 2000)}
    told = command("run", "--rm", "-v", f"{volume}:/data:idmap={ROOT}", "busybox", "stat", "-c", "%u:%g", "/data", "/data/passwd")
    assert told.split() == ["0:0", "0:0"]
    told = command("run", "--rm", "-v", f"{volume}:/data", "busybox", "stat", "-c", "%u:%g", "/data/passwd")
    assert told == "1000:2000"


def test_the_images_files_of_others_stay_theirs(dock, volume):
    dock("create", "--name", "it", "-v", f"{volume}:/etc:idmap={IDS}", "busybox")
    assert owner(place(dock, volume) / "passwd") == (0, 0)


def test_the_volumes_own_owner_goes_first(dock, volume):
    dock("volume", "create", "--opt", "uid=1000", "--opt", "mode=0750", volume)
    told = dock("run", "--rm", "-v", f"{volume}:/etc:idmap=uids=1000-7-1#3000-0-1", "busybox", "stat", "-c", "%u:%g %a", "/etc")
    assert told == "7:0 750"
    assert owner(place(dock, volume)) == (1000, 0) and owner(place(dock, volume) / "passwd") == (3000, 0)


def test_a_part_of_a_volume(proa, volume):
    proa("run", "--rm", "-v", f"{volume}:/data", "busybox", "sh", "-c", "mkdir /data/a; chown 1000:2000 /data/a")
    option = f"type=volume,source={volume},target=/data,volume-subpath=a,idmap={IDS}"
    assert proa("run", "--rm", "--mount", option, "busybox", "stat", "-c", "%u:%g", "/data") == "7:8"


def test_volumes_from(dock, volume, source):
    dock("create", "--name", "it", "-v", f"{source}:/data:idmap={IDS}", "-v", f"{volume}:/volume:idmap={ROOT}", "busybox")
    os.chown(place(dock, volume), 1000, 2000)
    told = dock("run", "--rm", "--volumes-from", "it:ro", "busybox", "stat", "-c", "%u:%g", "/data", "/volume")
    assert told.split() == ["7:8", "0:0"]


@pytest.mark.parametrize("runs", [True, False])
def test_copying(dock, source, tmp_path, runs):
    (tmp_path / "new").write_text("copied\n")
    dock("run", "-d", "--name", "it", "-v", f"{source}:/data:idmap={ROOT}", "busybox", "sleep", "1000")
    if not runs:
        dock("kill", "it")
    dock("cp", str(tmp_path / "new"), "it:/data/new")
    assert (source / "new").read_text() == "copied\n" and owner(source / "new") == (1000, 2000)
    dock("cp", "--archive", "it:/data/file", str(tmp_path / "back"))
    assert owner(tmp_path / "back") == (0, 0)


# Other runtimes.


@pytest.mark.own_engine
def test_a_runtime_that_would_pass_over_it(other_engine, dock_on, source):
    dock = dock_on(other_engine("--add-runtime", "runc=/usr/sbin/runc"))
    done = dock.run("run", "--rm", "--runtime", "runc", "-v", f"{source}:/data:idmap={IDS}", "busybox", "true")
    assert done.returncode == 125, done.stderr
    assert 'the runtime "runc" cannot map the ids of /data: it does not know "ridmap"' in done.stderr.replace("\\", "")
    dock("run", "--rm", "--runtime", "runc", "-v", f"{source}:/data", "busybox", "true")


@pytest.mark.own_engine
def test_it_outlives_the_daemon(other_engine, dock_on, source):
    engine = other_engine()
    dock = dock_on(engine)
    dock("run", "-d", "--name", "it", "-v", f"{source}:/data:idmap={IDS}", "busybox", "sleep", "1000")
    engine.kill()
    engine.start()
    assert dock("exec", "it", "stat", "-c", "%u:%g", "/data/file") == "7:8"
    dock("restart", "-t", "0", "it")
    assert dock("exec", "it", "stat", "-c", "%u:%g", "/data/file") == "7:8"
