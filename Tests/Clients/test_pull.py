"""Pulling from Debian's docker-registry, as dockerd does it."""

import base64
import json
import re
import tempfile

import docker
import pytest

import archives
from docker_command import DockerCommand
from polling import eventually
from registries import INDEX, MANIFEST, DebianRegistry, Image, descriptor, digest, small

LOGIN = ("someone", "secret")


@pytest.fixture(scope="module")
def registry(folder):
    with tempfile.TemporaryDirectory(prefix="reg", dir=folder) as own, DebianRegistry(own) as registry:
        yield registry


@pytest.fixture(scope="module")
def busybox(registry, images):
    image = Image.from_archive(images["busybox"])
    registry.put("test/busybox", image)
    return f"{registry.host}/test/busybox"


@pytest.fixture
def pulled(dock):
    """Names that the test pulls; they are removed after it."""
    names = []
    yield names
    for name in names:
        dock.run("rmi", "--force", name)


def put(registry, pulled, name, image, tag="latest"):
    """Puts an image into the registry under a name that goes with the test, and gives the name and the manifest's digest."""
    full = f"{registry.host}/{name}"
    pulled.append(f"{full}:{tag}")
    return full, registry.put(name, image, tag)


def test_what_the_command_prints(dock, registry, pulled):
    name, manifest = put(registry, pulled, "test/printed", small("printed", "twice"))
    layers = [entry["digest"][7:19] for entry in small("printed", "twice").manifest["layers"]]
    lines = dock("pull", name).splitlines()
    assert lines[0] == "Using default tag: latest"
    assert lines[1] == "latest: Pulling from test/printed"
    assert lines[-3:] == [f"Digest: {manifest}", f"Status: Downloaded newer image for {name}:latest", f"{name}:latest"]
    for layer in layers:
        told = [line.split(": ")[1] for line in lines if line.startswith(layer)]
        assert told[0] == "Pulling fs layer"
        assert told[-1] == "Pull complete"
        assert "Download complete" in told
    again = dock("pull", name).splitlines()
    assert again == [
        "Using default tag: latest", "latest: Pulling from test/printed", f"Digest: {manifest}",
        f"Status: Image is up to date for {name}:latest", f"{name}:latest",
    ]


def test_the_stream(client, registry, pulled):
    image = Image([archives.tar([("file", bytes(3 << 20))])])
    name, manifest = put(registry, pulled, "test/streamed", image)
    messages = list(client.api.pull(name, "latest", stream=True, decode=True))
    layer = image.manifest["layers"][0]["digest"][7:19]
    assert messages[0] == {"status": "Pulling from test/streamed", "id": "latest"}
    assert messages[1] == {"status": "Pulling fs layer", "progressDetail": {}, "id": layer}
    assert messages[-3] == {"status": "Pull complete", "progressDetail": {}, "id": layer}
    assert messages[-2:] == [
        {"status": f"Digest: {manifest}"}, {"status": f"Status: Downloaded newer image for {name}:latest"},
    ]
    moving = [message for message in messages if message.get("progress")]
    assert {message["status"] for message in moving} == {"Downloading", "Extracting"}
    for message in moving:
        assert message["progressDetail"]["total"] == len(image.packed[0])
        assert re.fullmatch(r"\[=*> *\] +[\d.]+[kM]?B/3\.\d+MB", message["progress"])


def test_a_missing_image_is_pulled_by_run(command, busybox):
    command.run("rmi", busybox)
    done = command.run("run", "--rm", busybox, "echo", "hello")
    assert (done.returncode, done.stdout) == (0, "hello\n"), done.stderr
    assert f"Unable to find image '{busybox}:latest' locally" in done.stderr
    assert f"Status: Downloaded newer image for {busybox}:latest" in done.stderr
    done = command.run("run", "--rm", "--pull", "always", busybox, "echo", "again")
    assert (done.returncode, done.stdout) == (0, "again\n")
    assert f"Status: Image is up to date for {busybox}:latest" in done.stderr
    command("rmi", busybox)
    assert command.run("run", "--rm", "--pull", "never", busybox, "true").returncode == 125
    assert busybox not in command("images")


