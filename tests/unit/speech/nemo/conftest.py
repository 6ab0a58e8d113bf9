"""Normalisers over one expanded cache, and the answers that stock NeMo gave."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import pytest

from campaign.speech.nemo.normaliser import SentenceNormaliser
from tests import DATA
from tools.grammars.oracle import read_answers

ANSWERS = DATA / "oracle"

Answers = list[tuple[str, str, str]]


@pytest.fixture(scope="session")
def grammar_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("grammars")


@pytest.fixture(scope="session")
def normaliser(grammar_cache: Path) -> Callable[[str], SentenceNormaliser]:
    return functools.cache(lambda language: SentenceNormaliser.load(language, cache_dir=grammar_cache))


@pytest.fixture(scope="session")
def answers() -> Callable[[str], Answers]:
    """(outcome, written, spoken) of stock NeMo for a language."""
    return functools.cache(lambda language: read_answers(ANSWERS / f"{language}.tsv.xz"))
