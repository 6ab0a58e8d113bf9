"""Campaigns: start, watch, read."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import re
from collections.abc import AsyncIterator
from functools import cache
from typing import Annotated, Any, Literal, cast

from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request, Response
from fastapi import Path as InPath
from fastapi.responses import StreamingResponse

from campaign.errors import NotFoundError
from campaign.operations import control
from campaign.report.html import script_source
from campaign.results.links import write_links
from campaign.service.access import Reader, Sender
from campaign.service.context import ServiceContext
from campaign.service.problems import MEDIA_TYPE, Problem, ProblemError
from campaign.service.ranges import part_of
from campaign.service.routes.context import PROBLEMS, After, Id, Limit, TheContext, TheInstallation
from campaign.service.snapshots import Snapshot
from campaign.service.views import campaigns as views
from storage.errors import ObjectRefusedError, RecordMissingError
from storage.history import delivery
from storage.history import runs as run_rows
from storage.installation import Installation
from storage.keys import campaign_prefix
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.tables import CampaignState
from workers.finish.captions import CONTENT_TYPES, CaptionFormat
from workers.finish.encoding import CODECS
from workers.finish.profile import Codec

router = APIRouter(prefix="/v1/campaigns", tags=["campaigns"], responses=PROBLEMS)
LOOK_EVERY_S = 0.5
PARTS: dict[int | str, dict[str, Any]] = {
    206: {"content": {"*/*": {}}, "description": "The part of the file that `Range` names."},
    416: {"model": Problem, "description": "The file has no such part.", "content": {MEDIA_TYPE: {}}},
}
ARTEFACT = re.compile(
    r"report\.(html|json)|manifest\.jsonl(\.gz)?|recipients\.csv|campaign\.lock|"
    r"[0-9a-f]{32}/v[1-9][0-9]*/[0-9a-f]{64}\.[a-z0-9]{1,8}"
)
ARTEFACT_TYPES = (
    {
        "html": "text/html; charset=utf-8",
        "json": "application/json",
        "lock": "application/json",
        "jsonl": "application/x-ndjson",
        "gz": "application/gzip",
        "csv": "text/csv; charset=utf-8",
    }
    | {extension: kind for _, kind, extension in CODECS.values()}
    | dict(CONTENT_TYPES)
)


@router.get("")
def listed(_caller: Reader, installation: TheInstallation, limit: Limit = 50) -> views.CampaignPage:
    """The newest campaigns."""
    with installation.database.read() as connection:
        recent = campaign_rows.recent(connection, limit=limit)
        counted = [
            view_of(
                installation,
                Snapshot(
                    campaign=campaign, counts=campaign_rows.progress(connection, campaign.id), taken_s=0
                ),
            )
            for campaign in recent
        ]
    return views.CampaignPage(campaigns=counted)


@router.get("/{campaign_id}")
def status(campaign_id: Id, _caller: Reader, context: TheContext) -> views.Campaign:
    """A campaign and its counts, at most 2 s old."""
    return view_of(context.installation, snapshot(context, campaign_id))


@router.post("/{campaign_id}/{action}")
def act(
    campaign_id: Id,
    action: Literal["start", "pause", "resume", "cancel", "retry"],
    caller: Sender,
    context: TheContext,
    reason: Annotated[str, Query(max_length=200, description="For a pause.")] = "by request",
    at: Annotated[
        str | None,
        Query(
            max_length=64,
            description="For a start of a held campaign: when, ISO 8601, in its brief's time zone by default.",
        ),
    ] = None,
) -> views.Campaign:
    """Start or resume, pause, cancel, or try failed rows again. Each is safe to repeat."""
    installation, actor = context.installation, caller.name
    if at is not None and action != "start":
        raise ProblemError(422, f"at is the time of a start, and this is {action}. Leave it out.")
    if at is not None:
        control.start_at(installation, campaign_id, at, actor=actor)
    elif action in ("start", "resume"):
        control.resume(installation, campaign_id, actor=actor)
    elif action == "pause":
        control.pause(installation, campaign_id, reason=reason, actor=actor)
    elif action == "cancel":
        control.cancel(installation, campaign_id, actor=actor)
    else:
        control.retry(installation, campaign_id, actor=actor)
    campaign = control.find_campaign(installation, campaign_id)
    context.snapshots.forget(campaign_id)
    if campaign.state == CampaignState.RUNNING:
        context.started(campaign_id, campaign.lane)
    return view_of(installation, snapshot(context, campaign_id))


@router.get("/{campaign_id}/recipients")
def rows(
    campaign_id: Id, _caller: Reader, installation: TheInstallation, after: After = 0, limit: Limit = 100
) -> views.RecipientPage:
    """Rows as they stand, in the order of the file."""
    delivered = _rows(installation, campaign_id, after, limit)
    return views.RecipientPage(
        recipients=[
            views.Recipient(
                row=row.row,
                id=row.external_id,
                recipient=row.recipient_hmac,
                locale=row.locale,
                language=row.language,
                status=row.status,
                code=row.code,
                reason=row.reason,
                column=row.column,
            )
            for row in delivered
        ],
        next=delivered[-1].row if len(delivered) == limit else None,
    )


@router.get("/{campaign_id}/assets")
def assets(
    campaign_id: Id, _caller: Reader, installation: TheInstallation, after: After = 0, limit: Limit = 100
) -> views.AssetPage:
    """Delivered files, in the order of the rows."""
    delivered = _rows(installation, campaign_id, after, limit)
    return views.AssetPage(
        assets=[_asset(campaign_id, row) for row in delivered if row.object_key is not None],
        next=delivered[-1].row if len(delivered) == limit else None,
    )


@router.get(
    "/{campaign_id}/assets/{row}/audio",
    response_class=Response,
    responses={200: {"content": {"audio/*": {}}, "description": "The file."}, **PARTS},
)
def audio(
    campaign_id: Id,
    row: Annotated[int, InPath(ge=1, le=1 << 40)],
    _caller: Reader,
    installation: TheInstallation,
    request: Request,
) -> Response:
    """The sound of one row as it was delivered; with `Range`, a part of its bytes."""
    delivered = _file_of(installation, campaign_id, row)
    data = installation.store.get(delivered.object_key or "")
    _, kind, _ = CODECS[cast(Codec, delivered.codec)]
    return part_of(request.headers, data, kind=kind, etag=delivered.sha256 or "")


@router.get(
    "/{campaign_id}/assets/{row}/captions/{form}",
    response_class=Response,
    responses={200: {"content": {"*/*": {}}, "description": "The captions."}, **PARTS},
)
def captions(
    campaign_id: Id,
    row: Annotated[int, InPath(ge=1, le=1 << 40)],
    form: CaptionFormat,
    _caller: Reader,
    installation: TheInstallation,
    request: Request,
) -> Response:
    """The captions that lie beside one row's file, where its brief asked for them."""
    delivered = _file_of(installation, campaign_id, row)
    if form not in delivered.caption_keys:
        raise NotFoundError(f"campaign {campaign_id} has no {form} captions: its brief asks for none.")
    data = installation.store.get(delivered.caption_keys[form])
    etag = hashlib.sha256(data).hexdigest()
    return part_of(request.headers, data, kind=CONTENT_TYPES[form], etag=etag)


