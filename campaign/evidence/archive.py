"""A bundle's zip opened as a stranger's: what it holds is known before a byte of it is unpacked.

Names are plain and come once, nothing is encrypted or packed by another method than this program's, and no file
unpacks to more than its kind ever has, nor to so many times its size that nobody wrote it. What is not needed whole is
digested block by block.
"""

from __future__ import annotations

import hashlib
import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from campaign.errors import EvidenceError, NotFoundError
from workers.mends import shown

MOST_FILES = 64
MOST_BYTES = 1 << 30
"""Of one file."""
KEPT: Mapping[str, int] = {
    "statement.dsse.json": 1 << 20,
    "public-key.pem": 1 << 16,
    "report.json": 1 << 26,
    "leaves.txt": 1 << 30,
}
"""What is needed whole, with the most bytes that each may have."""
LARGEST_RATIO = 200
"""Bytes for one of the archive. A table of runs, the most regular part of a bundle, has a tenth of that."""
FREE_BYTES = 1 << 20
"""Below it no ratio is held: a file of a few rows that are alike packs better than any."""
BLOCK_BYTES = 1 << 17
"""Read at once: of a file, of the table of what there is (64 files have a tenth of it), of the end, which may have a
comment of 64 KiB."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_PLAIN_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_UNREADABLE = (
    *(OSError, EOFError, ValueError, RuntimeError, NotImplementedError),
    *(zipfile.BadZipFile, zlib.error, struct.error),
)
"""What Python's zipfile raises for a damaged archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """What an archive holds."""

    sha256: Mapping[str, str]
    """Of every file, by its name."""
    kept: Mapping[str, bytes]
    """Whole, those of `KEPT` that are there."""


class _Blocks(io.BufferedReader):
    """A file read block by block: zipfile asks for the whole table of an archive at once, however long it is."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Raises `BadZipFile` for more than a block."""
        if size is not None and size > BLOCK_BYTES:
            raise zipfile.BadZipFile(f"its table has {size:,} bytes, more than a bundle's ever has")
        return super().read(size)


def unpack(path: Path) -> Unpacked:
    """Raises `EvidenceError` with archive and file, and `NotFoundError`."""
    try:
        if not path.exists():
            raise NotFoundError(f"there is no file {path}.")
        if not path.is_file():
            raise EvidenceError(f"{path} is no plain file. Name the bundle, a .zip.")
        with _Blocks(io.FileIO(path)) as stream, zipfile.ZipFile(stream) as archive:
            infos = archive.infolist()
            _check(path, infos)
            digests: dict[str, str] = {}
            kept: dict[str, bytes] = {}
            for info in infos:
                digests[info.filename], data = _read(archive, info)
                if info.filename in KEPT:
                    kept[info.filename] = data
    except _UNREADABLE as exc:
        raise EvidenceError(
            f"{path} is not a bundle, or it is cut off or damaged: {exc}. Ask for it again."
        ) from exc
    return Unpacked(sha256=digests, kept=kept)


def _check(path: Path, infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MOST_FILES:
        raise EvidenceError(
            f"{path} holds {len(infos):,} files, more than a bundle ever does. Do not open it."
        )
    names = [info.filename for info in infos]
    for info in infos:
        what = f"{path}, {shown(info.filename)}"
        most = KEPT.get(info.filename, MOST_BYTES)
        if not _NAME.fullmatch(info.filename) or stat.S_ISLNK(info.external_attr >> 16):
            raise EvidenceError(f"{what}: no bundle holds a folder, a link or such a name. Do not open it.")
        if names.count(info.filename) > 1:
            raise EvidenceError(
                f"{what} is in it twice, and not every program reads the same one. Do not open it."
            )
        if info.flag_bits & _ENCRYPTED:
            raise EvidenceError(f"{what} is encrypted, which no bundle is. Ask for it without a password.")
        if info.compress_type not in _PLAIN_METHODS:
            raise EvidenceError(
                f"{what} is packed by method {info.compress_type}. Ask for the bundle as it was made."
            )
        packs_well = info.file_size > FREE_BYTES and info.file_size > LARGEST_RATIO * info.compress_size
        if info.file_size > most or packs_well:
            raise EvidenceError(
                f"{what} unpacks to {info.file_size:,} bytes, more than it ever has. Do not open it."
            )


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> tuple[str, bytes]:
    """(sha256 hex, the content of what is kept whole). Not more than the archive's table says, which was checked."""
    digest = hashlib.sha256()
    parts: list[bytes] = []
    with archive.open(info) as stream:
        while block := stream.read(BLOCK_BYTES):
            digest.update(block)
            if info.filename in KEPT:
                parts.append(block)
    return digest.hexdigest(), b"".join(parts)
