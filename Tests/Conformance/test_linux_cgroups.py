"""config-linux.md §Control groups: paths, and what `resources` asks for."""

import pathlib
import subprocess

import pytest
from control_groups import ROOT, V2, cgroup, limited, missing, resources

section = pytest.mark.section


@section("config-linux.md §Cgroups Path")
def test_cgroups_path_is_below_the_mount_point(bundle):
    bundle.linux["cgroupsPath"] = f"/{bundle.id}/deeper"
    bundle.shell("sleep 1000").created()
    processes = ROOT / ("" if V2 else "memory") / bundle.id / "deeper/cgroup.procs"
    assert processes.read_text() == f"{bundle.state()['pid']}\n"
    bundle.delete("--force").succeeded()
    for folder in ROOT.glob(f"**/{bundle.id}"):
        if folder.exists():  # the runtime may leave the parent, which it may have found
            folder.rmdir()


@section("config-linux.md §Cgroups Path")
@pytest.mark.parametrize("prefix", ["/", "", "./"], ids=["absolute", "relative", "dotted"])
def test_cgroups_path_is_the_same_every_time(bundle, prefix):
    bundle.linux["cgroupsPath"] = prefix + bundle.id
    seen = []
    for _ in range(2):
        bundle.shell("sleep 1000").created()
        seen.append(cgroup(bundle, "memory"))
        bundle.delete("--force").succeeded()
    assert seen[0] == seen[1]
    remove_parents(seen[0])


def remove_parents(folder):
    """Where a relative path is put is the runtime's choice, and may stay."""
    parent = folder.relative_to(ROOT).parts[0 if V2 else 1 :][:-1]
    for hierarchy in [ROOT] if V2 else ROOT.iterdir():
        for depth in range(len(parent), 0, -1):
            path = hierarchy.joinpath(*parent[:depth])
            if path.is_dir():
                path.rmdir()


@section("config-linux.md §Cgroups Path")
def test_cgroups_path_does_not_leave_the_hierarchy(bundle):
    bundle.linux["cgroupsPath"] = f"/../../../../{bundle.id}"
    if bundle.shell("sleep 1000").create().failed:
        bundle.refused()
    else:
        assert cgroup(bundle, "memory").is_relative_to(ROOT)
        assert ".." not in str(cgroup(bundle, "memory").relative_to(ROOT))


@section("config-linux.md §Cgroups Path")
def test_cgroups_are_made_and_removed(bundle):
    bundle.shell("sleep 1000").created()
    folder = cgroup(bundle, "pids")
    assert folder.is_dir()
    bundle.delete("--force").succeeded()
    assert not folder.exists()


@section("config-linux.md §Memory")
def test_memory_limit_and_reservation(bundle):
    resources(bundle, memory={"limit": 64 << 20, "reservation": 32 << 20})
    v1 = {"memory.limit_in_bytes": str(64 << 20), "memory.soft_limit_in_bytes": str(32 << 20)}
    limited(bundle, "memory", v1, {"memory.max": str(64 << 20), "memory.low": str(32 << 20)})


@section("config-linux.md §Memory")
def test_memory_without_limit(bundle):
    resources(bundle, memory={"limit": -1})
    limited(bundle, "memory", {"memory.limit_in_bytes": str((1 << 63) - 4096)}, {"memory.max": "max"})


@section("config-linux.md §Memory")
def test_memory_and_swap(bundle):
    if not V2 and missing("memory", "memory.memsw.limit_in_bytes"):
        resources(bundle, memory={"limit": 64 << 20, "swap": 128 << 20}).refused()
        return
    resources(bundle, memory={"limit": 64 << 20, "swap": 128 << 20})
    v1 = {"memory.limit_in_bytes": str(64 << 20), "memory.memsw.limit_in_bytes": str(128 << 20)}
    limited(bundle, "memory", v1, {"memory.max": str(64 << 20), "memory.swap.max": str(64 << 20)})


