"""Channels: movable names for pins. A move needs a passing verdict and a person who heard the voice, or a name that
answers for doing without; every move is a row that is never changed. Running campaigns keep their pins."""

from __future__ import annotations

from dataclasses import dataclass

from campaign.errors import ConflictError, InputError, NotFoundError
from campaign.registry.pins import find_pin, verify_files
from storage.canonical import digest
from storage.history import audit
from storage.installation import Installation
from storage.names import ChannelName, GateId
from storage.registry import gates as gate_rows
from storage.registry import pins as pin_rows
from storage.registry.gates import SWAP_CANDIDATE, Gate
from storage.registry.pins import OVERRIDE, PROMOTE, ROLLBACK, Move, Pin
from storage.session import Connection

CANDIDATE = "candidate"
"""The channel for what is not decided yet: it needs no verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """What a person asks for."""

    pin: str
    channel: ChannelName
    reason: str
    identity_confirmed_by: str = ""
    override_by: str = ""
    gate: GateId | None = None
    """The gate whose verdict counts; None for the pin's newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelMove:
    """What a channel points at now, and what it did before."""

    channel: str
    pin: str
    before: str | None
    kind: str
    verdict: str | None


def promote(installation: Installation, promotion: Promotion, *, actor: str) -> ChannelMove:
    """Point a channel at a pin. Raises `NotFoundError`, `InputError`, `ConflictError`; nothing is moved then."""
    if not promotion.reason.strip():
        raise InputError("a move needs its reason. Give it with --reason.")
    with installation.database.read() as connection:
        pin = find_pin(connection, promotion.pin)
        if pin_rows.find(connection, promotion.channel) is not None:
            raise ConflictError(f"{promotion.channel} is a pin's name. Choose another channel.")
    _require_intact(pin)
    with installation.database.write() as connection:
        gate = None if promotion.override_by else _passing_gate(connection, promotion, pin)
        kind = OVERRIDE if promotion.override_by else PROMOTE
        confirmed_by = promotion.override_by or promotion.identity_confirmed_by or None
        verdict = None if gate is None else gate.verdict_digest
        previous = pin_rows.move_channel(
            connection,
            promotion.channel,
            pin.id,
            kind=kind,
            reason=promotion.reason,
            actor=actor,
            verdict=verdict,
            confirmed_by=confirmed_by,
        )
        audit.note(
            connection,
            f"channel.{kind}",
            promotion.channel,
            actor=actor,
            to=pin.id,
            was=previous,
            gate=None if gate is None else gate.id,
            confirmed_by=confirmed_by,
            reason=promotion.reason,
        )
    return ChannelMove(channel=promotion.channel, pin=pin.id, before=previous, kind=kind, verdict=verdict)


def _require_intact(pin: Pin) -> None:
    """Refuse what cannot be told again later, and files that are not what was pinned."""
    if not pin.is_identified:
        raise ConflictError(
            f"pin {pin.id} is unpinned: its endpoint does not say which model it runs, so nobody could tell when it "
            "changes. Serve it from a server that names its model, or pin its files."
        )
    changed = [finding for finding in verify_files(pin) if not finding.holds]
    if changed:
        raise ConflictError(
            f"pin {pin.id} is not what was pinned: {changed[0].path}: {changed[0].found}. "
            f"`campaign model verify {pin.id}` shows all; restore it, or pin what there is under a new name."
        )


def _passing_gate(connection: Connection, promotion: Promotion, pin: Pin) -> Gate | None:
    """The verdict that lets the pin through; None for the channel that needs none."""
    if promotion.channel == CANDIDATE:
        return None
    gate = gate_rows.find(connection, promotion.gate) if promotion.gate else None
    if promotion.gate and (gate is None or gate.candidate != pin.id):
        raise NotFoundError(
            f"there is no gate {promotion.gate} of {pin.id}. `campaign gate list` shows those that exist."
        )
    gate = gate or gate_rows.newest_verdict(connection, pin.id)
    if gate is None or gate.outcome is None:
        raise ConflictError(
            f"pin {pin.id} has no verdict. Run `campaign gate run {pin.id} --against BASELINE`, or answer "
            "for it with --override NAME."
        )
    if gate.outcome != SWAP_CANDIDATE:
        raise ConflictError(
            f"pin {pin.id} was refused by {gate.id}: {gate.outcome}. `campaign gate show {gate.id}` says why; answer "
            "for it with --override NAME."
        )
    if gate.verdict_digest != digest(gate.verdict):
        raise ConflictError(f"the verdict of {gate.id} was changed after it was given. Run the gate again.")
    live = pin_rows.channel(connection, promotion.channel)
    if live is not None and live not in (gate.baseline, pin.id):
        raise ConflictError(
            f"{gate.id} compared {pin.id} with {gate.baseline}, and {promotion.channel} is {live} now. Run the gate "
            f"against {live}, or answer for it with --override NAME."
        )
    if not promotion.identity_confirmed_by:
        raise InputError(
            "numbers do not prove who speaks: somebody has to hear the voice. Give their name with "
            "--identity-confirmed-by NAME."
        )
    return gate


def live_and_previous(installation: Installation, channel: ChannelName) -> tuple[str, str]:
    """(what is live, what was live before it); raises `ConflictError` when there is nothing to go back to."""
    with installation.database.read() as connection:
        now = _live_pin(connection, channel)
        earlier = pin_rows.rollback_target(pin_rows.moves(connection, channel))
    if earlier is None:
        raise ConflictError(
            f"nothing was live on {channel} before {now}: there is nothing to go back to. "
            f"`campaign model history {channel}` shows its moves."
        )
    return now, earlier


def rollback(installation: Installation, channel: ChannelName, *, reason: str, actor: str) -> ChannelMove:
    """Point a channel at what was live before; again, at what was live before that. Its weights are verified first."""
    _, earlier = live_and_previous(installation, channel)
    with installation.database.read() as connection:
        pin = pin_rows.get(connection, earlier)
    _require_intact(pin)
    with installation.database.write() as connection:
        if pin_rows.rollback_target(pin_rows.moves(connection, channel)) != earlier:
            raise ConflictError(
                f"{channel} was moved in the meantime. `campaign model history {channel}` shows how."
            )
        previous = pin_rows.move_channel(
            connection, channel, earlier, kind=ROLLBACK, reason=reason, actor=actor
        )
        audit.note(
            connection, "channel.rollback", channel, actor=actor, to=earlier, was=previous, reason=reason
        )
    return ChannelMove(channel=channel, pin=earlier, before=previous, kind=ROLLBACK, verdict=None)


def history(installation: Installation, channel: ChannelName) -> list[Move]:
    """Every move of a channel, oldest first."""
    with installation.database.read() as connection:
        _live_pin(connection, channel)
        return pin_rows.moves(connection, channel)


def live_at(installation: Installation, channel: ChannelName, at_ms: int) -> Move | None:
    """The move that had brought what was live at that time; None when nothing was live yet."""
    with installation.database.read() as connection:
        _live_pin(connection, channel)
        moves = pin_rows.moves(connection, channel, until_ms=at_ms)
    return moves[-1] if moves else None


def _live_pin(connection: Connection, channel: ChannelName) -> str:
    live = pin_rows.channel(connection, channel)
    if live is None:
        names = ", ".join(pin_rows.all_channels(connection)) or "none yet"
        raise NotFoundError(
            f"there is no channel {channel!r}; there are: {names}. Make one with `campaign model promote PIN --to "
            f"{channel}`."
        )
    return live
