"""Lengths of time: in the units that are written, and never a clock that could be another one."""

from __future__ import annotations

import pytest

from campaign.errors import BriefError
from campaign.speech.columns import parse_column_type
from campaign.speech.typed import Context, Kind, TypedValue, UnreadableValueError
from campaign.speech.verbalise.dispatch import read_aloud


def said(written: str, language: str = "en", form: str = "") -> str:
    value = TypedValue(kind=Kind.DURATION, written=written, options=(("form", form),))
    return read_aloud(value, Context(language=language)).text


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("90 min", "ninety minutes"),
        ("1h30", "one hour and thirty minutes"),
        ("1h05", "one hour and five minutes"),
        ("1 h 30 min", "one hour and thirty minutes"),
        ("1h30m", "one hour and thirty minutes"),
        ("1 hr, 30 mins", "one hour and thirty minutes"),
        ("1 Stunde und 30 Minuten", "one hour and thirty minutes"),
        ("1 hora y 30 minutos", "one hour and thirty minutes"),
        ("1小时30分钟", "one hour and thirty minutes"),
        ("PT1H30M", "one hour and thirty minutes"),
        ("PT90M", "ninety minutes"),
        ("P1DT2H", "one day and two hours"),
        ("P2W", "two weeks"),
        ("PT1.5H", "one point five hours"),
        ("2 h", "two hours"),
        ("1.5 h", "one point five hours"),
        ("1,25 h", "one point two five hours"),
        ("45 sec.", "forty-five seconds"),
        ("2 days 4 h", "two days and four hours"),
        ("1 week", "one week"),
        ("1:30:15", "one hour, thirty minutes and fifteen seconds"),
        ("1:30:00", "one hour and thirty minutes"),
        ("0 min", "zero minutes"),
        ("１２０ min", "one hundred twenty minutes"),
    ],
)
def test_a_duration_is_said_in_its_units(written: str, words: str) -> None:
    assert said(written) == words


@pytest.mark.parametrize(
    ("form", "written", "words"),
    [
        ("h:mm", "1:30", "one hour and thirty minutes"),
        ("h:mm", "0:45", "forty-five minutes"),
        ("h:mm", "36:00", "thirty-six hours"),
        ("h:mm", "1:30:15", "one hour, thirty minutes and fifteen seconds"),
        ("m:ss", "1:30", "one minute and thirty seconds"),
        ("m:ss", "90:00", "ninety minutes"),
        ("h:mm", "90 min", "ninety minutes"),
    ],
)
def test_a_colon_parts_what_the_form_says(form: str, written: str, words: str) -> None:
    assert said(written, form=form) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "zwei Tage, eine Stunde und dreißig Minuten"),
        ("es", "dos días, una hora y treinta minutos"),
        ("fr", "deux jours, une heure et trente minutes"),
        ("it", "due giorni, un'ora e trenta minuti"),
        ("pt", "dois dias, uma hora e trinta minutos"),
        ("zh", "两天一小时三十分钟"),
    ],
)
def test_each_language_links_its_units(language: str, words: str) -> None:
    assert said("2d 1h 30min", language) == words


@pytest.mark.parametrize(
    ("written", "form", "code"),
    [
        ("1:30", "", "ambiguous-duration"),
        ("0:45", "", "ambiguous-duration"),
        ("1:75", "h:mm", "not-a-duration"),
        ("1:30:15", "m:ss", "not-a-duration"),
        ("90", "", "not-a-duration"),
        ("30 m", "", "not-a-duration"),
        ("1h75", "", "not-a-duration"),
        ("1.250 h", "", "not-a-duration"),
        ("1.5 h 30 min", "", "not-a-duration"),
        ("30 min 1 h", "", "not-a-duration"),
        ("1 h 2 h", "", "not-a-duration"),
        ("1.5 days", "", "not-a-duration"),
        ("-5 min", "", "not-a-duration"),
        ("PT", "", "not-a-duration"),
        ("P1Y", "", "not-a-duration"),
        ("3 parsecs", "", "not-a-duration"),
        ("soon", "", "not-a-duration"),
        ("", "", "not-a-duration"),
    ],
)
def test_what_is_no_duration_or_two_is_refused(written: str, form: str, code: str) -> None:
    with pytest.raises(UnreadableValueError) as caught:
        said(written, form=form)
    assert caught.value.code == code


def test_both_readings_of_a_colon_are_named() -> None:
    with pytest.raises(UnreadableValueError, match="1 hours and 5 minutes, or 1 minutes and 5 seconds"):
        said("1:05")


def test_a_language_without_numbers_is_refused() -> None:
    with pytest.raises(UnreadableValueError, match="cannot be read aloud in 'sv'"):
        said("90 min", "sv")


def test_a_type_says_its_form() -> None:
    assert parse_column_type("duration m:ss").options == (("form", "m:ss"),)
    assert parse_column_type({"type": "duration", "form": "h:mm"}).options == (("form", "h:mm"),)
    with pytest.raises(BriefError, match="takes no 'mm:ss'"):
        parse_column_type("duration mm:ss")
    with pytest.raises(BriefError, match="did you mean duration"):
        parse_column_type("length")
