"""Numbers, dates and times as they are written."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from campaign.speech.typed import UnreadableValueError
from campaign.speech.verbalise.written import parse_date, parse_number, parse_time


@pytest.mark.parametrize(
    ("written", "language", "region", "value"),
    [
        ("1234.50", "de", "", "1234.50"),
        ("1.234,50", "de", "", "1234.50"),
        ("1.234", "de", "", "1234"),
        ("1,234", "en", "", "1234"),
        ("1.234", "en", "", "1.234"),
        ("1,234", "de", "", "1.234"),
        ("0.125", "de", "", "0.125"),
        ("1,234.50", "de", "", "1234.50"),
        ("1.234.567", "es", "", "1234567"),
        ("1 234,5", "fr", "", "1234.5"),
        ("1\u202f234\u00a0567", "fr", "", "1234567"),
        ("1'050.05", "de", "CH", "1050.05"),
        ("1,234.5", "es", "MX", "1234.5"),
        ("-12", "it", "", "-12"),
        ("−12", "it", "", "-12"),
        ("٣", "en", "", "3"),
        ("12,5", "en", "", "12.5"),
    ],
)
def test_a_number_is_read_by_its_locale_or_as_a_machine_writes_it(
    written: str, language: str, region: str, value: str
) -> None:
    assert parse_number(written, language, region) == Decimal(value)


@pytest.mark.parametrize(
    "written", ["", "abc", "1.2.3,4", "1,23,4", "12 34", "1..5", "--5", "1,234,5", "5-", "1e5", "²"]
)
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(UnreadableValueError, match="not a number"):
        parse_number(written, "en", "")


@pytest.mark.parametrize(
    ("written", "order", "language", "day"),
    [
        ("2026-12-03", "", "en", "2026-12-03"),
        ("2026-12-03T10:00:00Z", "iso", "en", "2026-12-03"),
        ("03.12.2026", "", "en", "2026-12-03"),
        ("3. 12. 2026", "", "de", "2026-12-03"),
        ("03/12/2026", "dmy", "en", "2026-12-03"),
        ("12/03/2026", "mdy", "en", "2026-12-03"),
        ("2026/12/03", "ymd", "en", "2026-12-03"),
        ("31/12/2026", "", "fr", "2026-12-31"),
        ("12/31/2026", "", "fr", "2026-12-31"),
        ("05/05/2026", "", "en", "2026-05-05"),
        ("3.12.26", "", "de", "2026-12-03"),
        ("3 December 2026", "", "en", "2026-12-03"),
        ("Dec 3, 2026", "", "en", "2026-12-03"),
        ("3 de diciembre de 2026", "", "es", "2026-12-03"),
        ("2026年12月3日", "", "zh", "2026-12-03"),
        ("29.02.2028", "", "de", "2028-02-29"),
    ],
)
def test_a_date_is_read_in_its_declared_order(written: str, order: str, language: str, day: str) -> None:
    assert parse_date(written, order, language) == datetime.date.fromisoformat(day)


@pytest.mark.parametrize(
    ("written", "order", "code"),
    [
        ("03/04/2026", "", "ambiguous-date"),
        ("3-4-2026", "", "ambiguous-date"),
        ("30.02.2026", "", "no-such-date"),
        ("13/13/2026", "dmy", "no-such-date"),
        ("2026-13-01", "", "no-such-date"),
        ("03/12/2026", "iso", "not-a-date"),
        ("03/12/2026", "ymd", "not-a-date"),
        ("tomorrow", "", "not-a-date"),
        ("", "", "not-a-date"),
    ],
)
def test_what_is_no_date_or_two_dates_is_refused(written: str, order: str, code: str) -> None:
    with pytest.raises(UnreadableValueError) as caught:
        parse_date(written, order)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("14:30", (14, 30, 0)),
        ("14.30 Uhr", (14, 30, 0)),
        ("15h45", (15, 45, 0)),
        ("8h", (8, 0, 0)),
        ("9 Uhr", (9, 0, 0)),
        ("2:30 pm", (14, 30, 0)),
        ("12 a.m.", (0, 0, 0)),
        ("12:15 PM", (12, 15, 0)),
        ("24:00", (24, 0, 0)),
        ("09:05:30", (9, 5, 30)),
        ("18:00 horas", (18, 0, 0)),
    ],
)
def test_a_time_of_day_is_read_as_written(written: str, time: tuple[int, int, int]) -> None:
    assert parse_time(written) == time


@pytest.mark.parametrize("written", ["", "14", "25:00", "24:01", "24:00:01", "14:60", "13 pm", "noon", "1:2"])
def test_what_is_no_time_of_day_is_refused(written: str) -> None:
    with pytest.raises(UnreadableValueError, match="not a time"):
        parse_time(written)
