"""What is wrong with a request is said where Docker says it, at create or at start, in its words and with its exit codes."""

import os

import docker
import pytest

CPUS = os.cpu_count()

AT_CREATE = {
    ("--cpus", "1000"): f"ange of CPUs is from 0.01 to {CPUS}.00, as there are only {CPUS} CPUs available",
    ("--cpuset-cpus", "0-4095"): "Requested CPUs are not available - requested 0-4095, available: ",
    ("--cpuset-mems", "63"): "Requested memory nodes are not available - requested 63, available: ",
    ("--uts", "host", "-h", "x"): "conflicting options: hostname and the UTS mode",
    ("--mount", "type=bind,source=/no/such,target=/x"):
        'invalid mount config for type "bind": bind source path does not exist: /no/such',
    ("--mount", "type=bind,source=x,target=/x"): "invalid mount path: 'x' mount path must be absolute",
    ("-v", "/tmp:x"): "invalid volume specification: '/tmp:x': invalid mount config for type \"bind\"",
    ("-v", "/tmp:/"): "invalid specification: destination can't be '/'",
    ("--tmpfs", "x"): "invalid mount path: 'x' mount path must be absolute",
    ("--cap-add", "FLY"): 'invalid CapAdd: unknown capability: "CAP_FLY"',
    ("--sysctl", "nonsense"): "sysctl 'nonsense' is not allowed",
}

AT_START = {
    ("--ip", "10.1.2.3"): (125, "user specified IP address is supported on user defined networks only"),
    ("--device", "/dev/not-there"): (
        127, 'error gathering device information while adding custom device "/dev/not-there": no such file or directory'
    ),
    ("--device", "/etc/passwd"): (125, '"/etc/passwd": not a device node'),
    ("-u", "nobodyx"): (125, "unable to find user nobodyx: no matching entries in passwd file"),
    ("-u", "root:nogroupx"): (125, "unable to find group nogroupx: no matching entries in group file"),
    ("-u", "-1"): (125, "uids and gids must be in range 0-2147483647"),
    ("--group-add", "nogroupx"): (125, "Unable to find group nogroupx: no matching entries in group file"),
    ("--sysctl", "net.ipv4.not_there=1"): (127, "net/ipv4/not_there: no such file or directory"),
    ("--tmpfs", "/x:bogus=1"): (125, 'invalid tmpfs option ["bogus" "1"]'),
    ("-w", "/etc/passwd"): (125, "Cannot mkdir: /etc/passwd is not a directory"),
}


def words(options):
    return " ".join(options)


@pytest.mark.parametrize("options", AT_CREATE, ids=words)
def test_refused_at_create(dock, options):
    if options == ("--sysctl", "nonsense"):  # by the command itself
        assert dock.run("create", *options, "busybox", "true").returncode == 125
        return
    for command, status in (("create", 1), ("run", 125)):
        done = dock.run(command, *options, "busybox", "true")
        assert done.returncode == status
        assert AT_CREATE[options] in done.stderr
    assert dock("ps", "-aq") == ""


@pytest.mark.parametrize("options", AT_START, ids=words)
def test_refused_at_start(dock, engine, options):
    status, message = AT_START[options]
    if engine.kind == "dockerd" and options[0] == "-w":
        pytest.skip("dockerd looks into the image when it creates")
    if engine.kind != "dockerd" and options[0] == "--tmpfs":  # sooner: docs/limits.md
        done = dock.run("create", *options, "busybox", "true")
        assert done.returncode == 1 and message in done.stderr
        return
    dock("create", "--name", "later", *options, "busybox", "true")
    done = dock.run("start", "later")
    assert done.returncode == 1
    assert message in done.stderr
    state = dock.state("later")
    assert (state["Status"], state["Running"]) == ("created", False)
    assert message in state["Error"]
    assert dock.run("run", "--rm", *options, "busybox", "true").returncode == status


