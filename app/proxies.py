"""Middleware that reads the client's address and protocol from the headers of trusted proxies.

`app.main` puts it around the response cache.
"""

import ipaddress
import re
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from starlette.types import ASGIApp, Receive, Scope, Send

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

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

    def __init__(self, app: ASGIApp, proxies: Sequence[str], *, is_https: bool) -> None:
        self.app = app
        self.networks = [parse_proxy(proxy) for proxy in proxies]
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
        for hop in reversed(_hops(scope)):
            scheme = hop.scheme or scheme
            if hop.address is None:
                break
            client = hop.address
            if not self._is_trusted(client):
                break
        scope["client"] = (str(client), 0)
        if scheme:
            scope["scheme"] = scheme


def _hops(scope: Scope) -> list[Hop]:
    """Return the reports of the proxies, the nearest last."""
    addresses, schemes = (
        [
            part.strip()
            for part in b",".join(value for name, value in scope["headers"] if name == header)
            .decode("latin-1")
            .split(",")
        ]
        for header in (b"x-forwarded-for", b"x-forwarded-proto")
    )
    nearest = schemes[-1].lower()
    scheme = nearest if nearest in {"http", "https"} else None
    return [
        *map(Hop, map(parse_address, addresses[:-1])),
        Hop(parse_address(addresses[-1]), scheme),
    ]


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
