"""Gates as they are after both sides were made: rows and sounds, without the making."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from campaign.gate.measures import Measurement, by_language, in_total
from campaign.gate.rule import Rule, rule_of
from storage.installation import Installation
from storage.registry import gates as gate_rows
from storage.registry.gates import Gate, GateOptions, GateSide, NewGate, Score
from workers.pcm import to_wav

PROMPTS = tuple(f"en-{number:02}" for number in range(1, 11))
HEARD = "candidate_mean >= baseline_mean + 0.5 and ttfa_p50_ms <= 500"


def rule(swap: str = HEARD, **table: Any) -> Rule:
    """A rule for ten prompts and one listener."""
    return rule_of({"name": "test", "swap": swap, "needs": {"prompts": 10}} | table, "test")


def measured(prompt: str, **numbers: float | None) -> dict[str, Any]:
    """One prompt's numbers; what is not given was not measured."""
    empty: dict[str, Any] = dict.fromkeys(Measurement.__slots__)
    whole = empty | {"id": prompt, "language": prompt[:2], "seconds": 1.0, "values": {}}
    return whole | {"silence_share": 0.1, "clipped_share": 0.0} | numbers


def side(
    pin: str, rows: Sequence[Mapping[str, Any]], *, sounds: Mapping[str, str] | None = None, **numbers: float
) -> GateSide:
    """What a side keeps, with `numbers` of the side."""
    made = [Measurement(**one) for one in rows]
    return GateSide(
        campaign=f"gate-1-{pin}",
        pin=pin,
        pin_digest="p" * 64,
        preset_digest="s" * 64,
        runs={"errors": 0},
        surroundings={},
        side_numbers={"errors": 0.0, "ttfa_p50_ms": 100.0} | numbers,
        recogniser=None,
        encoder="none",
        sounds=dict(sounds or {}),
        measured=list(rows),
        totals=in_total(made),
        by_language=by_language(made),
    )


def gate(
    installed: Installation,
    committed: Rule | None = None,
    *,
    candidate: GateSide | None = None,
    baseline: GateSide | None = None,
    made: Sequence[str] = ("candidate", "baseline"),
) -> Gate:
    """A gate of `espeak` against `tone`, of which the sides in `made` are made."""
    committed = committed or rule()
    rows = [measured(prompt) for prompt in PROMPTS]
    sides = {
        "candidate": side("espeak", rows) if candidate is None else candidate,
        "baseline": side("tone", rows) if baseline is None else baseline,
    }
    with installed.database.write() as connection:
        asked = NewGate(
            candidate="espeak",
            baseline="tone",
            candidate_preset="demo-voice@1",
            baseline_preset="demo-voice@1",
            prompts="general@1",
            prompts_digest="d" * 64,
            rule=dict(committed.written),
            rule_digest=committed.digest,
            options=GateOptions(languages=("en",)),
            sides={name: sides[name] for name in made},
            actor="test",
        )
        return gate_rows.create(connection, asked)


def audible(installed: Installation, prompts: Sequence[str] = PROMPTS) -> Gate:
    """A gate whose sounds are there: the candidate's tone is higher."""
    sides = {}
    for pin, pitch_hz in (("espeak", 440), ("tone", 220)):
        pcm = np.rint(8_000 * np.sin(2 * np.pi * pitch_hz * np.arange(6_000) / 24_000)).astype(np.int16)
        sounds = {}
        for number, prompt in enumerate(prompts):
            data = to_wav(pcm[: 6_000 - number], 24_000)
            sounds[prompt] = f"{pin}-{prompt}.wav"
            sha256 = hashlib.sha256(data).hexdigest()
            installed.store.put(sounds[prompt], data, sha256=sha256, content_type="audio/wav")
        sides[pin] = side(pin, [measured(prompt) for prompt in prompts], sounds=sounds)
    needs = rule(needs={"prompts": len(prompts)})
    return gate(installed, needs, candidate=sides["espeak"], baseline=sides["tone"])


def score(
    prompt: str,
    candidate: float,
    baseline: float,
    *,
    trial: int = 0,
    listener: str = "ann",
    is_repeat: bool = False,
) -> Score:
    """One answer."""
    return Score(
        listener=listener,
        trial=trial,
        prompt=prompt,
        is_repeat=is_repeat,
        candidate_score=candidate,
        baseline_score=baseline,
        source="test",
        t_ms=0,
    )
