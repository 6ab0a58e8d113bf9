"""Values heard over a telephone line, before and after each help that finishing gives them, and what a help costs.

    python -m benchmarks.listening.telephone [--quick] [--rows 10] [--languages en] [--helps none,all] [--one]

The rows of `benchmarks.listening` are spoken by Kokoro and finished as MP3: as they are, with a pause before values,
with values slower, with values said twice, and with all three. Each file is heard as it is and over a line at 10, 5 and
0 dB, by whisper-base and in English by moonshine-tiny beside it. A value that is said twice counts once: it is heard
where either saying is. The last line is JSON.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.listening.rows import rows
from benchmarks.listening.speaking import PROFILE, Voice
from benchmarks.voices.speaking import cpu_s
from campaign.registry.catalogue import shipped_catalogue
from campaign.registry.catalogue.keeping import Presence, place_of, presence
from campaign.speech.front_end import Composition
from campaign.submission.listening import RECOGNISER, SECOND
from campaign.submission.value_places import value_places
from storage.settings import Settings
from workers.finish import FinishedAudio, FinishProfile, Part, finish
from workers.finish.words import PlacedWords
from workers.helping import NO_VALUES, timed_places
from workers.line import TelephoneLine
from workers.listening.file import FileJudgement, Said
from workers.listening.judging import Hearing, SpokenValue
from workers.listening.listener import FileListener
from workers.recognisers.moonshine import MoonshineRecogniser
from workers.recognisers.recogniser import Recogniser
from workers.recognisers.whisper import WhisperRecogniser

SEED = 31
TWICE = ("code", "date", "money", "number", "phone", "time")
PAUSE, SLOW = {"pause_before_values": "300 ms"}, {"slow_values": "85 %"}
HELPS: Mapping[str, Mapping[str, Any]] = {
    "none": {},
    "pause": PAUSE,
    "slow": SLOW,
    "twice": {"say_twice": list(TWICE)},
    "all": {**PAUSE, **SLOW, "say_twice": list(TWICE)},
}
SNRS_DB = (None, 10.0, 5.0, 0.0)
"""None: as the file is, without a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TelephoneTrial:
    """One file, heard once."""

    language: str
    row: str
    help_: str
    snr_db: float | None
    values: Mapping[str, bool]
    """Column to whether it was heard."""
    is_heard: bool
    """The whole file."""
    seconds: float
    cpu_s: float


class Lines:
    """Both recognisers behind every line."""

    def __init__(self, loss: float, *, with_second: bool) -> None:
        settings, catalogue = Settings(), shipped_catalogue()
        self._first: Recogniser = WhisperRecogniser(place_of(settings, catalogue.find(RECOGNISER)))
        entry = catalogue.find(SECOND)
        place = place_of(settings, entry)
        self._second: Recogniser | None = None
        if with_second and presence(place, entry) == Presence.HERE:
            self._second = MoonshineRecogniser(place)
        lines = {
            snr_db: None if snr_db is None else TelephoneLine(snr_db=snr_db, packet_loss=loss)
            for snr_db in SNRS_DB
        }
        self._listeners = {snr_db: self._listener(line) for snr_db, line in lines.items()}

    def _listener(self, line: TelephoneLine | None) -> FileListener:
        second = self._second
        opened = None if second is None or line is None else lambda: second
        return FileListener(lambda: self._first, open_second=opened, line=line)

    @property
    def has_second(self) -> bool:
        return self._second is not None

    def hear(self, audio: FinishedAudio, said: Sequence[Said], snr_db: float | None) -> FileJudgement:
        return self._listeners[snr_db].judge_file(
            audio.data, audio.timebase, audio.samples, audio.rate_hz, said, sound_sha256=audio.sound_sha256
        )

    def close(self) -> None:
        for listener in self._listeners.values():
            listener.close()


def said_by(composition: Composition, language: str) -> list[Said]:
    """What is to be heard of a row."""
    return [
        Said(
            key=hashlib.sha256(utterance.text.encode()).hexdigest(),
            text=utterance.text,
            language=language,
            values=tuple(
                SpokenValue(kind=one.kind, begun=one.begun, ended=one.ended, column=one.column)
                for one in places
            ),
            pcm=np.zeros(0, np.int16),
            rate_hz=24_000,
        )
        for utterance, places in zip(composition.utterances, value_places(composition), strict=True)
    ]


def file_of(
    voice: Voice, composition: Composition, said: Sequence[Said], profile: FinishProfile
) -> FinishedAudio:
    """A row's file, its values helped as the profile says."""
    parts = []
    for (pcm, rate_hz, times), one in zip(voice.timed(composition.utterances), said, strict=True):
        places = [(value.begun, value.ended) for value in one.values if value.kind not in NO_VALUES]
        values = (timed_places(one.text, len(times), places) or ()) if profile.helps_values and places else ()
        placed = PlacedWords(by="kokoro", times_ms=times)
        parts.append(Part(pcm=pcm, rate_hz=rate_hz, placed_words=placed, values=values))
    return finish(parts, profile)


