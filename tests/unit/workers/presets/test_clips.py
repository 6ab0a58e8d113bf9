from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests import voices
from workers.errors import RecordingError
from workers.pcm import from_wav, to_wav
from workers.presets.clips import Clip, Segment, cut, read_segments, write_clips

SENTENCES = (
    "The harbour was quiet when the first boats came home.",
    "Nobody had expected them before noon.",
    "Children ran down to the water, and an old man counted the sails.",
    "One was missing.",
    "He counted again, slowly, and this time the number was right.",
    "In the kitchen above the shop the kettle began to sing.",
    "Then the bells of both churches rang, one after the other.",
)
PAUSES_S = (0.6, 0.45, 0.7, 0.5, 0.8, 0.55, 0.6)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[float, float]]]:
    """A recording of all sentences, and where each truly lies."""
    parts, times, at = [voices.silence(0.4)], [], 0.4
    for pcm, pause_s in zip(voices.spoken(SENTENCES), PAUSES_S, strict=True):
        times.append((at, at + len(pcm) / voices.RATE_HZ))
        parts += [pcm, voices.silence(pause_s)]
        at = times[-1][1] + pause_s
    path = tmp_path_factory.mktemp("book") / "book.wav"
    sound = np.concatenate(parts).astype(np.float64)
    hiss = np.random.default_rng(1).normal(0, 20, len(sound))
    path.write_bytes(to_wav(np.clip(sound * 0.8 + hiss, -32768, 32767).astype(np.int16), voices.RATE_HZ))
    return path, times


def says_what_it_says(clip: Clip, times: list[tuple[float, float]]) -> bool:
    """Whether the clip's text is that of the sentences which truly lie within it."""
    end_s = clip.start_s + clip.seconds + 1.0
    inside = [
        text
        for text, (start_s, stop_s) in zip(SENTENCES, times, strict=True)
        if clip.start_s - 0.1 <= start_s and stop_s <= end_s
    ]
    return clip.text == " ".join(inside)


def test_text_is_laid_on_the_pauses_and_every_clip_says_what_its_text_says(
    book: tuple[Path, list[tuple[float, float]]],
) -> None:
    clips = cut(book[0], text=" ".join(SENTENCES), segments=None, rate_hz=24_000)
    assert len(clips) >= 4
    assert all(says_what_it_says(clip, book[1]) for clip in clips)
    assert all(2.9 <= clip.seconds <= 8.3 for clip in clips)
    quality = [clip.scores.quality for clip in clips]
    assert quality == sorted(quality, reverse=True)


def test_a_text_that_is_not_what_is_said_offers_nothing_wrong(
    book: tuple[Path, list[tuple[float, float]]],
) -> None:
    skipped = [*SENTENCES[:2], *SENTENCES[3:]]
    try:
        clips = cut(book[0], text=" ".join(skipped), segments=None, rate_hz=24_000)
    except RecordingError as refused:
        assert "--segments" in str(refused)
        return
    assert [clip.text for clip in clips if not says_what_it_says(clip, book[1])] == []


def test_a_given_alignment_is_followed_to_the_nearest_pauses(
    book: tuple[Path, list[tuple[float, float]]], tmp_path: Path
) -> None:
    lines = [
        f"{start_s + 0.05:.2f}\t{stop_s + 0.1:.2f}\t{text}"
        for text, (start_s, stop_s) in zip(SENTENCES, book[1], strict=True)
    ]
    path = tmp_path / "segments.tsv"
    path.write_text("\n".join(lines))
    clips = cut(book[0], text="", segments=read_segments(path), rate_hz=24_000)
    assert clips
    assert all(says_what_it_says(clip, book[1]) for clip in clips)


def test_clips_are_written_best_first_with_their_text(
    book: tuple[Path, list[tuple[float, float]]], tmp_path: Path
) -> None:
    segments = [
        Segment(start_s=start_s, end_s=stop_s, text=text)
        for text, (start_s, stop_s) in zip(SENTENCES[:3], book[1][:3], strict=True)
    ]
    clips = cut(book[0], text="", segments=segments, rate_hz=24_000)
    written = write_clips(clips, tmp_path / "clips")
    assert [path.name for path, _ in written][:1] == ["clip-01.wav"]
    assert (tmp_path / "clips" / "clip-01.txt").read_text() == clips[0].text + "\n"
    assert from_wav(written[0][0].read_bytes())[0].tobytes() == clips[0].pcm.tobytes()


@pytest.mark.parametrize(
    "lines", ["1.0\t2.0", "a\tb\tc", "2.0\t1.0\tBack.", "0\t1\tOne.\n0.5\t2\tTwo.", "0\t1\t "]
)
def test_alignment_that_makes_no_sense_is_refused_by_line(tmp_path: Path, lines: str) -> None:
    path = tmp_path / "segments.tsv"
    path.write_text(lines)
    with pytest.raises(RecordingError, match="line"):
        read_segments(path)


def test_text_without_sentences_is_refused(book: tuple[Path, list[tuple[float, float]]]) -> None:
    with pytest.raises(RecordingError, match="0 whole sentences"):
        cut(book[0], text="no full stop", segments=None, rate_hz=24_000)
