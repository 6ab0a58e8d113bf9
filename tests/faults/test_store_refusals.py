"""A real S3 server that refuses: one object, everything, for a while, for good; and what the campaign's status says."""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign.cli import exits
from campaign.operations import control
from storage.history import delivery
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.queue import leases
from storage.records import Campaign
from storage.tables import CampaignState, RowStatus
from tests import build
from tests.faults.checker import CLEAN
from tests.faults.conftest import Stage, staged
from tests.servers import PostgresServer, Proxy, RedisServer, S3Endpoint, tcp_proxy
from tests.servers.proxy import FORBIDDEN, SLOW_DOWN, Answer, http_reply
from workers.refusals import STORE_FAILED

ROWS = 24
ALWAYS = 10**6
MINE = CampaignId("mine")
PUT = b"PUT /"
PUT_FILE = b"/site/campaigns/"
NO_ROOM = http_reply("507 Insufficient Storage", "XMinioStorageFull")
TOO_LARGE = http_reply("413 Request Entity Too Large", "EntityTooLarge")
BAD_REQUEST = http_reply("400 Bad Request", "InvalidArgument")
NO_BUCKET = http_reply("404 Not Found", "NoSuchBucket")
NOT_S3 = b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 9\r\nConnection: close\r\n\r\nnot here!"
ELSEWHERE = http_reply("301 Moved Permanently", "PermanentRedirect")
UNPAID = http_reply("402 Payment Required", "AccountProblem")
EXPIRED = http_reply("400 Bad Request", "ExpiredToken")
NO_PROXY = http_reply("403 Forbidden", "RequestTimeTooSkewed")


@pytest.fixture
def on_s3(
    own_servers: tuple[PostgresServer, RedisServer], moto: S3Endpoint, tmp_path: Path
) -> Iterator[tuple[Stage, Proxy]]:
    """Workers reach S3 through a proxy; the checker goes straight."""
    settings = build.s3_settings(moto, f"refusal-{uuid.uuid4().hex[:8]}")
    with staged(*own_servers, tmp_path, **settings) as stage, tcp_proxy(moto.process.port) as proxy:
        stage.submit(build.people(ROWS))
        yield stage, proxy


def campaign(stage: Stage) -> Campaign:
    with stage.installed.database.read() as connection:
        return campaign_rows.get(connection, MINE)


def waiting(stage: Stage) -> int:
    """Rows that wait for the store."""
    with stage.installed.database.read() as connection:
        return leases.waiting_under(connection, MINE, STORE_FAILED)[0]


def through(proxy: Proxy) -> dict[str, object]:
    return {"s3_endpoint_url": f"http://127.0.0.1:{proxy.port}", "max_attempts": 2, "pcm_memory_mib": 0}


REFUSALS = {
    "403": (FORBIDDEN, "403 .*AccessDenied.*; check the keys, the region and the bucket's policy"),
    "507": (NO_ROOM, "507 .*XMinioStorageFull.*; free space there or raise its quota"),
    "no bucket": (NO_BUCKET, "NoSuchBucket.*; make the bucket or correct the store's URL"),
    "no S3": (NOT_S3, "there is no bucket or no S3 at the store's URL: correct it"),
    "another region": (ELSEWHERE, "301 .*PermanentRedirect.*; correct the endpoint and the region"),
    "unpaid": (UNPAID, "402 .*AccountProblem.*; check the keys"),
    "expired token": (EXPIRED, "400 .*ExpiredToken.*; check the keys"),
    "a clock that is off": (NO_PROXY, "RequestTimeTooSkewed.*; set this host's clock"),
}
OF_FILES = list(REFUSALS) if "FAULT_ROWS" in os.environ else ["403"]
"""Of sound and of files it is one mechanism: `make faults` tries each of both."""


