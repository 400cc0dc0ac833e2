"""Saving images: what dockerd 25 and later write, which any engine takes."""

import hashlib
import io
import json
import os
import pathlib
import subprocess
import tarfile
import tempfile

import pytest

import archives
from other_engines import started
from registries import DebianRegistry, digest, small

LAYOUT = pytest.mark.proa_only("20.10 writes a folder per layer and no image layout")


@pytest.fixture
def names(dock):
    """Names for images that the test may give; they are removed after it."""
    names = ["test/saved:1", "test/saved:2", "test/other:1"]
    yield names
    for name in names:
        dock.run("rmi", "--force", name)


def saved(command, tmp_path, *arguments):
    path = tmp_path / "saved.tar"
    command("save", "--output", str(path), *arguments)
    return path


def contents(path):
    with tarfile.open(path) as archive:
        return {entry.name: archive.extractfile(entry).read() if entry.isfile() else None for entry in archive}


def manifest(path):
    return json.loads(contents(path)["manifest.json"])


def test_an_image_comes_back(command, tmp_path, names):
    command("tag", "busybox", names[0])
    before = json.loads(command("image", "inspect", names[0]))[0]
    path = saved(command, tmp_path, names[0])
    command("rmi", names[0])
    assert command("load", "--input", str(path)).splitlines()[-1] == f"Loaded image: {names[0]}"
    after = json.loads(command("image", "inspect", names[0]))[0]
    assert (after["Id"], after["RootFS"]) == (before["Id"], before["RootFS"])
    assert command("run", "--rm", names[0], "echo", "hello") == "hello"


def test_what_is_in_it(command, tmp_path, names):
    command("tag", "busybox", names[0])
    files = contents(saved(command, tmp_path, names[0]))
    [item] = json.loads(files["manifest.json"])
    assert item["RepoTags"] == [names[0]]
    assert f"sha256:{hashlib.sha256(files[item['Config']]).hexdigest()}" == json.loads(command("image", "inspect", names[0]))[0]["Id"]
    assert len(item["Layers"]) == len(json.loads(files[item["Config"]])["rootfs"]["diff_ids"])
    assert list(json.loads(files["repositories"])) == ["test/saved"]


@LAYOUT
def test_it_is_an_image_layout(command, tmp_path, names):
    command("tag", "busybox", names[0])
    command("tag", "busybox", names[1])
    path = saved(command, tmp_path, names[0], names[1])
    files = contents(path)
    assert json.loads(files["oci-layout"]) == {"imageLayoutVersion": "1.0.0"}
    index = json.loads(files["index.json"])
    assert [entry["annotations"] for entry in index["manifests"]] == [
        {"io.containerd.image.name": f"docker.io/{name}", "org.opencontainers.image.ref.name": name.split(":")[1]}
        for name in names[:2]
    ]
    for entry in index["manifests"]:
        blob = files[f"blobs/sha256/{entry['digest'][7:]}"]
        assert len(blob) == entry["size"]
        named = json.loads(blob)
        assert entry["platform"]["os"] == "linux"
        for part in (named["config"], *named["layers"]):
            assert len(files[f"blobs/sha256/{part['digest'][7:]}"]) == part["size"]
    for name, data in files.items():
        if name.startswith("blobs/sha256/"):
            assert hashlib.sha256(data).hexdigest() == name.rpartition("/")[2]
    assert list(files) == sorted(files)
    assert saved(command, tmp_path, names[1], names[0]).read_bytes() == path.read_bytes()


def test_several_images(command, tmp_path, names):
    command("tag", "busybox", names[0])
    command("tag", "debian", names[2])
    items = manifest(saved(command, tmp_path, names[0], names[2]))
    assert sorted(item["RepoTags"] for item in items) == [[names[2]], [names[0]]]


def test_a_repository_is_all_of_its_tags(command, tmp_path, names):
    command("tag", "busybox", names[0])
    command("tag", "busybox", names[1])
    [item] = manifest(saved(command, tmp_path, "test/saved"))
    assert sorted(item["RepoTags"]) == names[:2]


def test_an_identifier_has_no_name(command, tmp_path, names):
    image = command("image", "inspect", "--format", "{{.Id}}", "busybox")
    for text in (image, image[7:19]):
        [item] = manifest(saved(command, tmp_path, text))
        assert item["RepoTags"] is None


def test_standard_output(command, tmp_path):
    done = subprocess.run(command.command(["save", "busybox"]), env=command.environment, capture_output=True, check=True)
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        assert "manifest.json" in archive.getnames()


def test_a_terminal_is_spared(command):
    terminal = command.terminal("save", "busybox")
    terminal.expect("cowardly refusing to save to a terminal. Use the -o flag or redirect")


def test_what_is_not_there(command, tmp_path):
    done = command.run("save", "--output", str(tmp_path / "x.tar"), "busybox", "nowhere")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Error response from daemon: ") and "nowhere" in done.stderr


@pytest.mark.proa_only("20.10 knows no platforms here")
def test_another_platform(command, tmp_path):
    saved(command, tmp_path, "--platform", "linux/amd64", "busybox")
    for arguments in (("save", "--output", str(tmp_path / "x.tar"), "busybox"), ("load", "--input", str(tmp_path / "saved.tar"))):
        done = command.run(arguments[0], "--platform", "linux/s390x", *arguments[1:])
        assert done.returncode == 1
        assert "does not match the specified platform (linux/s390x)" in done.stderr


