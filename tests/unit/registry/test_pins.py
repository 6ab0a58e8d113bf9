"""Pins of local folders."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from campaign.errors import BriefError, ConflictError, InputError, NotFoundError
from campaign.registry.pins import NewModel, add_model, verify_model
from storage.history import audit
from storage.installation import Installation
from tests import build
from workers.engines.engine import EngineError


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def asked(tmp_path: Path) -> NewModel:
    """A folder that an engine without rules of its own takes."""
    folder = tmp_path / "weights"
    (folder / "vocoder").mkdir(parents=True)
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "vocab.txt").write_text(" \na\n")
    (folder / "vocoder" / "model.safetensors").write_bytes(b"vocoder")
    return NewModel(
        name="mine",
        engine="tone",
        folder=folder,
        licence="CC-BY-NC-4.0",
        purposes=("research", "non-commercial"),
    )


def test_every_file_is_in_the_pin_and_the_same_folder_again_is_the_same_pin(
    installed: Installation, asked: NewModel
) -> None:
    pin, is_new = add_model(installed, asked, actor="test")
    assert is_new
    assert pin.files["vocoder/model.safetensors"] == hashlib.sha256(b"vocoder").hexdigest()
    assert pin.vocabulary_sha256 == hashlib.sha256(b" \na\n").hexdigest()
    assert add_model(installed, asked, actor="test") == (pin, False)
    with installed.database.read() as connection:
        assert [row["action"] for row in audit.of(connection, "mine")] == ["pin.add"]


def test_a_pin_never_changes(installed: Installation, asked: NewModel) -> None:
    add_model(installed, asked, actor="test")
    with pytest.raises(ConflictError, match="different licence"):
        add_model(installed, replace(asked, licence="MIT"), actor="test")
    with pytest.raises(ConflictError, match="different purposes"):
        add_model(installed, replace(asked, purposes=("commercial",)), actor="test")
    with pytest.raises(ConflictError, match="pin mine has exactly these weights already"):
        add_model(installed, replace(asked, name="other"), actor="test")
    (asked.folder / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(ConflictError, match="different weights"):
        add_model(installed, asked, actor="test")


def test_the_same_files_elsewhere_move_the_pin(
    installed: Installation, asked: NewModel, tmp_path: Path
) -> None:
    pin, _ = add_model(installed, asked, actor="test")
    asked.folder.rename(tmp_path / "moved")
    moved, is_new = add_model(installed, replace(asked, folder=tmp_path / "moved"), actor="test")
    assert (is_new, moved.location, moved.digest) == (False, str(tmp_path / "moved"), pin.digest)


def test_verify_names_each_file_that_changed_or_is_gone(installed: Installation, asked: NewModel) -> None:
    add_model(installed, asked, actor="test")
    assert all(one.holds for one in verify_model(installed, "mine")[1])
    (asked.folder / "vocab.txt").write_text(" \nb\n")
    (asked.folder / "model.safetensors").unlink()
    broken = {one.path: one.found for one in verify_model(installed, "mine")[1] if not one.holds}
    assert set(broken) == {"vocab.txt", "model.safetensors"}
    assert "cannot be read" in broken["model.safetensors"]
    assert verify_model(installed, "tone")[1] == []
    with pytest.raises(NotFoundError):
        verify_model(installed, "none")


def test_pickled_weights_unknown_purposes_and_missing_folders_are_refused(
    installed: Installation, asked: NewModel, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="choose one of commercial"):
        add_model(installed, replace(asked, purposes=("fun",)), actor="test")
    with pytest.raises(InputError, match="there is no folder"):
        add_model(installed, replace(asked, folder=tmp_path / "none"), actor="test")
    with pytest.raises(InputError, match="not a pin name"):
        add_model(installed, replace(asked, name="My Model"), actor="test")
    (asked.folder / "extra.pt").write_bytes(b"pickle")
    with pytest.raises(EngineError, match="is a pickle"):
        add_model(installed, asked, actor="test")


def test_commercial_campaign_on_non_commercial_weights_is_refused_with_the_licence(
    installed: Installation, asked: NewModel
) -> None:
    add_model(installed, asked, actor="test")
    with pytest.raises(
        BriefError, match=r"CC-BY-NC-4\.0 and allows research, non-commercial, not commercial"
    ):
        build.submitted(installed, build.people(1), build.brief(model="mine", purpose="commercial"))
    assert build.submitted(installed, build.people(1), build.brief(model="mine")).campaign.pin_id == "mine"
