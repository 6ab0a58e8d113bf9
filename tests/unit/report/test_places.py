"""Where artefacts are is known before they are made, and is where they come to lie."""

from __future__ import annotations

from pathlib import Path

from campaign.report.places import artefact_places
from campaign.report.publish import publish_report
from storage.keys import campaign_prefix
from tests import build


def test_artefacts_come_to_lie_where_it_was_said_before(tmp_path: Path) -> None:
    installed = build.installation(tmp_path)
    made = build.submitted(installed, build.people(1)).campaign
    places = artefact_places(installed, made.id)
    prefix = campaign_prefix(made.id)
    assert not places.result_path.exists()
    build.worked(installed, made.id)
    publish_report(installed, made.id)
    assert places.result_path.read_text().startswith("id,row,")
    assert {places.manifest_url, places.report_url} == {
        installed.store.url(f"{prefix}{name}") for name in ("manifest.jsonl", "report.html")
    }
    assert {f"{prefix}manifest.jsonl", f"{prefix}report.html"} <= set(build.objects(installed.store, prefix))
    installed.close()
