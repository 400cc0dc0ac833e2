"""Log drivers and their options: files, rotation, what is kept and what is told of it."""

import gzip
import json
import os
import pathlib
import signal
import subprocess

import docker
import pytest

from polling import eventually

PROA = pytest.mark.proa_only("json-file is rotated by default, and bad values are refused when a container is made")


def finished(dock, *arguments):
    container = dock("run", "-d", *arguments)
    dock("wait", container)
    return container


def files(dock, container):
    """Names of the log's files, without what they have in common, by the text in them."""
    path = pathlib.Path(dock.inspect(container)["LogPath"])
    return {entry.name.removeprefix(path.name): entry for entry in path.parent.glob(f"{path.name}*")}


def local_files(engine, container):
    folder = engine.data_root / "containers" / container / "local-logs"
    return {entry.name.removeprefix("container.log"): entry for entry in folder.iterdir()}


def test_what_inspect_tells(dock):
    plain = dock.inspect(finished(dock, "busybox", "true"))
    assert plain["HostConfig"]["LogConfig"] == {"Type": "json-file", "Config": {}}
    assert plain["LogPath"].endswith(f"{plain['Id']}-json.log")
    options = dock.inspect(finished(dock, "--log-opt", "max-size=1m", "--log-opt", "max-file=3", "busybox", "true"))
    assert options["HostConfig"]["LogConfig"] == {"Type": "json-file", "Config": {"max-size": "1m", "max-file": "3"}}
    local = dock.inspect(finished(dock, "--log-driver", "local", "busybox", "true"))
    assert (local["HostConfig"]["LogConfig"]["Type"], local["LogPath"]) == ("local", "")
    assert dock.inspect(dock("create", "busybox"))["LogPath"] == ""


def test_files_are_rotated_and_read_in_order(dock):
    options = ["--log-opt", "max-size=10k", "--log-opt", "max-file=3"]
    container = finished(dock, *options, "busybox", "seq", "1", "1000")
    found = files(dock, container)
    assert sorted(found) == ["", ".1", ".2"]
    assert all(10_000 <= found[name].stat().st_size < 10_100 for name in (".1", ".2"))
    kept = sum(len(entry.read_text().splitlines()) for entry in found.values())
    expected = [str(number) for number in range(1001 - kept, 1001)]
    assert dock("logs", container).split("\n") == expected
    assert dock("logs", "--tail", str(kept - 5), container).split("\n") == expected[5:]


@PROA
def test_nobody_has_to_ask_for_rotation(dock):
    container = finished(dock, "busybox", "sh", "-c", "yes 0123456789012345678901234567890123456789 | head -c 30000000")
    found = files(dock, container)
    assert len(found) > 1 and all(entry.stat().st_size <= (20 << 20) + 200 for entry in found.values())


def test_rotated_files_are_compressed(dock):
    options = ["--log-opt", "max-size=10k", "--log-opt", "max-file=3", "--log-opt", "compress=true"]
    container = dock("run", "-d", *options, "busybox", "sh", "-c", "seq 1 1000; exec sleep 1000")
    eventually(lambda: sorted(files(dock, container)) == ["", ".1.gz", ".2.gz"], what="both old files are compressed")
    lines = dock("logs", container).split("\n")
    assert lines == [str(number) for number in range(1001 - len(lines), 1001)]
    old = gzip.decompress(files(dock, container)[".1.gz"].read_bytes()).splitlines()
    assert json.loads(old[0])["log"].rstrip() in lines
    assert dock("logs", "--tail", "200", container).split("\n") == lines[-200:]


def test_following_goes_on_over_rotations(dock):
    options = ["--log-opt", "max-size=20k", "--log-opt", "max-file=20", "--log-opt", "compress=true"]
    container = dock("run", "-d", *options, "busybox", "sh", "-c", "seq 1 2000; sleep 1; seq 2001 4000; sleep 1; echo end")
    reader = dock.open("logs", "-f", container)
    lines, _ = reader.communicate(timeout=60)
    assert lines.splitlines() == [*(str(number) for number in range(1, 4001)), "end"]


