"""Where in a text a regular expression can match at all, read off its parsed form.

An alternation of a hundred regular expressions is tried at every character. What stands at a character and before it,
and which characters the whole text has, rules most of them out: `14:30` needs a colon somewhere, and a figure with no
letter before it. All here errs on the side of a match: what is not understood rules out nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any, Final, TypeAlias

_PARSER: Final = import_module("re._parser")
Parsed: TypeAlias = Any
"""What Python's own parser gives, of which it publishes no types."""
Items: TypeAlias = Sequence[tuple[str, Parsed, int]]
"""(operation, its argument, flags) of each element of a parsed regular expression."""


@dataclass(frozen=True, slots=True)
class Chars:
    """A set of characters: some of them, and what else a test says."""

    some: frozenset[str] = frozenset()
    tests: tuple[Callable[[str], bool], ...] = ()

    def __contains__(self, character: str) -> bool:
        return character in self.some or any(test(character) for test in self.tests)


def _union(sets: Iterable[Chars]) -> Chars:
    known = list(sets)
    return Chars(
        frozenset().union(*(chars.some for chars in known)),
        tuple(test for chars in known for test in chars.tests),
    )


@dataclass(frozen=True, slots=True)
class Opening:
    """One way in which a match may begin."""

    before: tuple[Callable[[str], bool], ...] = ()
    """What holds of the character before it, which is empty at the start of the text."""
    first: tuple[Chars, ...] = ()
    """Sets that its first character is in."""

    def may_follow(self, character: str) -> bool:
        """Whether a match may begin after `character`."""
        return all(test(character) for test in self.before)

    def may_begin(self, character: str) -> bool:
        """Whether a match may begin with `character`."""
        return all(character in chars for chars in self.first)


def parsed(shape: str, flags: int) -> Items:
    """The elements of a regular expression."""
    tree = _PARSER.parse(shape, flags)
    return _items(tree, tree.state.flags)


def _items(tree: Parsed, flags: int) -> Items:
    return [(str(op), argument, flags) for op, argument in tree]


# -- how it begins ------------------------------------------------------------------------------------

_CONSUMING: Final = frozenset({"LITERAL", "NOT_LITERAL", "ANY", "IN"})
_REPEATS: Final = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})
_GROUPS: Final = frozenset({"SUBPATTERN", "ATOMIC_GROUP"})


def openings(items: Items) -> list[Opening]:
    """All ways in which a match of `items` may begin."""
    before: list[Callable[[str], bool]] = []
    first: list[Chars] = []
    for index, (op, argument, flags) in enumerate(items):
        rest = items[index + 1 :]
        if op == "AT":
            continue
        if op in ("ASSERT", "ASSERT_NOT"):
            _look_around(op, argument, flags, before, first)
        elif op in _CONSUMING:
            return [Opening(tuple(before), (*first, _chars(op, argument, flags)))]
        elif op in _GROUPS:
            return _joined(before, first, [openings([*_inside(op, argument, flags), *rest])])
        elif op == "BRANCH" and all(_is_zero_width(_items(part, flags)) for part in argument[1]):
            _one_of(before, first, [openings(_items(part, flags)) for part in argument[1]])
        elif op == "BRANCH":
            return _joined(before, first, [openings([*_items(part, flags), *rest]) for part in argument[1]])
        elif op in _REPEATS:
            ways = [openings([*_items(argument[2], flags), *rest])]
            if argument[0] == 0:
                ways.append(openings(rest))
            return _joined(before, first, ways)
        else:
            break
    return [Opening(tuple(before), tuple(first))]


def _inside(op: str, argument: Parsed, flags: int) -> Items:
    if op == "ATOMIC_GROUP":
        return _items(argument, flags)
    _, added, removed, tree = argument
    return _items(tree, (flags | added) & ~removed)


def _is_zero_width(items: Items) -> bool:
    return all(op in ("AT", "ASSERT", "ASSERT_NOT") for op, _, _ in items)


