"""What an estimate is made of: a voice's earlier runs, what is to be made, and what is stored already."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, func, select, update

from storage.history import speed
from storage.records import Campaign
from storage.tables import RowStatus, assets, runs, utterances


def test_speed_is_of_the_voice_s_own_runs(connection: Connection, campaign: Campaign) -> None:
    measured = speed.measured_speed(connection, [campaign.preset], "tone")
    characters = connection.scalar(select(func.sum(utterances.c.characters)))
    sound_ms = connection.scalar(select(func.sum(runs.c.duration_ms)))
    assert characters and sound_ms
    assert measured.characters_per_second == pytest.approx(1000 * characters / sound_ms)
    unknown = speed.measured_speed(connection, [campaign.preset], "espeak")
    assert (unknown.characters_per_second, unknown.real_time_factor) == (None, None)


def test_engine_s_time_is_counted_once_a_batch(connection: Connection, campaign: Campaign) -> None:
    connection.execute(
        update(runs).values(batch_id="b", t_claim_ms=1000, t_last_token_ms=5000, duration_ms=2000)
    )
    assert speed.measured_speed(connection, [campaign.preset], "tone").real_time_factor == 4 / 8


def test_only_files_still_to_be_made_are_to_be_delivered(connection: Connection, campaign: Campaign) -> None:
    assert speed.characters_to_deliver(connection, campaign.id) == 0
    connection.execute(update(assets).where(assets.c.row == 1).values(status=RowStatus.PENDING))
    length = connection.scalar(select(assets.c.characters).where(assets.c.row == 1))
    assert length and speed.characters_to_deliver(connection, campaign.id) == length


def test_shared_utterance_is_needed_once_and_known_as_stored(
    connection: Connection, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speed, "KEYS_AT_ONCE", 2)
    needed = speed.characters_by_key(connection, campaign.id)
    assert len(needed) == 4
    assert speed.stored_among(connection, [*needed, "unknown"]) == needed.keys()
    first = next(iter(needed))
    connection.execute(update(utterances).where(utterances.c.key == first).values(status=RowStatus.FAILED))
    assert speed.stored_among(connection, list(needed)) == needed.keys() - {first}
