"""Who speaks a row: what it says in the brief's `preset_column`, and which of `presets` is meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from functools import lru_cache

from campaign.brief import Brief
from campaign.errors import FieldError
from campaign.registry.voice import OWN
from campaign.speech.fields.fitting import NOTHING
from campaign.speech.fields.nothing import is_nothing
from campaign.speech.folding import folded
from workers.languages import nearest, normal
from workers.printable import printable

SHOWN_VOICES = 8
_FLOAT_TAIL = re.compile(r"(?<=\d)\.0+$")
"""What data frames and spreadsheets add to a whole number, where another row is empty."""


def voice_of(fields: Mapping[str, str], brief: Brief) -> str:
    """The key of `presets` that a row names, `OWN` where it says nothing; raises `FieldError`."""
    if not brief.presets or brief.speaks_by_language:
        return OWN
    written = fields.get(brief.preset_column, "")
    known = _folded_keys(tuple(brief.presets))
    said = folded(written)
    if (voice := known.get(said, known.get(_FLOAT_TAIL.sub("", said)))) is not None:
        return voice
    if is_nothing(written):
        return OWN
    raise FieldError(
        "unknown-voice",
        f"{printable(written[:60])!r} is none of the brief's presets{_near(written, known)}",
        mend=f"write {_listed(brief)}, or leave it empty for the campaign's own",
        column=brief.preset_column,
    )


def voice_by_language(locale: str, brief: Brief) -> str:
    """The key of `presets` that serves a row's language, as a template does: `de` for `de-AT`, `OWN` for others."""
    known = _normal_keys(tuple(brief.presets))
    return known.get(nearest(locale, known), OWN)


def told_of_voice(fields: Mapping[str, str], brief: Brief, voice: str) -> tuple[str, ...]:
    """A warning where a cell stands for nothing, so that the campaign's own preset speaks the row."""
    written = (
        fields.get(brief.preset_column, "").strip() if brief.presets and not brief.speaks_by_language else ""
    )
    if voice != OWN or not written:
        return ()
    return (f"{NOTHING} in {brief.preset_column!r}: {printable(written[:60])!r} is taken as an empty field",)


@lru_cache(maxsize=16)
def _folded_keys(voices: tuple[str, ...]) -> Mapping[str, str]:
    return {folded(voice): voice for voice in voices}


@lru_cache(maxsize=16)
def _normal_keys(voices: tuple[str, ...]) -> Mapping[str, str]:
    return {normal(voice): voice for voice in voices}


def _near(written: str, known: Mapping[str, str]) -> str:
    close = difflib.get_close_matches(folded(written)[:60], known, n=1, cutoff=0.72)
    return f"; did you mean {known[close[0]]!r}?" if close else ""


def _listed(brief: Brief) -> str:
    voices = [repr(voice) for voice in brief.presets]
    more = f" or one of {len(voices) - SHOWN_VOICES} more" if len(voices) > SHOWN_VOICES else ""
    return " or ".join(voices[:SHOWN_VOICES]) + more
