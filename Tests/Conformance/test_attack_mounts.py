"""Attacks by an image or a volume that is not what its paths say: links where mounts and labels go."""

import os

import pytest
from attacks import HostFolder, exchanging, link, without_mount

section = pytest.mark.section


@section("CVE-2019-16884")
@pytest.mark.parametrize("type", ["bind", "tmpfs"])
def test_a_volume_on_proc(bundle, type):
    """Labels would be written to files of the volume."""
    volume = HostFolder(bundle, "secret")
    bundle.config["mounts"][0] = {
        "destination": "/proc", "type": type, "source": str(volume.path), "options": ["rbind"] if type == "bind" else []
    }
    bundle.linux |= {"maskedPaths": [], "readonlyPaths": []}
    bundle.process["apparmorProfile"] = "unconfined"
    bundle.refused_or(lambda: None)
    assert volume.is_untouched()


@section("CVE-2019-16884")
@pytest.mark.parametrize(
    "destination", ["/proc/self", "/proc/self/attr", "/proc/sys", "/proc/1/attr/exec", "/proc/../proc/sys"]
)
def test_a_volume_inside_proc(bundle, destination):
    volume = HostFolder(bundle, "secret")
    bundle.bind(volume.path, destination).refused()
    assert volume.is_untouched()


@section("CVE-2019-19921, CVE-2023-27561, CVE-2023-28642")
@pytest.mark.parametrize("path", ["proc", "sys"])
@pytest.mark.parametrize("target", ["/tmp/elsewhere", "tmp/elsewhere", "/tmp/missing"])
def test_proc_or_sys_is_a_link(bundle, path, target):
    """What is masked and labelled is then not what programs find at /proc."""
    (bundle.rootfs / "tmp/elsewhere").mkdir()
    link(bundle, path, target)
    bundle.shell("sleep 1000")
    if not bundle.create().failed:
        root = f"/proc/{bundle.state()['pid']}/root"
        assert not os.path.islink(f"{root}/{path}"), "the container runs with a link that the image controls"


RACES = 25


def race(bundle, mount):
    """Containers that mount below a volume of which another process exchanges a folder for a link to the host."""
    host = HostFolder(bundle)
    volume = bundle.folder / "volume"
    (volume / "folder").mkdir(parents=True)
    (volume / "link").symlink_to(host.path)
    bundle.bind(volume, "/volume")
    mount(bundle)
    bundle.shell("exit 0")
    with exchanging(volume / "folder", volume / "link"):
        for _ in range(RACES):
            bundle.run()  # it may be refused
            assert host.is_untouched()


@section("CVE-2021-30465, CVE-2024-45310")
def test_a_mount_point_is_exchanged_for_a_link(bundle):
    race(bundle, lambda bundle: bundle.mount("/volume/folder/made/here"))


@section("CVE-2021-30465, CVE-2024-45310")
def test_a_mount_point_of_a_file_is_exchanged_for_a_link(bundle):
    (bundle.folder / "file").touch()
    race(bundle, lambda bundle: bundle.bind(bundle.folder / "file", "/volume/folder/made", "bind"))


@section("CVE-2021-30465, CVE-2024-45310")
def test_a_mount_point_of_a_device_is_exchanged_for_a_link(bundle):
    def device(bundle):
        bundle.linux["devices"] = [{"path": "/volume/folder/made/node", "type": "c", "major": 1, "minor": 3}]

    race(bundle, device)


@section("CVE-2021-30465, CVE-2024-45310")
def test_a_mount_point_that_a_careless_program_would_make_on_the_host(bundle):
    """The race can be won: this makes the folder as somebody does who looks first and then goes by the path."""
    host = HostFolder(bundle)
    volume = bundle.folder / "volume"
    (volume / "folder").mkdir(parents=True)
    (volume / "link").symlink_to(host.path)
    with exchanging(volume / "folder", volume / "link"):
        for number in range(100000):
            if not (volume / "folder").is_symlink():
                os.makedirs(volume / f"folder/made{number}", exist_ok=True)
            if os.listdir(host.path):
                return
    pytest.fail("the race was never won")


@section("CVE-2021-30465, CVE-2024-45310")
@pytest.mark.parametrize("target", ["absolute", "relative"])
def test_a_mount_point_is_a_link_out_of_the_root(bundle, target):
    host = HostFolder(bundle)
    link(bundle, "volume", host.path if target == "absolute" else "../../../../../../../.." + str(host.path))
    bundle.mount("/volume/made/here").bind(bundle.rootfs / "bin", "/volume/also", "bind").create()
    assert host.is_untouched()


