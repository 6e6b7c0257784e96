"""Middleware that reads the client's address and protocol from the headers of trusted proxies.

`app.main` puts it around the response cache.
"""

import ipaddress
import re
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from starlette.types import ASGIApp, Receive, Scope, Send

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
ProxyHeader = Literal["X-Forwarded-For", "Forwarded"]

MIN_PREFIX_LENGTH = {4: 8, 6: 16}
"""By IP version. A network with a shorter prefix would contain clients, too."""
UNIQUE_LOCAL = ipaddress.IPv6Network("fc00::/7")


def parse_proxy(text: str) -> Network:
    """Return the network of a setting; raise ValueError if it would contain other clients."""
    if text == "*":
        raise ValueError("`*` would let every client choose its own address: name the proxies")
    try:
        network = ipaddress.ip_network(text)
    except ValueError:
        raise ValueError(
            f"“{text}” is no address or network, such as 127.0.0.1 or 10.0.0.0/24"
        ) from None
    is_local = isinstance(network, ipaddress.IPv6Network) and network.subnet_of(UNIQUE_LOCAL)
    if network.prefixlen < MIN_PREFIX_LENGTH[network.version] and not is_local:
        raise ValueError(f"“{text}” would let strangers choose their own address: name the proxies")
    return network


@dataclass(frozen=True)
class Hop:
    """What one proxy reported of its client. None: missing or malformed."""

    address: Address | None
    scheme: str | None = None


class ProxyHeaders:
    """Sets `client` and `scheme` of a request from the headers of trusted proxies."""

    def __init__(
        self, app: ASGIApp, proxies: Sequence[str], header: ProxyHeader, is_https: bool
    ) -> None:
        self.app = app
        self.networks = [parse_proxy(proxy) for proxy in proxies]
        self.header = header.lower().encode()
        self.is_https = is_https
        """Whether the public URL is https; then the scheme is, whatever a proxy reports."""
        self.find_proxy = lru_cache(4_096)(self._find_proxy)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        if scope["type"] == "http":
            if client := scope.get("client"):
                address = self.find_proxy(client[0])
                if address is not None:
                    self._set_client(scope, address)
                elif client[0].startswith("::ffff:"):
                    # An IPv4 client on a dual-stack socket.
                    scope["client"] = (str(parse_address(client[0]) or client[0]), client[1])
            if self.is_https:
                scope["scheme"] = "https"
        return self.app(scope, receive, send)

    def _find_proxy(self, host: str) -> Address | None:
        """Return the address of a trusted proxy; None for any other client."""
        address = parse_address(host)
        return address if address and self._is_trusted(address) else None

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self.networks)

    def _set_client(self, scope: Scope, proxy: Address) -> None:
        """Set the client that the outermost trusted proxy reports.

        Goes from the nearest proxy outwards: a client could have written what is beyond that proxy.
        """
        client, scheme = proxy, None
        for hop in reversed(self._hops(scope)):
            scheme = hop.scheme or scheme
            if hop.address is None:
                break
            client = hop.address
            if not self._is_trusted(client):
                break
        scope["client"] = (str(client), 0)
        if scheme:
            scope["scheme"] = scheme

    def _hops(self, scope: Scope) -> list[Hop]:
        """Return the reports of the proxies, the nearest last."""
        values = [
            value.decode("latin-1") for name, value in scope["headers"] if name == self.header
        ]
        if self.header == b"forwarded":
            return parse_forwarded(values)
        schemes = [
            value.decode("latin-1")
            for name, value in scope["headers"]
            if name == b"x-forwarded-proto"
        ]
        scheme = _scheme(_split(schemes)[-1]) if schemes else None
        hops = [Hop(parse_address(part)) for part in _split(values)]
        return [*hops[:-1], Hop(hops[-1].address, scheme)] if hops else [Hop(None, scheme)]


def parse_address(text: str) -> Address | None:
    """Parse `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1` or `[2001:db8::1]:80`; None if malformed."""
    found = WITH_PORT.fullmatch(text)
    if "%" in text:
        return None  # an interface name is valid on one machine only
    try:
        address = ipaddress.ip_address(found["v6"] or found["v4"] if found else text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


WITH_PORT = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<v4>[0-9.]+))(?::[0-9]{1,5})?", re.ASCII)


def parse_forwarded(values: Iterable[str]) -> list[Hop]:
    """Return the elements of `Forwarded` (RFC 7239), the nearest last; none if it is malformed."""
    hops = []
    for element in _elements(",".join(values)):
        pairs = dict(element)
        if len(pairs) < len(element):
            return []
        hops.append(Hop(parse_address(pairs.get("for", "")), _scheme(pairs.get("proto", ""))))
    return hops


TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"  # noqa: S105 - RFC 9110's word for a name
PAIR = re.compile(
    rf'\s*(?P<name>{TOKEN})=(?:(?P<token>{TOKEN})|"(?P<quoted>(?:[^"\\]|\\.)*)")\s*(?P<end>[;,]|$)'
)
EMPTY_ELEMENT = re.compile(r"\s*(?:,|$)")


def _elements(text: str) -> list[list[tuple[str, str]]]:
    """Return the names and values of each element; nothing if any element is malformed."""
    elements: list[list[tuple[str, str]]] = []
    pairs: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        found = PAIR.match(text, at)
        if found is None:
            empty = None if pairs else EMPTY_ELEMENT.match(text, at)
            if empty is None:
                return []
            at = empty.end()
            continue
        value = (
            found["token"] if found["quoted"] is None else re.sub(r"\\(.)", r"\1", found["quoted"])
        )
        pairs.append((found["name"].lower(), value))
        at = found.end()
        if found["end"] != ";":
            elements.append(pairs)
            pairs = []
    return [] if pairs else elements


def _split(values: Iterable[str]) -> list[str]:
    return [part.strip() for part in ",".join(values).split(",")]


def _scheme(text: str) -> str | None:
    scheme = text.lower()
    return scheme if scheme in {"http", "https"} else None
