"""The way in: a brief, suppression lists, recipients, and what was found in them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import JsonValue

from campaign.brief import BriefTable, read_brief
from campaign.errors import ConflictError, NotFoundError
from campaign.results.folder import result_folder
from campaign.results.row_lists import ERRORS
from campaign.service.access import Reader, Submitter
from campaign.service.context import ServiceContext
from campaign.service.guards import TooLargeError
from campaign.service.intake import RECIPIENTS, SUPPRESSION
from campaign.service.problems import ProblemError
from campaign.service.routes.context import PROBLEMS, Id, TheContext, TheInstallation
from campaign.service.views import campaigns as views
from storage.history import audit
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.service import intakes
from storage.service.intakes import Intake
from storage.tables import IntakeState

router = APIRouter(prefix="/v1/campaigns", tags=["campaigns"], responses=PROBLEMS)


@router.put(
    "/{campaign_id}",
    status_code=201,
    responses={200: {"model": views.Intake, "description": "It was already there."}},
)
def create(
    campaign_id: Id,
    brief: BriefTable,
    caller: Submitter,
    context: TheContext,
    response: Response,
    start: Annotated[bool, Query(description="Start as soon as the recipients are read.")] = False,
) -> views.Intake:
    """Expect recipients for a campaign with this brief. Repeating it changes nothing."""
    table = _said(brief.written)
    read_brief(table, label="the brief", folder=None)
    with context.installation.database.write() as connection:
        existing = intakes.find(connection, campaign_id, lock=True)
        if existing is None:
            if campaign_rows.find(connection, campaign_id) is not None:
                raise ConflictError(
                    f"campaign {campaign_id} exists and was not made here. Choose another id."
                )
            intakes.expect(connection, campaign_id, brief=table, starts=start, actor=caller.name)
            audit.note(connection, "intake.create", campaign_id, actor=caller.name)
        elif existing.brief != table or existing.starts != start:
            if existing.state not in (IntakeState.EXPECTED, IntakeState.REFUSED):
                raise ConflictError(f"campaign {campaign_id} exists with another brief. Choose another id.")
            intakes.expect_again(connection, campaign_id, brief=table, starts=start)
        response.status_code = 201 if existing is None else 200
        intake = intakes.find(connection, campaign_id)
    assert intake is not None
    return intake_view(intake)


def _said(table: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Without what says nothing: typed clients send null for a key that they leave out."""
    return {
        key: _said(value) if isinstance(value, Mapping) else value
        for key, value in table.items()
        if value is not None
    }


@router.put("/{campaign_id}/suppression", status_code=204)
async def suppress(campaign_id: Id, _caller: Submitter, context: TheContext, request: Request) -> None:
    """A list of ids that get nothing, as CSV, before the recipients."""
    await run_sync(_expecting, context.installation, campaign_id)
    await _spooled(context, request, campaign_id, SUPPRESSION)


@router.put("/{campaign_id}/recipients", status_code=202)
async def upload(
    campaign_id: Id,
    caller: Submitter,
    context: TheContext,
    request: Request,
    encoding: Annotated[str, Query(max_length=40, description="Encoding of the file.")] = "utf-8-sig",
) -> views.Intake:
    """The recipients as CSV, streamed. Once this is answered, the upload survives a restart; ask `preflight` then."""
    await run_sync(_expecting, context.installation, campaign_id)
    size, sha256 = await _spooled(context, request, campaign_id, RECIPIENTS)
    return await run_sync(_acknowledged, context, campaign_id, encoding, size, sha256, caller.name)


@router.get("/{campaign_id}/preflight")
def preflight(campaign_id: Id, _caller: Reader, installation: TheInstallation) -> views.Intake:
    """What was found while the recipients were read, before any sound."""
    return intake_view(_intake(installation, campaign_id))


@router.get(
    "/{campaign_id}/errors.csv",
    response_class=FileResponse,
    responses={200: {"content": {"text/csv": {}}, "description": "Every bad row."}},
)
def errors_file(campaign_id: Id, _caller: Reader, installation: TheInstallation) -> FileResponse:
    """Every bad row with column, code, reason and mend."""
    path = result_folder(installation, campaign_id) / ERRORS
    if not path.is_file():
        raise NotFoundError(f"campaign {campaign_id} has no bad rows on file.")
    return FileResponse(path, media_type="text/csv", filename="errors.csv")


def intake_view(intake: Intake) -> views.Intake:
    """An upload as it is shown."""
    return views.Intake(
        campaign=intake.campaign_id,
        state=intake.state,
        starts=intake.starts,
        upload_sha256=intake.upload_sha256,
        upload_bytes=intake.upload_bytes,
        share=intake.share,
        rows_read=intake.rows_read,
        preflight=None if intake.preflight is None else views.Preflight(**asdict(intake.preflight)),
        problem=intake.problem,
    )


def _intake(installation: Installation, campaign_id: CampaignId) -> Intake:
    with installation.database.read() as connection:
        intake = intakes.find(connection, campaign_id)
    if intake is None:
        raise NotFoundError(
            f"nothing was asked for under {campaign_id}. PUT /v1/campaigns/{campaign_id} comes first."
        )
    return intake


def _expecting(installation: Installation, campaign_id: CampaignId) -> None:
    intake = _intake(installation, campaign_id)
    if intake.state == IntakeState.READING:
        raise ConflictError(f"the recipients of {campaign_id} are being read. Wait for `preflight`.")


async def _spooled(
    context: ServiceContext, request: Request, campaign_id: CampaignId, name: str
) -> tuple[int, str]:
    """(bytes, sha256) of a body that is on disk now."""
    place = context.intake.place(campaign_id, name)
    await run_sync(lambda: place.parent.mkdir(parents=True, exist_ok=True))
    part = place.with_suffix(".part")
    hashed, size = hashlib.sha256(), 0
    try:
        with await run_sync(part.open, "wb") as stream:
            async for chunk in request.stream():
                hashed.update(chunk)
                size += len(chunk)
                await run_sync(stream.write, chunk)
    except TooLargeError as exc:
        part.unlink(missing_ok=True)
        raise ProblemError(413, str(exc)) from exc
    except OSError as exc:
        part.unlink(missing_ok=True)
        raise ProblemError(503, f"the upload cannot be kept: {exc.strerror}.") from exc
    await run_sync(_durable, part, place)
    return size, hashed.hexdigest()


def _durable(part: Path, place: Path) -> None:
    import os

    with part.open("rb") as stream:
        os.fsync(stream.fileno())
    part.rename(place)


def _acknowledged(
    context: ServiceContext, campaign_id: CampaignId, encoding: str, size: int, sha256: str, actor: str
) -> views.Intake:
    with context.installation.database.write() as connection:
        intake = intakes.find(connection, campaign_id, lock=True)
        if intake is None:
            raise NotFoundError(f"nothing was asked for under {campaign_id}.")
        is_same = (intake.upload_sha256, intake.encoding) == (sha256, encoding)
        if intake.state == IntakeState.READ and not is_same:
            raise ConflictError(f"campaign {campaign_id} exists with other recipients. Choose another id.")
        if intake.state in (IntakeState.EXPECTED, IntakeState.REFUSED):
            intakes.acknowledge(connection, campaign_id, encoding=encoding, sha256=sha256, size_bytes=size)
            audit.note(connection, "intake.upload", campaign_id, actor=actor, sha256=sha256, bytes=size)
        now = intakes.find(connection, campaign_id)
    assert now is not None
    if now.state == IntakeState.UPLOADED:
        context.intake.read(campaign_id)
    return intake_view(now)
