"""Front ends for tests: the shipped example's, and small ones made of one template."""

from __future__ import annotations

import csv
import tomllib

import pytest

from campaign.registry.shipped import shipped_lexicons
from campaign.speech.abilities import Abilities
from campaign.speech.columns import parse_column_type
from campaign.speech.front_end import FrontEnd, FrontEndConfig, TemplateSource
from campaign.speech.lexicon.files import read_lexicon
from campaign.speech.lexicon.matching import CampaignLexicon, LabelledRules
from tests import ROOT


@pytest.fixture(scope="session")
def example_config() -> FrontEndConfig:
    """The brief and templates of `examples/`."""
    brief = tomllib.loads((ROOT / "examples" / "campaign.toml").read_text(encoding="utf-8"))
    files = {
        locale: name.removeprefix("shipped:")
        for locale, name in brief["templates"].items()
        if name.endswith(".txt")
    }
    templates = {
        locale: TemplateSource(name=name, text=(ROOT / "templates" / name).read_text(encoding="utf-8"))
        for locale, name in files.items()
    }
    shipped = {f"{lexicon.name}@{lexicon.version}": lexicon.path for lexicon in shipped_lexicons()}
    lexicons = [read_lexicon(shipped.get(label, ROOT / "examples" / label)) for label in brief["lexicons"]]
    rules = [LabelledRules(label=one.name, rules=one.rules) for one in lexicons]
    return FrontEndConfig(
        templates=templates,
        lexicon=CampaignLexicon(rules, Abilities(alphabets=frozenset({"ipa"}))),
        columns={name: parse_column_type(declared) for name, declared in brief["columns"].items()},
        languages=tuple(brief["languages"]),
    )


@pytest.fixture(scope="session")
def example_front_end(example_config: FrontEndConfig) -> FrontEnd:
    """The front end of `examples/`."""
    return FrontEnd(example_config)


@pytest.fixture(scope="session")
def example_rows() -> list[dict[str, str]]:
    """The rows of `examples/recipients.csv`."""
    with (ROOT / "examples" / "recipients.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


@pytest.fixture(scope="session")
def suppressed_ids() -> set[str]:
    """The ids of `examples/suppress.csv`."""
    return set((ROOT / "examples" / "suppress.csv").read_text(encoding="utf-8").split()[1:])
