"""The shipped example says what its gold file, written by hand, says."""

from __future__ import annotations

import pytest

from campaign.errors import RowError
from campaign.speech.front_end import Composition, FrontEnd
from tests import ROOT


def gold() -> list[tuple[str, str, str]]:
    lines = (ROOT / "examples" / "gold.tsv").read_text(encoding="utf-8").splitlines()
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


@pytest.mark.parametrize(("identity", "spoken"), [(row[0], row[2]) for row in gold() if row[1] == "ok"])
def test_every_good_row_is_spoken_as_its_gold_says(
    example_front_end: FrontEnd, example_rows: list[dict[str, str]], identity: str, spoken: str
) -> None:
    row = next(row for row in example_rows if row["id"] == identity)
    assert shown(example_front_end.compose(locale=row["locale"], fields=row)) == spoken


@pytest.mark.parametrize(
    ("identity", "code", "column"),
    [("en-101", "missing-value", "amount"), ("de-101", "unspeakable-character", "name")],
)
def test_bad_rows_fail_with_code_and_column(
    example_front_end: FrontEnd, example_rows: list[dict[str, str]], identity: str, code: str, column: str
) -> None:
    row = next(row for row in example_rows if row["id"] == identity)
    with pytest.raises(RowError) as caught:
        example_front_end.compose(locale=row["locale"], fields=row)
    assert (caught.value.code, caught.value.column) == (code, column)
    assert (identity, code) in {(one, outcome) for one, outcome, _ in gold()}


def test_gold_covers_every_row_and_every_kind_of_outcome(
    example_rows: list[dict[str, str]], suppressed_ids: set[str]
) -> None:
    outcomes = {identity: outcome for identity, outcome, _ in reversed(gold())}
    assert {row["id"] for row in example_rows} == set(outcomes)
    assert len(example_rows) >= 60
    assert {one for one, outcome, _ in gold() if outcome == "suppressed"} == suppressed_ids
    doubled = [row["id"] for row in example_rows]
    assert sorted({one for one in doubled if doubled.count(one) > 1}) == ["en-003"]


def test_the_first_words_say_who_calls_and_that_the_voice_is_synthetic(
    example_front_end: FrontEnd, example_rows: list[dict[str, str]]
) -> None:
    for locale, word in (("en", "synthetic"), ("de", "künstlichen"), ("es", "sintética"), ("fr", "synthèse")):
        row = next(row for row in example_rows if row["locale"].startswith(locale))
        first = example_front_end.compose(locale=row["locale"], fields=row).utterances[0].text
        assert "Lumen" in first
        assert word in first
