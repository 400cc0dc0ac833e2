"""Names of containers on networks that users made, at 127.0.0.11."""

import socket
import subprocess
import threading

import pytest
from polling import eventually

NAME_SERVER = "127.0.0.77"  # of the test's own, on the host's loopback


def lookup(dock, client, name, *options):
    """The addresses that a container is told of a name."""
    done = dock.run("exec", client, "nslookup", *options, name)
    answer = done.stdout.partition("\n\n")[2]
    return sorted(line.split()[1] for line in answer.splitlines() if line.startswith("Address"))


@pytest.fixture
def run(dock):
    for name in ("alpha", "beta"):
        dock("network", "create", name)

    def run(name, network, *options):
        return dock("run", "-d", "--name", name, "--network", network, *options, "busybox", "sleep", "1000")

    return run


def address(dock, name, network):
    return dock.inspect(name)["NetworkSettings"]["Networks"][network]["IPAddress"]


def test_what_a_container_is_called(dock, run):
    identifier = run("web", "alpha", "--network-alias", "www", "--hostname", "named")
    run("client", "alpha")
    there = [address(dock, "web", "alpha")]
    names = ["web", "www", "WEB", identifier[:12], "web.alpha", "www.alpha"]
    assert {name: lookup(dock, "client", name) for name in names} == dict.fromkeys(names, there)
    assert "nameserver 127.0.0.11" in (told := dock("exec", "client", "cat", "/etc/resolv.conf")) and "ndots:0" in told
    assert "name = web.alpha" in dock("exec", "client", "nslookup", there[0])
    assert dock("exec", "client", "ping", "-c", "1", "-W", "2", "web")


def test_an_alias_of_several_containers_has_all_their_addresses(dock, run):
    for name in ("one", "two", "three"):
        run(name, "alpha", "--network-alias", "pool")
    everybody = sorted(address(dock, name, "alpha") for name in ("one", "two", "three"))
    assert lookup(dock, "one", "pool") == everybody
    dock("kill", "two")
    eventually(lambda: len(lookup(dock, "one", "pool")) == 2)


def test_names_come_and_go_with_the_networks(dock, run):
    run("web", "alpha")
    run("client", "beta")
    assert lookup(dock, "client", "web") == []
    dock("network", "connect", "--alias", "friend", "alpha", "client")
    assert lookup(dock, "client", "web") == [address(dock, "web", "alpha")]
    assert lookup(dock, "web", "friend") == [address(dock, "client", "alpha")]
    dock("network", "disconnect", "alpha", "client")
    assert lookup(dock, "client", "web") == [] and lookup(dock, "web", "friend") == []
    dock("rm", "-f", "web")
    run("web", "beta")
    assert lookup(dock, "client", "web") == [address(dock, "web", "beta")]


def test_one_of_the_default_network_that_is_connected(dock, run):
    run("web", "alpha")
    run("client", "bridge")
    assert "127.0.0.11" not in dock("exec", "client", "cat", "/etc/resolv.conf")
    dock("network", "connect", "alpha", "client")
    assert "nameserver 127.0.0.11" in dock("exec", "client", "cat", "/etc/resolv.conf")
    assert lookup(dock, "client", "web") == [address(dock, "web", "alpha")]


@pytest.fixture
def name_server():
    """On the host's loopback: every name has the address 192.0.2.53. It gives what it was asked."""
    asked = []

    def answer(query):
        asked.append(query)
        end = query.index(0, 12) + 5
        return query[:2] + b"\x81\x80\0\1\0\1\0\0\0\0" + query[12:end] + b"\xc0\x0c\0\1\0\1\0\0\0\5\0\4" + bytes([192, 0, 2, 53])

    def datagrams():
        while True:
            query, sender = udp.recvfrom(4096)
            if query == b"end":
                return
            udp.sendto(answer(query), sender)

    def streams():
        while True:
            connection, _ = tcp.accept()
            with connection:
                if len(query := connection.recv(4096)) <= 3:
                    return
                reply = answer(query[2:])
                connection.sendall(len(reply).to_bytes(2, "big") + reply)

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        for server in (udp, tcp):
            server.bind((NAME_SERVER, 53))
        tcp.listen()
        threads = [threading.Thread(target=body) for body in (datagrams, streams)]
        for thread in threads:
            thread.start()
        yield asked
        udp.sendto(b"end", (NAME_SERVER, 53))
        with socket.create_connection((NAME_SERVER, 53)) as last:
            last.sendall(b"end")
        for thread in threads:
            thread.join()


def test_other_names_are_asked_of_others(dock, run, name_server):
    run("client", "alpha", "--dns", "127.0.0.88", "--dns", NAME_SERVER)
    assert lookup(dock, "client", "elsewhere.example", "-type=a") == ["192.0.2.53"]
    assert lookup(dock, "client", "client", "-type=a") == [address(dock, "client", "alpha")]
    assert name_server and all(b"elsewhere" in query for query in name_server)


@pytest.mark.proa_only("dockerd 20.10 asks others for what is on an internal network (CVE-2024-29018)")
def test_an_internal_network_asks_nobody(dock, run, name_server):
    dock("network", "create", "--internal", "inner")
    run("client", "inner", "--dns", NAME_SERVER)
    run("web", "inner")
    assert lookup(dock, "client", "elsewhere.example", "-type=a") == []
    assert lookup(dock, "client", "web") == [address(dock, "web", "inner")]
    assert name_server == []


def test_a_server_of_its_own_can_have_the_port(dock, run):
    run("web", "alpha")
    dock("run", "-d", "--name", "server", "--network", "alpha", "busybox", "sh", "-c", "nc -l -p 53; sleep 1000")
    eventually(lambda: ":0035 " in dock("exec", "server", "cat", "/proc/net/tcp", "/proc/net/tcp6"))
    assert lookup(dock, "server", "web") == [address(dock, "web", "alpha")]


@pytest.mark.own_engine
@pytest.mark.proa_only("dockerd's name server ends with it")
def test_names_are_known_while_no_daemon_runs(other_engine, dock_on):
    engine = other_engine()
    dock = dock_on(engine)
    dock("network", "create", "alpha")
    for name in ("web", "client"):
        dock("run", "-d", "--name", name, "--network", "alpha", "busybox", "sleep", "1000")
    there, pid = address(dock, "web", "alpha"), dock.state("client")["Pid"]
    engine.kill()
    inside = ["nsenter", "--target", str(pid), "--net", "--mount", "nslookup", "web"]
    assert there in subprocess.run(inside, capture_output=True, text=True, check=True).stdout
    engine.start()
    assert lookup(dock, "client", "web") == [there]
    dock("run", "-d", "--name", "late", "--network", "alpha", "busybox", "sleep", "1000")
    assert lookup(dock, "client", "late") == [address(dock, "late", "alpha")]
