"""A recipient's fields to spoken utterances: the one door to everything about text.

    FrontEnd(config).compose(locale="de-AT", fields={...}) -> Composition

The way: fields checked -> template rendered -> sentences -> spans, values, lexicon, normaliser -> guard.
Nothing is guessed: what cannot be said is a `RowError` with code, reason, mend and column. Sentences are
cached whole, so a campaign pays for each distinct sentence once.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from campaign.errors import BriefError, FieldError, RenderError, RowError
from campaign.speech.abilities import Abilities
from campaign.speech.clause import FIELD_END, MARKED, Sentence, SpokenSentence, State
from campaign.speech.columns import ColumnSpec
from campaign.speech.conventions import NO_CONVENTIONS, Conventions
from campaign.speech.disclosure import Disclosure
from campaign.speech.languages.sentences import sentence_ends
from campaign.speech.pieces import SpokenUtterance
from campaign.speech.ports import Lexicon, NemoGrammars, NormaliserSource
from campaign.speech.prose import SentenceContext
from campaign.speech.templates import Mark, Pause, Rendered, Tag, Template, TemplateSource
from campaign.speech.trace import Trace, TracedSentence
from campaign.speech.typed import Kind, TypedValue
from workers import languages
from workers.engines.imperfection import Imperfection

__all__ = ["Composition", "FrontEnd", "FrontEndConfig", "SpokenUtterance", "TemplateSource"]

LEFTOVER_POLICIES: Final = ("error", "verbalise")


CLAUSE_CHARACTERS: Final = 16
"""A shorter clause does not stand alone."""
CLAUSE_PAUSE_MS: Final = 150
"""After a clause that is parted from its sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontEndConfig:
    """Everything that decides spoken text; picklable, so that child processes build their own `FrontEnd`."""

    templates: Mapping[str, TemplateSource]
    """Locale (`de`, `de-AT`) or `default`, to its template."""
    columns: Mapping[str, ColumnSpec] = field(default_factory=dict)
    conventions: Conventions = NO_CONVENTIONS
    """How its columns are read beyond what is declared."""
    languages: tuple[str, ...] = (languages.DEFAULT,)
    """The campaign's declared languages, the first its default."""
    lexicon: Lexicon | None = None
    """Resolved for the campaign's engine; picklable."""
    abilities: Abilities | None = None
    """What the campaign's engine can say beyond words; None where no engine is meant."""
    vocabulary: frozenset[str] | None = None
    """Characters that the engine can be given; None for any."""
    grammar_cache_dir: Path | None = None
    """Where decompressed grammars are shared between processes; None for memory."""
    disclosure: Disclosure | None = None
    """What each script must say of itself; None for nothing."""
    leftover: str = "error"
    """`error`, or `verbalise`: signs and digits that are left over are said by name, with a warning."""
    say_twice: frozenset[Kind] = frozenset()
    """Kinds of value that are said again, each in a sentence after the one that holds it."""
    max_field_characters: int = 5_000
    max_script_characters: int = 20_000
    max_sentence_characters: int = 400
    """A longer sentence is parted at its commas."""
    max_first_characters: int | None = None
    """For a listener who does not wait: a longer first sentence is parted at its first comma."""
    cached_sentences: int = 8_000
    """About 3 kB each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """What one recipient hears, and how it came to be."""

    language: str
    """The template's language."""
    script: str
    """The rendered text as a person reads it."""
    utterances: tuple[SpokenUtterance, ...]
    fallbacks: tuple[str, ...]
    """Columns whose fallback was used."""
    warnings: tuple[str, ...]
    trace: Trace
    imperfections: tuple[Imperfection, ...] = ()
    """That the template declares."""

    @property
    def spoken_text(self) -> str:
        """All words, for people and for gold files."""
        return " ".join(utterance.text for utterance in self.utterances)


