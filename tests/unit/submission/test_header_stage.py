"""The header stage: what is needed against what is there, each fault once, and every mend that is named mends."""

from __future__ import annotations

import re
import shlex
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from campaign.brief import LoadedBrief, Overrides, UnmatchedLists, read_brief
from campaign.errors import HeaderError
from campaign.recipients import open_recipients
from campaign.recipients.header import folded
from campaign.submission.header_stage import AS_THEY_ARE, ColumnFit, fit_columns
from tests.commands import run


def brief(text: str = "Hello {{ name }}.", **table: Any) -> LoadedBrief:
    said: dict[str, Any] = {"templates": {"default": {"text": text, "language": "en"}}, **table}
    return read_brief(said, label="campaign.toml", folder=None)


def home(folder: Path) -> dict[str, str]:
    return {"CAMPAIGN_HOME": str(folder / "home")}


def fitted(folder: Path, content: str, loaded: LoadedBrief, *, name: str = "r.csv") -> ColumnFit:
    (folder / name).write_text(content)
    with open_recipients(str(folder / name)) as source:
        return fit_columns(loaded, source)


def faults(folder: Path, content: str, loaded: LoadedBrief, *, name: str = "r.csv") -> tuple[str, ...]:
    with pytest.raises(HeaderError) as told:
        fitted(folder, content, loaded, name=name)
    return told.value.lines


@pytest.mark.parametrize(
    "header", ["ID,Name", " Id , NAME ", "i-d,na me", "I_D,na_me", "\u200bid,n.ame", "ＩＤ,ｎａｍｅ"]
)
def test_names_are_matched_as_people_write_them(tmp_path: Path, header: str) -> None:
    fit = fitted(tmp_path, f"{header}\n1,Ann\n", brief())
    with open_recipients(str(tmp_path / "r.csv")) as source:
        assert [fit.fields(row) for row in source.rows()] == [{"id": "1", "name": "Ann"}]


def test_a_name_of_two_words_serves_its_variable_and_an_exact_one_goes_first(tmp_path: Path) -> None:
    fit = fitted(tmp_path, "id,First Name,NAME,name\n1,Ann,B,C\n", brief("{{ first_name }} {{ name }}."))
    assert fit.sources == {"id": "id", "first_name": "First Name", "name": "name"}
    assert fit.left_out == ("NAME",)


def test_a_column_has_the_name_that_from_says(tmp_path: Path) -> None:
    loaded = brief("{{ amount }}.", columns={"amount": {"from": "Betrag (EUR)", "type": "money EUR"}})
    fit = fitted(tmp_path, "id,Betrag (EUR)\n1,12\n", loaded)
    assert fit.sources == {"id": "id", "amount": "Betrag (EUR)"}
    (fault, columns) = faults(tmp_path, "id,Betrag\n1,12\n", loaded)
    assert "no column 'Betrag (EUR)': columns.amount says from = 'Betrag (EUR)'" in fault
    assert columns == "r.csv: the columns are 'id', 'Betrag'."


