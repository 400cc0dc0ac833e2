"""Published ports, the bridge, none and host."""

import subprocess
import urllib.error
import urllib.request

import pytest
from polling import eventually

PAGE = "a page from the container"
SERVERS = {
    "busybox": f"mkdir /www && echo {PAGE} >/www/index.html && exec httpd -f -p 80 -h /www",
    # debootstrap's smallest Debian has no web server, but it has perl.
    "debian": "exec perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalPort => 80, Listen => 9, ReuseAddr => 1)"
    f' or die $!; while ($c = $s->accept) {{ <$c>; print $c "HTTP/1.0 200 OK\\r\\n\\r\\n{PAGE}\\n"; close $c }}\'',
}


@pytest.fixture
def serve(dock):
    def serve(*options, image="busybox"):
        return dock("run", "-d", *options, image, "sh", "-c", SERVERS[image])

    return serve


def read(address):
    def attempt():
        try:
            return urllib.request.urlopen(f"http://{address}/", timeout=2).read().decode().strip()
        except OSError:  # not listening yet
            return None

    return eventually(attempt, what=f"http://{address}/ answers")


def test_a_published_port_is_reached_from_the_host_by_curl(dock, serve, image):
    serve("-p", "18080:80", image=image)
    assert read("127.0.0.1:18080") == PAGE
    assert subprocess.run(["curl", "-fsS", "http://127.0.0.1:18080/"], capture_output=True, text=True).stdout.strip() == PAGE


def test_a_free_port_is_chosen_and_told(dock, serve):
    container = serve("-p", "80")
    address = dock("port", container, "80/tcp").split("\n")[0]
    assert read(f"127.0.0.1:{address.rpartition(':')[2]}") == PAGE


def test_a_port_can_be_bound_to_one_address(dock, serve):
    container = serve("-p", "127.0.0.1:18081:80")
    assert read("127.0.0.1:18081") == PAGE
    bindings = dock.inspect(container)["NetworkSettings"]["Ports"]["80/tcp"]
    assert bindings == [{"HostIp": "127.0.0.1", "HostPort": "18081"}]


def test_a_port_is_free_again_after_removal(dock, serve):
    container = serve("-p", "18082:80")
    assert read("127.0.0.1:18082") == PAGE
    dock("rm", "-f", container)
    with pytest.raises(OSError):
        urllib.request.urlopen("http://127.0.0.1:18082/", timeout=2)
    serve("-p", "18082:80")
    assert read("127.0.0.1:18082") == PAGE


def test_a_taken_port_is_refused_by_name(dock, serve):
    serve("-p", "18083:80")
    done = dock.run("run", "-d", "-p", "18083:80", "busybox", "sleep", "1000")
    assert done.returncode == 125
    assert "18083" in done.stderr


def test_containers_reach_one_another_by_address(dock, serve):
    server = serve()
    address = dock.inspect(server)["NetworkSettings"]["Networks"]["bridge"]["IPAddress"]
    assert read(address) == PAGE
    assert dock("run", "--rm", "busybox", "wget", "-q", "-O", "-", f"http://{address}/") == PAGE


def test_a_container_reaches_the_published_port_of_another(dock, serve):
    server = serve("-p", "18084:80")
    assert read("127.0.0.1:18084") == PAGE
    gateway = dock.inspect(server)["NetworkSettings"]["Networks"]["bridge"]["Gateway"]
    assert dock("run", "--rm", "busybox", "wget", "-q", "-O", "-", f"http://{gateway}:18084/") == PAGE


def test_the_container_knows_its_address_and_name(dock):
    container = dock("run", "-d", "--hostname", "outrigger", "busybox", "sleep", "1000")
    network = dock.inspect(container)["NetworkSettings"]["Networks"]["bridge"]
    assert f"{network['IPAddress']}\toutrigger" in dock("exec", container, "cat", "/etc/hosts")
    assert f"inet {network['IPAddress']}/{network['IPPrefixLen']}" in dock("exec", container, "ip", "-4", "address", "show", "eth0")
    assert f"default via {network['Gateway']}" in dock("exec", container, "ip", "route")


def test_no_network_is_loopback_alone(dock):
    out = dock("run", "--rm", "--network", "none", "busybox", "sh", "-c", "ls /sys/class/net; ip -4 address show lo")
    assert out.split("\n")[0] == "lo"
    assert "127.0.0.1/8" in out


def test_the_hosts_network_is_the_hosts(dock):
    inside = dock("run", "--rm", "--network", "host", "busybox", "cat", "/proc/net/dev")
    with open("/proc/net/dev") as file:
        outside = file.read()
    names = [[line.split(":")[0].strip() for line in text.splitlines()[2:]] for text in (inside, outside)]
    assert sorted(names[0]) == sorted(names[1])
