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
    found = [
        Change(written="", before=f"# {name}: {before}", after=f"# {name}: {after}")
        for name in ("language", "scope", "preset", "priority")
        if (before := getattr(old, name)) != (after := getattr(new, name))
    ]
    before_by, after_by = ({_key(one): one for one in rules.entries} for rules in (old, new))
    for key in sorted(before_by.keys() | after_by.keys()):
        before_entry, after_entry = before_by.get(key), after_by.get(key)
        if before_entry != after_entry:
            found.append(Change(written=key[0], before=_shown(before_entry), after=_shown(after_entry)))
    return found


def _key(one: Entry) -> tuple[str, str, str]:
    return one.written, one.role, one.case.value


def _shown(one: Entry | None) -> str:
    if one is None:
        return ""
    parts = [one.written, one.alias or "", *(f"{alphabet} {sounds}" for alphabet, sounds in one.phonemes)]
    parts += [one.role and f"role {one.role}", f"language {one.language}" if one.language else ""]
    parts += [f"case {one.case}" if one.case.value != "auto" else ""]
    return "\t".join(part for part in parts if part)
