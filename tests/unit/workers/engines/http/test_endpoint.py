"""Where a server is: checked when it is pinned, with its token in the environment and nowhere else."""

from __future__ import annotations

import pytest

from workers.engines.engine import EngineError
from workers.engines.http.endpoint import Endpoint

URL = "http://gpu-7:8000"


@pytest.mark.parametrize(
    "url",
    [
        "gpu-7:8000",
        "ftp://gpu-7",
        "http://",
        f"{URL}?key=secret",
        "http://me:secret@gpu-7",
        "http://gpu-7:99999",
        "http://gpu-7:0",
        "http://gpu-7:http",
        "http://[::1",
        "http://gpu-7:8000\n",
        "http://gpu 7",
        "http://gpu-7/#part",
    ],
)
def test_address_that_is_none_or_holds_a_key_is_refused(url: str) -> None:
    with pytest.raises(EngineError, match="is no address of a server"):
        Endpoint.parse({"url": url})


@pytest.mark.parametrize("table", [{"rate_hz": 7_999}, {"timeout_s": 0}, {"attempts": 0}, {"speed": 1}])
def test_value_out_of_range_and_unknown_key_are_refused(table: dict[str, int]) -> None:
    with pytest.raises(EngineError, match=next(iter(table))):
        Endpoint.parse({"url": URL, **table})


def test_token_is_read_from_the_environment_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Endpoint.parse({"url": URL}).headers == {}
    endpoint = Endpoint.parse({"url": URL, "key_variable": "SPEECH_TOKEN"})
    monkeypatch.setenv("SPEECH_TOKEN", "abc")
    assert endpoint.headers == {"Authorization": "Bearer abc"}
    assert "abc" not in str(endpoint.model_dump())
    monkeypatch.setenv("SPEECH_TOKEN", "")
    with pytest.raises(EngineError, match="set SPEECH_TOKEN in the environment of the worker"):
        _ = endpoint.headers
