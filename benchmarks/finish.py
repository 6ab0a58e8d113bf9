"""CPU time of finishing one 10 s clip of speech at 24 kHz: by stage, and whole by codec.

    python -m benchmarks.finish [--repeats 40] [--quick]

The speech is espeak-ng's. The libraries that are not used in a stage (pyloudnorm, pydub's trimming) stand beside
ours for comparison. Each figure is the CPU time of the process; `best` is the least of all repeats, which other
work on the machine disturbs least, `median` what to expect beside it. Prints tables, then one JSON line.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from pydantic import JsonValue

from campaign.evidence.certificates import test_certificate as certificate
from storage.tables import runs
from workers.engines.engine import Pcm, SpokenSpan, SynthesisRequest, Waveform
from workers.engines.espeak import EspeakEngine
from workers.ffmpeg import borrowed
from workers.finish import FinishProfile, Part, Provenance, assembly, checks, encoding, finish, loudness
from workers.finish.marks import C2paSigner, Marker
from workers.finish.profile import Codec
from workers.finish.tags import Tags
from workers.presets.shipped import shipped_preset

RATE_HZ = 24_000
CLIP_S = 10.0
TAGS = {"campaign": "bench", "recipient": "0" * 32, "version": "1"}
TEXTS = (
    "Hello Maria, this is the Riverside clinic with a message about your appointment.",
    "It is on Thursday the third of May at ten o'clock, in the building on Oak Street.",
    "If you cannot come, please call us, and we will find another day for you.",
)
WHOLE: tuple[tuple[Codec, str], ...] = (
    ("wav", "preset"), ("wav", "asset"), ("flac", "preset"), ("flac", "asset"), ("mp3", "asset"),
    ("opus", "asset"), ("ulaw", "asset"), ("alaw", "asset"),
)  # fmt: skip
FLOOR_MS, AIM_MS = 35.0, 15.0
"""For gain by asset and FLAC."""

Times = Mapping[str, float]


def speech() -> list[Part]:
    """Three utterances that make about 10 s with their pauses, at 24 kHz."""
    import soxr

    preset = shipped_preset("demo-voice", 1, engine="espeak")
    engine = EspeakEngine()
    spans = [(SpokenSpan(text=text, language="en"),) for text in TEXTS]
    outcomes = engine.synthesise(
        [SynthesisRequest(key="0" * 64, spans=span, preset=preset, seed=1) for span in spans]
    )
    engine.close()
    sounds: list[Pcm] = []
    for outcome in outcomes:
        assert isinstance(outcome, Waveform), outcome
        wide = soxr.resample(outcome.pcm.astype(np.float32), outcome.rate_hz, RATE_HZ)
        sounds.append(np.rint(wide).clip(-32_768, 32_767).astype(np.int16))
    pauses_s = 1.0
    length = round((CLIP_S - pauses_s) * RATE_HZ / len(sounds))
    return [Part(pcm=np.resize(sound, length), rate_hz=RATE_HZ) for sound in sounds]


def cpu_ms(function: Callable[[], object], repeats: int) -> Times:
    """`best` and `median` of the CPU time of this process and of FFmpeg's."""
    function()
    times = []
    for _ in range(repeats):
        start_ms = _spent_ms()
        function()
        times.append(_spent_ms() - start_ms)
    return {"best": min(times), "median": statistics.median(times)}


def _spent_ms() -> float:
    with borrowed() as child:
        pid = child.pid
    apart = Path(f"/proc/{pid}/schedstat")
    apart_ns = 0 if pid is None else int(apart.read_text(encoding="ascii").split()[0])
    return 1000 * time.process_time() + apart_ns / 1e6


def join(sounds: Sequence[Pcm]) -> Pcm:
    """As `finish` does."""
    joined = assembly.Assembly(RATE_HZ, fade_ms=5, lead_in_ms=100, lead_out_ms=200)
    for sound in sounds:
        joined.add(sound, pause_after_ms=350)
    return joined.end()


def stages(parts: list[Part], repeats: int) -> dict[str, Times]:
    """Every stage on its own."""
    sounds = [part.pcm for part in parts]
    joined = join(sounds)

    def trim() -> None:
        for sound in sounds:
            assembly.trim(sound, RATE_HZ, below_dbfs=-50, keep_ms=15)

    def check() -> None:
        for position, sound in enumerate(sounds):
            checks.check_audible(sound, position=position, silent_below_dbfs=-45)
            checks.check_unclipped(sound, position=position)
            checks.check_gaps(sound, RATE_HZ, position=position, below_dbfs=-50, longest_ms=3000)

    timed: dict[str, Callable[[], object]] = {
        "trim": trim,
        "check": check,
        "fade": lambda: [assembly.fade(sound, RATE_HZ, fade_ms=5) for sound in sounds],
        "join": lambda: join(sounds),
        "loudness + true peak": lambda: loudness.measure(joined, RATE_HZ),
        "gain": lambda: loudness.apply_gain(joined, -1.5),
    }
    for codec, (function, _, _) in encoding.CODECS.items():
        profile = FinishProfile.from_mapping({"codec": codec})
        sound = joined[::3].copy() if codec in ("ulaw", "alaw") else joined
        rate_hz = RATE_HZ // 3 if codec in ("ulaw", "alaw") else RATE_HZ
        timed[f"encode {codec}"] = partial(function, sound, rate_hz, profile, Tags(ids=TAGS))
    return {name: cpu_ms(function, repeats) for name, function in timed.items()}


