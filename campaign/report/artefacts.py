"""A campaign's lists, written in one walk over its rows: manifest, recipients.csv, and the operator's results."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import IO
from uuid import uuid4

from campaign.report.html import FileSample
from campaign.report.manifest import HashTree, manifest_line, relative_url
from campaign.report.numbers import LEFT_OUT, Gathered
from campaign.results.folder import neutral
from campaign.results.links import caption_columns
from storage.canonical import canonical_json
from storage.history.delivery import DeliveredRow
from storage.objects import ObjectStore
from storage.tables import RowStatus

WINDOW = ("not_before", "not_after", "timezone")
"""When a row may be sent, for whoever sends it; empty where the recipients file did not say."""
RESULT_COLUMNS = ("id", "row", "locale", "status", "url", "duration_s", "code", "column", "reason", *WINDOW)
PUBLIC_COLUMNS = (
    "row",
    "recipient",
    "locale",
    "status",
    "url",
    "sha256",
    "duration_s",
    "version",
    "error",
    *WINDOW,
)
SAMPLE_FILES = 12
FAILED_ROWS_A_CODE = 50


class ArtefactWriter:
    """Takes each row once and writes its line in every list. A context manager: the files are whole after it."""

    def __init__(
        self, store: ObjectStore, prefix: str, folder: Path, result: Path, *, captions: Sequence[str] = ()
    ) -> None:
        """`folder` takes `manifest.jsonl`, its `.gz` and `recipients.csv`; `result` the operator's own list.

        `captions` are what lies beside each file: a column each.
        """
        self._captions = captions
        self._store = store
        self._prefix = prefix
        self._folder = folder
        self._result_path = result
        self._part = result.with_name(f".{result.name}.{uuid4().hex}")
        """Takes the list's name once it is whole: the old one stays where the disk is full."""
        self._open = ExitStack()
        self.tree = HashTree()
        self.gathered = Gathered()
        self.samples: list[FileSample] = []

    def __enter__(self) -> ArtefactWriter:
        enter = self._open.enter_context
        self._manifest: IO[bytes] = enter((self._folder / "manifest.jsonl").open("wb"))
        packed = enter((self._folder / "manifest.jsonl.gz").open("wb"))
        # no name and no time inside: the same rows give the same bytes
        self._packed = enter(gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=packed, mtime=0))
        self._public = csv.writer(
            enter((self._folder / "recipients.csv").open("w", encoding="utf-8", newline=""))
        )
        self._result = csv.writer(enter(self._part.open("w", encoding="utf-8", newline="")))
        self._public.writerow((*PUBLIC_COLUMNS, *caption_columns(self._captions)))
        self._result.writerow((*RESULT_COLUMNS, *caption_columns(self._captions)))
        return self

    def __exit__(self, kind: type[BaseException] | None, *_problem: object) -> None:
        try:
            self._open.close()
            if kind is None:
                self._part.replace(self._result_path)
        finally:
            with suppress(OSError):
                self._part.unlink(missing_ok=True)

    def add(self, row: DeliveredRow) -> None:
        """One more row."""
        url = relative_url(row, self._prefix)
        line = manifest_line(row, url=url)
        written = canonical_json(line).encode() + b"\n"
        self._manifest.write(written)
        self._packed.write(written)
        self.tree.add(line["leaf"])
        cells = ["" if line.get(name) is None else neutral(str(line[name])) for name in PUBLIC_COLUMNS]
        self._public.writerow([*cells, *(line.get("captions", {}).get(form, "") for form in self._captions)])
        self._result.writerow([neutral(cell) for cell in self._result_cells(row)])
        self._gather(row, url)

    def _gather(self, row: DeliveredRow, url: str | None) -> None:
        gathered = self.gathered
        gathered.heard.add(row)
        gathered.rated.add(row)
        gathered.voices.add(row)
        for entry, hits in row.lexicon_hits.items():
            lexicon = entry.rpartition("#")[0] or entry
            gathered.lexicon_hits[lexicon] = gathered.lexicon_hits.get(lexicon, 0) + hits
        if row.status == RowStatus.STORED:
            gathered.measurements.add(row)
            if len(self.samples) < SAMPLE_FILES:
                self.samples.append(FileSample.of(row, url))
        elif row.status in LEFT_OUT:
            why = row.code or row.status
            gathered.left_out[why] = gathered.left_out.get(why, 0) + 1
        elif row.code is not None:
            gathered.failed[row.code] = gathered.failed.get(row.code, 0) + 1
            rows = gathered.failed_rows.setdefault(row.code, [])
            if len(rows) < FAILED_ROWS_A_CODE:
                rows.append(row.row)

    def _result_cells(self, row: DeliveredRow) -> Iterator[str]:
        yield row.external_id or ""
        yield str(row.row)
        yield row.locale
        yield row.status
        yield "" if row.object_key is None else self._store.url(row.object_key)
        yield "" if row.duration_s is None else f"{row.duration_s:.3f}"
        yield row.code or ""
        yield row.column or ""
        yield row.reason or ""
        yield row.not_before or ""
        yield row.not_after or ""
        yield row.timezone or ""
        for form in self._captions:
            yield self._store.url(row.caption_keys[form]) if form in row.caption_keys else ""
