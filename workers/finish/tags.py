"""Tags in files: ids, keyed hashes and the descriptor (contract 6), never a name, a text or a number of a person.

An id is a pair such as `campaign` = `spring`; files carry them as CAMPAIGN=spring (FLAC, Opus), TXXX frames (MP3)
or one comment (WAV). What is not plain ASCII is no id and is refused. The descriptor (`descriptor.py`) lies beside
them: Vorbis comment or TXXX frame CAMPAIGN_DESCRIPTOR; in WAV the chunk `cdsc` (UTF-8 JSON), after a BWF `bext`
chunk that sound archives read.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
VALUE = re.compile(r"[A-Za-z0-9._@:/=+-]{1,128}")
DESCRIPTOR_NAME = "CAMPAIGN_DESCRIPTOR"
DESCRIPTOR_CHUNK = b"cdsc"
BEXT_VERSION = 2
BEXT_UNKNOWN = 0x7FFF
"""EBU Tech 3285: a loudness that was not measured."""

PCM_HASH = "pcm_s16le"
"""sha256 of the samples as little-endian 16-bit: WAV's data chunk, FLAC's decoded sound."""
ULAW_HASH, ALAW_HASH = "g711_ulaw", "g711_alaw"
"""sha256 of the data chunk's bytes."""
MPEG_HASH = "mpeg_frames"
"""sha256 of every MPEG frame: the file without its ID3 tags."""
OPUS_HASH = "opus_packets"
"""sha256 over each packet's length (32-bit little-endian) and bytes; the two header packets apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """What a file is to carry beside its sound."""

    ids: Mapping[str, str] = field(default_factory=dict)
    describe: Callable[[str, str], str] | None = None
    """(what is hashed, sha256 hex) -> the descriptor; called once, when the sound's coded bytes are known."""
    pcm_sha256: str = ""
    """`PCM_HASH` of the sound, where it is known already."""
    made_at_ms: int | None = None
    """When the last run was stored, for `bext`."""
    loudness_lufs: float | None = None
    true_peak_dbtp: float | None = None

    def descriptor(self, hashed: str, sha256: str) -> str:
        """The descriptor, or nothing."""
        return "" if self.describe is None else self.describe(hashed, sha256)


def check_ids(ids: Mapping[str, str]) -> None:
    """Raise ValueError for a tag that is no id."""
    for name, value in ids.items():
        if not NAME.fullmatch(name) or not VALUE.fullmatch(value):
            raise ValueError(f"tag {name!r} is no id; tags carry ids and hashes in ASCII only")


def comments(tags: Tags, descriptor: str) -> dict[str, str]:
    """What FLAC, Opus and MP3 carry, by name, sorted."""
    fields = {name.upper(): tags.ids[name] for name in sorted(tags.ids)}
    return fields | ({DESCRIPTOR_NAME: descriptor} if descriptor else {})


def riff_info(ids: Mapping[str, str]) -> bytes:
    """The body of a LIST chunk: one comment `campaign=spring recipient=...`."""
    comment = " ".join(f"{name}={ids[name]}" for name in sorted(ids)).encode("ascii") + b"\0"
    return b"INFOICMT" + struct.pack("<I", len(comment)) + comment + b"\0" * (len(comment) % 2)


def bext(tags: Tags, *, rate_hz: int, coding: str) -> bytes:
    """The body of a `bext` chunk, version 2 (EBU Tech 3285).

    The originator's reference is the recipient's keyed hash; the date is of the last run, none where it is unknown.
    """
    made_at = None if tags.made_at_ms is None else datetime.fromtimestamp(tags.made_at_ms / 1000, UTC)
    history = f"{coding},F={rate_hz},M=mono,T=campaign\r\n"
    return struct.pack(
        "<256s32s32s10s8sQH64s5h180x",
        b"Synthetic speech. " + tags.ids.get("campaign", "").encode("ascii"),
        b"campaign",
        tags.ids.get("recipient", "").encode("ascii"),
        b"" if made_at is None else made_at.strftime("%Y-%m-%d").encode("ascii"),
        b"" if made_at is None else made_at.strftime("%H:%M:%S").encode("ascii"),
        0,
        BEXT_VERSION,
        b"",
        _hundredths(tags.loudness_lufs),
        BEXT_UNKNOWN,
        _hundredths(tags.true_peak_dbtp),
        BEXT_UNKNOWN,
        BEXT_UNKNOWN,
    ) + history.encode("ascii")


def _hundredths(level: float | None) -> int:
    return BEXT_UNKNOWN if level is None else round(100 * level)
