"""A container that ends at once: whoever attached before its start sees all that it wrote, and its times are in order."""

import concurrent.futures

import pytest

ROUNDS = 100
PARALLEL = 8


def rounds(body):
    with concurrent.futures.ThreadPoolExecutor(PARALLEL) as pool:
        return list(pool.map(body, range(ROUNDS)))


def test_run(dock):
    def run(number):
        done = dock.run("run", "--rm", "busybox", "echo", str(number))
        return done.returncode, done.stdout, done.stderr

    assert rounds(run) == [(0, f"{number}\n", "") for number in range(ROUNDS)]


def test_start_attached_and_logs(dock):
    def run(number):
        container = dock("create", "busybox", "echo", str(number))
        told = dock.run("start", "-a", container).stdout, dock("logs", "-f", container)
        dock("rm", container)
        return told

    assert rounds(run) == [(f"{number}\n", str(number)) for number in range(ROUNDS)]


@pytest.mark.parametrize("network", ["none", "bridge"])
def test_it_ends_after_its_start(dock, network):
    def times(_):
        container = dock("run", "-d", "--network", network, "busybox", "true")
        dock("wait", container)
        state = dock.state(container)
        dock("rm", container)
        return state["StartedAt"], state["FinishedAt"]

    assert [pair for pair in rounds(times) if not "2020" < pair[0] <= pair[1]] == []