class FrontEnd:
    """Templates compiled once, rows composed many times. One thread at a time."""

    def __init__(self, config: FrontEndConfig, *, normalisers: NormaliserSource | None = None) -> None:
        """Raises `TemplateError` or `BriefError` on what is wrong before the first row."""
        if not config.templates:
            raise BriefError("no template; add one under [templates]")
        if not config.languages:
            raise BriefError('no language; write languages = ["en"]')
        if config.leftover not in LEFTOVER_POLICIES:
            raise BriefError(f"leftover is {config.leftover!r}; use one of {', '.join(LEFTOVER_POLICIES)}")
        self._config = config
        self._languages = tuple(languages.primary(language) for language in config.languages)
        self._templates = {
            languages.normal(key): Template(source) for key, source in config.templates.items()
        }
        for template in self._templates.values():
            template.check_flags(config.columns)
        self._template_languages = {
            languages.normal(key): languages.primary(
                source.language or (config.languages[0] if key == "default" else key)
            )
            for key, source in config.templates.items()
        }
        self._imperfections = {
            languages.normal(key): source.imperfections for key, source in config.templates.items()
        }
        self._source: NormaliserSource = normalisers or NemoGrammars(config.grammar_cache_dir)
        self._cache: OrderedDict[tuple[object, ...], SpokenSentence] = OrderedDict()
        self._means: dict[tuple[str, str], SentenceContext] = {}
        self.cache_hits = 0
        self.cache_misses = 0

    def compose(self, *, locale: str, fields: Mapping[str, str]) -> Composition:
        """The spoken form of one recipient's message; raises `RowError` subclasses."""
        key = self._template_for(locale)
        template, language = self._templates[key], self._template_languages[key]
        region = languages.region(locale) if languages.primary(locale) == language else ""
        columns = self._config.columns
        for name in template.needed(columns):
            self._check_size(name, fields.get(name, ""))
        rendered = template.render(fields, columns, self._config.conventions)
        if len(rendered.text) > self._config.max_script_characters:
            raise RenderError(
                "script-too-long",
                f"{len(rendered.text)} characters, the limit is {self._config.max_script_characters}",
                mend="shorten the template or the fields",
            )
        text = _insert_prose_fields(rendered)
        composition = self._compose(text, rendered, language, region, fields)
        if flaws := self._imperfections[key]:
            composition = replace(composition, imperfections=flaws)
        if self._config.disclosure is not None:
            self._config.disclosure.check(language, composition.script)
        return composition

    def rehearse(self, locale: str, sample: str) -> list[RowError]:
        """What is wrong in the template of a locale with `sample` for every value; each sentence on its own."""
        key = languages.normal(locale)
        language, faults = self._template_languages[key], []
        for rendered in self._templates[key].rehearsals(sample):
            text, state, start = _insert_prose_fields(rendered), State(), 0
            for end, _ in self._utterance_ends(text, language):
                sentence, start = text[start:end], end
                try:
                    state = self._speak_sentence(sentence, language, "", state, rendered.marks).end
                except RowError as fault:
                    faults.append(fault)
        return faults

    def _compose(
        self, text: str, rendered: Rendered, language: str, region: str, fields: Mapping[str, str]
    ) -> Composition:
        utterances: list[SpokenUtterance] = []
        traced: list[TracedSentence] = []
        warnings = list(rendered.warnings)
        state = State()
        start = 0
        for end, is_clause in self._utterance_ends(text, language):
            sentence = self._speak_sentence(text[start:end], language, region, state, rendered.marks)
            if sentence.leading_pause_ms is not None and utterances:
                utterances[-1] = replace(utterances[-1], pause_after_ms=sentence.leading_pause_ms)
            utterances.extend(sentence.utterances)
            if is_clause and utterances and utterances[-1].pause_after_ms is None:
                utterances[-1] = replace(utterances[-1], pause_after_ms=CLAUSE_PAUSE_MS)
            traced.append(TracedSentence(start=start, text=text[start:end], spoken=sentence))
            warnings.extend(sentence.warnings)
            state = sentence.end
            start = end
        if not utterances:
            raise RenderError(
                "empty-script", "nothing is left to say", mend="correct the template or the fields"
            )
        script = _script(text, rendered.marks)
        return Composition(
            language=language,
            script=script,
            utterances=tuple(utterances),
            fallbacks=rendered.fallbacks,
            warnings=tuple(warnings),
            trace=Trace(fields=fields, script=script, sentences=tuple(traced), marks=rendered.marks),
        )

    def _speak_sentence(
        self, text: str, language: str, region: str, state: State, marks: Mapping[str, Mark]
    ) -> SpokenSentence:
        key = (text, language, region, state, tuple(marks[c] for c in MARKED.findall(text) if c != FIELD_END))
        cached = self._cache.get(key)
        if cached is not None:
            self.cache_hits += 1
            self._cache.move_to_end(key)
            return cached
        self.cache_misses += 1
        spoken = Sentence(self._means_of(language, region), state, marks).speak(text)
        self._cache[key] = spoken
        if len(self._cache) > self._config.cached_sentences:
            self._cache.popitem(last=False)
        return spoken

    def _means_of(self, language: str, region: str) -> SentenceContext:
        means = self._means.get((language, region))
        if means is None:
            means = self._means[language, region] = SentenceContext(
                languages=self._languages,
                base=language,
                region=region,
                source=self._source,
                lexicon=self._config.lexicon,
                abilities=self._config.abilities,
                vocabulary=self._config.vocabulary,
                leftover=self._config.leftover,
                say_twice=self._config.say_twice,
            )
        return means

    def _utterance_ends(self, text: str, language: str) -> Iterator[tuple[int, bool]]:
        """Where utterances end, and whether that is in the middle of a sentence, at a comma."""
        limit, first_limit = self._config.max_sentence_characters, self._config.max_first_characters
        start = 0
        for end in sentence_ends(text, language):
            if start == 0 and first_limit is not None and end > first_limit:
                early = [
                    cut
                    for cut in _cut_positions(text, start, end)
                    if CLAUSE_CHARACTERS <= cut <= end - CLAUSE_CHARACTERS
                ]
                if early:
                    yield early[0], True
                    start = early[0]
            while end - start > limit:
                cuts = _cut_positions(text, start, start + limit)
                if not cuts:
                    break
                yield cuts[-1], True
                start = cuts[-1]
            yield end, False
            start = end

    def _template_for(self, locale: str) -> str:
        if key := languages.nearest(locale, self._templates):
            return key
        if "default" in self._templates:
            return "default"
        raise FieldError(
            "unknown-locale",
            f"no template for the locale {locale!r}, and none is the default",
            mend=_missing_template(locale, sorted(self._templates), self._config.languages[0]),
        )

    def _check_size(self, name: str, raw: str) -> None:
        if len(raw) > self._config.max_field_characters:
            raise FieldError(
                "field-too-long",
                f"{len(raw)} characters, the limit is {self._config.max_field_characters}",
                mend="shorten the field",
                column=name,
            )


