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
from workers.documents import decoded

MAX_BYTES: Final = 20_000_000
_XML: Final = (".pls", ".xml")
ENDINGS: Final = (".tsv", ".csv", ".txt", *_XML)


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
    """The lexicon in `path`, by its ending a table or PLS; raises `LexiconError` with file, line and mend."""
    if path.suffix.lower() not in ENDINGS:
        raise LexiconError(f"{path}: a lexicon's name ends in {', '.join(ENDINGS)}; save it as one of them.")
    beside = path.with_suffix(".samples")
    return parse_lexicon(
        path.name, lexicon_text(path), samples=lexicon_text(beside) if beside.is_file() else ""
    )


def parse_lexicon(name: str, text: str, *, samples: str = "") -> LexiconFile:
    """A lexicon's text; `name` ends in what it is. Raises `LexiconError` with file, line and mend."""
    reader = read_pls if name.lower().endswith(_XML) else read_tsv
    rules = check_rules(reader(text, name), name)
    lexicon = CampaignLexicon([LabelledRules(label=name, rules=rules)], Abilities())
    if loops := lexicon.loops():
        raise LexiconError(
            *(f"{name}: the aliases lead in a circle: {loop}" for loop in loops[:10]),
            "Write one of them so that it does not hold the other's written form.",
        )
    return LexiconFile(name=name, rules=rules, samples=samples)


def lexicon_text(path: Path) -> str:
    """The text of a lexicon or its samples; raises `LexiconError` with the mend."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as exc:
        raise LexiconError(f"{path} cannot be read: {exc.strerror}. Correct the name.") from exc
    if len(data) > MAX_BYTES:
        raise LexiconError(f"{path} has more than {MAX_BYTES // 1_000_000} MB; split it.")
    try:
        return decoded(data, is_xml=path.suffix.lower() in _XML)
    except ValueError as exc:
        raise LexiconError(f"{path} cannot be read: {exc}.") from exc
