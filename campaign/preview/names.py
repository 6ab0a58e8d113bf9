"""Names before anybody hears them: the distinct values of name columns, ranked by the risk of being said wrongly.

Each value goes through the campaign's own front end, lexicons included; what happens to it there, and how it is
written, are the reasons. A name that a lexicon covers carries no risk.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from campaign.brief import LoadedBrief
from campaign.errors import BriefError, RowError
from campaign.recipients import Recipients, clean_id
from campaign.speech.columns import ColumnSpec
from campaign.speech.fields.nothing import is_nothing
from campaign.speech.front_end import Composition, FrontEnd, FrontEndConfig
from campaign.speech.languages import registry
from campaign.speech.languages.scripts import script_of
from campaign.speech.lexicon.files import lexicon_text
from campaign.speech.lexicon.tsv import with_words
from campaign.speech.pieces import Piece
from campaign.speech.templates import TemplateSource
from campaign.speech.typed import Kind
from campaign.speech.wordlist import words
from campaign.submission.header_stage import fit_columns
from workers.languages import UNDETERMINED, meant_tag

BARE: Final = "{{ text }}."
_WORD: Final = re.compile(r"[^\W\d_]+")
_VOWELS: Final = frozenset("aeiouyàáâãäåæèéêëìíîïòóôõöøœùúûüýÿ")
_SHORT_LETTERS: Final = 2
RISKS: Final[Mapping[str, int]] = {
    "cannot-be-said": 100,
    "other-script": 40,
    "rewritten": 30,
    "unusual-letter": 25,
    "digit-or-sign": 25,
    "no-vowel": 20,
    "mixed-case": 15,
    "all-capitals": 15,
    "very-short": 15,
    "initial": 10,
    "no-capital": 5,
}
"""How much each reason weighs. A judgement, not a measurement."""
NOT_IN_LEXICON: Final = 5
"""Added where there is any other reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a name may be said wrongly."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedName:
    """One distinct value in one locale."""

    value: str
    locale: str
    language: str
    """It is spoken in; empty where it cannot be."""
    rows: int
    first_row: int
    risk: int
    reasons: tuple[Reason, ...]
    spoken: str
    in_lexicon: bool
    fix: str
    """The line for a lexicon, its second cell to be filled in."""


def name_columns(columns: Mapping[str, ColumnSpec], chosen: Sequence[str]) -> tuple[str, ...]:
    """Those asked for, else those that the brief declares as names; raises `BriefError` where there are none."""
    names = tuple(chosen) or tuple(name for name, spec in columns.items() if spec.kind is Kind.NAME)
    if not names:
        raise BriefError('no column is a name; declare one in the brief, name = "name", or give --column.')
    return names


@dataclass(frozen=True, slots=True, kw_only=True)
class NameValue:
    """One value of a name-like column."""

    row: int
    locale: str
    value: str


def rank_names(values: Iterable[NameValue], config: FrontEndConfig) -> list[RankedName]:
    """The distinct values, the riskiest first, then the most frequent."""
    counts: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], int] = {}
    for entry in values:
        row, locale, value = entry.row, entry.locale, entry.value
        counts[locale, value] += 1
        first.setdefault((locale, value), row)
    front_end = _front_end(config)
    ranked = [
        _ranked(front_end, locale, value, rows, first[locale, value])
        for (locale, value), rows in counts.items()
    ]
    return sorted(ranked, key=lambda name: (-name.risk, -name.rows, name.value, name.locale))


def names_in(source: Recipients, loaded: LoadedBrief, columns: Sequence[str]) -> Iterator[NameValue]:
    """The values of these columns in a recipients file; raises `HeaderError` where it does not fit the brief."""
    brief = loaded.brief
    fit = fit_columns(loaded, source, also=columns)
    for row in source.rows():
        fields = fit.fields(row)
        locale = _locale(clean_id(fields.get(brief.locale_column, "")) or brief.languages[0])
        for column in columns:
            value = fields.get(column, "")
            if not is_nothing(value, Kind.NAME):
                yield NameValue(row=row.number, locale=locale, value=value)


def _locale(tag: str) -> str:
    """The tag, or the one for none: its rows are bad, and a dry run tells them."""
    try:
        return meant_tag(tag)
    except ValueError:
        return UNDETERMINED


def _front_end(config: FrontEndConfig) -> FrontEnd:
    """The campaign's front end, its templates a name and nothing else."""
    templates = {
        locale: TemplateSource(name=template.name, text="{{ name_value }}", language=template.language)
        for locale, template in config.templates.items()
    }
    columns = {"name_value": ColumnSpec(kind=Kind.NAME)}
    return FrontEnd(replace(config, templates=templates, columns=columns))


