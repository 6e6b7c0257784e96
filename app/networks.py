"""From where somebody comes, for counting alone: a network instead of an address, and a keyed hash instead of both."""

import hmac
import ipaddress

from fastapi import Request


def network(request: Request) -> str:
    """The address or, of IPv6, the network that one household or one machine is given as a whole."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network((address, 64), strict=False) if address.version == 6 else address)


def keyed(secret: str | None, said: str) -> str:
    """A hash that nobody can try out without the secret: the address of a database, with its password."""
    return hmac.digest((secret or "").encode(), said.encode(), "sha256").hex()
