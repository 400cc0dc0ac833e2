"""Requests over one connection that is kept: raw, so that the client costs next to nothing."""

import json
import socket


class Connection:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(path))
        self.rest = b""

    def fileno(self):
        return self.socket.fileno()

    def send(self, method, target, body=None):
        content = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {target} HTTP/1.1\r\nHost: docker\r\nContent-Type: application/json\r\n"
        self.socket.sendall(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content)

    def receive(self):
        """The body of the next answer, which is of a known length, in chunks, or none."""
        head = self.until(b"\r\n\r\n").lower()
        status = int(head.split()[1])
        if status >= 400:
            raise SystemExit(f"{status}: {self.rest.decode(errors='replace')}")
        if b"transfer-encoding: chunked" in head:
            return self.chunks()
        lengths = [int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.startswith(b"content-length")]
        return self.exactly(lengths[0] if lengths and status != 304 else 0)

    def ask(self, method, target, body=None):
        self.send(method, target, body)
        return self.receive()

    def chunks(self):
        body = b""
        while size := int(self.until(b"\r\n"), 16):
            body += self.exactly(size)
            self.until(b"\r\n")
        self.until(b"\r\n")
        return body

    def until(self, mark):
        while mark not in self.rest:
            self.more()
        piece, _, self.rest = self.rest.partition(mark)
        return piece

    def exactly(self, length):
        while len(self.rest) < length:
            self.more()
        piece, self.rest = self.rest[:length], self.rest[length:]
        return piece

    def more(self):
        piece = self.socket.recv(1 << 20)
        if not piece:
            raise SystemExit("the daemon closed the connection")
        self.rest += piece

    def close(self):
        self.socket.close()
