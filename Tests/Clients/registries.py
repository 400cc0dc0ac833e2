"""Registries on loopback: Debian's docker-registry, and one that does whatever a test wants."""

import contextlib
import hashlib
import http.server
import json
import pathlib
import socket
import subprocess
import tarfile
import threading
import urllib.error
import urllib.request

import archives
from polling import eventually

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
INDEX = "application/vnd.docker.distribution.manifest.list.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"


def digest(data):
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def descriptor(media_type, data, **members):
    return {"mediaType": media_type, "digest": digest(data), "size": len(data), **members}


class Image:
    """A configuration, layers and the manifest that names them."""

    def __init__(self, layers, config=None, packed=None):
        self.config = config or archives.configuration(*layers)
        self.packed = packed or [archives.gzipped(layer) for layer in layers]
        self.manifest = {
            "schemaVersion": 2, "mediaType": MANIFEST, "config": descriptor(CONFIG, self.config),
            "layers": [descriptor(LAYER, data) for data in self.packed],
        }

    @classmethod
    def from_archive(cls, path):
        """The image of an archive of `docker save`."""
        with tarfile.open(path) as archive:
            def read(name):
                return archive.extractfile(name).read()

            manifest = json.loads(read("manifest.json"))[0]
            return cls([read(name) for name in manifest["Layers"]], read(manifest["Config"]))

    @property
    def id(self):
        return digest(self.config)

    @property
    def bytes(self):
        return json.dumps(self.manifest).encode()


def small(text, *more):
    """An image of tiny layers, one per text."""
    return Image([archives.tar([("file", part.encode())]) for part in (text, *more)])


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class DebianRegistry:
    """docker-registry with its data in `folder`; with a name and a password if they are given."""

    def __init__(self, folder, login=None):
        self.folder = pathlib.Path(folder)
        self.login = login
        self.port = free_port()
        self.host = f"127.0.0.1:{self.port}"

    def __enter__(self):
        config = {
            "version": 0.1, "log": {"level": "warn"}, "http": {"addr": self.host},
            "storage": {"filesystem": {"rootdirectory": str(self.folder / "data")}, "delete": {"enabled": True}},
        }
        if self.login:
            users = subprocess.run(["htpasswd", "-Bbn", *self.login], check=True, capture_output=True, text=True).stdout
            (self.folder / "users").write_text(users)
            config["auth"] = {"htpasswd": {"realm": "test", "path": str(self.folder / "users")}}
        path = self.folder / "config.yml"
        path.write_text(json.dumps(config))  # which is YAML as well
        with (self.folder / "registry.log").open("wb") as log:
            self.process = subprocess.Popen(["docker-registry", "serve", path], stdout=log, stderr=log)
        eventually(self.answers, within=20, what="the registry answers")
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait(10)

    def answers(self):
        try:
            self.call("GET", "/v2/")
        except OSError:
            return False
        return True

    def call(self, method, path, data=None, **headers):
        url = path if path.startswith("http") else f"http://{self.host}{path}"
        request = urllib.request.Request(url, data, headers, method=method)
        if self.login:
            passwords = urllib.request.HTTPPasswordMgrWithPriorAuth()
            passwords.add_password(None, f"http://{self.host}/", *self.login, is_authenticated=True)
            opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(passwords))
        else:
            opener = urllib.request.build_opener()
        with opener.open(request, timeout=20) as answer:
            return answer.headers, answer.read()

    def put(self, name, image, tag="latest"):
        """Stores the image and gives the digest of its manifest."""
        for data in (image.config, *image.packed):
            self.put_blob(name, data)
        return self.put_manifest(name, tag, image.bytes, image.manifest["mediaType"])

    def put_blob(self, name, data):
        headers, _ = self.call("POST", f"/v2/{name}/blobs/uploads/", b"")
        location = headers["Location"]
        self.call("PUT", f"{location}{'&' if '?' in location else '?'}digest={digest(data)}", data,
                  **{"Content-Type": "application/octet-stream"})

    def put_manifest(self, name, tag, data, media_type):
        self.call("PUT", f"/v2/{name}/manifests/{tag}", data, **{"Content-Type": media_type})
        return digest(data)

    def manifest(self, name, reference):
        headers, data = self.call("GET", f"/v2/{name}/manifests/{reference}", Accept=f"{MANIFEST}, {INDEX}")
        return headers["Content-Type"], data


