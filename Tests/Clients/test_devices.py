"""Devices that drivers find (--gpus, CDI), limits of block devices, and other wishes about the machine."""

import http.client
import json
import os
import socket
import stat
import subprocess

import pytest

YAML = """\
---
cdiVersion: 0.5.0
kind: vendor.com/class
containerEdits:
  env:
  - FOUND=yes
devices:
- name: "0"
  containerEdits:
    deviceNodes:
    - path: /dev/found
      hostPath: /dev/null
    mounts:
    - hostPath: {folder}
      containerPath: /found
      options: [rbind, ro]
"""


@pytest.fixture
def cdi(tmp_path, other_engine, dock_on):
    (tmp_path / "devices.yaml").write_text(YAML.format(folder=tmp_path))
    spec = {"cdiVersion": "0.6.0", "kind": "vendor.com/other", "devices": [
        {"name": "x", "containerEdits": {"hooks": [
            {"hookName": "createRuntime", "path": "/bin/touch", "args": ["touch", str(tmp_path / "hooked")]}]}}]}
    (tmp_path / "other.json").write_text(json.dumps(spec))
    return dock_on(other_engine("--cdi-spec-dir", str(tmp_path)))


LOOK = "echo $FOUND; stat -c '%t:%T' /dev/found; echo x > /dev/found && ls /found; touch /found/x 2>&1"


@pytest.mark.own_engine
@pytest.mark.proa_only("it is too old for CDI")
def test_devices_of_cdi(cdi, tmp_path):
    done = cdi.run("run", "--rm", "--device", "vendor.com/class=0", "--device", "vendor.com/other=x", "busybox",
                   "sh", "-c", LOOK)  # fmt: skip
    assert done.stdout.splitlines()[:2] == ["yes", "1:3"]
    assert "devices.yaml" in done.stdout and "Read-only file system" in done.stdout
    assert (tmp_path / "hooked").exists()
    assert json.loads(cdi("info", "--format", "{{json .CDISpecDirs}}")) == [str(tmp_path)]
    cdi("create", "--name", "it", "--device", "vendor.com/class=0", "busybox")
    request = cdi.inspect("it")["HostConfig"]["DeviceRequests"]
    assert request == [{"Driver": "cdi", "Count": 0, "DeviceIDs": ["vendor.com/class=0"], "Capabilities": None, "Options": None}]


@pytest.mark.own_engine
@pytest.mark.proa_only("it is too old for CDI")
def test_devices_that_nobody_describes(cdi, tmp_path):
    (tmp_path / "torn.json").write_text("{")
    done = cdi.run("run", "--name", "it", "--device", "vendor.com/class=1", "busybox", "true")
    assert done.returncode == 125
    assert "CDI device injection failed: unresolvable CDI devices vendor.com/class=1" in done.stderr
    assert "torn.json" in done.stderr
    assert cdi.state("it")["Status"] == "created"


@pytest.mark.parametrize(("gpus", "sets"), [("all", "[[gpu]]"), ("driver=x,capabilities=compute", "[[compute gpu]]")])
def test_there_is_no_driver_for_gpus(command, gpus, sets):
    done = command.run("run", "--rm", "--gpus", gpus, "busybox", "true")
    assert done.returncode == 125
    driver = "x" if "driver" in gpus else ""
    assert f'could not select device driver "{driver}" with capabilities: {sets}' in done.stderr


def block_device():
    """A block device of this machine, None if there is none."""
    for name in sorted(os.listdir("/dev")):
        path = f"/dev/{name}"
        if stat.S_ISBLK(os.stat(path).st_mode):
            return path, os.stat(path).st_rdev
    return None


@pytest.mark.skipif(block_device() is None, reason="there is no block device")
def test_limits_of_block_devices(command, dock):
    path, number = block_device()
    limits = ("--device-read-bps", f"{path}:1mb", "--device-write-iops", f"{path}:7")
    command("run", "-d", "--name", "it", *limits, "busybox", "sleep", "1000")
    group = f"/sys/fs/cgroup/blkio{dock('exec', 'it', 'grep', ':blkio:', '/proc/self/cgroup').split(':')[2]}"
    if not os.path.isdir(group):
        group = f"/proc/{dock.state('it')['Pid']}/root/sys/fs/cgroup/blkio"
    device = f"{os.major(number)}:{os.minor(number)}"
    with open(f"{group}/blkio.throttle.read_bps_device") as file:
        assert f"{device} 1048576" in file.read()
    with open(f"{group}/blkio.throttle.write_iops_device") as file:
        assert f"{device} 7" in file.read()
    told = dock.inspect("it")["HostConfig"]
    assert told["BlkioDeviceReadBps"] == [{"Path": path, "Rate": 1048576}]
    assert told["BlkioDeviceWriteIOps"] == [{"Path": path, "Rate": 7}]


def test_block_devices_that_are_not_there(dock):
    done = dock.run("run", "--rm", "--device-read-bps", "/dev/nowhere:1mb", "busybox", "true")
    assert done.returncode == 127  # the client takes these words for a missing program
    assert "stat /dev/nowhere: no such file or directory" in done.stderr


