"""What a removal of images takes with it, in which order, and what is told of it."""

import json
import time

import pytest

import archives
from engines import SNAPSHOTS


@pytest.fixture
def family(dock, client):
    """Three images, each committed from a container of the one before; only the last has a name."""
    archive = archives.docker_archive("test/base:1", archives.tar([("base", b"base")]))
    [base] = client.images.load(archive)
    ids = [base.id]
    containers = []
    for index in range(3):
        container = dock("create", ids[-1], "/true")
        containers.append(container)
        dock("cp", "-", f"{container}:/", input=archives.tar([(f"file{index}", b"text")]).decode())
        ids.append(dock("commit", container, *(["test/last:1"] if index == 2 else [])))
    dock("rm", *containers)
    yield ids
    dock.run("rmi", "--force", *reversed(ids))


def events_of(client, ids):
    """What was told of removals of these images."""
    told = client.events(since=0, until=int(time.time()) + 1, filters={"type": "image"}, decode=True)
    return [(event["Action"], event["Actor"]["ID"]) for event in told
            if event["Actor"]["ID"] in ids and event["Action"] in ("untag", "delete")]


def removed(dock, *arguments):
    return [tuple(line.split(": ", 1)) for line in dock("rmi", *arguments).splitlines()]


def test_parents_without_a_name_go_too(dock, client, family):
    base, first, second, last = family
    assert client.images.get(last).attrs["Parent"] == second
    told = removed(dock, "test/last:1")
    kinds = [kind for kind, _ in told]
    assert kinds == ["Untagged"] + 6 * ["Deleted"]
    assert told[0] == ("Untagged", "test/last:1")
    # Each image, and then the layer that nothing needs any more.
    assert [what for _, what in told[1::2]] == [last, second, first]
    assert dock("images", "-aq", "--no-trunc", "test/base") == base
    assert events_of(client, family) == [
        ("untag", last), ("delete", last), ("delete", second), ("delete", first)]


def test_parents_stay_that_are_asked_to(dock, client, family):
    base, first, second, last = family
    told = removed(dock, "--no-prune", last)
    assert [what for _, what in told[:2]] == ["test/last:1", last] and len(told) == 3
    assert second in dock("images", "-aq", "--no-trunc")
    assert len(removed(dock, second)) == 4


def test_parents_stay_that_a_container_was_made_of(dock, client, family):
    base, first, second, last = family
    dock("create", "--name", "user", first, "/true")
    told = removed(dock, last)
    assert [what for kind, what in told[1::2]] == [last, second]
    assert first in dock("images", "-aq", "--no-trunc")


def test_an_image_that_others_were_made_of(dock, client, family):
    base, first, second, last = family
    for force in ((), ("--force",)):
        done = dock.run("rmi", *force, first)
        assert done.returncode == 1
        assert f"conflict: unable to delete {first[7:19]} (cannot be forced) - image has dependent child images" in done.stderr
    # Only its name goes.
    assert removed(dock, "test/base:1") == [("Untagged", "test/base:1")]
    shown = dock("images", "-q", "--no-trunc").splitlines()
    assert last in shown and not {base, first, second} & set(shown)
    assert {base, first, second, last} <= set(dock("images", "-aq", "--no-trunc").splitlines())
    assert dock("images", "-q", "--no-trunc", "--filter", "dangling=true") == ""
    assert [what for kind, what in removed(dock, last)[1::2]] == [last, second, first, base]


def test_an_image_that_others_were_made_of_by_its_identifier(dock, client, family):
    base = family[0]
    done = dock.run("rmi", base)
    assert done.returncode == 1
    assert "(cannot be forced) - image has dependent child images" in done.stderr
    assert dock("image", "inspect", "--format", "{{.RepoTags}}", base) == "[test/base:1]"


def test_prune_takes_parents_too(dock, client, family):
    base, first, second, last = family
    dock("tag", first, "test/first:1")
    dock("rmi", "test/last:1", "--no-prune")
    assert second in dock("images", "-q", "--no-trunc", "--filter", "dangling=true")
    told = client.images.prune({"dangling": True})["ImagesDeleted"]
    assert [item["Deleted"] for item in told][0] == second
    assert {base, first} <= set(dock("images", "-q", "--no-trunc").splitlines())


