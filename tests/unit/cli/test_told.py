"""What is told of runs and to receivers: `campaign runs show`, `campaign webhooks`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign.cli import exits
from storage.history import runs as run_rows
from storage.installation import Installation
from tests import build
from tests.commands import run
from tests.servers.receiver import Receiver, webhook_receiver


@pytest.fixture
def told() -> Iterator[Receiver]:
    with webhook_receiver() as running:
        yield running


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: Receiver) -> Iterator[Installation]:
    monkeypatch.setenv("CAMPAIGN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CAMPAIGN_SECRET", "5e" * 32)
    monkeypatch.setenv("CAMPAIGN_WEBHOOK_URLS", f'["{told.url}"]')
    monkeypatch.setenv("CAMPAIGN_WEBHOOK_ALLOW_PRIVATE", "true")
    made = build.installation(tmp_path / "home", webhook_urls=[told.url], webhook_allow_private=True)
    yield made
    made.close()


def test_a_run_is_shown_by_the_beginning_of_its_id(installed: Installation) -> None:
    campaign = build.submitted(installed, build.people(1)).campaign
    build.worked(installed, campaign.id)
    with installed.database.read() as connection:
        (found,) = run_rows.of_campaign(connection, campaign.id)
    shown = run("runs", "show", found.run_id[:12])
    assert (shown.code, shown.json["run_id"], shown.json["outcome"]) == (0, found.run_id, "stored")
    assert run("runs", "show", "none").code == exits.NOT_FOUND


def test_what_is_due_is_delivered_and_what_was_given_up_is_tried_again(
    installed: Installation, told: Receiver
) -> None:
    told.answers = [500, 500]
    campaign = build.submitted(installed, build.people(1), start=False).campaign
    assert run("cancel", campaign.id).code == 0
    sent = run("webhooks", "deliver")
    assert (sent.code, sent.out) == (0, "0 delivered\n"), sent.err
    assert "waits" in run("webhooks", "list").out
    assert run("webhooks", "retry").out == "2 are sent again\n"
    assert run("webhooks", "deliver").out == "2 delivered\n"
    assert told.types == ["campaign.validated", "campaign.cancelled"] * 2
    assert "delivered" in run("webhooks", "list").out
