"""export and diff: what a container has, and what of that is its own doing."""

import tarfile

import pytest
from polling import eventually


def test_diff(command, dock):
    dock("run", "--name", "it", "busybox", "sh", "-c",
         "mkdir -p /new/er; echo x >/new/er/x; rm /etc/group; echo more >>/etc/passwd")
    lines = set(command("diff", "it").splitlines()) - {"C /root"}
    assert lines == {"A /new", "A /new/er", "A /new/er/x", "C /etc", "D /etc/group", "C /etc/passwd"}
    dock("create", "--name", "that", "busybox")
    assert command("diff", "that") == ""


@pytest.mark.parametrize("state", ["running", "stopped"])
def test_export(command, dock, tmp_path, state):
    dock("run", "-d", "--name", "it", "busybox", "sh", "-c", "mkdir /d; ln -s /d /ld; echo made >/made; sleep 1000")
    eventually(lambda: dock.run("exec", "it", "cat", "/made").stdout == "made\n")
    if state == "stopped":
        dock("kill", "it")
    command("export", "-o", str(tmp_path / "out.tar"), "it")
    with tarfile.open(tmp_path / "out.tar") as tar:
        names = tar.getnames()
        assert {"bin/busybox", "d", "etc/passwd", "ld"} <= set(names)
        assert not [name for name in names if name.startswith(("/", "./", "proc/", "sys/")) or name == "."]
        assert tar.extractfile("made").read() == b"made\n"
