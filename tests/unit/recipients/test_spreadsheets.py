"""Spreadsheets: what a person reads in a cell is what is read, from files that programs wrote; bombs are refused."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from campaign.errors import RecipientsError
from campaign.recipients import RecipientRow, open_recipients, xlsx_sheet
from campaign.recipients.cell_forms import CELLS_LIMIT
from campaign.recipients.spreadsheet import written
from tests import ROOT

WRITTEN_BY_LIBREOFFICE = ROOT / "tests/data/spreadsheets"
FIRST = {
    "id": "1", "Vorname": "Jürgen", "Betrag": "12.5", "Fällig": "2026-12-03", "Uhrzeit": "09:05",
    "Telefon": "+4915112345678", "Notiz": "Zeile eins\nZeile zwei",
}  # fmt: skip


def book(path: Path, rows: Sequence[Sequence[object]], **formats: str) -> Path:
    """A workbook with one sheet; `formats` are number formats by cell."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for cell, form in formats.items():
        sheet[cell].number_format = form
    workbook.save(path)
    return path


def rows_of(path: Path, **options: Any) -> list[RecipientRow]:
    with open_recipients(str(path), **options) as source:
        return list(source.rows())


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_a_sheet_is_read_as_its_cells_are_seen(kind: str) -> None:
    with open_recipients(str(WRITTEN_BY_LIBREOFFICE / f"people.{kind}")) as source:
        first, second, third = source.rows()
        assert {name: first.fields[name] for name in FIRST} == FIRST
        assert (second.fields["Betrag"], second.fields["Notiz"]) == ("1234", "")
        assert (third.fields["Betrag"], third.fields["Telefon"]) == ("0.3", "447700900123")
        told = "sheet 'Patienten' and not 'Andere' (1 empty column, 1 empty row left out)"
        assert str(source.found) == f"{kind}, {told}"
        assert source.sheets == ("Patienten", "Andere")


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_zeros_and_per_cent_signs_of_a_cell_s_format_are_read(kind: str) -> None:
    rows = rows_of(WRITTEN_BY_LIBREOFFICE / f"people.{kind}")
    assert [(row.fields["PLZ"], row.fields["Anteil"]) for row in rows] == [
        ("01067", "15%"),
        ("80331", "50%"),
        ("04103", "100%"),
    ]


def test_an_xls_file_says_that_formats_are_not_seen() -> None:
    with open_recipients(str(WRITTEN_BY_LIBREOFFICE / "people.xls")) as source:
        assert next(iter(source.rows())).fields["PLZ"] == "1067"
        (note,) = source.found.notes
    assert "01067 by format reads 1067" in note and "save it as .xlsx" in note


def test_another_sheet_is_read_by_its_name_or_number(tmp_path: Path) -> None:
    path = WRITTEN_BY_LIBREOFFICE / "people.ods"
    for said in ("Andere", " andere ", "2"):
        with open_recipients(str(path), sheet=said) as source:
            assert source.header.names == ("id",)
    with pytest.raises(RecipientsError, match=r"no sheet 'Nowhere'. Its sheets are 'Patienten', 'Andere'"):
        rows_of(path, sheet="Nowhere")
    (tmp_path / "r.csv").write_text("id\n1\n")
    with pytest.raises(RecipientsError, match=r"is no spreadsheet. Leave --sheet out"):
        rows_of(tmp_path / "r.csv", sheet="1")


@pytest.mark.parametrize("options", [{"encoding": "cp1252"}, {"separator": ";"}])
def test_a_spreadsheet_has_neither_encoding_nor_delimiter(options: dict[str, str]) -> None:
    with pytest.raises(RecipientsError, match=r"is a spreadsheet and has no .* Leave --.* out"):
        rows_of(WRITTEN_BY_LIBREOFFICE / "people.xlsx", **options)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (4711.0, "4711"),
        (447700900123.0, "447700900123"),
        (0.1 + 0.2, "0.3"),
        (12.5, "12.5"),
        (1.31888e18, "1.31888E+18"),
        (1234567890123456.0, "1.2345678901235E+15"),
        (-0.0, "0"),
        (float("nan"), ""),
        (True, "true"),
        (dt.date(2026, 12, 3), "2026-12-03"),
        (dt.datetime(2026, 12, 3), "2026-12-03"),
        (dt.datetime(2026, 12, 3, 14, 30), "2026-12-03 14:30"),
        (dt.time(9, 5), "09:05"),
        (dt.time(9, 5, 7), "09:05:07"),
        (dt.timedelta(hours=30), "30:00"),
        (None, ""),
        ("0171", "0171"),
    ],
)  # fmt: skip
def test_a_value_is_written_as_people_write_it(value: object, text: str) -> None:
    assert written(value) == text


def test_errors_and_formulas_without_results_are_no_empty_cells(tmp_path: Path) -> None:
    path = book(tmp_path / "r.xlsx", [["id", "a", "b"], [1, "=1/0", "=B2+1"], [2, "x", "y"]])
    errors = _with_cell(path, "B2", b'<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>')
    with open_recipients(str(errors)) as source:
        first, _ = source.rows()
        assert (first.fields["a"], first.fields["b"]) == ("#DIV/0!", "")
        (note,) = source.found.notes
    assert note.startswith("1 cells hold a formula without a result, the first is C2")


