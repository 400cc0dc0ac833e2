"""The OCI runtime under test, whichever it is, by the command line that runc has and the others took over."""

import dataclasses
import json
import os
import pathlib
import subprocess

TIMEOUT = 30  # seconds; a runtime that needs more than this for one command hangs


@dataclasses.dataclass
class Done:
    """A command that has ended."""

    arguments: list
    status: int
    output: str
    errors: str

    @property
    def failed(self):
        return self.status != 0

    def succeeded(self):
        assert not self.failed, f"{' '.join(self.arguments)}: exit status {self.status}: {self.errors}"
        return self


class OCIRuntime:
    def __init__(self, path, root):
        self.path = pathlib.Path(path).absolute()
        self.name = self.path.name
        self.root = root

    def command(self, *arguments):
        return [str(self.path), "--root", str(self.root), *map(str, arguments)]

    def __call__(self, *arguments, output=None, errors=None, third=None, **options):
        """Runs it to its end. A container that outlives the command needs files for `output` and `errors`, not pipes.

        `third` is an open file that the command gets as its descriptor 3, the first one that --preserve-fds keeps.
        """
        command = self.command(*arguments)
        if third is not None:
            command = ["bash", "-c", f'exec "$@" 3<&{third}', "bash", *command]
            options["pass_fds"] = [third]
        # In a session of its own: a hook that signals its process group does not reach the tests.
        defaults = {"stdin": subprocess.DEVNULL, "timeout": TIMEOUT, "text": True, "errors": "replace"}
        options = defaults | {"start_new_session": True} | options
        if "input" in options:
            del options["stdin"]
        done = subprocess.run(
            command, stdout=output or subprocess.PIPE, stderr=errors or subprocess.PIPE, **options
        )
        return Done(done.args, done.returncode, done.stdout or "", done.stderr or "")

    def begin(self, *arguments, **options):
        """Starts it and does not wait."""
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | options
        return subprocess.Popen(self.command(*arguments), start_new_session=True, **options)

    def features(self):
        """What it says of itself; None if it does not know the question."""
        done = self("features")
        return None if done.failed else json.loads(done.output)

    def known(self):
        """The ids of its containers, from its state directory: `list` of some runtimes skips what it cannot read."""
        if not self.root.is_dir():
            return set()
        return {entry for entry in os.listdir(self.root) if not entry.startswith(".")}
