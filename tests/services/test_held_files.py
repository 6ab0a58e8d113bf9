"""Files that were misheard or not judged: held, retried, accepted, rejected."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import select

from campaign.errors import ConflictError
from campaign.operations.control import find_campaign, retry
from campaign.operations.erase import erase_recipient, purge
from campaign.operations.foreground import report_if_due
from campaign.operations.suppression import add_persons
from campaign.report.publish import publish_report
from campaign.rerender.review import queue, record_verdicts, remake_rejected
from storage.history import audit
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.queue import held as held_rows
from storage.queue import reviews
from storage.tables import CampaignState, assets
from tests import build
from tests.build import _unwatched
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


def test_a_retry_makes_the_same_file_again_as_the_next_version(
    ears: Ears, installation: Installation
) -> None:
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


def test_held_files_come_first_with_what_was_said_and_heard(ears: Ears, installation: Installation) -> None:
    ears.instead["forty"] = "fourteen"
    ears.deaf_to.add("sixty")
    campaign_id = sent(installation)
    misheard, unclear, *sample = queue(installation, campaign_id)
    assert [(one.row, one.held) for one in (misheard, unclear, *sample)] == [
        (1, "not-heard"),
        (3, "not-judged"),
        (2, ""),
    ]
    said, name, amount = misheard.sentences
    assert (said.verdict, name.verdict, amount.verdict) == ("heard", "heard", "misheard")
    assert amount.said == "Your balance is forty dollars today."
    assert amount.heard == "Your balance is fourteen dollars today."
    [stretch] = amount.stretches
    assert (stretch.said, stretch.heard) == ("forty", "fourteen")
    assert (stretch.kind, stretch.column) == ("money", "amount")
    assert amount.said[slice(*stretch.said_at)] == "forty"
    assert amount.heard[slice(*stretch.heard_at)] == "fourteen"
    assert f"money amount at {stretch.at_s} s" in misheard.why
    assert name.at_s < amount.at_s < stretch.at_s < misheard.duration_s
    assert [one.verdict for one in unclear.sentences] == ["heard", "heard", "not-judged"]
    assert unclear.sentences[2].heard == ""
    assert sample[0].sentences == ()


def test_an_accepted_file_is_delivered_and_its_campaign_ends_anew(
    ears: Ears, installation: Installation
) -> None:
    ears.instead["forty"] = "fourteen"
    ears.instead["sixty"] = "sixteen"
    campaign_id = sent(installation)
    campaign = find_campaign(installation, campaign_id)
    [first, *_] = queue(installation, campaign_id)
    assert [line["url"] is None for line in build.manifest(installation.store, campaign_id)] == [
        True,
        False,
        True,
    ]
    record_verdicts(installation, campaign, accepted=[1], actor="ann")
    assert find_campaign(installation, campaign_id).state == "finished_with_errors"
    report_if_due(installation, campaign_id)
    line = build.manifest(installation.store, campaign_id)[0]
    assert (line["status"], line["version"], line["error"]) == ("stored", 1, None)
    assert first.url.endswith(line["url"])
    assert [one.row for one in queue(installation, campaign_id)] == [3, 2]
    record_verdicts(installation, campaign, accepted=[3], actor="ann")
    assert find_campaign(installation, campaign_id).state == "finished"
    report_if_due(installation, campaign_id)
    lines = build.manifest(installation.store, campaign_id)
    assert build.statuses(lines) == {"stored": 3}
    with installation.database.read() as connection:
        times = list(connection.scalars(select(assets.c.t_stored_ms)))
        notes = [entry for entry in audit.of(connection, campaign_id) if entry["action"] == "review"]
    assert None not in times
    assert [note["detail"]["delivered"] for note in notes] == [1, 1]


def test_postgresql_holds_and_delivers_as_sqlite_does(ears: Ears, tmp_path: Path, postgres_url: str) -> None:
    ears.instead["forty"] = "fourteen"
    made = build.installation(tmp_path / "home", database_url=postgres_url)
    campaign_id = sent(made)
    assert retry(made, campaign_id, actor="test") == 1
    build.worked(made, campaign_id)
    [held, *_] = queue(made, campaign_id)
    assert (held.row, held.version, held.held) == (1, 2, "not-heard")
    record_verdicts(made, find_campaign(made, campaign_id), accepted=[1], actor="ann")
    document = publish_report(made, campaign_id).document
    assert (document["state"], document["listening"]["files"]["held"]) == ("finished", 0)
    assert document["listening"]["values"]["heard"] == 5
    made.close()


def test_a_rejected_file_stays_and_is_made_again_with_the_next_take(
    ears: Ears, installation: Installation
) -> None:
    ears.instead["forty"] = "fourteen"
    campaign_id = sent(installation)
    campaign = find_campaign(installation, campaign_id)
    record_verdicts(installation, campaign, rejected=[1], reason="fourteen", actor="ann")
    assert {one.row for one in queue(installation, campaign_id)} == {2, 3}
    line = build.manifest(installation.store, campaign_id)[0]
    assert (line["status"], line["error"], line["url"]) == ("failed", "not-heard", None)
    [still] = remake_rejected(installation, campaign, best_of=2, watch=_unwatched)
    assert (still.version, still.takes) == (None, 0), "both takes were misheard"
    [held, *_] = queue(installation, campaign_id)
    assert (held.row, held.version) == (1, 3)
    record_verdicts(installation, campaign, rejected=[1], actor="ann")
    ears.instead.clear()
    [made] = remake_rejected(installation, campaign, watch=_unwatched)
    assert (made.row, made.version, made.takes) == (1, 4, 1)
    assert build.statuses(build.manifest(installation.store, campaign_id)) == {"stored": 3}
    assert find_campaign(installation, campaign_id).state == "finished"


def test_nothing_is_delivered_to_who_opted_out_or_was_erased(ears: Ears, installation: Installation) -> None:
    ears.instead |= {"forty": "fourteen", "fifty": "fifteen", "sixty": "sixteen"}
    campaign_id = sent(installation)
    campaign = find_campaign(installation, campaign_id)
    add_persons(installation, ["person-1"], source="test", actor="test")
    erase_recipient(installation, "person-2", actor="test")
    assert [one.row for one in queue(installation, campaign_id)] == [3]
    with pytest.raises(ConflictError, match="opted out"):
        record_verdicts(installation, campaign, accepted=[3, 1], actor="ann")
    with pytest.raises(ConflictError, match="no file to judge"):
        record_verdicts(installation, campaign, accepted=[2], actor="ann")
    report_if_due(installation, campaign_id)
    lines = build.manifest(installation.store, campaign_id)
    assert [line["status"] for line in lines] == ["failed", "erased", "failed"]
    with installation.database.read() as connection:
        assert reviews.of_campaign(connection, campaign_id) == []


def test_nothing_is_delivered_of_a_campaign_that_is_paused_or_cancelled(
    ears: Ears, installation: Installation
) -> None:
    ears.instead["forty"] = "fourteen"
    campaign_id = sent(installation)
    campaign = find_campaign(installation, campaign_id)
    with installation.database.write() as connection:
        campaign_rows.move(connection, campaign_id, CampaignState.RUNNING)
        campaign_rows.move(connection, campaign_id, CampaignState.PAUSED)
    with pytest.raises(ConflictError, match="campaign resume"):
        record_verdicts(installation, campaign, accepted=[1], actor="ann")
    with installation.database.write() as connection:
        campaign_rows.move(connection, campaign_id, CampaignState.CANCELLED)
    with pytest.raises(ConflictError, match="nothing is delivered"):
        record_verdicts(installation, campaign, accepted=[1], actor="ann")
    record_verdicts(installation, campaign, rejected=[1], actor="ann")


def test_nothing_is_delivered_once_the_speaker_does_not_agree(
    ears: Ears, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    ears.instead["forty"] = "fourteen"
    campaign_id = sent(installation)
    monkeypatch.setattr("campaign.rerender.review.refusal", lambda *_: "the consent was revoked")
    with pytest.raises(ConflictError, match="the consent was revoked"):
        record_verdicts(installation, find_campaign(installation, campaign_id), accepted=[1], actor="ann")
    report_if_due(installation, campaign_id)
    assert build.manifest(installation.store, campaign_id)[0]["status"] == "failed"


def test_of_many_held_files_the_first_are_shown_until_they_are_judged(
    ears: Ears, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaign.rerender.review.MOST_HELD", 2)
    ears.instead |= {"forty": "fourteen", "fifty": "fifteen", "sixty": "sixteen"}
    campaign_id = sent(installation)
    assert [one.row for one in queue(installation, campaign_id)] == [1, 2]
    record_verdicts(installation, find_campaign(installation, campaign_id), rejected=[1], actor="ann")
    assert [one.row for one in queue(installation, campaign_id)] == [2, 3]


def test_an_unclear_file_that_the_brief_delivers_is_not_held(
    monkeypatch: pytest.MonkeyPatch, installation: Installation
) -> None:
    ears = listened_to(monkeypatch, unclear="deliver")
    ears.deaf_to.add("forty")
    campaign_id = sent(installation)
    assert [one.held for one in queue(installation, campaign_id)] == ["", "", ""]


def test_what_was_heard_goes_with_the_rows(ears: Ears, installation: Installation) -> None:
    mine, theirs = build.spelled(1), build.spelled(2)
    ears.instead |= {mine: "Quetzalcoatlus", theirs: "Archaeopteryx"}
    campaign_id = sent(installation)
    assert _said(installation, "Quetzalcoatlus", "Archaeopteryx", mine) == [True, True, True]
    erase_recipient(installation, "person-1", actor="test")
    assert _said(installation, "Quetzalcoatlus", mine, "forty dollars") == [False, False, False]
    assert _said(installation, "Archaeopteryx", theirs, "fifty dollars") == [True, True, True]
    ended, _ = purge(installation, older_than_ms=-1000, actor="test")
    assert ended == [campaign_id]
    assert _said(installation, "Archaeopteryx", theirs, "fifty dollars") == [False] * 3


def _said(installation: Installation, *words: str) -> list[bool]:
    """Whether any byte of the database's files says so."""
    with contextlib.closing(sqlite3.connect(installation.settings.home / "campaign.sqlite")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = [path.read_bytes() for path in installation.settings.home.glob("campaign.sqlite*")]
    return [any(word.encode() in data for data in kept) for word in words]
