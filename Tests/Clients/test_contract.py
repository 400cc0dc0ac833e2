"""Every answer of the container, exec and system operations is what the Engine API promises (contract/*.txt)."""

import base64
import json
import platform
import subprocess
import time

import contract
import pytest
from polling import eventually
from raw_http import RawHTTP


@pytest.fixture
def call(engine, dock):
    """Makes one request of an operation, and has its answer validated: the answer, with its JSON in `value`."""
    http = RawHTTP(engine.host)

    def call(operation, id="", query=None, status=200, **options):
        known = contract.OPERATIONS[operation]
        answer = http(known.method, known.path_of(id), query, **options)
        assert answer.status == status, answer.body
        kind = known.answers.get(status) if status < 400 else "ErrorResponse"
        answer.value = answer.json() if kind else None
        if kind:
            # dockerd 20.10 speaks an older version: it has fields that have gone since.
            found = contract.problems(answer.value, kind, strict=engine.kind != "dockerd")
            assert not found, "\n".join(found)
        return answer

    return call


STATES = {
    "created": ("create", "busybox"),
    "running": ("run", "-d", "-p", "127.0.0.1::80", "-p", "53/udp", "--expose", "99", "--tmpfs", "/t", "-v", "/tmp:/host:ro",
                "--memory", "32m", "--cpus", "0.5", "--ulimit", "nofile=100:200", "--device", "/dev/zero:/dev/nought",
                "--annotation", "a=b", "--label", "c=d", "--dns", "10.0.0.1", "--sysctl", "net.ipv4.ip_forward=0",
                "--restart", "on-failure:3", "--add-host", "h:10.0.0.2", "busybox", "sleep", "1000"),
    "paused": ("run", "-d", "busybox", "sleep", "1000"),
    "exited": ("run", "-d", "busybox", "sh", "-c", "echo out; exit 3"),
    "terminal": ("run", "-dit", "--network", "none", "busybox", "sh"),
    "restarting": ("run", "-d", "--restart", "always", "--network", "host", "busybox", "false"),
}  # fmt: skip


def statuses(state):
    """What of its status the engine may say, the one that is waited for first."""
    return {"terminal": ("running",), "restarting": ("restarting", "running")}.get(state, (state,))


@pytest.fixture(params=STATES)
def container(request, dock, engine):
    state = request.param
    verb, *arguments = STATES[state]
    if engine.kind == "dockerd" and "--annotation" in arguments:
        del arguments[(at := arguments.index("--annotation")) : at + 2]
    dock(verb, "--name", "it", *arguments)
    if state == "paused":
        dock("pause", "it")
    eventually(lambda: dock.state("it")["Status"] == statuses(state)[0], what=f"it is {statuses(state)[0]}")
    return state


def test_inspect_and_list(call, container):
    found = call("GET /containers/{id}/json", "it", {"size": 1}).value
    assert found["SizeRootFs"] > 0
    assert found["State"]["Status"] in statuses(container)
    assert "SizeRw" not in call("GET /containers/{id}/json", "it").value
    [summary] = call("GET /containers/json", query={"all": 1, "filters": '{"name":["^/it$"]}'}).value
    [sized] = call("GET /containers/json", query={"all": 1, "size": 1, "filters": '{"name":["^/it$"]}'}).value
    assert summary["Id"] == sized["Id"] == found["Id"] and sized["SizeRootFs"] == found["SizeRootFs"]
    usage = call("GET /system/df").value
    assert found["Id"] in {row["Id"] for row in usage["Containers"]}


def test_stats_of_each_state(call, container):
    [once] = call("GET /containers/{id}/stats", "it", {"stream": 0, "one-shot": 1}).lines()
    assert once["name"] == "/it"
    assert contract.problems(once, "ContainerStatsResponse") == []


