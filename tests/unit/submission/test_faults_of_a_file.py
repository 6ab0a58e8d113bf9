"""A file's columns against a brief: what is wrong with the whole file is one error, and its mend fits."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign.brief.loading import read_brief
from campaign.errors import HeaderError
from campaign.recipients import open_recipients
from campaign.submission.header_stage import fit_columns


def complaint(tmp_path: Path, text: str, *, name: str = "r.csv", template: str = "Hello {{ name }}.") -> str:
    path = tmp_path / name
    path.write_text(text)
    brief = read_brief(
        {"languages": ["en", "de"], "templates": {"en": {"text": template}, "de": {"text": template}}},
        label="a.toml",
        folder=None,
    )
    with open_recipients(str(path)) as source, pytest.raises(HeaderError) as raised:
        fit_columns(brief, source)
    return str(raised.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("'id','name'\n'1','Ann'\n", "'...' are no quotation marks of a CSV file"),
        ("“id”,“name”\n“1”,“Ann”\n", "“...” are no quotation marks"),
        ('"id,name"\n"1,Ann"\n', "Each line seems to stand in quotation marks as a whole"),
        ("id¦name\n1¦Ann\n", "say --delimiter '¦'"),
        ("id,Language,name\n1,German,Ann\n2,English,Bo\n", "--locale-column Language"),
        ("id,name\n" + "1,Lee,Ann\n" * 3, "every row has more cells than the header has columns"),
        ("Contacts\nid,name\n1,Ann\n2,Bo\n3,Cy\n", "Row 1 below them looks like the header"),
    ],
)
def test_a_fault_of_the_whole_file_is_told_once(tmp_path: Path, text: str, says: str) -> None:
    assert says in complaint(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[]", "there is no recipient in it."),
        ('[["id", "name"], [1, "Ann"]]', "Row 1: a row is a JSON object"),
        ('{"id": 1, "name": "Ann"}{"id": 2, "name": "Bo"}', "Row 1: Extra data"),
        ('{"id": 1, "name": {"first": "Ann"}}', "Row 1, column name: a list or object"),
    ],
)
def test_why_json_has_no_columns_is_told(tmp_path: Path, text: str, says: str) -> None:
    assert says in complaint(tmp_path, text, name="r.json")


def test_two_rows_with_a_cell_too_many_are_two_rows(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("id,name\n1,Lee,Ann\n2,Tod,Bo\n")
    brief = read_brief({"templates": {"default": {"text": "{{ name }}"}}}, label="a.toml", folder=None)
    with open_recipients(str(path)) as source:
        fit_columns(brief, source)


def test_a_word_that_is_compared_without_its_marks_is_told(tmp_path: Path) -> None:
    told = complaint(
        tmp_path, "id,name,vip\n1,Ann,yes\n", template="{{ name }}{% if vip == yes %}!{% endif %}"
    )
    assert 'If the word itself is meant, write "yes".' in told
    assert "looks like the header" not in told


def test_a_name_with_marks_that_nobody_sees_is_the_name(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("id,na\u00adme\n1,Ann\n")
    brief = read_brief({"templates": {"default": {"text": "{{ name }}"}}}, label="a.toml", folder=None)
    with open_recipients(str(path)) as source:
        assert fit_columns(brief, source).sources == {"id": "id", "name": "na\u00adme"}
