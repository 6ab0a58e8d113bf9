"""What an author tries: what is read is what will be said, and nothing is sent or kept for others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign.brief import LoadedBrief
from campaign.errors import ConflictError, RowError
from campaign.preview.workbench import examples, names_to_check, render, try_rows
from campaign.speech.templates import TemplateSource
from storage.history import recipients
from storage.installation import Installation
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign
from storage.tables import CampaignState, Lane
from tests import build

TEMPLATES = {
    locale: TemplateSource(name=f"{locale}.txt", text=text, language=locale)
    for locale, text in {"en": "Hello {{ name }}.", "de": "Hallo {{ name }}."}.items()
}
ASKED = build.brief(templates=TEMPLATES, languages=("en", "de"), columns={"name": "name"})


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path)
    yield made
    made.close()


def campaigns(installed: Installation) -> list[str]:
    with installed.database.read() as connection:
        return [one.id for one in campaign_rows.recent(connection, limit=9)]


def tried(installed: Installation, campaign: Campaign) -> list[tuple[str, str | None]]:
    """(locale, script) of its rows."""
    with installed.database.read() as connection:
        page = recipients.page(connection, campaign.id, after=0, limit=9)
    return [(one.locale, one.script) for one in page]


def test_rendering_is_of_the_locale_s_template_and_writes_nothing(installed: Installation) -> None:
    loaded = LoadedBrief(brief=ASKED, suppress=())
    rendered = render(installed, loaded, "de", {"name": "Ana"})
    assert (rendered.template, rendered.script) == ("Hallo {{ name }}.", "Hallo Ana.")
    assert "Ana" in rendered.spoken
    assert rendered.trace
    assert campaigns(installed) == []
    with pytest.raises(RowError):
        render(installed, loaded, "de", {"name": ""})


def test_rows_are_tried_on_the_preview_lane_whoever_is_suppressed(
    installed: Installation, tmp_path: Path
) -> None:
    listed = tmp_path / "out.csv"
    listed.write_text("id\n1\n")
    loaded = LoadedBrief(brief=ASKED, suppress=(listed,))
    row = {"id": "1", "locale": "en", "name": "Ana"}
    first, second = (try_rows(installed, loaded, [row], actor="t") for _ in range(2))
    assert first.campaign.id != second.campaign.id
    assert (first.campaign.lane, first.campaign.name) == (Lane.PREVIEW, "preview test")
    assert first.tally.by_outcome == {"pending": 1}


def test_examples_are_one_of_each_locale_first_and_name_nobody(installed: Installation) -> None:
    people = build.people(4)
    people[3]["locale"] = "de"
    waiting = build.submitted(installed, people, ASKED, start=False).campaign
    heard = examples(installed, waiting, 2, actor="t").campaign
    assert tried(installed, heard) == [
        ("en", f"Hello {build.spelled(1)}."),
        ("de", f"Hallo {build.spelled(4)}."),
    ]
    more = examples(installed, waiting, 3, actor="t").campaign
    assert [script for _, script in tried(installed, more)][2] == f"Hello {build.spelled(2)}."
    with installed.database.read() as connection:
        page = recipients.page(connection, heard.id, after=0, limit=9)
    assert [one.external_id for one in page] == ["example-1", "example-2"]


def test_examples_of_a_file_that_is_still_read_are_refused(installed: Installation) -> None:
    from dataclasses import replace

    waiting = build.submitted(installed, build.people(1), ASKED, start=False).campaign
    with pytest.raises(ConflictError, match="still being read"):
        examples(installed, replace(waiting, state=CampaignState.DRAFT), 1, actor="t")


def test_names_of_a_campaign_are_ranked_by_its_own_front_end(installed: Installation) -> None:
    people = [*build.people(2), {"id": "x", "locale": "en", "name": "Brkh"}]
    made = build.submitted(installed, people, ASKED).campaign
    names = names_to_check(installed, made)
    assert (names[0].value, names[0].first_row, len(names)) == ("Brkh", 3, 3)
