"""Files handed on: links that expire, a zip under names of one's own, cache headers, encryption, a CDN's URLs."""

from __future__ import annotations

import csv
import hashlib
import io
import urllib.error
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from campaign.errors import InputError, NotFoundError
from campaign.report.publish import publish_report
from campaign.results.links import write_links, write_zip
from storage.errors import ObjectRefusedError
from storage.installation import Installation
from storage.names import CampaignId
from tests import build
from tests.servers import S3Endpoint


@dataclass(frozen=True, slots=True)
class Done:
    installation: Installation
    campaign_id: str
    bucket: str


def delivered(made: Installation) -> CampaignId:
    people = [
        *build.people(2),
        {"id": "../=HYPERLINK(1)", "locale": "en", "name": "Ann"},
        {"id": "Person-1", "locale": "en", "name": "Bea"},
    ]
    campaign_id = build.submitted(made, people).campaign.id
    build.worked(made, campaign_id)
    return campaign_id


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, moto: S3Endpoint) -> Done:
    settings = build.s3_settings(moto, "delivered") | {
        "s3_encryption": "AES256",
        "cache_seconds": 600,
        "base_url": "https://cdn.example/audio/",
    }
    made = build.installation(tmp_path_factory.mktemp("delivery") / "home", **settings)
    return Done(made, delivered(made), "delivered")


def test_every_file_has_a_link_that_fetches_it_and_expires(done: Done) -> None:
    text = io.StringIO()
    assert write_links(done.installation, CampaignId(done.campaign_id), text, expires_s=600) == 4
    links = list(csv.DictReader(io.StringIO(text.getvalue())))
    lines = build.manifest(done.installation.store, done.campaign_id)
    for link, line in zip(links, lines, strict=True):
        with urllib.request.urlopen(link["url"]) as answer:
            assert hashlib.sha256(answer.read()).hexdigest() == line["sha256"]
        assert "X-Amz-Expires=600" in link["url"]
        assert link["expires_at"].endswith("Z")


def test_a_link_may_not_outlive_what_servers_take(done: Done) -> None:
    with pytest.raises(ObjectRefusedError, match="7 days"):
        write_links(done.installation, CampaignId(done.campaign_id), io.StringIO(), expires_s=8 * 86_400)


def test_on_a_strict_server_a_changed_link_fetches_nothing(tmp_path: Path, swift: S3Endpoint) -> None:
    made = build.installation(tmp_path / "home", **build.s3_settings(swift, "links"))
    campaign_id = build.submitted(made, build.people(1)).campaign.id
    build.worked(made, campaign_id)
    text = io.StringIO()
    write_links(made, campaign_id, text, expires_s=600)
    (link,) = csv.DictReader(io.StringIO(text.getvalue()))
    with urllib.request.urlopen(link["url"]) as answer:
        assert answer.read(4) == b"RIFF"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(link["url"].replace("Expires=600", "Expires=6000"))


def test_delivered_files_are_cached_and_encrypted_and_artefacts_are_fetched_again(
    done: Done, moto: S3Endpoint
) -> None:
    headers = {}
    with moto.client() as client:
        for key in build.objects(done.installation.store):
            answer = client.head_object(Bucket=done.bucket, Key=f"site/{key}")
            assert answer["ServerSideEncryption"] == "AES256"
            headers[key] = answer["CacheControl"]
    files = {key for key in headers if key.endswith(".wav")}
    assert len(files) == 4
    assert {headers[key] for key in files} == {"public, max-age=600, immutable"}
    assert headers[f"campaigns/{done.campaign_id}/report.html"] == "no-cache"
    assert {headers[key] for key in headers if key.startswith("cache/")} == {"private, no-store"}


def test_results_name_the_cdn_s_urls(done: Done) -> None:
    published = publish_report(done.installation, CampaignId(done.campaign_id))
    assert published.report_url == f"https://cdn.example/audio/campaigns/{done.campaign_id}/report.html"
    with published.result_path.open(newline="") as stream:
        urls = [row["url"] for row in csv.DictReader(stream)]
    assert all(url.startswith("https://cdn.example/audio/campaigns/") for url in urls)


def test_zip_holds_every_file_under_a_safe_name_and_says_whose_it_is(done: Done, tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    assert write_zip(done.installation, CampaignId(done.campaign_id), path, names="{row}-{id}") == 4
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        listed = list(csv.DictReader(io.StringIO(archive.read("files.csv").decode())))
        assert sorted(archive.namelist()) == sorted(["files.csv", *(row["file"] for row in listed)])
        for row in listed:
            assert hashlib.sha256(archive.read(row["file"])).hexdigest() == row["sha256"]
            assert "/" not in row["file"]
    assert listed[2]["file"] == "3-.._=HYPERLINK_1.wav"


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("{id}", "rows 1 and 4: Person-1.wav"),
        ("{locale}", "3 files a name that is taken"),
        ("{name}", "there is no {name}"),
        ("{row.__class__}", "there is no"),
        ("{row", "expected '}'"),
    ],
)
def test_a_name_template_that_cannot_serve_writes_nothing(
    done: Done, tmp_path: Path, names: str, told: str
) -> None:
    with pytest.raises(InputError, match=told):
        write_zip(done.installation, CampaignId(done.campaign_id), tmp_path / "all.zip", names=names)
    assert list(tmp_path.iterdir()) == []


def test_nothing_delivered_is_a_clear_error(done: Done, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="delivered none"):
        write_zip(done.installation, CampaignId(done.campaign_id), tmp_path / "x.zip", rows=[99])
    made = build.installation(tmp_path / "home")
    campaign_id = delivered(made)
    with pytest.raises(ObjectRefusedError, match="need S3"):
        write_links(made, campaign_id, io.StringIO(), expires_s=60)
