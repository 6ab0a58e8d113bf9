"""The preview lane: OpenAI's own client, both paths, every format, streams that equal files, statistics."""

from __future__ import annotations

import base64
import io
import json
import time
import wave
from pathlib import Path

import av
import httpx
import numpy as np
import pytest
from openai import OpenAI, UnprocessableEntityError
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from storage.history import runs as run_rows
from storage.names import CampaignId, KeyName
from storage.queue import campaigns as campaign_rows
from storage.records import RunDescriptor
from storage.service import api_keys
from tests import build
from tests.servers.service import RunningService, served
from tests.speakers import add_kokoro
from tests.waiting import LONGEST_S

TEXT = "Good morning. Your order of 3 lamps is ready. Goodbye."
VOICE = {"voice": "demo-voice@1", "language": "en"}


def spoken(client: httpx.Client, text: str, **asked: object) -> httpx.Response:
    return client.post("/v1/speech", json={**VOICE, "input": text, **asked})


def decoded(data: bytes) -> float:
    """Seconds of sound in a file of any format."""
    with av.open(io.BytesIO(data), "r") as container:
        return sum(float(frame.samples / frame.sample_rate) for frame in container.decode(audio=0))


def noted(service: RunningService, campaign_id: str) -> RunDescriptor:
    """The only run of a request, once the statistics are with it."""
    for _ in range(200):
        with service.installation.database.read() as connection:
            runs = list(run_rows.of_campaign(connection, CampaignId(campaign_id)))
        if runs and "request" in runs[0].notes:
            [run] = runs
            return run
        time.sleep(0.05)
    raise AssertionError("no run has the statistics")


def test_openai_s_own_client_speaks_with_a_frozen_preset(service: RunningService, tmp_path: Path) -> None:
    client = OpenAI(base_url=f"{service.url}/v1", api_key="any")
    answer = client.audio.speech.create(model="espeak", voice="demo-voice@1", input=TEXT)
    assert decoded(answer.content) > 2
    with client.audio.speech.with_streaming_response.create(
        model="espeak", voice="demo-voice@1", input=TEXT, response_format="wav", stream_format="audio"
    ) as stream:
        stream.stream_to_file(tmp_path / "a.wav")
    assert decoded((tmp_path / "a.wav").read_bytes()) == pytest.approx(decoded(answer.content), abs=0.1)
    with pytest.raises(UnprocessableEntityError):
        client.audio.speech.create(model="espeak", voice="demo-voice@1", input="Привет")


@pytest.mark.parametrize("form", ["mp3", "opus", "flac", "wav"])
def test_every_format_comes_whole_and_streamed(client: httpx.Client, form: str) -> None:
    whole = spoken(client, TEXT, response_format=form)
    stream = spoken(client, TEXT, response_format=form, stream_format="audio")
    assert whole.headers["content-type"] == stream.headers["content-type"]
    assert "content-length" in whole.headers
    assert "content-length" not in stream.headers
    assert decoded(stream.content) == pytest.approx(decoded(whole.content), abs=0.15)


def test_stream_holds_the_samples_of_the_file_bit_for_bit(client: httpx.Client) -> None:
    whole = spoken(client, TEXT, response_format="pcm").content
    stream = spoken(client, TEXT, response_format="pcm", stream_format="audio").content
    assert (whole == stream, len(whole) > 48_000) == (True, True)
    file = spoken(client, TEXT, response_format="wav")
    with wave.open(io.BytesIO(file.content)) as opened:
        frames = opened.readframes(opened.getnframes())
    streamed = spoken(client, TEXT, response_format="wav", stream_format="audio").content
    assert streamed[44:] == frames


