"""kill -9 of the daemon at random moments while images are pulled, loaded, committed, removed and pruned: at the next start every
image that is told is whole, file by file, and nothing half-made or forgotten is left.

PROA_TEST_KILLS is how often (8), PROA_TEST_SEED repeats a run's choices, but not the machine's timing.
"""

import collections
import concurrent.futures
import contextlib
import os
import random
import secrets
import time

import docker
import pytest

import archives
from engines import SNAPSHOTS
from proa_command import ProaCommand
from random_load import GONE
from registries import HostileRegistry, Image, digest

pytestmark = [pytest.mark.own_engine, pytest.mark.proa_only("the content store and the snapshots are ours")]

KILLS = int(os.environ.get("PROA_TEST_KILLS", 8))
LONGEST = 1.2  # seconds of load before a kill
CLIENTS = 4
PULLED = [f"p{number}" for number in range(4)]
LOADED = [f"l{number}" for number in range(3)]
COMMITTED = [f"m{number}" for number in range(4)]


def layer(seed):
    """Some hundred files, of which other layers may have the same."""
    return archives.tar([(f"d{seed}/f{number}", bytes([seed]) * (number * 37 % 4000)) for number in range(150)])


LAYERS = [layer(seed) for seed in range(6)]
IMAGES = {name: Image([LAYERS[0], LAYERS[1 + number], LAYERS[(2 + number) % 6]]) for number, name in enumerate(PULLED)}
ARCHIVES = {
    name: archives.docker_archive(f"{name}:latest", LAYERS[0], LAYERS[3 + number], archives.tar([(name, bytes(100_000))]))
    for number, name in enumerate(LOADED)
}


class ImageLoad:
    def __init__(self, host, registry, choices):
        self.host, self.registry, self.choices = host, registry, choices
        self.counts = collections.Counter()
        self.failures = []
        # Names that were reported to be there, and that nobody removes.
        self.kept = set()

    @contextlib.contextmanager
    def running(self):
        """While the body runs, which ends the engine."""
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            clients = [pool.submit(self.act, self.choices.getrandbits(64)) for _ in range(CLIENTS)]
            yield
        for client in clients:
            client.result()

    def act(self, seed):
        choices = random.Random(seed)
        operations = (self.pull, self.pull, self.load, self.load, self.commit, self.remove, self.remove, self.prune)
        with contextlib.suppress(*GONE), contextlib.closing(docker.DockerClient(base_url=self.host, timeout=30)) as client:
            while True:
                operation = choices.choice(operations)
                try:
                    operation(client.api, choices)
                    self.counts[operation.__name__] += 1
                except docker.errors.APIError as error:
                    if error.response.status_code not in (304, 404, 409):
                        self.failures.append(f"{operation.__name__}: {error}")

    def pull(self, api, choices):
        name, tag = f"{self.registry.host}/{choices.choice(PULLED)}", choices.choice(["latest", "latest", f"k{choices.randrange(99)}"])
        for line in api.pull(name, tag, stream=True, decode=True):
            if "error" in line:
                self.failures.append(f"pull: {line['error']}")
            if line.get("status", "").startswith("Status: ") and tag != "latest":
                self.kept.add(f"{name}:{tag}")

    def load(self, api, choices):
        name = choices.choice(LOADED)
        for line in api.load_image(ARCHIVES[name]):
            if "error" in line:
                self.failures.append(f"load: {line['error']}")

    def commit(self, api, choices):
        name = choices.choice(COMMITTED)
        base = choices.choice([f"{name}:latest" for name in LOADED])
        container = api.create_container(base, ["/true"])["Id"]
        api.put_archive(container, "/", archives.tar([(name, os.urandom(20_000))]))
        api.commit(container, name, "latest")
        api.remove_container(container)

    def remove(self, api, choices):
        name = choices.choice([f"{self.registry.host}/{name}" for name in PULLED] + LOADED + COMMITTED)
        api.remove_image(name, force=choices.random() < 0.3)

    def prune(self, api, choices):
        api.prune_images()


@pytest.fixture
def other(other_engine):
    return other_engine(load=())


@pytest.fixture
def registry():
    with HostileRegistry() as registry:
        for name, image in IMAGES.items():
            for data in (image.config, *image.packed):
                registry.blobs[digest(data)] = data
            kind = image.manifest["mediaType"]
            registry.manifests[digest(image.bytes)] = (kind, image.bytes)

        def manifest(handler):
            _, _, name, kind, *_ = [*handler.path.split("/"), "", ""]
            image = IMAGES.get(name) if kind == "manifests" and "sha256:" not in handler.path else None
            return bool(image) and handler.give(200, image.bytes, **{"Content-Type": image.manifest["mediaType"]})

        registry.rules.append(manifest)
        yield registry


def test_images_are_whole(other, registry, dock_on, proa_binary):
    seed = os.environ.get("PROA_TEST_SEED") or secrets.token_hex(4)
    print(f"PROA_TEST_SEED={seed}")
    choices = random.Random(seed)
    counts, kept = collections.Counter(), set()
    proa, dock = ProaCommand(other.host, proa_binary), dock_on(other)
    for _ in range(KILLS):
        load = ImageLoad(other.host, registry, choices)
        with load.running():
            time.sleep(choices.uniform(0.05, LONGEST))  # the moment is the test's choice: nothing is waited for
            other.kill()
        counts += load.counts
        kept |= load.kept
        assert load.failures == []
        other.start()
        is_whole(proa)
        assert nothing_half_made(other)
        assert kept <= set(dock("images", "--format", "{{.Repository}}:{{.Tag}}").splitlines())
    print(dict(counts))
    assert counts["load"] and counts["prune"] and counts.total() > KILLS
    no_space_is_lost(other, dock)


def is_whole(proa):
    """Every file of every image is compared with what the image came as, and nothing is there that nothing needs."""
    done = proa.run("system", "fsck", timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def nothing_half_made(engine):
    """But what a pull can go on with."""
    assert list((engine.data_root / SNAPSHOTS / "drafts").iterdir()) == []
    return all(len(path.name) == 64 for path in (engine.data_root / "content/ingest").iterdir())


def no_space_is_lost(engine, dock):
    containers = dock("ps", "-aq").split()
    if containers:
        dock("rm", "-f", *containers)
    dock("image", "prune", "-af")
    assert dock("images", "-aq") == ""
    root = engine.data_root
    left = [*root.glob("content/sha256/*/*"), *root.glob("content/ingest/*"), *root.glob(f"{SNAPSHOTS}/layers/*"),
            *root.glob(f"{SNAPSHOTS}/containers/*"), *root.glob(f"{SNAPSHOTS}/drafts/*")]
    assert left == []


def test_prune_beside_pulls(other, registry, dock_on, proa_binary):
    """What is on its way is not collected."""
    proa, dock = ProaCommand(other.host, proa_binary), dock_on(other)
    names = [f"{registry.host}/{name}" for name in PULLED]
    with concurrent.futures.ThreadPoolExecutor(5) as pool:
        for _ in range(4):
            pulls = [pool.submit(dock.run, "pull", name) for name in names]
            while not all(pull.done() for pull in pulls):
                dock("image", "prune", "-f")
            assert [pull.result().stderr for pull in pulls if pull.result().returncode] == []
            is_whole(proa)
            dock("rmi", *names)
    no_space_is_lost(other, dock)
