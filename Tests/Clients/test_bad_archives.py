"""Archives that lie: a typed error that names the culprit, and nothing left behind."""

import pathlib
import tarfile

import pytest
import leaks
from archives import configuration, docker_archive, hard_link, link, oci_layout, sha256, tar

ESCAPED = "/tmp/proa-escaped-from-a-layer"
GOOD = tar([("etc/motd", b"welcome\n")])
OTHER = tar([("etc/motd", b"another\n")])
UP = "../" * 12

BUSYBOX = pathlib.Path("/bin/busybox")
ABSENT = "0" * 64 + "/layer.tar"

BAD_LAYERS = {
    "a path that climbs out": (
        tar([(f"{UP}{ESCAPED[1:]}", b"out")]), ESCAPED[1:]),
    "a hard link to a path that climbs out": (tar([hard_link("shadow", f"{UP}etc/hostname")]), "etc/hostname"),
    "a hard link through a symbolic link out of the root": (
        tar([link("door", "/etc"), hard_link("shadow", "door/hostname")]), "shadow"),
    "a file through a symbolic link out of the root": (
        tar([link("door", f"{UP}tmp"), (f"door/{pathlib.Path(ESCAPED).name}", b"out")]), "door"),
    "a layer that is no tar": (b"this is no tar archive" * 100, "no tar archive"),
}


@pytest.fixture
def load(dock, engine, folder):
    """Loads bytes as an archive and checks that a failure changed nothing."""

    def load(archive):
        path = folder / "bad.tar"
        path.write_bytes(archive)
        before = state(dock, engine)
        done = dock.run("load", "--input", str(path))
        path.unlink()
        output = done.stdout + done.stderr
        if done.returncode or "Loaded image" not in output:
            assert state(dock, engine) == before, "something was left behind"
            return output
        return None

    return load


def state(dock, engine):
    images = set(dock("images", "--all", "--quiet", "--no-trunc").split())
    here = {"images": images, "mounts": leaks.mounts(), "out": pathlib.Path(ESCAPED).exists()}
    if engine.kind == "proa":
        here["files"] = leaks.tree(engine.data_root)
    return here


@pytest.mark.parametrize(
    "form", [docker_archive, pytest.param(oci_layout, marks=pytest.mark.proa_only("20.10 knows no OCI layouts"))])
def test_a_good_archive_of_either_form_is_loaded(dock, load, form):
    assert load(form("fine:latest", GOOD)) is None
    assert "fine" in dock("images", "--format", "{{.Repository}}").split()
    dock("rmi", "fine:latest")


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("form", [docker_archive, oci_layout])
def test_a_truncated_archive(engine, load, form, cut):
    archive = form("cut:1", tar([("data", bytes(range(256)) * 400)]))
    end = len(archive.rstrip(b"\0"))
    output = load(archive[: int(end * cut)])
    assert output, "a truncated archive was loaded"
    if engine.kind == "proa":
        assert "ends in the middle" in output, output


@pytest.mark.proa_only("20.10 knows no OCI layouts")
def test_a_blob_that_does_not_have_its_digest(load):
    output = load(oci_layout("spoilt:1", GOOD, blob_of_first_layer=OTHER))
    assert output and "digest" in output


def test_a_layer_that_is_not_the_one_of_the_configuration(load):
    output = load(docker_archive("other:1", GOOD, config=configuration(OTHER)))
    assert output
    assert sha256(OTHER)[:12] in output or sha256(GOOD)[:12] in output


@pytest.mark.parametrize("name", BAD_LAYERS)
@pytest.mark.parametrize("form", [docker_archive, oci_layout])
def test_a_layer_that_reaches_out(request, engine, load, form, name):
    layer, culprit = BAD_LAYERS[name]
    if engine.kind == "dockerd":
        if form is oci_layout:
            pytest.skip("20.10 knows no OCI layouts")
        if "climbs out" in name or "through a symbolic link" in name:
            pytest.skip("20.10 unpacks in a chroot: outside cannot be reached, and what happens inside is up to the layer")
    output = load(form("bad:1", layer))
    assert output, "the archive was loaded"
    if engine.kind == "proa":
        assert culprit in output, output
    assert not pathlib.Path(ESCAPED).exists()


@pytest.mark.parametrize(
    ("manifest", "culprit"),
    [
        ({"not": "a list"}, "expected an array"),
        ([{"Config": 7, "RepoTags": ["bad:1"], "Layers": []}], "Config"),
        ([{"Config": "absent.json", "RepoTags": ["bad:1"], "Layers": []}], "absent.json"),
        ([{"Config": "../../etc/passwd", "RepoTags": ["bad:1"], "Layers": []}], "etc/passwd"),
        ([{"Config": None, "RepoTags": ["bad:1"], "Layers": [ABSENT]}], "Config: is required"),
    ],
)
def test_a_manifest_that_is_wrong(engine, load, manifest, culprit):
    output = load(docker_archive("bad:1", GOOD, manifest=manifest))
    assert output
    if engine.kind == "proa":
        assert culprit in output


@pytest.mark.proa_only("20.10 takes any text for a name that it can normalise, and is silent about the rest")
@pytest.mark.parametrize("name", ["library/Upper:1", "bad:tag with blanks", "a" * 300])
def test_a_name_that_is_none(load, name):
    output = load(docker_archive(name, GOOD))
    assert output and name[:20] in output


@pytest.mark.parametrize(
    ("archive", "culprit"),
    [
        (
            tar([("readme", b"nothing of use\n")]),
            {"proa": "neither manifest.json nor oci-layout", "dockerd": "repositories: no such file"},
        ),
        (b"no archive at all\n" * 100, {"proa": "no tar archive", "dockerd": "tar header"}),
    ],
    ids=["an archive of something else", "no archive"],
)
def test_neither_form(engine, load, archive, culprit):
    assert culprit[engine.kind] in load(archive)


def test_a_device_in_a_layer_is_not_the_hosts(dock, load):
    """Layers may hold devices; what matters is that the container cannot use one that it was not given."""
    device = tarfile.TarInfo("disk")
    device.type, device.devmajor, device.devminor, device.mode = tarfile.BLKTYPE, 254, 0, 0o666
    program = tarfile.TarInfo("bin/busybox")
    program.mode = 0o755
    layer = tar([(device, None), (program, BUSYBOX.read_bytes())])
    assert load(docker_archive("device:1", layer)) is None
    done = dock.run("run", "--rm", "--network", "none", "device:1", "/bin/busybox", "cat", "/disk")
    assert done.returncode != 0 and "Operation not permitted" in done.stderr, done
    dock("rmi", "device:1")
