"""What the queue tells of campaigns, of work in hand, of listeners and of many rows at once."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import JSON, Connection, select, update

from storage.errors import DuplicateRowError, RecordMissingError, StateError
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import assets as asset_rows
from storage.queue import bulk, listeners
from storage.queue import campaigns as campaign_rows
from storage.queue import utterances as utterance_rows
from storage.queue.leases import ASSETS, UTTERANCES
from storage.records import Campaign, Claim, Runnable
from storage.registry import gates
from storage.tables import (
    CampaignState,
    Lane,
    RowStatus,
    asset_utterances,
    asset_versions,
    campaigns,
    objects,
    recipients,
    runs,
    utterances,
)
from tests import build
from tests.clock import FrozenClock
from tests.contracts.work import (
    another,
    claim,
    fail_assets,
    move,
    owners,
    row_of,
    settle,
    store,
    store_assets,
)
from workers.requests import Spec

ENDED = (CampaignState.FINISHED, CampaignState.FINISHED_WITH_ERRORS)


def put(installed: Installation, campaign: Campaign, **values: object) -> None:
    with installed.database.write() as connection:
        connection.execute(update(campaigns).where(campaigns.c.id == campaign.id).values(**values))


def got(installed: Installation, campaign: Campaign) -> Campaign:
    with installed.database.read() as connection:
        return campaign_rows.get(connection, campaign.id)


# work in hand


def test_utterances_in_hand_are_told_with_all_that_an_engine_needs_in_the_order_of_the_claims(
    installed: Installation, running: Campaign
) -> None:
    claims = claim(installed, running)[::-1]
    with installed.database.read() as connection:
        work = utterance_rows.load(connection, [*claims, Claim("gone", 1)])
    assert [one.claim for one in work] == claims
    shared = work[-1]
    assert Spec.from_json(shared.spec).spans[0].text == "Welcome back, friend."
    assert (shared.campaign_id, shared.preset, shared.pin_id) == (running.id, running.preset, running.pin_id)
    assert shared.characters == len("Welcome back, friend.")


def test_assets_in_hand_are_told_with_their_parts_in_order(
    installed: Installation, running: Campaign
) -> None:
    store(installed, claim(installed, running), run_id="a-run")
    with installed.database.write() as connection:
        connection.execute(
            update(asset_utterances).where(asset_utterances.c.position == 0).values(pause_after_ms=400)
        )
    claims = claim(installed, running, ASSETS, limit=2)[::-1]
    with installed.database.read() as connection:
        work = asset_rows.load(connection, [*claims, Claim(1, 1)])
        people = {
            row.row: row.hmac
            for row in connection.execute(select(recipients).where(recipients.c.campaign_id == running.id))
        }
    assert [one.claim for one in work] == claims
    assert [one.row for one in work] == [2, 1]
    first = work[1]
    assert (first.campaign_id, first.recipient_hmac, first.language) == (running.id, people[1], "en")
    assert (first.version, first.characters) == (1, len("Welcome back, friend.") + len("Hello Mae."))
    assert [(one.characters, one.pause_after_ms) for one in first.parts] == [(21, 400), (10, None)]
    for one in first.parts:
        assert (one.pcm_key, one.pcm_sha256) == (f"cache/x/{one.utterance_key}", one.utterance_key)
        assert (one.rate_hz, one.run_id) == (24_000, "a-run")


def test_the_person_of_a_file_is_its_own_campaign_s(installed: Installation, running: Campaign) -> None:
    other = another(installed)
    for campaign in (running, other):
        store(installed, claim(installed, campaign))
    for campaign in (running, other):
        (held,) = claim(installed, campaign, ASSETS, limit=1)
        mine = recipients.c.campaign_id == campaign.id, recipients.c.row == 1
        with installed.database.read() as connection:
            (work,) = asset_rows.load(connection, [held])
            hmac = connection.execute(select(recipients.c.hmac).where(*mine)).scalar_one()
        assert (work.row, work.recipient_hmac) == (1, hmac)


def test_runs_are_kept_and_say_whose_pin_its_gate_refused(
    installed: Installation, running: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed = {
        column.name: [] if isinstance(column.type, JSON) else column.type.python_type()
        for column in runs.c
        if not column.nullable
    }
    made = [
        build.run_descriptor(**needed | {"run_id": f"r{number}", "campaign_id": running.id, "pin_id": pin})
        for number, pin in enumerate(("good", "bad"))
    ]
    asked: list[set[str]] = []

    def refused(_connection: Connection, pin_ids: set[str]) -> set[str]:
        asked.append(pin_ids)
        return {"bad"}

    monkeypatch.setattr(gates, "refused", refused)
    with installed.database.write() as connection:
        utterance_rows.add_runs(connection, [])
        utterance_rows.add_runs(connection, made)
        kept = connection.execute(
            select(runs.c.run_id, runs.c.pin_id, runs.c.failed_promotion).order_by(runs.c.run_id)
        )
        assert kept.tuples().all() == [("r0", "good", False), ("r1", "bad", True)]
    assert asked == [{"good", "bad"}]


def test_a_part_whose_sound_is_not_there_is_empty_and_no_error(
    installed: Installation, running: Campaign
) -> None:
    store(installed, claim(installed, running))
    (held,) = claim(installed, running, ASSETS, limit=1)
    with installed.database.write() as connection:
        connection.execute(
            update(utterances).values(pcm_key=None, pcm_sha256=None, rate_hz=None, run_id=None)
        )
        (work,) = asset_rows.load(connection, [held])
        told = utterance_rows.of_asset(connection, held.key)
    assert {(one.pcm_key, one.pcm_sha256, one.rate_hz, one.run_id) for one in work.parts} == {("", "", 0, "")}
    assert [(one.status, one.characters, one.pcm_key) for one in told] == [
        (RowStatus.STORED, 21, None),
        (RowStatus.STORED, 10, None),
    ]


def test_the_sentences_of_an_asset_are_told_in_their_places(
    installed: Installation, running: Campaign
) -> None:
    with installed.database.write() as connection:
        connection.execute(
            update(asset_utterances)
            .where(asset_utterances.c.position == 0)
            .values(position=5, pause_after_ms=400)
        )
        told = utterance_rows.of_asset(connection, campaign_rows.asset_id(running.number, 1))
    assert [(one.characters, one.pause_after_ms) for one in told] == [(10, None), (21, 400)]


def test_a_stored_file_is_kept_with_what_made_it_and_its_object_is_known(
    installed: Installation, running: Campaign, clock: FrozenClock
) -> None:
    put(installed, running, pin_id="a-pin", preset="a-preset@3", finish_revision=17)
    store(installed, claim(installed, running))
    (held,) = claim(installed, running, ASSETS, limit=1)
    store_assets(installed, running, [held])
    with installed.database.read() as connection:
        kept = connection.execute(select(asset_versions)).one()
        known = connection.execute(select(objects).where(objects.c.key == kept.object_key)).one()
    assert (kept.asset_id, kept.version, kept.pin_id, kept.preset, kept.finish_revision) == (
        *(held.key, 1),
        *("a-pin", "a-preset@3", 17),
    )
    assert (kept.timebase, kept.run_ids, kept.codec, kept.samples) == ([0], ["r"], "wav", 24_000)
    assert kept.t_stored_ms == row_of(installed, ASSETS, held.key).t_stored_ms == clock.now_ms
    assert (known.sha256, known.size_bytes, known.t_created_ms) == (kept.sha256, 1, clock.now_ms)


def test_stored_sound_is_kept_as_it_was_reported(
    installed: Installation, running: Campaign, clock: FrozenClock
) -> None:
    (held,) = claim(installed, running, limit=1)
    store(installed, [held], run_id="a-run")
    row = row_of(installed, UTTERANCES, held.key)
    assert (row.pcm_key, row.pcm_sha256, row.samples, row.rate_hz) == (
        *(f"cache/x/{held.key}", held.key),
        *(24_000, 24_000),
    )
    assert (row.run_id, row.t_stored_ms, row.worker, row.lease_until_ms) == (
        "a-run",
        clock.now_ms,
        None,
        None,
    )
    with installed.database.read() as connection:
        assert connection.execute(select(objects.c.key)).scalar_one() == row.pcm_key


def test_a_failed_file_says_why(installed: Installation, running: Campaign) -> None:
    store(installed, claim(installed, running))
    held = claim(installed, running, ASSETS, limit=2)
    assert fail_assets(installed, held) == 2
    row = row_of(installed, ASSETS, held[1].key)
    assert (row.status, row.code, row.reason) == (RowStatus.FAILED, "too-loud", "a reason")


def test_depth_is_what_running_campaigns_wait_for(installed: Installation, running: Campaign) -> None:
    other = another(installed)

    def depth() -> int:
        with installed.database.read() as connection:
            return utterance_rows.depth(connection)

    assert depth() == 13
    claim(installed, running, limit=3)
    assert depth() == 10
    move(installed, other, CampaignState.PAUSED)
    assert depth() == 8


# campaigns


def test_running_campaigns_are_told_the_most_urgent_first_and_of_the_lanes_asked_for(
    installed: Installation, running: Campaign
) -> None:
    waiting = another(installed, campaign_id="aa", start=False)
    urgent = another(installed, campaign_id="zz", lane=Lane.PREVIEW)
    later = another(installed, campaign_id="ab")
    paused = another(installed, campaign_id="ac")
    move(installed, paused, CampaignState.PAUSED)
    with installed.database.read() as connection:
        found = campaign_rows.runnable(connection, tuple(Lane))
        assert [one.id for one in found] == [urgent.id, running.id, later.id]
        assert [one.id for one in campaign_rows.runnable(connection, (Lane.PREVIEW,))] == [urgent.id]
        also = campaign_rows.runnable(connection, (Lane.BULK,), waiting_too=True)
        assert [one.id for one in also] == [running.id, waiting.id, later.id]
    assert found[0] == Runnable(
        repins=0,
        id=urgent.id,
        lane=Lane.PREVIEW,
        engine=urgent.engine,
        engine_revision=urgent.engine_revision,
        finish_revision=urgent.finish_revision,
        preset=urgent.preset,
        pin_id=urgent.pin_id,
    )


def test_campaigns_are_numbered_and_the_newest_are_told_first(
    installed: Installation, running: Campaign
) -> None:
    second, third = another(installed), build.submitted(installed, build.people(1)).campaign
    assert [running.number, second.number, third.number] == [1, 2, 3]
    put(installed, third, t_created_ms=1)
    with installed.database.write() as connection:
        connection.execute(update(campaigns).where(campaigns.c.id != third.id).values(t_created_ms=2))
        assert [one.id for one in campaign_rows.recent(connection)] == [second.id, running.id, third.id]
        assert [one.id for one in campaign_rows.recent(connection, limit=1)] == [second.id]
        assert campaign_rows.find(connection, CampaignId("nobody")) is None
        with pytest.raises(RecordMissingError, match=r"there is no campaign nobody\. `campaign list`"):
            campaign_rows.get(connection, CampaignId("nobody"))


def test_an_assets_id_holds_its_campaigns_number_and_its_row() -> None:
    assert campaign_rows.asset_id(3, 7) == 3 * 2**32 + 7


@pytest.mark.parametrize("state", list(CampaignState))
def test_only_an_ended_campaign_may_speak_with_something_else(
    state: CampaignState, installed: Installation, running: Campaign
) -> None:
    other = another(installed)
    put(installed, running, state=state)
    if state in ENDED:
        with installed.database.write() as connection:
            campaign_rows.repin(connection, running.id, replace(running, pin_id="new", preset="new@1"))
    else:
        refused = pytest.raises(StateError, match="has not ended: it keeps what it speaks with")
        with refused, installed.database.write() as connection:
            campaign_rows.repin(connection, running.id, replace(running, pin_id="new", preset="new@1"))
    expected = ("new", "new@1") if state in ENDED else (running.pin_id, running.preset)
    assert (got(installed, running).pin_id, got(installed, running).preset) == expected
    assert got(installed, other).pin_id == other.pin_id


def test_a_lock_is_replaced_in_one_campaign(installed: Installation, running: Campaign) -> None:
    other = another(installed)
    sealed = replace(running.lock, numeric_classes=("any",))
    with installed.database.write() as connection:
        campaign_rows.replace_lock(connection, running.id, sealed)
    assert got(installed, running).lock == sealed
    assert got(installed, other).lock == other.lock


def test_reports_are_due_for_what_ended_and_was_read_whole(
    installed: Installation, running: Campaign
) -> None:
    other = another(installed)

    def due() -> list[CampaignId]:
        with installed.database.read() as connection:
            return campaign_rows.unreported(connection)

    assert due() == []
    store(installed, claim(installed, running))
    store_assets(installed, running, claim(installed, running, ASSETS))
    settle(installed, running)
    assert due() == [running.id]
    with installed.database.write() as connection:
        campaign_rows.mark_reported(connection, running.id)
    assert due() == [] and got(installed, running).t_reported_ms is not None
    assert got(installed, other).t_reported_ms is None
    with installed.database.write() as connection:
        campaign_rows.mark_unreported(connection, running.id)
    assert due() == [running.id]
    put(installed, running, rows_total=None)
    assert due() == []


def test_a_draft_is_gone_on_with_after_its_last_row(installed: Installation, running: Campaign) -> None:
    with installed.database.read() as connection:
        assert campaign_rows.last_row(connection, running.id) == 10
        assert campaign_rows.last_row(connection, CampaignId("nobody")) == 0


def test_only_a_draft_is_dropped(installed: Installation, running: Campaign) -> None:
    refused = pytest.raises(StateError, match="is no draft; cancel it")
    with refused, installed.database.write() as connection:
        campaign_rows.drop_draft(connection, running.id)
    put(installed, running, state=CampaignState.DRAFT)
    made = store_first(installed)
    with installed.database.write() as connection:
        campaign_rows.drop_draft(connection, running.id)
    assert list(owners(installed)) == [made], "what is no longer pending stays"


def store_first(installed: Installation) -> str:
    """The first sentence, past all guards."""
    with installed.database.write() as connection:
        key: str = connection.execute(
            select(utterances.c.key).order_by(utterances.c.rank).limit(1)
        ).scalar_one()
        connection.execute(update(utterances).where(utterances.c.key == key).values(status=RowStatus.STORED))
    return key


def test_counts_are_of_one_campaigns_rows_and_sentences(installed: Installation, running: Campaign) -> None:
    another(installed)
    claim(installed, running, limit=4)
    with installed.database.read() as connection:
        found = campaign_rows.progress(connection, running.id)
    assert (found.by_status, found.utterances_by_status) == ({"pending": 10}, {"pending": 7, "claimed": 4})
    assert (found.rows, found.open_rows, found.errors) == (10, 10, 0)


# listeners


def test_listeners_of_a_campaign_come_go_and_end_with_it(installed: Installation, running: Campaign) -> None:
    other = another(installed)

    def of(campaign: Campaign) -> list[str]:
        with installed.database.read() as connection:
            return sorted(listeners.of(connection, campaign.id))

    with installed.database.write() as connection:
        for campaign, url in ((running, "http://a"), (running, "http://b"), (other, "http://a")):
            listeners.add(connection, campaign.id, url)
        listeners.remove(connection, running.id, "http://a")
        listeners.remove(connection, running.id, "http://nobody")
    assert (of(running), of(other)) == (["http://b"], ["http://a"])
    move(installed, running, CampaignState.PAUSED)
    assert of(running) == ["http://b"]
    move(installed, running, CampaignState.CANCELLED)
    assert (of(running), of(other)) == ([], ["http://a"])


# many at once


def test_utterances_that_are_there_stay_as_they_are(installed: Installation, running: Campaign) -> None:
    key = next(iter(owners(installed)))
    before = row_of(installed, UTTERANCES, key)
    voice = (running.preset, running.pin_id, running.engine, running.engine_revision)
    with installed.database.write() as connection:
        bulk.insert_utterances(
            connection,
            [(one, "other", RowStatus.PENDING, 5, {"a": [1, None]}, *voice, 3) for one in (key, "new")],
        )
        bulk.insert_utterances(connection, [])
    assert row_of(installed, UTTERANCES, key) == before
    row = row_of(installed, UTTERANCES, "new")
    assert (row.campaign_id, row.rank, row.spec, row.characters) == ("other", 5, {"a": [1, None]}, 3)


def test_a_place_that_is_taken_is_an_error_of_its_own(installed: Installation, running: Campaign) -> None:
    with installed.database.read() as connection:
        place = connection.execute(select(asset_utterances).limit(1)).one()
    told = pytest.raises(DuplicateRowError, match="asset_utterances: another process wrote")
    with told, installed.database.write() as connection:
        bulk.insert_places(connection, [(place.asset_id, 1, place.position, "k", None, None)])


def test_json_is_written_as_json_and_nothing_as_nothing(installed: Installation, running: Campaign) -> None:
    names = ("campaign_id", "row", "locale", "salt", "hmac", "fields", "fallbacks")
    with installed.database.write() as connection:
        bulk.insert_rows(
            connection,
            recipients,
            names,
            [
                (running.id, 11, "en", b"\x00salt", "h", {"name": "Zoë"}, None),
                (running.id, 12, "en", b"", "i", {}, ["a"]),
            ],
        )
        rows = connection.execute(
            select(recipients).where(recipients.c.row > 10).order_by(recipients.c.row)
        ).all()
    assert [(row.fields, row.fallbacks, bytes(row.salt)) for row in rows] == [
        ({"name": "Zoë"}, None, b"\x00salt"),
        ({}, ["a"], b""),
    ]
