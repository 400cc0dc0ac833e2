"""Image archives, right and wrong: `docker save`'s layout and the OCI image layout, made in memory."""

import gzip
import hashlib
import io
import json
import tarfile


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def encoded(value):
    return json.dumps(value).encode()


def gzipped(data):
    """Stored, not compressed: layers of one size give blobs of one size."""
    return gzip.compress(data, compresslevel=0, mtime=0)


def zstandard(data):
    """A frame of RFC 8878 with its blocks stored, not compressed."""
    limit = 128 << 10
    blocks = [data[start:start + limit] for start in range(0, len(data), limit)] or [b""]
    frame = b"\x28\xb5\x2f\xfd" + bytes([0, 7 << 3])  # a window of 128 KiB, no checksum
    for index, block in enumerate(blocks):
        frame += (len(block) << 3 | (index == len(blocks) - 1)).to_bytes(3, "little") + block
    return frame


def tar(entries):
    """A tar of `entries`: a name and bytes for a file, or a ready-made TarInfo and bytes or None."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in entries:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            if data is not None:
                info.size = len(data)
            archive.addfile(info, io.BytesIO(data or b""))
    return out.getvalue()


def link(name, target, kind=tarfile.SYMTYPE):
    """An entry for `tar`: a symbolic link, or the kind that is asked for."""
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = target
    return info, None


def hard_link(name, target):
    return link(name, target, tarfile.LNKTYPE)


def configuration(*layers, command=("/true",)):
    return encoded({
        "architecture": "amd64",
        "os": "linux",
        "created": "2026-01-01T00:00:00Z",
        "config": {"Cmd": list(command)},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{sha256(layer)}" for layer in layers]},
        "history": [{"created": "2026-01-01T00:00:00Z", "created_by": "archives.py"} for _ in layers],
    })


def docker_archive(name, *layers, config=None, manifest=None):
    """What `docker save` writes; `config` and `manifest` replace the right ones."""
    config = config or configuration(*layers)
    config_name = f"{sha256(config)}.json"
    names = [f"{sha256(layer)}/layer.tar" for layer in layers]
    manifest = manifest or [{"Config": config_name, "RepoTags": [name], "Layers": names}]
    return tar([*zip(names, layers), (config_name, config), ("manifest.json", encoded(manifest))])


def oci_layout(name, *layers, blob_of_first_layer=None):
    """An OCI image layout with gzipped layers; the first one's blob can be that of another layer of the same size."""
    blobs = {}

    def blob(data, media_type, **extra):
        digest = sha256(data)
        blobs[f"blobs/sha256/{digest}"] = data
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(data), **extra}

    config = configuration(*layers)
    packed = [gzipped(layer) for layer in layers]
    manifest = encoded({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": blob(config, "application/vnd.oci.image.config.v1+json"),
        "layers": [blob(data, "application/vnd.oci.image.layer.v1.tar+gzip") for data in packed],
    })
    annotations = {"io.containerd.image.name": f"docker.io/library/{name}", "org.opencontainers.image.ref.name": "latest"}
    index = encoded({
        "schemaVersion": 2,
        "manifests": [blob(manifest, "application/vnd.oci.image.manifest.v1+json", annotations=annotations)],
    })
    if blob_of_first_layer is not None:
        blobs[f"blobs/sha256/{sha256(packed[0])}"] = gzipped(blob_of_first_layer)
    return tar([("oci-layout", encoded({"imageLayoutVersion": "1.0.0"})), ("index.json", index), *blobs.items()])
