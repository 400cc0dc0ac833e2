"""Attach over a WebSocket, with the client that docker-py has for it."""

import socket

import pytest

websocket = pytest.importorskip("websocket", reason="requirements.txt has grown: hack/test installs what is new")


@pytest.fixture
def attach(engine):
    """Opens a WebSocket on a container; docker-py's own call finds none on a unix socket."""
    opened = []

    def open_socket(container, query="stream=1&stdin=1&stdout=1&stderr=1", version="v1.41"):
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(engine.host.removeprefix("unix://"))
        connection.settimeout(20)
        url = f"ws://docker/{version}/containers/{container}/attach/ws?{query}"
        opened.append(websocket.create_connection(url, socket=connection, timeout=20))
        return opened[-1]

    yield open_socket
    for client in opened:
        client.shutdown()


def received(client):
    """All messages up to the close."""
    messages = []
    while True:
        opcode, data = client.recv_data()
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            return messages
        messages.append(data)


def test_output_of_both_streams_comes_without_frames_until_the_end(attach, dock):
    container = dock("run", "-di", "busybox", "sh", "-c", "read go; echo out; echo err >&2")
    client = attach(container)
    client.send_binary(b"go\n")
    assert b"".join(sorted(received(client))) == b"err\nout\n"


def test_input_goes_to_the_process(attach, dock):
    container = dock("run", "-di", "busybox", "sh", "-c", "read a; read b; echo $b $a")
    client = attach(container)
    client.send("one\n")
    client.send_binary(b"x" * 100_000 + b"\n")
    assert b"".join(received(client)) == b"x" * 100_000 + b" one\n"


def test_pings_are_answered_and_messages_may_come_in_pieces(attach, dock):
    container = dock("run", "-di", "busybox", "head", "-n", "1")
    client = attach(container)
    client.ping(b"hello?")
    assert client.recv_data_frame(control_frame=True)[1].data == b"hello?"
    for fin, opcode, data in ((0, 1, "in "), (0, 0, "pie"), (1, 0, "ces\n")):
        client.send_frame(websocket.ABNF.create_frame(data, opcode, fin))
    assert received(client) == [b"in pieces\n"]


def test_the_log_comes_before_the_stream(attach, dock):
    container = dock("run", "-d", "busybox", "sh", "-c", "echo one; echo two >&2")
    dock("wait", container)
    assert received(attach(container, "logs=1&stdout=1&stderr=1")) == [b"one\n", b"two\n"]
    assert received(attach(container, "logs=1&stdout=1")) == [b"one\n"]


@pytest.mark.parametrize("version, opcode", [("v1.27", websocket.ABNF.OPCODE_TEXT), ("v1.28", websocket.ABNF.OPCODE_BINARY)])
def test_messages_are_binary_since_1_28(attach, dock, version, opcode):
    container = dock("run", "-d", "busybox", "echo", "hi")
    dock("wait", container)
    assert attach(container, "logs=1&stdout=1", version).recv_data() == (opcode, b"hi\n")


def test_a_terminal_and_its_detach_keys(attach, dock):
    container = dock("run", "-dit", "busybox", "cat")
    client = attach(container, "stream=1&stdin=1&stdout=1&detachKeys=ctrl-x")
    client.send("hi\n")
    text = b""
    while text.count(b"hi\r\n") < 2:
        text += client.recv()
    client.send(b"\x18")
    received(client)
    assert dock.state(container)["Running"]


def test_a_client_that_closes_leaves_the_container_alone(attach, dock):
    container = dock("run", "-di", "busybox", "cat")
    client = attach(container)
    client.close()
    assert dock.state(container)["Running"]
    again = attach(container)
    again.send("still here\n")
    assert again.recv() == b"still here\n"


def test_refusals(attach, client, dock):
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        attach("no-such-container")
    assert refused.value.status_code == 404
    container = dock("create", "busybox")
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        attach(container, "stream=1&stdout=1&detachKeys=nonsense")
    assert refused.value.status_code == 400
    answer = client.api.get(f"{client.api.base_url}/containers/{container}/attach/ws?stream=1&stdout=1")
    assert answer.status_code == 400
    assert "not websocket protocol" in answer.text
