"""Assets per second from claim to committed object, with an engine that costs nothing.

    python -m benchmarks.pipeline [--assets 400] [--stack embedded|production|both] [--profile wav|flac-gain] [--scale]

The engine is a tone of the right length (10 s), so what is measured is everything around synthesis: claims, the
PCM cache, joining, checks, encoding, storing and commits. CPU time is counted by stage in the worker's threads; on the
production stack the servers (PostgreSQL, Redis, moto as S3) run on the same cores, and their share is shown apart.
`--scale` compares the time per asset in a campaign of 100,000 rows with that in one of 1,000 (short sounds).
Prints a table, then one JSON line.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import func, select

from campaign.brief import Brief, LoadedBrief
from campaign.registry.shipped import open_installation, register_shipped
from campaign.speech.templates import TemplateSource
from campaign.submission.compose import PlannedRow, RawRow
from campaign.submission.header_stage import AS_THEY_ARE
from campaign.submission.insert import insert_chunk
from campaign.submission.plan import PlannedUtterance
from campaign.submission.prepare import prepare_brief
from campaign.submission.submit import Proposal, create_draft
from storage import schema
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.session import Database
from storage.settings import Settings
from storage.tables import CampaignState, assets
from workers.engines.engine import SpokenSpan
from workers.process.app import assemble
from workers.requests import Spec
from workers.synthesis_key import synthesis_key

CHARACTERS = 150
"""At the tone engine's 15 characters a second: 10 s."""
SCALE_ROWS = (1_000, 100_000)
SCALE_CHARACTERS = 20
SCALE_ASSETS = 800
STAGES = ("_claim", "_speak", "_cache", "_keep_utterances", "_finish_one", "synthesise", "finish")
PROFILES: dict[str, dict[str, Any]] = {
    "wav": {"codec": "wav"},
    "flac-gain": {"codec": "flac", "gain": "asset"},
}


def draft(installation: Installation, count: int, profile: str, *, characters: int = CHARACTERS) -> str:
    """A campaign of `count` assets, one utterance of so many characters each, ready to run."""
    brief = Brief(
        name="bench",
        model="tone",
        templates={"default": TemplateSource(name="x.txt", text="x")},
        finish=PROFILES[profile],
    )
    prepared = prepare_brief(installation, LoadedBrief(brief=brief, suppress=()), allow_slow=True)
    proposal = Proposal(
        prepared=prepared,
        fit=AS_THEY_ARE,
        content=os.urandom(8).hex(),
        campaign_id=CampaignId(f"bench-{profile}-{count}"),
        existing=None,
    )
    with installation.database.write() as connection:
        campaign = create_draft(connection, proposal, "bench")
    for start in range(1, count + 1, 500):
        chunk = []
        for number in range(start, min(start + 500, count + 1)):
            text = f"{number:08d} ".ljust(characters, "a")
            spec = Spec((SpokenSpan(text=text, language="en"),))
            utterance = PlannedUtterance(
                key=synthesis_key(spec, prepared.chosen.voice),
                spec=spec,
                pause_after_ms=None,
            )
            raw = RawRow(number=number, external_id=str(number), locale="en", fields={})
            chunk.append(PlannedRow(raw=raw, language="en", script=text, utterances=(utterance,)))
        with installation.database.write() as connection:
            insert_chunk(connection, campaign, chunk, secret=installation.secret)
    with installation.database.write() as connection:
        campaign_rows.publish(connection, campaign.id, rows_total=count, start=True)
    return campaign.id


class StageClock:
    """CPU seconds by stage, over all threads."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._lock = threading.Lock()

    def wrap(self, owner: Any, name: str) -> None:
        """Count every call of `owner.name`."""
        function: Callable[..., Any] = getattr(owner, name)

        def timed(*args: Any, **kwargs: Any) -> Any:
            start = time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                spent = time.thread_time() - start
                with self._lock:
                    self.seconds[name] += spent

        setattr(owner, name, timed)


def run(installation: Installation, count: int, profile: str) -> dict[str, Any]:
    """One campaign through one worker process."""
    campaign_id = draft(installation, count, profile)
    worker = assemble(installation)
    clock = StageClock()
    for name in STAGES:
        pipeline = worker.pipeline
        clock.wrap(pipeline if hasattr(pipeline, name) else pipeline.claimer, name)
    cpu, wall = time.process_time(), time.perf_counter()

    def done() -> bool:
        with installation.database.read() as connection:
            return campaign_rows.get(connection, CampaignId(campaign_id)).state != CampaignState.RUNNING

    try:
        worker.start()
        worker.wait(done, every_s=0.2)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    finally:
        worker.stop()
    with installation.database.read() as connection:
        stored = campaign_rows.progress(connection, CampaignId(campaign_id)).by_status.get("stored", 0)
    if stored != count:
        raise SystemExit(f"only {stored} of {count} assets were stored")
    return {
        "profile": profile,
        "assets": count,
        "assets_per_s": round(count / wall, 1),
        "wall_s": round(wall, 2),
        "worker_cpu_ms_per_asset": round(1000 * cpu / count, 2),
        "cpu_ms_per_asset_by_stage": {
            name.strip("_"): round(1000 * clock.seconds[name] / count, 2) for name in STAGES
        },
    }


def ms_per_asset(installation: Installation, rows: int) -> float:
    """Wall time per asset over the first `SCALE_ASSETS` of a campaign of `rows` short ones."""
    campaign_id = draft(installation, rows, "wav", characters=SCALE_CHARACTERS)
    worker = assemble(installation)

    def stored() -> int:
        with installation.database.read() as connection:
            query = select(func.count()).where(
                assets.c.campaign_id == campaign_id, assets.c.status == "stored"
            )
            return int(connection.execute(query).scalar_one())

    worker.start()
    try:
        worker.wait(lambda: stored() > 50)
        begun, start = stored(), time.perf_counter()
        worker.wait(lambda: stored() >= SCALE_ASSETS)
        spent, count = time.perf_counter() - start, stored() - begun
    finally:
        worker.stop()
    with installation.database.write() as connection:
        if campaign_rows.get(connection, CampaignId(campaign_id)).state == CampaignState.RUNNING:
            campaign_rows.move(connection, CampaignId(campaign_id), CampaignState.CANCELLED)
    return 1000 * spent / count


def scale() -> None:
    """How the time per asset grows with the campaign, on the embedded default."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, embedded(Path(folder)) as (opened, _):
        run(opened, 32, "wav")
        small, large = (ms_per_asset(opened, rows) for rows in SCALE_ROWS)
        again = ms_per_asset(opened, SCALE_ROWS[0] + 1)
    base = (small + again) / 2
    print(f"{SCALE_ROWS[0]:>9,} rows {small:6.2f} and {again:6.2f} ms an asset")
    print(f"{SCALE_ROWS[1]:>9,} rows {large:6.2f} ms an asset: {large / base:.2f}x")
    print(json.dumps({"benchmark": "pipeline-scale", "machine": machine(), "ratio": round(large / base, 3)}))


