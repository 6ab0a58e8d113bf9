"""Uploads on disk: one file a request, given its name by its content once the upload's row says that it counts.

uploads/<campaign id>/<random>.part            on its way in; gone when the request ends, however it ends
uploads/<campaign id>/recipients-<sha256>      acknowledged; gone once it was read, or refused
uploads/<campaign id>/suppression-<sha256>     an opt-out list; gone with the upload
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
import uuid
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from storage.errors import NameRefusedError
from storage.folders import below, remove_below
from storage.names import CampaignId
from storage.settings import Settings

PART = ".part"
STALE_PART_S = 86_400
"""No request lasts so long: such a part was left by a process that was killed."""


class UploadKind(StrEnum):
    """What a file of an upload is."""

    RECIPIENTS = "recipients"
    """Who is spoken to."""
    SUPPRESSION = "suppression"
    """Who of them is not."""


class UploadFolder:
    """The folder of an installation's uploads."""

    def __init__(self, settings: Settings) -> None:
        self.folder = settings.home / "uploads"

    def new_part(self, campaign_id: CampaignId) -> Path:
        """A place for a body on its way in."""
        return below(self.folder, campaign_id) / f"{uuid.uuid4().hex}{PART}"

    def place(self, campaign_id: CampaignId, kind: UploadKind, sha256: str) -> Path:
        """Where a file of an upload lies once it counts."""
        return below(self.folder, campaign_id, f"{kind}-{sha256}")

    def keep(self, part: Path, campaign_id: CampaignId, kind: UploadKind, sha256: str) -> None:
        """Give a body its name; for whoever holds the upload's row. Others of its kind no longer count and go."""
        place = self.place(campaign_id, kind, sha256)
        part.replace(place)
        for other in place.parent.glob(f"{kind}-*"):
            if other != place:
                other.unlink(missing_ok=True)
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def forget(self, campaign_id: CampaignId, kind: UploadKind | None = None) -> None:
        """Remove what lies here of an upload, or what is of one kind. Raises `OSError` when something stays."""
        if kind is None:
            remove_below(self.folder, campaign_id)
            return
        for file in below(self.folder, campaign_id).glob(f"{kind}-*"):
            file.unlink(missing_ok=True)

    @contextlib.contextmanager
    def reading(self, campaign_id: CampaignId) -> Iterator[bool]:
        """Whether nobody else reads this upload: of several services on one home, one does. Ends with the process."""
        with contextlib.ExitStack() as stack:
            try:
                folder = os.open(below(self.folder, campaign_id), os.O_RDONLY)
            except FileNotFoundError:
                yield True
                return
            stack.callback(os.close, folder)
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def campaigns(self) -> list[CampaignId]:
        """Whose uploads have a folder here."""
        found = []
        for place in self.folder.glob("*"):
            with contextlib.suppress(NameRefusedError):
                found.append(CampaignId(place.name))
        return found

    def forget_stale_parts(self) -> None:
        """Remove what killed processes left."""
        for part in self.folder.glob(f"*/*{PART}"):
            with contextlib.suppress(OSError):
                if time.time() - part.stat().st_mtime > STALE_PART_S:
                    part.unlink()
