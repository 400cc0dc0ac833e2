"""The `proa` command as a client, pointed at one engine."""

import os
import subprocess

import pexpect
from docker_command import DockerCommand


class ProaCommand(DockerCommand):
    """The same calls as the docker command's, with proa's executable."""

    def __init__(self, host, executable):
        self.environment = {**os.environ, "PROA_HOST": host}
        self.executable = executable

    def run(self, *arguments, input=None, timeout=60):
        return subprocess.run(
            [self.executable, *arguments], env=self.environment, input=input, capture_output=True, text=True,
            timeout=timeout,
        )

    def terminal(self, *arguments, rows=24, columns=80):
        return pexpect.spawn(
            self.executable, list(arguments), env=self.environment, dimensions=(rows, columns), encoding="utf-8",
            timeout=20,
        )


def same(proa, dock, *arguments, input=None):
    """Both say the same, with the same exit code."""
    ours, theirs = (command.run(*arguments, input=input) for command in (proa, dock))
    assert (ours.returncode, ours.stdout) == (theirs.returncode, theirs.stdout)
    return theirs