def test_statistics_come_last_and_stay_with_the_run(client: httpx.Client, service: RunningService) -> None:
    answer = spoken(
        client, "This was never said before in this room.", stream_format="sse", response_format="pcm"
    )
    events = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]
    assert {event["type"] for event in events[:-1]} == {"speech.audio.delta"}
    done = events[-1]
    assert done["type"] == "speech.audio.done"
    statistics = done["statistics"]
    pcm = b"".join(base64.b64decode(event["audio"]) for event in events[:-1])
    assert statistics["audio_s"] == pytest.approx(len(pcm) / 48_000, abs=0.001)
    assert 0 < statistics["t_first_audio_ms"] <= statistics["total_ms"]
    assert statistics["utterances_made"] == statistics["utterances"] == 1
    run = noted(service, statistics["id"])
    request = run.notes["request"]
    assert isinstance(request, dict)
    assert request["audio_s"] == statistics["audio_s"]
    assert run.lane == "preview"


def test_socket_answers_one_request_after_the_other_each_with_its_statistics(service: RunningService) -> None:
    with connect(service.url.replace("http", "ws") + "/v1/speech/ws") as socket:
        for stream in ("audio", None):
            socket.send(
                json.dumps({**VOICE, "input": TEXT, "response_format": "pcm", "stream_format": stream})
            )
            pcm = b""
            while isinstance(message := socket.recv(timeout=LONGEST_S), bytes):
                pcm += message
            statistics = json.loads(message)
            assert statistics["type"] == "statistics"
            assert statistics["audio_s"] == pytest.approx(len(pcm) / 48_000, abs=0.001)
        for wrong in ("no json", "{}", json.dumps({**VOICE, "input": "Привет"})):
            socket.send(wrong)
            problem = json.loads(socket.recv(timeout=LONGEST_S))
            assert (problem["type"].startswith(("problem", "urn")), problem["status"]) == (True, 422)


def test_socket_of_a_stranger_is_told_that_it_needs_a_key(tmp_path: Path) -> None:
    from storage.service import api_keys

    installation = build.installation(tmp_path / "home")
    with installation.database.write() as connection:
        api_keys.add(connection, KeyName("one"), ["read"], actor="test")
    with served(installation, works=False) as service, pytest.raises(InvalidStatus) as refused:
        connect(service.url.replace("http", "ws") + "/v1/speech/ws")
    assert json.loads(refused.value.response.body)["status"] == 401
    installation.close()


def test_speed_makes_it_shorter(client: httpx.Client) -> None:
    usual, fast = (decoded(spoken(client, TEXT, speed=speed).content) for speed in (1.0, 2.0))
    assert fast == pytest.approx(usual / 2, rel=0.35)  # pauses keep their length


def test_stream_begins_before_the_last_sentence_is_spoken(client: httpx.Client) -> None:
    text = (
        "This is the first sentence here, and after its comma it goes on and on for quite a while. "
        + " ".join(
            f"This sentence has the number {number} and some more words, so that it takes a while."
            for number in range(40)
        )
    )
    with client.stream(
        "POST", "/v1/speech", json={**VOICE, "input": text, "response_format": "pcm", "stream_format": "sse"}
    ) as answer:
        events = [json.loads(line[6:]) for line in answer.iter_lines() if line.startswith("data: ")]
    statistics = events[-1]["statistics"]
    assert len(events) > 30
    assert statistics["t_first_audio_ms"] < statistics["total_ms"] / 2


@pytest.mark.parametrize(
    ("asked", "status", "named"),
    [
        ({"input": ""}, 422, "input"),
        ({"voice": "nobody@1"}, 404, "nobody"),
        ({"response_format": "aac"}, 422, "response_format"),
        ({"speed": 9}, 422, "speed"),
        ({"instructions": "Sing it."}, 422, "frozen"),
        ({"model": "unknown"}, 404, "unknown"),
        ({"input": "x" * 5000}, 422, "input"),
    ],
)
def test_wrong_request_names_the_field(
    client: httpx.Client, asked: dict[str, object], status: int, named: str
) -> None:
    answer = client.post("/v1/speech", json={**VOICE, "input": "Hello.", **asked})
    assert (answer.status_code, named in answer.text) == (status, True)
    assert answer.headers["content-type"] == "application/problem+json"


