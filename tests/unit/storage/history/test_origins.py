"""The origins of files: what made them, what they hold, and nothing of versions that are not current."""

from __future__ import annotations

from sqlalchemy import Connection, update

from storage.history import origins
from storage.history.origins import Maker
from storage.records import Campaign
from storage.tables import RowStatus, assets, utterances


def test_keys_are_the_current_files_each_once_and_each_has_its_origin(
    connection: Connection, campaign: Campaign
) -> None:
    keys = origins.keys(connection, campaign.id)
    assert keys == sorted(set(keys))
    assert len(keys) == 4, "one shared sentence and three names"
    made = origins.utterance(connection, keys[0])
    assert made is not None
    assert (made.pin_id, made.engine, made.numeric_class) == ("tone", "tone", "any")
    assert origins.numeric_classes(connection, campaign.id) == ["any"]


def test_utterance_whose_sound_is_not_stored_has_no_origin(
    connection: Connection, campaign: Campaign
) -> None:
    key = origins.keys(connection, campaign.id)[0]
    connection.execute(update(utterances).where(utterances.c.key == key).values(status=RowStatus.PENDING))
    assert origins.utterance(connection, key) is None
    label = campaign.preset
    assert key not in origins.keys_of_preset(connection, label)
    assert len(origins.keys_of_preset(connection, label)) == 3


def test_maker_is_a_pin_a_preset_or_whatever_it_was(connection: Connection, campaign: Campaign) -> None:
    for maker in (Maker(pin_id="tone"), Maker(preset=campaign.preset), Maker()):
        assert origins.campaigns_of(connection, maker) == [campaign.id]
        assert origins.rows_of(connection, campaign.id, maker) == [1, 2, 3]
    for maker in (Maker(pin_id="espeak"), Maker(preset="other@1")):
        assert origins.campaigns_of(connection, maker) == []
        assert origins.rows_of(connection, campaign.id, maker) == []
        assert list(origins.delivered_by(connection, maker)) == []


def test_version_that_is_not_current_is_told_as_that(connection: Connection, campaign: Campaign) -> None:
    assert [file.is_current for file in origins.versions(connection, campaign.id)] == [True] * 3
    connection.execute(update(assets).where(assets.c.row == 2).values(current_version=None))
    files = origins.versions(connection, campaign.id)
    assert [(file.row, file.is_current) for file in files] == [(1, True), (2, False), (3, True)]
    assert [file.row for file in origins.versions(connection, campaign.id, row=2)] == [2]
    assert origins.rows_of(connection, campaign.id, Maker()) == [1, 3]
    delivered = list(origins.delivered_by(connection, Maker(pin_id="tone")))
    assert [(file.row, file.is_current) for file in delivered] == [(1, True), (2, False), (3, True)]


def test_parts_of_stored_rows_come_in_order_with_their_recipient(
    connection: Connection, campaign: Campaign
) -> None:
    parts = origins.stored_parts(connection, campaign.id)
    assert [part.row for part in parts] == [1, 1, 2, 2, 3, 3]
    assert parts[0].pcm_sha256 == parts[2].pcm_sha256 != parts[1].pcm_sha256
    assert parts[5].external_id == "person-3"


def test_campaign_is_found_by_the_lexicon_version_that_it_fixed(
    connection: Connection, campaign: Campaign
) -> None:
    for label in campaign.lock.lexicons:
        assert origins.campaigns_with_lexicon(connection, label) == [campaign.id]
    assert origins.campaigns_with_lexicon(connection, "nobody@1") == []
