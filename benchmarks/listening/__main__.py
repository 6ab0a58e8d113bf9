"""`python -m benchmarks.listening`: see the package."""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.listening import faults
from benchmarks.listening.faults import KINDS, Row
from benchmarks.listening.rows import rows
from benchmarks.listening.speaking import Voice, file_of
from benchmarks.voices.speaking import cpu_s
from campaign.registry.catalogue import shipped_catalogue
from campaign.registry.catalogue.keeping import place_of
from campaign.submission.listening import RECOGNISER
from campaign.submission.value_places import value_places
from storage.settings import Settings
from workers.engines.engine import Pcm
from workers.finish import FinishedAudio
from workers.finish.decoding import decoded
from workers.listening.file import FileJudgement, Said
from workers.listening.judging import Hearing, SpokenValue
from workers.listening.listener import FileListener, whisper_opener
from workers.measure.intelligibility import intelligibility_of

MOST_TAKES = 2
"""Further takes of a sentence that was not heard: what a brief that says nothing of it gets."""
LANGUAGES = ("en", "es", "fr", "it", "pt")
SEED = 19
FLOORS = {"en": (0.99, 0.01)}
FLOOR = (0.97, 0.02)
"""(caught, false alarms) of every other language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One file that was listened to."""

    language: str
    fault: str
    """Empty for a clean one."""
    what: str
    verdict: Hearing
    """Of the first take."""
    take: int
    """The first that was heard as it was to be said; -1 where none of them was."""
    misheard: tuple[str, ...]
    """`said -> heard` of the first take."""
    ratio: float
    """Words wrong over words said, by the first hearing alone."""
    seconds: float
    cpu_s: float
    values: dict[str, dict[str, int]]


class Ear:
    """The listener, timed."""

    def __init__(self) -> None:
        folder = place_of(Settings(), shipped_catalogue().find(RECOGNISER))
        self._listener = FileListener(whisper_opener(folder, name="", device="cpu"))
        self._listener.recogniser()

    def trial(
        self,
        row: Row,
        audio: FinishedAudio,
        fault: str,
        what: str,
        data: bytes = b"",
    ) -> tuple[Trial, frozenset[int]]:
        """One file as it was to be `row`, and which sentences were not heard; `data` in place of the file's bytes."""
        rate_hz = audio.rate_hz
        said = [
            Said(
                key=str(number),
                text=utterance.text,
                language=row.language,
                values=tuple(
                    SpokenValue(kind=p.kind, begun=p.begun, ended=p.ended, column=p.column) for p in places
                ),
                pcm=np.zeros(0, np.int16),
                rate_hz=rate_hz,
            )
            for number, (utterance, places) in enumerate(zip(row.utterances, row.places, strict=True))
        ]
        before_s = cpu_s(os.getpid())
        judgement = self._listener.judge_file(
            data or audio.data, audio.timebase, audio.samples, rate_hz, said
        )
        spent_s = cpu_s(os.getpid()) - before_s
        unheard = frozenset(at for at, one in enumerate(judgement.utterances) if one.verdict != Hearing.HEARD)
        trial = Trial(
            language=row.language,
            fault=fault,
            what=what,
            verdict=judgement.verdict,
            take=0 if judgement.verdict == Hearing.HEARD else -1,
            misheard=tuple(
                f"{part.said} -> {part.heard}" for one in judgement.utterances for part in one.parts
            ),
            ratio=one_ratio(row, judgement),
            seconds=audio.samples / rate_hz,
            cpu_s=spent_s,
            values=judgement.values_by_kind(),
        )
        return trial, unheard

    def close(self) -> None:
        self._listener.close()


def one_ratio(row: Row, judgement: FileJudgement) -> float:
    """What peers check by: words wrong over words said, of the whole file."""
    heard = " ".join(one.heard for one in judgement.utterances)
    return intelligibility_of(" ".join(one.text for one in row.utterances), heard or "-").wer


