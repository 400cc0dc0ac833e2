"""config.md §Linux Process."""

import os
import subprocess

import pytest

section = pytest.mark.section
SETS = {
    "bounding": "CapBnd", "effective": "CapEff", "permitted": "CapPrm", "inheritable": "CapInh", "ambient": "CapAmb",
}
NET_BIND_SERVICE, KILL = 1 << 10, 1 << 5


def status(text):
    return {key: value.strip() for key, value in (line.split(":", 1) for line in text.splitlines())}


@section("config.md §Linux Process: capabilities")
def test_capabilities_are_exactly_the_given_ones(bundle):
    given = {"bounding": ["CAP_KILL", "CAP_NET_BIND_SERVICE"], "permitted": ["CAP_KILL", "CAP_NET_BIND_SERVICE"],
             "effective": ["CAP_KILL"], "inheritable": ["CAP_KILL"], "ambient": ["CAP_KILL"]}
    bundle.process |= {"user": {"uid": 5, "gid": 5}, "capabilities": given}
    seen = status(bundle.probe("cat /proc/self/status"))
    # For a user who is not root exec leaves ambient ones as permitted and effective.
    expected = {"CapBnd": KILL | NET_BIND_SERVICE, "CapInh": KILL, "CapAmb": KILL, "CapPrm": KILL, "CapEff": KILL}
    assert {key: int(seen[key], 16) for key in expected} == expected


@section("config.md §Linux Process: capabilities")
def test_capabilities_none_at_all(bundle):
    bundle.process["capabilities"] = {set: [] for set in SETS}
    seen = status(bundle.probe("cat /proc/self/status"))
    assert {seen[key] for key in SETS.values()} == {"0" * 16}


@section("config.md §Linux Process: capabilities")
@pytest.mark.parametrize("name", ["CAP_OF_TOMORROW", "CAP_SYS_RESOURCE"])
def test_capabilities_that_cannot_be_granted_are_warned_about(bundle, name):
    """This machine's root may lack CAP_SYS_RESOURCE; where it does not, nothing is to be warned about."""
    bundle.process["capabilities"]["bounding"].append(name)
    done = bundle.shell("echo ran").run().succeeded()
    assert done.output == "ran\n"
    with open("/proc/self/status") as own:
        grantable = int(status(own.read())["CapPrm"], 16) >> 24 & 1
    if name == "CAP_OF_TOMORROW" or not grantable:
        assert name in done.errors


@section("config.md §Linux Process: noNewPrivileges")
@pytest.mark.parametrize("value", [False, True])
def test_no_new_privileges(bundle, value):
    bundle.process["noNewPrivileges"] = value
    assert status(bundle.probe("cat /proc/self/status"))["NoNewPrivs"] == str(int(value))


@section("config.md §Linux Process: oomScoreAdj")
def test_oom_score_is_set(bundle):
    bundle.process["oomScoreAdj"] = 345
    assert bundle.probe("cat /proc/self/oom_score_adj") == "345\n"


@section("config.md §Linux Process: oomScoreAdj")
def test_oom_score_is_left_alone(bundle):
    """It may be raised without any capability, so the runtime is started with one that the container then has."""
    bundle.shell("cat /proc/self/oom_score_adj").write()
    script = 'echo 234 >/proc/self/oom_score_adj; exec "$@"'
    command = ["sh", "-c", script, "sh", *bundle.runtime.command("run", "--bundle", bundle.folder, bundle.id)]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=30)
    assert done.stdout == "234\n", done.stderr


@section("config.md §Linux Process: scheduler")
def test_scheduler_policy_and_nice(bundle):
    bundle.process["scheduler"] = {"policy": "SCHED_BATCH", "nice": 5}
    fields = bundle.probe("sed 's/.*) //' /proc/$$/stat").split()
    nice, policy = int(fields[16]), int(fields[38])
    assert (policy, nice) == (os.SCHED_BATCH, 5)


@section("config.md §Linux Process: scheduler")
def test_scheduler_flags(bundle):
    bundle.process["scheduler"] = {"policy": "SCHED_BATCH", "flags": ["SCHED_FLAG_RESET_ON_FORK"]}
    fields = bundle.probe("sed 's/.*) //' /proc/$$/stat").split()
    assert int(fields[38]) & 0xFF == os.SCHED_BATCH


@section("config.md §Linux Process: scheduler")
def test_scheduler_flag_that_is_none(bundle):
    bundle.process["scheduler"] = {"policy": "SCHED_BATCH", "flags": ["SCHED_FLAG_NONSENSE"]}
    bundle.refused()


@section("config.md §Linux Process: ioPriority")
@pytest.mark.parametrize("given", [("IOPRIO_CLASS_BE", 6, "best-effort: prio 6"), ("IOPRIO_CLASS_IDLE", 0, "idle")])
def test_io_priority(bundle, given):
    bundle.process["ioPriority"] = {"class": given[0], "priority": given[1]}
    assert bundle.probe("ionice -p $$").startswith(given[2])


@section("config.md §Linux Process: execCPUAffinity")
def test_exec_affinity(bundle):
    bundle.process["execCPUAffinity"] = {"initial": "0", "final": "0"}
    bundle.running()
    done = bundle.exec("grep", "-h", "Cpus_allowed_list", "/proc/self/status", "/proc/1/status").succeeded()
    own, first = (line.split()[1] for line in done.output.splitlines())
    assert own == "0"
    assert first != "0" or os.cpu_count() == 1


@section("config.md §Linux Process: execCPUAffinity")
@pytest.mark.parametrize("cpus", ["x", "3-1", "0,,1", "-1"])
def test_exec_affinity_that_is_no_list(bundle, cpus):
    """It is about exec, so it may be found at create or at exec."""
    bundle.process["execCPUAffinity"] = {"initial": cpus, "final": cpus}
    bundle.shell("sleep 1000")
    if bundle.create().failed:
        bundle.refused()
    else:
        bundle.start().succeeded()
        assert bundle.exec("/bin/true").failed


@section("config.md §Linux Process: apparmorProfile")
def test_apparmor_profile_that_is_not_loaded(bundle):
    bundle.process["apparmorProfile"] = "no-such-profile-of-proa"
    done = bundle.run()
    if not done.failed and not os.path.exists("/sys/kernel/security/apparmor"):
        pytest.skip("no AppArmor in this kernel, and the runtime ignores profiles then")
    assert done.failed


@section("config.md §Linux Process: selinuxLabel")
def test_selinux_label_without_selinux(bundle):
    if os.path.exists("/sys/fs/selinux/enforce"):
        pytest.skip("this kernel has SELinux")
    bundle.process["selinuxLabel"] = "system_u:system_r:svirt_lxc_net_t:s0:c124,c675"
    done = bundle.run()
    if not done.failed:
        pytest.skip("the runtime ignores labels where there is no SELinux")
    assert done.errors.strip()


@section("config.md §Linux: mountLabel")
def test_mount_label_without_selinux(bundle):
    if os.path.exists("/sys/fs/selinux/enforce"):
        pytest.skip("this kernel has SELinux")
    bundle.linux["mountLabel"] = "system_u:object_r:svirt_sandbox_file_t:s0:c715,c811"
    done = bundle.run()
    if not done.failed and not done.errors.strip():
        pytest.skip("the runtime ignores labels where there is no SELinux")
    assert "mountlabel" in done.errors.lower() or "selinux" in done.errors.lower()
