"""One format for everything that can go wrong: problem details, RFC 9457.

    {"type": "urn:campaign:problem:conflict", "title": "Conflict", "status": 409,
     "detail": "campaign x exists with other content. Use another id.", "errors": [...]}

`errors` names each field or row at fault with its mend. What is a fault of the program is logged, never shown.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from campaign.errors import OUTCOMES, RowError, outcome_of
from workers.mends import faults_of

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TOLD_PROBLEMS = 100
"""Of one request."""
SCHEMA = "see the schema at /v1/openapi.json"
UNREAD = {
    "There was an error parsing the body": "the body is no JSON in UTF-8, or holds a number beyond all measure. "
    "Correct it."
}
"""What FastAPI says of a body that Python cannot read."""


class FieldProblem(BaseModel):
    """One field or row at fault."""

    field: str | None = Field(
        default=None, description="Where in the request, or the column of the recipients file."
    )
    row: int | None = Field(
        default=None, description="Of the recipients file; 1 is the first after the header."
    )
    code: str = Field(description="A short word that never changes once released.")
    reason: str
    mend: str | None = None


class Problem(BaseModel):
    """RFC 9457 problem details."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "urn:campaign:problem:not-found",
                "title": "Not Found",
                "status": 404,
                "detail": "there is no campaign autumn-1. GET /v1/campaigns lists those that exist.",
                "errors": [],
            }
        }
    )
    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = Field(default_factory=list)


class ProblemError(Exception):
    """Ends a request with a problem of its own."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        headers: dict[str, str] | None = None,
        fields: list[FieldProblem] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers
        self.fields = fields or []


def problem_document(status: int, detail: str, fields: list[FieldProblem] | None = None) -> dict[str, Any]:
    """The document."""
    phrase = HTTPStatus(status).phrase
    return Problem(
        type=f"urn:campaign:problem:{phrase.lower().replace(' ', '-')}",
        title=phrase,
        status=status,
        detail=detail,
        errors=fields or [],
    ).model_dump()


def response(
    status: int,
    detail: str,
    *,
    fields: list[FieldProblem] | None = None,
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """The document as a response."""
    return JSONResponse(
        problem_document(status, detail, fields), status, headers=headers, media_type=MEDIA_TYPE
    )


def http_status_of(error: Exception) -> int | None:
    """The status of an error that is raised on purpose; None for a fault of the program."""
    outcome = outcome_of(error)
    return None if outcome is None else outcome.status


def install(app: FastAPI) -> None:
    """Answer every error of `app` in this format."""
    for kind in OUTCOMES:
        app.add_exception_handler(kind, _deliberate)
    app.add_exception_handler(ProblemError, _own)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientDisconnect, _broken_off)
    app.add_exception_handler(Exception, _fault)


async def _deliberate(_request: Request, exc: Exception) -> JSONResponse:
    status = http_status_of(exc) or 500
    headers = {"Retry-After": "5"} if status == 503 else None
    fields = None
    if isinstance(exc, RowError):
        fields = [FieldProblem(field=exc.column, code=exc.code, reason=exc.reason, mend=exc.mend)]
    return response(status, str(exc), fields=fields, headers=headers)


async def _own(_request: Request, exc: Exception) -> JSONResponse:
    assert isinstance(exc, ProblemError)
    return response(exc.status, exc.detail, fields=exc.fields, headers=exc.headers)


async def _broken_off(_request: Request, _exc: Exception) -> JSONResponse:
    """Nobody hears it, and no fault of the program: lines break."""
    return response(400, "the connection broke off before the whole body was here. Send it again.")


async def _invalid(request: Request, exc: Exception) -> JSONResponse:
    assert isinstance(exc, RequestValidationError)
    fields = _fields_of(exc.errors(), _body_of(request))
    named = ", ".join(field.field or "" for field in fields[:5])
    return response(422, f"the request is not as described: {named}. Correct those fields.", fields=fields)


def _fields_of(errors: Sequence[ErrorDetails], body: type[BaseModel] | None) -> list[FieldProblem]:
    """What is wrong in the body in the words of every table; elsewhere in pydantic's. The first ones of many."""
    in_body: list[ErrorDetails] = []
    others: list[ErrorDetails] = []
    for error in errors[:TOLD_PROBLEMS]:
        is_of_table = error["loc"][0] == "body" and len(error["loc"]) > 1 and error["type"] != "json_invalid"
        (in_body if is_of_table and body is not None else others).append(error)
    faults = faults_of([{**error, "loc": error["loc"][1:]} for error in in_body], body) if body else []
    return [
        FieldProblem(
            field=fault.key,
            code=fault.code.replace("_", "-"),
            reason=fault.reason,
            mend=fault.mend or SCHEMA,
        )
        for fault in faults
    ] + [
        FieldProblem(
            field=".".join(str(part) for part in error["loc"][1:]) or str(error["loc"][0]),
            code=error["type"].replace("_", "-"),
            reason=error["msg"],
            mend=SCHEMA,
        )
        for error in others
    ]


def _body_of(request: Request) -> type[BaseModel] | None:
    """The model of the request's body, where it has one."""
    route = request.scope.get("route")
    parameters = route.dependant.body_params if isinstance(route, APIRoute) else []
    annotation = parameters[0].field_info.annotation if len(parameters) == 1 else None
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return None


async def _http(_request: Request, exc: Exception) -> JSONResponse:
    assert isinstance(exc, HTTPException)
    message = UNREAD.get(str(exc.detail), str(exc.detail))
    detail = (
        message
        if message != HTTPStatus(exc.status_code).phrase
        else f"{message}. Correct the address or the method."
    )
    return response(exc.status_code, detail, headers=dict(exc.headers or {}))


async def _fault(request: Request, exc: Exception) -> JSONResponse:
    log.error(
        "%s %s failed: %s", request.method, request.scope.get("route"), type(exc).__name__, exc_info=exc
    )
    return response(500, "a fault of the program itself; it was logged.")
