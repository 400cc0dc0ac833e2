"""--mount type=image: another image's files in a container, to read; with both commands. dockerd has it since 28."""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import tarfile

import docker
import pytest

import archives
import kernel_state
from engines import SNAPSHOTS
from polling import eventually
from test_cp import F, archive, fetched
from test_restart_policy import end_as_by_a_reboot

pytestmark = pytest.mark.proa_only("dockerd 20.10 has none")

NAME = "test/files:1"
SLEEP = ("busybox", "sleep", "1000")


def folder(name):
    info = tarfile.TarInfo(name)
    info.type, info.mode = tarfile.DIRTYPE, 0o755
    return info, None


def layers(secret="/nonexistent"):
    """Two, with what only one has, what both have, what is gone in the second, and links, some of which try to lead out."""
    files = [("both", b"below"), ("gone", b"x"), folder("dir"), ("dir/file", b"deep"), folder("dir/other"), ("dir/other/file", b"deeper")]
    links = [archives.link(name, target) for name, target in (
        ("inside", "dir"), ("absolute", "/dir"), ("up", "../../../../../../dir"), ("out", "/proc/1/root"), ("secret", secret))]
    return archives.tar(files + links), archives.tar([("both", b"above"), (".wh.gone", b"")])


def mount(target="/img", name=NAME, subpath=None):
    return "--mount", f"type=image,source={name},target={target}" + (f",image-subpath={subpath}" if subpath else "")


def load(client, name=NAME, *layers):
    [image] = client.images.load(archives.docker_archive(name, *layers))
    return image.id


@pytest.fixture
def files(dock, client, tmp_path):
    """The identifier of an image with a link that is called like a file of the host."""
    (tmp_path / "secret").write_text("of the host")
    identifier = load(client, NAME, *layers(str(tmp_path / "secret")))
    yield identifier
    dock.run("rm", "--force", "it", "other")
    dock.run("rmi", "--force", identifier)


def mounted():
    """Where images are mounted on the host for containers."""
    points = [line.split()[4] for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines()]
    return [point for point in points if "/images/" in point]


def test_all_of_an_image(command, files):
    script = "cat /img/both /img/dir/file /img/inside/file; ls /img; grep -c ' /img [^ ]* ro,' /proc/mounts; echo x >/img/new; rm /img/both"
    done = command.run("run", "--rm", *mount(), "busybox", "sh", "-c", script)
    assert done.stdout == "abovedeepdeepabsolute\nboth\ndir\ninside\nout\nsecret\nup\n1\n", done.stderr
    assert done.stderr.count("Read-only file system") == 2
    assert mounted() == []


@pytest.mark.parametrize("length", [7 + 64, 7 + 12], ids=["whole", "short"])
def test_by_its_identifier(dock, files, length):
    assert dock("run", "--rm", *mount(name=files[:length]), "busybox", "cat", "/img/both") == "above"


@pytest.mark.parametrize("subpath", ["dir", "./dir//", "inside", "absolute", "up"])
def test_a_folder_of_an_image(command, files, subpath):
    script = "ls /img; cat /img/file; ls -a /img/.. | grep -c both; touch /img/x"
    done = command.run("run", "--rm", *mount(subpath=subpath), "busybox", "sh", "-c", script)
    assert done.stdout == "file\nother\ndeep0\n" and "Read-only file system" in done.stderr, done.stderr
    assert mounted() == []


def test_a_file_of_an_image(command, files):
    script = "cat /etc/motd; echo x >/etc/motd"
    done = command.run("run", "--rm", *mount("/etc/motd", subpath="dir/file"), "busybox", "sh", "-c", script)
    assert done.stdout == "deep" and "Read-only file system" in done.stderr


@pytest.mark.parametrize("subpath", ["nosuch", "out", "secret", "dir/file/x", "gone"])
def test_no_part_of_an_image(dock, files, subpath):
    done = dock.run("run", "--name", "it", *mount(subpath=subpath), "busybox", "true")
    assert done.returncode != 0 and f"cannot access path {subpath} of image {NAME}: " in done.stderr, done.stderr
    assert dock.state("it")["Status"] == "created" and mounted() == []


def test_several_in_one_another(dock, files):
    options = [*mount("/a"), *mount("/b", subpath="dir"), *mount("/b/other", "busybox", subpath="bin"), *mount("/c", subpath="dir/other")]
    shown = dock("run", "--rm", *options, "busybox", "sh", "-c", "cat /a/both /b/file /c/file; ls /b/other/busybox")
    assert shown == "abovedeepdeeper/b/other/busybox"


