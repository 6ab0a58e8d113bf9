"""Marks: set, read back from the final bytes, and never left out silently."""

from __future__ import annotations

import hashlib
import io
import json
import sys
import time
from dataclasses import replace
from datetime import datetime, tzinfo
from importlib import metadata
from pathlib import Path
from typing import Any

import c2pa
import numpy as np
import pytest
import soundfile
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from campaign.errors import BriefError, InputError
from campaign.evidence.certificates import test_certificate as certificate
from campaign.evidence.certificates import write_test_certificate
from storage.installation import Installation
from tests import build
from tests.unit.workers.finish.sounds import babble, part
from workers.engines.engine import Pcm
from workers.errors import ProfileError
from workers.finish import FinishError, FinishProfile, Provenance, finish, marks
from workers.finish.marks import C2paSigner, Marker, read_c2pa
from workers.finish.reading import mismatches, read_file
from workers.process.app import assemble

IDS = {"campaign": "spring", "recipient": "ab" * 16, "version": "1"}
TYPES = {"wav": "audio/wav", "flac": "audio/flac", "mp3": "audio/mpeg", "ulaw": "audio/wav"}


def signer(days: int = 30) -> C2paSigner:
    chain, key = certificate(days=days)
    return C2paSigner(certificate=chain, private_key=key)


class LastBits:
    """A watermark as simple as can be: it lives in samples' last bits, so no lossy codec keeps it."""

    name = "last bits"
    payload_bytes = 4

    def cannot_mark(self, codec: str, rate_hz: int) -> str | None:
        return "mu-law rounds last bits away. Use wav." if codec == "ulaw" else None

    def mark(self, pcm: Pcm, rate_hz: int, payload: bytes) -> Pcm:
        assert rate_hz == 24_000
        bits = np.unpackbits(np.frombuffer(payload, np.uint8)).astype(np.int16)
        marked = pcm.copy()
        marked[: len(bits)] = (marked[: len(bits)] & ~1) | bits
        return marked

    def read(self, pcm: Pcm, rate_hz: int) -> bytes | None:
        assert rate_hz == 24_000
        return np.packbits((pcm[: 8 * self.payload_bytes] & 1).astype(np.uint8)).tobytes()


def finished(codec: str, marker: Marker | None, *marks: str) -> bytes:
    profile = FinishProfile(codec=codec, marks=tuple(marks))  # type: ignore[arg-type]
    parts = [part(babble(1.5))]
    return finish(parts, profile, tags=IDS, marker=marker).data


@pytest.mark.parametrize("codec", list(TYPES))
def test_c2pa_is_read_back_and_leaves_the_sound_as_it_was(codec: str) -> None:
    plain, marked = finished(codec, None), finished(codec, Marker(signer=signer()), "c2pa")
    assert read_c2pa(plain, TYPES[codec]) is None
    assert read_c2pa(marked, TYPES[codec]) == IDS
    assert read_file(marked).sound_sha256 == read_file(plain).sound_sha256
    assert read_file(marked).tags == IDS
    assert "descriptor" in mismatches(read_file(marked))[0]
    one, two = (soundfile.read(io.BytesIO(data))[0] for data in (plain, marked))
    assert np.array_equal(one, two)