@section("config-linux.md §Memory")
def test_memory_swap_below_the_limit(bundle):
    resources(bundle, memory={"limit": 64 << 20, "swap": 32 << 20}).refused()


@section("config-linux.md §Memory")
def test_memory_swappiness(bundle):
    resources(bundle, memory={"swappiness": 40})
    limited(bundle, "memory", {"memory.swappiness": "40"}, {})


@section("config-linux.md §Memory")
def test_memory_swappiness_out_of_range(bundle):
    if V2:
        pytest.skip("cgroup v2 has no swappiness")
    resources(bundle, memory={"swappiness": 1000}).refused()


@section("config-linux.md §Memory")
def test_memory_out_of_memory_killer_can_be_disabled(bundle):
    if V2:
        pytest.skip("cgroup v2 always has one")
    resources(bundle, memory={"limit": 64 << 20, "disableOOMKiller": True})
    control = "memory.oom_control"
    assert bundle.refused_or(lambda: "oom_kill_disable 1" in (cgroup(bundle, "memory") / control).read_text())


@section("config-linux.md §Memory")
def test_memory_hog_is_killed(bundle):
    resources(bundle, memory={"limit": 16 << 20})
    done = bundle.shell("head -c 100000000 /dev/zero | tail; echo survived").run()
    assert "survived" in done.output and "Killed" in done.errors + done.output or done.status == 137


@section("config-linux.md §CPU")
def test_cpu_shares(bundle):
    resources(bundle, cpu={"shares": 512})
    bundle.shell("sleep 1000").created()
    folder = cgroup(bundle, "cpu")
    if V2:
        assert 1 < int((folder / "cpu.weight").read_text()) < 100
    else:
        assert (folder / "cpu.shares").read_text() == "512\n"


@section("config-linux.md §CPU")
def test_cpu_quota_and_period(bundle):
    resources(bundle, cpu={"quota": 20000, "period": 50000})
    limited(bundle, "cpu", {"cpu.cfs_quota_us": "20000", "cpu.cfs_period_us": "50000"}, {"cpu.max": "20000 50000"})


@section("config-linux.md §CPU")
def test_cpu_burst(bundle):
    resources(bundle, cpu={"quota": 20000, "period": 50000, "burst": 10000})
    limited(bundle, "cpu", {"cpu.cfs_burst_us": "10000"}, {"cpu.max.burst": "10000"})


@section("config-linux.md §CPU")
def test_cpu_burst_above_the_quota(bundle):
    resources(bundle, cpu={"quota": 20000, "period": 50000, "burst": 30000}).refused()


@section("config-linux.md §CPU")
def test_cpu_idle(bundle):
    resources(bundle, cpu={"idle": 1})
    limited(bundle, "cpu", {"cpu.idle": "1"}, {"cpu.idle": "1"})


@section("config-linux.md §CPU")
def test_cpu_lists(bundle):
    resources(bundle, cpu={"cpus": "0", "mems": "0"})
    assert "Cpus_allowed_list:\t0\n" in bundle.probe("cat /proc/self/status")


@section("config-linux.md §CPU")
def test_cpu_realtime(bundle):
    """A kernel without group scheduling of real time has no file for it."""
    resources(bundle, cpu={"realtimeRuntime": 1000, "realtimePeriod": 100000})
    if not V2 and not missing("cpu", "cpu.rt_runtime_us"):
        pytest.skip("what is granted depends on the parent, which has nothing to grant unless it was given some")
    bundle.refused()


def block_device():
    """The number of any, as 7:0; where there is none, a loop device is made by looking for an unused one."""
    if not any(pathlib.Path("/sys/block").iterdir()):
        subprocess.run(["losetup", "--find"], check=True, capture_output=True)
    return min(pathlib.Path("/sys/block").glob("*/dev")).read_text().strip()


