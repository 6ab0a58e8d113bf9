"""Captions of a delivered file: its spoken words from the database, when each is heard from the file itself.

What a worker writes beside a file whose brief asks for captions is the same, by the same writer
(`workers/finish/captions.py`). Personal data: what an operator asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from campaign.errors import NotFoundError
from campaign.recipients.rows import clean_id
from storage.history import origins, rows
from storage.history.origins import FileVersion
from storage.installation import Installation
from storage.records import Campaign
from storage.session import Connection
from workers.errors import UnreadableFileError
from workers.finish.captions import CaptionedFile, captions_in
from workers.finish.descriptor import UtteranceExtent, extents_of
from workers.finish.reading import read_file
from workers.requests import Spec


def row_of(installation: Installation, campaign: Campaign, external_id: str) -> int:
    """The row of a recipient that has a file. Raises `NotFoundError`."""
    with installation.database.read() as connection:
        called = rows.rows_called(connection, campaign.id, clean_id(external_id))
        for row in called:
            if any(version.is_current for version in origins.versions(connection, campaign.id, row=row)):
                return row
    if called:
        raise _no_file(campaign, called[0])
    raise NotFoundError(
        f"campaign {campaign.id} has no recipient of that id. Give it as the recipients file has it, or --row."
    )


def captions_of(
    installation: Installation, campaign: Campaign, row: int, *, version: int | None = None
) -> CaptionedFile:
    """Of one version of a row's file, else of the current one.

    Raises `NotFoundError` where there is none, and what the store raises.
    """
    with installation.database.read() as connection:
        explained = rows.find(connection, campaign.id, row)
        if explained is None:
            raise NotFoundError(
                f"campaign {campaign.id} has no row {row}. Rows count from 1 after the header."
            )
        versions = origins.versions(connection, campaign.id, row=row)
        found = next(
            (one for one in versions if (one.is_current if version is None else one.version == version)), None
        )
        if found is None:
            raise _no_file(campaign, row)
        texts = texts_of(connection, explained.asset_id, found.version)
    extents = _extents(installation.store.get(found.object_key), found)
    return CaptionedFile(
        campaign_id=campaign.id,
        row=row,
        version=found.version,
        captions=captions_in(texts, extents, found.rate_hz),
    )


def texts_of(connection: Connection, asset_id: int, version: int) -> list[str]:
    """What each utterance of one version of a row's file says."""
    return [
        Spec.from_json(one.spec).text
        for one in rows.utterances_of(connection, asset_id)
        if one.version == version
    ]


def _no_file(campaign: Campaign, row: int) -> NotFoundError:
    return NotFoundError(
        f"row {row} of campaign {campaign.id} has no file. `campaign explain {campaign.id} --row {row}` says why."
    )


def _extents(data: bytes, version: FileVersion) -> Sequence[UtteranceExtent]:
    """Where each utterance lies: as the file says, else as the database does, which knows no ends and no words."""
    try:
        descriptor = read_file(data).descriptor
        if descriptor is not None:
            return extents_of(descriptor)
    except (UnreadableFileError, ValueError):
        pass
    starts = [*version.timebase, version.samples]
    return [UtteranceExtent(first_sample=start, samples=end - start) for start, end in pairwise(starts)]
