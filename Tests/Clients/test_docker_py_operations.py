"""Every container, exec and system operation that docker-py has. The `client` fixture has each answer validated."""

import io
import tarfile
import time

import docker
import pytest
from polling import eventually

TERMINATES = "trap 'exit 0' TERM; echo ready; sleep 1000 & wait"


@pytest.fixture
def api(client):
    return client.api


@pytest.fixture
def busy(client):
    container = client.containers.run("busybox", ["sh", "-c", TERMINATES], name="busy", detach=True)
    eventually(lambda: container.logs() == b"ready\n")
    return container


def test_create_with_everything(client, api):
    host = api.create_host_config(
        binds={"/tmp": {"bind": "/host", "mode": "ro"}}, port_bindings={"80/tcp": ("127.0.0.1", None)}, dns=["10.0.0.1"],
        dns_opt=["ndots:2"], dns_search=["example.org"], cap_add=["NET_ADMIN"], cap_drop=["MKNOD"],
        extra_hosts={"other": "10.0.0.2"}, read_only=True, mem_limit="64m", memswap_limit="128m", mem_reservation="32m",
        pids_limit=50, cpu_shares=512, cpu_period=100000, cpu_quota=50000, cpuset_cpus="0", shm_size="8m",
        tmpfs={"/scratch": "size=1m"}, ulimits=[docker.types.Ulimit(name="nofile", soft=100, hard=200)],
        sysctls={"net.ipv4.ip_forward": "0"}, group_add=["7"], oom_score_adj=10, security_opt=["no-new-privileges"],
        devices=["/dev/zero:/dev/nought:r"], restart_policy={"Name": "on-failure", "MaximumRetryCount": 2},
        ipc_mode="private", pid_mode="", uts_mode="", network_mode="bridge", log_config=docker.types.LogConfig(type="json-file"),
    )  # fmt: skip
    made = api.create_container(
        "busybox", ["id"], hostname="named", user="1000:1000", detach=True, stdin_open=True, tty=False,
        ports=[80, (53, "udp")], environment={"A": "b"}, volumes=["/host"], name="full", entrypoint=["env"],
        working_dir="/w", domainname="example.org", host_config=host, labels={"of": "it"}, stop_signal="SIGUSR1",
        stop_timeout=3,
    )  # fmt: skip
    found = api.inspect_container(made["Id"])
    assert (found["Path"], found["Args"], found["Config"]["StopSignal"]) == ("env", ["id"], "SIGUSR1")
    assert found["HostConfig"]["CapAdd"] == ["CAP_NET_ADMIN"] or found["HostConfig"]["CapAdd"] == ["NET_ADMIN"]
    assert (found["HostConfig"]["ShmSize"], found["HostConfig"]["PidsLimit"]) == (8 << 20, 50)
    assert found["Mounts"][0]["Destination"] == "/host" and found["Config"]["Domainname"] == "example.org"


def test_a_life(client, api, busy):
    assert [one["Id"] for one in api.containers(filters={"name": "busy"})] == [busy.id]
    assert api.containers(quiet=True, latest=True) == [{"Id": busy.id}]
    assert "SizeRootFs" in api.containers(all=True, size=True)[0]
    busy.pause()
    busy.reload()
    assert busy.status == "paused"
    busy.unpause()
    busy.rename("other")
    busy.update(mem_limit="64m", memswap_limit="64m", cpu_shares=128, restart_policy={"Name": "no"})
    busy.restart(timeout=5)
    busy.reload()
    assert (busy.name, busy.attrs["HostConfig"]["CpuShares"], busy.status) == ("other", 128, "running")
    busy.stop(timeout=5)
    assert busy.wait(condition="not-running")["StatusCode"] == 0
    busy.start()
    busy.kill(signal=9)
    assert busy.wait()["StatusCode"] == 137
    with pytest.raises(docker.errors.APIError) as error:
        busy.kill()
    assert error.value.status_code == 409
    busy.remove(v=True)
    with pytest.raises(docker.errors.NotFound):
        api.inspect_container(busy.id)


@pytest.mark.parametrize("condition", ["not-running", "next-exit", "removed"])
def test_wait(client, busy, condition):
    stream = client.api._post(client.api._url("/containers/busy/wait"), params={"condition": condition}, stream=True)
    busy.kill()
    if condition == "removed":
        busy.remove()
    assert stream.json()["StatusCode"] == 137


