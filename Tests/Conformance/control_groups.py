"""Where a container's limits are to be found, on every layout of the hierarchies."""

import pathlib

import pytest

ROOT = pathlib.Path("/sys/fs/cgroup")
V2 = (ROOT / "cgroup.controllers").exists()


UNIFIED = ROOT if V2 else ROOT / "unified"


def is_unified(controller):
    """Whether the controller is in the v2 hierarchy: always on v2, and on a hybrid machine if v1 has not taken it."""
    controllers = UNIFIED / "cgroup.controllers"
    return V2 or controllers.exists() and controller in controllers.read_text().split()


def cgroup(bundle, controller):
    """The container's cgroup in the hierarchy that has the controller."""
    with open(f"/proc/{bundle.state()['pid']}/cgroup") as lines:
        paths = {names: path.strip() for _, names, path in (line.split(":", 2) for line in lines)}
    if is_unified(controller):
        return UNIFIED / paths[""].lstrip("/")
    names = next(names for names in paths if controller in names.split(","))
    return next(ROOT / name for name in (names, controller) if (ROOT / name).is_dir()) / paths[names].lstrip("/")


def values(bundle, controller, *files):
    bundle.shell("sleep 1000").create().succeeded()
    folder = cgroup(bundle, controller)
    return [(folder / file).read_text().strip() for file in files]


def limited(bundle, controller, v1, v2):
    """Whether the files of v1 or of v2, with the values they should have, have them."""
    expected = v2 if is_unified(controller) else v1
    if not expected:
        pytest.skip(f"cgroup {'v2' if V2 else 'v1'} has no such limit")
    assert dict(zip(expected, values(bundle, controller, *expected))) == expected


def resources(bundle, **given):
    bundle.linux["resources"] |= given
    return bundle


def missing(controller, file):
    """Whether this machine's kernel lacks the controller, or what it needs for this file."""
    if V2:
        return controller not in (ROOT / "cgroup.controllers").read_text().split()
    return not is_unified(controller) and not any(ROOT.glob(f"{controller}*/{file}")) and not any(ROOT.glob(f"*,{controller}/{file}"))