class HostileRegistry:
    """Serves what it was given, except where `rules` say otherwise: functions of the request's handler that give
    whether they answered it."""

    def __init__(self, tls=None):
        """`tls`: an ssl.SSLContext."""
        self.tls = tls
        self.blobs = {}
        self.manifests = {}
        self.rules = []
        self.requests = []
        self.stop = threading.Event()

    def __enter__(self):
        registry = self

        class Handler(Answers):
            def do_GET(self):
                registry.requests.append((self.command, self.path, dict(self.headers)))
                with contextlib.suppress(ConnectionError):
                    registry.answer(self)

            do_HEAD = do_POST = do_PUT = do_GET

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if self.tls:
            # Each connection's own thread shakes hands.
            self.server.socket = self.tls.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def put(self, name, image, tag="latest", media_type=None):
        for data in (image.config, *image.packed):
            self.blobs[digest(data)] = data
        return self.put_manifest(tag, image.bytes, media_type or image.manifest["mediaType"])

    def put_manifest(self, tag, data, media_type):
        self.manifests[tag] = self.manifests[digest(data)] = (media_type, data)
        return digest(data)

    def answer(self, handler):
        if any(rule(handler) for rule in self.rules):
            return
        last = handler.path.split("?")[0].rsplit("/", 1)[-1]
        if handler.path == "/v2/":
            handler.give(200, b"{}")
        elif "/manifests/" in handler.path and last in self.manifests:
            media_type, data = self.manifests[last]
            handler.give(200, data, **{"Content-Type": media_type, "Docker-Content-Digest": digest(data)})
        elif "/blobs/" in handler.path and last in self.blobs:
            handler.give_range(self.blobs[last])
        else:
            code = "MANIFEST_UNKNOWN" if "/manifests/" in handler.path else "BLOB_UNKNOWN"
            handler.give(404, json.dumps({"errors": [{"code": code, "message": code.lower().replace("_", " ")}]}).encode())

    def asked(self, part):
        """The headers of all requests whose path has `part` in it."""
        return [headers for _, path, headers in self.requests if part in path]


class Proxy:
    """Tunnels to where `hosts` says that a `name:port` is, and to nowhere else."""

    def __init__(self, hosts, login=None):
        self.hosts = hosts
        self.login = login
        self.asked = []

    def __enter__(self):
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_CONNECT(self):
                proxy.asked.append(self.path)
                if proxy.login and self.headers.get("Proxy-Authorization") != proxy.login:
                    return self.send_error(407)
                if self.path not in proxy.hosts:
                    return self.send_error(502)
                with socket.create_connection(proxy.hosts[self.path]) as there:
                    self.send_response(200)
                    self.end_headers()
                    back = threading.Thread(target=pipe, args=(there, self.connection))
                    back.start()
                    pipe(self.connection, there)
                    back.join()
                self.close_connection = True

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def pipe(source, target):
    """Copies until one of them ends."""
    with contextlib.suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


class Answers(http.server.BaseHTTPRequestHandler):
    """Ways to answer."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def give(self, status, data=b"", **headers):
        self.send_response(status)
        for name, value in {"Content-Length": len(data), **headers}.items():
            self.send_header(name, str(value))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)
        return True

    def give_range(self, data):
        if wanted := self.headers.get("Range"):
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
            return self.give(206, data[start:], **{"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"})
        return self.give(200, data)

    def break_off(self, data, count):
        """Announces everything and sends `count` bytes of it."""
        self.give(200, b"", **{"Content-Length": len(data)})
        self.wfile.write(data[:count])
        self.wfile.flush()
        self.close_connection = True
        return True

    def reset(self):
        """Lets the kernel send a reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.connection.close()
        self.close_connection = True
        return True
