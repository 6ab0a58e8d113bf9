"""What tests build: installations, briefs, campaigns, and the work on them. Real stores, real engines."""

from __future__ import annotations

import contextlib
import csv
import functools
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from campaign.brief import Brief, LoadedBrief
from campaign.operations.foreground import work_until_done
from campaign.recipients import open_recipients
from campaign.registry.shipped import open_installation, register_shipped
from campaign.speech.templates import TemplateSource
from campaign.submission.submit import Submission, submit
from storage import schema
from storage.installation import Installation
from storage.names import CampaignId
from storage.objects import ObjectStore
from storage.records import Campaign, Progress, RunDescriptor
from storage.session import Database
from storage.settings import Settings
from tests.servers import S3Endpoint
from workers.process.app import assemble


def installation(home: Path, **settings: Any) -> Installation:
    """An installation in `home`: the embedded default unless settings say otherwise."""
    values: dict[str, Any] = {
        "home": home,
        "secret": "5e" * 32,
        "sweep_seconds": 0.2,
        "text_processes": 1,
        "models": home / "models",
    } | settings
    if not values.get("database_url"):
        _lay_database(home)
    made = open_installation(Settings(**values))
    if not made.settings.database_url.startswith("sqlite"):
        database = Database(made.settings.database_url)
        schema.upgrade(database)
        register_shipped(database)
        database.close()
    return made


@functools.cache
def upgraded_sqlite() -> bytes:
    """A SQLite database with the schema and what ships: a copy costs a fiftieth of a new one."""
    with tempfile.TemporaryDirectory() as folder:
        made = open_installation(Settings(home=Path(folder), secret=SecretStr("5e" * 32)))
        assert made.database.is_sqlite
        made.close()
        return (Path(folder) / "campaign.sqlite").read_bytes()


def _lay_database(home: Path) -> None:
    place = home / "campaign.sqlite"
    if not place.exists():
        home.mkdir(parents=True, exist_ok=True)
        place.write_bytes(upgraded_sqlite())


def s3_settings(s3: S3Endpoint, bucket: str) -> dict[str, Any]:
    """Settings that put objects into a test server's bucket."""
    with s3.client() as client:
        client.create_bucket(Bucket=bucket)
    return {
        "object_store": f"s3://{bucket}/site",
        "s3_endpoint_url": s3.endpoint_url,
        "s3_region": s3.region,
        "s3_access_key_id": s3.access_key,
        "s3_secret_access_key": s3.secret_key,
    }


def brief(template: str = "Hello {{ name }}.", **values: Any) -> Brief:
    """A brief for the free engine, plain text."""
    defaults: dict[str, Any] = {
        "name": "test",
        "model": "tone",
        "preset": "demo-voice@1",
        "templates": {"default": TemplateSource(name="test.txt", text=template, language="en")},
        "columns": {"name": "name"},
        "finish": {"codec": "wav"},
    }
    return Brief(**(defaults | values))


def people(count: int, *, prefix: str = "person") -> list[dict[str, str]]:
    """Recipients with distinct names in letters."""
    return [
        {"id": f"{prefix}-{number}", "locale": "en", "name": spelled(number)}
        for number in range(1, count + 1)
    ]


def spelled(number: int) -> str:
    """A capitalised word of its own for each number."""
    letters = ""
    while True:
        letters = "aeioubdfgklmnprstvz"[number % 19] + letters
        number //= 19
        if not number:
            return ("Ma" + letters).capitalize()


def write_csv(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """A recipients file."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def submitted(
    made: Installation,
    rows: Sequence[Mapping[str, str]],
    asked: Brief | None = None,
    **options: Any,
) -> Submission:
    """Submit rows; `options` go to `campaign.submission.submit.submit`."""
    made.settings.home.mkdir(parents=True, exist_ok=True)
    path = write_csv(made.settings.home / "recipients.csv", rows)
    with open_recipients(str(path)) as source:
        loaded = LoadedBrief(brief=asked or brief(), suppress=())
        return submit(made, source, loaded, actor="test", **options)


def worked(made: Installation, campaign_id: str) -> Campaign:
    """Work on a campaign in this process until it is at rest."""
    with working(made):
        return work_until_done(made, CampaignId(campaign_id), _unwatched)


@contextlib.contextmanager
def working(made: Installation) -> Iterator[None]:
    """A worker in this process where commands leave the work to others; nothing in the embedded default."""
    if made.settings.is_embedded:
        yield
        return
    worker = assemble(made)
    worker.start()
    try:
        yield
    finally:
        worker.stop()


def _unwatched(_campaign: Campaign, _counts: Progress) -> None:
    """Nobody looks on."""


def manifest(store: ObjectStore, campaign_id: str) -> list[dict[str, Any]]:
    """The manifest's lines."""
    data = store.get(f"campaigns/{campaign_id}/manifest.jsonl")
    return [json.loads(line) for line in data.splitlines()]


def objects(store: ObjectStore, prefix: str = "") -> dict[str, int]:
    """Every object and its size."""
    return {info.key: info.size_bytes for info in store.list(prefix)}


def statuses(lines: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Manifest lines counted by status."""
    counts: dict[str, int] = {}
    for line in lines:
        counts[line["status"]] = counts.get(line["status"], 0) + 1
    return counts


def run_descriptor(**known: Any) -> RunDescriptor:
    """A run of which nothing else is known."""
    unknown = dict.fromkeys(item.name for item in fields(RunDescriptor))
    return RunDescriptor(**{**unknown, **known})
