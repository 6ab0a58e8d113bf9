"""Amending on both databases: refused rows get their first plan, beside workers that are at it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from campaign.errors import RecipientsError
from campaign.operations.control import find_campaign
from campaign.operations.erase import erase_recipient
from campaign.recipients import open_recipients
from campaign.report import publish
from campaign.report.html import render_report
from campaign.submission.amend import Amended, amend
from storage.history import audit, delivery
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import amendments
from storage.queue import campaigns as campaign_rows
from storage.tables import CampaignState, RowStatus, assets, campaigns
from tests import build
from tests.waiting import LONGEST_S

MINE = CampaignId("mine")


@pytest.fixture(params=["sqlite", "postgresql"])
def installed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    made = build.installation(tmp_path / "home", database_url=url)
    yield made
    made.close()


def list_of(installed: Installation) -> Path:
    return installed.settings.home / "results/mine/rows-to-mend.csv"


def amended(installed: Installation, name: str) -> Amended:
    """The list as it lies there, with a name for everybody whose it lacks."""
    path = list_of(installed)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = [
            row | {"name": row["name"] or name, "id": row["id"] or "late"} for row in csv.DictReader(stream)
        ]
    build.write_csv(path, rows)
    with open_recipients(str(path)) as source:
        return amend(installed, find_campaign(installed, MINE), source, actor="test")


def test_refused_rows_are_made_after_the_others_and_while_they_are_made(installed: Installation) -> None:
    people = build.people(6)
    rows = [one | {"name": "" if number % 3 == 0 else one["name"]} for number, one in enumerate(people)]
    build.submitted(
        installed, [*rows, people[1] | {"id": ""}], build.brief("Hi. {{ name }}."), campaign_id=MINE
    )
    assert amended(installed, "Zoe").made == 3
    assert build.worked(installed, MINE).state == CampaignState.FINISHED
    with installed.database.read() as connection:
        made = {row.row: row for row in delivery.rows(connection, MINE)}
        assert delivery.totals(connection, MINE).fallback_rows == 0
        notes = [row for row in audit.of(connection, MINE) if row["action"] == "amend"]
    assert {row.status for row in made.values()} == {"stored"}
    assert made[7].external_id == "late"
    assert all(row.fallbacks == () and row.lexicon_hits == {} for row in made.values())
    assert len(notes) == 1
    assert not list_of(installed).exists()


def test_an_erased_person_is_in_no_list_and_cannot_be_amended(installed: Installation) -> None:
    rows = [one | {"name": ""} for one in build.people(2)]
    build.submitted(installed, rows, campaign_id=MINE)
    erase_recipient(installed, "person-1", actor="test")
    with list_of(installed).open(encoding="utf-8-sig", newline="") as stream:
        assert [row["id"] for row in csv.DictReader(stream)] == ["person-2"]
    assert amended(installed, "Zoe").made == 1
    build.worked(installed, MINE)
    assert [line["status"] for line in build.manifest(installed.store, MINE)] == ["erased", "stored"]


def test_who_settles_in_the_very_moment_does_not_end_a_campaign_with_rows_to_make(
    installed: Installation,
) -> None:
    build.submitted(installed, [build.people(1)[0] | {"name": ""}], campaign_id=MINE)
    with installed.database.write() as connection:
        connection.execute(update(campaigns).values(state=CampaignState.RUNNING))

    def settled() -> CampaignState | None:
        with installed.database.write() as connection:
            return campaign_rows.settle(connection, MINE)

    with ThreadPoolExecutor(1) as pool:
        with installed.database.write() as connection:
            amendments.hold(connection, MINE)
            settling = pool.submit(settled)
            with pytest.raises(TimeoutError):
                settling.result(timeout=0.5)
            connection.execute(update(assets).values(status=RowStatus.PENDING))
        assert settling.result(timeout=LONGEST_S) is None
    assert find_campaign(installed, MINE).state == CampaignState.RUNNING


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"campaign_row": "999999999999"}, "the campaign has no row 999999999999"),
        ({"campaign_row": "", "id": "a\0b"}, "is no id of a row"),
        ({"campaign_row": "", "id": "a\ud800b"}, "is no id of a row"),
        ({"id": "a\0b"}, "row 1 was of the id"),
    ],
)
def test_what_no_database_takes_is_a_mistake_like_any_other(
    installed: Installation, cells: dict[str, str], said: str
) -> None:
    build.submitted(installed, [build.people(1)[0] | {"name": ""}], campaign_id=MINE)
    path = list_of(installed)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = [row | {"name": "Zoe"} | cells for row in csv.DictReader(stream)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with open_recipients(str(path)) as source, pytest.raises(RecipientsError, match=said):
        amend(installed, find_campaign(installed, MINE), source, actor="test")


@pytest.mark.parametrize("name", ["a\0b", "a\ud800b"])
def test_an_id_that_no_database_takes_is_a_problem_of_its_row(installed: Installation, name: str) -> None:
    build.submitted(installed, [build.people(1)[0] | {"id": ""}], campaign_id=MINE)
    path = list_of(installed)
    path.write_text(json.dumps({"campaign_row": "1", "id": name, "locale": "en", "name": "Zoe"}) + "\n")
    with open_recipients(str(path)) as source:
        done = amend(installed, find_campaign(installed, MINE), source, actor="test")
    assert done.tally.by_outcome == {"failed": 1}


def test_a_report_that_is_under_way_is_none_of_the_rows_that_are_amended_meanwhile(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def render(*arguments: Any, **more: Any) -> str:
        amended(installed, "Zoe")
        return render_report(*arguments, **more)

    build.submitted(installed, [build.people(1)[0] | {"name": ""}], campaign_id=MINE)
    build.worked(installed, MINE)
    with monkeypatch.context() as patched:
        patched.setattr(publish, "render_report", render)
        publish.publish_report(installed, MINE)
    with installed.database.read() as connection:
        assert connection.execute(select(campaigns.c.t_reported_ms)).scalar_one() is None
