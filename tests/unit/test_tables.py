"""Schemas and the brief's page are what the models say; every example in them is right; digests stay."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ValidationError

from campaign.brief import EXAMPLE, Brief, BriefKeys, BriefTable, Overrides, load_brief, read_brief
from campaign.errors import BriefError
from tests import ROOT
from tests.commands import run
from tools.tables import SCHEMAS, SECTIONS, brief_page, example_of, schema
from workers.finish import FinishProfile


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_what_its_model_says(name: str) -> None:
    assert (ROOT / "schemas" / f"{name}.schema.json").read_text() == schema(name), "run `make docs`"
    Draft202012Validator.check_schema(json.loads(schema(name)))
    assert run("schema", name).out == schema(name)


def test_the_brief_s_page_is_what_its_models_say() -> None:
    assert (ROOT / "docs" / "brief.md").read_text() == brief_page(), "run `make docs`"


@pytest.mark.parametrize(
    ("model", "key"),
    [(model, key) for _, _, model, _ in SECTIONS for key in model.model_fields],
    ids=lambda part: part if isinstance(part, str) else part.__name__,
)
def test_every_key_has_a_meaning_and_an_example_that_is_right(model: type[BaseModel], key: str) -> None:
    field = model.model_fields[key]
    assert field.description
    if model is BriefTable and key in ("finish", "disclosure", "listen"):
        return  # tables of their own
    key = field.alias or key
    value = tomllib.loads(f"{key} = {example_of(field)}")[key]
    try:
        model.model_validate({key: value})
    except ValidationError as exc:
        assert [error for error in exc.errors() if error["loc"][:1] == (key,)] == []


def test_the_page_s_own_brief_and_the_example_s_fit_the_schema_and_the_model() -> None:
    fits = Draft202012Validator(json.loads(schema("brief")))
    shown = brief_page().partition("```toml\n")[2].partition("```")[0]
    for table in (
        tomllib.loads(shown),
        EXAMPLE,
        tomllib.loads((ROOT / "examples/campaign.toml").read_text()),
    ):
        assert list(fits.iter_errors(table)) == []
        assert BriefTable.model_validate(table).written == table
    for wrong in ({"nmae": "x"}, {"lane": "fast"}, {"finish": {"codec": "aac"}}, {"error_budget": 2}):
        assert not fits.is_valid(wrong), wrong


def test_a_brief_and_a_profile_digest_as_they_always_did() -> None:
    """A campaign submitted by an older version is found again; an asset's content stays the same."""
    brief = load_brief(ROOT / "tests/data/reminders/campaign.toml", Overrides()).brief
    assert brief.digest == "40d67f793997be9d64cc9f79b5b3451084f2b178e1d10c185751d1a213065e5a"
    table: dict[str, Any] = {
        "preset": "demo-voice@1",  # which was what a brief without a preset spoke with
        "templates": {"en": {"text": "Hello"}, "default": "en"},
        "columns": {"a": {"type": "text", "optional": True}},
        "finish": {"gain_db": -1, "codec": "mp3"},
        "error_budget": 1,
        "territories": ["DE"],
        "disclosure": {"caller": "x"},
    }
    asked = read_brief(table, label="x", folder=None).brief
    assert asked.digest == "e244231f43123869720f17a979ecbfab53bd453e4f7bbfc43cb15143fb6f5608"
    assert Brief.from_json(json.loads(json.dumps(asked.as_json()))) == asked
    profile: dict[str, Any] = {"codec": "mp3", "gain_db": -1.5}
    assert FinishProfile.from_mapping(profile).digest == (
        "195cb85ca0f31c9dd96e8f7a2b66fe94802fa80b9bc9d881dfc115bd5a57c2e6"
    )


def test_the_written_and_the_kept_brief_share_every_key_but_what_is_resolved() -> None:
    resolved = {"templates", "columns", "lexicons", "finish", "disclosure", "listen", "suppress"}
    assert BriefTable.model_fields.keys() - BriefKeys.model_fields.keys() == resolved | {"unmatched_lists"}
    assert Brief.model_fields.keys() - BriefKeys.model_fields.keys() == resolved | {"is_streamed"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            '[templates]\nen = "x.txt"\npreset = "demo-voice@1"\n',
            "templates: .preset. is no language tag.*, or, if preset of the whole file is meant, move it above",
        ),
        (
            '[finish]\ncodec = "mp3"\nlexicons = []\n',
            r"finish has no key lexicons; move it above the first \[table\] if lexicons of the whole file",
        ),
        ('codec = "mp3"\n', r"there is no key codec; it belongs into \[finish\]: move it there"),
        (
            '[columns]\npurpose = "commercial"\n',
            "no column type 'commercial'.* or, if purpose of the whole file is meant, move it above",
        ),
        (
            '[templates.en]\ntext = "x"\nname = "y"\n',
            r"templates.en has no key name; move it above the first \[table\] if name of the whole",
        ),
    ],
)
def test_a_key_below_the_wrong_table_is_told_as_that(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "campaign.toml"
    path.write_text(text)
    (tmp_path / "x.txt").write_text("Hello.")
    with pytest.raises(BriefError, match=complaint):
        load_brief(path, Overrides())


def test_a_brief_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "campaign.toml"
    path.write_bytes(b'\xef\xbb\xbfname = "x"\r\n[templates]\r\nen = { text = "Hello." }\r\n')
    assert load_brief(path, Overrides()).brief.name == "x"


def test_a_file_that_is_larger_than_any_or_no_plain_one_is_refused_without_being_held(tmp_path: Path) -> None:
    path = tmp_path / "campaign.toml"
    path.touch()
    os.truncate(path, 5 << 20)
    os.mkfifo(tmp_path / "pipe.toml")
    for place, problem in ((path, "more than 4 MiB"), (tmp_path / "pipe.toml", "no plain file")):
        with pytest.raises(BriefError, match=rf"cannot be read: it .*{problem}\. Name another with --brief"):
            load_brief(place, Overrides())
