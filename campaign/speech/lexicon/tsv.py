"""Lexicons as tab-separated values, for people: settings, a header row, one entry a line.

    # language: en
    written	alias	ipa	case
    GP	general practitioner
    Siân		ʃɑːn

Lines that begin with # are comments; above the header, `# key: value` sets language, scope and priority. A line that
says nothing yet is no rule. What a spreadsheet makes of such a table is read as well: commas or semicolons in place of
tabs, cells in quotation marks, separators at the ends of lines.
"""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from campaign.errors import LexiconError
from campaign.speech.lexicon.entries import ALPHABETS, Case, Entry, Rules, Scope
from campaign.speech.lexicon.trie import same_signs
from workers.digits import are_digits
from workers.languages import canonical
from workers.mends import shown

COLUMNS: Final = ("written", "alias", *ALPHABETS, "case", "role", "language", "note")
SETTINGS: Final = ("language", "scope", "priority")


def read_tsv(text: str, source: str) -> Rules:
    """The rules in `text`, not yet checked; raises `LexiconError` with source, line and mend."""
    settings: dict[str, str] = {}
    header: list[str] = []
    separator = "\t"
    entries: list[Entry] = []
    unfilled = 0
    for number, line in enumerate(text.split("\n"), start=1):
        line = line.rstrip("\r")
        place = f"{source}:{number}"
        if line.startswith(("#", '"#')):
            key, colon, value = line.strip('"').lstrip("# ").partition(":")
            if colon and not header and key.strip() in SETTINGS:
                settings[key.strip()] = value.strip('\t,;" ')
        elif not line.strip(" \t,;"):
            continue
        elif not header:
            separator = _separator(line)
            header = _header(_cells_of(line, separator, place), place)
        else:
            row = _row(_cells_of(line, separator, place), header, place)
            if any(row.get(column) for column in ("alias", "language", *ALPHABETS)) or not row["written"]:
                entries.append(_entry(row, place, number))
            else:
                unfilled += 1
    if not header:
        raise LexiconError(f"{source}: no header; the first line names the columns: {_example()}.")
    return Rules(entries=tuple(entries), unfilled=unfilled, **parse_settings(settings, source))


def parse_settings(settings: Mapping[str, str], source: str) -> dict[str, Any]:
    """`language`, `scope` (`preset demo-voice` for that scope) and `priority` as `Rules` takes them."""
    scope, _, preset = settings.get("scope", Scope.CAMPAIGN).partition(" ")
    if scope not in [member.value for member in Scope]:
        raise LexiconError(f"{source}: no scope {shown(scope)}; use one of {', '.join(Scope)}.")
    priority = settings.get("priority", "0")
    if not are_digits(priority.removeprefix("-")) or len(priority) > 6:
        raise LexiconError(
            f"{source}: priority is a whole number, not {shown(priority)}; write for example 10."
        )
    return {
        "language": canonical(settings["language"]) if settings.get("language") else "",
        "scope": Scope(scope),
        "preset": preset.strip(),
        "priority": int(priority),
    }


def _separator(line: str) -> str:
    """What parts the cells of a header: a tab, else what its names of columns are parted by."""
    return "\t" if "\t" in line else max(";,", key=line.count) if "," in line or ";" in line else "\t"


def _cells_of(line: str, separator: str, place: str) -> list[str]:
    """The cells of a line without what stands empty at its end."""
    if separator == "\t":  # a mark that is not closed is one of the cell: X-SAMPA and e-speak write with them
        cells = [_unquoted(cell.strip()) for cell in line.split("\t")]
    else:
        try:
            cells = [cell.strip() for cell in next(csv.reader([line], delimiter=separator, strict=True))]
        except csv.Error as error:
            raise LexiconError(
                f'{place}: a quotation mark without its partner; write a mark inside a cell twice, "" for ".'
            ) from error
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _unquoted(cell: str) -> str:
    """A cell as a spreadsheet writes it: in quotation marks, those inside it twice."""
    match = re.fullmatch(r'"((?:[^"]|"")*)"', cell)
    return match[1].replace('""', '"').strip() if match else cell


