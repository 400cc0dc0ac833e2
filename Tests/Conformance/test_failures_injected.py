"""The runtime is killed, or its calls fail, at every point of its work: strace does that at the n-th system call of a name.

Each ends in a clear error and, after `delete --force` where nobody was left to tidy up, in a clean machine.
"""

import collections
import os
import signal
import subprocess

import leaks
import pytest
from hooks import append
from polling import eventually

section = pytest.mark.section
EVERY = int(os.environ.get("PROA_EVERY", "10"))  # by hand, 1 tests them all
# Before the program begins: the dynamic linker's, the allocator's, the language's. (glibc ends a program that gets no
# random numbers, and no kernel refuses them.)
OTHERS = {"execve", "brk", "mmap", "munmap", "mprotect", "readlink", "arch_prctl", "exit_group", "getrandom"}
BEFORE = {"create": None, "start": "created", "exec": "running", "delete": "running", "kill": "running"}


@pytest.fixture(autouse=True)
def of_one_thread(runtime):
    """The calls of a runtime's other threads are neither counted nor reached."""
    if runtime.name == "runc":
        pytest.skip("a program of several threads")


def counts(bundle, *arguments, follow=False):
    """How many system calls of each name the command makes; `follow`: with those of its children."""
    summary = bundle.folder / "summary"
    options = ["-c", "-U", "calls,name", "-o", summary, *(["-f"] if follow else [])]
    with open(bundle.folder / "output", "ab") as output:
        command = ["strace", *options, *bundle.runtime.command(*arguments)]
        subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, timeout=30)
    lines = [line.split() for line in summary.read_text().splitlines()[2:-2]]
    return collections.Counter({name: int(count) for count, name in lines if name not in OTHERS})


def points(first, last):
    """Every so many of the calls from the `first` to the `last` of each name."""
    return [(name, number) for name in last for number in range(first[name] + 1, last[name] + 1)][::EVERY]


def injected(bundle, point, what, *arguments, follow=False):
    options = ["-qq", "-e", f"inject={point[0]}:{what}:when={point[1]}", *(["-f"] if follow else [])]
    command = ["strace", "-o", bundle.folder / "trace", *options, *bundle.runtime.command(*arguments)]
    with open(bundle.folder / "output", "ab") as output, open(bundle.folder / "errors", "wb") as errors:
        return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, timeout=30).returncode


def failed_itself(bundle):
    """Whether what `injected`, with `follow`, made fail was a call of the runtime itself: it may make more of them than the
    last time, to look again whether a cgroup can be removed."""
    lines = [line.split(maxsplit=1) for line in (bundle.folder / "trace").read_text().splitlines()]
    return any(pid == lines[0][0] and call.endswith("(INJECTED)") for pid, call in lines)


def arguments(bundle, command):
    return {
        "create": ["create", "--bundle", bundle.folder, bundle.id], "start": ["start", bundle.id],
        "run": ["run", "--bundle", bundle.folder, bundle.id], "exec": ["exec", bundle.id, "/bin/true"],
        "delete": ["delete", "--force", bundle.id], "kill": ["kill", bundle.id, "KILL"],
    }[command]


def prepare(bundle, command):
    (bundle.folder / "output").unlink(missing_ok=True)
    bundle.shell("sleep 1000").write()
    if step := BEFORE[command]:
        getattr(bundle, step)()


def is_clean(bundle, before):
    assert bundle.id not in bundle.runtime.known(), "it is known"
    assert not [path for path in leaks.cgroups() if bundle.id in path]
    assert not [each for each in leaks.processes() if each.endswith("sleep 1000")]
    assert leaks.mounts() == before
    return True


def eventually_clean(bundle, before, point):
    eventually(lambda: is_clean(bundle, before), within=5, what=f"nothing is left after the {point[0]} number {point[1]}")


@section("failures: the runtime dies")
@pytest.mark.parametrize("command", BEFORE)
def test_runtime_is_killed_at_every_call(bundle, command):
    before = leaks.mounts()
    prepare(bundle, command)
    all = counts(bundle, *arguments(bundle, command))
    bundle.delete("--force")
    for point in points(collections.Counter(), all):
        prepare(bundle, command)
        # A call that is not made every time is made at another moment, or not at all.
        assert injected(bundle, point, "signal=KILL", *arguments(bundle, command)) in (-signal.SIGKILL, 0)
        bundle.runtime("state", bundle.id)  # whatever it says, it says it
        bundle.delete("--force")
        eventually_clean(bundle, before, point)


@section("failures: a call fails")
@pytest.mark.parametrize("command", BEFORE)
def test_every_call_fails(bundle, command):
    """The command says why it cannot go on, or did not need the call; a second attempt of `delete` always succeeds."""
    before = leaks.mounts()
    prepare(bundle, command)
    all = counts(bundle, *arguments(bundle, command))
    bundle.delete("--force")
    for point in points(collections.Counter(), all):
        prepare(bundle, command)
        status = injected(bundle, point, "error=EIO", *arguments(bundle, command))
        assert status >= 0, f"{point}: killed by {-status}: {bundle.complaint}"
        if status:
            assert bundle.complaint.strip(), point
            if command == "create":
                eventually_clean(bundle, before, point)
        bundle.delete("--force")
        eventually_clean(bundle, before, point)


def joining(bundle, neighbour):
    """Makes it a container of a pod: in its neighbour's namespaces."""
    for kind, file in ("pid", "pid"), ("network", "net"), ("ipc", "ipc"):
        bundle.namespace(kind, path=f"/proc/{neighbour.state()['pid']}/ns/{file}")


def hooked(bundle, _):
    for name in ("createRuntime", "createContainer"):
        append(bundle, name, ":")
    bundle.user_namespace()


@section("failures: the first process dies")
@pytest.mark.parametrize("what", ["signal=KILL", "error=EIO"])
@pytest.mark.parametrize("change", [lambda *_: None, joining, hooked], ids=["plain", "joining", "hooked"])
def test_a_call_of_the_first_process(make_bundle, change, what):
    """Its calls fail or it is killed there, where it and not the runtime itself makes the call for that time."""
    neighbour, bundle = make_bundle().running("sleep 999"), make_bundle()
    before = leaks.mounts()
    change(bundle, neighbour)
    bundle.process["args"] = ["/bin/true"]
    bundle.run().succeeded()
    own, both = (counts(bundle, *arguments(bundle, "run"), follow=follow) for follow in (False, True))
    fails(bundle, points(own, both - own), what, before, "run")


@section("failures: the first process dies")
@pytest.mark.parametrize("what", ["signal=KILL", "error=EIO"])
def test_a_call_of_what_exec_starts(make_bundle, what):
    """The calls that it makes before the runtime makes as many of the name are tested as well."""
    neighbour, bundle = make_bundle().running("sleep 999"), make_bundle()
    joining(bundle, neighbour)
    bundle.running("sleep 998")
    before = leaks.mounts()
    own, both = (counts(bundle, *arguments(bundle, "exec"), follow=follow) for follow in (False, True))
    fails(bundle, [("sendto", 1), ("clone3", 2), *points(own, both - own)], what, before, "exec")


def fails(bundle, points, what, before, command):
    for point in points:
        status = injected(bundle, point, what, *arguments(bundle, command), follow=True)
        if status not in (0, 128 + signal.SIGKILL):  # as if the program was killed: it has calls of its own
            assert status < 0 or bundle.complaint.strip(), (point, status)
        if command == "run":
            if status < 0 or failed_itself(bundle):
                bundle.delete("--force")
            eventually_clean(bundle, before, point)
