"""A gate from the rule to the numbers: commit the rule, make both sides, measure both. `verdict` decides.

rule and prompts digested and kept -> candidate: made twice, measured -> baseline: the same, or it waits
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from campaign.brief import Purpose
from campaign.errors import CampaignError, ConflictError, InputError, NotFoundError
from campaign.gate.conditions import under_conditions
from campaign.gate.measures import (
    Likeness,
    Measurement,
    by_language,
    drift_from_baseline,
    in_total,
    measure,
    prompts_of,
)
from campaign.gate.prompts import PromptSet, load_prompts
from campaign.gate.rule import Rule, kept_rule
from campaign.gate.sides import BASELINE, CANDIDATE, SideRuns, draft_side, make_side
from campaign.gate.tools import GateTools, measured_by, open_tools
from campaign.operations import control
from campaign.operations.foreground import Runner, Watch, look, runner
from campaign.registry.pins import find_pin
from campaign.registry.voice import find_preset
from storage.history import audit
from storage.installation import Installation
from storage.names import GateId
from storage.records import Campaign, JsonObject
from storage.registry import gates as gate_rows
from storage.registry import pins as pin_rows
from storage.registry.gates import Gate, GateOptions, GateSide, NewGate
from storage.tables import CampaignState
from workers.engines.engine import EngineError
from workers.listening.listener import FileListener
from workers.pcm import from_wav

AWAY = frozenset({"endpoint-unreachable", "endpoint-busy", "timed-out"})
"""Why a prompt has no sound when its server is not there."""

Steps = Callable[[str, int, int], None]
"""Called with (what, done, of how many)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRequest:
    """What a person asks for."""

    candidate: str
    baseline: str
    prompts: str
    preset: str
    baseline_preset: str = ""
    """Empty for the candidate's."""
    languages: tuple[str, ...] = ()
    rule: Rule
    purpose: str = ""
    """Empty for research, or what the pin's licence allows."""
    defer_baseline: bool = False


def run_gate(
    installation: Installation,
    request: GateRequest,
    tools: GateTools,
    *,
    actor: str,
    watch: Watch,
    steps: Steps,
) -> Gate:
    """Commit the rule and make what can be made. The gate is kept from its first moment; `resume_gate` goes on."""
    prompts = load_prompts(request.prompts).in_languages(request.languages)
    if len(prompts.rows) < request.rule.needs.prompts:
        raise InputError(
            f"{request.prompts} has {len(prompts.rows)} prompts in these languages and the rule needs "
            f"{request.rule.needs.prompts}. Choose a larger set or more languages."
        )
    # what is wrong with them, or does not fit the rule, is said before anything is kept
    open_tools(installation.settings, tools, request.rule, sides=())
    gate = _commit(installation, request, prompts, actor=actor)
    return resume_gate(
        installation,
        gate,
        tools,
        defer_baseline=request.defer_baseline,
        actor=actor,
        watch=watch,
        steps=steps,
    )


def _commit(installation: Installation, request: GateRequest, prompts: PromptSet, *, actor: str) -> Gate:
    with installation.database.write() as connection:
        candidate = find_pin(connection, request.candidate)
        baseline = pin_rows.resolve(connection, request.baseline)
        if baseline is None and not request.defer_baseline:
            raise NotFoundError(
                f"there is no pin or channel {request.baseline!r}. `campaign model list` shows those that exist; a "
                "baseline that comes later needs --defer-baseline."
            )
        if baseline is not None and baseline.id == candidate.id:
            raise InputError(f"{candidate.id} is the candidate and the baseline. Name two pins.")
        preset = find_preset(connection, request.preset)
        baseline_preset = find_preset(connection, request.baseline_preset or request.preset)
        if request.purpose and request.purpose not in list(Purpose):
            raise InputError(f"--purpose {request.purpose}: choose one of {', '.join(Purpose)}.")
        asked = NewGate(
            candidate=candidate.id,
            baseline=request.baseline if baseline is None else baseline.id,
            candidate_preset=preset.label,
            baseline_preset=baseline_preset.label,
            prompts=request.prompts if Path(request.prompts).is_dir() else prompts.label,
            prompts_digest=prompts.digest,
            rule=dict(request.rule.written),
            rule_digest=request.rule.digest,
            options=GateOptions(languages=request.languages, purpose=request.purpose),
            sides={},
            actor=actor,
        )
        gate = gate_rows.create(connection, asked)
        audit.note(
            connection,
            "gate.run",
            gate.id,
            actor=actor,
            candidate=gate.candidate,
            baseline=gate.baseline,
            rule=gate.rule_digest,
            prompts=gate.prompts_digest,
        )
    return gate


