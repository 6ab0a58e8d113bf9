"""Who calls, and what they may do.

A key is a bearer token; the console exchanges one for a cookie that names the key, signed under the installation's
secret. Without any key in the database a service on loopback is open to whoever is on that machine, and says so;
one that others can reach refuses to start.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from campaign.service.problems import ProblemError
from storage.installation import Installation
from storage.service import api_keys
from storage.service.api_keys import ApiKey

COOKIE = "campaign_session"
SESSION_S = 12 * 3600
KEYS_MAX_AGE_S = 2.0
"""How long a revoked key may still be heard."""


class KeyScope(StrEnum):
    """What a key may do."""

    READ = "read"
    """See campaigns, recipients, voices."""
    SUBMIT = "submit"
    """Create campaigns, preview, speak."""
    SEND = "send"
    """Start, pause, resume, cancel and retry."""
    PROMOTE = "promote"
    """Move channels, add lexicons, revoke presets."""
    ERASE = "erase"
    """Erase people."""
    SUPPRESS = "suppress"
    """See and change whom no campaign speaks to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who makes a request."""

    name: str
    scopes: frozenset[KeyScope]


LOCAL = Caller(name="local", scopes=frozenset(KeyScope))
"""Whoever is on this machine, while there are no keys."""


class Authenticator:
    """Knows the keys; looks them up at most every `KEYS_MAX_AGE_S`."""

    def __init__(self, installation: Installation, *, is_loopback: bool) -> None:
        self._installation = installation
        self._is_loopback = is_loopback
        self._known: dict[str, tuple[float, ApiKey | None]] = {}
        self._any: tuple[float, bool] = (float("-inf"), True)

    def has_keys(self) -> bool:
        """Whether there is a key that was not revoked."""
        now = time.monotonic()
        if now - self._any[0] > KEYS_MAX_AGE_S:
            with self._installation.database.read() as connection:
                valid = any(key.t_revoked_ms is None for key in api_keys.all_keys(connection))
            self._any = (now, valid)
        return self._any[1]

    def caller_of(self, connection: HTTPConnection) -> Caller | None:
        """Who makes a request; None when that is not known."""
        scheme, _, token = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and token:
            key = self._key(token.strip())
            return self._local() if key is None else _caller(key)  # clients that always send one mean no harm
        cookie = connection.cookies.get(COOKIE)
        if cookie and (name := self._opened(cookie)) is not None:
            return self._named(name)
        return self._local()

    def _local(self) -> Caller | None:
        return LOCAL if self._is_loopback and not self.has_keys() else None

    def session(self, token: str) -> str | None:
        """The cookie that stands for a token; None when the token is no key."""
        key = self._key(token)
        if key is None:
            return None
        body = f"{int(time.time()) + SESSION_S}.{key.name.encode().hex()}"
        return f"{body}.{self._signature(body)}"

    def _opened(self, cookie: str) -> str | None:
        body, _, signature = cookie.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(body).encode()):
            return None
        until, _, name = body.partition(".")
        return bytes.fromhex(name).decode() if int(until) > time.time() else None

    def _signature(self, body: str) -> str:
        return hmac.new(self._installation.secret, b"session:" + body.encode(), hashlib.sha256).hexdigest()

    def _key(self, token: str) -> ApiKey | None:
        held = hashlib.sha256(token.encode()).hexdigest()
        looked_at, key = self._known.get(held, (float("-inf"), None))
        if time.monotonic() - looked_at > KEYS_MAX_AGE_S:
            with self._installation.database.read() as connection:
                key = api_keys.find(connection, token)
            if key is None:
                self._known.pop(held, None)  # strangers fill no memory
            else:
                self._known[held] = (time.monotonic(), key)
        return key

    def _named(self, name: str) -> Caller | None:
        with self._installation.database.read() as connection:
            keys = api_keys.all_keys(connection)
        return next((_caller(key) for key in keys if key.name == name and key.t_revoked_ms is None), None)


def _caller(key: ApiKey) -> Caller:
    return Caller(
        name=key.name, scopes=frozenset(KeyScope(scope) for scope in key.scopes if scope in set(KeyScope))
    )


def allowed(scope: KeyScope) -> Callable[[Request], Caller]:
    """A dependency: the caller, who holds `scope`; else 401 or 403."""

    def check(request: Request) -> Caller:
        return check_scope(request.state.caller, scope)

    return check


def check_scope(caller: Caller | None, scope: KeyScope) -> Caller:
    """The caller if it holds `scope`; raises `ProblemError`."""
    if caller is None:
        raise ProblemError(
            401,
            "this needs a key. Send `Authorization: Bearer ck_...`; `campaign key add` makes one.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    if scope not in caller.scopes:
        raise ProblemError(
            403,
            f"the key {caller.name} may not {scope}. Ask for one with that scope: `campaign key add --scope {scope}`.",
        )
    return caller


Reader = Annotated[Caller, Depends(allowed(KeyScope.READ))]
Submitter = Annotated[Caller, Depends(allowed(KeyScope.SUBMIT))]
Sender = Annotated[Caller, Depends(allowed(KeyScope.SEND))]
Promoter = Annotated[Caller, Depends(allowed(KeyScope.PROMOTE))]
Eraser = Annotated[Caller, Depends(allowed(KeyScope.ERASE))]
Suppressor = Annotated[Caller, Depends(allowed(KeyScope.SUPPRESS))]