def test_labels_environment_and_tag_are_in_every_record(dock):
    options = ["labels=a,missing", "labels-regex=^x", "env=HERE", "tag={{.Name}}/{{.ImageName}}"]
    container = finished(
        dock, *(part for option in options for part in ("--log-opt", option)), "--name", "tagged", "--label", "a=1 2",
        "--label", "x1=&", "--label", "b=no", "--env", "HERE=bär", "busybox", "sh", "-c", "echo out; echo err >&2")
    attributes = {"a": "1 2", "x1": "&", "HERE": "bär", "tag": "tagged/busybox"}
    for line in files(dock, container)[""].read_text().splitlines():
        assert json.loads(line)["attrs"] == attributes
    prefix = "HERE=b%C3%A4r,a=1+2,tag=tagged%2Fbusybox,x1=%26 "
    done = dock.run("logs", "--details", container)
    assert (done.stdout, done.stderr) == (f"{prefix}out\n", f"{prefix}err\n")
    stamped = dock("logs", "--details", "--timestamps", container).split(" ", 1)
    assert stamped[1].startswith(prefix)


def test_details_of_a_container_without_any(dock):
    assert dock("logs", "--details", finished(dock, "busybox", "echo", "hi")) == " hi"


@pytest.mark.parametrize("driver", ["json-file", "local"])
def test_every_driver_keeps_every_byte_in_order(dock, driver):
    script = "echo out; echo err >&2; head -c 40000 /dev/zero | tr '\\0' x; echo; printf 'caf\\303\\251 <&>\\t\"'"
    container = finished(dock, "--log-driver", driver, "busybox", "sh", "-c", script)
    done = dock.run("logs", container)
    assert (done.stdout, done.stderr) == ("out\n" + "x" * 40_000 + '\ncafé <&>\t"', "err\n")
    assert dock("logs", "--tail", "1", container) == 'café <&>\t"'
    assert dock("logs", "--since", "2100-01-01T00:00:00Z", container) == ""


def test_local_logs_are_rotated_and_compressed(dock, engine):
    options = ["--log-driver", "local", "--log-opt", "max-size=10k", "--log-opt", "max-file=3"]
    container = dock("run", "-d", *options, "busybox", "sh", "-c", "seq 1 2000; exec sleep 1000")
    eventually(lambda: sorted(local_files(engine, container)) == ["", ".1.gz", ".2.gz"], what="both are compressed")
    lines = dock("logs", container).split("\n")
    assert lines == [str(number) for number in range(2001 - len(lines), 2001)]


def test_local_binary_output(client, dock):
    container = finished(dock, "--log-driver", "local", "busybox", "printf", r"\377\000\n")
    assert client.containers.get(container).logs() == b"\xff\x00\n"


def test_no_log(client, dock):
    container = finished(dock, "--log-driver", "none", "busybox", "echo", "hi")
    with pytest.raises(docker.errors.APIError) as refused:
        client.containers.get(container).logs()
    assert refused.value.status_code == 501
    assert refused.value.explanation == "configured logging driver does not support reading"


@pytest.mark.parametrize(
    "options, message",
    [
        ({"Type": "syslogs"}, 'error looking up logging plugin syslogs: plugin "syslogs" not found'),
        ({"Type": "json-file", "Config": {"colour": "red"}}, "unknown log opt 'colour' for json-file log driver"),
        ({"Type": "local", "Config": {"tag": "x"}}, "unknown log opt 'tag' for log driver local"),
        ({"Type": "", "Config": {"mode": "fast"}}, "logger: logging mode not supported: fast"),
        (
            {"Type": "", "Config": {"max-buffer-size": "1m"}},
            "logger: max-buffer-size option is only supported with 'mode=non-blocking'",
        ),
        pytest.param({"Type": "", "Config": {"max-size": "abc"}}, "invalid size: 'abc'", marks=PROA),
        pytest.param({"Type": "", "Config": {"max-file": "0"}}, "max-file cannot be less than 1", marks=PROA),
    ],
)
def test_refusals(client, options, message):
    with pytest.raises(docker.errors.APIError) as refused:
        client.api.create_container_from_config({"Image": "busybox", "HostConfig": {"LogConfig": options}})
    assert refused.value.status_code == 400
    assert message in refused.value.explanation


