"""Volumes that something is mounted on, parts of volumes, volumes of other containers, and what is told of them; with the real
client, and where dockerd 20.10 has it, the same with dockerd."""

import os
import pathlib
import signal
import time
import uuid

import kernel_state
import pytest
from polling import eventually
from test_events import told
from test_volumes import details

TMPFS = ["--opt", "type=tmpfs", "--opt", "device=tmpfs", "--opt", "o=size=1m,uid=7,mode=751"]


@pytest.fixture
def volume(dock):
    """The name of a volume that is gone afterwards."""
    name = f"proa-{uuid.uuid4()}"
    yield name
    for container in ("it", "other"):
        dock.run("rm", "--force", container)
    dock("volume", "rm", "--force", name)


def mounted(dock, name):
    """What is mounted on the volume's folder on the host."""
    place = details(dock, name)["Mountpoint"]
    return [line.split()[2] for line in pathlib.Path("/proc/mounts").read_text().splitlines() if line.split()[1] == place]


def test_a_tmpfs_is_there_while_containers_run(dock, volume):
    dock("volume", "create", *TMPFS, volume)
    assert details(dock, volume)["Options"] == {"type": "tmpfs", "device": "tmpfs", "o": "size=1m,uid=7,mode=751"}
    dock("run", "-d", "--name", "it", "-v", f"{volume}:/data", "busybox", "sleep", "1000")
    dock("exec", "it", "touch", "/data/file")
    assert dock("exec", "it", "stat", "-c", "%u %a", "/data") == "7 751"
    shown = dock("run", "--rm", "-v", f"{volume}:/data", "busybox", "sh", "-c", "ls /data; df -k /data | tail -1 | awk '{print $2}'")
    assert shown.split() == ["file", "1024"]
    assert mounted(dock, volume) == ["tmpfs"]
    dock("kill", "it")
    eventually(lambda: mounted(dock, volume) == [])
    dock("start", "it")
    assert dock("exec", "it", "ls", "/data") == ""
    dock("rm", "--force", "it")
    assert mounted(dock, volume) == []


def test_a_folder_of_the_host(dock, volume, tmp_path):
    (tmp_path / "file").write_text("hello\n")
    dock("volume", "create", "--opt", "type=none", "--opt", "o=bind,ro", "--opt", f"device={tmp_path}", volume)
    done = dock.run("run", "--rm", "-v", f"{volume}:/data", "busybox", "sh", "-c", "cat /data/file; touch /data/other")
    assert done.stdout == "hello\n" and "Read-only file system" in done.stderr
    dock("volume", "rm", volume)
    assert (tmp_path / "file").read_text() == "hello\n"


def test_the_images_files_go_into_what_is_mounted(dock, volume, tmp_path):
    dock("volume", "create", "--opt", "type=none", "--opt", "o=bind", "--opt", f"device={tmp_path}", volume)
    dock("create", "--name", "it", "-v", f"{volume}:/etc", "busybox")
    assert "root" in (tmp_path / "passwd").read_text()
    assert mounted(dock, volume) == []


@pytest.mark.parametrize(("kind", "device", "reason"), [
    ("none", "/proa-is-not-there", "flags: 0x1000: no such file or directory"), ("nosuchfs", "x", "no such device"),
])
def test_what_cannot_be_mounted(dock, volume, kind, device, reason):
    bind = ["--opt", "o=bind"] if kind == "none" else []
    dock("volume", "create", "--opt", f"type={kind}", "--opt", f"device={device}", *bind, volume)
    dock("create", "--name", "it", "-v", f"{volume}:/not-in-the-image", "busybox", "true")
    place = details(dock, volume)["Mountpoint"]
    done = dock.run("start", "it")
    assert done.returncode == 1
    assert f"error while mounting volume '{place}': failed to mount local volume: mount {device}:{place}" in done.stderr
    assert reason in done.stderr
    assert dock.state("it")["Status"] == "created" and mounted(dock, volume) == []


