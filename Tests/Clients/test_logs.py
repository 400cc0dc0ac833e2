"""docker logs: whole, followed, cut, stamped."""

import datetime

from polling import eventually

THREE_LINES = "echo one; echo two >&2; echo three"


def finished(dock, *command):
    container = dock("run", "-d", "busybox", *command)
    dock("wait", container)
    return container


def test_logs_of_a_container_that_has_ended(dock):
    container = finished(dock, "sh", "-c", THREE_LINES)
    done = dock.run("logs", container)
    assert (done.stdout, done.stderr) == ("one\nthree\n", "two\n")


def test_logs_are_followed_line_by_line_until_the_end(dock, image):
    script = "echo first; read line; echo second; read line; echo third"
    container = dock("run", "-di", image, "sh", "-c", script)
    reader = dock.open("logs", "-f", container)
    attached = dock.terminal("attach", container)
    for expected in ("first", "second", "third"):
        assert reader.stdout.readline() == f"{expected}\n"
        assert expected == "third" or reader.poll() is None
        attached.sendline("next")
    assert reader.wait(20) == 0
    attached.close(force=True)


def test_tail_gives_the_last_lines(dock):
    container = finished(dock, "seq", "1", "100")
    assert dock("logs", "--tail", "3", container) == "98\n99\n100"
    assert dock("logs", "--tail", "0", container) == ""
    assert len(dock("logs", "--tail", "1000", container).split("\n")) == 100


def test_tail_and_follow(dock):
    container = dock("run", "-d", "busybox", "sh", "-c", "seq 1 50; exec sleep 1000")
    eventually(lambda: dock("logs", container).endswith("50"))
    reader = dock.open("logs", "-f", "--tail", "2", container)
    assert [reader.stdout.readline() for _ in range(2)] == ["49\n", "50\n"]
    dock("kill", container)
    assert reader.wait(20) == 0
    assert reader.stdout.read() == ""


def test_timestamps_are_rfc_3339_and_rise(dock):
    container = finished(dock, "seq", "1", "20")
    stamps = [line.split(" ")[0] for line in dock("logs", "--timestamps", container).split("\n")]
    assert len(stamps) == 20
    assert all(stamp.endswith("Z") and datetime.datetime.fromisoformat(stamp[:26]) for stamp in stamps)
    assert stamps == sorted(stamps)


def test_since_leaves_out_what_is_older(dock):
    container = finished(dock, "echo", "old")
    assert dock("logs", "--since", "2100-01-01T00:00:00Z", container) == ""
    assert dock("logs", "--since", "2000-01-01T00:00:00Z", container) == "old"


def test_a_long_line_and_one_without_an_end(dock):
    container = finished(dock, "sh", "-c", "head -c 100000 /dev/zero | tr '\\0' x; echo; printf unended")
    assert dock("logs", container) == "x" * 100_000 + "\nunended"


def test_output_that_is_not_text_is_kept(dock):
    container = finished(dock, "printf", r"caf\303\251 \033[1m")
    assert dock("logs", container) == "café \033[1m"


def test_logs_of_nothing(dock):
    done = dock.run("logs", "no-such-container")
    assert done.returncode == 1
    assert "No such container: no-such-container" in done.stderr
