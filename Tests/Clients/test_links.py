"""Links on the default network: what a container knows of another one."""

import pytest
from polling import eventually


@pytest.fixture
def database(dock):
    return dock("run", "-d", "--name", "db", "--hostname", "base", "--expose", "80-82", "--expose", "53/udp", "-e", "SECRET=a=b",
                "busybox", "sleep", "1000")  # fmt: skip


def address(dock, name):
    return dock.inspect(name)["NetworkSettings"]["Networks"]["bridge"]["IPAddress"]


def variables(dock, name, prefix):
    """Each once: dockerd tells some of them twice."""
    return sorted({line for line in dock("exec", name, "env").splitlines() if line.startswith(prefix)})


def test_a_container_knows_what_it_is_linked_to(dock, database):
    dock("run", "-d", "--name", "web", "--link", "db:my-db", "--link", "db", "-e", "MY_DB_NAME=mine", "busybox", "sleep", "1000")
    place = address(dock, "db")
    hosts = dock("exec", "web", "cat", "/etc/hosts").splitlines()
    assert f"{place}\tmy-db base db" in hosts and f"{place}\tdb base" in hosts
    assert f"({place})" in dock("exec", "web", "ping", "-c1", "-W2", "my-db")
    told = variables(dock, "web", "MY_DB_")
    assert told == sorted([
        "MY_DB_ENV_SECRET=a=b", "MY_DB_NAME=mine", f"MY_DB_PORT=udp://{place}:53",
        f"MY_DB_PORT_80_TCP_START=tcp://{place}:80", "MY_DB_PORT_80_TCP_PORT_START=80",
        f"MY_DB_PORT_82_TCP_END=tcp://{place}:82", "MY_DB_PORT_82_TCP_PORT_END=82",
        *(line for port, kind in ((53, "udp"), (80, "tcp"), (81, "tcp"), (82, "tcp")) for line in (
            f"MY_DB_PORT_{port}_{kind.upper()}={kind}://{place}:{port}", f"MY_DB_PORT_{port}_{kind.upper()}_ADDR={place}",
            f"MY_DB_PORT_{port}_{kind.upper()}_PORT={port}", f"MY_DB_PORT_{port}_{kind.upper()}_PROTO={kind}")),
    ])  # fmt: skip
    assert "DB_NAME=/web/db" in variables(dock, "web", "DB_")
    assert sorted(dock.inspect("web")["HostConfig"]["Links"]) == ["/db:/web/db", "/db:/web/my-db"]


def test_a_link_is_a_name(dock, client, database):
    dock("create", "--name", "web", "--link", "db:base", "busybox")
    assert dock("inspect", "--format", "{{.Id}}", "web/base") == database
    [row] = [row for row in client.api.containers() if row["Id"] == database]
    assert row["Names"] == ["/db", "/web/base"]
    assert dock("ps", "--format", "{{.Names}}", "--filter", "name=^/db$") == "db"
    dock("rename", "web", "new")
    assert dock.inspect("new")["HostConfig"]["Links"] == ["/db:/new/base"]
    assert dock("rm", "--link", "new/base") == "new/base"
    assert dock.inspect("new")["HostConfig"]["Links"] is None
    assert dock.run("rm", "--link", "new/base").returncode == 1
    assert dock.run("rm", "--link", "new").returncode == 1
    assert dock.inspect("db")["State"]["Running"]
    assert [row["Names"] for row in client.api.containers()] == [["/db"]]


def test_a_link_leads_to_a_new_address(dock, database):
    dock("run", "-d", "--name", "web", "--link", "db", "busybox", "sleep", "1000")
    dock("stop", "-t0", "db")
    dock("run", "-d", "--name", "other", "busybox", "sleep", "1000")
    dock("run", "-d", "--name", "another", "busybox", "sleep", "1000")
    dock("start", "db")
    place = address(dock, "db")
    eventually(
        lambda: f"{place}\tdb base" in dock("exec", "web", "cat", "/etc/hosts").splitlines(),
        what="the link leads to the new address",
    )
    assert f"({place})" in dock("exec", "web", "ping", "-c1", "-W2", "db")


def test_who_does_not_run_is_not_linked_to(dock, database):
    dock("create", "--name", "web", "--link", "db:base", "busybox", "true")
    dock("stop", "-t0", "db")
    done = dock.run("start", "web")
    assert done.returncode == 1 and "Cannot link to a non running container: /db AS /web/base" in done.stderr
    dock("start", "db")
    dock("start", "-a", "web")
    dock("rm", "-f", "db")
    # Nothing is left of the link.
    assert dock.inspect("web")["HostConfig"]["Links"] is None
    dock("start", "-a", "web")


REFUSED = {
    "nobody": (["--link", "nobody"], "could not get container for nobody: No such container: nobody"),
    "form": (["--link", "a:b:c"], "bad format for links: a:b:c"),
    "host": (["--link", "hosts"], "host type networking can't be used with links"),
    "elsewhere": (["--link", "away"], "Cannot link to /away, as it does not belong to the default network"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused(dock, case):
    dock("network", "create", "front")
    dock("create", "--name", "hosts", "--network", "host", "busybox")
    dock("run", "-d", "--name", "away", "--network", "front", "busybox", "sleep", "1000")
    options, message = REFUSED[case]
    done = dock.run("run", "--rm", *options, "busybox", "true")
    assert done.returncode != 0 and message in done.stderr


@pytest.mark.own_engine
@pytest.mark.proa_only("dockerd forgets and finds links in other ways when it starts")
def test_links_outlive_the_daemon(other_engine, dock_on):
    engine = other_engine()
    dock = dock_on(engine)
    dock("run", "-d", "--name", "db", "busybox", "sleep", "1000")
    dock("run", "-d", "--name", "web", "--link", "db:base", "busybox", "sleep", "1000")
    engine.kill()
    engine.start()
    assert dock.inspect("web")["HostConfig"]["Links"] == ["/db:/web/base"]
    dock("restart", "-t0", "db", "web")
    place = address(dock, "db")
    assert f"({place})" in dock("exec", "web", "ping", "-c1", "-W2", "base")


def test_both_commands_do_it(command, dock, database):
    command("run", "-d", "--name", "web", "--link", "db:base", "busybox", "sleep", "1000")
    assert dock.inspect("web")["HostConfig"]["Links"] == ["/db:/web/base"]
    assert command("rm", "--link", "web/base").strip() == "web/base"
    assert dock.inspect("web")["HostConfig"]["Links"] is None
