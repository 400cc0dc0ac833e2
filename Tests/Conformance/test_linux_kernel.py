"""config-linux.md: Intel RDT, memory policy, sysctl, propagation, masked and read-only paths, personality."""

import os
import shutil
import subprocess

import pytest
from bundles import skip_if_refused
from polling import eventually
from test_config_mounts import mount_on_the_host, mounted

section = pytest.mark.section


@section("config-linux.md §IntelRdt")
def test_intel_rdt_without_the_file_system(bundle):
    """Most machines, and every virtual one, have no resctrl; what it does with one needs the hardware."""
    with open("/proc/self/mountinfo") as mounts:
        if " - resctrl " in mounts.read():
            pytest.skip("this machine has resctrl mounted")
    bundle.linux["intelRdt"] = {"closID": "group", "l3CacheSchema": "L3:0=f"}
    bundle.refused()


@section("config-linux.md §Memory policy")
@pytest.mark.parametrize(
    "policy", [{"mode": "MPOL_BIND", "nodes": "0"}, {"mode": "MPOL_DEFAULT"}, {"mode": "MPOL_LOCAL"}]
)
def test_memory_policy(bundle, policy):
    bundle.linux["memoryPolicy"] = policy
    done = skip_if_refused(bundle.shell("cat /proc/self/numa_maps 2>/dev/null | head -n 1").run())
    if policy["mode"] == "MPOL_BIND" and done.output:
        assert "bind:0" in done.output
    assert not done.failed or "memoryPolicy" in done.errors or "mempolicy" in done.errors


@section("config-linux.md §Memory policy")
@pytest.mark.parametrize("policy", [{"mode": "MPOL_BIND"}, {"mode": "MPOL_BIND", "nodes": "x"},
                                    {"mode": "MPOL_BIND", "nodes": "0", "flags": ["MPOL_F_NONSENSE"]}])
def test_memory_policy_that_cannot_be(bundle, policy):
    bundle.linux["memoryPolicy"] = policy
    bundle.refused()


@section("config-linux.md §Sysctl")
def test_sysctl(bundle):
    bundle.linux["sysctl"] = {"net.ipv4.ip_forward": "1", "kernel.shm_rmid_forced": "1", "fs.mqueue.msg_max": "7"}
    script = "cd /proc/sys; cat net/ipv4/ip_forward kernel/shm_rmid_forced fs/mqueue/msg_max"
    assert bundle.probe(script).split() == ["1", "1", "7"]


@section("config-linux.md §Sysctl")
@pytest.mark.parametrize(
    "key", ["kernel.panic", "vm.swappiness", "kernel.../../../etc/x", "no.such.key", "kernel/panic"]
)
def test_sysctl_of_the_whole_machine(bundle, key):
    bundle.linux["sysctl"] = {key: "1"}
    bundle.refused()


@section("config-linux.md §Sysctl")
@pytest.mark.parametrize(
    "type, key", [("network", "net.ipv4.ip_forward"), ("ipc", "kernel.shmmax"), ("uts", "kernel.domainname")]
)
def test_sysctl_needs_the_namespace(bundle, type, key):
    bundle.without_namespace(type).linux["sysctl"] = {key: "1"}
    bundle.config.pop("hostname")
    before = subprocess.run(["sysctl", "-n", key], capture_output=True).stdout
    bundle.refused()
    assert subprocess.run(["sysctl", "-n", key], capture_output=True).stdout == before


@section("config-linux.md §Rootfs Mount Propagation")
@pytest.mark.parametrize("kind", ["shared", "slave", "private", "unbindable"])
def test_rootfs_propagation(bundle, kind):
    bundle.linux["rootfsPropagation"] = kind
    with mount_on_the_host(bundle.folder / "shared", propagation="shared"):
        shutil.copytree(bundle.rootfs, bundle.folder / "shared/rootfs", symlinks=True)
        bundle.config["root"]["path"] = "shared/rootfs"
        fields = {field.split(":")[0] for field in mounted(bundle.probe("cat /proc/self/mountinfo"), "/")[1]}
    assert fields & {"shared", "unbindable"} == {"shared": {"shared"}, "unbindable": {"unbindable"}}.get(kind, set())
    if kind == "private":
        assert not fields


@section("config-linux.md §Masked Paths")
def test_masked_paths_cannot_be_read(bundle):
    (bundle.rootfs / "secret").write_text("secret")
    (bundle.rootfs / "folder").mkdir()
    (bundle.rootfs / "folder/inside").touch()
    bundle.linux["maskedPaths"] = ["/secret", "/folder", "/not/there", "/proc/kcore"]
    assert bundle.probe("cat /secret; ls /folder; head -c1 /proc/kcore | wc -c") == "0\n"


