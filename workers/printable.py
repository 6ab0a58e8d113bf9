"""Text from strangers, fit for a terminal: no character that steers it, hides, or turns the reading round.

What is not shown as it is stands there as Python writes it, `\\x1b`, `\\u202e`: nothing is left out and nothing is
replaced by what something else could look like. Escaped are controls (C0, DEL, C1), line ends of every kind, format
characters (bidi marks and overrides, zero-width ones, tags), surrogates, private use, unassigned ones, letters and
marks that show nothing, and combining marks in a number that no writing has.
"""

from __future__ import annotations

import re
import unicodedata

MOST_MARKS = 8
"""Combining marks on one letter; Hebrew and Tibetan have up to five."""
_BLANK_LETTERS = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef"
)
"""Shown as nothing, though their categories are those of letters, marks and symbols."""
_BLANK = re.compile(f"[{_BLANK_LETTERS}]")
_SEEN = frozenset({"L", "N", "P", "S", "M"})
"""First letters of the categories that a terminal shows."""


def printable(text: str) -> str:
    """`text` on one line; what a terminal would obey or hide is written out."""
    if text.isascii() and text.isprintable():
        return text
    shown: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category[0] == "M" else 0
        is_seen = category[0] in _SEEN and not _BLANK.match(character) and marks <= MOST_MARKS
        shown.append(character if is_seen or category == "Zs" else _escaped(character))
    return "".join(shown)


def _escaped(character: str) -> str:
    code = ord(character)
    named = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    if character in named:
        return named[character]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def printable_lines(text: str) -> str:
    """`text` with its own line feeds and tabs, each line `printable`: for what the program wrote line by line."""
    return "\n".join("\t".join(map(printable, line.split("\t"))) for line in text.split("\n"))


def printable_json(text: str) -> str:
    """A JSON document with the same meaning; what `printable` would write out is an escape of JSON's own."""
    if text.isascii() and "\x7f" not in text:
        return text
    return "".join(
        character if character in "\n\t " or printable(character) == character else _of_json(character)
        for character in text
    )


def _of_json(character: str) -> str:
    """`\\u001b`; beyond the first plane two of them."""
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[place] << 8 | units[place + 1]:04x}" for place in range(0, len(units), 2))
