"""When two ids mean the same person: the one form in which ids are compared, and the keyed hash that stands for it.

An opt-out that comes as `17` or `17.0` is the row `0017`, `a-9` is `A‑9`: spreadsheets drop zeros, change cases and put
other hyphens, data frames make fractions of a column with a gap, and somebody who asked not to be called must not be
called for that.
"""

from __future__ import annotations

import re
import unicodedata

from storage.keys import keyed_hash

SPREADSHEET_GUARDED = ("=", "+", "-", "@")
_FORMULA = re.compile(r'\s*="([^"]*)"\s*')
"""`="0017"`: how a spreadsheet is told to keep the zeros."""
_HYPHENS = {"\u2212", "\u2043", "\u02d7"}
"""A minus, a bullet and a modifier that are written for one; with them every dash there is."""
_BLANKS = {"Zs", "Zl", "Zp", "Cc"}


def comparable_id(written: str) -> str:
    """The form in which ids are compared: Unicode form, case, hyphens, blanks, leading zeros and `.0` say nothing."""
    if quoted := _FORMULA.fullmatch(written):
        written = quoted[1]
    while written[:1] == "'" and (written[1:2] in (*SPREADSHEET_GUARDED, "'") or written[1:].isdecimal()):
        written = written[1:]  # as lists are written for spreadsheets, which would take it for a formula
    if written.isascii() and written.isprintable():
        return _without_zeros(" ".join(written.casefold().split()))
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", written).casefold())
    kinds = [(character, unicodedata.category(character)) for character in folded]
    plain = "".join(
        "-" if kind == "Pd" or character in _HYPHENS else " " if kind in _BLANKS else character
        for character, kind in kinds
        if kind != "Cf"
    )
    return _without_zeros(" ".join(unicodedata.normalize("NFKC", plain).split()))


def _without_zeros(plain: str) -> str:
    whole = plain.removesuffix(".0")
    if not whole.isdecimal():
        return plain
    return "".join(str(unicodedata.decimal(figure)) for figure in whole).lstrip("0") or "0"


def person_hash(secret: bytes, external_id: str) -> str:
    """What stands for a person in every campaign of an installation, 32 hex characters."""
    storable = (
        comparable_id(external_id).encode("utf-8", "replace").decode()
    )  # half of a surrogate pair is no text
    return keyed_hash(secret, "person", storable)
