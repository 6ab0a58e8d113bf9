"""What was not heard is said anew before its file is held: other sounds of the same words, in the same voice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select

from campaign.operations.control import find_campaign, retry
from campaign.report.publish import publish_report
from campaign.rerender.review import queue, record_verdicts, remake_rejected
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import held as held_rows
from storage.tables import asset_versions, utterances
from tests import build
from tests.build import _unwatched
from tests.hearing import Ears, listened_to
from workers.finish import FinishError, Part, finish

TEMPLATE = "Welcome back, friend. Hello {{ name }}. Your balance is {{ amount }} today."
MOST = 2


@pytest.fixture
def ears(monkeypatch: pytest.MonkeyPatch) -> Ears:
    return listened_to(monkeypatch, takes=MOST)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return build.installation(tmp_path / "home")


def sent(installation: Installation, *amounts: str) -> CampaignId:
    rows = [
        {**one, "amount": amount} for one, amount in zip(build.people(len(amounts)), amounts, strict=True)
    ]
    asked = build.brief(TEMPLATE, columns={"name": "name", "amount": "money USD"})
    campaign_id = build.submitted(installation, rows, asked).campaign.id
    build.worked(installation, campaign_id)
    return campaign_id


def versions(installation: Installation) -> int:
    with installation.database.read() as connection:
        return connection.execute(select(func.count()).select_from(asset_versions)).scalar_one()


def test_a_sentence_that_was_not_heard_is_said_anew_and_the_others_stay(
    ears: Ears, installation: Installation
) -> None:
    ears.instead["forty"], ears.slips["forty"] = "fourteen", 1
    campaign_id = sent(installation, "$40", "$50")
    assert find_campaign(installation, campaign_id).state == "finished"
    first, second = build.manifest(installation.store, campaign_id)
    assert (first["status"], first["version"], first["error"]) == ("stored", 2, None)
    assert first["listening"] == {"verdict": "heard", "values": [2, 2], "take": 1}
    assert (second["version"], second["listening"]) == (1, {"verdict": "heard", "values": [2, 2]})
    assert ears.heard.count("Your balance is forty dollars today.") == 2
    assert ears.heard.count("Hello Mae.") == 1
    report = publish_report(installation, campaign_id).document
    assert report["listening"]["files"] == {
        "listened_to": 2,
        "heard": 2,
        "misheard": 0,
        "not_judged": 0,
        "held": 0,
        "by_further_take": 1,
    }


def test_what_could_not_be_judged_is_said_anew_too(ears: Ears, installation: Installation) -> None:
    ears.deaf_to.add("forty")
    campaign_id = sent(installation, "$40", "$50")
    assert [line["error"] for line in build.manifest(installation.store, campaign_id)] == [
        "not-judged",
        None,
    ]
    assert ears.heard.count("Your balance is forty dollars today.") == 1 + MOST


def test_a_file_is_held_when_its_sentence_has_had_its_takes(ears: Ears, installation: Installation) -> None:
    ears.instead["forty"] = "fourteen"
    campaign_id = sent(installation, "$40", "$50")
    assert find_campaign(installation, campaign_id).state == "finished_with_errors"
    lines = build.manifest(installation.store, campaign_id)
    assert [line["error"] for line in lines] == ["not-heard", None]
    with installation.database.read() as connection:
        [held] = held_rows.files(connection, campaign_id)
    assert (held.version, held.listening["take"]) == (1 + MOST, MOST)
    assert versions(installation) == 1 + 1 + MOST
    assert retry(installation, campaign_id, actor="test") == 1
    build.worked(installation, campaign_id)
    assert versions(installation) == 2 + 1 + MOST, "the same once more, and no further take"


def test_a_shared_sentence_is_said_anew_once_for_all(ears: Ears, installation: Installation) -> None:
    ears.instead["friend"], ears.slips["friend"] = "elephant", 1
    campaign_id = sent(installation, "$40", "$50", "$60")
    lines = build.manifest(installation.store, campaign_id)
    assert {line["status"] for line in lines} == {"stored"}
    with installation.database.read() as connection:
        specs = list(connection.scalars(select(utterances.c.spec)))
    assert [spec["spans"][0]["text"] for spec in specs if spec["take"]] == ["Welcome back, friend."]


def test_a_further_take_after_a_rejection_goes_on_from_there(
    ears: Ears, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    ears.instead["forty"] = "fourteen"
    campaign_id = sent(installation, "$40", "$50")
    campaign = find_campaign(installation, campaign_id)
    record_verdicts(installation, campaign, rejected=[1], actor="ann")
    ears.instead.clear()
    [remade] = remake_rejected(installation, campaign, watch=_unwatched)
    assert (remade.version, remade.takes) == (2 + MOST, 1)


def test_postgresql_says_anew_as_sqlite_does(ears: Ears, tmp_path: Path, postgres_url: str) -> None:
    ears.instead["forty"], ears.slips["forty"] = "fourteen", 1
    made = build.installation(tmp_path / "home", database_url=postgres_url)
    campaign_id = sent(made, "$40", "$50")
    assert find_campaign(made, campaign_id).state == "finished"
    assert [line["version"] for line in build.manifest(made.store, campaign_id)] == [2, 1]
    made.close()


def test_a_take_that_is_no_file_leaves_the_one_before_to_a_person(
    ears: Ears, installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    ears.instead["forty"] = "fourteen"
    files: list[int] = []

    def once(parts: Sequence[Part], *given: object, **more: object) -> object:
        files.append(len(parts))
        if len(files) > 1:
            raise FinishError("too-short", "0.1 s of sound")
        return finish(parts, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("workers.pipeline.finish", once)
    campaign_id = sent(installation, "$40")
    assert len(files) == 2
    [line] = build.manifest(installation.store, campaign_id)
    assert (line["status"], line["error"]) == ("failed", "not-heard")
    [held] = queue(installation, campaign_id)
    assert (held.held, held.version) == ("not-heard", 1)
    record_verdicts(installation, find_campaign(installation, campaign_id), accepted=[1], actor="ann")
    assert find_campaign(installation, campaign_id).state == "finished"
