"""What spreadsheets and data frames do to values, by type."""

from __future__ import annotations

import pytest

from campaign.speech.fields.spreadsheets import as_typed, as_written, refuse_in_text
from campaign.speech.typed import Kind, UnreadableValueError

GB = (("region", "GB"),)


@pytest.mark.parametrize(
    ("text", "typed", "undone"),
    [
        ('="0171"', "0171", "formula-text"),
        ('=""0171""', "0171", "formula-text"),
        ("'0171 22", "0171 22", "apostrophe"),
        ("'+44 20", "+44 20", "apostrophe"),
        ("'t Hooft", "'t Hooft", ""),
        ("1E10", "1E10", ""),
        ("-M25 closed", "-M25 closed", ""),
        ("ACME(UK)", "ACME(UK)", ""),
        ("=)", "=)", ""),
        ("#1", "#1", ""),
    ],
)
def test_a_cell_is_as_it_was_typed(text: str, typed: str, undone: str) -> None:
    assert as_written(text) == (typed, undone)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("4.47E+11", "rounded-number"),
        ("4,47e+11", "rounded-number"),
        ("1e-05", "rounded-number"),
        ("#REF!", "spreadsheet-error"),
        ("#DIV/0!", "spreadsheet-error"),
        ("#WERT!", "spreadsheet-error"),
        ("Err:502", "spreadsheet-error"),
        ("#####", "spreadsheet-error"),
        ("[object Object]", "spreadsheet-error"),
        ("Invalid date", "spreadsheet-error"),
        ("30:00.0", "made-a-date"),
        ("=A1+B2", "spreadsheet-formula"),
        ("=SUM(A1:A3)", "spreadsheet-formula"),
        ("+A1+B2", "spreadsheet-formula"),
    ],
)
def test_what_is_no_value_is_refused_whatever_the_type(text: str, code: str) -> None:
    with pytest.raises(UnreadableValueError) as caught:
        as_written(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "kind",
    [
        Kind.TELEPHONE,
        Kind.DIGITS,
        Kind.SPELL,
        Kind.CODE,
        Kind.ORDINAL,
        Kind.CARDINAL,
        Kind.YEAR,
        Kind.PERCENT,
    ],
)
def test_the_tail_of_a_float_is_dropped_where_the_type_has_none(kind: Kind) -> None:
    assert as_typed("4711.0", kind) == ("4711", "float-tail")
    assert as_typed("4711.5", kind) == ("4711.5", "")


def test_money_and_measures_keep_their_decimals() -> None:
    assert as_typed("12.0", Kind.MONEY) == ("12.0", "")
    assert as_typed("12.0", Kind.UNIT) == ("12.0", "")


def test_a_number_of_no_type_with_such_a_tail_has_two_readings() -> None:
    with pytest.raises(UnreadableValueError, match=r"'4711\.0' is 4711 with the tail .* or a decimal number"):
        refuse_in_text("4711.0", declared=False)
    refuse_in_text("4711.0", declared=True)
    refuse_in_text("4711.5", declared=False)


def test_a_day_number_names_the_day_of_both_systems() -> None:
    with pytest.raises(UnreadableValueError, match=r"2025-12-01 .* 1900, 2029-12-02 .* 1904"):
        as_typed("45992", Kind.DATE)


def test_a_part_of_a_day_names_the_time() -> None:
    with pytest.raises(UnreadableValueError, match="14:30"):
        as_typed("0.604166666666667", Kind.TIME)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Nov-26", Kind.DATE),
        ("Mar-10", Kind.SPELL),
        ("10-Mar", Kind.SPELL),
        ("Mrz-10", Kind.DIGITS),
        ("2-Jan", Kind.FRACTION),
    ],
)
def test_what_was_made_a_date_is_refused(text: str, kind: Kind) -> None:
    with pytest.raises(UnreadableValueError) as caught:
        as_typed(text, kind)
    assert caught.value.code == "made-a-date"


