"""The installation's opt-out list. Ids of people stand in bodies, never in URLs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from campaign.operations import suppression
from campaign.service.access import Suppressor
from campaign.service.routes.context import PROBLEMS, After, Limit, TheContext, TheInstallation
from campaign.service.views import suppressions as views
from storage.queue import suppressions
from storage.queue.suppressions import OptOut

router = APIRouter(prefix="/v1/suppressions", tags=["opt-outs"], responses=PROBLEMS)


@router.get("")
def listed(
    _caller: Suppressor,
    installation: TheInstallation,
    limit: Limit = 100,
    after: Annotated[str, Query(pattern="^[0-9a-f]{0,32}$", description="Continue after this person.")] = "",
) -> views.OptOuts:
    """Who no campaign speaks to."""
    with installation.database.read() as connection:
        page = suppressions.listed(connection, after=after, limit=limit)
        total = suppressions.count(connection)
    return views.OptOuts(
        total=total,
        opt_outs=[_shown(one) for one in page],
        after=page[-1].person if len(page) == limit else None,
    )


@router.post("")
def add(opt_outs: views.OptOutsIn, caller: Suppressor, context: TheContext) -> views.OptOutsAdded:
    """Put persons on the list: once this is answered, nothing more is delivered to them."""
    done = suppression.add_persons(
        context.installation,
        opt_outs.ids,
        source=opt_outs.source or "API",
        actor=caller.name,
        hashed=opt_outs.hashed,
    )
    for campaign_id in done.stopped:
        context.snapshots.forget(campaign_id)
    return views.OptOutsAdded.model_validate(done.document)


@router.post("/remove")
def remove(
    persons: views.PersonsIn, caller: Suppressor, installation: TheInstallation
) -> views.OptOutsRemoved:
    """Take persons off the list. Rows that were stopped stay so."""
    given, removed = suppression.remove_persons(
        installation, persons.ids, source=persons.source or "API", actor=caller.name
    )
    return views.OptOutsRemoved(lines=given, removed=removed)


@router.get("/log")
def log(
    _caller: Suppressor, installation: TheInstallation, limit: Limit = 100, after: After = 0
) -> list[views.OptOutChange]:
    """What was done to the list, oldest first."""
    with installation.database.read() as connection:
        changes = suppressions.log(connection, after=after, limit=limit)
    return [
        views.OptOutChange(number=number, change=one.change, opt_out=_shown(one)) for number, one in changes
    ]


def _shown(one: OptOut) -> views.OptOut:
    return views.OptOut(
        person=one.person, id=one.external_id, source=one.source, actor=one.actor, t_ms=one.t_ms
    )
