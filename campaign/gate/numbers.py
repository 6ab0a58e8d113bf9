"""The gate's numbers: what each is called, which way is better, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Better(StrEnum):
    """Which way a number should move."""

    LOWER = "lower"
    """Down: an error, a cost, a delay."""
    HIGHER = "higher"
    """Up: a score."""
    NEITHER = "neither"
    """Only bounds say what is good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number of a side."""

    meaning: str
    better: Better
    missing: str = "it was not measured"
    """Why it may be null, with the mend."""
    is_share: bool = False
    """Of things that are so or not, 0 to 1: where it is 0 in a few prompts it need not be 0 in all."""


_MEASURE = "it needs the extra `measure`: pip install 'campaign[measure]'"
_RECOGNISER = (
    "no recogniser understands this language: give a whisper model with --recogniser, or a server with "
    "CAMPAIGN_LISTEN_URL"
)
_OPINION = "the predictor is not here: campaign voice get distillmos"
_NVML = "there is no NVIDIA GPU to ask; run the gate with --device cuda where there is one"

SIMILARITY = "similarity"
OF_PROMPTS: dict[str, Number] = {
    "wer": Number(meaning="words wrong over words said", better=Better.LOWER, missing=_RECOGNISER),
    "cer": Number(meaning="letters wrong over letters said", better=Better.LOWER, missing=_RECOGNISER),
    "values_lost": Number(
        meaning="names, amounts, dates and numbers that were not heard, of all",
        better=Better.LOWER,
        missing=f"the prompt set has no values, or {_RECOGNISER}",
        is_share=True,
    ),
    "not_judged": Number(
        meaning="prompts of which nobody can tell what was heard, of all that were listened to",
        better=Better.LOWER,
        missing=_RECOGNISER,
        is_share=True,
    ),
    SIMILARITY: Number(
        meaning="speaker embedding's cosine with the preset's recording; never alone",
        better=Better.HIGHER,
        missing="the preset has no recording",
    ),
    "f0_median_hz": Number(meaning="pitch", better=Better.NEITHER),
    "f0_drift_semitones": Number(
        meaning="median pitch away from the preset's recording, else from the baseline's", better=Better.LOWER
    ),
    "f0_range_drift_semitones": Number(
        meaning="pitch range wider or narrower than there", better=Better.LOWER
    ),
    "letters_per_second": Number(meaning="speaking rate", better=Better.NEITHER),
    "dnsmos_overall": Number(meaning="predicted opinion, 1 to 5", better=Better.HIGHER, missing=_MEASURE),
    "distillmos": Number(
        meaning="predicted opinion of synthetic speech too, 1 to 5", better=Better.HIGHER, missing=_OPINION
    ),
    "loudness_lufs": Number(meaning="integrated loudness as the engine gives it", better=Better.NEITHER),
    "silence_share": Number(meaning="of the sound without speech", better=Better.LOWER),
    "clipped_share": Number(meaning="samples at full scale", better=Better.LOWER),
}
"""Measured on every prompt; a side's number is their mean."""

OF_SIDES: dict[str, Number] = {
    "errors": Number(meaning="prompts without a sound, of all", better=Better.LOWER),
    "rtf": Number(meaning="engine seconds for a second of sound", better=Better.LOWER),
    "ttfa_p50_ms": Number(meaning="time to first audio, median", better=Better.LOWER),
    "ttfa_p95_ms": Number(meaning="time to first audio, 95th percentile", better=Better.LOWER),
    "peak_vram_mib": Number(
        meaning="GPU memory above what was used before", better=Better.LOWER, missing=_NVML
    ),
    "joules_per_audio_second": Number(meaning="GPU energy", better=Better.LOWER, missing=_NVML),
    "reproducible_share": Number(
        meaning="utterances that came out bit for bit the same when made again", better=Better.HIGHER
    ),
    "neighbour_drift": Number(
        meaning="latency of another service on the machine while this was measured, over before",
        better=Better.LOWER,
        missing="name a command that prints it with --neighbour",
    ),
}
"""Measured over a whole side."""

OF_LISTENING: dict[str, str] = {
    "candidate_mean": "listeners' mean score of the candidate, 1 to 5",
    "baseline_mean": "listeners' mean score of the baseline, 1 to 5",
    "preference": "mean difference, candidate over baseline",
    "preference_low": "lower end of its confidence interval",
    "wilcoxon_p": "that there is no preference, by signed ranks over prompts",
    "sign_p": "that there is no preference, by the sign test over prompts",
}

BASELINE = "baseline_"
LOW, HIGH = "_low", "_high"
"""After a number of prompts: the ends of its confidence interval."""


def known_names() -> frozenset[str]:
    """Every name that a rule may use."""
    ends = {name + end for name in OF_PROMPTS for end in (LOW, HIGH)}
    of_sides = {*OF_PROMPTS, *ends, *OF_SIDES}
    return frozenset({*of_sides, *(BASELINE + name for name in of_sides), *OF_LISTENING})


def plain(name: str) -> str:
    """The number that a rule's name is of, whichever side's and whichever end."""
    name = name.removeprefix(BASELINE)
    for end in (LOW, HIGH):
        if name.removesuffix(end) in OF_PROMPTS:
            return name.removesuffix(end)
    return name


def number(name: str) -> Number | None:
    """A side's number by its name."""
    return OF_PROMPTS.get(name) or OF_SIDES.get(name)
