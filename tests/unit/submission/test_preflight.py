"""What is known to go wrong is named before the first row, and what the text held is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign.brief import LoadedBrief
from campaign.errors import BriefError
from campaign.speech.templates import TemplateSource
from campaign.submission.estimate import dry_run
from campaign.submission.preflight import notices
from campaign.submission.recipients import open_recipients
from tests.build import brief, installation, write_csv


def test_types_and_text_that_a_language_has_no_words_for_are_named() -> None:
    templates = {"sv": TemplateSource(name="t.txt", text="{{ name }} {{ sum }}")}
    asked = brief(languages=("sv",), templates=templates, columns={"name": "name", "sum": "money EUR"})
    typed, grammar = notices(asked)
    assert typed.startswith("money: cannot be read aloud in 'sv'")
    assert grammar.startswith("sv: there is no grammar")
    assert notices(brief()) == []


def test_a_language_without_a_voice_is_refused_and_the_text_is_counted(tmp_path: Path) -> None:
    made = installation(tmp_path / "home")
    rows = [
        {"id": "1", "locale": "en", "name": "Ana", "sum": "20"},
        {"id": "2", "locale": "en", "name": "Bo", "sum": ""},
    ]
    columns = {"name": "name", "sum": {"type": "money EUR", "optional": True, "fallback": "nothing"}}
    asked = brief("{{ name }}: {{ sum }}", columns=columns, model="")
    with open_recipients(str(write_csv(tmp_path / "r.csv", rows))) as source:
        tally, _ = dry_run(made, source, LoadedBrief(brief=asked, suppress=()))
        swedish = brief("{{ name }}", model="", languages=("en", "sv"))
        with pytest.raises(BriefError, match="has no voice for sv"):
            dry_run(made, source, LoadedBrief(brief=swedish, suppress=()))
    made.close()
    assert dict(tally.by_language) == {"en": 2}
    assert (tally.by_type["name"], tally.by_type["money"]) == (2, 1)
    assert dict(tally.by_warning) == {"fallback": 1}
