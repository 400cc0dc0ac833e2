"""containerd on folders of its own, and its command `ctr` with one OCI runtime under the shim `io.containerd.runc.v2`."""

import contextlib
import os
import subprocess

from docker_command import EngineCommand
from polling import eventually

CONFIGURATION = """
version = 2
root = "{folder}/root"
state = "{folder}/state"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
[grpc]
  address = "{folder}/containerd.sock"
"""


class ContainerdCommand(EngineCommand):
    program = ("ctr",)

    def __init__(self, folder, runtime=None):
        self.runtime = runtime
        self.environment = {**os.environ, "CONTAINERD_ADDRESS": str(folder / "containerd.sock")}

    def command(self, arguments):
        if arguments[0] == "run":
            arguments = ["run", "--runc-binary", str(self.runtime), *arguments[1:]]
        return super().command(arguments)

    def status(self, container):
        """Of its task; None if there is none."""
        tasks = dict(line.split()[0:3:2] for line in self("tasks", "ls").splitlines()[1:])
        return tasks.get(container)

    def metrics(self, container):
        lines = self("tasks", "metrics", container).splitlines()
        return dict(line.split(maxsplit=1) for line in lines if len(line.split(maxsplit=1)) == 2)

    def remove_all(self):
        for container in self("containers", "ls", "--quiet").split():
            self.run("tasks", "delete", "--force", container)  # it may have none
            self("containers", "rm", container)


@contextlib.contextmanager
def containerd(folder, archive, runtimes):
    """Gives a function: runtime's name → command."""
    configuration = folder / "config.toml"
    configuration.write_text(CONFIGURATION.format(folder=folder))
    with (folder / "containerd.log").open("w") as log:
        daemon = subprocess.Popen(["containerd", "--config", str(configuration)], stdout=log, stderr=log)
    try:
        command = ContainerdCommand(folder)
        eventually(lambda: command.run("version").returncode == 0, what="containerd answers")
        command("images", "import", str(archive))
        yield lambda runtime: ContainerdCommand(folder, runtimes[runtime])
    finally:
        daemon.terminate()
        daemon.wait(20)
