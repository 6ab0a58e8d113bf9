"""What the codes mean, in words that hold no personal data: for reports and for people."""

from __future__ import annotations

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "suppression-list": "On a suppression list: nothing was made.",
    "duplicate": "Another row has the same id.",
    "no-id": "The row has no id.",
    "wrong-columns": "The row has more or fewer fields than the header.",
    "field-too-long": "A field is longer than the limit.",
    "nul": "A field holds a NUL character.",
    "not-json": "The line is not JSON.",
    "missing-field": "A field that the template needs is empty or missing.",
    "unspeakable-character": "A character that no declared language can say.",
    "ambiguous-date": "A date that can be read in two ways; declare the order of the column.",
    "silent": "The sound came out silent, so it was not released.",
    "clipped": "The sound came out clipped, so it was not released.",
    "too-short": "The sound is too short for its text, so it was not released.",
    "too-long": "The sound is too long for its text, so it was not released.",
    "engine-crashed": "The engine died with this text alone in its hands.",
    "killed-its-worker": "Several workers died with this row alone in their hands.",
    "store-failed": "The object store failed.",
}


def reason_of(code: str) -> str:
    """One sentence for a code; the code itself, spaced, where there is none."""
    return REASONS.get(code, code.replace("-", " ").capitalize() + ".")
