"""A reboot: every process, mount and network device is gone, and everything in the exec root; the data root is not."""

import subprocess
import urllib.request

import pytest

import kernel_state
from polling import eventually
from test_restart_policy import end_as_by_a_reboot

pytestmark = [pytest.mark.own_engine, pytest.mark.proa_only("it is our exec root, and our bridge, that are taken away")]

SLEEP = ("busybox", "sleep", "1000")


@pytest.fixture
def rebooted(other_engine, dock_on):
    """The docker command after a reboot of a machine on which there was a container in every state."""
    engine = other_engine()
    dock = dock_on(engine)
    dock("create", "--name", "created", *SLEEP)
    dock.run("run", "--name", "ended", "busybox", "sh", "-c", "echo said; exit 5")
    before = dock.state("ended")
    for name, *options in (("plain",), ("paused",), ("removed", "--rm"), ("always", "--restart", "always", "-p", "18091:80")):
        dock("run", "-d", "--name", name, *options, "busybox", "sh", "-c",
             "n=$((1 + $(cat /file 2>/dev/null || echo 0))); echo $n; echo $n >/file; exec httpd -f -h /")
    eventually(lambda: all(dock("logs", name) == "1" for name in ("plain", "always")), what="both have said something")
    dock("pause", "paused")
    end_as_by_a_reboot(engine, [dock.inspect(name) for name in ("plain", "paused", "removed", "always")])
    subprocess.run(["ip", "link", "delete", engine.bridge], check=True)
    subprocess.run(["nft", "delete", "table", "ip", f"proa-{engine.bridge}"], check=True)
    engine.start()
    return engine, dock, before


def test_what_becomes_of_the_containers(rebooted):
    engine, dock, before = rebooted
    eventually(lambda: dock.state("always")["Running"], what="its policy has started it")
    kernel_state.agrees_with(engine)
    assert dock.state("created")["Status"] == "created"
    assert dock.state("ended") == before
    for name in ("plain", "paused"):
        state = dock.state(name)
        assert (state["Status"], state["ExitCode"], state["Paused"]) == ("exited", 255, False)
    assert "removed" not in dock("ps", "--all", "--format", "{{.Names}}").split()


def test_what_was_written_is_there(rebooted):
    engine, dock, _ = rebooted
    eventually(lambda: dock("logs", "always") == "1\n2", what="it has said something again")
    assert urllib.request.urlopen("http://127.0.0.1:18091/file", timeout=5).read() == b"2\n"
    assert (dock("logs", "ended"), dock("logs", "plain")) == ("said", "1")
    dock("start", "plain")
    eventually(lambda: dock("logs", "plain") == "1\n2", what="it has said something again")
    assert dock("run", "--rm", "busybox", "echo", "here") == "here"
    kernel_state.agrees_with(engine)