def test_digests_are_remembered(command, registry, pulled):
    name, manifest = put(registry, pulled, "test/digested", small("digested"))
    command("pull", name)
    found = json.loads(command("image", "inspect", f"{name}@{manifest}"))[0]
    assert found["RepoDigests"] == [f"{name}@{manifest}"]
    assert found["RepoTags"] == [f"{name}:latest"]
    assert manifest in command("images", "--digests", name)
    told = command("rmi", name).splitlines()
    assert told[:2] == [f"Untagged: {name}:latest", f"Untagged: {name}@{manifest}"]
    assert told[2] == f"Deleted: {found['Id']}"
    assert len(told) == 4


def test_pull_by_digest(command, registry, pulled):
    name, manifest = put(registry, pulled, "test/bydigest", small("by digest"))
    by_digest = f"{name}@{manifest}"
    pulled.append(by_digest)
    lines = command("pull", by_digest).splitlines()
    assert lines[0] == f"{by_digest}: Pulling from test/bydigest" or lines[0] == f"{manifest}: Pulling from test/bydigest"
    assert lines[-2:] == [f"Status: Downloaded newer image for {by_digest}", by_digest]
    found = json.loads(command("image", "inspect", by_digest))[0]
    assert (found["RepoTags"], found["RepoDigests"]) == ([], [by_digest])


def test_a_tag_moves(dock, registry, pulled):
    name, first = put(registry, pulled, "test/moving", small("first"))
    dock("pull", name)
    old = dock("image", "inspect", "--format", "{{.Id}}", name)
    _, second = put(registry, pulled, "test/moving", small("second"))
    assert f"Status: Downloaded newer image for {name}:latest" in dock("pull", name)
    assert dock("image", "inspect", "--format", "{{.Id}}", name) != old
    assert dock("image", "inspect", "--format", "{{.RepoTags}} {{.RepoDigests}}", old) == f"[] [{name}@{first}]"
    assert old in dock("images", "--quiet", "--no-trunc", "--filter", "dangling=true")
    dock("rmi", old)
    assert second != first


def test_a_layer_that_is_there_is_not_fetched(dock, registry, pulled):
    base, _ = put(registry, pulled, "test/base", small("shared"))
    name, _ = put(registry, pulled, "test/above", small("shared", "own"))
    dock("pull", base)
    lines = dock("pull", name).splitlines()
    shared, own = (entry["digest"][7:19] for entry in small("shared", "own").manifest["layers"])
    assert f"{shared}: Already exists" in lines
    assert f"{own}: Pull complete" in lines
    dock("rmi", base)
    assert dock("image", "inspect", "--format", "{{len .RootFS.Layers}}", name) == "2"


def platform_config(layer, architecture, variant=None):
    config = json.loads(archives.configuration(layer))
    config["architecture"] = architecture
    if variant:
        config["variant"] = variant
    return json.dumps(config).encode()


@pytest.fixture
def many(registry, pulled):
    """An image for several machines."""
    entries = []
    for architecture, variant in [("arm64", "v8"), ("amd64", None), ("arm", "v6"), ("arm", "v7")]:
        layer = archives.tar([("machine", f"{architecture}{variant}".encode())])
        image = Image([layer], platform_config(layer, architecture, variant))
        registry.put("test/many", image, f"{architecture}{variant or ''}")
        platform = {"os": "linux", "architecture": architecture, **({"variant": variant} if variant else {})}
        entries.append(descriptor(MANIFEST, image.bytes, platform=platform))
    index = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}).encode()
    pulled.append(f"{registry.host}/test/many")
    registry.put_manifest("test/many", "latest", index, INDEX)
    return f"{registry.host}/test/many", digest(index)


@pytest.mark.parametrize("platform, expected", [
    (None, "amd64"), ("linux/arm64", "arm64v8"), ("linux/arm/v7", "armv7"), ("linux/arm/v6", "armv6"),
    ("linux/amd64", "amd64"),
])
def test_the_platform_is_chosen(dock, many, platform, expected):
    name, index = many
    assert f"Digest: {index}" in dock("pull", *(["--platform", platform] if platform else []), name)
    found = json.loads(dock("image", "inspect", name))[0]
    assert found["Architecture"] + found.get("Variant", "") == expected
    assert found["RepoDigests"] == [f"{name}@{index}"]


def test_no_platform_fits(dock, many):
    done = dock.run("pull", "--platform", "linux/s390x", many[0])
    assert done.returncode == 1
    assert "no matching manifest for linux/s390x in the manifest list entries" in done.stderr


