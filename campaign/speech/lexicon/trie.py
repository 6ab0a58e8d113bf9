"""Longest match over words: a trie whose edges are words and signs, not letters, so that word boundaries come free.

Ten thousand entries are about twelve thousand dictionaries; a text is taken apart once and each of its words is looked
up once. No grammar is compiled and nothing is kept on disk.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

_UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
"""Scripts written without spaces: each character is a word."""
_MARKS: Final = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0963\u0966-\u0dff\u1dc0-\u1dff"
)
"""Signs above and below letters, which Python does not count as parts of a word."""
_TOKEN: Final = re.compile(rf"[{_UNSPACED}]|\s+|(?:[^\W_{_UNSPACED}]|[{_MARKS}])+|.", re.S)
_SAME: Final = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2019": "'", "\u02bc": "'"})
"""Hyphens and apostrophes that are the same sign."""

Token = tuple[str, int, int]
"""(folded, start, end)"""
Node = dict[str, Any]
"""Token to node; `""` to what ends there."""


def same_signs(text: str) -> str:
    """`text` with one hyphen, one apostrophe and single spaces; as long as the original or shorter."""
    return " ".join(text.split()) if text.isascii() else " ".join(text.translate(_SAME).split())


def tokens(text: str) -> list[Token]:
    """The words, signs and stretches of white space of `text`, folded, with their places."""
    words: list[Token] = []
    for match in _TOKEN.finditer(text.lower() if len(text.lower()) == len(text) else text):
        word = match[0]
        if word.isspace():
            word = " "
        elif not word.isascii():
            word = word.lower().translate(_SAME)
        words.append((word, match.start(), match.end()))
    return words


def insert(root: Node, written: str) -> list[Any]:
    """The list that ends at `written`, made if need be."""
    node = root
    for match in _TOKEN.findall(same_signs(written).lower()):
        node = node.setdefault(match, {})
    ends: list[Any] = node.setdefault("", [])
    return ends


def walk(root: Node, text_tokens: Sequence[Token], index: int) -> list[tuple[int, list[Any]]]:
    """(index after the last token, what ends there) of each entry that begins at token `index`, longest first."""
    node: Node | None = root.get(text_tokens[index][0])
    ends: list[tuple[int, list[Any]]] = []
    while node is not None:
        index += 1
        if "" in node:
            ends.append((index, node[""]))
        node = node.get(text_tokens[index][0]) if index < len(text_tokens) else None
    ends.reverse()
    return ends
