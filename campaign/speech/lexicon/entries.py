"""A lexicon's rules as values, what makes them sound, and the digest that names them.

    Rules: language, scope, priority, entries  -> digest (samples are kept beside, they decide no sound)

`check_rules` is the one door: whatever reads a file goes through it, so a `Rules` in hand is sound.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

from campaign.errors import LexiconError
from campaign.speech.guard import FORBIDDEN, INVISIBLE, unspeakable
from storage.canonical import digest
from workers.languages import checked_tag

ALPHABETS: Final = ("ipa", "pinyin", "x-espeak")
"""Ways to write a pronunciation; TSV has a column for each."""
MAX_ENTRIES: Final = 200_000
MAX_WRITTEN_CHARACTERS: Final = 100
MAX_SPOKEN_CHARACTERS: Final = 500
SHOWN_PROBLEMS: Final = 10
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")
_ROLE: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


class Case(StrEnum):
    """Which spellings of an entry are meant."""

    AUTO = "auto"
    """Small letters: any. A capital, then small letters: so, or all capitals. Else exactly so."""
    EXACT = "exact"
    """Exactly so."""
    ANY = "any"
    """The same letters, small or capital."""


class Scope(StrEnum):
    """Where a lexicon applies; a later one wins over an earlier one."""

    INSTALLATION = "installation"
    """To every campaign."""
    LOCALE = "locale"
    """To every campaign, for texts of its locale."""
    PRESET = "preset"
    """To every campaign with that preset."""
    CAMPAIGN = "campaign"
    """To the campaigns whose brief names it."""


SCOPE_RANK: Final[Mapping[Scope, int]] = {scope: rank for rank, scope in enumerate(Scope)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One rule: written so, spoken so."""

    written: str
    alias: str | None = None
    """Words to say instead."""
    phonemes: tuple[tuple[str, str], ...] = ()
    """(alphabet, pronunciation), sorted by alphabet."""
    case: Case = Case.AUTO
    role: str = ""
    """Only where the template marks the word with this role: homographs."""
    language: str | None = None
    """Language to say it in; None for that of the text around it."""
    line: int = field(default=0, compare=False)
    """Where it stands in the file."""

    @property
    def says(self) -> tuple[object, ...]:
        """What two entries for one written form must agree on."""
        return (self.alias, self.phonemes, self.language)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """One version of one lexicon, without its name."""

    entries: tuple[Entry, ...]
    language: str = ""
    """Of the texts it is for: `de`, `de-AT`; empty for any."""
    scope: Scope = Scope.CAMPAIGN
    preset: str = ""
    """The preset's name, for that scope."""
    priority: int = 0
    """Higher wins within a scope."""
    unfilled: int = field(default=0, compare=False)
    """Lines of the file that say nothing yet: they are no rules."""

    @cached_property
    def digest(self) -> str:
        """sha256 hex of everything that decides sound: not of comments and line numbers."""
        body = self.as_json()
        return digest(body | {"entries": [entry[:-1] for entry in body["entries"]]})

    def as_json(self) -> dict[str, Any]:
        """As kept in the database."""
        return {
            "language": self.language,
            "scope": self.scope.value,
            "preset": self.preset,
            "priority": self.priority,
            "entries": [
                [
                    entry.written,
                    entry.alias,
                    dict(entry.phonemes),
                    entry.case.value,
                    entry.role,
                    entry.language,
                    entry.line,
                ]
                for entry in self.entries
            ],
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Rules:
        """The inverse of `as_json`."""
        entries = tuple(
            Entry(
                written=written,
                alias=alias,
                phonemes=tuple(sorted(phonemes.items())),
                case=Case(case),
                role=role,
                language=language,
                line=line,
            )
            for written, alias, phonemes, case, role, language, line in body["entries"]
        )
        return cls(
            entries=entries,
            language=body["language"],
            scope=Scope(body["scope"]),
            preset=body["preset"],
            priority=body["priority"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What a written text must become: the lexicon's own unit test."""

    written: str
    spoken: str
    language: str
    """`en`, `de-AT`."""
    line: int


def check_rules(rules: Rules, source: str) -> Rules:
    """`rules` in NFC, or `LexiconError` listing every line that is wrong: `source:line: what; mend`."""
    problems: list[str] = []
    if rules.language and not _is_language(rules.language):
        problems.append(f"{source}: no language {rules.language!r}; write for example en or de-AT")
    if rules.scope is Scope.LOCALE and not rules.language:
        problems.append(f"{source}: scope locale needs a language; add `# language: de-AT`")
    if (rules.scope is Scope.PRESET) != bool(rules.preset):
        problems.append(
            f"{source}: a preset and scope preset go together; write `# scope: preset demo-voice`"
        )
    if len(rules.entries) > MAX_ENTRIES:
        raise LexiconError(f"{source}: {len(rules.entries)} entries; split it, the limit is {MAX_ENTRIES}.")
    entries = [_normal(entry) for entry in rules.entries]
    for entry in entries:
        problems.extend(f"{source}:{entry.line}: {problem}" for problem in _problems(entry))
    problems.extend(f"{source}:{problem}" for problem in _contradictions(entries))
    if problems:
        rest = len(problems) - SHOWN_PROBLEMS
        more = [f"... and {rest} more"] if rest > 0 else []
        raise LexiconError(*problems[:SHOWN_PROBLEMS], *more)
    return replace(rules, entries=tuple(entries))


def _normal(entry: Entry) -> Entry:
    written = _tidy(entry.written)
    alias = None if entry.alias is None else _tidy(entry.alias)
    if written == entry.written and alias == entry.alias:
        return entry
    return replace(entry, written=written, alias=alias)


def _is_language(tag: str) -> bool:
    try:
        return _LANGUAGE.fullmatch(tag) is not None and bool(checked_tag(tag))
    except ValueError:
        return False


def _tidy(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFC", INVISIBLE.sub("", text))
    return " ".join(text.split()) if "  " in text or "\xa0" in text else text


def _problems(entry: Entry) -> Iterator[str]:
    shown = entry.written[:40]
    if not entry.written.strip() or entry.written != entry.written.strip():
        yield f"{shown!r} is empty or has white space at its ends; correct the first column"
        return
    if len(entry.written) > MAX_WRITTEN_CHARACTERS:
        yield f"{shown!r}... has {len(entry.written)} characters; shorten it to {MAX_WRITTEN_CHARACTERS}"
    for text in (entry.written, entry.alias or "", *(sounds for _, sounds in entry.phonemes)):
        if match := FORBIDDEN.search(text):
            yield f"{shown!r}: the character U+{ord(match[0]):04X} is not allowed; remove it"
        if len(text) > MAX_SPOKEN_CHARACTERS:
            yield f"{shown!r}: {len(text)} characters to say; shorten them to {MAX_SPOKEN_CHARACTERS}"
    if not any(c.isalnum() for c in entry.written):
        yield f"{shown!r} has no letter or digit; write a word"
    if entry.alias is None and not entry.phonemes and entry.language is None:
        yield f"{shown!r} says nothing; add an alias, a pronunciation or a language"
    if entry.alias is not None and not any(c.isalpha() for c in entry.alias):
        yield f"the alias of {shown!r} has no letter; write the words to say"
    elif (bad := unspeakable(entry.alias or entry.written)) is not None:
        what = "the alias of " if entry.alias else ""
        yield f"{what}{shown!r} has {bad!r}, which no voice can say; write the words in the column alias"
    if entry.language is not None and not _is_language(entry.language):
        yield f"{shown!r}: no language {entry.language!r}; write for example fr"
    if entry.role and not _ROLE.fullmatch(entry.role):
        yield f"{shown!r}: a role is letters, digits and : . _ -, not {entry.role!r}; correct it"
    for alphabet, sounds in entry.phonemes:
        if alphabet not in ALPHABETS:
            yield f"{shown!r}: no alphabet {alphabet!r}; use one of {', '.join(ALPHABETS)}"
        elif problem := _sound_problem(alphabet, sounds):
            yield f"{shown!r}: {alphabet} {sounds[:40]!r} {problem}"


_PINYIN: Final = re.compile(r"[a-zü:]{1,6}[1-5](?: [a-zü:]{1,6}[1-5])*")


def _sound_problem(alphabet: str, sounds: str) -> str | None:
    if alphabet == "pinyin":
        if not _PINYIN.fullmatch(sounds):
            return "is no pinyin; write syllables with tone numbers: ni3 hao3"
    elif alphabet == "x-espeak":
        if not sounds.isascii() or not sounds.isprintable() or {"[", "]"} & set(sounds):
            return "is no x-espeak; use printable ASCII without brackets"
    # figures of every kind, `¹` too: none of them is IPA
    elif any(c.isdigit() or c in "<>{}@#$%&*=~" for c in sounds) or not any(c.isalpha() for c in sounds):
        return "is no IPA; write symbols such as ˈʃɑːn"
    return None


def _contradictions(entries: Sequence[Entry]) -> Iterator[str]:
    first_by_key: dict[tuple[str, str, Case], Entry] = {}
    for entry in entries:
        key = (entry.written if entry.case is Case.EXACT else folded(entry), entry.role, entry.case)
        first = first_by_key.setdefault(key, entry)
        if first is entry:
            continue
        what = "again" if first.says == entry.says else "with another pronunciation"
        yield (
            f"{entry.line}: {entry.written!r} is in line {first.line} already, {what}; "
            "remove one, or tell them apart with a role"
        )


def folded(entry: Entry) -> str:
    """What entries that compete for the same spellings share."""
    return (
        entry.written
        if entry.case is Case.AUTO and entry.written != entry.written.lower()
        else entry.written.lower()
    )
