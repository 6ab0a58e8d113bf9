"""The gate and engines behind HTTP at work: rows, workers, a true recogniser, a server that comes and goes."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from campaign.errors import BriefError, ConflictError, InputError, NotFoundError
from campaign.evidence.resynthesis import verify_campaign
from campaign.gate.conditions import Commands
from campaign.gate.listening import import_scores
from campaign.gate.measures import Measurement
from campaign.gate.rule import rule_of
from campaign.gate.run import GateRequest, find_gate, resume_gate, run_gate
from campaign.gate.tools import GateTools, open_tools
from campaign.gate.verdict import decide
from campaign.registry.channels import Promotion, live_at, promote, rollback
from campaign.registry.endpoints import NewEndpoint, connect_model
from campaign.registry.pins import NewModel, add_model, verify_model
from campaign.registry.presets import NewPreset, add_preset
from campaign.rerender.differences import file_differences
from campaign.rerender.replacement import RegistryKind, Replacement
from campaign.rerender.rerender import rerender
from storage.installation import Installation
from storage.names import CampaignId, ChannelName, GateId, PinId, PresetName
from storage.queue import campaigns as campaign_rows
from storage.registry.gates import Gate
from storage.registry.pins import Pin
from tests import build, voices
from tests.servers.process import free_port
from tests.servers.recogniser import TOKEN, recogniser_server
from tests.servers.speech import SpeechServer, speech_server
from workers.engines.engine import EngineError
from workers.errors import RecordingError
from workers.listening.revision import LISTENING_REVISION

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
]
RULE: dict[str, Any] = {
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
        name=PinId(name),
        engine=more.pop("engine", "openai"),
        endpoint=endpoint | more,
        licence="MIT",
        purposes=("research", "non-commercial"),
    )
    found = connect_model(installed, asked, actor="test")
    table = NewPreset(name=PresetName("vivian"), engine="openai", table={"voice": "vivian"})
    add_preset(installed, table, actor="test")
    return found


def gate_request(prompts: str, **more: Any) -> GateRequest:
    values: dict[str, Any] = {
        "candidate": "espeak",
        "baseline": "served",
        "prompts": prompts,
        "preset": "demo-voice@1",
        "baseline_preset": "vivian@1",
        "rule": rule_of(RULE, "test"),
    }
    return GateRequest(**(values | more))


def ran(installed: Installation, asked: GateRequest) -> Gate:
    return run_gate(installed, asked, GateTools(), actor="test", watch=_nobody, steps=_quiet)


def resumed(installed: Installation, gate: Gate, **options: Any) -> Gate:
    return resume_gate(installed, gate, GateTools(), actor="test", watch=_nobody, steps=_quiet, **options)


def _nobody(*_seen: object) -> None:
    """Nobody looks on."""


def _quiet(_what: str, _done: int, _total: int) -> None:
    """Nobody counts."""


def test_speech_is_understood_better_than_a_tone_and_the_rule_says_so(
    installed: Installation, server: SpeechServer, tmp_path: Path
) -> None:
    connect(installed, server.url)
    gate = ran(installed, gate_request(prompt_set(tmp_path / "two-1", ROWS)))
    spoken, toned = gate.sides["candidate"], gate.sides["baseline"]
    missed = spoken.totals["wer"], toned.totals["wer"]
    assert missed[0] is not None and missed[1] is not None and missed[0] < missed[1]
    assert toned.totals["values_lost"] == 1.0
    measured = [Measurement.from_json(row) for row in spoken.measured]
    said = {kind: sum(one.values[kind][1] for one in measured) for kind in ("name", "money", "date")}
    assert said == {"name": 2, "money": 2, "date": 2}
    assert str(spoken.recogniser).startswith("pocketsphinx-")
    assert decide(installed, gate, actor="test").outcome == "swap_candidate"
    assert {one["voice"] for one in server.asked} == {"vivian"}


def test_a_baseline_that_is_away_is_waited_for_and_the_verdict_completes_later(
    installed: Installation, prompts: str
) -> None:
    port = free_port()
    with speech_server(port=port) as first:
        connect(installed, first.url)
    with pytest.raises(EngineError, match="nobody answers"):
        ran(installed, gate_request(prompts))
    gate = resumed(installed, find_gate(installed, GateId("gate-1")), defer_baseline=True)
    verdict = decide(installed, gate, actor="test")
    assert verdict.outcome == "waiting"
    assert "the baseline, served: nobody answers at" in verdict.waits_for[0]
    asked = build.brief(model="espeak", purpose="research")
    build.submitted(installed, build.people(1), asked, campaign_id="other")
    assert build.worked(installed, "other").state == "finished", "others are not held up"
    with speech_server(port=port):
        gate = resumed(installed, gate)
    assert decide(installed, gate, actor="test").outcome == "swap_candidate"


def test_sides_are_heard_by_one_recogniser_or_not_compared(
    installed: Installation, prompts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = gate_request(prompts, baseline="later", baseline_preset="demo-voice@1")
    gate = ran(installed, replace(asked, defer_baseline=True))
    assert str(gate.sides["candidate"].recogniser).endswith(f" listening-{LISTENING_REVISION}")
    monkeypatch.setattr("campaign.gate.tools.LISTENING_REVISION", LISTENING_REVISION + 1)
    with pytest.raises(ConflictError, match=r"the other side was heard by pocketsphinx-.*do not compare"):
        resumed(installed, gate, defer_baseline=True)


def test_a_baseline_that_has_no_pin_yet_is_allowed(
    installed: Installation, tmp_path: Path, prompts: str
) -> None:
    asked = gate_request(prompts, baseline="later", baseline_preset="demo-voice@1")
    with pytest.raises(NotFoundError, match="needs --defer-baseline"):
        ran(installed, asked)
    gate = ran(installed, replace(asked, defer_baseline=True))
    assert "there is no pin or channel 'later'" in decide(installed, gate, actor="test").waits_for[0]
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "model.safetensors").write_bytes(b"weights")
    later = NewModel(
        name=PinId("later"), engine="tone", folder=tmp_path / "later", licence="MIT", purposes=("research",)
    )
    add_model(installed, later, actor="test")
    assert decide(installed, resumed(installed, gate), actor="test").outcome == "swap_candidate"


def test_a_pin_that_does_not_clone_says_so_and_takes_no_recording(
    installed: Installation, server: SpeechServer, tmp_path: Path
) -> None:
    pin, _ = connect(installed, server.url)
    assert pin.capabilities["clones"] is False
    cloned = NewPreset(
        name=PresetName("ann"),
        engine="openai",
        model="served",
        audio=voices.write_recording(tmp_path / "voice.wav"),
        text=voices.TEXT,
        consent=voices.write_consent(tmp_path),
        table={},
    )
    with pytest.raises(RecordingError, match="cannot clone a speaker"):
        add_preset(installed, cloned, actor="test")


def test_what_runs_around_a_gate_is_in_its_numbers(
    installed: Installation, tmp_path: Path, prompts: str
) -> None:
    log = tmp_path / "log"
    commands = Commands(
        before=f"touch {tmp_path / 'paused'}",
        after=f"{sys.executable} -c \"open('{log}', 'a').write('resumed ')\"",
        neighbour="echo 10",
    )
    asked = gate_request(prompts, baseline="tone", baseline_preset="demo-voice@1")
    gate = run_gate(installed, asked, GateTools(commands=commands), actor="test", watch=_nobody, steps=_quiet)
    assert (tmp_path / "paused").exists() and log.read_text() == "resumed resumed "
    assert gate.sides["candidate"].side_numbers["neighbour_drift"] == 1.0


def test_the_whole_way_on_postgresql(tmp_path: Path, postgres_url: str, prompts: str) -> None:
    with contextlib.closing(build.installation(tmp_path / "pg", database_url=postgres_url)) as made:
        promote(
            made,
            Promotion(pin="tone", channel=ChannelName("production"), reason="x", override_by="Kim"),
            actor="test",
        )
        build.submitted(made, build.people(2), build.brief(model=""), campaign_id="bad")
        build.worked(made, "bad")
        asked = gate_request(prompts, baseline="production", baseline_preset="demo-voice@1")
        with build.working(made):
            gate = ran(made, asked)
        path = tmp_path / "scores.csv"
        path.write_text("listener,prompt,candidate,baseline\nann,en-1,5,1\nann,en-1,5,1\n")
        assert import_scores(made, gate, path) == 2
        assert decide(made, gate, actor="test").outcome == "swap_candidate"
        heard = Promotion(
            pin="espeak", channel=ChannelName("production"), reason="clearer", identity_confirmed_by="Ann"
        )
        assert promote(made, heard, actor="test").before == "tone"
        (again,) = [
            one
            for one in rerender(
                made, Replacement(kind=RegistryKind.PIN, old="tone", new="espeak"), actor="test"
            )
            if one.campaign == "bad"
        ]
        build.worked(made, "bad")
        assert [one.new_pin for one in file_differences(made, [again])] == ["espeak", "espeak"]
        with made.database.read() as connection:
            campaign = campaign_rows.get(connection, CampaignId("bad"))
        assert verify_campaign(made, campaign, sample=2).holds
        assert rollback(made, ChannelName("production"), reason="x", actor="test").pin == "tone"
        assert live_at(made, ChannelName("production"), 0) is None


def test_a_candidate_that_makes_nothing_is_an_error_with_its_codes(
    installed: Installation, server: SpeechServer, prompts: str
) -> None:
    connect(installed, server.url)
    server.faults.append("always:html")
    asked = gate_request(
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
        ran(installed, gate_request(prompts, rule=many))
    assert server.asked == []


def test_a_prompt_set_that_changed_meanwhile_is_refused(
    installed: Installation, server: SpeechServer, prompts: str
) -> None:
    connect(installed, server.url)
    server.faults.append("always:html")
    with pytest.raises(ConflictError, match="made none"):
        ran(installed, gate_request(prompts))
    (Path(prompts) / "message.txt").write_text("Hello {{ name }}, {{ amount }}, {{ due }}.")
    with pytest.raises(ConflictError, match="is not what it was when gate-1 began"):
        resumed(installed, find_gate(installed, GateId("gate-1")))


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
    promotion = Promotion(pin="served", channel=ChannelName("production"), reason="x", override_by="Kim")
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
        name=PinId("sovits"),
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


def test_words_are_heard_by_the_server_of_the_settings_and_go_on_when_it_is_back(
    tmp_path: Path, prompts: str
) -> None:
    name, port = f"http-base-test listening-{LISTENING_REVISION}", free_port()
    told = {"listen_url": f"http://127.0.0.1:{port}", "listen_model": "base", "listen_label": "test"}
    asked = gate_request(prompts, baseline="tone", baseline_preset="demo-voice@1")
    with closing(build.installation(tmp_path / "home", listen_token=TOKEN, **told)) as installed:
        with pytest.raises(EngineError, match=f"127.0.0.1:{port}"):
            ran(installed, asked)
        gate = find_gate(installed, GateId("gate-1"))
        assert gate.sides == {}, "nothing is kept that nobody heard"
        with recogniser_server(port=port) as ears:
            ears.token = TOKEN
            ears.planted.append(
                {
                    "text": "Hello Maria Johnson, please pay twelve euros and fifty cents before December third."
                }
            )
            gate = resumed(installed, gate)
            assert len(ears.files) >= 2, "both sides were sent"
    assert {side.recogniser for side in gate.sides.values()} == {name}
    for side in gate.sides.values():
        assert side.totals["not_judged"] in (0.0, 1.0)
        assert side.totals["wer"] is not None and side.totals["wer"] < 0.5
    with (
        closing(build.installation(tmp_path / "home")) as installed,
        pytest.raises(ConflictError, match=r"or its server with CAMPAIGN_LISTEN_URL"),
    ):
        open_tools(installed.settings, GateTools(), asked.rule, sides=gate.sides.values())
