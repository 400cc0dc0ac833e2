"""Images of containers and of archives: `commit` and `import`."""

import http.server
import json
import threading
import time

import pytest

import archives


@pytest.fixture
def names(dock):
    """Names for images; they are removed after the test, with the containers of theirs."""
    names = ["test/made:1", "test/made:2"]
    yield names
    for name in reversed(names):
        for container in dock("ps", "--all", "--quiet", "--filter", f"ancestor={name}").split():
            dock("rm", "--force", container)
        dock.run("rmi", "--force", name)


@pytest.fixture
def name(names):
    return names[0]


def changed(command, *script):
    """A container of busybox that has ended."""
    container = command("create", "busybox", "sh", "-c", "; ".join(script))
    command("start", "--attach", container)
    return container


def image(command, name):
    return json.loads(command("image", "inspect", name))[0]


def test_what_a_container_changed(command, name):
    container = changed(
        command, "echo new >/etc/new", "rm -f /etc/passwd", "mkdir /full", "touch /full/a", "chmod 700 /full/a",
        "ln /etc/new /full/linked", "ln -s new /etc/symbolic", "rm -rf /root", "mkdir /root", "touch /root/again")
    made = command("commit", container, name)
    assert made == image(command, name)["Id"]
    script = "cat /etc/new; ls /etc/passwd; ls -l /full/a; readlink /etc/symbolic; ls -A /root; stat -c %h /full/linked"
    done = command.run("run", "--rm", name, "sh", "-c", script)
    assert done.stdout.splitlines()[0] == "new"
    assert "/etc/passwd: No such file" in done.stderr
    lines = done.stdout.splitlines()
    assert lines[1].startswith("-rwx------")
    assert lines[2:] == ["new", "again", "2"]
    base, own = image(command, "busybox"), image(command, name)
    assert own["RootFS"]["Layers"][:-1] == base["RootFS"]["Layers"]


def test_a_directory_made_anew_has_nothing_of_before(command, names):
    first = changed(command, "mkdir /d", "touch /d/old")
    command("commit", first, names[0])
    second = command("create", names[0], "sh", "-c", "rm -r /d; mkdir /d; touch /d/new")
    command("start", "--attach", second)
    command("commit", second, names[1])
    assert command("run", "--rm", names[1], "ls", "/d") == "new"


def test_what_is_said_of_it(command, name):
    container = changed(command, "true")
    command("commit", "--author", "Someone", "--message", "a message", container, name)
    made = image(command, name)
    assert (made["Author"], made["Comment"]) == ("Someone", "a message")
    assert made["Config"]["Cmd"] == ["sh", "-c", "true"]
    history = command("history", "--format", "{{.CreatedBy}}|{{.Comment}}", "--no-trunc", name).splitlines()
    assert history[0] == "sh -c true|a message"
    # Nothing was changed: there is no layer more.
    assert made["RootFS"]["Layers"] == image(command, "busybox")["RootFS"]["Layers"]


CHANGES = {
    "CMD": (["CMD one two"], "Cmd", ["/bin/sh", "-c", "one two"]),
    "CMD list": (['CMD ["a", "b c"]'], "Cmd", ["a", "b c"]),
    "ENTRYPOINT": (['ENTRYPOINT ["/bin/echo"]'], "Entrypoint", ["/bin/echo"]),
    "ENV": (["ENV A=1 B=\"two words\" C='$A' D=x$A", "ENV E=${D:-no}${F:-none}", "env G the rest"], "Env",
            ["A=1", "B=two words", "C=$A", "D=x", "E=xnone", "G=the rest"]),
    "EXPOSE": (["EXPOSE 80 90/udp"], "ExposedPorts", {"80/tcp": {}, "90/udp": {}}),
    "LABEL": (['LABEL a=b "c d"="e f"'], "Labels", {"a": "b", "c d": "e f"}),
    "ONBUILD": (["ONBUILD RUN echo $x"], "OnBuild", ["RUN echo $x"]),
    "STOPSIGNAL": (["STOPSIGNAL SIGUSR1"], "StopSignal", "SIGUSR1"),
    "USER": (["USER 1:2"], "User", "1:2"),
    "VOLUME": (["VOLUME /a /b"], "Volumes", {"/a": {}, "/b": {}}),
    "VOLUME list": (['VOLUME ["/a b"]'], "Volumes", {"/a b": {}}),
    "WORKDIR": (["WORKDIR /a", "WORKDIR b/../c"], "WorkingDir", "/a/c"),
    "HEALTHCHECK": (["HEALTHCHECK --interval=5s --retries=2 CMD test -e /x"], "Healthcheck",
                    {"Test": ["CMD-SHELL", "test -e /x"], "Interval": 5 * 10**9, "Retries": 2}),
    "HEALTHCHECK NONE": (["HEALTHCHECK NONE"], "Healthcheck", {"Test": ["NONE"]}),
    "comment": (["# nothing\nUSER \\\n 5"], "User", "5"),
}


