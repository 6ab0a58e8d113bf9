"""Tables that people write: every fault of one is told, once, with its key and the mend."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field, SecretStr, ValidationError

from workers.mends import TOLD_FAULTS, Words, expectation, faults_of, shown
from workers.strict import KeptTable, Several, StrictTable, read, read_toml


class RefusedError(Exception):
    """What `read` is asked to raise here."""


class Inner(StrictTable):
    share: float = Field(default=0.5, ge=0, le=1)
    colour: Literal["red", "green", "blue"] = "red"


class Outer(KeptTable):
    name: str = Field(examples=['"x"'])
    day: date | None = None
    count: int = Field(default=1, gt=0)
    tags: Several[Annotated[str, Words("a tag", "tags")]] = ()
    pair: Annotated[tuple[int, int], Field(strict=False)] = (0, 1)
    limits: Mapping[str, Inner] = {}
    inner: Inner = Inner()


def said(table: object) -> str:
    with pytest.raises(RefusedError) as refused:
        read(Outer, table, where="a.toml", error=RefusedError)
    return str(refused.value)


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({}, 'name is missing; write for example name = "x".'),
        ({"name": 7}, "name is 7; give text"),
        ({"count": 0}, "count is 0; give a whole number above 0."),
        ({"count": 1.0}, "count is 1.0; give a whole number above 0."),
        ({"count": True}, "count is True; give a whole number above 0."),
        ({"day": "2026-11-01"}, "day is '2026-11-01'; give a date such as 2026-11-01, without quotes."),
        ({"tags": "x"}, "tags is 'x'; give a list of tags."),
        ({"tags": ["x", 3]}, "tags[2] is 3; give a tag."),
        ({"pair": [1, "x"]}, "pair[2] is 'x'; give a whole number."),
        ({"inner": {"share": 2}}, "inner.share is 2; give a number from 0 to 1."),
        ({"inner": {"share": float("inf")}}, "inner.share is inf; give a number from 0 to 1."),
        ({"inner": []}, "inner is []; give a table with share, colour."),
        ({"limits": {"a": {"colour": "pink"}}}, "limits.a.colour is 'pink'; give one of red, green, blue."),
        ({"limits": {"a": {"sahre": 1}}}, "limits.a has no key sahre; did you mean share?"),
        (
            {"conut": 1, "dya": 2, "other": 3},
            "no key conut, dya, other; did you mean count for conut, day for dya? known",
        ),
        ({"Count ": 1}, "did you mean count? known"),
        ({"conut": 1}, "there is no key conut; did you mean count? known are count, day, inner"),
        (
            {"limits": {"inner": {"width": 1}}},  # `inner.width = 1` below [limits]
            "limits.inner has no key width; move it above the first [table] if inner of the whole file is",
        ),
        ({"limits": {"name": {"width": 1}}}, "limits.name has no key width; known are colour, share."),
        (
            {"inner": {"name": "x"}},
            "inner has no key name; move it above the first [table] if name of the",
        ),
    ],
)
def test_a_fault_is_told_with_key_value_and_mend(table: dict[str, object], sentence: str) -> None:
    assert sentence in said({"name": "x"} | table if table else table)


def test_a_key_above_its_table_is_sent_there() -> None:
    class Brief(StrictTable):
        name: str = ""
        inner: Inner = Inner()

    with pytest.raises(RefusedError, match=r"no key share; it belongs into \[inner\]: move it there"):
        read(Brief, {"share": 0.2}, where="a", error=RefusedError)


def test_what_is_no_table_at_all_is_told_as_that() -> None:
    assert said(7) == "a.toml: it is 7; give a table."


def test_every_fault_is_told_and_each_once() -> None:
    sentence = said({"count": 0, "inner": {"share": 2}, "zap": 1, "zip": 2})
    assert sentence.startswith("a.toml: there is no key zap, zip; ")
    assert [sentence.count(key) for key in ("name is missing", "count is 0", "share is 2")] == [1, 1, 1]


def test_many_faults_are_counted() -> None:
    sentence = said({"name": "x", "tags": list(range(TOLD_FAULTS + 4))})
    assert sentence.endswith(f"tags[{TOLD_FAULTS}] is 4; give a tag. ... and 4 more.")


def test_long_values_are_shortened_and_secrets_not_shown() -> None:
    assert "x" * 50 in said({"name": "x", "day": "x" * 900})
    assert len(said({"name": "x", "day": "x" * 900})) < 200
    assert (len(shown("x" * 58)), len(shown("x" * 900)), shown("x" * 900)[-4:]) == (60, 60, "x...")
    assert shown(10**5_000) == "a number with thousands of digits"

    class Secrets(BaseModel):
        key: SecretStr

    with pytest.raises(ValidationError) as refused:
        Secrets.model_validate({"key": 1234})
    assert "1234" not in str(faults_of(refused.value.errors(), Secrets)[0])


def test_a_kept_table_holds_what_was_written_and_no_defaults() -> None:
    table = {"name": "x", "inner": {"share": 1}}
    assert read(Outer, table, where="a", error=RefusedError).written == table


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"x = ", "is not TOML"),
        (b"x = 1\nx = 2\n", "is not TOML"),
        ("x = “one”".encode(), 'Write straight quotation marks: "..."'),
        ("x = ‘one’".encode(), 'Write straight quotation marks: "..."'),
        ("x\u00a0= 1".encode(), r"U\+00A0, which looks like a blank or like nothing: type it anew"),
        (b"x = 1\ny = 2\x00\n", r"U\+0000"),
        ('x = "é"'.encode("cp1252"), "line 1; save it as UTF-8"),
        (rb'x = ["C:\Users\ann"]', "write single ones, 'C:.out.csv', or /"),
        (b"x: 1", "Write = in place of the colon"),
        (b'x:"a"', "Write = in place of the colon"),
        (b"x = { a = true, b = True }", "Write true or false, or leave the key out"),
        (b"x = None", "Write true or false, or leave the key out"),
        (b"x = {\n  a = 1\n}", "on one line, with no comma at its end"),
        (b'x = { a = "b",\n}', "on one line, with no comma at its end"),
        (b"x = 1\n[y]\na = 1\n[y]\nb = 2", r"put its keys together below one \[name\]"),
        (b"x = 1\nx = 2\n", "leave one of them out"),
        (b"x = money EUR", 'Write text between marks: "..."'),
        (b"x = ${VOICE}", 'Write text between marks: "..."'),
        (b'{"x": 1}', "This is JSON"),
        (b"x = 1\ry = 2\r", "save it with line ends of Unix or Windows"),
        (b"x = 1 2", "Correct that line"),
    ],
)
def test_a_file_that_is_no_toml_is_refused_with_its_name(tmp_path: Path, data: bytes, complaint: str) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(data)
    with pytest.raises(RefusedError, match=complaint) as refused:
        read_toml(path, error=RefusedError, option="--brief")
    assert str(path) in str(refused.value)


@pytest.mark.parametrize("text", ["a = " + "[" * 5_000, "a = " + "1" * 5_000, "a = 0x" + "f" * 5_000])
def test_what_no_reader_can_hold_is_an_error_and_no_traceback(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(text)
    with pytest.raises(RefusedError):
        read(Outer, read_toml(path, error=RefusedError, option="--brief"), where="a", error=RefusedError)


def test_curled_marks_are_blamed_only_where_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text('a = "“fine”"\nb = [\n')
    with pytest.raises(RefusedError, match="Correct that line"):
        read_toml(path, error=RefusedError, option="--brief")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
def test_a_file_as_notepad_saves_it_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes('x = "é"\r\n'.encode(encoding))
    assert read_toml(path, error=RefusedError, option="--brief") == {"x": "é"}


def test_a_file_that_is_not_there_names_the_option(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"cannot be read: .* Name another with --rule"):
        read_toml(tmp_path / "none.toml", error=RefusedError, option="--rule")


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        (bool, "true or false"),
        (int | None, "a whole number"),
        (Annotated[float, Field(gt=0, lt=1)], "a number above 0, up to under 1"),
        (Annotated[int, Field(le=3)], "a whole number, 3 or less"),
        (tuple[int, ...], "a list; each is a whole number"),
        (tuple[Inner, ...], "a list of tables with share, colour"),
        (Literal["a", "b"], "a or b"),
        (Annotated[str, Field(min_length=1)], "text that is not empty"),
        (Mapping[str, int], "a table"),
    ],
)
def test_a_type_is_said_for_people(annotation: object, words: str) -> None:
    assert expectation(annotation) == words
