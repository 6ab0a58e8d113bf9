"""Captions beside delivered files: what a brief asks for lies there, is named everywhere, and goes with its file."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from campaign.evidence.captions import captions_of
from campaign.operations.control import find_campaign
from campaign.operations.erase import collect_orphans, erase_campaign, erase_recipient
from campaign.rerender.review import record_verdicts, remake_rejected
from campaign.results.folder import result_folder
from campaign.results.links import write_links, write_zip
from storage.erasing import erasure, orphans
from storage.history import delivery
from storage.installation import Installation
from storage.keys import caption_key
from storage.names import CampaignId
from storage.queue import leases
from storage.resources import data_folder
from tests import build
from tests.servers import S3Endpoint
from tests.speakers import add_kokoro
from workers import pipeline as pipeline_module
from workers.finish.captions import WRITERS
from workers.process.app import assemble

ALL = ("json", "srt", "vtt")
ASKED = {"codec": "wav", "captions": list(ALL)}


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


def captioned(made: Installation, rows: int = 2, **finish: Any) -> CampaignId:
    asked = build.brief("Welcome back, friend. Hello {{ name }}.", finish=ASKED | finish)
    campaign_id = build.submitted(made, build.people(rows), asked).campaign.id
    build.worked(made, campaign_id)
    return campaign_id


def delivered(made: Installation, campaign_id: CampaignId) -> list[delivery.DeliveredRow]:
    with made.database.read() as connection:
        return list(delivery.rows(connection, campaign_id))


def row_files(made: Installation, campaign_id: CampaignId) -> set[str]:
    return {
        key
        for key in build.objects(made.store, f"campaigns/{campaign_id}/")
        if orphans.ROW_FILE.fullmatch(key)
    }


def test_what_lies_beside_a_file_is_what_the_command_writes(
    installed: Installation, kokoro_folder: Path
) -> None:
    add_kokoro(installed, kokoro_folder)
    asked = build.brief(
        "Hello {{ name }}, in the morning. Goodbye.", model="kokoro", preset="demo-voice@2", finish=ASKED
    )
    rows = [{"id": "person-1", "locale": "en", "name": "Maria"}]
    campaign = build.worked(installed, build.submitted(installed, rows, asked).campaign.id)
    [row] = delivered(installed, campaign.id)
    assert tuple(row.caption_keys) == ALL
    for form, key in row.caption_keys.items():
        written = WRITERS[form](captions_of(installed, campaign, 1))  # type: ignore[index]
        assert installed.store.get(key).decode() == written
    document = json.loads(installed.store.get(row.caption_keys["json"]))
    assert (document["row"], document["version"]) == (1, 1)
    words = document["captions"][0]["words"]
    assert [word["text"] for word in words] == ["Hello", "Maria,", "in", "the", "morning."]
    assert 0 < words[0]["from_ms"] < words[1]["from_ms"] < words[1]["to_ms"]


def test_an_utterance_whose_words_nobody_timed_is_one_caption(installed: Installation) -> None:
    row = delivered(installed, captioned(installed))[0]
    first, second = json.loads(installed.store.get(row.caption_keys["json"]))["captions"]
    assert (first["text"], first["words"], second["words"]) == ("Welcome back, friend.", None, None)
    assert row.samples is not None and row.rate_hz is not None
    assert 0 < first["from_ms"] < first["to_ms"] < second["from_ms"] < second["to_ms"]
    assert second["to_ms"] <= 1000 * row.samples / row.rate_hz - 200  # the lead-out
    assert "Hello" in installed.store.get(row.caption_keys["srt"]).decode()


def test_only_what_was_asked_for_is_written_and_named(installed: Installation) -> None:
    plain = captioned(installed, captions=[])
    some = captioned(installed, rows=3, captions=["vtt", "srt", "vtt"])
    assert {key.rpartition(".")[2] for key in row_files(installed, plain)} == {"wav"}
    assert {key.rpartition(".")[2] for key in row_files(installed, some)} == {"wav", "srt", "vtt"}
    assert json.loads(installed.store.get(f"campaigns/{some}/report.json"))["delivered"]["captions"] == [
        "srt",
        "vtt",
    ]
    header, *_ = installed.store.get(f"campaigns/{some}/recipients.csv").decode().splitlines()
    assert header.endswith(",timezone,captions_srt,captions_vtt")
    for line in build.manifest(installed.store, plain):
        assert "captions" not in line
    report = json.loads(installed.store.get(f"campaigns/{plain}/report.json"))
    assert "captions" not in report["delivered"]
    assert b"aptions" not in installed.store.get(f"campaigns/{plain}/report.html")
    assert b"captions" not in installed.store.get(f"campaigns/{plain}/recipients.csv")


def test_manifest_report_and_lists_name_them(installed: Installation) -> None:
    campaign_id = captioned(installed)
    prefix = f"campaigns/{campaign_id}/"
    rows, lines = delivered(installed, campaign_id), build.manifest(installed.store, campaign_id)
    for row, line in zip(rows, lines, strict=True):
        assert {form: prefix + place for form, place in line["captions"].items()} == row.caption_keys
        assert line["captions"]["vtt"] == line["url"].removesuffix("wav") + "vtt"
    report = json.loads(installed.store.get(prefix + "report.json"))
    assert report["delivered"]["captions"] == list(ALL)
    schema = json.loads((data_folder("schemas") / "report.schema.json").read_text())
    Draft202012Validator(schema).validate(report)
    page = installed.store.get(prefix + "report.html").decode()
    assert f'href="{lines[1]["captions"]["srt"]}"' in page and "json, srt, vtt beside each file" in page
    public = list(csv.DictReader(io.StringIO(installed.store.get(prefix + "recipients.csv").decode())))
    assert [one["captions_vtt"] for one in public] == [line["captions"]["vtt"] for line in lines]
    result = (result_folder(installed, campaign_id) / "recipients-result.csv").read_text()
    own = list(csv.DictReader(io.StringIO(result)))
    assert [one["captions_json"] for one in own] == [
        installed.store.url(row.caption_keys["json"]) for row in rows
    ]


def test_zip_holds_them_under_the_name_of_their_file(installed: Installation, tmp_path: Path) -> None:
    campaign_id = captioned(installed)
    assert write_zip(installed, campaign_id, tmp_path / "all.zip", names="{id}") == 2
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert set(archive.namelist()) == {"files.csv"} | {
            f"person-{number}.{extension}" for number in (1, 2) for extension in ("wav", *ALL)
        }
        [row, _] = delivered(installed, campaign_id)
        assert archive.read("person-1.vtt") == installed.store.get(row.caption_keys["vtt"])
        index = list(csv.DictReader(io.StringIO(archive.read("files.csv").decode())))
    assert (index[1]["file"], index[1]["captions_srt"]) == ("person-2.wav", "person-2.srt")


def test_links_on_s3_fetch_captions_as_what_they_are(tmp_path: Path, moto: S3Endpoint) -> None:
    made = build.installation(tmp_path / "home", **build.s3_settings(moto, "captioned"))
    campaign_id = captioned(made, rows=1)
    text = io.StringIO()
    write_links(made, campaign_id, text, expires_s=600)
    (link,) = csv.DictReader(io.StringIO(text.getvalue()))
    with urllib.request.urlopen(link["captions_vtt"]) as answer:
        assert answer.read().startswith(b"WEBVTT")
        assert answer.headers["Content-Type"] == "text/vtt; charset=utf-8"
        assert "immutable" in answer.headers["Cache-Control"]
    made.close()


def test_erased_person_has_no_captions_and_others_keep_theirs(tmp_path: Path) -> None:
    made = build.installation(
        tmp_path / "home", webhook_urls=["https://cdn.example/purge"], webhook_allow_private=True
    )
    campaign_id = captioned(made)
    gone, stays = delivered(made, campaign_id)
    erase_recipient(made, "person-1", actor="test")
    assert row_files(made, campaign_id) == {stays.object_key, *stays.caption_keys.values()}
    with made.database.read() as connection:
        told = [event for event in _events(connection) if "urls" in event]
    assert gone.object_key is not None
    assert {made.store.url(key) for key in (gone.object_key, *gone.caption_keys.values())} == set(
        told[0]["urls"]
    )
    erase_campaign(made, campaign_id, actor="test")
    assert row_files(made, campaign_id) == set()
    made.close()


def _events(connection: Any) -> list[dict[str, Any]]:
    from storage.tables import events as table

    return [row.body for row in connection.execute(table.select().order_by(table.c.id))]


def test_manifest_root_stays_when_a_person_with_captions_is_erased(installed: Installation) -> None:
    campaign_id = captioned(installed)

    def root() -> str:
        return str(json.loads(installed.store.get(f"campaigns/{campaign_id}/report.json"))["manifest_root"])

    before = root()
    erase_recipient(installed, "person-2", actor="test")
    assert root() == before


def test_captions_of_a_killed_worker_are_removed_and_named_ones_stay(installed: Installation) -> None:
    campaign_id = captioned(installed)
    before = build.objects(installed.store)
    [row, _] = delivered(installed, campaign_id)
    left = caption_key(f"{(row.object_key or '').rpartition('/')[0]}/{'0' * 64}.wav", "vtt")
    sha256 = hashlib.sha256(b"WEBVTT").hexdigest()
    installed.store.put(left, b"WEBVTT", sha256=sha256, content_type="text/vtt")
    assert collect_orphans(installed).objects == 1
    assert build.objects(installed.store) == before


def test_attempt_that_was_fenced_takes_its_captions_away(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = build.brief(finish=ASKED)
    campaign = build.submitted(installed, build.people(1), asked).campaign
    sleeper, other = assemble(installed), assemble(installed)
    sleeper.pipeline.synthesise()
    finish_one = pipeline_module.Pipeline._finish_one

    def asleep(pipeline: Any, *rest: Any) -> Any:
        made = finish_one(pipeline, *rest)
        if pipeline is sleeper.pipeline:
            with installed.database.write() as connection:
                leases.release_all(connection, worker=sleeper.resources.worker)
            monkeypatch.setattr(pipeline_module, "provenance_of", lambda *_: None)
            assert other.pipeline.finish() == 1
        return made

    monkeypatch.setattr(pipeline_module.Pipeline, "_finish_one", asleep)
    assert sleeper.pipeline.finish() == 1
    assert len(row_files(installed, campaign.id)) == 8
    erasure.sweep_all(installed.database, installed.store)
    [row] = delivered(installed, campaign.id)
    assert row_files(installed, campaign.id) == {row.object_key, *row.caption_keys.values()}
    for worker in (sleeper, other):
        worker.resources.close()


def test_no_row_is_stored_whose_captions_the_store_did_not_take(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storage.errors import StoreUnavailableError

    campaign = build.submitted(installed, build.people(1), build.brief(finish=ASKED)).campaign
    worker = assemble(installed)
    worker.pipeline.synthesise()
    put = worker.resources.store.put

    def refuse(key: str, data: bytes, **about: Any) -> None:
        if key.endswith(".srt"):
            raise StoreUnavailableError("away")
        put(key, data, **about)

    monkeypatch.setattr(worker.resources.store, "put", refuse)
    worker.pipeline.finish()
    assert [row.status for row in delivered(installed, campaign.id)] == ["pending"]
    worker.resources.close()


def test_captions_asked_for_later_are_another_campaign(installed: Installation) -> None:
    plain = build.submitted(installed, build.people(1)).campaign.id
    assert build.submitted(installed, build.people(1), build.brief(finish=ASKED)).campaign.id != plain


def test_a_file_made_again_has_captions_of_its_own(installed: Installation) -> None:
    campaign = find_campaign(installed, captioned(installed, captions=["json"]))
    record_verdicts(installed, campaign, rejected=[1], reason="swallowed", actor="test")
    remake_rejected(installed, campaign, watch=lambda _campaign, _counts: None)
    row = delivered(installed, campaign.id)[0]
    assert json.loads(installed.store.get(row.caption_keys["json"]))["version"] == 2
    assert sum(key.endswith(".json") for key in row_files(installed, campaign.id)) == 3
    assert collect_orphans(installed).objects == 0
