"""Commands of proa that are compared with docker's, line by line."""

import json

import pytest
from polling import eventually
from proa_command import same

pytestmark = pytest.mark.proa_only("this drives the proa command")


@pytest.fixture
def sleeping(dock):
    ports = ("-p", "127.0.0.1:18095:80", "-p", "18096:81/udp")
    dock("run", "-d", "--name", "it", *ports, "busybox", "sh", "-c", "sleep 1000; true")
    eventually(lambda: len(dock("top", "it").splitlines()) == 3)


def test_pause_and_unpause(proa, dock, sleeping):
    assert proa("pause", "it") == "it"
    assert dock.state("it")["Paused"]
    assert "already paused" in proa.run("pause", "it").stderr
    assert proa("unpause", "it") == "it"
    assert not dock.state("it")["Paused"]
    done = proa.run("unpause", "it", "nobody")
    assert done.returncode == 1 and "is not paused" in done.stderr and "No such container: nobody" in done.stderr


def test_top(proa, dock, sleeping):
    same(proa, dock, "top", "it")
    same(proa, dock, "top", "it", "-o", "pid,comm")
    same(proa, dock, "top", "it", "aux")
    assert "No such container: nobody" in proa.run("top", "nobody").stderr


@pytest.mark.parametrize("arguments", [(), ("80",), ("80/tcp",), ("81/udp",), ("81",), ("82",), ("x",)], ids=str)
def test_port(proa, dock, sleeping, arguments):
    theirs = same(proa, dock, "port", "it", *arguments)
    ours = proa.run("port", "it", *arguments)
    if "no public port" in theirs.stderr:
        assert ours.stderr == theirs.stderr


@pytest.mark.parametrize(
    "arguments",
    [("container", "ls", "--format", "{{.ID}} {{.Names}}"), ("container", "list", "-aq"), ("container", "port", "it"),
     ("container", "diff", "it"), ("image", "ls"), ("image", "ls", "--format", "{{.Repository}}")],
    ids=" ".join,
)  # fmt: skip
def test_groups(proa, dock, sleeping, arguments):
    assert same(proa, dock, *arguments).returncode == 0


@pytest.mark.parametrize(
    "options",
    ["-p 18095:80 --expose 79 --expose 81-83 --expose 85", "-p 18095-18096:80-81",
     "-p 18095:18095 -p 18096:18096 -p 18098:18098 --expose 80",
     "-p 18095:80/udp -p 18095:80 -p 127.0.0.1:18096:18096 -p 18097:18097"],
)  # fmt: skip
def test_ports_of_a_list(proa, dock, options):
    dock("run", "-d", *options.split(), "busybox", "sleep", "100")
    same(proa, dock, "ps", "--format", "{{.Ports}}")


def test_more_groups(proa, dock, sleeping):
    assert json.loads(proa("container", "inspect", "it"))[0]["Name"] == "/it"
    assert "No such container: busybox" in proa.run("container", "inspect", "busybox").stderr
    assert json.loads(proa("image", "inspect", "busybox"))[0]["RepoTags"] == ["busybox:latest"]
    assert proa("container", "exec", "it", "echo", "hello") == "hello"
    assert "Server Version" in proa("system", "info")
    assert proa("container", "rm", "-f", "it") == "it"
    done = proa.run("container", "fly")
    assert done.returncode == 1 and "unknown command: proa container fly" in done.stderr
