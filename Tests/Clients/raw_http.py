"""HTTP over an engine's unix socket without a library that knows what is proper: hostile requests pass as they are."""

import contextlib
import http.client
import json
import socket
import urllib.parse


class Answer:
    def __init__(self, response, body):
        self.status = response.status
        self.headers = response.headers
        self.body = body

    def json(self):
        return json.loads(self.body)

    def lines(self):
        """What a stream of JSON values held."""
        return [json.loads(line) for line in self.body.splitlines()]


class RawHTTP:
    def __init__(self, host, timeout=20):
        self.path = host.removeprefix("unix://")
        self.timeout = timeout

    def connect(self):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(self.timeout)
        connection.connect(self.path)
        return connection

    def __call__(self, method, target, query=None, body=b"", headers=None, head_only=False):
        """Sends one request and reads the answer: of a stream that may have no end, `head_only`.

        `target` is sent as it is; `query` are the parameters as pairs or a dictionary; a `body` that is not bytes is
        sent as JSON."""
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if query:
            target += "?" + urllib.parse.urlencode(query, doseq=True, errors="surrogateescape")
        fields = {"Host": "engine", "Content-Length": len(body), "Connection": "close", **(headers or {})}
        if body:
            fields.setdefault("Content-Type", "application/json")
        head = f"{method} {target} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        return self.exchange(head.encode("utf-8", "surrogateescape") + b"\r\n" + body, method, head_only)

    def exchange(self, message, method="GET", head_only=False):
        with self.connect() as connection:
            # An engine may refuse before it has read everything: its answer counts.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(message)
            response = http.client.HTTPResponse(connection, method=method)
            response.begin()
            return Answer(response, b"" if head_only and response.status < 400 else response.read())
