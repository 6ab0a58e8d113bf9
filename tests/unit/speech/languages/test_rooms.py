"""Everything that is a language's own stands in its room: the machinery names none, and asks every room alike."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from icu4py.messageformat import MessageFormat

from campaign.speech import languages
from campaign.speech.languages import registry
from campaign.speech.languages.record import Language
from campaign.speech.languages.registry import codes, lacking, language, spoken
from campaign.speech.typed import Context, Kind, TypedValue, UnreadableValueError
from campaign.speech.values.patterns import scanner
from campaign.speech.verbalise.dispatch import read_aloud

ROOT = Path(languages.__file__).parents[3]
SPEECH = Path(languages.__file__).parents[1]
ROOMS = Path(languages.__file__).parent


def machinery() -> Iterator[Path]:
    for path in sorted(SPEECH.rglob("*.py")):
        if ROOMS not in path.parents or path.relative_to(ROOMS).parts[0] not in codes():
            yield path


def test_the_machinery_names_no_language() -> None:
    named = [
        f"{path.relative_to(SPEECH)}:{node.lineno} {node.value!r}"
        for path in machinery()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and node.value in codes()
    ]
    assert named == []


def test_no_module_of_the_machinery_imports_a_room() -> None:
    rooms = {f"{languages.__name__}.{code}" for code in codes()}
    imported = [
        f"{path.relative_to(SPEECH)}: {node.module}"
        for path in machinery()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and ".".join((node.module or "").split(".")[:4]) in rooms
    ]
    assert imported == []


def test_rooms_know_no_machinery_but_the_record_they_fill() -> None:
    foreign = [
        f"{path.relative_to(ROOMS)}: {node.module}"
        for code in codes()
        for path in sorted((ROOMS / code).glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("campaign.speech.")
        and not (node.module or "").startswith(languages.__name__)
        and node.module not in ("campaign.speech.typed", "campaign.speech.wordlist")
    ]
    assert foreign == []


@pytest.mark.parametrize("code", sorted(codes()))
def test_a_room_says_its_own_code_and_its_readings_stand_before_general_ones(code: str) -> None:
    room = spoken(code, "a value")
    assert room.code == code
    assert len(room.words.digits) == 10
    names = set(scanner(code, "").names)
    assert {own.name for own in room.shapes.own} <= names, "a reading names none to stand before"


@pytest.mark.parametrize("kind", [Kind.CARDINAL, Kind.MONEY, Kind.DATE, Kind.TIME, Kind.DIGITS])
def test_a_language_without_a_room_is_told_with_what_there_is(kind: Kind) -> None:
    assert language("xx") is None
    with pytest.raises(UnreadableValueError, match="cannot be read aloud in 'xx'") as refused:
        read_aloud(TypedValue(kind=kind, written="1"), Context(language="xx"))
    assert (refused.value.code, "de, en, es" in refused.value.mend) == ("no-verbaliser", True)


@pytest.mark.parametrize(
    ("kind", "written", "part", "what"),
    [
        (Kind.ORDINAL, "3", "ordinals", "ordinals"),
        (Kind.FRACTION, "3/4", "fraction", "fractions"),
        (Kind.MONEY, "3 €", "money", "amounts of money"),
        (Kind.DATE, "2026-12-03", "calendar", "dates"),
        (Kind.TIME, "14:30", "clock", "times of day"),
    ],
)
def test_a_part_that_a_language_lacks_is_told_as_such(
    monkeypatch: pytest.MonkeyPatch, kind: Kind, written: str, part: str, what: str
) -> None:
    whole = spoken("it", "a value")
    numerals = {field.name for field in fields(whole.numerals)}
    nothing: dict[str, Any] = {part: None}
    bare = (
        replace(whole, numerals=replace(whole.numerals, **nothing))
        if part in numerals
        else replace(whole, **nothing)
    )
    monkeypatch.setitem(registry.LOADED, "it", bare)
    with pytest.raises(UnreadableValueError, match=f"there are no {what} in Italian") as refused:
        read_aloud(TypedValue(kind=kind, written=written), Context(language="it"))
    assert refused.value.code == lacking(bare, what).code == "no-verbaliser"


def test_the_smallest_room_of_the_docs_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "languages.md").read_text("utf-8")
    room: dict[str, Any] = {}
    exec(page.split("```python\n", 1)[1].split("```", 1)[0], room)
    monkeypatch.setitem(registry.LOADED, "nl", room["LANGUAGE"])
    context = Context(language="nl")
    witness = MessageFormat("{n,spellout,%spellout-cardinal}", "nl")
    cardinal = room["cardinal"]
    for number in (*range(2, 1000), 1000, 1_001_000, 2_345_678):
        assert cardinal(number).replace(" ", "") == re.sub(r"[\s\xad]", "", witness.format({"n": number}))
    assert read_aloud(TypedValue(kind=Kind.CARDINAL, written="21"), context).text == "eenentwintig"
    assert read_aloud(TypedValue(kind=Kind.UNIT, written="12 %"), context).text == "twaalf procent"
    assert read_aloud(TypedValue(kind=Kind.CODE, written="A4"), context).text == "A vier"
    with pytest.raises(UnreadableValueError, match="there are no ordinals in Dutch"):
        read_aloud(TypedValue(kind=Kind.ORDINAL, written="3"), context)


def test_the_page_names_files_and_fields_that_are_there() -> None:
    page = (ROOT / "docs" / "languages.md").read_text("utf-8")
    for name in set(re.findall(r"`([a-z]{2}/[a-z_]+\.py)`", page)):
        assert (ROOMS / name).exists(), name
    parts = {field.name for field in fields(Language)}
    table = page.split("| add | in the record |", 1)[1].split("\n\n", 1)[0]
    told = {
        name.split(".")[0]
        for line in table.splitlines()[2:]
        for name in re.findall(r"`([a-z_.]+)`", line.split("|")[2])
    }
    assert told - parts - {"romance", "shaping", "own"} == set()


@pytest.mark.parametrize("code", sorted(codes()))
def test_readings_of_figures_begin_with_one_wherever_they_match(code: str) -> None:
    written = [
        line.partition("~")[0]
        for file in sorted((ROOMS / code / "gold").glob("*.txt"))
        for line in file.read_text("utf-8").splitlines()
    ]
    wrong = [
        (own.name, match[0])
        for own in spoken(code, "a value").shapes.own
        if own.figures
        for text in written
        for match in re.finditer(own.shape, text)
        if not match[0][0].isdigit()
    ]
    assert wrong == []
