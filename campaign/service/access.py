"""Who calls, and what they may do.

A key is a bearer token; the console exchanges one for a cookie that names the key, signed under the installation's
secret, until it ends or its owner logs out. Without any key a service that nobody else can reach is open to whoever is
on this machine, and says so. Once a key was made it is closed for good: with the last key revoked nobody comes in.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from campaign.service.problems import ProblemError
from storage.history import audit
from storage.installation import Installation
from storage.service import api_keys
from storage.service.api_keys import ApiKey

COOKIE = "campaign_session"
SESSION_S = 12 * 3600
KEYS_MAX_AGE_S = 1.0
"""How long a revoked key, or a session that ended elsewhere, may still be heard."""
GUESSES_EVERY_S = 0.05
"""A token that is unknown has the keys read anew, at most so often: guesses cost the database nothing."""
KNOWN_SESSIONS = 10_000
SESSION_END = "session.end"


class KeyScope(StrEnum):
    """What a key may do."""

    READ = "read"
    """See campaigns, recipients, voices."""
    SUBMIT = "submit"
    """Create campaigns, preview, speak."""
    SEND = "send"
    """Start, pause, resume, cancel, retry and amend."""
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
"""Whoever is on this machine, while there never was a key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """All keys, as they were read."""

    by_digest: Mapping[str, ApiKey] = field(default_factory=dict)
    t_s: float = float("-inf")
    """On the monotonic clock, before they were read."""

    def named(self, name: str) -> ApiKey | None:
        """The key of that name; None when there is none, or it was revoked."""
        return next((key for key in self.by_digest.values() if key.name == name and _is_valid(key)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What a cookie of the console says."""

    id: str
    name: str
    """Of the key that it stands for."""

    @property
    def subject(self) -> str:
        """In the audit trail, which says whether it was ended."""
        return f"session {self.id}"


class Authenticator:
    """Knows the keys; looks them up at most every `KEYS_MAX_AGE_S`. Safe to share between threads."""

    def __init__(self, installation: Installation, *, may_be_open: bool) -> None:
        """`may_be_open`: nobody but this machine reaches the service."""
        self._installation = installation
        self._may_be_open = may_be_open
        self._keys = Keys()
        self._was_keyed = False
        self._sessions: OrderedDict[str, tuple[float, bool]] = OrderedDict()
        self._lock = threading.Lock()

    def has_keys(self) -> bool:
        """Whether there is a key that was not revoked."""
        return any(_is_valid(key) for key in self._current().by_digest.values())

    def is_open(self) -> bool:
        """Whether callers need no key: nobody else reaches the service, and no key was ever made."""
        self._current()
        return self._may_be_open and not self._was_keyed

    def is_stranger(self, connection: HTTPConnection) -> bool:
        """Whether nothing needs to be looked up: who shows neither key nor cookie where both are asked for."""
        shows = "authorization" in connection.headers or "cookie" in connection.headers
        return not shows and (self._was_keyed or not self._may_be_open)

    def caller_of(self, connection: HTTPConnection) -> Caller | None:
        """Who makes a request; None when that is not known."""
        scheme, _, token = connection.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and token:
            key = self._key(token.strip())
            return self._local() if key is None else _caller(key)  # clients that always send one mean no harm
        session = self._session(connection.cookies.get(COOKIE, ""))
        if session is not None and not self._is_ended(session):
            key = self._current().named(session.name)
            return None if key is None else _caller(key)
        return self._local()

    def session(self, token: str) -> str | None:
        """The cookie that stands for a token; None when the token is no key."""
        key = self._key(token)
        if key is None:
            return None
        body = f"{int(time.time()) + SESSION_S}.{secrets.token_hex(16)}.{key.name.encode().hex()}"
        return f"{body}.{self._signature(body)}"

    def end_session(self, cookie: str) -> None:
        """From now on the cookie lets nobody in, in any process. No error when it did not before."""
        session = self._session(cookie)
        if session is None or self._is_ended(session):
            return
        with self._installation.database.write() as connection:
            audit.note(connection, SESSION_END, session.subject, actor=session.name)
        self._remember(session, is_ended=True)

    def _local(self) -> Caller | None:
        return LOCAL if self.is_open() else None

    def _session(self, cookie: str) -> Session | None:
        body, _, signature = cookie.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(body).encode()):
            return None
        until, _, rest = body.partition(".")
        name_of, _, name = rest.partition(".")
        if not name or int(until) <= time.time():  # without a name: of a version whose sessions had no end
            return None
        return Session(id=name_of, name=bytes.fromhex(name).decode())

    def _is_ended(self, session: Session) -> bool:
        looked_at, is_ended = self._sessions.get(session.id, (float("-inf"), False))
        if not is_ended and time.monotonic() - looked_at > KEYS_MAX_AGE_S:
            with self._installation.database.read() as connection:
                is_ended = audit.has(connection, SESSION_END, session.subject)
            self._remember(session, is_ended=is_ended)
        return is_ended

    def _remember(self, session: Session, *, is_ended: bool) -> None:
        with self._lock:
            _, was_ended = self._sessions.pop(session.id, (0.0, False))
            self._sessions[session.id] = (time.monotonic(), is_ended or was_ended)
            if len(self._sessions) > KNOWN_SESSIONS:
                self._sessions.popitem(last=False)

    def _signature(self, body: str) -> str:
        return hmac.new(self._installation.secret, b"session:" + body.encode(), hashlib.sha256).hexdigest()

    def _key(self, token: str) -> ApiKey | None:
        digest = api_keys.digest(token)
        key = self._current().by_digest.get(digest) or self._current(GUESSES_EVERY_S).by_digest.get(digest)
        return key if key is not None and _is_valid(key) else None

    def _current(self, max_age_s: float | None = None) -> Keys:
        """The keys, read anew when what is known is older; whoever waits for a reading shares it."""
        max_age_s = KEYS_MAX_AGE_S if max_age_s is None else max_age_s
        if time.monotonic() - self._keys.t_s > max_age_s:
            with self._lock:
                now = time.monotonic()
                if now - self._keys.t_s > max_age_s:
                    with self._installation.database.read() as connection:
                        self._keys = Keys(by_digest=api_keys.by_digest(connection), t_s=now)
                    self._was_keyed = self._was_keyed or bool(self._keys.by_digest)
        return self._keys


def _is_valid(key: ApiKey) -> bool:
    return key.t_revoked_ms is None


def _caller(key: ApiKey) -> Caller:
    return Caller(
        name=key.name, scopes=frozenset(KeyScope(scope) for scope in key.scopes if scope in set(KeyScope))
    )


@dataclass(frozen=True, slots=True)
class Allowed:
    """A dependency: the caller, who holds `scope`; else 401 or 403."""

    scope: KeyScope

    async def __call__(self, connection: HTTPConnection) -> Caller:
        """Of this request or socket."""
        return check_scope(connection.state.caller, self.scope)


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


Reader = Annotated[Caller, Depends(Allowed(KeyScope.READ))]
Submitter = Annotated[Caller, Depends(Allowed(KeyScope.SUBMIT))]
Sender = Annotated[Caller, Depends(Allowed(KeyScope.SEND))]
Promoter = Annotated[Caller, Depends(Allowed(KeyScope.PROMOTE))]
Eraser = Annotated[Caller, Depends(Allowed(KeyScope.ERASE))]
Suppressor = Annotated[Caller, Depends(Allowed(KeyScope.SUPPRESS))]
