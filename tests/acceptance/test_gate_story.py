"""A new voice model from the gate to production, and a bad one back out: as a person types it.

An F5 candidate against a Chatterbox baseline behind HTTP; ten utterances, scores, rule, verdict, promotion; a bad pin
later, and a rollback that makes exactly its files again. Random weights of the true format and a server that speaks
the protocol: what is proven is the way, not the sound.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from campaign.cli import exits
from storage.installation import Installation
from tests import build, commands, voices
from tests.commands import Done
from tests.servers.speech import SpeechServer, speech_server
from tests.unit.workers.engines.f5.checkpoint import make_checkpoint

RULE = """\
name = "story"
swap = "candidate_mean >= baseline_mean + 0.5 and ttfa_p50_ms <= 60000"
[needs]
prompts = 10
listeners = 2
[bounds.errors]
at_most = 0.0
"""
BRIEF = """\
name = "{name}"
purpose = "non-commercial"
languages = ["en"]
territories = ["DE"]
preset = "clinic-voice"
[templates]
default = "hello.en.txt"
[columns]
name = "name"
[finish]
codec = "wav"
"""
LICENCE = ("--licence", "CC-BY-NC-4.0", "--purpose", "non-commercial", "--purpose", "research")


@dataclass(slots=True)
class Story:
    """The commands in order, on one installation."""

    folder: Path
    server: SpeechServer
    done: dict[str, Done]

    def run(self, step: str, *arguments: str | Path) -> Done:
        """A command, remembered under `step`."""
        home = {"CAMPAIGN_HOME": str(self.folder / "home"), "CAMPAIGN_SECRET": "5e" * 32}
        self.done[step] = commands.run(*arguments, environment=home)
        return self.done[step]

    def must(self, step: str, *arguments: str | Path) -> Done:
        """A command that has to succeed."""
        done = self.run(step, *arguments)
        assert done.code == exits.OK, f"{step}: {done.err or done.out}"
        return done


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("gate")
    with speech_server(model="original") as server:
        told = Story(folder=folder, server=server, done={})
        _pin_and_freeze(told)
        _gate(told)
        _promote(told)
        _go_wrong(told)
        yield told


def _pin_and_freeze(story: Story) -> None:
    folder = story.folder
    story.must(
        "add", "model", "add", make_checkpoint(folder / "f5"), "--as", "f5-v1", "--engine", "f5", *LICENCE
    )
    chatterbox = ("--engine", "chatterbox", "--clones", "--lang", "en")
    story.must("connect", "model", "connect", story.server.url, "--as", "chatter", *chatterbox, *LICENCE)
    recording, consent = voices.write_recording(folder / "voice.wav"), voices.write_consent(folder)
    (folder / "f5.toml").write_text("nfe = 4\n")
    person = ("--audio", recording, "--text", voices.TEXT, "--consent", consent)
    story.must(
        "preset",
        "preset",
        "add",
        "clinic-voice",
        *person,
        "--engine",
        "f5",
        "--engine-table",
        folder / "f5.toml",
    )
    story.must(
        "other preset",
        "preset",
        "add",
        "clinic-chatter",
        *person,
        "--engine",
        "chatterbox",
        "--model",
        "chatter",
    )
    live = ("--to", "production", "--reason", "what we have", "--override", "Kim Park")
    story.must("first", "model", "promote", "chatter", *live)


def _gate(story: Story) -> None:
    (story.folder / "rule.toml").write_text(RULE)
    sides = ("--preset", "clinic-voice", "--baseline-preset", "clinic-chatter")
    story.must(
        *("gate", "gate", "run", "f5-v1", "--against", "production", "--prompts", "general", "--lang", "en"),
        *(*sides, "--rule", story.folder / "rule.toml", "--json"),
    )
    story.run("too early", "model", "promote", "f5-v1", "--to", "production", "--reason", "hope")
    story.run("waiting", "gate", "verdict", "gate-1", "--json")
    with (story.folder / "scores.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["listener", "prompt", "candidate", "baseline"])
        for listener in ("ann", "ben"):
            prompts = [f"en-{number:02}" for number in range(1, 11)]
            writer.writerows([listener, prompt, 4, 3] for prompt in [*prompts, *prompts[:2]])
    story.must("import", "gate", "import", "gate-1", story.folder / "scores.csv")
    story.must("verdict", "gate", "verdict", "gate-1", "-o", story.folder / "verdict.json")


def _promote(story: Story) -> None:
    to = ("model", "promote", "f5-v1", "--to", "production", "--reason", "clearer names")
    story.run("unheard", *to)
    story.must("promote", *to, "--identity-confirmed-by", "Ann Lee", "--json")
    _submit(story, "one", build.people(3))


def _go_wrong(story: Story) -> None:
    folder = story.folder
    story.must(
        "add bad",
        "model",
        "add",
        make_checkpoint(folder / "bad", seed=2),
        "--as",
        "f5-bad",
        "--engine",
        "f5",
        *LICENCE,
    )
    story.run("ungated", "model", "promote", "f5-bad", "--to", "production", "--reason", "in a hurry")
    bad = ("--to", "production", "--reason", "in a hurry", "--override", "Kim Park")
    story.must("bad", "model", "promote", "f5-bad", *bad)
    _submit(story, "two", build.people(5)[2:])
    story.must("impact", "model", "impact", "f5-bad", "--json")
    story.must("dry", "model", "rollback", "production", "--rerender", "--dry-run", "--json")
    story.must("dry history", "model", "history", "production", "--json")
    story.must("rollback", "model", "rollback", "production", "--reason", "it slurs", "--rerender", "--json")
    story.must("history", "model", "history", "production", "--json")
    story.run("remove", "model", "remove", "f5-bad")


def _submit(story: Story, name: str, people: list[dict[str, str]]) -> None:
    folder = story.folder / name
    folder.mkdir()
    (folder / "campaign.toml").write_text(BRIEF.format(name=name))
    (folder / "hello.en.txt").write_text("Hello {{ name }}, your table is ready.")
    build.write_csv(folder / "people.csv", people)
    story.must(f"submit {name}", "submit", folder / "people.csv", "--id", name, "--json")


@pytest.fixture(scope="module")
def installed(story: Story) -> Iterator[Installation]:
    made = build.installation(story.folder / "home")
    yield made
    made.close()


def test_both_sides_were_made_through_rows_and_measured(story: Story) -> None:
    document = story.done["gate"].json
    assert (document["candidate"], document["baseline"]) == ("f5-v1", "chatter")
    for name, made in document["sides"].items():
        assert len(made["measured"]) == 10, name
        assert made["side_numbers"]["errors"] == 0
        assert made["side_numbers"]["reproducible_share"] == 1
        assert made["runs"]["batch_sizes"] == [1]
        assert made["totals"].keys() >= {"wer", "cer", "dnsmos_overall", "loudness_lufs", "similarity"}
        assert made["recogniser"].startswith("pocketsphinx")
    said = [one["text"] for one in story.server.asked]
    assert len(set(said)) == 11 and len(said) == 22, "one prompt has two sentences"


def test_nothing_moves_before_there_is_a_passing_verdict_and_a_person_who_heard_it(story: Story) -> None:
    assert story.done["too early"].code == exits.CONFLICT
    assert "has no verdict" in story.done["too early"].err
    waiting = story.done["waiting"]
    assert (waiting.code, waiting.json["outcome"]) == (exits.CONFLICT, "waiting")
    assert "listeners: 0 of 2" in waiting.json["waits_for"][0]
    assert story.done["unheard"].code == exits.INPUT
    assert "--identity-confirmed-by" in story.done["unheard"].err
    assert story.done["ungated"].code == exits.CONFLICT


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


def test_impact_lists_exactly_the_files_of_the_bad_pin(story: Story) -> None:
    files = story.done["impact"].json
    assert {(one["campaign_id"], one["row"]) for one in files} == {("two", row) for row in (1, 2, 3)}


def test_a_dry_run_says_what_would_be_made_again_and_moves_nothing(story: Story) -> None:
    (planned,) = story.done["dry"].json["campaigns"]
    assert (planned["campaign"], planned["made_again"]) == ("two", 3)
    assert planned["utterances"] == 3 - 1, "one sentence of campaign one is still in the cache"
    assert len(story.done["dry history"].json) == 3


def test_rollback_makes_exactly_those_files_again_and_leaves_the_old_ones_traceable(
    story: Story, installed: Installation
) -> None:
    files = story.done["rollback"].json["files"]
    assert {(one["campaign"], one["row"]) for one in files} == {("two", row) for row in (1, 2, 3)}
    for one in files:
        assert (one["old_pin"], one["new_pin"]) == ("f5-bad", "f5-v1")
        assert (one["old_version"], one["new_version"]) == (1, 2)
        assert installed.store.get(one["old_object"]) != installed.store.get(one["new_object"])
    urls = [line["url"] for line in build.manifest(installed.store, "one")]
    assert all("/v1/" in url for url in urls)


def test_history_says_what_was_live_when(story: Story) -> None:
    moves = story.done["history"].json
    assert [(one["kind"], one["to_pin"]) for one in moves] == [
        ("override", "chatter"),
        ("promote", "f5-v1"),
        ("override", "f5-bad"),
        ("rollback", "f5-v1"),
    ]
    assert moves[1]["confirmed_by"] == "Ann Lee" and moves[1]["verdict_digest"]


def test_a_pin_that_files_refer_to_is_not_forgotten(story: Story) -> None:
    assert story.done["remove"].code == exits.CONFLICT
    assert "what made sound is never forgotten" in story.done["remove"].err
