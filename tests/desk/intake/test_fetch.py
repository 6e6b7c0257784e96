"""Fetching: only public addresses, within limits of time and size, whatever the server does."""

import gzip
import ipaddress
import re
import socket
import ssl
import time
import zlib
from pathlib import Path
from typing import Any

import pytest

from app.desk.captures import fetch as fetching
from app.desk.captures.fetch import REFUSED_NETWORKS, fetch_page, is_public
from app.desk.captures.fetched import HTML_TYPES, FetchedPage, FetchError
from tests.support.hostile_server import HostileServer, hostile_server, self_signed

PAGE = b"<!doctype html><title>Workers leave</title>"


def got(hostile: HostileServer, address: str) -> FetchedPage:
    return fetch_page(address, HTML_TYPES, [hostile.here])


def refused(hostile: HostileServer, address: str, why: str) -> None:
    with pytest.raises(FetchError, match=why):
        got(hostile, address)


def test_fetched_page_has_raw_and_decompressed_body(hostile: HostileServer) -> None:
    packed = gzip.compress(PAGE)
    page = got(hostile, hostile.says("/a", packed, Content_Encoding="gzip") + "#part")
    assert (page.content, page.hops[-1].body, page.media_type) == (PAGE, packed, "text/html")
    assert page.address == hostile.at("/a")


def test_request_headers_reveal_no_identity(hostile: HostileServer) -> None:
    got(hostile, hostile.says("/a", PAGE, Set_Cookie="a=b"))
    got(hostile, hostile.leads("/b", hostile.says("/c", PAGE)))
    assert re.sub(r"127\.0\.0\.1:\d+", "HOST", hostile.asked[-1]).splitlines() == [
        "GET /c HTTP/1.1",
        "Host: HOST",
        "User-Agent: Mozilla/5.0 (compatible)",
        "Accept: */*",
        "Accept-Encoding: gzip",
        "Connection: close",
        "",
    ]
    assert not any("ookie" in request or "eferer" in request for request in hostile.asked)


# Addresses ----------------------------------------------------------------------------------------

NOT_PUBLIC = [
    *("127.0.0.1", "127.1.2.3", "10.0.0.1", "169.254.169.254", "224.0.0.1", "240.0.0.1"),
    *("::", "::1", "fe80::1%eth0", "fd00::1", "ff02::1", "2001:db8::1"),
    # Embedded IPv4 addresses.
    *("::ffff:127.0.0.1", "::7f00:1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe"),
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
    # Metadata services of clouds.
    *("168.63.129.16", "192.80.8.124", "fd00:ec2::254", "::ffff:168.63.129.16"),
    # Special-purpose, but global in older versions of Python.
    *("192.0.0.9", "192.88.99.1", "2002:808:808::1", "3fff::1", "2001:1::1"),
]


PUBLIC = ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]


def test_private_addresses_are_not_public() -> None:
    assert [each for each in NOT_PUBLIC if is_public(each)] == []
    assert [each for each in PUBLIC if not is_public(each)] == []


def test_special_networks_of_python_are_not_public() -> None:
    known = [
        *ipaddress._IPv4Constants._private_networks,  # type: ignore[attr-defined]
        *ipaddress._IPv6Constants._private_networks,  # type: ignore[attr-defined]
        *REFUSED_NETWORKS,
    ]
    assert len(known) > 20
    for network in known:
        assert not is_public(str(network.network_address)) and not is_public(
            str(network.broadcast_address)
        ), network


def test_no_notation_of_localhost_is_fetched(hostile: HostileServer) -> None:
    hostile.says("/", PAGE)
    names = "127.0.0.1 localhost 2130706433 0x7f000001 127.1 [::1] [::ffff:127.0.0.1]"
    for host in names.split():
        # Which notations resolve depends on the system.
        with pytest.raises(FetchError, match=r"private network|not a web address"):
            fetch_page(f"http://{host}:{hostile.port}/", HTML_TYPES)
    assert hostile.asked == []


def test_invalid_web_addresses_are_not_fetched(hostile: HostileServer) -> None:
    for address, why in (
        ("file:///etc/passwd", "begins with http"),
        ("//example.org/", "begins with http"),
        ("javascript:alert(1)", "begins with http"),
        ("http://[", "no site with that name|not a web address"),
        ("http://amal:secret@example.org/", "name or password"),
        ("http://example.org:99999/", "no site with that name|not a web address"),
        ("http://nothing.invalid/", "no site with that name"),
        ("http://example.org/" + "a" * 2_000, "too long"),
        ("", "begins with http|not a web address"),
        ("http://\x00/", "not a web address"),
        ("https://.xn--e1afmkfd.xn--p1ai/", "not a web address"),
    ):
        refused(hostile, address, why)
    forbidden = "begins with http|private network|not a web address"
    for to in ("file:///etc/passwd", "//10.0.0.1/", "http://169.254.169.254/"):
        refused(hostile, hostile.leads("/a", to), forbidden)
    refused(hostile, hostile.leads("/a", "https://xn.--e1afmkfd.xn--p1ai"), forbidden)


