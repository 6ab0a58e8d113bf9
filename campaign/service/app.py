"""`create_app`: the service put together. Importing this opens nothing."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from anyio.to_thread import run_sync
from fastapi import FastAPI

from campaign.service import problems
from campaign.service.access import Authenticator
from campaign.service.console import listening, pages
from campaign.service.context import Options, ServiceContext
from campaign.service.guards import Guards
from campaign.service.origins import Origins
from campaign.service.requirements import Requirements
from campaign.service.routes import (
    campaigns,
    checks,
    erasures,
    gates,
    health,
    intakes,
    lexicons,
    speech,
    suppressions,
    voices,
    workbench,
)
from campaign.service.schema import Schema
from storage.installation import Installation

DESCRIPTION = """Personalised audio at scale: recipients, a template and a frozen voice in; one proven audio file per
person out. Send `Authorization: Bearer ck_...`; errors are problem details (RFC 9457)
that name the field and say how to correct it.
"""
ROUTERS = (
    health.router,
    workbench.router,
    checks.router,
    intakes.router,
    campaigns.router,  # its actions would take the paths of those before
    speech.router,
    voices.router,
    lexicons.router,
    erasures.router,
    suppressions.router,
    gates.router,
    pages.router,
)


def create_app(installation: Installation, options: Options | None = None) -> FastAPI:
    """The service of an installation, which the caller closes after it."""
    options = options or Options()
    context = ServiceContext(installation, options)

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await run_sync(context.open)
        try:
            yield
        finally:
            await context.end_background()
            await run_sync(context.close)

    app = FastAPI(
        title="campaign",
        version="1",
        description=DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=None if options.gate else lifespan,
    )
    app.state.context = context
    problems.install(app)
    routers = (listening.router,) if options.gate else (*ROUTERS, listening.router)
    for router in routers:
        app.include_router(router)
    if not options.gate:
        app.add_route("/v1/openapi.json", Schema(app).answer, include_in_schema=False)
    app.add_middleware(
        Guards,
        authenticator=context.authenticator,
        live=None if options.gate else context.live,
        requirements=Requirements(routers),
        origins=Origins(hosts=options.hosts, secure=options.secure),
        limits=options.limits,
    )
    return app


__all__ = ["Authenticator", "Options", "ServiceContext", "create_app"]
