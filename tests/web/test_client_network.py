"""The client address of a request: reports of named proxies count, headers from clients do not."""

import re
from typing import Any

import pytest
import yaml
from starlette.types import Receive, Scope, Send

from app import paths
from app.errors import CommandError
from app.settings import Settings, parse_proxy
from app.web.client_network import ProxyHeaders, parse_address

PROXIES = ["127.0.0.1", "10.1.0.0/16", "2001:db8:1::/48"]


def reported(headers: list[tuple[str, str]], peer: str = "127.0.0.1") -> tuple[str, str]:
    """Client and scheme that the application sees."""
    seen: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)

    scope = {
        "type": "http",
        "client": (peer, 50_000),
        "scheme": "http",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
    }
    nothing: Any = None
    coroutine: Any = ProxyHeaders(app, PROXIES, is_https=False)(scope, nothing, nothing)
    with pytest.raises(StopIteration):
        coroutine.send(None)
    return seen[0]["client"][0], seen[0]["scheme"]


def test_rightmost_untrusted_address_is_client() -> None:
    for values, client in (
        (["192.0.2.7"], "192.0.2.7"),
        (["192.0.2.7:4711"], "192.0.2.7"),
        (["2001:db8::7"], "2001:db8::7"),
        (["[2001:db8::7]:4711"], "2001:db8::7"),
        (["::ffff:192.0.2.7"], "192.0.2.7"),
        (["198.51.100.1, 192.0.2.7"], "192.0.2.7"),
        (["198.51.100.1", "192.0.2.7"], "192.0.2.7"),
        (["198.51.100.1, 192.0.2.7, 10.1.2.3"], "192.0.2.7"),
        (["192.0.2.7, 10.1.2.3, 2001:db8:1::5"], "192.0.2.7"),
        (["10.1.9.9"], "10.1.9.9"),
        (["198.51.100.1, nonsense"], "127.0.0.1"),
        (["198.51.100.1, nonsense, 10.1.2.3"], "127.0.0.1"),
        (["198.51.100.1, fe80::1%x"], "127.0.0.1"),
        ([""], "127.0.0.1"),
        ([], "127.0.0.1"),
    ):
        assert reported([("X-Forwarded-For", value) for value in values])[0] == client, values


def test_headers_of_unknown_proxy_are_ignored() -> None:
    headers = [
        ("X-Forwarded-For", "192.0.2.7"),
        ("X-Forwarded-Proto", "https"),
        ("Forwarded", "for=192.0.2.7"),
    ]
    assert reported(headers, peer="203.0.113.9") == ("203.0.113.9", "http")
    assert reported([("Forwarded", "for=192.0.2.7;proto=https")]) == ("127.0.0.1", "http")


def test_ipv4_client_of_dual_socket_has_ipv4_address() -> None:
    assert reported([], peer="::ffff:203.0.113.9")[0] == "203.0.113.9"
    assert reported([("X-Forwarded-For", "192.0.2.7")], peer="::ffff:127.0.0.1")[0] == "192.0.2.7"


def test_scheme_is_that_of_nearest_proxy() -> None:
    for values, scheme in (
        (["https"], "https"),
        (["http"], "http"),
        (["https", "http"], "http"),
        (["x"], "http"),
    ):
        schemes = [("X-Forwarded-Proto", value) for value in values]
        assert reported([("X-Forwarded-For", "192.0.2.7"), *schemes])[1] == scheme, values


def test_proxies_that_cover_strangers_stop_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    covering = "*", "10.1.0.0/16,*", "0.0.0.0/0", "::/0", "0.0.0.0/1", "2000::/3"
    for value in (*covering, "proxy", "10.1/16"):
        monkeypatch.setenv("SOJOURN_FORWARDED_ALLOW_IPS", value)
        with pytest.raises(CommandError, match="SOJOURN_FORWARDED_ALLOW_IPS: "):
            Settings.from_environment()
    named = ["127.0.0.1", "::1", "10.0.0.0/8", "172.16.0.0/12", "fd00::/8", "fc00::/7"]
    assert Settings(forwarded_allow_ips=named).forwarded_allow_ips == named


def test_compose_file_trusts_its_own_gateway_alone() -> None:
    compose = yaml.safe_load((paths.ROOT / "docker-compose.yml").read_text())

    def default(text: str) -> str:
        """What a variable stands for that is not set."""
        while found := re.search(r"\$\{\w+:-([^${}]*)\}", text):
            text = text.replace(found[0], found[1])
        return text

    trusted = parse_proxy(
        default(compose["services"]["web"]["environment"]["SOJOURN_FORWARDED_ALLOW_IPS"])
    )
    outside = compose["networks"]["outside"]["ipam"]["config"][0]
    gateway = parse_address(default(outside["gateway"]))
    assert trusted.num_addresses == 1 and gateway in trusted
    assert gateway in parse_proxy(default(outside["subnet"]))
    assert all(port.startswith("127.0.0.1:") for port in compose["services"]["web"]["ports"])
