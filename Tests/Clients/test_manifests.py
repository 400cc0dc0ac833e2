"""`manifests=1` in lists and inspect: what an image came as."""

import contextlib
import json
import tempfile

import docker
import pytest

from registries import DebianRegistry, HostileRegistry, digest, small

pytestmark = pytest.mark.proa_only("20.10 knows no manifests")


@pytest.fixture
def pulled(dock, folder):
    """An image from a registry: its name, and its manifest there with the media type."""
    with tempfile.TemporaryDirectory(prefix="reg", dir=folder) as own, DebianRegistry(own) as registry:
        registry.put("test/image", small("one", "two"))
        name = f"{registry.host}/test/image"
        dock("pull", name)
        yield name, *registry.manifest("test/image", "latest")
        dock("rmi", name)


@pytest.fixture
def asked(client):
    def ask(version, path, **parameters):
        return client.api._get(f"{client.api.base_url}/v{version}/images/{path}", params=parameters).json()

    return ask


def test_lists_tell_it(dock, asked, pulled):
    name, media_type, manifest = pulled
    container = dock("create", name, "/none")
    [listed] = [image for image in asked("1.48", "json", manifests=1) if f"{name}:latest" in image["RepoTags"]]
    dock("rm", container)
    [told] = listed["Manifests"]
    assert (told["ID"], told["Kind"], told["Available"]) == (digest(manifest), "image", True)
    assert told["Descriptor"] == {"mediaType": media_type, "digest": digest(manifest), "size": len(manifest)}
    parsed = json.loads(manifest)
    content = len(manifest) + parsed["config"]["size"] + sum(layer["size"] for layer in parsed["layers"])
    data = told["ImageData"]
    assert told["Size"] == {"Content": content, "Total": content + data["Size"]["Unpacked"]}
    assert data["Containers"] == [container]
    assert data["Platform"]["os"] == "linux"


def test_inspect_tells_it(asked, pulled):
    name, _, manifest = pulled
    assert asked("1.48", f"{name}/json", manifests=1)["Manifests"][0]["ID"] == digest(manifest)
    for version, parameters in (("1.48", {}), ("1.47", {"manifests": 1})):
        assert "Manifests" not in asked(version, f"{name}/json", **parameters)


def test_not_for_one_machine_alone(asked, pulled):
    platform = json.dumps({"os": "linux", "architecture": "amd64"})
    refused = asked("1.49", f"{pulled[0]}/json", manifests=1, platform=platform)
    assert refused["message"] == "conflicting options: manifests and platform options cannot both be set"


@pytest.mark.own_engine
def test_one_that_cannot_be_read_is_left_out(other_engine, dock_on):
    """Of lists; the image itself says what is wrong."""
    engine = other_engine()
    with HostileRegistry() as registry, contextlib.closing(docker.APIClient(base_url=engine.host, version="1.48")) as api:
        image = small("one")
        registry.put("x", image)
        dock_on(engine)("pull", f"{registry.host}/x")
        name = digest(image.bytes)[7:]
        (engine.data_root / "content/sha256" / name[:2] / name).write_bytes(b"{")
        listed = api._get(f"{api.base_url}/v1.48/images/json", params={"manifests": 1})
        assert listed.status_code == 200 and [each["Manifests"] for each in listed.json()] == [[], []]
        inspected = api._get(f"{api.base_url}/v1.48/images/{registry.host}/x/json", params={"manifests": 1})
        assert inspected.status_code == 500 and name in inspected.json()["message"]
    assert "left out of a list" in engine.log.read_text()


def test_what_came_without(asked):
    [loaded] = [image for image in asked("1.48", "json", manifests=1) if "busybox:latest" in image["RepoTags"]]
    assert loaded["Manifests"] == []
