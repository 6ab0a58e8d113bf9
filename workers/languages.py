"""Language tags as people write them: `de_AT`, `DE` and `de-at` are told apart by nothing."""

from __future__ import annotations

import re


def primary(tag: str) -> str:
    """`de` of `de-AT`, lower case."""
    return re.split("[-_]", tag.strip(), maxsplit=1)[0].lower()


def region(tag: str) -> str:
    """`AT` of `de-at`; empty where there is none."""
    parts = re.split("[-_]", tag.strip())
    return next((part.upper() for part in parts[1:] if len(part) == 2), "")


def normal(tag: str) -> str:
    """One spelling of a tag: `de-at`."""
    return tag.strip().replace("_", "-").lower()


def checked_primary(language: str) -> str:
    """A key by which rows and spans are looked up; raises ValueError for a tag that none of them has."""
    if not re.fullmatch("[a-z]{2,3}", language):
        raise ValueError(f"{language} is no primary language; write one in lower case, such as de for de-AT")
    return language
