"""top: the host's ps about the container's processes, whatever its options."""

import pytest


@pytest.fixture
def busy(dock):
    dock("run", "-d", "--name", "busy", "busybox", "sh", "-c", "sleep 1001 & exec sleep 1002")
    return dock.state("busy")["Pid"]


def test_the_containers_processes_and_no_others(client, dock, busy):
    dock("exec", "-d", "busy", "sleep", "1003")
    dock("run", "-d", "busybox", "sleep", "1004")
    table = client.containers.get("busy").top()
    assert table["Titles"] == ["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"]
    assert {row[-1] for row in table["Processes"]} == {"sleep 1001", "sleep 1002", "sleep 1003"}
    assert str(busy) in {row[1] for row in table["Processes"]}
    assert "sleep 1002" in dock("top", "busy")


@pytest.mark.parametrize("options", ["aux", "-eo pid,comm", "axf", "-o pid,args", "-eLf"])
def test_options(dock, busy, options):
    lines = dock("top", "busy", *options.split()).splitlines()
    assert "PID" in lines[0].split()
    assert len(lines) == 3
    assert all("sleep" in line for line in lines[1:])


@pytest.mark.parametrize(
    ("options", "message"),
    [("-eo comm", "Couldn't find PID field in ps output"), ("--bogus", "ps: error"),
     ("-o foo=PID", 'specifying "foo=PID" is not allowed')],
)
def test_options_that_do_not_do(dock, busy, options, message):
    done = dock.run("top", "busy", *options.split())
    assert done.returncode == 1
    assert message in done.stderr


def test_only_of_what_runs(dock, busy):
    dock("kill", "busy")
    assert "is not running" in dock.run("top", "busy").stderr
    assert "No such container: nobody" in dock.run("top", "nobody").stderr