@router.get("/{campaign_id}/runs")
def runs(
    campaign_id: Id, _caller: Reader, installation: TheInstallation, after: After = 0, limit: Limit = 100
) -> views.RunPage:
    """Run descriptors, in the order of claiming."""
    control.find_campaign(installation, campaign_id)
    with installation.database.read() as connection:
        page = run_rows.page(connection, campaign_id, after=after, limit=limit)
    shown = [run_rows.published(run, installation.secret, with_hosts=True) for run in page]
    return views.RunPage(runs=shown, next=after + limit if len(page) == limit else None)


@router.get(
    "/{campaign_id}/links",
    response_class=Response,
    responses={
        200: {
            "content": {"text/csv": {}},
            "description": "One line a file: id, row, url, expires_at, captions.",
        }
    },
)
def expiring_links(
    campaign_id: Id,
    _caller: Sender,
    installation: TheInstallation,
    expires_s: Annotated[int, Query(ge=60, le=7 * 86_400)] = 86_400,
) -> Response:
    """Links to the delivered files that need no key and expire; for stores that make such links."""
    control.find_campaign(installation, campaign_id)
    lines = io.StringIO(newline="")
    try:
        write_links(installation, campaign_id, lines, expires_s=expires_s)
    except ObjectRefusedError as exc:
        raise ProblemError(409, str(exc)) from exc
    return Response(lines.getvalue(), media_type="text/csv; charset=utf-8")


@router.get(
    "/{campaign_id}/papers/{name:path}",  # its name before: links that were given out go on
    response_class=Response,
    include_in_schema=False,
)
@router.get(
    "/{campaign_id}/artefacts/{name:path}",
    response_class=Response,
    responses={
        200: {"content": {"*/*": {}}, "description": "The artefact, or a file that it names."},
        **PARTS,
    },
)
def artefact(
    campaign_id: Id, name: str, _caller: Reader, installation: TheInstallation, request: Request
) -> Response:
    """What accompanies a campaign's files once it has ended: `report.html`, `report.json`, `manifest.jsonl`,
    `recipients.csv`, `campaign.lock`; and the files under the names that these give them. With `Range`, a part."""
    campaign = control.find_campaign(installation, campaign_id)
    if not ARTEFACT.fullmatch(name):
        raise NotFoundError(f"campaign {campaign_id} has no such artefact. Ask for report.html.")
    if campaign.t_reported_ms is None:
        raise NotFoundError(f"campaign {campaign_id} has no artefacts yet; it is {campaign.state}.")
    data = installation.store.get(campaign_prefix(campaign_id) + name)
    kind = ARTEFACT_TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    policy = {"Content-Security-Policy": _report_policy()}
    return part_of(request.headers, data, kind=kind, etag=hashlib.sha256(data).hexdigest(), headers=policy)


