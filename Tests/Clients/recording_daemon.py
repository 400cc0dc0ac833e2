"""A daemon that answers every request of the proa command with something fitting, and keeps what it was asked."""

import contextlib
import http.server
import json
import socketserver
import threading

ID = "a" * 64
CONTAINER = {
    "Id": ID, "Name": "/c", "Created": "2026-01-01T00:00:00Z", "State": {"Status": "running", "Running": True},
    "HostConfig": {"AutoRemove": False}, "Config": {"Tty": False, "OpenStdin": True, "Image": "i"}, "Image": "i",
}
SUMMARY = {
    "Id": ID, "Names": ["/c"], "Image": "i", "ImageID": "sha256:" + "b" * 64, "Command": "a command of many letters",
    "Created": 1, "Ports": [], "Labels": {}, "State": "running", "Status": "Up", "HostConfig": {}, "Mounts": [],
}
IMAGE = {
    "Id": "sha256:" + "b" * 64, "RepoTags": ["i:latest"], "RepoDigests": ["i@sha256:" + "c" * 64], "Created": 1,
    "Size": 1, "Labels": {}, "Containers": -1, "ParentId": "", "SharedSize": -1,
}
ANSWERS = {  # by method and the end of the path
    ("POST", "/containers/create"): {"Id": ID, "Warnings": []},
    ("GET", "/containers/json"): [SUMMARY],
    ("GET", "/c/json"): CONTAINER,
    ("POST", "/update"): {"Warnings": []},
    ("POST", "/wait"): {"StatusCode": 0},
    ("POST", "/exec"): {"Id": "e"},
    ("GET", "/e/json"): {"ID": "e", "ExitCode": 0, "Running": False},
    ("GET", "/images/json"): [IMAGE],
    ("DELETE", "/images/c"): [{"Untagged": "c"}],
    ("POST", "/images/create"): {"status": "Pulled"},
    ("POST", "/images/load"): {"status": "Loading"},
    ("GET", "/version"): {"Version": "1", "ApiVersion": "1.51", "Os": "linux", "Arch": "amd64"},
    ("GET", "/info"): {"ID": "x", "Containers": 1},
}


class Handler(http.server.BaseHTTPRequestHandler):
    def serve(self):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length).decode() if length else self.chunks()
        if not self.path.startswith("/_ping"):
            self.server.requests.append((self.command, self.path, body))
        if self.headers.get("Upgrade"):
            self.wfile.write(b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n")
            self.close_connection = True
            return
        self.answer()

    def chunks(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return ""
        while (size := int(self.rfile.readline(), 16)) > 0:
            self.rfile.read(size + 2)
        self.rfile.readline()
        return "an archive"

    def answer(self):
        path = self.path.partition("?")[0]
        found = [answer for (method, end), answer in ANSWERS.items() if method == self.command and path.endswith(end)]
        content = json.dumps(found[0]).encode() if found else b""
        self.send_response(200 if found or self.path.startswith("/_ping") or path.endswith("/logs") else 204)
        self.send_header("Api-Version", "1.51")
        if found or self.path.startswith("/_ping") or path.endswith("/logs"):
            self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Type", "application/json")
        with contextlib.suppress(ConnectionError):  # a client that has its answer does not wait for the end of it
            self.end_headers()
            self.wfile.write(content)

    do_GET = do_POST = do_DELETE = do_HEAD = serve
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        """Nothing: pytest shows what fails."""

    def address_string(self):
        return "unix"


class RecordingDaemon(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True

    def __init__(self, path):
        self.requests = []
        super().__init__(str(path), Handler)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self):
        self.shutdown()
        self.server_close()