def resume_gate(
    installation: Installation,
    gate: Gate,
    tools: GateTools,
    *,
    defer_baseline: bool = False,
    actor: str,
    watch: Watch,
    steps: Steps,
) -> Gate:
    """Make the sides that are missing. Raises `ConflictError` for a baseline that cannot be made, unless deferred."""
    if gate.outcome is not None:
        raise ConflictError(f"{gate.id} has its verdict: {gate.outcome}. Run a new gate.")
    prompts = load_prompts(gate.prompts)
    if prompts.digest != gate.prompts_digest:
        raise ConflictError(
            f"prompt set {gate.prompts} is not what it was when {gate.id} began. Restore it, or run a new gate."
        )
    prompts = prompts.in_languages(gate.options.languages)
    with closing(_Maker(installation, gate, prompts, tools, actor=actor, watch=watch, steps=steps)) as maker:
        if CANDIDATE not in gate.sides:
            maker.make(CANDIDATE)
        if BASELINE not in gate.sides:
            try:
                maker.make(BASELINE)
            except (CampaignError, EngineError) as exc:
                if not defer_baseline:
                    raise
                maker.wait(BASELINE, str(exc))
    return find_gate(installation, gate.id)


def find_gate(installation: Installation, gate_id: GateId) -> Gate:
    """One gate; raises `NotFoundError`."""
    with installation.database.read() as connection:
        gate = gate_rows.find(connection, gate_id)
    if gate is None:
        raise NotFoundError(f"there is no gate {gate_id}. `campaign gate list` shows those that exist.")
    return gate


