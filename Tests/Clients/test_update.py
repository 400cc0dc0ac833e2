"""docker update: what the record says, what the kernel says, and what is refused."""

import pytest

MEBIBYTE = 1 << 20
LIMITS = """cd /sys/fs/cgroup
cat memory/memory.limit_in_bytes memory/memory.memsw.limit_in_bytes memory/memory.soft_limit_in_bytes cpu/cpu.shares \
  cpu/cpu.cfs_quota_us cpu/cpu.cfs_period_us cpuset/cpuset.cpus pids/pids.max"""
CHANGE = (
    "--memory", "96m", "--memory-swap", "160m", "--memory-reservation", "32m", "--cpu-shares", "512", "--cpu-period",
    "50000", "--cpu-quota", "20000", "--cpuset-cpus", "0", "--pids-limit", "77",
)
CHANGED = [
    str(96 * MEBIBYTE), str(160 * MEBIBYTE), str(32 * MEBIBYTE), "512", "20000", "50000", "0", "77",
]


def limits(dock, name):
    return dock("exec", name, "sh", "-c", LIMITS).split()


def recorded(dock, name):
    host = dock.inspect(name)["HostConfig"]
    members = "Memory MemorySwap MemoryReservation CpuShares CpuQuota CpuPeriod CpusetCpus PidsLimit"
    return [str(host[member]) for member in members.split()]


@pytest.fixture(params=["default", "runc"])
def idle(request, dock, engine, other_engine, dock_on):
    """The command for an engine with a container `it` that idles, with each runtime."""
    if request.param == "runc":
        if engine.kind != "proa":
            pytest.skip("its default is runc")
        dock = dock_on(other_engine("--add-runtime", "runc=/usr/sbin/runc", "--default-runtime", "runc"))
    dock("run", "-d", "--name", "it", "--memory", "64m", "busybox", "sleep", "1000")
    return dock


def test_limits_of_what_runs(idle):
    assert idle("update", *CHANGE, "it") == "it"
    assert limits(idle, "it") == CHANGED
    assert recorded(idle, "it") == CHANGED
    idle("update", "--pids-limit", "-1", "--memory", "80m", "it")
    assert limits(idle, "it") == [str(80 * MEBIBYTE), *CHANGED[1:-1], "max"]
    idle("restart", "-t", "0", "it")
    assert limits(idle, "it") == [str(80 * MEBIBYTE), *CHANGED[1:-1], "max"]


def test_processors(idle):
    idle("update", "--cpus", "0.5", "it")
    assert limits(idle, "it")[4:6] == ["50000", "100000"]
    done = idle.run("update", "--cpu-quota", "10000", "it")
    assert done.returncode == 1
    assert "Conflicting options: CPU Quota cannot be updated as NanoCPUs has already been set" in done.stderr


def test_a_paused_container(idle):
    idle("pause", "it")
    idle("update", "--pids-limit", "78", "it")
    idle("unpause", "it")
    assert limits(idle, "it")[-1] == "78"


def test_limits_of_what_does_not_run(dock):
    dock("create", "--name", "it", "--memory", "64m", "busybox", "sleep", "1000")
    dock("update", *CHANGE, "it")
    assert recorded(dock, "it") == CHANGED
    dock("start", "it")
    assert limits(dock, "it") == CHANGED


REFUSED = {
    ("--memory", "200m"): "Memory limit should be smaller than already set memoryswap limit, update the memoryswap at",
    ("--memory", "1m"): "Minimum memory limit allowed is 6MB",
    ("--memory-swap", "7m", "--memory", "8m"): "Minimum memoryswap limit should be larger than memory limit, see usage",
    ("--cpuset-cpus", "0-4095"): "Requested CPUs are not available - requested 0-4095, available: ",
    ("--cpus", "1000"): "ange of CPUs is from 0.01 to ",
    ("--cpu-period", "1"): "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)",
}


@pytest.mark.parametrize("options", REFUSED, ids=" ".join)
def test_refused(dock, options):
    dock("run", "-d", "--name", "it", "--memory", "64m", "busybox", "sleep", "1000")
    before = (limits(dock, "it"), recorded(dock, "it"))
    done = dock.run("update", *options, "it")
    assert done.returncode == 1
    assert REFUSED[options] in done.stderr
    assert (limits(dock, "it"), recorded(dock, "it")) == before


def test_what_the_kernel_refuses(dock):
    """It uses more than it is to have: nothing changes."""
    dock("run", "-d", "--name", "it", "--memory", "64m", "--memory-swap", "64m", "--tmpfs", "/t", "busybox", "sh", "-c",
         "head -c 30000000 /dev/zero >/t/x; echo written; sleep 1000")
    follow = dock.open("logs", "-f", "it")
    assert follow.stdout.readline() == "written\n"
    before = (limits(dock, "it"), recorded(dock, "it"))
    done = dock.run("update", "--memory", "6m", "--memory-swap", "6m", "it")
    assert done.returncode == 1
    assert f"Cannot update container {dock.inspect('it')['Id']}: " in done.stderr
    assert recorded(dock, "it") == before[1]
    follow.kill()
    follow.wait()


@pytest.mark.proa_only("this drives the proa command")
def test_by_the_proa_command(dock, proa):
    dock("run", "-d", "--name", "it", "--memory", "64m", "busybox", "sleep", "1000")
    assert proa("update", *CHANGE, "--restart", "on-failure:2", "it") == "it"
    assert limits(dock, "it") == CHANGED
    assert dock.inspect("it")["HostConfig"]["RestartPolicy"] == {"Name": "on-failure", "MaximumRetryCount": 2}
    proa("update", "--pids-limit", "-1", "it")
    assert limits(dock, "it")[-1] == "max"
    done = proa.run("update", "it")
    assert done.returncode != 0
    assert "you must provide one or more flags when using this command" in done.stderr


def test_an_unknown_container(dock):
    done = dock.run("update", "--memory", "8m", "nobody")
    assert done.returncode == 1
    assert "No such container: nobody" in done.stderr
