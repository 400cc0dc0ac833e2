"""hack/up and hack/down with the programs under test, on folders and a bridge of their own."""

import os
import pathlib
import subprocess
import tempfile

import leaks
import pytest
from engines import BINARIES, REPOSITORY
from polling import eventually

pytestmark = [
    pytest.mark.proa_only("it starts Proa"),
    pytest.mark.skipif("PROA_TEST_APART" not in os.environ, reason="needs hack/lib/apart"),
]


class Scripts:
    def __init__(self, folder):
        self.exec_root, self.data_root, self.log = folder / "run", folder / "lib", folder / "log"
        places = {"EXEC_ROOT": self.exec_root, "DATA_ROOT": self.data_root, "LOG": self.log}
        own = {**places, "BIN": BINARIES, "BRIDGE": "proaup0", "BIP": "172.29.0.1/24"}
        self.environment = {**os.environ, **{f"PROA_{name}": str(value) for name, value in own.items()}}

    def __call__(self, script):
        done = subprocess.run(
            [REPOSITORY / "hack" / script], env=self.environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def proa(self, *arguments):
        command = [BINARIES / "proa", "-H", f"unix://{self.exec_root}/proa.sock", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()

    def daemon(self):
        return (self.exec_root / "hack-up.daemon").read_text()


@pytest.fixture
def hack(dock):
    """The scripts; nothing of what they made is there afterwards. (The suite's own daemon has begun to run before.)"""
    with tempfile.TemporaryDirectory(prefix="proa-up-") as folder:
        before = leaks.snapshot()
        scripts = Scripts(pathlib.Path(folder))
        yield scripts
        scripts("down")
        eventually(lambda: leaks.none(leaks.left(before, leaks.snapshot())), what="nothing is left")


def test_up_twice_and_down(hack):
    assert "hello from proa" in hack("up")
    daemon = hack.daemon()
    container = hack.proa("run", "-d", "busybox", "sleep", "1000")
    assert "hello from proa" in hack("up")
    assert hack.daemon() == daemon, "the second hack/up started another daemon"
    assert hack.proa("ps", "--quiet", "--no-trunc") == container
    hack("down")
    assert not any(path.exists() for path in (hack.exec_root, hack.data_root, hack.log))
    assert "nothing to remove" in hack("down")


def test_a_data_root_that_was_there_is_kept(hack):
    hack.data_root.mkdir()
    hack("up")
    hack.proa("run", "-d", "--name", "kept", "busybox", "sleep", "1000")
    assert "kept" in hack("down")
    assert not hack.exec_root.exists()
    hack("up")
    assert hack.proa("ps", "--all", "--format", "{{.Names}} {{.State}}") == "kept exited"
    hack.proa("rm", "kept")


def test_a_daemon_that_was_killed(hack):
    hack("up")
    container = hack.proa("run", "-d", "busybox", "sleep", "1000")
    os.kill(int(hack.daemon().split()[0]), 9)
    hack("up")
    assert hack.proa("ps", "--quiet", "--no-trunc") == container
