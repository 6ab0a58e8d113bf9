"""Recipients files: rows in, row problems in their place, file problems before anything is submitted."""

from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.errors import RecipientsError
from campaign.submission.recipients import (
    FIELD_LIMIT_CHARACTERS,
    RecipientRow,
    SeenIds,
    clean_id,
    open_recipients,
    read_suppressed,
)
from tests.examples import examples


def rows_of(path: Path, *, encoding: str = "utf-8-sig") -> list[RecipientRow]:
    with open_recipients(str(path), encoding=encoding) as source:
        return list(source.rows())


def write(path: Path, data: str | bytes) -> Path:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_rows_are_numbered_after_the_header(tmp_path: Path) -> None:
    rows = rows_of(write(tmp_path / "r.csv", "id,name\n1,Ann\n\n2,Bo\n"))
    assert [(row.number, dict(row.fields)) for row in rows] == [
        (1, {"id": "1", "name": "Ann"}),
        (2, {"id": "2", "name": "Bo"}),
    ]


def test_byte_order_mark_and_obscure_white_space_are_no_part_of_a_header(tmp_path: Path) -> None:
    rows = rows_of(write(tmp_path / "r.csv", "\ufeff id\u00a0,\u200bname\n1,Ann\n"))
    assert dict(rows[0].fields) == {"id": "1", "name": "Ann"}


@pytest.mark.parametrize("name", ["r.csv.gz", "r.jsonl.gz"])
def test_gzip_is_read(tmp_path: Path, name: str) -> None:
    text = "id\n1\n" if "csv" in name else '{"id": "1"}\n'
    rows = rows_of(write(tmp_path / name, gzip.compress(text.encode())))
    assert [dict(row.fields) for row in rows] == [{"id": "1"}]


def test_truncated_gzip_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "r.csv.gz", gzip.compress(b"id\n" + b"1\n" * 5000)[:-20])
    with pytest.raises(RecipientsError, match="not a whole gzip"):
        rows_of(path)


def test_json_lines_keep_numbers_as_written_and_leave_out_null(tmp_path: Path) -> None:
    rows = rows_of(write(tmp_path / "r.jsonl", '{"id": 7, "amount": 1234.50, "name": null}\n'))
    assert dict(rows[0].fields) == {"id": "7", "amount": "1234.5"}


@pytest.mark.parametrize(
    ("line", "code"), [("{nonsense", "not-json"), ("[1]", "not-an-object"), ('{"id": {"a": 1}}', "nested")]
)
def test_bad_json_line_is_a_problem_of_that_row(tmp_path: Path, line: str, code: str) -> None:
    rows = rows_of(write(tmp_path / "r.jsonl", f'{line}\n{{"id": "2"}}\n'))
    assert rows[0].problem is not None
    assert rows[0].problem.code == code
    assert rows[1].problem is None


def test_row_with_other_number_of_fields_is_a_problem_of_that_row(tmp_path: Path) -> None:
    rows = rows_of(write(tmp_path / "r.csv", "id,name\n1,Ann,extra\n2,Bo\n"))
    assert [row.problem.code if row.problem else None for row in rows] == ["wrong-columns", None]


def test_unmatched_quote_that_would_swallow_rows_stops_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "r.csv", 'id,name\n1,"Ann\n2,Bo\n3,Cy\n')
    with pytest.raises(RecipientsError, match="quotation mark"):
        rows_of(path)


def test_nul_is_a_problem_of_that_row(tmp_path: Path) -> None:
    path = write(tmp_path / "r.csv", "id,name\n1,A\x00nn\n2,Bo\n")
    try:
        rows = rows_of(path)
    except RecipientsError as exc:  # Python before 3.11.4 refuses the line itself
        assert "NUL" in str(exc)
    else:
        assert [row.problem.code if row.problem else None for row in rows] == ["nul", None]


def test_field_over_the_limit_is_a_problem_of_that_row(tmp_path: Path) -> None:
    rows = rows_of(write(tmp_path / "r.csv", f"id,name\n1,{'a' * (FIELD_LIMIT_CHARACTERS + 1)}\n"))
    assert rows[0].problem is not None
    assert (rows[0].problem.code, rows[0].problem.column) == ("field-too-long", "name")


def test_other_encoding_is_read_when_named_and_refused_with_the_mend_when_not(tmp_path: Path) -> None:
    path = write(tmp_path / "r.csv", "id,name\n1,Zoë\n".encode("cp1252"))
    assert dict(rows_of(path, encoding="cp1252")[0].fields)["name"] == "Zoë"
    with pytest.raises(RecipientsError, match="--encoding"):
        rows_of(path)


def test_unknown_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecipientsError, match="no encoding is called"):
        rows_of(write(tmp_path / "r.csv", "id\n1\n"), encoding="utf-99")


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "no header"),
        ("id,id\n1,2\n", "two columns called id"),
        ("id,,b\n1,2,3\n", "column 2 has no name"),
    ],
)
def test_bad_header_stops_the_file(tmp_path: Path, text: str, match: str) -> None:
    with pytest.raises(RecipientsError, match=match):
        rows_of(write(tmp_path / "r.csv", text))


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecipientsError, match="cannot be read"):
        rows_of(tmp_path / "none.csv")


def test_standard_input_can_be_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"id\n1\n")))
    with open_recipients("-") as source:
        assert [list(source.rows()), list(source.rows())][0][0].fields == {"id": "1"}
        assert len(list(source.rows())) == 1


def test_s3_source_is_fetched() -> None:
    with open_recipients("s3://bucket/people.csv", fetch=lambda url: b"id\n" + url.encode()) as source:
        assert next(source.rows()).fields == {"id": "s3://bucket/people.csv"}
        assert source.label == "people.csv"


def test_suppression_list_is_a_column_or_one_id_a_line(tmp_path: Path) -> None:
    assert read_suppressed(write(tmp_path / "a.csv", "id,why\n7,asked\n 8 ,moved\n"), "id") == {"7", "8"}
    assert read_suppressed(write(tmp_path / "b.txt", "7\n8\n"), "id") == {"7", "8"}
    with pytest.raises(RecipientsError, match="no column 'id'"):
        read_suppressed(write(tmp_path / "c.csv", "a,b\n1,2\n"), "id")


def test_seen_ids_answer_the_first_row() -> None:
    seen = SeenIds()
    assert [seen.first_row(one, row) for row, one in enumerate(["a", "b", "a", "\ud800"], 1)] == [1, 2, 1, 4]
    seen.close()


def test_ids_are_cleaned_of_what_spreadsheets_leave() -> None:
    assert clean_id("\ufeff 0042\u00a0 ") == "0042"


@examples(150)
@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_a_clear_error(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = write(tmp_path_factory.mktemp("fuzz") / "r.csv", data)
    try:
        for row in rows_of(path):
            assert row.number >= 1
    except RecipientsError as exc:
        assert str(exc).endswith(".")
