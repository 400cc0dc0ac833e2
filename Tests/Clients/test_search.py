"""`docker search`, and all tags of a repository in one pull."""

import base64
import json
import urllib.parse

import pytest

from docker_command import DockerCommand
from registries import DebianRegistry, HostileRegistry, small

FOUND = [
    {"name": "busybox", "description": "Busybox base image.", "star_count": 3000, "is_official": True, "is_automated": False},
    {"name": "someone/busybox", "description": "", "star_count": 7, "is_official": False, "is_automated": False},
]


@pytest.fixture
def registry():
    with HostileRegistry() as registry:
        registry.rules.append(lambda handler: handler.path.startswith("/v1/search") and handler.give(
            200, json.dumps({"num_results": 2, "query": "busybox", "results": FOUND}).encode(),
            **{"Content-Type": "application/json"}))
        registry.rules.append(lambda handler: handler.path == "/v1/_ping" and handler.give(
            200, b"{}", **{"Content-Type": "application/json", "X-Docker-Registry-Version": "0.8"}))
        yield registry


def asked(registry):
    [(_, path, headers)] = [request for request in registry.requests if request[1].startswith("/v1/search")]
    registry.requests.clear()
    return urllib.parse.parse_qs(urllib.parse.urlsplit(path).query), headers


def test_what_is_found(client, dock, registry):
    assert client.api.search(f"{registry.host}/busybox") == FOUND
    assert asked(registry)[0] == {"q": ["busybox"], "n": ["25"]}
    rows = dock("search", "--format", "{{.Name}} {{.StarCount}} {{.IsOfficial}}", f"{registry.host}/library/busybox")
    assert rows.splitlines() == ["busybox 3000 [OK]", "someone/busybox 7"] or rows.splitlines()[0].startswith("busybox 3000")
    assert asked(registry)[0]["q"] == ["library/busybox"]


@pytest.mark.parametrize("option, names", [
    ("is-official=true", ["busybox"]), ("is-official=false", ["someone/busybox"]), ("stars=100", ["busybox"]),
    ("stars=1", ["busybox", "someone/busybox"])])
def test_filters(dock, registry, option, names):
    told = dock("search", "--filter", option, "--format", "{{.Name}}", f"{registry.host}/busybox")
    assert told.splitlines() == names


def test_a_limit(client, registry):
    assert len(client.api.search(f"{registry.host}/busybox", limit=1)) >= 1
    assert asked(registry)[0]["n"] == ["1"]


def test_wrong_limits_and_filters(dock, registry):
    assert "limit 101 is outside the range of [1, 100]" in dock.run("search", "--limit", "101", f"{registry.host}/x").stderr
    assert "nvalid filter" in dock.run("search", "--filter", "fly=1", f"{registry.host}/x").stderr
    assert registry.requests == []


@pytest.mark.proa_only("20.10 asks for a session first")
def test_who_asks_is_told_to_that_registry(engine, registry, tmp_path):
    login = base64.b64encode(b"me:secret").decode()
    (tmp_path / "config.json").write_text(json.dumps({"auths": {registry.host: {"auth": login}}}))
    DockerCommand(engine.host, tmp_path)("search", f"{registry.host}/busybox")
    assert asked(registry)[1]["Authorization"] == f"Basic {login}"


def test_a_registry_that_cannot_search(dock, registry):
    registry.rules.clear()
    done = dock.run("search", f"{registry.host}/busybox")
    assert done.returncode == 1 and ("404" in done.stderr or "unknown" in done.stderr)


@pytest.mark.proa_only("its own bound")
def test_an_answer_without_an_end(dock, registry):
    registry.rules.insert(0, lambda handler: handler.path.startswith("/v1/search") and handler.give(200, bytes(5 << 20)))
    assert "longer than the" in dock.run("search", f"{registry.host}/busybox").stderr


# All tags


@pytest.fixture(scope="module")
def tagged(tmp_path_factory, folder):
    own = folder / "tagged"
    own.mkdir()
    with DebianRegistry(own) as registry:
        for tag in ("one", "two", "three"):
            registry.put("many/tags", small("all", tag), tag)
        yield registry


def test_all_tags(command, tagged):
    name = f"{tagged.host}/many/tags"
    lines = command("pull", "--all-tags", name).splitlines()
    heads = [line for line in lines if "Pulling from many/tags" in line]
    assert sorted(heads) == sorted(f"{tag}: Pulling from many/tags" for tag in ("one", "two", "three"))
    assert len([line for line in lines if line.startswith("Digest: ")]) == 3
    assert lines[-2:] == [f"Status: Downloaded newer image for {name}", name]
    assert set(command("images", "--format", "{{.Tag}}", name).splitlines()) == {"one", "two", "three"}
    again = command("pull", "-a", name).splitlines()
    assert again[-2:] == [f"Status: Image is up to date for {name}", name]
    command("rmi", *[f"{name}:{tag}" for tag in ("one", "two", "three")])


def test_all_tags_of_nothing(command, tagged):
    done = command.run("pull", "-a", f"{tagged.host}/no/such")
    assert done.returncode == 1 and "not found" in done.stderr
    done = command.run("pull", "-a", f"{tagged.host}/many/tags:one")
    assert done.returncode == 1 and "tag can't be used with --all-tags/-a" in done.stderr
