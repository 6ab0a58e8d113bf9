"""`campaign init`: what a file says by itself is declared, what has two readings is asked, and the brief submits."""

from __future__ import annotations

import shlex
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from campaign.brief import Overrides, load_brief
from campaign.errors import RecipientsError
from campaign.preview.new_brief import NewBrief, new_brief
from campaign.recipients import open_recipients
from campaign.submission.header_stage import fit_columns
from tests.commands import Done, run


def made(
    folder: Path, text: str, *, name: str = "people.csv", defaults: Mapping[str, Any] | None = None
) -> NewBrief:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    with open_recipients(str(path)) as source:
        brief = new_brief(source, schema="file:///brief.schema.json", defaults=defaults)
    (folder / "campaign.toml").write_text(brief.toml, encoding="utf-8")
    with open_recipients(str(path)) as source:
        loaded = load_brief(folder / "campaign.toml", Overrides(), defaults=defaults)
        if defaults is not None:
            fit_columns(loaded, source)
    return brief


def columns(brief: NewBrief) -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads(brief.toml)["columns"]
    return table


@pytest.mark.parametrize(
    ("header", "values", "declared"),
    [
        ("vorname", ["Ann", "Bob"], "name"),
        ("due", ["2026-12-03", "2026-12-04"], "date iso"),
        ("due", ["23/12/2026", "04/12/2026"], "date dmy"),
        ("due", ["12/23/2026", "12/04/2026"], "date mdy"),
        ("due", ["23.10.26", "4.12.26"], "date dmy"),
        ("Date of birth", ["23.10.64", "4.12.12"], "date dmy past"),
        ("geburtsdatum", ["23.10.64", "4.12.12"], "date dmy past"),
        ("geburtsdatum", ["23.10.1964", "4.12.2012"], "date dmy"),
        ("at", ["14:30", "9:05"], "time"),
        ("contact", ["ann@example.com", "bo.x@mail.example.org"], "email"),
        ("site", ["https://example.com/a", "www.example.org"], "url"),
        ("discount", ["12 %", "7.5%"], "percent"),
        ("takes", ["90 min", "1h30"], "duration"),
        ("takes", ["90 min", "soon"], "text"),
        ("Baujahr", ["1999", "2024"], "year"),
        ("street", ["Hauptstr. 12", "Am Markt 3"], "address"),
        ("contact", ["+1 212 555 0147", "+44 20 7946 0018"], "telephone"),
        ("Phone", ["030 1234567", "089 7654321"], "telephone"),
        ("amount", ["12.50 EUR", "€3.00"], "money"),
        ("notes", ["any words", "12.50"], "text"),
        ("number", ["12", "13"], "text"),
        ("when", ["2026-12-03", "soon"], "text"),
        ("at", ["14:30", "25:70"], "text"),
    ],
)
def test_a_column_with_one_reading_is_declared(
    tmp_path: Path, header: str, values: list[str], declared: str
) -> None:
    rows = "".join(f'{number},"{value}"\n' for number, value in enumerate(values))
    assert list(columns(made(tmp_path, f"id,{header}\n{rows}")).values()) == [declared]


@pytest.mark.parametrize(
    ("header", "values", "readings"),
    [
        ("due", ["03/04/2026", "05/06/2026"], ["date dmy", "date mdy"]),
        (
            "due",
            ["03.04.64", "05.06.64"],
            ["date dmy past", "date dmy future", "date mdy past", "date mdy future"],
        ),
        ("amount", ["12.345 EUR", "€3"], ["money 1,234.5", "money 1.234,5"]),
        ("discount", ["12.345 %", "3 %"], ["percent 1,234.5", "percent 1.234,5"]),
        ("duration", ["1:30", "0:45"], ["duration h:mm", "duration m:ss"]),
        ("betrag", ["12.50", "3.00"], ["money EUR", "money USD", "cardinal"]),
        (
            "betrag",
            ["12.345", "3"],
            [
                f"{name} {form}"
                for name in ("money EUR", "money USD", "cardinal")
                for form in ("1,234.5", "1.234,5")
            ],
        ),
    ],
)
def test_a_column_with_two_readings_is_asked_and_not_declared(
    tmp_path: Path, header: str, values: list[str], readings: list[str]
) -> None:
    rows = "".join(f"{number},{value}\n" for number, value in enumerate(values))
    brief = made(tmp_path, f"id,{header}\n{rows}")
    assert columns(brief) == {}
    assert [f'# {header} = "{reading}"' in brief.toml for reading in readings] == [True] * len(readings)
    assert brief.notes == (f"{header} can be read as {' or '.join(readings)}: choose in [columns]",)


