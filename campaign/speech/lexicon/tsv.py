"""Lexicons as tab-separated values, for people: settings, a header row, one entry a line.

    # language: en
    written	alias	ipa	case
    GP	general practitioner
    Siân		ʃɑːn

Lines that begin with # are comments; above the header, `# key: value` sets language, scope and priority.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from campaign.errors import LexiconError
from campaign.speech.lexicon.entries import ALPHABETS, Case, Entry, Rules, Scope
from workers.digits import are_digits
from workers.mends import shown

COLUMNS: Final = ("written", "alias", *ALPHABETS, "case", "role", "language", "note")
SETTINGS: Final = ("language", "scope", "priority")


def read_tsv(text: str, source: str) -> Rules:
    """The rules in `text`, not yet checked; raises `LexiconError` with source, line and mend."""
    settings: dict[str, str] = {}
    header: list[str] = []
    entries: list[Entry] = []
    for number, line in enumerate(text.split("\n"), start=1):
        line = line.rstrip("\r")
        if line.startswith("#"):
            key, colon, value = line.lstrip("# ").partition(":")
            if colon and not header and key.strip() in SETTINGS:
                settings[key.strip()] = value.strip()
        elif not line.strip():
            continue
        elif not header:
            header = _header(line, f"{source}:{number}")
        else:
            entries.append(_entry(line.split("\t"), header, f"{source}:{number}", number))
    if not header:
        raise LexiconError(f"{source}: no header; the first line names the columns: {_example()}.")
    return Rules(entries=tuple(entries), **parse_settings(settings, source))


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
        "language": settings.get("language", ""),
        "scope": Scope(scope),
        "preset": preset.strip(),
        "priority": int(priority),
    }


def _header(line: str, place: str) -> list[str]:
    header = [name.strip() for name in line.split("\t")]
    unknown = [name for name in header if name not in COLUMNS]
    if unknown or "written" not in header or len(set(header)) < len(header):
        raise LexiconError(
            f"{place}: the first line names the columns, separated by tabs: {_example()}; "
            f"there are {', '.join(COLUMNS)}, each once."
        )
    return header


def _example() -> str:
    return "written<TAB>alias<TAB>ipa"


def _entry(cells: list[str], header: list[str], place: str, number: int) -> Entry:
    if len(cells) > len(header):
        raise LexiconError(f"{place}: {len(cells)} cells under {len(header)} columns; remove a tab.")
    row = dict(zip(header, map(str.strip, cells), strict=False))
    case = row.get("case") or Case.AUTO
    if case not in _CASES:
        raise LexiconError(f"{place}: no case {shown(case)}; use one of {', '.join(Case)}.")
    return Entry(
        written=row.get("written", ""),
        alias=row.get("alias") or None,
        phonemes=tuple((alphabet, row[alphabet]) for alphabet in ALPHABETS if row.get(alphabet)),
        case=_CASES[case],
        role=row.get("role", ""),
        language=row.get("language") or None,
        line=number,
    )


_CASES: Final = {case.value: case for case in Case}


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
