"""The owner of a child that speaks: whatever the child does, the owner answers in time and leaves nothing behind."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from workers.engines.engine import EngineError
from workers.engines.espeak import child, process
from workers.engines.espeak.process import EspeakProcess, Question, Refusal, SpanToSpeak

QUESTION = Question(
    spans=(SpanToSpeak(voice="gmw/en+f2", text="Hello.", phonemes=None),),
    words_per_minute=165,
    pitch=50,
    range=50,
    seed=7,
    max_samples=1000,
    timeout_s=0.1,
)
HEAD = """
import json, os, struct, sys, time
def send(body): os.write(1, struct.pack("<I", len(body)) + body)
def asked(): return json.loads(os.read(0, struct.unpack("<I", os.read(0, 4))[0]))
send(json.dumps({"version": "9", "rate_hz": 22050}).encode())
"""
Play = Callable[[str], EspeakProcess]


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Play]:
    """An owner of a child that does this after it has said hello; `starts` counts children."""
    made: list[EspeakProcess] = []
    monkeypatch.setattr(process, "GRACE_S", 0.3)

    def owner(script: str) -> EspeakProcess:
        path = tmp_path / "child.py"
        path.write_text(f"open({str(tmp_path / 'starts')!r}, 'a').write('.')\n{HEAD}\n{script}\n")
        monkeypatch.setattr(process, "CHILD", path)
        made.append(EspeakProcess(tmp_path / "library.so", tmp_path))
        return made[-1]

    yield owner
    for one in made:
        one.close()


def starts(tmp_path: Path) -> int:
    return len((tmp_path / "starts").read_text())


def test_question_reaches_the_child_whole_and_each_span_has_its_samples(play: Play) -> None:
    owner = play(
        'assert asked()["spans"] == [{"voice": "gmw/en+f2", "text": "Hello.", "phonemes": None}]\n'
        'send(struct.pack("<BIIIII4Ihhh", 0, 2, 1, 2, 0, 2, 0, 1, 4, 2, 5, -6, 7))\nasked()'
    )
    answer = owner.ask(QUESTION)
    assert not isinstance(answer, Refusal)
    assert [span.pcm.tolist() for span in answer] == [[5], [-6, 7]]
    assert [span.marks for span in answer] == [(), ((0, 1), (4, 2))]
    assert (owner.version, owner.rate_hz) == ("9", 22_050)
    assert json.loads(QUESTION.as_json())["seed"] == 7


def test_refusal_is_its_status_and_reason(play: Play) -> None:
    owner = play(f'asked()\nsend(bytes([{child.TOO_LONG}]) + b"1000")\nasked()')
    assert owner.ask(QUESTION) == Refusal(status=child.TOO_LONG, reason="1000")


@pytest.mark.parametrize("script", ["sys.exit()", "asked(); sys.exit()", "asked(); time.sleep(60)"])
def test_child_that_dies_or_is_silent_is_replaced_once_and_then_a_refusal(
    play: Play, tmp_path: Path, script: str
) -> None:
    owner = play(script)
    answer = owner.ask(QUESTION)
    assert isinstance(answer, Refusal)
    assert (answer.status, "died twice" in answer.reason) == (child.CRASHED, True)
    assert (owner.pid, starts(tmp_path)) == (None, 2)


def test_an_interrupted_question_s_answer_is_nobody_else_s(
    play: Play, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = play('while True: send(bytes([1]) + asked()["spans"][0]["text"].encode())')

    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    owner.start()
    with monkeypatch.context() as patched:
        patched.setattr(EspeakProcess, "_receive", interrupted)
        with pytest.raises(KeyboardInterrupt):
            owner.ask(QUESTION)
    other = replace(QUESTION, spans=(SpanToSpeak(voice="gmw/en+f2", text="Goodbye.", phonemes=None),))
    assert owner.ask(other) == Refusal(status=1, reason="Goodbye.")
    assert starts(tmp_path) == 2


def test_child_that_cannot_start_names_the_package(play: Play) -> None:
    owner = play("")
    process.CHILD.write_text("raise SystemExit(1)")
    with pytest.raises(EngineError, match="reinstall the espeakng-loader package"):
        owner.start()
    assert owner.pid is None


def test_child_that_does_not_end_with_its_stdin_is_killed(play: Play) -> None:
    owner = play("time.sleep(60)")
    owner.start()
    pid = owner.pid
    owner.close()
    owner.close()
    assert not Path(f"/proc/{pid}").exists()


def test_reply_of_no_spans_is_no_sound() -> None:
    answer = process._span_sounds(struct.pack("<III", 1, 0, 0))
    assert [(len(span.pcm), span.marks) for span in answer] == [(0, ())]
