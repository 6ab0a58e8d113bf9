"""Files heard before they are delivered: Kokoro's speech, whisper-base's ears, the very models."""

from __future__ import annotations

import json
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from campaign.cli import exits
from storage.installation import Installation
from storage.tables import asset_versions, assets, utterances
from tests import build
from tests.acceptance.conftest import Done, Program, eventually
from tests.models import models_with, without
from tests.servers.disk import disk
from workers.finish.decoding import decoded
from workers.finish.reading import read_file
from workers.listening.file import Said
from workers.listening.judging import Hearing
from workers.listening.listener import FileListener, whisper_opener
from workers.listening.naming import Mishap

BRIEF = """
name = "heard"
languages = ["en"]
[templates]
en = "bill.txt"
[columns]
name = "name"
amount = "money USD"
due = "date"
code = "spell"
[finish]
codec = "mp3"
"""
TEMPLATE = (
    "Hello {{ name }}. Your bill of {{ amount }} is due on {{ due }}. The reference is {{ code }}. "
    "Thank you very much."
)
NAMES = ("Amelia Stone", "James Carter", "Priya Patel", "Grace Kim", "Daniel Cohen", "Siobhan Murphy")


def rows(count: int = 6) -> list[dict[str, str]]:
    return [
        {
            "id": str(number),
            "locale": "en-US",
            "name": NAMES[number % len(NAMES)],
            "amount": f"{17 + 31 * number}.{10 + number}",
            "due": f"2027-{1 + number % 12:02}-{11 + number:02}",
            "code": f"BX-{1904 + 7 * number}",
        }
        for number in range(count)
    ]


def written(folder: Path, brief: str = BRIEF, template: str = TEMPLATE, count: int = 6) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "bill.txt").write_text(template)
    (folder / "campaign.toml").write_text(brief)
    return build.write_csv(folder / "recipients.csv", rows(count))


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    folder = tmp_path_factory.mktemp("listening")
    models = models_with(folder / "models", "kokoro", "whisper-base")
    program = Program(home=folder / "home", settings={"CAMPAIGN_MODELS": str(models)}).here()
    got = program.run("voice", "get", "kokoro")
    assert got.code == 0, got.err
    return program


