"""The verdict: the committed rule over the numbers and scores; swap the candidate in, try the next one, or keep the
baseline. What cannot be decided yet waits, and says for what; what is wrong is an error, and nothing moves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from pydantic import JsonValue

from campaign.errors import ConflictError
from campaign.gate.certainty import interval_of, intervals, rounded
from campaign.gate.listening import Steadiness, audible_prompts, steadiness
from campaign.gate.numbers import (
    BASELINE,
    HIGH,
    LOW,
    OF_LISTENING,
    OF_PROMPTS,
    OF_SIDES,
    Better,
    number,
    plain,
)
from campaign.gate.rule import Bound, Rule, evaluate, kept_rule
from campaign.gate.statistics import bootstrap_mean, sign_test, wilcoxon
from storage.canonical import digest
from storage.history import audit
from storage.installation import Installation
from storage.registry import gates as gate_rows
from storage.registry.gates import KEEP_BASELINE, NEXT_CANDIDATE, SWAP_CANDIDATE, Gate, GateSide, Score

VERDICT_VERSION = 1
WAITING = "waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was decided, or what it waits for."""

    outcome: str
    """`swap_candidate`, `next_candidate`, `keep_baseline`, or `waiting`."""
    document: Mapping[str, Any]
    """`verdict.json`: inputs, digests, numbers, rule, outcome."""

    @property
    def waits_for(self) -> list[str]:
        """What is missing, each with the command that puts it right."""
        return list(self.document["waits_for"])


def decide(installation: Installation, gate: Gate, *, exclude: Sequence[str] = (), actor: str) -> Verdict:
    """Give the verdict, once; again, the same one. Raises `ConflictError` for listeners who failed their repeats."""
    if gate.verdict is not None and gate.outcome is not None:
        return Verdict(outcome=gate.outcome, document=gate.verdict)
    with installation.database.read() as connection:
        scores = gate_rows.scores(connection, gate.id)
    verdict = judge(gate, scores, exclude=exclude)
    if verdict.outcome != WAITING:
        with installation.database.write() as connection:
            gate_rows.decide(
                connection,
                gate.id,
                outcome=verdict.outcome,
                verdict=verdict.document,
                digest=digest(verdict.document),
            )
            audit.note(
                connection,
                "gate.verdict",
                gate.id,
                actor=actor,
                outcome=verdict.outcome,
                candidate=gate.candidate,
                baseline=gate.baseline,
                digest=digest(verdict.document),
            )
    return verdict


def judge(gate: Gate, scores: Sequence[Score], *, exclude: Sequence[str] = ()) -> Verdict:
    """The rule over what there is; writes nothing."""
    rule = kept_rule(gate.rule)
    if rule.digest != gate.rule_digest:
        raise ConflictError(f"the rule of {gate.id} was changed after it was committed. Run the gate again.")
    counted_scores = [score for score in scores if score.listener not in exclude]
    waits, prompts_heard = _missing_inputs(gate, rule, counted_scores)
    listener_records = steadiness(counted_scores)
    numbers: dict[str, float] = {}
    bounds: list[dict[str, Any]] = []
    holds: bool | None = None
    if not waits:
        _refuse_unsteady(rule, listener_records)
        numbers = _numbers(gate, counted_scores) | _ends(gate, rule)
        waits = _unmeasured(rule, numbers)
    if not waits:
        bounds = [
            result for name, bound in rule.bounds.items() for result in _bound_results(gate, name, bound)
        ]
        holds = evaluate(rule.swap, numbers)
    outcome = WAITING if waits else _outcome(rule, bool(holds), bounds)
    document = {
        "verdict_version": VERDICT_VERSION,
        "gate": gate.id,
        "candidate": gate.candidate,
        "baseline": gate.baseline,
        "presets": {"candidate": gate.candidate_preset, "baseline": gate.baseline_preset},
        "prompts": {"set": gate.prompts, "digest": gate.prompts_digest, "heard_in_both": prompts_heard},
        "rule": dict(gate.rule),
        "rule_digest": gate.rule_digest,
        "rule_committed_ms": gate.t_created_ms,
        "options": gate.options.as_json(),
        "inputs": {side: _identity(record) for side, record in gate.sides.items()},
        "numbers": {name: round(value, 5) for name, value in sorted(numbers.items())},
        "by_language": {side: record.by_language for side, record in gate.sides.items()},
        "intervals": {side: intervals(record) for side, record in gate.sides.items()},
        "bounds": bounds,
        "swap_holds": holds,
        "listeners": [asdict(listener) for listener in listener_records],
        "excluded_listeners": sorted(exclude),
        "scores_digest": digest([asdict(score) for score in counted_scores]),
        "next_candidate": rule.next_candidate or None,
        "waits_for": waits,
        "outcome": outcome,
    }
    return Verdict(outcome=outcome, document=document)


