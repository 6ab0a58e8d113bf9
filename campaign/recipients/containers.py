"""What a file is, by its first bytes and never by its name: text, a packed text, a spreadsheet, or no list at all."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import IO, cast

from campaign.errors import RecipientsError
from campaign.recipients.one_file import ByteReader, OneFile
from workers.printable import printable

UNPACKED_LIMIT_BYTES = 1 << 30
"""Of a spreadsheet, whose reader holds it whole."""
SHOWN_NAMES = 3


class Container(StrEnum):
    """How a file holds its rows."""

    TEXT = "text"
    """Lines, as they are."""
    GZIP = "gzip"
    """A text, packed as most programs pack one."""
    BZIP2 = "bzip2"
    """A text, packed smaller and slower."""
    XZ = "xz"
    """A text, packed by LZMA."""
    ZIP = "zip"
    """An archive with one file in it."""
    XLSX = "xlsx"
    """Excel since 2007, with macros or binary too."""
    ODS = "ods"
    """OpenDocument: LibreOffice, Google Sheets."""
    XLS = "xls"
    """Excel before 2007."""


SPREADSHEETS = frozenset({Container.XLSX, Container.ODS, Container.XLS})
PACKED = frozenset({Container.GZIP, Container.BZIP2, Container.XZ, Container.ZIP})
_MAGIC = (
    (b"\x1f\x8b", Container.GZIP),
    (b"BZh", Container.BZIP2),
    (b"\xfd7zXZ\x00", Container.XZ),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Container.XLS),
)
_ZIPPED = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_UNPACK: dict[Container, Callable[[IO[bytes]], IO[bytes]]] = {
    Container.GZIP: lambda raw: cast(IO[bytes], gzip.GzipFile(fileobj=raw)),
    Container.BZIP2: lambda raw: cast(IO[bytes], bz2.BZ2File(raw)),
    Container.XZ: lambda raw: cast(IO[bytes], lzma.LZMAFile(raw)),  # noqa: SIM115 - whoever asked closes it
}
_EXPORT = "Export the list as CSV or as a spreadsheet (.xlsx, .ods)."
_STRANGERS = (
    (rb"%PDF-", "a PDF", _EXPORT),
    (rb"\{\\rtf", "a text document (RTF)", _EXPORT),
    (rb"PAR1", "a Parquet file", _EXPORT),
    (rb"SQLite format 3\x00", "a database (SQLite)", "Export the table as CSV."),
    (rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP", "a picture", _EXPORT),
    (rb"RIFF....WAVE|ID3|\xff\xfb|OggS|fLaC", "a sound file", _EXPORT),
    (rb"7z\xbc\xaf\x27\x1c", "an archive (7z)", "Unpack it and give the file in it."),
    (rb"Rar!\x1a\x07", "an archive (RAR)", "Unpack it and give the file in it."),
    (rb"\x28\xb5\x2f\xfd", "packed as Zstandard", "Unpack it with `zstd -d`, or pack it with gzip."),
    (rb"\x04\x22\x4d\x18", "packed as LZ4", "Unpack it with `lz4 -d`, or pack it with gzip."),
    (rb"version https://git-lfs", "a pointer of Git LFS and not the file itself", "Get it with `git lfs pull`."),
    (rb"BEGIN:VCARD", "a file of contacts (vCard)", "Export the contacts as CSV."),
    (rb"BEGIN:VCALENDAR", "a calendar", _EXPORT),
    (rb"-----BEGIN |-----BEGIN PGP", "encrypted or a key", "Decrypt it first."),
    (rb"<\?xml[^>]*>\s*(<\?mso[^>]*>\s*)?<(ss:)?Workbook", "a spreadsheet as XML (Excel 2003)", "Save it as .xlsx."),
    (rb"(?i)(<!doctype html|<html|<head|<body|<table|<meta |<div)", "a web page (HTML) under another name",
     "Open it in a spreadsheet and save it as .xlsx or CSV."),
    (rb"<\?xml|<[A-Za-z!]", "XML", _EXPORT),
)  # fmt: skip
"""What people give for a list, by its first bytes; what it is, and what to do."""
_BLANKS = re.compile(rb"(\xef\xbb\xbf)?\s*")
_PACKING_ERRORS = (EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError)
_WORDED = re.compile(r"word/|ppt/|Index/.*\.iwa|\.numbers")


def container_of(file: OneFile) -> Container:
    """How `file` holds its rows, from its first block; raises `RecipientsError` for what is no list of any kind."""
    block = file.first_block
    for magic, container in _MAGIC:
        if block.startswith(magic):
            if container in SPREADSHEETS and file.size_bytes > UNPACKED_LIMIT_BYTES:
                raise RecipientsError(
                    f"{file.label} has {file.size_bytes:,} bytes, and {UNPACKED_LIMIT_BYTES:,} is the most. Export it "
                    "as CSV."
                )
            return container
    if block.startswith(_ZIPPED):
        return _zip_kind(file)
    refuse_strangers(file.label, block)
    return Container.TEXT


def refuse_strangers(label: str, block: bytes) -> None:
    """Raise `RecipientsError` for a first block of what is no text of rows."""
    start = _BLANKS.match(block)
    beginning = block[start.end() if start else 0 :]
    if block.startswith((*(magic for magic, _ in _MAGIC), *_ZIPPED)):
        raise RecipientsError(
            f"{label} holds a spreadsheet or another packed file. Unpack it and give what is in it."
        )
    for pattern, what, mend in _STRANGERS:
        if re.match(pattern, beginning, re.DOTALL):
            raise RecipientsError(f"{label} is {what}, no list of recipients. {mend}")
    if block.count(0) > len(block) * 0.9 > 0:
        raise RecipientsError(f"{label} holds zeros and no text: it is damaged or not whole. Make it again.")


@contextlib.contextmanager
def unpacked(file: OneFile, container: Container) -> Iterator[tuple[IO[bytes], ByteReader]]:
    """The bytes of the rows' text, and the reading of the file itself.

    Raises `RecipientsError` for a packed file that is damaged.
    """
    reading = file.reader()
    raw = io.BufferedReader(reading, 1 << 16)
    try:
        if container == Container.ZIP:
            with zipfile.ZipFile(raw) as archive, archive.open(_only_member(file.label, archive)) as member:
                yield member, reading
        else:
            yield (_UNPACK[container](raw) if container in _UNPACK else raw), reading
    except _PACKING_ERRORS as exc:
        if container == Container.TEXT:
            raise
        raise RecipientsError(f"{file.label} is not a whole {container} file: {exc}. Make it again.") from exc
    except RuntimeError as exc:
        if container != Container.ZIP:
            raise
        raise RecipientsError(f"{file.label} is encrypted. Unpack it first.") from exc


def _zip_kind(file: OneFile) -> Container:
    try:
        with zipfile.ZipFile(io.BufferedReader(file.reader())) as archive:
            names = archive.namelist()
            if "[Content_Types].xml" in names and any(name.startswith("xl/workbook") for name in names):
                _refuse_bomb(file, archive)
                return Container.XLSX
            if "mimetype" in names and b"spreadsheet" in archive.open("mimetype").read(200):
                _refuse_bomb(file, archive)
                return Container.ODS
            if any(map(_WORDED.match, names)) or "mimetype" in names:
                raise RecipientsError(f"{file.label} is a document and no list of recipients. {_EXPORT}")
            _only_member(file.label, archive)
    except _PACKING_ERRORS as exc:
        raise RecipientsError(
            f"{file.label} begins as a spreadsheet or a zip file does and is not whole: {exc}. Save it again."
        ) from exc
    return Container.ZIP


def _refuse_bomb(file: OneFile, archive: zipfile.ZipFile) -> None:
    unpacked_bytes = sum(member.file_size for member in archive.infolist())
    if (size := max(file.size_bytes, unpacked_bytes)) > UNPACKED_LIMIT_BYTES:
        raise RecipientsError(
            f"{file.label} unpacks to {size:,} bytes, and {UNPACKED_LIMIT_BYTES:,} is the most. Export it as CSV."
        )


def _only_member(label: str, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = [
        member
        for member in archive.infolist()
        if not member.is_dir()
        and not member.filename.startswith("__MACOSX/")
        and not member.filename.rsplit("/", 1)[-1].startswith(".")
    ]
    if len(members) != 1:
        shown = ", ".join(printable(member.filename) for member in members[:SHOWN_NAMES])
        more = f", and {len(members) - SHOWN_NAMES} more" if len(members) > SHOWN_NAMES else ""
        holds = f"{len(members)} files ({shown}{more})" if members else "no file"
        raise RecipientsError(f"{label} holds {holds} where one list is needed. Unpack it and give that one.")
    return members[0]
