"""The gate and engines behind HTTP at work: rows, workers, a true recogniser, a server that comes and goes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from campaign.channels import Promotion, promote
from campaign.endpoints import NewEndpoint, connect_model
from campaign.errors import BriefError, ConflictError, InputError, NotFoundError
from campaign.gate.rule import rule_of
from campaign.gate.run import Asked, Means, find_gate, resume_gate, run_gate
from campaign.gate.verdict import decide
from campaign.models import verify_model
from campaign.presets import NewPreset, add_preset
from storage.gates import Gate
from storage.installation import Installation
from storage.pins import Pin
from tests import build
from tests.servers.process import free_port
from tests.servers.speech import SpeechServer, speech_server
from workers.engines.engine import EngineError

SET = """\
name = "short"
languages = ["en"]
[templates]
en = "message.txt"
[columns]
name = "name"
amount = "money EUR"
due = "date iso"
"""
ROWS = [
    {"id": "en-1", "locale": "en", "name": "Maria Johnson", "amount": "12.50", "due": "2026-12-03"},
    {"id": "en-2", "locale": "en", "name": "Peter Brown", "amount": "240", "due": "2026-11-30"},
    {"id": "en-3", "locale": "en", "name": "Anna Smith", "amount": "99", "due": "2027-01-15"},
]
RULE = {
    "name": "heard",
    "swap": "wer < baseline_wer and values_lost <= baseline_values_lost",
    "needs": {"prompts": 1},
    "bounds": {"reproducible_share": {"at_least": 1.0}, "errors": {"at_most": 0.0}},
}


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home", max_attempts=2)
    yield made
    made.close()


@pytest.fixture
def server() -> Iterator[SpeechServer]:
    with speech_server() as running:
        yield running


def prompt_set(folder: Path, rows: list[dict[str, str]]) -> str:
    folder.mkdir()
    (folder / "campaign.toml").write_text(SET)
    (folder / "message.txt").write_text("Hello {{ name }}, please pay {{ amount }} before {{ due }}.")
    build.write_csv(folder / "prompts.csv", rows)
    return str(folder)


@pytest.fixture
def prompts(tmp_path: Path) -> str:
    """A set of one."""
    return prompt_set(tmp_path / "short-1", ROWS[:1])


def connect(installed: Installation, url: str, name: str = "served", **more: Any) -> tuple[Pin, bool]:
    endpoint = {"url": url, "model": "model-a", "languages": ["en"], "timeout_s": 5.0, "attempts": 1}
    asked = NewEndpoint(
        name=name,
        engine=more.pop("engine", "openai"),
        endpoint=endpoint | more,
        licence="MIT",
        purposes=("research", "non-commercial"),
    )
    found = connect_model(installed, asked, actor="test")
    table = NewPreset(name="vivian", engine="openai", table={"voice": "vivian"})
    add_preset(installed, table, actor="test")
    return found


def gate_asked(prompts: str, **more: Any) -> Asked:
    values: dict[str, Any] = {
        "candidate": "espeak",
        "baseline": "served",
        "prompts": prompts,
        "preset": "demo-voice@1",
        "baseline_preset": "vivian@1",
        "rule": rule_of(RULE, "test"),
    }
    return Asked(**(values | more))


def ran(installed: Installation, asked: Asked) -> Gate:
    return run_gate(installed, asked, Means(), actor="test", watch=_nobody, steps=_quiet)


def resumed(installed: Installation, gate: Gate, **options: Any) -> Gate:
    return resume_gate(installed, gate, Means(), actor="test", watch=_nobody, steps=_quiet, **options)


def _nobody(*_seen: object) -> None:
    """Nobody looks on."""


def _quiet(_what: str, _done: int, _total: int) -> None:
    """Nobody counts."""


def test_speech_is_understood_better_than_a_tone_and_the_rule_says_so(
    installed: Installation, server: SpeechServer, tmp_path: Path
) -> None:
    connect(installed, server.url)
    gate = ran(installed, gate_asked(prompt_set(tmp_path / "three-1", ROWS)))
    spoken, toned = gate.sides["candidate"], gate.sides["baseline"]
    assert spoken["totals"]["wer"] < toned["totals"]["wer"]
    assert toned["totals"]["values_lost"] == 1.0
    said = {
        kind: sum(one["values"][kind][1] for one in spoken["measured"]) for kind in ("name", "money", "date")
    }
    assert said == {"name": 3, "money": 3, "date": 3}
    assert spoken["recogniser"].startswith("pocketsphinx-")
    assert decide(installed, gate, actor="test").outcome == "swap_candidate"
    assert {one["voice"] for one in server.asked} == {"vivian"}


def test_a_baseline_that_is_away_is_waited_for_and_the_verdict_completes_later(
    installed: Installation, prompts: str
) -> None:
    port = free_port()
    with speech_server(port=port) as first:
        connect(installed, first.url)
    with pytest.raises(EngineError, match="nobody answers"):
        ran(installed, gate_asked(prompts))
    gate = resumed(installed, find_gate(installed, "gate-1"), defer_baseline=True)
    verdict = decide(installed, gate, actor="test")
    assert verdict.outcome == "waiting"
    assert "the baseline, served: nobody answers at" in verdict.waits_for[0]
    asked = build.brief(model="espeak", purpose="research")
    build.submitted(installed, build.people(1), asked, campaign_id="other")
    assert build.worked(installed, "other").state == "finished", "others are not held up"
    with speech_server(port=port):
        gate = resumed(installed, gate)
    assert decide(installed, gate, actor="test").outcome == "swap_candidate"


def test_a_baseline_that_has_no_pin_yet_is_allowed(
    installed: Installation, server: SpeechServer, prompts: str
) -> None:
    asked = gate_asked(prompts, baseline_preset="demo-voice@1")
    with pytest.raises(NotFoundError, match="needs --defer-baseline"):
        ran(installed, asked)


def test_a_candidate_that_makes_nothing_is_an_error_with_its_codes(
    installed: Installation, server: SpeechServer, prompts: str
) -> None:
    connect(installed, server.url)
    server.faults.append("always:html")
    asked = gate_asked(
        prompts, candidate="served", preset="vivian@1", baseline="espeak", baseline_preset="demo-voice@1"
    )
    with pytest.raises(ConflictError, match=r"served made none of the 1 prompts: .*not-audio"):
        ran(installed, asked)


def test_fewer_prompts_than_the_rule_needs_is_known_before_anything_is_made(
    installed: Installation, server: SpeechServer, prompts: str
) -> None:
    connect(installed, server.url)
    many = rule_of({**RULE, "needs": {"prompts": 2}}, "test")
    with pytest.raises(InputError, match="has 1 prompts in these languages and the rule needs 2"):
        ran(installed, gate_asked(prompts, rule=many))
    assert server.asked == []


def test_a_prompt_set_that_changed_meanwhile_is_refused(
    installed: Installation, server: SpeechServer, prompts: str
) -> None:
    connect(installed, server.url)
    server.faults.append("always:html")
    with pytest.raises(ConflictError, match="made none"):
        ran(installed, gate_asked(prompts))
    (Path(prompts) / "message.txt").write_text("Hello {{ name }}, {{ amount }}, {{ due }}.")
    with pytest.raises(ConflictError, match="is not what it was when gate-1 began"):
        resumed(installed, find_gate(installed, "gate-1"))


def test_campaigns_speak_through_a_server_and_a_bad_answer_is_tried_again(
    installed: Installation, server: SpeechServer
) -> None:
    connect(installed, server.url)
    server.faults += ["truncated", "html"]
    asked = build.brief(model="served", preset="vivian@1", purpose="research")
    build.submitted(installed, build.people(4), asked, campaign_id="spoken")
    assert build.worked(installed, "spoken").state == "finished"
    assert build.statuses(build.manifest(installed.store, "spoken")) == {"stored": 4}
    assert len(server.asked) == 6


def test_a_bad_answer_that_stays_fails_its_row_alone(installed: Installation, server: SpeechServer) -> None:
    connect(installed, server.url, parallel=1)
    server.faults += ["wrong-rate"]
    asked = build.brief(model="served", preset="vivian@1", purpose="research")
    build.submitted(installed, build.people(3), asked, campaign_id="spoken")
    build.worked(installed, "spoken")
    lines = build.manifest(installed.store, "spoken")
    assert build.statuses(lines) == {"stored": 2, "failed": 1}
    assert {line["error"] for line in lines if line["status"] == "failed"} == {"wrong-rate"}


def test_a_server_with_another_model_stops_the_work_and_nothing_is_lost(
    installed: Installation, server: SpeechServer
) -> None:
    pin, _ = connect(installed, server.url)
    assert (pin.endpoint or {})["identity"] == {"id": "model-a", "root": "1"}
    server.revision = "2"
    asked = build.brief(model="served", preset="vivian@1", purpose="research")
    build.submitted(installed, build.people(2), asked, campaign_id="spoken")
    with pytest.raises(EngineError, match="root '2', not '1'"):
        build.worked(installed, "spoken")
    assert [one.holds for one in verify_model(installed, "served")[1]] == [False]
    server.revision = "1"
    assert build.worked(installed, "spoken").state == "finished"


def test_the_same_model_at_another_address_is_the_same_pin_moved(
    installed: Installation, server: SpeechServer
) -> None:
    pin, _ = connect(installed, server.url)
    with speech_server() as other:
        moved, is_new = connect(installed, other.url)
        assert (is_new, moved.digest, (moved.endpoint or {})["url"]) == (False, pin.digest, other.url)
        other.revision = "2"
        with pytest.raises(ConflictError, match="pins never change"):
            connect(installed, other.url)


def test_a_model_that_cannot_be_identified_speaks_but_is_not_promoted(
    installed: Installation, server: SpeechServer
) -> None:
    server.lists_models = False
    pin, _ = connect(installed, server.url)
    assert not pin.is_identified
    asked = build.brief(model="served", preset="vivian@1", purpose="research")
    build.submitted(installed, build.people(1), asked, campaign_id="spoken")
    assert build.worked(installed, "spoken").state == "finished"
    promotion = Promotion(pin="served", channel="production", reason="x", override_by="Kim")
    with pytest.raises(ConflictError, match="pin served is unpinned"):
        promote(installed, promotion, actor="test")


def test_the_servers_own_files_identify_it(
    installed: Installation, server: SpeechServer, tmp_path: Path
) -> None:
    (tmp_path / "gpt.ckpt").write_bytes(b"weights")
    weights = tmp_path / "weights"
    weights.mkdir()
    (tmp_path / "gpt.ckpt").rename(weights / "gpt.ckpt")
    asked = NewEndpoint(
        name="sovits",
        engine="gpt-sovits",
        endpoint={"url": server.url, "rate_hz": 32_000},
        licence="MIT",
        purposes=("research",),
        weights=weights,
    )
    pin, _ = connect_model(installed, asked, actor="test")
    assert pin.is_identified and list(pin.files) == ["gpt.ckpt"]
    (weights / "gpt.ckpt").write_bytes(b"other")
    assert [one.path for one in verify_model(installed, "sovits")[1] if not one.holds] == ["gpt.ckpt"]


def test_a_language_or_purpose_that_the_pin_does_not_have_is_refused(
    installed: Installation, server: SpeechServer
) -> None:
    connect(installed, server.url)
    with pytest.raises(BriefError, match="not commercial"):
        build.submitted(
            installed, build.people(1), build.brief(model="served", preset="vivian@1", purpose="commercial")
        )
    with pytest.raises(InputError, match="has no server"):
        connect(installed, server.url, name="other", engine="tone")
