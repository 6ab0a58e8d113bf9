"""Parts of a file: what players ask for when somebody seeks in a sound."""

from __future__ import annotations

import httpx
import pytest

from campaign.service.ranges import part_of
from tests.service.calls import csv_of, finished, until, uploaded

DATA = bytes(range(100))


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-", 0, 99),
        ("bytes=0-0", 0, 0),
        ("bytes=10-19", 10, 19),
        ("bytes=90-200", 90, 99),
        ("bytes=99-", 99, 99),
        ("bytes=-5", 95, 99),
        ("bytes=-500", 0, 99),
    ],
)
def test_a_part_is_sent_with_its_place(asked: str, first: int, last: int) -> None:
    part = part_of({"range": asked}, DATA, kind="audio/wav", etag="x")
    assert (part.status_code, part.body) == (206, DATA[first : last + 1])
    assert part.headers["content-range"] == f"bytes {first}-{last}/100"
    assert part.headers["content-length"] == str(last - first + 1)


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "bytes=",
        "bytes=-",
        "bytes=5-4",
        "bytes=0-1,5-6",
        "rows=0-1",
        "bytes=\u00b9-",
        "bytes=" + "9" * 30 + "-",
    ],
)
def test_what_is_no_one_part_is_the_whole_file(asked: str) -> None:
    whole = part_of({"range": asked}, DATA, kind="audio/wav", etag="x")
    assert (whole.status_code, whole.body, whole.headers["accept-ranges"]) == (200, DATA, "bytes")


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=200-300", "bytes=-0"])
def test_a_part_behind_the_end_is_refused_with_the_size(asked: str) -> None:
    refused = part_of({"range": asked}, DATA, kind="audio/wav", etag="x")
    assert (refused.status_code, refused.headers["content-range"]) == (416, "bytes */100")


def test_a_part_of_another_version_is_never_sent() -> None:
    same = {"range": "bytes=1-2", "if-range": '"x"'}
    assert part_of(same, DATA, kind="audio/wav", etag="x").status_code == 206
    assert part_of(same, DATA, kind="audio/wav", etag="y").body == DATA


def test_delivered_sound_and_papers_are_sent_in_parts(client: httpx.Client) -> None:
    uploaded(client, "parts", csv_of(["Ann"]))
    client.post("/v1/campaigns/parts/start").raise_for_status()
    finished(client, "parts")
    row = "/v1/campaigns/parts/assets/1/audio"
    whole = client.get(row)
    part = client.get(row, headers={"Range": "bytes=4-7"})
    assert (whole.status_code, part.status_code, part.content) == (200, 206, whole.content[4:8])
    assert part.headers["content-type"] == whole.headers["content-type"]
    assert part.headers["etag"] == whole.headers["etag"]
    until(client, "/v1/campaigns/parts", lambda one: one["report"] is not None)
    paper = client.get("/v1/campaigns/parts/papers/report.html", headers={"Range": "bytes=0-4"})
    assert (paper.status_code, len(paper.content)) == (206, 5)
    assert "media-src" in paper.headers["content-security-policy"]