class _Maker:
    """Makes and measures sides of one gate."""

    def __init__(
        self,
        installation: Installation,
        gate: Gate,
        prompts: PromptSet,
        tools: GateTools,
        *,
        actor: str,
        watch: Watch,
        steps: Steps,
    ) -> None:
        self._installation = installation
        self._gate = gate
        self._prompts = prompts
        self._tools = tools
        self._actor = actor
        self._watch = watch
        self._steps = steps
        opened = open_tools(
            installation.settings,
            tools,
            kept_rule(gate.rule),
            sides=gate.sides.values(),
        )
        recogniser, self._encoder, self._opinion = opened.recogniser, opened.encoder, opened.opinion
        self._recogniser = recogniser
        self._listener = None if recogniser is None else FileListener(lambda: recogniser)

    def close(self) -> None:
        """Give the recogniser's processes back."""
        if self._listener is not None:
            self._listener.close()

    def make(self, side: str) -> None:
        """Draft, make twice, measure, keep."""
        gate, installation, tools = self._gate, self._installation, self._tools
        preset = getattr(gate, f"{side}_preset")
        campaign = self._draft(side, preset)
        try:
            with (
                under_conditions(tools.commands, device=tools.device) as observations,
                runner(installation, device=tools.device) as working,
            ):
                runs = self._run_side(campaign, working)
        except EngineError as exc:
            self._pause(campaign, str(exc))
            raise
        if runs.errors == runs.prompts:
            codes = ", ".join(runs.codes)
            away = " Its server is not there." if runs.codes.keys() <= AWAY else ""
            raise ConflictError(
                f"{campaign.pin_id} made none of the {runs.prompts} prompts: {codes}.{away} "
                f"`campaign status {campaign.id}` says more; once that is corrected, "
                f"`campaign gate resume {gate.id}` continues."
            )
        measured = self._measure(side, campaign, preset)
        with installation.database.write() as connection:
            gate_rows.keep_side(
                connection, gate.id, side, self._side_record(campaign, runs, measured, observations.numbers())
            )
        self._gate = find_gate(installation, gate.id)

    def _draft(self, side: str, preset: str) -> Campaign:
        """The side's campaign, drafted now, or resumed after a pause."""
        gate = self._gate
        campaign = draft_side(
            self._installation,
            self._prompts,
            gate=gate.id,
            side=side,
            pin=getattr(gate, side),
            preset=preset,
            purpose=gate.options.purpose,
            actor=self._actor,
        )
        if campaign.state == CampaignState.PAUSED:
            control.resume(self._installation, campaign.id, actor=self._actor)
        return campaign

    def _pause(self, campaign: Campaign, reason: str) -> None:
        """Leave a side that cannot be made alone: nobody else's work is to fail on it."""
        if look(self._installation, campaign.id)[0].state == CampaignState.RUNNING:
            control.pause(self._installation, campaign.id, reason=reason, actor=self._actor)

    def wait(self, side: str, reason: str) -> None:
        """Remember why a side is missing."""
        options = replace(self._gate.options, waits={**self._gate.options.waits, side: reason})
        with self._installation.database.write() as connection:
            gate_rows.keep_options(connection, self._gate.id, options)

    def _run_side(self, campaign: Campaign, working: Runner) -> SideRuns:
        return make_side(self._installation, campaign, working, self._watch, batch=self._tools.batch)

    def _measure(self, side: str, campaign: Campaign, preset: str) -> list[Measurement]:
        measurements = measure(
            prompts_of(self._installation, campaign),
            self._listener,
            self._likeness(preset),
            opinion=self._opinion,
            progress=lambda done, total: self._steps(f"measuring the {side}", done, total),
        )
        other_side = self._gate.sides.get(BASELINE if side == CANDIDATE else CANDIDATE)
        if other_side is None:
            return measurements
        other_measurements = [Measurement.from_json(row) for row in other_side.measured]
        if side == CANDIDATE:
            return drift_from_baseline(measurements, other_measurements)
        self._redrift(drift_from_baseline(other_measurements, measurements))
        return measurements

    def _redrift(self, candidate: list[Measurement]) -> None:
        """The candidate was measured first: now there is a baseline to hold its pitch against."""
        measured, totals, languages = _tables(candidate)
        side = replace(self._gate.sides[CANDIDATE], measured=measured, totals=totals, by_language=languages)
        with self._installation.database.write() as connection:
            gate_rows.keep_side(connection, self._gate.id, CANDIDATE, side)

    def _likeness(self, label: str) -> Likeness:
        with self._installation.database.read() as connection:
            preset = find_preset(connection, label)
        if preset.reference_key is None:
            return Likeness(recording=None, rate_hz=0, encoder=self._encoder)
        pcm, rate_hz = from_wav(self._installation.store.get(preset.reference_key))
        return Likeness(recording=pcm, rate_hz=rate_hz, encoder=self._encoder)

    def _side_record(
        self,
        campaign: Campaign,
        runs: SideRuns,
        measurements: list[Measurement],
        condition_numbers: Mapping[str, float],
    ) -> GateSide:
        measured, totals, languages = _tables(measurements)
        return GateSide(
            campaign=campaign.id,
            pin=campaign.lock.pin.id,
            pin_digest=campaign.lock.pin.digest,
            preset_digest=campaign.lock.preset.sound_digest,
            runs=asdict(runs)
            | {"batch_sizes": list(runs.batch_sizes), "numeric_classes": list(runs.numeric_classes)},
            surroundings=dict(condition_numbers),
            side_numbers={**runs.numbers(), **condition_numbers},
            recogniser=None if self._recogniser is None else measured_by(self._recogniser),
            encoder=self._encoder.name,
            opinion="" if self._opinion is None else self._opinion.name,
            sounds=self._sounds(campaign),
            measured=measured,
            totals=totals,
            by_language=languages,
        )

    def _sounds(self, campaign: Campaign) -> dict[str, str]:
        """Prompt -> the object that people hear."""
        from storage.history import delivery

        with self._installation.database.read() as connection:
            return {
                row.external_id: row.object_key
                for row in delivery.rows(connection, campaign.id)
                if row.external_id and row.object_key
            }


def _tables(
    measurements: list[Measurement],
) -> tuple[list[JsonObject], Mapping[str, float | None], Mapping[str, Mapping[str, float | None]]]:
    """(each prompt's numbers, their means, means by language)."""
    languages = {language: _rounded(means) for language, means in by_language(measurements).items()}
    return [one.as_json() for one in measurements], _rounded(in_total(measurements)), languages


def _rounded(means: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 5) for name, value in means.items()}
