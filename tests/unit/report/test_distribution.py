"""How lengths and levels are spread, and which files are those to listen to first."""

from __future__ import annotations

import pytest

from campaign.report.distribution import BINS, FAR, SoundMeasurements, distribution
from tests.unit.report.rows import delivered, scored
from workers.measure.voice_print import MARGIN


def measured(
    *paces: float, language: str = "en", first: int = 1, lufs: float | None = -16.0
) -> SoundMeasurements:
    """Files of ten seconds with so many characters a second."""
    made = SoundMeasurements()
    for row, pace in enumerate(paces, first):
        made.add(delivered(row, seconds=10, characters=round(10 * pace), language=language, lufs=lufs))
    return made


def test_row_without_a_file_is_not_measured() -> None:
    made = SoundMeasurements()
    made.add(delivered(1, seconds=None))
    assert len(made.rows) == 0
    assert made.outliers() == []


def test_file_that_is_unlike_the_others_is_told_with_what_is_usual() -> None:
    [outlier] = measured(*[14.0] * 9, 20.0, first=5).outliers()
    assert (outlier.row, outlier.why) == (
        14,
        "faster than usual: 20.0 characters a second, usually 14.0",
    )
    assert outlier.distance > FAR


def test_less_than_a_difference_that_is_heard_is_none() -> None:
    assert measured(*[14.0] * 9, 16.5).outliers() == []
    assert len(measured(*[14.0] * 9, 16.7).outliers()) == 1


def test_each_language_has_a_pace_of_its_own() -> None:
    made = measured(*[14.0] * 5)
    for row in range(6, 9):
        made.add(delivered(row, seconds=10, characters=50, language="zh"))
    assert made.outliers() == []


def test_each_preset_has_a_pace_of_its_own() -> None:
    made = measured(*[14.0] * 5)
    for row in range(6, 9):
        made.add(delivered(row, seconds=10, characters=50, preset="slow@1"))
    assert made.outliers() == []


def test_level_is_of_all_and_a_file_without_one_is_no_outlier() -> None:
    made = measured(*[14.0] * 5)
    made.add(delivered(6, seconds=10, characters=140, lufs=-30.0))
    made.add(delivered(7, seconds=10, characters=140, lufs=None))
    [outlier] = made.outliers()
    assert (outlier.row, outlier.why) == (6, "quieter than usual: -30.0 LUFS, usually -16.0")


def test_file_with_two_reasons_is_told_once_and_the_farthest_come_first() -> None:
    made = measured(*[14.0] * 9, 20.0)
    made.add(delivered(11, seconds=10, characters=400, lufs=-5.0))
    assert [outlier.row for outlier in made.outliers()] == [11, 10]
    assert [outlier.row for outlier in made.outliers(most=1)] == [11]


def test_spread_leaves_out_what_is_not_known_and_counts_it() -> None:
    told = distribution([1.0, 2.0, 3.0, float("nan"), 4.0])
    assert told is not None
    assert (told["least"], told["p50"], told["most"], told["unknown"]) == (1.0, 2.5, 4.0, 1)
    assert (len(told["counts"]), len(told["edges"]), sum(told["counts"])) == (BINS, BINS + 1, 4)


@pytest.mark.parametrize("values", [[], [float("nan")]])
def test_spread_of_nothing_is_none(values: list[float]) -> None:
    assert distribution(values) is None


def voices(*likenesses: float | None, lowest: float = 0.9) -> SoundMeasurements:
    made = SoundMeasurements()
    for row, likeness in enumerate(likenesses, 1):
        made.add(delivered(row, seconds=10, voice=scored(likeness, lowest=lowest)))
    return made


def test_a_voice_that_is_unlike_the_others_is_told_and_one_that_is_more_alike_is_not() -> None:
    [outlier] = voices(*[0.93] * 9, 0.82, 1.0, None, lowest=0.8).outliers()
    assert (outlier.row, outlier.why) == (10, "less like its voice than usual: 0.82, usually 0.93")


def test_a_voice_below_all_that_it_was_calibrated_with_is_told_however_much_voices_differ() -> None:
    spread = (0.99, 0.95, 0.9, 0.89, 0.86)
    below = 0.9 - MARGIN - 0.01
    [outlier] = voices(*spread, below).outliers()
    assert outlier.row == 6
    assert outlier.why.endswith("0.84, usually 0.89, at least 0.85 when it was calibrated")
    assert voices(*spread, 0.9 - MARGIN + 0.001).outliers() == []


def test_where_most_files_are_below_no_one_of_them_stands_out() -> None:
    assert voices(*[0.6, 0.61, 0.62, 0.63]).outliers() == []