@contextlib.contextmanager
def embedded(folder: Path) -> Iterator[tuple[Installation, Callable[[], float]]]:
    """SQLite and a directory."""
    installation = open_installation(Settings(home=folder))
    try:
        yield installation, lambda: 0.0
    finally:
        installation.close()


@contextlib.contextmanager
def production(folder: Path) -> Iterator[tuple[Installation, Callable[[], float]]]:
    """PostgreSQL, Redis and S3 on this machine; the second value tells the servers' CPU seconds so far."""
    from tests.servers import moto_server, postgres_server, redis_server

    with (
        postgres_server(folder / "postgres") as postgres,
        redis_server(folder / "redis") as redis,
        moto_server(folder / "moto") as s3,
    ):
        url = postgres.create_database()
        with s3.client() as client:
            client.create_bucket(Bucket="bench")
        settings = Settings(
            home=folder,
            database_url=url,
            redis_url=redis.url,
            object_store="s3://bench/here",
            s3_endpoint_url=s3.endpoint_url,
            s3_region=s3.region,
            s3_access_key_id=SecretStr(s3.access_key),
            s3_secret_access_key=SecretStr(s3.secret_key),
            finish_threads=4,
        )
        database = Database(url)
        schema.upgrade(database)
        register_shipped(database)
        database.close()
        installation = open_installation(settings)
        try:
            yield installation, lambda: children_cpu_s()
        finally:
            installation.close()


def children_cpu_s() -> float:
    """CPU seconds of every process below this one, living or not."""
    ticks = os.sysconf("SC_CLK_TCK")
    parents, times = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError):
            fields = stat.read_text().rpartition(")")[2].split()
            pid = int(stat.parent.name)
            parents[pid] = int(fields[1])
            times[pid] = sum(map(int, fields[11:15])) / ticks
    total = 0.0
    for pid, spent in times.items():
        above = parents[pid]
        while above > 1 and above != os.getpid():
            above = parents.get(above, 0)
        if above == os.getpid():
            total += spent
    return total


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--assets", type=int, default=400)
    parser.add_argument("--stack", choices=["embedded", "production", "both"], default="both")
    parser.add_argument("--profile", choices=[*PROFILES, "both"], default="both")
    parser.add_argument("--scale", action="store_true")
    arguments = parser.parse_args()
    if arguments.scale:
        scale()
        return
    stacks = {"embedded": embedded, "production": production}
    results = []
    for name, stack in stacks.items():
        if arguments.stack not in (name, "both"):
            continue
        for profile in PROFILES:
            if arguments.profile not in (profile, "both"):
                continue
            with (
                tempfile.TemporaryDirectory(prefix="bench-") as folder,
                stack(Path(folder)) as (opened, servers),
            ):
                run(opened, 32, profile)  # loads what is loaded once
                before = servers()
                result = {"stack": name} | run(opened, arguments.assets, profile)
                result["server_cpu_ms_per_asset"] = round(1000 * (servers() - before) / arguments.assets, 2)
                results.append(result)
                show(result)
    print(json.dumps({"benchmark": "pipeline", "machine": machine(), "results": results}))


def machine() -> str:
    """Cores, architecture and Python, for the README."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def show(result: dict[str, Any]) -> None:
    """One row for people."""
    print(
        f"{result['stack']:<11} {result['profile']:<10} {result['assets_per_s']:>7.1f} assets/s   "
        f"worker {result['worker_cpu_ms_per_asset']:>6.2f} CPU ms/asset   "
        f"servers {result['server_cpu_ms_per_asset']:>6.2f}"
    )
    for stage, spent in result["cpu_ms_per_asset_by_stage"].items():
        print(f"    {stage:<18} {spent:>7.2f}")


if __name__ == "__main__":
    main()
