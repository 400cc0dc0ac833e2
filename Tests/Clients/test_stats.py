"""stats: the numbers are those of the control groups and of the network namespace."""

import contextlib
import json
import pathlib
import time

import docker
import pytest
from polling import eventually


def cgroup_folder(pid, controller):
    """Where the container's files of a controller are, of either version."""
    for line in pathlib.Path(f"/proc/{pid}/cgroup").read_text().splitlines():
        _, names, path = line.split(":", 2)
        if controller in names.split(","):
            for place in pathlib.Path("/sys/fs/cgroup").iterdir():
                if controller in place.name.split(","):
                    return pathlib.Path(f"{place}{path}"), True
    path = pathlib.Path(f"/proc/{pid}/cgroup").read_text().rpartition("0::")[2].strip()
    return pathlib.Path(f"/sys/fs/cgroup{path}"), False


def number(folder, *names):
    """The first of the files that there is."""
    path = next(folder / name for name in names if (folder / name).exists())
    return path.read_text().strip()


@pytest.fixture
def busy(dock, client):
    dock("run", "-d", "--name", "it", "--memory", "64m", "--pids-limit", "50", "busybox", "sh", "-c",
         "head -c 8000000 /dev/zero >/big; sleep 1000 & while :; do :; done")
    container = client.containers.get("it")
    eventually(lambda: len(client.api.top("it")["Processes"]) == 2)
    return container


def test_numbers_agree_with_the_control_groups(busy, dock):
    pid = dock.state("it")["Pid"]
    before = time.time_ns()
    stats = busy.stats(stream=False)
    memory, is_legacy = cgroup_folder(pid, "memory")
    assert (stats["name"], stats["id"]) == ("/it", busy.id)
    assert stats["memory_stats"]["limit"] == 64 << 20
    usage = int(number(memory, "memory.usage_in_bytes", "memory.current"))
    assert abs(stats["memory_stats"]["usage"] - usage) < 4 << 20 < usage
    now = dict(line.split() for line in (memory / "memory.stat").read_text().splitlines())
    assert set(stats["memory_stats"]["stats"]) <= set(now) or not is_legacy
    assert stats["pids_stats"] == {"current": 2, "limit": 50}
    cpu, precpu = stats["cpu_stats"], stats["precpu_stats"]
    folder, is_legacy = cgroup_folder(pid, "cpuacct")
    if is_legacy:
        total = int(number(folder, "cpuacct.usage"))
        assert sum(cpu["cpu_usage"]["percpu_usage"]) == pytest.approx(cpu["cpu_usage"]["total_usage"], rel=0.02)
    else:
        total = int((cgroup_folder(pid, "cpu")[0] / "cpu.stat").read_text().split()[1]) * 1000
    assert precpu["cpu_usage"]["total_usage"] < cpu["cpu_usage"]["total_usage"] <= total
    assert total - cpu["cpu_usage"]["total_usage"] < time.time_ns() - before
    system = cpu["system_cpu_usage"] - precpu["system_cpu_usage"]
    assert system == pytest.approx(1e9 * cpu["online_cpus"], rel=0.7)
    used = cpu["cpu_usage"]["total_usage"] - precpu["cpu_usage"]["total_usage"]
    assert 0 < used <= system * 1.2


def test_the_network_is_counted(client, dock):
    dock("run", "-d", "--name", "it", "busybox", "sh", "-c", "ping -c 5 -s 1000 -i 0.1 127.0.0.1; sleep 1000")
    gateway = dock.inspect("it")["NetworkSettings"]["Gateway"]
    before = client.api.stats("it", stream=False)["networks"]
    assert list(before) == ["eth0"]
    dock("exec", "it", "ping", "-c", "3", "-s", "1000", "-i", "0.1", gateway)
    after = client.api.stats("it", stream=False)["networks"]["eth0"]
    for name in ("rx", "tx"):
        assert after[f"{name}_bytes"] - before["eth0"][f"{name}_bytes"] >= 3 * 1028
        assert after[f"{name}_packets"] - before["eth0"][f"{name}_packets"] >= 3
        assert (after[f"{name}_errors"], after[f"{name}_dropped"]) == (0, 0)
    for mode in ("none", "host"):
        dock("run", "-d", "--name", mode, "--network", mode, "busybox", "sleep", "100")
        assert not client.api.stats(mode, stream=False).get("networks")


