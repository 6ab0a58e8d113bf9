"""A recogniser behind HTTP: what it is asked, what it answers, and every answer that is none, on a true server."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from tests import voices
from tests.servers.process import free_port
from tests.servers.recogniser import TOKEN, RecogniserServer, recogniser_server
from workers.engines.engine import EngineError
from workers.measure.intelligibility import words
from workers.pcm import from_wav
from workers.recognisers.http import HttpRecogniser, http_name
from workers.recognisers.recogniser import EDGE_S, LONGEST_PART_S, RATE_HZ, Heard, RecogniserAwayError
from workers.recognisers.whisper import style_of

SOUND = np.full(24_000, 1_000, dtype=np.int16)


@pytest.fixture(scope="module")
def running() -> Iterator[RecogniserServer]:
    with recogniser_server() as server:
        yield server


@pytest.fixture
def server(running: RecogniserServer) -> RecogniserServer:
    """With nothing planted."""
    for kept in (running.faults, running.planted, running.asked, running.files):
        kept.clear()
    running.token = ""
    return running


def ears(server: RecogniserServer, **more: Any) -> HttpRecogniser:
    options: dict[str, Any] = {"model": "base", "attempts": 2, "timeout_s": 20.0}
    return HttpRecogniser(server.url, **(options | more))


def heard(server: RecogniserServer, *, attempt: int = 0, language: str = "en", **more: Any) -> Heard:
    with contextlib.closing(ears(server, **more)) as recogniser:
        return recogniser.hear(SOUND, 24_000, language, attempt=attempt)


def test_it_hears_what_was_spoken(server: RecogniserServer) -> None:
    [pcm] = voices.spoken([voices.TEXT])
    with contextlib.closing(ears(server)) as recogniser:
        told = recogniser.hear(pcm, voices.RATE_HZ, "en")
    assert len(set(words(told.text).split()) & set(words(voices.TEXT).split())) > 4
    assert not told.looped and not told.was_held


def test_it_is_asked_for_the_likeliest_words_of_one_sound(server: RecogniserServer) -> None:
    server.planted.append({"text": " Hello. "})
    assert heard(server) == Heard(text="Hello.")
    assert server.asked == [
        {
            "model": "base",
            "language": "en",
            "response_format": "json",
            "temperature": "0",
            "prompt": style_of("en"),
        }
    ]
    pcm, rate_hz = from_wav(server.files[0])
    assert rate_hz == RATE_HZ
    assert len(pcm) == RATE_HZ + 2 * int(EDGE_S * RATE_HZ)


def test_it_is_heard_again_in_other_ways(server: RecogniserServer) -> None:
    server.planted.append({"text": "Hello."})
    for attempt in range(4):
        heard(server, attempt=attempt)
    lengths = [len(wav) for wav in server.files]
    assert lengths[0] == lengths[2] < lengths[1]
    assert lengths[3] < lengths[0]
    assert [one.get("prompt", "") for one in server.asked] == [
        style_of("en"),
        style_of("en"),
        "",
        style_of("en"),
    ]


def test_a_language_without_a_style_and_a_server_of_one_model_are_asked_without(
    server: RecogniserServer,
) -> None:
    server.planted.append({"text": "Jambo."})
    heard(server, language="sw", model="")
    assert server.asked == [{"language": "sw", "response_format": "json", "temperature": "0"}]


def test_long_sound_is_heard_part_by_part(server: RecogniserServer) -> None:
    server.planted += [{"text": "One."}, {"text": ""}, {"text": "Three."}]
    sound = np.full(int(2.2 * LONGEST_PART_S * RATE_HZ), 900, dtype=np.int16)
    with contextlib.closing(ears(server)) as recogniser:
        assert recogniser.hear(sound, RATE_HZ, "en").text.startswith("One. Three.")
    assert len(server.files) >= 3


def test_what_goes_in_circles_is_told(server: RecogniserServer) -> None:
    server.planted.append({"text": "your bill is due " * 6})
    assert heard(server).looped


def test_figures_are_given_on_as_they_are_written(server: RecogniserServer) -> None:
    server.planted.append({"text": "You owe $8.30."})
    assert heard(server).text == "You owe $8.30."


@pytest.mark.parametrize("fault", ["busy", "broken"])
def test_a_fault_that_passes_is_asked_again(server: RecogniserServer, fault: str) -> None:
    server.planted.append({"text": "Hello."})
    server.faults.append(fault)
    assert heard(server).text == "Hello."
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("busy", r"does not hear: the server is busy \(429\)"),
        ("broken", "does not hear: the server failed with 500"),
        ("slow", r"does not hear: no answer within 0\.2 s"),
        ("not-json", "answers without a transcript"),
        ("no-text", "answers without a transcript"),
        ("huge", "does not hear: the answer is longer than 65536 bytes"),
        ("redirect", "does not hear: the server refused the request with 302"),
    ],
)
def test_what_is_no_answer_is_an_error_that_repeats_nothing(
    server: RecogniserServer, fault: str, reason: str
) -> None:
    server.planted.append({"text": "Hello."})
    server.faults.append(f"always:{fault}")
    with pytest.raises(EngineError, match=reason) as told:
        heard(server, timeout_s=0.2 if fault == "slow" else 20.0)
    assert "heard" not in str(told.value)


@pytest.mark.parametrize("answer", [["text"], "text", {"text": None}, {"text": ["Hello."]}, {}, None])
def test_json_of_another_form_is_no_transcript(server: RecogniserServer, answer: Any) -> None:
    server.planted.append(answer)
    with pytest.raises(EngineError, match="answers without a transcript"):
        heard(server)


def test_another_server_and_nobody_are_told_with_the_mend(server: RecogniserServer) -> None:
    with (
        contextlib.closing(HttpRecogniser(f"{server.url}/elsewhere")) as recogniser,
        pytest.raises(EngineError, match="it is no server of that protocol"),
    ):
        recogniser.hear(SOUND, 24_000, "en")
    with (
        contextlib.closing(HttpRecogniser(f"http://127.0.0.1:{free_port()}", attempts=1)) as recogniser,
        pytest.raises(RecogniserAwayError, match="start the server"),
    ):
        recogniser.hear(SOUND, 24_000, "en")


def test_the_token_is_sent_and_told_to_nobody(server: RecogniserServer) -> None:
    server.token = TOKEN
    server.planted.append({"text": "Hello."})
    assert heard(server, token=TOKEN).text == "Hello."
    with pytest.raises(EngineError, match=r"refuses the token \(401\): set CAMPAIGN_LISTEN_TOKEN") as told:
        heard(server, token="another")
    assert "another" not in str(told.value)


def test_its_name_is_of_the_model_and_the_operators_label_and_of_no_address() -> None:
    there = HttpRecogniser("http://ears.example:8000", model="org/small", label="blue", token=TOKEN)
    moved = HttpRecogniser("https://other.example/base", model="org/small", label="blue")
    assert there.name == moved.name == http_name("org/small", "blue") == "http-org/small-blue"
    names = {there.name, http_name("org/small", ""), http_name("org/base", "blue"), http_name("", "")}
    assert len(names) == 4


def test_languages_are_those_that_the_operator_names_or_any() -> None:
    some = HttpRecogniser("http://ears.example", languages=("en", "de"))
    assert [some.understands(one) for one in ("en", "de", "fr")] == [True, True, False]
    assert HttpRecogniser("http://ears.example").understands("fr")


def test_an_address_with_a_key_in_it_is_refused() -> None:
    with pytest.raises(EngineError, match="no address of a server"):
        HttpRecogniser("http://user:key@ears.example")
