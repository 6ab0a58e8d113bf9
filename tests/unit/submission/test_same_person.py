"""Two ids with one name and one telephone number are told, wherever the columns are and however they are written."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing

import pytest

from campaign.speech.columns import ColumnSpec
from campaign.speech.typed import Kind
from campaign.submission.compose import RawRow
from campaign.submission.same_person import SeenPeople, with_same_person
from storage.installation import Installation
from tests import build


def noticed(*rows: Mapping[str, str], columns: Mapping[str, ColumnSpec] | None = None) -> list[int]:
    """The rows that are told; each row's own columns, and its id as `id`."""
    raw = [
        RawRow(number=number, external_id=row.get("id", ""), locale="en", fields={}, own=row)
        for number, row in enumerate(rows, start=1)
    ]
    with closing(SeenPeople(columns or {})) as seen:
        return [row.number for row in with_same_person(raw, seen) if row.noticed]


ANN = {"id": "1", "First Name": "Ann", "Surname": "Lee", "Mobile Number": "+44 7700 900123"}


def test_the_same_name_and_number_under_another_id_is_told() -> None:
    again = ANN | {"id": "2", "First Name": " ann ", "Mobile Number": "0044-7700-900 123"}
    assert noticed(ANN, again) == [2]


@pytest.mark.parametrize(
    "other",
    [
        {"id": "1"},
        {"id": "2", "Surname": "Loe"},
        {"id": "2", "Mobile Number": "+44 7700 900124"},
        {"id": "2", "Mobile Number": "n/a"},
        {"id": "2", "First Name": "", "Surname": ""},
    ],
)
def test_what_differs_or_is_missing_is_nobody_else(other: Mapping[str, str]) -> None:
    assert noticed(ANN, {**ANN, **other}) == []
    assert noticed({**ANN, **other}, {**ANN, **other, "id": "3"}) == (
        [] if "n/a" in other.values() or "" in other.values() else [2]
    )


def test_columns_are_those_that_are_declared_so() -> None:
    columns = {"who": ColumnSpec(kind=Kind.NAME), "line": ColumnSpec(kind=Kind.TELEPHONE)}
    row = {"id": "1", "who": "Ann", "line": "0170 1234567", "name": "x"}
    assert noticed(row, row | {"id": "2"}, columns=columns) == [2]
    assert noticed(row, row | {"id": "2"}) == []


def test_it_is_counted_and_kept_with_the_row(installed: Installation) -> None:
    rows = [ANN, ANN | {"id": "2"}]
    asked = build.brief("Hello {{ name }}.", columns={}, templates=build.brief("Hello friend.").templates)
    tally = build.submitted(installed, rows, asked).tally
    assert tally.by_warning == {"same-person": 1}
