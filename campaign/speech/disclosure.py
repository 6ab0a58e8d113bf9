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
    table: Mapping[str, Any], *, territories: Iterable[str], languages: Iterable[str], commercial: bool
) -> Disclosure | None:
    """The brief's rules; None where none apply. Raises `BriefError` with the mend."""
    territories = tuple(territories)
    rulebook = _data()
    if not table:
        regulated = [territory for territory in territories if _rule_of(rulebook, territory) is not None]
        if commercial and regulated:
            raise BriefError(
                f"messages to {', '.join(regulated)} must say who calls and more, see campaign/speech/disclosure.toml. "
                'Add [disclosure] with caller = ["who you are"] to the brief, so that each script is checked.'
            )
        return None
    if unknown := sorted(set(table) - set(KEYS)):
        raise BriefError(f"disclosure: no such key: {', '.join(unknown)}. Known keys: {', '.join(KEYS)}.")
    jurisdictions = _texts("jurisdictions", table.get("jurisdictions", list(territories)))
    rules = {name: _rule_of(rulebook, name) for name in jurisdictions}
    if missing := [name for name, rule in rules.items() if rule is None and name not in territories]:
        raise BriefError(
            f"disclosure: there is no rule for {', '.join(missing)}; the known ones are {', '.join(rulebook['rules'])}."
        )
    rules_in_force = [rule for rule in rules.values() if rule is not None]
    disclosure = Disclosure(
        jurisdictions=tuple(name for name, rule in rules.items() if rule is not None),
        must_say=frozenset(element for rule in rules_in_force for element in rule["must_say"]),
        at_start=frozenset(element for rule in rules_in_force for element in rule["at_start"]),
        callers=_texts("caller", table.get("caller", [])),
        words=_words(rulebook["words"], table.get("words", {})),
        first_characters=rulebook["first_characters"],
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


def _rule_of(rulebook: Mapping[str, Any], territory: str) -> Mapping[str, Any] | None:
    for name, rule in rulebook["rules"].items():
        if territory == name or territory in rule.get("members", ()):
            matching_rule: Mapping[str, Any] = rule
            return matching_rule
    return None


def _words(shipped_words: Mapping[str, Any], added: Any) -> dict[str, dict[str, tuple[str, ...]]]:
    if not isinstance(added, Mapping):
        raise BriefError('disclosure: words needs tables such as [disclosure.words.en] synthetic = ["..."].')
    words = {
        language: {element: tuple(phrases) for element, phrases in table.items()}
        for language, table in shipped_words.items()
    }
    for language, table in added.items():
        if not isinstance(table, Mapping) or not set(table) <= {SYNTHETIC, OPT_OUT}:
            raise BriefError(f"disclosure: words.{language} needs synthetic and opt_out, each a list.")
        element_words = words.setdefault(language, {})
        for element, phrases in table.items():
            element_words[element] = (
                *_texts(f"words.{language}.{element}", phrases),
                *element_words.get(element, ()),
            )
    return words


def _texts(name: str, value: Any) -> tuple[str, ...]:
    value = [value] if isinstance(value, str) else value
    if not isinstance(value, list | tuple) or not all(
        isinstance(text, str) and text.strip() for text in value
    ):
        raise BriefError(f"disclosure: {name} is {value!r}; give a list of texts.")
    return tuple(value)


def _example(words: Mapping[str, tuple[str, ...]], element: str) -> str:
    return next(iter(words.get(element, ())), "")


def folded(text: str) -> str:
    """For comparing: compatibility forms, case and runs of white space do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "disclosure.toml").read_text(encoding="utf-8"))