def _outcome(rule: Rule, holds: bool, bound_results: Sequence[Mapping[str, Any]]) -> str:
    if holds and all(result["holds"] for result in bound_results):
        return SWAP_CANDIDATE
    return NEXT_CANDIDATE if rule.next_candidate else KEEP_BASELINE


def _identity(side: GateSide) -> dict[str, JsonValue]:
    """What a side is identified by."""
    return {
        "campaign": side.campaign,
        "pin": side.pin,
        "pin_digest": side.pin_digest,
        "preset_digest": side.preset_digest,
        "runs": dict(side.runs),
        "surroundings": dict(side.surroundings),
        "recogniser": side.recogniser,
        "encoder": side.encoder,
        "opinion": side.opinion,
        "sounds_digest": digest(side.sounds),
    }


# what is missing


def _missing_inputs(gate: Gate, rule: Rule, scores: Sequence[Score]) -> tuple[list[str], int]:
    missing = [side for side in ("candidate", "baseline") if side not in gate.sides]
    if missing:
        reason = gate.options.waits
        return [
            f"the {side}, {getattr(gate, side)}: {reason.get(side, 'not made yet')}. "
            f"`campaign gate resume {gate.id}` makes it."
            for side in missing
        ], 0
    prompt_count = len(audible_prompts(gate))
    if prompt_count < rule.needs.prompts:
        raise ConflictError(
            f"{gate.id} has {prompt_count} prompts with a sound on both sides and its rule needs {rule.needs.prompts}. "
            "Run it with a larger set, or with all of the set's languages."
        )
    if not rule.needs_listening:
        return [], prompt_count
    listeners = {score.listener for score in scores}
    if len(listeners) < rule.needs.listeners:
        return [
            f"listeners: {len(listeners)} of {rule.needs.listeners}. `campaign gate listen {gate.id}` opens the page."
        ], prompt_count
    by_prompt = {score.prompt for score in scores if not score.is_repeat}
    if len(by_prompt) < rule.needs.prompts:
        return [
            f"scores: {len(by_prompt)} of {rule.needs.prompts} prompts were scored. "
            f"`campaign gate listen {gate.id}` goes on."
        ], prompt_count
    return [], prompt_count


def _unmeasured(rule: Rule, numbers: Mapping[str, float]) -> list[str]:
    """Numbers that the rule needs and nobody measured."""
    names = set(rule.names)
    for name, bound in rule.bounds.items():
        names.add(name)
        if bound.worse_by_at_most is not None:
            names.add(BASELINE + name)
    out = []
    for name in sorted(names - numbers.keys()):
        definition = number(plain(name))
        out.append(f"{name}: {definition.missing if definition else 'nobody has listened yet'}.")
    return out


def _refuse_unsteady(rule: Rule, listener_records: Sequence[Steadiness]) -> None:
    for record in listener_records:
        if record.mean_change is not None and record.mean_change > rule.needs.repeat_tolerance:
            raise ConflictError(
                f"listener {record.listener} scored the same clips {record.mean_change:.1f} points apart at "
                f"{record.repeats} hidden repeats; the rule allows {rule.needs.repeat_tolerance:g}. Leave them out "
                f"with --exclude {record.listener!r}, or have them listen again."
            )


# numbers


def _numbers(gate: Gate, scores: Sequence[Score]) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for side, prefix in (("candidate", ""), ("baseline", BASELINE)):
        for name, value in gate.sides[side].numbers.items():
            if value is not None and (name in OF_PROMPTS or name in OF_SIDES):
                numbers[prefix + name] = float(value)
    return numbers | _listening_numbers(scores)


def _ends(gate: Gate, rule: Rule) -> dict[str, float]:
    """The ends of intervals that the rule names."""
    ends: dict[str, float] = {}
    for name in rule.names - OF_LISTENING.keys():
        side = "baseline" if name.startswith(BASELINE) else "candidate"
        if not name.endswith((LOW, HIGH)) or plain(name) not in OF_PROMPTS:
            continue
        if (found := interval_of(plain(name), gate.sides[side].measured)) is not None:
            ends[name] = found.low if name.endswith(LOW) else found.high
    return ends