def test_writes_to_a_disk_are_listed(busy):
    stats = busy.stats(stream=False)["blkio_stats"]
    for entry in stats["io_service_bytes_recursive"] or []:
        assert set(entry) == {"major", "minor", "op", "value"}


def test_one_shot_waits_for_nothing(busy, client):
    began = time.monotonic()
    stats = client.api.stats("it", stream=False, one_shot=True)
    assert time.monotonic() - began < 0.9
    assert stats["cpu_stats"]["cpu_usage"]["total_usage"] > 0
    assert stats["precpu_stats"]["cpu_usage"]["total_usage"] == 0
    with pytest.raises(docker.errors.InvalidArgument):
        client.api.stats("it", stream=True, one_shot=True)


def test_a_stream_comes_every_second_until_the_container_is_removed(busy, client):
    stream = client.api.stats("it", decode=True)
    first, second = next(stream), next(stream)
    assert second["preread"] == first["read"] and second["precpu_stats"]["cpu_usage"] == first["cpu_stats"]["cpu_usage"]
    busy.kill()
    last = next(sample for sample in stream if "usage" not in sample["memory_stats"])
    assert (last["name"], last["read"]) == ("/it", "0001-01-01T00:00:00Z")
    busy.remove()
    assert all("usage" not in sample["memory_stats"] for sample in stream)


def test_a_container_that_does_not_run_has_no_numbers(dock, client):
    dock("create", "--name", "it", "busybox")
    stats = client.api.stats("it", stream=False)
    assert (stats["name"], stats["read"]) == ("/it", "0001-01-01T00:00:00Z")
    assert "usage" not in stats["memory_stats"] and stats["cpu_stats"]["cpu_usage"]["total_usage"] == 0
    with pytest.raises(docker.errors.NotFound):
        client.api.stats("nobody", stream=False)


def test_the_command(command, busy, dock):
    dock("create", "--name", "that", "busybox")
    lines = command("stats", "--no-stream", "it").splitlines()
    assert lines[0].split() == "CONTAINER ID NAME CPU % MEM USAGE / LIMIT MEM % NET I/O BLOCK I/O PIDS".split()
    assert lines[1].split()[1] == "it" and "/ 64MiB" in lines[1] and lines[1].split()[-1] == "2"
    assert float(lines[1].split()[2].rstrip("%")) > 5
    assert command("stats", "--no-stream", "--format", "{{.Name}} {{.PIDs}} {{.ID}}", "it") == f"it 2 {busy.id[:12]}"
    row = json.loads(command("stats", "--no-stream", "--all", "--format", "json").splitlines()[0])
    assert set(row) == {"BlockIO", "CPUPerc", "Container", "ID", "MemPerc", "MemUsage", "Name", "NetIO", "PIDs"}
    assert command("stats", "--no-stream", "--all", "--format", "{{.Name}} {{.MemUsage}}").count("that 0B / 0B") == 1
    assert "No such container: nobody" in command.run("stats", "--no-stream", "nobody").stderr


@pytest.mark.proa_only("this drives the proa command")
def test_the_command_goes_on(proa, busy, dock):
    terminal = proa.terminal("stats")
    terminal.expect("it .*64MiB")
    dock("run", "-d", "--name", "later", "busybox", "sleep", "100")
    terminal.expect("later ")
    dock("rm", "-f", "later")
    terminal.expect(r"PIDS\s+\S+\s+it [^\n]*\n(?!\S+\s+later)")
    with contextlib.suppress(OSError):
        terminal.close(force=True)
