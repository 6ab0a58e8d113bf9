"""What a message must say of itself: who calls, that the voice is synthetic, how to hear no more.

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

import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from campaign.errors import BriefError, SpeechError

KEYS = ("caller", "jurisdictions", "words")
CALLER, SYNTHETIC, OPT_OUT = "caller", "synthetic", "opt_out"


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
                f"the script does not say how to hear no more, as {where} asks",
                mend=f"say for example {_example(words, OPT_OUT)!r} in the template",
            )

    def _missing(self, what: str, phrases: Iterable[str], text: str) -> bool:
        if what not in self.must_say:
            return False
        part = text[: self.first_characters] if what in self.at_start else text
        return not any(folded(phrase) in part for phrase in phrases)

    def _near(self, what: str, characters: int) -> str:
        return f" in its first {characters} characters" if what in self.at_start else ""


def disclosure_of(
    table: Mapping[str, Any], *, territories: Iterable[str], languages: Iterable[str], commercial: bool
) -> Disclosure | None:
    """The brief's rules; None where none apply. Raises `BriefError` with the mend."""
    territories = tuple(territories)
    known = _data()
    if not table:
        ruled = [one for one in territories if _rule_of(known, one) is not None]
        if commercial and ruled:
            raise BriefError(
                f"messages to {', '.join(ruled)} must say who calls and more, see campaign/speech/disclosure.toml. "
                'Add [disclosure] with caller = ["who you are"] to the brief, so that each script is checked.'
            )
        return None
    if unknown := sorted(set(table) - set(KEYS)):
        raise BriefError(f"disclosure: no such key: {', '.join(unknown)}. Known keys: {', '.join(KEYS)}.")
    asked = _texts("jurisdictions", table.get("jurisdictions", list(territories)))
    rules = {one: _rule_of(known, one) for one in asked}
    if missing := [one for one, rule in rules.items() if rule is None and one not in territories]:
        raise BriefError(
            f"disclosure: there is no rule for {', '.join(missing)}; known are {', '.join(known['rules'])}."
        )
    found = [rule for rule in rules.values() if rule is not None]
    made = Disclosure(
        jurisdictions=tuple(one for one, rule in rules.items() if rule is not None),
        must_say=frozenset(what for rule in found for what in rule["must_say"]),
        at_start=frozenset(what for rule in found for what in rule["at_start"]),
        callers=_texts("caller", table.get("caller", [])),
        words=_words(known["words"], table.get("words", {})),
        first_characters=known["first_characters"],
    )
    _check_whole(made, languages)
    return made


def _check_whole(made: Disclosure, languages: Iterable[str]) -> None:
    if CALLER in made.must_say and not made.callers:
        raise BriefError('disclosure: caller is missing; write caller = ["who you are"].')
    for language in languages:
        for what in sorted(made.must_say - {CALLER}):
            if not made.words.get(language, {}).get(what):
                raise BriefError(
                    f"disclosure: no words are known for {what} in {language!r}. "
                    f'Add [disclosure.words.{language}] with {what} = ["..."] to the brief.'
                )


def _rule_of(known: Mapping[str, Any], territory: str) -> Mapping[str, Any] | None:
    for name, rule in known["rules"].items():
        if territory == name or territory in rule.get("members", ()):
            found: Mapping[str, Any] = rule
            return found
    return None


def _words(known: Mapping[str, Any], added: Any) -> dict[str, dict[str, tuple[str, ...]]]:
    if not isinstance(added, Mapping):
        raise BriefError('disclosure: words wants tables such as [disclosure.words.en] synthetic = ["..."].')
    words = {
        language: {what: tuple(phrases) for what, phrases in table.items()}
        for language, table in known.items()
    }
    for language, table in added.items():
        if not isinstance(table, Mapping) or not set(table) <= {SYNTHETIC, OPT_OUT}:
            raise BriefError(f"disclosure: words.{language} wants synthetic and opt_out, each a list.")
        own = words.setdefault(language, {})
        for what, phrases in table.items():
            own[what] = (*_texts(f"words.{language}.{what}", phrases), *own.get(what, ()))
    return words


def _texts(name: str, value: Any) -> tuple[str, ...]:
    value = [value] if isinstance(value, str) else value
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) and one.strip() for one in value):
        raise BriefError(f"disclosure: {name} is {value!r}; give a list of texts.")
    return tuple(value)


def _example(words: Mapping[str, tuple[str, ...]], what: str) -> str:
    return next(iter(words.get(what, ())), "")


def folded(text: str) -> str:
    """For comparing: compatibility forms, case and runs of white space do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "disclosure.toml").read_text(encoding="utf-8"))