@pytest.fixture
def twins(dock, client):
    """An image with two names in one repository."""
    archive = archives.docker_archive("test/twin:1", archives.tar([("twin", b"twin")]))
    [image] = client.images.load(archive)
    dock("tag", image.id, "test/twin:2")
    yield image.id
    dock.run("rmi", "--force", image.id)


def test_two_names_by_the_identifier(dock, client, twins):
    done = dock.run("rmi", twins)
    assert done.returncode == 1
    assert f"conflict: unable to delete {twins[7:19]} (must be forced) - image is referenced in multiple repositories" in done.stderr
    told = removed(dock, "--force", twins)
    assert told[:3] == [("Untagged", "test/twin:1"), ("Untagged", "test/twin:2"), ("Deleted", twins)]
    assert events_of(client, [twins]) == [("untag", twins), ("untag", twins), ("delete", twins)]


def test_the_last_name_of_an_image_in_use(dock, client, twins):
    dock("create", "--name", "user", twins, "/true")
    assert removed(dock, "test/twin:1") == [("Untagged", "test/twin:1")]
    done = dock.run("rmi", "test/twin:2")
    assert "(must force) - container" in done.stderr
    done = dock.run("rmi", twins)
    assert "(must be forced) - image is being used by stopped container" in done.stderr
    # What the container stands on stays.
    assert removed(dock, "-f", "test/twin:2") == [("Untagged", "test/twin:2"), ("Deleted", twins)]
    dock("rm", "user")


def test_the_last_name_of_an_image_that_runs(dock, client):
    dock("tag", "busybox", "test/running:1")
    base = json.loads(dock("image", "inspect", "busybox"))[0]["Id"]
    dock("run", "--detach", "--name", "running", "test/running:1", "sleep", "100")
    dock("commit", "running", "test/committed:1")
    dock("rm", "--force", "running")
    own = dock("run", "--detach", "test/committed:1", "sleep", "100")
    committed = dock.inspect(own)["Image"]
    assert "(cannot be forced) - image is being used by running container" in dock.run("rmi", "-f", committed).stderr
    # The name goes, the image stays.
    assert removed(dock, "-f", "test/committed:1") == [("Untagged", "test/committed:1")]
    assert committed in dock("images", "-q", "--no-trunc", "--filter", "dangling=true")
    assert removed(dock, "test/running:1") == [("Untagged", "test/running:1")]
    dock("rm", "-f", own)
    assert removed(dock, committed)[0] == ("Deleted", committed)
    assert base in dock("images", "-q", "--no-trunc")


@pytest.mark.own_engine
@pytest.mark.proa_only("20.10 keeps the layer until somebody removes an image of which it is a part")
def test_what_a_removed_container_stood_on_goes_with_it(engine, dock, twins):
    layers = engine.data_root / SNAPSHOTS / "layers"
    dock("create", "--name", "user", twins, "/true")
    before = set(layers.iterdir())
    dock("rmi", "-f", twins)
    assert set(layers.iterdir()) == before
    dock("rm", "user")
    assert len(before - set(layers.iterdir())) == 1


def load(dock, tmp_path, created):
    layer = archives.tar([("aged", b"aged")])
    config = {**json.loads(archives.configuration(layer)), "created": created}
    if created is None:
        del config["created"]
    path = tmp_path / "aged.tar"
    path.write_bytes(archives.docker_archive("test/aged:1", layer, config=json.dumps(config).encode()))
    return dock.run("load", "--input", str(path))


@pytest.mark.parametrize("created", ["yesterday", "", 5, "2026-13-01T00:00:00Z"])
def test_an_image_that_says_no_time_when_it_was_made(dock, tmp_path, created):
    done = load(dock, tmp_path, created)
    assert done.returncode == 1
    assert done.stderr.startswith('parsing time "') or "created: " in done.stderr
    assert dock("images", "-q", "test/aged") == ""


@pytest.mark.parametrize("created", ["0001-01-01T00:00:00Z", None])
def test_images_without_an_age_are_the_last(dock, tmp_path, created):
    assert load(dock, tmp_path, created).returncode == 0
    assert dock("images", "--format", "{{.Repository}}").splitlines()[-1] == "test/aged"
    dock("rmi", "test/aged:1")
