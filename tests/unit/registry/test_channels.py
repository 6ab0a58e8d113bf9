"""Channels: what a move needs, what was live when, and that nothing moves on an error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from campaign.errors import ConflictError, InputError, NotFoundError
from campaign.gate.verdict import decide
from campaign.registry.channels import (
    ChannelMove,
    Promotion,
    history,
    live_and_previous,
    live_at,
    promote,
    rollback,
)
from campaign.registry.pins import NewModel, add_model, remove_model
from storage.history import audit
from storage.installation import Installation
from storage.names import ChannelName, GateId, PinId
from storage.registry import gates as gate_rows
from storage.registry import pins as pin_rows
from storage.registry.pins import Move, NewPin
from storage.tables import channel_moves, runs
from storage.tables import gates as gate_table
from tests import build
from tests.unit.gate import gates

ASKED = Promotion(
    pin="espeak", channel=ChannelName("production"), reason="better", identity_confirmed_by="Ann"
)


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


def passed(installed: Installation, swap: str = "ttfa_p50_ms <= 500") -> str:
    """A gate of espeak against tone with its verdict."""
    gate = gates.gate(installed, gates.rule(swap))
    decide(installed, gate, actor="test")
    return gate.id


def override(installed: Installation, pin: str, channel: str = "production") -> None:
    asked = Promotion(pin=pin, channel=ChannelName(channel), reason="by hand", override_by="Kim")
    promote(installed, asked, actor="test")


def live(installed: Installation, channel: str = "production") -> str | None:
    with installed.database.read() as connection:
        return pin_rows.channel(connection, channel)


def test_a_passing_verdict_and_a_person_move_the_channel_and_leave_an_audit_row(
    installed: Installation,
) -> None:
    passed(installed)
    moved = promote(installed, ASKED, actor="kim")
    assert (moved.pin, moved.before, moved.kind) == ("espeak", None, "promote")
    (row,) = history(installed, ChannelName("production"))
    assert (row.actor, row.reason, row.confirmed_by) == ("kim", "better", "Ann")
    assert row.verdict_digest == moved.verdict
    with installed.database.read() as connection:
        (note,) = audit.of(connection, "production")
    assert note["action"] == "channel.promote" and note["detail"]["gate"] == "gate-1"


def last_note(installed: Installation, subject: str = "production") -> tuple[str, str, dict[str, object]]:
    with installed.database.read() as connection:
        note = audit.of(connection, subject)[-1]
    return note["action"], note["actor"], note["detail"]


def test_each_kind_of_move_is_kept_and_told_whole(installed: Installation) -> None:
    override(installed, "tone")
    passed(installed)
    promoted = promote(installed, replace(ASKED, gate=GateId("gate-1")), actor="ann")
    with installed.database.read() as connection:
        gate = gate_rows.find(connection, GateId("gate-1"))
    assert gate is not None and gate.verdict_digest
    back = rollback(installed, ChannelName("production"), reason="bad", actor="bob")
    verdict = gate.verdict_digest
    assert promoted == ChannelMove(
        channel="production", pin="espeak", before="tone", kind="promote", verdict=verdict
    )
    assert back == ChannelMove(
        channel="production", pin="tone", before="espeak", kind="rollback", verdict=None
    )
    moves = history(installed, ChannelName("production"))
    common = {"channel": "production"}
    assert moves == [
        Move(
            **common,
            from_pin=None,
            to_pin="tone",
            kind="override",
            reason="by hand",
            actor="test",
            verdict_digest=None,
            confirmed_by="Kim",
            t_ms=moves[0].t_ms,
        ),
        Move(
            **common,
            from_pin="tone",
            to_pin="espeak",
            kind="promote",
            reason="better",
            actor="ann",
            verdict_digest=verdict,
            confirmed_by="Ann",
            t_ms=moves[1].t_ms,
        ),
        Move(
            **common,
            from_pin="espeak",
            to_pin="tone",
            kind="rollback",
            reason="bad",
            actor="bob",
            verdict_digest=None,
            confirmed_by=None,
            t_ms=moves[2].t_ms,
        ),
    ]


def test_each_kind_of_move_leaves_its_whole_audit_row(installed: Installation) -> None:
    override(installed, "tone")
    answered = {"to": "tone", "was": None, "gate": None, "confirmed_by": "Kim", "reason": "by hand"}
    assert last_note(installed) == ("channel.override", "test", answered)
    passed(installed)
    promote(installed, ASKED, actor="ann")
    heard = {"to": "espeak", "was": "tone", "gate": "gate-1", "confirmed_by": "Ann", "reason": "better"}
    assert last_note(installed) == ("channel.promote", "ann", heard)
    rollback(installed, ChannelName("production"), reason="bad", actor="bob")
    gone = {"to": "tone", "was": "espeak", "reason": "bad"}
    assert last_note(installed) == ("channel.rollback", "bob", gone)
    promote(
        installed, replace(ASKED, channel=ChannelName("candidate"), identity_confirmed_by=""), actor="ann"
    )
    free = {"to": "espeak", "was": None, "gate": None, "confirmed_by": None, "reason": "better"}
    assert last_note(installed, "candidate") == ("channel.promote", "ann", free)


def test_the_pin_that_is_live_is_promoted_again_on_its_verdict(installed: Installation) -> None:
    passed(installed)
    promote(installed, ASKED, actor="test")
    assert promote(installed, ASKED, actor="test").before == "espeak"


def test_a_pin_that_its_server_does_not_name_is_not_promoted(installed: Installation) -> None:
    with installed.database.write() as connection:
        tone = pin_rows.get(connection, "tone")
        nameless = NewPin(
            id=PinId("nameless"),
            digest="d" * 64,
            files={},
            engine="openai",
            licence=tone.licence,
            purposes=tone.purposes,
            capabilities=tone.capabilities,
            endpoint={"url": "http://127.0.0.1:9", "model": "m", "identity": None},
        )
        pin_rows.add(connection, nameless)
    with pytest.raises(ConflictError, match="nameless is unpinned"):
        override(installed, "nameless")
    assert live(installed) is None


def test_a_rollback_to_weights_that_changed_is_refused(installed: Installation, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    weights = tmp_path / "mine" / "model.safetensors"
    weights.write_bytes(b"weights")
    mine = NewModel(
        name=PinId("mine"), engine="tone", folder=weights.parent, licence="MIT", purposes=("research",)
    )
    add_model(installed, mine, actor="test")
    override(installed, "mine")
    override(installed, "tone")
    assert live_and_previous(installed, ChannelName("production")) == ("tone", "mine")
    weights.write_bytes(b"changed")
    with pytest.raises(ConflictError, match="mine is not what was pinned"):
        rollback(installed, ChannelName("production"), reason="bad", actor="test")
    assert live(installed) == "tone"


def test_a_rollback_that_another_overtakes_moves_nothing(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    for pin in ("tone", "espeak", "tone"):
        override(installed, pin)

    def meanwhile(_pin: object) -> list[object]:
        monkeypatch.undo()
        rollback(installed, ChannelName("production"), reason="first", actor="test")
        return []

    monkeypatch.setattr("campaign.registry.channels.verify_files", meanwhile)
    with pytest.raises(ConflictError, match="production was moved in the meantime"):
        rollback(installed, ChannelName("production"), reason="second", actor="test")
    assert live(installed) == "espeak"
    assert len(history(installed, ChannelName("production"))) == 4


@pytest.mark.parametrize(
    ("prepare", "change", "error", "complaint"),
    [
        (None, {}, ConflictError, "espeak has no verdict. Run `campaign gate run espeak"),
        ("refused", {}, ConflictError, "was refused by gate-1: keep_baseline"),
        ("passed", {"identity_confirmed_by": ""}, InputError, "--identity-confirmed-by NAME"),
        ("passed", {"reason": " "}, InputError, "a move needs its reason"),
        ("passed", {"channel": ChannelName("tone")}, ConflictError, "tone is a pin's name"),
        ("passed", {"pin": "none"}, NotFoundError, "there is no pin or channel 'none'"),
        ("passed", {"gate": GateId("gate-9")}, NotFoundError, "there is no gate gate-9 of espeak"),
        ("open", {}, ConflictError, "has no verdict"),
    ],
)
def test_what_is_missing_is_named_and_nothing_moves(
    installed: Installation,
    prepare: str | None,
    change: dict[str, Any],
    error: type[Exception],
    complaint: str,
) -> None:
    if prepare == "open":
        gates.gate(installed)
    elif prepare:
        passed(installed, "ttfa_p50_ms <= 500" if prepare == "passed" else "ttfa_p50_ms <= 1")
    with pytest.raises(error, match=complaint):
        promote(installed, replace(ASKED, **change), actor="test")
    assert live(installed) is None
    with installed.database.read() as connection:
        assert connection.execute(select(channel_moves)).all() == []


def test_a_verdict_against_what_is_no_longer_live_does_not_count(
    installed: Installation, tmp_path: Path
) -> None:
    passed(installed)
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"other")
    other = NewModel(name=PinId("other"), engine="tone", folder=folder, licence="MIT", purposes=("research",))
    add_model(installed, other, actor="test")
    override(installed, "other")
    with pytest.raises(ConflictError, match="compared espeak with tone, and production is other now"):
        promote(installed, ASKED, actor="test")
    assert live(installed) == "other"


def test_a_verdict_that_was_changed_does_not_count(installed: Installation) -> None:
    gate_id = passed(installed)
    with installed.database.write() as connection:
        gate = gate_rows.find(connection, GateId(gate_id))
        assert gate is not None
        changed = {**(gate.verdict or {}), "numbers": {}}
        connection.execute(update(gate_table).values(verdict=changed))
    with pytest.raises(ConflictError, match="was changed after it was given"):
        promote(installed, ASKED, actor="test")


def test_files_that_were_tampered_with_are_not_promoted_even_by_override(
    installed: Installation, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "model.safetensors").write_bytes(b"weights")
    mine = NewModel(name=PinId("mine"), engine="tone", folder=folder, licence="MIT", purposes=("research",))
    add_model(installed, mine, actor="test")
    (folder / "model.safetensors").write_bytes(b"changed")
    with pytest.raises(ConflictError, match=r"mine is not what was pinned: model\.safetensors"):
        override(installed, "mine")
    assert live(installed) is None


def test_the_candidate_channel_needs_no_verdict(installed: Installation) -> None:
    asked = replace(ASKED, channel=ChannelName("candidate"), identity_confirmed_by="")
    assert promote(installed, asked, actor="test").kind == "promote"
    assert live(installed, "candidate") == "espeak"


def test_rollback_goes_back_one_move_each_time_and_no_further(installed: Installation) -> None:
    for pin in ("tone", "espeak", "tone"):
        override(installed, pin)
    back = [rollback(installed, ChannelName("production"), reason="bad", actor="test").pin for _ in range(2)]
    assert back == ["espeak", "tone"]
    with pytest.raises(ConflictError, match="nothing was live on production before tone"):
        rollback(installed, ChannelName("production"), reason="bad", actor="test")
    assert live(installed) == "tone"
    override(installed, "espeak")
    assert rollback(installed, ChannelName("production"), reason="bad", actor="test").pin == "tone"


def test_an_unknown_channel_is_named_with_those_there_are(installed: Installation) -> None:
    override(installed, "tone", "night")
    asked: list[Callable[[], object]] = [
        lambda: rollback(installed, ChannelName("production"), reason="x", actor="test"),
        lambda: history(installed, ChannelName("production")),
        lambda: live_at(installed, ChannelName("production"), 0),
    ]
    for ask in asked:
        with pytest.raises(NotFoundError, match="there is no channel 'production'; there are: night"):
            ask()


def test_what_was_live_at_a_time(installed: Installation) -> None:
    override(installed, "tone")
    override(installed, "espeak")
    with installed.database.write() as connection:
        for t_ms, pin in ((1_000, "tone"), (2_000, "espeak")):
            connection.execute(update(channel_moves).where(channel_moves.c.to_pin == pin).values(t_ms=t_ms))
    found = [
        live_at(installed, ChannelName("production"), at_ms) for at_ms in (999, 1_000, 1_999, 2_000, 9_000)
    ]
    assert [one and one.to_pin for one in found] == [None, "tone", "tone", "espeak", "espeak"]


def test_campaigns_without_a_model_speak_with_production_and_keep_it(installed: Installation) -> None:
    override(installed, "tone")
    first = build.submitted(installed, build.people(1), build.brief(model=""), campaign_id="one").campaign
    override(installed, "espeak")
    second = build.submitted(installed, build.people(2), build.brief(model=""), campaign_id="two").campaign
    assert (first.pin_id, second.pin_id) == ("tone", "espeak")
    assert build.worked(installed, "one").pin_id == "tone"
    assert {line["pins"]["model"] for line in build.manifest(installed.store, "one")} == {"tone"}


def test_a_pin_that_anything_names_is_not_forgotten(installed: Installation) -> None:
    with installed.database.write() as connection:
        tone = pin_rows.get(connection, "tone")
        mine = NewPin(
            id=PinId("mine"),
            digest="d" * 64,
            files={},
            engine=tone.engine,
            licence=tone.licence,
            purposes=tone.purposes,
            capabilities=tone.capabilities,
        )
        pin_rows.add(connection, mine)
    override(installed, "mine")
    with pytest.raises(ConflictError, match=r"mine is named by 1 channels, 1 channel moves"):
        remove_model(installed, "mine", actor="test")


def test_a_pin_that_ships_is_not_forgotten(installed: Installation) -> None:
    with pytest.raises(ConflictError, match="comes with the program"):
        remove_model(installed, "tone", actor="test")


def test_runs_of_a_refused_pin_say_so_those_before_and_those_after(installed: Installation) -> None:
    def flags() -> list[bool]:
        with installed.database.read() as connection:
            query = select(runs.c.failed_promotion).where(runs.c.pin_id == "espeak")
            return list(connection.scalars(query))

    build.submitted(installed, build.people(1), build.brief(model="espeak"), campaign_id="before")
    build.worked(installed, "before")
    assert flags() == [False]
    passed(installed, "ttfa_p50_ms <= 1")
    assert flags() == [True]
    build.submitted(installed, build.people(3)[1:], build.brief(model="espeak"), campaign_id="after")
    build.worked(installed, "after")
    assert flags() == [True, True, True]
    passed(installed)
    assert flags() == [False, False, False]