def test_only_what_a_format_shows_is_changed(tmp_path: Path) -> None:
    path = book(
        tmp_path / "r.xlsx",
        [["id", "zip", "share", "sum", "text", "part"], [1, 171, 0.155, 1234.5, "171", 17.5]],
        B2="00000", C2="0.0%", D2='#,##0.00 "€"', E2="00000", F2="00000",
    )  # fmt: skip
    assert rows_of(path)[0].fields == {
        "id": "1", "zip": "00171", "share": "15.5%", "sum": "1234.5", "text": "171", "part": "17.5",
    }  # fmt: skip


def test_a_sheet_that_reaches_to_the_end_of_the_world_is_refused_before_it_is_loaded(tmp_path: Path) -> None:
    path = book(tmp_path / "r.xlsx", [["id"], [1]])
    far = _with_cell(path, "A2", b'<c r="XFD1048576"><v>1</v></c>')
    with pytest.raises(
        RecipientsError, match=r"reaches to row 1,048,576, column 16,384.* or export it as CSV"
    ):
        rows_of(far)
    assert CELLS_LIMIT < 1_048_576 * 16_384


def test_an_ods_that_repeats_its_cells_is_refused_before_it_is_loaded(tmp_path: Path) -> None:
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="A"><table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>x</text:p>'
        "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(tmp_path / "r.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    with pytest.raises(RecipientsError, match="reaches to row 1,048,576"):
        rows_of(tmp_path / "r.ods")


def test_entities_in_a_sheet_are_not_expanded(tmp_path: Path) -> None:
    path = book(tmp_path / "r.xlsx", [["id"], [1]])
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    hostile = _changed(path, "xl/worksheets/sheet1.xml", lambda data: bomb + data)
    try:
        rows = rows_of(hostile)
    except RecipientsError as exc:
        assert "cannot be read as a spreadsheet" in str(exc)
    else:
        assert len(rows) == 1


