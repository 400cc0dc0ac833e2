"""The daemon takes as many descriptors as it can get, whatever the shell gave it; containers get what the shell gave."""

import contextlib
import pathlib
import resource

import pytest

pytestmark = [pytest.mark.own_engine, pytest.mark.proa_only("it looks into our processes")]

SHELL = 512


@contextlib.contextmanager
def few_descriptors():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (SHELL, hard))
    try:
        yield hard
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def limits(pid):
    lines = pathlib.Path(f"/proc/{pid}/limits").read_text().splitlines()
    [line] = [line for line in lines if line.startswith("Max open files")]
    return tuple(map(int, line.split()[3:5]))


def test_limits(other_engine, dock_on):
    with few_descriptors() as hard:
        engine = other_engine()
    dock = dock_on(engine)
    assert limits(engine.daemon.pid) == (hard, hard)
    container = dock("run", "-d", "--name", "it", "busybox", "sleep", "1000")
    shim = (engine.exec_root / "containers" / container / "shim.pid").read_text()
    assert limits(int(shim)) == limits(dock.state("it")["Pid"]) == (SHELL, hard)
    script = ("sh", "-c", "ulimit -Sn; ulimit -Hn")
    assert dock("exec", "it", *script).split() == [str(SHELL), str(hard)]
    assert dock("run", "--rm", "--ulimit", "nofile=100:200", "busybox", *script).split() == ["100", "200"]
