"""The authors' page shows every filter, tag and error code, and what it shows is so."""

from __future__ import annotations

import ast
import re

import pytest

from campaign.speech.filters import FILTERS
from campaign.speech.front_end import FrontEnd, FrontEndConfig, TemplateSource
from tests import ROOT

PAGE = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")
ERRORS = {"UnreadableValueError", "RenderError", "FieldError", "SpeechError", "error"}


def filter_rows() -> list[tuple[str, str, str, str]]:
    table = PAGE.split("## Filters", 1)[1].split("\n\n")[1].splitlines()[2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    return [
        (row[0].strip("`"), "" if row[1] == "(empty)" else row[1].strip("`"), row[2], row[3]) for row in rows
    ]


@pytest.mark.parametrize(("use", "written", "locale", "said"), filter_rows())
def test_each_filter_says_what_the_page_shows(use: str, written: str, locale: str, said: str) -> None:
    template = TemplateSource(name="page.txt", text="{{ value | " + use + " }}")
    languages = (locale[:2], "es", "en")
    front_end = FrontEnd(FrontEndConfig(templates={locale: template}, languages=languages))
    assert front_end.compose(locale=locale, fields={"value": written}).spoken_text == said


def prose_rows() -> list[tuple[str, str, str]]:
    table = PAGE.split("## In plain text", 1)[1].split("| --- | --- | --- | --- |\n", 1)[1].split("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    return [(locale, written, said) for _, locale, written, said in rows]


@pytest.mark.parametrize(("locale", "written", "said"), prose_rows())
def test_plain_text_is_read_as_the_page_shows(locale: str, written: str, said: str) -> None:
    template = TemplateSource(name="page.txt", text="{{ value }}")
    front_end = FrontEnd(FrontEndConfig(templates={locale: template}, languages=(locale[:2], "en")))
    assert front_end.compose(locale=locale, fields={"value": written}).spoken_text == said


def test_the_page_shows_every_filter_and_no_other() -> None:
    assert {re.match(r"\w+", use)[0] for use, *_ in filter_rows()} == set(FILTERS)  # type: ignore[index]


def test_the_pages_templates_compile_and_speak() -> None:
    plain, _, ssml = (
        block for block in re.findall(r"```(?:\w*)\n(.*?)```", PAGE, re.S) if "{{" in block or "type" in block
    )
    fields = {"name": "Ana", "amount": "20 EUR", "due": "03/12/2026", "notes": ""}
    for name, text in (("page.txt", plain.replace("due", "name")), ("page.ssml", ssml)):
        front_end = FrontEnd(FrontEndConfig(templates={"en": TemplateSource(name=name, text=text)}))
        composition = front_end.compose(locale="en", fields=fields)
        assert "synthetic voice" in composition.utterances[0].text
    languages = {span.language for utterance in composition.utterances for span in utterance.spans}
    assert languages == {"en", "es"}


def raised_codes() -> set[str]:
    """Codes that the text front end raises, read from its source."""
    files = (ROOT / "campaign" / "speech").rglob("*.py")
    codes: set[str] = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            first = node.args[0]
            if (
                called in ERRORS
                and isinstance(first, ast.Constant)
                and re.fullmatch(r"[a-z]+(-[a-z]+)+", str(first.value))
            ):
                codes.add(str(first.value))
    return codes - {"no-grammar"}


def test_the_page_lists_every_row_error() -> None:
    listed = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", PAGE.split("## Row errors", 1)[1])) | {"unencodable"}
    assert listed - {"unencodable"} == raised_codes() - {"unencodable"}