def others(parts: list[Part], repeats: int) -> dict[str, Times]:
    """What the obvious libraries take for the same."""
    import pyloudnorm

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
        from pydub.silence import detect_leading_silence

    sound = np.concatenate([np.zeros(RATE_HZ // 2, np.int16), *(part.pcm for part in parts)])
    segment = AudioSegment(data=sound.tobytes(), sample_width=2, frame_rate=RATE_HZ, channels=1)
    as_float = sound / 32_768
    meter = pyloudnorm.Meter(RATE_HZ)
    return {
        "pyloudnorm (no true peak)": cpu_ms(lambda: meter.integrated_loudness(as_float), repeats),
        "pydub trim (10 ms steps)": cpu_ms(
            lambda: (detect_leading_silence(segment), detect_leading_silence(segment.reverse())), repeats
        ),
        "pydub fade": cpu_ms(lambda: segment.fade_in(5).fade_out(5), repeats),
    }


def whole(parts: list[Part], repeats: int) -> dict[str, Times]:
    """`finish` from parts to bytes, hashes and tags included."""
    characters = sum(map(len, TEXTS))
    timings = {}
    for codec, gain in WHOLE:
        profile = FinishProfile.from_mapping({"codec": codec, "gain": gain})
        run = partial(finish, parts, profile, tags=TAGS, characters=characters, language="en")
        timings[f"{codec}, gain {gain}"] = cpu_ms(run, repeats)
    return timings


def described(parts: list[Part], repeats: int) -> dict[str, Times]:
    """What a descriptor of three runs and a C2PA manifest, both read back, add; by codec."""
    chain, key = certificate(days=30)
    marker = Marker(signer=C2paSigner(certificate=chain, private_key=key))
    share = {column.name: f"{column.name}-0123456789abcdef" for column in runs.c}
    descriptors: list[dict[str, JsonValue]] = [
        {**share, "run_id": str(number), "t_stored_ms": 1_795_245_010_711} for number in range(len(parts))
    ]
    provenance = Provenance(about=dict(TAGS), runs=descriptors)
    timings = {}
    for codec in ("wav", "flac", "mp3"):
        plain = FinishProfile.from_mapping({"codec": codec})
        marked = FinishProfile.from_mapping({"codec": codec, "marks": ["c2pa"]})
        timings[f"{codec}, ids only"] = cpu_ms(partial(finish, parts, plain, tags=TAGS), repeats)
        whole = partial(finish, parts, plain, tags=TAGS, provenance=provenance)
        timings[f"{codec}, descriptor"] = cpu_ms(whole, repeats)
        whole = partial(finish, parts, marked, tags=TAGS, provenance=provenance, marker=marker)
        timings[f"{codec}, descriptor and C2PA"] = cpu_ms(whole, repeats)
    return timings


def machine() -> str:
    """Processor and cores."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return f"{model or platform.machine()}, {len(os.sched_getaffinity(0))} cores, Python {platform.python_version()}"


def show(title: str, rows: Mapping[str, Times]) -> None:
    """One table."""
    print(f"\n{title:34}{'best':>8}{'median':>9}   CPU ms")
    for name, times in rows.items():
        print(f"  {name:32}{times['best']:8.2f}{times['median']:9.2f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--repeats", type=int, default=40)
    parser.add_argument("--quick", action="store_true", help="8 repeats")
    arguments = parser.parse_args()
    repeats = 8 if arguments.quick else arguments.repeats
    parts = speech()
    results = {
        "stages": stages(parts, repeats),
        "others": others(parts, repeats),
        "whole": whole(parts, repeats),
        "described": described(parts, repeats),
    }
    print(f"{CLIP_S:g} s of speech at {RATE_HZ} Hz, {repeats} repeats, {machine()}")
    show("stage", results["stages"])
    show("not used, for comparison", results["others"])
    show("finish, parts to bytes", results["whole"])
    show("what a file says of itself", results["described"])
    measured = results["whole"]["flac, gain asset"]
    print(f"\ngain + FLAC: {measured['median']:.1f} ms (floor {FLOOR_MS:g}, aim {AIM_MS:g})")
    print(
        json.dumps(
            {"benchmark": "finish", "clip_s": CLIP_S, "rate_hz": RATE_HZ, "machine": machine(), **results}
        )
    )


if __name__ == "__main__":
    main()