@section("config-linux.md §Block IO")
def test_block_io_throttle(bundle):
    number = block_device()
    major, minor = map(int, number.split(":"))
    resources(bundle, blockIO={"throttleReadBpsDevice": [{"major": major, "minor": minor, "rate": 1048576}]})
    v1 = {"blkio.throttle.read_bps_device": f"{number} 1048576"}
    limited(bundle, "blkio", v1, {"io.max": f"{number} rbps=1048576 wbps=max riops=max wiops=max"})


@section("config-linux.md §Block IO")
def test_block_io_weight(bundle):
    resources(bundle, blockIO={"weight": 500})
    if not V2 and missing("blkio", "blkio.weight") and missing("blkio", "blkio.bfq.weight"):
        bundle.refused()
    elif V2 and not any(ROOT.glob("*/io.bfq.weight")):  # the other file has v2's range, of 1 to 10000
        limited(bundle, "io", {}, {"io.weight": "default 4950"})
    else:
        limited(bundle, "blkio", {"blkio.bfq.weight": "500"}, {"io.bfq.weight": "default 500"})


@section("config-linux.md §Block IO")
def test_block_io_device_without_a_weight(bundle):
    resources(bundle, blockIO={"weightDevice": [{"major": 8, "minor": 0}]}).refused()


@section("config-linux.md §Huge page limits")
def test_huge_page_limits(bundle):
    resources(bundle, hugepageLimits=[{"pageSize": "2MB", "limit": 4 << 20}])
    if missing("hugetlb", "hugetlb.2MB.limit_in_bytes"):
        bundle.refused()
    else:
        limited(bundle, "hugetlb", {"hugetlb.2MB.limit_in_bytes": str(4 << 20)}, {"hugetlb.2MB.max": str(4 << 20)})


@section("config-linux.md §Huge page limits")
@pytest.mark.parametrize("size", ["2mb", "3MB", "../../x", "", "2 MB"])
def test_huge_page_limits_of_no_such_size(bundle, size):
    resources(bundle, hugepageLimits=[{"pageSize": size, "limit": 4 << 20}]).refused()


@section("config-linux.md §Network")
def test_network_class(bundle):
    resources(bundle, network={"classID": 1048577})
    if V2 or missing("net_cls", "net_cls.classid"):
        bundle.refused()
    else:
        limited(bundle, "net_cls", {"net_cls.classid": "1048577"}, {})


@section("config-linux.md §PIDs")
@pytest.mark.parametrize("limit, file", [(33, "33"), (-1, "max")])
def test_pids_limit(bundle, limit, file):
    resources(bundle, pids={"limit": limit})
    limited(bundle, "pids", {"pids.max": file}, {"pids.max": file})


@section("config-linux.md §PIDs")
def test_pids_limit_holds(bundle):
    done = resources(bundle, pids={"limit": 4}).shell("for i in 1 2 3 4 5 6 7; do sleep 0.2 & done; wait").run()
    assert "can't fork" in done.errors


@section("config-linux.md §RDMA")
def test_rdma_limits(bundle):
    resources(bundle, rdma={"mlx5_1": {"hcaHandles": 3, "hcaObjects": 100}}).refused()  # no such device is here


@section("config-linux.md §RDMA")
def test_rdma_limits_without_a_limit(bundle):
    resources(bundle, rdma={"mlx5_1": {}}).refused()


@section("config-linux.md §Unified")
def test_unified_of_a_controller_that_is_not_there(bundle):
    resources(bundle, unified={"no_such_controller.max": "1"}).refused()


@section("config-linux.md §Unified")
def test_unified_writes_what_it_does_not_know(bundle):
    resources(bundle, unified={"pids.max": "44", "memory.high": "67108864"})
    if V2:
        limited(bundle, "pids", {}, {"pids.max": "44", "memory.high": "67108864"})
    else:
        bundle.refused()


@section("config-linux.md §Unified")
@pytest.mark.parametrize("file", ["../cgroup.procs", "a/b", "..", ""])
def test_unified_stays_in_the_cgroup(bundle, file):
    resources(bundle, unified={file: "1"}).refused()