@pytest.mark.parametrize("path, message", [
    ("test/printed:none", "manifest for {name} not found: manifest unknown: manifest unknown"),
    ("test/nothing:latest", "manifest for {name} not found: manifest unknown: manifest unknown"),
])
def test_what_is_not_there(command, registry, path, message):
    name = f"{registry.host}/{path}"
    registry.put("test/printed", small("printed"))
    done = command.run("pull", name)
    assert done.returncode == 1
    assert f"Error response from daemon: {message.format(name=name)}" in done.stderr


def test_nobody_answers(command):
    done = command.run("pull", "127.0.0.1:1/nothing")
    assert done.returncode == 1
    assert "dial tcp 127.0.0.1:1: connect: connection refused" in done.stderr


@pytest.mark.parametrize("path", ["/images/create?fromImage=UPPER&tag=x", "/images/create?fromImage=a&tag=-x"])
def test_bad_names(client, path):
    answer = client.api.post(client.api.base_url + path)
    assert (answer.status_code, "invalid" in answer.text) == (400, True)


def test_events(dock, client, registry, pulled):
    name, _ = put(registry, pulled, "test/told", small("told"))
    since = client.info()["SystemTime"]
    dock("pull", name)
    period = ("--since", since, "--until", client.info()["SystemTime"])
    told = dock("events", *period, "--filter", "event=pull", "--format", "{{json .}}")
    (event,) = map(json.loads, told.splitlines())
    assert (event["Type"], event["Actor"]["ID"], event["Actor"]["Attributes"]["name"]) == ("image", f"{name}:latest", name)


# Logins


@pytest.fixture(scope="module")
def guarded(folder):
    with tempfile.TemporaryDirectory(prefix="reg", dir=folder) as own, DebianRegistry(own, LOGIN) as registry:
        registry.put("test/secret", small("secret"))
        yield registry


def logged_in(engine, folder, registry, login):
    """The docker command with what `docker login` leaves."""
    auth = base64.b64encode(":".join(login).encode()).decode()
    (folder / "config.json").write_text(json.dumps({"auths": {registry.host: {"auth": auth}}}))
    return DockerCommand(engine.host, folder)


def test_without_a_login(command, guarded):
    done = command.run("pull", f"{guarded.host}/test/secret")
    assert done.returncode == 1
    assert "no basic auth credentials" in done.stderr


def test_with_a_login(engine, guarded, tmp_path, pulled):
    pulled.append(f"{guarded.host}/test/secret")
    assert "Downloaded newer image" in logged_in(engine, tmp_path, guarded, LOGIN)("pull", f"{guarded.host}/test/secret")


def test_with_a_wrong_password(engine, guarded, tmp_path):
    done = logged_in(engine, tmp_path, guarded, ("someone", "wrong")).run("pull", f"{guarded.host}/test/secret")
    assert done.returncode == 1
    assert "unauthorized: authentication required" in done.stderr


@pytest.mark.own_engine
@pytest.mark.proa_only("dockerd 20.10 keeps nothing of a pull over its end")
def test_a_pull_goes_on_after_the_daemon_was_killed(other_engine, dock_on, registry):
    engine = other_engine(load=())
    image = Image([archives.tar([("file", bytes(8 << 20))])])
    name = f"{registry.host}/test/killed"
    registry.put("test/killed", image)
    pull = dock_on(engine).open("pull", name)
    ingest = engine.data_root / "content/ingest"
    eventually(lambda: any(ingest.iterdir()) or pull.poll() is not None, what="the pull has begun")
    engine.kill()
    pull.communicate()
    engine.start()
    dock_on(engine)("pull", name)
    assert dock_on(engine)("image", "inspect", "--format", "{{.Id}}", name) == image.id
    assert list(ingest.iterdir()) == []


def test_docker_py_pulls(client, registry, pulled):
    name, manifest = put(registry, pulled, "test/python", small("python"))
    assert client.images.pull(name, "latest").attrs["RepoDigests"] == [f"{name}@{manifest}"]
    data = client.api.get(client.api._url("/images/json"), params={"filters": json.dumps({"reference": [name]})}).json()
    assert data[0]["RepoDigests"] == [f"{name}@{manifest}"]
    with pytest.raises(docker.errors.NotFound):
        client.images.pull(name, "none")
