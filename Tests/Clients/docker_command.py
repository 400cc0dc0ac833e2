"""The real `docker` command, pointed at one engine."""

import json
import os
import subprocess

import pexpect


class DockerCommand:
    def __init__(self, host, configuration):
        # A configuration folder of its own: contexts and credentials of whoever runs the tests do not count.
        self.environment = {**os.environ, "DOCKER_HOST": host, "DOCKER_CONFIG": str(configuration)}
        for name in ("DOCKER_CONTEXT", "DOCKER_TLS_VERIFY", "DOCKER_API_VERSION"):
            self.environment.pop(name, None)

    def run(self, *arguments, input=None, timeout=60):
        """Runs to the end and gives exit status, standard output and standard error, as text."""
        return subprocess.run(
            ["docker", *arguments], env=self.environment, input=input, capture_output=True, text=True, timeout=timeout
        )

    def __call__(self, *arguments, input=None, timeout=60):
        """Runs to success and gives the standard output without its last line end."""
        done = self.run(*arguments, input=input, timeout=timeout)
        assert done.returncode == 0, f"docker {' '.join(arguments)}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout.removesuffix("\n")

    def open(self, *arguments, stdin=subprocess.DEVNULL):
        """Starts it with pipes and leaves it running."""
        return subprocess.Popen(
            ["docker", *arguments], env=self.environment, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True,
        )

    def terminal(self, *arguments, rows=24, columns=80):
        """Starts it on a terminal of its own."""
        return pexpect.spawn(
            "docker", list(arguments), env=self.environment, dimensions=(rows, columns), encoding="utf-8", timeout=20
        )

    def inspect(self, name):
        return json.loads(self("inspect", "--type", "container", name))[0]

    def state(self, name):
        return self.inspect(name)["State"]
