"""Which IP addresses the desk may fetch from: public ones, however they are written or embedded in others."""

import ipaddress

NOT_FETCHED = [
    ipaddress.ip_network(each)
    for each in (
        # Special purpose in IANA's registries, but global to some releases of Python that we run on.
        *("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20"),
        # Metadata and control services of clouds at addresses that look public: Azure, Equinix, IBM.
        *("168.63.129.16/32", "192.80.8.124/32", "161.26.0.0/16"),
    )
]
"""The metadata addresses of the other clouds are link-local, unique local or shared, which `is_global` knows."""

UNICAST = ipaddress.IPv6Network("2000::/3")
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Return whether an address is a public unicast one, and the IPv4 address embedded in it too."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return is_public(str(found.ipv4_mapped))
        if found in NAT64:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
        # 6to4 and Teredo embed an IPv4 address too: no site is there, and both are refused as a whole.
        if found not in UNICAST:
            return False
    return (
        found.is_global
        and not found.is_multicast
        and not any(found in network for network in NOT_FETCHED)
    )
