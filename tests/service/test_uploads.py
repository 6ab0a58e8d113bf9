"""A 2xx is a fact: what was acknowledged is what is read, once, whatever else is sent meanwhile."""

from __future__ import annotations

import hashlib
import logging
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from campaign.operations.uploads import STALE_PART_S, UploadKind
from campaign.service import intake
from campaign.service.intake import IntakeReader
from storage.history import recipients as recipient_rows
from storage.names import CampaignId
from storage.service import intakes
from storage.tables import IntakeState
from tests import ROOT
from tests.servers.service import RunningService
from tests.service.calls import BRIEF, csv_of, until, uploaded
from tests.waiting import LONGEST_S


@pytest.fixture
def unread(service: RunningService, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Uploads wait: nobody reads them."""
    monkeypatch.setattr(service.context.intake, "read", lambda _campaign_id: None)
    yield


def files_of(service: RunningService, campaign_id: str) -> list[Path]:
    return sorted((service.context.intake.uploads.folder / campaign_id).glob("*"))


def state_of(service: RunningService, campaign_id: str) -> intakes.Intake:
    with service.installation.database.read() as connection:
        found = intakes.find(connection, CampaignId(campaign_id))
    assert found is not None
    return found


def test_a_second_file_is_refused_while_the_first_waits_and_the_same_again_is_no_other(
    client: httpx.Client, service: RunningService, unread: None
) -> None:
    first, second = csv_of(["Ann", "Bob"]), csv_of(["Cyd", "Dan"])
    client.put("/v1/campaigns/waits", json=BRIEF).raise_for_status()
    path = "/v1/campaigns/waits/recipients"
    assert client.put(path, content=first).status_code == 202
    for other in (second, csv_of(["Cyd"])):
        answer = client.put(path, content=other)
        assert (answer.status_code, "are here and are read now" in answer.json()["detail"]) == (409, True)
    assert client.put(path, content=first).status_code == 202
    assert client.put(path, content=first, params={"encoding": "cp1252"}).status_code == 409
    sha256 = hashlib.sha256(first.encode()).hexdigest()
    assert [one.name for one in files_of(service, "waits")] == [f"recipients-{sha256}"]
    assert state_of(service, "waits").upload_sha256 == sha256


def test_a_file_in_a_form_is_refused_and_the_same_file_alone_is_taken(client: httpx.Client) -> None:
    client.put("/v1/campaigns/form", json=BRIEF).raise_for_status()
    path, text = "/v1/campaigns/form/recipients", csv_of(["Ann"])
    refused = client.put(path, files={"file": ("recipients.csv", text)})
    assert (refused.status_code, "Send the file alone" in refused.json()["detail"]) == (415, True)
    assert client.put(path, content=text).status_code == 202


def test_of_many_at_one_moment_one_is_acknowledged_and_it_is_the_one_that_is_made(
    client: httpx.Client, service: RunningService
) -> None:
    client.put("/v1/campaigns/race", json=BRIEF).raise_for_status()
    texts = [csv_of([f"{name}{letter}" for name in ("Ann", "Bob")]) for letter in "abcdefgh"]

    def send(text: str) -> int:
        with httpx.Client(base_url=service.url, timeout=LONGEST_S) as own:
            return own.put("/v1/campaigns/race/recipients", content=text).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, texts))
    assert sorted(answers) == [202] + [409] * 7
    read = until(client, "/v1/campaigns/race/preflight", lambda one: one["state"] == "read")
    won = texts[answers.index(202)]
    assert read["upload_sha256"] == hashlib.sha256(won.encode()).hexdigest()
    with service.installation.database.read() as connection:
        scripts = recipient_rows.scripts(connection, CampaignId("race"))
    names = [line.rpartition(",")[2] for line in won.splitlines()[1:]]
    assert [scripts[row] for row in (1, 2)] == [f"Hello {name}." for name in names]
    until(client, "/v1/campaigns/race", lambda _: not files_of(service, "race"))


def test_a_file_that_was_changed_on_disk_is_not_read(
    client: httpx.Client, service: RunningService, unread: None
) -> None:
    client.put("/v1/campaigns/bent", json=BRIEF).raise_for_status()
    client.put("/v1/campaigns/bent/recipients", content=csv_of(["Ann"])).raise_for_status()
    files_of(service, "bent")[0].write_text(csv_of(["Eve"]))
    reader = IntakeReader(service.installation, started=lambda *_: None)
    reader.start()
    refused = until(client, "/v1/campaigns/bent/preflight", lambda one: one["state"] == "refused")
    reader.stop()
    assert "it was changed or damaged" in refused["problem"]
    assert client.get("/v1/campaigns/bent").status_code == 404


def test_of_two_services_on_one_home_one_reads_an_upload(
    client: httpx.Client, service: RunningService, unread: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = threading.Event()
    monkeypatch.setattr(intake, "AGAIN_AFTER_S", 0.1)
    client.put("/v1/campaigns/shared", json=BRIEF).raise_for_status()
    client.put("/v1/campaigns/shared/recipients", content=csv_of(["Ann"])).raise_for_status()
    reader = IntakeReader(service.installation, started=lambda *_: None)

    def settle(campaign_id: CampaignId, exit_code: int) -> None:
        IntakeReader._settle(reader, campaign_id, exit_code)
        tried.set()

    monkeypatch.setattr(reader, "_settle", settle)
    with reader.uploads.reading(CampaignId("shared")) as ours:
        assert ours
        reader.start()
        assert tried.wait(LONGEST_S)
        assert state_of(service, "shared").state == IntakeState.UPLOADED
    under_way = (IntakeState.UPLOADED, IntakeState.READING)
    read = until(client, "/v1/campaigns/shared/preflight", lambda one: one["state"] not in under_way)
    reader.stop()
    assert read["state"] == "read", read["problem"]


def test_an_opt_out_list_counts_or_is_refused(client: httpx.Client, service: RunningService) -> None:
    client.put("/v1/campaigns/stops", json=BRIEF).raise_for_status()
    path = "/v1/campaigns/stops/suppression"
    assert client.put(path, content="9\n").status_code == 204
    assert client.put(path, content="id;why\n0002;asked\nelse;x\n").status_code == 204  # in its place
    read = uploaded(client, "stops", csv_of(["Ann", "Bob"]))
    assert read["state"] == "read", read["problem"]
    assert read["preflight"]["by_outcome"] == {"pending": 1, "suppressed": 1}
    (own, _) = read["preflight"]["opt_outs"]
    assert (own["lines"], own["matched"], own["unmatched"], own["respelled"]) == (2, 1, 1, 1)
    assert client.put(path, content="id;why\n0002;asked\nelse;x\n").status_code == 204
    late = client.put(path, content="1\n")
    assert (late.status_code, "comes too late" in late.json()["detail"]) == (409, True)
    until(client, "/v1/campaigns/stops", lambda _: not files_of(service, "stops"))


def test_a_list_that_stops_nobody_refuses_the_upload_and_the_next_one_may_mend_it(
    client: httpx.Client, service: RunningService
) -> None:
    client.put("/v1/campaigns/other", json=BRIEF).raise_for_status()
    client.put("/v1/campaigns/other/suppression", content="x\ny\n").raise_for_status()
    refused = uploaded(client, "other", csv_of(["Ann", "Bob"]))
    assert (refused["state"], "stops nobody" in refused["problem"]) == ("refused", True)
    until(client, "/v1/campaigns/other/preflight", lambda _: len(files_of(service, "other")) == 1)
    assert files_of(service, "other")[0].name.startswith("suppression-")
    client.put("/v1/campaigns/other/suppression", content="1\n").raise_for_status()
    assert uploaded(client, "other", csv_of(["Ann", "Bob"]))["state"] == "read"


def test_nothing_stays_of_a_body_that_broke_off_or_was_refused(
    client: httpx.Client, service: RunningService, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("torn", "bad"):
        client.put(f"/v1/campaigns/{name}", json=BRIEF).raise_for_status()
    host, port = service.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=LONGEST_S) as torn:
        torn.sendall(
            f"PUT /v1/campaigns/torn/recipients HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: 90\r\n\r\n"
            "id,locale,name\n1,en,Ann".encode()
        )
        until_there = until(client, "/v1/campaigns/torn/preflight", lambda _: bool(files_of(service, "torn")))
        assert until_there["state"] == IntakeState.EXPECTED
    until(client, "/v1/campaigns/torn/preflight", lambda _: not files_of(service, "torn"))
    assert uploaded(client, "bad", 'id,name\n"1,Ann\n')["state"] == "refused"
    until(client, "/v1/campaigns/bad/preflight", lambda _: not files_of(service, "bad"))
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


def test_what_a_killed_service_left_goes_when_it_is_a_day_old(
    service: RunningService, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads = service.context.intake.uploads
    parts = [uploads.new_part(CampaignId("gone")) for _ in range(2)]
    parts[0].parent.mkdir(parents=True)
    for part in parts:
        part.write_text("1,en,Ann")
    later = time.time() + STALE_PART_S + 9
    monkeypatch.setattr("campaign.operations.uploads.time.time", lambda: later)
    uploads.forget_stale_parts()
    assert [part.exists() for part in parts] == [False, False]


@pytest.mark.parametrize("campaign_id", ["..", "%2e%2e", "a%20b", ".x", "a%0ab", "a" * 101])
def test_an_id_is_never_a_path(client: httpx.Client, service: RunningService, campaign_id: str) -> None:
    before = sorted(service.installation.settings.home.rglob("*"))
    for path in ("", "/recipients", "/suppression"):
        answer = client.put(f"/v1/campaigns/{campaign_id}{path}", json=BRIEF)
        assert answer.status_code in (404, 405, 422), (path, answer.status_code)
    answer = client.post("/v1/erasures", json={"campaign": campaign_id})
    assert answer.status_code == 422
    assert sorted(service.installation.settings.home.rglob("*")) == before


NO_NAMES = ({"preset": "../x@1"}, {"model": "../x"}, {"lexicons": ["../../etc/passwd"]})


def test_a_brief_names_nothing_that_nothing_can_be_called(
    client: httpx.Client, service: RunningService
) -> None:
    for named in NO_NAMES:
        refused = client.put("/v1/campaigns/astray", json=BRIEF | named)
        assert (refused.status_code, "becomes part of paths" in refused.json()["detail"]) == (422, True)
    with service.installation.database.write() as connection:  # acknowledged by an earlier release
        intakes.expect(
            connection, CampaignId("astray"), brief=BRIEF | NO_NAMES[0], starts=False, actor="test"
        )
    client.put("/v1/campaigns/astray/recipients", content=csv_of(["Ann"])).raise_for_status()
    under_way = (IntakeState.UPLOADED, IntakeState.READING)
    read = until(client, "/v1/campaigns/astray/preflight", lambda one: one["state"] not in under_way)
    assert (read["state"], "no preset name" in read["problem"]) == ("refused", True)


def test_an_upload_of_which_nothing_became_is_erased_whole(
    client: httpx.Client, service: RunningService, unread: None
) -> None:
    client.put("/v1/campaigns/dropped", json=BRIEF).raise_for_status()
    client.put("/v1/campaigns/dropped/suppression", content="1\n").raise_for_status()
    client.put("/v1/campaigns/dropped/recipients", content=csv_of(["Ann"])).raise_for_status()
    assert len(files_of(service, "dropped")) == 2
    assert service.context.intake.uploads.place(
        CampaignId("dropped"), UploadKind.RECIPIENTS, "0"
    ).parent.exists()
    assert client.post("/v1/erasures", json={"campaign": "dropped"}).status_code == 200
    assert not (service.context.intake.uploads.folder / "dropped").exists()
    assert client.get("/v1/campaigns/dropped/preflight").status_code == 404
    assert client.post("/v1/erasures", json={"campaign": "dropped"}).status_code == 404


def test_a_file_is_looked_at_and_nothing_of_it_stays(client: httpx.Client, service: RunningService) -> None:
    data = (ROOT / "tests/data/spreadsheets/people.xlsx").read_bytes()
    seen = client.post("/v1/checks?name=people.xlsx&rows=1", content=data).json()
    assert seen["found"].startswith("xlsx, sheet 'Patienten'")
    assert seen["sample"][0]["Vorname"] == "Jürgen"
    refused = client.post("/v1/checks?name=a.csv", content="id;name\n1;Zoë\n".encode("cp1252")).json()
    assert (refused["encoding_guess"], refused["words"], refused["columns"]) == ("cp1252", ["Zoë"], [])
    read = client.post("/v1/checks?encoding=cp1252", content="id;name\n1;Zoë\n".encode("cp1252")).json()
    assert read["columns"][1]["example"] == "Zoë"
    assert client.post("/v1/checks?delimiter=ab", content=b"id\n1\n").status_code == 422
    uploads = service.context.intake.uploads.folder
    assert not list(uploads.glob("check-*"))


def test_an_upload_is_read_as_its_query_says(client: httpx.Client) -> None:
    brief = {
        "templates": {"default": {"text": "Hallo {{ vorname }}.", "language": "de"}},
        "languages": ["de"],
    }
    client.put("/v1/campaigns/sheet", json=brief).raise_for_status()
    data = (ROOT / "tests/data/spreadsheets/people.ods").read_bytes()
    client.put("/v1/campaigns/sheet/recipients?name=people.ods&sheet=1", content=data).raise_for_status()
    read = until(client, "/v1/campaigns/sheet/preflight", lambda one: one["state"] in ("read", "refused"))
    assert (read["state"], read["preflight"]["rows"]) == ("read", 3)
    assert read["preflight"]["found"].startswith("ods, sheet 'Patienten' and not 'Andere'")
    other = client.put("/v1/campaigns/sheet/recipients?sheet=2", content=data)
    assert other.status_code == 409
