"""A registry that stalls, truncates, lies, resets, and sends clients in circles: a clear error, in time, and nothing half done."""

import base64
import json
import threading
import time

import pytest

import archives
from docker_command import DockerCommand
from engines import SNAPSHOTS
from polling import eventually
from registries import MANIFEST, HostileRegistry, Image, digest, small

pytestmark = [
    pytest.mark.own_engine, pytest.mark.proa_only("its own words, its own deadline, and what is kept for the next pull")
]
BIG = Image([archives.tar([("file", bytes(3 << 20))])])


@pytest.fixture(scope="module")
def impatient(nothing_is_left_by_daemons, folder):
    """A daemon that waits two seconds for a registry."""
    from engines import engine_for_tests

    own = folder / "impatient"
    own.mkdir()
    engine = engine_for_tests(own, "--registry-timeout", "2")
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
def registry():
    with HostileRegistry() as registry:
        yield registry


@pytest.fixture
def dock(impatient, tmp_path):
    return DockerCommand(impatient.host, tmp_path)


@pytest.fixture
def refused(impatient, dock, registry):
    """Pulls `name` and gives what is said: nothing but what can be gone on with is left."""

    def pull(name, within=20):
        before = kept(impatient)
        start = time.monotonic()
        done = dock.run("pull", f"{registry.host}/{name}", timeout=60)
        assert time.monotonic() - start < within
        assert done.returncode == 1, done.stdout
        assert kept(impatient) == before
        return done.stderr

    return pull


def kept(engine):
    """The blobs, layers and drafts of an engine."""
    root = engine.data_root
    places = [*root.glob("content/sha256/*/*"), *root.glob(f"{SNAPSHOTS}/layers/*"), *root.glob(f"{SNAPSHOTS}/drafts/*")]
    return sorted(map(str, places))


def partial(engine):
    return {path.name: path.stat().st_size for path in (engine.data_root / "content/ingest").iterdir()}


def only(part, answer):
    """A rule for requests whose path has `part` in it."""
    return lambda handler: part in handler.path and answer(handler)


def test_a_blob_that_is_another_one(registry, refused, impatient):
    registry.put("x", BIG)
    layer = BIG.packed[0]
    registry.blobs[digest(layer)] = layer[:-1] + b"x"
    assert f"filesystem layer verification failed for digest {digest(layer)}" in refused("x")
    assert digest(layer)[7:] not in partial(impatient)


@pytest.mark.parametrize("change", [lambda data: data + b"x", lambda data: data[:-1]], ids=["longer", "shorter"])
def test_a_blob_of_another_length(registry, refused, change):
    image = small("length")
    registry.put("x", image)
    layer = image.packed[0]
    registry.blobs[digest(layer)] = change(layer)
    assert f"bytes than the {len(layer)} its manifest says" in refused("x")


def test_a_truncated_blob_is_gone_on_with(registry, dock):
    registry.put("x", BIG)
    layer = BIG.packed[0]
    cuts = iter([1 << 20, 1 << 20])

    def cut(handler):
        count = next(cuts, None) if digest(layer) in handler.path else None
        if count is None:
            return False
        start = int((handler.headers.get("Range") or "bytes=0-")[6:-1])
        handler.give(206 if start else 200, b"", **{
            "Content-Length": len(layer) - start, "Content-Range": f"bytes {start}-{len(layer) - 1}/{len(layer)}"})
        handler.wfile.write(layer[start:start + count])
        handler.close_connection = True
        return True

    registry.rules.append(cut)
    dock("pull", f"{registry.host}/x")
    # What was on its way when the connection ended may be lost.
    first, *starts = [headers.get("Range") for headers in registry.asked(digest(layer))]
    starts = [int(start[6:-1]) for start in starts]
    assert first is None
    assert 0 < starts[0] <= 1 << 20
    assert starts[0] < starts[1] <= 2 << 20
    dock("rmi", f"{registry.host}/x")


def test_a_registry_without_ranges(registry, dock):
    registry.put("x", BIG)
    layer = BIG.packed[0]
    cuts = iter([1 << 20])

    def cut(handler):
        if digest(layer) not in handler.path:
            return False
        return handler.break_off(layer, count) if (count := next(cuts, None)) else handler.give(200, layer)

    registry.rules.append(cut)
    dock("pull", f"{registry.host}/x")
    dock("rmi", f"{registry.host}/x")


def test_always_truncated(registry, refused):
    image = small("cut")
    registry.put("x", image)
    registry.rules.append(only(digest(image.packed[0]), lambda handler: handler.break_off(image.packed[0], 10)))
    assert "closed the connection" in refused("x") or "unexpected EOF" in refused("x")


def test_resets(registry, refused):
    image = small("reset")
    registry.put("x", image)
    registry.rules.append(only(digest(image.packed[0]), lambda handler: handler.reset()))
    assert "connection" in refused("x")
    assert len(registry.asked(digest(image.packed[0]))) == 5


