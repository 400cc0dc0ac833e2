"""--storage-driver: what each driver keeps is the same for clients, and no daemon sees another's by mistake."""

import contextlib
import io
import json
import os
import shutil
import subprocess
import tarfile

import pytest

from full_disk import small_disk
from polling import eventually

MAKE_BTRFS = "mkfs.btrfs", "--quiet"

pytestmark = [pytest.mark.own_engine, pytest.mark.proa_only("its drivers are its own tests' matter")]


@pytest.fixture(params=["vfs", "btrfs"])
def driven(request, other_engine, dock_on):
    """A daemon with that driver, docker for it, and the driver's name."""
    driver = request.param
    inside = (lambda engine: small_disk(engine.data_root, 400, MAKE_BTRFS)) if driver == "btrfs" else contextlib.nullcontext
    engine = other_engine("--storage-driver", driver, inside=inside)
    return engine, dock_on(engine), driver


def files(archive):
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return {member.name: member for member in tar.getmembers()}


def test_what_is_told(driven):
    _, dock, driver = driven
    info = json.loads(dock("info", "--format", "{{json .}}"))
    assert info["Driver"] == driver
    assert info["DriverStatus"] == ([["Btrfs", ""]] if driver == "btrfs" else [])
    dock("create", "--name", "it", "busybox")
    assert dock.inspect("it")["GraphDriver"] == {"Data": None, "Name": driver}


def test_changes_are_told_and_become_a_layer(driven):
    _, dock, _ = driven
    dock("run", "--name", "it", "busybox", "sh", "-c",
         "mkdir -p /new/deep; echo text >/new/deep/file; ln /new/deep/file /new/second; rm /bin/vi; chmod 700 /tmp")
    changes = dock("diff", "it").splitlines()
    assert {"A /new", "A /new/deep", "A /new/deep/file", "A /new/second", "D /bin/vi", "C /bin"} <= set(changes)
    assert not [change for change in changes if "/etc/hosts" in change or change.split()[1] in ("/dev", "/proc", "/sys")]
    dock("commit", "it", "test/committed:1")
    [image] = json.loads(dock("image", "inspect", "test/committed:1"))
    assert len(image["RootFS"]["Layers"]) == 2
    check = "cat /new/deep/file; stat -c %h /new/second; ls /bin/vi 2>&1; stat -c %a /tmp"
    done = dock.run("run", "--rm", "test/committed:1", "sh", "-c", check)
    assert done.stdout.splitlines() == ["text", "2", "ls: /bin/vi: No such file or directory", "700"]
    dock("rm", "it")
    dock("rmi", "test/committed:1")


def test_copies_and_exports(driven, tmp_path):
    _, dock, _ = driven
    (tmp_path / "sent").write_text("sent")
    dock("create", "--name", "it", "busybox", "cat", "/etc/sent")
    dock("cp", str(tmp_path / "sent"), "it:/etc/sent")
    assert dock("start", "--attach", "it") == "sent"
    exported = subprocess.run(dock.command(["export", "it"]), env=dock.environment, capture_output=True, check=True)
    members = files(exported.stdout)
    assert members["etc/sent"].size == 4 and "bin/busybox" in members
    dock("rm", "it")


def test_what_was_never_started_has_what_it_will_have(driven):
    _, dock, driver = driven
    limit = ("--storage-opt", "size=8m") if driver == "btrfs" else ()
    dock("create", "--name", "it", *limit, "busybox", "sh", "-c", "head -c 20000000 /dev/zero >/f; wc -c </f")
    exported = subprocess.run(dock.command(["export", "it"]), env=dock.environment, capture_output=True, check=True)
    assert {"dev", "proc", "sys", "etc/hosts", "etc/hostname", "etc/resolv.conf"} <= set(files(exported.stdout))
    assert dock("diff", "it") == ""
    done = dock.run("start", "--attach", "it")
    assert int(done.stdout) < 9 << 20 if limit else done.stdout == "20000000\n"
    dock("rm", "it")


def test_mounted_images(driven):
    _, dock, _ = driven
    for options, file in (("", "/img/bin/busybox"), (",image-subpath=bin", "/img/busybox")):
        done = dock.run("run", "--rm", "--mount", f"type=image,source=busybox,target=/img{options}", "busybox",
                        "sh", "-c", f"ls {file}; touch /img/new; rm {file}")
        assert done.stdout == f"{file}\n" and done.stderr.count("Read-only file system") == 2, done.stderr
    assert dock("run", "--rm", "busybox", "ls", "/bin/busybox") == "/bin/busybox"


