"""Blind listening: trials in each listener's own order, which hide who speaks, and whether a listener is steady.

A trial is a pair: the same prompt in both voices, on sides that only the seed knows. Every fifth prompt comes twice,
sides exchanged; a listener whose second answer is far from the first was guessing.
"""

from __future__ import annotations

import csv
import random
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from campaign.errors import ConflictError, InputError
from storage.canonical import digest
from storage.installation import Installation
from storage.registry import gates as gate_rows
from storage.registry.gates import Gate, NewScore, Score

LOWEST, HIGHEST = 1, 5
REPEAT_EVERY = 5
LISTENER = re.compile(r"[\w .@'-]{1,60}")
CSV_COLUMNS = ("listener", "prompt", "candidate", "baseline")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One pair as one listener hears it."""

    number: int
    """From 0, in the listener's order."""
    prompt: str
    candidate_is_left: bool
    is_repeat: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Steadiness:
    """How near a listener's second answers are to the first."""

    listener: str
    trials: int
    repeats: int
    mean_change: float | None
    """Of a score between two hearings, 0 to 4; None where nothing was heard twice."""


def trials_of(gate: Gate, prompts: Sequence[str], listener: str) -> list[Trial]:
    """The same for the same listener every time, so that listening can be resumed on another day."""
    seed = digest({"gate": gate.id, "rule": gate.rule_digest, "listener": listener})
    rng = random.Random(seed)
    order = sorted(prompts)
    rng.shuffle(order)
    sides = {prompt: rng.random() < 0.5 for prompt in order}
    repeats = order[:: max(1, min(REPEAT_EVERY, len(order) // 2))] if len(order) > 1 else []
    pairs = [(prompt, sides[prompt], False) for prompt in order]
    rng.shuffle(repeats)
    pairs += [(prompt, not sides[prompt], True) for prompt in repeats]
    return [
        Trial(number=number, prompt=prompt, candidate_is_left=left, is_repeat=again)
        for number, (prompt, left, again) in enumerate(pairs)
    ]


def audible_prompts(gate: Gate) -> list[str]:
    """Prompts that have a sound on both sides; raises `ConflictError` when a side is not made yet."""
    prompts_of_sides = []
    for side in ("candidate", "baseline"):
        if side not in gate.sides:
            raise ConflictError(
                f"{gate.id} has no sound of its {side} yet. `campaign gate resume {gate.id}` makes it."
            )
        prompts_of_sides.append({str(row["id"]) for row in gate.sides[side].measured})
    common = sorted(prompts_of_sides[0] & prompts_of_sides[1])
    if not common:
        raise ConflictError(
            f"no prompt of {gate.id} has a sound on both sides. `campaign gate show` says why."
        )
    return common


def open_for_scores(gate: Gate) -> None:
    """Raise `ConflictError` once there is a verdict: scores would come after it."""
    if gate.outcome is not None:
        raise ConflictError(
            f"{gate.id} has its verdict, {gate.outcome}; scores cannot be added. Run a new gate."
        )


def keep_score(
    installation: Installation, gate: Gate, listener: str, trial: Trial, left: int, right: int
) -> None:
    """Save one answer at once; given again, the newer one counts. Raises `InputError`."""
    for value in (left, right):
        if value not in range(LOWEST, HIGHEST + 1):
            raise InputError(f"a score is a whole number from {LOWEST} to {HIGHEST}, not {value!r}.")
    candidate, baseline = (left, right) if trial.candidate_is_left else (right, left)
    with installation.database.write() as connection:
        fresh = gate_rows.find(connection, gate.id)
        if fresh is not None:
            open_for_scores(fresh)
        score = NewScore(
            listener=listener,
            trial=trial.number,
            prompt=trial.prompt,
            is_repeat=trial.is_repeat,
            candidate_score=float(candidate),
            baseline_score=float(baseline),
            source="page",
        )
        gate_rows.score(connection, gate.id, score)


def import_scores(installation: Installation, gate: Gate, path: Path) -> int:
    """Scores made elsewhere: listener, prompt, candidate, baseline. A prompt given twice is its repeat.

    All or nothing; raises `InputError` with the file's row and column.
    """
    open_for_scores(gate)
    prompts = set(audible_prompts(gate))
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            if missing := [name for name in CSV_COLUMNS if name not in (reader.fieldnames or ())]:
                raise InputError(f"{path} has no column {missing[0]}; it needs {', '.join(CSV_COLUMNS)}.")
            rows = [_csv_row(path, number, row, prompts) for number, row in enumerate(reader, 1)]
    except (OSError, csv.Error, UnicodeDecodeError) as exc:
        raise InputError(f"{path} cannot be read: {exc}. Save it as CSV in UTF-8.") from exc
    occurrences: dict[tuple[str, str], int] = defaultdict(int)
    next_trial: dict[str, int] = defaultdict(int)
    with installation.database.write() as connection:
        for listener in dict.fromkeys(listener for listener, *_ in rows):
            if any(score.source == "page" for score in gate_rows.scores(connection, gate.id, listener)):
                raise InputError(f"{listener} scored on the page already. Import under another name.")
            gate_rows.forget_scores(connection, gate.id, listener)
        for listener, prompt, candidate, baseline in rows:
            occurrences[listener, prompt] += 1
            score = NewScore(
                listener=listener,
                trial=next_trial[listener],
                prompt=prompt,
                is_repeat=occurrences[listener, prompt] > 1,
                candidate_score=candidate,
                baseline_score=baseline,
                source="csv",
            )
            gate_rows.score(connection, gate.id, score)
            next_trial[listener] += 1
    return len(rows)


def _csv_row(
    path: Path, number: int, row: Mapping[str, str | None], prompts: set[str]
) -> tuple[str, str, float, float]:
    listener, prompt = (row["listener"] or "").strip(), (row["prompt"] or "").strip()
    if not LISTENER.fullmatch(listener):
        raise InputError(
            f"{path}, row {number}, column listener: {listener[:60]!r} is not a name. Fill it in."
        )
    if prompt not in prompts:
        raise InputError(
            f"{path}, row {number}, column prompt: {prompt[:60]!r} is not a prompt with a sound on both sides. "
            "`campaign gate show --json` lists them."
        )
    values = []
    for column in ("candidate", "baseline"):
        try:
            value = float(row[column] or "")
        except ValueError:
            value = 0.0
        if not LOWEST <= value <= HIGHEST:
            raise InputError(
                f"{path}, row {number}, column {column}: {row[column]!r} is not a score; give {LOWEST} to {HIGHEST}."
            )
        values.append(value)
    return listener, prompt, values[0], values[1]


def steadiness(scores: Sequence[Score]) -> list[Steadiness]:
    """Each listener's, by name."""
    by_listener: dict[str, list[Score]] = defaultdict(list)
    for score in scores:
        by_listener[score.listener].append(score)
    return [
        _steadiness(listener, listener_scores) for listener, listener_scores in sorted(by_listener.items())
    ]


def _steadiness(listener: str, scores: Sequence[Score]) -> Steadiness:
    first = {score.prompt: score for score in scores if not score.is_repeat}
    changes = [
        change
        for repeat in scores
        if repeat.is_repeat and repeat.prompt in first
        for change in (
            abs(repeat.candidate_score - first[repeat.prompt].candidate_score),
            abs(repeat.baseline_score - first[repeat.prompt].baseline_score),
        )
    ]
    return Steadiness(
        listener=listener,
        trials=len(scores),
        repeats=len(changes) // 2,
        mean_change=sum(changes) / len(changes) if changes else None,
    )
