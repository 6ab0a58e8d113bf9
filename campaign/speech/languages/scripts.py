"""Which writing system a letter belongs to, and which systems a language uses.

Python has no script property; the first word of a character's Unicode name is the script's name for every
letter that matters here (`CYRILLIC SMALL LETTER A`), and needs no table to be kept up to date.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from campaign.speech.languages.traits import traits

_LATIN: Final = frozenset({"LATIN"})
_COMMON: Final = frozenset(
    {"MASCULINE", "FEMININE", "MODIFIER", "COMBINING", "MICRO", "SCRIPT", "DOUBLE-STRUCK"}
)
NON_LATIN: Final = re.compile(
    "[\u0370-\u1dff\u1f00-\u1fff\u2c00-\u2dff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\uffef\U00010000-\U0010ffff]"
)
"""Where a text may hold letters that are not Latin: a cheap first look."""


def scripts_of(language: str) -> frozenset[str]:
    """Writing systems of a language; Latin for every language that is not listed."""
    return traits().scripts.get(language, _LATIN)


@lru_cache(maxsize=8192)
def script_of(character: str) -> str | None:
    """The writing system of a letter; None for digits, punctuation and marks, which inherit."""
    if not character.isalpha():
        return None
    word = unicodedata.name(character, "UNKNOWN").split(" ", 1)[0]
    if word in ("FULLWIDTH", "HALFWIDTH"):
        word = unicodedata.name(character).split(" ")[1]
    return None if word in _COMMON else word


def script_runs(text: str, language: str, languages: Sequence[str]) -> list[tuple[int, int, str, str]]:
    """(start, end, language, reason) runs of `text`; reason is empty where the clause's language goes on.

    Letters outside the clause's scripts go to the first of `languages` that is written with them; the
    language is empty where there is none.
    """
    own = scripts_of(language)
    runs: list[tuple[int, int, str, str]] = []
    start, current = 0, ""
    reason = ""
    for index, character in enumerate(text):
        script = script_of(character)
        if script is None:
            if reason and not (character.isspace() or unicodedata.category(character)[0] in "MP"):
                runs.append((start, index, current, reason))
                start, current, reason = index, "", ""
            continue
        run_language, why = ("", "") if script in own else _speaker(script, languages)
        if run_language != current or why != reason:
            if index > start:
                runs.append((start, index, current, reason))
            start, current, reason = index, run_language, why
    if start < len(text):
        runs.append((start, len(text), current, reason))
    return [(a, b, run_language if why else language, why) for a, b, run_language, why in runs]


def _speaker(script: str, languages: Sequence[str]) -> tuple[str, str]:
    for language in languages:
        if script in scripts_of(language):
            return language, f"script {script.lower()}"
    return "", f"script {script.lower()} of no declared language"
