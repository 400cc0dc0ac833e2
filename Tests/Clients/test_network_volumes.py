"""Volumes of other machines' file systems: the kernel wants their addresses, people know their names. The same with dockerd."""

import pathlib
import uuid

import pytest

FILE_SYSTEMS = pathlib.Path("/proc/filesystems").read_text().split()
pytestmark = pytest.mark.skipif("nfs" in FILE_SYSTEMS or "cifs" in FILE_SYSTEMS, reason="this kernel would wait for a server")


@pytest.fixture
def start(dock):
    """Starts a container with a volume of these options: what is said then."""
    name = f"proa-{uuid.uuid4()}"

    def start(kind, device, options):
        dock("volume", "create", "--opt", f"type={kind}", "--opt", f"device={device}", "--opt", f"o={options}", name)
        dock("create", "--name", "it", "-v", f"{name}:/not-in-the-image", "busybox", "true")
        done = dock.run("start", "it")
        assert done.returncode == 1 and "error while mounting volume '" in done.stderr, done.stderr
        return done.stderr

    yield start
    dock.run("rm", "--force", "it")
    dock("volume", "rm", "--force", name)


@pytest.mark.parametrize(("given", "sent"), [
    ("addr=localhost,rw,soft", "addr=127.0.0.1,soft"), ("addr=127.0.0.2,soft", "addr=127.0.0.2,soft"), ("soft", "soft"),
])
def test_the_servers_name_is_resolved(start, given, sent):
    said = start("nfs", ":/x", given)
    assert f", data: {sent}: no such device" in said, said


@pytest.mark.proa_only("20.10 has none for shares")
@pytest.mark.parametrize("kind", ["cifs", "smb3"])
def test_the_name_in_a_share(start, kind):
    said = start(kind, "//localhost/x", "user=a,password=secret")
    assert ", data: user=a,password=********,addr=127.0.0.1: no such device" in said, said


def test_a_name_that_nobody_knows(start):
    said = start("nfs", ":/x", "addr=no-such-host.invalid")
    assert "error resolving passed in network volume address: lookup no-such-host.invalid" in said, said
