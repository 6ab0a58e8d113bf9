"""A worker process with an oddity, named by its first argument:

poisoned           its engine dies when it is given the word `Poison`: what a crash in C looks like
slow               its engine takes half a second a batch
endless            its engine takes an hour a batch
sleeps-in-utterances, sleeps-in-assets
                   it stops in the middle of its third commit of these, as SIGSTOP would have it
loses-device       its device's context is lost when it is given the word `Poison`: CUDA after an illegal access
warms-endlessly    its engine's weights are never loaded
loses-device-late  its device's context is lost in the second second of its warm-up
an-hour-late       its clock is an hour behind; an-hour-early: ahead
next-release       it is of a release whose engine and finish speak otherwise
dies-before=STAGE, dies-after=STAGE
                   it is killed before, or after, it has done a stage for the second time: `STAGES`
"""

from __future__ import annotations

import datetime
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from campaign.cli import main
from storage.queue import assets, campaigns, leases, utterances
from workers import pipeline
from workers.engines import tone
from workers.engines.engine import DeviceLostError, Outcome, PresetSound, SynthesisRequest

WORD = "Poison"
BATCH_S = 0.5
HOUR_S = 3600

_whole = tone.ToneEngine.synthesise
_now = time.time
_now_ns = time.time_ns


def _poisoned(self: tone.ToneEngine, batch: Sequence[SynthesisRequest]) -> Sequence[Outcome]:
    if any(WORD in request.text for request in batch):
        os.kill(os.getpid(), signal.SIGKILL)
    return _whole(self, batch)


def _slow(self: tone.ToneEngine, batch: Sequence[SynthesisRequest]) -> Sequence[Outcome]:
    time.sleep(BATCH_S)
    return _whole(self, batch)


def _endless(self: tone.ToneEngine, batch: Sequence[SynthesisRequest]) -> Sequence[Outcome]:
    time.sleep(HOUR_S)
    return _whole(self, batch)


def _losing(self: tone.ToneEngine, batch: Sequence[SynthesisRequest]) -> Sequence[Outcome]:
    if any(WORD in request.text for request in batch):
        raise DeviceLostError("CUDA error: an illegal memory access was encountered. Start the worker again.")
    return _whole(self, batch)


def _never_warm(self: tone.ToneEngine, presets: Sequence[PresetSound]) -> None:
    sys.stderr.write(f"loading for {len(presets)} presets\n")
    sys.stderr.flush()
    time.sleep(HOUR_S)


def _lost_late(self: tone.ToneEngine, presets: Sequence[PresetSound]) -> None:
    time.sleep(2)
    raise DeviceLostError("CUDA error: an illegal memory access was encountered. Start the worker again.")


def _sleeping(whole: Callable[..., Any]) -> Callable[..., Any]:
    commits = 0

    def store(*args: Any, **kwargs: Any) -> Any:
        nonlocal commits
        accepted = whole(*args, **kwargs)
        commits += 1
        if commits == 3:
            os.kill(os.getpid(), signal.SIGSTOP)
        return accepted

    return store


STAGES: Mapping[str, tuple[object, str]] = {
    "claim": (leases, "claim"),
    "load-utterances": (utterances, "load"),
    "speak": (tone.ToneEngine, "synthesise"),
    "cache": (pipeline.Pipeline, "_cache"),
    "store-utterances": (utterances, "store"),
    "commit-utterances": (pipeline.Pipeline, "_keep_utterances"),
    "follow-up": (utterances, "follow_up"),
    "load-assets": (assets, "load"),
    "join": (pipeline, "finish"),
    "put": (pipeline.Pipeline, "_finish_one"),
    "store-assets": (assets, "store"),
    "commit-assets": (pipeline.Pipeline, "_finish_batch"),
    "settle": (campaigns, "settle"),
}
"""The way of a row through a worker: before and after each of these it can be killed."""


def _dying(place: str) -> None:
    when, _, stage = place.partition("=")
    owner, name = STAGES[stage]
    whole = getattr(owner, name)
    calls = 0

    def dies(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        mine = calls
        if mine == 2 and when == "dies-before":
            os.kill(os.getpid(), signal.SIGKILL)
        done = whole(*args, **kwargs)
        if mine == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    setattr(owner, name, dies)


def _next_release() -> None:
    """Other revisions, in every module that read them."""
    tone.ToneEngine.revision += 1
    for module in list(sys.modules.values()):
        if getattr(module, "FINISH_REVISION", None) is not None:
            vars(module)["FINISH_REVISION"] += 1


def _shift(seconds: int) -> None:
    """Every clock that Python code asks, but for the monotonic one."""
    time.time = lambda: _now() + seconds
    time.time_ns = lambda: _now_ns() + seconds * 10**9
    from botocore import auth, compat

    def shifted(*_args: Any, **_kwargs: Any) -> datetime.datetime:
        return datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds)

    for module in (auth, compat):
        vars(module)["get_current_datetime"] = lambda *a, **k: shifted().replace(tzinfo=None)


if __name__ == "__main__":
    match sys.argv[1]:
        case "poisoned":
            tone.ToneEngine.synthesise = _poisoned  # type: ignore[method-assign]
        case "slow":
            tone.ToneEngine.synthesise = _slow  # type: ignore[method-assign]
        case "endless":
            tone.ToneEngine.synthesise = _endless  # type: ignore[method-assign]
        case "loses-device":
            tone.ToneEngine.synthesise = _losing  # type: ignore[method-assign]
        case "warms-endlessly":
            tone.ToneEngine.warm = _never_warm  # type: ignore[method-assign]
        case "loses-device-late":
            tone.ToneEngine.warm = _lost_late  # type: ignore[method-assign]
        case "sleeps-in-utterances":
            utterances.store = _sleeping(utterances.store)
        case "sleeps-in-assets":
            assets.store = _sleeping(assets.store)
        case "an-hour-late":
            _shift(-HOUR_S)
        case "an-hour-early":
            _shift(HOUR_S)
        case "next-release":
            _next_release()
        case place if place.startswith("dies-"):
            _dying(place)
        case oddity:
            raise SystemExit(f"no such oddity: {oddity}")
    main(["worker"])
