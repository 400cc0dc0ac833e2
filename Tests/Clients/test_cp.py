"""Files of containers from outside: cp both ways; and that nothing of the container leads out of it."""

import io
import os
import tarfile
import threading

import docker
import pytest
from polling import eventually

F, D, L = tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE


def archive(*members):
    """A tar archive of (name, type, fields): `data` and whatever a TarInfo has."""
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w") as tar:
        for name, kind, fields in members:
            info = tarfile.TarInfo(name)
            info.type, info.mode, info.mtime, info.uid, info.gid = kind, 0o640, 1_600_000_000, 123, 45
            data = fields.pop("data", b"")
            info.size = len(data)
            for field, value in fields.items():
                setattr(info, field, value)
            tar.addfile(info, io.BytesIO(data))
    return output.getvalue()


def fetched(container, path):
    """The members of what is at `path` by their names, and its status."""
    stream, status = container.get_archive(path)
    with tarfile.open(fileobj=io.BytesIO(b"".join(stream))) as tar:
        return {member.name: member for member in tar}, status


@pytest.fixture(params=["running", "stopped"])
def container(request, client):
    """With some files that it has made itself."""
    commands = [
        "mkdir -p /d/e && echo hello >/d/f && chmod 4755 /d/f && ln -s f /d/l && ln /d/f /d/g && mkfifo /d/p",
        "ln -s /d /ld && ln -s ../../../../etc/passwd /esc && ln -s /nope/x /dang",
        "echo made >/made && exec sleep 1000",
    ]
    container = client.containers.run("busybox", ["sh", "-c", " && ".join(commands)], detach=True, name="it")
    eventually(lambda: client.api.exec_start(client.api.exec_create(container.id, "cat /made")["Id"]) == b"made\n")
    if request.param == "stopped":
        container.kill()
    return container


def test_archives_of_files_and_directories(container):
    members, status = fetched(container, "/d")
    assert list(members) == ["d", "d/e", "d/f", "d/g", "d/l", "d/p"]
    assert (members["d/f"].mode & 0o7777, members["d/f"].size, members["d/f"].uid) == (0o4755, 6, 0)
    assert members["d/g"].linkname == "d/f" and members["d/g"].islnk()
    assert members["d/l"].linkname == "f" and members["d/p"].isfifo()
    assert (status["name"], status["mode"]) == ("d", 1 << 31 | 0o755)
    members, status = fetched(container, "/d/f")
    assert list(members) == ["f"]
    assert (status["name"], status["size"], status["mode"], status["linkTarget"]) == ("f", 6, 1 << 23 | 0o755, "")


@pytest.mark.parametrize(
    ("path", "names", "target"),
    [("/ld", ["ld"], "/d"), ("/ld/", ["ld", "ld/e", "ld/f", "ld/g", "ld/l", "ld/p"], ""),
     ("/d/.", [".", "./e", "./f", "./g", "./l", "./p"], ""), ("/ld/f", ["f"], ""), ("d/e/../f", ["f"], ""),
     ("/esc", ["esc"], "/etc/passwd"), ("/dang", ["dang"], "/nope/x"), ("/etc/hosts", ["hosts"], "")],
)  # fmt: skip
def test_how_paths_are_read(container, path, names, target):
    members, status = fetched(container, path)
    assert list(members) == names
    assert status["linkTarget"] == target


@pytest.mark.parametrize("path", ["/nope", "/nope/x", "/dang/", "/proc/1"])
def test_what_is_not_there(container, path):
    with pytest.raises(docker.errors.NotFound, match=f"Could not find the file {path} in container {container.id}"):
        container.get_archive(path)
    with pytest.raises(docker.errors.NotFound):
        container.put_archive(path, archive(("x", F, {})))


def test_unpacking(container):
    content = archive(
        ("new", D, {"mode": 0o711}), ("new/x", F, {"data": b"x" * 100_000}), ("deep/er/y", F, {"data": b"y"}),
        ("f", F, {"data": b"other"}), ("new/l", L, {"linkname": "../f"}), ("ld/z", F, {"data": b"z"}),
        (".", D, {"mode": 0}),
    )
    assert container.put_archive("/ld/", content)
    members, status = fetched(container, "/d")
    assert {"d/new/x", "d/deep/er/y", "d/f", "d/new/l", "d/ld/z"} <= set(members)
    assert (members["d/new"].mode & 0o777, members["d/new"].mtime) == (0o711, 1_600_000_000)
    x = members["d/new/x"]
    assert (x.size, x.uid, x.gid, x.mode & 0o7777, x.mtime) == (100_000, 123, 45, 0o640, 1_600_000_000)
    assert status["mode"] == 1 << 31 | 0o755
    assert members["d/g"].size == 6  # the file's other name has kept the content


