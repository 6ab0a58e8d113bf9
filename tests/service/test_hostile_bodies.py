"""A request's body may hold anything: what is wrong is told with its field or line, at the door, and never as a 500."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.service.calls import BRIEF, csv_of

DEEP = "[" * 100_000 + "]" * 100_000
TEMPLATES = {
    "brackets": "{{ " + "(" * 80 + "name" + ")" * 80 + " }}",
    "ifs": "{% if name %}" * 150 + "x" + "{% endif %}" * 150,
    "infinity": "{{ 1e999 }}",
    "filters": "{{ name" + "|text" * 3_000 + " }}",
    "macro": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "range": "{% for x in range(10**9) %}x{% endfor %}",
}


def brief(**keys: Any) -> dict[str, Any]:
    return {**BRIEF, **keys}


def spoken(template: str) -> dict[str, Any]:
    return brief(templates={"default": {"text": template, "language": "en"}})


def sent(client: httpx.Client, method: str, path: str, body: str | bytes) -> httpx.Response:
    content = body.encode() if isinstance(body, str) else body
    return client.request(method, path, content=content, headers={"content-type": "application/json"})


BODIES: dict[str, tuple[str | bytes, str]] = {
    "NaN": (json.dumps(brief(error_budget=float("nan"))), "error_budget"),
    "NaN as a fallback": (
        json.dumps(brief(columns={"name": {"type": "name", "optional": True, "fallback": float("nan")}})),
        "fallback",
    ),
    "infinity": (
        json.dumps(brief(finish={"codec": "wav", "characters_per_second": {"en": [0, float("inf")]}})),
        "characters_per_second",
    ),
    "1e999": (json.dumps(brief(error_budget=0.5)).replace("0.5", "1e999"), "error_budget"),
    "lists in lists": (f'{{"name": {DEEP}}}', ""),
    "tables in tables": ('{"columns": ' + '{"a":' * 5_000 + "1" + "}" * 5_000 + "}", ""),
    "a number of 6,000 figures": ('{"error_budget": 1' + "0" * 6_000 + "}", ""),
    "half of a character": (json.dumps(brief(name="\ud800")), "name"),
    "no UTF-8": (b'{"name": "\xff"}', ""),
    "a language that is none": (json.dumps(brief(languages=["en\x1b[2J"])), "languages"),
    "a locale that is none": (json.dumps(brief(templates={"xx": {"text": "Hello."}})), "templates"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_brief_that_cannot_be_meant_is_refused_with_its_field(client: httpx.Client, name: str) -> None:
    body, field = BODIES[name]
    answer = sent(client, "PUT", "/v1/campaigns/hostile-brief", body)
    assert answer.status_code in (400, 413, 422), answer.text
    assert field in answer.json()["detail"]
    assert client.get("/v1/campaigns/hostile-brief/preflight").status_code == 404


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_beyond_its_limits_is_refused_with_its_line_wherever_it_comes_in(
    client: httpx.Client, name: str
) -> None:
    asked = spoken(f"Hello.\n{TEMPLATES[name]}")
    answers = [
        client.put("/v1/campaigns/hostile-template", json=asked),
        client.post("/v1/renderings", json={"brief": asked, "fields": {"name": "Zoe"}}),
        client.post("/v1/previews", json={"brief": asked, "rows": [{"id": "1", "name": "Zoe"}]}),
    ]
    assert [answer.status_code for answer in answers] == [422] * 3
    assert all("line 2: " in answer.json()["detail"] for answer in answers)


def test_a_locale_to_be_rendered_is_a_language_tag(client: httpx.Client) -> None:
    asked = {"brief": BRIEF, "fields": {"name": "Zoe"}}
    assert client.post("/v1/renderings", json={**asked, "locale": "en-GB"}).status_code == 200
    refused = client.post("/v1/renderings", json={**asked, "locale": "en-UK"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "locale")
    refused = client.post("/v1/speech", json={"input": "Hello.", "voice": "demo-voice@1", "language": "xx"})
    assert refused.status_code == 422


@pytest.mark.parametrize(
    "encoding", ["undefined", "punycode", "idna", "unicode_escape", "base64", "utf-7", "utf-99"]
)
def test_an_encoding_that_no_file_is_in_is_refused_before_the_file_is_read(
    client: httpx.Client, encoding: str
) -> None:
    path = f"/v1/campaigns/encoded-{encoding}"
    client.put(path, json=BRIEF).raise_for_status()
    refused = client.put(f"{path}/recipients", params={"encoding": encoding}, content=csv_of(["Zoe"]))
    assert refused.status_code == 422
    assert "Try utf-8, cp1252 or latin-1" in refused.json()["detail"]
    assert client.get(f"{path}/preflight").json()["state"] == "expected"
