"""A long recording cut into clips of whole sentences, each with its text: what a reference can be chosen from.

Cuts fall in pauses only. Where the text lies comes from a given alignment (`--segments`), or from the text itself:
every sentence takes its share of the speech by its letters, and the pauses that fit these shares best are found
together. A clip is offered only when its pace is that of the whole recording; what was skipped or misread falls out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from workers.documents import read_bounded
from workers.engines.engine import Pcm
from workers.errors import RecordingError
from workers.measure.activity import FRAME_MS, activity, pauses, snr_db
from workers.measure.likeness import SpeakerEncoder
from workers.measure.scores import Scores, score
from workers.pcm import to_wav
from workers.presets.recording import CLIPPED_RUN_SAMPLES, decode
from workers.presets.reference import CLOSERS, SENTENCE_ENDS, level

LARGEST_SEGMENTS_BYTES = 4 << 20
PAUSE_MS = 180
CLIP_S = (3.0, 8.0)
KEPT_PAUSE_MS = 120
"""Of the pauses at a clip's ends."""
PACE_TOLERANCE = 0.25
"""A clip whose letters a second differ by more from the whole recording's has another text."""
SNAP_S = 0.35
"""A given alignment may be this far from the pause it means."""
SCORED = 12
"""Clips that are measured in full; they are chosen by noise and pace first."""
PAUSE_BONUS_S = 0.5
WINDOW_S = 4.0
MAX_SENTENCES = 1000
SENTENCE = re.compile(rf"[^{re.escape(SENTENCE_ENDS)}]+[{re.escape(SENTENCE_ENDS)}]+[{re.escape(CLOSERS)}]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of the recording and what it says."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """One clip, ready to be heard and added."""

    pcm: Pcm
    rate_hz: int
    start_s: float
    text: str
    scores: Scores

    @property
    def seconds(self) -> float:
        """Its length."""
        return len(self.pcm) / self.rate_hz


def read_segments(path: Path) -> list[Segment]:
    """Lines of start, end, text, tab-separated, seconds; raises `RecordingError` that names the line."""
    try:
        lines = read_bounded(path, most_bytes=LARGEST_SEGMENTS_BYTES).decode("utf-8").splitlines()
    except (OSError, ValueError) as exc:
        raise RecordingError(
            f"{path} cannot be read as UTF-8 ({exc}). Name another with --segments."
        ) from exc
    segments: list[Segment] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        cells = line.split("\t")
        try:
            start_s, end_s, text = float(cells[0]), float(cells[1]), " ".join(cells[2].split())
        except (ValueError, IndexError) as exc:
            raise RecordingError(
                f"{path}, line {number}: write start, end and text with tabs between."
            ) from exc
        before_s = segments[-1].end_s if segments else 0.0
        if not before_s <= start_s < end_s or not text:
            raise RecordingError(
                f"{path}, line {number}: times must grow from line to line and the text be there."
            )
        segments.append(Segment(start_s=start_s, end_s=end_s, text=text))
    return segments


def cut(
    audio: Path,
    *,
    text: str,
    segments: Sequence[Segment] | None,
    rate_hz: int,
    encoder: SpeakerEncoder | None = None,
) -> list[Clip]:
    """The clips of a recording, best first; raises `RecordingError` when none can be trusted.

    `encoder` is what their likeness is measured with, spectra by default.
    """
    recording = decode(audio, rate_hz=rate_hz)
    pcm, _gain_db = level(recording.samples, rate_hz)
    sentences = _snapped(pcm, rate_hz, segments) if segments else _aligned(pcm, rate_hz, text)
    candidates = _candidates(pcm, rate_hz, sentences)
    if not candidates:
        raise RecordingError(
            f"no stretch of {audio.name} of {CLIP_S[0]:g} to {CLIP_S[1]:g} s fits its text. Check the text, leave a "
            "pause after each sentence, or give times with --segments."
        )
    chosen = sorted(candidates, key=lambda segment: _roughly(pcm, rate_hz, segment), reverse=True)[:SCORED]
    clips = [_clip(pcm, rate_hz, segment, encoder) for segment in chosen]
    return sorted(clips, key=lambda clip: clip.scores.quality, reverse=True)


def write_clips(clips: Sequence[Clip], folder: Path) -> list[tuple[Path, Clip]]:
    """`clip-01.wav` and `clip-01.txt` and so on, best first."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, clip in enumerate(clips, 1):
        path = folder / f"clip-{number:02}.wav"
        path.write_bytes(to_wav(clip.pcm, clip.rate_hz))
        path.with_suffix(".txt").write_text(clip.text + "\n", encoding="utf-8")
        written.append((path, clip))
    return written


def _letters(text: str) -> int:
    return sum(character.isalpha() for character in text)


def _snapped(pcm: Pcm, rate_hz: int, segments: Sequence[Segment]) -> list[Segment]:
    """Segments joined to whole sentences, their ends moved to the middles of the pauses they mean."""
    middles = np.array(
        [0, *((first + last) / 2 for first, last in pauses(pcm, rate_hz, at_least_ms=60)), len(pcm)]
    )
    whole: list[Segment] = []
    sentence: list[Segment] = []
    for segment in segments:
        sentence.append(segment)
        if not segment.text.rstrip(CLOSERS).endswith(tuple(SENTENCE_ENDS)):
            continue
        ends = [
            middles[np.abs(middles / rate_hz - at).argmin()] / rate_hz
            for at in (sentence[0].start_s, segment.end_s)
        ]
        is_near = abs(ends[0] - sentence[0].start_s) <= SNAP_S and abs(ends[1] - segment.end_s) <= SNAP_S
        if is_near and ends[0] < ends[1]:
            text = " ".join(part.text for part in sentence)
            whole.append(Segment(start_s=float(ends[0]), end_s=float(ends[1]), text=text))
        sentence = []
    return whole


def _aligned(pcm: Pcm, rate_hz: int, text: str) -> list[Segment]:
    """Sentences of `text` laid on the pauses that fit their lengths best, all together."""
    sentences = [" ".join(match.split()) for match in SENTENCE.findall(text)]
    if not sentences or len(sentences) > MAX_SENTENCES:
        raise RecordingError(
            f"the text has {len(sentences)} whole sentences; give 1 to {MAX_SENTENCES} with --text."
        )
    silences = pauses(pcm, rate_hz, at_least_ms=PAUSE_MS)
    inner = [(first, last) for first, last in silences if first > 0 and last < len(pcm) - rate_hz // 10]
    spoken_s = np.concatenate(([0.0], np.cumsum(activity(pcm, rate_hz).speech) * FRAME_MS / 1000))
    at_s = np.array(
        [spoken_s[min(first * 1000 // (rate_hz * FRAME_MS), len(spoken_s) - 1)] for first, _ in inner]
    )
    lengths_s = np.array([(last - first) / rate_hz for first, last in inner])
    letters = np.array([_letters(sentence) for sentence in sentences], dtype=float)
    wanted_s = letters / letters.sum() * spoken_s[-1]
    cuts = _best_cuts(wanted_s, at_s, lengths_s, float(spoken_s[-1]))
    edges = [0.0, *((inner[cut][0] + inner[cut][1]) / 2 / rate_hz for cut in cuts), len(pcm) / rate_hz]
    return [
        Segment(start_s=start_s, end_s=end_s, text=sentence)
        for start_s, end_s, sentence in zip(edges[:-1], edges[1:], sentences, strict=True)
    ]


def _best_cuts(
    wanted_s: npt.NDArray[np.float64],
    at_s: npt.NDArray[np.float64],
    lengths_s: npt.NDArray[np.float64],
    total_s: float,
) -> list[int]:
    """For each end of a sentence but the last, which pause it is: least squared deviation of all sentences' lengths,
    relative to what they should be, long pauses preferred."""
    if len(wanted_s) == 1:
        return []
    if len(at_s) < len(wanted_s) - 1:
        raise RecordingError(
            f"the text has {len(wanted_s)} sentences and the recording {len(at_s)} pauses between. Check that the text "
            "is what is said, or give times with --segments."
        )
    expected_s = np.cumsum(wanted_s)[:-1]
    bonus = PAUSE_BONUS_S * np.minimum(lengths_s, 1.0)
    cost = np.full(len(at_s), np.inf)
    came: list[npt.NDArray[np.intp]] = []
    for number, expected in enumerate(expected_s):
        window = np.abs(at_s - expected) <= max(WINDOW_S, 0.15 * expected)
        if number == 0:
            total = (at_s - wanted_s[0]) ** 2 / wanted_s[0]
            came.append(np.zeros(len(at_s), dtype=np.intp))
        else:
            length = at_s[None, :] - at_s[:, None]
            step = (
                np.where(length > 0, (length - wanted_s[number]) ** 2 / wanted_s[number], np.inf)
                + cost[:, None]
            )
            came.append(step.argmin(axis=0))
            total = step.min(axis=0)
        cost = np.where(window, total - bonus, np.inf)
    cost = cost + (total_s - at_s - wanted_s[-1]) ** 2 / wanted_s[-1]
    if not np.isfinite(cost).any():
        raise RecordingError(
            "no pauses lie where the sentences should end. Check the text, or give --segments."
        )
    path = [int(cost.argmin())]
    for back in reversed(came[1:]):
        path.append(int(back[path[-1]]))
    return path[::-1]


def _candidates(pcm: Pcm, rate_hz: int, sentences: Sequence[Segment]) -> list[Segment]:
    """Runs of neighbouring sentences of a clip's length whose pace is that of the whole."""
    paces = [_pace(pcm, rate_hz, sentence) for sentence in sentences]
    usual = float(np.median(paces)) if paces else 0.0
    out = []
    for first in range(len(sentences)):
        for last in range(first, len(sentences)):
            if sentences[last].end_s - sentences[first].start_s > CLIP_S[1] + 2 * KEPT_PAUSE_MS / 1000:
                break
            run = sentences[first : last + 1]
            joined = Segment(
                start_s=run[0].start_s, end_s=run[-1].end_s, text=" ".join(sentence.text for sentence in run)
            )
            is_whole = all(left.end_s == right.start_s for left, right in pairwise(run))
            each_fits = all(abs(pace / usual - 1) <= PACE_TOLERANCE for pace in paces[first : last + 1])
            if joined.end_s - joined.start_s >= CLIP_S[0] and is_whole and each_fits:
                out.append(joined)
    return out


def _pace(pcm: Pcm, rate_hz: int, segment: Segment) -> float:
    part = pcm[round(segment.start_s * rate_hz) : round(segment.end_s * rate_hz)]
    return _letters(segment.text) / max(activity(part, rate_hz).speech_s, FRAME_MS / 1000)


def _trimmed(pcm: Pcm, rate_hz: int, segment: Segment) -> Pcm:
    part = pcm[round(segment.start_s * rate_hz) : round(segment.end_s * rate_hz)]
    speaking = np.flatnonzero(activity(part, rate_hz).speech)
    if not len(speaking):
        return part[:0]
    size, kept = rate_hz * FRAME_MS // 1000, rate_hz * KEPT_PAUSE_MS // 1000
    return part[max(0, int(speaking[0]) * size - kept) : (int(speaking[-1]) + 1) * size + kept]


def _roughly(pcm: Pcm, rate_hz: int, segment: Segment) -> float:
    return snr_db(_trimmed(pcm, rate_hz, segment), rate_hz) or 0.0


def _clip(pcm: Pcm, rate_hz: int, segment: Segment, encoder: SpeakerEncoder | None) -> Clip:
    part = _trimmed(pcm, rate_hz, segment)
    full = np.abs(part.astype(np.int32)) >= int(np.abs(pcm.astype(np.int32)).max() * 0.999)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], full, [False])).astype(np.int8)))
    runs = edges[1::2] - edges[::2]
    clipped = int(runs[runs >= CLIPPED_RUN_SAMPLES].sum()) / max(1, len(part))
    return Clip(
        pcm=part,
        rate_hz=rate_hz,
        start_s=segment.start_s,
        text=segment.text,
        scores=score(part, rate_hz, text=segment.text, clipped_share=clipped, encoder=encoder),
    )
