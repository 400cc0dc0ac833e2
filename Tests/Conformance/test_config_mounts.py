"""config.md §Mounts and §Linux mount options."""

import contextlib
import os
import subprocess

import pytest
from bundles import skip_if_refused

section = pytest.mark.section
LINUX = tuple(map(int, os.uname().release.split(".")[:2]))


def mounted(text, path):
    """The last mount at `path` in a text of mountinfo: its own options, its propagation, its file system's options."""
    for line in reversed(text.splitlines()):
        fields, _, more = line.partition(" - ")
        fields = fields.split()
        if more and fields[4] == path:
            return set(fields[5].split(",")), fields[6:], set(more.split()[-1].split(","))
    raise AssertionError(f"{path} is not mounted:\n{text}")


@contextlib.contextmanager
def mount_on_the_host(path, *options, propagation="private"):
    path.mkdir(parents=True)
    subprocess.run(["mount", "-t", "tmpfs", *options, "tmpfs", str(path)], check=True)
    try:
        subprocess.run(["mount", f"--make-{propagation}", str(path)], check=True)
        yield path
    finally:
        subprocess.run(["umount", "--recursive", str(path)], check=True)


@section("config.md §Mounts")
def test_mounts_in_the_listed_order(bundle):
    for name in ("first", "second"):
        (bundle.folder / name).mkdir()
        (bundle.folder / name / "name").write_text(name)
        bundle.bind(bundle.folder / name, "/mnt", "bind")
    assert bundle.probe("cat /mnt/name") == "second"


@section("config.md §Mounts")
def test_mounts_may_be_below_an_earlier_one(bundle):
    bundle.mount("/mnt").mount("/mnt/below/deeper", options=["size=64k"])
    assert mounted(bundle.probe("cat /proc/self/mountinfo"), "/mnt/below/deeper")[2] >= {"size=64k"}


@section("config.md §Mounts")
def test_mounts_a_relative_destination_is_below_the_root(bundle):
    bundle.process["cwd"] = "/tmp"
    bundle.mount("mnt")
    assert mounted(bundle.probe("cat /proc/self/mountinfo"), "/mnt")


@section("config.md §Mounts")
def test_mounts_a_relative_source_is_in_the_bundle(bundle):
    (bundle.folder / "here").mkdir()
    (bundle.folder / "here/mark").write_text("mark")
    bundle.bind("here", "/mnt", "bind")
    assert bundle.probe("cat /mnt/mark", cwd="/") == "mark"


@section("config.md §Mounts")
def test_mounts_a_file_on_a_file(bundle):
    (bundle.folder / "file").write_text("of the host")
    bundle.bind(bundle.folder / "file", "/new/place", "bind")
    assert bundle.probe("cat /new/place") == "of the host"


@section("config.md §Mounts")
def test_mounts_bind_does_not_take_submounts_and_rbind_does(bundle):
    with mount_on_the_host(bundle.folder / "source"), mount_on_the_host(bundle.folder / "source/below") as below:
        (below / "mark").touch()
        bundle.bind(bundle.folder / "source", "/one", "bind").bind(bundle.folder / "source", "/all", "rbind")
        assert bundle.probe("ls /one/below; echo; ls /all/below") == "\nmark\n"


@section("config.md §Mounts")
def test_mounts_unknown_options_go_to_the_file_system(bundle):
    bundle.mount("/mnt", options=["size=128k", "mode=701", "nosuid"])
    flags, _, data = mounted(bundle.probe("cat /proc/self/mountinfo; stat -c %a /mnt"), "/mnt")
    assert "nosuid" in flags
    assert data >= {"size=128k", "mode=701"}


