"""Measure, print the table, keep the numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from benchmarks.voices.listening import Listener
from benchmarks.voices.speaking import MEASURED, Sound, in_a_process, made_of, place_of_weights, preset_of
from benchmarks.voices.tables import between_markers, flaws_table, voices_table
from benchmarks.voices.words import texts
from workers.engines.imperfect_speech import with_imperfections
from workers.engines.imperfection import Imperfection
from workers.engines.registry import create_engine
from workers.requests import request_for

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks" / "results" / "voices_2_cores.json"
FLAWED_RESULTS = ROOT / "benchmarks" / "results" / "imperfections_2_cores.json"
CONDITIONS: tuple[dict[str, Any], ...] = (
    *({"kind": "hesitation", "stage": "text", "rate": rate} for rate in (1, 3)),
    {"kind": "stutter", "stage": "text", "rate": 3},
    {"kind": "breath", "stage": "waveform", "rate": 3},
    {"kind": "stutter", "stage": "waveform", "rate": 3},
    *({"kind": "dropout", "stage": "waveform", "rate": rate} for rate in (1, 3, 10)),
    {"kind": "clipping", "stage": "waveform", "rate": 10},
    *({"kind": "compression", "stage": "codec", "bitrate_kbps": kbps} for kbps in (6, 8, 12)),
    *({"kind": "dropout", "stage": "codec", "rate": rate, "bitrate_kbps": 12} for rate in (3, 10)),
    {"kind": "clipping", "stage": "codec", "rate": 10, "bitrate_kbps": 12},
)


def measure(whisper: Path, rows: int) -> dict[str, Any]:
    """All engines that can be had here."""
    listener = Listener(whisper)
    out: dict[str, Any] = {"recogniser": listener.recogniser.name, "rows": rows, "engines": {}}
    for engine, (_name, _version, languages) in MEASURED.items():
        weights = place_of_weights(engine)
        if weights is not None and not weights.is_dir():
            click.echo(f"{engine}: not here; `campaign voice get {engine}` fetches it", err=True)
            continue
        for language in languages:
            said = list(texts(language, rows))
            facts, sounds = in_a_process(engine, said)
            again, _ = in_a_process(engine, said[:2])
            digests = facts.pop("digests")
            facts["same_after_a_restart"] = set(again["digests"]) <= set(digests)
            facts["utterances"] = len(sounds)
            facts["cpu_s_a_s"] = facts["cpu_s"] / facts["seconds"]
            facts["mos"] = listener.mos(sounds) if engine != "tone" else None
            facts["word_error"] = listener.word_error(sounds, language) if engine != "tone" else None
            out["engines"].setdefault(engine, {})[language] = facts
            click.echo(json.dumps({engine: {language: facts}}), err=True)
    return out


def listen_to_flaws(whisper: Path, rows: int) -> dict[str, Any]:
    """What is still heard of one voice with each flaw: Kokoro's English where it is here, else espeak-ng's."""
    listener = Listener(whisper)
    weights = place_of_weights("kokoro")
    engine = "kokoro" if weights is not None and weights.is_dir() else "espeak"
    preset = preset_of(engine)
    asked = [request_for(key, spec.as_json(), preset) for key, spec in texts("en", rows)]
    speaker = create_engine(engine, location=place_of_weights(engine))
    plain = {request.key: made_of(speaker.synthesise([request])[0]) for request in asked}
    lines = []
    for table in ({}, *CONDITIONS):
        declared = (Imperfection.model_validate({**table, "probability": 1.0}),) if table else ()
        sounds: list[Sound] = []
        for request in asked:
            speak_plain = (
                (lambda one: made_of(speaker.synthesise([one])[0]))
                if table.get("stage") == "text"
                else (lambda one: plain[one.key])
            )
            made = made_of(with_imperfections(request, declared, speak_plain))
            sounds.append((request.text, made.pcm, made.rate_hz))
        lines.append({**table, "word_error": listener.word_error(sounds, "en"), "mos": listener.mos(sounds)})
        click.echo(json.dumps(lines[-1]), err=True)
    speaker.close()
    return {
        "recogniser": listener.recogniser.name,
        "engine": engine,
        "utterances": len(asked),
        "lines": lines,
    }


@click.command()
@click.option(
    "--whisper",
    type=click.Path(path_type=Path, exists=True),
    required=True,
    help="A faster-whisper model's folder.",
)
@click.option("--rows", default=3, help="Of each prompt set and language.")
@click.option("--imperfections", is_flag=True, help="What is still heard with each flaw.")
@click.option("--docs", is_flag=True, help="Write the table into its page.")
def main(whisper: Path, rows: int, imperfections: bool, docs: bool) -> None:
    """Measure, print the table, keep the numbers."""
    if imperfections:
        results, place, table, page, name = (
            listen_to_flaws(whisper, rows),
            FLAWED_RESULTS,
            flaws_table,
            "presets.md",
            "flaws",
        )
    else:
        results, place, table, page, name = (
            measure(whisper, rows),
            RESULTS,
            voices_table,
            "engines.md",
            "voices",
        )
    place.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    click.echo(table(results))
    if docs:
        path = ROOT / "docs" / page
        path.write_text(
            between_markers(path.read_text(encoding="utf-8"), name, table(results)), encoding="utf-8"
        )


if __name__ == "__main__":
    main()
