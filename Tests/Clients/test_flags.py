"""Every flag that the proa command takes does something: nothing is accepted and ignored."""

import re

import pytest
from proa_command import ProaCommand
from recording_daemon import RecordingDaemon

pytestmark = pytest.mark.proa_only("this drives the proa command")

IMAGE, CONTAINER = ("i", "true"), ("c",)
COMMANDS = {  # what stands after the flags
    "run": IMAGE, "create": IMAGE, "exec": ("c", "true"), "start": CONTAINER, "attach": CONTAINER, "stop": CONTAINER,
    "restart": CONTAINER, "kill": CONTAINER, "rm": CONTAINER, "wait": CONTAINER, "update": CONTAINER, "rename": ("c", "d"), "ps": (),
    "logs": CONTAINER, "inspect": CONTAINER, "load": (), "images": (), "rmi": CONTAINER, "version": (), "info": (),
}
VALUES = {  # a value of each flag that takes one; another text than what the flag means anyway
    "add-host": "h:1.2.3.4", "attach": "stderr", "blkio-weight": "20", "cgroupns": "private", "cpu-period": "5000",
    "cpu-quota": "5000", "cpu-rt-period": "50", "cpu-rt-runtime": "50", "cpu-shares": "5", "cpus": "1.5",
    "device": "/dev/null", "device-cgroup-rule": "c 1:3 r", "dns": "1.2.3.4", "env": "A=b", "expose": "80",
    "filter": "name=x", "format": "json", "ip": "172.30.0.9", "last": "1", "mac-address": "92:d0:c6:0a:29:33",
    "memory": "64m", "memory-reservation": "32m", "memory-swap": "128m", "memory-swappiness": "3",
    "mount": "type=bind,source=/a,target=/b", "oom-score-adj": "5", "pids-limit": "5", "publish": "80:80",
    "pull": "always", "restart": "always", "security-opt": "no-new-privileges", "shm-size": "1m", "stop-timeout": "3",
    "sysctl": "a=b", "tail": "3", "time": "3", "timeout": "3", "tmpfs": "/t", "type": "image", "ulimit": "nofile=3:4",
    "health-interval": "5s", "health-retries": "5", "health-start-interval": "5s", "health-start-period": "5s",
    "health-timeout": "5s", "gpus": "all", "blkio-weight-device": "/dev/x:20", "device-read-bps": "/dev/x:1mb",
    "device-read-iops": "/dev/x:5", "device-write-bps": "/dev/x:1mb", "device-write-iops": "/dev/x:5",
    "volume": "/a:/b", "log-opt": "a=b", "storage-opt": "a=b", "annotation": "a=b", "label": "a=b",
}
FILES = {"env-file", "label-file"}
BESIDE = {  # what a flag needs to mean anything, or to be let through
    ("run", "quiet"): ("--pull", "always"), ("create", "quiet"): ("--pull", "always"),
    ("run", "detach-keys"): ("-i",), ("start", "detach-keys"): ("-a",),
}
ELSEWHERE = {  # what shows only when something else happens; tested where that does
    ("run", "sig-proxy"): "a signal comes", ("attach", "sig-proxy"): "a signal comes",
    ("run", "tty"): "a terminal: test_terminal.py", ("load", "input"): "test_load_and_images",
}


@pytest.fixture(scope="module")
def recorder(folder):
    daemon = RecordingDaemon(folder / "recorder.sock")
    yield daemon
    daemon.close()


@pytest.fixture
def watch(recorder, folder, proa_binary):
    """Runs a command line, and gives everything that can be seen of it: requests, output, exit status."""
    command = ProaCommand(f"unix://{folder}/recorder.sock", proa_binary)

    def watched(*arguments):
        recorder.requests.clear()
        done = command.run(*arguments, input="")
        return sorted(recorder.requests), done.stdout, done.stderr, done.returncode

    return watched


def flags_of(help_text):
    """(long name, has a value) of each option that the help lists."""
    found = []
    for line in help_text.splitlines():
        if match := re.match(r"  (?:-\S, )*((?:--[\w-]+(?:, )?)+)( <[^>]+>)?", line):
            found += [(name[2:], bool(match[2])) for name in match[1].split(", ") if name]
    return [flag for flag in found if flag[0] not in ("help", "host")]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_flag_shows(command, watch, folder):
    path = folder / "variables"
    path.write_text("FROM=file\n")
    flags = flags_of(watch(command, "--help")[1])
    assert flags or command in ("wait", "rename")
    plain = {}  # by what stands beside the flag
    for name, takes_value in flags:
        if (command, name) in ELSEWHERE:
            continue
        beside = BESIDE.get((command, name), ())
        flag = [f"--{name}"]
        if name == "cidfile":
            (folder / "cid").unlink(missing_ok=True)
            flag.append(str(folder / "cid"))
        elif takes_value:
            flag.append(str(path) if name in FILES else VALUES.get(name, "value-of-it"))
        if beside not in plain:
            plain[beside] = watch(command, *beside, *COMMANDS[command])
        shown = watch(command, *flag, *beside, *COMMANDS[command])
        assert "unknown" not in shown[2], shown
        if name == "cidfile":
            assert (folder / "cid").read_text() == "a" * 64
        else:
            assert shown != plain[beside], f"proa {command} --{name} changes nothing that can be seen"


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "--foo"), ("run", "-Z", "busybox"), ("run", "-dZi", "busybox"), ("create", "-d", "busybox"),
        ("run", "--memory"), ("run", "-m"), ("run", "--rm=maybe", "x"), ("run", "--pids-limit=x", "y"), ("ps", "-Z"),
        ("ps", "extra"), ("logs",), ("logs", "a", "b"), ("exec", "a"), ("rm",), ("inspect", "--foo", "x"),
        ("stop", "--time", "x", "c"), ("ps", "--format"), ("wait",), ("start", "--detach-key=a", "c"),
        ("run", "--cpus=abc", "busybox"), ("run", "-a", "foo", "busybox"), ("exec", "-e"), ("version", "--foo"),
    ],
)
def test_other_command_lines_are_refused_as_docker_does(arguments, watch, proa, dock):
    ours, theirs = proa.run(*arguments), dock.run(*arguments)
    assert (ours.stderr.replace("proa", "docker").split("\n\n")[0], ours.returncode) == (
        theirs.stderr.split("\n\n")[0], theirs.returncode)
