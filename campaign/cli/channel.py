"""`campaign model promote | rollback | history | impact`: channels, the movable names for pins, and what a pin made."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from campaign.cli.rerender import make_again, print_impact
from campaign.cli.shared import CHANNEL_NAME, GATE_ID, actor, json_option, opened, print_json
from campaign.cli.terminal import tell
from storage.names import ChannelName, GateId

if TYPE_CHECKING:
    from campaign.registry.channels import ChannelMove
    from storage.registry.pins import Move


@click.command("promote")
@click.argument("pin")
@click.option(
    "--to",
    "channel",
    type=CHANNEL_NAME,
    required=True,
    help="The channel: production, candidate, or a name of your own.",
)
@click.option("--reason", required=True, help="Why; kept for good.")
@click.option(
    "--identity-confirmed-by", default="", metavar="NAME", help="Who heard the voice and recognises it."
)
@click.option(
    "--override",
    "override_by",
    default="",
    metavar="NAME",
    help="Promote without a verdict, on this person's word.",
)
@click.option("--gate", type=GATE_ID, help="The gate whose verdict counts; by default the pin's newest.")
@json_option
def promote_command(
    pin: str,
    channel: ChannelName,
    reason: str,
    identity_confirmed_by: str,
    override_by: str,
    gate: GateId | None,
    as_json: bool,
) -> None:
    """Point a channel at PIN. It needs a passing verdict against what is live, and a person who heard the voice.

    `candidate` needs neither. Running campaigns keep their pins.
    """
    from campaign.registry.channels import Promotion, promote

    promotion = Promotion(
        pin=pin,
        channel=channel,
        reason=reason,
        identity_confirmed_by=identity_confirmed_by,
        override_by=override_by,
        gate=gate,
    )
    with opened() as installation:
        moved = promote(installation, promotion, actor=actor())
    _moved(moved, as_json=as_json)


@click.command("rollback")
@click.argument("channel", type=CHANNEL_NAME)
@click.option("--reason", default="rollback", show_default=True, help="Why; kept for good.")
@click.option("--rerender", "again", is_flag=True, help="Make again exactly the files that the bad pin made.")
@click.option(
    "--dry-run", is_flag=True, help="With --rerender: show what would be made again, and move nothing."
)
@json_option
def rollback_command(channel: ChannelName, reason: str, again: bool, dry_run: bool, as_json: bool) -> None:
    """Point CHANNEL at what was live before; run again, at what was live before that.

    Running campaigns keep their pins. Files that were delivered stay where they are; with --rerender each gets a new
    version made by the restored pin.
    """
    from campaign.registry.channels import live_and_previous, rollback
    from campaign.rerender.replacement import RegistryKind, Replacement

    with opened() as installation:
        if dry_run:
            bad, good = live_and_previous(installation, channel)
            replacement = Replacement(kind=RegistryKind.PIN, old=bad, new=good)
            make_again(installation, replacement, (), dry_run=True, as_json=as_json)
            return
        moved = rollback(installation, channel, reason=reason, actor=actor())
        if not as_json or not again:
            _moved(moved, as_json=as_json)
        if again and moved.before is not None:
            replacement = Replacement(kind=RegistryKind.PIN, old=moved.before, new=moved.pin)
            make_again(installation, replacement, (), dry_run=False, as_json=as_json)


@click.command("impact")
@click.argument("pin")
@json_option
def pin_impact_command(pin: str, as_json: bool) -> None:
    """Every campaign and file that PIN made, by campaign, row, keyed hash and object."""
    from campaign.registry.pins import made_by

    with opened() as installation:
        delivered = made_by(installation, pin)
    print_impact(delivered, as_json=as_json)


@click.command("history")
@click.argument("channel", type=CHANNEL_NAME)
@click.option("--at", help="What was live then: 2026-11-21T10:00:00Z, or a date for its end.")
@json_option
def history_command(channel: ChannelName, at: str | None, as_json: bool) -> None:
    """Every move of CHANNEL, or what was live at a time."""
    from campaign.registry.channels import history, live_at

    with opened() as installation:
        if at is None:
            moves = history(installation, channel)
        else:
            move_at = live_at(installation, channel, _time(at))
            moves = [] if move_at is None else [move_at]
    if as_json:
        documents = [asdict(move) for move in moves]
        print_json(documents if at is None else (documents[0] if documents else None))
        return
    if at is not None and not moves:
        tell(f"nothing was live on {channel} at {at}")
    for move in moves:
        tell(_line(move))


def _moved(moved: ChannelMove, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(moved))
    else:
        tell(f"{moved.channel}: {moved.before or 'nothing'} -> {moved.pin} ({moved.kind})")


def _time(written: str) -> int:
    """Milliseconds since 1970; a date alone means its last moment."""
    try:
        when = datetime.fromisoformat(written)
    except ValueError as exc:
        raise click.UsageError(
            f"--at: {written!r} is not a time; write 2026-11-21T10:00:00Z or 2026-11-21."
        ) from exc
    if len(written) == len("2026-11-21"):
        when = when.replace(hour=23, minute=59, second=59, microsecond=999_000)
    if when.tzinfo is None:
        when = when.replace(tzinfo=UTC)
    return round(when.timestamp() * 1000)


def _line(move: Move) -> str:
    when = datetime.fromtimestamp(move.t_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
    parts: list[Any] = [
        when,
        f"{move.from_pin or '-'} -> {move.to_pin}",
        move.kind,
        move.reason,
        f"by {move.actor}",
    ]
    if move.confirmed_by:
        parts.append(
            f"answered for by {move.confirmed_by}"
            if move.kind == "override"
            else f"heard by {move.confirmed_by}"
        )
    if move.verdict_digest:
        parts.append(f"verdict {move.verdict_digest[:16]}")
    return "  ".join(parts)
