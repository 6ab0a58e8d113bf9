"""The descriptor that a delivered file carries: which runs made its sound, with what, and where each begins.

One JSON document (schemas/descriptor.schema.json). Fields that all runs share stand once, in `runs_share`; a run is
`runs_share` and its own fields together (`full_runs`). It holds ids, digests and numbers only (contract 6), and no
time of its own: the same runs, profile and samples give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from pydantic import JsonValue

from workers.documents import read_document

DESCRIPTOR_SCHEMA = "campaign/descriptor@1"
LARGEST_CHARACTERS = 1 << 24
"""Far more than a file of three hours has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What is known of an asset before it is finished."""

    about: Mapping[str, JsonValue]
    """Campaign, recipient, version, trace id, pin, preset, lexicons: ids and digests."""
    runs: Sequence[Mapping[str, JsonValue]]
    """The run of each part, in order; a run that made several parts comes as often."""


class WordExtent(TypedDict):
    """Where one word lies in the file, without the word."""

    first_sample: int
    samples: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UtteranceExtent:
    """Where one utterance lies in the file."""

    first_sample: int
    samples: int
    words: Sequence[WordExtent] | None = None
    """None where nobody tells."""
    words_by: str | None = None
    """The recogniser that placed them; None: the engine told them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundFacts:
    """What finishing knows of the sound it made."""

    codec: str
    codec_settings: Mapping[str, Any]
    profile_digest: str
    finish_revision: int
    rate_hz: int
    samples: int
    delay_samples: int
    """What decoders put before the first of them."""
    gain_db: float
    loudness_lufs: float | None
    true_peak_dbtp: float | None
    timebase: Sequence[UtteranceExtent]
    marks: Sequence[str] = field(default=())
    """Beyond this descriptor: `watermark`, `c2pa`."""


def describe(provenance: Provenance, sound: SoundFacts, *, hashed: str, sha256: str) -> str:
    """The document, canonical JSON. `sha256` is over what `hashed` names: `pcm_s16le`, `g711` or `packets`."""
    by_id = {str(run["run_id"]): run for run in provenance.runs}
    share, own = _shared(list(by_id.values()))
    document: dict[str, JsonValue] = {
        **provenance.about,
        "schema": DESCRIPTOR_SCHEMA,
        "sound": {
            "hashed": hashed,
            "sha256": sha256,
            "samples": sound.samples,
            "delay_samples": sound.delay_samples,
            "rate_hz": sound.rate_hz,
        },
        "finish": {
            "codec": sound.codec,
            "codec_settings": dict(sound.codec_settings),
            "profile": sound.profile_digest,
            "revision": sound.finish_revision,
            "gain_db": round(sound.gain_db, 3),
            "loudness_lufs": _rounded(sound.loudness_lufs),
            "true_peak_dbtp": _rounded(sound.true_peak_dbtp),
            "marks": list(sound.marks),
        },
        "timebase": [
            {
                "run_id": run["run_id"],
                "first_sample": extent.first_sample,
                "samples": extent.samples,
                **({} if extent.words_by is None else {"words_by": extent.words_by}),
                "words": None
                if extent.words is None
                else [
                    {"first_sample": word["first_sample"], "samples": word["samples"]}
                    for word in extent.words
                ],
            }
            for run, extent in zip(provenance.runs, sound.timebase, strict=True)
        ],
        "runs_share": share,
        "runs": [*own],
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def parse_descriptor(text: str) -> dict[str, Any]:
    """The document in a file; raises ValueError for one that this program did not write.

    What is read of it to check the file is there and of its type: the file may be a stranger's.
    """
    if len(text) > LARGEST_CHARACTERS:
        raise ValueError(f"the descriptor has more than {LARGEST_CHARACTERS:,} characters")
    try:
        document = read_document(text)
    except ValueError as problem:
        raise ValueError(f"the descriptor: {problem}") from problem
    if not isinstance(document, dict) or not _fits(document, _SHAPE) or not _is_consistent(document):
        raise ValueError("the descriptor is not one of this program's")
    return dict(document)


_Shape = type | tuple[type, ...] | Mapping[str, "_Shape"]
_SHAPE: _Shape = {
    "campaign": str,
    "recipient": str,
    "version": int,
    "sound": {"hashed": str, "sha256": str, "samples": int, "delay_samples": int, "rate_hz": int},
    "finish": {"codec": str, "loudness_lufs": (int, float, type(None))},
    "timebase": list,
    "runs_share": dict,
    "runs": list,
}
_EXTENT: _Shape = {"first_sample": int, "samples": int}
_LARGEST = 1 << 48


def _fits(document: object, shape: _Shape) -> bool:
    if isinstance(shape, Mapping):
        return isinstance(document, dict) and all(_fits(document.get(key), shape[key]) for key in shape)
    is_flag = isinstance(document, bool)  # which Python counts among the whole numbers
    return isinstance(document, shape) and not is_flag


def _is_consistent(document: Mapping[str, Any]) -> bool:
    """Sizes are sizes, marks are a list, and every place in the sound names a run that is there."""
    sound = document["sound"]
    sizes = [sound["samples"], sound["delay_samples"], sound["rate_hz"] - 1]
    if not all(_fits(run, {"run_id": str}) for run in document["runs"]):
        return False
    runs = {run["run_id"] for run in document["runs"]}
    for place in document["timebase"]:
        if not _fits(place, {"run_id": str, "first_sample": int}) or place["run_id"] not in runs:
            return False
        sizes.append(place["first_sample"])
    return all(0 <= size < _LARGEST for size in sizes) and isinstance(
        document["finish"].get("marks", []), list
    )


def extents_of(document: Mapping[str, Any]) -> list[UtteranceExtent]:
    """Where each utterance lies. Raises ValueError where a descriptor does not say: it may be a stranger's."""
    extents = []
    for place in document["timebase"]:
        words = place.get("words")
        if not _is_extent(place):
            raise ValueError("the descriptor does not say where each utterance ends")
        if not isinstance(words, list | None) or not all(map(_is_extent, words or ())):
            raise ValueError("the descriptor does not say where each word lies")
        extents.append(
            UtteranceExtent(first_sample=place["first_sample"], samples=place["samples"], words=words)
        )
    return extents


def _is_extent(place: object) -> bool:
    """Whether it is a place in a sound, in samples."""
    if not isinstance(place, dict) or not _fits(place, _EXTENT):
        return False
    return all(0 <= place[name] < _LARGEST for name in ("first_sample", "samples"))


def full_runs(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every run of a descriptor, whole."""
    return [{**document["runs_share"], **run} for run in document["runs"]]


def _shared(
    runs: Sequence[Mapping[str, JsonValue]],
) -> tuple[dict[str, JsonValue], list[dict[str, JsonValue]]]:
    """(fields that all runs have with one value, each run's others); `run_id` is always a run's own."""
    if not runs:
        return {}, []
    first, *rest = runs
    share = {
        name: value
        for name, value in first.items()
        if name != "run_id" and all(name in run and run[name] == value for run in rest)
    }
    return share, [{name: value for name, value in run.items() if name not in share} for run in runs]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