def test_the_daemon_has_defaults(other_engine, dock_on):
    engine = other_engine("--log-driver", "local", "--log-opt", "max-file=3", "--log-opt", "max-size=1m")
    dock = dock_on(engine)
    assert dock("info", "--format", "{{.LoggingDriver}}") == "local"

    def configured(*arguments):
        return dock.inspect(dock("create", *arguments, "busybox"))["HostConfig"]["LogConfig"]

    assert configured() == {"Type": "local", "Config": {"max-file": "3", "max-size": "1m"}}
    assert configured("--log-driver", "local", "--log-opt", "max-file=9") == {
        "Type": "local", "Config": {"max-file": "9", "max-size": "1m"}}
    assert configured("--log-driver", "json-file") == {"Type": "json-file", "Config": {}}
    container = finished(dock, "busybox", "echo", "hi")
    assert dock("logs", container) == "hi"


@PROA
@pytest.mark.parametrize("arguments", [["--log-driver", "syslog"], ["--log-opt", "max-size=x"], ["--log-opt", "nothing"]])
def test_the_daemon_refuses_bad_defaults(arguments, proa_binary):
    done = subprocess.run([proa_binary, "daemon", *arguments], capture_output=True, text=True, timeout=20)
    assert done.returncode == 1
    assert "--log-" in done.stderr


def test_reading_a_container_that_was_never_started(dock):
    container = dock("create", "busybox")
    assert dock("logs", "--follow", container) == ""


def test_no_stream_is_a_bad_request_even_of_no_container(client):
    for name in ("no-such-container", client.containers.create("busybox").id):
        answer = client.api.get(f"{client.api.base_url}/containers/{name}/logs")
        assert answer.status_code == 400
        assert answer.json()["message"] == "Bad parameters: you must choose at least one stream"


@pytest.mark.parametrize("driver", ["json-file", "local"])
def test_a_log_that_is_written_by_another_process(dock, driver):
    options = ["--log-driver", driver, "--log-opt", "mode=non-blocking", "--log-opt", "max-buffer-size=4m"]
    container = finished(dock, *options, "--log-opt", "max-size=100k", "--log-opt", "max-file=9", "busybox", "seq", "1", "9999")
    # The end of a container waits for that process, but not for ever.
    eventually(lambda: dock("logs", container).endswith("\n9999"), what="everything is written")
    lines = dock("logs", container).split("\n")
    assert lines == [str(number) for number in range(10_000 - len(lines), 10_000)]
    assert dock.inspect(container)["HostConfig"]["LogConfig"]["Config"]["mode"] == "non-blocking"
    followed = dock("run", "-d", *options, "busybox", "sh", "-c", "echo one; sleep 1; echo two")
    assert dock("logs", "--follow", followed) == "one\ntwo"


@PROA
@pytest.mark.own_engine
def test_a_disk_that_hangs_does_not_hold_up_a_container_that_must_not_wait(dock, engine):
    options = ["--log-opt", "mode=non-blocking", "--log-opt", "max-buffer-size=10k"]
    container = dock("run", "-di", *options, "busybox", "sh", "-c", "read go; seq 1 100000; echo end")
    shim = int((engine.exec_root / "containers" / container / "shim.pid").read_text())
    writer = int(pathlib.Path(f"/proc/{shim}/task/{shim}/children").read_text().split()[0])
    os.kill(writer, signal.SIGSTOP)  # as if it hung in a write
    dock.run("attach", "--detach-keys", "ctrl-x", container, input="go\n")
    eventually(lambda: not dock.state(container)["Running"], what="the container has ended")
    os.kill(writer, signal.SIGCONT)
    eventually(lambda: not pathlib.Path(f"/proc/{writer}").exists(), what="the writer has ended")
    lines = dock.run("logs", container).stdout.splitlines()
    assert lines == [str(number) for number in range(1, len(lines) + 1)]
    assert len(lines) < 100_000
