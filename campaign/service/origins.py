"""Where a request comes from, as its head says: which host was asked, whose page sent it, through which proxy."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

DEFAULT_PORTS = {"http": 80, "https": 443}
PROXIED = frozenset({"forwarded", "via", "x-real-ip", "x-client-ip", "cf-connecting-ip", "true-client-ip"})
"""What proxies add; and every name that begins with `x-forwarded`."""
NEIGHBOURS = 64
"""Bits of an IPv6 address that one customer's network has in common: whoever has one has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """What a service answers to."""

    hosts: Collection[str]
    """Names under which it may be asked; empty is any."""
    secure: bool
    """It stands behind TLS."""

    def is_asked_as(self, host: str) -> bool:
        """Whether the service goes by that name."""
        return not self.hosts or re.sub(r":[0-9]+$", "", host).lower() in self.hosts

    def is_forged(self, headers: Headers) -> bool:
        """Whether a browser sent this from another site's page: it says so itself, and scripts cannot make it lie.

        A page over http is another site than the same host over https.
        """
        fetched_from = headers.get("sec-fetch-site")
        if fetched_from not in (None, "same-origin", "none"):
            return True
        origin = headers.get("origin")
        if origin is None or (
            origin == "null" and fetched_from == "same-origin"
        ):  # as pages without a referrer post
            return False
        own = f"{'https' if self.secure else 'http'}://{headers.get('host', '')}"
        return _parts(origin) is None or _parts(origin) != _parts(own)


def is_proxied(headers: Headers) -> bool:
    """Whether a proxy passed this on."""
    return any(name in PROXIED or name.startswith("x-forwarded") for name in headers)


def peer_of(scope: Scope) -> str:
    """Who a connection is from: an address, or of IPv6 its network."""
    client = scope.get("client")
    return network_of(client[0]) if client else "unknown"


def network_of(address: str) -> str:
    """The address; of IPv6 its network."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if not isinstance(ip, IPv6Address):
        return address
    bare = address.partition("%")[0]
    return str(ip.ipv4_mapped or ip_network(f"{bare}/{NEIGHBOURS}", strict=False))


def _parts(origin: str) -> tuple[str, str, int] | None:
    """(scheme, host, port); None for what is none, as `null`."""
    try:
        url = urlsplit(origin)
        port = url.port
    except ValueError:
        return None
    if (
        url.scheme not in DEFAULT_PORTS
        or not url.hostname
        or url.path
        or url.query
        or url.username is not None
    ):
        return None
    return url.scheme, url.hostname, port or DEFAULT_PORTS[url.scheme]