def test_docker_py(client, names):
    image = client.images.get("busybox")
    image.tag(*names[0].split(":"))
    archive = b"".join(client.images.get(names[0]).save(named=names[0]))
    client.images.remove(names[0])
    [loaded] = client.images.load(archive)
    assert loaded.id == image.id
    assert names[0] in loaded.tags


@pytest.mark.own_engine
def test_removed_while_it_is_saved(dock, engine, tmp_path, names):
    """Who reads slowly still gets it all, and nothing stays."""
    path = tmp_path / "first.tar"
    path.write_bytes(archives.docker_archive(names[0], archives.tar([("big", bytes(8 << 20))])))
    dock("load", "--input", str(path))
    with subprocess.Popen(dock.command(["save", names[0]]), env=dock.environment, stdout=subprocess.PIPE) as saving:
        start = saving.stdout.read(1000)
        dock("rmi", names[0])
        whole = start + saving.stdout.read()
    assert saving.returncode == 0
    path.write_bytes(whole)
    assert dock("load", "--input", str(path)) == f"Loaded image: {names[0]}"


@pytest.mark.skipif("PROA_TEST_APART" not in os.environ, reason="needs hack/lib/apart")
@pytest.mark.proa_only("two dockerds share a bridge")
@pytest.mark.parametrize("kind", ["dockerd", "podman"])
def test_another_engine_takes_it(dock, tmp_path, kind):
    path = saved(dock, tmp_path, "busybox", "debian")
    with started(kind, pathlib.Path("/run") / f"save-{kind}", path) as other:
        for image in ("busybox", "debian"):
            identifier = ("image", "inspect", "--format", "{{.Id}} {{.RootFS.Layers}}", image)
            assert other("runc")(*identifier).removeprefix("sha256:") == dock(*identifier).removeprefix("sha256:")
        back = tmp_path / "back.tar"
        other("runc")("save", "--output", str(back), "busybox")
        [line] = dock("load", "--input", str(back), timeout=180).splitlines()[-1:]
        if (loaded := line.removeprefix("Loaded image: ")) != "busybox:latest":  # Podman's names have a registry
            dock("rmi", loaded)


# Zstandard, which 20.10 does not know


@pytest.fixture(scope="module")
def registry(folder):
    with tempfile.TemporaryDirectory(prefix="reg", dir=folder) as own, DebianRegistry(own) as registry:
        yield registry


@pytest.fixture
def zstandard(registry):
    """An image with a layer in several blocks, as BuildKit can write it."""
    layer = archives.tar([("file", b"hello"), ("big", b"x" * 300_000)])
    image = small("zstd")
    image.config = archives.configuration(layer)
    image.packed = [archives.zstandard(layer)]
    oci = "application/vnd.oci.image"
    image.manifest = {
        "schemaVersion": 2, "mediaType": f"{oci}.manifest.v1+json",
        "config": {"mediaType": f"{oci}.config.v1+json", "digest": digest(image.config), "size": len(image.config)},
        "layers": [{"mediaType": f"{oci}.layer.v1.tar+zstd", "digest": digest(image.packed[0]), "size": len(image.packed[0])}],
    }
    return image


@LAYOUT
def test_zstandard_layers(command, registry, zstandard, tmp_path, dock):
    """Pulled, saved, loaded and pushed: the same all the way."""
    name = f"{registry.host}/test/zstd"
    pushed = registry.put("test/zstd", zstandard)
    command("pull", name)
    try:
        container = command("create", name)
        packed = subprocess.run(command.command(["cp", f"{container}:/big", "-"]), env=command.environment,
                                capture_output=True, check=True).stdout
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            assert archive.extractfile("big").read() == b"x" * 300_000
        command("rm", container)
        path = saved(command, tmp_path, name)
        command("rmi", name)
        command("load", "--input", str(path))
        command("tag", name, f"{registry.host}/test/again")
        command("push", f"{registry.host}/test/again")
        _, data = registry.call("GET", "/v2/test/again/manifests/latest", Accept="application/vnd.oci.image.manifest.v1+json")[0:2]
        assert digest(data) == pushed
    finally:
        dock.run("rmi", "--force", name, f"{registry.host}/test/again")


@LAYOUT
@pytest.mark.parametrize("spoil", [lambda data: data[:-1], lambda data: data[:20] + b"\xff" * 20 + data[40:]], ids=["cut", "wrong"])
def test_a_bad_zstandard_layer(dock, tmp_path, spoil):
    layer = archives.tar([("file", b"hello")])
    path = tmp_path / "bad.tar"
    entries = [("layer.tar", spoil(archives.zstandard(layer))), ("config.json", archives.configuration(layer))]
    item = {"Config": "config.json", "RepoTags": ["test/bad:1"], "Layers": ["layer.tar"]}
    path.write_bytes(archives.tar([*entries, ("manifest.json", archives.encoded([item]))]))
    done = dock.run("load", "--input", str(path))
    assert done.returncode == 1 and "layer.tar" in done.stderr + done.stdout


@pytest.mark.proa_only("20.10 does not know it")
def test_an_archive_in_zstandard(dock, tmp_path, names):
    """The archive itself may be compressed, too."""
    path = tmp_path / "packed.tar.zst"
    plain = archives.docker_archive(names[0], archives.tar([("file", b"hello")]))
    path.write_bytes(archives.zstandard(plain))
    assert dock("load", "--input", str(path)) == f"Loaded image: {names[0]}"
