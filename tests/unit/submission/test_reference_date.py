"""The day that two-digit years are counted from: taken when a campaign is submitted, and kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from campaign.brief import Brief, LoadedBrief
from campaign.preview.workbench import render
from campaign.recipients import open_recipients
from campaign.submission.compose import Composer
from campaign.submission.replay import kept_rows, replayed, words_of_row
from campaign.submission.submit import Proposal, propose
from storage.clock import read_now_ms
from storage.installation import Installation
from storage.lock import LockedConventions
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign
from tests import build

TEXT = "You were born on {{ born }}."
BORN = build.brief(TEXT, columns={"born": "date dmy past"})
ROWS = [{"id": "1", "locale": "en", "born": "23.10.64"}]


def today(installed: Installation) -> str:
    from campaign.times import of_milliseconds

    with installed.database.read() as connection:
        return of_milliseconds(read_now_ms(connection))[:10]


def words(installed: Installation, campaign: Campaign) -> list[str]:
    composer = Composer(replayed(installed, campaign).row_voices)
    return [words_of_row(composer.plan(raw)) for raw in kept_rows(installed, campaign)]


@pytest.mark.parametrize(
    "asked", [BORN, build.brief('Born on {{ born | date("dmy", direction="past") }}.', columns={})]
)
def test_a_campaign_with_a_direction_keeps_its_day(installed: Installation, asked: Brief) -> None:
    campaign = build.submitted(installed, ROWS, asked, start=False).campaign
    assert campaign.lock.conventions == LockedConventions(reference_date=today(installed))
    assert "nineteen sixty-four" in words(installed, campaign)[0]


def test_a_kept_campaign_counts_from_its_own_day(installed: Installation) -> None:
    campaign = build.submitted(installed, ROWS, BORN, start=False).campaign
    later = LockedConventions(reference_date="2075-01-01")
    assert (
        "twenty sixty-four"
        in words(installed, replace(campaign, lock=replace(campaign.lock, conventions=later)))[0]
    )


def test_a_brief_without_a_direction_keeps_no_day(installed: Installation) -> None:
    asked = build.brief(TEXT, columns={"born": "date dmy"})
    campaign = build.submitted(installed, [ROWS[0] | {"born": "23.10.24"}], asked, start=False).campaign
    assert campaign.lock.conventions is None


def proposed(installed: Installation) -> Proposal:
    path = build.write_csv(installed.settings.home / "recipients.csv", ROWS)
    with open_recipients(str(path)) as source:
        return propose(
            installed,
            source,
            LoadedBrief(brief=BORN, suppress=()),
            campaign_id=None,
            new=False,
            allow_slow=True,
        )


def test_a_draft_goes_on_with_the_day_that_it_was_begun_on(installed: Installation) -> None:
    from campaign.submission.submit import create_draft

    first = proposed(installed)
    older = replace(first.prepared.conventions, reference_date="2026-01-01")
    with installed.database.write() as connection:
        begun = create_draft(connection, replace(first, prepared=first.prepared.reading(older)), "r.csv")
    again = proposed(installed)
    assert again.existing is not None and again.existing.id == begun.id
    assert again.prepared.conventions.reference_date == "2026-01-01"
    with installed.database.read() as connection:
        assert campaign_rows.get(connection, begun.id).lock.conventions == LockedConventions(
            reference_date="2026-01-01"
        )


def test_a_rendering_counts_from_today(installed: Installation) -> None:
    rendered = render(installed, LoadedBrief(brief=BORN, suppress=()), "en", {"born": "23.10.64"})
    assert rendered.spoken == "You were born on October twenty-third, nineteen sixty-four."
