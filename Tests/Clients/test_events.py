"""GET /events: what is told, to whom, and that nothing is missed."""

import json
import time

import pytest
from polling import eventually

LIFE = ["create", "start", "die", "destroy"]


def told(dock, since, *filters, until=None):
    """What was told from `since` on: a list of events."""
    arguments = [argument for text in filters for argument in ("--filter", text)]
    times = ("--since", f"{since:.9f}", "--until", f"{until or time.time():.9f}")
    output = dock("events", *times, "--format", "{{json .}}", *arguments)
    return [json.loads(line) for line in output.splitlines()]


def actions(events):
    kinds = ((event["Type"], event["Action"]) for event in events)
    return [action if kind == "container" else f"{kind} {action}" for kind, action in kinds]


@pytest.fixture
def since():
    return time.time()


def test_a_life(dock, since):
    dock.run("run", "--name", "it", "--label", "tier=front", "busybox", "sh", "-c", "exit 7")
    container = dock.inspect("it")["Id"]
    dock("rm", "it")
    events = eventually(lambda: (found := told(dock, since)) and actions(found)[-1] == "destroy" and found)
    assert actions(events) == ["create", "attach", "network connect", "start", "die", "network disconnect", "destroy"]
    create, _, connect, _, die, *_ = events
    assert create["Actor"] == {"ID": container, "Attributes": {"image": "busybox", "name": "it", "tier": "front"}}
    assert (create["status"], create["id"], create["from"]) == ("create", container, "busybox")
    assert create["scope"] == "local"
    assert create["timeNano"] // 10**9 == create["time"]
    assert connect["Actor"]["Attributes"] == {"container": container, "name": "bridge", "type": "bridge"}
    assert connect["Actor"]["ID"] == dock("network", "inspect", "bridge", "--format", "{{.Id}}")
    assert die["Actor"]["Attributes"]["exitCode"] == "7"
    times = [event["timeNano"] for event in events]
    assert times == sorted(set(times))


def test_what_is_done_with_one_that_runs(dock, since):
    dock("run", "-d", "--name", "it", "busybox", "sleep", "100")
    dock.run("exec", "it", "sh", "-c", "exit 3")
    dock("pause", "it")
    dock("unpause", "it")
    dock("rename", "it", "that")
    dock("update", "--cpu-shares", "512", "that")
    dock("top", "that")
    dock("kill", "-s", "WINCH", "that")
    dock("restart", "-t", "0", "that")
    dock("stop", "-t", "0", "that")
    events = [event for event in told(dock, since) if event["Type"] == "container"]
    assert actions(events) == [
        "create", "start", "exec_create: sh -c exit 3", "exec_start: sh -c exit 3", "exec_die", "pause", "unpause",
        "rename", "update", "top", "kill", "kill", "kill", "die", "stop", "start", "restart", "kill", "kill", "die",
        "stop",
    ]  # fmt: skip
    attributes = [event["Actor"]["Attributes"] for event in events]
    assert attributes[4]["exitCode"] == "3"
    assert len({attribute["execID"] for attribute in attributes[2:5]}) == 1
    assert (attributes[7]["oldName"], attributes[7]["name"]) == ("/it", "that")
    assert [attribute["signal"] for attribute in attributes[10:13]] == ["28", "15", "9"]


def test_what_is_done_with_its_files(dock, since, tmp_path):
    dock("create", "--name", "it", "busybox")
    dock("cp", "it:/etc/passwd", str(tmp_path))
    dock("cp", str(tmp_path / "passwd"), "it:/copy")
    dock("export", "-o", str(tmp_path / "all.tar"), "it")
    dock("diff", "it")
    assert actions(told(dock, since, "container=it")) == ["create", "archive-path", "extract-to-dir", "export"]


def test_a_terminal(client, dock, since):
    container = dock("run", "-dit", "--name", "it", "busybox", "sh")
    with client.api.attach_socket(container, params={"stdin": 1, "stdout": 1, "stream": 1}) as attached:
        attached._sock.send(b"\x10\x11")  # control-p, control-q
        while attached._sock.recv(1000):
            pass
    client.api.resize(container, height=30, width=100)
    events = told(dock, since, "container=it")
    assert actions(events) == ["create", "start", "attach", "detach", "resize"]
    attributes = events[-1]["Actor"]["Attributes"]
    assert (attributes["height"], attributes["width"]) == ("30", "100")


@pytest.mark.proa_only("dockerd 20.10 says that the session has died")
def test_a_terminal_that_is_left(client, dock, since):
    dock("run", "-d", "--name", "it", "busybox", "sleep", "1000")
    session = client.api.exec_create("it", ["cat"], stdin=True, tty=True, detach_keys="ctrl-x")["Id"]
    with client.api.exec_start(session, socket=True, tty=True) as stream:
        stream._sock.send(b"\x18")
        while stream._sock.recv(1000):
            pass
    last = eventually(lambda: (found := told(dock, since, "container=it")) and actions(found)[-1] == "exec_detach" and found)
    assert last[-1]["Actor"]["Attributes"]["execID"] == session
    assert client.api.exec_inspect(session)["Running"]


