"""Another daemon takes over under running containers: other programs at the same path, and a database of before."""

import contextlib
import os
import pathlib
import shutil
import signal
import sqlite3
import tempfile
import threading

import pytest

import engines
import kernel_state
from polling import eventually
from test_terminal import PROMPT

pytestmark = [pytest.mark.own_engine, pytest.mark.proa_only("these are its programs and its database")]

COUNT = 150
LINES = f"i=0; while [ $i -lt {COUNT} ]; do echo $i; i=$((i + 1)); usleep 20000; done"
EVERY_LINE = [str(number) for number in range(COUNT)]


@pytest.fixture
def upgradable(other_engine, dock_on, folder, monkeypatch):
    """An engine that runs from a folder of its own, where its programs can be replaced."""
    programs = [engines.BINARIES / name for name in ("proa", "proa-shim", "proa-runtime")]
    place = pathlib.Path(tempfile.mkdtemp(dir=folder))
    install(place, programs)
    monkeypatch.setattr(engines, "BINARIES", place)
    engine = other_engine()
    return engine, dock_on(engine), lambda: upgrade(engine, place, programs)


def install(place, programs):
    """As a package manager does it: new files, moved over the old ones."""
    for program in programs:
        shutil.copy2(program, place / f"{program.name}.new")
        (place / f"{program.name}.new").replace(place / program.name)


def make_old(path):
    """The database as it was before events and networks were kept in it, with records that lack what was added since."""
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute("DROP TABLE events")
        database.execute("DROP TABLE networks")
        database.execute("DELETE FROM grdb_migrations WHERE identifier LIKE 'events-%' OR identifier = 'networks-2'")
        database.execute("UPDATE containers SET record = json_remove(record, '$.restartCount', '$.wasStopped', '$.places')")


def upgrade(engine, place, programs):
    engine.kill()
    make_old(engine.data_root / "proa.db")
    install(place, programs)
    engine.start()


def test_what_runs_carries_on(upgradable):
    engine, dock, replace = upgradable
    dock("run", "-d", "--name", "lines", "busybox", "sh", "-c", LINES)
    dock("run", "-d", "--name", "always", "--restart", "always", "busybox", "sleep", "1000")
    dock("run", "-d", "--name", "ends", "busybox", "sh", "-c", "until [ -e /end ]; do usleep 10000; done; exit 6")
    terminal = dock.terminal("run", "-it", "--env", "PS1=ready> ", "--name", "shell", "busybox", "sh")
    terminal.expect(PROMPT)
    pids = {name: dock.state(name)["Pid"] for name in ("lines", "always", "ends", "shell")}
    following = dock.open("logs", "--follow", "--timestamps", "lines")
    seen = [following.stdout.readline() for _ in range(20)]
    replace()
    hasty = threading.Timer(20, following.kill)
    hasty.start()
    seen += following.stdout.readlines()
    hasty.cancel()
    assert {name: dock.state(name)["Pid"] for name in pids} == pids

    again = dock("logs", "--follow", "--timestamps", "--since", seen[-1].split()[0], "lines").splitlines()
    assert [line.split()[1] for line in seen] + [line.split()[1] for line in again[1:]] == EVERY_LINE
    shell = dock.terminal("attach", "shell")
    shell.sendline("echo still $((40 + 2))")
    shell.expect_exact("still 42")
    os.kill(pids["always"], signal.SIGKILL)
    eventually(lambda: dock.inspect("always")["RestartCount"] == 1 and dock.state("always")["Running"])
    dock("exec", "ends", "touch", "/end")
    assert dock("wait", "ends") == "6"
    kernel_state.agrees_with(engine)
    for one in (terminal, shell):
        one.close(force=True)


def test_a_database_of_a_later_version_is_left_alone(upgradable):
    engine, dock, _ = upgradable
    dock("run", "-d", "--name", "it", "busybox", "sleep", "1000")
    engine.kill()
    path = engine.data_root / "proa.db"
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute("INSERT INTO grdb_migrations VALUES ('containers-99')")
    engine.launch()
    assert engine.daemon.wait(20) != 0
    assert "a newer version of Proa wrote it" in engine.log.read_text()
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute("DELETE FROM grdb_migrations WHERE identifier = 'containers-99'")
    engine.start()
    assert dock("exec", "it", "echo", "here") == "here"
