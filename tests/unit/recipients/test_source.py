"""Recipients files: rows in, row problems in their place, file problems before anything is submitted."""

from __future__ import annotations

import gzip
import hashlib
import io
import itertools
import sys
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.errors import RecipientsError
from campaign.recipients import RecipientRow, clean_id, open_recipients
from campaign.recipients.rows import COLUMNS_LIMIT, FIELD_LIMIT_CHARACTERS, ROW_LIMIT_CHARACTERS
from campaign.submission.scratch import SeenIds
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
    ("line", "code"),
    [
        ("{nonsense", "not-json"),
        ("[1]", "not-an-object"),
        ("7", "not-an-object"),
        ('{"id": {"a": 1}}', "nested"),
        ('{"id": [1]}', "nested"),
        (f'{{"id": {"[" * 100_000}', "nested"),
    ],
)
def test_bad_json_line_is_a_problem_of_that_row(tmp_path: Path, line: str, code: str) -> None:
    rows = rows_of(write(tmp_path / "r.jsonl", f'\n{line}\n  \n{{"id": "2"}}\n'))
    assert rows[0].problem is not None
    assert rows[0].problem.code == code
    assert rows[1].problem is None
    assert [(row.number, row.fields.get("id")) for row in rows][1] == (2, "2")
    assert rows[0].number == 1


def test_what_stands_before_a_nested_value_and_the_column_are_told(tmp_path: Path) -> None:
    (row,) = rows_of(write(tmp_path / "r.jsonl", '{"id": "7", "more": {"a": 1}}\n'))
    assert row.problem is not None
    assert (dict(row.fields), row.problem.column) == ({"id": "7"}, "more")


def test_a_json_number_is_as_long_as_it_is_written_and_true_is_a_word(tmp_path: Path) -> None:
    (row,) = rows_of(write(tmp_path / "r.ndjson", f'{{"id": {"1" * 5_000}, "paid": true}}\n'))
    assert (dict(row.fields), row.problem) == ({"id": "1" * 5_000, "paid": "true"}, None)


def test_empty_json_lines_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RecipientsError, match=r"r\.jsonl is empty"):
        rows_of(write(tmp_path / "r.jsonl", "\n \n"))


@pytest.mark.parametrize("name", ["r.JSONL", "r.ndjson.gz", "r.Ndjson", "r.txt", "r.csv"])
def test_a_name_s_ending_says_how_a_file_is_read(tmp_path: Path, name: str) -> None:
    text = b'{"id": "1"}\n' if "json" in name.lower() else b"id\n1\n"
    rows = rows_of(write(tmp_path / name, gzip.compress(text) if name.endswith(".gz") else text))
    assert [(row.number, dict(row.fields)) for row in rows] == [(1, {"id": "1"})]


def test_a_watcher_hears_every_hundred_rows_how_much_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "r.csv", "id\n" + "".join(f"{number:0>300}\n" for number in range(250)))
    heard: list[float] = []
    with open_recipients(str(path)) as source:
        seen = [(row.number, len(heard)) for row in source.rows(watch=heard.append)]
    assert [min(number for number, count in seen if count == times) for times in (0, 1, 2)] == [1, 100, 200]
    assert len(heard) == 2 and 0 < heard[0] < heard[1] <= 1


def test_a_source_is_known_by_its_name_and_the_digest_of_its_bytes(tmp_path: Path) -> None:
    data = "id,name\n1,Zoë\n".encode("cp1252")
    path = write(tmp_path / "r.csv", data)
    with open_recipients(str(path), encoding="cp1252") as source:
        assert (source.label, source.encoding) == ("r.csv", "cp1252")
        assert source.sha256 == hashlib.sha256(data).hexdigest()


def test_a_bucket_without_a_store_is_refused() -> None:
    with (
        pytest.raises(RecipientsError, match="no store is set up to read it"),
        open_recipients("s3://bucket/people.csv"),
    ):
        pass


def test_more_columns_than_a_list_has_are_refused(tmp_path: Path) -> None:
    names = [f"c{number}" for number in range(COLUMNS_LIMIT)]
    assert (
        len(rows_of(write(tmp_path / "r.csv", ",".join(names) + "\n" + "1" + "," * (COLUMNS_LIMIT - 1)))) == 1
    )
    with pytest.raises(RecipientsError, match="16,385 columns"):
        rows_of(write(tmp_path / "r.csv", ",".join([*names, "more"]) + "\n1\n"))


