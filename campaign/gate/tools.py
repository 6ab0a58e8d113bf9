"""What a gate measures with: who hears, who tells voices apart, and whether their numbers compare."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from campaign.errors import ConflictError
from campaign.gate.conditions import Commands
from campaign.gate.rule import Rule
from campaign.registry.encoder import find_encoder
from campaign.registry.opinions import find_opinion
from storage.registry.gates import GateSide
from storage.settings import Settings
from workers.listeners import served_recogniser
from workers.listening.revision import LISTENING_REVISION
from workers.measure.distillmos import DistillMos
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


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTools:
    """What measures both sides of a gate."""

    recogniser: Recogniser | None
    encoder: SpeakerEncoder
    opinion: DistillMos | None


def open_tools(settings: Settings, tools: GateTools, rule: Rule, *, sides: Collection[GateSide]) -> OpenTools:
    """What hears, tells voices apart and predicts opinions, fit for the sides that there are.

    Raises `EngineError` for a file that is none, `ConflictError` for an encoder whose numbers are no measure of what
    the rule or the other side has, and for a recogniser or predictor that is not the other side's.
    """
    return OpenTools(
        recogniser=_recogniser(settings, tools, sides),
        encoder=_encoder(settings, tools, rule, sides),
        opinion=_opinion(settings, sides),
    )


def _encoder(settings: Settings, tools: GateTools, rule: Rule, sides: Collection[GateSide]) -> SpeakerEncoder:
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
    return encoder


def _recogniser(settings: Settings, tools: GateTools, sides: Collection[GateSide]) -> Recogniser | None:
    """The model that is named, else the server of the settings, else what is installed."""
    if tools.recogniser is None and settings.listen_url:
        recogniser: Recogniser | None = served_recogniser(settings)
    else:
        recogniser = find_recogniser(tools.recogniser, device=tools.device)
    heard_by = {side.recogniser for side in sides if side.recogniser}
    if recogniser is not None and heard_by - {measured_by(recogniser)}:
        raise ConflictError(
            f"words would be heard by {measured_by(recogniser)}, and the other side was heard by "
            f"{', '.join(sorted(heard_by))}: their numbers do not compare. Name its folder with --recogniser, or its "
            "server with CAMPAIGN_LISTEN_URL, CAMPAIGN_LISTEN_MODEL and CAMPAIGN_LISTEN_LABEL, or run a new gate."
        )
    return recogniser


def _opinion(settings: Settings, sides: Collection[GateSide]) -> DistillMos | None:
    opinion = find_opinion(settings)
    rated_by = {side.opinion for side in sides if side.opinion}
    if rated_by - {"" if opinion is None else opinion.name}:
        raise ConflictError(
            f"opinions of the other side were predicted by {', '.join(sorted(rated_by))}, which is not here: their "
            "numbers do not compare. `campaign voice get distillmos` with the same release, or run a new gate."
        )
    return opinion


def measured_by(recogniser: Recogniser) -> str:
    """What a side's words were judged by: numbers compare under one name only."""
    return f"{recogniser.name} listening-{LISTENING_REVISION}"
