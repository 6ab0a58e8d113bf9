"""Run descriptors for people and programs: tables to export, and what differed between two runs in plain words."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from types import ModuleType
from typing import IO, Any

from campaign.errors import InputError, NotFoundError
from storage.canonical import canonical_json
from storage.history import runs as run_rows
from storage.installation import Installation
from storage.names import CampaignId

COLUMNS = ("utterance", *(name for name in run_rows.COLUMN_TYPES if name != "utterance_key"))
PARQUET_GROUP_ROWS = 10_000

Run = Mapping[str, Any]
"""A run descriptor as it may leave the database."""


def exported(installation: Installation, campaign_id: CampaignId) -> Iterator[Run]:
    """Every run of a campaign; raises `NotFoundError` when it has none."""
    with installation.database.read() as connection:
        runs = run_rows.of_campaign(connection, campaign_id)
        first = next(runs, None)
        if first is None:
            raise NotFoundError(
                f"campaign {campaign_id} has no runs: nothing was synthesised in its name. Sound that it shares with "
                "an earlier campaign was made there; `campaign explain` names the runs of a row."
            )
        for run in chain((first,), runs):
            yield run_rows.published(run, installation.secret, with_hosts=True)


def find_run(installation: Installation, run_id: str) -> Run:
    """One run by its id or the only one that begins so; raises `NotFoundError`."""
    with installation.database.read() as connection:
        runs = run_rows.by_id_prefix(connection, run_id)
    if len(runs) != 1:
        what = "several runs begin" if runs else "no run begins"
        raise NotFoundError(f"{what} with {run_id!r}. `campaign runs export` lists their ids.")
    return run_rows.published(runs[0], installation.secret, with_hosts=True)


def write_runs_tsv(rows: Iterable[Run], stream: IO[str]) -> int:
    """One line a run; empty is null; JSON columns as JSON. Returns how many."""
    writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for row in rows:
        writer.writerow([_cell(row[name]) for name in COLUMNS])
        count += 1
    return count


def _cell(value: object) -> object:
    if isinstance(value, list | dict):
        return canonical_json(value)
    return "" if value is None else value


def write_runs_parquet(rows: Iterable[Run], path: Path) -> int:
    """Typed columns; JSON columns as JSON text. Needs `campaign[parquet]`. Returns how many."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as exc:
        raise InputError(
            "Parquet needs pyarrow. Install campaign[parquet], or export TSV with --format tsv."
        ) from exc
    schema = pyarrow.schema([(name, _arrow_type(pyarrow, name)) for name in COLUMNS])
    count = 0
    incoming = iter(rows)
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while group := list(islice(incoming, PARQUET_GROUP_ROWS)):
            table = [{name: _packed(row[name]) for name in COLUMNS} for row in group]
            writer.write_table(pyarrow.Table.from_pylist(table, schema=schema))
            count += len(group)
    return count


def _packed(value: object) -> object:
    return canonical_json(value) if isinstance(value, list | dict) else value


def _arrow_type(pyarrow: ModuleType, name: str) -> object:
    kind = run_rows.COLUMN_TYPES.get(name)
    if kind is int:
        return pyarrow.int64()
    if kind is float:
        return pyarrow.float64()
    return pyarrow.bool_() if kind is bool else pyarrow.string()


# what differed

GROUPS: Sequence[tuple[str, tuple[str, ...]]] = (
    ("text", ("utterance", "input_text_hash")),
    ("model", ("pin_id", "model_repo", "model_hash", "vocoder_repo", "vocoder_hash")),
    ("engine", ("engine", "engine_version", "engine_revision", "numeric_class")),
    ("speaker", ("preset", "preset_digest")),
    ("reference", ("ref_audio_hashes",)),
    ("lexicons", ("lexicons",)),
    ("settings", ("nfe", "seed", "sample_rate_hz", "bit_depth", "codec", "codec_settings", "notes")),
    ("batch", ("lane", "batch_size", "batch_position", "frames", "batch_frames")),
    ("queue depth", ("queue_depth",)),
    ("machine", ("host_class", "worker", "gpu_model", "gpu_uuid", "driver_version")),
    ("clocks", ("clock_mhz", "power_w", "util_gpu", "energy_joules", "energy_source")),
    ("software", ("versions",)),
    ("outcome", ("outcome", "duration_ms", "output_audio_hash", "failed_promotion")),
)


def run_differences(first: Run, second: Run) -> dict[str, list[str]]:
    """By subject, one sentence for each thing that differed; subjects that are equal are left out."""
    differences = {}
    for subject, names in GROUPS:
        lines = [text for name in names for text in _changes(name, first.get(name), second.get(name))]
        if lines:
            differences[subject] = lines
    timing = _timing(first, second)
    return differences | ({"timing": timing} if timing else {})


def _changes(name: str, value: object, other: object) -> Iterator[str]:
    if value == other:
        return
    if isinstance(value, dict) and isinstance(other, dict):
        for key in sorted(value.keys() | other.keys()):
            yield from _changes(f"{name}.{key}", value.get(key), other.get(key))
        return
    if value is None or other is None:
        yield (
            f"{name} is {_shown(other)} in the second and unknown in the first"
            if value is None
            else (f"{name} is {_shown(value)} in the first and unknown in the second")
        )
        return
    ratio = ""
    if isinstance(value, int | float) and isinstance(other, int | float) and name != "seed":
        ratio = f" ({other / value:.2f} times)" if value and not isinstance(value, bool) else ""
    yield f"{name} was {_shown(value)} in the first and {_shown(other)} in the second{ratio}"


def _shown(value: object) -> str:
    if isinstance(value, str) and len(value) >= 32 and " " not in value:
        return f"{value[:16]}…"
    return canonical_json(value) if isinstance(value, list | dict) else str(value)


def _timing(first: Run, second: Run) -> list[str]:
    lines = []
    for name, start, end in (
        ("waiting", "t_submit_ms", "t_claim_ms"),
        ("first audio", "t_claim_ms", "t_first_token_ms"),
        ("synthesis", "t_claim_ms", "t_last_token_ms"),
        ("storing", "t_last_token_ms", "t_stored_ms"),
    ):
        spans = [
            None if run.get(start) is None or run.get(end) is None else run[end] - run[start]
            for run in (first, second)
        ]
        if None not in spans and spans[0] != spans[1]:
            lines.append(f"{name} took {spans[0]:,} ms in the first and {spans[1]:,} ms in the second")
    return lines
