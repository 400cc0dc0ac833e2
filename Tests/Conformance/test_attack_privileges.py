"""Attacks on who a process is and what it may do: users, groups, capabilities, control groups, lengths."""

import json
import subprocess

import pytest

section = pytest.mark.section


@section("CVE-2022-29162")
def test_exec_gives_no_inheritable_capabilities(bundle):
    """With them a program with file capabilities gives its user more than was meant."""
    bundle.running()
    done = bundle.runtime("exec", "--cap", "CAP_NET_RAW", bundle.id, "cat", "/proc/self/status").succeeded()
    assert "CapInh:\t0000000000000000" in done.output
    assert "CapInh:\t0000000000000000" in bundle.exec("cat", "/proc/self/status").output


@section("CVE-2022-29162")
def test_spec_gives_no_inheritable_capabilities(bundle):
    bundle.runtime("spec", cwd=bundle.folder).succeeded()
    given = json.loads((bundle.folder / "config.json").read_text())["process"]["capabilities"]
    assert not given.get("inheritable")


@section("CVE-2022-36109")
def test_groups_of_the_caller_are_not_handed_on(bundle):
    """Groups change what a file's mode means, to either side: a process has those that it was given and no other."""
    (bundle.rootfs / "file").write_text("secret")
    (bundle.rootfs / "file").chmod(0o604)  # everybody, but not this group
    subprocess.run(["chgrp", "4321", bundle.rootfs / "file"], check=True)
    bundle.process["user"] = {"uid": 1000, "gid": 1000, "additionalGids": [4321]}
    caller = ["setpriv", "--groups", "7777,8888"]
    bundle.shell("id -G; cat /file").write()
    done = subprocess.run(
        [*caller, *bundle.runtime.command("run", "--bundle", bundle.folder, bundle.id)],
        capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=30,
    )
    assert set(done.stdout.split()) == {"1000", "4321"}  # and the file cannot be read


@section("CVE-2022-36109")
def test_groups_of_an_exec_are_those_that_were_given(bundle):
    bundle.process["user"] = {"uid": 1000, "gid": 1000, "additionalGids": [4321]}
    bundle.running()
    command = bundle.runtime.command("exec", "--user", "7:8", bundle.id, "cat", "/proc/self/status")
    done = subprocess.run(["setpriv", "--groups", "7777", *command], capture_output=True, text=True, timeout=30)
    groups = next(line for line in done.stdout.splitlines() if line.startswith("Groups:")).split()[1:]
    assert set(groups) <= {"8", "4321"}


TAKE_OVER = """
    for agent in $(find /sys/fs/cgroup -name release_agent); do
      (echo /evil >$agent) 2>/dev/null && echo AGENT
    done
    for folder in /sys/fs/cgroup /sys/fs/cgroup/*; do
      mkdir $folder/attack 2>/dev/null && [ -e $folder/attack/cgroup.procs ] && echo MADE
    done
    mkdir /tmp/c
    for type in memory rdma cpuset; do
      mount -t cgroup -o $type cgroup /tmp/c 2>/dev/null && echo MOUNTED
      unshare -UrmC sh -c "mount -t cgroup -o $type cgroup /tmp/c && echo /evil >/tmp/c/release_agent" 2>/dev/null &&
        echo AGENT
    done
    echo end
"""


@section("CVE-2022-0492")
def test_release_agent_cannot_be_set(bundle):
    """The kernel runs it as the host's root when a control group becomes empty."""
    assert bundle.probe(TAKE_OVER) == "end\n"


@section("CVE-2022-0492")
def test_release_agent_is_not_there_in_a_writable_hierarchy(bundle):
    """The container's own namespace does not begin at the hierarchy's root, where the file is."""
    bundle.config["mounts"][-1]["options"] = ["nosuid", "noexec", "nodev", "rw"]
    assert "AGENT" not in bundle.probe(TAKE_OVER)


@section("CVE-2023-25809")
@pytest.mark.parametrize("namespace", [True, False], ids=["namespace", "no namespace"])
def test_control_groups_are_read_only(bundle, namespace):
    if not namespace:
        bundle.without_namespace("cgroup")
    assert bundle.probe(TAKE_OVER) == "end\n"


