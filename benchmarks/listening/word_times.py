"""How far words lie from where the engine said them, when a recogniser places them.

    python -m benchmarks.listening.word_times [--rows 8] [--engine espeak]

Kokoro and espeak-ng tell when they say each word; `WhisperRecogniser.place` is given the same sound and words. Median
and 90th percentile of the distance between beginnings, in ms, by language. The last line is JSON.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys

import numpy as np

from benchmarks.listening.rows import TEMPLATES, rows
from benchmarks.voices.speaking import MEASURED, made_of, place_of_weights
from campaign.registry.catalogue import shipped_catalogue
from campaign.registry.catalogue.keeping import place_of
from campaign.submission.listening import RECOGNISER
from storage.settings import Settings
from workers.engines.engine import WORDS
from workers.engines.registry import create_engine
from workers.finish.words import told_times
from workers.presets.shipped import shipped_preset
from workers.recognisers.whisper import WhisperRecogniser
from workers.requests import Spec, request_for

SEED = 23


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.listening.word_times")
    parser.add_argument("--rows", type=int, default=8)
    parser.add_argument("--engine", choices=("kokoro", "espeak"), default="kokoro")
    asked = parser.parse_args()
    engine = create_engine(asked.engine, location=place_of_weights(asked.engine))
    name, version, _languages = MEASURED[asked.engine]
    preset = shipped_preset(name, version, engine=asked.engine)
    recogniser = WhisperRecogniser(place_of(Settings(), shipped_catalogue().find(RECOGNISER)))
    report = {}
    for language in TEMPLATES:
        late: list[float] = []
        for _name, composition in rows(language, asked.rows, seed=SEED):
            specs = [Spec(one.spans) for one in composition.utterances]
            keys = [hashlib.sha256(spec.text.encode()).hexdigest() for spec in specs]
            requests = [
                request_for(key, spec.as_json(), preset) for key, spec in zip(keys, specs, strict=True)
            ]
            for spec, outcome in zip(specs, engine.synthesise(requests), strict=True):
                made = made_of(outcome)
                told = told_times({"notes": {WORDS: made.notes.get(WORDS)}}) or []
                placed = recogniser.place(made.pcm, made.rate_hz, language, spec.text)
                if len(told) == len(placed):
                    late += [one.begun_ms - begun for one, (begun, _ended) in zip(placed, told, strict=True)]
        distances = np.abs(late)
        report[language] = {
            "words": len(late),
            "median_ms": round(float(np.median(distances)), 1),
            "p90_ms": round(float(np.quantile(distances, 0.9)), 1),
        }
    engine.close()
    recogniser.close()
    sys.stdout.write(json.dumps(report) + "\n")


if __name__ == "__main__":
    main()
