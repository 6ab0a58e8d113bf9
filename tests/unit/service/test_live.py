"""Sound from workers: taken when it is signed, fresh, and somebody listens."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest

from campaign.service.live import LiveSound
from campaign.service.problems import ProblemError
from storage.names import CampaignId
from workers.outbound.live import MAX_AGE_S, SoundHeader
from workers.pcm import to_raw

SECRET = b"5e" * 16
ONE = CampaignId("one")
PCM = np.array([0, 1, -1, 32_767, -32_768], dtype=np.int16)
BODY = to_raw(PCM)


def signed(
    body: bytes = BODY,
    *,
    secret: bytes = SECRET,
    campaign_id: str = "one",
    key: str = "key",
    rate_hz: int = 24_000,
) -> str:
    return str(SoundHeader.sign(secret, CampaignId(campaign_id), key, body, rate_hz=rate_hz))


def refusal(live: LiveSound, header: str, body: bytes = BODY, *, key: str = "key") -> tuple[int, str]:
    with pytest.raises(ProblemError) as caught:
        live.hear(ONE, key, live.admit(ONE, key, header, len(body)), body)
    return caught.value.status, caught.value.detail


def test_what_a_worker_signed_reaches_who_listens_sample_for_sample() -> None:
    live = LiveSound(SECRET)
    listening = live.listen(CampaignId("one"))
    assert not listening.something.is_set()
    sound = live.admit(ONE, "key", signed(rate_hz=22_050), len(BODY))
    live.hear(ONE, "key", sound, BODY)
    heard = listening.heard["key"]
    assert (heard.rate_hz, str(heard.pcm.dtype), heard.pcm.tolist()) == (22_050, "int16", PCM.tolist())
    assert listening.something.is_set(), "whoever waits is woken"


def test_two_requests_of_one_campaign_listen_together() -> None:
    live = LiveSound(SECRET)
    assert live.listen(CampaignId("one")) is live.listen(CampaignId("one"))
    assert live.listen(CampaignId("one")) is not live.listen(CampaignId("other"))


@pytest.mark.parametrize(
    "header",
    [
        lambda: "",
        lambda: "t=1, rate=24000, v1=none",
        lambda: signed(secret=b"6f" * 16),
        lambda: signed(campaign_id="other"),
        lambda: signed(key="other"),
        lambda: signed().replace("rate=24000", "rate=48000"),
        lambda: signed().replace("bytes=10", "bytes=12"),
        lambda: re.sub("sha256=.", "sha256=x", signed()),
    ],
    ids=[
        "none",
        "no header",
        "other secret",
        "other campaign",
        "other utterance",
        "other rate",
        "other size",
        "other sound",
    ],
)
def test_what_the_signature_does_not_cover_is_refused(header: Callable[[], str]) -> None:
    live = LiveSound(SECRET)
    listening = live.listen(CampaignId("one"))
    status, detail = refusal(live, header())
    assert (status, "same secret" in detail) == (401, True)
    assert listening.heard == {} and not listening.something.is_set()


@pytest.mark.parametrize("late_s", [-MAX_AGE_S - 2, MAX_AGE_S + 2])
def test_what_was_signed_too_long_ago_is_refused(late_s: float, monkeypatch: pytest.MonkeyPatch) -> None:
    live = LiveSound(SECRET)
    live.listen(CampaignId("one"))
    header = signed()
    now = float(header.partition(",")[0].removeprefix("t="))
    monkeypatch.setattr("campaign.service.live.time.time", lambda: now + late_s)
    status, detail = refusal(live, header)
    assert (status, "too old" in detail) == (401, True)


def test_nobody_hears_what_nobody_listens_to() -> None:
    live = LiveSound(SECRET)
    assert refusal(live, signed())[0] == 410
    live.listen(CampaignId("one"))
    live.leave(CampaignId("one"))
    live.leave(CampaignId("one"))
    assert refusal(live, signed())[0] == 410


@pytest.mark.parametrize("body", [BODY + b"\0\0", BODY[::-1], b""])
def test_other_sound_than_was_signed_is_refused(body: bytes) -> None:
    live = LiveSound(SECRET)
    listening = live.listen(ONE)
    assert refusal(live, signed(), body)[0] == 400
    assert listening.heard == {}
