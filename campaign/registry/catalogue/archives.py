"""Members of wheels and npm tarballs, by exact name, to a place of our choice: no path of an archive is ever used."""

from __future__ import annotations

import gzip
import tarfile
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from campaign.registry.catalogue.watching import SourceRefusedError

CHUNK_BYTES = 1 << 20


def unpack(archive: Path, members: Mapping[str, Path], *, most_bytes: int) -> None:
    """Write each member that is there to its place, none longer than `most_bytes`. Raises `SourceRefusedError`."""
    try:
        if zipfile.is_zipfile(archive):
            _unpack_zip(archive, members, most_bytes)
        else:
            _unpack_tar(archive, members, most_bytes)
    except (
        zipfile.BadZipFile,
        tarfile.TarError,
        gzip.BadGzipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ) as exc:
        raise SourceRefusedError(f"is no archive that can be read: {exc}", is_changed=True) from exc


def _unpack_zip(archive: Path, members: Mapping[str, Path], most_bytes: int) -> None:
    with zipfile.ZipFile(archive) as opened:
        names = set(opened.namelist())
        for name, place in members.items():
            if name in names:
                with opened.open(name) as stream:
                    _write(stream, place, most_bytes, name)


def _unpack_tar(archive: Path, members: Mapping[str, Path], most_bytes: int) -> None:
    """One walk: a tarball has no index."""
    with tarfile.open(archive, mode="r|gz") as opened:
        for member in opened:
            if member.isreg() and member.name in members:
                stream = opened.extractfile(member)
                if stream is not None:
                    with stream:
                        _write(stream, members[member.name], most_bytes, member.name)


def _write(stream: IO[bytes], place: Path, most_bytes: int, name: str) -> None:
    left = most_bytes
    with place.open("wb") as written:
        while chunk := stream.read(min(CHUNK_BYTES, left + 1)):
            left -= len(chunk)
            if left < 0:
                raise SourceRefusedError(f"{name} in it is longer than {most_bytes:,} bytes", is_changed=True)
            written.write(chunk)
