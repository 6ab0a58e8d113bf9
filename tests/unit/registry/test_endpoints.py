"""Pins of models behind HTTP: what makes two of them the same, and what is kept of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from campaign.errors import ConflictError, InputError
from campaign.registry.endpoints import NewEndpoint, connect_model
from campaign.registry.pins import verify_model
from storage.canonical import digest
from storage.history import audit
from storage.installation import Installation
from storage.names import PinId
from tests import build
from tests.servers.speech import SpeechServer, speech_server
from workers.engines.engine import EngineError


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


@pytest.fixture
def server() -> Iterator[SpeechServer]:
    with speech_server() as running:
        yield running


def asked(url: str, **changes: Any) -> NewEndpoint:
    endpoint = {"url": url, "model": "model-a", "languages": ["en"], "timeout_s": 5.0, "attempts": 1}
    new = NewEndpoint(
        name=PinId("served"),
        engine="openai",
        endpoint=endpoint | changes.pop("endpoint", {}),
        licence="MIT",
        purposes=("research", "non-commercial"),
    )
    return replace(new, **changes)


def test_a_pin_keeps_all_that_was_asked_for_and_what_the_server_says(
    installed: Installation, server: SpeechServer
) -> None:
    new = asked(server.url, repo="maker/model", revision="r1")
    pin, is_new = connect_model(installed, new, actor="kim")
    assert is_new
    assert (pin.id, pin.engine, pin.licence) == ("served", "openai", "MIT")
    assert (pin.repo, pin.revision, pin.files, pin.location) == ("maker/model", "r1", {}, None)
    assert pin.purposes == ["research", "non-commercial"]
    assert pin.capabilities["languages"] == ["en"]
    assert pin.endpoint is not None
    identity = pin.endpoint["identity"]
    assert "model-a" in str(identity)
    assert pin.endpoint == {**new.endpoint, "identity": identity}
    assert pin.is_identified
    with installed.database.read() as connection:
        (note,) = audit.of(connection, "served")
    assert (note["action"], note["actor"]) == ("pin.add", "kim")
    ((address, holds),) = [(one.path, one.holds) for one in verify_model(installed, "served")[1]]
    assert (address, holds) == (server.url, True)


@pytest.mark.parametrize("lists_models", [True, False])
def test_the_digest_is_of_what_makes_the_sound_and_stays_what_it_is(
    installed: Installation, server: SpeechServer, lists_models: bool
) -> None:
    server.lists_models = lists_models
    pin, _ = connect_model(installed, asked(server.url, repo="maker/model", revision="r1"), actor="test")
    # it enters every synthesis key: another one would make all sound again
    content = {
        "engine": "openai",
        "repo": "maker/model",
        "revision": "r1",
        "model": "model-a",
        "identity": (pin.endpoint or {})["identity"],
        "files": {},
        "url": None if lists_models else server.url,
    }
    assert pin.digest == digest(content)


def test_what_nobody_names_is_kept_as_nothing(installed: Installation, server: SpeechServer) -> None:
    pin, _ = connect_model(installed, asked(server.url), actor="test")
    assert (pin.repo, pin.revision, pin.location) == (None, None, None)


def test_the_same_model_at_another_address_is_the_same_pin_moved(
    installed: Installation, server: SpeechServer
) -> None:
    pin, _ = connect_model(installed, asked(server.url), actor="test")
    with speech_server() as other:
        moved, is_new = connect_model(installed, asked(other.url), actor="kim")
        assert (is_new, moved.digest) == (False, pin.digest)
        assert moved.endpoint is not None and moved.endpoint["url"] == other.url
    with installed.database.read() as connection:
        notes = [(note["action"], note["actor"]) for note in audit.of(connection, "served")]
    assert notes == [("pin.add", "test"), ("pin.move", "kim")]


@pytest.mark.parametrize(
    "changes",
    [
        {"repo": "maker/other"},
        {"revision": "r2"},
        {"engine": "chatterbox"},
        {"endpoint": {"model": "model-b"}},
    ],
)
def test_whatever_else_makes_sound_is_another_pin(
    installed: Installation, server: SpeechServer, changes: dict[str, Any]
) -> None:
    connect_model(installed, asked(server.url), actor="test")
    with speech_server(model=changes.get("endpoint", {}).get("model", "model-a")) as other:
        made, is_new = connect_model(installed, asked(other.url, name="second", **changes), actor="test")
    assert is_new and made.id == "second"


def test_another_revision_of_the_model_at_that_address_is_other_content(
    installed: Installation, server: SpeechServer
) -> None:
    connect_model(installed, asked(server.url), actor="test")
    server.revision = "2"
    with pytest.raises(ConflictError, match="exists with different weights"):
        connect_model(installed, asked(server.url), actor="test")


def test_of_a_silent_server_the_address_is_the_identity(
    installed: Installation, server: SpeechServer
) -> None:
    server.lists_models = False
    pin, _ = connect_model(installed, asked(server.url), actor="test")
    assert pin.endpoint is not None and pin.endpoint["identity"] is None
    assert not pin.is_identified
    (finding,) = verify_model(installed, "served")[1]
    assert finding.holds and finding.found.startswith("unpinned")
    with speech_server() as other:
        other.lists_models = False
        with pytest.raises(ConflictError, match="exists with different weights"):
            connect_model(installed, asked(other.url), actor="test")


def test_files_beside_a_silent_server_say_what_it_cannot(
    installed: Installation, server: SpeechServer, tmp_path: Path
) -> None:
    weights = tmp_path / "weights"
    (weights / "deep").mkdir(parents=True)
    (weights / "deep" / "model.pt").write_bytes(b"weights")
    server.lists_models = False
    pin, _ = connect_model(installed, asked(server.url, weights=weights), actor="test")
    assert pin.files == {"deep/model.pt": hashlib.sha256(b"weights").hexdigest()}
    assert pin.location == str(weights) and pin.is_identified
    with speech_server() as other:
        other.lists_models = False
        moved, is_new = connect_model(installed, asked(other.url, weights=weights), actor="test")
    assert (is_new, moved.digest) == (False, pin.digest)
    (weights / "deep" / "model.pt").write_bytes(b"other")
    with pytest.raises(ConflictError, match="exists with different weights"):
        connect_model(installed, asked(server.url, weights=weights), actor="test")


def test_what_cannot_be_pinned_is_refused_with_the_mend(
    installed: Installation, server: SpeechServer, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="--purpose fun"):
        connect_model(installed, asked(server.url, purposes=("fun",)), actor="test")
    with pytest.raises(EngineError, match="no address"):
        connect_model(installed, asked("ftp://here"), actor="test")
    with pytest.raises(InputError, match="holds 0 files"):
        (tmp_path / "empty").mkdir()
        connect_model(installed, asked(server.url, weights=tmp_path / "empty"), actor="test")


def test_a_server_that_went_away_or_changed_is_found_by_verify(
    installed: Installation, server: SpeechServer
) -> None:
    connect_model(installed, asked(server.url), actor="test")
    server.revision = "2"
    (finding,) = verify_model(installed, "served")[1]
    assert (finding.path, finding.holds) == (server.url, False)
    assert finding.found
