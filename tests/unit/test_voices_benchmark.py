"""The pages show what `benchmarks.voices` measured, and no number of its own."""

from __future__ import annotations

import json

import pytest

from benchmarks.voices.tables import SAID, between_markers, flaws_table, voices_table
from benchmarks.voices.words import LANGUAGES, texts
from tests import ROOT

RESULTS = ROOT / "benchmarks" / "results"


@pytest.mark.parametrize(
    ("page", "name", "kept", "table"),
    [
        ("engines.md", "voices", "voices_2_cores.json", voices_table),
        ("presets.md", "flaws", "imperfections_2_cores.json", flaws_table),
    ],
)
def test_a_page_holds_the_table_of_what_was_measured(page: str, name: str, kept: str, table: object) -> None:
    assert callable(table)
    shown = (ROOT / "docs" / page).read_text(encoding="utf-8")
    results = json.loads((RESULTS / kept).read_text(encoding="utf-8"))
    assert between_markers(shown, name, table(results)) == shown


def test_what_is_not_here_is_marked_so() -> None:
    table = voices_table({"engines": {}, "rows": 1, "recogniser": "none"})
    rows = [line for line in table.splitlines() if line.startswith("| ")][2:]
    assert all(any(mark in row for mark in ("not here", "weights needed", "server needed")) for row in rows)
    assert len(rows) > len(SAID)


def test_every_engine_says_the_same_words_of_the_gate_s_sets() -> None:
    for language in LANGUAGES:
        said = list(texts(language, 1))
        assert said == list(texts(language, 1))
        assert len({key for key, _spec in said}) == len(said) > 1
        assert {span.language for _key, spec in said for span in spec.spans} == {language}
