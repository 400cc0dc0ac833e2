"""The configuration that tests start from: what `runc spec` asks for, without a terminal and with a writable root."""

CAPABILITIES = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"]
NAMESPACES = ["pid", "network", "ipc", "uts", "mount", "cgroup"]
MASKED = ["/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/timer_list", "/sys/firmware"]
READ_ONLY = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]


def configuration(id):
    return {
        "ociVersion": "1.0.2",
        "process": {
            "user": {"uid": 0, "gid": 0},
            "args": ["/bin/true"],
            "env": ["PATH=/usr/bin:/bin", "TERM=xterm"],
            "cwd": "/",
            "capabilities": {set: list(CAPABILITIES) for set in ("bounding", "effective", "permitted")},
            "noNewPrivileges": True,
        },
        "root": {"path": "rootfs"},
        "hostname": "conformance",
        "mounts": mounts(),
        "linux": {
            "cgroupsPath": f"/{id}",
            "resources": {"devices": [{"allow": False, "access": "rwm"}]},
            "namespaces": [{"type": type} for type in NAMESPACES],
            "maskedPaths": list(MASKED),
            "readonlyPaths": list(READ_ONLY),
        },
    }


def mounts():
    def mount(destination, type, source, *options):
        return {"destination": destination, "type": type, "source": source, "options": list(options)}

    closed = ("nosuid", "noexec", "nodev")
    return [
        mount("/proc", "proc", "proc"),
        mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
        mount("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"),
        mount("/dev/shm", "tmpfs", "shm", *closed, "mode=1777", "size=65536k"),
        mount("/dev/mqueue", "mqueue", "mqueue", *closed),
        mount("/sys", "sysfs", "sysfs", *closed, "ro"),
        mount("/sys/fs/cgroup", "cgroup", "cgroup", *closed, "relatime", "ro"),
    ]