def test_an_image_without_files(dock, client):
    identifier = load(client, "test/nothing:1")
    done = dock.run("run", "--rm", *mount(name="test/nothing:1"), "busybox", "sh", "-c", "ls -A /img; touch /img/x")
    assert done.stdout == "" and "Read-only file system" in done.stderr
    dock("rmi", identifier)


@pytest.mark.parametrize(("options", "reason"), [
    ({"Source": ""}, "field Source must not be empty"), ({"Target": ""}, "field Target must not be empty"),
    ({"Target": "/"}, "invalid specification: destination can't be '/'"), ({"Target": "x"}, "invalid mount path: 'x' mount path must be absolute"),
    ({"ImageOptions": {"Subpath": "../x"}}, "subpath must be a relative path within the volume"),
    ({"ImageOptions": {"Subpath": "/x"}}, "subpath must be a relative path within the volume"),
    ({"BindOptions": {}}, "field BindOptions must not be specified"), ({"VolumeOptions": {}}, "field VolumeOptions must not be specified"),
    ({"TmpfsOptions": {}}, "field TmpfsOptions must not be specified"),
    ({"Type": "bind", "Source": "/tmp", "ImageOptions": {}}, "field ImageOptions must not be specified"),
], ids=str)
def test_bad_requests(client, options, reason):
    wish = {"Type": "image", "Source": "busybox", "Target": "/img", **options}
    with pytest.raises(docker.errors.APIError) as refusal:
        client.api.create_container("busybox", host_config={"Mounts": [wish]})
    kind = wish["Type"]
    assert (refusal.value.status_code, refusal.value.explanation) == (400, f'invalid mount config for type "{kind}": {reason}')


@pytest.mark.parametrize(("name", "status", "message"), [
    ("nosuch", 404, "No such image: nosuch:latest"), ("UPPER", 400, "invalid reference format"),
])
def test_an_image_that_is_not_there(client, name, status, message):
    with pytest.raises(docker.errors.APIError) as refusal:
        client.api.create_container("busybox", host_config={"Mounts": [{"Type": "image", "Source": name, "Target": "/img"}]})
    assert (refusal.value.status_code, refusal.value.explanation) == (status, message)


def test_a_client_of_before(engine, files):
    wish = {"Mounts": [{"Type": "image", "Source": NAME, "Target": "/img"}]}
    with contextlib.closing(docker.APIClient(base_url=engine.host, version="1.47")) as client:
        with pytest.raises(docker.errors.APIError) as refusal:
            client.create_container("busybox", host_config=wish)
    assert (refusal.value.status_code, refusal.value.explanation) == (400, 'Mount type "Image" needs API v1.48 or newer')


def test_options_of_another_type(proa):
    for option in ("type=image,source=busybox,target=/img,volume-nocopy", "type=bind,source=/tmp,target=/img,image-subpath=a"):
        done = proa.run("create", "--mount", option, "busybox")
        assert done.returncode != 0 and "cannot mix '" in done.stderr, done.stderr


def test_what_is_told(dock, files):
    dock("run", "-d", "--name", "it", *mount(subpath="dir"), *SLEEP)
    told = dock.inspect("it")
    [point] = told["Mounts"]
    source = point.pop("Source")
    assert point == {"Type": "image", "Name": NAME, "Destination": "/img", "Mode": "", "RW": False, "Propagation": "rprivate"}
    assert mounted() == [source] and pathlib.Path(source, "file").read_text() == "deep"
    assert told["HostConfig"]["Mounts"] == [{"Type": "image", "Source": NAME, "Target": "/img", "ImageOptions": {"Subpath": "dir"}}]
    assert dock("ps", "--filter", "name=it", "--format", "{{.Mounts}}", "--no-trunc") == NAME
    for value in (NAME, "/img"):
        assert dock("ps", "--quiet", "--no-trunc", "--filter", f"volume={value}") == told["Id"]
    dock("kill", "it")
    eventually(lambda: mounted() == [])


def test_volumes_from(dock, files):
    dock("create", "--name", "it", *mount(subpath="dir"), "busybox")
    dock("create", "--name", "other", "--volumes-from", "it", "busybox", "cat", "/img/file")
    dock("rm", "it")
    assert dock("start", "--attach", "other") == "deep"
    assert [point["Name"] for point in dock.inspect("other")["Mounts"]] == [NAME]
    assert "is using its referenced image" in dock.run("rmi", NAME).stderr