def test_errors_that_pass(registry, dock):
    registry.put("x", small("passing"))
    answers = iter([(503, {}), (429, {"Retry-After": "1"}), (500, {})])

    def fail(handler):
        status, headers = next(answers, (None, None)) if "/manifests/" in handler.path else (None, None)
        return status is not None and handler.give(status, b"", **headers)

    registry.rules.append(fail)
    start = time.monotonic()
    dock("pull", f"{registry.host}/x")
    assert time.monotonic() - start > 1
    dock("rmi", f"{registry.host}/x")


def test_a_pause_that_is_too_long(registry, refused):
    registry.put("x", small("pause"))
    registry.rules.append(only("/manifests/", lambda handler: handler.give(503, b"", **{"Retry-After": "3600"})))
    assert "503" in refused("x", within=5)


@pytest.mark.parametrize("part", ["/v2/", "/manifests/", "/blobs/"])
def test_silence(registry, refused, part):
    registry.put("x", small("silent"))
    registry.rules.append(only(part, lambda handler: registry.stop.wait(30) or True))
    assert "stopped answering" in refused("x", within=30)


def test_silence_in_the_middle(registry, refused, impatient):
    registry.put("x", BIG)
    layer = BIG.packed[0]

    def stall(handler):
        start = int((handler.headers.get("Range") or "bytes=0-")[6:-1])
        handler.give(206 if start else 200, b"", **{
            "Content-Length": len(layer) - start, "Content-Range": f"bytes {start}-{len(layer) - 1}/{len(layer)}"})
        handler.wfile.write(layer[start:start + 1000])
        handler.wfile.flush()
        registry.stop.wait(30)
        return True

    registry.rules.append(only(digest(layer), stall))
    assert "stopped answering" in refused("x", within=30)
    assert partial(impatient)[digest(layer)[7:]] == 5000


def test_redirects_in_a_circle(registry, refused):
    registry.put("x", small("circle"))
    registry.rules.append(only("/blobs/", lambda handler: handler.give(307, b"", Location=handler.path)))
    assert "stopped after 10 redirects" in refused("x")


def test_unauthorized_for_ever(registry, refused):
    registry.put("x", small("unauthorized"))
    challenge = f'Bearer realm="http://{registry.host}/token",service="test",scope="repository:x:pull"'
    registry.rules.append(only("/token", lambda handler: handler.give(200, b'{"token": "t"}')))
    registry.rules.append(only("/v2/", lambda handler: handler.give(401, b"", **{"WWW-Authenticate": challenge})))
    assert "401" in refused("x")
    assert len(registry.requests) < 10


def test_tokens(registry, impatient, tmp_path):
    """The password goes where the registry says that tokens are given, the token to the registry, and neither to where it
    redirects."""
    registry.put("x", small("token"))
    with HostileRegistry() as store:
        store.blobs = registry.blobs
        challenge = f'Bearer realm="http://{registry.host}/token",service="test"'

        def guard(handler):
            if "/token" in handler.path:
                return handler.give(200, b'{"token": "given"}')
            if handler.headers.get("Authorization") != "Bearer given":
                return handler.give(401, b"", **{"WWW-Authenticate": challenge})
            if "/blobs/" in handler.path:
                return handler.give(307, b"", Location=f"http://{store.host}{handler.path}")
            return False

        registry.rules.append(guard)
        auth = base64.b64encode(b"someone:secret").decode()
        (tmp_path / "config.json").write_text(json.dumps({"auths": {registry.host: {"auth": auth}}}))
        dock = DockerCommand(impatient.host, tmp_path)
        dock("pull", f"{registry.host}/x")
        dock("rmi", f"{registry.host}/x")
        (asked,) = registry.asked("/token")
        assert asked["Authorization"] == f"Basic {auth}"
        path = next(path for _, path, _ in registry.requests if "/token" in path)
        assert "scope=repository%3Ax%3Apull" in path and "service=test" in path and "account=someone" in path
        assert store.asked("/blobs/")
        assert not [headers for headers in store.asked("") if "Authorization" in headers]


def test_a_challenge_of_another_host_is_not_answered(registry, impatient, tmp_path):
    registry.put("x", small("other"))
    with HostileRegistry() as store:
        store.rules.append(lambda handler: handler.give(401, b"", **{"WWW-Authenticate": 'Basic realm="mine"'}))
        registry.rules.append(only("/blobs/", lambda handler: handler.give(307, b"", Location=f"http://{store.host}/x")))
        auth = base64.b64encode(b"someone:secret").decode()
        (tmp_path / "config.json").write_text(json.dumps({"auths": {registry.host: {"auth": auth}}}))
        assert DockerCommand(impatient.host, tmp_path).run("pull", f"{registry.host}/x").returncode == 1
        assert store.requests and not [headers for _, _, headers in store.requests if "Authorization" in headers]