@pytest.mark.parametrize(("options", "message"), [
    (["type=tmpfs"], 'missing required option: "device"'), (["device=tmpfs"], 'missing required option: "type"'),
    (["o=size=1m"], 'missing required option: "device"'), (["foo=bar"], 'invalid option: "foo"'),
    (["size=10m"], "quota size requested but no quota support"),
])
def test_bad_options(dock, volume, options, message):
    done = dock.run("volume", "create", *[word for one in options for word in ("--opt", one)], volume)
    assert done.returncode == 1 and f"create {volume}: {message}" in done.stderr
    assert volume not in dock("volume", "ls", "--quiet").splitlines()


@pytest.mark.proa_only("it is ours")
def test_owner_and_mode(dock, volume):
    dock("volume", "create", "--opt", "uid=1000", "--opt", "gid=2000", "--opt", "mode=2770", volume)
    for path in ("/data", "/etc"):
        assert dock("run", "--rm", "-v", f"{volume}:{path}", "busybox", "stat", "-c", "%u:%g %a", path) == "1000:2000 2770"
    for bad in ("uid=-1", "uid=x", "gid=4294967295", "mode=99", "mode=20000"):
        assert "invalid value for option" in dock.run("volume", "create", "--opt", bad, "other").stderr
    assert "give them in" in dock.run("volume", "create", *TMPFS, "--opt", "uid=1", "other").stderr


def test_options_of_a_mount(dock, volume):
    options = "volume-opt=type=tmpfs,volume-opt=device=tmpfs,volume-opt=o=size=1m"
    size = dock("run", "--rm", "--mount", f"type=volume,source={volume},target=/data,volume-driver=local,{options}",
                "busybox", "sh", "-c", "df -k /data | tail -1 | awk '{print $2}'")
    assert size == "1024"
    assert details(dock, volume)["Options"]["type"] == "tmpfs"


# Volumes of other containers.


@pytest.fixture
def donor(dock, volume, tmp_path):
    """A container with a volume, an anonymous one, a bind and a tmpfs."""
    (tmp_path / "file").write_text("bound\n")
    dock("run", "-d", "--name", "it", "-v", f"{volume}:/named", "-v", "/anonymous", "-v", f"{tmp_path}:/bound:ro",
         "--tmpfs", "/scratch", "busybox", "sh", "-c", "echo kept >/named/file; exec sleep 1000")
    yield "it"
    dock("rm", "--force", "--volumes", "it", "other")


def modes(dock, *options):
    """By mount point: ro or rw."""
    mounts = dock("run", "--rm", *options, "busybox", "cat", "/proc/mounts").splitlines()
    fields = [line.split() for line in mounts]
    return {field[1]: field[3].split(",")[0] for field in fields if field[1] in ("/named", "/anonymous", "/bound", "/scratch")}


def test_volumes_from(dock, donor):
    assert modes(dock, "--volumes-from", donor) == {"/named": "rw", "/anonymous": "rw", "/bound": "ro"}
    assert modes(dock, "--volumes-from", f"{donor}:ro") == {"/named": "ro", "/anonymous": "ro", "/bound": "ro"}
    assert dock("run", "--rm", "--volumes-from", donor, "busybox", "cat", "/named/file", "/bound/file") == "kept\nbound"


def test_volumes_from_give_way(dock, donor, volume):
    options = ["--volumes-from", f"{donor}:ro,z", "-v", f"{volume}:/named"]
    assert modes(dock, *options) == {"/named": "rw", "/anonymous": "ro", "/bound": "ro"}


def test_volumes_from_are_told(dock, donor):
    dock("create", "--name", "other", "--volumes-from", donor, "busybox")
    told = dock.inspect("other")
    assert told["HostConfig"]["VolumesFrom"] == [donor]

    def known(name):
        return {(one["Type"], one.get("Name"), one["Destination"], one["RW"]) for one in dock.inspect(name)["Mounts"]
                if one["Type"] != "tmpfs"}

    assert known("other") == known(donor)
    [anonymous] = [one["Name"] for one in told["Mounts"] if one["Destination"] == "/anonymous"]
    dock("rm", "--force", "--volumes", donor)
    assert anonymous in dock("volume", "ls", "--quiet").splitlines()
    dock("start", "other")


@pytest.mark.parametrize(("wish", "message"), [
    ("it:bad", "invalid mode: bad"), ("nosuch", "No such container: nosuch"),
    ("", "volumes-from specification cannot be an empty string"), ("it:ro,rw", "invalid mode: ro,rw"),
])
def test_bad_volumes_from(dock, donor, wish, message):
    done = dock.run("create", "--volumes-from", wish, "busybox")
    assert done.returncode == 1 and message in done.stderr, done.stderr


