"""config-linux.md §Devices, §Default Devices, §Network Devices and §Allowed Device list."""

import contextlib
import json
import os
import subprocess

import pytest
from bundles import skip_if_refused
from console import console_socket, read_to_end, received

section = pytest.mark.section


@section("config-linux.md §Devices")
@pytest.mark.parametrize(
    "device, expected",
    [
        ({"path": "/dev/fuse", "type": "c", "major": 10, "minor": 229}, "character special file a:e5"),
        ({"path": "/dev/chr", "type": "u", "major": 1, "minor": 3}, "character special file 1:3"),
        ({"path": "/dev/deep/er/blk", "type": "b", "major": 7, "minor": 200}, "block special file 7:c8"),
        ({"path": "/outside", "type": "c", "major": 1, "minor": 5}, "character special file 1:5"),
        ({"path": "/dev/pipe", "type": "p"}, "fifo 0:0"),
    ],
    ids=["c", "u", "b", "outside of dev", "p"],
)
def test_devices_are_available(bundle, device, expected):
    bundle.linux["devices"] = [device]
    assert bundle.probe(f"stat -c '%F %t:%T' {device['path']}") == expected + "\n"


@section("config-linux.md §Devices")
def test_devices_have_the_mode_and_the_owner(bundle):
    bundle.linux["devices"] = [
        {"path": "/dev/mine", "type": "c", "major": 1, "minor": 3, "fileMode": 0o1642, "uid": 12, "gid": 34}
    ]
    assert bundle.probe("stat -c '%a %u %g' /dev/mine") == "1642 12 34\n"


@section("config-linux.md §Devices")
@pytest.mark.parametrize("there", ["file", "directory", "other device", "link"])
@pytest.mark.parametrize("user_namespace", [False, True], ids=["", "user namespace"])
def test_devices_where_something_else_is(bundle, there, user_namespace):
    if user_namespace:
        if there == "file":
            pytest.skip("a file is what a device can be mounted on")
        bundle.user_namespace()
    path = bundle.rootfs / "here"
    {
        "file": path.touch,
        "directory": path.mkdir,
        "other device": lambda: os.mknod(path, 0o020644, os.makedev(1, 5)),
        "link": lambda: path.symlink_to("/etc"),
    }[there]()
    bundle.linux["devices"] = [{"path": "/here", "type": "c", "major": 1, "minor": 3}]
    assert "something else" in bundle.refused() or bundle.runtime.name != "proa-runtime"


@section("config-linux.md §Devices")
def test_devices_that_are_there_already(bundle):
    os.mknod(bundle.rootfs / "here", 0o020666, os.makedev(1, 3))
    bundle.linux["devices"] = [{"path": "/here", "type": "c", "major": 1, "minor": 3}]
    assert bundle.probe("stat -c '%t:%T' /here") == "1:3\n"


DEFAULT = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9), "tty": (5, 0)}


@section("config-linux.md §Default Devices")
@pytest.mark.parametrize("name", DEFAULT)
def test_default_devices(bundle, name):
    major, minor = DEFAULT[name]
    assert bundle.probe(f"stat -c '%F %t:%T' /dev/{name}") == f"character special file {major:x}:{minor:x}\n"


@section("config-linux.md §Default Devices")
def test_default_devices_work(bundle):
    script = "echo lost >/dev/null; head -c3 /dev/zero | wc -c; echo x >/dev/full; head -c4 /dev/urandom | wc -c; true"
    assert bundle.probe(script).split() == ["3", "4"]


@section("config-linux.md §Default Devices")
def test_default_devices_ptmx_is_that_of_the_container(bundle):
    text = bundle.probe("readlink /dev/ptmx || stat -c '%t:%T' /dev/ptmx; ls /dev/pts; exec 3<>/dev/ptmx; ls /dev/pts")
    kind, *names = text.split()
    assert kind in ("pts/ptmx", "/dev/pts/ptmx", "5:2")
    assert names == ["ptmx", "0", "ptmx"]  # a new terminal appears in the container's own folder


@section("config-linux.md §Default Devices")
def test_default_devices_console_is_the_terminal(bundle):
    bundle.process["terminal"] = True
    bundle.shell("grep ' /dev/console ' /proc/self/mountinfo; echo there >/dev/console")
    with console_socket(bundle.folder / "console") as listener:
        bundle.create("--console-socket", bundle.folder / "console").succeeded()
        with received(listener) as terminal:
            bundle.start().succeeded()
            text = read_to_end(terminal)
    assert "devpts" in text
    assert text.endswith("there\r\n")


@section("config-linux.md §Default Devices")
def test_default_devices_no_console_without_a_terminal(bundle):
    assert "/dev/console" not in bundle.probe("cat /proc/self/mountinfo")


