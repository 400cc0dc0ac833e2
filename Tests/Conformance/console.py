"""A terminal that a runtime hands over through --console-socket."""

import array
import contextlib
import os
import socket


@contextlib.contextmanager
def console_socket(path):
    """A listening socket at `path`."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        listener.settimeout(10)
        yield listener


@contextlib.contextmanager
def received(listener):
    """The descriptor that somebody sends."""
    connection, _ = listener.accept()
    with connection:
        fds, _, _ = descriptors(connection)
    try:
        yield fds[0]
    finally:
        for fd in fds:
            os.close(fd)


def descriptors(connection, size=65536, most=8):
    """One message's descriptors, its data and its flags."""
    data, ancillary, flags, _ = connection.recvmsg(size, socket.CMSG_SPACE(most * 4))
    fds = array.array("i")
    for level, kind, content in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            fds.frombytes(content[: len(content) - len(content) % fds.itemsize])
    return list(fds), data, flags


def read_to_end(fd):
    """All that is written to the terminal until its last user has closed it."""
    text = b""
    with contextlib.suppress(OSError):  # EIO, when nobody has the other side any more
        while part := os.read(fd, 4096):
            text += part
    return text.decode()
