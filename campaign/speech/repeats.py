"""Values said twice: a sentence of its own after the one that holds the value, "That is A, four, seven."

The words are those of the value where it stood, in the same voice and language; what is spelled is parted sign by sign,
so that each can be written down. The sentence around it is of the template's language room.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from campaign.speech.languages import registry
from campaign.speech.languages.record import Language
from campaign.speech.pieces import Piece
from campaign.speech.typed import Kind

SAID_TWICE: Final = "said twice"
"""The step of a piece that says a value again."""
KINDS: Final[Mapping[str, frozenset[Kind]]] = {
    "code": frozenset({Kind.SPELL, Kind.DIGITS, Kind.CODE}),
    "phone": frozenset({Kind.TELEPHONE}),
    "money": frozenset({Kind.MONEY}),
    "date": frozenset({Kind.DATE}),
    "time": frozenset({Kind.TIME}),
    "name": frozenset({Kind.NAME}),
    "number": frozenset({Kind.CARDINAL, Kind.UNIT, Kind.PERCENT}),
    "address": frozenset({Kind.EMAIL, Kind.URL, Kind.ADDRESS, Kind.POSTAL}),
}
"""What a finish profile calls them."""
_SIGN_BY_SIGN: Final = frozenset({Kind.SPELL.value, Kind.DIGITS.value})
_SPOKEN: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_SIGNS: Final = re.compile(r"[A-Za-z]+|[^\W_]")
_EDGES: Final = " \t\n,.;:!?…，。；：！？"


def kinds_said_twice(named: Collection[str]) -> frozenset[Kind]:
    """The kinds of value that a profile's `say_twice` names."""
    return frozenset().union(*(KINDS[name] for name in named))


def repeats(pieces: Sequence[Piece], kinds: Collection[Kind], base: str) -> Iterator[list[Piece]]:
    """The pieces of one more sentence for each value of these kinds among a sentence's pieces.

    `base`: the template's language; in one without a room nothing is said twice, which a brief is refused for.
    """
    room = registry.language(base)
    if room is None or not kinds:
        return
    said = [piece for piece in pieces if piece.text.strip(_EDGES)]
    at = 0
    while at < len(said):
        end = at + 1
        if said[at].kind in kinds:
            while end < len(said) and _is_one_value(said[at], said[end]):
                end += 1
            yield _sentence(said[at:end], room)
        at = end


def _is_one_value(first: Piece, other: Piece) -> bool:
    """Whether both are pieces of one field: a name in two languages, or with a lexicon's word in it."""
    return first.column is not None and (first.kind, first.column, first.start) == (
        other.kind,
        other.column,
        other.start,
    )


def _sentence(value: Sequence[Piece], room: Language) -> list[Piece]:
    before, _, after = room.words.again.partition("{}")
    first, last = value[0], value[-1]
    again = [replace(piece, text=_text(piece), step=SAID_TWICE) for piece in value]
    again[0] = replace(again[0], text=again[0].text.lstrip(_EDGES))
    again[-1] = replace(again[-1], text=again[-1].text.rstrip(_EDGES))
    return [_around(before, first, room), *again, _around(after, last, room)]


def _around(text: str, beside: Piece, room: Language) -> Piece:
    return Piece(
        start=beside.start,
        end=beside.end,
        written="",
        text=text,
        language=room.code,
        reason="template",
        step=SAID_TWICE,
    )


def _text(piece: Piece) -> str:
    """The words of a value; of one that is spelled each sign by itself."""
    if piece.kind not in _SIGN_BY_SIGN:
        return piece.text
    room = registry.language(piece.language)
    if room is None:
        return piece.text
    return room.words.pause.join((_SPOKEN if room.space else _SIGNS).findall(piece.text))
