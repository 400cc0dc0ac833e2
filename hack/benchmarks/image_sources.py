"""Where the images of the benchmark come from: layers of a given size, Debian's docker-registry, archives."""

import hashlib
import io
import json
import random
import socket
import subprocess
import tarfile
import time
import urllib.request
import zlib

MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = "application/vnd.docker.container.image.v1+json"
LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"
FOLDER_FILES = 100  # in one folder


def layer(number, files, size):
    """A tar archive of so many files of so many bytes, of which half are random: gzip makes about half of it."""
    source, output = random.Random(number), io.BytesIO()
    with tarfile.open(fileobj=output, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for index in range(files):
            data = source.randbytes(size // 2)
            data += (b"%d what is written again and again\n" % index * (size // 30))[:size - len(data)]
            member = tarfile.TarInfo(f"layer{number}/{index // FOLDER_FILES}/file{index}")
            member.size, member.mtime = len(data), 1_700_000_000
            archive.addfile(member, io.BytesIO(data))
    return output.getvalue()


def gzipped(data):
    packer = zlib.compressobj(6, wbits=31)
    return packer.compress(data) + packer.flush()


def digest(data):
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def configuration(diff_ids, **labels):
    return json.dumps({
        "architecture": {"x86_64": "amd64", "aarch64": "arm64"}[machine()], "os": "linux", "config": {"Labels": labels},
        "rootfs": {"type": "layers", "diff_ids": diff_ids},
        "history": [{"created": "2026-01-01T00:00:00Z", "created_by": "bench"} for _ in diff_ids],
    }).encode()


def machine():
    return subprocess.run(["uname", "-m"], check=True, capture_output=True, text=True).stdout.strip()


class Registry:
    """docker-registry with its data in `folder`."""

    def __init__(self, folder):
        with socket.create_server(("127.0.0.1", 0)) as server:
            self.host = f"127.0.0.1:{server.getsockname()[1]}"
        self.folder = folder

    def __enter__(self):
        self.folder.mkdir()
        config = {"version": 0.1, "log": {"level": "error"}, "http": {"addr": self.host},
                  "storage": {"filesystem": {"rootdirectory": str(self.folder / "data")}}}
        (self.folder / "config.yml").write_text(json.dumps(config))  # which is YAML as well
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(["docker-registry", "serve", self.folder / "config.yml"], stdout=log, stderr=log)
        deadline = time.monotonic() + 20
        while not self.answers():
            if time.monotonic() > deadline:
                raise SystemExit("docker-registry does not answer")
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait(10)

    def answers(self):
        try:
            return self.call("GET", "/v2/")
        except OSError:
            return None

    def call(self, method, path, data=None, media_type="application/octet-stream"):
        url = path if path.startswith("http") else f"http://{self.host}{path}"
        request = urllib.request.Request(url, data, {"Content-Type": media_type}, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.headers

    def put(self, name, layers):
        """An image of these layers, each given when it is asked for. Gives the name to pull it by, and its compressed bytes."""
        diff_ids, descriptors = [], []
        for data in layers:
            diff_ids.append(digest(data))
            descriptors.append(self.put_blob(name, gzipped(data), LAYER))
        config = self.put_blob(name, configuration(diff_ids), CONFIG)
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": descriptors}
        self.call("PUT", f"/v2/{name}/manifests/latest", json.dumps(manifest).encode(), MANIFEST)
        return f"{self.host}/{name}:latest", sum(each["size"] for each in descriptors)

    def put_blob(self, name, data, media_type):
        place = self.call("POST", f"/v2/{name}/blobs/uploads/", b"")["Location"]
        self.call("PUT", f"{place}{'&' if '?' in place else '?'}digest={digest(data)}", data)
        return {"mediaType": media_type, "digest": digest(data), "size": len(data)}


def many_images(path, count):
    """An archive for `docker load` of so many images that have one layer together."""
    data = layer(0, 1, 100)
    manifests = []
    with tarfile.open(path, "w") as archive:
        def add(name, content):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))

        add("layer.tar", data)
        for number in range(count):
            config = configuration([digest(data)], number=str(number))
            add(f"{digest(config)[7:]}.json", config)
            manifests.append({"Config": f"{digest(config)[7:]}.json", "RepoTags": [f"many/image{number}:latest"],
                              "Layers": ["layer.tar"]})
        add("manifest.json", json.dumps(manifests).encode())
