"""Limits that the kernel enforces, and many containers at once."""

import concurrent.futures
import glob
import os
import pathlib

HOG = "x=x; while :; do x=$x$x; done"
WITH_LIMIT = ("--memory", "64m", "--memory-swap", "64m")


def test_a_hog_is_killed_and_inspect_says_so(dock, image):
    container = dock("run", "-d", *WITH_LIMIT, image, "sh", "-c", HOG)
    assert dock("wait", container, timeout=120) == "137"
    state = dock.state(container)
    assert state["OOMKilled"]
    assert not state["Running"]


def test_a_container_that_ends_otherwise_was_not_out_of_memory(dock):
    container = dock("run", "-d", *WITH_LIMIT, "busybox", "sh", "-c", "exit 137")
    assert dock("wait", container) == "137"
    assert not dock.state(container)["OOMKilled"]


def test_the_limit_is_what_was_asked_for(dock):
    script = "cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.max"
    assert dock("run", "--rm", *WITH_LIMIT, "busybox", "sh", "-c", script) == str(64 << 20)


def test_a_cgroup_parent_that_is_not_absolute(dock):
    name = f"proa-test-parent-{os.getpid()}"
    try:
        container = dock("run", "-d", "--cgroup-parent", f"{name}/inner", "busybox", "sleep", "1000")
        member = pathlib.Path(f"/proc/{dock.state(container)['Pid']}/cgroup").read_text()
        assert f"/{name}/inner/{container}\n" in member
        dock("rm", "-f", container)
    finally:
        for folder in glob.glob(f"/sys/fs/cgroup/**/{name}", recursive=True):
            for below, _, _ in os.walk(folder, topdown=False):
                os.rmdir(below)
    refused = dock.run("create", "--cgroup-parent", "../other", "busybox")
    assert refused.returncode == 1 and 'invalid cgroup parent "../other"' in refused.stderr


def test_processor_limits(dock):
    script = "cd /sys/fs/cgroup; cat cpu/cpu.cfs_quota_us cpu/cpu.cfs_period_us 2>/dev/null || cat cpu.max"
    assert dock("run", "--rm", "--cpus", "0.5", "busybox", "sh", "-c", script).split() == ["50000", "100000"]


def test_twenty_at_once(dock, image):
    def run(number):
        return dock.run("run", "--rm", image, "sh", "-c", f"echo {number}; exit {number}", timeout=120)

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        done = list(pool.map(run, range(20)))
    assert [(one.returncode, one.stdout, one.stderr) for one in done] == [(n, f"{n}\n", "") for n in range(20)]


def test_twenty_run_side_by_side(dock):
    def start(_):
        return dock("run", "-d", "busybox", "sleep", "1000", timeout=120)

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        started = set(pool.map(start, range(20)))
    assert started <= set(dock("ps", "--quiet", "--no-trunc").split())
    addresses = {dock.inspect(one)["NetworkSettings"]["Networks"]["bridge"]["IPAddress"] for one in started}
    assert len(addresses) == 20
    dock("rm", "-f", *started, timeout=120)
    assert not started & set(dock("ps", "--all", "--quiet", "--no-trunc").split())
