"""Rows to look at: those in which most can go wrong, every language, and no two that say the same."""

from __future__ import annotations

from collections import Counter
from typing import Any

from campaign.speech.columns import ColumnSpec
from campaign.speech.typed import Kind
from campaign.submission.compose import PlannedRow, RawRow
from campaign.submission.risk import KEPT_TIMES, WEIGHTS, Candidate, Riskiest, candidate_of, chosen

COLUMNS = {"who": ColumnSpec(kind=Kind.NAME), "name": ColumnSpec(kind=Kind.TEXT)}


def planned(number: int, language: str = "en", **values: Any) -> PlannedRow:
    fields = values.pop("fields", {"who": "Ann"})
    raw = RawRow(number=number, external_id=str(number), locale=language, fields=fields)
    return PlannedRow(raw=raw, language=language, **({"script": f"Hello {number}."} | values))


def candidates(*rows: PlannedRow) -> list[Candidate]:
    return [one for row in rows if (one := candidate_of(row, COLUMNS)) is not None]


def picked(count: int, *rows: PlannedRow) -> list[int]:
    rows_of = Counter(row.language for row in rows)
    return [one.row for one in chosen(candidates(*rows), count, rows_of=rows_of)]


def test_what_can_go_wrong_is_chosen_before_what_cannot() -> None:
    rows = [planned(number) for number in range(1, 8)]
    rows[2] = planned(3, warnings=("number read digit by digit",))
    rows[4] = planned(5, fallbacks=("who",))
    rows[5] = planned(6, kinds={"money": 3})
    rows[6] = planned(7, fields={"who": "Zoë"})
    assert picked(4, *rows) == [3, 5, 6, 7]


def test_every_language_comes_once_however_few_are_asked_for() -> None:
    rows = [planned(number, warnings=("w",)) for number in range(1, 30)]
    assert picked(1, *rows, planned(30, "de"), planned(31, "fr")) == [1, 30, 31]


def test_a_second_row_of_the_same_risk_counts_less_than_a_first_of_another() -> None:
    warned = [planned(number, warnings=("w",)) for number in (1, 2)]
    assert picked(2, *warned, planned(3, fallbacks=("who",))) == [1, 3]


def test_the_others_are_spread_over_the_languages() -> None:
    rows = [planned(number, "en" if number < 4 else "de") for number in range(1, 7)]
    assert picked(4, *rows) == [1, 2, 4, 5]


def test_rows_that_say_the_same_are_chosen_once() -> None:
    assert picked(3, *(planned(number, script="Hello.") for number in (1, 2, 3))) == [1]


def test_a_column_that_is_called_a_name_is_one_unless_it_is_declared_otherwise() -> None:
    one, two = candidates(
        planned(1, fields={"first name": "Zoë"}), planned(2, fields={"name": "Zoë", "city": "Köln"})
    )
    assert (one.risks["names"], two.risks["names"]) == (1, 0)


def test_none_is_shown_where_none_is_asked_for_and_bad_rows_never_are() -> None:
    assert picked(0, planned(1)) == []
    suppressed = RawRow(number=1, external_id="1", locale="en", fields={}, suppressed="duplicate")
    assert candidates(PlannedRow(raw=suppressed)) == []


def test_a_long_file_gives_the_same_choice_and_holds_a_few_rows() -> None:
    count = 2
    rows = [planned(number, kinds={"money": number % 97}) for number in range(1, 1_000)]
    rows[500] = planned(501, warnings=("w",), kinds={"money": 1})
    riskiest = Riskiest(COLUMNS, count)
    for row in rows:
        riskiest.add(row)
    assert max(map(len, riskiest._held.values())) <= KEPT_TIMES * len(WEIGHTS) * count
    assert [row.row for row in riskiest.rows()] == picked(count, *rows) == [96, 501]
    assert "1 warning" in riskiest.rows()[1].why
