"""config.md §Process, §POSIX process and §User."""

import pytest
from console import console_socket, read_to_end, received

section = pytest.mark.section


@section("config.md §Process")
def test_process_terminal(bundle):
    bundle.process["terminal"] = True
    bundle.shell("tty; tty <&1 >/dev/console; echo err >&2")
    with console_socket(bundle.folder / "console") as listener:
        bundle.create("--console-socket", bundle.folder / "console").succeeded()
        with received(listener) as terminal:
            bundle.start().succeeded()
            assert read_to_end(terminal).split() == ["/dev/pts/0", "/dev/pts/0", "err"]


@section("config.md §Process")
def test_process_console_size(bundle):
    bundle.process |= {"terminal": True, "consoleSize": {"height": 33, "width": 99}}
    bundle.shell("stty size")
    with console_socket(bundle.folder / "console") as listener:
        bundle.create("--console-socket", bundle.folder / "console").succeeded()
        with received(listener) as terminal:
            bundle.start().succeeded()
            assert read_to_end(terminal).split() == ["33", "99"]


@section("config.md §Process")
def test_process_console_size_is_ignored_without_a_terminal(bundle):
    bundle.process["consoleSize"] = {"height": 33, "width": 99}
    assert bundle.probe("tty || echo none") == "not a tty\nnone\n"


@section("config.md §Process")
def test_process_cwd(bundle):
    bundle.process["cwd"] = "/tmp"
    assert bundle.probe("pwd; readlink /proc/self/cwd") == "/tmp\n/tmp\n"


@section("config.md §Process")
@pytest.mark.parametrize("cwd", ["tmp", "./", "", None])
def test_process_cwd_must_be_absolute(bundle, cwd):
    bundle.process["cwd"] = cwd
    if cwd is None:
        del bundle.process["cwd"]
    bundle.refused()


@section("config.md §Process")
def test_process_env_is_exactly_the_given_one(bundle):
    bundle.process |= {"env": ["PATH=/bin", "A=b=c", "EMPTY="], "args": ["/bin/env"]}
    lines = set(bundle.run().succeeded().output.splitlines())
    assert lines - {"HOME=/root", "HOME=/"} == {"PATH=/bin", "A=b=c", "EMPTY="}


@section("config.md §Process")
@pytest.mark.parametrize("args", [[], None])
def test_process_args_need_an_entry(bundle, args):
    bundle.process["args"] = args
    if args is None:
        del bundle.process["args"]
    if not bundle.create().failed:  # args are not applied before
        assert bundle.start().failed
    else:
        bundle.refused()


@section("config.md §Process")
def test_process_args_are_found_as_execvp_does(bundle):
    (bundle.rootfs / "opt").mkdir()
    (bundle.rootfs / "opt/tool").write_text('#!/bin/sh\necho "$0" "$@"\n')
    (bundle.rootfs / "opt/tool").chmod(0o755)
    bundle.process |= {"env": ["PATH=/none:/opt:/bin"], "args": ["tool", "a b", "", "*"]}
    assert bundle.run().succeeded().output == "/opt/tool a b  *\n"


@section("config.md §Process")
def test_process_args_that_are_not_there(bundle):
    bundle.process["args"] = ["no-such-program"]
    assert bundle.run().failed
    assert bundle.id not in bundle.runtime.known()


LIMITS = ["AS", "CORE", "CPU", "DATA", "FSIZE", "LOCKS", "MEMLOCK", "MSGQUEUE", "NICE", "NOFILE", "NPROC", "RSS",
          "RTPRIO", "RTTIME", "SIGPENDING", "STACK"]
ROWS = {"AS": "address space", "CORE": "core file size", "CPU": "cpu time", "DATA": "data size", "FSIZE": "file size",
        "LOCKS": "file locks", "MEMLOCK": "locked memory", "MSGQUEUE": "msgqueue size", "NICE": "nice priority",
        "NOFILE": "open files", "NPROC": "processes", "RSS": "resident set", "RTPRIO": "realtime priority",
        "RTTIME": "realtime timeout", "SIGPENDING": "pending signals", "STACK": "stack size"}


@section("config.md §POSIX process")
@pytest.mark.parametrize("limit", LIMITS)
def test_process_rlimit(bundle, limit):
    with open("/proc/self/limits") as limits:
        row = next(line for line in limits if line.lower().startswith(f"max {ROWS[limit]}"))
    hard = row[26:].split()[1]
    top = 1 << 40 if hard == "unlimited" else int(hard)  # no higher: that takes a capability
    soft = min(top // 2, 1 << 39)
    bundle.process["rlimits"] = [{"type": f"RLIMIT_{limit}", "soft": soft, "hard": top}]
    text = bundle.probe("cat /proc/self/limits")
    row = next(line for line in text.splitlines() if line.lower().startswith(f"max {ROWS[limit]}"))
    assert row[26:].split()[:2] == [str(soft), str(top)]


@section("config.md §POSIX process")
def test_process_rlimit_without_end(bundle):
    bundle.process["rlimits"] = [{"type": "RLIMIT_CORE", "soft": 0, "hard": (1 << 64) - 1}]
    assert bundle.probe("ulimit -Sc; ulimit -Hc") == "0\nunlimited\n"


@section("config.md §POSIX process")
def test_process_rlimit_given_twice(bundle):
    limit = {"type": "RLIMIT_NOFILE", "soft": 100, "hard": 100}
    bundle.process["rlimits"] = [limit, limit | {"soft": 50}]
    bundle.refused("RLIMIT_NOFILE")


@section("config.md §POSIX process")
@pytest.mark.parametrize("type", ["RLIMIT_OF_TOMORROW", "NOFILE", "", "RLIM_INFINITY"])
def test_process_rlimit_that_the_kernel_has_not(bundle, type):
    bundle.process["rlimits"] = [{"type": type, "soft": 1, "hard": 1}]
    bundle.refused()


@section("config.md §POSIX process")
def test_process_rlimit_soft_above_hard(bundle):
    bundle.process["rlimits"] = [{"type": "RLIMIT_NOFILE", "soft": 200, "hard": 100}]
    bundle.refused()


@section("config.md §User")
def test_user_ids(bundle):
    bundle.process["user"] = {"uid": 1234, "gid": 4321, "additionalGids": [5, 70000]}
    status = dict(line.split(":", 1) for line in bundle.probe("cat /proc/self/status").splitlines())
    assert status["Uid"].split() == ["1234"] * 4
    assert status["Gid"].split() == ["4321"] * 4
    assert set(status["Groups"].split()) - {"4321"} == {"5", "70000"}


@section("config.md §User")
def test_user_umask(bundle):
    bundle.process["user"]["umask"] = 0o137
    assert bundle.probe("umask") == "0137\n"


@section("config.md §User")
def test_user_ids_are_those_of_the_container_namespace(bundle):
    bundle.user_namespace().process["user"] = {"uid": 7, "gid": 8}
    assert bundle.probe("id -u; id -g; cat /proc/self/uid_map").split() == ["7", "8", "0", "100000", "65536"]
