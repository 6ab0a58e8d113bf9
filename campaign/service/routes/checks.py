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
from campaign.recipients.dialect import checked_separator
from campaign.recipients.encodings import AUTOMATIC, checked_encoding
from campaign.service.access import Submitter
from campaign.service.guards import TooLargeError
from campaign.service.problems import ProblemError
from campaign.service.routes.context import PROBLEMS, TheContext
from campaign.service.spool import received
from campaign.service.views import checks as views
from storage.names import CampaignId

router = APIRouter(prefix="/v1", tags=["campaigns"], responses=PROBLEMS)
LONGEST_S = 120.0
_AT_ONCE = threading.BoundedSemaphore(2)
"""Files that are looked at beside each other."""
NAME = "recipients"


@router.post("/checks")
async def check(
    _caller: Submitter,
    context: TheContext,
    request: Request,
    name: Annotated[str, Query(max_length=200, description="The file's own name, for messages.")] = NAME,
    encoding: Annotated[
        str, Query(max_length=40, description="By default UTF-8, or what its mark says.")
    ] = "",
    delimiter: Annotated[
        str, Query(max_length=20, description="What parts the cells; found by default.")
    ] = "",
    sheet: Annotated[str | None, Query(max_length=200, description="Of a spreadsheet.")] = None,
    rows: Annotated[int, Query(ge=0, le=1_000, description="First rows to give back.")] = 0,
) -> views.Check:
    """What a file of recipients holds: columns, types, languages, and what would stop it. Nothing of it is kept.

    A file that cannot be read is answered, too: its `faults` say why and what to do.
    """
    encoding = checked_encoding(encoding) if encoding else AUTOMATIC
    separator = checked_separator(delimiter) if delimiter else ""
    uploads, own = context.intake.uploads, CampaignId(f"check-{uuid.uuid4().hex}")
    try:
        async with received(request, uploads, own) as body:
            seen = await run_sync(_looked_at, body.part, name, encoding, separator, sheet, rows)
    except TooLargeError as exc:
        raise ProblemError(413, str(exc)) from exc
    except OSError as exc:
        raise ProblemError(503, f"the file cannot be kept while it is looked at: {exc.strerror}.") from exc
    finally:
        await run_sync(uploads.forget, own)
    return views.Check.model_validate(asdict(seen))


def _looked_at(path: Path, label: str, encoding: str, separator: str, sheet: str | None, rows: int) -> Check:
    """In a process of its own: neither memory nor other requests feel a large file."""
    with _AT_ONCE:
        return _in_a_child(
            partial(
                check_path,
                path,
                label=label or NAME,
                encoding=encoding,
                separator=separator,
                sheet=sheet or None,
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