def test_sound_that_was_missed_is_read_from_the_store(
    client: httpx.Client, service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.outbound.live._post", lambda *_: None)
    first = spoken(
        client, "Nobody told me about this one.", response_format="pcm", stream_format="audio"
    ).content
    assert np.abs(np.frombuffer(first, "<i2")).max() > 1000


@pytest.mark.parametrize("fault", ["damaged", "missing"])
def test_sound_that_the_store_lost_is_made_again_though_the_worker_remembers_it(
    client: httpx.Client, service: RunningService, fault: str
) -> None:
    text, streamed = f"The shelf is {fault} now.", {"response_format": "pcm", "stream_format": "audio"}
    before = set(build.objects(service.installation.store, "cache/"))
    first = spoken(client, text, **streamed).content
    [key] = set(build.objects(service.installation.store, "cache/")) - before
    path = service.installation.settings.home / "objects" / key
    if fault == "missing":
        path.unlink()
    else:
        path.write_bytes(bytes(path.stat().st_size))
    told = spoken(client, text, **streamed)
    assert (told.status_code, "ask again" in told.json()["detail"]) == (503, True)
    assert spoken(client, text, **streamed).content == first
    assert spoken(client, text, **streamed).content == first


def test_a_speaker_of_the_catalogue_is_heard_by_name_in_its_own_language(
    tmp_path: Path, kokoro_folder: Path
) -> None:
    installation = build.installation(tmp_path / "home")
    with installation.database.write() as connection:
        keys = {
            scope: api_keys.add(connection, KeyName(scope), [scope], actor="test")
            for scope in ("read", "submit")
        }
    asked = {"voice": {"speaker": "ef_dora"}, "input": "Buenas tardes.", "response_format": "wav"}
    with served(installation) as service, httpx.Client(base_url=service.url, timeout=LONGEST_S) as client:
        reader, speaker = ({"Authorization": f"Bearer {keys[scope]}"} for scope in ("read", "submit"))
        listed = {one["name"]: one for one in client.get("/v1/catalogue", headers=reader).json()}
        assert (listed["kokoro"]["pin"], listed["kokoro"]["licence"]) == (None, "Apache-2.0")
        missing = client.post("/v1/speech", json=asked, headers=speaker)
        assert (missing.status_code, listed["kokoro"]["command"] in missing.text) == (404, True)
        add_kokoro(installation, kokoro_folder)
        [kokoro] = [
            one for one in client.get("/v1/catalogue", headers=reader).json() if one["name"] == "kokoro"
        ]
        dora = next(one for one in kokoro["speakers"] if one["name"] == "ef_dora")
        assert (kokoro["pin"], dora["language"], dora["gender"]) == ("kokoro", "es", "female")
        assert client.post("/v1/speech", json=asked, headers=reader).status_code == 403
        both = client.post(
            "/v1/speech",
            json=asked | {"voice": {"speaker": "ef_dora", "id": "demo-voice@1"}},
            headers=speaker,
        )
        assert (both.status_code, "Leave one" in both.text) == (422, True)
        other = client.post("/v1/speech", json=asked | {"language": "it"}, headers=speaker)
        assert (other.status_code, "speaks es, not it" in other.text) == (422, True)
        spoken_here = client.post("/v1/speech", json=asked, headers=speaker)
        assert spoken_here.status_code == 200, spoken_here.text
        assert decoded(spoken_here.content) > 0.5
        run = noted(service, spoken_here.headers["X-Speech-Id"])
        assert (run.notes["voice"], run.notes["spoken_by"]) == ("ef_dora", "kokoro")
        with installation.database.read() as connection:
            lock = campaign_rows.get(connection, CampaignId(spoken_here.headers["X-Speech-Id"])).lock
        assert (lock.preset.label, lock.pin.id) == ("kokoro-ef-dora@1", "kokoro")
    installation.close()
