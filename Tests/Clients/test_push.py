"""Pushing to Debian's docker-registry, as dockerd does it."""

import gzip
import json
import tempfile

import pytest

import archives
from docker_command import DockerCommand
from registries import CONFIG, LAYER, MANIFEST, DebianRegistry, Image, digest, small

LOGIN = ("someone", "secret")
# Docker compresses layers anew for each push, and so gives manifests other digests.
OWN_MANIFESTS = pytest.mark.proa_only("it does not keep what it pulled")


@pytest.fixture(scope="module")
def registry(folder):
    with tempfile.TemporaryDirectory(prefix="reg", dir=folder) as own, DebianRegistry(own) as registry:
        yield registry


@pytest.fixture(scope="module")
def guarded(folder):
    with tempfile.TemporaryDirectory(prefix="reg", dir=folder) as own, DebianRegistry(own, LOGIN) as registry:
        yield registry


@pytest.fixture
def named(dock):
    """Gives images names that are removed after the test."""
    names = []

    def name(image, *targets):
        names.extend(targets)
        for target in targets:
            dock("tag", image, target)

    yield name
    for target in names:
        dock.run("rmi", "--force", target)


@pytest.fixture
def pulled(dock, registry, named):
    """An image from the registry, and its manifest there."""
    registry.put("test/origin", small("one", "two"))
    name = f"{registry.host}/test/origin"
    dock("pull", name)
    named(name, name)
    return name


def test_what_the_command_prints(dock, registry, pulled, named):
    name = f"{registry.host}/test/pushed:tag"
    named(pulled, name)
    lines = dock("push", name).splitlines()
    assert lines[0] == f"The push refers to repository [{registry.host}/test/pushed]"
    layers = [digest(archives.tar([("file", text)]))[7:19] for text in (b"one", b"two")]
    for layer in layers:
        told = [line.split(": ")[1] for line in lines if line.startswith(layer)]
        assert told[0] == "Preparing"
        assert told[-1] in ("Mounted from test/origin", "Pushed")
    media_type, manifest = registry.manifest("test/pushed", "tag")
    assert lines[-1] == f"tag: digest: {digest(manifest)} size: {len(manifest)}"
    assert media_type == MANIFEST
    again = dock("push", name).splitlines()
    for layer in layers:
        assert f"{layer}: Layer already exists" in again
    found = json.loads(dock("image", "inspect", name))[0]["RepoDigests"]
    assert f"{registry.host}/test/pushed@{digest(manifest)}" in found


def test_the_stream_ends_with_the_digest(client, registry, pulled, named):
    name = f"{registry.host}/test/stream"
    named(pulled, name)
    messages = list(client.api.push(name, "latest", stream=True, decode=True))
    _, manifest = registry.manifest("test/stream", "latest")
    assert messages[0] == {"status": f"The push refers to repository [{name}]"}
    assert messages[-2] == {"status": f"latest: digest: {digest(manifest)} size: {len(manifest)}"}
    told = {"Tag": "latest", "Digest": digest(manifest), "Size": len(manifest)}
    assert messages[-1] == {"progressDetail": {}, "aux": told}


@OWN_MANIFESTS
def test_what_came_from_a_registry_goes_back_byte_for_byte(command, registry, pulled, named):
    name = f"{registry.host}/test/copy"
    named(pulled, name)
    command("push", name)
    assert registry.manifest("test/copy", "latest") == registry.manifest("test/origin", "latest")


def test_a_round_trip(command, registry, images, named):
    """An image that was loaded: tagged, pushed, removed, pulled, and it is the same and runs."""
    name = f"{registry.host}/test/trip"
    named("busybox", name)
    before = json.loads(command("image", "inspect", name))[0]
    command("push", name)
    command("rmi", name)
    assert f"Downloaded newer image for {name}:latest" in command("pull", name)
    after = json.loads(command("image", "inspect", name))[0]
    assert (after["Id"], after["RootFS"]) == (before["Id"], before["RootFS"])
    assert command("run", "--rm", name, "echo", "hello") == "hello"


@pytest.mark.own_engine
def test_another_engine_takes_what_was_pushed(other_engine, dock_on, dock, registry, named):
    name = f"{registry.host}/test/other"
    named("busybox", name)
    dock("push", name)
    other = dock_on(other_engine(load=()))
    assert other("run", "--rm", name, "echo", "there").splitlines()[-1] == "there"
    assert other("image", "inspect", "--format", "{{.Id}}", name) == dock("image", "inspect", "--format", "{{.Id}}", name)