# option, those before it, flags that the mount then has, flags that it then has not, the same of the file system
EFFECTS = [
    ("async", ["sync"], [], [], [], ["sync"]),
    ("atime", ["noatime"], [], ["noatime"], [], []),
    ("defaults", [], ["rw"], ["nosuid", "nodev", "noexec"], ["rw"], []),
    ("dev", ["nodev"], [], ["nodev"], [], []),
    ("diratime", ["nodiratime"], [], ["nodiratime"], [], []),
    ("dirsync", [], [], [], ["dirsync"], []),
    ("exec", ["noexec"], [], ["noexec"], [], []),
    ("iversion", [], ["rw"], [], [], []),
    ("lazytime", [], [], [], ["lazytime"], []),
    ("loud", ["silent"], ["rw"], [], [], []),
    ("noatime", [], ["noatime"], [], [], []),
    ("nodev", [], ["nodev"], [], [], []),
    ("nodiratime", [], ["nodiratime"], [], [], []),
    ("noexec", [], ["noexec"], [], [], []),
    ("noiversion", ["iversion"], ["rw"], [], [], []),
    ("nolazytime", ["lazytime"], [], [], [], ["lazytime"]),
    ("norelatime", [], ["rw"], [], [], []),
    ("nostrictatime", ["strictatime"], ["rw"], [], [], []),
    ("nosuid", [], ["nosuid"], [], [], []),
    ("relatime", ["noatime"], [], [], [], []),
    ("ro", [], ["ro"], ["rw"], [], []),
    ("rw", ["ro"], ["rw"], ["ro"], [], []),
    ("silent", [], ["rw"], [], [], []),
    ("strictatime", [], [], ["noatime", "relatime"], [], []),
    ("suid", ["nosuid"], [], ["nosuid"], [], []),
    ("sync", [], [], [], ["sync"], []),
]


@section("config.md §Linux mount options")
@pytest.mark.parametrize("effect", EFFECTS, ids=[effect[0] for effect in EFFECTS])
def test_mount_option(bundle, effect):
    option, before, has, has_not, system_has, system_has_not = effect
    bundle.mount("/mnt", options=[*before, option])
    flags, _, data = mounted(bundle.probe("cat /proc/self/mountinfo"), "/mnt")
    assert flags >= set(has) and not flags & set(has_not)
    assert data >= set(system_has) and not data & set(system_has_not)


@section("config.md §Linux mount options")
@pytest.mark.parametrize("option", ["ro", "nosuid", "nodev", "noexec", "noatime", "nodiratime"])
def test_mount_option_of_a_bind_mount(bundle, option):
    bundle.bind(bundle.rootfs / "bin", "/mnt", "bind", option)
    assert option in mounted(bundle.probe("cat /proc/self/mountinfo"), "/mnt")[0]


@section("config.md §Linux mount options")
def test_mount_option_of_a_bind_mount_keeps_the_others(bundle):
    with mount_on_the_host(bundle.folder / "source", "-o", "nosuid,nodev,noexec"):
        bundle.bind(bundle.folder / "source", "/mnt", "bind", "ro")
        assert mounted(bundle.probe("cat /proc/self/mountinfo"), "/mnt")[0] >= {"ro", "nosuid", "nodev", "noexec"}


@section("config.md §Linux mount options")
def test_mount_option_remount(bundle):
    bundle.mount("/mnt", options=["mode=755"]).mount("/mnt", options=["remount", "ro", "nosuid"])
    text = bundle.shell("cat /proc/self/mountinfo").run().succeeded().output
    assert text.count(" /mnt ") == 1
    assert {"ro", "nosuid"} <= mounted(text, "/mnt")[0] | mounted(text, "/mnt")[2]


@section("config.md §Linux mount options")
def test_mount_option_remount_makes_writable(bundle):
    bundle.mount("/mnt", options=["ro", "nosuid"]).mount("/mnt", options=["remount", "rw", "size=64k"])
    flags, _, data = mounted(bundle.probe("echo >/mnt/x && cat /proc/self/mountinfo"), "/mnt")
    assert "rw" in flags and "size=64k" in data


@section("config.md §Linux mount options")
def test_mount_option_remount_of_a_bind_mount(bundle):
    with mount_on_the_host(bundle.folder / "source") as source:
        bundle.bind(source, "/mnt", "bind").mount("/mnt", "bind", "none", ["remount", "bind", "ro", "noexec"])
        assert mounted(bundle.probe("cat /proc/self/mountinfo"), "/mnt")[0] >= {"ro", "noexec"}
        (source / "still-writable").touch()


