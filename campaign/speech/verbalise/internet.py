"""E-mail and web addresses of a column: held against their shape, then said sign by sign."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from campaign.speech.typed import Context, Reading, TypedValue, UnreadableValueError
from campaign.speech.verbalise.spelling import address

_DOMAIN: Final = r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}"
_EMAIL: Final = re.compile(rf"(?:mailto:)?([^\s@<>,;:\"()]+@{_DOMAIN})", re.I)
_URL: Final = re.compile(rf"(?:https?://)?(?:{_DOMAIN})(?::\d{{1,5}})?(?:/[^\s<>\"]*)?", re.I)


def email(value: TypedValue, context: Context) -> Reading:
    """An e-mail address, its signs by name."""
    match = _EMAIL.fullmatch(value.written.strip())
    if match is None:
        raise UnreadableValueError(
            "not-an-address", f"{value.written!r} is not one e-mail address", "write it as info@example.com"
        )
    return address(replace(value, written=match[1]), context)


def url(value: TypedValue, context: Context) -> Reading:
    """A web address, its signs by name."""
    if not _URL.fullmatch(value.written.strip()):
        raise UnreadableValueError(
            "not-an-address", f"{value.written!r} is not a web address", "write it as example.com/page"
        )
    return address(value, context)
