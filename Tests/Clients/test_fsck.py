"""`proa system fsck`: what is damaged, missing or needed by nothing is found, and mended where that can be done."""

import json

import pytest

import archives
from engines import LAYER_FILES, SNAPSHOTS
from proa_command import ProaCommand
from registries import HostileRegistry, Image, digest

pytestmark = [pytest.mark.own_engine, pytest.mark.proa_only("Docker has none")]
LAYERS = [archives.tar([("dir/file", b"text"), ("other", b"more")]), archives.tar([("dir/.wh.file", b""), ("new", bytes(5000))])]


class Checked:
    """An engine with an image from a registry, and the files that it is kept in."""

    def __init__(self, engine, proa, dock, registry):
        self.proa, self.dock, self.root = proa, dock, engine.data_root
        self.image = Image(LAYERS)
        self.name = f"{registry.host}/x:latest"
        registry.put("x", self.image)
        self.registry = registry
        dock("pull", self.name)

    def blob(self, data):
        name = digest(data)[7:]
        return self.root / "content/sha256" / name[:2] / name

    def layers(self):
        return sorted((self.root / SNAPSHOTS / "layers").iterdir())

    def layer(self, file):
        """The layer that has the file."""
        [layer] = [layer for layer in self.layers() if (layer / LAYER_FILES / file).exists()]
        return layer

    def check(self, *options):
        done = self.proa.run("system", "fsck", *options)
        *faults, summary = done.stdout.splitlines()
        assert summary == "4 blobs and 2 layers checked"
        assert done.returncode == (1 if any("(repaired)" not in fault for fault in faults) else 0), done.stderr
        return faults

    def mends(self, kind, what, reason):
        """It is found, mended, and not found again."""
        [found] = self.check()
        assert found.startswith(f"{kind} {what}") and reason in found and not found.endswith(")")
        [mended] = self.check("--repair")
        assert mended == f"{found} (repaired)"
        assert self.check() == []

    def is_whole(self):
        saved = self.dock("create", self.name)
        assert self.dock.run("cp", f"{saved}:/new", "-").returncode == 0
        self.dock("rm", saved)
        return True


@pytest.fixture
def checked(other_engine, dock_on, proa_binary):
    engine = other_engine(load=())
    with HostileRegistry() as registry:
        yield Checked(engine, ProaCommand(engine.host, proa_binary), dock_on(engine), registry)


def test_nothing_is_wrong(checked):
    assert checked.check() == checked.check("--repair") == []


@pytest.mark.parametrize("which", ["layer", "configuration", "manifest"])
@pytest.mark.parametrize("damage", ["changed", "cut", "missing"])
def test_a_blob(checked, which, damage):
    data = {"layer": checked.image.packed[0], "configuration": checked.image.config, "manifest": checked.image.bytes}[which]
    path = checked.blob(data)
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(data[:-1] + (b"" if damage == "cut" else bytes([data[-1] ^ 1])))
    reason = "it is missing" if damage == "missing" else "its content has digest sha256:"
    checked.mends("blob", f"{digest(data)} of {checked.name}", reason)
    assert path.read_bytes() == data and checked.is_whole()


@pytest.mark.parametrize("damage, reason", [
    (lambda diff: (diff / "dir/file").write_bytes(b"tExt"), "dir/file is not as it was"),
    (lambda diff: (diff / "dir/file").unlink(), "other was expected" ),
    (lambda diff: (diff / "another").write_bytes(b""), "another"),
    (lambda diff: (diff / "other").chmod(0o777), "other is not as it was"),
], ids=["changed", "missing", "added", "mode"])
def test_a_file_of_a_layer(checked, damage, reason):
    layer = checked.layer("other")
    damage(layer / LAYER_FILES)
    [found] = checked.check()
    assert found.startswith(f"layer sha256:{layer.name} of {checked.name}: ")
    [mended] = checked.check("--repair")
    assert mended.endswith("(repaired)") and checked.check() == []
    assert (layer / LAYER_FILES / "dir/file").read_bytes() == b"text" and not (layer / LAYER_FILES / "another").exists()
    assert checked.is_whole()


def test_content_that_changed_without_a_trace(checked):
    import os

    file = checked.layer("other") / LAYER_FILES / "other"
    before = file.stat()
    file.write_bytes(b"mora")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    checked.mends("layer", "sha256:", "other has another content")


@pytest.mark.parametrize("driver", ["overlay2", "vfs"])
def test_a_file_that_can_be_compared_with_nothing_is_counted(other_engine, dock_on, proa_binary, driver):
    """The layer's blob is gone, too; what layers share does not count twice."""
    engine = other_engine("--storage-driver", driver, load=())
    with HostileRegistry() as registry:
        checked = Checked(engine, ProaCommand(engine.host, proa_binary), dock_on(engine), registry)
        for blob in checked.image.packed:
            checked.blob(blob).unlink()
        assert [fault.split()[0] for fault in checked.check()] == ["blob", "blob"]
        [new] = [path for path in (engine.data_root / "snapshots").glob("*/layers/*/*/new")]
        new.write_bytes(bytes(4999))
        [fault] = [fault for fault in checked.check() if not fault.startswith("blob ")]
        assert fault.startswith("layer sha256:") and fault.endswith("its files have 4999 bytes, there were 5000")


def test_a_layer_that_is_missing(checked):
    import shutil

    shutil.rmtree(checked.layer("new"))
    checked.mends("layer", "sha256:", "it is missing")
    assert checked.is_whole()


def test_a_layer_that_a_container_stands_on(checked):
    container = checked.dock("create", checked.name, "/true")
    (checked.layer("other") / LAYER_FILES / "other").write_bytes(b"x")
    [found] = checked.check("--repair")
    assert found.endswith("(not repaired: a container stands on it)")
    checked.dock("rm", container)
    [found] = checked.check("--repair")
    assert found.endswith("(repaired)")


def test_what_nothing_needs(checked):
    data = b"a stray"
    path = checked.blob(data)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    checked.mends("stray blob", digest(data), "nothing needs it")
    assert not path.exists()


def test_what_cannot_be_fetched_again(checked, tmp_path):
    """The registry is gone, or there never was one."""
    path = checked.blob(checked.image.packed[0])
    path.write_bytes(b"x")
    checked.registry.rules.append(lambda handler: handler.give(404))
    [fault] = checked.check("--repair")
    assert "(not repaired: " in fault and "repository" in fault or "not found" in fault or "404" in fault
    assert path.read_bytes() == b"x"
    archive = tmp_path / "loaded.tar"
    archive.write_bytes(archives.docker_archive("loaded:1", LAYERS[0]))
    checked.dock("rmi", checked.name)
    checked.dock("load", "--input", str(archive))
    [blob] = [path for path in checked.root.glob("content/sha256/*/*") if path.read_bytes() == LAYERS[0]]
    blob.unlink()
    done = checked.proa.run("system", "fsck", "--repair")
    assert done.returncode == 1
    assert done.stdout.startswith(f"blob {digest(LAYERS[0])} of loaded:1: it is missing (not repaired: the image did not come from a registry)")


def test_an_image_whose_configuration_is_lost_comes_back(checked, other_engine):
    checked.blob(checked.image.config).write_bytes(b"{}")
    [fault] = checked.check("--repair")
    assert fault.endswith("(repaired)")
    assert json.loads(checked.dock("image", "inspect", checked.name))[0]["Id"] == checked.image.id
