"""The client's address as trusted proxies report it, its networks, and keyed hashes of them."""

import hmac
import ipaddress
from collections.abc import Sequence
from typing import Any

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
IPV6_PREFIXES = (64, 56, 48)
"""Usual sizes of the network of a household, of a provider's customer and of an organisation."""


class ProxyHeaders:
    """Sets `client` and `scheme` of a request from the headers of trusted proxies.

    uvicorn reads the headers; what they report counts only if it is an address.
    """

    def __init__(self, app: ASGIApp, proxies: Sequence[str], *, is_https: bool) -> None:
        self.app = app
        self.is_https = is_https
        """Whether the public URL is https; then the scheme is, whatever a proxy reports."""
        reader: Any = ProxyHeadersMiddleware(self._answer, [*proxies])  # type: ignore[arg-type]
        self.reader: ASGIApp = reader

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if client := scope.get("client"):
            peer = parse_address(client[0])
            # An IPv4 client on a dual-stack socket gets its IPv4 address.
            scope["client"] = (str(peer or client[0]), client[1])
            scope["peer"] = scope["client"]
        await self.reader(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if client := scope.get("client"):
            reported = parse_address(client[0])
            scope["client"] = (str(reported), 0) if reported else scope["peer"]
        if self.is_https:
            scope["scheme"] = "https"
        await self.app(scope, receive, send)


def parse_address(text: str) -> Address | None:
    if "%" in text:
        return None  # an interface name is valid on one machine only
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def client_networks(request: Request) -> list[str]:
    """Return the client's IPv4 address, or its IPv6 networks from narrow to wide."""
    host = request.client.host if request.client else ""
    if not isinstance(address := parse_address(host), ipaddress.IPv6Address):
        return [host]
    return [str(ipaddress.ip_network((address, prefix), strict=False)) for prefix in IPV6_PREFIXES]


def keyed_hash(secret: str, text: str) -> str:
    """Return an HMAC: without the secret nobody can find the text by guessing."""
    return hmac.digest(secret.encode(), text.encode(), "sha256").hex()
