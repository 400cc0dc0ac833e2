"""config-linux.md §Namespaces, §User namespace mappings and §Offset for Time Namespace."""

import contextlib
import json
import os
import pathlib
import shutil
import subprocess

import pytest
from attacks import EVERYTHING, UP, HostFolder
from bundles import skip_if_refused
from console import console_socket, read_to_end, received
from older_kernel import run_on_older_kernel
from polling import eventually

section = pytest.mark.section
FILES = {"pid": "pid", "network": "net", "mount": "mnt", "ipc": "ipc", "uts": "uts", "cgroup": "cgroup"}
OPTIONS = {"pid": "--pid", "network": "--net", "ipc": "--ipc", "uts": "--uts", "cgroup": "--cgroup"}


def own(type):
    return os.readlink(f"/proc/self/ns/{FILES[type]}")


def inside(bundle, type):
    return bundle.probe(f"readlink /proc/self/ns/{FILES[type]}").strip()


def plain(bundle, type):
    """Leaves out what needs the namespace that is not made."""
    if type == "uts":
        del bundle.config["hostname"]
    return bundle


@contextlib.contextmanager
def somebody_elses(type):
    """The path of a namespace that a process outside of the runtime holds."""
    command = ["unshare", OPTIONS[type], "--fork", "--kill-child", "sh", "-c", "echo; exec sleep 1000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        try:
            holder.stdout.readline()
            with open(f"/proc/{holder.pid}/task/{holder.pid}/children") as children:
                pid = children.read().split()[0]
            yield f"/proc/{pid}/ns/{FILES[type]}"
        finally:
            holder.kill()


@section("config-linux.md §Namespaces")
@pytest.mark.parametrize("type", FILES)
def test_namespace_is_a_new_one(bundle, type):
    assert inside(plain(bundle, type).namespace(type), type) != own(type)


def procfs_of(bundle, path, hidepid="1"):
    """Makes it a container that says what its procfs is like."""
    bundle.namespace("pid", path=path).linux["readonlyPaths"] = []
    proc = next(each for each in bundle.config["mounts"] if each["type"] == "proc")
    proc["options"] = ["nosuid", "nodev", "noexec", "ro", f"hidepid={hidepid}", "gid=0"]
    return bundle.shell("tr '\\0' ' ' </proc/1/cmdline; echo; grep ' /proc ' /proc/self/mounts; echo /proc/[0-9]*")


def shows_the_namespace(done):
    first, mount, processes = done.succeeded().output.splitlines()
    assert first == "sleep 1000 "
    device, _, type, options, *_ = mount.split()
    assert (device, type) == ("proc", "proc")
    assert {"ro", "nosuid", "nodev", "noexec", "relatime"} < set(options.split(",")) and "hidepid=" in options
    assert len(processes.split()) == 2, "nothing but the one that was there and the shell"


@section("config-linux.md §Namespaces")
def test_procfs_shows_the_pid_namespace_that_is_joined(bundle):
    with somebody_elses("pid") as path:
        shows_the_namespace(procfs_of(bundle, path).run())


@section("config-linux.md §Namespaces")
@pytest.mark.parametrize("options", [(), ("--no-pivot",)], ids=["", "no pivot"])
def test_procfs_shows_the_pid_namespace_that_is_joined_on_an_older_kernel(bundle, options):
    with somebody_elses("pid") as path:
        shows_the_namespace(run_on_older_kernel(procfs_of(bundle, path), *options))


@section("config-linux.md §Namespaces")
@pytest.mark.parametrize("run", [lambda bundle: bundle.run(), run_on_older_kernel], ids=["", "older kernel"])
def test_procfs_shows_the_pid_namespace_that_is_joined_with_its_user_namespace(make_bundle, run):
    first, second = make_bundle().user_namespace().running(), make_bundle().user_namespace()
    for type in "user", "pid":
        second.namespace(type, path=f"/proc/{first.state()['pid']}/ns/{type}")
    done = run(second.shell("tr '\\0' ' ' </proc/1/cmdline; echo; echo /proc/[0-9]*"))
    command, processes = done.succeeded().output.splitlines()
    assert command == "sleep 1000 " and len(processes.split()) == 2


@section("config-linux.md §Namespaces")
def test_procfs_of_a_joined_pid_namespace_with_a_wrong_option(bundle):
    with somebody_elses("pid") as path:
        procfs_of(bundle, path, hidepid="wrong").refused("proc")


@section("config-linux.md §Namespaces")
@pytest.mark.parametrize("type", FILES)
def test_namespace_is_inherited(bundle, type):
    bundle.linux |= {"maskedPaths": [], "readonlyPaths": []}
    if type == "network":  # sysfs shows what belongs to the network namespace's owner
        bundle.config["mounts"] = [each for each in bundle.config["mounts"] if each["type"] != "sysfs"]
    assert inside(plain(bundle, type).without_namespace(type), type) == own(type)


def without_mount_namespace(bundle):
    bundle.without_namespace("mount").linux |= {"maskedPaths": [], "readonlyPaths": []}
    (bundle.folder / "volume").mkdir()
    (bundle.folder / "volume/kept").touch()
    return bundle.bind(bundle.folder / "volume", "/mnt", "bind")


@section("config-linux.md §Namespaces")
@pytest.mark.parametrize("options", [(), ("--no-pivot",)], ids=["", "no pivot"])
def test_namespace_of_mounts_that_is_inherited_is_left_as_it_was(bundle, options):
    """Nothing is mounted on the host, neither while the container lives nor afterwards."""
    before = set(open("/proc/self/mountinfo"))
    without_mount_namespace(bundle).shell("ls /mnt; ls /dev/null /proc/1/comm; echo up; sleep 1000").create(*options)
    assert set(open("/proc/self/mountinfo")) == before
    bundle.start().succeeded()
    eventually(lambda: bundle.output == "kept\n/dev/null\n/proc/1/comm\nup\n", what="what is mounted is there")
    pid = bundle.state()["pid"]
    assert os.readlink(f"/proc/{pid}/ns/mnt") == own("mount")
    assert set(open("/proc/self/mountinfo")) == before
    shutil.rmtree(bundle.rootfs)  # as an engine does that has lost track
    assert (bundle.folder / "volume/kept").exists()
    bundle.delete("--force").succeeded()
    assert set(open("/proc/self/mountinfo")) == before


@section("config-linux.md §Namespaces")
@pytest.mark.parametrize("script", ["cat {up}{secret}", "cat /proc/1/cwd{up}{secret}", "cat /proc/self/fd/*{up}{secret}"])
@pytest.mark.parametrize("how", ["run", "exec"])
def test_namespace_of_mounts_that_is_inherited_shows_no_more_of_the_host(bundle, how, script):
    host = HostFolder(bundle, "secret")
    bundle.process["capabilities"] = {set: list(EVERYTHING) for set in ("bounding", "effective", "permitted")}
    command = script.format(up=UP, secret=host.secret)
    if how == "run":
        done = without_mount_namespace(bundle).shell(f"{command}; ls /mnt").run()
    else:
        done = without_mount_namespace(bundle).running().exec("sh", "-c", f"{command}; ls /mnt")
    assert done.output == "kept\n"


@section("config-linux.md §Namespaces")
def test_namespace_of_mounts_that_is_inherited_hides_what_is_masked(bundle):
    hidden = {"maskedPaths": ["/mnt/kept", "/proc/meminfo"], "readonlyPaths": ["/proc/sys"]}
    without_mount_namespace(bundle).linux |= hidden
    (bundle.folder / "volume/kept").write_text("secret")
    bundle.running()
    assert bundle.exec("cat", "/mnt/kept", "/proc/meminfo").output == ""
    assert bundle.exec("sh", "-c", "echo x >/proc/sys/kernel/hostname").failed


@section("config-linux.md §Namespaces")
@pytest.mark.parametrize("type", OPTIONS)
def test_namespace_is_joined(bundle, type):
    with somebody_elses(type) as path:
        expected = os.readlink(path)
        assert inside(plain(bundle, type).namespace(type, path=path), type) == expected != own(type)


@section("config-linux.md §Namespaces")
def test_namespace_of_pids_that_is_joined(make_bundle):
    """The one and the other see each other's processes, and runtime and hooks the process that runs the program."""
    first, second = make_bundle().running(), make_bundle()
    second.namespace("pid", path=f"/proc/{first.state()['pid']}/ns/pid")
    second.config["hooks"] = {"poststart": [{"path": "/bin/sh", "args": ["sh", "-c", f"cat >{second.folder}/state"]}]}
    second.running("echo $$ $(ps -o stat= -p $$) >/tmp/pid; exec sleep 123")
    pid = second.state()["pid"]
    assert json.loads((second.folder / "state").read_text())["pid"] == pid
    eventually(lambda: pathlib.Path(f"/proc/{pid}/comm").read_text() == "sleep\n", what="the last program runs")
    inner = (second.rootfs / "tmp/pid").read_text().split()[0]
    with open(f"/proc/{pid}/status") as status:
        fields = dict(line.rstrip("\n").split(":\t", 1) for line in status)
    assert fields["NSpid"].split()[-1] == fields["NSsid"].split()[-1] == inner != "1"
    assert "sleep 123" in first.exec("ps").output and "sleep 1000" in second.exec("ps").output
    second.kill("KILL").succeeded()
    second.wait_until("stopped")
    assert first.status() == "running"


@section("config-linux.md §Namespaces")
def test_namespace_of_pids_that_is_joined_by_a_slow_runtime(bundle):
    """What it has started is far ahead of it, and makes way for the process that runs the program."""
    with somebody_elses("pid") as path:
        bundle.namespace("pid", path=path).shell("echo done").write()
        strace = ["strace", "-qq", "-o", "/dev/null", "-e", "trace=sendto", "-e", "inject=sendto:delay_exit=200000"]
        command = bundle.runtime.command("run", "--bundle", bundle.folder, bundle.id)
        output = subprocess.run([*strace, *command], capture_output=True, text=True, timeout=60, check=True).stdout
    assert output == "done\n"


@section("config-linux.md §Namespaces")
def test_namespace_of_pids_that_is_joined_by_a_terminal(make_bundle):
    first, second = make_bundle().running(), make_bundle()
    second.namespace("pid", path=f"/proc/{first.state()['pid']}/ns/pid").process["terminal"] = True
    second.shell("tty; echo there >/dev/tty")
    with console_socket(second.folder / "console") as listener:
        second.create("--console-socket", second.folder / "console").succeeded()
        with received(listener) as terminal:
            second.start().succeeded()
            assert read_to_end(terminal) == "/dev/pts/0\r\nthere\r\n"


@section("config-linux.md §Namespaces")
def test_namespace_that_is_joined_stays(bundle):
    with somebody_elses("network") as path:
        subprocess.run(["nsenter", f"--net={path}", "ip", "link", "set", "lo", "up"], check=True)
        assert "UP" in bundle.namespace("network", path=path).probe("ip link show lo")
        still = subprocess.run(["nsenter", f"--net={path}", "ip", "link", "show", "lo"], capture_output=True, text=True)
        assert "UP" in still.stdout


@section("config-linux.md §Namespaces")
@pytest.mark.parametrize("type", [type for type in FILES if type != "mount"])
def test_namespace_of_another_type(bundle, type):
    other = "ipc" if type != "ipc" else "uts"
    plain(bundle, type).namespace(type, path=f"/proc/self/ns/{FILES[other]}").refused()


@section("config-linux.md §Namespaces")
@pytest.mark.parametrize("path", ["/not/there", "/etc/passwd", "/proc", "proc/1/ns/net"])
def test_namespace_path_that_is_none(bundle, path):
    bundle.namespace("network", path=path).refused()


@section("config-linux.md §Namespaces")
@pytest.mark.parametrize("type", FILES)
def test_namespace_given_twice(bundle, type):
    bundle.linux["namespaces"].append({"type": type})
    bundle.refused()


@section("config-linux.md §User namespace mappings")
def test_user_namespace_has_the_mappings(bundle):
    bundle.user_namespace().linux["gidMappings"] = [
        {"containerID": 0, "hostID": 200000, "size": 10}, {"containerID": 10, "hostID": 300000, "size": 5},
    ]
    lines = bundle.probe("cat /proc/self/uid_map /proc/self/gid_map").splitlines()
    assert [line.split() for line in lines] == [["0", "100000", "65536"], ["0", "200000", "10"], ["10", "300000", "5"]]


@section("config-linux.md §User namespace mappings")
def test_user_namespace_does_not_change_owners(bundle):
    (bundle.rootfs / "file").touch()
    os.chown(bundle.rootfs / "file", 100007, 4)
    assert bundle.user_namespace().probe("stat -c %u:%g /file") == "7:65534\n"
    assert (os.stat(bundle.rootfs / "file").st_uid, os.stat(bundle.rootfs / "file").st_gid) == (100007, 4)


@section("config-linux.md §User namespace mappings")
def test_user_namespace_without_mappings_or_the_other_way_round(bundle):
    bundle.namespace("user").refused()


@section("config-linux.md §Offset for Time Namespace")
def test_time_namespace(bundle):
    done = skip_if_refused(bundle.namespace("time").shell("readlink /proc/self/ns/time").run())
    assert done.succeeded().output.strip() != os.readlink("/proc/self/ns/time")


@section("config-linux.md §Offset for Time Namespace")
def test_time_offsets(bundle):
    bundle.namespace("time").linux["timeOffsets"] = {
        "monotonic": {"secs": 172800, "nanosecs": 0}, "boottime": {"secs": 604800, "nanosecs": 5},
    }
    done = skip_if_refused(bundle.shell("cut -d. -f1 /proc/uptime").run())
    with open("/proc/uptime") as uptime:
        assert abs(int(done.succeeded().output) - float(uptime.read().split()[0]) - 604800) < 30
