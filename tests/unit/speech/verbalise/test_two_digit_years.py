"""The century of two digits of a year: fixed rules, a fixed day of reference, and an error where two are plausible."""

from __future__ import annotations

import datetime

import pytest

from campaign.errors import BriefError, FieldError, TemplateError
from campaign.speech.columns import ColumnSpec, check_declared, parse_column_type
from campaign.speech.conventions import Conventions
from campaign.speech.front_end import FrontEnd, FrontEndConfig, TemplateSource
from campaign.speech.typed import Kind, UnreadableValueError
from campaign.speech.verbalise.written import parse_date

DAY = "2026-03-01"


@pytest.mark.parametrize(
    ("written", "order", "direction", "reference", "day"),
    [
        ("23.10.00", "", "", "", "2000-10-23"),
        ("23.10.39", "dmy", "", "", "2039-10-23"),
        ("23.10.64", "dmy", "past", DAY, "1964-10-23"),
        ("10/23/64", "mdy", "past", DAY, "1964-10-23"),
        ("01.03.26", "dmy", "past", DAY, "2026-03-01"),
        ("01.03.25", "dmy", "past", DAY, "2025-03-01"),
        ("02.03.27", "dmy", "past", DAY, "1927-03-02"),
        ("01.01.28", "dmy", "past", DAY, "1928-01-01"),
        ("29.02.00", "dmy", "past", DAY, "2000-02-29"),
        ("3-Dec-64", "", "past", DAY, "1964-12-03"),
        ("3 Dec 64", "", "past", DAY, "1964-12-03"),
        ("03-Dec-26", "", "", "", "2026-12-03"),
        ("01.01.26", "dmy", "future", DAY, "2026-01-01"),
        ("01.01.30", "dmy", "future", DAY, "2030-01-01"),
        ("31.12.99", "dmy", "future", DAY, "2099-12-31"),
        ("01.01.00", "dmy", "future", "2096-01-01", "2100-01-01"),
        ("23.10.64", "dmy", "past", "", "1964-10-23"),
        ("23.10.24", "dmy", "past", "", "2024-10-23"),
        ("23.10.40", "dmy", "future", "", "2040-10-23"),
        ("23.10.1964", "dmy", "future", DAY, "1964-10-23"),
    ],
)
def test_a_year_of_two_digits_has_the_century_that_its_direction_says(
    written: str, order: str, direction: str, reference: str, day: str
) -> None:
    assert parse_date(written, order, "en", direction, reference) == datetime.date.fromisoformat(day)


@pytest.mark.parametrize(
    ("written", "direction", "reference", "both"),
    [
        ("23.10.40", "", "", ("1940-10-23", "2040-10-23")),
        ("23.10.99", "", "", ("1999-10-23", "2099-10-23")),
        ("3-Dec-64", "", "", ("1964-12-03", "2064-12-03")),
        ("02.03.26", "past", DAY, ("1926-03-02", "2026-03-02")),
        ("01.03.27", "past", DAY, ("1927-03-01", "2027-03-01")),
        ("31.12.25", "future", DAY, ("2025-12-31", "2125-12-31")),
        ("31.12.01", "future", DAY, ("2001-12-31", "2101-12-31")),
        ("23.10.25", "past", "", ("1925-10-23", "2025-10-23")),
        ("23.10.39", "past", "", ("1939-10-23", "2039-10-23")),
        ("23.10.38", "future", "", ("2038-10-23", "2138-10-23")),
    ],
)
def test_a_year_of_two_centuries_names_both(
    written: str, direction: str, reference: str, both: tuple[str, str]
) -> None:
    with pytest.raises(UnreadableValueError) as caught:
        parse_date(written, "dmy", "en", direction, reference)
    assert caught.value.code == "ambiguous-date"
    assert all(day in caught.value.reason for day in both)
    assert ("past" in caught.value.mend) == (not direction)


def test_an_order_with_two_readings_is_told_before_the_century() -> None:
    with pytest.raises(UnreadableValueError, match=r"64-04-03 \(day first\) or 64-03-04 \(month first\)"):
        parse_date("03/04/64")


def test_a_day_that_no_century_has_is_told_as_that() -> None:
    with pytest.raises(UnreadableValueError) as caught:
        parse_date("31.02.64", "dmy")
    assert caught.value.code == "no-such-date"


def said(text: str, written: str, declared: object = "text", reference: str = DAY) -> str:
    config = FrontEndConfig(
        templates={"en": TemplateSource(name="t", text=text)},
        columns={"day": parse_column_type(declared)},
        conventions=Conventions(reference_date=reference),
    )
    return FrontEnd(config).compose(locale="en", fields={"day": written}).spoken_text


def test_a_filter_says_the_direction_as_a_column_does() -> None:
    past = "October twenty-third, nineteen sixty-four"
    assert said('{{ day | date("dmy", direction="past") }}', "23.10.64") == past
    assert said("{{ day }}", "23.10.64", "date dmy past") == past
    assert said("{{ day | date(weekday=true) }}", "23.10.64", "date dmy past") == f"Friday, {past}"
    assert said("{{ day }}", "23.10.64", "date dmy past", reference="") == past
    with pytest.raises(TemplateError, match="no direction 'back'; use past or future"):
        said('{{ day | date("dmy", direction="back") }}', "23.10.64")


def test_a_year_that_nobody_hears_needs_no_century() -> None:
    assert said("{{ day | date(year=false) }}", "23.10.64", "date dmy") == "October twenty-third"
    with pytest.raises(FieldError):
        said("{{ day | date(year=false, weekday=true) }}", "23.10.64", "date dmy")


def test_a_type_says_order_and_direction_in_any_order() -> None:
    spec = ColumnSpec(kind=Kind.DATE, options=(("direction", "past"), ("order", "dmy")))
    for declared in ("date dmy past", "date past dmy", {"type": "date dmy", "direction": "past"}):
        assert parse_column_type(declared) == spec
    assert parse_column_type("date future").options == (("direction", "future"),)


@pytest.mark.parametrize(
    ("declared", "complaint"),
    [
        ("date dmy past future", "takes no 'future'"),
        ("date dmy mdy", "takes no 'mdy'"),
        ("time past", "takes no 'past'"),
    ],
)
def test_a_type_that_says_too_much_is_refused(declared: str, complaint: str) -> None:
    with pytest.raises(BriefError, match=complaint):
        parse_column_type(declared)


def test_a_table_that_contradicts_its_type_is_refused() -> None:
    from campaign.speech.columns import ColumnTable

    with pytest.raises(BriefError, match="its type says past and its direction future"):
        check_declared(ColumnTable(type="date dmy past", direction="future"))
    with pytest.raises(BriefError, match="cardinal takes no direction"):
        check_declared(ColumnTable(type="cardinal", direction="future"))