def trials(voice: Voice, ear: Ear, language: str, clean: int, faulty: int, seed: int) -> Iterator[Trial]:
    """Clean files first, then one fault each in turn."""
    whole = [
        Row(id=name, language=language, utterances=said.utterances, places=tuple(value_places(said)))
        for name, said in rows(language, clean, seed=seed)
    ]
    other = "es" if language == "en" else "en"
    foreign = [
        Row(id=name, language=other, utterances=said.utterances, places=tuple(value_places(said)))
        for name, said in rows(other, 10, seed=seed)
    ]
    for row in whole:
        yield clean_trial(voice, ear, row)
    chance = random.Random(f"{seed} faults {language}")
    for number in range(faulty):
        kind, row = KINDS[number % len(KINDS)], whole[(number // len(KINDS) * 7 + number) % len(whole)]
        spoiled = spoil(kind, row, whole, foreign, voice, chance)
        if spoiled is not None:
            data, what, of = spoiled
            audio = file_of(voice.say(row.utterances)) if of is None else of
            yield ear.trial(row, audio, kind, what, data or b"")[0]


def clean_trial(voice: Voice, ear: Ear, row: Row) -> Trial:
    """A file as a campaign makes it: the sentences that were not heard are said once more, up to so many times."""
    first: Trial | None = None
    takes = [0] * len(row.utterances)
    for take in range(1 + MOST_TAKES):
        audio = file_of(voice.say(row.utterances, takes))
        one, unheard = ear.trial(row, audio, "", row.id)
        first = first or one
        if not unheard:
            return replace(first, take=take)
        takes = [number + (at in unheard) for at, number in enumerate(takes)]
    assert first is not None
    return first


def spoil(
    kind: str, row: Row, whole: Sequence[Row], foreign: Sequence[Row], voice: Voice, chance: random.Random
) -> tuple[bytes | None, str, FinishedAudio | None] | None:
    """(bytes in place of the file's, what was done, the file itself where it is another)."""
    change = {
        "word dropped": faults.without_a_word,
        "digit swapped": faults.with_another_digit,
        "loop": faults.with_a_loop,
    }.get(kind)
    if change is not None:
        changed = change(row, chance)
        if changed is None:
            return None
        number, utterance, what = changed
        said = [utterance if at == number else one for at, one in enumerate(row.utterances)]
        return None, what, file_of(voice.say(said))
    if kind == "cut end":
        pcm, rate_hz = decoded(file_of(voice.say(row.utterances)).data, dtype="int16")
        return as_wav(faults.cut(pcm, chance), rate_hz), "cut", None
    neighbour = chance.choice(
        [one for one in whole if one.id != row.id] if kind == "neighbour" else list(foreign)
    )
    return file_of(voice.say(neighbour.utterances)).data, neighbour.id, None


def as_wav(pcm: Pcm, rate_hz: int) -> bytes:
    """A file of samples."""
    import soundfile

    out = io.BytesIO()
    soundfile.write(out, pcm, rate_hz, format="WAV", subtype="PCM_16")
    return out.getvalue()


def numbers(made: Sequence[Trial]) -> dict[str, object]:
    """What the trials say, of one language or of all."""
    clean = [one for one in made if not one.fault]
    spoiled = [one for one in made if one.fault]
    caught = [one for one in spoiled if one.verdict != Hearing.HEARD]
    false = [one for one in clean if one.take < 0]
    bound, ratio_caught, ratio_false = best_bound(clean, spoiled)
    by_kind = {
        kind: round(
            sum(one.verdict != Hearing.HEARD for one in spoiled if one.fault == kind)
            / max(1, sum(one.fault == kind for one in spoiled)),
            4,
        )
        for kind in KINDS
    }
    values: dict[str, Counter[str]] = defaultdict(Counter)
    for one in clean:
        for kind, counts in one.values.items():
            values[kind].update(counts)
    return {
        "files": len(clean),
        "faults": len(spoiled),
        "caught": round(len(caught) / max(1, len(spoiled)), 4),
        "false_alarms": round(len(false) / max(1, len(clean)), 4),
        "false_alarms_first_take": round(
            sum(one.verdict != Hearing.HEARD for one in clean) / max(1, len(clean)), 4
        ),
        "caught_by_kind": by_kind,
        "values_heard": {
            kind: round(counts["heard"] / max(1, sum(counts.values())), 4)
            for kind, counts in sorted(values.items())
        },
        "one_ratio": {"bound": bound, "caught": ratio_caught, "false_alarms": ratio_false},
        "cpu_s_per_s": round(
            sum(one.cpu_s for one in clean) / max(1e-9, sum(one.seconds for one in clean)), 4
        ),
    }


def best_bound(clean: Sequence[Trial], spoiled: Sequence[Trial]) -> tuple[float, float, float]:
    """(bound, caught, false alarms) of one ratio, where caught less false alarms is most."""
    bounds = sorted({one.ratio for one in (*clean, *spoiled)})
    found = [
        (
            sum(one.ratio > bound for one in spoiled) / max(1, len(spoiled)),
            sum(one.ratio > bound for one in clean) / max(1, len(clean)),
            bound,
        )
        for bound in bounds
    ]
    caught, false, bound = max(found, key=lambda one: one[0] - one[1])
    return round(bound, 4), round(caught, 4), round(false, 4)


def main() -> None:
    """Plant, listen, count."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.listening")
    parser.add_argument("--quick", action="store_true", help="English alone: 30 clean files, 60 faults")
    parser.add_argument("--languages", default="")
    parser.add_argument(
        "--faults", type=int, default=500, help="English; a fifth of it in every other language"
    )
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--sounds", type=Path, help="keep what is spoken here, for the next time")
    parser.add_argument("--trials", type=Path, help="write every trial here, a line of JSON each")
    parser.add_argument("--show", action="store_true", help="what was missed, and every false alarm")
    asked = parser.parse_args()
    languages = asked.languages.split(",") if asked.languages else (("en",) if asked.quick else LANGUAGES)
    begun = time.perf_counter()
    made: list[Trial] = []
    with tempfile.TemporaryDirectory() as scratch:
        voice, ear = Voice(asked.sounds or Path(scratch)), Ear()
        for language in languages:
            faulty = 60 if asked.quick else asked.faults if language == "en" else asked.faults // 5
            clean = 30 if asked.quick else max(60, faulty // 4)
            for one in trials(voice, ear, language, clean, faulty, asked.seed):
                made.append(one)
                if asked.trials:
                    with asked.trials.open("a", encoding="utf-8") as kept:
                        kept.write(json.dumps(asdict(one), ensure_ascii=False) + "\n")
                tell(one, len(made), show=asked.show)
        voice.close()
        ear.close()
    report = {language: numbers([one for one in made if one.language == language]) for language in languages}
    for language, of_language in report.items():
        caught, false = FLOORS.get(language, FLOOR)
        sys.stderr.write(
            f"{language}: {json.dumps(of_language)}\n    floor: caught {caught}, false alarms {false}\n"
        )
    document = numbers(made) | {"languages": report, "wall_s": round(time.perf_counter() - begun, 1)}
    sys.stdout.write(json.dumps(document) + "\n")


def tell(one: Trial, count: int, *, show: bool) -> None:
    """A line for what went wrong, a count now and then."""
    missed = one.verdict == Hearing.HEARD if one.fault else one.take != 0
    if show and missed:
        what = f"missed {one.fault}" if one.fault else f"take {one.take}" if one.take > 0 else "false alarm"
        sys.stderr.write(f"{one.language} {what}: {one.what}; {'; '.join(one.misheard)}\n")
    elif count % 50 == 0:
        sys.stderr.write(f"{count} files\n")


if __name__ == "__main__":
    main()
