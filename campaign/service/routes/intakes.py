"""The way in: a brief, suppression lists, recipients, and what was found in them."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import JsonValue

from campaign.brief import BriefTable, over_defaults, read_brief
from campaign.errors import ConflictError, NotFoundError
from campaign.operations.control import find_campaign
from campaign.operations.uploads import UploadKind
from campaign.recipients import open_recipients
from campaign.results.folder import result_folder
from campaign.results.row_lists import ERRORS
from campaign.results.rows_to_mend import MEND
from campaign.service.access import Reader, Sender, Submitter
from campaign.service.context import ServiceContext
from campaign.service.guards import TooLargeError
from campaign.service.problems import ProblemError
from campaign.service.routes.context import PROBLEMS, Id, TheContext, TheInstallation
from campaign.service.routes.reading import AskedReading, UploadReading
from campaign.service.spool import Received, received
from campaign.service.views import campaigns as views
from campaign.submission.amend import amend as amended_rows
from storage.history import audit
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.records import Campaign
from storage.service import intakes
from storage.service.intakes import Intake
from storage.session import Connection, exclusive_lock
from storage.tables import CampaignState, IntakeState

OPEN = (IntakeState.EXPECTED, IntakeState.REFUSED)
"""States in which a file may come."""

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
    table, _ = over_defaults(_said(brief.written), context.installation.settings.defaults)
    read_brief(table, label="the brief", folder=None)
    with context.installation.database.write() as connection:
        exclusive_lock(connection, "intakes")  # there may be no row yet to hold
        existing = intakes.find(connection, campaign_id, lock=True)
        if existing is None:
            if campaign_rows.find(connection, campaign_id) is not None:
                raise ConflictError(
                    f"campaign {campaign_id} exists and was not made here. Choose another id."
                )
            intakes.expect(connection, campaign_id, brief=table, starts=start, actor=caller.name)
            audit.note(connection, "intake.create", campaign_id, actor=caller.name)
        elif existing.brief != table or existing.starts != start:
            if existing.state not in OPEN:
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
async def suppress(campaign_id: Id, caller: Submitter, context: TheContext, request: Request) -> None:
    """A list of ids that get nothing, before the recipients: CSV with any separator, JSON Lines, or one id a line.

    Once the recipients are here it is refused: `POST /v1/suppressions` stops what is not delivered.
    """
    await run_sync(_intake, context.installation, campaign_id)
    async with _on_disk(context, request, campaign_id) as body:
        await run_sync(_listed, context, campaign_id, body, caller.name)


@router.put("/{campaign_id}/recipients", status_code=202)
async def upload(
    campaign_id: Id,
    caller: Submitter,
    context: TheContext,
    request: Request,
    read_as: AskedReading,
) -> views.Intake:
    """The recipients, streamed: CSV, a spreadsheet or JSON, as commands take them.

    Once this is answered, the upload survives a restart; ask `preflight` then. The same bytes again change nothing;
    other bytes are refused while the first are read, and after.
    """
    intake = await run_sync(_intake, context.installation, campaign_id)
    _refuse_other_length(intake, request)
    async with _on_disk(context, request, campaign_id) as body:
        return await run_sync(_acknowledged, context, campaign_id, read_as, body, caller.name)


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


@router.get(
    "/{campaign_id}/rows-to-mend.csv",
    response_class=FileResponse,
    responses={200: {"content": {"text/csv": {}}, "description": "Every refused row with its own columns."}},
)
def rows_to_mend(campaign_id: Id, _caller: Reader, installation: TheInstallation) -> FileResponse:
    """Every refused row with its own columns, what is wrong and how to mend it: edited, it is what `amend` takes."""
    path = result_folder(installation, campaign_id) / MEND
    if not path.is_file():
        raise NotFoundError(f"campaign {campaign_id} has no rows to mend on file.")
    return FileResponse(path, media_type="text/csv", filename=MEND)


@router.post("/{campaign_id}/amend")
async def amend(
    campaign_id: Id,
    caller: Sender,
    context: TheContext,
    request: Request,
    read_as: AskedReading,
) -> views.Amended:
    """Mended rows, as the body: `rows-to-mend.csv`, edited. They replace the refused ones, and only they are made.

    Safe to repeat. A line that fits no refused row is an error that names it, and nothing is changed.
    """
    campaign = await run_sync(find_campaign, context.installation, campaign_id)
    async with _on_disk(context, request, campaign_id) as body:
        return await run_sync(_amended, context, campaign, read_as, body, caller.name)


def _amended(
    context: ServiceContext, campaign: Campaign, read_as: UploadReading, body: Received, actor: str
) -> views.Amended:
    with open_recipients(
        str(body.part),
        encoding=read_as.encoding,
        separator=read_as.delimiter or "",
        sheet=read_as.sheet,
        label=read_as.file_name or MEND,
    ) as source:
        source.require_decodable()
        done = amended_rows(context.installation, campaign, source, actor=actor)
    now = find_campaign(context.installation, campaign.id)
    context.snapshots.forget(campaign.id)
    if now.state == CampaignState.RUNNING:
        context.started(campaign.id, campaign.lane)
    return views.Amended(
        campaign=campaign.id,
        state=now.state,
        by_outcome=done.tally.by_outcome,
        in_already=done.unchanged,
        put_back=done.put_back,
        refused=done.refused,
        problems=[
            views.RowProblem(
                row=problem.row,
                field=problem.error.column,
                code=problem.error.code,
                reason=problem.error.reason,
                mend=problem.error.mend,
            )
            for problem in done.tally.problems
        ],
    )


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
        preflight=None
        if intake.preflight is None
        else views.Preflight.model_validate(asdict(intake.preflight)),
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


def _refuse_other_length(intake: Intake, request: Request) -> None:
    """Refuse, before it is read, a body that cannot be the one that was acknowledged."""
    length = request.headers.get("content-length", "")
    if intake.state not in OPEN and length.isdecimal() and int(length) != intake.upload_bytes:
        raise _other_recipients(intake)


def _other_recipients(intake: Intake) -> ConflictError:
    doing = "were read" if intake.state == IntakeState.READ else "are here and are read now"
    return ConflictError(f"other recipients of {intake.campaign_id} {doing}. Choose another id.")


@contextlib.asynccontextmanager
async def _on_disk(
    context: ServiceContext, request: Request, campaign_id: CampaignId
) -> AsyncIterator[Received]:
    """The body; what goes wrong with it is the answer."""
    try:
        async with received(request, context.intake.uploads, campaign_id) as body:
            yield body
    except TooLargeError as exc:
        raise ProblemError(413, str(exc)) from exc
    except OSError as exc:
        raise ProblemError(503, f"the upload cannot be kept: {exc.strerror}.") from exc


def _listed(context: ServiceContext, campaign_id: CampaignId, body: Received, actor: str) -> None:
    """Decided while the upload's row is held: either the list is read with the recipients, or it is refused."""
    with context.installation.database.write() as connection:
        intake = _held(connection, campaign_id)
        if intake.state in OPEN:
            context.intake.uploads.keep(body.part, campaign_id, UploadKind.SUPPRESSION, body.sha256)
            intakes.note_suppression(connection, campaign_id, sha256=body.sha256)
            audit.note(connection, "intake.suppression", campaign_id, actor=actor, sha256=body.sha256)
        elif intake.suppression_sha256 != body.sha256:
            raise ConflictError(
                f"this opt-out list comes too late: the recipients of {campaign_id} are here. POST /v1/suppressions "
                "stops whatever is not delivered yet; or upload under another id, the list first."
            )


