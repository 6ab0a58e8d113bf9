"""A locale that is none: of a row that row's error, of the brief one before the first; never kept, never published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from campaign.brief import read_brief
from campaign.errors import BriefError, InputError, LexiconError, TemplateError
from campaign.gate.prompts import load_prompts
from campaign.registry.presets import NewPreset, add_preset
from campaign.report.publish import publish_report
from campaign.speech.lexicon.files import parse_lexicon
from campaign.speech.templates import Template, TemplateSource
from storage.names import PresetName
from tests import build

HOSTILE = "en\x1b[2J<script>"
"""No tag."""


def of(**keys: Any) -> dict[str, Any]:
    return {"templates": {"default": {"text": "Hello."}}, **keys}


@pytest.mark.parametrize("bad", [HOSTILE, "xx", "en-UK", "a" * 400, "elvish", "und"])
def test_a_row_s_locale_that_is_none_is_that_row_s_error_and_is_kept_and_published_nowhere(
    tmp_path: Path, bad: str
) -> None:
    installation = build.installation(tmp_path / "home")
    people = build.people(3)
    people[1]["locale"] = bad
    submission = build.submitted(installation, people)
    (problem,) = submission.tally.problems
    assert (problem.row, problem.error.code, problem.error.column) == (2, "not-a-locale", "locale")
    build.worked(installation, submission.campaign.id)
    publish_report(installation, submission.campaign.id)
    prefix = f"campaigns/{submission.campaign.id}/"
    for name in ("manifest.jsonl", "report.json", "report.html", "recipients.csv"):
        assert bad.encode() not in installation.store.get(prefix + name) or bad in ("xx", "und")
    lines = build.manifest(installation.store, submission.campaign.id)
    assert [(line["row"], line["locale"], line["status"]) for line in lines] == [
        (1, "en", "stored"),
        (2, "und", "failed"),
        (3, "en", "stored"),
    ]
    installation.close()


def test_a_row_that_is_bad_already_keeps_its_own_reason_and_no_locale(tmp_path: Path) -> None:
    installation = build.installation(tmp_path / "home")
    people = build.people(2)
    people[1] |= {"id": "", "locale": HOSTILE}
    submission = build.submitted(installation, people)
    assert [problem.error.code for problem in submission.tally.problems] == ["no-id"]
    build.worked(installation, submission.campaign.id)
    publish_report(installation, submission.campaign.id)
    lines = build.manifest(installation.store, submission.campaign.id)
    assert [line["locale"] for line in lines] == ["en", "und"]
    installation.close()


@pytest.mark.parametrize(
    ("table", "key"),
    [
        (of(languages=["en", HOSTILE]), "languages"),
        (of(languages=["xx"]), "languages"),
        ({"templates": {"en-UK": {"text": "Hello."}}}, "templates"),
        ({"templates": {HOSTILE: {"text": "Hello."}}}, "templates"),
        ({"templates": {"en": {"text": "Hello.", "language": HOSTILE}}}, "templates.en.language"),
        (of(columns={"name": {"type": "name", "language": HOSTILE}}), "columns"),
        (of(columns={"name": {"type": "name", "language": "xx"}}), "columns"),
        (of(disclosure={"words": {"xx": {"synthetic": ["robot"]}}}), "disclosure"),
        (of(finish={"characters_per_second": {"xx": [1.0, 2.0]}}), "finish"),
    ],
)
def test_a_brief_s_is_one_error_that_names_the_key(table: dict[str, Any], key: str) -> None:
    with pytest.raises(BriefError) as caught:
        read_brief(table, label="the brief", folder=None)
    assert f"the brief: {key}" in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    "text", ['{% lang "xx" %}a{% endlang %}', '{{ name | lang("en-UK") }}', "{{ name | lang('e<') }}"]
)
def test_a_template_s_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(TemplateError, match=r"t\.txt, line 2: .*(language|region)"):
        Template(TemplateSource(name="t.txt", text=f"\n{text}"))


@pytest.mark.parametrize(
    "text", ["# language: xx\nwritten\talias\na\tb\n", "written\talias\tlanguage\na\tb\txx\n"]
)
def test_a_lexicon_s_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(LexiconError, match=r"words\.tsv:.*no language 'xx'"):
        parse_lexicon("words.tsv", text)


def test_a_preset_s_is_refused(tmp_path: Path) -> None:
    installation = build.installation(tmp_path / "home")
    with pytest.raises(InputError, match="the recording's language: 'xx'"):
        add_preset(
            installation,
            NewPreset(name=PresetName("a"), engine="espeak", table={}, language="xx"),
            actor="me",
        )
    installation.close()


def test_a_prompt_set_s_is_refused_with_its_row(tmp_path: Path) -> None:
    (tmp_path / "campaign.toml").write_text('[templates]\ndefault = { text = "Hello." }\n')
    (tmp_path / "prompts.csv").write_text("id,locale\n1,en\n2,xx\n")
    with pytest.raises(InputError, match="row 2: 'xx'"):
        load_prompts(str(tmp_path))


def noted(tmp_path: Path, locales: list[str], **asked: Any) -> list[str]:
    """What a submit of rows of these locales notes of languages."""
    installation = build.installation(tmp_path / "home")
    people = [{"id": str(number), "locale": locale, "name": "Ana"} for number, locale in enumerate(locales)]
    tally = build.submitted(installation, people, build.brief(**asked)).tally
    installation.close()
    return [note for note in tally.notes if "default template" in note]


def test_languages_without_a_template_are_told_with_their_rows(tmp_path: Path) -> None:
    assert noted(tmp_path, ["fr", "en-GB", "fr-CA", "it", "", "xx"]) == [
        "2 rows say fr, 1 it and are spoken in en by the default template. Write [templates] fr, it, or leave it."
    ]


def test_of_many_languages_without_a_template_the_commonest_are_named(tmp_path: Path) -> None:
    (note,) = noted(tmp_path, ["fr", "it", "es", "de", "pt", "nl", "sv", "nl"])
    assert note.startswith("2 rows say nl, 1 fr, 1 it, 1 es, 1 de, 2 other languages and are spoken in en by")


def test_a_language_whose_template_says_another_is_served(tmp_path: Path) -> None:
    english = TemplateSource(name="t", text="Hello {{ name }}.", language="en")
    assert noted(tmp_path, ["fr-CA", "en"], templates={"default": english, "fr": english}) == []