def trials(
    voice: Voice, lines: Lines, language: str, count: int, helps: Sequence[str]
) -> Iterator[TelephoneTrial]:
    """Every row with every help over every line."""
    for help_ in helps:
        profile = FinishProfile.from_mapping({**PROFILE.as_mapping(), **HELPS[help_]})
        for name, composition in rows(language, count, seed=SEED, say_twice=profile.say_twice):
            said = said_by(composition, language)
            audio = file_of(voice, composition, said, profile)
            for snr_db in SNRS_DB:
                before_s = cpu_s(os.getpid())
                judgement = lines.hear(audio, said, snr_db)
                spent_s = cpu_s(os.getpid()) - before_s
                yield TelephoneTrial(
                    language=language,
                    row=name,
                    help_=help_,
                    snr_db=snr_db,
                    values=values_heard(judgement),
                    is_heard=judgement.verdict == Hearing.HEARD,
                    seconds=audio.duration_s,
                    cpu_s=spent_s,
                )


def values_heard(judgement: FileJudgement) -> dict[str, bool]:
    """Column to whether one of its sayings was heard."""
    heard: dict[str, bool] = {}
    for utterance in judgement.utterances:
        for value in utterance.values:
            if value.kind not in NO_VALUES:
                heard[value.column] = heard.get(value.column, False) or value.verdict == Hearing.HEARD
    return heard


def numbers(made: Sequence[TelephoneTrial]) -> dict[str, Any]:
    """By help: share of values and of files heard by line, and what it adds."""
    plain_s = _seconds(made, made[0].help_)
    return {
        help_: {
            "values_heard": {_line(snr_db): _share(_of(made, help_, snr_db)) for snr_db in SNRS_DB},
            "files_heard": {
                _line(snr_db): round(float(np.mean([one.is_heard for one in _of(made, help_, snr_db)])), 3)
                for snr_db in SNRS_DB
            },
            "seconds": round(_seconds(made, help_), 2),
            "seconds_added": round(_seconds(made, help_) - plain_s, 2),
        }
        for help_ in dict.fromkeys(one.help_ for one in made)
    }


def _of(made: Sequence[TelephoneTrial], help_: str, snr_db: float | None) -> list[TelephoneTrial]:
    return [one for one in made if (one.help_, one.snr_db) == (help_, snr_db)]


def _line(snr_db: float | None) -> str:
    return "no line" if snr_db is None else f"{snr_db:g} dB"


def _share(made: Sequence[TelephoneTrial]) -> float:
    heard = [is_heard for one in made for is_heard in one.values.values()]
    return round(sum(heard) / max(1, len(heard)), 3)


def _seconds(made: Sequence[TelephoneTrial], help_: str) -> float:
    """Of a file, on average."""
    return float(np.mean([one.seconds for one in _of(made, help_, None)]))


def main() -> None:
    """Speak, send, listen, count."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.listening.telephone")
    parser.add_argument("--quick", action="store_true", help="5 rows")
    parser.add_argument("--rows", type=int, default=10)
    parser.add_argument("--languages", default="en")
    parser.add_argument(
        "--helps", default=",".join(HELPS), help="the first is what the others are held against"
    )
    parser.add_argument("--loss", type=float, default=0.01, help="share of packets")
    parser.add_argument("--one", action="store_true", help="without the second recogniser")
    parser.add_argument("--sounds", type=Path, help="keep what is spoken here, for the next time")
    parser.add_argument("--show", action="store_true", help="every value that was not heard")
    asked = parser.parse_args()
    begun = time.perf_counter()
    languages, count = asked.languages.split(","), 5 if asked.quick else asked.rows
    made: list[TelephoneTrial] = []
    with tempfile.TemporaryDirectory() as scratch:
        voice, lines = Voice(asked.sounds or Path(scratch)), Lines(asked.loss, with_second=not asked.one)
        for language in languages:
            for one in trials(voice, lines, language, count, asked.helps.split(",")):
                made.append(one)
                missed = [column for column, is_heard in one.values.items() if not is_heard]
                if asked.show and missed:
                    sys.stderr.write(f"{one.row} {one.help_} {_line(one.snr_db)}: {', '.join(missed)}\n")
        voice.close()
        lines.close()
    over_lines = [one for one in made if one.snr_db is not None]
    document = {
        "rows": count,
        "values": sum(len(one.values) for one in made if one.help_ == made[0].help_ and one.snr_db is None),
        "packet_loss": asked.loss,
        "second": lines.has_second,
        "languages": {
            language: numbers([one for one in made if one.language == language]) for language in languages
        },
        "cpu_s_per_s": {
            _line(snr_db): round(
                sum(one.cpu_s for one in made if one.snr_db == snr_db)
                / sum(one.seconds for one in made if one.snr_db == snr_db),
                3,
            )
            for snr_db in SNRS_DB
        },
        "files": len(over_lines),
        "wall_s": round(time.perf_counter() - begun, 1),
    }
    sys.stdout.write(json.dumps(document) + "\n")


if __name__ == "__main__":
    main()