def test_a_layer_of_many_parts(dock, registry, named):
    """More than goes in one request."""
    layer = archives.tar([("file", bytes(70 << 20))])
    image = Image([layer])
    registry.put("test/large", image)
    name = f"{registry.host}/test/large"
    dock("pull", name, timeout=120)
    named(name, name)
    with tempfile.TemporaryDirectory(prefix="reg") as own, DebianRegistry(own) as other:
        target = f"{other.host}/test/large"
        named(name, target)
        dock("push", target, timeout=120)
        manifest = json.loads(other.manifest("test/large", "latest")[1])
        assert manifest["config"]["digest"] == image.id
        assert manifest["config"]["mediaType"] == CONFIG
        _, data = other.call("GET", f"/v2/test/large/blobs/{manifest['layers'][0]['digest']}")
        assert digest(data) == manifest["layers"][0]["digest"]


@pytest.mark.proa_only("it compresses anew for each push")
def test_layers_of_a_commit_are_sent_compressed_and_once(engine, command, registry, named, tmp_path):
    dock = command
    dock("run", "--name", "changed", "busybox", "sh", "-c", "head -c 1000000 /dev/zero >/zeros")
    name = f"{registry.host}/test/committed"
    named("busybox", name)
    dock("commit", "changed", name)
    dock("rm", "changed")
    dock("push", name)
    _, first = registry.manifest("test/committed", "latest")
    layers = json.loads(first)["layers"]
    assert {layer["mediaType"] for layer in layers} == {LAYER}
    for layer in layers:
        _, data = registry.call("GET", f"/v2/test/committed/blobs/{layer['digest']}")
        assert len(data) == layer["size"] and digest(data) == layer["digest"]
        gzip.decompress(data)
    assert layers[-1]["size"] < 10_000
    named(name, f"{name}:again")
    again = dock("push", f"{name}:again")
    assert again.count("Layer already exists") == len(layers) and "Pushed" not in again
    assert registry.manifest("test/committed", "again")[1] == first
    assert list((engine.data_root / "content/ingest").iterdir()) == []
    # What is kept now is what was sent: it runs, and is loaded again from an archive.
    check = "run", "--rm", name, "stat", "-c", "%s", "/zeros"
    assert dock(*check) == "1000000"
    dock("save", "--output", str(tmp_path / "saved.tar"), name)
    dock("rmi", name, f"{name}:again")
    dock("load", "--input", str(tmp_path / "saved.tar"))
    assert dock(*check) == "1000000"


def test_all_tags(command, registry, pulled, named):
    name = f"{registry.host}/test/all"
    named(pulled, f"{name}:a", f"{name}:b")
    command("push", "--all-tags", name)
    assert registry.manifest("test/all", "a") == registry.manifest("test/all", "b")


def test_an_image_that_is_not_here(command, registry):
    name = f"{registry.host}/test/nowhere"
    done = command.run("push", name)
    assert done.returncode == 1
    assert f"An image does not exist locally with the tag: {name}" in done.stderr


def test_nobody_answers(command, pulled, named):
    named(pulled, "127.0.0.1:1/x")
    done = command.run("push", "127.0.0.1:1/x")
    assert done.returncode == 1
    assert "dial tcp 127.0.0.1:1: connect: connection refused" in done.stderr


# Logins


def test_login_push_pull(engine, tmp_path, guarded, named):
    dock = DockerCommand(engine.host, tmp_path)
    name = f"{guarded.host}/test/secret"
    named("busybox", name)
    done = dock.run("push", name)
    assert (done.returncode, "no basic auth credentials" in done.stderr) == (1, True)
    done = dock.run("login", "--username", "someone", "--password-stdin", guarded.host, input="wrong")
    assert done.returncode == 1
    assert "401 Unauthorized" in done.stderr
    assert "Login Succeeded" in dock("login", "--username", "someone", "--password-stdin", guarded.host, input="secret")
    dock("push", name)
    dock("rmi", name)
    dock("pull", name)
    dock("logout", guarded.host)
    assert dock.run("push", name).returncode == 1


def test_distribution_inspect(client, registry, pulled):
    found = client.images.get_registry_data(pulled)
    media_type, manifest = registry.manifest("test/origin", "latest")
    assert found.attrs["Descriptor"] == {"mediaType": media_type, "digest": digest(manifest), "size": len(manifest)}
    assert found.attrs["Platforms"] == [{"architecture": "amd64", "os": "linux"}]


def test_events(dock, client, registry, pulled, named):
    name = f"{registry.host}/test/told"
    named(pulled, name)
    since = client.info()["SystemTime"]
    dock("push", name)
    period = ("--since", since, "--until", client.info()["SystemTime"])
    told = dock("events", *period, "--filter", "event=push", "--format", "{{json .}}")
    (event,) = map(json.loads, told.splitlines())
    assert (event["Type"], event["Actor"]["ID"], event["Actor"]["Attributes"]["name"]) == ("image", f"{name}:latest", name)
