"""The real `docker` command, pointed at one engine; and Podman, which is driven alike."""

import json
import os
import subprocess

import pexpect


class EngineCommand:
    """A command with docker's subcommands and options."""

    program = ()
    environment = None
    folder = None  # where it is run; None: here
    remove = ("rm", "--force")

    def command(self, arguments):
        return [*self.program, *arguments]

    def run(self, *arguments, input=None, timeout=60):
        """Runs to the end and gives exit status, standard output and standard error, as text."""
        return subprocess.run(
            self.command(arguments), env=self.environment, cwd=self.folder, input=input, capture_output=True, text=True,
            timeout=timeout,
        )

    def __call__(self, *arguments, input=None, timeout=60):
        """Runs to success and gives the standard output without its last line end."""
        done = self.run(*arguments, input=input, timeout=timeout)
        assert done.returncode == 0, f"{self.program[0]} {' '.join(arguments)}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout.removesuffix("\n")

    def open(self, *arguments, stdin=subprocess.DEVNULL):
        """Starts it with pipes and leaves it running."""
        return subprocess.Popen(
            self.command(arguments), env=self.environment, cwd=self.folder, stdin=stdin, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )

    def terminal(self, *arguments, rows=24, columns=80):
        """Starts it on a terminal of its own."""
        program, *rest = self.command(arguments)
        return pexpect.spawn(
            program, rest, env=self.environment, cwd=self.folder, dimensions=(rows, columns), encoding="utf-8", timeout=20
        )

    def inspect(self, name):
        return json.loads(self("inspect", "--type", "container", name))[0]

    def state(self, name):
        return self.inspect(name)["State"]


class DockerCommand(EngineCommand):
    program = ("docker",)

    def __init__(self, host, configuration, runtime=None):
        """`runtime`: the OCI runtime for what it creates; the engine's default if None."""
        self.runtime = runtime
        # A configuration folder of its own: contexts and credentials of whoever runs the tests do not count.
        self.environment = {**os.environ, "DOCKER_HOST": host, "DOCKER_CONFIG": str(configuration)}
        for name in ("DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_API_VERSION"):
            self.environment.pop(name, None)

    def command(self, arguments):
        if self.runtime and arguments[0] in ("run", "create"):
            arguments = [arguments[0], "--runtime", self.runtime, *arguments[1:]]
        return super().command(arguments)