def test_amounts_in_two_ways_that_each_have_one_reading_are_amounts(tmp_path: Path) -> None:
    assert columns(made(tmp_path, 'id,amount\n1,1.50 EUR\n2,"1,50 EUR"\n')) == {"amount": "money"}


def test_amounts_that_are_written_in_two_ways_are_told_and_stay_text(tmp_path: Path) -> None:
    brief = made(tmp_path, 'id,amount\n1,1.50 EUR\n2,"1,50 EUR"\n3,1.500 EUR\n')
    assert columns(brief) == {"amount": "text"}
    assert "rows 1 and 2 write numbers in two ways" in brief.notes[-1]


@pytest.mark.parametrize(
    ("text", "column", "note"),
    [
        ("name,id\nAnn,1\nBob,2\n", "id", ""),
        ("Customer ID,name\n7,Ann\n8,Ann\n", "Customer ID", ""),
        ("name,mail\nAnn,a@x\nAnn,b@x\n", "mail", ""),
        ("id,mail\n1,a@x\n1,b@x\n", "id", "1 of 2 rows share a id: the first of each is made"),
        ("name,town\nAnn,Rome\nAnn,Rome\nBob,Rome\n", "name", "no column tells the rows apart"),
        ("id,name\n1,Ann\n ,Bob\n", "id", "1 of 2 rows have no id: they are not made"),
    ],
)
def test_the_column_that_tells_rows_apart(tmp_path: Path, text: str, column: str, note: str) -> None:
    brief = made(tmp_path, text)
    assert (brief.id_column, bool(brief.notes)) == (column, bool(note))
    assert note in "".join(brief.notes)


def test_languages_are_those_of_the_file_and_each_has_its_greeting(tmp_path: Path) -> None:
    brief = made(tmp_path, "id,Sprache,name\n1,de-AT,Ann\n2,pl,Bob\n3,en_GB,Cid\n4,de,Dan\n")
    table = tomllib.loads(brief.toml)
    assert (table["locale_column"], table["languages"]) == ("Sprache", ["de", "pl", "en"])
    assert brief.notes == ("rows in pl hear the text in de: add templates.pl",)
    assert table["templates"]["default"] == "de"
    assert table["templates"]["de"]["text"].startswith("Guten Tag {{ name }}.")


def test_a_name_that_is_missing_in_a_row_is_not_greeted(tmp_path: Path) -> None:
    brief = made(tmp_path, "id,name\n1,Ann\n2,\n")
    assert "Hello." in brief.toml and "Hello {{" not in brief.toml
    assert columns(brief) == {"name": {"type": "name", "optional": True, "fallback": ""}}


def test_a_key_that_a_line_lacks_is_an_empty_cell(tmp_path: Path) -> None:
    brief = made(
        tmp_path,
        '{"id": "1", "name": "Ana"}\n{"id": "2", "name": null}\n{"name": "Eva"}\n',
        name="r.jsonl",
    )
    assert "{{ name }}" not in brief.toml.partition("# The file")[0]
    assert any("1 of 3 rows have no id" in note for note in brief.notes)


def test_of_more_columns_than_a_brief_names_those_with_a_type_are_declared(tmp_path: Path) -> None:
    names = ",".join(f"c{number}" for number in range(501))
    brief = made(tmp_path, f"id,due,{names}\n1,2026-12-03{',x' * 501}\n")
    assert columns(brief) == {"due": "date iso"}
    assert brief.notes == ("501 columns of text are not declared: text needs no type",)


def test_years_are_names_of_columns_where_others_are(tmp_path: Path) -> None:
    assert made(tmp_path, "id,name,2023,2024\n1,Ana,5,6\n2,Bo,7,8\n").id_column == "id"


def test_no_value_of_a_recipient_is_in_the_brief(tmp_path: Path) -> None:
    brief = made(
        tmp_path, "id,name,iban,born\n1,Annabel,DE02120300000000202051,1984-02-29\n2,Bobby,x,1985-03-01\n"
    )
    for value in ("Annabel", "Bobby", "DE02", "1984"):
        assert value not in brief.toml
    assert "# such as xxxxxxx" in brief.toml


@pytest.mark.parametrize(
    "header", ['"a ""b"""', "ä ö", "[x]", "a=b", "a.b", "#", "'", "a\\b", "名前", "x\x7fy", "a\tb"]
)
def test_any_header_is_written_so_that_it_can_be_read_again(tmp_path: Path, header: str) -> None:
    brief = made(tmp_path, f"id,{header}\n1,hello you\n2,hello me\n")
    (declared,) = columns(brief).values()
    assert declared == "text" or declared["type"] == "text"
    with open_recipients(str(tmp_path / "people.csv")) as source:
        fit = fit_columns(load_brief(tmp_path / "campaign.toml", Overrides()), source)
        row = next(iter(source.rows()))
    assert "hello you" in fit.fields(row).values()


