"""Every version of the API from 1.24 to 1.51, by path: what it has and has not."""

import json

import contract
import pytest
from raw_http import RawHTTP

VERSIONS = [f"1.{minor}" for minor in range(24, 52)]

# Of an image's configuration, as long as it was a container's: what says nothing of images, and what is said although it is empty.
CONTAINERS_MEMBERS = {
    "Hostname", "Domainname", "AttachStdin", "AttachStdout", "AttachStderr", "Tty", "OpenStdin", "StdinOnce", "Image",
    "User", "Env", "Cmd", "Volumes", "WorkingDir", "Entrypoint", "OnBuild", "Labels",
}  # fmt: skip


def is_older(version, minor):
    return int(version.split(".")[1]) < minor


@pytest.fixture
def call(engine):
    http = RawHTTP(engine.host)

    def call(version, method, path, query=None, status=200, **options):
        answer = http(method, f"/v{version}{path}", query, **options)
        assert answer.status == status, (version, answer.body)
        return answer

    return call


@pytest.fixture
def versions(engine):
    """Those that the engine says it has."""
    told = RawHTTP(engine.host)("GET", "/version").json()
    low, high = (int(told[name].split(".")[1]) for name in ("MinAPIVersion", "ApiVersion"))
    return [version for version in VERSIONS if low <= int(version.split(".")[1]) <= high]


@pytest.mark.proa_only("dockerd 20.10 has API 1.12 to 1.41")
def test_the_oldest_and_the_newest_are_told(call, versions):
    assert versions == VERSIONS
    for version in VERSIONS:
        told = call(version, "GET", "/version").json()
        assert (told["MinAPIVersion"], told["ApiVersion"]) == (VERSIONS[0], VERSIONS[-1])
        assert call(version, "GET", "/_ping").headers["Api-Version"] == VERSIONS[-1]
    for version in ("1.23", "1.52", "2.0", "0.9", "1", "1.51.0", "1.", "9999999999999999999999.1"):
        answer = call(version, "GET", "/containers/json", status=400)
        assert version in answer.body.decode()


def test_a_life_in_each(call, versions, dock):
    for version in versions:
        body = {"Image": "busybox", "Cmd": ["sleep", "1000"], "HostConfig": {"NetworkMode": "none"}}
        container = call(version, "POST", "/containers/create", body=body, status=201).json()["Id"]
        call(version, "POST", f"/containers/{container}/start", status=204)
        [row] = call(version, "GET", "/containers/json", {"filters": json.dumps({"id": [container]})}).json()
        assert row["State"] == "running"
        assert call(version, "GET", f"/containers/{container}/json").json()["State"]["Running"]
        wish = {"Cmd": ["echo", "hello"], "AttachStdout": True, "Tty": True}
        exec = call(version, "POST", f"/containers/{container}/exec", body=wish, status=201).json()["Id"]
        assert call(version, "POST", f"/exec/{exec}/start", body={"Tty": True}).body == b"hello\r\n"
        [stats] = call(version, "GET", f"/containers/{container}/stats", {"stream": 0, "one-shot": 1}).lines()
        assert ("total_usage" in stats["precpu_stats"]["cpu_usage"])
        # Without a one-shot mode, there is a sample before.
        assert (stats["preread"] > "0002") == is_older(version, 41)
        call(version, "POST", f"/containers/{container}/kill", status=204)
        assert call(version, "POST", f"/containers/{container}/wait").json()["StatusCode"] == 137
        call(version, "DELETE", f"/containers/{container}", status=204)


@pytest.mark.proa_only("dockerd 20.10 ends before the changes")
def test_answers_that_differ(call, dock):
    dock("create", "--name", "it", "--annotation", "a=b", "busybox")
    filters = {"all": 1, "filters": '{"name":["^/it$"]}'}
    for version in VERSIONS:
        [row] = call(version, "GET", "/containers/json", filters).json()
        assert ("Annotations" in row["HostConfig"]) != is_older(version, 46)
        images = call(version, "GET", "/images/json").json()
        assert {"VirtualSize" in image for image in images} == {is_older(version, 44)}
        inspected = call(version, "GET", "/images/busybox/json").json()
        assert ("ContainerConfig" in inspected, "VirtualSize" in inspected) == (is_older(version, 45), is_older(version, 44))
        assert (CONTAINERS_MEMBERS <= inspected["Config"].keys()) == is_older(version, 50)
        usage = call(version, "GET", "/system/df", {"type": "container"}).json()
        assert (usage["Images"] is None) != is_older(version, 42)
        log = call(version, "GET", "/containers/it/logs", {"stdout": 1})
        kind = "raw" if is_older(version, 42) else "multiplexed"
        assert log.headers["Content-Type"] == f"application/vnd.docker.{kind}-stream"
    [row] = call("1.51", "GET", "/containers/json", filters).json()
    assert contract.problems(row, "ContainerSummary") == []


@pytest.mark.proa_only("dockerd 20.10 ends before the changes")
def test_what_came_later_is_not_read(call, dock):
    host = {"Annotations": {"a": "b"}, "Mounts": [{"Type": "bind", "Source": "/nowhere/at/all", "Target": "/m",
                                                   "BindOptions": {"CreateMountpoint": True}}]}  # fmt: skip
    for version in ("1.24", "1.39", "1.41"):
        answer = call(version, "POST", "/containers/create", status=400, body={"Image": "busybox", "HostConfig": host})
        assert "/nowhere/at/all" in answer.json()["message"]
    body = {"Image": "busybox"}
    call("1.40", "POST", "/containers/create", {"platform": "windows/amd64"}, status=201, body=body)
    call("1.41", "POST", "/containers/create", {"platform": "windows/amd64"}, status=404, body=body)
    for version in ("1.24", "1.42", "1.43"):
        body = {"Image": "busybox", "HostConfig": {"Annotations": {"a": "b"}}}
        container = call(version, "POST", "/containers/create", body=body, status=201).json()["Id"]
        told = dock.inspect(container)["HostConfig"]
        assert told.get("Annotations") == (None if is_older(version, 43) else {"a": "b"})


def test_a_start_with_a_body_is_refused(call, versions, dock):
    dock("create", "--name", "it", "busybox", "true")
    answer = call(versions[-1], "POST", "/containers/it/start", body={"Binds": ["/:/host"]}, status=400)
    assert "starting container with non-empty request body" in answer.json()["message"]
    call(versions[-1], "POST", "/containers/it/start", body={}, status=204)