@pytest.mark.parametrize(
    ("needle", "refusal"), [*((PUT, one) for one in REFUSALS), *((PUT_FILE, one) for one in OF_FILES)]
)
def test_a_store_that_refuses_everything_pauses_with_the_reason_and_resume_ends_it(
    on_s3: tuple[Stage, Proxy], refusal: str, needle: bytes
) -> None:
    reply, says = REFUSALS[refusal]
    stage, proxy = on_s3
    proxy.add(Answer(needle=needle, times=ALWAYS, reply=reply))
    with stage.working(**through(proxy)):
        stage.until(lambda: campaign(stage).state == CampaignState.PAUSED)
        reason = campaign(stage).state_reason or ""
        assert re.fullmatch(
            f"the object store refuses what is made, 2 batches in a row: .*{says}.*", reason
        ), reason
        assert ("campaigns/mine/" in reason) == (needle == PUT_FILE)
        shown = stage.program.run("status", "mine")
        assert (shown.code, reason in shown.out, "campaign resume mine" in shown.out) == (
            exits.OK,
            True,
            True,
        )
        proxy.clear()
        control.resume(stage.installed, MINE, actor="test")
        stage.until(lambda: campaign(stage).state == CampaignState.FINISHED)
    assert stage.verdict() == CLEAN


@pytest.mark.parametrize("reply", [TOO_LARGE, BAD_REQUEST], ids=["413", "400"])
def test_one_object_that_is_refused_fails_its_row_and_no_other(
    on_s3: tuple[Stage, Proxy], reply: bytes
) -> None:
    stage, proxy = on_s3
    proxy.add(Answer(needle=PUT_FILE, times=1, reply=reply))
    with stage.working(**through(proxy)):
        stage.until(lambda: campaign(stage).state == CampaignState.FINISHED_WITH_ERRORS)
    with stage.installed.database.read() as connection:
        failed = [row for row in delivery.rows(connection, MINE) if row.status != RowStatus.STORED]
    assert [row.code for row in failed] == ["object-refused"]
    assert "the store refuses this object" in (failed[0].reason or "")


def test_a_store_that_is_away_for_long_costs_no_row_an_attempt_and_is_told(
    on_s3: tuple[Stage, Proxy],
) -> None:
    stage, proxy = on_s3
    rule = proxy.add(Answer(needle=PUT, times=ALWAYS, reply=SLOW_DOWN))
    with stage.working(**through(proxy)):
        stage.until(lambda: waiting(stage) > 0 and rule.hits >= 2 * 2 * 5)  # boto's own attempts are five
        stage.until(lambda: waiting(stage) > 0)
        shown = stage.program.run("status", "mine", "--json").json
        assert (shown["state"], shown["store"]["rows"] > 0) == ("running", True)
        assert "503" in shown["store"]["reason"]
        assert "rows wait for the object store: " in stage.program.run("status", "mine").out
        proxy.clear()
        stage.until(lambda: campaign(stage).state == CampaignState.FINISHED)
    assert stage.verdict() == CLEAN


def test_a_report_that_the_store_refuses_is_published_when_it_is_mended(
    on_s3: tuple[Stage, Proxy], monkeypatch: pytest.MonkeyPatch
) -> None:
    from campaign.report.publish import publisher
    from workers.process import sweeper
    from workers.process.app import assemble

    monkeypatch.setattr(sweeper, "FIRST_REPORT_S", 0.2)
    monkeypatch.setattr(sweeper, "LONGEST_REPORT_S", 0.2)
    stage, proxy = on_s3
    rule = proxy.add(Answer(needle=b"/site/campaigns/mine/manifest.jsonl", times=ALWAYS, reply=FORBIDDEN))
    with stage.opened(**through(proxy)) as mine:
        worker = assemble(mine, on_settled=publisher(mine))
        worker.start()
        try:
            stage.until(lambda: campaign(stage).state == CampaignState.FINISHED and rule.hits > 1)
            assert campaign(stage).t_reported_ms is None
            stage.until(lambda: bool(campaign(stage).report_problem))
            shown = stage.program.run("status", "mine").out
            assert "its manifest and report are not out yet" in shown and "mine/manifest.jsonl" in shown
            assert "403" in stage.program.run("status", "mine", "--json").json["report_problem"]
            proxy.clear()
            stage.until(lambda: campaign(stage).t_reported_ms is not None)
            assert campaign(stage).report_problem is None
        finally:
            worker.stop()
    assert stage.verdict() == CLEAN
