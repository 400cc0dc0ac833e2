"""Requests that are wrong: the right status, and a message that names the culprit."""

import json
import subprocess

import docker
import pytest
from engines import BINARIES


@pytest.fixture
def post(client):
    def post(path, body, **parameters):
        data = body if isinstance(body, (bytes, str)) else json.dumps(body)
        headers = {"Content-Type": "application/json"}
        return client.api.post(client.api._url(path), data=data, params=parameters, headers=headers)

    return post


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"Image": "busybox", "Cmd": {"not": "a list"}}, 400),
        ({"Image": "nosuchimage"}, 404),
        ("{not json", 400),
        ({"Image": "busybox", "HostConfig": {"Memory": "much"}}, 400),
        ({"Image": "busybox", "HostConfig": {"Memory": 1}}, 400),
    ],
    ids=["Cmd", "Image", "JSON", "Memory", "little"],
)
def test_create(engine, post, body, status):
    answer = post("/containers/create", body)
    assert answer.status_code == status or engine.kind == "dockerd" and answer.status_code == 500
    assert answer.json()["message"]


@pytest.mark.proa_only("dockerd can do all of these")
@pytest.mark.parametrize(
    ("settings", "culprit"),
    [
        ({"NetworkMode": "container:nobody"}, "No such container: nobody"),
        ({"VolumeDriver": "nfs-or-other", "Binds": ["volume:/data"]}, "volume"),
        ({"LogConfig": {"Type": "syslog"}}, "syslog"),
        ({"Isolation": "hyperv"}, "hyperv"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_supported_is_refused_by_name(post, settings, culprit):
    answer = post("/containers/create", {"Image": "busybox", "HostConfig": settings})
    assert 400 <= answer.status_code <= 501
    assert culprit in answer.json()["message"]


@pytest.mark.parametrize("name", ["no blanks", "-first", "ä", "x/y"])
def test_a_name_that_is_none(post, name):
    answer = post("/containers/create", {"Image": "busybox"}, name=name)
    assert answer.status_code == 400
    assert name in answer.json()["message"]


def test_an_unknown_route(client):
    answer = client.api.get(client.api._url("/no/such/route"))
    assert answer.status_code == 404
    assert answer.json()["message"] == "page not found"


def test_a_version_that_is_too_new(client):
    answer = client.api.get(f"{client.api.base_url}/v9.99/containers/json")
    assert answer.status_code == 400
    assert "9.99" in answer.json()["message"]


@pytest.mark.parametrize("action", ["start", "stop", "kill", "wait", "resize"])
def test_an_unknown_container(post, action):
    answer = post(f"/containers/nobody/{action}", "", **({"h": 1, "w": 1} if action == "resize" else {}))
    assert answer.status_code == 404
    assert "nobody" in answer.json()["message"]


@pytest.mark.proa_only("this is our runtime's command line")
def test_a_configuration_with_a_wrong_type_names_its_path(folder):
    bundle = folder / "wrong"
    (bundle / "rootfs").mkdir(parents=True)
    runtime = [str(BINARIES / "proa-runtime"), "--root", str(folder / "state")]
    subprocess.run([*runtime, "spec", "--bundle", str(bundle)], check=True)
    configuration = json.loads((bundle / "config.json").read_text())
    configuration["process"]["user"]["uid"] = "root"
    (bundle / "config.json").write_text(json.dumps(configuration))
    done = subprocess.run([*runtime, "run", "--bundle", str(bundle), "wrong"], capture_output=True, text=True)
    assert done.returncode != 0
    assert "process.user.uid" in done.stderr
    assert not list((folder / "state").glob("wrong*"))
