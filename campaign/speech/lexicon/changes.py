"""What differs between two versions of a lexicon."""

from __future__ import annotations

from dataclasses import dataclass

from campaign.speech.lexicon.entries import Entry, Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One rule, before and after; empty where there is none."""

    written: str
    before: str
    after: str


def changes(old: Rules, new: Rules) -> list[Change]:
    """Settings first, then rules by their written form. Order and line numbers are no difference."""
    differences = [
        Change(written="", before=f"# {name}: {before}", after=f"# {name}: {after}")
        for name in ("language", "scope", "preset", "priority")
        if (before := getattr(old, name)) != (after := getattr(new, name))
    ]
    before_by, after_by = ({_key(entry): entry for entry in rules.entries} for rules in (old, new))
    for key in sorted(before_by.keys() | after_by.keys()):
        before_entry, after_entry = before_by.get(key), after_by.get(key)
        if before_entry != after_entry:
            differences.append(
                Change(written=key[0], before=_describe(before_entry), after=_describe(after_entry))
            )
    return differences


def _key(entry: Entry) -> tuple[str, str, str]:
    return entry.written, entry.role, entry.case.value


def _describe(entry: Entry | None) -> str:
    if entry is None:
        return ""
    parts = [
        entry.written,
        entry.alias or "",
        *(f"{alphabet} {sounds}" for alphabet, sounds in entry.phonemes),
    ]
    parts += [entry.role and f"role {entry.role}", f"language {entry.language}" if entry.language else ""]
    parts += [f"case {entry.case}" if entry.case.value != "auto" else ""]
    return "\t".join(part for part in parts if part)
