"""Two daemons and one bridge: the second is refused before it touches anything of the first."""

import pathlib
import subprocess

import leaks
import pytest

pytestmark = [pytest.mark.own_engine, pytest.mark.proa_only("dockerd locks no bridge")]


@pytest.fixture
def with_port(other_engine, dock_on):
    engine = other_engine()
    dock_on(engine)("run", "-d", "--name", "web", "-p", "80", "busybox", "sleep", "1000")
    return engine


def second_daemon(engine, folder):
    """A daemon with roots and a socket of its own on the bridge of `engine`; it must end by itself."""
    folder.mkdir()
    proa = engine.command()[0]
    return subprocess.run(
        [proa, "daemon", "-H", f"unix://{folder}/s", "--data-root", f"{folder}/data", "--exec-root", f"{folder}/run",
         "--bridge", engine.bridge, "--bip", f"{engine.subnet}.1/24"],
        capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL,
    )


def test_a_second_daemon_in_the_folder_of_running_containers_is_refused(with_port, folder):
    done = subprocess.run(
        [with_port.command()[0], "daemon", "-H", f"unix://{folder}/s", "--data-root", f"{folder}/data",
         "--exec-root", str(with_port.exec_root), "--bridge", f"{with_port.bridge}x", "--bip", "127.99.0.1/24"],
        capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 1
    assert f"another daemon uses {with_port.exec_root}; stop it, or choose another --exec-root" in done.stderr


def network():
    return leaks.nftables(), {link["ifname"] for link in leaks.listing("ip", "-json", "link")}


def test_a_second_daemon_on_the_bridge_is_refused(with_port, dock_on, folder):
    before = network()
    done = second_daemon(with_port, folder / "second")
    assert done.returncode == 1
    message = f"another daemon uses the bridge {with_port.bridge}; stop it, or choose another bridge with --bridge"
    assert message in done.stderr and "--bip" in done.stderr
    assert network() == before
    assert "eth0" in dock_on(with_port)("exec", "web", "ip", "link")
    assert "somebody changed" not in with_port.log.read_text()


def test_a_daemon_that_was_killed_comes_back_at_once_and_leaves_no_lock(with_port, dock_on):
    lock = pathlib.Path(f"/run/proa-{with_port.bridge}.{pathlib.Path('/proc/self/ns/net').stat().st_ino}.lock")
    assert lock.exists()
    for _ in range(3):
        with_port.kill()
        with_port.start()
    assert dock_on(with_port).state("web")["Running"]
    with_port.stop()
    assert not lock.exists()