def test_an_archive_may_be_compressed(client, dock):
    dock("create", "--name", "it", "busybox")
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w:gz") as tar:
        tar.addfile(tarfile.TarInfo("empty"))
    container = client.containers.get("it")
    container.put_archive("/tmp" if "tmp" in fetched(container, "/")[0] else "/", output.getvalue())
    assert any(name.endswith("empty") for name in fetched(container, "/")[0])


def test_directories_stay_directories_for_docker_cp(container, dock, tmp_path):
    (tmp_path / "e").write_text("no directory")
    done = dock.run("cp", str(tmp_path / "e"), "it:/d")
    assert done.returncode == 1
    assert 'cannot overwrite directory "/d/e" with non-directory "/d"' in done.stderr


def test_whom_things_belong_to(client, dock, tmp_path):
    container = client.containers.create("busybox", name="it", user="123:45")
    content = archive(("x", F, {"uid": 7, "gid": 8}))
    client.api.put_archive(container.id, "/", content)
    assert (fetched(container, "/x")[0]["x"].uid, fetched(container, "/x")[0]["x"].gid) == (7, 8)
    (tmp_path / "y").write_text("y")
    if client.version()["Platform"]["Name"] == "Proa":  # dockerd 20.10 looks the user up on the host
        dock("cp", "--archive", str(tmp_path / "y"), "it:/")
        member = fetched(container, "/y")[0]["y"]
        assert (member.uid, member.gid) == (123, 45)


def test_places_that_cannot_be_written_to(client, dock, tmp_path):
    dock("run", "-d", "--read-only", "-v", f"{tmp_path}:/vol:ro", "--name", "it", "busybox", "sleep", "100")
    container = client.containers.get("it")
    for path, what in [("/", "container rootfs"), ("/vol", "mounted volume")]:
        with pytest.raises(docker.errors.APIError, match=f"{what} is marked read-only"):
            container.put_archive(path, archive(("x", F, {})))
    with pytest.raises(docker.errors.APIError, match="extraction point is not a directory"):
        container.put_archive("/etc/passwd", archive(("x", F, {})))


def test_what_the_container_has_from_the_host_is_there(client, dock, tmp_path):
    (tmp_path / "v").write_text("from the host")
    dock("run", "-d", "-v", f"{tmp_path}:/vol", "--tmpfs", "/scratch", "--name", "it", "busybox", "sleep", "100")
    container = client.containers.get("it")
    assert set(fetched(container, "/vol")[0]) == {"vol", "vol/v"}
    container.put_archive("/vol", archive(("w", F, {"data": b"from outside"})))
    assert (tmp_path / "w").read_text() == "from outside"
    assert dock("exec", "it", "cat", "/vol/w") == "from outside"
    dock("kill", "it")
    assert set(fetched(container, "/vol")[0]) == {"vol", "vol/v", "vol/w"}
    assert "/proc" in fetched(container, "/")[0] and "/proc/1" not in fetched(container, "/")[0]


def test_bad_archives(container):
    for content, message in [
        (b"this is no archive" * 100, "tar"), (archive(("../../../zz", F, {})), '"../../../zz" is outside of "/d"'),
        (archive(("x", F, {"data": b"x" * 5000}))[:3000], "the archive ends in the middle of the file|unexpected EOF"),
    ]:  # fmt: skip
        with pytest.raises(docker.errors.APIError, match=message):
            container.put_archive("/d", content)


def test_a_link_that_leads_out_leads_to_the_same_place_inside(client, dock, tmp_path):
    """CVE-2018-15664's static half: the host's file stays as it is."""
    secret = tmp_path / "secret"
    secret.write_text("of the host")
    dock("create", "--name", "it", "busybox")
    container = client.containers.get("it")
    container.put_archive("/", archive(
        ("out", L, {"linkname": str(tmp_path)}), ("up", L, {"linkname": "../../../../../../../.." + str(tmp_path)})))
    for link in ("/out/secret", "/up/secret"):
        with pytest.raises(docker.errors.NotFound):
            container.get_archive(link)
    container.put_archive("/", archive((str(tmp_path)[1:], D, {"mode": 0o755})))
    container.put_archive("/", archive(("out/secret", F, {"data": b"of the container"})))
    assert secret.read_text() == "of the host"
    assert fetched(container, f"{tmp_path}/secret")[0]["secret"].size == len("of the container")
    container.put_archive("/", archive(("up/secret", F, {"data": b"again"})))
    assert secret.read_text() == "of the host"
    assert os.listdir(tmp_path) == ["secret"]


