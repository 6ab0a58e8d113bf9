"""The API's description of itself, as OpenAPI."""

from __future__ import annotations

import json
from threading import Lock

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response


class Schema:
    """Made when somebody first asks, and once: it takes a second, and everybody may ask.

    FastAPI's own route makes it, and writes it anew for every question, while nobody else is answered.
    """

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._making = Lock()
        self._written: bytes | None = None

    def answer(self, _request: Request) -> Response:
        """Blocks while it is made: for a thread, which is where a function that is not `async` is run."""
        with self._making:
            if self._written is None:
                schema = self._app.openapi()
                self._written = json.dumps(schema, ensure_ascii=False, separators=(",", ":")).encode()
        return Response(self._written, media_type="application/json")