def test_output(client, busy):
    assert busy.logs(stdout=True, stderr=False, tail=1, timestamps=True).endswith(b"Z ready\n")
    assert busy.logs(since=int(time.time()) + 100) == b"" == busy.logs(until=1)
    container = client.containers.create("busybox", ["sh", "-c", "echo out; echo error >&2"])
    stream = container.attach(stream=True, logs=True, demux=True)
    container.start()
    assert sorted(map(str, stream)) == sorted(map(str, [(b"out\n", None), (None, b"error\n")]))


def test_files(client, busy):
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        member = tarfile.TarInfo("put")
        member.size = 5
        tar.addfile(member, io.BytesIO(b"bytes"))
    assert busy.put_archive("/tmp", archive.getvalue())
    pieces, status = busy.get_archive("/tmp/put")
    assert (status["name"], status["size"]) == ("put", 5)
    with tarfile.open(fileobj=io.BytesIO(b"".join(pieces))) as tar:
        assert tar.extractfile("put").read() == b"bytes"
    assert {"Path": "/tmp/put", "Kind": 1} in busy.diff()
    with tarfile.open(fileobj=io.BytesIO(b"".join(busy.export()))) as tar:
        assert "tmp/put" in tar.getnames()
    with pytest.raises(docker.errors.NotFound):
        busy.get_archive("/nowhere")


def test_processes_and_numbers(client, busy):
    assert busy.top(ps_args="-o pid,args")["Titles"] == ["PID", "COMMAND"]
    assert busy.stats(stream=False)["memory_stats"]["usage"] > 0
    stream = busy.stats(stream=True, decode=True)
    first, second = next(stream), next(stream)
    assert second["preread"] == first["read"]
    client.api.resize(busy.id, 20, 30)


def test_port(client):
    container = client.containers.run("busybox", ["sleep", "1000"], ports={"80/tcp": ("127.0.0.1", None)}, detach=True)
    [place] = client.api.port(container.id, 80)
    assert place["HostIp"] == "127.0.0.1" and int(place["HostPort"]) > 0


def test_execs(api, busy):
    made = api.exec_create(
        busy.id, ["sh", "-c", "echo $A in $PWD as $(id -u); exit 9"], stdout=True, stderr=True, environment={"A": "b"},
        workdir="/tmp", user="7", privileged=False,
    )  # fmt: skip
    assert api.exec_start(made["Id"]) == b"b in /tmp as 7\n"
    assert eventually(lambda: (found := api.exec_inspect(made["Id"])) and not found["Running"] and found)["ExitCode"] == 9
    tty = api.exec_create(busy.id, ["sh", "-c", "sleep 1000"], tty=True, stdin=True)
    api.exec_start(tty["Id"], detach=True, tty=True)
    api.exec_resize(tty["Id"], height=33, width=44)
    assert api.exec_inspect(tty["Id"])["Running"]
    assert tty["Id"] in api.inspect_container(busy.id)["ExecIDs"]


def test_an_exec_can_be_resized_at_once(api, busy):
    for _ in range(10):
        made = api.exec_create(busy.id, ["cat"], tty=True, stdin=True)
        stream = api.exec_start(made["Id"], socket=True, tty=True)
        api.exec_resize(made["Id"], height=33, width=44)
        stream._sock.close()
    with pytest.raises(docker.errors.NotFound):
        api.exec_resize("nobody", height=1, width=1)


def test_the_system(client, api):
    assert api.version(api_version=False)["ApiVersion"] == client.version()["ApiVersion"]
    assert client.info()["OSType"] == "linux" and client.ping()
    assert {"Images", "Containers", "Volumes"} <= set(client.df())


def test_events(client, busy):
    since = time.time()
    with_filters = client.events(since=since - 100, until=since, filters={"container": "busy"}, decode=True)
    assert [event["Action"] for event in with_filters][-1] == "start"


def test_prune(client):
    container = client.containers.create("busybox", labels=["of-this-test"])
    assert client.containers.prune({"label": "of-this-test"})["ContainersDeleted"] == [container.id]
