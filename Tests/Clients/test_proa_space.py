"""What proa says of images and space, and how it makes room: line by line what docker says."""

import pytest
from proa_command import ProaCommand, same

pytestmark = pytest.mark.proa_only("this drives the proa command")


@pytest.mark.parametrize(
    "options",
    [(), ("--no-trunc",), ("-q",), ("-q", "--no-trunc"), ("--human=false",), ("--format", "json"),
     ("--format", "{{.ID}}|{{.CreatedAt}}|{{.CreatedSince}}|{{.CreatedBy}}|{{.Size}}|{{.Comment}}"),
     ("--format", "table {{.CreatedBy}}\\t{{.Size}}"), ("--format", "{{.Nothing}}")],
    ids=" ".join,
)  # fmt: skip
def test_history(proa, dock, image, options):
    same(proa, dock, "history", *options, image)
    same(proa, dock, "image", "history", *options, image)


def test_history_of_nothing(proa, dock):
    assert proa.run("history", "nowhere").stderr == dock.run("history", "nowhere").stderr


def test_tag(proa, dock):
    assert proa("tag", "busybox", "some/thing:new") == ""
    assert proa("image", "tag", "some/thing:new", "other") == ""
    identifiers = {dock("images", "-q", "--no-trunc", name) for name in ("busybox", "some/thing:new", "other:latest")}
    assert len(identifiers) == 1
    dock("rmi", "some/thing:new", "other")
    for arguments in (("nowhere", "x"), ("busybox", "UPPER"), ("busybox", "a:b:c"), ("busybox", "")):
        done = proa.run("tag", *arguments)
        assert (done.returncode, done.stdout) == (1, "") and done.stderr
    assert "requires 2 arguments" in proa.run("tag", "busybox").stderr


@pytest.mark.parametrize(
    "options",
    [(), ("-v",), ("--format", "json"), ("--format", "{{.Type}} {{.TotalCount}} {{.Active}} {{.Size}} {{.Reclaimable}}"),
     ("--format", "table {{.Type}}\\t{{.Size}}")],
    ids=" ".join,
)  # fmt: skip
def test_disk_usage(proa, dock, options):
    dock("run", "--name", "idle", "busybox", "sh", "-c", "head -c 7000 /dev/zero >/f")
    dock("run", "-d", "--name", "busy", "debian", "sh", "-c", "head -c 3000 /dev/zero >/f; sleep 1000")
    dock("exec", "busy", "sh", "-c", "until [ -s /f ]; do sleep 0.1; done")
    assert same(proa, dock, "system", "df", *options).returncode == 0


@pytest.fixture
def own(other_engine, dock_on, proa_binary):
    """Both commands on a daemon of the test's own: what is pruned there is nobody else's."""
    engine = other_engine()
    return ProaCommand(engine.host, proa_binary), dock_on(engine)


@pytest.mark.own_engine
def test_container_prune(own):
    proa, dock = own
    containers = [dock("create", "--label", f"of={index}", "busybox") for index in range(3)]
    for answer in ("", "n\n", "yes\n", "never"):
        theirs = same(proa, dock, "container", "prune", input=answer)
        assert proa.run("container", "prune", input=answer).stderr == theirs.stderr
    assert "Total reclaimed space: 0B" in proa("container", "prune", "-f", "--filter", "label=of=9")
    told = proa("container", "prune", "--filter", "label=of=0", input=" Y \n")
    assert told.endswith(f"[y/N] Deleted Containers:\n{containers[0]}\n\nTotal reclaimed space: 0B")
    told = proa("container", "prune", "-f", "--filter", "label!=of=1")
    assert told == f"Deleted Containers:\n{containers[2]}\n\nTotal reclaimed space: 0B"
    assert dock("ps", "-aq", "--no-trunc") == containers[1]


@pytest.mark.own_engine
def test_image_prune(own):
    proa, dock = own
    dock("tag", "busybox", "second:name")
    same(proa, dock, "image", "prune", input="n\n")
    same(proa, dock, "image", "prune", "-a", input="n\n")
    assert proa("image", "prune", "-f") == "Total reclaimed space: 0B"
    image = dock("images", "-q", "--no-trunc", "second")
    lines = proa("image", "prune", "-af").splitlines()
    assert lines[0] == "Deleted Images:" and {"untagged: busybox:latest", "untagged: second:name"} < set(lines)
    assert f"deleted: {image}" in lines and lines[-1].endswith("MB")


@pytest.mark.own_engine
@pytest.mark.parametrize("options", [(), ("-a",), ("--volumes",), ("--filter", "label=a", "--filter", "until=1h")], ids=str)
def test_system_prune_asks(own, options):
    proa, dock = own
    container = dock("create", "busybox")
    ours, theirs = (command.run("system", "prune", *options, input="n\n") for command in own)
    assert (ours.returncode, ours.stderr) == (theirs.returncode, theirs.stderr)
    # There is no build cache that it could remove.
    assert ours.stdout.split() == theirs.stdout.replace(" - unused build cache", "").replace(" - all build cache", "").split()
    told = proa("system", "prune", "-f")
    assert told == f"Deleted Containers:\n{container}\n\nTotal reclaimed space: 0B"