@cache
def _report_policy() -> str:
    """Nothing runs but the report's own script."""
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src '{script_source()}'; media-src 'self'; "
        "img-src 'self' data:; frame-ancestors 'self'"
    )


@router.get(
    "/{campaign_id}/events",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": "Counts as they change."}},
)
async def events(
    campaign_id: Id, _caller: Reader, context: TheContext, request: Request
) -> StreamingResponse:
    """Server-sent events: `progress` with the campaign whenever it changes, `end` when it pauses or ends."""
    await run_sync(control.find_campaign, context.installation, campaign_id)
    return StreamingResponse(
        _events(context, request, campaign_id),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no"},
    )


async def _events(context: ServiceContext, request: Request, campaign_id: CampaignId) -> AsyncIterator[str]:
    last = None
    while not await request.is_disconnected() and not context.closing.is_set():
        counted = await run_sync(snapshot, context, campaign_id)
        view = view_of(context.installation, counted).model_dump(mode="json")
        if view != last:
            yield f"event: progress\ndata: {json.dumps(view)}\n\n"
            last = view
        else:
            yield ": still here\n\n"
        if view["state"] in (*campaign_rows.TERMINAL, CampaignState.PAUSED):
            yield "event: end\ndata: {}\n\n"
            return
        await asyncio.sleep(LOOK_EVERY_S)


# what they share


def view_of(installation: Installation, counted: Snapshot) -> views.Campaign:
    """A campaign as it is shown."""
    campaign = counted.campaign
    return views.Campaign(
        id=campaign.id,
        name=campaign.name,
        state=campaign.state,
        reason=campaign.state_reason,
        report_problem=campaign.report_problem,
        lane=campaign.lane,
        purpose=campaign.purpose,
        preset=campaign.preset,
        presets={voice: locked.label for voice, locked in campaign.lock.row_presets.items()},
        pin=campaign.pin_id,
        source=campaign.source,
        rows=campaign.rows_total,
        opt_outs=[views.OptOutsMet.model_validate(met) for met in campaign.opt_outs or ()],
        by_status=dict(counted.counts.by_status),
        utterances_by_status=dict(counted.counts.utterances_by_status),
        t_created_ms=campaign.t_created_ms,
        t_start_ms=campaign.t_start_ms,
        t_queued_ms=campaign.t_queued_ms,
        t_finished_ms=campaign.t_finished_ms,
        report=f"/v1/campaigns/{campaign.id}/artefacts/report.json"
        if campaign.t_reported_ms is not None
        else None,
    )


def snapshot(context: ServiceContext, campaign_id: CampaignId) -> Snapshot:
    """The newest counts; raises `NotFoundError`."""
    try:
        return context.snapshots.of(campaign_id)
    except RecordMissingError as exc:
        raise NotFoundError(str(exc)) from exc


def _file_of(installation: Installation, campaign_id: CampaignId, row: int) -> delivery.DeliveredRow:
    control.find_campaign(installation, campaign_id)
    with installation.database.read() as connection:
        stored = [
            one for one in delivery.rows(connection, campaign_id, only=[row]) if one.object_key is not None
        ]
    if not stored:
        raise NotFoundError(f"row {row} of campaign {campaign_id} has no file.")
    return stored[0]


def _rows(
    installation: Installation, campaign_id: CampaignId, after: int, limit: int
) -> list[delivery.DeliveredRow]:
    control.find_campaign(installation, campaign_id)
    with installation.database.read() as connection:
        return list(delivery.rows(connection, campaign_id, only=range(after + 1, after + limit + 1)))


def _asset(campaign_id: CampaignId, row: delivery.DeliveredRow) -> views.Asset:
    return views.Asset(
        row=row.row,
        recipient=row.recipient_hmac,
        version=row.version or 1,
        sha256=row.sha256 or "",
        duration_s=round(row.duration_s or 0.0, 4),
        codec=row.codec or "",
        bytes=row.size_bytes or 0,
        loudness_lufs=row.loudness_lufs,
        url=f"/v1/campaigns/{campaign_id}/assets/{row.row}/audio",
        captions={
            form: f"/v1/campaigns/{campaign_id}/assets/{row.row}/captions/{form}" for form in row.captions
        },
    )
