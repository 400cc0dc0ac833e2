"""Where images come from besides their registry, whom the daemon believes, and what it tells whom."""

import base64
import json
import ssl
import subprocess

import pytest

from docker_command import DockerCommand
from registries import HostileRegistry, Proxy, digest, small

pytestmark = pytest.mark.own_engine
PROA = pytest.mark.proa_only("its own words, and places for certificates that a test can choose")


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory_short):
    """A folder with an authority's certificate, `server.pem` for registry.test, and a client's."""
    folder = tmp_path_factory_short
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / "ca.key", "-out", folder / "ca.crt",
            "-subj", "/CN=authority", "-days", "2")
    for name, names in (("server", "DNS:registry.test,DNS:copies.test"), ("client", "DNS:client")):
        (folder / "extensions").write_text(f"subjectAltName={names}")
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.csr",
                "-subj", f"/CN={name}")
        openssl("x509", "-req", "-in", folder / f"{name}.csr", "-CA", folder / "ca.crt", "-CAkey", folder / "ca.key",
                "-CAcreateserial", "-out", folder / f"{name}.cert", "-days", "2", "-extfile", folder / "extensions")
    return folder


@pytest.fixture(scope="module")
def tmp_path_factory_short(folder):
    own = folder / "certs"
    own.mkdir()
    return own


@pytest.fixture
def tls(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "server.cert", authority / "server.key")
    return context


@pytest.fixture
def registry():
    with HostileRegistry() as registry:
        yield registry


@pytest.fixture
def secure(tls):
    """A registry that is known as registry.test, over TLS."""
    with HostileRegistry(tls) as registry:
        yield registry


def address(registry):
    host, port = registry.host.split(":")
    return host, int(port)


@pytest.fixture
def start(other_engine, dock_on):
    def start(*arguments):
        engine = other_engine(*arguments, load=())
        return dock_on(engine)

    return start


def certificates(tmp_path, registry, **files):
    folder = tmp_path / "certs.d" / registry
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name.replace("_", ".")).write_bytes(data)
    return tmp_path / "certs.d"


# Mirrors


def test_a_mirror_has_what_dockers_registry_has(start, registry):
    image = small("mirrored")
    manifest = registry.put("x", image)
    dock = start("--registry-mirror", f"http://{registry.host}")
    lines = dock("pull", "thing").splitlines()
    assert lines[0] == "Using default tag: latest" and lines[1] == "latest: Pulling from library/thing"
    assert lines[-2:] == ["Status: Downloaded newer image for thing:latest", "docker.io/library/thing:latest"]
    found = json.loads(dock("image", "inspect", "thing"))[0]
    assert (found["RepoTags"], found["RepoDigests"]) == (["thing:latest"], [f"thing@{manifest}"])
    assert registry.asked("/v2/library/thing/manifests/latest")
    assert dock("info", "--format", "{{json .RegistryConfig.Mirrors}}") == f'["http://{registry.host}/"]'


def test_other_registries_have_no_mirrors(start, registry):
    registry.put("x", small("other"))
    with HostileRegistry() as mirror:
        dock = start("--registry-mirror", f"http://{mirror.host}")
        dock("pull", f"{registry.host}/x")
        assert mirror.requests == []


@PROA
def test_a_mirror_that_fails_is_left_for_the_next(start, registry):
    image = small("one", "two")
    with HostileRegistry() as first:
        for place in (first, registry):
            place.put("x", image)
        layer = digest(image.packed[1])
        first.rules.append(lambda handler: layer in handler.path and handler.give(403))
        dock = start("--registry-mirror", f"http://{first.host}", "--registry-mirror", f"http://{registry.host}")
        assert "Status: Downloaded newer image for thing:latest" in dock("pull", "thing")
        assert first.asked(layer) and registry.asked(layer)
        assert not registry.asked("/manifests/")
        first.rules.append(lambda handler: handler.give(500))
        dock("rmi", "thing")
        assert "Status: Downloaded newer image for thing:latest" in dock("pull", "thing")
        assert registry.asked("/manifests/")


@PROA
def test_a_mirror_is_not_told_who_asks(start, registry, tmp_path):
    registry.put("x", small("secret"))

    def challenge(handler):
        if handler.path != "/v2/" and handler.headers.get("Authorization"):
            return False
        return handler.give(401, **{"WWW-Authenticate": 'Basic realm="mirror"'})

    registry.rules.append(challenge)
    dock = start("--registry-mirror", f"http://{registry.host}", "--registry-timeout", "2")
    login = base64.b64encode(b"me:secret").decode()
    (tmp_path / "config.json").write_text(json.dumps({"auths": {"https://index.docker.io/v1/": {"auth": login}}}))
    assert DockerCommand(dock.environment["DOCKER_HOST"], tmp_path).run("pull", "thing").returncode == 1
    assert registry.requests and not any("Authorization" in headers for _, _, headers in registry.requests)


