"""`campaign model` and `campaign gate` as a person meets them."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from campaign.cli import exits
from storage.installation import Installation
from tests import build
from tests.commands import run
from tests.servers.speech import SpeechServer, speech_server
from tests.unit.gate import gates

LICENCE = ("--licence", "MIT", "--purpose", "research")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CAMPAIGN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CAMPAIGN_SECRET", "5e" * 32)
    return tmp_path


@pytest.fixture
def installed(home: Path) -> Iterator[Installation]:
    made = build.installation(home / "home")
    yield made
    made.close()


@pytest.fixture
def server() -> Iterator[SpeechServer]:
    with speech_server() as running:
        yield running


def ran(*arguments: str | Path) -> tuple[int, str, str]:
    """(exit code, stdout, what the error says)."""
    done = run(*arguments)
    return done.code, done.out, done.err


def good(*arguments: str | Path) -> str:
    code, out, err = ran(*arguments)
    assert code == exits.OK, err
    return out


def told(*arguments: str | Path) -> Any:
    return json.loads(good(*arguments, "--json"))


def folder(home: Path, name: str = "weights") -> Path:
    made = home / name
    made.mkdir()
    (made / "model.safetensors").write_bytes(name.encode())
    return made


class TestModel:
    def test_add_show_verify_list_remove(self, home: Path) -> None:
        weights = folder(home)
        pin = told("model", "add", weights, "--as", "mine", "--engine", "tone", *LICENCE, "--lang", "en")
        assert (pin["is_new"], pin["identified"], list(pin["files"])) == (True, True, ["model.safetensors"])
        assert told("model", "show", "mine")["capabilities"]["languages"] == ["en"]
        assert "mine" in good("model", "list")
        assert "good     model.safetensors" in good("model", "verify", "mine")
        (weights / "model.safetensors").write_bytes(b"changed")
        code, out, _ = ran("model", "verify", "mine")
        assert code == exits.UNHEALTHY and "CHANGED  model.safetensors" in out
        good("model", "remove", "mine")
        assert ran("model", "show", "mine")[0] == exits.NOT_FOUND

    def test_connect_says_when_a_server_cannot_be_identified(self, home: Path, server: SpeechServer) -> None:
        model = ("--engine", "openai", "--model", "model-a", *LICENCE)
        assert told("model", "connect", server.url, "--as", "known", *model)["identified"] is True
        server.lists_models = False
        code, out, err = ran("model", "connect", server.url, "--as", "unknown", *model)
        assert code == exits.OK and "added" in out and "unpinned" in err
        listed = good("model", "list").splitlines()
        assert [line.split()[0] for line in listed if line.endswith("unpinned")] == ["unknown"]
        code, _, err = ran(
            "model", "connect", "http://127.0.0.1:9", "--as", "away", *model, "--attempts", "1"
        )
        assert code == exits.ENGINE and "nobody answers" in err

    def test_pull_names_what_is_wrong_with_the_source(self, home: Path) -> None:
        code, _, err = ran("model", "pull", "hf:maker/model@main", "--as", "mine")
        assert code == exits.INPUT and "all 40 digits" in err

    def test_promote_history_at_and_rollback(self, home: Path) -> None:
        for pin in ("tone", "espeak"):
            move = ("model", "promote", pin, "--to", "production", "--reason", "by hand", "--override", "Kim")
            assert f"-> {pin} (override)" in good(*move)
        assert "answered for by Kim" in good("model", "history", "production")
        assert told("model", "history", "production", "--at", "2100-01-01")["to_pin"] == "espeak"
        assert "nothing was live" in good("model", "history", "production", "--at", "2020-01-01T00:00:00Z")
        assert ran("model", "history", "production", "--at", "noon")[0] == exits.USAGE
        assert "espeak -> tone (rollback)" in good("model", "rollback", "production")
        assert ran("model", "rollback", "production")[0] == exits.CONFLICT
        code, _, err = ran("model", "rollback", "night")
        assert code == exits.NOT_FOUND and "there are: production" in err

    def test_impact_counts_files_by_campaign(self, installed: Installation) -> None:
        build.submitted(installed, build.people(2), campaign_id="two")
        build.worked(installed, "two")
        assert "2 files, 2 of them current" in good("model", "impact", "tone")
        assert {one["campaign_id"] for one in told("model", "impact", "tone")} == {"two"}

    def test_convert_copies_tensors_and_runs_nothing(self, home: Path) -> None:
        torch.save({"state_dict": {"w": torch.ones(3)}}, home / "model.pt")
        assert "1 tensors" in good("model", "convert", home / "model.pt", home / "model.safetensors")
        assert load_file(home / "model.safetensors")["w"].tolist() == [1, 1, 1]
        (home / "bad.pt").write_bytes(pickle.dumps(_Touches(home / "touched")))
        code, _, err = ran("model", "convert", home / "bad.pt", home / "bad.safetensors")
        assert code == exits.ENGINE and "is not read" in err
        assert not (home / "touched").exists()


class _Touches:
    """A pickle that runs code when it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