def _look_around(
    op: str, argument: Parsed, flags: int, before: list[Callable[[str], bool]], first: list[Chars]
) -> None:
    direction, tree = argument
    items = _items(tree, flags)
    if op == "ASSERT" and direction > 0:
        ways = [opening.first for opening in openings(items)]
        if all(ways):
            first.append(_union(way[-1] for way in ways))
    elif direction < 0 and (ends := _ends(items)) is not None:
        if op == "ASSERT":
            before.append(lambda character: character != "" and character in ends)
        elif not flags & re.IGNORECASE and all(_is_single(_items(part, flags)) for part in _ways(items)):
            before.append(lambda character: character == "" or character not in ends)


def _ways(items: Items) -> list[Parsed]:
    """The alternatives of what stands behind, as trees."""
    if len(items) == 1 and items[0][0] == "BRANCH":
        return list(items[0][1][1])
    return [[(op, argument) for op, argument, _ in items]]


def _is_single(items: Items) -> bool:
    return len(items) == 1 and items[0][0] in ("LITERAL", "IN")


def _ends(items: Items) -> Chars | None:
    """The characters that a match of `items` may end with, None where that is not known."""
    if not items:
        return None
    op, argument, flags = items[-1]
    if op in _CONSUMING:
        return _chars(op, argument, flags)
    if op in _GROUPS:
        return _ends(_inside(op, argument, flags))
    if op == "BRANCH":
        ends = [_ends(_items(part, flags)) for part in argument[1]]
        return None if None in ends else _union(chars for chars in ends if chars is not None)
    if op in _REPEATS and argument[0] > 0:
        return _ends(_items(argument[2], flags))
    return None


def _one_of(before: list[Callable[[str], bool]], first: list[Chars], ways: list[list[Opening]]) -> None:
    """Adds that one of several looks around holds."""
    flat = [opening for way in ways for opening in way]
    before.append(lambda character: any(opening.may_follow(character) for opening in flat))
    if all(opening.first for opening in flat):
        first.append(_union(opening.first[-1] for opening in flat))


def _joined(
    before: list[Callable[[str], bool]], first: list[Chars], ways: list[list[Opening]]
) -> list[Opening]:
    """Each of `ways` after `before` and `first`; those with nothing of their own before them as one."""
    plain = [opening for way in ways for opening in way if not opening.before]
    out = [
        Opening((*before, *opening.before), (*first, *opening.first))
        for way in ways
        for opening in way
        if opening.before
    ]
    if plain:
        sets = (
            (_union(opening.first[-1] for opening in plain),)
            if all(opening.first for opening in plain)
            else ()
        )
        out.append(Opening(tuple(before), (*first, *sets)))
    return out


# -- what it needs ------------------------------------------------------------------------------------


def needs(items: Items) -> list[Chars]:
    """Sets of which every text with a match has a character each."""
    found: list[Chars] = []
    for op, argument, flags in items:
        if op in ("LITERAL", "IN"):
            found.append(_chars(op, argument, flags))
        elif op in _GROUPS:
            found += needs(_inside(op, argument, flags))
        elif op == "ASSERT":
            found += needs(_items(argument[1], flags))
        elif op in _REPEATS and argument[0] > 0:
            found += needs(_items(argument[2], flags))
        elif op == "BRANCH":
            ways = [needs(_items(part, flags)) for part in argument[1]]
            if all(ways):
                found.append(_union(min(way, key=commonness) for way in ways))
    return found


_USUAL: Final = {
    **dict.fromkeys("abcdefghijklmnopqrstuvwxyzäöüßéèáíóúñçãõ", 2.0),
    **dict.fromkeys("etaoinsrhld", 6.0),
    **dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1.0),
    **dict.fromkeys("0123456789", 3.0),
    **dict.fromkeys(":/-–%€$£¥°§#@&+=*×²³½¼¾º'’\"()", 0.3),
    " ": 20.0,
    ".": 8.0,
    ",": 4.0,
}


@lru_cache(maxsize=4096)
def commonness(chars: Chars) -> float:
    """How often a text has one of `chars`, as a weight."""
    if not chars.tests:
        return sum(_USUAL.get(character, _SELDOM) for character in chars.some)
    return sum(weight for character, weight in _USUAL.items() if character in chars)


_SELDOM: Final = 0.1


# -- what it tells apart ------------------------------------------------------------------------------


