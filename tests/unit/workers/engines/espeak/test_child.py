"""What the child does around the library: whole frames, and a fork that is collected in time."""

from __future__ import annotations

import os
import struct
import threading
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from workers.engines.espeak import child

REQUEST = {"timeout_s": 30.0}


@pytest.fixture
def requests() -> Iterator[int]:
    """The child's stdin, open."""
    reading, writing = os.pipe()
    yield reading
    for descriptor in (reading, writing):
        os.close(descriptor)


def answering(answer: Any) -> Any:
    return SimpleNamespace(answer=answer)


def test_what_comes_in_pieces_is_read_whole_and_the_end_is_none() -> None:
    reading, writing = os.pipe()

    def write() -> None:
        os.write(writing, b"ab")
        time.sleep(0.05)
        os.write(writing, b"cd")

    thread = threading.Thread(target=write)
    thread.start()
    assert child.read_exactly(reading, 4) == b"abcd"
    thread.join()
    os.write(writing, b"x")
    os.close(writing)
    assert child.read_exactly(reading, 2) is None
    os.close(reading)


def test_frame_is_its_length_and_its_body() -> None:
    reading, writing = os.pipe()
    child.send(writing, b"hello")
    os.close(writing)
    assert os.read(reading, 99) == struct.pack("<I", 5) + b"hello"
    os.close(reading)


def test_fork_s_reply_comes_back_whole(requests: int) -> None:
    reply = bytes([child.OK]) + bytes(range(256)) * 1000 + b"\n\n"
    assert child.answer_in_fork(answering(lambda _request: reply), REQUEST, requests) == reply


@pytest.mark.parametrize("how", [lambda _request: os._exit(3), lambda _request: os.kill(os.getpid(), 9)])
def test_fork_that_dies_is_a_crash_with_its_code(requests: int, how: Any) -> None:
    reply = child.answer_in_fork(answering(how), REQUEST, requests)
    assert reply[0] == child.CRASHED
    assert reply[1:].decode().rpartition(" ")[2] in ("3", "-9")


def test_fork_that_is_late_is_ended_in_time(requests: int) -> None:
    reply = child.answer_in_fork(answering(lambda _request: time.sleep(600)), {"timeout_s": 0.1}, requests)
    assert reply == bytes([child.TIMED_OUT]) + b"not done after 0.1 s"


def test_nobody_speaks_for_an_owner_that_is_gone() -> None:
    requests, owner = os.pipe()
    os.close(owner)
    with pytest.raises(SystemExit):
        child.answer_in_fork(answering(lambda _request: time.sleep(600)), REQUEST, requests)
    os.close(requests)