NEWER = pytest.mark.proa_only("20.10 does not know it")


@pytest.mark.parametrize(
    "what", [pytest.param(what, marks=NEWER) if what == "STOPSIGNAL" else what for what in CHANGES])
def test_changes(dock, name, what):
    changes, member, expected = CHANGES[what]
    container = dock("create", "busybox", "true")
    dock("commit", *[part for change in changes for part in ("--change", change)], container, name)
    found = image(dock, name)["Config"][member]
    if member == "Env":
        found = [text for text in found if not text.startswith("PATH=")]
    assert found == expected


@pytest.mark.parametrize("change, message", [
    ("FROM busybox", "FROM is not a valid change command"), ("RUN true", "RUN is not a valid change command"),
    pytest.param("STOPSIGNAL NOPE", "nvalid signal: NOPE", marks=NEWER), ("EXPOSE x", "nvalid containerPort: x"), ("ENV A", "ENV must have two arguments"),
    ("ONBUILD FROM x", "FROM isn't allowed as an ONBUILD trigger"), ("HEALTHCHECK RUN x", "nknown type"),
])
def test_changes_that_are_refused(command, change, message):
    container = command("create", "busybox", "true")
    done = command.run("commit", "--change", change, container)
    assert done.returncode == 1
    assert message.lower() in done.stderr.lower()


def test_the_container_stands_still(dock, client, names):
    container = dock("run", "--detach", "busybox", "sleep", "100")
    dock("commit", container, names[0])
    actions = [event["Action"] for event in client.events(
        filters={"container": container}, since=0, until=int(time.time()) + 1, decode=True) if event["Type"] == "container"]
    assert actions[-3:] == ["pause", "unpause", "commit"] or actions[-3:] == ["pause", "commit", "unpause"]
    assert not dock.state(container)["Paused"]
    dock("commit", "--pause=false", container, names[1])


def test_no_name(command):
    container = changed(command, "touch /x")
    made = command("commit", container)
    try:
        assert image(command, made)["RepoTags"] == []
    finally:
        command("rmi", "--force", made)


def test_what_cannot_be_made(command, dock):
    assert "No such container: nowhere" in command.run("commit", "nowhere").stderr
    container = dock("create", "busybox", "true")
    assert "must be lowercase" in command.run("commit", container, "UPPER").stderr


def test_what_was_made_is_saved(command, name, tmp_path):
    command("commit", changed(command, "echo saved >/x"), name)
    path = tmp_path / "made.tar"
    command("save", "--output", str(path), name)
    before = image(command, name)["Id"]
    command("rmi", name)
    command("load", "--input", str(path))
    assert image(command, name)["Id"] == before
    assert command("run", "--rm", name, "cat", "/x") == "saved"


# import


@pytest.fixture
def tree(dock, tmp_path):
    """The whole file system of a container as an archive."""
    path = tmp_path / "tree.tar"
    dock("export", "--output", str(path), dock("create", "busybox", "true"))
    return path


