"""Front ends for tests: the shipped example's, and small ones made of one template."""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from campaign.registry.shipped import shipped_lexicons
from campaign.speech.abilities import Abilities
from campaign.speech.columns import parse_column_type
from campaign.speech.front_end import FrontEnd, FrontEndConfig, TemplateSource
from campaign.speech.lexicon.files import read_lexicon
from campaign.speech.lexicon.matching import CampaignLexicon, LabelledRules
from tests import ROOT

REMINDERS = ROOT / "tests" / "data" / "reminders"
"""A longer example, whose rows hold more kinds of values than the one that ships."""


@dataclass(frozen=True)
class Example:
    """A folder with a brief, its rows, and what they say."""

    folder: Path
    config: FrontEndConfig
    front_end: FrontEnd
    rows: list[dict[str, str]]
    suppressed: set[str]


@cache
def example_in(folder: Path) -> Example:
    """The front end and the rows of a folder as `examples/` is."""
    brief = tomllib.loads((folder / "campaign.toml").read_text(encoding="utf-8"))
    templates = {
        locale: TemplateSource(name=name, text=_template(folder, name).read_text(encoding="utf-8"))
        for locale, name in brief["templates"].items()
        if name.endswith(".txt")
    }
    shipped = {f"{lexicon.name}@{lexicon.version}": lexicon.path for lexicon in shipped_lexicons()}
    lexicons = [read_lexicon(shipped.get(label, folder / label)) for label in brief["lexicons"]]
    rules = [LabelledRules(label=one.name, rules=one.rules) for one in lexicons]
    config = FrontEndConfig(
        templates=templates,
        lexicon=CampaignLexicon(rules, Abilities(alphabets=frozenset({"ipa"}))),
        columns={name: parse_column_type(declared) for name, declared in brief["columns"].items()},
        languages=tuple(brief["languages"]),
    )
    with (folder / "recipients.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    suppressed = set((folder / "suppress.csv").read_text(encoding="utf-8").split()[1:])
    return Example(folder=folder, config=config, front_end=FrontEnd(config), rows=rows, suppressed=suppressed)


def _template(folder: Path, name: str) -> Path:
    return (
        ROOT / "templates" / name.removeprefix("shipped:") if name.startswith("shipped:") else folder / name
    )


@pytest.fixture(params=[ROOT / "examples", REMINDERS], ids=lambda folder: folder.name)
def example(request: pytest.FixtureRequest) -> Example:
    """What ships, and the longer one."""
    return example_in(request.param)
