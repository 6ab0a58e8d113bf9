"""What is shown where. Pages hold what the server knows; modules ask the same API as everybody else."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qs

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from campaign.brief import DEFAULT_PRESET
from campaign.operations import control
from campaign.report.html import WORDS_SCRIPT
from campaign.report.reasons import reason_of
from campaign.service.access import COOKIE, SESSION_S, Caller, KeyScope
from campaign.service.context import ServiceContext
from campaign.service.problems import ProblemError
from campaign.service.routes import campaigns, voices
from campaign.service.routes.campaigns import snapshot, view_of
from campaign.service.routes.context import TheContext
from campaign.service.snapshots import Snapshot
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.registry import gates as gate_rows
from storage.service import intakes
from storage.tables import IntakeState

HERE = Path(__file__).parent
STATIC = {path.name: path for path in (*(HERE / "static").iterdir(), WORDS_SCRIPT)}
KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
SHOWN_CAMPAIGNS = 50
SHOWN_ROWS = 50
ORDER = ("stored", "failed", "quarantined", "suppressed", "cancelled", "erased", "claimed", "pending")

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/")
def home(request: Request, context: TheContext) -> Response:
    """Campaigns, newest first."""
    if (refused := _closed(request)) is not None:
        return refused
    installation = context.installation
    with installation.database.read() as connection:
        snapshots = [
            view_of(
                installation,
                Snapshot(campaign=listed, counts=campaign_rows.progress(connection, listed.id), taken_s=0),
            )
            for listed in campaign_rows.recent(connection, limit=SHOWN_CAMPAIGNS)
            if not listed.id.startswith(("speech-", "preview-"))
        ]
        waiting = [
            intake
            for name in intakes.unread(connection)
            if (intake := intakes.find(connection, name)) is not None
        ]
    return _page(request, "campaigns.html.j2", {"campaigns": snapshots, "waiting": waiting})


@router.get("/new")
def new(request: Request, context: TheContext) -> Response:
    """The new-campaign flow."""
    if (refused := _closed(request)) is not None:
        return refused
    return _page(request, "new.html.j2", _voices(context))


@router.get("/editor")
def editor(request: Request, context: TheContext) -> Response:
    """A template beside what it becomes."""
    if (refused := _closed(request)) is not None:
        return refused
    return _page(request, "editor.html.j2", _voices(context))


@router.get("/voices")
def all_voices(request: Request, context: TheContext) -> Response:
    """Speakers, presets, pins, channels, gates."""
    if (refused := _closed(request)) is not None:
        return refused
    with context.installation.database.read() as connection:
        gates = gate_rows.all_gates(connection)
    catalogue = voices.catalogue(_caller(request), context.installation)
    return _page(request, "voices.html.j2", {"gates": gates, "catalogue": catalogue, **_voices(context)})


@router.get("/campaigns/{campaign_id}")
def campaign(campaign_id: CampaignId, request: Request, context: TheContext) -> Response:
    """One campaign: progress, files, what failed."""
    if (refused := _closed(request)) is not None:
        return refused
    with context.installation.database.read() as connection:
        intake = intakes.find(connection, campaign_id)
        existing = campaign_rows.find(connection, campaign_id)
    if existing is None and intake is not None and intake.state != IntakeState.READ:
        return _page(request, "intake.html.j2", {"intake": intake})
    view = view_of(context.installation, snapshot(context, campaign_id))
    rows = campaigns.rows(campaign_id, _caller(request), context.installation, limit=SHOWN_ROWS).recipients
    return _page(
        request,
        "campaign.html.j2",
        {"campaign": view, "rows": rows, "intake": intake, "reason_of": reason_of},
    )


@router.get("/campaigns/{campaign_id}/names")
def names(campaign_id: CampaignId, request: Request, context: TheContext) -> Response:
    """Names to check, hear, and fix once."""
    return _about(campaign_id, request, context, "names.html.j2")


@router.get("/campaigns/{campaign_id}/review")
def review(campaign_id: CampaignId, request: Request, context: TheContext) -> Response:
    """Held files and outliers to listen to."""
    return _about(campaign_id, request, context, "review.html.j2")


@router.get("/login")
def login(request: Request) -> Response:
    """Where a key becomes a session."""
    return _page(request, "login.html.j2", {"wrong": False})


@router.post("/login")
async def log_in(request: Request, context: TheContext) -> Response:
    """Exchange a key for a cookie."""
    form = parse_qs((await request.body()).decode(errors="replace"))
    cookie = await run_sync(context.authenticator.session, form.get("key", [""])[0].strip())
    if cookie is None:
        return _page(request, "login.html.j2", {"wrong": True}, status=401)
    answer = RedirectResponse("/", status_code=303)
    answer.set_cookie(
        COOKIE, cookie, max_age=SESSION_S, httponly=True, samesite="strict", secure=context.options.secure
    )
    return answer


@router.post("/logout")
def log_out(request: Request, context: TheContext) -> Response:
    """End the session, whoever else holds its cookie."""
    context.authenticator.end_session(request.cookies.get(COOKIE, ""))
    answer = RedirectResponse("/login", status_code=303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=context.options.secure)
    return answer


@router.get("/static/{name}")
def static(name: str) -> Response:
    """Style and modules."""
    path = STATIC.get(name)
    if path is None:
        raise ProblemError(404, f"there is no file {name!r}.")
    return FileResponse(path, media_type=KINDS[path.suffix], headers={"Cache-Control": "no-cache"})


def _about(campaign_id: CampaignId, request: Request, context: ServiceContext, template: str) -> Response:
    if (refused := _closed(request)) is not None:
        return refused
    campaign = control.find_campaign(context.installation, campaign_id)
    return _page(request, template, {"campaign": campaign})


def _voices(context: ServiceContext) -> dict[str, object]:
    local = Caller(name="console", scopes=frozenset(KeyScope))
    presets = voices.presets(local, context.installation)
    name, _, version = str(context.installation.settings.defaults.get("preset", DEFAULT_PRESET)).partition(
        "@"
    )
    meant = [one for one in presets if one.name == name and version in ("", f"{one.version}")]
    return {
        "presets": presets,
        "chosen": max(meant, key=lambda one: one.version, default=None),
        "pins": voices.pins(local, context.installation),
        "channels": voices.all_channels(local, context.installation),
    }


def _caller(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


def _closed(request: Request) -> Response | None:
    """Where somebody without a session is sent; None for who may read."""
    caller = request.state.caller
    if caller is None:
        return RedirectResponse("/login", status_code=303)
    if KeyScope.READ not in caller.scopes:
        return _page(request, "login.html.j2", {"wrong": True}, status=403)
    return None


def _page(
    request: Request, template: str, values: Mapping[str, object], *, status: int = 200
) -> HTMLResponse:
    text = (
        _templates()
        .get_template(template)
        .render(
            **values,
            caller=request.state.caller,
            path=request.url.path,
            order=ORDER,
            nothing_works=request.app.state.context.work_problem if request.state.caller else "",
        )
    )
    return HTMLResponse(text, status, headers={"Cache-Control": "no-store"})


@lru_cache(maxsize=1)
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    environment.filters["thousands"] = lambda number: f"{number or 0:,}"
    return environment