# Parts of volumes, which dockerd has since 26.


@pytest.fixture
def filled(dock, volume):
    script = "mkdir -p a/b; echo deep >a/b/file; echo top >file; ln -s a/b inside; ln -s /etc outside; ln -s ../../.. up"
    dock("run", "--rm", "-v", f"{volume}:/data", "busybox", "sh", "-c", f"cd /data; {script}")
    return volume


def part(dock, volume, subpath, *command, target="/data"):
    option = f"type=volume,source={volume},target={target},volume-subpath={subpath}"
    return dock.run("run", "--rm", "--mount", option, "busybox", *command)


@pytest.mark.proa_only("dockerd 20.10 has none")
@pytest.mark.parametrize("subpath", ["a/b", "inside", "./a//b/"])
def test_a_part_of_a_volume(dock, filled, subpath):
    assert part(dock, filled, subpath, "ls", "/data").stdout == "file\n"
    assert part(dock, filled, subpath, "sh", "-c", "echo new >/data/file; ls -a /data/..").returncode == 0
    assert dock("run", "--rm", "-v", f"{filled}:/data", "busybox", "cat", "/data/a/b/file") == "new"


@pytest.mark.proa_only("dockerd 20.10 has none")
def test_a_file_of_a_volume(dock, filled):
    assert part(dock, filled, "file", "cat", "/etc/motd", target="/etc/motd").stdout == "top\n"


@pytest.mark.proa_only("dockerd 20.10 has none")
@pytest.mark.parametrize(("subpath", "message"), [
    ("nosuch", "no such file or directory"), ("outside", "it leads out of volume"), ("up", "it leads out of volume"),
    ("a/../..", "subpath must be a relative path within the volume"), ("/a", "subpath must be a relative path within the volume"),
])
def test_no_part_of_a_volume(dock, filled, subpath, message):
    done = part(dock, filled, subpath, "true")
    assert done.returncode != 0 and message in done.stderr, done.stderr


@pytest.mark.proa_only("dockerd 20.10 has none")
def test_a_part_lives_on_when_its_name_is_gone(dock, filled):
    option = f"type=volume,source={filled},target=/data,volume-subpath=a"
    dock("run", "-d", "--name", "it", "--mount", option, "busybox", "sleep", "1000")
    dock("run", "--rm", "-v", f"{filled}:/data", "busybox", "sh", "-c", "mv /data/a /data/elsewhere; ln -s /etc /data/a")
    assert dock("exec", "it", "cat", "/data/b/file") == "deep"
    dock("rm", "--force", "it")
    kept = dock("run", "--rm", "-v", f"{filled}:/data", "busybox", "cat", "/data/elsewhere/b/file")
    assert kept == "deep"


@pytest.mark.proa_only("dockerd 20.10 has no parts of volumes")
@pytest.mark.parametrize("runs", [True, False])
def test_copying_goes_to_what_is_mounted(dock, filled, tmp_path, runs):
    (tmp_path / "new").write_text("copied\n")
    dock("volume", "create", "--opt", "type=none", "--opt", "o=bind", "--opt", f"device={tmp_path}", "bound")
    part = f"type=volume,source={filled},target=/data,volume-subpath=a/b"
    dock("run", "-d", "--name", "it", "--mount", part, "-v", "bound:/bound", "busybox", "sleep", "1000")
    if not runs:
        dock("kill", "it")
    dock("cp", str(tmp_path / "new"), "it:/data/new")
    dock("cp", str(tmp_path / "new"), "it:/bound/other")
    assert (tmp_path / "other").read_text() == "copied\n"
    dock("cp", "it:/data/file", str(tmp_path / "deep"))
    assert (tmp_path / "deep").read_text() == "deep\n"
    dock("rm", "--force", "it")
    assert dock("run", "--rm", "-v", f"{filled}:/data", "busybox", "cat", "/data/a/b/new") == "copied"
    assert mounted(dock, "bound") == []
    dock("volume", "rm", "bound")
    assert (tmp_path / "new").exists()


# Events, and a daemon that is killed.