def _listening_numbers(scores: Sequence[Score]) -> dict[str, float]:
    """Means over listeners and prompts; prompts are the sample of the tests, so that many listeners prove no more."""
    first_scores = [score for score in scores if not score.is_repeat]
    if not first_scores:
        return {}
    by_prompt: dict[str, list[float]] = defaultdict(list)
    for score in first_scores:
        by_prompt[score.prompt].append(score.candidate_score - score.baseline_score)
    differences = [float(np.mean(values)) for _, values in sorted(by_prompt.items())]
    interval = bootstrap_mean(differences)
    numbers = {
        "candidate_mean": float(np.mean([score.candidate_score for score in first_scores])),
        "baseline_mean": float(np.mean([score.baseline_score for score in first_scores])),
        "preference": interval.mean,
        "preference_low": interval.low,
        "wilcoxon_p": wilcoxon(differences),
        "sign_p": sign_test(differences),
    }
    assert numbers.keys() == OF_LISTENING.keys()
    return numbers


# bounds


def _bound_results(gate: Gate, name: str, bound: Bound) -> list[dict[str, Any]]:
    """A bound in total, and in each language where it asks for that."""
    results = [_bound_result(gate, name, bound, None)]
    if bound.per_language and name in OF_PROMPTS:
        results += [
            _bound_result(gate, name, bound, language) for language in gate.sides["candidate"].by_language
        ]
    return results


def _bound_result(gate: Gate, name: str, bound: Bound, language: str | None) -> dict[str, Any]:
    value = _side_value(gate, "candidate", name, language)
    result: dict[str, Any] = {
        "number": name,
        "language": language,
        "value": None if value is None else round(value, 5),
        "limits": {
            key: limit
            for key in ("at_most", "at_least", "worse_by_at_most")
            if (limit := getattr(bound, key)) is not None
        },
    }
    low = high = value
    if name in OF_PROMPTS:
        of_value = interval_of(
            name, gate.sides["candidate"].measured, language=language, confidence=bound.confidence
        )
        result["value_interval"] = None if of_value is None else rounded(of_value)
        if bound.surely:
            low, high = (None, None) if of_value is None else (of_value.low, of_value.high)
    checks = [value is not None]
    if bound.at_most is not None:
        checks.append(high is not None and high <= bound.at_most)
    if bound.at_least is not None:
        checks.append(low is not None and low >= bound.at_least)
    if bound.worse_by_at_most is not None:
        worst, interval = _worst_difference(gate, name, bound, language)
        checks.append(worst is not None and worst <= bound.worse_by_at_most)
        result |= {"worse_by": None if worst is None else round(worst, 5), "interval": interval}
    return result | {"holds": all(checks)}


def _side_value(gate: Gate, side: str, name: str, language: str | None) -> float | None:
    record = gate.sides[side]
    if language is not None:
        value = record.by_language.get(language, {}).get(name)
    else:
        value = record.totals.get(name, record.side_numbers.get(name))
    return None if value is None else float(value)


def _worst_difference(
    gate: Gate, name: str, bound: Bound, language: str | None
) -> tuple[float | None, dict[str, float] | None]:
    """How much worse the candidate may be at the far end of its interval; of side numbers, how much it is."""
    definition = number(name)
    sign = -1.0 if definition is not None and definition.better == Better.HIGHER else 1.0
    if name not in OF_PROMPTS:
        candidate, baseline = (_side_value(gate, side, name, None) for side in ("candidate", "baseline"))
        return (None if candidate is None or baseline is None else sign * (candidate - baseline)), None
    pairs = _pairs(gate, name, language)
    if not pairs:
        return None, None
    interval = bootstrap_mean(
        [sign * (candidate - baseline) for candidate, baseline in pairs], confidence=bound.confidence
    )
    return interval.high, rounded(interval)


def _pairs(gate: Gate, name: str, language: str | None) -> list[tuple[float, float]]:
    baseline_rows = {row["id"]: row for row in gate.sides["baseline"].measured}
    out = []
    for row in gate.sides["candidate"].measured:
        baseline_row = baseline_rows.get(row["id"])
        if baseline_row is None or (language is not None and row["language"] != language):
            continue
        candidate, baseline = row[name], baseline_row[name]
        if isinstance(candidate, int | float) and isinstance(baseline, int | float):
            out.append((float(candidate), float(baseline)))
    return out
