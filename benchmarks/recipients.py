"""A list of recipients read: `python -m benchmarks.recipients [--rows N]`, a table, then one JSON line.

CSV beside the reader that was replaced, which took commas in UTF-8 alone, from the file's digest to what the database
keeps of each row: all ten fields then, six of them now. The minimum of alternating runs in one process, CPU time.
Then each kind of file in a process of its own: seconds, and the memory above what a file of 1,000 rows takes.
"""

from __future__ import annotations

import contextlib
import csv
import gzip
import hashlib
import io
import json
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO

import click

from campaign.recipients import open_recipients
from campaign.recipients.rows import field_problem
from campaign.submission.header_stage import ColumnFit
from campaign.submission.insert import _clean_fields

COLUMNS = ("id", "locale", "name", "city", "amount", "due", "phone", "note", "x", "y")
NEEDED = ColumnFit(sources={name: name for name in COLUMNS[:6]})
ALL = ColumnFit(sources={name: name for name in COLUMNS})
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


class Lines:
    """The lines of a file as the reader of before took them."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._left = ROW_LIMIT
        self._number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(self._left + 1)
        if not line:
            raise StopIteration
        self._number += 1
        self._left -= len(line)
        return line

    def begin_row(self) -> None:
        """What is read from here on is another row."""
        self._left = ROW_LIMIT


def before(path: Path) -> int:
    """The rows as they were read before, and all their fields as the database kept them."""
    with path.open("rb") as stream:
        hashlib.file_digest(stream, "sha256").hexdigest()
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as text:
        return sum(bool(json.dumps(_clean_fields(row.fields))) for row in _rows(text))


def _rows(stream: IO[str]) -> Iterator[Row]:
    for number, (_, found) in enumerate(_cells(stream)):
        if number == 0:
            header = [cell.strip() for cell in found]
        else:
            yield _row(number, header, found)


def _cells(stream: IO[str]) -> Iterator[tuple[int, list[str]]]:
    lines = Lines(stream)
    first = next(lines)
    reader = csv.reader(chain([first], lines), strict=True)
    for found in reader:
        lines.begin_row()
        if found:
            yield reader.line_num, found


def _row(number: int, header: list[str], found: list[str]) -> Row:
    fields = dict(zip(header, found, strict=True))
    return Row(number=number, fields=fields, problem=_problem(fields))


def _problem(fields: Mapping[str, str]) -> str | None:
    for value in fields.values():
        if len(value) > FIELD_LIMIT or "\x00" in value:
            return "bad"
    return None


def now(path: Path, fit: ColumnFit = NEEDED) -> int:
    """The rows as they are read now, and what is needed of each as the database keeps it."""
    with open_recipients(str(path)) as source:
        return sum(_kept(fit.fields(row)) for row in source.rows())


def _kept(fields: dict[str, str]) -> bool:
    return field_problem(fields) is None and bool(json.dumps(_clean_fields(fields)))


def _cpu_s(work: Callable[[Path], int], path: Path) -> float:
    started = time.process_time()
    work(path)
    return time.process_time() - started


def _child(path: Path, answers: multiprocessing.SimpleQueue[tuple[float, int]]) -> None:
    started = time.process_time()
    now(path)
    status = Path("/proc/self/status").read_text()
    peak_kb = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    answers.put((time.process_time() - started, peak_kb))


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
        ways: dict[str, Callable[[Path], int]] = {
            "before": before,
            "now": now,
            "now_all_needed": partial(now, fit=ALL),
        }
        taken: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(TIMES):
            for way, read in ways.items():
                taken[way].append(_cpu_s(read, large["csv"]))
        found |= {f"csv_{way}_s": round(min(runs), 3) for way, runs in taken.items()}
        found["csv_ratio"] = round(min(taken["now"]) / min(taken["before"]), 2)
        found["csv_ratio_all_needed"] = round(min(taken["now_all_needed"]) / min(taken["before"]), 2)
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
