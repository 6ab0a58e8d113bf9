"""The API is what it says it is: schemathesis calls every operation with everything its schema allows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core.result import Ok

from tests import build
from tests.servers.service import RunningService, served
from tests.service.calls import BRIEF, csv_of, finished, until, uploaded

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
EXAMPLES = 12
UNENDING = ["/v1/campaigns/{campaign_id}/events"]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def api(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[schemathesis.schemas.BaseSchema]:
    chosen = {}
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        chosen["database_url"] = server.create_database()
    installation = build.installation(tmp_path_factory.mktemp("api"), **chosen)
    from campaign.service.limits import Limits

    with (
        served(installation, limits=Limits(requests_per_s=10_000, burst=10_000)) as service,
        build.working(installation),
    ):
        yield schemathesis.openapi.from_url(f"{service.url}/v1/openapi.json").exclude(path=UNENDING)
    installation.close()


def operations_of(api: schemathesis.schemas.BaseSchema) -> Iterator[Any]:
    """Every operation; a schema that cannot be read is an error."""
    for found in api.get_all_operations():
        assert isinstance(found, Ok), found
        yield found.ok()


def test_every_operation_answers_as_its_schema_says(api: schemathesis.schemas.BaseSchema) -> None:
    operations = list(operations_of(api))
    assert len(operations) > 25
    for operation in operations:
        case_of = operation.as_strategy()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            database=None,
        )
        @given(case=case_of)
        def call(case: schemathesis.Case[Any]) -> None:
            case.call_and_validate(checks=CHECKS, timeout=60)

        call()


def test_what_is_there_answers_as_its_schema_says(client: httpx.Client, service: RunningService) -> None:
    """Every GET about a campaign that was made, held against the schema."""
    captioned = BRIEF | {"finish": {"codec": "wav", "captions": ["vtt"]}}
    uploaded(client, "known", csv_of(["Ann", "Siân", ""]), captioned)
    client.post("/v1/campaigns/known/start").raise_for_status()
    finished(client, "known")
    until(client, "/v1/campaigns/known", lambda one: one["report"] is not None)
    known = {
        "campaign_id": "known",
        "row": 1,
        "label": "demo-voice@1",
        "pin": "espeak",
        "channel": "production",
        "name": "report.json",
        "form": "vtt",
    }
    query = {"/v1/campaigns/{campaign_id}/impact": {"new": "en-utility"}}
    absent = {
        "/v1/channels/{channel}/history",
        "/v1/lexicons/{label}",
        "/v1/campaigns/{campaign_id}/links",
        "/v1/campaigns/{campaign_id}/reviews/{row}/audio",
    }
    api = schemathesis.openapi.from_url(f"{service.url}/v1/openapi.json").exclude(path=UNENDING)
    for operation in operations_of(api):
        if operation.method != "get":
            continue
        names = [name for name in known if f"{{{name}}}" in operation.path]
        case = operation.Case(
            path_parameters={name: known[name] for name in names}, query=query.get(operation.path, {})
        )
        answer = case.call_and_validate(checks=CHECKS, timeout=60)
        assert answer.status_code == 200 or operation.path in absent, (operation.path, answer.text)


def test_schema_has_examples_and_one_format_of_problems(client: httpx.Client) -> None:
    schema = client.get("/v1/openapi.json").json()
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            assert operation.get("summary") and operation.get("description"), (method, path)
            if "health" in path or "ready" in path:
                continue
            for status, answer in operation["responses"].items():
                if status.startswith(("4", "5")):
                    assert "application/problem+json" in answer["content"], (method, path, status)
    assert schema["components"]["schemas"]["BriefTable"]["examples"][0]["templates"]
    assert schema["components"]["schemas"]["SpeechIn"]["example"]["voice"]