class TestRerender:
    def test_a_dry_run_shows_and_changes_nothing(self, installed: Installation) -> None:
        build.submitted(installed, build.people(2), campaign_id="two")
        build.worked(installed, "two")
        swap = ("rerender", "--pin", "tone", "--with", "espeak")
        assert "2 of 2 files would be made again, 2 utterances" in good(*swap, "--dry-run")
        assert "2 of 2 files made again" in good(*swap)
        assert "it made nothing that is current" in good(*swap)

    def test_one_thing_at_a_time(self, home: Path) -> None:
        assert ran("rerender", "--with", "espeak")[0] == exits.USAGE
        assert ran("rerender", "--pin", "a", "--preset", "b@1", "--with", "c")[0] == exits.USAGE


class TestGate:
    def test_list_show_import_verdict_and_its_file(self, installed: Installation, home: Path) -> None:
        gate = gates.audible(installed, ("en-01", "en-02"))
        assert "gate-1     espeak against tone" in good("gate", "list")
        assert "campaign gate listen gate-1" in good("gate", "show", "gate-1")
        assert told("gate", "show", "gate-1")["rule_digest"] == gate.rule_digest
        code, out, _ = ran("gate", "verdict", "gate-1")
        assert code == exits.CONFLICT and "waits for listeners: 0 of 1" in out
        scores = home / "scores.csv"
        scores.write_text("listener,prompt,candidate,baseline\nann,en-01,4,3\nann,en-02,4,3\n")
        assert "gate-1: 2 scores" in good("gate", "import", "gate-1", scores)
        out = good("gate", "verdict", "gate-1", "-o", home / "verdict.json")
        assert "swap_candidate" in out and "holds: candidate_mean >=" in out
        assert json.loads((home / "verdict.json").read_text())["outcome"] == "swap_candidate"
        code, _, err = ran("gate", "import", "gate-1", scores)
        assert code == exits.CONFLICT and "has its verdict" in err
        code, _, err = ran("gate", "resume", "gate-1")
        assert code == exits.CONFLICT and "Run a new gate" in err

    def test_a_listener_is_left_out_by_name(self, installed: Installation, home: Path) -> None:
        gates.audible(installed, ("en-01", "en-02"))
        scores = home / "scores.csv"
        rows = ["ann,en-01,4,3", "ann,en-02,4,3", "bob,en-01,1,5", "bob,en-02,1,5", "bob,en-01,5,1"]
        scores.write_text("\n".join(["listener,prompt,candidate,baseline", *rows]))
        good("gate", "import", "gate-1", scores)
        code, _, err = ran("gate", "verdict", "gate-1")
        assert code == exits.CONFLICT and "--exclude 'bob'" in err
        assert "swap_candidate" in good("gate", "verdict", "gate-1", "--exclude", "bob")

    def test_the_next_candidate_is_a_command_away(self, installed: Installation) -> None:
        gates.gate(installed, gates.rule("ttfa_p50_ms <= 1", next_candidate="third"))
        assert "campaign gate run third --against tone" in good("gate", "verdict", "gate-1")

    def test_unknown_gates_pins_and_prompts_are_named(self, home: Path) -> None:
        for arguments in (("show", "gate-9"), ("verdict", "gate-9"), ("listen", "gate-9", "--no-open")):
            code, _, err = ran("gate", *arguments)
            assert code == exits.NOT_FOUND and "campaign gate list" in err
        assert ran("gate", "run", "none", "--against", "tone")[0] == exits.NOT_FOUND
        code, _, err = ran("gate", "run", "espeak", "--against", "espeak")
        assert code == exits.INPUT and "Name two pins" in err
        code, _, err = ran("gate", "run", "espeak", "--against", "tone", "--prompts", "special")
        assert code == exits.NOT_FOUND and "general@1" in err
        code, _, err = ran("gate", "run", "espeak", "--against", "tone", "--recogniser", home)
        assert code == exits.ENGINE and "model.bin" in err
        assert told("gate", "list") == [], "nothing was kept"

    def test_learning_needs_sound(self, home: Path) -> None:
        code, _, err = ran("gate", "learn", "demo-voice@1")
        assert code == exits.CONFLICT and "has 0 delivered utterances" in err