def test_an_archive_becomes_an_image(command, tree, name):
    changes = ("--change", "CMD echo imported", "--change", "ENV A=1")
    made = command("import", *changes, "--message", "why not", str(tree), name).splitlines()[-1]
    found = image(command, name)
    assert made == found["Id"]
    assert (found["Comment"], found["Config"]["Env"], len(found["RootFS"]["Layers"])) == ("why not", ["A=1"], 1)
    assert command("run", "--rm", name) == "imported"


def test_the_message_of_an_import(command, tree, name):
    command("import", str(tree), name)
    assert image(command, name)["Comment"] == "Imported from -"


@pytest.mark.parametrize("pack", [archives.gzipped, lambda data: data], ids=["gzip", "plain"])
def test_packed_archives(dock, client, tree, name, pack):
    dock.run("rmi", "--force", name)
    client.api.import_image_from_data(pack(tree.read_bytes()), repository="test/made", tag="1")
    assert dock("run", "--rm", name, "echo", "hello") == "hello"


@pytest.mark.proa_only("it takes whatever it is")
def test_what_is_no_archive(dock, tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"no archive" * 100)
    before = dock("images", "--all", "--quiet")
    done = dock.run("import", str(path))
    assert done.returncode == 1 and "archive" in done.stderr
    assert dock("images", "--all", "--quiet") == before


@pytest.fixture
def served(tmp_path):
    """A web server with what is in the folder."""
    def serve(*arguments, **named):
        return http.server.SimpleHTTPRequestHandler(*arguments, directory=tmp_path, **named)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_an_archive_from_the_web(command, tree, name, served):
    lines = command("import", f"{served}/{tree.name}", name).splitlines()
    assert lines[0].strip() == f"Downloading from {served}/{tree.name}"
    found = image(command, name)
    assert found["Id"] in lines[-1] and found["Comment"] == f"Imported from {served}/{tree.name}"
    assert command("run", "--rm", name, "echo", "hello") == "hello"


def test_its_progress(client, tree, name, served):
    answer = client.api.import_image_from_url(f"{served}/{tree.name}", repository="test/made", tag="1")
    lines = [json.loads(line) for line in answer.splitlines()]
    assert lines[0] == {"status": f"Downloading from {served}/{tree.name}"}
    importing = [line for line in lines if line["status"] == "Importing"]
    assert importing[-1]["progressDetail"]["total"] == tree.stat().st_size
    assert lines[-1]["status"].startswith("sha256:")


def test_its_progress_is_told_as_often_as_one_can_read_it(client, tmp_path, name, served):
    (tmp_path / "large.tar").write_bytes(archives.tar([("file", bytes(50 << 20))]))
    begun = time.monotonic()
    answer = client.api.import_image_from_url(f"{served}/large.tar", repository="test/made", tag="1")
    lines = [json.loads(line) for line in answer.splitlines()]
    importing = [line["progressDetail"] for line in lines if line["status"] == "Importing"]
    size = (tmp_path / "large.tar").stat().st_size
    assert importing[-1] == {"current": size, "total": size}
    assert len(importing) <= (time.monotonic() - begun) / 0.1 + 2


@pytest.fixture
def refusing():
    """A web server that answers with the status that the path names."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_error(int(self.path[1:]))

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_refusal_is_handed_on(client, refusing, status):
    url = f"{client.api.base_url}/v1.41/images/create"
    answer = client.api.post(url, params={"fromSrc": f"{refusing}/{status}", "repo": "test/made", "tag": "1"})
    assert (answer.status_code, str(status) in answer.json()["message"]) == (status, True)


def test_nothing_is_there(command, tmp_path, served):
    assert "404" in command.run("import", f"{served}/nothing").stderr
    (tmp_path / "x").write_bytes(b"no archive" * 100)
    done = command.run("import", f"{served}/x")
    assert done.returncode == 1


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/x.tar", "https://127.0.0.1:1/x.tar"])
def test_nobody_answers(command, address):
    assert "refused" in command.run("import", address).stderr
