"""What is known to go wrong is named before the first row, and what the text held is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign.brief import LoadedBrief
from campaign.errors import BriefError
from campaign.recipients import open_recipients
from campaign.registry.voice import choose_voice
from campaign.speech.nemo import kernel
from campaign.speech.templates import TemplateSource
from campaign.submission.estimate import dry_run
from campaign.submission.preflight import (
    notices,
    refuse_slow_text,
    refuse_voiceless,
    template_languages,
)
from tests.build import brief, installation, write_csv


def test_types_and_text_that_a_language_has_no_words_for_are_named() -> None:
    templates = {"sv": TemplateSource(name="t.txt", text="{{ name }} {{ sum }}")}
    asked = brief(languages=("sv",), templates=templates, columns={"name": "name", "sum": "money EUR"})
    typed, grammar = notices(asked)
    assert typed.startswith("money: cannot be read aloud in 'sv'")
    assert grammar.startswith("sv: there is no grammar")
    assert notices(brief()) == []


def test_each_language_is_named_once_and_only_what_is_typed(tmp_path: Path) -> None:
    templates = {
        "default": TemplateSource(name="a", text="x"),
        "sv-FI": TemplateSource(name="b", text="x"),
        "sv": TemplateSource(name="c", text="x"),
        "en-GB": TemplateSource(name="d", text="x", language="nl-BE"),
    }
    columns = {
        "sum": "money EUR",
        "day": "date iso",
        "who": "name",
        "note": "text",
        "title": {"type": "text", "language": "fi-FI"},
        "any": {"type": "text", "language": "auto"},
    }
    asked = brief(languages=("de-AT", "en"), templates=templates, columns=columns)
    assert template_languages(asked) == ("de", "sv", "nl")
    said = notices(asked)
    assert [one.partition(";")[0] for one in said[:2]] == [
        "date, money: cannot be read aloud in 'sv'",
        "date, money: cannot be read aloud in 'nl'",
    ]
    assert said[0].endswith("or use one of de, en, es, fr, it, pt, zh.")
    assert [one.partition(":")[0] for one in said[2:]] == ["sv", "nl", "fi"]
    plain = brief(languages=("sv",), templates={"default": templates["sv"]}, columns={"who": "name"})
    assert [one.partition(":")[0] for one in notices(plain)] == ["sv"]


def test_text_is_slow_only_where_a_grammar_makes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "_PROBLEM", "numba is away")
    swedish = {"default": TemplateSource(name="t", text="x", language="sv")}
    refuse_slow_text(brief(languages=("sv",), templates=swedish))
    for asked in (
        brief(languages=("sv", "de-AT"), templates=swedish),
        brief(languages=("sv",), templates={**swedish, "de-AT": TemplateSource(name="t", text="x")}),
    ):
        with pytest.raises(BriefError, match="numba is away: text would be made"):
            refuse_slow_text(asked)
    monkeypatch.setattr(kernel, "_PROBLEM", None)
    refuse_slow_text(brief())


def test_every_language_without_a_voice_is_named_with_those_there_are(tmp_path: Path) -> None:
    made = installation(tmp_path / "home")
    french = TemplateSource(name="t", text="x", language="fi-FI")
    with made.database.read() as connection:
        asked = brief(model="espeak", languages=("en-GB", "sv", "sv-FI"), templates={"default": french})
        chosen = choose_voice(connection, brief(model="espeak"))
        tone = choose_voice(connection, brief())
    made.close()
    voiced = chosen.preset.voiced_languages("espeak")
    assert voiced is not None
    with pytest.raises(BriefError, match=f"has no voice for sv, fi, only for {', '.join(voiced)}"):
        refuse_voiceless(asked, [chosen])
    refuse_voiceless(brief(model="espeak", languages=("en-GB",)), [chosen])
    refuse_voiceless(asked, [tone])


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
