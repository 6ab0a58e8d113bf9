"""Gates: what was compared, what was decided, and a page to listen blind."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as InPath

from campaign.service.access import Reader, Submitter
from campaign.service.problems import ProblemError
from campaign.service.routes.context import PROBLEMS, TheContext, TheInstallation
from campaign.service.views import gates as views
from storage.registry import gates as gate_rows

router = APIRouter(prefix="/v1/gates", tags=["gates"], responses=PROBLEMS)


@router.get("")
def listed(_caller: Reader, installation: TheInstallation) -> list[views.Gate]:
    """Every gate, newest first."""
    with installation.database.read() as connection:
        return [
            views.Gate(
                id=gate.id,
                candidate=gate.candidate,
                baseline=gate.baseline,
                prompts=gate.prompts,
                outcome=gate.outcome,
            )
            for gate in gate_rows.all_gates(connection)
        ]


@router.post("/{gate}/listening")
def listen(
    gate: Annotated[str, InPath(pattern=r"^[A-Za-z0-9._-]{1,100}$")], _caller: Submitter, context: TheContext
) -> views.ListeningPage:
    """Open the gate's blind listening page; it is served on this machine only."""
    if not context.options.is_loopback:
        raise ProblemError(409, f"the page is for this machine. On it, run: campaign gate listen {gate}")
    return views.ListeningPage(url=context.listening_pages.address_of(gate))