def _ranked(front_end: FrontEnd, locale: str, value: str, rows: int, first_row: int) -> RankedName:
    composition: Composition | None = None
    reasons: list[Reason] = []
    covered = False
    try:
        composition = front_end.compose(locale=locale, fields={"name_value": value})
    except RowError as error:
        reasons.append(Reason(code="cannot-be-said", detail=f"{error.code}: {error.reason}"))
    if composition is not None:
        pieces = [
            piece
            for sentence in composition.trace.sentences
            for piece in sentence.spoken.pieces
            if any(c.isalnum() for c in piece.written)
        ]
        covered = bool(pieces) and all(piece.step.startswith("lexicon") for piece in pieces)
        if not covered:
            as_written = " ".join(piece.written for piece in pieces if not piece.step)
            reasons.extend(_spoken_reasons(pieces))
            reasons.extend(_written_reasons(as_written, composition.language))
    risk = sum(RISKS[code] for code in {reason.code for reason in reasons})
    return RankedName(
        value=value,
        locale=locale,
        language=composition.language if composition else "",
        rows=rows,
        first_row=first_row,
        risk=risk + (NOT_IN_LEXICON if reasons else 0),
        reasons=tuple(reasons),
        spoken=composition.spoken_text if composition else "",
        in_lexicon=covered,
        fix=f"{value}\t",
    )


def _spoken_reasons(pieces: Iterable[Piece]) -> Iterator[Reason]:
    for piece in pieces:
        written = piece.written.strip()
        if piece.step and not piece.step.startswith("lexicon"):
            yield Reason(code="rewritten", detail=f"{written!r} is said {piece.text.strip()!r}")
        if piece.reason.startswith("script"):
            yield Reason(code="other-script", detail=f"{written!r} is spoken in {piece.language}")


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"


def _written_reasons(text: str, language: str) -> Iterator[Reason]:
    if any(not (c.isalpha() or c.isspace() or c in "-'’.,‐‑" or _is_mark(c)) for c in text):
        yield Reason(code="digit-or-sign", detail=f"{text!r} is not letters alone")
    room = registry.language(language)
    own = None if room is None else room.samples.letters
    for match in _WORD.finditer(text):
        word = match.group()
        letters = word.lower()
        strange = sorted({c for c in letters if not c.isascii() and c.isalpha() and c not in (own or "")})
        if strange and own is not None and "LATIN" in _scripts(letters):
            yield Reason(code="unusual-letter", detail=f"{', '.join(strange)} in {word!r}")
        if len(word) > 1 or text[match.end() : match.end() + 1] not in ("'", "’"):  # the O of O'Neill
            yield from _shape(word, language)


def _scripts(letters: str) -> set[str | None]:
    return {script_of(c) for c in letters}


def _shape(word: str, language: str) -> Iterator[Reason]:
    """What the letters of one word, and their cases, say."""
    if "LATIN" not in _scripts(word):
        return
    if len(word) == 1:
        yield Reason(code="initial", detail=f"{word!r} is one letter")
        return
    if len(word) <= _SHORT_LETTERS:
        yield Reason(code="very-short", detail=f"{word!r}")
    if word.isupper():
        yield Reason(code="all-capitals", detail=f"{word!r} may be spelled or said as a word")
    elif re.search(r"[^\W\d_]*\w[A-ZÀ-ÖØ-Þ]", word) and not word.istitle():
        yield Reason(code="mixed-case", detail=f"{word!r}")
    elif word.islower() and word not in _PARTICLES:
        yield Reason(code="no-capital", detail=f"{word!r}")
    if _VOWELS.isdisjoint(_plain(word)):
        yield Reason(code="no-vowel", detail=f"{word!r}")


_PARTICLES: Final = words(
    "al ap ben bin bint da dal das de del della den der des di do dos du e el i la le los of op ten ter van "
    "von und y zu zum zur"
)
"""Parts of names that are written small."""


def _plain(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word.lower()) if unicodedata.category(c) != "Mn")


def carrier(language: str) -> str:
    """The sentence, as a template, in which a name of that language is heard."""
    room = registry.language(language)
    return BARE if room is None else room.samples.name_carrier


def lexicon_lines(names: Iterable[RankedName], path: Path) -> tuple[str, int]:
    """The lexicon in `path`, as people wrote it, with a line to be filled in for each name that it lacks; how many.

    A file that is not there is begun. Raises `LexiconError` for one that is no table.
    """
    existing = lexicon_text(path) if path.is_file() else ""
    return with_words(existing, path.name, (name.value for name in names))
