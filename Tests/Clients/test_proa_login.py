"""`proa login`, `logout` and `search`: the logins are Docker's, in its file or with its credential helpers."""

import json
import os
import pathlib
import stat
import tempfile

import pexpect
import pytest

from docker_command import DockerCommand
from proa_command import ProaCommand
from registries import DebianRegistry, HostileRegistry
from test_search import FOUND

pytestmark = pytest.mark.proa_only("it is about our client")
LOGIN = ("someone", "secret")
HELPER = """#!/bin/sh
# Keeps one login in a file beside itself.
kept=$(dirname "$0")/kept
case $1 in
  store) cat >"$kept" ;;
  get) cat >/dev/null; [ -e "$kept" ] && cat "$kept" || { echo "credentials not found in native keychain"; exit 1; } ;;
  erase) cat >/dev/null; rm -f "$kept" ;;
esac
"""


@pytest.fixture(scope="module")
def guarded(folder):
    with tempfile.TemporaryDirectory(prefix="reg", dir=folder) as own, DebianRegistry(own, LOGIN) as registry:
        yield registry


@pytest.fixture
def own(engine, proa_binary, tmp_path):
    """proa with a configuration folder of its own, which it has to make."""
    proa = ProaCommand(engine.host, proa_binary)
    proa.environment |= {"DOCKER_CONFIG": str(tmp_path / "docker"), "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    return proa


@pytest.fixture
def secret(dock, guarded):
    name = f"{guarded.host}/test/secret"
    dock("tag", "busybox", name)
    yield name
    dock("rmi", name)


def settings(proa):
    return pathlib.Path(proa.environment["DOCKER_CONFIG"], "config.json")


def log_in(proa, guarded, password="secret"):
    return proa.run("login", "--username", "someone", "--password-stdin", guarded.host, input=f"{password}\n")


def test_login_push_logout(own, guarded, secret):
    assert "no basic auth credentials" in own.run("push", secret).stderr
    refused = log_in(own, guarded, "wrong")
    assert refused.returncode == 1 and "401 Unauthorized" in refused.stderr and not settings(own).exists()
    done = log_in(own, guarded)
    assert (done.returncode, done.stdout) == (0, "Login Succeeded\n")
    assert "stored unencrypted" in done.stderr
    assert stat.S_IMODE(settings(own).stat().st_mode) == 0o600
    own("push", secret)
    # Nothing else is asked for by who is known.
    assert own("login", guarded.host).splitlines() == ["Authenticating with existing credentials...", "Login Succeeded"]
    assert own("logout", guarded.host) == f"Removing login credentials for {guarded.host}"
    assert own.run("push", secret).returncode == 1
    assert own("logout", guarded.host) == f"Not logged in to {guarded.host}"


def test_docker_knows_our_login(engine, own, guarded, secret):
    assert log_in(own, guarded).returncode == 0
    DockerCommand(engine.host, settings(own).parent)("push", secret)


def test_what_else_is_in_the_file_stays(own, guarded):
    settings(own).parent.mkdir()
    settings(own).write_text(json.dumps({"auths": {"other.example": {"auth": "YTpi"}}, "detachKeys": "ctrl-q"}))
    assert log_in(own, guarded).returncode == 0
    own("logout", guarded.host)
    assert json.loads(settings(own).read_text()) == {"auths": {"other.example": {"auth": "YTpi"}}, "detachKeys": "ctrl-q"}


@pytest.mark.parametrize("members", [{"credsStore": "test"}, {"credHelpers": {"HOST": "test"}}], ids=["all", "one"])
def test_a_credential_helper(own, guarded, secret, tmp_path, members):
    program = tmp_path / "docker-credential-test"
    program.write_text(HELPER)
    program.chmod(0o755)
    settings(own).parent.mkdir()
    settings(own).write_text(json.dumps(members).replace("HOST", guarded.host))
    done = log_in(own, guarded)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads((tmp_path / "kept").read_text()) == {
        "ServerURL": guarded.host, "Username": "someone", "Secret": "secret"}
    assert "secret" not in settings(own).read_text() and guarded.host in json.loads(settings(own).read_text())["auths"]
    own("push", secret)
    own("logout", guarded.host)
    assert not (tmp_path / "kept").exists()
    assert own.run("push", secret).returncode == 1


def test_a_helper_that_is_not_there(own, guarded):
    settings(own).parent.mkdir()
    settings(own).write_text('{"credsStore": "missing"}')
    done = log_in(own, guarded)
    assert done.returncode == 1
    assert "docker-credential-missing" in done.stderr and "not found" in done.stderr


def test_at_a_terminal(own, guarded):
    terminal = pexpect.spawn(own.executable, ["login", guarded.host], env=own.environment, timeout=20, encoding="utf-8")
    terminal.expect("Username: ")
    terminal.sendline("someone")
    terminal.expect("Password: ")
    terminal.sendline("secret")
    terminal.expect("Login Succeeded")
    assert "secret" not in terminal.before
    terminal.expect(pexpect.EOF)


@pytest.mark.parametrize(("arguments", "message"), [
    ((), "non-TTY device"), (("--password-stdin",), "requires --username"),
    (("--username", "x", "--password", "y", "--password-stdin"), "conflicting options")], ids=str)
def test_what_cannot_be_meant(own, arguments, message):
    done = own.run("login", *arguments, "127.0.0.1:1", input="")
    assert done.returncode == 1 and message in done.stderr


def test_search(own, dock):
    with HostileRegistry() as registry:
        registry.rules.append(lambda handler: handler.path.startswith("/v1/search") and handler.give(
            200, json.dumps({"results": FOUND}).encode(), **{"Content-Type": "application/json"}))
        term = f"{registry.host}/busybox"
        assert own("search", "--format", "{{.Name}} {{.StarCount}} {{.IsOfficial}}", term).splitlines() == [
            "busybox 3000 [OK]", "someone/busybox 7 "]
        heading, *rows = own("search", "--filter", "stars=100", term).splitlines()
        assert heading.split() == ["NAME", "DESCRIPTION", "STARS", "OFFICIAL"]
        assert [row.split()[0] for row in rows] == ["busybox"]