def changed(image, change):
    manifest = json.loads(image.bytes)
    change(manifest)
    return json.dumps(manifest).encode()


@pytest.mark.parametrize("media_type, change, message", [
    (MANIFEST, lambda m: m.update(manifests=[]), "is ambiguous"),
    ("application/vnd.oci.image.index.v1+json", lambda m: None, "is ambiguous"),
    ("application/vnd.docker.distribution.manifest.v1+prettyjws", lambda m: m.update(schemaVersion=1), "schema 1"),
    (MANIFEST, lambda m: m["layers"][0].update(mediaType="application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"),
     "foreign layers are not supported"),
    (MANIFEST, lambda m: m["layers"][0].update(mediaType="application/x"), "unsupported media type application/x"),
    (MANIFEST, lambda m: m["config"].update(mediaType="application/vnd.cncf.helm.config.v1+json"), "no image of a container"),
    (MANIFEST, lambda m: m["layers"].append(m["layers"][0]), "has 1 layers, the manifest 2"),
    (MANIFEST, lambda m: m["layers"][0].update(digest="sha256:abc"), "invalid digest"),
    (MANIFEST, lambda m: m["layers"][0].update(size=-1), "must not be negative"),
    (MANIFEST, lambda m: m["config"].update(size=1 << 40), "are accepted"),
])
def test_manifests_that_are_refused(registry, refused, media_type, change, message):
    image = small("manifest")
    registry.put("x", image)
    registry.put_manifest("latest", changed(image, change), media_type)
    assert message in refused("x")


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b" " * (5 << 20), b"[" * 100_000], ids=["none", "cut", "list", "long", "deep"])
def test_noise_for_a_manifest(registry, refused, data):
    registry.put_manifest("latest", data, MANIFEST)
    assert "Error response from daemon" in refused("x")


def test_a_manifest_that_is_another_one(registry, refused):
    wanted = registry.put("x", small("wanted"))
    registry.manifests[wanted] = (MANIFEST, small("other").bytes)
    assert "manifest verification failed" in refused(f"x@{wanted}")


def test_a_layer_that_is_not_what_the_configuration_says(registry, refused):
    image = Image([archives.tar([("a", b"a")])], packed=[archives.gzipped(archives.tar([("b", b"b")]))])
    registry.put("x", image)
    assert "failed to register layer" in refused("x")


def test_a_layer_that_leads_out(registry, refused):
    registry.put("x", Image([archives.tar([("../../evil", b"x")])]))
    assert "failed to register layer" in refused("x")


def test_two_pulls_share_the_work(registry, dock):
    registry.put("x", BIG)
    both = threading.Event()

    def wait(handler):
        both.wait(10)
        return False

    registry.rules.append(only(digest(BIG.packed[0]), wait))
    pulls = [dock.open("pull", f"{registry.host}/x") for _ in range(2)]
    eventually(lambda: len(registry.asked("/manifests/")) == 2, what="both pulls have begun")
    time.sleep(0.5)  # for what must not happen: a second request for the layer
    both.set()
    for pull in pulls:
        assert pull.wait(30) == 0
        assert f"{digest(BIG.packed[0])[7:19]}: Pull complete" in pull.stdout.read()
        pull.stdout.close()
        pull.stderr.close()
    assert len(registry.asked(digest(BIG.packed[0]))) == 1
    dock("rmi", f"{registry.host}/x")


def test_a_pull_that_is_given_up(registry, dock, impatient):
    image = Image([archives.tar([("file", bytes(2 << 20))]), archives.tar([("other", bytes(3 << 20))])])
    registry.put("x", image)
    before = kept(impatient)
    gate = threading.Event()

    def hold(handler):
        start = 1 << 20
        if digest(image.packed[1]) not in handler.path or gate.is_set() or handler.headers.get("Range"):
            return False
        handler.give(200, b"", **{"Content-Length": len(image.packed[1])})
        handler.wfile.write(image.packed[1][:start])
        handler.wfile.flush()
        gate.wait(20)
        return True

    registry.rules.append(hold)
    pull = dock.open("pull", f"{registry.host}/x")
    first, second = (digest(data)[7:] for data in image.packed)
    eventually(lambda: partial(impatient).get(second, 0) >= 1 << 19, what="a part has come")
    eventually(lambda: partial(impatient).get(first) == len(image.packed[0]), what="the other layer has come")
    pull.kill()
    pull.communicate()
    eventually(lambda: kept(impatient) == before, what="nothing but parts is kept")
    gate.set()
    dock("pull", f"{registry.host}/x")
    ranges = [headers.get("Range") for headers in registry.asked(digest(image.packed[1]))]
    assert ranges[0] is None and ranges[-1] is not None
    assert len(registry.asked(digest(image.packed[0]))) == 1
    assert partial(impatient) == {} or digest(image.packed[1])[7:] not in partial(impatient)
    dock("rmi", f"{registry.host}/x")
    assert kept(impatient) == before
