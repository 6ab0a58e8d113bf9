"""What a predicted opinion takes, and what it says of the voices that ship.

    python -m benchmarks.listening.opinions [--rows 4]

Each engine says the same rows; DistillMOS rates each file's samples. Median opinion and CPU seconds a second of sound,
by engine and language. The last line is JSON. It needs `campaign voice get distillmos kokoro`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time

import numpy as np

from benchmarks.listening.rows import rows
from benchmarks.voices.speaking import MEASURED, made_of, place_of_weights
from campaign.registry.opinions import find_opinion
from storage.settings import Settings
from workers.engines.registry import create_engine
from workers.presets.shipped import shipped_preset
from workers.requests import Spec, request_for

SEED = 23
ENGINES = {"espeak": ("en", "es", "fr"), "kokoro": ("en", "es", "fr")}


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.listening.opinions")
    parser.add_argument("--rows", type=int, default=4)
    asked = parser.parse_args()
    predictor = find_opinion(Settings())
    if predictor is None:
        parser.error("the predictor is not here: campaign voice get distillmos")
    report: dict[str, dict[str, float]] = {}
    for name, languages in ENGINES.items():
        engine = create_engine(name, location=place_of_weights(name))
        preset_name, version, _languages = MEASURED[name]
        preset = shipped_preset(preset_name, version, engine=name)
        for language in languages:
            opinions, seconds, spent_s = [], 0.0, 0.0
            for _row, composition in rows(language, asked.rows, seed=SEED):
                specs = [Spec(one.spans) for one in composition.utterances]
                requests = [
                    request_for(hashlib.sha256(spec.text.encode()).hexdigest(), spec.as_json(), preset)
                    for spec in specs
                ]
                made = [made_of(outcome) for outcome in engine.synthesise(requests)]
                pcm = np.concatenate([one.pcm for one in made])
                begun = time.thread_time()
                opinions.append(predictor.rate(pcm, made[0].rate_hz) or 0.0)
                spent_s += time.thread_time() - begun
                seconds += len(pcm) / made[0].rate_hz
            report[f"{name} {language}"] = {
                "files": len(opinions),
                "seconds": round(seconds, 1),
                "median": round(float(np.median(opinions)), 2),
                "lowest": round(min(opinions), 2),
                "cpu_s_a_second": round(spent_s / seconds, 4),
            }
        engine.close()
    sys.stdout.write(json.dumps(report) + "\n")


if __name__ == "__main__":
    main()
