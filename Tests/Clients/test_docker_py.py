"""docker-py: the other client that everybody's scripts use."""

import docker
import pytest
from polling import eventually


def test_run(client):
    assert client.containers.run("busybox", ["echo", "hello"], remove=True) == b"hello\n"


def test_run_with_an_exit_code_is_an_error_that_carries_it(client):
    with pytest.raises(docker.errors.ContainerError) as error:
        client.containers.run("busybox", ["sh", "-c", "echo no >&2; exit 7"], remove=True)
    assert error.value.exit_status == 7
    assert error.value.stderr == b"no\n"


def test_an_image_that_is_not_there(client):
    with pytest.raises(docker.errors.ImageNotFound):
        client.containers.create("nowhere", ["true"])


def test_the_log_is_streamed(client):
    container = client.containers.run("busybox", ["seq", "1", "1000"], detach=True)
    assert b"".join(container.logs(stream=True, follow=True)).split() == [b"%d" % n for n in range(1, 1001)]


def test_wait(client):
    container = client.containers.run("busybox", ["sh", "-c", "exit 5"], detach=True)
    assert container.wait(timeout=20)["StatusCode"] == 5


def test_create_start_wait_remove(client):
    container = client.containers.create("busybox", ["sh", "-c", "exit 5"])
    container.start()
    container.wait()
    container.remove()
    with pytest.raises(docker.errors.NotFound):
        container.reload()


def test_exec_run(client):
    container = client.containers.run("busybox", ["sleep", "1000"], detach=True)
    done = container.exec_run(["sh", "-c", "echo out; echo error >&2; exit 3"], demux=True)
    assert (done.exit_code, done.output) == (3, (b"out\n", b"error\n"))
    assert container.exec_run("cat /etc/hostname").output.decode().strip() == container.id[:12]


def test_exec_run_streams(client):
    container = client.containers.run("busybox", ["sleep", "1000"], detach=True)
    done = container.exec_run(["seq", "1", "1000"], stream=True)
    assert b"".join(done.output).split() == [b"%d" % n for n in range(1, 1001)]


def test_exec_over_a_socket(client):
    container = client.containers.run("busybox", ["sleep", "1000"], detach=True)
    session = client.api.exec_create(container.id, ["cat"], stdin=True, tty=True)
    socket = client.api.exec_start(session["Id"], socket=True, tty=True)
    socket._sock.sendall(b"typed\n")
    assert received(socket._sock, b"typed\r\ntyped\r\n")
    socket._sock.close()


def test_the_attach_socket_carries_both_directions(client):
    container = client.containers.create("busybox", ["cat"], stdin_open=True, tty=False)
    socket = container.attach_socket(params={"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1})
    container.start()
    socket._sock.sendall(b"over the socket\n")
    # A frame: kind 1 is standard output, then the length.
    assert received(socket._sock, b"\x01\0\0\0\0\0\0\x10over the socket\n")
    socket._sock.close()


def test_the_attach_socket_of_a_terminal_is_raw(client):
    container = client.containers.create("busybox", ["cat"], stdin_open=True, tty=True)
    socket = container.attach_socket(params={"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1})
    container.start()
    socket._sock.sendall(b"raw\n")
    assert received(socket._sock, b"raw\r\nraw\r\n")
    socket._sock.close()


def received(socket, expected):
    socket.settimeout(15)
    got = b""
    while len(got) < len(expected) and (more := socket.recv(4096)):
        got += more
    return got == expected or pytest.fail(f"received {got!r}")


def test_list_and_attributes(client):
    container = client.containers.run("busybox", ["sleep", "1000"], name="listed", labels={"tint": "blue"}, detach=True)
    assert [one.id for one in client.containers.list(filters={"label": "tint=blue"})] == [container.id]
    container.reload()
    assert (container.status, container.name) == ("running", "listed")
    assert container.image.tags == ["busybox:latest"]


def test_kill_and_stop(client):
    container = client.containers.run("busybox", ["sleep", "1000"], detach=True)
    container.kill("SIGKILL")
    assert container.wait()["StatusCode"] == 137
    container.start()
    container.stop(timeout=0)
    eventually(lambda: (container.reload(), container.status)[1] == "exited")


def test_ports(client):
    container = client.containers.run("busybox", ["sleep", "1000"], ports={"80/tcp": None}, detach=True)
    container.reload()
    assert int(container.ports["80/tcp"][0]["HostPort"]) > 0


def test_images(client, images):
    assert "busybox:latest" in client.images.get("busybox").tags
    assert {"busybox:latest", "debian:latest"} <= {tag for image in client.images.list() for tag in image.tags}
    with open(images["busybox"], "rb") as archive:
        assert client.images.load(archive)[0].tags == ["busybox:latest"]


def test_version_and_info(client):
    assert client.ping()
    assert client.version()["Os"] == "linux"
    assert client.info()["Containers"] >= 0


def test_an_unknown_container_is_not_found(client):
    with pytest.raises(docker.errors.NotFound, match="No such container: nothing"):
        client.containers.get("nothing")
