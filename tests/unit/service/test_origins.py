"""Whose page sent a request: scheme, host and port decide."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from campaign.service.origins import Origins, is_proxied, network_of


@pytest.mark.parametrize(
    ("secure", "headers", "forged"),
    [
        (False, {}, False),
        (False, {"origin": "http://here:8321"}, False),
        (False, {"origin": "http://HERE:8321"}, False),
        (False, {"origin": "https://here:8321"}, True),
        (False, {"origin": "http://here"}, True),
        (False, {"origin": "http://here:8322"}, True),
        (False, {"origin": "http://there:8321"}, True),
        (False, {"origin": "http://here.evil:8321"}, True),
        (False, {"origin": "http://here:8321@evil"}, True),
        (False, {"origin": "http://user@here:8321"}, True),
        (False, {"origin": "http://here:8321/"}, True),
        (False, {"origin": "here:8321"}, True),
        (False, {"origin": "null"}, True),
        (False, {"origin": ""}, True),
        (False, {"origin": "http://here:x"}, True),
        (False, {"origin": "chrome-extension://here:8321"}, True),
        (False, {"origin": "null", "sec-fetch-site": "none"}, True),
        (False, {"origin": "null", "sec-fetch-site": "same-origin"}, False),
        (False, {"origin": "https://here:8321", "sec-fetch-site": "same-origin"}, True),
        (False, {"sec-fetch-site": "same-origin"}, False),
        (False, {"sec-fetch-site": "none"}, False),
        (False, {"sec-fetch-site": "same-site"}, True),
        (False, {"sec-fetch-site": "cross-site", "origin": "http://here:8321"}, True),
        (True, {"origin": "https://here:8321"}, False),
        (True, {"origin": "http://here:8321"}, True),
        (True, {"host": "here", "origin": "https://here"}, False),
        (True, {"host": "here:443", "origin": "https://here"}, False),
        (True, {"host": "here", "origin": "https://here:80"}, True),
        (False, {"host": "here:80", "origin": "http://here"}, False),
        (False, {"host": "[::1]:8321", "origin": "http://[::1]:8321"}, False),
        (False, {"host": "", "origin": "http://"}, True),
    ],
)
def test_a_page_of_another_origin_is_a_stranger(secure: bool, headers: dict[str, str], forged: bool) -> None:
    given = Headers({"host": "here:8321"} | headers)
    assert Origins(hosts=(), secure=secure).is_forged(given) is forged


def test_only_names_that_were_told_are_answered_to() -> None:
    origins = Origins(hosts=frozenset({"here", "[::1]"}), secure=False)
    assert [
        origins.is_asked_as(host) for host in ("here", "HERE:1", "[::1]:8321", "there", "here.evil", "")
    ] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


def test_what_a_proxy_adds_is_known() -> None:
    assert not is_proxied(Headers({"host": "here", "x-request-id": "1"}))
    for name in ("Forwarded", "X-Forwarded-Port", "x-forwarded-server", "Via", "CF-Connecting-IP"):
        assert is_proxied(Headers({name: "x"}))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("1.2.3.4", "1.2.3.4"),
        ("::ffff:1.2.3.4", "1.2.3.4"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_one_network_is_one_peer(address: str, network: str) -> None:
    assert network_of(address) == network
