"""What a sheet of an OpenDocument file says beside its values: how far it reaches, and what its cells show."""

from __future__ import annotations

import io
import re
import zipfile

from campaign.recipients.cell_forms import CELLS_LIMIT, CellForm, Surveyed, walk

_ZEROS = re.compile(r"0\d{1,14}")
_CELLS = ("table-cell", "covered-table-cell")


def survey(data: bytes) -> dict[str, Surveyed]:
    """Walk through the cells of every sheet, by its name. Raises what zipfile and expat raise for a damaged file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = _Sheets()
        walk(archive, "content.xml", sheets.opened, sheets.closed, sheets.heard)
        return sheets.found


class _Sheets:
    """Handlers of a walk through `content.xml`."""

    def __init__(self) -> None:
        self.found: dict[str, Surveyed] = {}
        self._sheet = Surveyed()
        self._row = self._row_repeats = 0
        self._column = self._repeats = 0
        self._attributes: dict[str, str] = {}
        self._text: list[str] | None = None
        self._annotations = 0
        """Comments that are open: no text of their cell."""

    def opened(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = tag.rpartition(":")[2]
        if name == "annotation":
            self._annotations += 1
        elif name == "table":
            self._sheet = self.found[attributes.get("table:name", "")] = Surveyed()
            self._row = self._row_repeats = 0
        elif name == "table-row":
            self._row += self._row_repeats or 1
            self._row_repeats = max(1, int(attributes.get("table:number-rows-repeated", "1")))
            self._column = 0
        elif name in _CELLS:
            self._repeats = int(attributes.get("table:number-columns-repeated", "1"))
            self._attributes = attributes
            self._text = []

    def closed(self, tag: str) -> None:
        """An element ends."""
        name = tag.rpartition(":")[2]
        self._annotations -= name == "annotation"
        if name not in _CELLS or self._text is None:
            return
        shown = "".join(self._text)
        if shown or "office:value-type" in self._attributes:
            self._sheet.last_row = max(self._sheet.last_row, self._row + self._row_repeats - 1)
            self._sheet.last_column = max(self._sheet.last_column, self._column + self._repeats)
            form = _form(self._attributes.get("office:value-type", ""), shown)
            if form is not None and self._sheet.reach <= CELLS_LIMIT:
                for row in range(self._row, self._row + self._row_repeats):
                    columns = range(self._column, self._column + self._repeats)
                    self._sheet.forms.setdefault(row, {}).update(dict.fromkeys(columns, form))
        self._column += self._repeats
        self._text = None

    def heard(self, data: str) -> None:
        """Text."""
        if self._text is not None and not self._annotations:
            self._text.append(data)


def _form(kind: str, shown: str) -> CellForm | None:
    if kind == "percentage":
        return CellForm(is_percent=True)
    if kind == "float" and _ZEROS.fullmatch(shown.strip()):
        return CellForm(digits=len(shown.strip()))
    return None
