"""Pronunciations that people write, held against what a voice can say before anything is spoken."""

from __future__ import annotations

from collections.abc import Callable, Mapping

IpaReader = Callable[[str], str]
"""IPA to an engine's own phonemes, for one voice; raises `UnknownPhonemeError` and never skips a symbol."""
IpaReaders = Mapping[str, IpaReader]
"""By primary language: of the voices that a preset's table names."""


class UnknownPhonemeError(ValueError):
    """A symbol that the voice cannot say."""