def test_columns_that_would_be_called_alike_are_told_apart(tmp_path: Path) -> None:
    brief = made(tmp_path, "id,a b,a-b,a_b\n1,x,y,z\n")
    assert columns(brief) == {
        "a_b_2": {"from": "a b", "type": "text"},
        "a_b_2_2": {"from": "a-b", "type": "text"},
        "a_b": "text",
    }


def test_the_column_with_language_codes_is_the_one_that_says_the_language(tmp_path: Path) -> None:
    text = "id,language,locale,name\n1,English,en,Ann\n2,German,de-AT,Uli\n"
    brief = made(tmp_path, text)
    assert (tomllib.loads(brief.toml)["locale_column"], brief.languages) == ("locale", ("en", "de"))
    assert brief.notes == ()


def test_languages_may_be_named(tmp_path: Path) -> None:
    brief = made(tmp_path, "id,Sprache,name\n1,Deutsch,Ann\n2,Englisch,Uli\n")
    assert (tomllib.loads(brief.toml)["locale_column"], brief.languages) == ("Sprache", ("de", "en"))


@pytest.mark.parametrize("locales", ["xx", "ja", "elvish"])
def test_a_language_that_the_preset_does_not_speak_is_told_and_left_out(tmp_path: Path, locales: str) -> None:
    brief = made(tmp_path, f"id,locale,due\n1,{locales},2026-12-03\n")
    assert brief.languages == ("en",) and columns(brief)["due"] == "date iso"
    assert brief.notes == (
        f"locale holds {locales}: write codes that demo-voice speaks, such as en or de-AT",
    )


@pytest.mark.parametrize("name", ["none", "True", "not", "loop", "self", "x²", "a__class__", "²"])
def test_a_word_of_the_template_language_is_not_offered(tmp_path: Path, name: str) -> None:
    brief = made(tmp_path, f"id,{name}\n1,hello you\n")
    assert "{{" not in brief.toml and "rename it to another word" in brief.toml


def test_cells_may_be_parted_by_semicolons(tmp_path: Path) -> None:
    assert columns(made(tmp_path, "id;name\n1;Ann\n")) == {"name": "name"}


@pytest.mark.parametrize("header", ["hotel_code", "summary"])
def test_a_part_of_a_word_is_no_word(tmp_path: Path, header: str) -> None:
    assert columns(made(tmp_path, f"id,{header}\n1,4711\n2,4712\n")) == {header: "text"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Anna Schmidt,+49 151 2345678\nUli,+49 151 1\n", "add a first line that names the columns"),
        ("ann@example.org,Ann\nbob@example.org,Bob\n", "add a first line that names the columns"),
    ],
)
def test_a_file_that_would_be_misread_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(RecipientsError, match=complaint):
        made(tmp_path, text)


def test_signs_on_letters_are_no_letters_of_their_own(tmp_path: Path) -> None:
    assert "# such as xxxxxx xxx" in made(tmp_path, "id,x\n1,नमस्ते राम\n").toml


def test_many_rows_and_columns_are_looked_at_in_bounded_time_and_memory(tmp_path: Path) -> None:
    names = [f"d{number}" for number in range(100)]
    row = ",".join(["2026-12-03"] * 100)
    brief = made(tmp_path, "\n".join([",".join(["id", *names]), *(f"{n},{row}" for n in range(1000))]) + "\n")
    assert columns(brief) == dict.fromkeys(names, "date iso")


def test_the_next_command_is_whole_and_safe_to_paste(tmp_path: Path) -> None:
    path = tmp_path / "my file; ls.csv"
    path.write_text("id,name\n1,Ann\n", encoding="latin-1")
    done = run("init", path, "--brief", tmp_path / "b.toml", "--encoding", "latin-1")
    words = shlex.split(done.out.splitlines()[-1])[1:]
    assert words == [
        *("campaign", "submit", str(path), "--brief", str(tmp_path / "b.toml")),
        *("--encoding", "latin-1", "--dry-run"),
    ]
    assert run("init", "-").code == 2


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecipientsError, match="Add one below the header"):
        made(tmp_path, "id,name\n")


