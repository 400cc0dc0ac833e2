"""OCI bundles to run: what `runc spec` writes, and what Docker would write, around a busybox root."""

import json
import os
import shutil
import subprocess
from pathlib import Path

BUSYBOX = "/bin/busybox"
# Debian's package golang-github-containers-common; the same allow list that Docker has.
SECCOMP_PROFILE = "/usr/share/containers/seccomp.json"
DEFAULT_CAPABILITIES = [
    "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID",
    "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL",
    "CAP_AUDIT_WRITE",
]


def make_rootfs(path: Path):
    """A root of busybox alone, with the folders that mounts need."""
    for folder in ["bin", "dev", "etc", "proc", "sys", "tmp"]:
        (path / folder).mkdir(parents=True, exist_ok=True)
    shutil.copy2(BUSYBOX, path / "bin/busybox")
    for applet in ["sh", "true", "sleep", "cat", "echo"]:
        os.symlink("busybox", path / "bin" / applet)


def spec_config(args):
    """The configuration that `runc spec` writes, without a terminal."""
    text = subprocess.run(
        ["sh", "-c", 'd=$(mktemp -d) && cd "$d" && runc spec && cat config.json && rm -r "$d"'],
        check=True, capture_output=True, text=True).stdout
    config = json.loads(text)
    config["process"]["terminal"] = False
    config["process"]["args"] = args
    return config


def docker_config(args):
    """The same with Docker's capabilities, masked paths and system call filter."""
    config = spec_config(args)
    for name in ["bounding", "effective", "permitted"]:
        config["process"]["capabilities"][name] = DEFAULT_CAPABILITIES
    config["process"]["capabilities"].pop("ambient", None)
    config["root"]["readonly"] = False
    config["linux"]["resources"]["pids"] = {"limit": 1000}
    config["linux"]["seccomp"] = resolved_profile(json.loads(Path(SECCOMP_PROFILE).read_text()))
    return config


def resolved_profile(profile):
    """The profile as an engine writes it for the default capabilities on x86-64."""
    granted = set(DEFAULT_CAPABILITIES)
    rules = []
    for rule in profile["syscalls"]:
        included, excluded = rule.get("includes") or {}, rule.get("excludes") or {}
        if included.get("arches") and "amd64" not in included["arches"] or "amd64" in excluded.get("arches", []):
            continue
        if not set(included.get("caps") or []) <= granted or set(excluded.get("caps") or []) & granted:
            continue
        rules.append({key: rule[key] for key in ["names", "action", "args", "errnoRet"] if rule.get(key)})
    return {
        "defaultAction": profile["defaultAction"],
        "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
        "syscalls": rules,
    }


def write_bundle(path: Path, config, identifier):
    """A bundle at `path` whose root is `path/../rootfs`."""
    path.mkdir(parents=True, exist_ok=True)
    config = json.loads(json.dumps(config))
    config["root"]["path"] = str(path.parent / "rootfs")
    config["linux"]["cgroupsPath"] = f"/proa-bench/{identifier}"
    (path / "config.json").write_text(json.dumps(config))


def remove_cgroups():
    """The parent that the bundles name, with what a runtime left below it (folders only: a cgroup's files go with it)."""
    for parent in Path("/sys/fs/cgroup").glob("*/proa-bench"):
        for path, _, _ in os.walk(parent, topdown=False):
            os.rmdir(path)
