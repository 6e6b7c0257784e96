"""The client's networks, and keyed hashes of them, for rate limiting."""

import hmac
import ipaddress

from fastapi import Request

IPV6_PREFIXES = (64, 56, 48)
"""What one household or machine, one customer and one organisation are usually given as a whole."""


def networks(request: Request) -> list[str]:
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
        # A socket that takes both families writes IPv4 clients so: they are not one network.
        address = address.ipv4_mapped
    return [str(address)]


def keyed_hash(secret: str, text: str) -> str:
    """Return a hash that nobody can try out without the secret."""
    return hmac.digest(secret.encode(), text.encode(), "sha256").hex()
