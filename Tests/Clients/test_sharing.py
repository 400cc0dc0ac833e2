"""Namespaces that containers share with others: ipc; users and cgroups of the host."""

import os

import pytest


def donor(dock, *options, name="donor"):
    return dock("run", "-d", "--name", name, *options, "busybox", "sleep", "1000")


def namespace(dock, name, kind):
    return os.readlink(f"/proc/{dock.state(name)['Pid']}/ns/{kind}")


def test_the_processes_of_another(command, dock):
    container = donor(dock)
    command("run", "-d", "--name", "it", "--pid", "container:donor", "busybox", "sleep", "2000")
    assert dock.inspect("it")["HostConfig"]["PidMode"] == f"container:{container}"
    assert namespace(dock, "it", "pid") == namespace(dock, "donor", "pid")
    assert "sleep 2000" in dock("exec", "donor", "ps")
    assert "sleep 1000" in dock("exec", "it", "ps")
    assert dock("exec", "it", "cat", "/proc/1/cmdline").split("\0")[:2] == ["sleep", "1000"]
    dock("rm", "-f", "donor")
    assert dock("wait", "it") == "137"


def test_the_interfaces_of_another(command, dock):
    container = donor(dock, "--hostname", "donor.example", "--add-host", "there:10.9.8.7", "--dns", "10.9.8.6")
    command("run", "-d", "--name", "it", "--network", "container:donor", "busybox", "sleep", "1000")
    assert dock.inspect("it")["HostConfig"]["NetworkMode"] == f"container:{container}"
    assert dock.inspect("it")["NetworkSettings"]["Networks"] == {}
    assert namespace(dock, "it", "net") == namespace(dock, "donor", "net")
    for look in (("hostname",), ("cat", "/etc/hosts"), ("cat", "/etc/hostname"), ("cat", "/etc/resolv.conf"), ("ip", "address")):
        assert dock("exec", "it", *look) == dock("exec", "donor", *look)
    dock("exec", "it", "sh", "-c", "echo 10.9.8.5 more >>/etc/hosts")
    assert "10.9.8.5 more" in dock("exec", "donor", "cat", "/etc/hosts")
    command("run", "-d", "--name", "third", "--network", "container:it", "busybox", "sleep", "1000")
    dock("rm", "-f", "donor", "it")
    assert "10.9.8.5 more" in dock("exec", "third", "cat", "/etc/hosts")
    assert dock("exec", "third", "hostname") == "donor.example"
    assert "eth0" not in dock("exec", "third", "ip", "-o", "address")


def test_where_there_are_no_interfaces(command, dock):
    donor(dock, "--network", "none")
    assert command("run", "--rm", "--network", "container:donor", "busybox", "ls", "/sys/class/net") == "lo"
    dock("kill", "donor")
    dock("wait", "donor")
    done = command.run("run", "--rm", "--network", "container:donor", "busybox", "true")
    assert done.returncode == 125
    assert "cannot join network of a non running container: " in done.stderr
    assert "No such container: nobody" in command.run("run", "--network", "container:nobody", "busybox").stderr


@pytest.mark.parametrize(
    ("option", "conflict"),
    [(("--hostname", "x"), "hostname and the network mode"), (("--dns", "10.9.8.7"), "dns and the network mode"),
     (("--add-host", "a:10.9.8.7"), "custom host-to-IP mapping and the network mode"),
     (("-p", "80"), "port publishing and the container type network mode"),
     (("-P",), "port publishing and the container type network mode"),
     (("--expose", "80"), "port exposing and the container type network mode")],
    ids=str,
)  # fmt: skip
def test_what_does_not_go_with_the_interfaces_of_another(command, dock, option, conflict):
    donor(dock)
    done = command.run("create", "--network", "container:donor", *option, "busybox")
    assert done.returncode == 1
    assert f"conflicting options: {conflict}" in done.stderr


