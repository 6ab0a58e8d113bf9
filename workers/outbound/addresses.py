"""Which addresses are the open internet's: IANA's registries of special purposes, and what wraps an address in another.

https://www.iana.org/assignments/iana-ipv4-special-registry and .../iana-ipv6-special-registry. Of IPv6 only what IANA
gave out for global unicast is public (2000::/3), so that NAT64 (64:ff9b::/96, 64:ff9b:1::/48), mapped and compatible
addresses (::/96, ::ffff:0:0/96), site-local ones (fec0::/10), segment routing (5f00::/16) and all that is still to
come are not. A list of its own, because Python's `is_global` says otherwise from version to version.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address

GLOBAL_UNICAST = IPv6Network("2000::/3")
SPECIAL = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "168.63.129.16/32",  # a cloud's own service to its machines, at a public address
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
SPECIAL_IPV6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # Teredo, benchmarking, ORCHID, anycast: protocols, no hosts
            "2001:db8::/32",
            "2002::/16",  # 6to4: an IPv4 address inside
            "2620:4f:8000::/48",
            "3fff::/20",
        ),
    )
)


def is_public(address: str) -> bool:
    """Whether an address is one of the open internet. Raises `ValueError` for what is no address."""
    ip = ip_address(address.partition("%")[0])
    if ip.version == 4:
        return not any(ip in network for network in SPECIAL)
    return ip in GLOBAL_UNICAST and not any(ip in network for network in SPECIAL_IPV6)