def test_redirects_are_followed_up_to_limit(hostile: HostileServer) -> None:
    hostile.says("/5", PAGE)
    for number in range(5):
        hostile.leads(f"/{number}", f"/{number + 1}")
    page = got(hostile, hostile.at("/0"))
    assert page.address == hostile.at("/5") and [hop.status for hop in page.hops] == [302] * 5 + [
        200
    ]
    refused(hostile, hostile.leads("/round", "/round"), "redirects too often")
    refused(hostile, hostile.leads("/a", "http://["), "can’t be read|not a web address")


def test_host_is_resolved_once_and_connected_there(
    hostile: HostileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host that resolves to a public address first and a private one later (DNS rebinding)."""
    looked_up: list[str] = []
    connected: list[Any] = []
    answers = iter(["93.184.216.34", "127.0.0.1"])

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        looked_up.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    def create_connection(address: Any, *_: Any, **__: Any) -> socket.socket:
        connected.append(address)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(socket, "create_connection", create_connection)
    refused(hostile, "http://rebinding.example/", "can’t be reached")
    assert (looked_up, connected) == (["rebinding.example"], [("93.184.216.34", 80)])


def test_host_with_a_private_address_or_another_port_is_refused(
    hostile: HostileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("it was asked"))
    for addresses, port, why in (
        (["10.0.0.1"], 80, "private network"),
        (["93.184.216.34", "10.0.0.1"], 80, "private network"),
        (["93.184.216.34"], 22, "port"),
    ):
        answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, found=answers, **__: found)
        refused(hostile, f"http://inside.example:{port}/", why)


# Responses ----------------------------------------------------------------------------------------


def endless(start: bytes, part: bytes, pause: float = 0) -> Any:
    def answer(connection: socket.socket) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(part)
            time.sleep(pause)

    return answer


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


def test_slow_response_is_cut_off_in_time(
    hostile: HostileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MAX_FETCH_SECONDS", 0.4)
    for answer in (
        endless(HEAD + b"\r\n", b"x", 0.05),
        endless(HEAD, b"X-More: x\r\n", 0.05),
        endless(b"", b"H", 0.05),
        endless(HEAD + CHUNKED, b"1\r\nx\r\n", 0.05),
        lambda connection: connection.recv(1),
    ):
        hostile.answers["/"] = answer
        refused(hostile, hostile.at("/"), "took longer")


def test_endless_response_is_cut_off_by_size(hostile: HostileServer) -> None:
    for answer in (
        endless(HEAD + b"\r\n", b"x" * 65536),
        endless(HEAD, b"X-More: " + b"x" * 8_000 + b"\r\n"),
        endless(HEAD + b"X-One: ", b"x" * 65536),
        endless(HEAD + CHUNKED, b"fff0\r\n" + b"x" * 0xFFF0 + b"\r\n"),
        endless(HEAD + b"Content-Length: 99999999999\r\n\r\n", b"x" * 65536),
    ):
        hostile.answers["/"] = answer
        refused(hostile, hostile.at("/"), "larger than 10 MB|can’t be read")


def test_decompression_bomb_is_refused(hostile: HostileServer) -> None:
    for coding, wbits in (("gzip", 31), ("deflate", 15)):
        packing = zlib.compressobj(9, wbits=wbits)
        bomb = b"".join(packing.compress(b"\0" * 1_000_000) for _ in range(40)) + packing.flush()
        assert len(bomb) < 50_000
        refused(hostile, hostile.says("/", bomb, Content_Encoding=coding), "larger than 20 MB")


def test_response_without_page_is_refused_with_reason(hostile: HostileServer) -> None:
    unread = "can’t be read here: {}".format
    cases: list[tuple[Any, str]] = [
        ({"kind": "application/octet-stream"}, unread("application/octet-stream")),
        ({"kind": ""}, unread("no type given")),
        ({"Content_Encoding": "gzip, gzip"}, "unsupported compression"),
        ({"Content_Encoding": "gzip"}, "damaged"),
        ({"status": "404 Not Found"}, "error 404"),
        ({"status": "999 Odd"}, "error 999|can’t be read"),
    ]
    for more, why in cases:
        refused(hostile, hostile.says("/", PAGE, **more), why)
    for answer in (
        b"",
        b"nonsense",
        b"HTTP/1.1 200\r\n\r\n\r\n",
        b"HTTP/9 200 OK\r\n\r\n",
        b"\0" * 100,
    ):
        hostile.answers["/"] = answer
        refused(hostile, hostile.at("/"), "can’t be read")


# Encryption ---------------------------------------------------------------------------------------


def test_tls_certificate_must_match_requested_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = self_signed("localhost")
    (tmp_path / "both.pem").write_bytes(certificate + key)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "both.pem")
    with hostile_server(tls) as server:
        server.says("/", PAGE)
        at = f"https://localhost:{server.port}/"
        refused(server, at.replace("localhost", "127.0.0.1"), "certificate is invalid")
        trusting = ssl.create_default_context(cadata=certificate.decode())
        monkeypatch.setattr(fetching, "_tls", lambda: trusting)
        # localhost may resolve to an IPv4 and an IPv6 address; only one is allowed.
        address = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [address])
        assert got(server, at).content == PAGE
        refused(server, f"https://other.example:{server.port}/", "certificate is invalid")
