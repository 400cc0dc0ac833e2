"""The `proa` command as a client, pointed at one engine."""

import os

from docker_command import DockerCommand


class ProaCommand(DockerCommand):
    """The same calls as the docker command's, with proa's executable."""

    runtime = None

    def __init__(self, host, executable):
        self.environment = {**os.environ, "PROA_HOST": host}
        self.executable = executable
        self.program = (executable,)


def same(proa, dock, *arguments, input=None):
    """Both say the same, with the same exit code."""
    ours, theirs = (command.run(*arguments, input=input) for command in (proa, dock))
    assert (ours.returncode, ours.stdout) == (theirs.returncode, theirs.stdout)
    return theirs