@section("CVE-2023-25809")
def test_control_groups_below_the_hosts_sys_are_read_only(bundle):
    """What rootless engines did: the host's /sys with everything below it, and no namespace of control groups."""
    bundle.without_namespace("cgroup")
    bundle.config["mounts"] = [each for each in bundle.config["mounts"] if each["destination"] != "/sys"]
    bundle.config["mounts"].insert(1, {
        "destination": "/sys", "type": "none", "source": "/sys", "options": ["rbind", "nosuid", "noexec", "nodev", "ro"]
    })
    assert bundle.probe(TAKE_OVER) == "end\n"


MALFORMED = ["", "x", "-1", "-", ":", "1000x", "0x", "1e3", " 0", "4294967296", "18446744073709551616", "1000:x",
             "1000:-1", "1000:4294967296", "x:1000", "1000:1000:1000", "root", "\n", "1000\n0"]


@section("CVE-2026-30892")
@pytest.mark.parametrize("user", MALFORMED)
def test_a_malformed_user_is_never_root(bundle, user):
    bundle.process["user"] = {"uid": 1000, "gid": 1000}
    bundle.running()
    done = bundle.runtime("exec", "--user", user, bundle.id, "id", "-u")
    assert done.failed or done.output.strip() not in ("0", ""), done.output


@section("CVE-2026-30892")
@pytest.mark.parametrize(
    "user, expected", [("1", "1 0"), ("1:2", "1 2"), ("0:7", "0 7"), ("4294967294", "4294967294 0")]
)
def test_a_user_is_who_it_says(bundle, user, expected):
    bundle.running()
    done = bundle.runtime("exec", "--user", user, bundle.id, "sh", "-c", "echo $(id -u) $(id -g)")
    assert done.failed and user == "4294967294" or done.output.strip() == expected


@section("CVE-2026-30892")
@pytest.mark.parametrize("user", [
    {"uid": -1, "gid": 0}, {"uid": "1000", "gid": 0}, {"uid": 1 << 32, "gid": 0}, {"uid": 1.5, "gid": 0},
    {"uid": 1, "gid": -1}, {"uid": 1, "gid": 1, "additionalGids": [-1]},
])
def test_a_malformed_user_of_a_configuration_is_refused(bundle, user):
    bundle.process["user"] = user
    bundle.refused()


LONG = "x" * 70000


@section("CVE-2021-43784")
@pytest.mark.parametrize("change", [
    lambda bundle: bundle.user_namespace().linux.update(
        uidMappings=[{"containerID": number, "hostID": 100000 + number, "size": 1} for number in range(5000)]),
    lambda bundle: bundle.namespace("network", path=f"/{LONG}"),
    lambda bundle: bundle.linux.update(cgroupsPath=f"/{LONG}"),
    lambda bundle: bundle.config.update(hostname=LONG),
    lambda bundle: bundle.process.update(cwd=f"/{LONG}"),
    lambda bundle: bundle.mount(f"/mnt/{LONG}"),
    lambda bundle: bundle.mount("/mnt", options=[f"size=4k,{LONG}"]),
    lambda bundle: bundle.linux.update(sysctl={f"net.{LONG}": "1"}),
    lambda bundle: bundle.config["root"].update(path=f"/{LONG}"),
], ids=["mappings", "namespace", "cgroup", "hostname", "cwd", "destination", "options", "sysctl", "root"])
def test_lengths_do_not_overflow(bundle, change):
    """A length that did not fit its field was cut off, and what followed was read as the next one, the attacker's."""
    change(bundle)
    bundle.refused()


@section("CVE-2021-43784")
@pytest.mark.parametrize("kind", ["uidMappings", "gidMappings"])
@pytest.mark.parametrize("inside, outside, size", [
    (0, 4294967295, 65536), (4294967295, 100000, 2), (0, 100000, 4294967295), (1, 4294967290, 6), (0, 100000, 0),
])
def test_ranges_of_ids_do_not_overflow(bundle, kind, inside, outside, size):
    """The last id is none: the host's id for one in the range would be another's, or the sum too large for its type."""
    bundle.user_namespace().linux[kind] = [{"containerID": inside, "hostID": outside, "size": size}]
    bundle.process["user"] = {"uid": 1, "gid": 1}
    bundle.refused()


@section("CVE-2021-43784")
def test_lengths_of_arguments_and_environment(bundle):
    bundle.process["env"] += [f"LONG{number}={LONG}" for number in range(10)]
    assert bundle.probe("env | wc -c").strip() > "700000"
    bundle.process["env"] += [f"MORE{number}={LONG * 2}" for number in range(200)]
    assert bundle.run().failed
