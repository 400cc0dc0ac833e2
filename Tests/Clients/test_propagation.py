"""Mounts that pass between a bind's source and the container: refused where the source's mount cannot, seen where it can."""

import os
import subprocess

import pytest

pytestmark = pytest.mark.skipif("PROA_TEST_APART" not in os.environ, reason="mounts on this machine: under hack/lib/apart")


@pytest.fixture
def source(folder):
    """A mount of its own, private at first."""
    path = folder / "propagation"
    path.mkdir()
    mount("--types", "tmpfs", "none", path)
    mount("--make-private", path)
    path.joinpath("inner").mkdir()
    yield path
    subprocess.run(["umount", "--no-mtab", "--recursive", path], check=True)
    path.rmdir()


def mount(*arguments):
    # Without a record of its own in /run.
    subprocess.run(["mount", "--no-mtab", *arguments], check=True)


def bind(source, mode):
    return "--mount", f"type=bind,source={source},target=/x,bind-propagation={mode}"


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("rshared", "shared"), ("shared", "shared"), ("rslave", "shared or slave"), ("slave", "shared or slave")],
)
def test_a_private_mount_passes_nothing_on(dock, source, mode, kind):
    message = f"path {source}/inner is mounted on {source} but it is not a {kind} mount"
    dock("create", "--name", "later", *bind(source / "inner", mode), "busybox", "true")
    done = dock.run("start", "later")
    assert (done.returncode, message in done.stderr) == (1, True), done.stderr
    assert not dock.state("later")["Running"]
    done = dock.run("run", "--rm", "-v", f"{source}/inner:/x:{mode}", "busybox", "true")
    assert (done.returncode, message in done.stderr) == (125, True), done.stderr


@pytest.mark.parametrize("mode", ["rslave", "rshared"])
def test_the_hosts_later_mounts_appear_inside(dock, source, mode):
    mount("--make-shared", source)
    dock("run", "-d", "--name", "idle", *bind(source, mode), "busybox", "sleep", "1000")
    mount("--types", "tmpfs", "none", source / "inner")
    source.joinpath("inner/later").touch()
    assert dock("exec", "idle", "ls", "/x/inner") == "later"


@pytest.mark.parametrize(("mode", "seen"), [("rslave", False), ("rshared", True), ("rprivate", False)])
def test_the_containers_mounts_appear_outside_only_if_shared(dock, source, mode, seen):
    mount("--make-shared", source)
    dock("run", "-d", "--name", "idle", "--cap-add", "SYS_ADMIN", *bind(source, mode), "busybox", "sleep", "1000")
    dock("exec", "idle", "mount", "-t", "tmpfs", "none", "/x/inner")
    assert source.joinpath("inner").is_mount() == seen
    dock("rm", "--force", "idle")
