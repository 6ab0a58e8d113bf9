"""Files that were misheard or not judged: held, retried, accepted, rejected."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign.operations.control import find_campaign, retry
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import held as held_rows
from tests import build
from tests.hearing import Ears, listened_to


@pytest.fixture
def ears(monkeypatch: pytest.MonkeyPatch) -> Ears:
    return listened_to(monkeypatch)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return build.installation(tmp_path / "home")


TEMPLATE = "Welcome back, friend. Hello {{ name }}. Your balance is {{ amount }} today."
AMOUNTS = ("$40", "$50", "$60")


def sent(installation: Installation, **options: object) -> CampaignId:
    rows = [
        {**one, "amount": amount} for one, amount in zip(build.people(len(AMOUNTS)), AMOUNTS, strict=True)
    ]
    asked = build.brief(TEMPLATE, columns={"name": "name", "amount": "money USD"}, **options)
    campaign_id = build.submitted(installation, rows, asked).campaign.id
    build.worked(installation, campaign_id)
    return campaign_id


def test_a_retry_makes_the_same_file_again_as_the_next_version(ears: Ears, installation: Installation) -> None:
    ears.instead["forty"] = "fourteen"
    campaign_id = sent(installation)
    lines = build.manifest(installation.store, campaign_id)
    assert [line["error"] for line in lines] == ["not-heard", None, None]
    judged = len(ears.heard)
    assert retry(installation, campaign_id, actor="test") == 1
    build.worked(installation, campaign_id)
    assert find_campaign(installation, campaign_id).state == "finished_with_errors"
    assert len(ears.heard) == judged, "the same sound is judged as it was"
    lines = build.manifest(installation.store, campaign_id)
    assert [line["error"] for line in lines] == ["not-heard", None, None]
    with installation.database.read() as connection:
        [held] = held_rows.files(connection, campaign_id)
    assert (held.row, held.version) == (1, 2)
