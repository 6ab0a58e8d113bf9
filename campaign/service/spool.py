"""A body on its way to the folder of uploads: on disk as it comes, hashed, and gone again unless it is kept."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from anyio.to_thread import run_sync
from starlette.requests import Request

from campaign.operations.uploads import UploadFolder
from storage.names import CampaignId


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A body that is on disk, not yet under its name."""

    part: Path
    size_bytes: int
    sha256: str


@contextlib.asynccontextmanager
async def received(
    request: Request, uploads: UploadFolder, campaign_id: CampaignId
) -> AsyncIterator[Received]:
    """The body on disk, safe from a power cut; what was not kept by the end of the block is gone.

    Raises `OSError` when the disk takes no more, and whatever ends the request.
    """
    part = uploads.new_part(campaign_id)
    hashed, size = hashlib.sha256(), 0
    try:
        await run_sync(lambda: part.parent.mkdir(parents=True, exist_ok=True))
        with await run_sync(part.open, "xb") as stream:
            async for chunk in request.stream():
                hashed.update(chunk)
                size += len(chunk)
                await run_sync(stream.write, chunk)
            await run_sync(stream.flush)
            await run_sync(os.fsync, stream.fileno())
        yield Received(part=part, size_bytes=size, sha256=hashed.hexdigest())
    finally:
        part.unlink(missing_ok=True)
