"""Sojourn behind Caddy and nginx, each with its configuration from docs/deploy."""

import contextlib
import socket
import subprocess
from collections.abc import Iterator

import httpx2
import pytest

from app.settings import Settings
from tests.acceptance.proxies import NAME, Proxy, running_proxy
from tests.conftest import wait_until
from tests.support.environment import environment_of
from tests.support.processes import free_port, running_command
from tests.support.serving import answers
from tests.support.temporary_folders import temporary_folder

FROM_HERE = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
READER = "127.0.0.77"
WORDS = "Dandongquery"


@contextlib.contextmanager
def running_site(published: Settings) -> Iterator[tuple[int, "subprocess.Popen[str]"]]:
    """The site as a process of its own, and its port."""
    settings = published.model_copy(update={"port": free_port(), "public_url": f"https://{NAME}"})
    with running_command(["sojourn", "serve"], environment_of(settings)) as process:
        wait_until(lambda: answers(settings.port) or process.poll() is not None, "the site")
        assert process.poll() is None, process.communicate()
        yield settings.port, process


@pytest.fixture(scope="module")
def served(published: Settings) -> Iterator[int]:
    with running_site(published) as (port, _process):
        yield port


@pytest.fixture(scope="module", params=["caddy", "nginx"])
def proxy(request: pytest.FixtureRequest, served: int) -> Iterator[Proxy]:
    with temporary_folder() as folder, running_proxy(request.param, folder, served) as running:
        yield running


def test_proxy_serves_site_over_tls(proxy: Proxy) -> None:
    answer = proxy.ask("/about")
    with proxy.connect("127.0.0.1") as connection:
        assert (answer.status_code, connection.version()) == (200, "TLSv1.3")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert answer.headers.get("server") in {None, "nginx"}
    assert proxy.ask("/events.json").json()["permalink"].startswith(f"https://{NAME}/events?")


def test_plain_http_leads_to_https(proxy: Proxy) -> None:
    address = f"http://127.0.0.1:{proxy.http_port}/events?place=china"
    answer = httpx2.get(address, headers={"Host": NAME})
    assert answer.status_code in {301, 308}
    expected = {
        f"https://{NAME}/events?place=china",
        f"https://{NAME}:{proxy.https_port}/events?place=china",
    }
    assert answer.headers["location"] in expected


def test_limits_count_real_client_address(proxy: Proxy) -> None:
    """Forged headers change nothing: failed sign-ins count for the address that the proxy saw."""

    def sign_in(source: str, forged: str) -> int:
        lies = {
            "X-Forwarded-For": forged,
            "X-Real-IP": forged,
            "Forwarded": f"for={forged};proto=http",
        }
        body = f"email=nobody-{proxy.https_port}%40example.org&password=a+wrong+password"
        headers = FROM_HERE | lies
        return proxy.ask("/desk/sign-in", source, content=body, headers=headers).status_code

    statuses = [sign_in("127.0.0.2", f"192.0.2.{number}") for number in range(6)]
    assert statuses == [422] * 5 + [429]
    assert sign_in("127.0.0.3", "127.0.0.2") == 422
    assert sign_in("127.0.0.2", "127.0.0.3") == 429


def test_proxy_refuses_too_much(proxy: Proxy) -> None:
    assert proxy.ask("/about", headers={"X-Long": "a" * 40_000}).status_code in {400, 431, 494}
    with proxy.connect("127.0.0.1") as connection:
        head = f"POST /tell HTTP/1.1\r\nHost: {NAME}\r\nContent-Length: 70000000\r\n\r\n"
        connection.sendall(head.encode())
        with contextlib.suppress(OSError):
            connection.sendall(b"a" * 61_000_000)
        assert connection.recv(100).split(b" ")[1] in {b"403", b"413"}
    with proxy.connect("127.0.0.1") as connection:
        connection.sendall(f"GET /about HTTP/1.1\r\nHost: {NAME}\r\nHost: {NAME}\r\n\r\n".encode())
        assert connection.recv(100).split(b" ")[1] == b"400"


@pytest.mark.parametrize("kind", ["caddy", "nginx"])
def test_no_log_holds_words_or_address_of_reader(published: Settings, kind: str) -> None:
    with (
        running_site(published) as (port, site),
        temporary_folder() as folder,
        running_proxy(kind, folder, port) as proxy,
    ):
        paths = [
            f"/events?q={WORDS}",
            f"/{WORDS}",
            f"/events.csv?q={WORDS}",
            f"/events?place={WORDS}",
        ]
        for path in paths:
            agent = {
                "User-Agent": WORDS,
                "Referer": f"https://{WORDS}.example/",
                "Cookie": f"a={WORDS}",
            }
            assert proxy.ask(path, READER, headers=agent).status_code < 500
        letter = f"kind=correction&words={WORDS * 10_000}"
        told = proxy.ask("/tell", READER, content=letter, headers=FROM_HERE)
        assert told.status_code == 422
        for head in (
            f"NONSENSE /{WORDS}\r\n\r\n",
            f"GET /{WORDS} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        ):
            with proxy.connect(READER) as connection:
                connection.sendall(head.encode())
                connection.recv(100)
        with proxy.connect(READER) as connection:
            connection.sendall(f"GET /events?q={WORDS} HTTP/1.1\r\nHost: {NAME}\r\n".encode())
        for own_port in (proxy.http_port, proxy.https_port):
            with socket.create_connection(
                ("127.0.0.1", own_port), timeout=30, source_address=(READER, 0)
            ) as connection:
                connection.sendall(
                    f"GET /{WORDS} HTTP/1.1\r\nHost: {NAME}\r\nX: \x00\r\n\r\n".encode()
                )
                with contextlib.suppress(OSError):
                    connection.recv(100)
        site.terminate()
        said = "".join(site.communicate(timeout=60))
        late = proxy.ask(f"/events?q={WORDS}", READER, headers={"User-Agent": WORDS})
        assert late.status_code == 502
        proxy.process.terminate()
        proxy.process.wait(30)
        written = proxy.written()
    assert written, "the proxy must have written at least one log"
    for place, text in {**written, "the site": said}.items():
        assert WORDS not in text and READER not in text, f"{place}: {text[:2000]}"
