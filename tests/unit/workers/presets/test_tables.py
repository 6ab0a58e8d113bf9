"""A preset's table is whole and accepted by its engine before it is frozen."""

from __future__ import annotations

from pathlib import Path

import pytest

from workers.errors import RecordingError
from workers.presets.tables import F5_DEFAULTS, complete_table, read_table


def test_no_file_is_an_empty_table_and_a_bad_one_names_the_option(tmp_path: Path) -> None:
    assert read_table(None) == {}
    table = tmp_path / "table.toml"
    table.write_text("nfe = 16\n")
    assert read_table(table) == {"nfe": 16}
    table.write_text("nfe = \n")
    with pytest.raises(RecordingError):
        read_table(table)
    with pytest.raises(RecordingError, match="--engine-table"):
        read_table(tmp_path / "none.toml")


def test_f5_table_stands_for_itself_and_what_was_given_wins() -> None:
    table = complete_table("f5", {"nfe": 7}, language="de")
    assert table == {**F5_DEFAULTS, "reference_language": "de", "nfe": 7}


def test_other_engines_tables_are_kept_as_given() -> None:
    assert complete_table("tone", {"pitch_hz": 300}, language="en") == {"pitch_hz": 300}


@pytest.mark.parametrize(
    ("engine", "table"), [("f5", {"nfe": 0}), ("tone", {"pitch_hz": 1}), ("tone", {"speed": 2})]
)
def test_what_the_engine_would_refuse_is_refused_with_the_mend(engine: str, table: dict[str, int]) -> None:
    with pytest.raises(RecordingError, match="Correct the file given with --engine-table"):
        complete_table(engine, dict(table), language="en")