@section("config-linux.md §Masked Paths")
def test_masked_paths_cannot_be_written(bundle):
    """Each of several, the same one twice among them."""
    for name in ("folder", "second", "third"):
        (bundle.rootfs / name).mkdir()
        (bundle.rootfs / name / "inside").touch()
    bundle.linux["maskedPaths"] = ["/folder", "/second", "/folder", "/third"]
    check = "ls $folder; touch $folder/x 2>/dev/null || echo refused"
    assert bundle.probe(f"for folder in /folder /second /third; do {check}; done") == "refused\n" * 3


@section("config-linux.md §Masked Paths")
@pytest.mark.parametrize("kind", ["maskedPaths", "readonlyPaths"])
@pytest.mark.parametrize("path", ["proc/kcore", "", "../etc"])
def test_paths_must_be_absolute(bundle, kind, path):
    bundle.linux[kind] = [path]
    bundle.refused()


@section("config-linux.md §Readonly Paths")
def test_readonly_paths(bundle):
    for name in ("folder", "folder/below"):
        (bundle.rootfs / name).mkdir()
    (bundle.rootfs / "file").touch()
    bundle.linux["readonlyPaths"] = ["/folder", "/file", "/not/there"]
    script = "touch /folder/x /folder/below/x; (echo >/file); ls /folder/below; cat /file; touch /new && echo other"
    assert bundle.probe(script) == "other\n"


@section("config-linux.md §Readonly Paths")
def test_readonly_paths_of_proc(bundle):
    assert bundle.probe("(echo 1 >/proc/sys/net/ipv4/ip_forward) 2>/dev/null || echo refused") == "refused\n"


@section("config-linux.md §Personality")
@pytest.mark.parametrize("domain, machine", [("LINUX", os.uname().machine), ("LINUX32", "i686")])
def test_personality(bundle, domain, machine):
    bundle.linux["personality"] = {"domain": domain}
    done = skip_if_refused(bundle.shell("uname -m").run())
    assert done.succeeded().output.strip() == machine


@section("config-linux.md §Personality")
def test_personality_flags_are_none(bundle):
    bundle.linux["personality"] = {"domain": "LINUX", "flags": ["ADDR_NO_RANDOMIZE"]}
    bundle.refused()


@section("config-linux.md §Default Filesystems")
def test_default_file_systems(bundle):
    text = bundle.probe("cat /proc/mounts")
    kinds = {line.split()[1]: line.split()[2] for line in text.splitlines()}
    assert {path: kinds[path] for path in ("/proc", "/sys", "/dev/pts", "/dev/shm")} == {
        "/proc": "proc", "/sys": "sysfs", "/dev/pts": "devpts", "/dev/shm": "tmpfs",
    }


@section("runtime-linux.md §File descriptors")
def test_file_descriptors_are_three(bundle):
    """The caller leaks a folder and a pipe; neither the process nor an exec session gets them."""
    folder, (reader, writer) = os.open("/", os.O_RDONLY), os.pipe()
    for fd in (folder, reader, writer):
        os.set_inheritable(fd, True)
    try:
        more = {"close_fds": False}
        bundle.shell("ls -l /proc/self/fd; sleep 1000").create(**more).succeeded()
        bundle.runtime("start", bundle.id, **more).succeeded()
        done = bundle.exec("ls", "-l", "/proc/self/fd", **more).succeeded()
    finally:
        for fd in (folder, reader, writer):
            os.close(fd)

    def numbers(text):
        rows = [line.rpartition(" -> ") for line in text.splitlines() if " -> " in line]
        return [int(row[0].split()[-1]) for row in rows if not row[2].startswith("/proc/")]

    assert numbers(done.output) == [0, 1, 2]
    eventually(lambda: len(numbers(bundle.output)) >= 3, within=10, what="the list of the first process's files")
    assert numbers(bundle.output) == [0, 1, 2]


@section("runtime-linux.md §File descriptors")
def test_file_descriptors_that_are_asked_for_are_kept(bundle):
    with open(bundle.folder / "kept", "wb") as kept:
        bundle.shell("echo through >&3").run("--preserve-fds", "1", third=kept.fileno()).succeeded()
    assert (bundle.folder / "kept").read_text() == "through\n"


@section("runtime-linux.md §Dev symbolic links")
def test_dev_symbolic_links(bundle):
    text = bundle.probe("cd /dev; for each in fd stdin stdout stderr; do readlink $each; done")
    assert text.split() == ["/proc/self/fd", "/proc/self/fd/0", "/proc/self/fd/1", "/proc/self/fd/2"]
