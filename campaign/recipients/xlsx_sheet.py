"""What a sheet of an xlsx file says beside its values: how far it reaches, and the formats that change what is seen."""

from __future__ import annotations

import io
import re
import zipfile

from campaign.recipients.cell_forms import BLOCK_BYTES, CellForm, Surveyed, walk

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_CELL = re.compile(rb"<c r=\"([A-Z]{1,3})([0-9]{1,7})\"")
_BESIDE_VALUES = re.compile(
    rb"<f[\s>/]|t=[\"\']e|<!|\x00|<[^\s<>/]+:[cf][\s>/]|<c(?! r=\"[A-Z]{1,3}[0-9]{1,7}\")[\s>/]"
)
"""What a glance is not enough for: formulas, errors, cells written in another way, comments, UTF-16."""
CUT_BYTES = 64
"""More than the beginning of a cell, which two blocks may share."""
_ZEROS = re.compile(r"0{2,15}")
_PERCENT = re.compile(r"[0#.,?]+ ?%")
_PERCENTS = {"9": "0%", "10": "0.00%"}
"""Formats that every workbook has without saying so."""


def survey(data: bytes, sheet: str) -> Surveyed:
    """Walk through the cells of a sheet. Raises what zipfile and expat raise for a damaged one."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        place = _place_of(archive, sheet)
        styles = _styles(archive)
        return (None if styles else _glance(archive, place)) or _walk(archive, place, styles)


def _glance(archive: zipfile.ZipFile, place: str) -> Surveyed | None:
    """How far a sheet without formulas and errors reaches, in a twentieth of the time; None for every other sheet."""
    columns: set[bytes] = set()
    last_row, rest = 0, b""
    with archive.open(place) as stream:
        while block := stream.read(BLOCK_BYTES):
            text = rest + block
            end = text.rfind(b"<c ")  # the last cell may go on in the next block
            text, rest = (text, text[-CUT_BYTES:]) if end < 0 else (text[:end], text[end:])
            if len(rest) > BLOCK_BYTES:  # one cell as long as a block
                return None
            if _BESIDE_VALUES.search(text):
                return None
            found = _CELL.findall(text)
            columns.update(letters for letters, _ in found)
            last_row = max(last_row, *map(int, {number for _, number in found}), 0)
    found = _CELL.findall(rest)
    if _BESIDE_VALUES.search(rest):
        return None
    columns.update(letters for letters, _ in found)
    last_row = max(last_row, *(int(number) for _, number in found), 0)
    if not columns:
        return None
    return Surveyed(last_row=last_row, last_column=max(_column(letters.decode()) for letters in columns) + 1)


def _walk(archive: zipfile.ZipFile, place: str, styles: dict[str, CellForm]) -> Surveyed:
    found = Surveyed()
    column = row = 0
    has_formula = has_value = is_error = is_text = False
    reference = ""
    text: list[str] = []
    in_value = False

    def opened(tag: str, attributes: dict[str, str]) -> None:
        nonlocal column, row, has_formula, has_value, is_error, is_text, reference, in_value
        name = tag.rpartition(":")[2]
        if name == "c":
            reference = attributes.get("r", "").upper()
            match = _REFERENCE.fullmatch(reference)
            row, column = (int(match[2]), _column(match[1])) if match else (row, column + 1)
            found.last_row, found.last_column = max(found.last_row, row), max(found.last_column, column + 1)
            has_formula = has_value = False
            is_error, is_text = attributes.get("t") == "e", attributes.get("t") == "str"
            form = styles.get(attributes.get("s", ""))
            if form is not None and attributes.get("t", "n") == "n":
                found.forms.setdefault(row, {})[column] = form
        elif name == "row" and "r" not in attributes:
            row, column = row + 1, -1
        elif name == "row":
            row, column = int(attributes["r"]), -1
        elif name == "f":
            has_formula = True
        elif name in ("v", "is"):
            in_value = True
            has_value = is_text
            text.clear()

    def closed(tag: str) -> None:
        nonlocal in_value
        name = tag.rpartition(":")[2]
        if name in ("v", "is"):
            in_value = False
        elif name == "c":
            if is_error and has_value:
                found.forms.setdefault(row, {})[column] = CellForm(text="".join(text))
            if has_formula and not has_value:
                found.uncomputed += 1
                found.first_uncomputed = found.first_uncomputed or reference

    def heard(data: str) -> None:
        nonlocal has_value
        if in_value:
            has_value = True
            if is_error:
                text.append(data)

    walk(archive, place, opened, closed, heard)
    return found


def _styles(archive: zipfile.ZipFile) -> dict[str, CellForm]:
    """Style number to what it changes, of the styles that change anything."""
    formats: dict[str, str] = dict(_PERCENTS)
    styles: dict[str, CellForm] = {}
    within: list[str] = []
    count = 0

    def opened(tag: str, attributes: dict[str, str]) -> None:
        nonlocal count
        name = tag.rpartition(":")[2]
        if name == "numFmt":
            formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "xf" and within and within[-1] == "cellXfs":
            form = _form(formats.get(attributes.get("numFmtId", ""), ""))
            if form is not None:
                styles[str(count)] = form
            count += 1
        within.append(name)

    if "xl/styles.xml" in archive.namelist():
        walk(archive, "xl/styles.xml", opened, lambda _: within.pop(), lambda _: None)
    return styles


def _form(code: str) -> CellForm | None:
    first = code.partition(";")[0].strip()
    if _ZEROS.fullmatch(first):
        return CellForm(digits=len(first))
    return CellForm(is_percent=True) if _PERCENT.fullmatch(first) else None


def _place_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """The part of the archive that holds a sheet's cells; raises `ValueError` where that is not one."""
    ids: dict[str, str] = {}
    targets: dict[str, str] = {}

    def in_workbook(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "sheet":
            name = attributes.get("name", "")
            if name in ids:
                raise ValueError(f"two sheets are called {name!r}")
            ids[name] = next((value for key, value in attributes.items() if key.endswith(":id")), "")

    def in_relations(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "Relationship":
            if attributes.get("Id", "") in targets:
                raise ValueError(f"two parts are called {attributes.get('Id', '')!r}")
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    walk(archive, "xl/workbook.xml", in_workbook, lambda _: None, lambda _: None)
    walk(archive, "xl/_rels/workbook.xml.rels", in_relations, lambda _: None, lambda _: None)
    target = targets.get(ids.get(sheet, ""), "").lstrip("/")
    wanted = (target if target.startswith("xl/") else f"xl/{target}").lower()
    places = [name for name in archive.namelist() if name.lower() == wanted]  # as its reader finds them
    if len(places) != 1:
        raise ValueError(f"{len(places)} parts are the sheet {sheet!r}")
    return places[0]


def _column(letters: str) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    return place - 1