def test_a_field_at_the_limit_is_taken_and_a_short_row_keeps_what_it_has(tmp_path: Path) -> None:
    long = "a" * FIELD_LIMIT_CHARACTERS
    whole, short = rows_of(write(tmp_path / "r.csv", f"id,name\n1,{long}\n2\n"))
    assert (whole.problem, len(whole.fields["name"])) == (None, FIELD_LIMIT_CHARACTERS)
    assert (short.problem, short.lacks, dict(short.fields)) == (None, ("name",), {"id": "2", "name": ""})


def test_row_with_other_number_of_fields_is_a_problem_of_that_row(tmp_path: Path) -> None:
    rows = rows_of(write(tmp_path / "r.csv", "id,name\n1,Ann,extra\n2,Bo\n"))
    assert [(row.number, row.problem and row.problem.code) for row in rows] == [
        (1, "wrong-columns"),
        (2, None),
    ]


def test_unmatched_quote_that_would_swallow_rows_stops_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "r.csv", 'id,name\n1,"Ann\n2,Bo\n3,Cy\n')
    with pytest.raises(RecipientsError, match="quotation mark"):
        rows_of(path)


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
        ("\n,,\n \n", "no header"),
        ("sep=;\n", "no header"),
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


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_utf_16_without_its_mark_is_refused_with_the_mend(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path / "r.csv", "id\n1\n".encode("utf-16-le" if encoding == "utf-16" else "utf-32-le"))
    with pytest.raises(RecipientsError, match=f"r.csv is not {encoding.upper()}. .*--encoding"):
        rows_of(path, encoding=encoding)


def test_gzip_damaged_in_its_middle_is_refused(tmp_path: Path) -> None:
    data = bytearray(gzip.compress("".join(f"{n},{n * 7919 % 1013}\n" for n in range(20_000)).encode()))
    data[len(data) // 2 : len(data) // 2 + 50] = bytes(50)
    with pytest.raises(RecipientsError, match=r"r\.csv\.gz .*"):
        rows_of(write(tmp_path / "r.csv.gz", bytes(data)))


@pytest.mark.parametrize("name", ["r.csv.gz", "r.jsonl.gz"])
@pytest.mark.parametrize("packed", [b"a", b'"\n",', b'"a",'])
def test_a_row_is_never_more_in_memory_than_a_row_may_be_whatever_it_unpacks_to(
    tmp_path: Path, name: str, packed: bytes
) -> None:
    block = packed * (1 << 20)
    path = tmp_path / name
    with gzip.open(path, "wb", compresslevel=1) as stream:
        stream.write(b"id\n" if "csv" in name else b"")
        for _ in range(64):
            stream.write(block)
    tracemalloc.start()
    try:
        if "jsonl" in name and b"\n" in packed:
            with open_recipients(str(path)) as source:
                assert all(row.problem for row in itertools.islice(source.rows(), 1_000))
        else:
            with pytest.raises(RecipientsError, match=r"line \d+"):
                rows_of(path)
        assert tracemalloc.get_traced_memory()[1] < 6 * ROW_LIMIT_CHARACTERS
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ('{"id": "1", "amount": NaN}', "not-a-number", None),
        ('{"id": "1", "amount": -Infinity}', "not-a-number", None),
        ('{"id": "1", "amount": 1e999}', "not-a-number", None),
        ('{"id": "1", "name": "a", "name": "b"}', "field-twice", "name"),
        ("{" + ",".join(f'"c{n}": 1' for n in range(COLUMNS_LIMIT + 1)) + "}", "wrong-columns", None),
        ('{"' + "n" * 1_001 + '": 1}', "field-too-long", None),
    ],
)
def test_json_that_has_no_one_reading_is_a_problem_of_its_row(
    tmp_path: Path, line: str, code: str, column: str | None
) -> None:
    bad, good = rows_of(write(tmp_path / "r.jsonl", f'{line}\n{{"id": "2"}}\n'))
    assert bad.problem is not None
    assert (bad.problem.code, bad.problem.column) == (code, column)
    assert good.problem is None


def test_a_column_s_name_is_bounded(tmp_path: Path) -> None:
    with pytest.raises(RecipientsError, match="column 2 has a name of 1,001 characters"):
        rows_of(write(tmp_path / "r.csv", f"id,{'n' * 1_001}\n1,2\n"))


def test_a_name_that_is_no_text_is_told_as_one_and_its_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a\udcff\x1b.jsonl"
    path.write_text('{"id": "1"}\n')
    with open_recipients(str(path)) as source:
        assert source.label == "a\\udcff\\x1b.jsonl"
        assert [dict(row.fields) for row in source.rows()] == [{"id": "1"}]
