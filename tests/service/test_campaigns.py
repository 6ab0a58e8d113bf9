"""Campaigns over the API: created, uploaded, started, watched, read; safe to repeat, and clear when wrong."""

from __future__ import annotations

import hashlib
import json

import httpx
import pytest

from campaign.operations.uploads import UploadKind
from storage.history import audit
from storage.names import CampaignId
from tests.servers.service import RunningService
from tests.service.calls import BRIEF, csv_of, finished, until, uploaded


def test_campaign_goes_from_upload_to_sound(client: httpx.Client, service: RunningService) -> None:
    preflight = uploaded(client, "whole", csv_of(["Ann", "Bob", ""]))
    assert preflight["preflight"]["by_outcome"] == {"pending": 2, "failed": 1}
    assert preflight["preflight"]["problems"] == [
        {
            "row": 3,
            "field": "name",
            "code": "missing-value",
            "reason": "the field 'name' is empty",
            "mend": "fill it in, or declare the column optional with a fallback",
        }
    ]
    (fault,) = preflight["preflight"]["faults"]
    assert (fault["code"], fault["column"], fault["rows"], fault["first_row"]) == (
        "missing-value",
        "name",
        1,
        3,
    )
    assert "missing-value" in client.get("/v1/campaigns/whole/errors.csv").text
    assert ",missing-value," in client.get("/v1/campaigns/whole/rows-to-mend.csv").text
    assert client.get("/v1/campaigns/whole").json()["state"] == "validated"
    client.post("/v1/campaigns/whole/start").raise_for_status()
    ended = finished(client, "whole")
    assert ended["by_status"] == {"stored": 2, "failed": 1}
    assets = client.get("/v1/campaigns/whole/assets").json()["assets"]
    assert [one["row"] for one in assets] == [1, 2]
    sound = client.get(assets[0]["url"])
    assert hashlib.sha256(sound.content).hexdigest() == assets[0]["sha256"]
    rows = client.get("/v1/campaigns/whole/recipients", params={"limit": 2}).json()
    assert ([one["id"] for one in rows["recipients"]], rows["next"]) == (["1", "2"], 2)
    rest = client.get("/v1/campaigns/whole/recipients", params={"limit": 2, "after": 2}).json()
    assert ([one["status"] for one in rest["recipients"]], rest["next"]) == (["failed"], None)
    links = client.get("/v1/campaigns/whole/links")
    assert (links.status_code, "directory" in links.text) == (409, True)  # only S3 makes such links
    runs = client.get("/v1/campaigns/whole/runs").json()["runs"]
    assert [run["outcome"] for run in runs] == ["stored", "stored"]
    until(client, "/v1/campaigns/whole", lambda one: one["report"] is not None)
    assert client.get("/v1/campaigns/whole/artefacts/report.json").json()["rows"]["total"] == 3
    assert "<html" in client.get("/v1/campaigns/whole/artefacts/report.html").text
    assert "<html" in client.get("/v1/campaigns/whole/papers/report.html").text  # links given out before
    assert assets[0]["captions"] == {}
    assert client.get("/v1/campaigns/whole/assets/1/captions/vtt").status_code == 404
    with service.installation.database.read() as connection:
        actions = [(row["action"], row["actor"]) for row in audit.of(connection, "whole")]
    assert actions == [(one, "local") for one in ("intake.create", "intake.upload", "submit", "resume")]


def test_captions_beside_a_file_are_given_as_what_they_are(client: httpx.Client) -> None:
    asked = BRIEF | {"finish": {"codec": "wav", "captions": ["srt", "vtt"]}}
    uploaded(client, "captioned", csv_of(["Ann"]), asked)
    client.post("/v1/campaigns/captioned/start").raise_for_status()
    finished(client, "captioned")
    (asset,) = client.get("/v1/campaigns/captioned/assets").json()["assets"]
    assert list(asset["captions"]) == ["srt", "vtt"]
    captions = client.get(asset["captions"]["vtt"])
    assert captions.headers["content-type"] == "text/vtt; charset=utf-8"
    assert captions.text.startswith("WEBVTT") and "Ann" in captions.text
    assert client.get("/v1/campaigns/captioned/assets/1/captions/json").status_code == 404
    assert client.get("/v1/campaigns/captioned/assets/1/captions/ass").status_code == 422
    until(client, "/v1/campaigns/captioned", lambda one: one["report"] is not None)
    manifest = client.get("/v1/campaigns/captioned/artefacts/manifest.jsonl").text
    place = json.loads(manifest)["captions"]["vtt"]
    beside = client.get(f"/v1/campaigns/captioned/artefacts/{place}")
    assert (beside.text, beside.headers["content-type"]) == (captions.text, "text/vtt; charset=utf-8")