@pytest.mark.parametrize(
    "text",
    [
        "id,name\n1,Ann\n2,Bob\n",
        "Kundennummer,Vorname,Betrag,Fällig,Telefon\nA-1,Jürgen,12.50,03/04/2026,+49 30 1234567\n",
        "email,amount,notes\na@example.org,$12.50,\nb@example.org,$3.00,call 24/7\n",
        "id,name,when,odd column,#\n1,Ann,2026-12-03,x,y\n2,Bob,2026-12-04,,\n",
    ],
)
def test_the_brief_submits_as_it_stands(tmp_path: Path, text: str) -> None:
    (tmp_path / "people.csv").write_text(text)
    environment = {"CAMPAIGN_HOME": str(tmp_path / "home"), "CAMPAIGN_SECRET": "5e" * 32}
    assert run("init", tmp_path / "people.csv", environment=environment).code == 0
    done: Done = run("submit", tmp_path / "people.csv", "--json", environment=environment)
    assert (done.code, done.json["rows"]["by_status"]) == (0, {"stored": text.count("\n") - 1}), done.err


def test_a_brief_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id,name\n1,Ann\n")
    (tmp_path / "campaign.toml").write_text("mine")
    refused = run("init", tmp_path / "people.csv")
    assert (refused.code, "--force" in refused.err) == (3, True)
    assert (tmp_path / "campaign.toml").read_text() == "mine"
    assert run("init", tmp_path / "people.csv", "--force").code == 0
    other = run("init", tmp_path / "people.csv", "--brief", tmp_path / "b.toml", "--json")
    assert (other.json["brief"], other.json["id_column"]) == (str(tmp_path / "b.toml"), "id")


GIVEN: dict[str, Any] = {
    "purpose": "commercial",
    "preset": "ours@2",
    "duplicates": "keep-first",
    "languages": ["de", "en-GB"],
    "id_column": "customer",
    "locale_column": "Zunge",
    "finish": {"codec": "opus", "lead_in_ms": 300},
}


def test_what_the_installation_gives_stands_in_comments_and_holds(tmp_path: Path) -> None:
    text = "id,Customer,zunge,name\n1,a,German,Ann\n1,b,en,Bob\n"
    brief = made(tmp_path, text, defaults=GIVEN)
    table = tomllib.loads(brief.toml)
    assert table.keys() == {"name", "templates", "columns", "finish"} and table["finish"] == {}
    for line in (
        'purpose = "commercial"',
        'preset = "ours@2"',
        'duplicates = "keep-first"',
        'languages = ["de", "en-GB"]',
        'id_column = "customer"',
        'locale_column = "Zunge"',
        'codec = "opus"',
        "lead_in_ms = 300",
    ):
        assert f"\n# {line}    # settings.toml, [defaults]\n" in brief.toml
    assert table["templates"].keys() == {"default", "de", "en"}
    assert (brief.id_column, brief.languages, brief.notes) == ("Customer", ("de", "en-GB"), ())
    loaded = load_brief(tmp_path / "campaign.toml", Overrides(), defaults=GIVEN)
    assert (loaded.brief.preset, loaded.brief.finish["codec"]) == ("ours@2", "opus")


def test_what_a_file_has_otherwise_is_written_over_what_is_given(tmp_path: Path) -> None:
    brief = made(tmp_path, "id,locale,name\n1,fr,Ann\n2,de,Bob\n", defaults=GIVEN)
    table = tomllib.loads(brief.toml)
    assert (table["id_column"], table["locale_column"]) == ("id", "locale")
    assert table["languages"] == ["de", "en-GB", "fr"]
    assert 'id_column = "id"    # over id_column = "customer" of settings.toml, [defaults]' in brief.toml


@pytest.mark.parametrize(("column", "written"), [("Zunge", [""]), ("", [])])
def test_a_file_without_languages_is_in_those_that_are_given(
    tmp_path: Path, column: str, written: list[str]
) -> None:
    text = "customer,name\n1,Ann\n" if column else "customer,locale,name\n1,fr,Ann\n"
    brief = made(tmp_path, text, defaults=GIVEN | {"locale_column": column})
    table = tomllib.loads(brief.toml)
    assert [table[key] for key in ("locale_column", "languages") if key in table] == written
    assert (brief.languages, table["templates"]["default"]) == (("de", "en-GB"), "de")


def test_the_command_asks_the_settings(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "settings.toml").write_text('[defaults]\npurpose = "research"\n')
    (tmp_path / "people.csv").write_text("id,name\n1,Ann\n")
    environment = {"CAMPAIGN_HOME": str(tmp_path / "home")}
    assert run("init", tmp_path / "people.csv", environment=environment).code == 0
    assert '# purpose = "research"    # settings.toml' in (tmp_path / "campaign.toml").read_text()
