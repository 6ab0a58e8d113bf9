"""What a client of the API does, step by step."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import httpx

from tests.waiting import LONGEST_S

BRIEF: dict[str, Any] = {
    "name": "test",
    "model": "tone",
    "templates": {"default": {"text": "Hello {{ name }}.", "language": "en"}},
    "columns": {"name": "name"},
    "finish": {"codec": "wav"},
}


def csv_of(names: Sequence[str]) -> str:
    """Recipients with these names."""
    return "id,locale,name\n" + "".join(f"{number},en,{name}\n" for number, name in enumerate(names, 1))


def until(
    client: httpx.Client, path: str, held: Callable[[dict[str, Any]], bool], *, seconds: float = LONGEST_S
) -> dict[str, Any]:
    """Ask until the answer is as wanted."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        answer = client.get(path).raise_for_status().json()
        if held(answer):
            return dict(answer)
        time.sleep(0.05)
    raise AssertionError(f"{path} never was as wanted, last: {answer}")


def uploaded(
    client: httpx.Client, campaign_id: str, text: str, brief: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Create, upload, and wait until it is read; the preflight."""
    client.put(f"/v1/campaigns/{campaign_id}", json=brief or BRIEF).raise_for_status()
    client.put(f"/v1/campaigns/{campaign_id}/recipients", content=text).raise_for_status()
    return until(
        client, f"/v1/campaigns/{campaign_id}/preflight", lambda one: one["state"] in ("read", "refused")
    )


def finished(client: httpx.Client, campaign_id: str) -> dict[str, Any]:
    """Wait for the end."""
    return until(client, f"/v1/campaigns/{campaign_id}", lambda one: str(one["state"]).startswith("finished"))
