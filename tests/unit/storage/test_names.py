"""Names are never paths: whatever text comes, it is refused with a mend or safe in a path, key, header and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from storage.errors import NameRefusedError
from storage.folders import below, remove_below
from storage.keys import campaign_prefix, preset_key
from storage.names import CampaignId, ChannelName, GateId, KeyName, LexiconName, Name, PinId, PresetName
from storage.objects.store import check_key
from tests.examples import examples

KINDS = (CampaignId, PresetName, PinId, ChannelName, GateId, LexiconName, KeyName)
GOOD = dict(
    zip(KINDS, ("Autumn-2026.v1", "heart", "f5-v1", "production", "gate-7", "names", "crm@x"), strict=True)
)
NEVER = (
    "",
    ".",
    "..",
    "../x",
    "/abs/x",
    "a/b",
    "a\\b",
    ".hidden",
    "a b",
    "Autumn 2026",
    "a\n",
    "a\x00",
    "a\x1b[2J",
    "é",
    "ｘ",
    "١",
    "-rf",
    "a" * 101,
    "CON:",
    "%2e%2e",
    "a\u202eb",
    "a;b",
    "$HOME",
    "~",
    "*",
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_name_is_the_text_it_was_made_of(kind: type[Name]) -> None:
    made = kind(GOOD[kind])
    assert made == GOOD[kind]
    assert kind(made) == made
    assert TypeAdapter(kind).validate_python(GOOD[kind]) == made
    assert TypeAdapter(kind).json_schema()["pattern"] == f"^(?:{kind.form})$"


@pytest.mark.parametrize("text", NEVER, ids=ascii)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_could_leave_its_place_is_no_name(kind: type[Name], text: str) -> None:
    with pytest.raises(NameRefusedError, match=f"is no {kind.noun}") as refused:
        kind(text)
    assert str(refused.value).isascii()
    assert str(refused.value).isprintable()
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(text)


@pytest.mark.parametrize(
    ("text", "likely"), [("Autumn 2026", "Autumn-2026"), ("../x", "x"), ("ä/ö.csv", "csv")]
)
def test_the_mend_is_a_name_like_the_one_that_was_meant(text: str, likely: str) -> None:
    with pytest.raises(NameRefusedError, match=rf", for example {likely}\.$"):
        CampaignId(text)
    assert CampaignId(likely) == likely


@examples(300)
@given(text=st.text(max_size=120), kind=st.sampled_from(KINDS))
def test_any_text_is_refused_or_one_segment_of_a_path_and_a_key(text: str, kind: type[Name]) -> None:
    try:
        name = kind(text)
    except NameRefusedError:
        return
    assert name.isascii()
    assert name.isprintable()
    assert Path("/x", name).parent == Path("/x")
    assert Path("/x", name).name == name
    check_key(f"campaigns/{name}/file")


def test_paths_and_keys_hold_their_names_once_more() -> None:
    with pytest.raises(NameRefusedError):
        campaign_prefix("../other")  # type: ignore[arg-type]
    with pytest.raises(NameRefusedError):
        preset_key(name="../other", version=1, sha256="0" * 64)  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "kept" / "mine").mkdir(parents=True)
    (tmp_path / "kept" / "mine" / "file").write_text("x")
    (tmp_path / "kept" / "other").write_text("x")
    (tmp_path / "beside").write_text("x")
    return tmp_path / "kept"


def everything(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_what_lies_below_is_removed_and_nothing_else(folder: Path) -> None:
    assert remove_below(folder, "mine")
    assert not remove_below(folder, "mine")
    assert everything(folder.parent) == {"kept", "kept/other", "beside"}
    assert remove_below(folder, "other")


@pytest.mark.parametrize(
    "name", [".", "..", "../beside", "../kept", "", "mine/..", "mine/../..", "/", "/etc"]
)
def test_what_does_not_lie_below_is_not_touched(folder: Path, name: str) -> None:
    before = everything(folder.parent)
    with pytest.raises(NameRefusedError, match="nothing there is touched"):
        remove_below(folder, name)
    with pytest.raises(NameRefusedError):
        below(folder, name)
    assert everything(folder.parent) == before


def test_a_link_goes_and_what_it_points_at_stays(folder: Path) -> None:
    (folder / "link").symlink_to(folder.parent)
    (folder / "file-link").symlink_to(folder.parent / "beside")
    assert remove_below(folder, "link")
    assert remove_below(folder, "file-link")
    assert everything(folder.parent) == {"kept", "kept/mine", "kept/mine/file", "kept/other", "beside"}


def test_a_folder_that_is_a_link_leads_nowhere_else(folder: Path) -> None:
    (folder / "out").symlink_to(folder.parent)
    with pytest.raises(NameRefusedError):
        remove_below(folder, "out", "beside")
    assert (folder.parent / "beside").exists()