def landmarks(items: Items) -> set[tuple[int, int]]:
    """The ranges of characters, most of one, that a regular expression names: beside them and the case of letters it
    tells characters apart by their categories alone."""
    found: set[tuple[int, int]] = set()
    for op, argument, flags in items:
        if op in ("LITERAL", "NOT_LITERAL"):
            found.add((argument, argument))
        elif op == "IN":
            found |= {
                value if str(kind) == "RANGE" else (value, value)
                for kind, value in argument
                if _is_named(kind)
            }
        elif op in _GROUPS:
            found |= landmarks(_inside(op, argument, flags))
        elif op in ("ASSERT", "ASSERT_NOT"):
            found |= landmarks(_items(argument[1], flags))
        elif op in _REPEATS:
            found |= landmarks(_items(argument[2], flags))
        elif op == "BRANCH":
            for part in argument[1]:
                found |= landmarks(_items(part, flags))
    return found


def _is_named(kind: Parsed) -> bool:
    return str(kind) in ("LITERAL", "RANGE")


# -- sets of characters -------------------------------------------------------------------------------


def _chars(op: str, argument: Parsed, flags: int) -> Chars:
    if not flags & re.IGNORECASE:
        return _exactly(op, argument, flags)
    if op == "LITERAL" and argument < _LATIN:
        letter = chr(argument).lower()
        return Chars(frozenset((letter, *letter.upper()[: len(letter)], *_ALSO.get(letter, ""))))
    exact = _exactly(op, argument, flags)
    cased = {variant for character in exact.some for variant in (character.lower(), character.upper())}
    tests = tuple(_in_any_case(test) for test in (*exact.tests, exact.some.__contains__))
    return Chars(exact.some | {variant for variant in cased if len(variant) == 1}, tests)


_LATIN: Final = 0x100
_ALSO: Final = {"i": "İı", "k": "\u212a", "s": "ſ", "å": "\u212b", "µ": "\u03bc\u039c", "ß": "ẞ"}
"""What beside the capital matches a small letter where case does not count."""


def _in_any_case(test: Callable[[str], bool]) -> Callable[[str], bool]:
    def holds(character: str) -> bool:
        variants = (character, character.lower(), character.upper(), character.casefold())
        return any(len(variant) != 1 or test(variant) for variant in variants)

    return holds


def _exactly(op: str, argument: Parsed, flags: int) -> Chars:
    if op == "LITERAL":
        return Chars(frozenset(chr(argument)))
    if op == "NOT_LITERAL":
        return Chars(tests=(lambda character: character != chr(argument),))
    if op == "ANY":
        return Chars(tests=(lambda character: True,))
    parts = [(str(kind), value) for kind, value in argument]
    if parts[0][0] == "NEGATE":
        return _others(_union(_member(kind, value, flags) for kind, value in parts[1:]))
    return _union(_member(kind, value, flags) for kind, value in parts)


def _member(kind: str, value: Parsed, flags: int) -> Chars:
    if kind == "LITERAL":
        return Chars(frozenset(chr(value)))
    if kind == "RANGE":
        return _range(*value)
    return _category(str(value), bool(flags & re.ASCII))


@lru_cache(maxsize=1024)
def _others(chars: Chars) -> Chars:
    return Chars(tests=(lambda character: character not in chars,))


@lru_cache(maxsize=1024)
def _range(low: int, high: int) -> Chars:
    return Chars(tests=(lambda character: low <= ord(character) <= high,))


@lru_cache(maxsize=16)
def _category(name: str, ascii_only: bool) -> Chars:
    test = (_ASCII_CATEGORIES if ascii_only else _CATEGORIES)[name.replace("NOT_", "")]
    wanted = "NOT_" not in name
    return Chars(tests=(lambda character: test(character) == wanted,))


_CATEGORIES: Final[dict[str, Callable[[str], bool]]] = {
    "CATEGORY_DIGIT": str.isdecimal,
    "CATEGORY_SPACE": str.isspace,
    "CATEGORY_WORD": lambda character: character.isalnum() or character == "_",
}
_ASCII_CATEGORIES: Final[dict[str, Callable[[str], bool]]] = {
    "CATEGORY_DIGIT": lambda character: character in "0123456789",
    "CATEGORY_SPACE": lambda character: character in " \t\n\r\f\v",
    "CATEGORY_WORD": lambda character: character.isascii() and (character.isalnum() or character == "_"),
}
