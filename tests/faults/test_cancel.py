"""A large campaign is cancelled while it runs: at once, whole, and nobody else feels it. FAULT_MILLION=1000000: one."""

from __future__ import annotations

import os
import sys
import time

from campaign.operations import control
from campaign.report.publish import publish_report
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.tables import CampaignState
from tests import build
from tests.faults.checker import CLEAN
from tests.faults.conftest import Stage

ROWS = int(os.environ.get("FAULT_MILLION", "3000"))
LARGE = CampaignId("large")


def test_a_large_campaign_is_cancelled_half_way(stage: Stage) -> None:
    stage.submit(build.people(ROWS), LARGE, columns={})
    stage.acknowledged.clear()
    stage.submit(build.people(60, prefix="other"))
    stage.start()
    stage.start()
    stage.until(lambda: stage.stored(LARGE) > min(400, ROWS // 10))
    begun = time.monotonic()
    control.cancel(stage.installed, LARGE, actor="test")
    took_s = time.monotonic() - begun
    with stage.installed.database.read() as connection:
        at_once = campaign_rows.progress(connection, LARGE)
    assert set(at_once.by_status) == {"stored", "cancelled"}
    assert sum(at_once.by_status.values()) == ROWS
    stage.until(lambda: stage.open_rows() == 0)
    assert stage.verdict() == CLEAN
    with stage.installed.database.read() as connection:
        assert campaign_rows.progress(connection, LARGE).by_status == at_once.by_status
        assert campaign_rows.get(connection, LARGE).state == CampaignState.CANCELLED
    document = publish_report(stage.installed, LARGE).document
    assert document["rows"]["by_status"] == dict(at_once.by_status)
    files = [key for key in build.objects(stage.installed.store, f"campaigns/{LARGE}/") if "/v1/" in key]
    left = len(files) - at_once.by_status["stored"]
    sys.stdout.write(f"{ROWS:,} rows cancelled in {took_s:.2f} s, {left} files of batches in hand\n")
    assert 0 <= left <= 2 * stage.installed.settings.finish_batch * len(stage.workers)