@pytest.mark.parametrize("codec", list(TYPES))
def test_c2pa_of_a_changed_file_does_not_hold(codec: str) -> None:
    marked = bytearray(finished(codec, Marker(signer=signer()), "c2pa"))
    marked[len(marked) // 2 if codec in ("flac", "mp3") else 2000] ^= 0x55
    marked[-2000] ^= 0x55
    assert read_c2pa(bytes(marked), TYPES[codec]) is None


def test_a_watermark_is_read_back_after_the_codec_and_one_that_is_lost_stops_the_file() -> None:
    marker = Marker(watermarker=LastBits())
    assert finished("wav", marker, "watermark")
    assert finished("flac", marker, "watermark")
    with pytest.raises(FinishError, match="last bits cannot be read back") as caught:
        finished("mp3", marker, "watermark")
    assert caught.value.code == "mark-missing"
    both = finished("wav", replace(marker, signer=signer()), "watermark", "c2pa")
    assert read_c2pa(both, "audio/wav") == IDS


def test_marks_are_never_left_out_silently() -> None:
    with pytest.raises(FinishError, match="nothing here can set c2pa"):
        finished("wav", None, "c2pa")
    with pytest.raises(ProfileError, match="opus files have no place for c2pa"):
        FinishProfile.from_mapping({"codec": "opus", "marks": ["c2pa"]})
    with pytest.raises(ProfileError, match="no mark 'perth'"):
        FinishProfile.from_mapping({"marks": ["perth"]})
    profile = FinishProfile.from_mapping({"marks": ["c2pa"]})
    assert FinishProfile.from_mapping(profile.as_mapping()) == profile


def test_what_cannot_be_marked_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def problem(marker: Marker, *marks: str, codec: str = "wav") -> str:
        return marker.problem(marks, codec=codec, rate_hz=24_000) or ""

    assert problem(Marker(signer=signer()), "c2pa") == ""
    assert "no C2PA certificate" in problem(Marker(), "c2pa")
    assert "no watermark library" in problem(Marker(), "watermark")
    assert "rounds last bits away" in problem(Marker(watermarker=LastBits()), "watermark", codec="ulaw")
    assert "expired on" in problem(Marker(signer=signer(days=-5)), "c2pa")
    other = replace(signer(), private_key=signer().private_key)
    assert "not the certificate's" in problem(Marker(signer=other), "c2pa")
    broken = replace(signer(), certificate="nothing")
    assert "cannot be read" in problem(Marker(signer=broken), "c2pa")
    monkeypatch.setitem(sys.modules, "c2pa", None)
    assert "campaign[marks]" in problem(Marker(signer=signer()), "c2pa")


def key_of(kind: str) -> str:
    made: Any = {
        "ed25519": ed25519.Ed25519PrivateKey.generate,
        "es256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "es384": lambda: ec.generate_private_key(ec.SECP384R1()),
        "es512": lambda: ec.generate_private_key(ec.SECP521R1()),
        "ps256": lambda: rsa.generate_private_key(65_537, 1024),
    }[kind]()  # type: ignore[no-untyped-call]
    coding, layout = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return bytes(made.private_bytes(coding, layout, serialization.NoEncryption())).decode()


@pytest.mark.parametrize("kind", ["ed25519", "es256", "es384", "es512", "ps256"])
def test_a_key_signs_by_the_algorithm_that_is_its_own(kind: str) -> None:
    assert C2paSigner(certificate="", private_key=key_of(kind))._algorithm() == kind


def test_a_certificate_of_tomorrow_signs_nothing_today(monkeypatch: pytest.MonkeyPatch) -> None:
    made = signer()
    assert made.problem() is None

    class Yesterday(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Yesterday:
            return cls.fromtimestamp(time.time() - 10 * 86_400, tz)

    monkeypatch.setattr(marks, "datetime", Yesterday)
    assert "not valid before" in (made.problem() or "")


def test_the_certificate_is_asked_about_before_the_watermark() -> None:
    both = ("c2pa", "watermark")
    well = Marker(signer=signer(), watermarker=LastBits())
    assert well.problem(both, codec="wav", rate_hz=24_000) is None
    assert "last bits" in (well.problem(both, codec="ulaw", rate_hz=24_000) or "")
    assert well.problem(("c2pa",), codec="ulaw", rate_hz=24_000) is None
    assert Marker().problem((), codec="wav", rate_hz=24_000) is None
    expired = replace(well, signer=signer(days=-5))
    assert "expired" in (expired.problem(both, codec="ulaw", rate_hz=24_000) or "")


def manifest_of(engine: str | None) -> dict[str, Any]:
    """The signed manifest of a file that an engine made."""
    runs = [] if engine is None else [{"run_id": "r1", "engine": engine}]
    audio = finish(
        [part(babble(1.0))],
        FinishProfile(marks=("c2pa",)),
        tags=IDS,
        provenance=Provenance(about={}, runs=runs) if runs else None,
        marker=Marker(signer=signer()),
    )
    with c2pa.Reader("audio/wav", io.BytesIO(audio.data)) as reader:
        store = json.loads(reader.json())
    manifest: dict[str, Any] = store["manifests"][store["active_manifest"]]
    return manifest


@pytest.mark.parametrize(
    ("engine", "source"),
    [
        ("f5", "trainedAlgorithmicMedia"),
        ("espeak", "algorithmicMedia"),
        ("tone", "algorithmicMedia"),
        (None, "trainedAlgorithmicMedia"),
    ],
)
def test_the_manifest_says_that_a_machine_made_the_sound_and_whether_it_was_trained(
    engine: str | None, source: str
) -> None:
    manifest = manifest_of(engine)
    (generator,) = manifest["claim_generator_info"]
    assert (generator["name"], generator["version"]) == ("campaign", metadata.version("campaign"))
    said = {one["label"].removesuffix(".v2"): one["data"] for one in manifest["assertions"]}
    (action,) = said["c2pa.actions"]["actions"]
    assert action["action"] == "c2pa.created"
    assert action["digitalSourceType"] == f"http://cv.iptc.org/newscodes/digitalsourcetype/{source}"
    assert said["campaign.asset"] == IDS


def test_what_the_library_cannot_sign_is_no_file() -> None:
    with pytest.raises(FinishError, match="could not sign") as caught:
        signer().sign(b"no sound at all", "audio/wav", IDS, engine="tone")
    assert caught.value.code == "mark-missing"


def test_a_file_whose_manifest_is_for_someone_else_is_not_released() -> None:
    data = finished("wav", Marker(signer=signer()), "c2pa")
    marker = Marker(signer=signer())
    marker.check(data, "audio/wav", ("c2pa",), IDS)
    with pytest.raises(FinishError, match="manifest cannot be read back"):
        marker.check(data, "audio/wav", ("c2pa",), {**IDS, "recipient": "cd" * 16})
    with pytest.raises(FinishError, match="manifest cannot be read back"):
        marker.check(finished("wav", None), "audio/wav", ("c2pa",), IDS)
    marker.check(finished("wav", None), "audio/wav", (), IDS)


def test_a_watermark_says_whom_the_file_is_for_whatever_the_order_of_its_ids() -> None:
    payload = marks.payload_of({"b": "2", "a": "1"}, 4)
    assert payload == hashlib.sha256(b"a=1\nb=2").digest()[:4]
    pcm = babble(0.5)
    marker = Marker(watermarker=LastBits())
    marked = marker.watermark(pcm, 24_000, ("watermark",), {"a": "1", "b": "2"})
    assert LastBits().read(marked, 24_000) == payload
    assert marker.watermark(pcm, 24_000, ("c2pa",), IDS) is pcm


def installed(home: Path, days: int = 30) -> Installation:
    chain, key = certificate(days=days)
    return build.installation(home, c2pa_certificate=chain, c2pa_private_key=key)


ASKED = {"codec": "mp3", "marks": ["c2pa"]}


def test_a_campaign_s_files_carry_their_marks(tmp_path: Path) -> None:
    made = installed(tmp_path / "home")
    campaign_id = build.submitted(made, build.people(2), build.brief(finish=ASKED)).campaign.id
    build.worked(made, campaign_id)
    for line in build.manifest(made.store, campaign_id):
        data = made.store.get(f"campaigns/{campaign_id}/{line['url']}")
        said = read_c2pa(data, "audio/mpeg")
        assert said == {"campaign": campaign_id, "recipient": line["recipient"], "version": "1"}
        found = read_file(data)
        assert mismatches(found) == []
        assert found.descriptor is not None
        assert found.descriptor["finish"]["marks"] == ["c2pa"]


@pytest.mark.parametrize(
    ("days", "finish_table", "told"),
    [
        (-5, ASKED, "expired on"),
        (30, {"codec": "wav", "marks": ["watermark"]}, "no watermark library"),
    ],
)
def test_a_campaign_that_cannot_be_marked_is_refused(
    tmp_path: Path, days: int, finish_table: dict[str, Any], told: str
) -> None:
    made = installed(tmp_path / "home", days=days)
    with pytest.raises(BriefError, match=told):
        build.submitted(made, build.people(1), build.brief(finish=finish_table))


def test_a_certificate_that_goes_away_pauses_the_campaign_and_loses_nothing(tmp_path: Path) -> None:
    made = installed(tmp_path / "home")
    campaign_id = build.submitted(made, build.people(2), build.brief(finish=ASKED)).campaign.id
    without = build.installation(tmp_path / "home")
    ended = build.worked(without, campaign_id)
    assert ended.state == "paused"
    assert "no C2PA certificate" in (ended.state_reason or "")
    assert assemble(made).resources.permits.marking.marker.signer is not None
    from storage.queue import campaigns as campaign_rows
    from storage.tables import CampaignState

    with made.database.write() as connection:
        campaign_rows.move(connection, campaign_id, CampaignState.RUNNING)
    assert build.worked(made, campaign_id).state == "finished"


def test_a_watermark_comes_from_an_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    from workers.finish.marks import installed_watermarker

    assert installed_watermarker() is None
    point = metadata.EntryPoint(name="x", value=f"{__name__}:LastBits", group="campaign.watermarks")
    monkeypatch.setattr(metadata, "entry_points", lambda group: [point] if group == point.group else [])
    found = installed_watermarker()
    assert found is not None
    assert found.name == "last bits"


def test_test_certificates_are_written_once(tmp_path: Path) -> None:
    chain, key = write_test_certificate(tmp_path, days=10)
    assert key.stat().st_mode & 0o077 == 0
    assert C2paSigner(certificate=chain.read_text(), private_key=key.read_text()).problem() is None
    with pytest.raises(InputError, match="has a test certificate"):
        write_test_certificate(tmp_path, days=10)
