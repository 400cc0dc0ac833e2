"""testcontainers for Python, with its reaper off: that one would be an image of its own."""

import os
import urllib.request

import pytest

core = pytest.importorskip("testcontainers.core.container", reason="testcontainers is not installed")
from testcontainers.core.config import testcontainers_config  # noqa: E402
from testcontainers.core.waiting_utils import wait_for_logs  # noqa: E402


@pytest.fixture
def make(engine, dock, monkeypatch):
    """Makes a container for a `with`."""
    monkeypatch.setattr(testcontainers_config, "ryuk_disabled", True)
    monkeypatch.setenv("DOCKER_HOST", engine.host)
    monkeypatch.delenv("DOCKER_TLS_VERIFY", raising=False)
    return lambda image="busybox": core.DockerContainer(image)


def test_a_server(make, dock):
    page = "mkdir /www; echo page >/www/index.html; httpd -h /www; echo serving; sleep 1000"
    server = make().with_command(["sh", "-c", page]).with_exposed_ports(80).with_env("WORD", "secret")
    with server.with_name("server").with_kwargs(labels={"tint": "blue"}) as container:
        wait_for_logs(container, "serving", timeout=20)
        address = f"http://{container.get_container_host_ip()}:{container.get_exposed_port(80)}/index.html"
        with urllib.request.urlopen(address, timeout=10) as answer:
            assert answer.read() == b"page\n"
        assert container.exec(["sh", "-c", "echo $WORD"]).output == b"secret\n"
        assert container.exec("false").exit_code == 1
        assert b"serving" in container.get_logs()[0]
        assert dock.inspect("server")["Config"]["Labels"]["tint"] == "blue"
    assert dock.run("inspect", "server").returncode == 1


def test_files_and_limits(make, tmp_path):
    (tmp_path / "file").write_text("from the host\n")
    tmp_path.chmod(0o755)
    limited = make().with_volume_mapping(str(tmp_path), "/data", "ro").with_command("sleep 1000")
    with limited.with_kwargs(mem_limit="32m", network_mode="none", user="1000") as container:
        assert container.exec("cat /data/file").output == b"from the host\n"
        assert container.exec("id -u").output == b"1000\n"
        assert container.exec("touch /data/other").exit_code != 0
        wrapped = container.get_wrapped_container()
        wrapped.reload()
        assert wrapped.attrs["HostConfig"]["Memory"] == 32 << 20


def test_an_exception_leaves_nothing(make, dock):
    with pytest.raises(ZeroDivisionError), make().with_command("sleep 1000").with_name("fails"):
        1 / 0
    assert dock.run("inspect", "fails").returncode == 1
