"""Sound on its way to services that listen: one that is slow or silent delays no other, and nothing waits for it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.queue import listeners
from storage.tables import Lane
from tests import build
from tests.servers.receiver import webhook_receiver
from tests.servers.sluggard import Behaviour, drips, misbehaving, silent
from tests.unit.workers.engines.spoken import request
from tests.waiting import LONGEST_S
from workers.engines.engine import Waveform
from workers.outbound.live import HEADER, WAITING_UTTERANCES, LiveSender, SoundHeader

SECRET = b"5e" * 16
SOUND = Waveform(pcm=np.arange(2_400, dtype=np.int16), rate_hz=24_000, t_first_ms=0, t_last_ms=0)


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("behaviour", [silent, drips(b"H", every_s=0.05)], ids=["silent", "drips"])
def test_a_slow_listener_delays_no_other_and_nobody_who_sends(
    behaviour: Behaviour, installed: Installation
) -> None:
    campaign_id = build.submitted(installed, build.people(1)).campaign.id
    count = 2 * WAITING_UTTERANCES
    with misbehaving(behaviour) as slow, webhook_receiver() as receiver:
        with installed.database.write() as connection:
            for url in (slow, receiver.url.partition("?")[0]):
                listeners.add(connection, campaign_id, url)
        with installed.database.read() as connection:
            [campaign] = campaign_rows.runnable(connection, tuple(Lane))
        sender = LiveSender(installed.database, SECRET)
        requests = [replace(request(("en", "Hello.")), key=f"{number:064x}") for number in range(count)]
        start = time.monotonic()
        with sender.sending(replace(campaign, lane=Lane.PREVIEW), [one.key for one in requests]):
            for number, utterance in enumerate(requests):
                sender.send(utterance, SOUND)
                while len(receiver.heard) <= number:
                    assert time.monotonic() - start < LONGEST_S
                    time.sleep(0.001)
        sender.close()
        sender.close()
    headers, body = receiver.heard[-1]
    header = SoundHeader.parse(headers[HEADER])
    assert header is not None and header.is_of(body)
    assert header.verifies(SECRET, CampaignId(campaign_id), requests[-1].key)
