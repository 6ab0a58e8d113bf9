"""Kokoro on more and more processes of one thread, beside one process of as many threads:
`python -m benchmarks.kokoro [--write]`.

The same utterances each time, turns taken. A process alone is what the others are held against. Cores that are two
halves of one, or clocked down when both work, make less of two processes than twice one, whatever these do: so `copies`
are as many programs, each with an engine of one process, that say all of it at once and share nothing. What is left
between the two is what the engine loses. A table, then one JSON line, which `--write` keeps in
`benchmarks/results/kokoro_2_cores.json`.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from benchmarks.voices.speaking import cpu_s, made_of, place_of_weights, preset_of
from benchmarks.voices.words import texts
from workers.cpus import usable_cpus
from workers.engines.engine import SynthesisRequest
from workers.engines.kokoro import KokoroEngine
from workers.requests import request_for
from workers.runs import sound_hash

RESULTS = Path(__file__).parent / "results" / "kokoro_2_cores.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """One turn."""

    sound_s: float
    wall_s: float
    cpu_s: float
    digests: tuple[str, ...]


def turn(engine: KokoroEngine, asked: Sequence[SynthesisRequest]) -> Spent:
    """One call for all of them."""
    cpu_before, before = cpu_s(os.getpid()), time.perf_counter()
    made = [made_of(outcome) for outcome in engine.synthesise(asked)]
    return Spent(
        sound_s=sum(one.duration_s for one in made),
        wall_s=time.perf_counter() - before,
        cpu_s=cpu_s(os.getpid()) - cpu_before,
        digests=tuple(sound_hash(one.pcm) for one in made),
    )


def requests(utterances: int) -> list[SynthesisRequest]:
    """English ones of the prompt sets."""
    said = list(texts("en", utterances))[:utterances]
    return [request_for(key, spec.as_json(), preset_of("kokoro")) for key, spec in said]


def opened(processes: int = 1, threads: int = 1) -> KokoroEngine:
    """An engine that is warm."""
    engine = KokoroEngine(location=place_of_weights("kokoro"), processes=processes, threads=threads)
    engine.warm([preset_of("kokoro")])
    return engine


class Copies:
    """So many Python processes with an engine of one process each, told to begin together."""

    def __init__(self, count: int, utterances: int) -> None:
        command = [sys.executable, "-m", "benchmarks.kokoro", "--copy", "--utterances", str(utterances)]
        self._running = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(count)
        ]
        for one in self._running:
            self._heard(one)

    def turn_s(self) -> float:
        """From the word to the last one's end."""
        before = time.perf_counter()
        for one in self._running:
            assert one.stdin is not None
            one.stdin.write("go\n")
            one.stdin.flush()
        for one in self._running:
            self._heard(one)
        return time.perf_counter() - before

    def close(self) -> None:
        """End them."""
        for one in self._running:
            one.communicate("")

    @staticmethod
    def _heard(one: subprocess.Popen[str]) -> None:
        assert one.stdout is not None
        if not one.stdout.readline():
            raise SystemExit("a copy ended")


def copy(utterances: int) -> None:
    """What each of `Copies` runs."""
    engine, asked = opened(), requests(utterances)
    print("ready", flush=True)
    for _ in sys.stdin:
        turn(engine, asked)
        print("done", flush=True)
    engine.close()


def measure(counts: Sequence[int], utterances: int, rounds: int) -> dict[str, Any]:
    """Medians over the rounds."""
    asked = requests(utterances)
    several = [count for count in counts if count > 1]
    engines = {
        **{("processes", count): opened(processes=count) for count in counts},
        **{("threads", count): opened(threads=count) for count in several},
    }
    copies = {count: Copies(count, utterances) for count in several}
    turns: dict[tuple[str, int], list[Spent]] = {key: [] for key in engines}
    copied: dict[int, list[float]] = {count: [] for count in copies}
    for _ in range(rounds):
        for key, engine in engines.items():
            turns[key].append(turn(engine, asked))
        for count, running in copies.items():
            copied[count].append(running.turn_s())
    for engine in engines.values():
        engine.close()
    for running in copies.values():
        running.close()
    alone = turns["processes", 1]
    digests = {spent.digests for spents in turns.values() for spent in spents}
    rows = []
    for (kind, count), spents in sorted(turns.items()):
        speedup = statistics.median(a.wall_s / b.wall_s for a, b in zip(alone, spents, strict=True))
        rows.append(
            {
                "kind": kind,
                "count": count,
                "cpu_s_a_s": round(statistics.median(one.cpu_s / one.sound_s for one in spents), 3),
                "sound_s_a_s": round(statistics.median(one.sound_s / one.wall_s for one in spents), 2),
                "speedup": round(speedup, 2),
            }
        )
    rows += [
        {
            "kind": "copies",
            "count": count,
            "speedup": round(
                statistics.median(
                    count * a.wall_s / taken for a, taken in zip(alone, copied[count], strict=True)
                ),
                2,
            ),
        }
        for count in copies
    ]
    return {"utterances": len(asked), "rounds": rounds, "same_bits": len(digests) == 1, "rows": rows}


@click.command(help=__doc__)
@click.option("--utterances", default=8, show_default=True)
@click.option("--rounds", default=3, show_default=True)
@click.option("--copy", "is_copy", is_flag=True, hidden=True)
@click.option("--write", is_flag=True)
def main(utterances: int, rounds: int, is_copy: bool, write: bool) -> None:
    if is_copy:
        copy(utterances)
        return
    counts = sorted({1, *(2**n for n in range(8) if 2**n <= usable_cpus()), usable_cpus()})
    result = measure(counts, utterances, rounds)
    print(f"{'':>10} {'of':>3} {'CPU s a s':>10} {'s of sound a s':>15} {'to one process':>15}")
    for row in result["rows"]:
        cost, pace = row.get("cpu_s_a_s", ""), row.get("sound_s_a_s", "")
        print(f"{row['kind']:>10} {row['count']:>3} {cost:>10} {pace:>15} {row['speedup']:>14}x")
    line = json.dumps(result)
    print(line)
    if write:
        RESULTS.write_text(line + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
