"""Tags in files: ids and keyed hashes only (contract 6), never a name, a text or a number of a person.

Each is a pair such as `campaign` = `spring`; files carry them as CAMPAIGN=spring (FLAC, Opus), TXXX frames
(MP3) or one comment (WAV). What is not plain ASCII is no id and is refused.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Mapping

NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
VALUE = re.compile(r"[A-Za-z0-9._@:/=+-]{1,128}")


def check_ids(ids: Mapping[str, str]) -> None:
    """Raise ValueError for a tag that is no id."""
    for name, value in ids.items():
        if not NAME.fullmatch(name) or not VALUE.fullmatch(value):
            raise ValueError(f"tag {name!r} is no id; tags carry ids and hashes in ASCII only")


def vorbis_comments(ids: Mapping[str, str]) -> dict[str, str]:
    """For FLAC and Opus, sorted."""
    return {name.upper(): ids[name] for name in sorted(ids)}


def tag_flac(data: bytes, ids: Mapping[str, str]) -> bytes:
    """`data` with Vorbis comments and no padding."""
    if not ids:
        return data
    from mutagen.flac import FLAC, VCFLACDict

    file = io.BytesIO(data)
    flac = FLAC(file)  # type: ignore[no-untyped-call]
    if flac.tags is None:
        flac.add_tags()  # type: ignore[no-untyped-call]
    assert isinstance(flac.tags, VCFLACDict)
    for name, value in vorbis_comments(ids).items():
        flac.tags[name] = value
    file.seek(0)
    flac.save(file, padding=lambda _info: 0)
    return file.getvalue()


def id3(ids: Mapping[str, str]) -> bytes:
    """An ID3v2.4 tag with one TXXX frame for each id; nothing when there are none."""
    if not ids:
        return b""
    from mutagen.id3 import ID3, TXXX, Encoding

    tag = ID3()  # type: ignore[no-untyped-call]
    for name, value in vorbis_comments(ids).items():
        tag.add(TXXX(encoding=Encoding.LATIN1, desc=name, text=[value]))  # type: ignore[no-untyped-call]
    file = io.BytesIO()
    tag.save(file, v2_version=4, padding=lambda _info: 0)
    return file.getvalue()


def riff_info(ids: Mapping[str, str]) -> bytes:
    """The body of a LIST chunk: one comment `campaign=spring recipient=...`."""
    comment = " ".join(f"{name}={ids[name]}" for name in sorted(ids)).encode("ascii") + b"\0"
    return b"INFOICMT" + struct.pack("<I", len(comment)) + comment + b"\0" * (len(comment) % 2)
