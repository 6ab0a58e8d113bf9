"""Whether the process answers, and whether it can work. Open to all: they say nothing else."""

from __future__ import annotations

from fastapi import APIRouter, Response

from campaign.service.routes.context import TheContext
from campaign.service.views.base import Health

router = APIRouter(tags=["health"])


@router.get("/v1/health")
async def health() -> Health:
    """It answers. Needs no thread: it does so too when all of them are busy."""
    return Health(ok=True)


@router.get("/v1/ready", responses={503: {"model": Health, "description": "Something cannot be used."}})
async def ready(context: TheContext, response: Response) -> Health:
    """Database, object store and broker can be used, or could a moment ago; the embedded default's worker works."""
    problems = list(await context.readiness.problems())
    if problem := context.work_problem:
        problems.append(problem)
    response.status_code = 503 if problems else 200
    return Health(ok=not problems, problems=problems)
