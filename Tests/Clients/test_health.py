"""Health checks: what probes find out, who is told, and that nobody needs a daemon for it."""

import json
import subprocess

import pytest
from archives import configuration, docker_archive
from polling import eventually
from test_events import actions, since, told  # noqa: F401

FAST = ("--health-interval", "100ms")
WELL_WITHOUT_FILE = ("--health-cmd", "echo probed; test ! -e /ill")


def run(command, *options, script="sleep 1000"):
    command("run", "-d", "--name", "it", *options, "busybox", "sh", "-c", script)


def health(dock):
    return dock.state("it")["Health"]


def becomes(dock, status):
    return eventually(lambda: (found := health(dock))["Status"] == status and found, what=status)


def status_line(dock):
    return dock("ps", "--format", "{{.Status}}", "--filter", "name=it")


def test_well_ill_and_well_again(command, dock):
    run(command, *FAST, *WELL_WITHOUT_FILE, "--health-retries", "2")
    well = becomes(dock, "healthy")
    assert well["FailingStreak"] == 0
    assert (well["Log"][-1]["ExitCode"], well["Log"][-1]["Output"]) == (0, "probed\n")
    assert well["Log"][-1]["Start"] <= well["Log"][-1]["End"]
    assert status_line(dock).endswith("(healthy)")
    dock("exec", "it", "touch", "/ill")
    ill = becomes(dock, "unhealthy")
    assert ill["FailingStreak"] >= 2 and len(ill["Log"]) <= 5
    assert status_line(dock).endswith("(unhealthy)")
    dock("exec", "it", "rm", "/ill")
    becomes(dock, "healthy")


def test_before_the_first_probe(dock):
    run(dock, "--health-cmd", "true")
    assert health(dock) == {"Status": "starting", "FailingStreak": 0, "Log": []}
    assert status_line(dock).endswith("(health: starting)")
    dock("create", "--name", "created", "--health-cmd", "true", "busybox")
    assert "Health" not in dock.state("created")


def test_filters(dock):
    run(dock, *FAST, "--health-cmd", "true")
    dock("run", "-d", "--name", "ill", *FAST, "--health-cmd", "false", "--health-retries", "1", "busybox", "sleep", "99")
    dock("run", "-d", "--name", "begins", "--health-cmd", "true", "busybox", "sleep", "99")
    dock("run", "-d", "--name", "unasked", "busybox", "sleep", "99")
    becomes(dock, "healthy")
    eventually(lambda: dock.state("ill")["Health"]["Status"] == "unhealthy")

    def those(*states):
        filters = [argument for state in states for argument in ("--filter", f"health={state}")]
        return set(dock("ps", "--format", "{{.Names}}", *filters).split())

    assert those("healthy") == {"it"}
    assert those("unhealthy", "starting") == {"ill", "begins"}
    assert "unasked" in those("none") and "it" not in those("none")


def test_events(dock, since):  # noqa: F811
    run(dock, "--health-interval", "300ms", "--health-cmd", "test ! -e /ill", "--health-retries", "1")
    becomes(dock, "healthy")
    events = told(dock, since, "container=it")
    probe = "/bin/sh -c test ! -e /ill"
    assert actions(events)[:6] == [
        "create", "start", f"exec_create: {probe}", f"exec_start: {probe}", "exec_die", "health_status: healthy",
    ]  # fmt: skip
    attributes = [event["Actor"]["Attributes"] for event in events[2:5]]
    assert attributes[2]["exitCode"] == "0"
    assert len({attribute["execID"] for attribute in attributes}) == 1
    dock("exec", "it", "touch", "/ill")
    becomes(dock, "unhealthy")
    assert actions(told(dock, since, "event=health_status")) == ["health_status: healthy", "health_status: unhealthy"]


def test_a_probe_that_takes_too_long_is_killed(dock):
    run(dock, *FAST, "--health-timeout", "1s", "--health-retries", "1", "--health-cmd", "exec sleep 4713")
    ill = becomes(dock, "unhealthy")
    assert ill["Log"][0]["ExitCode"] == -1
    assert ill["Log"][0]["Output"] == "Health check exceeded timeout (1s)"
    dock("rm", "-f", "it")
    assert subprocess.run(["pgrep", "-f", "^sleep 4713$"]).returncode == 1


def test_a_probe_that_is_not_there(client, dock):
    create(client, {"Test": ["CMD", "/nowhere"], "Interval": 10**8})
    entry = eventually(lambda: health(dock)["Log"])[0]
    assert entry["ExitCode"] == -1
    assert entry["Output"].startswith("OCI runtime exec failed: ") and "/nowhere" in entry["Output"]
    assert "no such file or directory" in entry["Output"]


def test_output_is_kept_up_to_a_length(dock):
    run(dock, *FAST, "--health-cmd", "head -c 5000 /dev/zero | tr '\\0' x")
    assert becomes(dock, "healthy")["Log"][0]["Output"] == "x" * 4096 + "..."


def test_who_and_where_a_probe_is(client, dock):
    client.api.start(client.api.create_container(
        "busybox", ["sleep", "1000"], name="it", user="1000:7", working_dir="/tmp", environment={"WHAT": "ever"},
        healthcheck={"Test": ["CMD-SHELL", "id -u; id -g; pwd; echo $WHAT"], "Interval": 10**8},
    ))  # fmt: skip
    assert becomes(dock, "healthy")["Log"][0]["Output"].split() == ["1000", "7", "/tmp", "ever"]