def test_mounting_is_told(dock, volume):
    since = time.time()
    dock("run", "--name", "it", "-v", f"{volume}:/data:ro", "busybox", "true")
    container = dock.inspect("it")["Id"]

    def mounts():
        events = told(dock, since, "type=volume", f"volume={volume}")
        return {event["Action"]: event["Actor"]["Attributes"] for event in events if event["Action"] != "create"}

    eventually(lambda: "unmount" in mounts())
    assert mounts() == {
        "mount": {"container": container, "destination": "/data", "driver": "local", "propagation": "", "read/write": "false"},
        "unmount": {"container": container, "driver": "local"},
    }


@pytest.mark.own_engine
@pytest.mark.proa_only("it kills the daemon")
def test_mounts_outlive_the_daemon(other_engine, dock_on):
    engine = other_engine()
    dock, volume = dock_on(engine), "kept"
    dock("volume", "create", *TMPFS, volume)
    dock("run", "-d", "--name", "it", "-v", f"{volume}:/data", "busybox", "sleep", "1000")
    dock("run", "-d", "--name", "other", "-v", f"{volume}:/data", "busybox", "sleep", "1000")
    dock("exec", "it", "touch", "/data/file")
    engine.kill()
    engine.start()
    assert dock("exec", "it", "ls", "/data") == "file"
    dock("rm", "--force", "it")
    assert dock("exec", "other", "ls", "/data") == "file" and mounted(dock, volume) == ["tmpfs"]
    pid = dock.state("other")["Pid"]
    engine.kill()
    os.kill(pid, signal.SIGKILL)
    engine.start()
    eventually(lambda: mounted(dock, volume) == [])
    dock("rm", "--force", "other")
    dock("volume", "rm", volume)
    kernel_state.agrees_with(engine)


# The same with the client of ours.


def same(proa, dock, *arguments):
    """Both commands say the same."""
    ours, theirs = proa.run(*arguments), dock.run(*arguments)
    assert (ours.returncode, ours.stdout) == (theirs.returncode, theirs.stdout), arguments
    return ours


@pytest.mark.proa_only("this drives the proa command")
def test_the_clients_volumes(proa, dock, volume):
    assert proa("volume", "create", "--label", "tier=front", "-o", "type=tmpfs", "-o", "device=tmpfs", "-o", "o=size=1m", volume) == volume
    same(proa, dock, "volume", "ls")
    same(proa, dock, "volume", "ls", "--quiet", "--filter", "label=tier=front")
    same(proa, dock, "volume", "ls", "--format", "table {{.Name}}\t{{.Labels}}\t{{.Mountpoint}}\t{{.Size}}")
    same(proa, dock, "volume", "ls", "--format", "json", "--filter", f"name={volume}")
    same(proa, dock, "volume", "inspect", "--format", "{{.Name}} {{.Options.o}} {{index .Labels \"tier\"}}", volume)
    assert proa.run("volume", "inspect", "nosuch").stderr == dock.run("volume", "inspect", "nosuch").stderr
    option = f"type=volume,source={volume},target=/data,volume-nocopy,volume-driver=local"
    assert proa("run", "--rm", "--mount", option, "busybox", "sh", "-c", "df -k /data | tail -1 | awk '{print $2}'") == "1024"
    proa("create", "--name", "it", "-v", f"{volume}:/data", "busybox")
    proa("create", "--name", "other", "--volumes-from", "it:ro", "busybox")
    assert "volume is in use" in proa.run("volume", "rm", volume).stderr
    proa("rm", "it", "other")
    assert proa("volume", "rm", volume) == volume
    anonymous = proa("volume", "create")
    proa("volume", "create", volume)
    pruned = proa("volume", "prune", "--force")
    assert anonymous in pruned and volume not in pruned
    assert volume in proa("volume", "prune", "--force", "--all")


@pytest.mark.proa_only("this drives the proa command")
def test_the_clients_mounts(proa, filled):
    option = f"type=volume,source={filled},target=/data,volume-subpath=a/b,volume-label=x=y"
    assert proa("run", "--rm", "--mount", option, "busybox", "ls", "/data") == "file"
    assert "unexpected key" in proa.run("run", "--rm", "--mount", option + ",volume-x=1", "busybox", "true").stderr
