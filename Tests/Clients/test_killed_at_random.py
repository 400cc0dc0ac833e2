"""kill -9 of the daemon at random moments under load: what it tells afterwards is what the kernel says, every end is known
with its status, and nothing is half done.

PROA_TEST_KILLS is how often (20), PROA_TEST_SEED repeats a run's choices, but not the machine's timing.
"""

import collections
import contextlib
import os
import random
import secrets
import time

import docker
import pytest

import kernel_state
from polling import eventually
from random_load import EXEC_STATUS, RandomLoad

pytestmark = [pytest.mark.own_engine, pytest.mark.proa_only("dockerd takes its containers' processes for dead now and then")]

KILLS = int(os.environ.get("PROA_TEST_KILLS", 20))
LONGEST = 1.5  # seconds of load before a kill
STARTING = 0.4  # and of a daemon that is killed while it starts


@pytest.fixture
def choices():
    seed = os.environ.get("PROA_TEST_SEED") or secrets.token_hex(4)
    print(f"PROA_TEST_SEED={seed} PROA_TEST_KILLS={KILLS}")
    return random.Random(seed)


@pytest.fixture
def load(other_engine, choices):
    engine = other_engine()
    ledger = engine.folder / "ledger"
    ledger.mkdir()
    return engine, RandomLoad(engine.host, ledger, choices)


class History:
    """The engine's events, read to their end time and again: every start has its end."""

    def __init__(self):
        self.since = time.time_ns()
        self.starts = collections.Counter()
        self.ends = collections.defaultdict(list)

    def read(self, client):
        until = time.time_ns()
        for event in client.events(since=stamp(self.since), until=stamp(until), decode=True, filters={"type": "container"}):
            if event["timeNano"] <= self.since:
                continue
            self.since = event["timeNano"]
            if event["Action"] == "start":
                self.starts[event["Actor"]["ID"]] += 1
            if event["Action"] == "die":
                self.ends[event["Actor"]["ID"]].append(int(event["Actor"]["Attributes"]["exitCode"]))

    def mistakes(self, load, running):
        for container in self.starts.keys() | self.ends.keys():
            starts, ends = self.starts[container], self.ends[container]
            if len(ends) + (container in running) != starts:
                yield f"{container} was started {starts} times and ended {len(ends)} times, running: {container in running}"
            if load.runs_begun(container) > starts:
                yield f"{container} ran {load.runs_begun(container)} times and was started {starts} times"
            if not set(ends) <= (allowed := load.may_end_with(container)):
                yield f"{container} ended with {ends}, possible are {allowed}"


def stamp(nanoseconds):
    return f"{nanoseconds // 10**9}.{nanoseconds % 10**9:09}"


def test_killed_at_random_moments(load, choices):
    engine, load = load
    history = History()
    for number in range(KILLS):
        with load.running():
            time.sleep(choices.uniform(0, LONGEST))  # a random moment is what is wanted
            engine.kill()
        while choices.random() < 0.25:
            kill_while_it_starts(engine, choices)
        engine.start()
        with contextlib.closing(docker.DockerClient(base_url=engine.host, timeout=30)) as client:
            with contextlib.ExitStack() as failure:
                failure.callback(lambda: print(engine.log.read_text()[-20_000:]))
                eventually(lambda: kernel_state.nothing(mistakes(engine, load, history, client)),
                           what=f"all is well after kill {number + 1}")
                failure.pop_all()
        assert not load.failures, load.failures
    print(dict(load.counts))
    assert any(load.runs_begun(container) for container in history.starts), "the ledger is empty: it checks nothing"


def kill_while_it_starts(engine, choices):
    engine.launch()
    time.sleep(choices.uniform(0, STARTING))
    engine.kill()


def mistakes(engine, load, history, client):
    running = {one["Id"] for one in client.api.containers()}
    history.read(client)
    return [*kernel_state.differences(engine, client), *history.mistakes(load, running), *lost_execs(load, client.api)]


def lost_execs(load, api):
    """Sessions that the engine knows as over, but not how they ended."""
    for session, container in load.execs:
        try:
            told = api.exec_inspect(session)
        except docker.errors.NotFound:
            continue  # its container has ended
        if told["Running"] or not told["Pid"]:
            continue
        # A container that ends takes its sessions with it.
        if told["ExitCode"] not in ({EXEC_STATUS, 137} if load.may_end_with(container) else {EXEC_STATUS}):
            yield f"exec {session} of {container} ended with {told['ExitCode']}"
