"""A campaign gone through again speaks with what it speaks with now, not with what was asked for first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from campaign.evidence.explain import explain
from campaign.registry.lexicons import add_lexicon
from campaign.rerender.replacement import RegistryKind, Replacement
from campaign.rerender.rerender import rerender
from campaign.speech.lexicon.files import read_lexicon
from campaign.submission.compose import Composer, RawRow
from campaign.submission.replay import brief_of, kept_rows, replayed, words_of_row
from storage.installation import Installation
from storage.names import CampaignId, LexiconName
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign
from storage.tables import recipients
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
        now = campaign_rows.get(connection, CampaignId("one"))
    assert (brief_of(now).model, replayed(installed, now).chosen.pin.id) == ("espeak", "espeak")
    assert explain(installed, now, 1)["trace"]["sentences"]
    assert brief_of(replace(now, preset="other@2")).preset == "other@2"


def test_a_replay_gives_the_front_end_of_the_submit(installed: Installation) -> None:
    campaign = made(installed, "one")
    again = replayed(installed, campaign)
    assert again.brief.digest == campaign.lock.brief
    assert again.chosen.voice.preset_digest == campaign.lock.preset.sound_digest
    assert [row.external_id for row in kept_rows(installed, campaign)] == ["person-1", "person-2", "person-3"]


def test_rows_are_kept_as_they_came_page_by_page_without_the_erased(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaign.submission.replay.ROWS_AT_ONCE", 2)
    rows = [{**row, "locale": "en-GB"} for row in build.people(5)]
    campaign = build.submitted(installed, rows, campaign_id="one", start=False).campaign
    with installed.database.write() as connection:
        gone = update(recipients).where(recipients.c.row == 4).values(fields=None, external_id=None)
        connection.execute(gone)
    assert list(kept_rows(installed, campaign)) == [
        RawRow(number=number, external_id=rows[number - 1]["id"], locale="en-GB", fields=rows[number - 1])
        for number in (1, 2, 3, 5)
    ]


def test_the_words_of_a_row_are_all_of_them_or_its_error(installed: Installation) -> None:
    campaign = build.submitted(
        installed, build.people(1), build.brief("Hello {{ name }}. Bye."), campaign_id="one", start=False
    ).campaign
    ready = replayed(installed, campaign)
    composer = Composer(ready.row_voices)
    (raw,) = kept_rows(installed, campaign)
    assert words_of_row(composer.plan(raw)) == f"Hello {raw.fields['name']}. Bye."
    assert words_of_row(composer.plan(replace(raw, fields={"name": ""}))) == "ERROR missing-value"


def test_a_replay_has_the_lexicons_that_the_campaign_fixed(installed: Installation, tmp_path: Path) -> None:
    path = tmp_path / "names.tsv"

    def added(alias: str, name: LexiconName | None = None, head: str = "") -> None:
        path.write_text(f"{head}written\talias\nGP\t{alias}\n")
        add_lexicon(installed.database, read_lexicon(path), name=name, actor="test")

    added("G P")
    asked = build.brief("Your GP.", columns={}, lexicons=("names",))
    campaign = build.submitted(installed, build.people(1), asked, start=False).campaign
    added("doctor")
    added("surgery", LexiconName("everywhere"), "# scope: installation\n")
    ready = replayed(installed, campaign)
    assert [one.label for one in ready.rules] == ["names@1"]
    (raw,) = kept_rows(installed, campaign)
    assert words_of_row(Composer(ready.row_voices).plan(raw)) == "Your G P."
