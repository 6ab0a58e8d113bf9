"""A delivered file looked into: what it says of itself holds, and what no longer does is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from campaign.errors import InputError, NotFoundError
from campaign.evidence import inspect
from campaign.evidence.certificates import test_certificate as certificate
from campaign.evidence.inspect import inspect_file
from tests.unit.workers.finish.sounds import babble, part
from workers.finish.descriptor import Provenance
from workers.finish.finishing import finish
from workers.finish.marks import C2paSigner, Marker
from workers.finish.profile import FinishProfile

IDS = {"campaign": "spring", "recipient": "ab" * 16, "version": "1"}
PROVENANCE = Provenance(
    about={"campaign": "spring", "recipient": "ab" * 16, "version": 1},
    runs=[{"run_id": "1", "engine": "tone", "t_stored_ms": 5}],
)


def written(folder: Path, *, marks: tuple[Any, ...] = (), provenance: Provenance | None = PROVENANCE) -> Path:
    marker = None
    if marks:
        chain, key = certificate(days=30)
        marker = Marker(signer=C2paSigner(certificate=chain, private_key=key))
    profile = FinishProfile(codec="wav", marks=marks)
    audio = finish([part(babble(1.5))], profile, tags=IDS, provenance=provenance, marker=marker)
    path = folder / "a.wav"
    path.write_bytes(audio.data)
    return path


def test_file_as_it_was_delivered_matches_its_descriptor(tmp_path: Path) -> None:
    looked = inspect_file(written(tmp_path))
    assert (looked.changed, looked.c2pa) == ((), None)
    document = looked.document
    assert (document["matches"], document["tags"], document["codec"]) == (True, IDS, "wav")
    assert document["runs"] == PROVENANCE.runs


def test_changed_sound_is_named(tmp_path: Path) -> None:
    path = written(tmp_path)
    data = bytearray(path.read_bytes())
    middle = len(data) // 4 * 2
    data[middle : middle + 2] = np.int16(123).tobytes()
    path.write_bytes(data)
    looked = inspect_file(path)
    assert looked.document["matches"] is False
    assert "samples" in looked.changed[0] or "sound" in looked.changed[0]


def test_file_that_says_nothing_of_itself_is_told_as_that(tmp_path: Path) -> None:
    looked = inspect_file(written(tmp_path, provenance=None))
    assert looked.document["runs"] == []
    assert looked.document["matches"] is False


def test_signed_manifest_that_is_due_holds_or_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, marks=("c2pa",))
    looked = inspect_file(path)
    assert (looked.c2pa, looked.changed) == (True, ())
    for claims in (None, {"recipient": "another"}):
        monkeypatch.setattr(inspect, "read_c2pa", lambda *_what, claims=claims: claims)
        looked = inspect_file(path)
        assert (looked.c2pa, looked.changed) == (
            False,
            ("the C2PA manifest that it should carry is missing or does not hold",),
        )
    monkeypatch.setattr(inspect, "find_spec", lambda _name: None)
    assert inspect_file(path).c2pa is None


def test_what_is_no_file_of_sound_is_refused_with_the_mend(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="there is no file"):
        inspect_file(tmp_path / "none.wav")
    with pytest.raises(InputError, match="cannot be read"):
        inspect_file(tmp_path)
    path = tmp_path / "a.wav"
    path.write_bytes(b"no sound")
    with pytest.raises(InputError, match="Fetch it again"):
        inspect_file(path)
