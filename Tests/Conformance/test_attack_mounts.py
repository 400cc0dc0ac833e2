"""Attacks by an image or a volume that is not what its paths say: links where mounts, devices and labels go."""

import os
import shutil
import subprocess

import pytest
from attacks import HostFolder, exchanging
from console import console_socket, read_to_end, received

section = pytest.mark.section
PATTERN = "/proc/sys/kernel/core_pattern"


def without_mount(bundle, destination):
    bundle.config["mounts"] = [
        each for each in bundle.config["mounts"] if not f"{each['destination']}/".startswith(f"{destination}/")
    ]
    return bundle


def link(bundle, path, target):
    place = bundle.rootfs / path
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)


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


@section("CVE-2025-31133")
@pytest.mark.parametrize("target", [PATTERN, "/tmp/target"])
def test_masking_by_a_null_device_that_is_a_link(bundle, target):
    """A path that is masked by mounting the image's /dev/null shows what that leads to, for writing."""
    without_mount(bundle, "/dev")
    (bundle.rootfs / "tmp/target").write_text("redirected")
    (bundle.rootfs / "tmp/masked").write_text("hidden")
    link(bundle, "dev/null", target)
    bundle.linux |= {"maskedPaths": ["/tmp/masked"], "readonlyPaths": []}
    look = "cat /tmp/masked; (echo x >/tmp/masked) 2>&-; echo; cat /tmp/target; echo"
    done = bundle.shell(f"{look}; grep ' /tmp/masked ' /proc/self/mountinfo").run()
    assert "hidden" not in done.output
    if not done.failed:
        first, second = done.output.splitlines()[:2]
        assert (first, second) == ("", "redirected")
    assert PATTERN not in done.output


@section("CVE-2025-31133")
def test_masking_by_a_null_device_that_is_exchanged(bundle):
    """The null device is on a volume, where another process exchanges it for a link while paths are being masked."""
    bundle.config["mounts"] = [each for each in bundle.config["mounts"] if each["destination"] != "/dev"]
    volume = bundle.folder / "volume"
    (volume / "pts").mkdir(parents=True)
    (volume / "shm").mkdir()
    (volume / "mqueue").mkdir()
    subprocess.run(["mknod", volume / "null", "c", "1", "3"], check=True)
    (volume / "link").symlink_to(PATTERN)
    bundle.config["mounts"].insert(1, {
        "destination": "/dev", "type": "bind", "source": str(volume), "options": ["rbind"]
    })
    bundle.linux |= {"maskedPaths": [f"/tmp/masked{number}" for number in range(40)], "readonlyPaths": []}
    for path in bundle.linux["maskedPaths"]:
        (bundle.rootfs / path[1:]).touch()
    bundle.shell("grep ' /tmp/masked' /proc/self/mountinfo")
    with exchanging(volume / "null", volume / "link"):
        for _ in range(RACES):
            done = bundle.run()
            for line in done.output.splitlines():
                assert line.split()[3].endswith("/volume/null"), line


@section("CVE-2025-52565")
@pytest.mark.parametrize("place", ["dev/console", "dev/pts/0", "dev/ptmx"])
@pytest.mark.parametrize("target", [PATTERN, "/proc/self/attr/exec", "/dev/../proc/sys/kernel/hostname"])
def test_a_console_that_is_a_link(bundle, place, target):
    """The terminal would be mounted on, or what is mounted would be, another file of /proc."""
    bundle.config["mounts"] = [each for each in bundle.config["mounts"] if each["destination"] != "/dev"]
    (bundle.rootfs / "dev/pts").mkdir()
    link(bundle, place, target)
    bundle.process["terminal"] = True
    bundle.shell("cat /proc/self/mountinfo; readlink -f /dev/console")
    with console_socket(bundle.folder / "console") as listener:
        if bundle.create("--console-socket", bundle.folder / "console").failed:
            bundle.delete("--force")
            assert place == "dev/console", bundle.complaint  # nothing is wrong with the others
            return
        with received(listener) as terminal:
            bundle.start()
            text = read_to_end(terminal)
    points = [line.split()[4] for line in text.splitlines() if " - " in line]
    assert "/dev/pts" in points
    assert not {"/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname"} & set(points)
    assert not [point for point in points if point.startswith("/proc/") and "attr" in point]
    for line in text.splitlines():
        if " /dev/console " in line:
            assert " - devpts " in line


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


@section("CVE-2026-41579, CVE-2026-47766")
@pytest.mark.parametrize("mounted", [False, True], ids=["without a mount", "with a mount"])
@pytest.mark.parametrize("how", ["absolute", "relative"])
def test_dev_is_a_link(bundle, mounted, how):
    """The image's /dev leads to a folder of the host, in which nodes and links would be made and ptmx removed."""
    host = HostFolder(bundle, "ptmx", "null", "stdin")
    if not mounted:
        without_mount(bundle, "/dev")
    link(bundle, "dev", host.path if how == "absolute" else "../../../../../../../.." + str(host.path))
    bundle.create()
    assert host.is_untouched()


@section("CVE-2026-41579, CVE-2026-47766")
@pytest.mark.parametrize("name", ["null", "zero", "ptmx", "fd", "stdin", "pts", "shm"])
def test_an_entry_of_dev_is_a_link(bundle, name):
    host = HostFolder(bundle, "secret")
    if name not in ("pts", "shm"):
        without_mount(bundle, "/dev")
        link(bundle, f"dev/{name}", host.path / "made")
    else:
        bundle.config["mounts"] = [each for each in bundle.config["mounts"] if each["destination"] != "/dev"]
        link(bundle, f"dev/{name}", host.path)
    bundle.create()
    assert host.is_untouched()


@section("CVE-2026-88264")
@pytest.mark.parametrize("terminal", [False, True])
def test_console_is_a_link_to_a_file_that_is_not_there(bundle, terminal):
    """The runtime would make the file that it mounts the terminal on, at a path of the host."""
    host = HostFolder(bundle)
    without_mount(bundle, "/dev")
    link(bundle, "dev/console", host.path / "made")
    bundle.process["terminal"] = terminal
    with console_socket(bundle.folder / "console"):
        bundle.create(*(["--console-socket", bundle.folder / "console"] if terminal else []))
    assert host.is_untouched()


@section("CVE-2026-88265")
@pytest.mark.parametrize("user", [0, 1000])
def test_null_is_a_link_to_a_file_of_the_host(bundle, user):
    """Standard streams would be opened again as that file, and given to the container's user."""
    host = HostFolder(bundle, "secret")
    without_mount(bundle, "/dev").bind(host.secret, "/shared", "bind", "ro")
    link(bundle, "dev/null", "/shared")
    bundle.process["user"] = {"uid": user, "gid": user}
    done = bundle.shell("for fd in 0 1 2; do readlink /proc/self/fd/$fd; done; echo x >&0").run()
    assert "/shared" not in done.output
    assert host.is_untouched()


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