@section("config.md §Linux mount options")
def test_mount_option_remount_where_nothing_is_mounted(bundle):
    bundle.mount("/mnt", options=["remount", "ro"]).refused()


@section("config.md §Linux mount options")
@pytest.mark.parametrize("option", ["private", "slave", "shared", "unbindable"])
@pytest.mark.parametrize("recursive", ["", "r"], ids=["one", "recursive"])
def test_mount_option_of_propagation(bundle, option, recursive):
    bundle.linux["rootfsPropagation"] = "shared"
    with mount_on_the_host(bundle.folder / "source", propagation="shared") as source:
        (source / "below").mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(source / "below")], check=True)
        bundle.bind(source, "/mnt", "rbind", recursive + option)
        text = bundle.probe("cat /proc/self/mountinfo")
    kinds = {
        path: {field.split(":")[0] for field in mounted(text, path)[1]} for path in ("/mnt", "/mnt/below")
    }
    expected = {"private": set(), "slave": {"master"}, "unbindable": {"unbindable"}, "shared": {"shared"}}[option]
    assert kinds["/mnt"] == expected or option == "shared" and "shared" in kinds["/mnt"]
    if recursive:
        assert kinds["/mnt/below"] == expected or option == "shared" and "shared" in kinds["/mnt/below"]


@section("config.md §Linux mount options")
@pytest.mark.parametrize("option", ["rro", "rnosuid", "rnodev", "rnoexec", "rnoatime", "rnosymfollow"])
def test_mount_option_that_is_recursive(bundle, option):
    """Optional; a runtime that has it applies it below as well."""
    with mount_on_the_host(bundle.folder / "source") as source, mount_on_the_host(source / "below"):
        bundle.bind(source, "/mnt", "rbind", option)
        done = bundle.shell("cat /proc/self/mountinfo").run()
    if done.failed:
        pytest.skip(f"refused: {done.errors.strip()}")
    assert option[1:] in mounted(done.output, "/mnt/below")[0]


@section("config.md §Linux mount options")
@pytest.mark.parametrize("option", ["idmap", "ridmap"])
def test_mount_option_idmap_needs_a_mapping(bundle, option):
    bundle.bind(bundle.rootfs / "bin", "/mnt", "rbind", option).refused()


@section("config.md §POSIX-platform Mounts")
@pytest.mark.parametrize("kind", ["uidMappings", "gidMappings"])
def test_mount_mappings_come_in_pairs(bundle, kind):
    mapping = {kind: [{"containerID": 0, "hostID": 1000, "size": 100}]}
    bundle.mount("/mnt", "bind", bundle.rootfs / "bin", ["bind", "idmap"], **mapping).refused()


@section("config.md §POSIX-platform Mounts")
@pytest.mark.parametrize("option", ["idmap", "ridmap"])
@pytest.mark.skipif(LINUX < (6, 3), reason="tmpfs, where the bundles are, has no id-mapped mounts before Linux 6.3")
def test_mount_mappings_apply(bundle, option):
    (bundle.folder / "source").mkdir()
    os.chown(bundle.folder / "source", 1234, 4321)
    mappings = {
        "uidMappings": [{"containerID": 1234, "hostID": 7, "size": 1}],
        "gidMappings": [{"containerID": 4321, "hostID": 8, "size": 1}],
    }
    bundle.mount("/mnt", "bind", bundle.folder / "source", ["rbind", option], **mappings)
    done = skip_if_refused(bundle.shell("stat -c %u:%g /mnt").run())
    assert done.succeeded().output == "7:8\n"


@section("config.md §Mounts")
def test_mounts_do_not_propagate_to_the_host(bundle):
    with mount_on_the_host(bundle.folder / "source", propagation="shared") as source:
        bundle.bind(source, "/source", "rbind", "rprivate").mount("/source/inner")
        before = set(open("/proc/self/mountinfo"))
        bundle.created()
        assert set(open("/proc/self/mountinfo")) == before
        bundle.delete("--force").succeeded()
