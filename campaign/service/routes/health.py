"""Whether the process answers, and whether it can work. Open to all: they say nothing else."""

from __future__ import annotations

from fastapi import APIRouter, Response

from campaign.service.routes.context import TheContext
from campaign.service.views.base import Health
from storage import schema
from storage.errors import StorageError
from workers.errors import BrokerError

router = APIRouter(tags=["health"])


@router.get("/v1/health")
def health() -> Health:
    """It answers."""
    return Health(ok=True)


@router.get("/v1/ready", responses={503: {"model": Health, "description": "Something cannot be used."}})
def ready(context: TheContext, response: Response) -> Health:
    """Database, object store and broker can be used."""
    problems = []
    try:
        schema.check(context.installation.database)
    except StorageError:
        problems.append("the database cannot be used")
    try:
        context.installation.store.head("ready")
    except StorageError:
        problems.append("the object store cannot be used")
    try:
        context.bell.check()
    except BrokerError:
        problems.append("the broker cannot be used")
    response.status_code = 503 if problems else 200
    return Health(ok=not problems, problems=problems)