@pytest.mark.parametrize(
    ("mode", "warning"), [("none", ""), ("host", "Published ports are discarded when using host network mode")]
)
def test_ports_without_a_network_of_ones_own(dock, mode, warning):
    done = dock.run("run", "--network", mode, "-p", "80", "busybox", "echo", "there")
    assert (done.returncode, done.stdout) == (0, "there\n")
    assert warning in done.stderr


def test_without_an_oom_killer_and_a_limit(client):
    answer = client.api.create_container(
        "busybox", "true", host_config=client.api.create_host_config(oom_kill_disable=True)
    )
    assert "OOM killer is disabled for the container, but no memory limit is set" in answer["Warnings"][0]


@pytest.mark.proa_only("20.10 gives what it has not itself")
@pytest.mark.parametrize("options", [("--privileged",), ("--cap-add", "ALL")], ids=words)
def test_all_capabilities_are_those_of_the_daemon(dock, options):
    with open("/proc/self/status") as file:
        own = next(line.split()[1] for line in file if line.startswith("CapBnd:"))
    script = "grep -E '^Cap(Bnd|Eff)' /proc/self/status"
    assert set(dock("run", "--rm", *options, "busybox", "sh", "-c", script).split()[1::2]) == {own}
    dock("run", "-d", "--name", "idle", "busybox", "sleep", "1000")
    assert dock("exec", "--privileged", "idle", "sh", "-c", script).split()[1::2] == [own, own]


def test_the_hosts_ipc_namespace(dock):
    assert dock("run", "--rm", "--ipc", "host", "busybox", "readlink", "/proc/self/ns/ipc") == os.readlink(
        "/proc/self/ns/ipc"
    )


@pytest.mark.parametrize("place", ["MacAddress", "network"])
def test_a_mac_address_of_ones_choice(client, place):
    address = "02:42:ac:11:00:99"
    network = {"EndpointsConfig": {"bridge": {"MacAddress": address}}}
    body = {"Image": "busybox", "Cmd": ["cat", "/sys/class/net/eth0/address"], "HostConfig": {"NetworkMode": "bridge"}}
    if place == "MacAddress":
        body["MacAddress"] = address
    else:
        body["NetworkingConfig"] = network
    if client.version()["ApiVersion"] < "1.44" and place == "network":
        pytest.skip("the network's address counts since API 1.44")
    container = client.containers.get(client.api.create_container_from_config(body)["Id"])
    container.start()
    assert container.wait()["StatusCode"] == 0
    assert container.logs().decode().strip() == address


def test_a_folder_of_devices(dock):
    done = dock("run", "--rm", "--device", "/dev/net:/dev/nets", "busybox", "ls", "/dev/nets")
    assert sorted(done.split()) == sorted(os.listdir("/dev/net"))


def test_binds_as_docker_py_sends_them(client, folder):
    """With the path in Volumes, too."""
    shared = folder / "bound"
    shared.mkdir()
    (shared / "in").write_text("from outside")
    told = client.containers.run(
        "busybox", ["sh", "-c", "cat /x/in; echo from inside >/x/out"],
        volumes={str(shared): {"bind": "/x", "mode": "rw"}}, remove=True,
    )
    assert told == b"from outside"
    assert (shared / "out").read_text() == "from inside\n"
    with pytest.raises(docker.errors.APIError):
        client.containers.run("busybox", "true", volumes=["/x:relative"])


@pytest.mark.parametrize(("kind", "field"), [("bind", "VolumeOptions"), ("tmpfs", "BindOptions")])
def test_options_of_another_kind_of_mount(client, kind, field):
    mount = {"Type": kind, "Source": "/tmp" if kind == "bind" else "", "Target": "/x", field: {}}
    with pytest.raises(docker.errors.APIError) as refusal:
        client.api.create_container_from_config({"Image": "busybox", "HostConfig": {"Mounts": [mount]}})
    assert refusal.value.status_code == 400
    assert f'invalid mount config for type "{kind}": field {field} must not be specified' in str(refusal.value)
