"""What was heard, in manifest, report and status: counts by language and kind, and not a word."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import jsonschema
import pytest

from campaign.cli.status import status_document
from campaign.operations.foreground import look
from storage.installation import Installation
from storage.names import CampaignId
from storage.resources import data_folder
from tests import build
from tests.hearing import listened_to

TEMPLATE = "Welcome back, friend. Hello {{ name }}. Your balance is {{ amount }} today."


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with closing(build.installation(tmp_path / "home")) as made:
        yield made


def sent(installation: Installation, count: int = 4) -> CampaignId:
    """The first file is misheard, the second one cannot be judged."""
    rows = [{**one, "amount": f"${40 + 10 * number}"} for number, one in enumerate(build.people(count))]
    asked = build.brief(TEMPLATE, columns={"name": "name", "amount": "money USD"})
    campaign_id = build.submitted(installation, rows, asked).campaign.id
    build.worked(installation, campaign_id)
    return campaign_id


def artefact(installation: Installation, campaign_id: str, name: str) -> str:
    return installation.store.get(f"campaigns/{campaign_id}/{name}").decode()


def test_what_was_heard_is_counted_by_language_and_kind(
    monkeypatch: pytest.MonkeyPatch, installation: Installation
) -> None:
    ears = listened_to(monkeypatch)
    ears.instead["forty"] = "fourteen"
    ears.deaf_to.add("fifty")
    campaign_id = sent(installation)
    document = json.loads(artefact(installation, campaign_id, "report.json"))
    jsonschema.validate(document, json.loads((data_folder("schemas") / "report.schema.json").read_text()))
    assert document["listening"] == {
        "recogniser": "ears",
        "share": 1.0,
        "files": {
            "listened_to": 4,
            "heard": 2,
            "misheard": 1,
            "not_judged": 1,
            "held": 2,
            "by_further_take": 0,
        },
        "values": {
            "heard": 6,
            "said": 8,
            "by_language": {
                "en": {"money": {"heard": 2, "said": 4}, "name": {"heard": 4, "said": 4}},
            },
        },
        "sentences": {"heard": 12, "distinct": 9},
    }
    page = artefact(installation, campaign_id, "report.html")
    assert "6 of 8 values heard; 2 files for your ears." in page
    assert "12 sentences, 9 distinct" in page
    lines = build.manifest(installation.store, campaign_id)
    assert [line["listening"] for line in lines] == [
        {"verdict": "misheard", "values": [1, 2]},
        {"verdict": "not-judged", "values": [1, 2]},
        {"verdict": "heard", "values": [2, 2]},
        {"verdict": "heard", "values": [2, 2]},
    ]
    for name in ("report.json", "report.html", "manifest.jsonl", "recipients.csv", "campaign.lock"):
        written = artefact(installation, campaign_id, name)
        assert not [word for word in ("forty", "fourteen", "fifty", build.spelled(1)) if word in written], (
            name
        )
    status = status_document(installation, *look(installation, campaign_id))
    assert (status["listening"]["held"], status["listening"]["values"]["heard"]) == (2, 6)


def test_a_row_that_nobody_listened_to_says_so(
    monkeypatch: pytest.MonkeyPatch, installation: Installation
) -> None:
    listened_to(monkeypatch, share=0.5)
    campaign_id = sent(installation, 12)
    told = [line["listening"] for line in build.manifest(installation.store, campaign_id)]
    assert 0 < told.count(None) < 12
    document = json.loads(artefact(installation, campaign_id, "report.json"))
    assert document["listening"]["files"]["listened_to"] == 12 - told.count(None)


def test_where_nobody_listens_manifest_and_report_are_as_they_were(installation: Installation) -> None:
    campaign_id = sent(installation)
    assert not [line for line in build.manifest(installation.store, campaign_id) if "listening" in line]
    assert "listening" not in json.loads(artefact(installation, campaign_id, "report.json"))
    assert "Listening" not in artefact(installation, campaign_id, "report.html")
    assert "listening" not in status_document(installation, *look(installation, campaign_id))
