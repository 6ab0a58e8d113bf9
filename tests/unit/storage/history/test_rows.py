"""One row with all that is known of it, and the rows page by page."""

from __future__ import annotations

from sqlalchemy import Connection

from storage.history import recipients, rows
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign
from storage.tables import RowStatus


def test_row_is_told_with_what_became_of_it(connection: Connection, campaign: Campaign) -> None:
    stored, failed = (rows.find(connection, campaign.id, number) for number in (1, 4))
    assert stored is not None and failed is not None
    assert (stored.status, stored.external_id, stored.fields) == (
        RowStatus.STORED,
        "person-1",
        {"id": "person-1", "locale": "en", "name": "Mae"},
    )
    assert (failed.status, bool(failed.code), bool(failed.reason)) == (RowStatus.FAILED, True, True)
    assert rows.find(connection, campaign.id, 5) is None
    assert rows.find(connection, CampaignId("other"), 1) is None


def test_utterances_are_in_order_with_the_run_that_made_each(
    connection: Connection, campaign: Campaign
) -> None:
    found = rows.utterances_of(connection, campaign_rows.asset_id(campaign.number, 1))
    assert [utterance.position for utterance in found] == [0, 1]
    assert all(utterance.run_id and utterance.worker and utterance.samples for utterance in found)
    others = rows.utterances_of(connection, campaign_rows.asset_id(campaign.number, 2))
    assert others[0].key == found[0].key
    assert others[1].key != found[1].key


def test_rows_without_a_sound_are_told_by_their_code(connection: Connection, campaign: Campaign) -> None:
    told = rows.codes_without_sound(connection, campaign.id)
    failed = rows.find(connection, campaign.id, 4)
    assert failed is not None
    assert told == {4: failed.code}


def test_recipients_come_page_by_page_in_the_order_of_the_file(
    connection: Connection, campaign: Campaign
) -> None:
    first = recipients.page(connection, campaign.id, after=0, limit=3)
    rest = recipients.page(connection, campaign.id, after=first[-1].row, limit=3)
    assert [[one.row for one in page] for page in (first, rest)] == [[1, 2, 3], [4]]
    assert recipients.page(connection, campaign.id, after=4, limit=3) == []
    scripts = recipients.scripts(connection, campaign.id)
    assert scripts.keys() == {1, 2, 3, 4}
    assert scripts[1] == first[0].script == "Welcome back, friend. Hello Mae."
