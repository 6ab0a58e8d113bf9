"""The vocabulary in which a language's room says how values are written: pieces of regular expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

END: Final = r"(?![\w])"
START: Final = r"(?<!\w)(?<!\d[.,])"
ALONE: Final = r"(?<![\w.,/-])"
YEAR: Final = r"\d{4}"
DAY: Final = r"(?:[12]\d|3[01]|0?[1-9])"
CLOCK: Final = rf"{START}(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?!\d|[:/]\d)"
"""`14:30`, `9:05:10`."""
HOUR: Final = r"(?:[01]?\d|2[0-3])"
HALVES: Final = r"(?:\s?[AaPp]\.?\s?[Mm]\b\.?(?!\w))"
"""`a.m.`, `PM`."""


def any_of(names: Iterable[str]) -> str:
    """One of `names`, the longest first."""
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def by_first_letter(names: Iterable[str]) -> str:
    """As `any_of`, for long lists: a name is tried only where its first letter stands."""
    letters: dict[str, list[str]] = {}
    for name in sorted(names, key=len, reverse=True):
        letters.setdefault(name[0], []).append(re.escape(name[1:]))
    return "|".join(f"{re.escape(letter)}(?:{'|'.join(rests)})" for letter, rests in letters.items())


def also(parts: str) -> str:
    """One more alternative, where there is one."""
    return f"|{parts}" if parts else ""


def dialled(heads: str, service: str, fillers: str) -> re.Pattern[str]:
    """What stands before a number that is dialled: one of `heads` with any of `fillers` after it, all in small letters.

    Those of `service` stand before such numbers and others: Leads.dial.
    """
    word, end, signs = r"(?<![^\W\d_])", r"(?![^\W\d_])", r"[\s:.(„“\"'’–-]"
    between = rf"(?:(?:{signs}|,)+{word}(?:{fillers}){end})*"
    return re.compile(rf"{word}(?:{heads}|(?P<service>{service})){end}{between}(?:{signs}|,)*")


def after(heads: tuple[str, ...], shape: str) -> str:
    """`shape`, which begins with a digit, after one of `heads`."""
    if not heads:
        return ""
    behind = "|".join(rf"(?<={_word_begins(head)}{re.escape(head)})" for head in heads)
    return rf"(?=\d)(?:{behind})(?:{shape})"


def _word_begins(head: str) -> str:
    """`um ` is no end of `Raum `; scripts without spaces have no ends of words."""
    return r"\b" if head[:1].isalpha() and head[0] < _CJK else ""


_CJK: Final = "\u2e80"


def standing_before(*phrases: str) -> re.Pattern[str]:
    """One of `phrases` and a space at the end of what stands before, small letters or capitals."""
    return re.compile(rf"(?<![^\W\d_])(?:{any_of(phrases)})[ \u00a0]$", re.I)