def test_it_is_in_use(dock, files):
    container = dock("run", "-d", "--name", "it", *mount(), *SLEEP)
    using = f"container {container[:12]} is using its referenced image {files[7:19]}"
    assert f'conflict: unable to remove repository reference "{NAME}" (must force) - {using}' in dock.run("rmi", NAME).stderr
    running = f"conflict: unable to delete {files[7:19]} (cannot be forced) - image is being used by running container {container[:12]}"
    for force in ((), ("--force",)):
        assert running in dock.run("rmi", *force, files).stderr
    dock("kill", "it")
    stopped = f"conflict: unable to delete {files[7:19]} (must be forced) - image is being used by stopped container {container[:12]}"
    assert stopped in dock.run("rmi", files).stderr
    dock("rm", "it")
    assert f"Deleted: {files}" in dock("rmi", NAME)


def layer_count(engine):
    return len(list((engine.data_root / SNAPSHOTS / "layers").iterdir()))


@pytest.mark.own_engine
def test_its_files_stay_when_it_is_removed_by_force(other_engine, dock_on):
    engine = other_engine()
    dock, before = dock_on(engine), layer_count(engine)
    with contextlib.closing(docker.DockerClient(base_url=engine.host)) as client:
        load(client, NAME, *layers())
    assert layer_count(engine) == before + 2
    dock("create", "--name", "it", *mount(), "busybox", "cat", "/img/both", "/img/dir/file")
    assert "Deleted" not in dock("image", "prune", "--all", "--force")
    dock("rmi", "--force", NAME)
    engine.stop()
    engine.start()
    assert json.loads(dock("system", "df", "--format", "{{json .}}").splitlines()[0])["TotalCount"] == "1"
    assert dock("start", "--attach", "it") == "abovedeep"
    assert layer_count(engine) == before + 2
    dock("rm", "it")
    assert layer_count(engine) == before


@pytest.mark.parametrize("subpath", [None, "dir"])
@pytest.mark.parametrize("runs", [True, False])
def test_copies(dock, client, files, runs, subpath):
    dock("run", "-d", "--name", "it", *mount(subpath=subpath), *SLEEP)
    if not runs:
        dock("kill", "it")
    container = client.containers.get("it")
    place = "/img" if subpath else "/img/dir"
    assert fetched(container, f"{place}/file")[0]["file"].size == 4
    with pytest.raises(docker.errors.APIError, match="mounted volume is marked read-only"):
        container.put_archive("/img", archive(("x", F, {})))
    dock("rm", "--force", "it")
    assert mounted() == []


@pytest.fixture
def another(other_engine, dock_on):
    """An engine that may be killed, with containers that have the image mounted."""
    engine = other_engine()
    dock = dock_on(engine)
    with contextlib.closing(docker.DockerClient(base_url=engine.host)) as client:
        load(client, NAME, *layers())
    dock("run", "-d", "--name", "it", *mount("/a"), *mount("/b", subpath="dir"), *SLEEP)
    assert len(mounted()) == 2
    return engine, dock


@pytest.mark.own_engine
def test_it_outlives_the_daemon(another):
    engine, dock = another
    engine.kill()
    engine.start()
    assert dock("exec", "it", "cat", "/a/both", "/b/file") == "abovedeep"
    assert "is using its referenced image" in dock.run("rmi", NAME).stderr
    dock("restart", "--time", "0", "it")
    assert dock("exec", "it", "cat", "/a/both", "/b/file") == "abovedeep" and len(mounted()) == 2
    dock("rm", "--force", "it")
    assert mounted() == []
    kernel_state.agrees_with(engine)


@pytest.mark.own_engine
def test_what_ends_without_a_daemon_is_taken_away(another):
    engine, dock = another
    pid = dock.state("it")["Pid"]
    engine.kill()
    os.kill(pid, signal.SIGKILL)
    engine.start()
    eventually(lambda: mounted() == [])
    kernel_state.agrees_with(engine)
    dock("start", "it")
    assert dock("exec", "it", "cat", "/a/both", "/b/file") == "abovedeep"


@pytest.mark.own_engine
def test_a_copy_that_the_daemon_was_killed_in(another):
    """What is mounted for a look into a container that does not run goes with the next daemon's start."""
    engine, dock = another
    dock("kill", "it")
    eventually(lambda: mounted() == [])
    bundle = engine.exec_root / "containers" / dock.inspect("it")["Id"]
    engine.kill()
    for name in ("0", "whole"):
        (bundle / "images" / name).mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "--no-mtab", "--bind", engine.data_root, bundle / "images" / name], check=True)
    engine.start()
    eventually(lambda: mounted() == [])
    kernel_state.agrees_with(engine)
    assert (engine.data_root / "proa.db").exists()


@pytest.mark.own_engine
def test_a_reboot(another):
    engine, dock = another
    end_as_by_a_reboot(engine, [dock.inspect("it")])
    assert mounted() == []
    engine.start()
    assert dock.state("it")["Status"] == "exited"
    dock("start", "it")
    assert dock("exec", "it", "cat", "/a/both", "/b/file") == "abovedeep"