def test_a_password_and_damage_are_told_with_what_to_do(tmp_path: Path) -> None:
    path = book(tmp_path / "r.xlsx", [["id"], [1]])
    damaged = _changed(path, "xl/workbook.xml", lambda data: data[: len(data) // 2])
    with pytest.raises(RecipientsError, match=r"cannot be read as a spreadsheet: .* save it as .xlsx"):
        rows_of(damaged)
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(RecipientsError, match="cannot be read as a spreadsheet"):
        rows_of(tmp_path / "old.xls")


def test_a_spreadsheet_may_come_under_any_name_and_without_rows(tmp_path: Path) -> None:
    path = book(tmp_path / "people.csv", [["id", "name"], [1, "Ann"]])
    assert rows_of(path)[0].fields == {"id": "1", "name": "Ann"}
    with pytest.raises(RecipientsError, match="has no header"):
        rows_of(book(tmp_path / "empty.xlsx", []))


def test_a_table_that_begins_below_and_beside_the_corner_is_found(tmp_path: Path) -> None:
    rows: list[list[object]] = [[None] * 4, [None, None, "id", "zip"], [None, None, 1, 67]]
    path = book(tmp_path / "r.xlsx", rows, D3="00000")
    assert rows_of(path)[0].fields == {"id": "1", "zip": "00067"}


def _with_cell(path: Path, cell: str, xml: bytes) -> Path:
    """The same workbook with another cell in a cell's place."""

    def put(data: bytes) -> bytes:
        start = data.index(f'<c r="{cell}"'.encode())
        end = data.index(b"</c>", start) + 4
        return data[:start] + xml + data[end:]

    return _changed(path, "xl/worksheets/sheet1.xml", put)


def _changed(path: Path, part: str, change: Any) -> Path:
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as after:
        for item in before.infolist():
            data = before.read(item)
            after.writestr(item, change(data) if item.filename == part else data)
    changed = path.with_name(f"changed-{path.name}")
    changed.write_bytes(packed.getvalue())
    return changed


def test_a_glance_and_a_walk_find_the_same_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book(tmp_path / "r.xlsx", [["id", "name"], *([number, "x" * 40] for number in range(9_000))])
    glanced = xlsx_sheet.survey(path.read_bytes(), "Sheet")
    monkeypatch.setattr(xlsx_sheet, "_glance", lambda *_: None)
    assert glanced == xlsx_sheet.survey(path.read_bytes(), "Sheet")
    assert (glanced.last_row, glanced.last_column) == (9_001, 2)


@pytest.mark.parametrize(
    "cell", ['<c r="B2"><f>1</f></c>', '<c r="B2" t="e"><v>#N/A</v></c>', '<c s="1" r="B2"/>']
)
def test_what_a_glance_is_not_enough_for_is_walked_through(tmp_path: Path, cell: str) -> None:
    path = _with_cell(book(tmp_path / "r.xlsx", [["id", "b"], [1, 2]]), "B2", cell.encode())
    with zipfile.ZipFile(path) as archive:
        assert xlsx_sheet._glance(archive, "xl/worksheets/sheet1.xml") is None


FAR = {
    "in another way of blanks": b'<c\nr="XFD1048576"><v>1</v></c>',
    "in other quotation marks": b"<c r='XFD1048576'><v>1</v></c>",
    "in small letters": b'<c r="xfd1048576"><v>1</v></c>',
    "in references": b'<c r="&#88;FD1048576"><v>1</v></c>',
    "out of order": b'<c r="A1048576"><v>1</v></c><c r="XFD1"><v>2</v></c>',
}


@pytest.mark.parametrize("way", FAR)
def test_a_far_cell_is_seen_however_it_is_written(tmp_path: Path, way: str) -> None:
    with pytest.raises(RecipientsError, match="reaches to row 1,048,576"):
        rows_of(_with_cell(book(tmp_path / "r.xlsx", [["id", "b"], [1, 2], [3, 4]]), "A2", FAR[way]))


def test_a_far_cell_of_an_old_workbook_is_refused_and_ends_no_process(tmp_path: Path) -> None:
    data = bytearray((WRITTEN_BY_LIBREOFFICE / "people.xls").read_bytes())
    cell = next(
        place for place in range(len(data)) if data[place : place + 8] == b"\xfd\x00\x0a\x00\x04\x00\x0a\x00"
    )
    data[cell + 4 : cell + 8] = b"\xff" * 4
    (tmp_path / "r.xls").write_bytes(data)
    with pytest.raises(RecipientsError, match="reaches too far to be held"):
        rows_of(tmp_path / "r.xls")


def test_a_part_is_found_whatever_its_case(tmp_path: Path) -> None:
    path = book(tmp_path / "r.xlsx", [["id", "zip"], [1, 1067]], B2="00000")
    other = _changed(path, "xl/_rels/workbook.xml.rels", lambda data: data.replace(b"s/sheet1", b"s/Sheet1"))
    assert rows_of(other)[0].fields["zip"] == "01067"


@pytest.mark.parametrize("part", ["xl/workbook.bin", "content.xml", "XL/workbook.xml"])
def test_a_file_that_two_readers_could_open_is_refused(tmp_path: Path, part: str) -> None:
    path = book(tmp_path / "r.xlsx", [["id"], [1]])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(part, b"x")
    with pytest.raises(RecipientsError, match=r"more than one workbook is in it\. .* save it as \.xlsx"):
        rows_of(path)


def test_a_sheet_whose_formats_cannot_be_read_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "r.xlsx", [["id", "zip"], [1, 1067]], B2="00000")
    with pytest.raises(RecipientsError, match="cannot be read as a spreadsheet"):
        rows_of(_changed(path, "xl/styles.xml", lambda data: data[:-9]))


def test_a_comment_hides_no_zeros_of_its_cell(tmp_path: Path) -> None:
    comment = b"<office:annotation><text:p>from the old list</text:p></office:annotation>"
    path = tmp_path / "r.ods"
    path.write_bytes((WRITTEN_BY_LIBREOFFICE / "people.ods").read_bytes())
    commented = _changed(
        path, "content.xml", lambda data: data.replace(b"<text:p>01067<", comment + b"<text:p>01067<")
    )
    assert rows_of(commented)[0].fields["PLZ"] == "01067"


def test_two_sheets_of_one_name_are_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "r.xlsx", [["id"], [1]])
    doubled = rb'<sheet name="Sheet" sheetId="9" r:id="rId1" xmlns:r="http://r"/></sheets>'
    with pytest.raises(RecipientsError, match="cannot be read as a spreadsheet"):
        rows_of(_changed(path, "xl/workbook.xml", lambda data: data.replace(b"</sheets>", doubled)))


def test_a_workbook_that_is_too_large_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaign.recipients.containers.UNPACKED_LIMIT_BYTES", 999)
    for kind in ("xlsx", "ods", "xls"):
        with pytest.raises(RecipientsError, match=r"999 is the most\. Export it as CSV"):
            rows_of(WRITTEN_BY_LIBREOFFICE / f"people.{kind}")


def test_text_of_figures_stays_text_wherever_it_is_kept(tmp_path: Path) -> None:
    path = _with_cell(
        book(tmp_path / "r.xlsx", [["id", "b"], [1, "x"]]),
        "B2",
        b'<c r="B2" t="str"><f>A1</f><v>0100</v></c>',
    )
    assert rows_of(path)[0].fields["b"] == "0100"
    inline = _with_cell(path, "B2", b'<c r="B2" t="inlineStr"><is><t>0050</t></is></c>')
    assert rows_of(inline)[0].fields["b"] == "0050"


def test_cells_merged_over_rows_are_told(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (["id", "city"], [1, "Ulm"], [2, None]):
        sheet.append(row)
    sheet.merge_cells("B2:B3")
    workbook.save(tmp_path / "r.xlsx")
    with open_recipients(str(tmp_path / "r.xlsx")) as source:
        assert [row.fields["city"] for row in source.rows()] == ["Ulm", ""]
        (note,) = source.found.notes
    assert note.startswith("1 cells are merged over several rows, the first begins in row 2: ")
