"""A seccomp agent: gets the listeners of filters that notify, and answers for the kernel."""

import contextlib
import errno
import fcntl
import json
import os
import select
import socket
import struct
import threading

from console import descriptors

# linux/seccomp.h: struct seccomp_notif, struct seccomp_notif_resp and their ioctls
NOTIFICATION, RESPONSE = struct.Struct("=QIIiIQ6Q"), struct.Struct("=QqiI")
RECEIVE, SEND = 0xC0502100, 0xC0182101
CONTINUE = 1


def whole(data):
    """The document, if that is what `data` is."""
    with contextlib.suppress(ValueError):
        return json.loads(data)


class Agent:
    """`states` are those that came, one of each connection; `calls` the numbers of the calls that were notified of.

    `closed` says how many of the connections the runtime has closed. `answer(number)` says which error a call gets; None lets it happen.
    """

    def __init__(self, path, answer=lambda number: None):
        self.path, self.answer = path, answer
        self.states, self.calls, self.fds, self.failures = [], [], [], []
        self.closed = 0
        self.ended = False
        self.threads = []

    @contextlib.contextmanager
    def listening(self):
        with socket.socket(socket.AF_UNIX) as self.listener:
            self.listener.bind(str(self.path))
            self.listener.listen()
            self.listener.settimeout(0.1)
            self.begin(self.accept)
            try:
                yield self
            finally:
                self.ended = True
                for thread in self.threads:
                    thread.join()
                for fd in self.fds:
                    os.close(fd)
        assert not self.failures, self.failures

    def begin(self, work, *arguments):
        def guarded():
            try:
                work(*arguments)
            except Exception as error:  # told when all is over
                self.failures.append(repr(error))

        self.threads.append(threading.Thread(target=guarded))
        self.threads[-1].start()

    def accept(self):
        while not self.ended:
            with contextlib.suppress(TimeoutError):
                connection, _ = self.listener.accept()
                self.begin(self.take, connection)

    def take(self, connection):
        with connection:
            connection.settimeout(5)
            fds, data, _ = descriptors(connection)
            self.fds += fds
            while (state := whole(data)) is None:
                data += connection.recv(65536)
            assert len(fds) == 1
            self.begin(self.serve, fds[0])
            self.states.append(state)
            connection.settimeout(0.1)
            while not self.ended:
                with contextlib.suppress(TimeoutError):
                    assert not connection.recv(1), "more than one state"
                    self.closed += 1
                    return

    def serve(self, fd):
        poll = select.poll()
        poll.register(fd, select.POLLIN)
        while not self.ended:
            for _, events in poll.poll(100):
                if events & select.POLLHUP:
                    return  # nobody has the filter any more
                with contextlib.suppress(FileNotFoundError):  # a process that was killed meanwhile
                    self.reply(fd)

    def reply(self, fd):
        request = bytearray(NOTIFICATION.size)
        fcntl.ioctl(fd, RECEIVE, request)
        id, _, _, number, *_ = NOTIFICATION.unpack(request)
        self.calls.append(number)
        error = self.answer(number)
        answer = RESPONSE.pack(id, 0, 0, CONTINUE) if error is None else RESPONSE.pack(id, 0, -error, 0)
        try:
            fcntl.ioctl(fd, SEND, answer)
        except OSError as failure:
            if failure.errno != errno.ENOENT:
                raise
