"""The shipped example, and a longer one, say what their gold files, written by hand, say."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign.errors import RowError
from campaign.speech.front_end import Composition
from tests import ROOT
from tests.unit.speech.conftest import REMINDERS, Example, example_in


def gold(folder: Path) -> list[tuple[str, str, str]]:
    lines = (folder / "gold.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(row[0], row[1], row[2]) for row in rows]


def shown(composition: Composition) -> str:
    return " | ".join(
        " ".join(
            span.text if span.language == composition.language else f"[{span.language}: {span.text}]"
            for span in utterance.spans
        )
        for utterance in composition.utterances
    )


@pytest.mark.parametrize(
    ("folder", "identity", "spoken"),
    [
        pytest.param(folder, row[0], row[2], id=f"{folder.name}-{row[0]}")
        for folder in (ROOT / "examples", REMINDERS)
        for row in gold(folder)
        if row[1] == "ok"
    ],
)
def test_every_good_row_is_spoken_as_its_gold_says(folder: Path, identity: str, spoken: str) -> None:
    example = example_in(folder)
    row = next(row for row in example.rows if row["id"] == identity)
    assert shown(example.front_end.compose(locale=row["locale"], fields=row)) == spoken


@pytest.mark.parametrize(
    ("identity", "code", "column"),
    [("en-101", "missing-value", "amount"), ("de-101", "unspeakable-character", "name")],
)
def test_bad_rows_fail_with_code_and_column(example: Example, identity: str, code: str, column: str) -> None:
    row = next(row for row in example.rows if row["id"] == identity)
    with pytest.raises(RowError) as caught:
        example.front_end.compose(locale=row["locale"], fields=row)
    assert (caught.value.code, caught.value.column) == (code, column)
    assert (identity, code) in {(one, outcome) for one, outcome, _ in gold(example.folder)}


def test_gold_covers_every_row_and_every_kind_of_outcome(example: Example) -> None:
    written = gold(example.folder)
    outcomes = {identity: outcome for identity, outcome, _ in reversed(written)}
    assert {row["id"] for row in example.rows} == set(outcomes)
    assert len(example.rows) >= 60
    assert {one for one, outcome, _ in written if outcome == "suppressed"} == example.suppressed
    doubled = [row["id"] for row in example.rows]
    assert sorted({one for one in doubled if doubled.count(one) > 1}) == ["en-003"]


def test_the_first_words_say_who_calls_and_that_the_voice_is_synthetic(example: Example) -> None:
    for locale, word in (("en", "synthetic"), ("de", "künstlich"), ("es", "sintética"), ("fr", "synthèse")):
        row = next(row for row in example.rows if row["locale"].startswith(locale))
        first = example.front_end.compose(locale=row["locale"], fields=row).utterances[0].text
        assert "Lumen" in first
        assert word in first
