"""The blind listening page of a gate, for whoever has its link: no key is asked for, and nothing else is shown.

The link holds a keyed hash of the gate's id, so it cannot be guessed, is the same in every process and after a restart,
and needs no row. It ends with the gate's verdict. Neither links nor listeners' names are logged.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.responses import FileResponse, HTMLResponse
from pydantic import BaseModel, ConfigDict, ValidationError

from campaign.gate.listening_page import ListeningPage, link_token
from campaign.gate.run import find_gate
from campaign.service.console.pages import HERE, KINDS, STATIC
from campaign.service.guards import TooLargeError
from campaign.service.problems import ProblemError
from campaign.service.ranges import part_of
from campaign.service.routes.context import TheContext, TheInstallation
from storage.errors import StorageError
from storage.installation import Installation
from storage.names import GateId
from storage.registry.gates import Gate

ENDED = "Listening has ended: the verdict is given. You can close this page."
ENDED_PAGE = f"""<!doctype html>
<html lang="en">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Listening</title>
<link rel="stylesheet" href="listen.css">
<main><p>{ENDED}</p></main>
"""

router = APIRouter(prefix="/listen/{gate}/{token}", include_in_schema=False)


def listening_path(installation: Installation, gate_id: GateId) -> str:
    """Where the gate's page is, on whatever host serves it."""
    return f"/listen/{gate_id}/{link_token(installation.secret, gate_id)}/"


class PairAnswer(BaseModel):
    """What a listener says of a pair."""

    model_config = ConfigDict(strict=True, extra="forbid")
    trial: int
    left: int
    right: int


def _gate(gate: GateId, token: str, context: TheContext) -> Iterator[Gate]:
    """The gate that the link opens. A wrong link is answered like a path that does not exist, before any look-up."""
    installation = context.installation
    if not hmac.compare_digest(token.encode(), link_token(installation.secret, gate).encode()):
        raise HTTPException(404)
    if context.options.gate not in ("", gate):
        raise HTTPException(404)
    try:
        yield find_gate(installation, gate)
    except StorageError as exc:  # its text names places that are no listener's business
        raise ProblemError(
            503, "the pairs cannot be read now. Try again.", headers={"Retry-After": "5"}
        ) from exc


TheGate = Annotated[Gate, Depends(_gate)]


def _page(gate: TheGate, installation: TheInstallation) -> ListeningPage:
    if gate.outcome is not None:
        raise ProblemError(410, ENDED)
    return ListeningPage(installation, gate)


def _listener(listener: Annotated[str, Query()] = "") -> str:
    return listener.strip()


ThePage = Annotated[ListeningPage, Depends(_page)]
Listener = Annotated[str, Depends(_listener)]


async def _answer(_page: ThePage, request: Request) -> PairAnswer:
    """Read once the link was found right: a stranger's body is not looked at."""
    try:
        return PairAnswer.model_validate_json(await request.body())
    except TooLargeError as exc:
        raise ProblemError(413, str(exc)) from exc
    except ValidationError as exc:
        raise ProblemError(
            422, "an answer has trial, left and right, all whole numbers. Load the page again."
        ) from exc


@router.get("/")
def home(gate: TheGate) -> Response:
    """The page."""
    if gate.outcome is not None:
        return HTMLResponse(ENDED_PAGE, 410)
    return FileResponse(HERE / "templates" / "listen.html", media_type="text/html; charset=utf-8")


@router.get("/listen.{kind}")
def part(kind: Literal["css", "js"], _gate: TheGate) -> Response:
    """Its style and its module: what the page alone needs, under its own path."""
    return FileResponse(STATIC[f"listen.{kind}"], media_type=KINDS[f".{kind}"])


@router.get("/state")
def state(page: ThePage, listener: Listener) -> dict[str, Any]:
    """How far the listener is."""
    return page.state(listener)


@router.get("/sound/{trial}/{side}")
def sound(
    trial: int, side: Literal["left", "right"], page: ThePage, listener: Listener, request: Request
) -> Response:
    """One side of a pair."""
    data = page.sound(listener, trial, side)
    return part_of(request.headers, data, kind="audio/wav", etag=hashlib.sha256(data).hexdigest())


@router.post("/score")
def score(
    page: ThePage, listener: Listener, answer: Annotated[PairAnswer, Depends(_answer)]
) -> dict[str, int]:
    """Keep an answer."""
    page.keep(listener, answer.trial, answer.left, answer.right)
    return {"saved": answer.trial}


@router.get("/result")
def result(page: ThePage, listener: Listener) -> dict[str, Any]:
    """Who was who, for a listener who has answered everything."""
    return page.result(listener)