@contextlib.contextmanager
def interface(name):
    subprocess.run(["ip", "link", "add", name, "type", "veth", "peer", "name", f"{name}p"], check=True)
    try:
        yield
    finally:
        subprocess.run(["ip", "link", "delete", f"{name}p"], capture_output=True)  # gone with a namespace that had one


def in_container(bundle, script):
    return skip_if_refused(bundle.shell(script).run()).succeeded().output


@section("config-linux.md §Network Devices")
def test_network_devices_are_moved_and_up(bundle):
    with interface("conf0"):
        bundle.linux["netDevices"] = {"conf0": {}}
        assert ",UP" in in_container(bundle, "ip link show conf0")


@section("config-linux.md §Network Devices")
def test_network_devices_are_renamed_and_keep_their_addresses(bundle):
    with interface("conf1"):
        for address in ("10.9.8.7/24", "2001:db8::7/64"):
            subprocess.run(["ip", "addr", "add", address, "dev", "conf1"], check=True)
        bundle.linux["netDevices"] = {"conf1": {"name": "inside"}}
        text = in_container(bundle, "ip addr show inside")
        assert "10.9.8.7/24" in text and "2001:db8::7/64" in text


@section("config-linux.md §Network Devices")
@pytest.mark.parametrize("name", ["lo", "way-too-long-a-name", "a/b", ".."])
def test_network_devices_with_a_name_that_cannot_be(bundle, name):
    with interface("conf2"):
        bundle.linux["netDevices"] = {"conf2": {"name": name}}
        bundle.refused()
        links = json.loads(subprocess.run(["ip", "-json", "link"], capture_output=True, check=True).stdout)
        assert "conf2" in {link["ifname"] for link in links}


@section("config-linux.md §Network Devices")
def test_network_devices_with_a_template(bundle):
    with interface("conf3"):
        bundle.linux["netDevices"] = {"conf3": {"name": "net%d"}}
        assert "net0" in in_container(bundle, "ip link")


@section("config-linux.md §Network Devices")
def test_network_devices_that_are_not_there(bundle):
    bundle.linux["netDevices"] = {"nobody0": {}}
    bundle.refused()


def allowed(bundle, rules, *devices):
    """Which of the devices a container of these rules may open for reading; runtimes let everybody make nodes."""
    bundle.process["capabilities"] = {set: ["CAP_MKNOD"] for set in ("bounding", "effective", "permitted")}
    bundle.linux["resources"]["devices"] = list(rules)
    script = "cd /tmp; rm -f *\n" + "\n".join(
        f"mknod n{number} {device} && (: <n{number}) 2>&1; echo '= {device}'" for number, device in enumerate(devices)
    )
    answers = bundle.probe(script).split("= ")
    # Nothing answers to these numbers here, so the kernel has another error for a node that may be opened.
    refused = ["not permitted" in answer for answer in answers[:-1]]
    return [device for device, no in zip(devices, refused) if not no]


DENY, ALLOW = {"allow": False, "access": "rwm"}, {"allow": True, "type": "c", "major": 240, "minor": 9, "access": "rwm"}


@section("config-linux.md §Allowed Device list")
def test_device_rules_apply_in_the_listed_order(bundle):
    assert allowed(bundle, [DENY], "c 240 9") == []
    assert allowed(bundle, [DENY, ALLOW], "c 240 9") == ["c 240 9"]
    assert allowed(bundle, [ALLOW, DENY], "c 240 9") == []
    assert allowed(bundle, [DENY, ALLOW, ALLOW | {"allow": False, "access": "r"}], "c 240 9") == []


@section("config-linux.md §Allowed Device list")
def test_device_rules_have_wildcards(bundle):
    rules = [DENY, {"allow": True, "type": "c", "major": 240, "access": "r"}]
    assert allowed(bundle, rules, "c 240 5", "c 241 5", "b 240 5") == ["c 240 5"]
    assert allowed(bundle, [DENY, {"allow": True, "access": "rwm"}], "c 240 5", "b 240 5") == ["c 240 5", "b 240 5"]


@section("config-linux.md §Allowed Device list")
def test_device_rules_know_kinds_of_access(bundle):
    assert allowed(bundle, [DENY, ALLOW | {"access": "w"}], "c 240 9") == []
    assert allowed(bundle, [DENY, ALLOW | {"access": "r"}], "c 240 9") == ["c 240 9"]


@section("config-linux.md §Allowed Device list")
@pytest.mark.parametrize("rule", [{"type": "p"}, {"type": "c", "access": "x"}, {"type": "c", "major": -2}])
def test_device_rules_that_are_none(bundle, rule):
    bundle.linux["resources"]["devices"].append({"allow": True, **rule})
    bundle.refused()
