"""Starts Caddy and nginx with the configurations in docs/deploy, on free ports of this machine."""

import contextlib
import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from app import paths
from tests.conftest import wait_until
from tests.support.hostile_server import self_signed
from tests.support.processes import free_port

DEPLOY = paths.ROOT / "docs" / "deploy"
TLS_COMMENT = "# tls /etc/ssl/sojourn.pem /etc/ssl/private/sojourn.key"
NAME = "sojourn.example.org"


def path_of(command: str) -> str | None:
    """Return the program. Debian has servers outside an ordinary account's PATH."""
    return shutil.which(command, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")


NGINX_MAIN = """
daemon off;
pid {folder}/nginx.pid;
events {{ worker_connections 768; }}
http {{
    # As Debian has it: without words of its own, a site's requests would be logged here.
    access_log {folder}/logs/access.log;
    error_log {folder}/logs/error.log info;
    client_body_temp_path {folder}/logs/body;
    proxy_temp_path {folder}/logs/proxy;
    fastcgi_temp_path {folder}/logs/fastcgi;
    uwsgi_temp_path {folder}/logs/uwsgi;
    scgi_temp_path {folder}/logs/scgi;
    include {folder}/site.conf;
}}
"""


@dataclass(frozen=True)
class Proxy:
    """A proxy that runs."""

    folder: Path
    http_port: int
    https_port: int
    process: "subprocess.Popen[bytes]" = field(repr=False)

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.folder / "cert.pem"))

    def connect(self, source: str) -> ssl.SSLSocket:
        plain = socket.create_connection(
            ("127.0.0.1", self.https_port), timeout=30, source_address=(source, 0)
        )
        return self.trust.wrap_socket(plain, server_hostname=NAME)

    def ask(self, path: str, source: str = "127.0.0.1", **request: Any) -> httpx2.Response:
        transport = httpx2.HTTPTransport(verify=self.trust, local_address=source)
        headers = {"Host": NAME, **request.pop("headers", {})}
        with httpx2.Client(transport=transport, timeout=30) as client:
            return client.request(
                "POST" if "content" in request else "GET",
                f"https://127.0.0.1:{self.https_port}{path}",
                headers=headers,
                extensions={"sni_hostname": NAME},
                **request,
            )

    def written(self) -> dict[str, str]:
        """Return everything the proxy has written: logs, output and temporary files."""
        files = [
            *(self.folder / "logs").rglob("*"),
            *(self.folder / "home").rglob("*"),
            self.folder / "output",
        ]
        return {str(file): file.read_text("utf-8", "replace") for file in files if file.is_file()}


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """Return the text with the values replaced. Fails if an old value is missing from the text."""
    for old, new in values.items():
        assert old in text, f"“{old}” is not in the configuration"
        text = text.replace(old, new)
    return text


@contextlib.contextmanager
def running_proxy(kind: str, folder: Path, site_port: int) -> Iterator[Proxy]:
    http_port, https_port = free_port(), free_port()
    (folder / "logs").mkdir()
    (folder / "home").mkdir()
    for file, content in zip(("cert.pem", "key.pem"), self_signed(NAME), strict=True):
        (folder / file).write_bytes(content)
    write = write_caddy if kind == "caddy" else write_nginx
    command = write(folder, http_port, https_port, site_port)
    home = {
        "HOME": str(folder / "home"),
        "XDG_DATA_HOME": str(folder / "home"),
        "XDG_CONFIG_HOME": str(folder / "home"),
    }
    with (
        (folder / "output").open("wb") as output,
        subprocess.Popen(
            command, cwd=folder, env={**os.environ, **home}, stdout=output, stderr=output
        ) as process,
    ):
        proxy = Proxy(folder, http_port, https_port, process)
        try:
            wait_until(lambda: is_open(https_port) or process.poll() is not None, kind)
            assert process.poll() is None, (folder / "output").read_text()
            yield proxy
        finally:
            process.terminate()
            process.wait(30)


def is_open(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def write_caddy(folder: Path, http_port: int, https_port: int, site_port: int) -> list[str]:
    options = [
        "admin off",
        f"http_port {http_port}",
        f"https_port {https_port}",
        "default_bind 127.0.0.1",
    ]
    text = fill_in(
        (DEPLOY / "Caddyfile").read_text(),
        {
            "\n{\n": "\n{\n" + "".join(f"\t{option}\n" for option in options),
            TLS_COMMENT: f"tls {folder}/cert.pem {folder}/key.pem",
            "127.0.0.1:8000": f"127.0.0.1:{site_port}",
        },
    )
    (folder / "Caddyfile").write_text(text)
    return [str(path_of("caddy")), "run", "--config", "Caddyfile", "--adapter", "caddyfile"]


def write_nginx(folder: Path, http_port: int, https_port: int, site_port: int) -> list[str]:
    text = fill_in(
        (DEPLOY / "nginx.conf").read_text(),
        {
            "    listen [::]:80;\n": "",
            "    listen [::]:443 ssl;\n": "",
            "listen 80;": f"listen 127.0.0.1:{http_port};",
            "listen 443 ssl;": f"listen 127.0.0.1:{https_port} ssl;",
            f"/etc/letsencrypt/live/{NAME}/fullchain.pem": f"{folder}/cert.pem",
            f"/etc/letsencrypt/live/{NAME}/privkey.pem": f"{folder}/key.pem",
            "/var/log/nginx/sojourn.log": f"{folder}/logs/sojourn.log",
            "127.0.0.1:8000": f"127.0.0.1:{site_port}",
        },
    )
    (folder / "site.conf").write_text(text)
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(user + NGINX_MAIN.format(folder=folder))
    return [
        str(path_of("nginx")),
        "-p",
        str(folder),
        "-e",
        f"{folder}/logs/start.log",
        "-c",
        f"{folder}/nginx.conf",
    ]