def test_a_text_that_was_made_a_date_is_refused_declared_or_not() -> None:
    for declared in (True, False):
        with pytest.raises(UnreadableValueError, match="MAR10"):
            refuse_in_text("Mar-10", declared=declared)
    refuse_in_text("MAR-10", declared=False)
    refuse_in_text("10-Mar", declared=False)


@pytest.mark.parametrize("number", ["7700900123", "20 7946 0018", "(20) 7946-0018"])
def test_a_telephone_number_without_its_zero_is_told(number: str) -> None:
    assert as_typed(number, Kind.TELEPHONE, GB) == (number, "lost-zero")


@pytest.mark.parametrize(
    ("number", "region"),
    [("07700900123", "GB"), ("1-202-555-0104", "GB"), ("+447700900123", "GB"), ("447700900123", "GB"), ("1234", "GB"),
     ("1800 123 456", "IE"), ("2025550104", "US"), ("7700900123", "")],
)  # fmt: skip
def test_a_number_that_may_be_whole_is_not(number: str, region: str) -> None:
    assert as_typed(number, Kind.TELEPHONE, (("region", region),)) == (number, "")


def test_a_long_number_that_ends_in_zeros_is_told() -> None:
    assert as_typed("370911202104140000", Kind.DIGITS) == ("370911202104140000", "lost-digits")
    assert as_typed("370911202104140038", Kind.DIGITS) == ("370911202104140038", "")


@pytest.mark.parametrize("text", ["2026-12-03 00:00:00", "2026-12-03T00:00", "2026-12-03 00:00:00.000"])
def test_a_day_has_no_midnight(text: str) -> None:
    assert as_typed(text, Kind.DATE) == ("2026-12-03", "time-tail")
    assert as_typed(text, Kind.TEXT) == ("2026-12-03", "time-tail")


def test_a_time_of_day_stays_and_so_does_a_zone() -> None:
    for text in ("2026-12-03 14:30:00", "2026-12-03T00:00:00Z"):
        assert as_typed(text, Kind.TEXT) == (text, "")


@pytest.mark.parametrize(
    ("text", "day", "time"),
    [
        ("2026-12-03T14:30:00+01:00", "2026-12-03", "14:30:00"),
        ("2026-12-03 14:30", "2026-12-03", "14:30"),
        ("2026-12-03T14:30:00.123", "2026-12-03", "14:30:00"),
        ("2026-12-03T14:30-0500", "2026-12-03", "14:30"),
        ("03.12.2026 9:05", "03.12.2026", "9:05"),
        ("3/12/2026, 2:30 PM", "3/12/2026", "2:30 PM"),
        ("2026/12/03 14:30", "2026/12/03", "14:30"),
        ("2026-12-03T24:00:00", "2026-12-03", "24:00:00"),
    ],
)
def test_of_a_moment_a_date_says_the_day_and_a_time_the_time(text: str, day: str, time: str) -> None:
    assert as_typed(text, Kind.DATE) == (day, "time-left-out")
    assert as_typed(text, Kind.TIME) == (time, "date-left-out")
    assert as_typed(text, Kind.TEXT) == (text, "")


@pytest.mark.parametrize(
    "text", ["2026-12-03T23:00:00Z", "2026-12-03T23:00:00+00:00", "2026-12-03 23:00 UTC", "2026-12-03T23:00z"]
)
@pytest.mark.parametrize("kind", [Kind.DATE, Kind.TIME])
def test_a_moment_by_the_clock_of_greenwich_is_refused(text: str, kind: Kind) -> None:
    with pytest.raises(UnreadableValueError) as caught:
        as_typed(text, kind)
    assert caught.value.code == "utc-time"


def test_a_day_without_its_time_is_no_time_and_is_a_day_by_any_clock() -> None:
    assert as_typed("2026-12-03T00:00:00Z", Kind.DATE) == ("2026-12-03", "time-left-out")
    assert as_typed("2026-12-03T00:00:00", Kind.DATE) == ("2026-12-03", "time-tail")
    with pytest.raises(UnreadableValueError, match="midnight, or how programs write a day"):
        as_typed("2026-12-03T00:00:00", Kind.TIME)