@pytest.mark.proa_only("it has no start interval")
def test_a_start_period(dock):
    run(dock, *FAST, "--health-start-interval", "100ms", "--health-start-period", "3s", "--health-retries", "1",
        "--health-cmd", "false")  # fmt: skip
    early = eventually(lambda: (found := health(dock))["Log"] and found)
    assert (early["Status"], early["FailingStreak"]) == ("starting", 0)
    becomes(dock, "unhealthy")


@pytest.mark.proa_only("it has no start interval")
def test_a_start_interval(command, dock):
    run(command, "--health-interval", "1h", "--health-start-interval", "100ms", "--health-start-period", "1h",
        "--health-cmd", "true")  # fmt: skip
    becomes(dock, "healthy")
    assert dock.inspect("it")["Config"]["Healthcheck"]["StartInterval"] == 10**8


def test_nobody_is_probed_while_paused(dock, since):  # noqa: F811
    run(dock, *FAST, "--health-cmd", "true")
    becomes(dock, "healthy")
    dock("pause", "it")
    assert health(dock)["Status"] == "unhealthy"
    assert status_line(dock).endswith("(Paused)")
    dock("unpause", "it")
    becomes(dock, "healthy")
    assert set(actions(told(dock, since, "event=health_status"))) == {"health_status: healthy"}


def test_after_the_end(dock):
    run(dock, *FAST, "--health-cmd", "true")
    becomes(dock, "healthy")
    dock("stop", "-t", "0", "it")
    ended = health(dock)
    assert ended["Status"] == "unhealthy" and ended["Log"]
    dock("start", "it")
    begun = health(dock)
    assert begun["Log"][0] in ended["Log"]
    becomes(dock, "healthy")


def create(client, healthcheck, image="busybox"):
    container = client.api.create_container(image, ["sleep", "1000"], name="it", healthcheck=healthcheck)
    client.api.start(container)


@pytest.fixture
def image_with_check():
    config = json.loads(configuration())
    config["config"]["Healthcheck"] = {"Test": ["CMD", "/probe"], "Interval": 123 * 10**6, "Retries": 7}
    return docker_archive("checked:latest", config=json.dumps(config).encode())


@pytest.mark.parametrize(
    ("asked", "expected"),
    [(None, {"Test": ["CMD", "/probe"], "Interval": 123000000, "Retries": 7}),
     ({"Retries": 3}, {"Test": ["CMD", "/probe"], "Interval": 123000000, "Retries": 3}),
     ({"Test": ["CMD-SHELL", "x"]}, {"Test": ["CMD-SHELL", "x"], "Interval": 123000000, "Retries": 7}),
     ({"Test": ["NONE"]}, {"Test": ["NONE"], "Interval": 123000000, "Retries": 7})],
    ids=str,
)  # fmt: skip
def test_what_images_say(client, dock, image_with_check, asked, expected):
    client.images.load(image_with_check)
    container = client.api.create_container("checked", ["x"], healthcheck=asked)
    try:
        assert client.api.inspect_container(container)["Config"]["Healthcheck"] == expected
    finally:
        client.api.remove_container(container)
        client.api.remove_image("checked")


@pytest.mark.parametrize(
    ("healthcheck", "message"),
    [({"Test": ["CMD", "x"], "Interval": 1}, "Interval in Healthcheck cannot be less than 1ms"),
     ({"Test": ["CMD", "x"], "Retries": -1}, "Retries in Healthcheck cannot be negative")],
)  # fmt: skip
def test_refused(client, dock, healthcheck, message):
    with pytest.raises(Exception, match=message):
        client.api.create_container("busybox", ["x"], healthcheck=healthcheck)


@pytest.mark.own_engine
@pytest.mark.proa_only("it probes by itself")
def test_probes_go_on_without_a_daemon(other_engine, dock_on, since):  # noqa: F811
    engine = other_engine()
    dock = dock_on(engine)
    run(dock, *FAST, "--health-retries", "1", "--health-cmd", "echo x >> /probes; test ! -e /ill")
    becomes(dock, "healthy")
    root = f"/proc/{dock.state('it')['Pid']}/root"
    engine.kill()
    before = count(root)
    eventually(lambda: count(root) > before + 3, what="probes without a daemon")
    subprocess.run(["touch", f"{root}/ill"], check=True)
    before = count(root)
    eventually(lambda: count(root) > before + 2, what="probes that fail")
    engine.start()
    becomes(dock, "unhealthy")
    assert actions(told(dock, since, "event=health_status")) == ["health_status: healthy", "health_status: unhealthy"]
    subprocess.run(["rm", f"{root}/ill"], check=True)
    becomes(dock, "healthy")


def count(root):
    with open(f"{root}/probes") as probes:
        return len(probes.readlines())


@pytest.mark.own_engine
@pytest.mark.proa_only("it probes by itself")
def test_the_last_probes_of_one_that_ended_without_a_daemon(other_engine, dock_on):
    engine = other_engine()
    dock = dock_on(engine)
    run(dock, *FAST, "--health-cmd", "test -e /well", script="until [ -e /end ]; do sleep 0.1; done; exit 5")
    root = f"/proc/{dock.state('it')['Pid']}/root"
    becomes(dock, "unhealthy")
    engine.kill()
    subprocess.run(["touch", f"{root}/well", f"{root}/end"], check=True)
    engine.start()
    state = eventually(lambda: (state := dock.state("it"))["Status"] == "exited" and state)
    assert (state["ExitCode"], state["Health"]["Status"]) == (5, "unhealthy")