FAULTS: dict[str, tuple[str, Mapping[str, Any], list[str]]] = {
    "a near miss": ("id,nmae\n1,Ann\n", {}, [r"no column 'name': default, inline says {{ name }}. Did you mean 'nmae'\?"]),  # noqa: E501
    "nothing like it": ("id,city\n1,Ulm\n", {}, [r'no column \'name\': .* Name it so in the file, .* name = { from = "..." }']),  # noqa: E501
    "no id, and another usual name": ("customer_id,name\n1,A\n", {}, [r"If 'customer_id' does, say --id-column customer_id"]),  # noqa: E501
    "no id at all": ("ref no,name\n1,A\n", {}, ["no column 'id' says who a row is. Say which does with --id-column"]),
    "declared and not there": ("id,name,amount\n1,A,1\n", {"columns": {"amuont": "money EUR"}}, [r"'amuont', which \[columns\] declares. Did you mean 'amount'"]),  # noqa: E501
    "a locale column that is not there": ("id,name,lang\n1,A,en\n", {"locale_column": "sprache"}, ["no column 'sprache', which locale_column names. Is it 'lang'"]),  # noqa: E501
    "a locale column under another usual name": (
        "id,Language,name\n1,de,A\n",
        {"templates": {"en": {"text": "Hi {{ name }}."}, "de": {"text": "Hallo {{ name }}."}}},
        ["'Language' seems to. Say --locale-column Language"],
    ),
    "two columns for one name": ("id,Name,NAME\n1,A,B\n", {}, ["the columns 'Name' and 'NAME' could both be 'name'"]),
    "a needed name that stands twice": ("id,name,name\n1,A,B\n", {}, [r"'name' is the name of several columns \(2 and 3\)"]),  # noqa: E501
    "ids that a spreadsheet rounded": ("id,name\n1.31888E+18,A\n1.31888E+18,B\n", {}, ["row 1, column 'id': 1.31888E\\+18 is a number that a spreadsheet rounded"]),  # noqa: E501
    "all of it together": ("who,nmae\n1,A\n", {"columns": {"due": "date iso"}}, ["'id'", "'name'", "'due'"]),
    "a preset column under another name": (
        "id,name,Sex\n1,A,F\n2,B,m\n3,C,\n4,D,x\n",
        {"presets": {"f": "a@1", "m": "b@1"}},
        ["no column 'preset' says which of the brief's presets speaks a row. If 'Sex' does, write preset_column = 'Sex'"],  # noqa: E501
    ),
    "a preset column that is misspelled": (
        "id,name,vioce\n1,A,alto\n",
        {"presets": {"f": "a@1"}, "preset_column": "voice"},
        [r"no column 'voice' says .* Did you mean 'vioce'\? Say which does with preset_column"],
    ),
    "a currency column that is not there": (
        "id,name,sum\n1,A,2\n",
        {"columns": {"sum": {"type": "money", "currency_column": "currency"}}},
        ["no column 'currency', which columns.sum names"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", FAULTS)
def test_each_fault_is_told_once_and_all_together(tmp_path: Path, kind: str) -> None:
    content, table, said = FAULTS[kind]
    *told, columns = faults(tmp_path, content, brief(**table))
    assert len(told) == len(said)
    for fault, expected in zip(told, said, strict=True):
        assert re.search(expected, fault) and fault.startswith("r.csv: ")
    assert columns.startswith("r.csv: the columns are ")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("1,Ann\n2,Bo\n", "seems to begin with a recipient: add a first line that names the columns"),
        ("17,ann@example.com\n18,bo@example.com\n", "seems to begin with a recipient"),
        (
            "Patient list,2026\nid,name\n1,Ann\n",
            "Row 1 below them looks like the header: remove what stands above it",
        ),
        ("id:name\n1:Ann\n", "If ':' parts the cells, say --delimiter colon"),
        ("id^name\n1^Ann\n", r"If '\^' parts the cells, say --delimiter '\^'"),
    ],
)
def test_what_is_likely_the_matter_with_the_whole_header_is_told(
    tmp_path: Path, content: str, said: str
) -> None:
    assert re.search(said, faults(tmp_path, content, brief())[-1])


def test_what_is_optional_may_be_missing_and_is_told(tmp_path: Path) -> None:
    optional = {"name": {"type": "name", "optional": True, "fallback": "customer"}}
    fit = fitted(tmp_path, "id\n1\n", brief(columns=optional))
    assert fit.notes == ("there is no column 'name': every row says its fallback, 'customer'.",)
    assert "Did you mean 'nmae'" in faults(tmp_path, "id,nmae\n1,A\n", brief(columns=optional))[0]


def test_languages_that_nobody_asks_are_a_note_where_there_is_one_language(tmp_path: Path) -> None:
    fit = fitted(tmp_path, "id,name,language\n1,A,de\n", brief())
    assert fit.notes[0].startswith(
        "'language' holds languages and is not asked: every row is spoken in 'en'."
    )
    assert fitted(tmp_path, "id,name,language\n1,A,Basque cuisine\n", brief()).notes == ()
    asked = brief(locale_column="language")
    assert fitted(tmp_path, "id,name,language\n1,A,de\n", asked).notes == ()


def test_json_has_the_fields_of_its_first_rows(tmp_path: Path) -> None:
    lines = '{"ID": 1, "other": 2}\n{"ID": 2, "Name": "Bo"}\n'
    assert fitted(tmp_path, lines, brief(), name="r.jsonl").sources == {"id": "ID", "name": "Name"}
    told = faults(tmp_path, '{"ID": 1, "nmae": "A"}\n', brief(), name="r.jsonl")
    assert told[-1] == "r.jsonl: the first rows have the fields 'ID', 'nmae'."


def test_rows_that_were_made_here_are_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text('{"whatever": " x "}\n')
    with open_recipients(str(tmp_path / "r.jsonl")) as source:
        assert [AS_THEY_ARE.fields(row) for row in source.rows()] == [{"whatever": " x "}]


def test_of_thousands_of_columns_the_needed_ones_are_kept(tmp_path: Path) -> None:
    names = [f"c{number}" for number in range(5_000)]
    fit = fitted(tmp_path, f"id,{','.join(names)},name\n1,{','.join(names)},Ann\n", brief())
    with open_recipients(str(tmp_path / "r.csv")) as source:
        (row,) = source.rows()
    assert (fit.fields(row), len(fit.left_out)) == ({"id": "1", "name": "Ann"}, 5_000)


def test_a_header_that_does_not_fit_ends_a_submit_before_a_row_of_any_number(tmp_path: Path) -> None:
    """A hole of 8 GiB behind the first rows: whoever reads on takes minutes and meets zeros."""
    path = tmp_path / "r.csv"
    with path.open("wb") as stream:
        stream.write(b"id,nmae\n" + b"1,Ann\n" * 20_000)
        stream.truncate(8 << 30)
    (tmp_path / "t.txt").write_text("Hello {{ name }}.")
    start = time.monotonic()
    done = run("submit", str(path), "--template", str(tmp_path / "t.txt"), environment=home(tmp_path))
    assert done.code == 3 and time.monotonic() - start < 10
    assert done.err.count("no column 'name'") == 1 and "Did you mean 'nmae'" in done.err


MENDED: dict[str, bytes] = {
    "id column": b"customer_id,name\n1,Ann\n",
    "id column of two words": b"Customer Number,name\n1,Ann\n",
    "locale column": b"id,Language,name\n1,de,Ann\n",
    "a sign that parts the cells": b"id:name\n1:Ann\n",
    "encoding": "id,name\n1,Zoë\n".encode("cp1252"),
    "an encoding too many": "id,name\n1,Zoë\n".encode(),
    "a list of other ids": b"id,name\n1,Ann\n",
}
GIVEN = {"an encoding too many": ["--encoding", "cp1252"], "a list of other ids": ["--suppress", "stop.csv"]}
OPTION = re.compile(r"(?:[Ss]ay|with) (--[a-z-]+ (?:'[^']+'|[^ .(;,]+))|Leave (--[a-z-]+) out")
"""How an error names the option that mends it."""


@pytest.mark.parametrize("kind", MENDED)
def test_the_mend_that_an_error_names_mends(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The option is read from the message and given."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r.csv").write_bytes(MENDED[kind])
    (tmp_path / "stop.csv").write_text("a@x.org\n")
    (tmp_path / "campaign.toml").write_text(
        'languages = ["en", "de"]\n[templates]\nen = { text = "Hi there." }\nde = { text = "Hallo." }\n'
    )
    command = ["submit", "r.csv", "--dry-run", *GIVEN.get(kind, [])]
    for _ in range(3):
        refused = run(*command, environment=home(tmp_path))
        if refused.code == 0:
            break
        assert refused.code == 3
        named = OPTION.search(refused.err)
        assert named is not None, refused.err
        if named[2]:
            place = command.index(named[2])
            del command[place : place + 2]
        else:
            command += shlex.split(named[1])
    assert (refused.code, "1 to make" in refused.out) == (0, True)


def test_folded_names_are_equal_whatever_parts_their_words() -> None:
    assert (
        len({folded(name) for name in ("First Name", "first_name", "FIRST-NAME", "firstName", "First.Name")})
        == 1
    )
    assert folded("name") != folded("names")


def test_what_parts_figures_counts() -> None:
    assert folded("Rate 1.5") == folded("rate_1_5") != folded("rate_15")
    assert folded("phone_1") == folded("Phone1") != folded("phone_11")


def test_overrides_name_columns_over_the_brief(tmp_path: Path) -> None:
    table: dict[str, Any] = {"templates": {"default": {"text": "Hi.", "language": "en"}}, "id_column": "x"}
    loaded = read_brief(table, Overrides(id_column="who", locale_column=""), label="t", folder=None)
    assert fitted(tmp_path, "who\n1\n", loaded).sources == {"who": "who"}


@pytest.mark.parametrize(
    ("listed", "ids", "said"),
    [
        ("a@x.org\nb@x.org\n", ["17", "18"], "holds e-mail addresses, and the column 'id' others"),
        ("17\n18\n", ["a@x.org"], "holds other ids, and the column 'id' e-mail addresses"),
        ("0f8fad5b-d9cb-469f-a165-70867728950e\n", ["17"], "holds UUIDs"),
    ],
)  # fmt: skip
def test_a_list_of_other_ids_is_told_before_row_1(
    tmp_path: Path, listed: str, ids: list[str], said: str
) -> None:
    (tmp_path / "stop.csv").write_text(listed)
    content = "id,name\n" + "".join(f"{one},A\n" for one in ids)
    loaded = replace(brief(), suppress=(tmp_path / "stop.csv",))
    fault, _ = faults(tmp_path, content, loaded)
    assert said in fault and "--unmatched-lists allow" in fault
    fitted(tmp_path, content, replace(loaded, unmatched_lists=UnmatchedLists.ALLOW))
    mixed = replace(loaded, suppress=(tmp_path / "mixed.csv",))
    (tmp_path / "mixed.csv").write_text(listed + ids[0] + "\n")
    fitted(tmp_path, content, mixed)


def test_a_doubled_name_like_the_needed_one_is_a_second_reading(tmp_path: Path) -> None:
    assert "could both be 'name'" in faults(tmp_path, "id,NAME,Name,Name\n1,A,B,C\n", brief())[0]