def test_the_queues_and_the_memory_of_another(command, dock):
    container = donor(dock, "--ipc", "shareable")
    dock("exec", "donor", "sh", "-c", "echo shared > /dev/shm/file")
    mine = "cat /dev/shm/file; echo mine > /dev/shm/other"
    assert command("run", "--rm", "--ipc", "container:donor", "busybox", "sh", "-c", mine) == "shared"
    assert dock("exec", "donor", "cat", "/dev/shm/other") == "mine"
    dock("run", "-d", "--name", "it", "--ipc", "container:donor", "busybox", "sleep", "1000")
    assert dock.inspect("it")["HostConfig"]["IpcMode"] == f"container:{container}"
    assert namespace(dock, "it", "ipc") == namespace(dock, "donor", "ipc")
    dock("rm", "-f", "donor")
    assert dock("exec", "it", "cat", "/dev/shm/file") == "shared"


def test_how_much_memory_is_shared(dock):
    donor(dock, "--ipc", "shareable", "--shm-size", "2m")
    options = dock("exec", "donor", "grep", " /dev/shm ", "/proc/mounts")
    assert "size=2048k" in options and "nosuid,nodev,noexec" in options
    dock("restart", "-t", "0", "donor")
    assert dock("exec", "donor", "ls", "/dev/shm") == ""


def test_no_shared_memory_at_all(dock):
    donor(dock, "--ipc", "none")
    assert dock.run("exec", "donor", "grep", " /dev/shm ", "/proc/mounts").returncode == 1
    assert namespace(dock, "donor", "ipc") != os.readlink("/proc/self/ns/ipc")


@pytest.mark.parametrize("mode", ["private", ""])
def test_one_of_its_own(dock, mode):
    donor(dock, "--ipc", mode)
    assert dock.inspect("donor")["HostConfig"]["IpcMode"] == "private"
    done = dock.run("run", "--rm", "--ipc", "container:donor", "busybox", "true")
    assert "non-shareable IPC (hint: use IpcMode:shareable for the donor container)" in done.stderr


@pytest.mark.parametrize("kind", ["ipc"])
def test_with_nobody(dock, client, kind):
    dock("create", "--name", "still", "--ipc", "shareable", "busybox")
    done = dock.run("run", f"--{kind}", "container:still", "--name", "it", "busybox", "true")
    assert done.returncode == 125
    assert f"container {dock.inspect('still')['Id']} is not running" in done.stderr
    assert dock.state("it")["ExitCode"] == 128
    with pytest.raises(Exception, match="No such container: nobody"):
        client.api.create_container("busybox", host_config={f"{kind.capitalize()}Mode": "container:nobody"})


@pytest.mark.proa_only("it accepts whatever it does not know")
@pytest.mark.parametrize(
    ("field", "value", "message"),
    [("PidMode", "x", "invalid PID mode: x"), ("PidMode", "container:", "invalid PID mode: container:"),
     ("IpcMode", "x", "invalid IPC mode: x"), ("UTSMode", "container:x", "invalid UTS mode: container:x"),
     ("UsernsMode", "x", "invalid user namespace mode: x"), ("CgroupnsMode", "x", "invalid cgroup namespace mode: x")],
)  # fmt: skip
def test_modes_that_are_none(dock, client, field, value, message):
    with pytest.raises(Exception, match=message):
        client.api.create_container("busybox", host_config={field: value})


def test_the_hosts_users(command, dock):
    command("run", "-d", "--name", "it", "--userns", "host", "busybox", "sleep", "1000")
    assert dock.inspect("it")["HostConfig"]["UsernsMode"] == "host"
    assert namespace(dock, "it", "user") == os.readlink("/proc/self/ns/user")


@pytest.mark.parametrize(("mode", "shares"), [("host", True), ("private", False)])
def test_control_groups(command, dock, mode, shares):
    command("run", "-d", "--name", "it", "--cgroupns", mode, "busybox", "sleep", "1000")
    assert dock.inspect("it")["HostConfig"]["CgroupnsMode"] == mode
    assert (namespace(dock, "it", "cgroup") == os.readlink("/proc/self/ns/cgroup")) == shares


@pytest.mark.own_engine
@pytest.mark.proa_only("it forgets what it shares")
def test_sharing_goes_on_under_another_daemon(other_engine, dock_on):
    engine = other_engine()
    dock = dock_on(engine)
    donor(dock, "--ipc", "shareable")
    engine.kill()
    engine.start()
    assert dock("run", "--rm", "--ipc", "container:donor", "busybox", "sh", "-c", "echo x > /dev/shm/x") == ""
    assert dock("exec", "donor", "cat", "/dev/shm/x") == "x"