def test_space_and_sizes(driven):
    _, dock, _ = driven
    dock("run", "--detach", "--name", "it", "busybox", "sh", "-c", "head -c 5000 /dev/zero >/f; echo ready; sleep 1000")
    eventually(lambda: "ready" in dock("logs", "it"))
    assert "5kB" in dock("ps", "--size", "--format", "{{.Size}}")
    assert "5kB" in dock("system", "df", "--verbose")


def test_containers_survive_the_daemon(driven):
    engine, dock, _ = driven
    dock("run", "--detach", "--name", "it", "busybox", "sh", "-c", "echo kept >/f; exec sleep 1000")
    engine.kill()
    engine.start()
    assert dock("exec", "it", "cat", "/f") == "kept"
    dock("stop", "--time", "0", "it")
    dock("start", "it")
    assert dock("exec", "it", "cat", "/f") == "kept"


def test_what_nobody_can_remove_does_not_keep_the_daemon_from_starting(driven):
    engine, dock, driver = driven
    engine.stop()
    [drafts] = engine.data_root.glob("snapshots/*/drafts")
    stuck = drafts / "stuck/mounted"
    stuck.mkdir(parents=True)
    subprocess.run(["mount", "--no-mtab", "-t", "tmpfs", "none", stuck], check=True)
    try:
        engine.start()
        [aside] = drafts.parent.glob("unreadable/drafts-stuck.*")
    finally:
        subprocess.run(["umount", "--no-mtab", stuck if stuck.exists() else aside / "mounted"], check=True)
    assert list(drafts.iterdir()) == [] and "cannot be removed" in engine.log.read_text()
    assert dock("run", "--rm", "busybox", "echo", "there") == "there"
    shutil.rmtree(aside)


@pytest.mark.parametrize("driven", ["btrfs"], indirect=True)
def test_whatever_a_container_does_with_subvolumes_is_removed(driven):
    """Nested ones, read-only ones, ones deeper than a path can be long."""
    engine, dock, _ = driven
    dock("run", "--name", "it", "busybox", "true")
    identity = dock.inspect("it")["Id"]
    root = engine.data_root / "snapshots/btrfs/containers" / identity / "tree"
    subprocess.run("btrfs subvolume create one && btrfs subvolume create one/two && touch one/two/file && "
                   "btrfs property set -ts one/two ro true && btrfs property set -ts one ro true",
                   shell=True, cwd=root, check=True, stdout=subprocess.DEVNULL)
    deep = os.open(root, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("d" * 250, dir_fd=deep)
        deep, above = os.open("d" * 250, os.O_RDONLY, dir_fd=deep), deep
        os.close(above)
    subprocess.run(["btrfs", "subvolume", "create", "inner"], check=True, stdout=subprocess.DEVNULL,
                   preexec_fn=lambda: os.fchdir(deep))
    os.close(deep)
    dock("rm", identity)
    assert list((engine.data_root / "snapshots/btrfs/drafts").iterdir()) == []


@pytest.mark.parametrize("driven", ["btrfs"], indirect=True)
def test_volumes_with_subvolumes_are_removed(driven):
    engine, dock, _ = driven
    volume = dock("volume", "create")
    data = dock("volume", "inspect", "--format", "{{.Mountpoint}}", volume)
    subprocess.run("btrfs subvolume create one && mkdir -p one/full/of && btrfs property set -ts one ro true",
                   shell=True, cwd=data, check=True, stdout=subprocess.DEVNULL)
    dock("volume", "rm", volume)
    assert os.listdir(engine.data_root / "volumes") == []


def test_limits(driven):
    _, dock, driver = driven
    script = "head -c 20000000 /dev/zero >/f; stat -c %s /f"
    done = dock.run("run", "--name", "it", "--storage-opt", "size=8m", "busybox", "sh", "-c", script)
    if driver == "btrfs":
        assert 1 << 20 < int(done.stdout) < 9 << 20 and "head: " in done.stderr
    else:
        assert "--storage-opt is supported only for" in done.stderr


def test_another_driver_is_refused_with_what_to_do(driven):
    engine, dock, driver = driven
    engine.stop()
    other = type(engine)(engine.folder, "--storage-driver", "overlay2")
    other.launch()
    try:
        assert other.daemon.wait(30) != 0
        assert f"start with --storage-driver {driver}, or with another --data-root" in other.log.read_text()
    finally:
        engine.arguments = ()
        engine.start()
    # Without any it is the one that was there.
    assert dock("info", "--format", "{{.Driver}}") == driver
    assert dock("run", "--rm", "busybox", "echo", "there") == "there"
