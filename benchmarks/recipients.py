"""A list of recipients read: `python -m benchmarks.recipients [--rows N]`, a table, then one JSON line.

CSV beside the reader that was replaced, which took commas in UTF-8 alone: the digest of the file, then every row, each
the minimum of alternating runs in one process, CPU time. Then each kind of file in a process of its own: seconds, and
the memory above what a file of 1,000 rows takes.
"""

from __future__ import annotations

import contextlib
import csv
import gzip
import hashlib
import io
import json
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import click

from campaign.recipients import open_recipients
from campaign.submission.header_stage import ColumnFit

COLUMNS = ("id", "locale", "name", "city", "amount", "due", "phone", "note", "x", "y")
NEEDED = ColumnFit(sources={name: name for name in COLUMNS[:6]})
FIELD_LIMIT, ROW_LIMIT = 10_000, 8 << 20
TIMES = 5
SMALL_ROWS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the reader that was replaced."""

    number: int
    fields: Mapping[str, str]
    problem: str | None = None


def cells(row: int) -> list[str]:
    """One row of ten cells."""
    day = f"2026-12-{row % 28 + 1:02}"
    return [
        str(row), "en", f"Ann-Marie {row}", f"City {row % 100}", f"{row / 7:.2f}", day, f"+4477{row:08}",
        f"a note, of a person {row}", "1", "2",
    ]  # fmt: skip


def write_files(folder: Path, rows: int) -> dict[str, Path]:
    """The same list as CSV, gzip, JSON Lines, a JSON array, xlsx."""
    from openpyxl import Workbook

    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([COLUMNS, *(cells(row) for row in range(rows))])
    objects = [json.dumps(dict(zip(COLUMNS, cells(row), strict=True))) for row in range(rows)]
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    sheet.append(COLUMNS)
    for row in range(rows):
        sheet.append([row, *cells(row)[1:4], row / 7, *cells(row)[5:8], 1, 2])
    paths = {kind: folder / f"{rows}.{kind}" for kind in ("csv", "csv.gz", "jsonl", "json", "xlsx")}
    paths["csv"].write_text(text.getvalue(), newline="")
    paths["csv.gz"].write_bytes(gzip.compress(text.getvalue().encode()))
    paths["jsonl"].write_text("\n".join(objects) + "\n")
    paths["json"].write_text(f"[{','.join(objects)}]")
    workbook.save(paths["xlsx"])
    return paths


def replaced(path: Path) -> int:
    """The rows as the reader of before read them."""
    with path.open("rb") as stream:
        hashlib.file_digest(stream, "sha256").hexdigest()
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as text:
        return sum(1 for row in _rows(text) if row.fields["id"])


def _rows(stream: io.TextIOWrapper) -> Iterator[Row]:
    lines = _lines(stream)
    first = next(lines)
    reader = csv.reader(chain([first], lines), strict=True)
    header = [cell.strip() for cell in next(reader)]
    for number, found in enumerate(reader, start=1):
        if not found:
            continue
        fields = dict(zip(header, found, strict=True))
        problem = None
        for value in fields.values():
            if len(value) > FIELD_LIMIT or "\x00" in value:
                problem = "bad"
        yield Row(number=number, fields=fields, problem=problem)


def _lines(stream: io.TextIOWrapper) -> Iterator[str]:
    while line := stream.readline(ROW_LIMIT + 1):
        yield line


def now(path: Path) -> int:
    """The rows as they are read now: digest, encoding, rows, what is needed of each."""
    with open_recipients(str(path)) as source:
        _ = source.sha256
        return sum(1 for row in source.rows() if NEEDED.fields(row)["id"])


def _cpu_s(work: Callable[[Path], int], path: Path) -> float:
    started = time.process_time()
    work(path)
    return time.process_time() - started


def _child(path: Path, answers: multiprocessing.SimpleQueue[tuple[float, int]]) -> None:
    started = time.process_time()
    now(path)
    answers.put((time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))


def apart(path: Path) -> tuple[float, float]:
    """(CPU seconds, MB at most) of a process that reads one file."""
    context = multiprocessing.get_context("spawn")
    answers: multiprocessing.SimpleQueue[tuple[float, int]] = context.SimpleQueue()
    child = context.Process(target=_child, args=(path, answers))
    child.start()
    seconds, peak_kb = answers.get()
    child.join()
    return seconds, peak_kb / 1024


@click.command()
@click.option("--rows", default=100_000, show_default=True)
def main(rows: int) -> None:
    """Measure, print a table and one JSON line."""
    found: dict[str, float] = {"rows": rows}
    with tempfile.TemporaryDirectory() as name:
        large, small = write_files(Path(name), rows), write_files(Path(name), SMALL_ROWS)
        taken: dict[str, list[float]] = {"before": [], "now": []}
        for _ in range(TIMES):
            taken["before"].append(_cpu_s(replaced, large["csv"]))
            taken["now"].append(_cpu_s(now, large["csv"]))
        found |= {f"csv_{what}_s": round(min(runs), 3) for what, runs in taken.items()}
        found["csv_ratio"] = round(min(taken["now"]) / min(taken["before"]), 2)
        for kind, path in large.items():
            seconds, peak = apart(path)
            _, least = apart(small[kind])
            found[f"{kind}_s"], found[f"{kind}_mb_more"] = round(seconds, 2), round(peak - least, 1)
    with contextlib.suppress(BrokenPipeError):
        for key, value in found.items():
            print(f"{key:<20} {value}")
        print(json.dumps(found))


if __name__ == "__main__":
    main()
