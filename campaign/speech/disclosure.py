"""What a message must say of itself: who calls, that the voice is synthetic, how to opt out.

The rules and their words are data (`disclosure.toml`), by the territories of the brief. A brief asks for the check
with a table, and a commercial one whose territories have a rule must:

    [disclosure]
    caller = ["City Utilities"]          # any of these names in the script
    jurisdictions = ["US"]               # default: the brief's territories
    [disclosure.words.ru]                # where the data file has none, or for other words
    synthetic = ["синтезированный голос"]

Each rendered script is held against it before any sound is made; one that says too little is an error of its row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, JsonValue, StringConstraints

from campaign.errors import BriefError, SpeechError
from campaign.speech.folding import folded
from campaign.speech.languages import registry
from campaign.speech.languages.registry import codes
from workers.mends import Words
from workers.strict import Several, StrictTable, read, read_toml

CALLER, SYNTHETIC, OPT_OUT = "caller", "synthetic", "opt_out"
Phrase = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), Words("text that is not empty", "texts")
]
Phrases = Annotated[
    Several[Phrase], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)
]


class DisclosureWords(StrictTable):
    """Words of one language that say what must be said; any of them does."""

    synthetic: Phrases = ()
    """That the voice is synthetic."""
    opt_out: Phrases = ()
    """How to hear no more."""

    def of(self, element: str) -> tuple[str, ...]:
        """The words for an element."""
        return {SYNTHETIC: self.synthetic, OPT_OUT: self.opt_out}[element]


class DisclosureTable(StrictTable):
    """A brief's `[disclosure]`."""

    caller: Phrases = Field(default=(), examples=['["City Utilities"]'])
    """Who calls: any of these names in the script."""
    jurisdictions: Phrases | None = Field(default=None, examples=['["US"]'])
    """Whose rules hold; by default those of the brief's territories."""
    words: Mapping[str, DisclosureWords] = Field(
        default={}, examples=['{ ru = { synthetic = ["синтезированный голос"] } }']
    )
    """By language, where the shipped words do not do."""


class _Rule(StrictTable):
    """What one jurisdiction asks for."""

    members: Several[str] = ()
    source: str
    must_say: Several[str]
    at_start: Several[str]


class _Rulebook(StrictTable):
    """`disclosure.toml`."""

    first_characters: int
    rules: Mapping[str, _Rule]

    def rule_of(self, territory: str) -> _Rule | None:
        """The rule of a territory, or of a union that it is in."""
        return next(
            (rule for name, rule in self.rules.items() if territory == name or territory in rule.members),
            None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What every script of a campaign must say; picklable."""

    jurisdictions: tuple[str, ...]
    must_say: frozenset[str]
    at_start: frozenset[str]
    callers: tuple[str, ...]
    words: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Language to what to its phrases, folded."""
    first_characters: int

    def check(self, language: str, script: str) -> None:
        """Raises `SpeechError` for a script that says too little."""
        text = folded(script)
        where = ", ".join(self.jurisdictions)
        start = self.first_characters
        if self._missing(CALLER, self.callers, text):
            raise SpeechError(
                "caller-not-named",
                f"the script does not say who calls{self._near(CALLER, start)}, as {where} asks",
                mend=f"say {' or '.join(self.callers)} in the template",
            )
        words = self.words.get(language, {})
        if self._missing(SYNTHETIC, words.get(SYNTHETIC, ()), text):
            raise SpeechError(
                "synthetic-voice-not-said",
                f"the script does not say that the voice is synthetic{self._near(SYNTHETIC, start)}, as {where} asks",
                mend=f"say for example {_example(words, SYNTHETIC)!r} in the template",
            )
        if self._missing(OPT_OUT, words.get(OPT_OUT, ()), text):
            raise SpeechError(
                "no-way-to-opt-out",
                f"the script does not say how to opt out, as {where} asks",
                mend=f"say for example {_example(words, OPT_OUT)!r} in the template",
            )

    def _missing(self, element: str, phrases: Iterable[str], text: str) -> bool:
        if element not in self.must_say:
            return False
        part = text[: self.first_characters] if element in self.at_start else text
        return not any(folded(phrase) in part for phrase in phrases)

    def _near(self, element: str, characters: int) -> str:
        return f" in its first {characters} characters" if element in self.at_start else ""


def disclosure_of(
    table: Mapping[str, JsonValue], *, territories: Iterable[str], languages: Iterable[str], commercial: bool
) -> Disclosure | None:
    """The brief's rules; None where none apply. Raises `BriefError` with the mend."""
    territories = tuple(territories)
    rulebook = _rulebook()
    if not table:
        regulated = [territory for territory in territories if rulebook.rule_of(territory) is not None]
        if commercial and regulated:
            raise BriefError(
                f"messages to {', '.join(regulated)} must say who calls and more, see campaign/speech/disclosure.toml. "
                'Add [disclosure] with caller = ["who you are"] to the brief, so that each script is checked.'
            )
        return None
    asked = read(DisclosureTable, table, where="disclosure", error=BriefError)
    jurisdictions = territories if asked.jurisdictions is None else asked.jurisdictions
    rules = {name: rulebook.rule_of(name) for name in jurisdictions}
    if missing := [name for name, rule in rules.items() if rule is None and name not in territories]:
        raise BriefError(
            f"disclosure: there is no rule for {', '.join(missing)}; the known ones are {', '.join(rulebook.rules)}."
        )
    in_force = {name: rule for name, rule in rules.items() if rule is not None}
    disclosure = Disclosure(
        jurisdictions=tuple(in_force),
        must_say=frozenset(element for rule in in_force.values() for element in rule.must_say),
        at_start=frozenset(element for rule in in_force.values() for element in rule.at_start),
        callers=asked.caller,
        words=_words(asked.words),
        first_characters=rulebook.first_characters,
    )
    _check_whole(disclosure, languages)
    return disclosure


def _check_whole(disclosure: Disclosure, languages: Iterable[str]) -> None:
    if CALLER in disclosure.must_say and not disclosure.callers:
        raise BriefError('disclosure: caller is missing; write caller = ["who you are"].')
    for language in languages:
        for element in sorted(disclosure.must_say - {CALLER}):
            if not disclosure.words.get(language, {}).get(element):
                raise BriefError(
                    f"disclosure: no words are known for {element} in {language!r}. "
                    f'Add [disclosure.words.{language}] with {element} = ["..."] to the brief.'
                )


def _words(added: Mapping[str, DisclosureWords]) -> dict[str, dict[str, tuple[str, ...]]]:
    """By language and element: the brief's own words, then those of the language's room."""
    none = DisclosureWords()
    return {
        language: {
            element: (*added.get(language, none).of(element), *_shipped(language).of(element))
            for element in (SYNTHETIC, OPT_OUT)
        }
        for language in (*sorted(codes()), *(added.keys() - codes()))
    }


def _shipped(language: str) -> DisclosureWords:
    room = registry.language(language)
    if room is None:
        return DisclosureWords()
    return DisclosureWords(synthetic=room.disclosure.synthetic, opt_out=room.disclosure.opt_out)


def _example(words: Mapping[str, tuple[str, ...]], element: str) -> str:
    return next(iter(words.get(element, ())), "")


@cache
def _rulebook() -> _Rulebook:
    path = Path(__file__).parent / "disclosure.toml"
    table = read_toml(path, error=BriefError, option="a new installation")
    return read(_Rulebook, table, where=str(path), error=BriefError)