@pytest.mark.proa_only("dockerd 20.10 is slower than the swap")
def test_a_container_that_swaps_links_meanwhile(client, dock, tmp_path):
    """CVE-2018-15664: the directory becomes a link to the host's, and back, while copies are under way."""
    (tmp_path / "secret").write_text("of the host")
    swap = f"mkdir -p /real{tmp_path} && echo inside >/real{tmp_path}/secret && mkdir /x && echo inside >/x/secret && "
    swap += f"ln -s {tmp_path} /y && echo up && while :; do mv /x /z; mv /y /x; mv /x /y; mv /z /x; done"
    dock("run", "-d", "--name", "it", "busybox", "sh", "-c", swap)
    eventually(lambda: "up" in dock("logs", "it"))
    container = client.containers.get("it")
    results = []

    def copy():
        for _ in range(40):
            try:
                stream, _ = container.get_archive("/x/secret")
                with tarfile.open(fileobj=io.BytesIO(b"".join(stream))) as tar:
                    results.append(tar.extractfile("secret").read())
            except docker.errors.NotFound:
                results.append(b"")
            try:
                container.put_archive("/x", archive(("planted", F, {"data": b"x"})))
            except docker.errors.APIError:  # the link leads nowhere in the container
                results.append(b"")

    threads = [threading.Thread(target=copy) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(results) <= {b"inside\n", b""} and b"inside\n" in results
    assert os.listdir(tmp_path) == ["secret"]


def test_what_grows_and_vanishes_meanwhile_does_no_harm(client, dock):
    busy = "mkdir /w; while :; do for i in 1 2 3 4 5; do head -c 300000 /dev/zero >/w/$i; rm -f /w/$i; done; done"
    dock("run", "-d", "--name", "it", "busybox", "sh", "-c", busy)
    container = client.containers.get("it")
    eventually(lambda: "w" in fetched(container, "/w")[0])
    for _ in range(10):
        assert "w" in fetched(container, "/w")[0]


def test_a_client_that_goes_away(client, dock):
    dock("run", "-d", "--name", "it", "busybox", "sh", "-c", "head -c 30000000 /dev/zero >/big; sleep 100")
    container = client.containers.get("it")
    eventually(lambda: fetched(container, "/big")[0]["big"].size == 30_000_000)
    for _ in range(5):
        stream, _ = container.get_archive("/big")
        next(stream)
        stream.close()
    dock("rm", "-f", "it")


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [("file", "it:/d", "/d/file"), ("file", "it:/d/other", "/d/other"), ("file", "it:/d/f", "/d/f"),
     ("dir", "it:/d", "/d/dir/inner"), ("dir", "it:/d/other", "/d/other/inner"),
     ("dir/.", "it:/d", "/d/inner"), ("dir/.", "it:/d/other", "/d/other/inner"),
     ("file", "it:/ld", "/d/file"), ("dir", "it:/d/other/", "/d/other/inner")],
)  # fmt: skip
def test_cp_into_a_container(command, dock, client, tmp_path, source, target, expected):
    dock("run", "-d", "--name", "it", "busybox", "sh", "-c", "mkdir /d; echo f >/d/f; ln -s /d /ld; sleep 100")
    eventually(lambda: dock.run("exec", "it", "ls", "/ld/f").returncode == 0)
    (tmp_path / "file").write_text("copied")
    (tmp_path / "dir").mkdir()
    (tmp_path / "dir" / "inner").write_text("copied")
    command("cp", f"{tmp_path}/{source}", target)
    assert dock("exec", "it", "cat", expected) == "copied"


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [("it:/d/f", "", "f"), ("it:/d/f", "other", "other"), ("it:/d/f", "there", "there"), ("it:/d", "", "d/f"),
     ("it:/d", "other", "other/f"), ("it:/d/.", "", "f"), ("it:/d/.", "other", "other/f"), ("it:/ld/", "", "ld/f"),
     ("-L it:/lf", "", "lf"), ("-L it:/lf", "other", "other")],
)  # fmt: skip
def test_cp_out_of_a_container(command, dock, tmp_path, source, target, expected):
    dock("run", "-d", "--name", "it", "busybox", "sh", "-c",
         "mkdir /d; echo copied >/d/f; ln -s /d /ld; ln -s /d/f /lf; echo done; sleep 100")
    eventually(lambda: "done" in dock("logs", "it"))
    (tmp_path / "there").write_text("before")
    command("cp", *source.split(), f"{tmp_path}/{target}")
    assert (tmp_path / expected).read_text() == "copied\n"


def test_cp_through_pipes(command, dock, tmp_path):
    dock("create", "--name", "it", "busybox")
    (tmp_path / "in.tar").write_bytes(archive(("x", F, {"data": b"through a pipe"})))
    with (tmp_path / "in.tar").open() as file:
        assert command.run("cp", "-", "it:/", input=file.read()).returncode == 0
    assert "through a pipe" in command("cp", "it:/x", "-")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(("it:/nope", "/tmp"), "Could not find the file /nope in container it"),
     (("/tmp", "/tmp"), "must specify at least one container source"),
     (("it:/", "it:/"), "copying between containers is not supported"),
     (("nobody:/", "/tmp"), "No such container: nobody")],
)  # fmt: skip
def test_cp_refuses(command, dock, arguments, message):
    dock("create", "--name", "it", "busybox")
    done = command.run("cp", *arguments)
    assert done.returncode == 1 and message in done.stderr
