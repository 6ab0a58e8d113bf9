from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.engines.f5.packing import Budget, lay_out, pack

BUDGETS = [Budget(frames=1024), Budget(frames=2048), Budget(frames=4096)]


@given(st.lists(st.integers(min_value=20, max_value=4096), max_size=60))
def test_every_utterance_is_in_one_pack_that_fits(frames: list[int]) -> None:
    packs = pack(frames, BUDGETS)
    assert sorted(index for _, members in packs for index in members) == list(range(len(frames)))
    for budget, members in packs:
        assert sum(frames[index] for index in members) <= budget.frames
        assert len(members) <= budget.utterances


def test_a_small_rest_takes_a_small_budget() -> None:
    assert [budget.frames for budget, _ in pack([4000, 300, 300], BUDGETS)] == [4096, 1024]


def test_too_long_for_any_budget_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        pack([5000], BUDGETS)
    with pytest.raises(ValueError, match="do not fit"):
        lay_out([600, 600], halves=2, budget=BUDGETS[0])


def test_rows_of_a_budget_do_not_depend_on_what_is_in_it() -> None:
    for frames in ([300], [300, 500], [100] * 8):
        layout = lay_out(frames, halves=2, budget=BUDGETS[0])
        assert (layout.rows, layout.places) == (2048, 16)
        assert layout.used == 2 * sum(frames)
    assert lay_out([300, 500], halves=2, budget=None).bounds == (
        (0, 300),
        (300, 800),
        (800, 1100),
        (1100, 1600),
    )