def test_mended_rows_are_made_by_the_campaign_that_refused_them(client: httpx.Client) -> None:
    uploaded(client, "mended", csv_of(["Ann", ""]))
    client.post("/v1/campaigns/mended/start").raise_for_status()
    finished(client, "mended")
    mended = client.get("/v1/campaigns/mended/rows-to-mend.csv").content.replace(b"2,en,,", b"2,en,Bo,")
    for made, there in ((1, 0), (0, 1)):
        done = client.post("/v1/campaigns/mended/amend", content=mended).raise_for_status().json()
        assert (done["by_outcome"].get("pending", 0), done["in_already"], done["refused"]) == (made, there, 0)
    assert finished(client, "mended")["by_status"] == {"stored": 2}
    assert client.get("/v1/campaigns/mended/rows-to-mend.csv").status_code == 404
    wrong = client.post("/v1/campaigns/mended/amend", content=mended.replace(b"2,en,Bo,2", b"2,en,Bo,7"))
    assert (wrong.status_code, "no row 7" in wrong.text) == (422, True)


def test_each_step_is_safe_to_repeat(client: httpx.Client) -> None:
    text = csv_of(["Cay", "Dan"])
    for status in (201, 200):
        assert client.put("/v1/campaigns/twice", json=BRIEF).status_code == status
    uploaded(client, "twice", text)
    again = client.put("/v1/campaigns/twice/recipients", content=text)
    assert (again.status_code, again.json()["state"]) == (202, "read")
    for _ in range(2):
        assert client.post("/v1/campaigns/twice/start").status_code == 200
        finished(client, "twice")
        break
    assert client.put("/v1/campaigns/twice", json=BRIEF).json()["state"] == "read"
    other = client.put("/v1/campaigns/twice/recipients", content=csv_of(["Eve"]))
    assert (other.status_code, other.headers["content-type"]) == (409, "application/problem+json")
    assert client.put("/v1/campaigns/twice", json=BRIEF | {"name": "other"}).status_code == 409


def test_upload_may_start_the_campaign_itself(client: httpx.Client) -> None:
    client.put("/v1/campaigns/at-once", params={"start": True}, json=BRIEF).raise_for_status()
    client.put("/v1/campaigns/at-once/recipients", content=csv_of(["Fay"])).raise_for_status()
    until(client, "/v1/campaigns/at-once/preflight", lambda one: one["state"] == "read")
    assert finished(client, "at-once")["by_status"] == {"stored": 1}


def test_suppressed_ids_get_nothing(client: httpx.Client) -> None:
    client.put("/v1/campaigns/less", json=BRIEF).raise_for_status()
    client.put("/v1/campaigns/less/suppression", content="id\n2\n").raise_for_status()
    preflight = uploaded(client, "less", csv_of(["Gus", "Hal"]))
    assert preflight["preflight"]["by_outcome"] == {"pending": 1, "suppressed": 1}


def test_events_tell_progress_until_the_end(client: httpx.Client) -> None:
    uploaded(client, "watched", csv_of(["Ida", "Jon"]))
    client.post("/v1/campaigns/watched/start").raise_for_status()
    with client.stream("GET", "/v1/campaigns/watched/events") as stream:
        lines = [line for line in stream.iter_lines() if line.startswith(("event", "data"))]
    assert lines[-2:] == ["event: end", "data: {}"]
    last = json.loads(lines[-3].removeprefix("data: "))
    assert last["by_status"] == {"stored": 2}


def test_bad_rows_can_refuse_the_whole_upload_and_another_may_follow(client: httpx.Client) -> None:
    brief = BRIEF | {"on_error": "reject"}
    refused = uploaded(client, "strict", csv_of(["Kim", ""]), brief)
    assert refused["state"] == "refused"
    assert "1 of 2 rows cannot be spoken" in refused["problem"]
    assert client.post("/v1/campaigns/strict/start").status_code == 404
    mended = uploaded(client, "strict", csv_of(["Kim", "Lou"]), brief)
    assert (mended["state"], mended["problem"]) == ("read", None)


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "no header"), ('id,name\n1,"unclosed\n', "quotation mark"), ("a,b\n\x00\n", "")],
)
def test_file_that_cannot_be_read_is_refused_with_the_reason(
    client: httpx.Client, text: str, said: str
) -> None:
    name = f"bad-{abs(hash(text))}"
    refused = uploaded(client, name, text)
    assert refused["state"] == "refused" or refused["preflight"]["by_outcome"].get("failed")
    assert said in str(refused)