@pytest.mark.skipif(not os.path.isdir("/sys/fs/cgroup/blkio"), reason="cgroup v2 weighs")
def test_weights_that_the_kernel_does_not_have(dock):
    if os.path.exists("/sys/fs/cgroup/blkio/blkio.weight"):
        pytest.skip("this kernel has them")
    done = dock.run("create", "--name", "it", "--blkio-weight", "500", "busybox")
    assert "Weight discarded." in done.stderr
    assert dock.inspect("it")["HostConfig"]["BlkioWeight"] == 0


@pytest.mark.parametrize(
    ("option", "message"),
    [(("--storage-opt", "size=1G"), "--storage-opt is supported only for overlay over xfs with 'pquota' mount option"),
     (("--storage-opt", "x=1G"), "Unknown option x"),
     (("--cpu-rt-runtime", "1000", "--cpu-rt-period", "100"),
      "cpu real-time runtime cannot be higher than cpu real-time period"),
     (("--security-opt", "x=y"), 'invalid --security-opt 2: "x=y"')],
    ids=str,
)  # fmt: skip
def test_refused_at_once(dock, option, message):
    done = dock.run("create", "--name", "it", *option, "busybox")
    assert done.returncode == 1
    assert message in done.stderr


@pytest.mark.proa_only("it says what the kernel says, or nothing")
@pytest.mark.parametrize(
    ("option", "message"),
    [(("--tmpfs", "/x:size=bogus"), 'invalid tmpfs option ["size" "bogus"]'),
     (("--tmpfs", "/x:mode=99"), 'invalid tmpfs option ["mode" "99"]'),
     (("--security-opt", "apparmor=mine"), "AppArmor"), (("--security-opt", "label=type:x"), "SELinux")],
    ids=str,
)  # fmt: skip
def test_refused_in_our_words(dock, option, message):
    done = dock.run("create", "--name", "it", *option, "busybox")
    assert done.returncode == 1
    assert message in done.stderr


@pytest.mark.skipif(not os.path.exists("/sys/fs/cgroup/cpu/cpu.rt_runtime_us"), reason="no real-time limits")
@pytest.mark.proa_only("it says what the kernel says")
def test_more_real_time_than_there_is(dock):
    done = dock.run("run", "--rm", "--cpu-rt-runtime", "1000", "busybox", "true")
    assert done.returncode == 125
    assert "the cgroup above has not that much real-time processor time to give" in done.stderr


@pytest.mark.parametrize("option", ["apparmor=unconfined", "label=disable", "no-new-privileges=false"])
def test_security_options_that_pass(dock, option):
    assert dock("run", "--rm", "--security-opt", option, "busybox", "echo", "well") == "well"


def test_a_variable_without_a_name(client, dock):
    dock("run", "-d", "--name", "it", "busybox", "sleep", "1000")
    with pytest.raises(Exception, match="environment variable"):
        client.api.exec_start(client.api.exec_create("it", "true", environment=["=x"]), detach=True)


def test_the_address_of_the_host(dock):
    hosts = dock("run", "--rm", "--add-host", "me:host-gateway", "busybox", "grep", "me$", "/etc/hosts")
    gateway = dock("network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}")
    assert hosts.split() == [gateway, "me"]


@pytest.mark.proa_only("its mounts are not recursively read-only")
def test_what_is_mounted_under_a_read_only_bind(dock, tmp_path):
    (tmp_path / "below").mkdir()
    subprocess.run(["mount", "-n", "-t", "tmpfs", "below", tmp_path / "below"], check=True)
    try:
        write = ("busybox", "sh", "-c", "touch /b/x 2>/dev/null && echo top; touch /b/below/x 2>/dev/null && echo below; true")
        mount = f"type=bind,source={tmp_path},target=/b,readonly"
        assert dock("run", "--rm", "-v", f"{tmp_path}:/b", *write).split() == ["top", "below"]
        assert dock("run", "--rm", "-v", f"{tmp_path}:/b:ro", *write) == ""
        assert dock("run", "--rm", "--mount", mount, *write) == ""
        assert dock("run", "--rm", "--mount", f"{mount},bind-recursive=writable", *write) == "below"
        strict = f"{mount},bind-recursive=readonly,bind-propagation=rprivate"
        assert dock("run", "--rm", "--mount", strict, *write) == ""
    finally:
        subprocess.run(["umount", "-n", tmp_path / "below"], check=True)


def test_sizes_for_older_clients(engine, dock):
    def get(version, path):
        connection = http.client.HTTPConnection("x")
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(engine.host.removeprefix("unix://"))
        connection.request("GET", f"/v{version}{path}")
        return json.loads(connection.getresponse().read())

    for path in ("/images/busybox/json", "/images/json"):
        image = get("1.41", path)
        image = image if isinstance(image, dict) else image[0]
        assert image["VirtualSize"] == image["Size"] > 0