@section("CVE-2021-30465, CVE-2024-45310")
def test_a_remount_is_redirected_by_a_link(bundle):
    """What is asked to become writable must not be another mount to which the image's link leads."""
    link(bundle, "volume", "/sys")
    bundle.mount("/volume", "tmpfs", "tmpfs", ["remount", "rw"]).shell("grep ' /sys ' /proc/self/mountinfo")
    done = bundle.run()
    assert done.failed or " ro," in done.output


@section("CVE-2025-52881")
@pytest.mark.parametrize("destination", ["/proc/self/attr", "/proc/thread-self", "/proc/sys/net", "/proc/1"])
def test_writes_to_proc_are_not_redirected(bundle, destination):
    """Limits and labels are written below /proc: nothing may be mounted in their way, not even as a file system."""
    bundle.linux["sysctl"] = {"net.ipv4.ip_forward": "1"}
    bundle.mount(destination).refused()


@section("CVE-2025-52881")
@pytest.mark.parametrize("type", ["tmpfs", "bind", "file"])
@pytest.mark.parametrize("target", ["/proc/self/attr", "/proc/sys/kernel", "../proc/self", "/proc"])
def test_writes_to_proc_are_not_redirected_by_a_link(bundle, type, target):
    """The destination says nothing of /proc, but an image's link leads there."""
    host = HostFolder(bundle, "file")
    link(bundle, "volume", target)
    if type == "tmpfs":
        bundle.mount("/volume")
    elif type == "bind":
        bundle.bind(host.path, "/volume")
    else:
        bundle.bind(host.path / "file", "/volume/hostname", "bind")
    done = bundle.shell("cut -d ' ' -f 5 /proc/self/mountinfo").run()
    assert done.failed and done.errors.strip(), done.output
    assert host.is_untouched()


@section("CVE-2025-52881")
def test_writes_to_proc_are_not_redirected_by_an_image_without_proc(bundle):
    """Without a mount on /proc the image has its own: the values must reach the kernel, or nothing may be made."""
    without_mount(bundle, "/proc")
    host = HostFolder(bundle, "secret")
    (bundle.rootfs / "proc/sys/net/ipv4").mkdir(parents=True)
    (bundle.rootfs / "proc/sys/net/ipv4/ip_forward").symlink_to(host.secret)
    (bundle.rootfs / "proc/self/attr").mkdir(parents=True)
    (bundle.rootfs / "proc/self/attr/exec").write_text("")
    bundle.linux |= {"sysctl": {"net.ipv4.ip_forward": "1"}, "maskedPaths": [], "readonlyPaths": []}
    bundle.create()
    assert host.is_untouched()
    assert (bundle.rootfs / "proc/self/attr/exec").read_text() == ""


@section("CVE-2026-119101, CVE-2026-115520")
def test_a_crafted_destination_and_a_restore(bundle):
    """A link gives a mount a destination that, written into CRIU's list of external mounts, reads as another mount's:
    restore would mount a folder of the host that nobody gave. Without restore there is nothing to confuse."""
    host = HostFolder(bundle, "secret")
    name = f"a]:{str(host.path).strip('/').replace('/', '_')}"
    (bundle.rootfs / name).mkdir()
    link(bundle, "volume", name)
    bundle.bind(bundle.rootfs / "bin", "/volume", "bind").running()
    images = bundle.folder / "images"
    done = bundle.runtime("checkpoint", "--image-path", images, "--work-path", bundle.folder / "work", bundle.id)
    if done.failed:
        assert done.errors.strip()
        assert bundle.status() == "running"
        assert bundle.runtime("restore", "--image-path", images, "--bundle", bundle.folder, f"{bundle.id}r").failed
    else:
        bundle.runtime("restore", "--detach", "--image-path", images, "--bundle", bundle.folder, bundle.id)
        assert "SECRET" not in bundle.exec("find", "/", "-name", "secret").output
    assert host.is_untouched()


@section("CVE-2026-115521")
def test_a_false_proc_self_fd_does_not_redirect_what_becomes_read_only(bundle):
    """The image's own /proc/self/fd leads every number elsewhere; read-only must be what was asked to be."""
    without_mount(bundle, "/proc")
    for number in range(64):
        link(bundle, f"proc/self/fd/{number}", "/tmp")
    bundle.linux |= {"maskedPaths": [], "readonlyPaths": ["/etc"]}
    bundle.config["root"]["readonly"] = True
    bundle.bind(bundle.rootfs / "mnt", "/mnt", "bind", "ro").mount("/tmp")
    script = "for each in / /etc /mnt; do (echo >$each/new) 2>/dev/null && echo writable $each; done"
    done = bundle.shell(f"{script}; echo >/tmp/new && echo end").run()
    assert done.failed or done.output == "end\n"
