"""Times as people write them: one reading each, or an error that names both."""

from __future__ import annotations

import pytest

from campaign.times import checked_zone, milliseconds, moment, of_milliseconds

BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("written", "zone", "said"),
    [
        ("2026-12-03T18:00+01:00", "", "2026-12-03T18:00:00+01:00"),
        ("2026-12-03 18:00:30 Z", "", "2026-12-03T18:00:30+00:00"),
        ("2026-12-03 18:00", BERLIN, "2026-12-03T18:00:00+01:00"),
        ("2026-07-03T18:00", BERLIN, "2026-07-03T18:00:00+02:00"),
        ("2026-12-03", BERLIN, "2026-12-03T00:00:00+01:00"),
        ("2026-12-03T18:00+0100", BERLIN, "2026-12-03T18:00:00+01:00"),
    ],
)
def test_a_moment_is_read_with_its_offset(written: str, zone: str, said: str) -> None:
    assert moment(written, zone).isoformat() == said


def test_a_day_as_an_end_is_its_last_second() -> None:
    assert moment("2026-12-03", BERLIN, is_end=True).isoformat() == "2026-12-03T23:59:59+01:00"


@pytest.mark.parametrize(
    ("written", "zone", "said"),
    [
        (
            "2026-10-25 02:30",
            BERLIN,
            r"comes twice in Europe/Berlin, 2026-10-25T02:30:00\+02:00 and .*\+01:00",
        ),
        ("2026-03-29 02:30", BERLIN, "the clocks of Europe/Berlin leave '2026-03-29 02:30' out"),
        ("2026-12-03 18:00", "", r"is 2026-12-03T18:00:00\+00:00 in Reykjavik and .* in Tokyo"),
        ("2026-02-30 18:00", BERLIN, "no time that there is"),
        ("3/12/2026", BERLIN, "no time of ISO 8601"),
        ("18:00", BERLIN, "no time of ISO 8601"),
        ("2026-12-03-05:00", BERLIN, "no time of ISO 8601"),
        ("2026-12-03+01", BERLIN, "no time of ISO 8601"),
        ("0026-12-03", BERLIN, "is before 1970"),
        ("", BERLIN, "no time of ISO 8601"),
    ],
)
def test_what_has_two_readings_or_none_is_an_error(written: str, zone: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        moment(written, zone)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("europe/berlin", BERLIN),
        ("Berlin", BERLIN),
        ("America/New York", "America/New_York"),
        ("Mars", "such as"),
        ("localtime", "such as"),
        ("Berlin" * 100_000, "such as"),
    ],
)
def test_a_zone_is_named_as_iana_does(written: str, meant: str) -> None:
    assert checked_zone(BERLIN) == BERLIN
    with pytest.raises(ValueError, match=meant):
        checked_zone(written)


def test_the_databases_milliseconds_come_back() -> None:
    one = moment("2026-12-03T18:00:30+01:00")
    assert moment(of_milliseconds(milliseconds(one))) == one
