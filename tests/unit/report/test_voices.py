"""Scores of files gathered by preset: what is kept, what is shown, what is not scored."""

from __future__ import annotations

import pytest

from campaign.report.voices import MOST_SHOWN_CAMPAIGNS, SHOWN_ROWS, ScoredVoices, voices_document
from storage.history.likenesses import PastLikeness
from storage.names import CampaignId
from tests.unit.report.rows import delivered, scored
from workers.measure.voice_print import MARGIN


def gathered(*likenesses: float | None) -> ScoredVoices:
    made = ScoredVoices()
    for row, likeness in enumerate(likenesses, 1):
        made.add(delivered(row, seconds=3, voice=scored(likeness)))
    return made


def test_middle_lowest_and_count_of_what_recipients_get() -> None:
    made = gathered(0.95, None, 0.91, 0.97, 0.9 - MARGIN - 0.01)
    made.add(delivered(9, seconds=3))
    made.add(delivered(10, seconds=None, voice=scored(0.1)))
    (found,) = made.summary()
    assert (found.preset, found.scored, found.unscored) == ("demo-voice@1", 4, 1)
    assert [found.median, found.lowest] == pytest.approx([0.93, 0.84])
    (shown,) = voices_document(made, {})["presets"]
    assert shown["below"] == 1


def test_each_preset_has_its_own() -> None:
    made = gathered(0.95, 0.9)
    made.add(delivered(3, seconds=3, voice=scored(0.5, preset="other@2")))
    assert [(one.preset, one.median) for one in made.summary()] == [
        ("demo-voice@1", pytest.approx(0.925)),
        ("other@2", 0.5),
    ]
    assert made.least_alike()[0] == (0.5, 3, "other@2")


def test_the_rows_least_alike_are_shown_first_and_few() -> None:
    made = gathered(*(0.5 + number / 100 for number in range(30, 0, -1)))
    least = [row for _, row, _ in made.least_alike()]
    assert least == list(range(30, 30 - SHOWN_ROWS, -1))


def test_nothing_scored_is_no_number() -> None:
    (found,) = gathered(None, None).summary()
    assert (found.scored, found.unscored, found.median, found.lowest) == (0, 2, None, None)


def test_a_long_past_is_shown_by_its_end() -> None:
    past = [
        PastLikeness(
            preset="demo-voice@1",
            calibration="c",
            encoder="e",
            scored=1,
            unscored=0,
            median=0.9,
            lowest=0.9,
            campaign_id=CampaignId(f"c{number}"),
            t_ms=number,
        )
        for number in range(MOST_SHOWN_CAMPAIGNS + 5)
    ]
    (shown,) = voices_document(gathered(0.9), {"demo-voice@1": past})["presets"]
    assert [one["t_ms"] for one in shown["over_time"]] == list(range(5, MOST_SHOWN_CAMPAIGNS + 5))
