"""The runtime under test, bundles, and the check after every test that its containers have left nothing.

hack/conformance RUNTIME runs the suite; with a runtime that does not do a thing, `-rs` says what was refused.
"""

import itertools
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import pytest

sys.path.append(str(pathlib.Path(__file__).parents[1] / "Clients"))  # what containers leave, and waiting, are there

import leaks  # noqa: E402
from bundles import Bundle, make_rootfs  # noqa: E402
from oci_runtime import OCIRuntime  # noqa: E402
from polling import eventually  # noqa: E402
from sections import pytest_runtest_logreport, pytest_terminal_summary  # noqa: E402, F401

ONLY_V1 = """
    mount --rbind /sys/fs/cgroup /mnt && umount --lazy --recursive /sys/fs/cgroup
    mount -t tmpfs cgroup /sys/fs/cgroup
    for path in $(awk '$3 == "cgroup" && $2 ~ "^/mnt/" { print $2 }' /proc/mounts); do
      name=${path##*/}; mkdir /sys/fs/cgroup/$name; mount --bind "$path" /sys/fs/cgroup/$name
    done
    umount --lazy --recursive /mnt
"""
identifiers = (f"conform{number}" for number in itertools.count())


def name(config):
    return pathlib.Path(config.option.runtime).name


def pytest_addoption(parser):
    parser.addoption("--runtime", required=True, help="the OCI runtime's executable")
    parser.addoption("--by-section", action="store_true", help="say how many tests of each section passed")


def pytest_configure(config):
    config.addinivalue_line("markers", "section(name): the section of the specification, or the attack, that it tests")
    config.addinivalue_line("markers", "defect(reason): proa-runtime is known to fail it")


def pytest_collection_modifyitems(config, items):
    for item in items:
        if marker := item.get_closest_marker("section"):
            item.user_properties.append(("section", marker.args[0]))
        if (mark := item.get_closest_marker("defect")) and name(config) == "proa-runtime":
            item.add_marker(pytest.mark.xfail(strict=True, reason=mark.args[0]))


@pytest.fixture(scope="session", autouse=True)
def apart(request):
    """Only in namespaces of its own is everything that appears the suite's, and gone when it has ended."""
    assert os.environ.get("PROA_TEST_APART"), "run hack/conformance, which runs this in namespaces of its own"
    if name(request.config) == "crun" and os.path.ismount("/sys/fs/cgroup/unified"):
        show_only_v1()
    pathlib.Path("/run/mount").mkdir(exist_ok=True)  # the mount command's own
    before = leaks.snapshot()
    yield
    eventually(lambda: leaks.none(leaks.left(before, leaks.snapshot())), what="nothing is left by the suite")


@pytest.fixture(scope="session")
def runtime(request, apart, folder):
    return OCIRuntime(request.config.option.runtime, folder / "state")


def show_only_v1():
    """crun refuses cgroup v2 beside v1; in this mount namespace the machine may as well have v1 alone."""
    subprocess.run(["sh", "-euc", ONLY_V1], check=True)


@pytest.fixture(scope="session")
def folder():
    with tempfile.TemporaryDirectory(prefix="proa-conformance-", dir="/run") as path:  # a tmpfs of ours, and quick
        os.chmod(path, 0o755)  # users of containers pass through
        yield pathlib.Path(path)


@pytest.fixture(scope="session")
def template(folder):
    make_rootfs(folder / "template")
    return folder / "template"


@pytest.fixture
def make_bundle(runtime, folder, template):
    """Makes bundles; when the test is over, nothing of their containers is left."""
    bundles, before = [], what_is_there(runtime)

    def make():
        id = next(identifiers)
        bundles.append(Bundle(folder / id, template, runtime, id))
        return bundles[-1]

    yield make
    for bundle in bundles:
        bundle.clear()
    eventually(lambda: leaks.none(leaks.left(before, what_is_there(runtime))), what="nothing is left", within=4)
    for bundle in bundles:  # no mount is there any more that this could follow
        shutil.rmtree(bundle.folder)


def what_is_there(runtime):
    return {
        "containers": runtime.known(),
        "processes": set(leaks.processes()),
        "mounts": leaks.mounts(),
        "cgroups": leaks.cgroups(),
    }


@pytest.fixture
def bundle(make_bundle):
    return make_bundle()
