"""Lexicon files and the samples beside them: `names.tsv` or `names.pls`, and `names.samples`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from campaign.errors import LexiconError
from campaign.speech.abilities import Abilities
from campaign.speech.lexicon.entries import Rules, check_rules
from campaign.speech.lexicon.matching import CampaignLexicon, LabelledRules
from campaign.speech.lexicon.pls import read_pls
from campaign.speech.lexicon.tsv import read_tsv

MAX_BYTES: Final = 20_000_000
ENDINGS: Final = (".tsv", ".pls", ".xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconFile:
    """A lexicon as it lies on a disk, checked."""

    name: str
    """The file's, for messages: `names.tsv`."""
    rules: Rules
    samples: str
    """`written~spoken` lines; empty where there are none."""

    @property
    def label(self) -> str:
        """What a campaign calls it: file name and digest, so that two files of one name never mix."""
        return f"{self.name}@{self.rules.digest[:16]}"


def read_lexicon(path: Path) -> LexiconFile:
    """The lexicon in `path`, by its ending TSV or PLS; raises `LexiconError` with file, line and mend."""
    if path.suffix.lower() not in ENDINGS:
        raise LexiconError(f"{path}: a lexicon's name ends in {', '.join(ENDINGS)}; rename it.")
    beside = path.with_suffix(".samples")
    return parse_lexicon(path.name, _text(path), samples=_text(beside) if beside.is_file() else "")


def parse_lexicon(name: str, text: str, *, samples: str = "") -> LexiconFile:
    """A lexicon's text; `name` ends in what it is. Raises `LexiconError` with file, line and mend."""
    reader = read_tsv if name.lower().endswith(".tsv") else read_pls
    rules = check_rules(reader(text, name), name)
    lexicon = CampaignLexicon([LabelledRules(label=name, rules=rules)], Abilities())
    if loops := lexicon.loops():
        raise LexiconError(
            *(f"{name}: the aliases lead in a circle: {loop}" for loop in loops[:10]),
            "Write one of them so that it does not hold the other's written form.",
        )
    return LexiconFile(name=name, rules=rules, samples=samples)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as exc:
        raise LexiconError(f"{path} cannot be read: {exc.strerror}. Correct the name.") from exc
    if len(data) > MAX_BYTES:
        raise LexiconError(f"{path} has more than {MAX_BYTES // 1_000_000} MB; split it.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise LexiconError(f"{path} is not UTF-8: byte {exc.start}: {exc.reason}. Save it as UTF-8.") from exc
