"""The owner of a child that speaks: whatever the child does, the owner answers in time and leaves nothing behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from workers.engines.engine import EngineError
from workers.engines.kokoro import process
from workers.engines.kokoro.process import KokoroProcess, NotSpoken, PartToSpeak, SpokenPart

QUESTION = PartToSpeak(tokens=(43, 44), style=np.arange(256, dtype=np.float32), speed=1.5)
HEAD = """
import json, os, struct, sys, time
def send(head, body=b""):
    head = json.dumps(head).encode()
    os.write(1, struct.pack("<II", len(head), len(body)) + head + body)
def asked():
    head, body = struct.unpack("<II", os.read(0, 8))
    return json.loads(os.read(0, head)), os.read(0, body)
hello = {"version": "9", "times": True}
"""
SPEAK = 'head, body = asked()\nsend({"durations": [1, 2]}, struct.pack("<2f", 0.5, -0.5))\nasked()'
Play = Callable[[str], KokoroProcess]


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Play]:
    """An owner of a child that does this; `starts` counts children."""
    made: list[KokoroProcess] = []

    def owner(script: str) -> KokoroProcess:
        path = tmp_path / "child.py"
        path.write_text(f"open({str(tmp_path / 'starts')!r}, 'a').write('.')\n{HEAD}\n{script}\n")
        monkeypatch.setattr(process, "CHILD", path)
        made.append(KokoroProcess(tmp_path / "model.onnx", "ab" * 32))
        return made[-1]

    yield owner
    for one in made:
        one.close()


def starts(tmp_path: Path) -> int:
    return len((tmp_path / "starts").read_text())


def test_a_question_reaches_the_child_whole_and_its_sound_comes_back(play: Play) -> None:
    check = (
        'send(hello)\nhead, body = asked()\nassert head == {"tokens": [0, 43, 44, 0], "speed": 1.5}\n'
        'assert struct.unpack("<256f", body) == tuple(range(256))\n'
        'send({"durations": [1, 2]}, struct.pack("<2f", 0.5, -0.5))\nasked()'
    )
    answer = play(check).ask(QUESTION, 10)
    assert isinstance(answer, SpokenPart)
    assert (answer.sound.tolist(), answer.durations) == ([0.5, -0.5], (1, 2))


def test_the_child_is_told_the_file_its_digest_and_one_thread(play: Play, tmp_path: Path) -> None:
    owner = play(
        f'assert sys.argv[1:] == [{str(tmp_path / "model.onnx")!r}, "{"ab" * 32}", "1"]\nsend(hello)\n{SPEAK}'
    )
    owner.start()
    assert owner.version == "9"


def test_a_child_that_refuses_its_file_is_an_error_with_the_mend(play: Play) -> None:
    owner = play('send({"refused": "ValueError: it is not the file that was pinned"})')
    with pytest.raises(EngineError, match=r"not the file that was pinned.*campaign voice get kokoro"):
        owner.start()
    assert owner.pid is None


@pytest.mark.parametrize("script", ["raise SystemExit(1)", 'os.write(1, b"x" * 30)\ntime.sleep(1)'])
def test_a_child_that_cannot_start_is_an_error(play: Play, script: str) -> None:
    owner = play(script)
    with pytest.raises(EngineError, match="Kokoro does not start"):
        owner.start()
    assert owner.pid is None


def test_a_child_that_dies_is_replaced_and_asked_once_more(play: Play, tmp_path: Path) -> None:
    first = f"if open({str(tmp_path / 'starts')!r}).read() == '.': asked(); os.kill(os.getpid(), 9)"
    script = f"send(hello)\n{first}\n{SPEAK}"
    assert isinstance(play(script).ask(QUESTION, 10), SpokenPart)
    assert starts(tmp_path) == 2


def test_a_child_that_always_dies_is_a_failure_after_two(play: Play, tmp_path: Path) -> None:
    answer = play("send(hello)\nasked()\nos.kill(os.getpid(), 9)").ask(QUESTION, 10)
    assert isinstance(answer, NotSpoken)
    assert ("died twice" in answer.reason, "SIGKILL" in answer.reason, answer.is_late) == (True, True, False)
    assert starts(tmp_path) == 2


def test_a_child_that_is_late_is_ended_and_not_asked_again(play: Play, tmp_path: Path) -> None:
    owner = play("send(hello)\nasked()\ntime.sleep(60)")
    owner.start()
    pid = owner.pid
    assert owner.ask(QUESTION, 0.1) == NotSpoken("not done after 0.1 s", is_late=True)
    assert not Path(f"/proc/{pid}").exists()
    assert starts(tmp_path) == 1


def test_what_the_network_does_not_take_is_told_and_the_child_stays(play: Play) -> None:
    owner = play(f'send(hello)\nasked()\nsend({{"failed": "ValueError: no"}})\n{SPEAK}')
    assert owner.ask(QUESTION, 10) == NotSpoken("ValueError: no")
    assert isinstance(owner.ask(QUESTION, 10), SpokenPart)


def test_a_killed_child_is_started_again_by_the_next_question(play: Play, tmp_path: Path) -> None:
    owner = play(f"send(hello)\n{SPEAK}")
    owner.start()
    assert owner.pid
    os.kill(owner.pid, signal.SIGKILL)
    assert isinstance(owner.ask(QUESTION, 10), SpokenPart)
    assert starts(tmp_path) == 2
