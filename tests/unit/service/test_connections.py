"""Who waits makes room for who comes; who works does not."""

from __future__ import annotations

import resource

import pytest

from campaign.service.limits import Limits
from campaign.service.server.connections import RESERVED_DESCRIPTORS, Connections


class One:
    """A connection of a peer."""

    def __init__(self, peer: str = "a") -> None:
        self.peer = peer
        self.is_dropped = False

    def drop(self) -> None:
        self.is_dropped = True


def opened(connections: Connections, *peers: str, waits: bool = True) -> list[One]:
    made = [One(peer) for peer in peers]
    for one in made:
        assert connections.open(one)
        if waits:
            connections.waits(one)
    return made


def test_the_one_that_waited_longest_goes_first() -> None:
    connections = Connections(limit=3, per_peer=9)
    first, second, third = opened(connections, "a", "b", "c")
    connections.waits(first)  # again: it waits since then all the same
    opened(connections, "d")
    assert [one.is_dropped for one in (first, second, third)] == [True, False, False]
    connections.works(second)
    opened(connections, "e")
    assert [one.is_dropped for one in (second, third)] == [False, True]


def test_a_peer_that_has_too_many_loses_its_own_and_nobody_else_s() -> None:
    connections = Connections(limit=9, per_peer=2)
    [other] = opened(connections, "b")
    first, second = opened(connections, "a", "a")
    opened(connections, "a")
    assert [one.is_dropped for one in (other, first, second)] == [False, True, False]


def test_who_works_is_not_dropped_and_then_there_is_no_room() -> None:
    connections = Connections(limit=2, per_peer=9)
    first, second = opened(connections, "a", "b", waits=False)
    assert not connections.open(One())
    connections.close(first)
    connections.close(first)
    assert connections.open(One())
    assert not connections.open(One())
    connections.waits(second)
    connections.works(second)
    assert not connections.open(One())


def test_who_is_not_counted_changes_nothing() -> None:
    connections = Connections(limit=1, per_peer=1)
    stranger = One()
    connections.waits(stranger)
    connections.close(stranger)
    opened(connections, "a", waits=False)
    assert not connections.open(One("b"))
    assert not stranger.is_dropped


@pytest.mark.parametrize(
    ("descriptors", "limit"), [(4096, 512), (300, 300 - RESERVED_DESCRIPTORS), (100, 16), (-1, 512)]
)
def test_no_more_than_there_are_descriptors(
    descriptors: int, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (descriptors, -1))
    assert resource.RLIM_INFINITY == -1
    connections = Connections.of(Limits(connections=512), is_one_peer=True)
    opened(connections, *["a"] * limit, waits=False)
    assert not connections.open(One())
    apart = Connections.of(Limits(connections=512, connections_per_peer=3), is_one_peer=False)
    opened(apart, *"aaab", waits=False)
    assert not apart.open(One())
