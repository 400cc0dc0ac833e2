"""A bundle around a busybox root, and what can be done with a container of it."""

import contextlib
import json
import os
import re
import shutil
import subprocess

import pytest
from configuration import configuration
from polling import eventually

BUSYBOX = "/bin/busybox"
FOLDERS = ["bin", "dev", "etc", "proc", "sys", "tmp", "mnt", "root"]
# What a runtime answers when it has not got an optional feature (config.md §Valid values lets it).
REFUSAL = re.compile(r"not (yet )?(supported|implemented)|unsupported|unknown namespace|is required", re.IGNORECASE)


def make_rootfs(path):
    """A root of busybox alone, with every command that it has."""
    for folder in FOLDERS:
        (path / folder).mkdir(parents=True)
    shutil.copy2(BUSYBOX, path / "bin/busybox")
    for command in subprocess.run([BUSYBOX, "--list"], capture_output=True, text=True, check=True).stdout.split():
        if command != "busybox":
            os.symlink("busybox", path / "bin" / command)


class Bundle:
    """Tests change `config` and `rootfs`, then make a container; the runtime's own output comes from `complaint`."""

    def __init__(self, folder, template, runtime, id):
        self.folder, self.runtime, self.id = folder, runtime, id
        self.rootfs = folder / "rootfs"
        folder.mkdir()
        shutil.copytree(template, self.rootfs, symlinks=True)
        self.config = configuration(id)

    # The configuration

    @property
    def process(self):
        return self.config["process"]

    @process.setter
    def process(self, value):
        self.config["process"] = value

    @property
    def linux(self):
        return self.config["linux"]

    @linux.setter
    def linux(self, value):
        self.config["linux"] = value

    @property
    def cgroups_path(self):
        return self.linux["cgroupsPath"]

    def shell(self, script):
        self.process["args"] = ["/bin/sh", "-c", script]
        return self

    def mount(self, destination, type="tmpfs", source="tmpfs", options=(), **more):
        self.config["mounts"].append(
            {"destination": str(destination), "type": type, "source": str(source), "options": list(options), **more}
        )
        return self

    def bind(self, source, destination, *options):
        return self.mount(destination, "bind", source, options or ("rbind",))

    def without_namespace(self, type):
        self.linux["namespaces"] = [each for each in self.linux["namespaces"] if each["type"] != type]
        return self

    def namespace(self, type, **more):
        self.without_namespace(type).linux["namespaces"].append({"type": type, **more})
        return self

    def user_namespace(self, host=100000):
        mapping = [{"containerID": 0, "hostID": host, "size": 65536}]
        self.linux |= {"uidMappings": mapping, "gidMappings": mapping}
        self.namespace("user")
        os.chown(self.rootfs, host, host)
        return self

    def write(self):
        (self.folder / "config.json").write_text(json.dumps(self.config))
        return self

    # The container

    def create(self, *options, **more):
        return self._detached("create", *options, **more)

    def run(self, *options, **more):
        """`run` to the end of the container's process."""
        return self.write().runtime("run", "--bundle", self.folder, *options, self.id, **more)

    def run_detached(self, *options, **more):
        return self._detached("run", "--detach", *options, **more)

    def _detached(self, command, *options, **more):
        self.write()
        with open(self.folder / "output", "ab") as output, open(self.folder / "errors", "wb") as errors:
            done = self.runtime(
                command, "--bundle", self.folder, *options, self.id, output=output, errors=errors, **more
            )
        done.errors = self.complaint
        return done

    @property
    def output(self):
        """What the process of a created or detached container has written so far."""
        return (self.folder / "output").read_text(errors="replace")

    @property
    def complaint(self):
        """What the runtime, or the process of a created or detached container, wrote to its standard error."""
        return (self.folder / "errors").read_text(errors="replace")

    def probe(self, script, *options, **more):
        """What `script` prints inside a container, which must be able to run it."""
        done = self.shell(script).run(*options, **more)
        skip_if_refused(done)
        return done.succeeded().output

    def start(self):
        return self.runtime("start", self.id)

    def state(self):
        return json.loads(self.runtime("state", self.id).succeeded().output)

    def status(self):
        return self.state()["status"]

    def wait_until(self, status):
        eventually(lambda: self.status() == status, what=f"the container is {status}")

    def kill(self, *signal):
        return self.runtime("kill", self.id, *signal)

    def delete(self, *options):
        return self.runtime("delete", *options, self.id)

    def exec(self, *command, **more):
        return self.runtime("exec", self.id, *command, **more)

    def running(self, script="sleep 1000"):
        """Brings a container up that goes on with `script`, after it has said so."""
        skip_if_refused(self.shell(f"echo up; {script}").create()).succeeded()
        self.start().succeeded()
        eventually(lambda: "up" in self.output, what="the process runs")
        return self

    def created(self):
        skip_if_refused(self.create()).succeeded()
        return self

    def refused(self, *words):
        """That no container can be made of it, that the runtime says why, and that nothing of it is there."""
        done = self.create()
        assert done.failed, "a container was created"
        assert 0 < done.status < 128, f"the runtime died: {done.status}"
        assert done.errors.strip(), "no reason was given"
        assert "cannot print" not in done.errors, done.errors  # what Embedded Swift says in place of a culprit
        for word in words:
            assert word in done.errors, done.errors
        assert self.id not in self.runtime.known(), "the failed container is still known"
        return done.errors

    def refused_or(self, check):
        """That `check` finds what was asked for, or that the runtime refuses to do it (config.md §Valid values)."""
        if self.create().failed:
            return self.refused()
        return check()

    def clear(self):
        """Whatever a test has left, without a word."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            if self.id in self.runtime.known():
                self.delete("--force")


def skip_if_refused(done):
    """An optional feature that the runtime names as one it has not got."""
    if done.failed and REFUSAL.search(done.errors):
        pytest.skip(f"refused: {done.errors.strip().splitlines()[-1]}")
    return done
