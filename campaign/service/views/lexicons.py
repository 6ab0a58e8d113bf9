"""Lexicons."""

from __future__ import annotations

from pydantic import Field

from campaign.service.views.base import View


class Lexicon(View):
    """One version of a lexicon."""

    name: str
    version: int
    scope: str
    entries: int
    digest: str


class LexiconIn(View):
    """A lexicon as people write it: `written`, `alias` ... in columns."""

    text: str = Field(max_length=5_000_000, description="TSV, see docs/lexicons.md.")
    samples: str = Field(
        default="", max_length=1_000_000, description="`written~spoken` lines that must hold."
    )
