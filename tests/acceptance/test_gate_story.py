"""A new voice model from the gate to production, as a person types it: scores, rule, verdict, promotion."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign.cli import exits
from storage.installation import Installation
from storage.resources import data_folder
from tests import build
from tests.acceptance.story import Story, pin_and_freeze, submit
from tests.servers.speech import speech_server

PROMPTS = ("en-01", "en-07", "en-09", "en-10")
"""The short ones of the shipped set: a recogniser hears each of them twice, a second each time."""
RULE = """\
name = "story"
swap = "candidate_mean >= baseline_mean + 0.5 and ttfa_p50_ms <= 60000"
[needs]
prompts = 4
listeners = 2
[bounds.errors]
at_most = 0.0
"""


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with speech_server(model="original") as server:
        told = Story(folder=tmp_path_factory.mktemp("gate"), server=server, done={})
        pin_and_freeze(told)
        _gate(told)
        _promote(told)
        yield told


def _short_set(folder: Path) -> Path:
    """A prompt set of one's own: the shipped one with fewer English rows."""
    mine = Path(shutil.copytree(data_folder("templates") / "prompts" / "general-1", folder / "short-1"))
    with (mine / "prompts.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["locale"] != "en" or row["id"] in PROMPTS]
    build.write_csv(mine / "prompts.csv", rows)
    return mine


def _gate(story: Story) -> None:
    (story.folder / "rule.toml").write_text(RULE)
    sides = ("--preset", "clinic-voice", "--baseline-preset", "clinic-chatter")
    story.must(
        *("gate", "gate", "run", "f5-v1", "--against", "production", "--lang", "en"),
        *("--prompts", _short_set(story.folder), *sides, "--rule", story.folder / "rule.toml", "--json"),
    )
    story.run("too early", "model", "promote", "f5-v1", "--to", "production", "--reason", "hope")
    story.run("waiting", "gate", "verdict", "gate-1", "--json")
    with (story.folder / "scores.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["listener", "prompt", "candidate", "baseline"])
        for listener in ("ann", "ben"):
            writer.writerows([listener, prompt, 4, 3] for prompt in (*PROMPTS, *PROMPTS[:2]))
    story.must("import", "gate", "import", "gate-1", story.folder / "scores.csv")
    story.must("verdict", "gate", "verdict", "gate-1", "-o", story.folder / "verdict.json")


def _promote(story: Story) -> None:
    to = ("model", "promote", "f5-v1", "--to", "production", "--reason", "clearer names")
    story.run("unheard", *to)
    story.must("promote", *to, "--identity-confirmed-by", "Ann Lee", "--json")
    submit(story, "one", build.people(3))
    story.must("history", "model", "history", "production", "--json")


@pytest.fixture(scope="module")
def installed(story: Story) -> Iterator[Installation]:
    made = build.installation(story.folder / "home")
    yield made
    made.close()


def test_both_sides_were_made_through_rows_and_measured(story: Story) -> None:
    document = story.done["gate"].json
    assert (document["candidate"], document["baseline"]) == ("f5-v1", "chatter")
    for name, made in document["sides"].items():
        assert len(made["measured"]) == len(PROMPTS), name
        assert made["side_numbers"]["errors"] == 0
        assert made["side_numbers"]["reproducible_share"] == 1
        assert made["runs"]["batch_sizes"] == [1]
        assert made["totals"].keys() >= {"wer", "cer", "dnsmos_overall", "loudness_lufs", "similarity"}
        assert made["recogniser"].startswith("pocketsphinx")
    said = [one["text"] for one in story.server.asked]
    assert len(set(said)) == 5 and len(said) == 10, "one prompt has two sentences"


def test_nothing_moves_before_there_is_a_passing_verdict_and_a_person_who_heard_it(story: Story) -> None:
    assert story.done["too early"].code == exits.CONFLICT
    assert "has no verdict" in story.done["too early"].err
    waiting = story.done["waiting"]
    assert (waiting.code, waiting.json["outcome"]) == (exits.CONFLICT, "waiting")
    assert "listeners: 0 of 2" in waiting.json["waits_for"][0]
    assert story.done["unheard"].code == exits.INPUT
    assert "--identity-confirmed-by" in story.done["unheard"].err


def test_the_verdict_holds_inputs_digests_numbers_rule_and_outcome(story: Story) -> None:
    verdict = json.loads((story.folder / "verdict.json").read_text())
    assert verdict["outcome"] == "swap_candidate"
    assert (verdict["numbers"]["candidate_mean"], verdict["numbers"]["baseline_mean"]) == (4, 3)
    assert verdict["rule"]["swap"].startswith("candidate_mean >=")
    assert verdict["rule_digest"] == story.done["gate"].json["rule_digest"]
    assert {one["listener"]: one["repeats"] for one in verdict["listeners"]} == {"ann": 2, "ben": 2}
    assert verdict["inputs"]["candidate"]["pin_digest"] != verdict["inputs"]["baseline"]["pin_digest"]


def test_campaigns_speak_with_what_is_live_and_keep_it(story: Story, installed: Installation) -> None:
    assert story.done["promote"].json["before"] == "chatter"
    lines = build.manifest(installed.store, "one")
    assert build.statuses(lines) == {"stored": 3}
    assert all("f5-v1" in json.dumps(line) for line in lines)


def test_history_says_who_heard_it_and_by_which_verdict(story: Story) -> None:
    moves = story.done["history"].json
    assert [(one["kind"], one["to_pin"]) for one in moves] == [("override", "chatter"), ("promote", "f5-v1")]
    assert moves[1]["confirmed_by"] == "Ann Lee" and moves[1]["verdict_digest"]
