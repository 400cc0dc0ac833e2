"""docker run: exit codes, streams, and what the process finds around itself."""

import hashlib

import pytest


def test_output_reaches_the_client(dock, image):
    assert dock("run", "--rm", image, "echo", "hello", "from", "proa") == "hello from proa"


def test_exit_code(dock, image):
    assert dock.run("run", "--rm", image, "sh", "-c", "exit 7").returncode == 7


def test_a_signal_is_128_and_its_number(dock):
    assert dock.run("run", "--rm", "busybox", "sh", "-c", "sh -c 'kill -9 $$'; exit $?").returncode == 137


def test_a_missing_command_is_127(dock):
    done = dock.run("run", "--rm", "busybox", "no-such-command")
    assert done.returncode == 127
    assert "no-such-command" in done.stderr


def test_a_file_that_cannot_be_run_is_126(dock):
    done = dock.run("run", "--rm", "busybox", "/etc/passwd")
    assert done.returncode == 126
    assert "permission denied" in done.stderr.lower()


def test_standard_output_and_error_stay_apart(dock):
    done = dock.run("run", "--rm", "busybox", "sh", "-c", "echo out; echo error >&2")
    assert (done.stdout, done.stderr) == ("out\n", "error\n")


def test_a_megabyte_passes_through_standard_input_and_output(dock):
    text = "".join(f"line {number}\n" for number in range(100_000))
    assert dock.run("run", "--rm", "-i", "busybox", "cat", input=text).stdout == text


def test_much_output_arrives_whole(dock):
    out = dock("run", "--rm", "busybox", "seq", "1", "200000")
    expected = "\n".join(map(str, range(1, 200_001)))
    assert hashlib.sha256(out.encode()).digest() == hashlib.sha256(expected.encode()).digest()


@pytest.mark.parametrize(
    ("options", "command", "expected"),
    [
        (["--env", "COLOUR=green"], "echo $COLOUR", "green"),
        (["--workdir", "/srv/new"], "pwd", "/srv/new"),
        (["--user", "1234:2345"], "id -u; id -g", "1234\n2345"),
        (["--hostname", "outrigger"], "hostname", "outrigger"),
        (["--entrypoint", "/bin/echo"], "an argument", "-c an argument"),
        (["--network", "none"], "ls /sys/class/net", "lo"),
        (["--read-only"], "touch /file 2>/dev/null || echo read-only", "read-only"),
        (
            ["--read-only"],
            "for f in hosts hostname resolv.conf; do touch /etc/$f 2>/dev/null && echo $f; done; echo read-only",
            "read-only",
        ),
        (["--cap-drop", "ALL"], "grep CapEff /proc/self/status | cut -f 2", "0" * 16),
        (["--security-opt", "no-new-privileges"], "grep NoNewPrivs /proc/self/status | cut -f 2", "1"),
        (["--ulimit", "nofile=123:456"], "ulimit -n; ulimit -Hn", "123\n456"),
        (["--pids-limit", "50"], "cat /sys/fs/cgroup/pids/pids.max 2>/dev/null || cat /sys/fs/cgroup/pids.max", "50"),
        (["--shm-size", "1m"], "df -k /dev/shm | tail -n 1 | awk '{print $2}'", "1024"),
        (["--tmpfs", "/scratch"], "grep -c ' /scratch tmpfs ' /proc/mounts", "1"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_options_of_the_process(dock, options, command, expected):
    shell = [] if "--entrypoint" in options else ["sh"]
    assert dock("run", "--rm", *options, "busybox", *shell, "-c", command) == expected


def test_a_container_is_not_privileged(dock):
    script = "grep Seccomp: /proc/self/status | cut -f 2; mount -t tmpfs none /mnt 2>&1; cat /proc/kcore | wc -c"
    seccomp, mount, kcore = dock("run", "--rm", "busybox", "sh", "-c", script).split("\n")
    assert seccomp == "2"
    assert "permission denied" in mount or "Operation not permitted" in mount
    assert kcore == "0"


def test_the_image_is_not_changed_by_its_containers(dock):
    dock("run", "--rm", "busybox", "sh", "-c", "rm /etc/passwd; touch /left")
    assert dock("run", "--rm", "busybox", "sh", "-c", "ls /etc/passwd; ls /left 2>/dev/null || echo none") == "/etc/passwd\nnone"


def test_an_unknown_image_is_named(dock):
    done = dock.run("run", "--rm", "--pull", "never", "nosuchimage:1")
    assert done.returncode == 125
    assert "nosuchimage:1" in done.stderr


def test_rm_leaves_no_container(dock):
    dock("run", "--rm", "--name", "passing", "busybox", "true")
    assert dock.run("inspect", "passing").returncode == 1
