"""Writes manifest and report beside a campaign's files, and the operator's list beside nothing that is public.

`manifest.jsonl`, `report.json` and `report.html` go to the object store and hold ids and keyed hashes only.
`recipients-result.csv`, which maps the operator's own ids to URLs, stays in the installation's home.
"""

from __future__ import annotations

import csv
import hashlib
import logging
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from campaign.report.html import Sample, render_report
from campaign.report.manifest import HashTree, manifest_line, relative_url
from campaign.report.numbers import report_document
from storage import campaigns as campaign_rows
from storage import delivery
from storage.canonical import canonical_json
from storage.delivery import DeliveredRow
from storage.installation import Installation
from storage.keys import campaign_prefix
from storage.records import Campaign
from storage.tables import RowStatus

log = logging.getLogger(__name__)

RESULT_COLUMNS = ("id", "row", "locale", "status", "url", "duration_s", "code", "column", "reason")
SAMPLE_FILES = 12
SAMPLE_FAILURES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Where a campaign's papers are."""

    manifest_url: str
    report_url: str
    result_path: Path
    document: dict[str, Any]


def result_folder(installation: Installation, campaign_id: str) -> Path:
    """The operator's own papers of one campaign."""
    return installation.settings.home / "results" / campaign_id


def publish_report(installation: Installation, campaign_id: str) -> Published:
    """Write everything anew; the same rows give the same bytes."""
    prefix = campaign_prefix(campaign_id)
    folder = result_folder(installation, campaign_id)
    folder.mkdir(parents=True, exist_ok=True)
    store, settings = installation.store, installation.settings
    with tempfile.NamedTemporaryFile("wb", prefix="manifest-") as manifest:
        with (
            installation.database.read() as connection,
            (folder / "recipients-result.csv").open("w", encoding="utf-8", newline="") as stream,
        ):
            campaign = campaign_rows.get(connection, campaign_id)
            papers = _Papers(installation, prefix, manifest, stream)
            for row in delivery.rows(connection, campaign_id):
                papers.add(row)
            totals = delivery.totals(connection, campaign_id)
        root = papers.tree.root()
        document = report_document(campaign, totals, settings, manifest_root=root)
        manifest.flush()
        store.put_file(prefix + "manifest.jsonl", Path(manifest.name), content_type="application/x-ndjson")
    page = render_report(document, samples=papers.samples, failures=papers.failures)
    _put(installation, prefix + "report.json", canonical_json(document).encode(), "application/json")
    _put(installation, prefix + "report.html", page.encode(), "text/html; charset=utf-8")
    with installation.database.write() as connection:
        campaign_rows.mark_reported(connection, campaign_id)
    return Published(
        manifest_url=store.url(prefix + "manifest.jsonl"),
        report_url=store.url(prefix + "report.html"),
        result_path=folder / "recipients-result.csv",
        document=document,
    )


def published(installation: Installation, campaign: Campaign) -> Published:
    """Where the papers are that were written before."""
    prefix = campaign_prefix(campaign.id)
    with installation.database.read() as connection:
        totals = delivery.totals(connection, campaign.id)
    return Published(
        manifest_url=installation.store.url(prefix + "manifest.jsonl"),
        report_url=installation.store.url(prefix + "report.html"),
        result_path=result_folder(installation, campaign.id) / "recipients-result.csv",
        document=report_document(campaign, totals, installation.settings, manifest_root=None),
    )


def _put(installation: Installation, key: str, data: bytes, content_type: str) -> None:
    installation.store.put(key, data, sha256=hashlib.sha256(data).hexdigest(), content_type=content_type)


class _Papers:
    """Takes each row once and writes its line in every paper."""

    def __init__(self, installation: Installation, prefix: str, manifest: IO[bytes], result: IO[str]) -> None:
        self._installation = installation
        self._prefix = prefix
        self._manifest = manifest
        self._result = csv.writer(result)
        self._result.writerow(RESULT_COLUMNS)
        self.tree = HashTree()
        self.samples: list[Sample] = []
        self.failures: list[Sample] = []

    def add(self, row: DeliveredRow) -> None:
        """One more row."""
        url = relative_url(row, self._prefix)
        line = manifest_line(row, url=url)
        self._manifest.write(canonical_json(line).encode() + b"\n")
        self.tree.add(line["leaf"])
        self._result.writerow([neutral(cell) for cell in self._result_cells(row)])
        sample = Sample(
            row=row.row,
            recipient=row.recipient_hmac,
            locale=row.locale,
            status=row.status,
            code=row.code,
            column=row.column,
            url=url,
            duration_s=row.duration_s,
        )
        if row.status == RowStatus.STORED:
            if len(self.samples) < SAMPLE_FILES:
                self.samples.append(sample)
        elif len(self.failures) < SAMPLE_FAILURES:
            self.failures.append(sample)

    def _result_cells(self, row: DeliveredRow) -> Iterator[str]:
        url = "" if row.object_key is None else self._installation.store.url(row.object_key)
        yield row.external_id or ""
        yield str(row.row)
        yield row.locale
        yield row.status
        yield url
        yield "" if row.duration_s is None else f"{row.duration_s:.3f}"
        yield row.code or ""
        yield row.column or ""
        yield row.reason or ""


def neutral(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\n") else cell
