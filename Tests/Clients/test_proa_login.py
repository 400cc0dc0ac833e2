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


def write_helper(folder, text):
    program = folder / "docker-credential-test"
    program.write_text(text)
    program.chmod(0o755)


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


@pytest.mark.parametrize("helper", [False, True])
@pytest.mark.parametrize("scheme", ["", "https://", "http://"])
def test_however_the_registry_is_spelled(own, guarded, tmp_path, scheme, helper):
    """Docker and others write addresses, too; with a helper, what the file has goes as well."""
    if helper:
        write_helper(tmp_path, HELPER)
    members = {"credHelpers": {guarded.host: "test"}} if helper else {}
    settings(own).parent.mkdir()
    kept = {"auths": {f"{scheme}{guarded.host}": {"auth": "c29tZW9uZTpzZWNyZXQ="}}}
    settings(own).write_text(json.dumps(kept | members))
    if not helper:
        assert own("login", guarded.host).splitlines() == ["Authenticating with existing credentials...", "Login Succeeded"]
        assert list(json.loads(settings(own).read_text())["auths"]) == [guarded.host]
        settings(own).write_text(json.dumps(kept | members))
    assert own("logout", guarded.host) == f"Removing login credentials for {guarded.host}"
    assert json.loads(settings(own).read_text()) == members
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
    write_helper(tmp_path, HELPER)
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


def test_a_helper_that_does_not_stop_talking(own, guarded, tmp_path):
    write_helper(tmp_path, '#!/bin/sh\necho $$ >"$(dirname "$0")/pid"\ntrap "" PIPE\nwhile true; do echo too much; done 2>&1\n')
    settings(own).parent.mkdir()
    settings(own).write_text('{"credsStore": "test"}')
    done = own.run("login", guarded.host)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "docker-credential-test: its answer is too long")
    assert not pathlib.Path("/proc", (tmp_path / "pid").read_text().strip()).exists()


def test_a_link_stays_one(own, guarded, tmp_path):
    settings(own).parent.mkdir()
    settings(own).symlink_to("../elsewhere.json")
    assert log_in(own, guarded).returncode == 0
    assert settings(own).is_symlink() and guarded.host in json.loads((tmp_path / "elsewhere.json").read_text())["auths"]
    own("logout", guarded.host)
    assert settings(own).is_symlink() and json.loads((tmp_path / "elsewhere.json").read_text()) == {}


@pytest.mark.parametrize("text", ["[1]", '{"auths": 5}', "{"])
def test_a_file_that_is_something_else_stays(own, guarded, text):
    settings(own).parent.mkdir()
    settings(own).write_text(text)
    done = log_in(own, guarded)
    assert done.returncode == 1 and str(settings(own)) in done.stderr
    assert settings(own).read_text() == text


def test_stored_credentials_that_are_refused(own, guarded):
    settings(own).parent.mkdir()
    settings(own).write_text(json.dumps({"auths": {guarded.host: {"auth": "c29tZW9uZTp3cm9uZw=="}}}))
    done = own.run("login", guarded.host)
    assert done.returncode == 1 and "401 Unauthorized" in done.stderr
    terminal = pexpect.spawn(own.executable, ["login", guarded.host], env=own.environment, timeout=20, encoding="utf-8")
    terminal.expect("Stored credentials invalid or expired")
    terminal.expect("Username: ")
    terminal.sendline("someone")
    terminal.expect("Password: ")
    terminal.sendline("secret")
    terminal.expect("Login Succeeded")
    terminal.expect(pexpect.EOF)
    assert own("login", guarded.host).splitlines()[-1] == "Login Succeeded"


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
