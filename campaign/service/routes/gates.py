"""Gates: what was compared, what was decided, and where to listen blind."""

from __future__ import annotations

from fastapi import APIRouter, Request

from campaign.gate.listening_page import ListeningPage
from campaign.gate.run import find_gate
from campaign.service.access import Reader, Submitter
from campaign.service.console.listening import listening_path
from campaign.service.routes.context import PROBLEMS, TheContext, TheInstallation
from campaign.service.views import gates as views
from storage.names import GateId
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
    gate: GateId,
    _caller: Submitter,
    context: TheContext,
    request: Request,
) -> views.ListeningPage:
    """The link of the gate's blind listening page: whoever has it can listen and score, until the verdict."""
    installation = context.installation
    ListeningPage(installation, find_gate(installation, gate))  # refuses a gate that nobody can listen to
    scheme = "https" if context.options.secure else request.url.scheme
    host = str(request.base_url.replace(scheme=scheme)).rstrip("/")
    return views.ListeningPage(url=host + listening_path(installation, gate))