def _header(cells: list[str], place: str) -> list[str]:
    header = [name.lower() for name in cells]
    unknown = [name for name in header if name not in COLUMNS]
    if unknown or "written" not in header or len(set(header)) < len(header):
        near = difflib.get_close_matches(unknown[0], COLUMNS, n=1) if unknown and unknown[0] else []
        meant = f" Did you mean {near[0]} for {shown(unknown[0])}?" if near else ""
        raise LexiconError(
            f"{place}: the first line names the columns, separated by tabs: {_example()}; "
            f"there are {', '.join(COLUMNS)}, each once.{meant}"
        )
    return header


def _example() -> str:
    return "written<TAB>alias<TAB>ipa"


def _row(cells: list[str], header: list[str], place: str) -> dict[str, str]:
    if len(cells) > len(header):
        raise LexiconError(
            f"{place}: {len(cells)} cells under {len(header)} columns; remove one, or put a cell that holds the "
            'separator between quotation marks, "...".'
        )
    return {"written": "", **dict(zip(header, cells, strict=False))}


def _entry(row: Mapping[str, str], place: str, number: int) -> Entry:
    case = (row.get("case") or Case.AUTO).lower()
    if case not in _CASES:
        raise LexiconError(f"{place}: no case {shown(case)}; use one of {', '.join(Case)}.")
    return Entry(
        written=row["written"],
        alias=row.get("alias") or None,
        phonemes=tuple((alphabet, row[alphabet]) for alphabet in ALPHABETS if row.get(alphabet)),
        case=_CASES[case],
        role=row.get("role", ""),
        language=canonical(row["language"]) if row.get("language") else None,
        line=number,
    )


_CASES: Final = {case.value: case for case in Case}


def with_words(text: str, source: str, words: Iterable[str]) -> tuple[str, int]:
    """A table with a line, to be filled in, for each of `words` that it lacks, and how many these are.

    What people wrote stays as it is, to the letter. Raises `LexiconError` for what is no table.
    """
    header, separator = ["written", "alias"], "\t"
    there: set[str] = set()
    lines = text.splitlines()
    rows = [
        (number, line)
        for number, line in enumerate(lines, start=1)
        if not line.startswith(("#", '"#')) and line.strip(" \t,;")
    ]
    if rows:
        number, line = rows[0]
        separator = _separator(line)
        header = _header(_cells_of(line, separator, f"{source}:{number}"), f"{source}:{number}")
        for number, line in rows[1:]:
            place = f"{source}:{number}"
            there.add(same_signs(_row(_cells_of(line, separator, place), header, place)["written"]).lower())
    new = [word for word in dict.fromkeys(words) if same_signs(word).lower() not in there]
    end = "\r\n" if "\r\n" in text else "\n"
    body = text if not text or text.endswith(("\n", "\r")) else text + end
    if not rows:
        body += separator.join(header) + end
    for word in new:
        cells = [_quoted(word, separator) if column == "written" else "" for column in header]
        body += separator.join(cells) + end
    return body, len(new)


def _quoted(cell: str, separator: str) -> str:
    needs = separator in cell or cell.startswith(('"', "#"))
    return '"' + cell.replace('"', '""') + '"' if needs else cell


def write_tsv(rules: Rules) -> str:
    """The inverse of `read_tsv`, but for notes."""
    scope = f"{rules.scope} {rules.preset}".strip()
    lines = [f"# language: {rules.language}"] if rules.language else []
    lines += [f"# scope: {scope}", f"# priority: {rules.priority}"]
    rows = [_cells(entry) for entry in rules.entries]
    used = [name for name in COLUMNS if name in ("written", "alias") or any(row.get(name) for row in rows)]
    lines.append("\t".join(used))
    lines += ["\t".join(row.get(name, "") for name in used).rstrip("\t") for row in rows]
    return "\n".join(lines) + "\n"


def _cells(entry: Entry) -> dict[str, str]:
    return {
        "written": entry.written,
        "alias": entry.alias or "",
        **dict(entry.phonemes),
        "case": "" if entry.case is Case.AUTO else entry.case.value,
        "role": entry.role,
        "language": entry.language or "",
    }
