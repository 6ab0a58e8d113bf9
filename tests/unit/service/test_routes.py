"""What each call of the API asks of its caller, and which names of artefacts are none."""

from __future__ import annotations

import pytest
from fastapi.routing import APIRoute

from campaign.service.access import KeyScope
from campaign.service.app import ROUTERS
from campaign.service.requirements import scopes_of
from campaign.service.routes.campaigns import ARTEFACT
from campaign.service.routes.context import PROBLEMS

OPEN = {"/v1/health", "/v1/ready", "/internal/sound/{campaign_id}/{utterance_key}"}
"""They say whether the service can work, or are signed."""
MOVES = {
    "/v1/presets": KeyScope.PROMOTE,
    "/v1/pins": KeyScope.PROMOTE,
    "/v1/channels": KeyScope.PROMOTE,
    "/v1/lexicons": KeyScope.PROMOTE,
    "/v1/erasures": KeyScope.ERASE,
    "/v1/suppressions": KeyScope.SUPPRESS,
}
"""Below these a call that changes something needs this scope."""
SENDING = {
    "/v1/campaigns/{campaign_id}/{action}",
    "/v1/campaigns/{campaign_id}/amend",
    "/v1/campaigns/{campaign_id}/links",
}
"""What begins or repeats the way to a recipient, and links that need no key."""


def api_routes() -> list[APIRoute]:
    routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    return [route for route in routes if route.path.startswith(("/v1/", "/internal/"))]


def needed(route: APIRoute) -> KeyScope:
    """By what the call does."""
    if route.path in SENDING:
        return KeyScope.SEND
    if route.methods == {"GET"} and not route.path.startswith("/v1/suppressions"):
        return KeyScope.READ
    return MOVES.get("/".join(route.path.split("/")[:3]), KeyScope.SUBMIT)


def test_every_call_needs_the_scope_of_what_it_does() -> None:
    routes = [route for route in api_routes() if route.path not in OPEN]
    assert len(routes) > 40
    wrong = {
        (route.path, *(route.methods or ())): (list(scopes_of(route)), needed(route))
        for route in routes
        if list(scopes_of(route)) != [needed(route)]
    }
    assert wrong == {}


def test_what_is_open_to_all_is_named_here_and_asks_nothing() -> None:
    without = {route.path for route in api_routes() if not list(scopes_of(route))}
    assert without == OPEN


def test_every_call_with_a_key_says_how_it_can_be_refused() -> None:
    silent = [
        route.path
        for route in api_routes()
        if route.path not in OPEN and not PROBLEMS.keys() <= route.responses.keys()
    ]
    assert silent == []


@pytest.mark.parametrize(
    "name",
    [
        "report.html",
        "manifest.jsonl.gz",
        "campaign.lock",
        f"{'0a' * 16}/v12/{'9f' * 32}.mp3",
    ],
)
def test_artefacts_are_asked_for_by_the_names_that_reports_give_them(name: str) -> None:
    assert ARTEFACT.fullmatch(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../other/report.html",
        "report.html/",
        "report.html\n",
        "./report.html",
        "recipients-result.csv",
        f"{'0a' * 16}/../{'9f' * 32}.mp3",
        f"{'0a' * 16}/v0/{'9f' * 32}.mp3",
        f"{'0a' * 16}/v1/{'9f' * 32}.mp3/x",
    ],
)
def test_other_names_are_no_artefact(name: str) -> None:
    assert ARTEFACT.fullmatch(name) is None
