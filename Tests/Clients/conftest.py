"""One engine for the whole session, its images, and the check that nothing is left when it has ended."""

import contextlib
import json
import os
import pathlib
import subprocess
import tempfile
import urllib.parse

import docker
import pytest

import contract
import leaks
from docker_command import DockerCommand
from engines import BINARIES, REPOSITORY, engine_for_tests
from polling import eventually
from proa_command import ProaCommand


@pytest.fixture
def tmp_path():
    """A folder that goes with the test; pytest's own stays."""
    with tempfile.TemporaryDirectory(prefix="proa-clients-") as folder:
        yield pathlib.Path(folder)


def pytest_configure(config):
    config.addinivalue_line("markers", "own_engine: needs a daemon that the suite may kill, restart or look into")
    config.addinivalue_line("markers", "proa_only(why): what Debian's dockerd 20.10 does differently")


def pytest_collection_modifyitems(items):
    given = "PROA_TEST_HOST" in os.environ
    proa = not given and os.environ.get("PROA_TEST_ENGINE", "proa") == "proa"
    for item in items:
        if given and item.get_closest_marker("own_engine"):
            item.add_marker(pytest.mark.skip(reason="the engine at PROA_TEST_HOST is not ours to kill"))
        if (mark := item.get_closest_marker("proa_only")) and not proa:
            item.add_marker(pytest.mark.skip(reason=f"not the engine under test: {mark.args[0]}"))


@pytest.fixture(scope="session")
def folder():
    """The suite's own folder: short, for a socket's path holds 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="proa-clients-") as path:
        yield pathlib.Path(path)


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left_by_daemons(folder):
    """After all daemons have ended: nothing of theirs that was not there before the first one."""
    before = leaks.snapshot()
    yield
    if leaks_count():
        eventually(lambda: leaks.none(leaks.left(before, leaks.snapshot())), what="nothing is left by the daemons")


def leaks_count():
    """Only apart is everything that appears ours; and dockerd leaves its bridge, rules and cgroups when it ends."""
    return os.environ.get("PROA_TEST_APART") and os.environ.get("PROA_TEST_ENGINE", "proa") == "proa"


@pytest.fixture(scope="session")
def images(folder):
    """Paths of the image archives, by name; hack/test makes Debian's beforehand, for debootstrap needs the network."""
    return {name: image_archive(name, folder) for name in ("busybox", "debian")}


def image_archive(name, folder):
    path = folder / f"{name}.tar" if name == "busybox" else REPOSITORY / f".build/images/{name}.tar"
    if not path.exists():
        path.parent.mkdir(exist_ok=True, parents=True)
        subprocess.run([REPOSITORY / "hack/image", name, path], check=True, stdout=subprocess.DEVNULL)
    return path


@pytest.fixture(scope="session")
def engine(nothing_is_left_by_daemons, folder, images):
    engine_folder = folder / "e"
    engine_folder.mkdir()
    engine = engine_for_tests(engine_folder)
    engine.start()
    try:
        load_images(engine, images, folder)
        with nothing_is_left_by_containers(engine, folder):
            yield engine
            remove_containers(engine, keep=())
    finally:
        engine.stop()


@contextlib.contextmanager
def nothing_is_left_by_containers(engine, folder):
    """With the daemon still up: no process, mount, namespace, interface, nftables element, cgroup or file more than before."""
    # The first container may make what stays while the daemon runs: the bridge, the table, the parent cgroups.
    DockerCommand(engine.host, folder)("run", "--rm", "-p", "80", "busybox", "true")
    before = leaks.snapshot(engine.folders)
    yield
    if leaks_count():
        # The last namespaces and cgroups end a moment after the daemon said that their containers are gone.
        eventually(lambda: leaks.none(leaks.left(before, leaks.snapshot(engine.folders))), what="nothing is left")


@pytest.fixture
def other_engine(nothing_is_left_by_daemons, folder, images):
    """Starts a daemon of the test's own, with extra arguments; stopped and removed with its containers afterwards.

    `inside(engine)` is a context around all of its life, for example for what is mounted at its folders.
    """
    started = []

    def start(*arguments, load=("busybox",), inside=contextlib.nullcontext):
        own = pathlib.Path(tempfile.mkdtemp(prefix="o", dir=folder))
        engine = engine_for_tests(own, *arguments)
        surroundings = contextlib.ExitStack()
        surroundings.enter_context(inside(engine))
        started.append((engine, surroundings))
        engine.start()
        load_images(engine, {name: images[name] for name in load}, folder)
        return engine

    yield start
    for engine, surroundings in reversed(started):
        with surroundings:
            if engine.daemon.poll() is not None:
                engine.start()
            remove_containers(engine, keep=())
            engine.stop()


def load_images(engine, images, folder):
    docker_command = DockerCommand(engine.host, folder)
    for path in images.values():
        docker_command("load", "--input", str(path), timeout=180)


def remove_containers(engine, keep):
    with contextlib.closing(docker.DockerClient(base_url=engine.host)) as client:
        for container in client.containers.list(all=True, ignore_removed=True):
            if container.id not in keep:
                container.remove(force=True, v=True)
        if client.networks.list(filters={"type": "custom"}):
            client.networks.prune()


@pytest.fixture
def dock(engine, folder):
    """The docker command on the session's engine; containers that the test leaves are removed after it."""
    command = DockerCommand(engine.host, folder)
    before = set(command("ps", "--all", "--quiet", "--no-trunc").split())
    yield command
    remove_containers(engine, keep=before)


@pytest.fixture
def dock_on(folder):
    """The docker command for another engine."""
    return lambda engine: DockerCommand(engine.host, folder)


@pytest.fixture
def client(engine, dock):
    """docker-py on the session's engine. Whatever it is answered has to be what the API promises."""
    with contextlib.closing(docker.DockerClient(base_url=engine.host, timeout=30)) as client:
        if engine.kind != "dockerd":  # 20.10 is of an older version
            client.api.hooks["response"].append(check_answer)
        yield client


def check_answer(response, stream=False, **_):
    operation = contract.operation(response.request.method, urllib.parse.urlsplit(response.url).path)
    if operation is None or stream or "json" not in response.headers.get("Content-Type", ""):
        return
    kind = operation.answers.get(response.status_code) if response.ok else "ErrorResponse"
    for value in map(json.loads, response.text.splitlines()) if kind else ():
        assert contract.problems(value, kind) == [], (str(operation), response.status_code)


@pytest.fixture(params=["busybox", "debian"])
def image(request):
    """Both kinds of user land: one static executable, and a distribution by debootstrap."""
    return request.param


@pytest.fixture(scope="session")
def proa_binary():
    return str(BINARIES / "proa")


@pytest.fixture
def proa(engine, dock, proa_binary):
    """The proa command on the session's engine; the containers of a test are removed after it."""
    return ProaCommand(engine.host, proa_binary)


@pytest.fixture(params=["docker", pytest.param("proa", marks=pytest.mark.proa_only("this drives the proa command"))])
def command(request, dock, engine, proa_binary):
    """What both commands must do alike."""
    return dock if request.param == "docker" else ProaCommand(engine.host, proa_binary)
