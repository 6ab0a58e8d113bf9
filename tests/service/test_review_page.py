"""Held files in the console: said and heard side by side, played from where they differ, accepted and rejected."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from storage.names import KeyName
from storage.service import api_keys
from tests import build
from tests.hearing import listened_to
from tests.servers.service import RunningService, served
from tests.service.calls import until
from tests.waiting import LONGEST_S

HOSTILE = "<img src=x onerror=\"document.title='taken'\">"
TEMPLATE = "Welcome back, friend. Hello {{ name }}. Your balance is {{ amount }} today."


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningService]:
    """Of a campaign whose first file was misheard, whose second one could not be judged, whose third is delivered."""
    ears = listened_to(monkeypatch)
    ears.instead["forty"] = f"fourteen {HOSTILE}"
    ears.deaf_to.add("fifty")
    with closing(build.installation(tmp_path / "home")) as made:
        rows = [{**one, "amount": f"${40 + 10 * number}"} for number, one in enumerate(build.people(3))]
        asked = build.brief(TEMPLATE, columns={"name": "name", "amount": "money USD"})
        build.worked(made, build.submitted(made, rows, asked, campaign_id="held").campaign.id)
        with served(made) as running:
            yield running


@pytest.fixture
def client(service: RunningService) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{service.url}/v1/campaigns/held/", timeout=LONGEST_S) as made:
        yield made


def test_held_files_are_shown_heard_accepted_and_rejected(
    browser: Browser, service: RunningService, client: httpx.Client
) -> None:
    context = browser.new_context(base_url=service.url)
    page = context.new_page()
    page.goto("/campaigns/held/review")
    rows = page.locator("#review tbody tr")
    expect(rows).to_have_count(3)
    misheard, unclear, sample = rows.nth(0), rows.nth(1), rows.nth(2)
    expect(misheard.locator("del").first).to_have_text("forty")
    expect(misheard.locator("p mark")).to_contain_text("fourteen")
    expect(misheard).to_contain_text("<img src=x")
    expect(misheard).to_contain_text("money amount")
    assert page.locator("img[src=x]").count() == 0
    assert page.title() != "taken"
    expect(unclear).to_contain_text("could not be judged")
    expect(sample.locator("mark, del")).to_have_count(0)
    [at_s] = {one["at_s"] for one in client.get("reviews").json()[0]["sentences"][2]["stretches"]}
    sound = misheard.locator("audio")
    sound.evaluate("audio => audio.play()")
    page.wait_for_function("() => document.querySelector('#review audio').currentTime > 0")
    assert sound.evaluate("audio => audio.currentTime") > at_s - 0.6
    sound.evaluate("audio => { audio.pause(); audio.currentTime = 0; }")
    misheard.get_by_role("button", name="Hear it from").click()
    page.wait_for_function(f"() => document.querySelector('#review audio').currentTime > {at_s - 0.6}")
    misheard.get_by_role("button", name="Accept and deliver").click()
    expect(rows).to_have_count(2)
    expect(page.locator("#said")).to_contain_text("Row 1 accepted and delivered")
    unclear = rows.nth(0)
    unclear.get_by_role("button", name="Reject").click()
    expect(page.locator("#said")).to_contain_text("a rejection needs its reason")
    unclear.get_by_label("What is wrong with row 2").fill("nothing to hear")
    unclear.get_by_role("button", name="Reject").click()
    expect(rows).to_have_count(1)
    context.close()
    with httpx.Client(base_url=service.url, timeout=LONGEST_S) as asking:
        reported = until(asking, "/v1/campaigns/held", _is_reported)
    assert reported["state"] == "finished_with_errors"
    assert client.get("assets/1/audio").status_code == 200
    assert client.get("assets/2/audio").status_code == 404


def _is_reported(campaign: dict[str, Any]) -> bool:
    return campaign["report"] is not None and campaign["by_status"].get("stored") == 2


def test_a_held_file_is_heard_by_who_may_read_and_delivered_by_who_may_submit(
    service: RunningService, client: httpx.Client
) -> None:
    assert client.get("assets/1/audio").status_code == 404, "it is not delivered"
    held = client.get("reviews/1/audio", headers={"Range": "bytes=0-3"})
    assert (held.status_code, held.content) == (206, b"RIFF")
    assert client.get("reviews/3/audio").status_code == 404, "it is not held"
    with service.context.installation.database.write() as connection:
        token = api_keys.add(connection, KeyName("reader"), ["read"], actor="test")
    client.headers["Authorization"] = f"Bearer {token}"
    held_for = [one["held"] for one in client.get("reviews").json()]
    assert held_for == ["not-judged", "not-judged", ""], "signs in a transcript are never a mishearing"
    assert client.post("reviews", json={"accepted": [1]}).status_code == 403
    assert client.get("reviews/1/audio").status_code == 200
