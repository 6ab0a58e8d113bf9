"""Whose turn it is."""

from __future__ import annotations

from dataclasses import replace

from storage.names import CampaignId
from storage.queue.leases import ASSETS, UTTERANCES
from storage.records import Runnable
from storage.tables import Lane
from workers.claims.scheduler import STINT_BATCHES, Scheduler
from workers.observability.meters import Meters

LARGE = Runnable(
    repins=0,
    id=CampaignId("large"),
    lane=Lane.BULK,
    preset="anna@1",
    pin_id="f5",
    engine="f5",
    engine_revision=1,
    finish_revision=1,
)
SAME_VOICE = replace(LARGE, id=CampaignId("same-voice"))
OTHER_VOICE = replace(LARGE, id=CampaignId("other-voice"), preset="ben@1")
URGENT = replace(OTHER_VOICE, id=CampaignId("urgent"), lane=Lane.PREVIEW)


def turns(**limits: int) -> Scheduler:
    return Scheduler(Meters(), lane_threads={Lane(name): limit for name, limit in limits.items()})


def served(order: Scheduler, campaigns: list[Runnable], batches: int) -> list[CampaignId]:
    """Who is claimed from, when everybody always has rows."""
    names = []
    for _ in range(batches):
        first = order.in_order(UTTERANCES, campaigns)[0]
        order.record_claim(UTTERANCES, first)
        names.append(first.id)
    return names


def test_campaigns_of_one_voice_take_turns() -> None:
    assert served(turns(), [LARGE, SAME_VOICE], 4) == ["large", "same-voice", "large", "same-voice"]


def test_voice_is_kept_for_a_stint_and_swaps_are_counted() -> None:
    meters = Meters()
    order = Scheduler(meters, lane_threads={})
    names = served(order, [LARGE, OTHER_VOICE], 4 * STINT_BATCHES)
    stint = ["large"] * STINT_BATCHES + ["other-voice"] * STINT_BATCHES
    assert names == stint * 2
    assert meters.value("campaign_voice_swaps") == 3


def test_newcomer_with_another_voice_is_next_when_the_stint_is_over() -> None:
    order = turns()
    served(order, [LARGE], 10)
    assert order.in_order(UTTERANCES, [LARGE, OTHER_VOICE])[0] is OTHER_VOICE


def test_preview_is_first_whatever_voice_is_loaded() -> None:
    order = turns()
    served(order, [LARGE], 1)
    assert [one.id for one in order.in_order(UTTERANCES, [LARGE, URGENT])] == ["urgent", "large"]


def test_finishing_takes_turns_whatever_the_voice() -> None:
    order = turns()
    served(order, [LARGE], 1)
    order.record_claim(ASSETS, LARGE)
    assert order.in_order(ASSETS, [LARGE, OTHER_VOICE])[0] is OTHER_VOICE


def test_lane_has_no_more_threads_than_its_limit() -> None:
    order = turns(bulk=2)
    assert [order.enter(Lane.BULK) for _ in range(3)] == [True, True, False]
    assert order.enter(Lane.PREVIEW)
    order.leave(Lane.BULK)
    assert order.enter(Lane.BULK)
