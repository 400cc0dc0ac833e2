"""Attacks by an image's own /dev: links where device nodes, masks and the terminal go."""

import subprocess

import pytest
from attacks import HostFolder, exchanging, link, without_mount
from console import console_socket, read_to_end, received

section = pytest.mark.section
PATTERN = "/proc/sys/kernel/core_pattern"
RACES = 25


def without_dev(bundle):
    """The image's own /dev; what is mounted below it stays."""
    bundle.config["mounts"] = [each for each in bundle.config["mounts"] if each["destination"] != "/dev"]


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
    without_dev(bundle)
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
    bundle.shell("for each in /tmp/masked*; do [ -c $each ] || echo $each is not masked; done; echo end")
    with exchanging(volume / "null", volume / "link"):
        for _ in range(RACES):
            done = bundle.run()
            assert done.failed or done.output == "end\n"


@section("CVE-2025-52565")
@pytest.mark.parametrize("place", ["dev/console", "dev/pts/0", "dev/ptmx"])
@pytest.mark.parametrize("target", [PATTERN, "/proc/self/attr/exec", "/dev/../proc/sys/kernel/hostname"])
def test_a_console_that_is_a_link(bundle, place, target):
    """The terminal would be mounted on, or what is mounted would be, another file of /proc."""
    without_dev(bundle)
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
        without_dev(bundle)
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
