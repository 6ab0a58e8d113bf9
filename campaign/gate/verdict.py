"""The verdict: the committed rule over the numbers and scores; swap the candidate in, try the next one, or keep the
baseline. What cannot be decided yet waits, and says for what; what is wrong is an error, and nothing moves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from campaign.errors import ConflictError
from campaign.gate.listening import Steadiness, heard_prompts, steadiness
from campaign.gate.numbers import BASELINE, OF_LISTENING, OF_PROMPTS, OF_SIDES, Better, number
from campaign.gate.rule import Bound, Rule, evaluate, rule_of
from campaign.gate.statistics import bootstrap_mean, sign_test, wilcoxon
from storage.canonical import digest
from storage.history import audit
from storage.installation import Installation
from storage.registry import gates as gate_rows
from storage.registry.gates import KEEP_BASELINE, NEXT_CANDIDATE, SWAP_CANDIDATE, Gate, Score

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
        """What is missing, each with the command that mends it."""
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
    rule = rule_of(gate.rule, gate.id)
    if rule.digest != gate.rule_digest:
        raise ConflictError(f"the rule of {gate.id} was changed after it was committed. Run the gate again.")
    kept = [one for one in scores if one.listener not in exclude]
    waits, heard = _waits(gate, rule, kept)
    steady = steadiness(kept)
    numbers: dict[str, float] = {}
    bounds: list[dict[str, Any]] = []
    holds: bool | None = None
    if not waits:
        _refuse_unsteady(rule, steady)
        numbers = _numbers(gate, kept)
        waits = _unmeasured(rule, numbers)
    if not waits:
        bounds = [found for bound in rule.bounds for found in _held(gate, bound)]
        holds = evaluate(rule.swap, numbers)
    outcome = WAITING if waits else _outcome(rule, bool(holds), bounds)
    document = {
        "verdict_version": VERDICT_VERSION,
        "gate": gate.id,
        "candidate": gate.candidate,
        "baseline": gate.baseline,
        "presets": {"candidate": gate.candidate_preset, "baseline": gate.baseline_preset},
        "prompts": {"set": gate.prompts, "digest": gate.prompts_digest, "heard_in_both": heard},
        "rule": dict(gate.rule),
        "rule_digest": gate.rule_digest,
        "rule_committed_ms": gate.t_created_ms,
        "options": dict(gate.options),
        "inputs": {side: _input(made) for side, made in gate.sides.items()},
        "numbers": {name: round(value, 5) for name, value in sorted(numbers.items())},
        "by_language": {side: made["by_language"] for side, made in gate.sides.items()},
        "bounds": bounds,
        "swap_holds": holds,
        "listeners": [asdict(one) for one in steady],
        "excluded_listeners": sorted(exclude),
        "scores_digest": digest([asdict(one) for one in kept]),
        "next_candidate": rule.next_candidate or None,
        "waits_for": waits,
        "outcome": outcome,
    }
    return Verdict(outcome=outcome, document=document)


def _outcome(rule: Rule, holds: bool, bounds: Sequence[Mapping[str, Any]]) -> str:
    if holds and all(one["holds"] for one in bounds):
        return SWAP_CANDIDATE
    return NEXT_CANDIDATE if rule.next_candidate else KEEP_BASELINE


def _input(made: Mapping[str, Any]) -> dict[str, Any]:
    """What a side is identified by."""
    kept = ("campaign", "pin", "pin_digest", "preset_digest", "runs", "surroundings", "recogniser", "encoder")
    return {name: made[name] for name in kept} | {"sounds_digest": digest(made["sounds"])}


# what is missing


def _waits(gate: Gate, rule: Rule, scores: Sequence[Score]) -> tuple[list[str], int]:
    missing = [side for side in ("candidate", "baseline") if side not in gate.sides]
    if missing:
        reason = gate.options.get("waits", {})
        return [
            f"the {side}, {getattr(gate, side)}: {reason.get(side, 'not made yet')}. "
            f"`campaign gate resume {gate.id}` makes it."
            for side in missing
        ], 0
    heard = len(heard_prompts(gate))
    if heard < rule.prompts:
        raise ConflictError(
            f"{gate.id} has {heard} prompts with a sound on both sides and its rule needs {rule.prompts}. Run it "
            "with a larger set, or with all of the set's languages."
        )
    if not rule.needs_listening:
        return [], heard
    listeners = {one.listener for one in scores}
    if len(listeners) < rule.listeners:
        return [
            f"listeners: {len(listeners)} of {rule.listeners}. `campaign gate listen {gate.id}` opens the page."
        ], heard
    by_prompt = {one.prompt for one in scores if not one.is_repeat}
    if len(by_prompt) < rule.prompts:
        return [
            f"scores: {len(by_prompt)} of {rule.prompts} prompts were scored. `campaign gate listen {gate.id}` goes on."
        ], heard
    return [], heard


def _unmeasured(rule: Rule, numbers: Mapping[str, float]) -> list[str]:
    """Numbers that the rule needs and nobody measured."""
    wanted = set(rule.names)
    for bound in rule.bounds:
        wanted.add(bound.name)
        if bound.worse_by_at_most is not None:
            wanted.add(BASELINE + bound.name)
    out = []
    for name in sorted(wanted - numbers.keys()):
        about = number(name.removeprefix(BASELINE))
        out.append(f"{name}: {about.missing if about else 'nobody has listened yet'}.")
    return out


def _refuse_unsteady(rule: Rule, steady: Sequence[Steadiness]) -> None:
    for one in steady:
        if one.mean_change is not None and one.mean_change > rule.repeat_tolerance:
            raise ConflictError(
                f"listener {one.listener} scored the same clips {one.mean_change:.1f} points apart at {one.repeats} "
                f"hidden repeats; the rule allows {rule.repeat_tolerance:g}. Leave them out with --exclude "
                f"{one.listener!r}, or have them listen again."
            )


# numbers


def _numbers(gate: Gate, scores: Sequence[Score]) -> dict[str, float]:
    found: dict[str, float] = {}
    for side, prefix in (("candidate", ""), ("baseline", BASELINE)):
        made = gate.sides[side]
        values = {**made["totals"], **made["side_numbers"]}
        known = {*OF_PROMPTS, *OF_SIDES}
        found.update((prefix + name, float(value)) for name, value in values.items() if name in known)
    return found | _listened(scores)


def _listened(scores: Sequence[Score]) -> dict[str, float]:
    """Means over listeners and prompts; prompts are the sample of the tests, so that many listeners prove no more."""
    first = [one for one in scores if not one.is_repeat]
    if not first:
        return {}
    by_prompt: dict[str, list[float]] = defaultdict(list)
    for one in first:
        by_prompt[one.prompt].append(one.candidate_score - one.baseline_score)
    differences = [float(np.mean(values)) for _, values in sorted(by_prompt.items())]
    interval = bootstrap_mean(differences)
    found = {
        "candidate_mean": float(np.mean([one.candidate_score for one in first])),
        "baseline_mean": float(np.mean([one.baseline_score for one in first])),
        "preference": interval.mean,
        "preference_low": interval.low,
        "wilcoxon_p": wilcoxon(differences),
        "sign_p": sign_test(differences),
    }
    assert found.keys() == OF_LISTENING.keys()
    return found


# bounds


def _held(gate: Gate, bound: Bound) -> list[dict[str, Any]]:
    """A bound in total, and in each language where it asks for that."""
    found = [_limits(gate, bound, None)]
    if bound.per_language and bound.name in OF_PROMPTS:
        found += [_limits(gate, bound, language) for language in gate.sides["candidate"]["by_language"]]
    return found


def _limits(gate: Gate, bound: Bound, language: str | None) -> dict[str, Any]:
    value = _side_value(gate, "candidate", bound.name, language)
    found: dict[str, Any] = {
        "number": bound.name,
        "language": language,
        "value": None if value is None else round(value, 5),
        "limits": {
            key: limit
            for key in ("at_most", "at_least", "worse_by_at_most")
            if (limit := getattr(bound, key)) is not None
        },
    }
    checks = [value is not None]
    if value is not None and bound.at_most is not None:
        checks.append(value <= bound.at_most)
    if value is not None and bound.at_least is not None:
        checks.append(value >= bound.at_least)
    if bound.worse_by_at_most is not None:
        worst, interval = _worst(gate, bound, language)
        checks.append(worst is not None and worst <= bound.worse_by_at_most)
        found |= {"worse_by": None if worst is None else round(worst, 5), "interval": interval}
    return found | {"holds": all(checks)}


def _side_value(gate: Gate, side: str, name: str, language: str | None) -> float | None:
    made = gate.sides[side]
    if language is not None:
        found = made["by_language"].get(language, {}).get(name)
    else:
        found = made["totals"].get(name, made["side_numbers"].get(name))
    return None if found is None else float(found)


def _worst(gate: Gate, bound: Bound, language: str | None) -> tuple[float | None, dict[str, float] | None]:
    """How much worse the candidate may be at the far end of its interval; of side numbers, how much it is."""
    about = number(bound.name)
    sign = -1.0 if about is not None and about.better == Better.HIGHER else 1.0
    if bound.name not in OF_PROMPTS:
        mine, other = (_side_value(gate, side, bound.name, None) for side in ("candidate", "baseline"))
        return (None if mine is None or other is None else sign * (mine - other)), None
    pairs = _pairs(gate, bound.name, language)
    if not pairs:
        return None, None
    interval = bootstrap_mean([sign * (mine - other) for mine, other in pairs], confidence=bound.confidence)
    return interval.high, {key: round(value, 5) for key, value in asdict(interval).items()}


def _pairs(gate: Gate, name: str, language: str | None) -> list[tuple[float, float]]:
    theirs = {one["id"]: one for one in gate.sides["baseline"]["measured"]}
    out = []
    for one in gate.sides["candidate"]["measured"]:
        other = theirs.get(one["id"])
        if other is None or (language is not None and one["language"] != language):
            continue
        if one[name] is not None and other[name] is not None:
            out.append((float(one[name]), float(other[name])))
    return out
