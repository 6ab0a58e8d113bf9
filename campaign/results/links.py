"""Delivered files handed on: links that expire, and one zip with names of the operator's choice.

Object names stay ids and keyed hashes (contract 6); a name template is for the copy that the operator takes away.
"""

from __future__ import annotations

import csv
import re
import string
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import IO

from campaign.errors import InputError, NotFoundError
from campaign.results.folder import neutral, written_whole
from storage.history import delivery
from storage.history.delivery import DeliveredRow
from storage.installation import Installation
from storage.keys import caption_key
from storage.names import CampaignId
from storage.tables import RowStatus

LINK_COLUMNS = ("id", "row", "url", "expires_at")
NAME_FIELDS = ("id", "row", "locale", "language", "version", "recipient", "codec")
DEFAULT_NAMES = "{row:06}"
UNSAFE = re.compile(r"[^\w.@+=-]+")
LONGEST_NAME = 120
CAPTIONS = "captions_"
"""Before a format: the column of where such captions are; there where the campaign has them."""
SHOWN_COLLISIONS = 5
ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def caption_columns(captions: Sequence[str]) -> tuple[str, ...]:
    """What the columns are called that name the captions beside each file."""
    return tuple(CAPTIONS + form for form in captions)


def delivered_rows(
    installation: Installation, campaign_id: CampaignId, rows: Sequence[int] = ()
) -> list[DeliveredRow]:
    """Rows that have a file; raises `NotFoundError` when none has."""
    with installation.database.read() as connection:
        delivered = [
            row
            for row in delivery.rows(connection, campaign_id, only=rows or None)
            if row.status == RowStatus.STORED
        ]
    if not delivered:
        raise NotFoundError(f"campaign {campaign_id} has delivered none of these rows.")
    return delivered


def write_links(
    installation: Installation,
    campaign_id: CampaignId,
    stream: IO[str],
    *,
    expires_s: int,
    rows: Sequence[int] = (),
) -> int:
    """One line a file: `LINK_COLUMNS`, then its captions. Raises `ObjectRefusedError` where the store makes no such
    links."""
    until = (datetime.now(UTC) + timedelta(seconds=expires_s)).strftime("%Y-%m-%dT%H:%M:%SZ")
    writer = csv.writer(stream)
    delivered = delivered_rows(installation, campaign_id, rows)
    links = [
        [
            installation.store.presigned(key, expires_s=expires_s)
            for key in (row.object_key or "", *row.caption_keys.values())
        ]
        for row in delivered
    ]
    writer.writerow((*LINK_COLUMNS, *caption_columns(delivered[0].captions)))
    for row, (link, *captions) in zip(delivered, links, strict=True):
        writer.writerow((neutral(row.external_id or ""), row.row, link, until, *captions))
    return len(delivered)


def write_zip(
    installation: Installation,
    campaign_id: CampaignId,
    path: Path,
    *,
    names: str = DEFAULT_NAMES,
    rows: Sequence[int] = (),
) -> int:
    """Every file under its own name, its captions beside it, and `files.csv`.

    Raises `InputError` before anything is written when the template cannot be used or gives two rows one name.
    """
    delivered = delivered_rows(installation, campaign_id, rows)
    named = _named(delivered, names)

    def write(fresh: Path) -> int:
        with zipfile.ZipFile(fresh, "w", zipfile.ZIP_STORED) as archive:
            for row, name in zip(delivered, named, strict=True):
                archive.writestr(
                    zipfile.ZipInfo(name, ZIP_TIME), installation.store.get(row.object_key or "")
                )
                for form, key in row.caption_keys.items():
                    info = zipfile.ZipInfo(caption_key(name, form), ZIP_TIME)
                    archive.writestr(info, installation.store.get(key))
            archive.writestr(zipfile.ZipInfo("files.csv", ZIP_TIME), _index(delivered, named))
        return len(delivered)

    return written_whole(path, write)


def _index(rows: Sequence[DeliveredRow], names: Sequence[str]) -> str:
    from io import StringIO

    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(("id", "row", "file", "sha256", *caption_columns(rows[0].captions)))
    writer.writerows(
        (
            neutral(row.external_id or ""),
            row.row,
            name,
            row.sha256,
            *(caption_key(name, form) for form in row.captions),
        )
        for row, name in zip(rows, names, strict=True)
    )
    return text.getvalue()


def _named(rows: Sequence[DeliveredRow], template: str) -> list[str]:
    _check(template)
    names = [_name(row, template) for row in rows]
    first: dict[str, int] = {"files.csv": 0}
    clashes = []
    for row, name in zip(rows, names, strict=True):
        other = first.setdefault(name.casefold(), row.row)
        if other != row.row:
            clashes.append(f"rows {other} and {row.row}: {name}" if other else f"row {row.row}: {name}")
    if clashes:
        shown = "; ".join(clashes[:SHOWN_COLLISIONS])
        raise InputError(
            f"--names {template!r} gives {len(clashes)} files a name that is taken ({shown}). "
            "Nothing was written; add {row} to it."
        )
    return names


def _check(template: str) -> None:
    try:
        for field in _fields(template):
            if field not in NAME_FIELDS:
                raise ValueError(f"there is no {{{field}}}")
        template.format(**dict.fromkeys(NAME_FIELDS, 1))
    except (ValueError, KeyError, IndexError, AttributeError) as exc:
        fields = ", ".join(f"{{{name}}}" for name in NAME_FIELDS)
        raise InputError(f"--names {template!r}: {exc}. Known fields are {fields}.") from exc


def _fields(template: str) -> Iterator[str]:
    return (field for _, field, _, _ in string.Formatter().parse(template) if field is not None)


def _name(row: DeliveredRow, template: str) -> str:
    values = {
        "id": row.external_id or "",
        "row": row.row,
        "locale": row.locale,
        "language": row.language,
        "version": row.version,
        "recipient": row.recipient_hmac,
        "codec": row.codec,
    }
    try:
        filled = template.format(**values)
    except ValueError as exc:
        raise InputError(f"--names {template!r} cannot be filled for row {row.row}: {exc}.") from exc
    stem = UNSAFE.sub("_", filled).strip("._")[:LONGEST_NAME] or "file"
    return stem + PurePosixPath(row.object_key or "").suffix