def test_the_last_bytes_of_memory(dock, since):
    dock.run("run", "--memory", "8m", "--name", "it", "busybox", "tail", "/dev/zero")
    assert actions(told(dock, since, "event=oom", "event=die")) == ["oom", "die"]


def test_images(dock, since):
    image = dock("images", "--no-trunc", "--quiet", "busybox")
    dock("tag", "busybox", "some/thing:new")
    dock("rmi", "some/thing:new")
    dock("image", "prune", "-f")
    events = told(dock, since, "type=image")
    assert actions(events) == ["image tag", "image untag", "image prune"]
    assert [event["Actor"]["Attributes"]["name"] for event in events[:2]] == ["some/thing:new", image]
    assert events[0]["Actor"]["ID"] == image


@pytest.mark.own_engine
def test_images_that_come_and_go(other_engine, dock_on, images, since):
    dock = dock_on(other_engine())
    image = dock("images", "--no-trunc", "--quiet", "busybox")
    dock("rmi", "busybox")
    events = told(dock, since, "type=image")
    assert actions(events) == ["image load", "image untag", "image delete"]
    assert {event["Actor"]["ID"] for event in events} == {image}
    assert [event["id"] for event in told(dock, since, f"image={image}", "event=delete")] == [image]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [(["container=it"], LIFE), (["label=tier"], LIFE), (["label=tier=back"], []), (["event=die"], ["die"]),
     (["event=die", "event=start"], ["start", "die"]), (["image=busybox"], LIFE), (["image=nothing"], []),
     (["type=network", "network=bridge"], ["network connect", "network disconnect"]), (["type=volume"], []),
     (["scope=swarm"], [])],
    ids=str,
)  # fmt: skip
def test_filters(dock, since, filters, expected):
    dock("run", "-d", "--name", "it", "--label", "tier=front", "busybox", "true")
    dock("wait", "it")
    dock("rm", "it")
    assert actions(told(dock, since, *filters)) == expected


def test_a_client_that_listens(client, dock):
    events = client.events(decode=True, filters={"type": "container"})
    dock("run", "--rm", "-d", "--name", "it", "busybox", "true")
    heard = []
    for event in events:
        heard.append(event["Action"])
        if event["Action"] == "destroy":
            break
    events.close()
    assert heard == LIFE


def test_it_ends_when_its_time_has_come(dock):
    began = time.time()
    assert actions(told(dock, began, until=began + 1.5)) == []
    assert 1 < time.time() - began < 10


def test_what_makes_no_sense_is_refused(dock):
    done = dock.run("events", "--since", "20", "--until", "10")
    assert done.returncode == 1
    assert "`since` time (20) cannot be after `until` time (10)" in done.stderr


@pytest.mark.proa_only("dockerd ignores filters that it does not know")
def test_an_unknown_filter_is_refused(dock):
    assert "invalid filter 'colour'" in dock.run("events", "--filter", "colour=red").stderr


@pytest.mark.own_engine
@pytest.mark.proa_only("dockerd keeps events in memory")
def test_a_client_that_comes_back_misses_nothing(other_engine, dock_on):
    engine = other_engine()
    dock = dock_on(engine)
    since, heard = time.time(), {}
    for name in ("one", "two", "three"):
        dock("run", "-d", "--name", name, "busybox", "sleep", "0.3")
        engine.kill()
        engine.start()
        for event in told(dock, since, "type=container"):
            heard.setdefault(event["timeNano"], (event["Actor"]["Attributes"]["name"], event["Action"]))
        since = max(heard) / 10**9
    dock("wait", "one", "two", "three")
    everything = {
        event["timeNano"]: (event["Actor"]["Attributes"]["name"], event["Action"])
        for event in told(dock, 0, "type=container")
    }
    assert heard.items() <= everything.items()
    for name in ("one", "two", "three"):
        assert [action for owner, action in everything.values() if owner == name] == ["create", "start", "die"]


@pytest.mark.proa_only("this drives the proa command")
def test_the_proa_command(proa, dock, since):
    dock("run", "-d", "--name", "it", "busybox", "true")
    dock("wait", "it")
    container = dock.inspect("it")["Id"]
    arguments = ("events", "--since", f"{since:.9f}", "--until", f"{time.time():.9f}", "-f", "container=it")
    lines = proa(*arguments).splitlines()
    assert lines == dock(*arguments).splitlines()
    assert lines[0].split(" ", 1)[1] == f"container create {container} (image=busybox, name=it)"
    template = ("--format", "{{.Type}} {{.Action}} {{.Actor.Attributes.name}} {{.From}} {{.TimeNano}}")
    assert proa(*arguments, *template) == dock(*arguments, *template)
    assert proa(*arguments, "--format", "json") == dock(*arguments, "--format", "json")
