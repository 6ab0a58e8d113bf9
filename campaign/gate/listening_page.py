"""What the listening page of a gate is told: people hear pairs there and say how good each side is.

Nothing says who speaks: sounds are asked for by trial and side, stripped of tags and names, until the listener has
answered everything. How it is served is the service's matter.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any

from campaign.errors import ConflictError, InputError
from campaign.gate.listening import (
    LISTENER,
    Trial,
    audible_prompts,
    keep_score,
    open_for_scores,
    trials_of,
)
from storage.errors import ObjectCorruptError
from storage.history import audit
from storage.installation import Installation
from storage.keys import keyed_hash
from storage.names import GateId
from storage.registry import gates as gate_rows
from storage.registry.gates import Gate
from workers.errors import UnreadableFileError
from workers.finish.decoding import decoded
from workers.pcm import to_wav

log = logging.getLogger(__name__)

TOLD = "gate.result"
"""In the audit log: a listener heard everything and learned who was who."""


def link_token(secret: bytes, gate_id: GateId) -> str:
    """What opens the gate's page to whoever has it: 32 hex characters, the same in every process."""
    return keyed_hash(secret, "listening", gate_id)


@dataclass(slots=True)
class ListeningPage:
    """One gate, open for listeners."""

    installation: Installation
    gate: Gate
    prompts: list[str] = field(init=False)

    def __post_init__(self) -> None:
        """Raises `ConflictError` when there is nothing to hear, or the verdict is given."""
        open_for_scores(self.gate)
        self.prompts = audible_prompts(self.gate)

    def state(self, listener: str) -> dict[str, Any]:
        """How far a listener is: every answer as left and right, and nothing about who they are."""
        scores_by_trial = self._scores_by_trial(listener)
        trials = self._trials(listener)
        answers = {}
        for trial in trials:
            if trial.number in scores_by_trial:
                candidate, baseline = scores_by_trial[trial.number]
                left, right = (candidate, baseline) if trial.candidate_is_left else (baseline, candidate)
                answers[str(trial.number)] = [left, right]
        return {"trials": len(trials), "answers": answers}

    def sound(self, listener: str, number: int, side: str) -> bytes:
        """A side of a trial as a bare WAV."""
        trial = self._trial(listener, number)
        is_candidate = (side == "left") == trial.candidate_is_left
        record = self.gate.sides["candidate" if is_candidate else "baseline"]
        data = self.installation.store.get(record.sounds[trial.prompt])
        try:
            samples, rate_hz = decoded(data, dtype="int16")
        except UnreadableFileError as exc:
            log.error("a sound of %s failed: what the store gives back is none", self.gate.id)
            raise ObjectCorruptError(
                "a sound of this pair is damaged in the store. Tell who sent you here."
            ) from exc
        return to_wav(samples, rate_hz)

    def keep(self, listener: str, number: int, left: int, right: int) -> None:
        """Save an answer; raises `ConflictError` once the listener was told who was who."""
        if self._was_told(listener):
            raise ConflictError("you were told who was who: your scores stand.")
        keep_score(self.installation, self.gate, listener, self._trial(listener, number), left, right)

    def result(self, listener: str) -> dict[str, Any]:
        """Who was who, once everything is answered; raises `ConflictError` before."""
        scores_by_trial = self._scores_by_trial(listener)
        trials = self._trials(listener)
        missing = sum(trial.number not in scores_by_trial for trial in trials)
        if missing:
            raise ConflictError(f"{missing} pairs are not answered yet. Go on listening.")
        if not self._was_told(listener):
            with self.installation.database.write() as connection:
                audit.note(connection, TOLD, self.gate.id, actor=listener)
        first = [scores_by_trial[trial.number] for trial in trials if not trial.is_repeat]
        return {
            "candidate": {"pin": self.gate.candidate, "mean": sum(score for score, _ in first) / len(first)},
            "baseline": {"pin": self.gate.baseline, "mean": sum(score for _, score in first) / len(first)},
        }

    def _was_told(self, listener: str) -> bool:
        with self.installation.database.read() as connection:
            notes = audit.of(connection, self.gate.id)
        return any((note["action"], note["actor"]) == (TOLD, listener) for note in notes)

    def _scores_by_trial(self, listener: str) -> dict[int, tuple[float, float]]:
        with self.installation.database.read() as connection:
            scores = gate_rows.scores(connection, self.gate.id, listener)
        return {score.trial: (score.candidate_score, score.baseline_score) for score in scores}

    def _trials(self, listener: str) -> list[Trial]:
        if not LISTENER.fullmatch(listener):
            raise InputError("a listener's name is 1 to 60 letters, digits, spaces, . _ @ ' -. Correct it.")
        return trials_of(self.gate, self.prompts, listener)

    def _trial(self, listener: str, number: int) -> Trial:
        trials = self._trials(listener)
        if not 0 <= number < len(trials):
            raise InputError(f"there is no pair {number}. Load the page again.")
        return trials[number]
