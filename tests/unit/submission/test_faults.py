"""A fault is told once with its rows, however many they are, and counted over the whole file."""

from __future__ import annotations

from campaign.errors import FieldError
from campaign.submission.draft import Tally
from campaign.submission.faults import MOST_FAULTS, RowFaults
from storage.installation import Installation
from tests import build


def error(code: str, column: str | None, value: str = "") -> FieldError:
    return FieldError(code, f"{value!r} is none", mend="correct it", column=column)


def told(faults: RowFaults) -> list[tuple[str, str | None, int, int, int, str]]:
    return [
        (one.error.code, one.error.column, one.rows, one.first_row, one.last_row, one.error.reason)
        for one in faults.told
    ]


def test_rows_of_one_code_in_one_column_are_one_fault_and_the_most_come_first() -> None:
    faults = RowFaults()
    for row, one in (
        (2, error("nul", "name", "a")),
        (3, error("not-a-date", "due", "b")),
        (5, error("not-a-date", "paid", "c")),
        (9, error("not-a-date", "due", "d")),
    ):
        faults.add(row, one)
    assert told(faults) == [
        ("not-a-date", "due", 2, 3, 9, "'b' is none"),
        ("nul", "name", 1, 2, 2, "'a' is none"),
        ("not-a-date", "paid", 1, 5, 5, "'c' is none"),
    ]


def test_a_file_of_faults_without_end_takes_no_more_memory() -> None:
    faults = RowFaults()
    for row in range(2 * MOST_FAULTS):
        faults.add(row, error("nul", str(row)))
    faults.add(2 * MOST_FAULTS, error("nul", "0"))
    assert (len(faults), faults.told[0].rows) == (MOST_FAULTS, 2)


def test_every_row_of_a_file_is_counted_beyond_those_that_are_kept(installed: Installation) -> None:
    people = [*build.people(2), *({"id": f"x{n}", "locale": "en", "name": ""} for n in range(30))]
    tally: Tally = build.submitted(installed, [*people, people[0], people[0]]).tally
    assert [one[:5] for one in told(tally.faults)] == [
        ("missing-value", "name", 30, 3, 32),
        ("duplicate", "id", 2, 33, 34),
    ]
    assert (len(tally.problems), tally.doubled) == (20, 2)
