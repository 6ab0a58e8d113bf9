"""A look at a file before it is a campaign's: the console's first step, and `campaign check` over HTTP."""

from __future__ import annotations

import multiprocessing
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request

from campaign.preview.check import Check, check_path
from campaign.service.access import Submitter
from campaign.service.guards import TooLargeError
from campaign.service.intake import UNNAMED
from campaign.service.problems import ProblemError
from campaign.service.routes.context import PROBLEMS, TheContext
from campaign.service.routes.reading import AskedReading, UploadReading
from campaign.service.spool import received
from campaign.service.views import checks as views
from storage.names import CampaignId

router = APIRouter(prefix="/v1", tags=["campaigns"], responses=PROBLEMS)
LONGEST_S = 120.0
_AT_ONCE = threading.BoundedSemaphore(2)
"""Files that are looked at beside each other."""


@router.post("/checks")
async def check(
    _caller: Submitter,
    context: TheContext,
    request: Request,
    read_as: AskedReading,
    rows: Annotated[int, Query(ge=0, le=1_000, description="First rows to give back.")] = 0,
) -> views.Check:
    """What a file of recipients holds: columns, types, languages, and what would stop it. Nothing of it is kept.

    A file that cannot be read is answered, too: its `faults` say why and what to do.
    """
    uploads, own = context.intake.uploads, CampaignId(f"check-{uuid.uuid4().hex}")
    try:
        async with received(request, uploads, own) as body:
            seen = await run_sync(_looked_at, body.part, read_as, rows)
    except TooLargeError as exc:
        raise ProblemError(413, str(exc)) from exc
    except OSError as exc:
        raise ProblemError(503, f"the file cannot be kept while it is looked at: {exc.strerror}.") from exc
    finally:
        await run_sync(uploads.forget, own)
    return views.Check.model_validate(asdict(seen))


def _looked_at(path: Path, read_as: UploadReading, rows: int) -> Check:
    """In a process of its own: neither memory nor other requests feel a large file."""
    with _AT_ONCE:
        return _in_a_child(
            partial(
                check_path,
                path,
                label=read_as.file_name or UNNAMED,
                encoding=read_as.encoding,
                separator=read_as.delimiter or "",
                sheet=read_as.sheet,
                sampled=rows,
            )
        )


def _in_a_child(look: Callable[[], Check]) -> Check:
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(1, mp_context=context)
    try:
        return pool.submit(look).result(timeout=LONGEST_S)
    except TimeoutError as exc:
        raise ProblemError(413, "the file takes longer to look at than a request may. Upload it.") from exc
    except BrokenProcessPool as exc:
        raise ProblemError(
            413, "the file takes more memory to look at than there is. Export it as CSV."
        ) from exc
    finally:
        for process in list((pool._processes or {}).values()):
            process.terminate()
        pool.shutdown(wait=False, cancel_futures=True)
