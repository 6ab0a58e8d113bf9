"""The report: the same numbers in every form, a page that opens fast and runs nothing, also in a real browser."""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from playwright.sync_api import Browser

from campaign.report.artefacts import ArtefactWriter
from campaign.report.html import render_report
from campaign.report.manifest import root_of
from campaign.report.publish import publish_report
from storage.history import delivery
from storage.history.delivery import DeliveredRow
from storage.installation import Installation
from storage.names import CampaignId
from storage.resources import data_folder
from tests import build
from tests.waiting import LONGEST_MS

HOSTILE = '</title><script>document.title="owned"</script><img src=x onerror="document.title=\'owned\'">'
ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Done:
    installation: Installation
    campaign_id: str
    document: dict[str, Any]

    def artefact(self, name: str) -> bytes:
        return self.installation.store.get(f"campaigns/{self.campaign_id}/{name}")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    made = build.installation(tmp_path_factory.mktemp("report") / "home", cost_per_gpu_hour=3600.0)
    people = build.people(30)
    people[3]["name"] = ""
    people[4]["locale"] = HOSTILE
    asked = build.brief("Welcome back, friend. Hello {{ name }}.", name=HOSTILE)
    submission = build.submitted(made, people, asked)
    build.worked(made, submission.campaign.id)
    return Done(made, submission.campaign.id, publish_report(made, submission.campaign.id).document)


def test_report_fits_the_published_schema(done: Done) -> None:
    schema = json.loads((data_folder("schemas") / "report.schema.json").read_text())
    jsonschema.validate(json.loads(done.artefact("report.json")), schema)


def test_every_form_has_the_same_numbers(done: Done) -> None:
    manifest = build.manifest(done.installation.store, done.campaign_id)
    packed = gzip.decompress(done.artefact("manifest.jsonl.gz"))
    assert packed == done.artefact("manifest.jsonl")
    public = list(csv.DictReader(io.StringIO(done.artefact("recipients.csv").decode())))
    document = json.loads(done.artefact("report.json"))
    assert document["rows"]["by_status"] == build.statuses(manifest) == build.statuses(public)
    assert document["rows"]["failed"] == [
        {"code": "missing-value", "count": 1, "rows": [4]},
        {"code": "not-a-locale", "count": 1, "rows": [5]},
    ]
    assert [line["locale"] for line in manifest if line["row"] == 5] == ["und"]
    assert document["manifest_root"] == root_of(line["leaf"] for line in manifest)
    seconds = sum(line["duration_s"] or 0 for line in manifest)
    assert document["delivered"]["seconds"] == pytest.approx(seconds, abs=0.05)
    assert sum(document["delivered"]["duration_s"]["counts"]) == document["delivered"]["files"] == 28
    assert document["delivered"]["over_time"]["stored"][-1] == 28
    made = document["synthesised"]
    assert made["utterances_made"] == made["utterances_needed"] == 29
    assert made["energy_joules"] is None
    assert document["cost"]["total"] == pytest.approx(made["engine_seconds"], abs=1e-5)
    page = done.artefact("report.html").decode()
    assert "<b>28</b> stored" in page
    assert f"{document['cost']['total']:.2f} EUR" in page
    assert document["manifest_root"] in page
    for command in ("retry", "amend"):
        assert f"<code>campaign {command} {document['campaign']}" in page


def test_writing_the_artefacts_again_gives_the_same_bytes(done: Done) -> None:
    names = ("manifest.jsonl.gz", "recipients.csv", "report.json", "report.html")
    before = [done.artefact(name) for name in names]
    publish_report(done.installation, CampaignId(done.campaign_id))
    assert [done.artefact(name) for name in names] == before


def test_hostile_names_are_inert_in_a_browser(done: Done, browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_bytes(done.artefact("report.html"))
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    assert page.title() == f"{HOSTILE} – campaign report"
    assert page.locator("h1").inner_text() == HOSTILE
    assert page.locator("script, img, iframe, object").count() == 0
    assert asked == [path.as_uri()]


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_page_fits_every_width_and_can_be_read_aloud(
    done: Done, browser: Browser, tmp_path: Path, width: int
) -> None:
    path = tmp_path / "report.html"
    path.write_bytes(done.artefact("report.html"))
    page = browser.new_page(viewport={"width": width, "height": 900})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []
    assert page.locator("html").get_attribute("lang") == "en"
    for player in page.locator("audio").all():
        assert player.get_attribute("aria-label")
    for chart in page.locator(".chart").all():
        assert page.locator(f"#{chart.get_attribute('aria-labelledby')}").inner_text()
        box = chart.locator("svg").bounding_box()
        assert box is not None
        assert 100 < box["width"] <= width
    for table in page.locator("table").all():
        assert table.get_attribute("tabindex") == "0"
    levels = [int(one.evaluate("e => e.tagName[1]")) for one in page.locator("h1, h2, h3").all()]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_a_hundred_thousand_recipients_are_a_small_page_that_opens(
    done: Done, browser: Browser, tmp_path: Path
) -> None:
    with done.installation.database.read() as connection:
        stored = next(
            row for row in delivery.rows(connection, CampaignId(done.campaign_id)) if row.status == "stored"
        )
    with ArtefactWriter(
        done.installation.store, "campaigns/big/", tmp_path, tmp_path / "results.csv"
    ) as artefacts:
        for number in range(ROWS):
            artefacts.add(_one_of_many(stored, number))
    measurements = artefacts.gathered.measurements
    document = {
        **done.document,
        "outliers": [
            {"row": one.row, "why": one.why, "distance": one.distance} for one in measurements.outliers()
        ],
    }
    assert [one["row"] for one in document["outliers"]] == [777]
    page_path = tmp_path / "report.html"
    page_path.write_text(render_report(document, samples=artefacts.samples, outliers=artefacts.samples[:1]))
    assert page_path.stat().st_size < 200_000
    page = browser.new_page()
    page.goto(page_path.as_uri(), timeout=LONGEST_MS, wait_until="load")
    assert len((tmp_path / "recipients.csv").read_text().splitlines()) == ROWS + 1


def _one_of_many(row: DeliveredRow, number: int) -> DeliveredRow:
    assert row.samples is not None
    samples = row.samples * (5 if number == 777 else 1) + number % 100
    return replace(row, row=number, external_id=f"p-{number}", samples=samples)
