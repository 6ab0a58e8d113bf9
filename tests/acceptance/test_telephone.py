"""Files judged as the weakest listener hears them: Kokoro's speech over a telephone line, two recognisers' ears."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from campaign.cli import exits
from storage.installation import Installation
from storage.tables import asset_utterances, asset_versions, assets, utterances
from tests import build
from tests.acceptance.conftest import Program
from tests.acceptance.test_listening import BRIEF, versions, written
from tests.models import models_with
from workers.finish.reading import read_file
from workers.requests import Spec

LINE = """
pause_before_values = "300 ms"
slow_values = "85 %"
say_twice = ["code"]
[listen]
line = "telephone"
snr_db = 15
packet_loss = "0.5 %"
"""
TOLD = "over a telephone line, 15 dB, 0.5 % of packets lost"


def files(installed: Installation, campaign_id: str) -> list[tuple[list[str], list[dict[str, Any]], int]]:
    """(what is said, where it lies by the file's own descriptor, rate) of every file."""
    found = []
    with installed.database.read() as connection:
        versions_made = connection.execute(
            select(asset_versions.c.asset_id, asset_versions.c.object_key, asset_versions.c.rate_hz)
            .join(assets, assets.c.id == asset_versions.c.asset_id)
            .where(assets.c.campaign_id == campaign_id)
        ).all()
        for asset_id, object_key, rate_hz in versions_made:
            specs = connection.scalars(
                select(utterances.c.spec)
                .join(asset_utterances, asset_utterances.c.utterance_key == utterances.c.key)
                .where(asset_utterances.c.asset_id == asset_id)
                .order_by(asset_utterances.c.position)
            )
            texts = [Spec.from_json(spec).text for spec in specs]
            descriptor: Any = read_file(installed.store.get(object_key)).descriptor
            found.append((texts, list(descriptor["timebase"]), rate_hz))
    return found


def test_a_campaign_is_heard_over_a_telephone_line(tmp_path: Path) -> None:
    models = models_with(tmp_path / "models", "kokoro", "whisper-base", "moonshine-tiny")
    program = Program(home=tmp_path / "home", settings={"CAMPAIGN_MODELS": str(models)}).here()
    assert program.run("voice", "get", "kokoro").code == 0
    recipients = written(tmp_path / "files", BRIEF + LINE, count=2)

    dry = program.run("submit", recipients, "--dry-run")
    assert dry.code == exits.OK, dry.err
    assert TOLD in dry.out + dry.err and "moonshine" in dry.out + dry.err

    done = program.run("submit", recipients, "--id", "called", "--json")
    installed = build.installation(program.home)
    found = versions(installed, "called")
    assert done.code in (exits.OK, exits.FINISHED_WITH_ERRORS), done.err
    assert len(found) == 2
    for one in found:
        listening = one["listening"]
        assert listening["line"] == "telephone"
        assert listening["recogniser"].startswith("whisper-d01c3014881c-ctranslate2-")
        assert " + moonshine-cf524c4862d3-onnxruntime-" in listening["recogniser"]
        said = sum(sum(counts.values()) for counts in listening["values"].values())
        heard = sum(counts.get("heard", 0) for counts in listening["values"].values())
        assert said == 5, "name, amount, date, and the code twice"
        assert heard >= 4, one

    for texts, extents, rate_hz in files(installed, "called"):
        assert [text for text in texts if text.startswith("That is B, X, one, nine,")], texts
        (place,) = [at for at, text in enumerate(texts) if text.startswith("The reference is")]
        before, code = extents[place]["words"][2:4]
        silence = code["first_sample"] - before["first_sample"] - before["samples"]
        assert silence / rate_hz == pytest.approx(0.3, abs=0.12), "before the code, which is the fourth word"
        assert "words_by" not in extents[place], "the engine told when its words are said"

    report = json.loads(installed.store.get("campaigns/called/report.json"))
    assert report["listening"]["line"] == {
        "name": "telephone", "snr_db": 15.0, "packet_loss": 0.005, "told": TOLD,
    }  # fmt: skip
    assert report["listening"]["second"]["languages"] == ["en"]
    lock = report["lock"]["listening"]
    assert lock["line"] == {"name": "telephone", "snr_db": 15.0, "packet_loss": 0.005, "revision": 1}
    assert lock["second"]["recogniser"].startswith("moonshine-") and lock["recogniser"].startswith("whisper-")
    lines = build.manifest(installed.store, "called")
    assert [line["listening"]["line"] for line in lines] == ["telephone"] * 2
