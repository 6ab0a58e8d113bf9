"""The example campaign as a newcomer runs it: audible files, a manifest that tells the truth, a report that opens."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import numpy as np
import pyloudnorm
import pytest
import soundfile

from campaign.report.manifest import root_of
from storage.installation import Installation
from tests import ROOT, build
from tests.acceptance.conftest import Done, Program
from workers.finish.reading import mismatches, read_file

EXAMPLES = ROOT / "examples"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Program, Done]:
    program = Program(home=tmp_path_factory.mktemp("demo") / "home")
    return program, program.run("submit", EXAMPLES / "recipients.csv")


@pytest.fixture(scope="module")
def installed(demo: tuple[Program, Done]) -> Installation:
    return build.installation(demo[0].home)


@pytest.fixture(scope="module")
def campaign_id(demo: tuple[Program, Done]) -> str:
    listed = demo[0].run("list", "--json").json
    assert len(listed) == 1
    identity: str = listed[0]["id"]
    return identity


@pytest.fixture(scope="module")
def lines(installed: Installation, campaign_id: str) -> list[dict[str, object]]:
    return build.manifest(installed.store, campaign_id)


def example_rows() -> list[dict[str, str]]:
    with (EXAMPLES / "recipients.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_demo_ends_with_a_line_that_says_where_everything_is(demo: tuple[Program, Done]) -> None:
    done = demo[1]
    assert done.code == 9, done.err
    assert "report.html" in done.out.splitlines()[-1]
    assert "finished with errors" in done.out


def test_bad_rows_are_named_with_file_row_column_code_reason_and_mend(demo: tuple[Program, Done]) -> None:
    problems = [line for line in demo[1].err.splitlines() if line.startswith("recipients.csv, row")]
    assert any("column amount: missing-value" in line for line in problems)
    assert any("column name: unspeakable-character" in line for line in problems)
    assert all(line.endswith(".") or "same id" in line for line in problems)


def test_manifest_has_one_line_a_recipient_and_no_name(lines: list[dict[str, object]]) -> None:
    rows = example_rows()
    assert [line["row"] for line in lines] == list(range(1, len(rows) + 1))
    assert build.statuses(lines) == {"stored": len(rows) - 5, "failed": 2, "suppressed": 3}
    text = json.dumps(lines, ensure_ascii=False)
    assert not [row["name"] for row in rows if row["name"] and row["name"] in text]
    assert not [row["id"] for row in rows if row["id"] in text]


def test_every_good_row_is_audible_and_is_what_the_manifest_says(
    installed: Installation, campaign_id: str, lines: list[dict[str, object]]
) -> None:
    for line in lines:
        if line["status"] != "stored":
            assert line["url"] is None
            continue
        data = installed.store.get(f"campaigns/{campaign_id}/{line['url']}")
        assert hashlib.sha256(data).hexdigest() == line["sha256"]
        samples, rate_hz = soundfile.read(io.BytesIO(data))
        duration_s = len(samples) / rate_hz
        assert duration_s == pytest.approx(line["duration_s"], abs=0.15)  # MP3 pads to whole frames
        assert duration_s > 10
        assert np.sqrt(np.mean(samples**2)) > 0.01
        assert np.abs(samples).max() < 1.0


def test_every_language_is_as_loud_as_the_others_and_the_report_says_so(
    installed: Installation, campaign_id: str, lines: list[dict[str, object]]
) -> None:
    prefix = f"campaigns/{campaign_id}/"
    heard = []
    for line in lines:
        if line["status"] == "stored":
            samples, rate_hz = soundfile.read(io.BytesIO(installed.store.get(f"{prefix}{line['url']}")))
            heard.append(pyloudnorm.Meter(rate_hz).integrated_loudness(samples))
    assert max(heard) - min(heard) < 0.5
    spread = json.loads(installed.store.get(prefix + "report.json"))["delivered"]["loudness_lufs"]
    assert spread["least"] == pytest.approx(min(heard), abs=0.2)  # another meter
    assert spread["most"] == pytest.approx(max(heard), abs=0.2)


def test_every_file_s_descriptor_and_the_report_fit_their_schemas(
    installed: Installation, campaign_id: str, lines: list[dict[str, object]]
) -> None:
    descriptor, report = (
        json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text())
        for name in ("descriptor", "report")
    )
    prefix = f"campaigns/{campaign_id}/"
    for line in lines:
        if line["status"] == "stored":
            found = read_file(installed.store.get(f"{prefix}{line['url']}"))
            assert mismatches(found) == []
            jsonschema.validate(found.descriptor, descriptor)
    jsonschema.validate(json.loads(installed.store.get(prefix + "report.json")), report)


def test_report_stands_for_itself_and_its_numbers_are_the_manifest_s(
    installed: Installation, campaign_id: str, lines: list[dict[str, object]]
) -> None:
    prefix = f"campaigns/{campaign_id}/"
    document = json.loads(installed.store.get(prefix + "report.json"))
    assert document["rows"]["by_status"] == build.statuses(lines)
    assert document["manifest_root"] == root_of(str(line["leaf"]) for line in lines)
    seconds = sum(float(str(line["duration_s"])) for line in lines if line["status"] == "stored")
    assert document["delivered"]["seconds"] == pytest.approx(seconds, abs=0.1)
    page = installed.store.get(prefix + "report.html").decode()
    links = _Links()
    links.feed(page)
    assert "default-src 'none'" in links.policy
    assert links.fetched
    assert all(not link.startswith(("http", "/")) for link in links.fetched)
    stored = {line["url"] for line in lines}
    assert set(links.fetched) <= stored | {"recipients.csv", "manifest.jsonl.gz"}


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.policy = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        assert tag != "script"
        if values.get("http-equiv") == "Content-Security-Policy":
            self.policy = values["content"] or ""
        self.fetched += [value for name, value in attrs if name in ("src", "href") and value]


def test_result_list_maps_the_operators_ids_to_urls(demo: tuple[Program, Done], campaign_id: str) -> None:
    path = demo[0].home / "results" / campaign_id / "recipients-result.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        results = list(csv.DictReader(stream))
    assert [row["id"] for row in results] == [row["id"] for row in example_rows()]
    stored = [row for row in results if row["status"] == "stored"]
    assert all(Path(row["url"].removeprefix("file://")).is_file() for row in stored)


def test_submitting_again_makes_no_sound_and_leaves_every_object_as_it_was(
    demo: tuple[Program, Done], installed: Installation, campaign_id: str
) -> None:
    before = _modified(installed)
    again = demo[0].run("submit", EXAMPLES / "recipients.csv")
    assert "no sound was made" in again.out
    assert _modified(installed) == before
    assert (
        demo[0].run("status", campaign_id, "--json").json["rows"]["by_status"]["stored"]
        == len(example_rows()) - 5
    )


def _modified(installed: Installation) -> dict[str, object]:
    return {info.key: info.modified_at for info in installed.store.list()}


def test_explain_shows_raw_rendered_spans_spoken_and_utterances(
    demo: tuple[Program, Done], campaign_id: str
) -> None:
    document = demo[0].run("explain", campaign_id, "--row", "3", "--json").json
    assert document["fields"]["name"] == "José Núñez"
    spans = [span for sentence in document["trace"]["sentences"] for span in sentence["spans"]]
    assert any(
        span["column"] == "amount" and "one thousand fifty euros" in span["spoken"]
        for span in spans
        if "column" in span
    )
    assert all(span["reason"] for span in spans)
    assert {one["status"] for one in document["utterances"]} == {"stored"}
    assert all(one["run"] for one in document["utterances"])


def test_report_prints_json_and_csv(demo: tuple[Program, Done], campaign_id: str) -> None:
    assert demo[0].run("report", campaign_id, "--format", "json").json["campaign"] == campaign_id
    assert demo[0].run("report", campaign_id, "--format", "csv").out.splitlines()[0].startswith("id,row,")


def test_dry_run_counts_and_makes_nothing(tmp_path: Path) -> None:
    program = Program(home=tmp_path / "home")
    done = program.run("submit", EXAMPLES / "recipients.csv", "--dry-run", "--json")
    assert done.code == 0, done.err
    assert done.json["rows_by_outcome"] == {"pending": len(example_rows()) - 5, "failed": 2, "suppressed": 3}
    assert done.json["seconds_to_make"] < done.json["seconds_to_deliver"]
    assert program.run("list", "--json").json == []
