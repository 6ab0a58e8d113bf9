"""Figures 0 to 9 in text that is about to be a number.

`str.isdigit()` is the wrong test before `int()`: it holds for `¹` and `①`, which `int()` refuses, and for `٣`,
which `int()` reads. What does read figures of other scripts makes them ASCII first
(`campaign.speech.verbalise.written.ascii_digits`). At the bottom of `workers`, since engines need it too.
"""

from __future__ import annotations

from typing import Final

_LONGEST: Final = 18
"""Figures that fit a signed integer of 64 bits, as databases hold; `int()` itself refuses more than 4,300."""


def are_digits(text: str) -> bool:
    """Whether `text` is one or more of 0-9 and nothing else."""
    return text.isascii() and text.isdigit()


def whole_number(text: str) -> int | None:
    """The number that up to 18 of 0-9 show; None for whatever else: a sign, a space, another script, too many."""
    return int(text) if are_digits(text) and len(text) <= _LONGEST else None
