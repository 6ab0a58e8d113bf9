"""What a gate measures with: who hears, who tells voices apart, and whether their numbers compare."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from campaign.errors import ConflictError
from campaign.gate.conditions import Commands
from campaign.gate.rule import Rule
from campaign.registry.encoder import find_encoder
from storage.registry.gates import GateSide
from storage.settings import Settings
from workers.listening.revision import LISTENING_REVISION
from workers.measure.likeness import SpeakerEncoder, SpectralEncoder
from workers.recognisers.finding import find_recogniser
from workers.recognisers.recogniser import Recogniser


@dataclass(frozen=True, slots=True, kw_only=True)
class GateTools:
    """What it is measured with; not part of what is decided beforehand."""

    recogniser: Path | None = None
    encoder: Path | None = None
    device: str = "cpu"
    batch: int = 1
    commands: Commands = field(default_factory=Commands)


def open_tools(
    settings: Settings, tools: GateTools, rule: Rule, *, sides: Collection[GateSide]
) -> tuple[Recogniser | None, SpeakerEncoder]:
    """What hears and tells voices apart, fit for the sides that there are.

    Raises `EngineError` for a file that is none, `ConflictError` for an encoder whose numbers are no measure of what
    the rule or the other side has, and for a recogniser that hears otherwise than the other side's.
    """
    measured = {side.encoder for side in sides}
    wanted = {name for name in (rule.needs.encoder, *measured) if name}
    encoder = find_encoder(settings, tools.encoder)
    if wanted == {SpectralEncoder.name} and tools.encoder is None:
        encoder = SpectralEncoder()
    if strange := sorted(wanted - {encoder.name}):
        raise ConflictError(
            f"speakers would be told apart by {encoder.name}, and "
            f"{'the other side was measured' if strange[0] in measured else 'the rule was written'} with {strange[0]}: "
            "their numbers do not compare. Name its file with --encoder, or run a new gate with a rule that was "
            "written for this one."
        )
    if rule.judges_similarity and not wanted:
        raise ConflictError(
            "the rule judges similarity and does not say by which encoder, and each has a scale of its own. Look at "
            f'its numbers first, then write encoder = "{encoder.name}" under [needs].'
        )
    recogniser = find_recogniser(tools.recogniser, device=tools.device)
    heard_by = {side.recogniser for side in sides if side.recogniser}
    if recogniser is not None and heard_by - {measured_by(recogniser)}:
        raise ConflictError(
            f"words would be heard by {measured_by(recogniser)}, and the other side was heard by "
            f"{', '.join(sorted(heard_by))}: their numbers do not compare. Name its folder with --recogniser, or run a "
            "new gate."
        )
    return recogniser, encoder


def measured_by(recogniser: Recogniser) -> str:
    """What a side's words were judged by: numbers compare under one name only."""
    return f"{recogniser.name} listening-{LISTENING_REVISION}"
