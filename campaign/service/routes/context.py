"""What routes ask for: the shared context, and responses that every route may give."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request

from campaign.service.context import ServiceContext
from campaign.service.problems import MEDIA_TYPE, Problem
from storage.installation import Installation
from storage.names import CampaignId


def _context(request: Request) -> ServiceContext:
    context: ServiceContext = request.app.state.context
    return context


def _installation(request: Request) -> Installation:
    return _context(request).installation


TheContext = Annotated[ServiceContext, Depends(_context)]
TheInstallation = Annotated[Installation, Depends(_installation)]
Id = Annotated[CampaignId, Path(description="A campaign's, chosen by the client.")]
Limit = Annotated[int, Query(ge=1, le=1000, description="At most this many.")]
After = Annotated[int, Query(ge=0, le=1 << 40, description="Continue after this row.")]

_DESCRIPTIONS = {
    400: "The request cannot be read.",
    401: "A key is needed.",
    403: "The key may not do this.",
    404: "There is no such thing.",
    408: "Head or body did not come in time.",
    409: "The state forbids this, or the id has other content.",
    413: "The body is too large.",
    415: "The body is compressed.",
    422: "The request is not as described, or what it asks for cannot be made.",
    429: "Too many requests.",
    431: "Too many headers.",
    503: "Database, broker, store or workers cannot be used now.",
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": description, "content": {MEDIA_TYPE: {}}}
    for status, description in _DESCRIPTIONS.items()
}
