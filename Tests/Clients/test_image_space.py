"""What images take on the disk: `system df` says what `du` says, and what is removed is free at once."""

import contextlib
import subprocess

import docker
import pytest

import archives
from engines import SNAPSHOTS
from registries import HostileRegistry, Image, digest

pytestmark = [pytest.mark.own_engine, pytest.mark.proa_only("where it keeps images, and what it counts")]


@pytest.fixture
def own(other_engine, dock_on, tmp_path):
    engine = other_engine(load=())
    return engine, dock_on(engine)


def on_disk(engine):
    """Bytes that images take, by du."""
    places = [engine.data_root / "content", engine.data_root / SNAPSHOTS / "layers"]
    told = subprocess.run(["du", "-s", "--block-size=1", *places], check=True, capture_output=True, text=True).stdout
    return sum(int(line.split()[0]) for line in told.splitlines())


def ask(dock, question):
    with contextlib.closing(docker.DockerClient(base_url=dock.environment["DOCKER_HOST"])) as client:
        return question(client)


def told(dock):
    """Bytes that images take, by the daemon."""
    return ask(dock, lambda client: client.df()["LayersSize"])


def test_df_agrees_with_du(own, images):
    engine, dock = own
    dock("load", "--input", str(images["debian"]))
    assert told(dock) == pytest.approx(on_disk(engine), rel=0.01)
    dock("tag", "debian", "again")
    assert told(dock) == pytest.approx(on_disk(engine), rel=0.01)


def test_what_is_used_cannot_be_reclaimed(own, images):
    _, dock = own
    dock("load", "--input", str(images["busybox"]))
    dock("create", "--name", "user", "busybox")
    row = "{{.Type}} {{.TotalCount}} {{.Active}} {{.Reclaimable}}"
    assert dock("system", "df", "--format", row).splitlines()[0] == "Images 1 1 0B (0%)"
    dock("rm", "user")
    assert dock("system", "df", "--format", row).splitlines()[0].endswith("(100%)")


def test_parts_of_broken_pulls_count_and_can_be_pruned(own):
    engine, dock = own
    image = Image([archives.tar([("file", bytes(3 << 20))])])
    layer = image.packed[0]

    def break_off(handler):
        if digest(layer) not in handler.path:
            return False
        return handler.give(404) if handler.headers.get("Range") else handler.break_off(layer, 2 << 20)

    with HostileRegistry() as registry:
        registry.put("x", image)
        registry.rules.append(break_off)
        assert dock.run("pull", f"{registry.host}/x").returncode == 1
    part = engine.data_root / "content/ingest" / digest(layer)[7:]
    size = told(dock)
    assert size >= part.stat().st_size >= 1 << 16
    # The command says it only where an image goes.
    assert ask(dock, lambda client: client.images.prune())["SpaceReclaimed"] == size
    assert not part.exists() and told(dock) == 0


def test_a_filter_spares_parts(own):
    engine, dock = own
    part = engine.data_root / "content/ingest" / ("ab" * 32)
    part.write_bytes(bytes(5000))
    dock("image", "prune", "--force", "--filter", "label=x")
    dock("image", "prune", "--force", "--filter", "until=1h")
    assert part.exists()
    dock("system", "prune", "--force")
    assert not part.exists()


def test_prune_collects_what_nothing_needs(own, images):
    """What no image and no container needs goes, whoever left it there."""
    engine, dock = own
    stray = engine.data_root / "content/sha256/ab"
    stray.mkdir()
    (stray / ("ab" * 32)).write_bytes(bytes(5000))
    dock("image", "prune", "--force")
    assert not list(stray.iterdir())