def _acknowledged(
    context: ServiceContext, campaign_id: CampaignId, read_as: UploadReading, body: Received, actor: str
) -> views.Intake:
    """Decided while the upload's row is held: these bytes are what is read, or they are refused."""
    with context.installation.database.write() as connection:
        intake = _held(connection, campaign_id)
        if intake.state in OPEN:
            context.intake.uploads.keep(body.part, campaign_id, UploadKind.RECIPIENTS, body.sha256)
            intakes.acknowledge(
                connection, campaign_id, sha256=body.sha256, size_bytes=body.size_bytes, **asdict(read_as)
            )
            audit.note(
                connection,
                "intake.upload",
                campaign_id,
                actor=actor,
                sha256=body.sha256,
                bytes=body.size_bytes,
            )
        elif intake.upload_sha256 != body.sha256 or not read_as.is_as(intake):
            raise _other_recipients(intake)
        now = intakes.find(connection, campaign_id)
    assert now is not None
    if now.state == IntakeState.UPLOADED:
        context.intake.read(campaign_id)
    return intake_view(now)


def _held(connection: Connection, campaign_id: CampaignId) -> Intake:
    """The upload, held to the end of the transaction."""
    intake = intakes.find(connection, campaign_id, lock=True)
    if intake is None:
        raise NotFoundError(
            f"nothing was asked for under {campaign_id}. PUT /v1/campaigns/{campaign_id} comes first."
        )
    return intake
