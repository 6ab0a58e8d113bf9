"""Any rows, in any dialect and encoding that a list may have, damaged or not: read as csv and calamine read them."""

from __future__ import annotations

import csv
import gzip
import io
import string
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from campaign.errors import RecipientsError
from campaign.recipients import open_recipients
from campaign.recipients.dialect import tightened
from campaign.recipients.json_text import array_members
from tests.examples import examples

LETTERS = st.characters(codec="cp1252", exclude_categories=("Cc", "Zs", "Sc", "Po", "So", "Sm", "Sk"))
CELLS = st.text(st.one_of(st.sampled_from('abc ,;|"\n\tÄé'), LETTERS), max_size=12)
NAMES = st.lists(st.text(string.ascii_lowercase, min_size=1, max_size=6), min_size=2, max_size=5, unique=True)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")
DAMAGE: dict[str, Callable[[str], str]] = {
    "none": lambda text: text,
    "blank lines first": lambda text: "\r\n  \r\n" + text,
    "rows of separators at the end": lambda text: text + ",,\r\n;;;\r\n\t\t\r\n",
    "no line end at the end": lambda text: (
        text.rstrip("\r\n") if text.rstrip("\r\n").count('"') % 2 == 0 else text
    ),
}


def shown(cell: str) -> str:
    return cell.strip()


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    names = draw(NAMES)
    width = st.lists(CELLS, min_size=len(names), max_size=len(names))
    rows = [row for row in draw(st.lists(width, min_size=1, max_size=6)) if "".join(row).strip(" \t\r\n")]
    return names, rows


@examples(120)
@given(
    table=tables(),
    separator=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    line_end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(ENCODINGS),
    is_packed=st.booleans(),
    damage=st.sampled_from(sorted(DAMAGE)),
)
def test_rows_are_those_that_csv_wrote(
    tmp_path_factory: pytest.TempPathFactory,
    table: tuple[list[str], list[list[str]]],
    separator: str,
    quoting: int,
    line_end: str,
    encoding: str,
    is_packed: bool,
    damage: str,
) -> None:
    names, rows = table
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, quoting=quoting, lineterminator=line_end)  # type: ignore[arg-type]
    writer.writerows([names, *rows])
    try:
        data = DAMAGE[damage](text.getvalue()).encode(encoding)
    except UnicodeEncodeError:
        assume(False)
    path = tmp_path_factory.mktemp("dialect") / ("r.csv.gz" if is_packed else "r.csv")
    path.write_bytes(gzip.compress(data) if is_packed else data)
    ascii_only = "".join(map("".join, rows)).isascii()
    with open_recipients(
        str(path), encoding="cp1252" if encoding == "cp1252" and not ascii_only else ""
    ) as source:
        try:
            read = list(source.rows())
        except RecipientsError as exc:
            assert "is UTF-8, and --encoding says" in str(exc)  # bytes of cp1252 that are UTF-8, too
            return
        assert all(row.problem is None or row.problem.code == "wrong-columns" for row in read)
        assert [[shown(row.fields[name]) for name in names] for row in read if row.problem is None][
            : len(rows)
        ] == [list(map(shown, row)) for row in rows]


@examples(40)
@given(
    rows=st.lists(
        st.lists(
            st.one_of(
                st.none(), st.booleans(), st.integers(-(10**14), 10**14), st.floats(-1e6, 1e6, width=32),
                st.text(string.printable[:90] + "ÄéŁ山", max_size=8),
            ),
            min_size=2, max_size=4,
        ),
        min_size=1, max_size=5,
    )
)  # fmt: skip
def test_a_sheet_s_rows_are_those_of_its_reader(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[object]]
) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["a", "b", "c", "d"])
    for row in rows:
        sheet.append([f"'{cell}" if isinstance(cell, str) and cell.startswith("=") else cell for cell in row])
    path = tmp_path_factory.mktemp("sheet") / "r.xlsx"
    workbook.save(path)
    calamine = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[1:]
    with open_recipients(str(path)) as source:
        read = [[row.fields[name] for name in ("a", "b", "c", "d")] for row in source.rows()]
    expected = [row for row in calamine if any(cell != "" for cell in row)]
    assert len(read) == len([row for row in expected if "".join(map(str, row)).strip()])
    for ours, theirs in zip(read, (row for row in expected if "".join(map(str, row)).strip()), strict=True):
        for cell, value in zip(ours, theirs, strict=False):
            if isinstance(value, float):
                assert float(cell) == pytest.approx(value, rel=1e-14, abs=1e-14)
            elif not isinstance(value, bool):
                assert cell == value


@examples(150)
@given(
    st.lists(CELLS.filter(lambda cell: "\n" not in cell), min_size=1, max_size=5), st.sampled_from(",;\t|")
)
def test_blanks_behind_quotation_marks_go_and_nothing_else(cells: list[str], separator: str) -> None:
    quoted = ['"' + cell.replace('"', '""') + '"' for cell in cells]
    tight = separator.join(quoted) + "\n"
    loose = f" {separator}".join(quoted) + " \n"
    blanks_within = list(tightened(iter([tight]), separator))
    assert blanks_within == [tight]
    read = next(csv.reader(tightened(iter([loose]), separator), delimiter=separator, strict=True))
    assert read == cells


@examples(100)
@given(
    st.lists(
        st.dictionaries(st.text(max_size=4), st.one_of(st.text(max_size=30), st.integers()), max_size=4)
    ),
    st.sampled_from([None, 1]),
    st.integers(1, 7),
)
def test_members_of_an_array_are_read_one_by_one_whatever_the_blocks(
    members: list[dict[str, object]], indent: int | None, block: int
) -> None:
    import json

    class Slow(io.StringIO):
        def read(self, size: int | None = -1, /) -> str:
            return super().read(block)

    text = json.dumps(members, indent=indent, ensure_ascii=False)
    read = [value for _, value in array_members("r.json", Slow(text))]
    assert read == [{key: str(item) for key, item in member.items()} for member in members]
