"""When a row may be sent: read with its zone, kept, handed over; quiet hours and the past are told, no error."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from campaign.errors import RowError
from campaign.submission.compose import RawRow, Window
from campaign.submission.windows import DAYS, quiet_hours, with_windows
from campaign.territories import checked_territory
from storage.history import delivery
from storage.installation import Installation
from storage.names import CampaignId
from tests import build

NOW = datetime(2026, 12, 1, tzinfo=UTC)
BERLIN = "Europe/Berlin"


def read(fields: dict[str, str], **asked: Any) -> RawRow:
    row = RawRow(number=1, external_id="1", locale="en", fields=fields)
    (done,) = with_windows([row], build.brief(**asked), NOW)
    return done


def problem_of(fields: dict[str, str], **asked: Any) -> RowError:
    problem = read(fields, **asked).problem
    assert problem is not None
    return problem


def test_a_window_is_in_the_rows_zone_before_that_of_the_brief() -> None:
    fields = {"not_before": "2026-12-03 18:00", "not_after": "2026-12-03", "timezone": "Asia/Tokyo"}
    assert read(fields, timezone=BERLIN).window == Window(
        not_before="2026-12-03T18:00:00+09:00", not_after="2026-12-03T23:59:59+09:00", timezone="Asia/Tokyo"
    )
    assert read({"not_before": "2026-12-03 18:00"}, timezone=BERLIN).window == Window(
        not_before="2026-12-03T18:00:00+01:00"
    )


def test_a_row_without_one_or_with_nothing_in_it_has_none() -> None:
    assert read({"not_before": " ", "timezone": "N/A"}).window == read({}).window == Window()


@pytest.mark.parametrize(
    ("fields", "code", "column"),
    [
        ({"not_before": "2026-12-03 18:00"}, "not-a-moment", "not_before"),
        ({"not_after": "tomorrow", "timezone": BERLIN}, "not-a-moment", "not_after"),
        ({"timezone": "Berlin"}, "not-a-timezone", "timezone"),
        ({"not_before": "2026-12-03T18:00Z", "not_after": "2026-12-03T18:00Z"}, "empty-window", "not_before"),
    ],
)
def test_a_window_that_cannot_be_meant_is_its_rows_problem(
    fields: dict[str, str], code: str, column: str
) -> None:
    problem = problem_of(fields)
    assert (problem.code, problem.column) == (code, column)


def test_a_row_that_gets_nothing_is_not_asked() -> None:
    row = RawRow(
        number=1, external_id="1", locale="en", fields={"timezone": "Berlin"}, suppressed="opted-out"
    )
    assert next(with_windows([row], build.brief(), NOW)).problem is None


def test_a_window_that_is_past_is_a_warning() -> None:
    assert [one.split()[0] for one in read({"not_after": "2026-11-30T18:00Z"}).noticed] == ["window-past"]
    assert read({"not_after": "2026-12-02T18:00Z"}).noticed == ()


@pytest.mark.parametrize(
    ("first", "last", "territory", "is_quiet"),
    [
        ("2026-12-03T20:00", "2026-12-03T22:00", "DE", True),
        ("2026-12-03T19:59", "2026-12-03T22:00", "DE", False),
        ("2026-12-03T13:00", "2026-12-03T14:00", "FR", True),
        ("2026-12-03T13:00", "2026-12-03T14:30", "FR", False),
        ("2026-12-05T12:00", "2026-12-06T12:00", "FR", True),
        ("2026-12-03T09:00", "2026-12-03T10:00", "IN", True),
        ("2026-12-03T09:00", "2026-12-03T10:01", "IN", False),
        ("2026-12-05T12:00", "2026-12-13T12:00", "ES", False),
        ("2026-12-03T02:00", "2026-12-03T03:00", "GB", False),
        ("2026-12-03T09:00", "9999-12-31", "US", False),
        ("9999-12-31T09:00", "9999-12-31", "US", False),
        ("2026-12-03T22:00", "2026-12-04T07:00", "US", True),
        ("2026-12-03T22:00", "2026-12-05T07:00", "US", False),
        ("2026-12-03T20:00", "2026-12-03T22:00", "AQ", False),
    ],
)
def test_a_window_that_lies_in_quiet_hours_is_told(
    first: str, last: str, territory: str, is_quiet: bool
) -> None:
    fields = {"not_before": first, "not_after": last}
    row = read(fields, timezone=BERLIN, territories=(territory,))
    assert [one.split()[0] for one in row.noticed] == ["quiet-hours"] * is_quiet
    assert row.problem is None


def test_a_window_without_an_end_in_sight_is_taken_in_a_zone_where_it_is_the_year_ten_thousand() -> None:
    fields = {
        "not_before": "2027-01-04T10:00Z",
        "not_after": "9999-12-31T23:59-05:00",
        "timezone": "Asia/Tokyo",
    }
    row = read(fields, territories=("US",))
    assert (row.problem, row.noticed) == (None, ())


def test_quiet_hours_are_those_of_where_the_recipient_is() -> None:
    fields = {"not_before": "2026-12-03T18:00Z", "not_after": "2026-12-03T20:00Z"}
    assert read(fields, territories=("US",)).noticed == ()
    assert read(fields | {"timezone": "Asia/Tokyo"}, territories=("US",)).noticed != ()


def test_the_table_of_quiet_hours_has_sources_and_territories_that_there_are() -> None:
    for territory, hours in quiet_hours().items():
        assert checked_territory(territory) == territory
        assert hours.source
        assert len(hours.by_day) == len(DAYS)
        assert all(first < last for day in hours.by_day for first, last in day)


def test_a_window_is_kept_with_the_row_and_handed_over(installed: Installation) -> None:
    rows = [one | {"not_before": "2026-12-03T18:00Z"} for one in build.people(1)]
    build.submitted(
        installed, [*rows, build.people(2)[1] | {"not_before": ""}], campaign_id=CampaignId("mine")
    )
    build.worked(installed, "mine")
    with installed.database.read() as connection:
        found = [row.not_before for row in delivery.rows(connection, CampaignId("mine"))]
    assert found == ["2026-12-03T18:00:00+00:00", None]
    with_one, without = build.manifest(installed.store, "mine")
    assert with_one["not_before"] == "2026-12-03T18:00:00+00:00"
    assert "not_before" not in without and "timezone" not in with_one
    lines = (installed.settings.home / "results/mine/recipients-result.csv").read_text().splitlines()
    assert lines[1].endswith(",2026-12-03T18:00:00+00:00,,")