@pytest.fixture(scope="module")
def done(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Done:
    return program.run("submit", written(tmp_path_factory.mktemp("files")), "--id", "heard", "--json")


def versions(installed: Installation, campaign_id: str) -> list[dict[str, Any]]:
    with installed.database.read() as connection:
        return [
            dict(row)
            for row in connection.execute(
                select(
                    assets.c.row, assets.c.status, assets.c.code, assets.c.reason, asset_versions.c.listening
                )
                .join(asset_versions, asset_versions.c.asset_id == assets.c.id)
                .where(assets.c.campaign_id == campaign_id)
                .order_by(assets.c.row)
            ).mappings()
        ]


def test_every_file_is_heard_value_by_value_where_a_recogniser_is_at_hand(
    program: Program, done: Done
) -> None:
    assert done.code == exits.OK, done.err
    found = versions(build.installation(program.home), "heard")
    assert len(found) == 6
    for one in found:
        assert one["listening"]["verdict"] == Hearing.HEARD, one
        assert one["listening"]["values"] == {
            kind: {"heard": 1} for kind in ("date", "money", "name", "spell")
        }
        assert one["listening"]["recogniser"].startswith("whisper-d01c3014881c-ctranslate2-")


def test_what_all_files_share_is_judged_once(program: Program, done: Done) -> None:
    installed = build.installation(program.home)
    with installed.database.read() as connection:
        judged = list(connection.scalars(select(utterances.c.heard)))
    assert len(judged) == 3 * 6 + 1, "one sentence is everybody's"
    assert all(one["judgement"]["verdict"] == Hearing.HEARD for one in judged)


def test_the_same_file_is_judged_the_same(program: Program, done: Done, tmp_path: Path) -> None:
    again = Program(home=tmp_path / "home", settings=program.settings).here()
    assert again.run("voice", "get", "kokoro").code == 0
    assert again.run("submit", written(tmp_path / "files", count=2), "--id", "heard").code == exits.OK
    before = versions(build.installation(program.home), "heard")[:2]
    for old, new in zip(before, versions(build.installation(again.home), "heard"), strict=True):
        assert new["listening"] == old["listening"]


def test_a_file_that_lost_a_second_is_kept_and_not_delivered(program: Program, tmp_path: Path) -> None:
    brief = BRIEF.replace('en = "bill.txt"', f'en = {{ file = "bill.txt", imperfections = [{FLAW}] }}')
    done = program.run("submit", written(tmp_path / "flawed", brief, count=2), "--id", "flawed", "--json")
    assert done.code == exits.FINISHED_WITH_ERRORS
    installed = build.installation(program.home)
    found = versions(installed, "flawed")
    assert {(one["row"], one["status"], one["code"]) for one in found} == {
        (1, "failed", "not-heard"),
        (2, "failed", "not-heard"),
    }
    assert len(found) > 2, "it was said anew"
    for one in found:
        assert one["listening"]["verdict"] == Hearing.MISHEARD
        assert "campaign review" in one["reason"]
        assert not any(name.split()[0] in one["reason"] for name in NAMES), "a reason leaves the database"
    lines = build.manifest(installed.store, "flawed")
    assert [line["url"] for line in lines] == [None, None]


FLAW = '{ kind = "dropout", stage = "waveform", probability = 1.0, rate = 8, duration_ms = 700 }'


def test_a_sentence_in_another_language_is_named(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "hola.wav"
    spanish = "Hola, buenos días. Le llamamos de la clínica para cambiar su cita."
    assert program.run("say", spanish, "--lang", "es", "-o", path).code == exits.OK
    pcm, rate_hz = decoded(path.read_bytes(), dtype="int16")
    folder = next(Path(program.settings["CAMPAIGN_MODELS"]).glob("whisper-base-*/"))
    with closing(FileListener(whisper_opener(folder, name="", device="cpu"))) as listener:
        text = "Hello, good morning. The clinic calls you to change your appointment."
        said = Said(key="one", text=text, language="en", values=(), pcm=pcm, rate_hz=rate_hz)
        judgement = listener.judge(pcm, rate_hz, said)
        assert (judgement.verdict, judgement.mishap) == (Hearing.MISHEARD, Mishap.OTHER_LANGUAGE)
        assert judgement.language == "es"
        right = listener.judge(pcm, rate_hz, replace(said, text=spanish, language="es"))
        assert (right.verdict, right.mishap, right.language) == (Hearing.HEARD, Mishap.NONE, "")


def test_without_its_recogniser_nothing_goes_out_and_nothing_is_lost(tmp_path: Path) -> None:
    models = models_with(tmp_path / "models", "kokoro", "whisper-base")
    settings = {"CAMPAIGN_MODELS": str(models), "CAMPAIGN_MAX_ATTEMPTS": "2"}
    program = Program(home=tmp_path / "home", settings=settings).here()
    assert program.run("voice", "get", "kokoro").code == 0
    held = program.run("submit", written(tmp_path / "files", count=2), "--id", "away", "--hold")
    assert held.code == exits.OK, held.err
    without(models, "whisper-base")
    assert program.run("resume", "away").code == exits.FINISHED_WITH_ERRORS
    installed = build.installation(program.home)
    with installed.database.read() as connection:
        codes = set(connection.scalars(select(assets.c.code)))
    assert codes == {"recogniser-away"}
    models_with(models, "whisper-base")
    done = program.run("retry", "away", "--json")
    assert done.code == exits.OK, done.err
    assert build.statuses(build.manifest(installed.store, "away")) == {"stored": 2}


def test_killed_while_it_listens_it_hears_the_rest_and_delivers_nothing_unheard(tmp_path: Path) -> None:
    models = models_with(tmp_path / "models", "kokoro", "whisper-base")
    settings = {"CAMPAIGN_MODELS": str(models), "CAMPAIGN_FINISH_BATCH": "1"}
    program = Program(home=tmp_path / "home", settings=settings)
    assert program.here().run("voice", "get", "kokoro").code == 0
    path = written(tmp_path / "files", count=6)
    installed = build.installation(program.home)
    with program.started("submit", path, "--id", "killed") as process:
        eventually(lambda: len(versions(installed, "killed")) >= 2, what="the first files that were heard")
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert len(versions(installed, "killed")) < 6, "it was killed too late to show anything"
    done = program.run("submit", path, "--id", "killed", "--json")
    assert done.code == exits.OK, done.err
    found = versions(installed, "killed")
    assert [(one["status"], one["listening"]["verdict"]) for one in found] == [("stored", "heard")] * 6


def test_a_disk_that_is_full_when_a_file_was_heard_costs_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    models = models_with(tmp_path / "models", "kokoro", "whisper-base")
    with disk(tmp_path / "disk", size="64m") as small, ThreadPoolExecutor(1) as pool:
        settings = {
            "CAMPAIGN_MODELS": str(models),
            "CAMPAIGN_FINISH_BATCH": "1",
            "CAMPAIGN_MAX_ATTEMPTS": "2",
            "CAMPAIGN_OBJECT_STORE": f"file://{small.folder / 'objects'}",
        }
        home = {"CAMPAIGN_HOME": str(tmp_path / "home"), "CAMPAIGN_SECRET": "5e" * 32}
        assert small.run("voice", "get", "kokoro", environment=home | settings).code == exits.OK
        path = written(tmp_path / "files", count=6)
        submit = pool.submit(small.run, "submit", path, "--id", "full", environment=home | settings)
        installed = build.installation(tmp_path / "home")
        eventually(lambda: bool(versions(installed, "full")), what="the first file that was heard")
        small.fill()
        assert submit.result().code == exits.UNAVAILABLE, submit.result()
        heard_before = len(versions(installed, "full"))
        assert 0 < heard_before < 6, "the disk was full too late to show anything"
        small.free()
        done = small.run("resume", "full", "--json", environment=home | settings)
        assert done.code == exits.OK, done
        found = versions(installed, "full")
        assert [(one["row"], one["status"]) for one in found] == [(row, "stored") for row in range(1, 7)]
        assert {one["listening"]["verdict"] for one in found} == {"heard"}
        files = small.run(shell=f"find {small.folder}/objects -name '*.mp3' | wc -l")
        assert int(files.out) == 6


def test_words_have_their_times_from_who_listens_where_the_engine_tells_none(
    program: Program, done: Done, tmp_path: Path
) -> None:
    flawed = f'en = {{ file = "bill.txt", imperfections = [{BREATH}] }}'
    brief = BRIEF.replace('name = "heard"', 'name = "placed"').replace('en = "bill.txt"', flawed) + LISTENED
    program.run("submit", written(tmp_path / "placed", brief, count=1), "--id", "placed")
    installed = build.installation(program.home)
    with installed.database.read() as connection:
        query = (
            select(assets.c.campaign_id, asset_versions.c.object_key)
            .join(asset_versions, asset_versions.c.asset_id == assets.c.id)
            .where(assets.c.row == 1, assets.c.campaign_id.in_(("heard", "placed")))
        )
        keys = dict(connection.execute(query).tuples().all())
    placed = read_file(installed.store.get(keys["placed"])).descriptor
    told = read_file(installed.store.get(keys["heard"])).descriptor
    assert placed is not None and told is not None
    for place in placed["timebase"]:
        assert place["words_by"].startswith("whisper-")
        starts = [word["first_sample"] for word in place["words"]]
        assert starts == sorted(starts)
        assert starts[0] >= place["first_sample"]
        assert starts[-1] < place["first_sample"] + place["samples"]
    assert all("words_by" not in place and place["words"] for place in told["timebase"])


BREATH = '{ kind = "breath", stage = "waveform", probability = 1.0, rate = 1, duration_ms = 200 }'
"""Where one is put, Kokoro's words are no longer when it said them."""
LISTENED = '[listen]\nfiles = "all"\nunclear = "deliver"\n'


def test_who_listens_is_in_the_lock_and_nobody_does_where_speech_is_quicker(
    program: Program, tmp_path: Path
) -> None:
    installed = build.installation(program.home)
    lock = json.loads(installed.store.get("campaigns/heard/campaign.lock"))
    assert (lock["listening"]["share"], lock["listening"]["unclear"]) == (1.0, "hold")
    quick = BRIEF.replace('name = "heard"', 'name = "quick"\npreset = "demo-voice@1"')
    done = program.run("submit", written(tmp_path / "quick", quick, count=1), "--id", "quick")
    assert done.code == exits.OK, done.err
    assert "listening" not in json.loads(installed.store.get("campaigns/quick/campaign.lock"))
