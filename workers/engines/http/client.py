"""Asks one server: connections kept, timeouts, retries of what may pass, and the time of the first byte.

urllib3, because it is there (boto3 needs it) and tells a short answer from a whole one.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, TimeoutError

from workers.digits import whole_number
from workers.engines.engine import EngineError
from workers.engines.http.endpoint import Endpoint

PAUSE_S = 0.25
LONGEST_PAUSE_S = 10.0
CHUNK_BYTES = 1 << 14
LONGEST_ANSWER = 4
"""Timeouts that one answer may take from its first byte to its last."""
HEADER_BYTES = 44
"""Of a WAV; what comes after them is sound."""
BUSY = frozenset({429, 503})
BUSY_CODE = "endpoint-busy"
"""Of an answer that a server is too busy to give."""
FORBIDDEN = frozenset({401, 403})
NOT_THERE = frozenset({404, 405})


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """One request of a protocol: a JSON body, or form fields with files."""

    path: str
    json: Mapping[str, Any] | None = None
    form: Mapping[str, str | tuple[str, bytes, str]] | None = None
    """Name -> text, or (file name, bytes, content type)."""
    method: str = "POST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, whole."""

    data: bytes
    content_type: str
    headers: Mapping[str, str]
    first_at: float
    """`time.perf_counter()` when the first sound was there."""
    last_at: float


class AnswerError(Exception):
    """The server gave no usable answer to this request; a code, a reason, and whether another attempt may help."""

    def __init__(self, code: str, reason: str, *, retryable: bool) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.retryable = retryable


class UnreachableError(EngineError):
    """Nobody answers at that address."""


class NotThereError(EngineError):
    """The server has no such path."""


class Client:
    """Requests to one endpoint; thread-safe. What the server says in words is never repeated: it may quote the text."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        token: str = "",
        token_mend: str = "set the environment variable of the pin",
    ) -> None:
        """`token` in place of the endpoint's variable; `token_mend` says what to do where it is refused."""
        self.endpoint = endpoint
        self._token = token
        self._token_mend = token_mend
        self._pool = urllib3.PoolManager(
            maxsize=endpoint.parallel,
            retries=False,
            timeout=urllib3.Timeout(connect=min(10.0, endpoint.timeout_s), read=endpoint.timeout_s),
        )

    def send(self, request: HttpRequest, *, limit_bytes: int = 1 << 20) -> Answer:
        """The answer to a request. Raises `AnswerError`, or `EngineError` when no request can succeed."""
        for attempt in range(1, self.endpoint.attempts + 1):
            try:
                return self._once(request, limit_bytes)
            except _RetryError as again:
                if attempt == self.endpoint.attempts:
                    raise again.error from again
                time.sleep(min(LONGEST_PAUSE_S, again.after_s or PAUSE_S * 2 ** (attempt - 1)))
        raise AssertionError("attempts is above 0")

    def check_reachable(self) -> None:
        """Raise `UnreachableError` unless somebody is there; what they answer does not matter."""
        try:
            self._pool.request("GET", self.endpoint.url, redirect=False)
        except (HTTPError, OSError) as exc:
            raise UnreachableError(f"nobody answers at {self.endpoint.url}: start the server") from exc

    def close(self) -> None:
        """Give the connections back."""
        self._pool.clear()

    def _once(self, request: HttpRequest, limit_bytes: int) -> Answer:
        url = self.endpoint.url.rstrip("/") + request.path
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else self.endpoint.headers
        options: dict[str, Any] = {"headers": headers, "preload_content": False}
        if request.json is not None:
            options["json"] = dict(request.json)
        if request.form is not None:
            options["fields"] = dict(request.form)
        try:
            response = self._pool.request(request.method, url, redirect=False, **options)
        except (NewConnectionError, ConnectTimeoutError) as exc:
            raise _RetryError(
                UnreachableError(f"nobody answers at {self.endpoint.url}: start the server")
            ) from exc
        except TimeoutError as exc:
            raise AnswerError(
                "timed-out", f"no answer within {self.endpoint.timeout_s:g} s", retryable=True
            ) from exc
        except (HTTPError, OSError) as exc:
            raise _RetryError(
                AnswerError("endpoint-unreachable", "the connection broke off", retryable=True)
            ) from exc
        try:
            self._refuse(response, request)
            return _read(response, limit_bytes, self.endpoint.timeout_s)
        finally:
            response.close()

    def _refuse(self, response: urllib3.BaseHTTPResponse, request: HttpRequest) -> None:
        status = response.status
        if status == 200:
            return
        where = f"{self.endpoint.url}{request.path}"
        if status in BUSY:
            raise _RetryError(
                AnswerError(BUSY_CODE, f"the server is busy ({status})", retryable=True),
                after_s=_retry_after_s(response),
            )
        if status in FORBIDDEN:
            raise EngineError(f"{where} refuses the token ({status}): {self._token_mend}")
        if status in NOT_THERE:
            raise NotThereError(
                f"{where} is not there ({status}): it is another server, or another model than the pin says"
            )
        if status >= 500:
            raise _RetryError(
                AnswerError("endpoint-failed", f"the server failed with {status}", retryable=True)
            )
        raise AnswerError("request-refused", f"the server refused the request with {status}", retryable=False)


class _RetryError(Exception):
    """Worth another attempt; `error` if there is none left."""

    def __init__(self, error: Exception, *, after_s: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.after_s = after_s


def _retry_after_s(response: urllib3.BaseHTTPResponse) -> float | None:
    return whole_number(response.headers.get("Retry-After", ""))


def _read(response: urllib3.BaseHTTPResponse, limit_bytes: int, timeout_s: float) -> Answer:
    parts: list[bytes] = []
    size = 0
    first_at = None
    give_up_at = time.perf_counter() + LONGEST_ANSWER * timeout_s
    try:
        for part in response.stream(CHUNK_BYTES):
            parts.append(part)
            size += len(part)
            if first_at is None and size > HEADER_BYTES:
                first_at = time.perf_counter()
            if time.perf_counter() > give_up_at:
                raise AnswerError("timed-out", "the answer trickles and does not end", retryable=True)
            if size > limit_bytes:
                raise AnswerError(
                    "too-long", f"the answer is longer than {limit_bytes} bytes", retryable=False
                )
    except TimeoutError as exc:
        raise AnswerError("timed-out", f"the answer stood still for {timeout_s:g} s", retryable=True) from exc
    except (HTTPError, OSError) as exc:
        raise AnswerError("truncated", "the answer broke off", retryable=True) from exc
    last_at = time.perf_counter()
    return Answer(
        data=b"".join(parts),
        content_type=response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
        headers=dict(response.headers),
        first_at=first_at or last_at,
        last_at=last_at,
    )