def test_a_life(call, dock):
    created = call(
        "POST /containers/create", query={"name": "it"}, status=201,
        body={"Image": "busybox", "Cmd": ["sh", "-c", "trap exit TERM; echo hello; sleep 1000 & wait"]},
    )  # fmt: skip
    container = created.value["Id"]
    call("POST /containers/create", query={"name": "it"}, body={"Image": "busybox"}, status=409)
    call("POST /containers/create", body={"Image": "nowhere"}, status=404)
    call("POST /containers/{id}/start", "it", status=204)
    call("POST /containers/{id}/start", "it", status=304)
    call("POST /containers/{id}/pause", "it", status=204)
    call("POST /containers/{id}/pause", "it", status=409)
    call("POST /containers/{id}/unpause", "it", status=204)
    call("POST /containers/{id}/rename", "it", {"name": "that"}, status=204)
    call("POST /containers/{id}/rename", "that", {"name": "that"}, status=400)
    call("POST /containers/{id}/update", "that", body={"Memory": 64 << 20, "MemorySwap": -1})
    call("POST /containers/{id}/restart", "that", {"t": 5}, status=204)
    call("POST /containers/{id}/stop", "that", {"t": 5, "signal": "TERM"}, status=204)
    call("POST /containers/{id}/stop", "that", status=304)
    call("POST /containers/{id}/kill", "that", status=409)
    for condition in ("not-running", ""):
        waited = call("POST /containers/{id}/wait", "that", {"condition": condition})
        assert waited.value["StatusCode"] == dock.state("that")["ExitCode"]
    assert call("DELETE /containers/{id}", container, {"v": 1, "force": 1}, status=204).body == b""
    call("DELETE /containers/{id}", container, status=404)


def test_what_is_in_it(call, dock):
    dock("run", "-d", "--name", "it", "busybox", "sh", "-c", "echo hello; echo new >/new; rm /etc/passwd; sleep 1000")
    changes = eventually(lambda: len((found := call("GET /containers/{id}/changes", "it").value) or []) >= 3 and found)
    assert {"Path": "/new", "Kind": 1} in changes and {"Path": "/etc/passwd", "Kind": 2} in changes
    table = call("GET /containers/{id}/top", "it", {"ps_args": "-o pid,args"}).value
    assert table["Titles"] == ["PID", "COMMAND"]
    call("GET /containers/{id}/logs", "it", {"stdout": 1, "tail": 1, "timestamps": 1})
    call("GET /containers/{id}/logs", "it", status=400)
    stat = call("HEAD /containers/{id}/archive", "it", {"path": "/new"}).headers["X-Docker-Container-Path-Stat"]
    assert json.loads(base64.b64decode(stat))["size"] == 4
    archive = call("GET /containers/{id}/archive", "it", {"path": "/new"}).body
    tar = {"Content-Type": "application/x-tar"}
    call("PUT /containers/{id}/archive", "it", {"path": "/tmp"}, body=archive, headers=tar)
    call("PUT /containers/{id}/archive", "it", {"path": "/nowhere"}, body=archive, headers=tar, status=404)
    assert call("GET /containers/{id}/export", "it").body[257:262] == b"ustar"
    call("POST /containers/{id}/resize", "it", {"h": 5, "w": 5})


def test_execs(call, engine, dock):
    dock("run", "-d", "--name", "it", "busybox", "sleep", "1000")
    wish = {"Cmd": ["sh", "-c", "echo out; exit 4"], "AttachStdout": True, "Tty": True, "Env": ["A=b"], "User": "1:2"}
    id = call("POST /containers/{id}/exec", "it", body=wish, status=201).value["Id"]
    assert call("GET /exec/{id}/json", id).value["ExitCode"] is None
    assert call("POST /exec/{id}/start", id, body={"Tty": True}).body == b"out\r\n"
    done = eventually(lambda: not (found := call("GET /exec/{id}/json", id).value)["Running"] and found)
    assert done["ExitCode"] == 4 and done["ProcessConfig"]["user"] == "1:2"
    if engine.kind != "dockerd":  # 20.10 says it in the stream of a 200
        call("POST /exec/{id}/start", id, body={}, status=409)
    call("POST /exec/{id}/resize", "nobody", {"h": 1, "w": 1}, status=404)
    dock("kill", "it")
    call("POST /containers/{id}/exec", "it", body=wish, status=409)


