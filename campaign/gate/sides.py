"""One side of a gate: a prompt set made by one pin, by the very path that serves campaigns.

    submit the prompts as a small campaign -> work (warms up; gives the sound that is heard) -> the same versions again,
    one utterance at a time (gives times; proves that the same key gives the same hash)

Nothing here calls an engine: workers claim rows and leave runs, and the numbers are read from the runs.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from campaign.brief import LoadedBrief, Purpose
from campaign.errors import ConflictError
from campaign.gate.prompts import PromptSet
from campaign.gate.statistics import percentile
from campaign.operations.foreground import Runner, Watch, report_if_due
from campaign.recipients import open_recipients
from campaign.registry.voice import capabilities_of
from campaign.submission.header_stage import AS_THEY_ARE
from campaign.submission.submit import submit
from storage.history import runs as run_rows
from storage.history.rows import codes_without_sound
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.queue import remake
from storage.records import Campaign, RunDescriptor
from storage.registry import pins as pin_rows
from storage.registry.pins import Pin
from storage.scratch import unnamed_file
from storage.session import Connection
from storage.tables import CampaignState, Lane
from workers.languages import primary
from workers.presets.standing import NOWHERE

CANDIDATE, BASELINE = "candidate", "baseline"


@dataclass(frozen=True, slots=True, kw_only=True)
class SideRuns:
    """What a side's runs say: speed, cost, errors, reproducibility."""

    campaign: str
    errors: int
    prompts: int
    codes: Mapping[str, int]
    """Of prompts without a sound."""
    rtf: float | None
    ttfa_p50_ms: float | None
    ttfa_p95_ms: float | None
    joules_per_audio_second: float | None
    batch_sizes: tuple[int, ...]
    """Of the timed runs: 1 unless workers elsewhere claimed more."""
    audio_s: float
    reproducible_share: float | None
    """None when nothing could be made twice."""
    numeric_classes: tuple[str, ...]
    gpu_model: str | None
    engine_version: str | None

    def numbers(self) -> dict[str, float]:
        """Those that rules know, as far as they were measured."""
        numbers: dict[str, float | None] = {
            "errors": self.errors / self.prompts,
            "rtf": self.rtf,
            "ttfa_p50_ms": self.ttfa_p50_ms,
            "ttfa_p95_ms": self.ttfa_p95_ms,
            "joules_per_audio_second": self.joules_per_audio_second,
            "reproducible_share": self.reproducible_share,
        }
        return {name: value for name, value in numbers.items() if value is not None}


def draft_side(
    installation: Installation,
    prompts: PromptSet,
    *,
    gate: str,
    side: str,
    pin: str,
    preset: str,
    purpose: str,
    actor: str,
) -> Campaign:
    """Submit the prompts for one pin; raises what `submit_prompts` raises."""
    return submit_prompts(
        installation,
        prompts,
        campaign_id=CampaignId(f"{gate}-{side}"),
        name=f"{gate} {side}",
        pin=pin,
        preset=preset,
        purpose=purpose,
        actor=actor,
    )


def submit_prompts(
    installation: Installation,
    prompts: PromptSet,
    *,
    campaign_id: CampaignId,
    name: str,
    pin: str,
    preset: str,
    purpose: str,
    actor: str,
) -> Campaign:
    """A campaign of the prompts, for nobody: to be measured. The same prompts under the same id are the same campaign.

    `purpose` empty is research, or what the pin's licence allows. Raises what `submit` raises: the pin, its preset or a
    language is wrong.
    """
    with installation.database.read() as connection:
        resolved_pin = pin_rows.resolve(connection, pin)
    row_languages = tuple(dict.fromkeys(primary(row["locale"]) for row in prompts.rows))
    needed = {*row_languages, "default"}
    brief = prompts.brief.revised(
        name=name,
        languages=tuple(dict.fromkeys((*row_languages, *_quoted_languages(prompts, resolved_pin)))),
        purpose=Purpose(purpose) if purpose else _permitted_purpose(resolved_pin),
        territories=(NOWHERE,),
        templates={
            locale: source for locale, source in prompts.brief.templates.items() if primary(locale) in needed
        },
        preset=preset,
        model=pin,
        lane=Lane.BULK,
        finish={"codec": "wav", "gain": "asset"},
        listen={"files": "off"},
    )
    with unnamed_file() as (spool, path):
        for row in prompts.rows:
            spool.write(json.dumps(row).encode() + b"\n")
        spool.flush()
        with open_recipients(str(path), encoding="utf-8", label="prompts.jsonl") as source:
            return submit(
                installation,
                source,
                LoadedBrief(brief=brief, suppress=(), sends=False),
                actor=actor,
                campaign_id=campaign_id,
                allow_slow=True,
                fit=AS_THEY_ARE,
            ).campaign