@pytest.mark.parametrize(
    ("brief", "status", "named"),
    [
        ({}, 422, "templates"),
        (BRIEF | {"templates": {"default": "/etc/passwd"}}, 422, "a template that ships"),
        (BRIEF | {"purpose": "fun"}, 422, "purpose"),
        (BRIEF | {"nonsense": 1}, 422, "nonsense"),
        (BRIEF | {"columns": {"name": "wizard"}}, 422, "wizard"),
    ],
)
def test_wrong_brief_names_the_field(
    client: httpx.Client, brief: dict[str, object], status: int, named: str
) -> None:
    answer = client.put("/v1/campaigns/wrong", json=brief)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert named in answer.text
    assert client.get("/v1/campaigns/wrong/preflight").status_code == 404


def test_a_wrong_key_of_a_brief_is_told_in_the_words_of_the_command_line(client: httpx.Client) -> None:
    wrong = BRIEF | {"error_budget": 2, "finish": {"codec": "aac"}, "codec": "mp3"}
    fields = client.put("/v1/campaigns/wrong", json=wrong).json()["errors"]
    assert {field["field"]: (field["reason"], field["mend"]) for field in fields} == {
        "error_budget": ("error_budget is 2", "give a number from 0 to 1"),
        "finish.codec": ("finish.codec is 'aac'", "give one of wav, flac, mp3, opus, ulaw, alaw"),
        "codec": ("there is no key codec", "it belongs into [finish]: move it there"),
    }


def test_rows_ask_for_presets_of_the_brief(client: httpx.Client) -> None:
    brief = BRIEF | {"presets": {"F": "demo-voice@1"}, "preset_column": "sex"}
    text = "id,sex,name\n1,f,Ann\n2,,Bob\n3,m,Cy\n"
    found = uploaded(client, "voices", text, brief)["preflight"]
    assert found["by_voice"] == {"F": 1, "the campaign's own": 1}
    assert [(one["code"], one["column"]) for one in found["faults"]] == [("unknown-voice", "sex")]
    assert client.get("/v1/campaigns/voices").json()["presets"] == {"F": "demo-voice@1"}


def test_pause_and_cancel_hold_and_say_the_state(client: httpx.Client) -> None:
    uploaded(client, "held", csv_of(["Max"]))
    timed = client.post("/v1/campaigns/held/start", params={"at": "2999-01-01T10:00Z"}).json()
    assert (timed["state"], timed["t_start_ms"]) == ("validated", 32472180000000)
    assert client.post("/v1/campaigns/held/start", params={"at": "soon"}).status_code == 422
    assert client.post("/v1/campaigns/held/cancel", params={"at": "2999-01-01T10:00Z"}).status_code == 422
    assert client.post("/v1/campaigns/held/cancel").json()["state"] == "cancelled"
    answer = client.post("/v1/campaigns/held/start")
    assert (answer.status_code, "nothing to continue" in answer.json()["detail"]) == (409, True)
    assert client.post("/v1/campaigns/never/pause").status_code == 404


def test_upload_in_hand_is_read_after_a_restart(client: httpx.Client, service: RunningService) -> None:
    """The upload was acknowledged and the process died before it was read."""
    client.put("/v1/campaigns/later", json=BRIEF).raise_for_status()
    text = csv_of(["Ned"])
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    place = service.context.intake.uploads.place(CampaignId("later"), UploadKind.RECIPIENTS, sha256)
    place.parent.mkdir(parents=True)
    place.write_text(text)
    from storage.service import intakes

    with service.installation.database.write() as connection:
        intakes.acknowledge(
            connection, CampaignId("later"), encoding="utf-8-sig", sha256=sha256, size_bytes=len(text)
        )
        intakes.begin_reading(connection, CampaignId("later"))
    from campaign.service.intake import IntakeReader

    after = IntakeReader(service.installation, started=lambda *_: None)
    after.start()
    try:
        until(client, "/v1/campaigns/later/preflight", lambda one: one["state"] == "read")
    finally:
        after.stop()
    assert client.get("/v1/campaigns/later").json()["state"] == "validated"
