"""What holds for the tables of moves, whoever makes the moves."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from storage.tables.states import (
    BROKEN_ROWS,
    FIRST_STATUSES,
    INTAKE_MOVES,
    LANE_RANK,
    OPEN_ROWS,
    REMAKEABLE_ROWS,
    ROW_MOVES,
    IntakeState,
    Lane,
    RowStatus,
)

State = TypeVar("State", bound=StrEnum)


def reached(moves: Mapping[State, frozenset[State]], first: set[State]) -> set[State]:
    """Every state that a row which begins so can come to."""
    found = set(first)
    seen: set[State] = set()
    while found - seen:
        state = (found - seen).pop()
        seen.add(state)
        found |= moves[state]
    return found


def test_every_status_has_its_moves_and_can_be_reached() -> None:
    assert ROW_MOVES.keys() == set(RowStatus)
    assert reached(ROW_MOVES, set(FIRST_STATUSES)) == set(RowStatus)
    assert INTAKE_MOVES.keys() == set(IntakeState)
    assert reached(INTAKE_MOVES, {IntakeState.EXPECTED}) == set(IntakeState)


def test_a_person_can_be_forgotten_from_anywhere_and_nothing_comes_back() -> None:
    forgotten = RowStatus.ERASED
    assert all(forgotten in moves for status, moves in ROW_MOVES.items() if status != forgotten)
    assert ROW_MOVES[forgotten] == frozenset()


def test_what_must_not_be_made_is_never_claimed() -> None:
    for status in (RowStatus.SUPPRESSED, RowStatus.CANCELLED):
        assert reached(ROW_MOVES, {status}) == {status, RowStatus.ERASED}


def test_only_a_claimed_row_is_stored_fresh_and_only_a_pending_one_claimed() -> None:
    to_claimed = {status for status, moves in ROW_MOVES.items() if RowStatus.CLAIMED in moves}
    to_stored = {status for status, moves in ROW_MOVES.items() if RowStatus.STORED in moves}
    assert to_claimed == {RowStatus.PENDING}
    earlier = {RowStatus.PENDING, *BROKEN_ROWS}  # an earlier take; a next version that is not made
    assert to_stored == {RowStatus.CLAIMED, *earlier}


def test_groups_are_told_by_their_moves() -> None:
    assert set(OPEN_ROWS) == {status for status, moves in ROW_MOVES.items() if RowStatus.FAILED in moves}
    reopened = {status for status, moves in ROW_MOVES.items() if RowStatus.PENDING in moves}
    assert set(REMAKEABLE_ROWS) == reopened - {RowStatus.CLAIMED}


def test_lanes_are_ranked_in_the_order_in_which_they_are_named() -> None:
    assert sorted(Lane, key=lambda lane: LANE_RANK[lane]) == list(Lane) == [Lane.PREVIEW, Lane.BULK]
