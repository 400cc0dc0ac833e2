"""Podman with one OCI runtime, on folders of its own."""

import os

from docker_command import EngineCommand

# What Podman asks for by itself, more open files and processes, needs a capability that not every root has.
CONFIGURATION = """
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
netns = "none"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
"""


class PodmanCommand(EngineCommand):
    remove = ("rm", "--force", "--time", "0")  # which otherwise stops it first, and waits ten seconds

    def __init__(self, folder, runtime):
        self.folder = folder  # conmon leaves a file where it was started
        configuration = folder / "containers.conf"
        configuration.write_text(CONFIGURATION)
        self.environment = {**os.environ, "CONTAINERS_CONF": str(configuration)}
        self.program = (
            "podman", "--root", str(folder / "data"), "--runroot", str(folder / "run"), "--tmpdir", str(folder / "tmp"),
            "--runtime", str(runtime),
        )
