"""Which scope a request needs, told by its route: known before a byte of its body is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, APIWebSocketRoute
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from campaign.service.access import Allowed, KeyScope


class Requirements:
    """Of all routes of an app, in the order in which they are asked."""

    def __init__(self, routers: Iterable[APIRouter]) -> None:
        self._routes = [(route, tuple(scopes_of(route))) for router in routers for route in router.routes]

    def of(self, scope: Scope) -> tuple[KeyScope, ...]:
        """The scopes that the request's route asks of its caller; none where no route takes it."""
        for route, needed in self._routes:
            match, _ = route.matches(scope)
            if match is Match.FULL:
                return needed
        return ()


def scopes_of(route: BaseRoute) -> Iterator[KeyScope]:
    """Of every `Allowed` that the route depends on."""
    if isinstance(route, APIRoute | APIWebSocketRoute):
        yield from _scopes(route.dependant)


def _scopes(dependant: Dependant) -> Iterator[KeyScope]:
    for dependency in dependant.dependencies:
        if isinstance(dependency.call, Allowed):
            yield dependency.call.scope
        yield from _scopes(dependency)
