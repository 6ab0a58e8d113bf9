"""Between tagger and verbaliser: NeMo's token notation, and the orders in which a token's fields may be spoken.

    tokens { date { month: "july" day: "four" } } tokens { name: "." }

The tagger writes fields in the order of the text, the verbaliser wants them in the order of speech; NeMo finds it by
trying permutations until one is accepted. The same here, in the same order, so that the same one is found.
Behaviour follows nemo-text-processing 1.2.0 (`token_parser.py`, `normalize.py`, Apache-2.0), oddities included.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator

PRESERVE_ORDER = "preserve_order"
PERMUTATIONS_PER_SPLIT = 729
"""Stock NeMo's default of `max_number_of_permutations_per_split`."""

Fields = dict[str, "str | bool | Fields | None"]

_KEY = re.compile(r" *([A-Za-z_]+) *")
_SPACES = re.compile(r" *")


class TokenError(ValueError):
    """The tagger's output is not in NeMo's token notation, or has too many orders."""


def parse(tagged: str) -> list[Fields]:
    """One `Fields` per token. Raises `TokenError` where NeMo's own parser would raise."""
    tokens, _end = _parse_fields(tagged, 0)
    return tokens


def _parse_fields(tagged: str, at: int) -> tuple[list[Fields], int]:
    parsed: list[Fields] = []
    while key := _KEY.match(tagged, at):
        at = key.end()
        mark = tagged[at : at + 1]
        if key[1] == PRESERVE_ORDER:
            literal = re.compile(": *true").match(tagged, at)
            if literal is None:
                raise TokenError(f"{PRESERVE_ORDER} is not followed by true")
            parsed.append({key[1]: True})
            at = literal.end()
        elif mark == ":":
            value, at = _parse_string(tagged, at + 1)
            parsed.append({key[1]: value})
        elif mark == "{":
            inner, at = _parse_fields(tagged, at + 1)
            at = _SPACES.match(tagged, at).end()  # type: ignore[union-attr]
            if tagged[at : at + 1] != "}":
                raise TokenError("a brace is not closed")
            at += 1
            parsed.append({key[1]: {name: value for fields in inner for name, value in fields.items()}})
        else:
            raise TokenError(f"{key[1]} has no value")
    return parsed, at


def _parse_string(tagged: str, at: int) -> tuple[str | None, int]:
    """A value ends at a quote that a space follows; an empty one is None, which no verbaliser accepts."""
    at = _SPACES.match(tagged, at).end()  # type: ignore[union-attr]
    end = tagged.find('" ', at + 1)
    if tagged[at : at + 1] != '"' or end < 0:
        raise TokenError("a quote is not closed")
    return tagged[at + 1 : end] or None, end + 1


def splits(tokens: list[Fields]) -> list[list[Fields]]:
    """Runs of tokens with at most 729 orders each. Raises `TokenError` where one token alone has more."""
    runs: list[list[Fields]] = [[]]
    orders = 1
    for token in tokens:
        count = _order_count(token)
        if count > PERMUTATIONS_PER_SPLIT:
            raise TokenError(f"a token has {count} orders")
        if count * orders > PERMUTATIONS_PER_SPLIT:
            runs.append([])
            orders = 1
        orders *= count
        runs[-1].append(token)
    return runs


def _order_count(fields: Fields) -> int:
    inner = (_order_count(value) for value in fields.values() if isinstance(value, dict))
    return math.prod(inner, start=math.factorial(len(fields)))


def orders(run: list[Fields]) -> Iterator[str]:
    """Every order of a run of tokens in NeMo's notation, the last token's orders turning fastest.

    Raises `TokenError` for an empty value.
    """
    return map("".join, itertools.product(*[_token_orders(token) for token in run]))


def _token_orders(fields: Fields) -> list[str]:
    arrangements = (
        [tuple(fields.items())] if PRESERVE_ORDER in fields else itertools.permutations(fields.items())
    )
    written: list[str] = []
    for arrangement in arrangements:
        written += map(
            "".join, itertools.product(*[_field_orders(name, value) for name, value in arrangement])
        )
    return written


def _field_orders(name: str, value: str | bool | Fields | None) -> list[str]:
    if isinstance(value, str):
        return [f'{name}: "{value}" ']
    if isinstance(value, dict):
        return [f" {name} {{ {inner} }} " for inner in _token_orders(value)]
    if value is True:
        return [f"{name}: true "]
    raise TokenError(f"{name} is empty")
