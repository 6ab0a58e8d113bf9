"""Rows as a report reads them, without the making."""

from __future__ import annotations

from storage.history.delivery import DeliveredRow, ListenedTo, VoiceScore
from storage.tables import RowStatus


def delivered(
    row: int,
    *,
    seconds: float | None,
    characters: int = 100,
    language: str = "en",
    lufs: float | None = -16.0,
    preset: str = "demo-voice@1",
    voice: VoiceScore | None = None,
) -> DeliveredRow:
    """One recipient's; `seconds` None is a row without a file; `voice`: it was listened to and held against a print."""
    return DeliveredRow(
        row=row,
        external_id=f"person-{row}",
        recipient_hmac=f"{row:032x}",
        salt=b"s",
        locale=language,
        language=language,
        status=RowStatus.FAILED if seconds is None else RowStatus.STORED,
        code=None,
        reason=None,
        column=None,
        fallbacks=(),
        version=1,
        object_key=None,
        sha256=None,
        samples=None if seconds is None else round(1000 * seconds),
        rate_hz=1000,
        codec="wav",
        size_bytes=1,
        loudness_lufs=lufs,
        true_peak_dbtp=None,
        pin_id="tone",
        preset=preset,
        run_ids=(),
        characters=characters,
        lexicon_hits={},
        tombstone_leaf=None,
        is_of_listening=voice is not None,
        listening=None if voice is None else ListenedTo(verdict="heard", values={}, voice=voice),
    )


def scored(likeness: float | None, *, lowest: float = 0.9, preset: str = "demo-voice@1") -> VoiceScore:
    """By one print of a preset."""
    return VoiceScore(
        likeness=likeness, lowest=lowest, preset=preset, calibration="c" * 64, encoder="onnx-2-abc"
    )
