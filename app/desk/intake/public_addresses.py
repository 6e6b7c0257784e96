"""Check whether an IP address is public, also if embedded in another. Used by `captures/fetch`."""

import ipaddress

REFUSED_NETWORKS = [
    ipaddress.ip_network(each)
    for each in (
        # Special-purpose in IANA's registries, but global in some supported Python versions.
        *("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20"),
        # Metadata and control services at public addresses: Azure, Equinix, IBM.
        *("168.63.129.16/32", "192.80.8.124/32", "161.26.0.0/16"),
    )
]
"""Networks to refuse although `is_global` accepts them. Other clouds' metadata services have
link-local, unique local or shared addresses, which `is_global` rejects.
"""

UNICAST = ipaddress.IPv6Network("2000::/3")
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Return whether an address, and any IPv4 address embedded in it, is public unicast."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return is_public(str(found.ipv4_mapped))
        if found in NAT64:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
        # Also refuses 6to4 and Teredo, which embed IPv4 addresses but host no sites.
        if found not in UNICAST:
            return False
    return (
        found.is_global
        and not found.is_multicast
        and not any(found in network for network in REFUSED_NETWORKS)
    )
