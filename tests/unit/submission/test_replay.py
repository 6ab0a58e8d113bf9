"""A campaign gone through again speaks with what it speaks with now, not with what was asked for first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign.evidence.explain import explain
from campaign.rerender.replacement import RegistryKind, Replacement
from campaign.rerender.rerender import rerender
from campaign.submission.replay import brief_of, kept_rows, replayed
from storage.installation import Installation
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign
from tests import build


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    opened = build.installation(tmp_path / "home")
    yield opened
    opened.close()


def made(installed: Installation, campaign_id: str) -> Campaign:
    build.submitted(installed, build.people(3), campaign_id=campaign_id)
    return build.worked(installed, campaign_id)


def test_the_voice_is_the_one_that_a_re_make_moved_to(installed: Installation) -> None:
    asked = made(installed, "one")
    assert (brief_of(asked).model, replayed(installed, asked).chosen.pin.id) == ("tone", "tone")
    rerender(installed, Replacement(kind=RegistryKind.PIN, old="tone", new="espeak"), actor="test")
    with installed.database.read() as connection:
        now = campaign_rows.get(connection, "one")
    assert (brief_of(now).model, replayed(installed, now).chosen.pin.id) == ("espeak", "espeak")
    assert explain(installed, now, 1)["trace"]["sentences"]


def test_a_replay_gives_the_front_end_of_the_submit(installed: Installation) -> None:
    campaign = made(installed, "one")
    again = replayed(installed, campaign)
    assert again.brief.digest == campaign.lock.brief
    assert again.chosen.voice.preset_digest == campaign.lock.preset.sound_digest
    assert [row.external_id for row in kept_rows(installed, campaign)] == ["person-1", "person-2", "person-3"]
