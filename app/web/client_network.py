"""The client's networks, and keyed hashes of them, for rate limiting."""

import hmac
import ipaddress

from fastapi import Request

IPV6_PREFIXES = (64, 56, 48)
"""Usual sizes of the network of a household, of a provider's customer and of an organisation."""


def client_networks(request: Request) -> list[str]:
    """Return the client's IPv4 address, or its IPv6 networks from narrow to wide."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return [host]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return [
                str(ipaddress.ip_network((address, prefix), strict=False))
                for prefix in IPV6_PREFIXES
            ]
        # A dual-stack socket maps IPv4 clients into one IPv6 network, so they must be unmapped.
        address = address.ipv4_mapped
    return [str(address)]


def keyed_hash(secret: str, text: str) -> str:
    """Return an HMAC: without the secret nobody can find the text by guessing."""
    return hmac.digest(secret.encode(), text.encode(), "sha256").hex()