def _quoted_languages(prompts: PromptSet, pin: Pin | None) -> tuple[str, ...]:
    """Declared languages that the pin speaks: a prompt may quote another language than its own."""
    speaks = capabilities_of(pin).languages if pin is not None else frozenset[str]()
    return tuple(language for language in prompts.brief.languages if not speaks or language in speaks)


def _permitted_purpose(pin: Pin | None) -> Purpose:
    """A purpose that the pin's licence allows: a gate sends nothing to anybody."""
    if pin is None or Purpose.RESEARCH in pin.purposes:
        return Purpose.RESEARCH
    return Purpose(pin.purposes[0])


def make_side(
    installation: Installation, campaign: Campaign, working: Runner, watch: Watch, *, batch: int
) -> SideRuns:
    """Make a drafted side, then make it again for its times. Raises `ConflictError` when it was stopped."""
    with installation.database.write() as connection:
        if campaign.state == CampaignState.FINISHED_WITH_ERRORS and campaign_rows.reopen_rows(
            connection, campaign.id
        ):
            campaign_rows.move(connection, campaign.id, CampaignState.RUNNING)
    _require_finished(working.finish(campaign.id, watch))
    with installation.database.read() as connection:
        earlier_runs = run_rows.ids_of_campaign(connection, campaign.id)
        failure_codes = codes_without_sound(connection, campaign.id)
    with installation.database.write() as connection:
        planned_count = remake.plan_same(connection, campaign.id)
        earlier_hashes = remake.forget_sound(connection, campaign.id)
        if planned_count:
            remake.start(connection, campaign.id)
    if planned_count:
        _require_finished(working.finish(campaign.id, watch, batch=batch))
    report_if_due(installation, campaign.id)
    with installation.database.read() as connection:
        return _read_runs(connection, campaign, earlier_runs, earlier_hashes, failure_codes)


def _require_finished(campaign: Campaign) -> None:
    if campaign.state not in (CampaignState.FINISHED, CampaignState.FINISHED_WITH_ERRORS):
        raise ConflictError(
            f"campaign {campaign.id} of the gate is {campaign.state}: {campaign.state_reason or 'by hand'}. "
            "`campaign gate resume` continues once that is corrected."
        )


def _read_runs(
    connection: Connection,
    campaign: Campaign,
    earlier_runs: set[str],
    earlier_hashes: Mapping[str, str],
    failure_codes: Mapping[int, str],
) -> SideRuns:
    stored_runs = [run for run in run_rows.of_campaign(connection, campaign.id) if run.outcome == "stored"]
    timed_runs = [run for run in stored_runs if run.run_id not in earlier_runs]
    audio_s = sum(run.duration_ms or 0 for run in timed_runs) / 1000
    firsts = [
        float(run.t_first_token_ms - run.t_claim_ms)
        for run in timed_runs
        if run.t_first_token_ms is not None and run.t_claim_ms is not None
    ]
    joules = [run.energy_joules for run in timed_runs if run.energy_joules is not None]
    codes: dict[str, int] = defaultdict(int)
    unmade = {**failure_codes, **codes_without_sound(connection, campaign.id)}
    for code in unmade.values():
        codes[code] += 1
    total = campaign.rows_total or len(unmade) or 1
    return SideRuns(
        campaign=campaign.id,
        errors=len(unmade),
        prompts=total,
        codes=dict(codes),
        rtf=round(_engine_s(timed_runs) / audio_s, 5) if audio_s else None,
        ttfa_p50_ms=percentile(firsts, 0.5),
        ttfa_p95_ms=percentile(firsts, 0.95),
        joules_per_audio_second=sum(joules) / audio_s if audio_s and len(joules) == len(timed_runs) else None,
        batch_sizes=tuple(sorted({run.batch_size for run in timed_runs})),
        audio_s=round(audio_s, 3),
        reproducible_share=_reproducible(timed_runs, earlier_hashes),
        numeric_classes=tuple(sorted({run.numeric_class for run in stored_runs})),
        gpu_model=next((run.gpu_model for run in timed_runs if run.gpu_model), None),
        engine_version=next((run.engine_version for run in timed_runs), None),
    )


def _engine_s(timed_runs: Sequence[RunDescriptor]) -> float:
    """Wall time of the engine over all batches."""
    spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for run in timed_runs:
        if run.t_claim_ms is not None and run.t_last_token_ms is not None:
            spans[run.batch_id].append((run.t_claim_ms, run.t_last_token_ms))
    return (
        sum(max(last for _, last in batch) - min(first for first, _ in batch) for batch in spans.values())
        / 1000
    )


def _reproducible(timed_runs: Sequence[RunDescriptor], earlier_hashes: Mapping[str, str]) -> float | None:
    matches = [
        run.output_audio_hash == earlier_hashes[run.utterance_key]
        for run in timed_runs
        if run.utterance_key in earlier_hashes
    ]
    return sum(matches) / len(matches) if matches else None