def _missing_template(locale: str, there: Sequence[str], first: str) -> str:
    """What to write into the brief; a row that names no locale is in the first of its languages."""
    primary, other = languages.primary(locale), there[0]
    mend = f'write default = "{other}" or {primary} = "..." under [templates]'
    if languages.normal(locale) != languages.normal(first):
        return f"use one of {', '.join(there)} as the locale, or {mend}"
    return f'{mend}, or languages = ["{other}"] where rows without a locale are in {other}'


_CUT: Final = re.compile(r"[,;:–—、，；：]\s*")


def _cut_positions(text: str, start: int, end: int) -> list[int]:
    return [match.end() for match in _CUT.finditer(text, start, end)]


def _insert_prose_fields(rendered: Rendered) -> str:
    """The rendered text with fields of prose written into it, closed by `FIELD_END`."""
    text = rendered.text
    for mark, value in rendered.marks.items():
        if isinstance(value, TypedValue) and value.kind is Kind.TEXT:
            text = text.replace(mark, f"{mark}{value.written}{FIELD_END}", 1)
    return text


def _script(text: str, marks: Mapping[str, Mark]) -> str:
    """The script as a person reads it."""

    def shown(match: re.Match[str]) -> str:
        value = marks.get(match[0])
        if value is None or isinstance(value, Tag | Pause) or value.kind is Kind.TEXT:
            return ""
        return value.written

    return MARKED.sub(shown, text).strip()