@PROA
@pytest.mark.parametrize("arguments, message", [
    (("--registry-mirror", "ftp://a"), 'unsupported scheme "ftp" in "ftp://a"'),
    (("--registry-mirror", "https://a/b"), 'path, query, or fragment at end of the URI "https://a/b"'),
    (("--https-proxy", "socks5://a:1"), "only proxies that are reached by http:// are supported"),
    (("--certs-dir", "here"), '"here" is not an absolute path'),
])
def test_options_that_are_wrong(engine, arguments, message):
    done = subprocess.run([engine.command()[0], "daemon", *arguments], capture_output=True, text=True, timeout=20)
    assert done.returncode == 1 and message in done.stderr


# Certificates and proxies


@PROA
def test_an_authority_of_its_own(start, secure, authority, tmp_path):
    image = small("authority")
    secure.put("x", image)
    with Proxy({"registry.test:443": address(secure)}) as proxy:
        folder = certificates(tmp_path, "registry.test")
        dock = start("--certs-dir", str(folder), "--https-proxy", f"http://{proxy.address}")
        done = dock.run("pull", "registry.test/x")
        assert done.returncode == 1 and "certificate" in done.stderr.lower()
        (folder / "registry.test/ca.crt").write_bytes((authority / "ca.crt").read_bytes())
        assert "Status: Downloaded newer image for registry.test/x:latest" in dock("pull", "registry.test/x")
        assert set(proxy.asked) == {"registry.test:443"}


@PROA
def test_a_client_certificate(start, secure, tls, authority, tmp_path):
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.load_verify_locations(authority / "ca.crt")
    secure.put("x", small("client"))
    folder = certificates(tmp_path, "registry.test", ca_crt=(authority / "ca.crt").read_bytes())
    with Proxy({"registry.test:443": address(secure)}) as proxy:
        dock = start("--certs-dir", str(folder), "--https-proxy", proxy.address, "--registry-timeout", "5")
        assert dock.run("pull", "registry.test/x").returncode == 1
        for name in ("client.cert", "client.key"):
            (folder / "registry.test" / name).write_bytes((authority / name).read_bytes())
        dock("pull", "registry.test/x")
        (folder / "registry.test/client.key").unlink()
        assert "missing key client.key for client certificate client.cert" in dock.run("pull", "registry.test/x").stderr


@PROA
def test_a_hosts_file(start, secure, registry, authority, tmp_path):
    """A place that has copies, with a header of its own, that sends for a blob somewhere else."""
    image = small("hosts")
    secure.put("x", image)
    layer, config = digest(image.packed[0]), digest(image.config)
    registry.put("x", image)
    secure.rules.append(lambda handler: layer in handler.path and handler.give(
        307, **{"Location": f"https://elsewhere.test{handler.path}"}))
    with HostileRegistry(secure.tls) as elsewhere, Proxy({
        "copies.test:443": address(secure), "elsewhere.test:443": address(elsewhere),
        "registry.test:443": address(registry)}) as proxy:
        elsewhere.put("x", image)
        folder = certificates(tmp_path, "registry.test", ca_crt=(authority / "ca.crt").read_bytes(), hosts_toml=b"""
            [host."https://copies.test"]
            capabilities = ["pull", "resolve"]
            ca = "ca.crt"
            skip_verify = true
            [host."https://copies.test".header]
            X-Who = "secret"
        """)
        dock = start("--certs-dir", str(folder), "--https-proxy", proxy.address)
        dock("pull", "registry.test/x")
        assert registry.requests == []
        assert {headers.get("X-Who") for headers in secure.asked(config)} == {"secret"}
        assert "ns=registry.test" in next(path for _, path, _ in secure.requests if config in path)
        assert elsewhere.asked(layer) and not any("X-Who" in headers for headers in elsewhere.asked(layer))
        (folder / "registry.test/hosts.toml").write_text("[host.x]\nfly = true")
        assert 'hosts.toml: host."x".fly: there is no such setting' in dock.run("pull", "registry.test/x").stderr


@PROA
def test_a_proxy_that_wants_a_password(start, registry):
    registry.put("x", small("proxied"))
    login = "Basic " + base64.b64encode(b"me:se@cret").decode()
    with Proxy({"plain.test:80": address(registry)}, login) as proxy:
        options = ("--insecure-registry", "plain.test")
        dock = start(*options, "--http-proxy", f"http://me:se%40cret@{proxy.address}", "--https-proxy", proxy.address)
        dock("pull", "plain.test/x")
        assert dock("info", "--format", "{{.HTTPProxy}}") == f"http://xxxxx:xxxxx@{proxy.address}"
        assert not any("Proxy-Authorization" in headers for _, _, headers in registry.requests)
        done = start(*options, "--http-proxy", proxy.address).run("pull", "plain.test/x")
        assert done.returncode == 1


@PROA
def test_this_machine_and_exceptions_need_no_proxy(start, registry):
    registry.put("x", small("direct"))
    with Proxy({}) as proxy:
        dock = start("--http-proxy", proxy.address, "--https-proxy", proxy.address, "--no-proxy", "direct.test")
        dock("pull", f"{registry.host}/x")
        assert dock.run("pull", "direct.test/x").returncode == 1
        assert proxy.asked == []
        assert dock.run("pull", "other.test/x").returncode == 1
        assert set(proxy.asked) == {"other.test:443"}