def test_the_system(call):
    for kind in ("container", "image", "volume", "build-cache"):
        call("GET /system/df", query={"type": kind})
    info = call("GET /info").value
    assert (info["OSType"], info["CgroupDriver"]) == ("linux", "cgroupfs")
    assert info["OSVersion"] == platform.freedesktop_os_release().get("VERSION_ID", "")
    kind = subprocess.check_output(["stat", "--file-system", "--format", "%T", info["DockerRootDir"]], text=True).strip()
    assert info["DriverStatus"][0] == ["Backing Filesystem", {"ext2/ext3": "extfs"}.get(kind, kind)]
    version = call("GET /version").value
    assert info["ServerVersion"] == version["Version"]
    assert call("GET /_ping").body == b"OK" and call("HEAD /_ping").headers["Api-Version"] == version["ApiVersion"]


def test_events(call, engine, dock):
    since = time.time()
    dock("run", "--name", "it", "busybox", "true")
    dock("rm", "it")
    http = RawHTTP(engine.host)
    events = http("GET", "/events", {"since": f"{since:.9f}", "until": f"{time.time():.9f}"}).lines()
    assert len(events) >= 5
    assert [text for event in events for text in contract.problems(event, "EventMessage")] == []


def test_prune(call, dock):
    container = dock("create", "--label", "to=prune", "busybox")
    pruned = call("POST /containers/prune", query={"filters": '{"label":["to=prune"]}'}).value
    assert pruned["ContainersDeleted"] == [container]
    call("POST /containers/prune", query={"filters": '{"label":["to=prune"]}'})
    call("POST /containers/prune", query={"filters": '{"colour":["red"]}'}, status=400)


def test_networks(call, dock):
    pool = {"Subnet": "10.97.5.0/24", "IPRange": "10.97.5.128/25", "Gateway": "10.97.5.9", "AuxiliaryAddresses": {"a": "10.97.5.7"}}
    wish = {"Name": "front", "Options": {"of.somebody": "else"}, "Labels": {"a": "b"}, "IPAM": {"Config": [pool]}, "Attachable": True}
    id = call("POST /networks/create", status=201, body=wish).value["Id"]
    call("POST /networks/create", status=403, body={"Name": "bridge"})
    call("POST /networks/create", status=404, body={"Name": "flying", "Driver": "fly"})
    call("POST /containers/create", query={"name": "it"}, status=201, body={"Image": "busybox", "Cmd": ["sleep", "1000"]})
    call("POST /networks/{id}/connect", "front", body={"Container": "it", "EndpointConfig": {"Aliases": ["x"]}})
    call("POST /containers/{id}/start", "it", status=204)
    found = call("GET /networks/{id}", "front", {"verbose": 1}).value
    assert found["Id"] == id and found["IPAM"]["Config"] == [pool]
    assert [container["Name"] for container in found["Containers"].values()] == ["it"]
    assert {"bridge", "host", "none", "front"} <= {network["Name"] for network in call("GET /networks").value}
    call("GET /containers/{id}/json", "it")
    call("DELETE /networks/{id}", "front", status=403)
    call("POST /networks/{id}/disconnect", "front", body={"Container": "it"})
    call("POST /networks/{id}/connect", "nowhere", body={"Container": "it"}, status=404)
    call("GET /networks/{id}", "nowhere", status=404)
    call("DELETE /networks/{id}", "bridge", status=403)
    call("DELETE /networks/{id}", "front", status=204)
    call("POST /networks/create", status=201, body={"Name": "back"})
    assert call("POST /networks/prune").value["NetworksDeleted"] == ["back"]
    call("POST /networks/prune")


def test_volumes(call, dock):
    made = call("POST /volumes/create", status=201, body={"Name": "kept", "Labels": {"a": "b"}, "DriverOpts": {}}).value
    assert (made["Name"], made["Driver"], made["Scope"]) == ("kept", "local", "local")
    assert call("GET /volumes/{name}", "kept").value == made
    call("POST /volumes/create", status=201, body={})
    listed = call("GET /volumes", query={"filters": '{"label":["a=b"]}'}).value
    assert [volume["Name"] for volume in listed["Volumes"]] == ["kept"]
    dock("create", "--name", "it", "--volume", "kept:/v", "busybox")
    call("DELETE /volumes/{name}", "kept", status=409)
    dock("rm", "it")
    call("DELETE /volumes/{name}", "kept", {"force": 1}, status=204)
    call("GET /volumes/{name}", "kept", status=404)
    call("DELETE /volumes/{name}", "kept", status=404)
    assert call("POST /volumes/prune").value["VolumesDeleted"]
    call("POST /volumes/prune")
