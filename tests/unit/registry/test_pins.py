"""Pins of local folders."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from campaign.errors import BriefError, ConflictError, InputError, NotFoundError
from campaign.registry import pins as module
from campaign.registry.pins import NewModel, add_model, made_by, remove_model, verify_model
from storage.canonical import digest
from storage.history import audit
from storage.installation import Installation
from storage.names import PinId
from storage.registry.pins import PinnedVocoder
from tests import build
from tests.unit.workers.engines.pocket.weights import make_weights
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
        name=PinId("mine"),
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


def test_whom_an_engine_s_licence_wants_named_is_in_its_pins(
    installed: Installation, asked: NewModel, tmp_path: Path
) -> None:
    folder = make_weights(tmp_path / "english")
    pocket = replace(asked, engine="pocket", folder=folder, name=PinId("pocket"))
    pin, _ = add_model(installed, pocket, actor="test")
    assert pin.attribution == "Pocket TTS by Kyutai, CC BY 4.0"
    named, _ = add_model(installed, replace(asked, attribution="By its makers."), actor="test")
    assert named.attribution == "By its makers."


def test_a_pin_keeps_all_that_was_asked_for(installed: Installation, asked: NewModel) -> None:
    named = replace(
        asked,
        repo="maker/model",
        revision="r1",
        vocoder_repo="maker/vocoder",
        vocoder_revision="r2",
        languages=("sv", "de"),
    )
    pin, _ = add_model(installed, named, actor="kim")
    sha256 = {
        path: hashlib.sha256(data).hexdigest()
        for path, data in (
            ("model.safetensors", b"weights"),
            ("vocab.txt", b" \na\n"),
            ("vocoder/model.safetensors", b"vocoder"),
        )
    }
    assert (pin.id, pin.engine, pin.licence) == ("mine", "tone", "CC-BY-NC-4.0")
    assert (pin.repo, pin.revision, pin.location) == ("maker/model", "r1", str(asked.folder))
    assert (pin.purposes, pin.capabilities["languages"]) == (["research", "non-commercial"], ["de", "sv"])
    # the digest enters every synthesis key: another one would make all sound again
    assert pin.digest == digest({"engine": "tone", "repo": "maker/model", "files": sha256})
    vocoder = {"vocoder/model.safetensors": sha256["vocoder/model.safetensors"]}
    assert pin.vocoder == PinnedVocoder(
        repo="maker/vocoder", revision="r2", digest=digest(vocoder), files=vocoder
    )
    with installed.database.read() as connection:
        (note,) = audit.of(connection, "mine")
    assert (note["actor"], note["detail"]) == ("kim", {"digest": pin.digest, "licence": "CC-BY-NC-4.0"})


def test_what_nobody_names_is_kept_as_nothing(installed: Installation, asked: NewModel) -> None:
    pin, _ = add_model(installed, asked, actor="test")
    assert (pin.repo, pin.revision, pin.capabilities["languages"]) == (None, None, [])
    assert pin.vocoder is not None
    assert (pin.vocoder.repo, pin.vocoder.revision) == (None, None)
    for path in (asked.folder / "vocoder" / "model.safetensors", asked.folder / "vocab.txt"):
        path.unlink()
    plain, _ = add_model(installed, replace(asked, name=PinId("plain")), actor="test")
    assert (plain.vocoder, plain.vocabulary_sha256) == (None, None)


def test_a_folder_of_more_files_than_a_model_has_or_of_none_is_refused(
    installed: Installation, asked: NewModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds 0 files"):
        add_model(installed, replace(asked, folder=tmp_path / "empty"), actor="test")
    monkeypatch.setattr(module, "MAX_FILES", 3)
    add_model(installed, asked, actor="test")
    (asked.folder / "one-more.txt").write_text("")
    with pytest.raises(InputError, match="holds 4 files"):
        add_model(installed, replace(asked, name=PinId("more")), actor="test")


def test_of_f5_s_folder_the_files_that_it_reads_are_pinned(installed: Installation, tmp_path: Path) -> None:
    folder = tmp_path / "F5TTS_v1_Base"
    (folder / "vocoder").mkdir(parents=True)
    for path in ("model_1.safetensors", "vocab.txt", "vocoder/config.yaml", "vocoder/model.safetensors"):
        (folder / path).write_bytes(len(b"{}").to_bytes(8, "little") + b"{}")
    (folder / "vocab.txt").write_text(" \na\n")
    (folder / "README.md").write_text("about")
    new = NewModel(name=PinId("f5-mine"), engine="f5", folder=folder, licence="MIT", purposes=("research",))
    pin, _ = add_model(installed, new, actor="test")
    assert "model_1.safetensors" in pin.files and "README.md" not in pin.files


def test_a_pin_that_made_nothing_is_forgotten_with_an_audit_row(
    installed: Installation, asked: NewModel
) -> None:
    pin, _ = add_model(installed, asked, actor="test")
    remove_model(installed, "mine", actor="kim")
    with installed.database.read() as connection:
        notes = audit.of(connection, "mine")
    assert [(note["action"], note["actor"]) for note in notes] == [("pin.add", "test"), ("pin.remove", "kim")]
    assert notes[1]["detail"] == {"digest": pin.digest}
    with pytest.raises(NotFoundError, match="there is no pin 'mine'"):
        remove_model(installed, "mine", actor="kim")


def test_what_a_pin_made_is_found_by_its_name(installed: Installation) -> None:
    campaign = build.submitted(installed, build.people(2)).campaign
    build.worked(installed, campaign.id)
    assert [(one.campaign_id, one.row) for one in made_by(installed, "tone")] == [
        (campaign.id, 1),
        (campaign.id, 2),
    ]
    assert made_by(installed, "espeak") == []
    with pytest.raises(NotFoundError, match="no pin or channel 'none'"):
        made_by(installed, "none")


def test_a_pin_never_changes(installed: Installation, asked: NewModel) -> None:
    add_model(installed, asked, actor="test")
    with pytest.raises(ConflictError, match="different licence"):
        add_model(installed, replace(asked, licence="MIT"), actor="test")
    with pytest.raises(ConflictError, match="different purposes"):
        add_model(installed, replace(asked, purposes=("commercial",)), actor="test")
    with pytest.raises(ConflictError, match="pin mine has exactly these weights already"):
        add_model(installed, replace(asked, name=PinId("other")), actor="test")
    (asked.folder / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(ConflictError, match="different weights"):
        add_model(installed, asked, actor="test")


def test_the_same_files_elsewhere_move_the_pin(
    installed: Installation, asked: NewModel, tmp_path: Path
) -> None:
    pin, _ = add_model(installed, asked, actor="test")
    asked.folder.rename(tmp_path / "moved")
    moved, is_new = add_model(installed, replace(asked, folder=tmp_path / "moved"), actor="kim")
    assert (is_new, moved.location, moved.digest) == (False, str(tmp_path / "moved"), pin.digest)
    with installed.database.read() as connection:
        notes = [(note["action"], note["actor"]) for note in audit.of(connection, "mine")]
    assert notes == [("pin.add", "test"), ("pin.move", "kim")]


def test_verify_names_each_file_that_changed_or_is_gone(installed: Installation, asked: NewModel) -> None:
    add_model(installed, asked, actor="test")
    held = verify_model(installed, "mine")[1]
    assert all(one.holds for one in held)
    assert {one.path: one.found for one in held}["model.safetensors"] == hashlib.sha256(
        b"weights"
    ).hexdigest()
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
    (asked.folder / "extra.PT").write_bytes(b"pickle")
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


def test_a_language_that_is_none_is_refused_before_anything_is_kept(
    installed: Installation, asked: NewModel
) -> None:
    with pytest.raises(InputError, match=r"pin mine, its languages: 'en-UK' has UK.*write en-GB"):
        add_model(installed, replace(asked, languages=("en", "en-UK")), actor="test")
