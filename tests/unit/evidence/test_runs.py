"""Run descriptors: what is kept, how energy is shared out, exports and differences."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path

import jsonschema
import numpy as np
import pytest
import soundfile
from pyarrow import parquet

from campaign.errors import NotFoundError, OutputError
from campaign.evidence.aligned import CHANNELS, align, aligned_wav, export_aligned
from campaign.evidence.runs import (
    COLUMNS,
    exported,
    find_run,
    run_differences,
    write_runs_parquet,
    write_runs_tsv,
)
from campaign.results.folder import written_whole
from storage.installation import Installation
from storage.names import CampaignId
from storage.records import Campaign, GpuSample, Runnable
from storage.resources import data_folder
from storage.tables import Lane
from tests import build
from workers.engines.engine import SynthesisFailure, Waveform
from workers.finish.reading import read_file
from workers.finish.tags import DESCRIPTOR_CHUNK
from workers.observability.gpu import GpuReading
from workers.runs import BatchFacts


@dataclass(frozen=True, slots=True)
class Done:
    installation: Installation
    campaign: Campaign


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Done:
    made = build.installation(tmp_path_factory.mktemp("runs") / "home")
    asked = build.brief("Welcome back, friend. Hello {{ name }}.", finish={"codec": "mp3"})
    submission = build.submitted(made, build.people(4), asked)
    return Done(made, build.worked(made, submission.campaign.id))


def schema(name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((data_folder("schemas") / f"{name}.schema.json").read_text())
    return found


def test_every_run_fits_the_published_schema_and_names_no_text(done: Done) -> None:
    found = list(exported(done.installation, done.campaign.id))
    assert len(found) == 5
    for run in found:
        jsonschema.validate(run, schema("run"))
        assert run["gpu_model"] is None
        assert run["energy_joules"] is None
        assert run["t_submit_ms"] <= run["t_claim_ms"] <= run["t_last_token_ms"] <= run["t_stored_ms"]
    assert "utterance_key" not in found[0]
    assert "Mae" not in json.dumps(found)


def test_every_file_s_descriptor_fits_the_published_schema(done: Done) -> None:
    prefix = f"campaigns/{done.campaign.id}/"
    files = [key for key in build.objects(done.installation.store, prefix) if key.endswith(".mp3")]
    assert len(files) == 4
    for key in files:
        descriptor = read_file(done.installation.store.get(key)).descriptor
        jsonschema.validate(descriptor, schema("descriptor"))


def test_tsv_and_parquet_hold_the_same_runs(done: Done, tmp_path: Path) -> None:
    text = io.StringIO()
    write_runs_tsv(exported(done.installation, done.campaign.id), text)
    lines = list(csv.DictReader(io.StringIO(text.getvalue()), delimiter="\t"))
    path = tmp_path / "runs.parquet"
    assert write_runs_parquet(exported(done.installation, done.campaign.id), path) == 5
    table = parquet.read_table(path)
    assert tuple(table.column_names) == COLUMNS
    rows = table.to_pylist()
    assert [row["run_id"] for row in rows] == [line["run_id"] for line in lines]
    assert rows[0]["power_w"] is None
    assert lines[0]["power_w"] == ""
    assert json.loads(rows[0]["versions"]) == json.loads(lines[0]["versions"])


def test_an_export_over_no_runs_is_an_error(done: Done) -> None:
    with pytest.raises(NotFoundError, match="has no runs"):
        list(exported(done.installation, CampaignId("never")))


def test_a_failed_export_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "runs.tsv"
    path.write_text("old")

    def breaks(fresh: Path) -> int:
        fresh.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OutputError, match="No space left"):
        written_whole(path, breaks)
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("runs.tsv", "old")]
    with pytest.raises(OutputError, match="cannot be written"):
        written_whole(tmp_path / "nowhere" / "runs.tsv", lambda fresh: fresh.write_text("x"))


def test_aligned_file_has_sound_markers_and_readings_on_one_timebase(done: Done, tmp_path: Path) -> None:
    (path,) = export_aligned(done.installation, done.campaign.id, tmp_path, rows=[2])
    signals, rate_hz = soundfile.read(path)
    assert signals.shape[1] == len(CHANNELS)
    markers = signals[:, CHANNELS.index("utterance")]
    assert sorted(set(markers)) == [0, 1, 2]
    starts = [int(np.flatnonzero(markers == number)[0]) for number in (1, 2)]
    sound = np.abs(signals[:, 0])
    assert sound[starts[0] : starts[0] + rate_hz // 5].max() > 0.05
    assert sound[: starts[0] - rate_hz // 50].max() < 0.01
    assert np.isnan(signals[:, CHANNELS.index("power_w")]).all()
    made_s = signals[markers > 0, CHANNELS.index("made_s")]
    assert np.isfinite(made_s).all()
    assert DESCRIPTOR_CHUNK in path.read_bytes()


def test_aligned_readings_follow_the_samples_of_the_gpu(done: Done) -> None:
    row = next(iter(build.manifest(done.installation.store, done.campaign.id)))
    data = done.installation.store.get(f"campaigns/{done.campaign.id}/{row['url']}")
    descriptor = read_file(data).descriptor
    assert descriptor is not None
    run = {**descriptor["runs_share"], **descriptor["runs"][0]}
    start, end = run["t_claim_ms"], run["t_claim_ms"] + 400  # the tone engine takes no time
    descriptor = {**descriptor, "runs": [{**one, "t_last_token_ms": end} for one in descriptor["runs"]]}
    sampled = {run["batch_id"]: [GpuSample(start, 100.0, 1500.0, None), GpuSample(end, 300.0, 1500.0, None)]}
    aligned = align(data, descriptor, sampled)
    place = descriptor["timebase"][0]
    power = aligned.signals[place["first_sample"] :][: place["samples"], 3]
    assert power[0] == pytest.approx(100)
    assert power[-1] == pytest.approx(300)
    assert np.isnan(aligned.signals[place["first_sample"], 5])
    assert aligned_wav(aligned)[:4] == b"RIFF"


def test_difference_of_two_runs_is_told_by_subject(done: Done) -> None:
    first, second, *_ = exported(done.installation, done.campaign.id)
    told = run_differences(first, second)
    assert any("input_text_hash" in line for line in told["text"])
    assert "model" not in told
    assert run_differences(first, first) == {}
    slower = {**first, "queue_depth": 40, "clock_mhz": 1400.0, "nfe": 16}
    told = run_differences({**first, "queue_depth": 10}, slower)
    assert "(4.00 times)" in told["queue depth"][0]
    assert told["clocks"] == ["clock_mhz is 1400.0 in the second and unknown in the first"]
    assert told["settings"] == ["nfe is 16 in the second and unknown in the first"]


def test_a_run_is_found_by_the_beginning_of_its_id(done: Done) -> None:
    run_id = next(exported(done.installation, done.campaign.id))["run_id"]
    assert find_run(done.installation, run_id[:12])["run_id"] == run_id
    with pytest.raises(NotFoundError, match="no run begins"):
        find_run(done.installation, "zz")


def reading(joules: float, unattributable: str | None = None) -> GpuReading:
    return GpuReading(
        model="GPU",
        uuid="GPU-1",
        driver="570.1",
        clock_mhz=1500.0,
        power_w=200.0,
        utilisation=0.9,
        energy_joules=joules,
        unattributable=unattributable,
    )


def facts(before: GpuReading | None, after: GpuReading | None) -> BatchFacts:
    campaign = Runnable(
        repins=0,
        id=CampaignId("c"),
        lane=Lane.BULK,
        engine="tone",
        engine_revision=1,
        finish_revision=1,
        preset="p@1",
        pin_id="tone",
    )
    return BatchFacts(
        batch_id="b",
        campaign=campaign,
        size=3,
        queue_depth=0,
        clock_offset_ms=0,
        started_ms=0,
        frames=(100, 300, None),
        before=before,
        after=after,
    )


def test_energy_is_shared_out_by_frames() -> None:
    batch = facts(reading(1000), reading(1040))
    assert batch.energy_of(0) == (10.0, "share of the batch's frames")
    assert batch.energy_of(1) == (30.0, "share of the batch's frames")
    assert batch.energy_of(2) == (None, None)


@pytest.mark.parametrize("why", ["MIG", "the board is shared"])
def test_energy_that_is_not_ours_alone_is_unattributable(why: str) -> None:
    assert facts(reading(1000), reading(1040, why)).energy_of(0) == (None, f"unattributable: {why}")


def test_no_gpu_is_no_energy_never_zero() -> None:
    assert facts(None, None).energy_of(0) == (None, None)


def test_frames_are_the_engine_s_own_where_it_counts_them(done: Done) -> None:
    from workers.runs import _frames_of

    sound = Waveform(
        pcm=np.zeros(500, np.int16), rate_hz=24_000, t_first_ms=0, t_last_ms=0, notes={"frames": 7}
    )
    assert _frames_of(sound) == 7
    assert _frames_of(SynthesisFailure(code="silent", reason="x")) is None
