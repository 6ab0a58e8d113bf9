"""How many GPUs, worker processes and database writes a number of recipients needs; checked against real runs.

    python -m benchmarks.scale --check                       # 1, 2 and 4 real workers here, against the prediction
    python -m benchmarks.scale --rtf 0.01 --hours 8          # 1 M and 100 M recipients on GPUs of 100x real time

A fleet is simulated batch by batch from measured service times: engine, the worker's own CPU, the servers' CPU. Workers
die now and then; what they held waits for its lease. `--check` measures one worker process (free engine, PostgreSQL,
Redis and a directory on this machine), predicts two and four from that alone, and measures them too.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import heapq
import json
import math
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from benchmarks.load import Tree
from benchmarks.pipeline import draft
from campaign.registry.shipped import open_installation, register_shipped
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.settings import Settings
from storage.tables import Lane

ROOT = Path(__file__).resolve().parents[1]
SIMULATED_BATCHES = 4_000
"""More batches than these go on at the same rate."""
RESTART_S = 20.0
SPREAD = 0.3
"""Standard deviation of an asset's seconds, as a share of their mean."""
LARGEST_FLEET = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """What one asset costs, measured."""

    rtf: float
    """Engine seconds for a second of speech, in full batches."""
    batch_s: float
    """Of the engine, for a batch of any size."""
    worker_s: float
    """Seconds of one worker process for one asset, when it has cores enough: its rate, inverted."""
    worker_cpu_s: float
    """CPU of the worker for one asset."""
    server_cpu_s: float
    """CPU of PostgreSQL and Redis for one asset."""
    writes: float
    """Database transactions for one asset."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """What there is."""

    workers: int
    """Processes; with GPUs, one for each."""
    cores: float
    """For the workers."""
    server_cores: int
    """For the servers; 0: they share the workers' cores."""
    batch: int = 64
    deaths_per_worker_hour: float = 0.01
    lease_s: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What to expect."""

    seconds: float
    assets_per_s: float
    engine_busy: float
    """Share of the time, 0 to 1."""
    writes_per_s: float
    limit: str
    """What the rate is limited by."""


def simulate(times: Times, fleet: Fleet, rows: int, speech_s: float, *, seed: int = 1) -> Forecast:
    """Run `rows` assets of about `speech_s` seconds through a fleet."""
    chance = random.Random(seed)
    batches = math.ceil(rows / fleet.batch)
    shown = min(batches, max(SIMULATED_BATCHES, 20 * fleet.workers))
    # what is shared slows everybody down alike
    alone = fleet.workers / _worker_s(times, speech_s, fleet.batch)
    shared_cpu = times.worker_cpu_s + (0.0 if fleet.server_cores else times.server_cpu_s)
    ceilings = {"workers": alone, "cores": fleet.cores / shared_cpu}
    if fleet.server_cores:
        ceilings["database"] = fleet.server_cores / times.server_cpu_s
    limit = min(ceilings, key=lambda name: ceilings[name])
    slower = alone / ceilings[limit]
    free = [(0.0, number) for number in range(fleet.workers)]
    heapq.heapify(free)
    waiting: list[tuple[float, int]] = [(0.0, fleet.batch)] * (shown - 1)
    waiting.append((0.0, (rows - 1) % fleet.batch + 1 if shown == batches else fleet.batch))
    again: list[tuple[float, int]] = []
    engine_s = end = 0.0
    done = 0
    while waiting or again:
        now, worker = heapq.heappop(free)
        if again and (again[0][0] <= now or not waiting):
            ready, size = heapq.heappop(again)
            now = max(now, ready)
        else:
            _, size = waiting.pop()
        speech = max(0.0, chance.gauss(size * speech_s, math.sqrt(size) * SPREAD * speech_s))
        spoken = times.batch_s + times.rtf * speech
        spent = slower * max(spoken, size * times.worker_s)
        if chance.random() < spent / 3600 * fleet.deaths_per_worker_hour:
            heapq.heappush(again, (now + spent / 2 + fleet.lease_s, size))
            heapq.heappush(free, (now + spent / 2 + RESTART_S, worker))
            continue
        engine_s += spoken
        done += size
        end = max(end, now + spent)
        heapq.heappush(free, (now + spent, worker))
    rate = done / end
    return Forecast(
        seconds=rows / rate,
        assets_per_s=rate,
        engine_busy=engine_s / end / fleet.workers,
        writes_per_s=rate * times.writes,
        limit="engine" if limit == "workers" and spoken > size * times.worker_s else limit,
    )


def _worker_s(times: Times, speech_s: float, batch: int) -> float:
    """Seconds of one worker for one asset."""
    return max(times.rtf * speech_s + times.batch_s / batch, times.worker_s)


def smallest_fleet(times: Times, rows: int, speech_s: float, hours: float) -> tuple[Fleet, Forecast] | None:
    """The fewest workers, with cores to match, that are done in time."""
    workers = 1
    while workers <= LARGEST_FLEET:
        rate = workers / _worker_s(times, speech_s, 64)
        fleet = Fleet(
            workers=workers,
            cores=math.ceil(1.3 * rate * times.worker_cpu_s) + 1,
            server_cores=math.ceil(1.3 * rate * times.server_cpu_s) + 1,
        )
        forecast = simulate(times, fleet, rows, speech_s)
        if forecast.seconds <= hours * 3600:
            return fleet, forecast
        workers = max(workers + 1, math.ceil(workers * min(1.5, forecast.seconds / hours / 3600)))
    return None


@contextlib.contextmanager
def servers(folder: Path) -> Iterator[tuple[Installation, dict[str, str], list[int]]]:
    """PostgreSQL, Redis and a directory; the settings as variables; the servers' process numbers."""
    from tests.servers import postgres_server, redis_server

    with postgres_server(folder / "postgres") as postgres, redis_server(folder / "redis") as redis:
        values = {
            "database_url": postgres.create_database(),
            "redis_url": redis.url,
            "home": str(folder / "home"),
            "secret": "5e" * 32,
            "sweep_seconds": "0.5",
        }
        installed = open_installation(Settings.model_validate(values))
        from storage import schema
        from storage.session import Database

        database = Database(values["database_url"])
        schema.upgrade(database)
        register_shipped(database)
        database.close()
        variables = {f"CAMPAIGN_{name.upper()}": value for name, value in values.items()}
        yield installed, variables, [postgres.process.pid, redis.process.pid]
        installed.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A real run in its steady state."""

    assets_per_s: float
    worker_cpu_s: float
    server_cpu_s: float
    writes: float
    cores: float
    """That were ours or idle: other programs may be at work here."""


def measure(folder: Path, workers: int, rows: int) -> Measured:
    """So many worker processes on one campaign, from the moment that all of them work."""
    with servers(folder) as (installed, variables, pids):
        draft(installed, 16 * workers, "wav")
        environment = {**os.environ, **variables, "PYTHONPATH": str(ROOT)}
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", "campaign", "worker"], env=environment, stderr=subprocess.DEVNULL
            )
            for _ in range(workers)
        ]
        try:
            _until_stored(installed, f"bench-wav-{16 * workers}", 16 * workers)
            campaign_id = draft(installed, rows, "wav")
            from workers.doorbell import open_bell

            open_bell(installed).ring(Lane.BULK, 3 * workers)
            _until_stored(installed, campaign_id, rows // 10)
            own, theirs = _cpu([process.pid for process in processes]), _cpu(pids)
            begun, start = _stored(installed, campaign_id), time.perf_counter()
            writes, idle = _transactions(installed), _idle_s()
            _until_stored(installed, campaign_id, rows - 16 * workers)
            assets = _stored(installed, campaign_id) - begun
            spent = time.perf_counter() - start
            own, theirs = _cpu([process.pid for process in processes]) - own, _cpu(pids) - theirs
            return Measured(
                assets_per_s=assets / spent,
                worker_cpu_s=own / assets,
                server_cpu_s=theirs / assets,
                cores=(own + theirs + _idle_s() - idle) / spent,
                writes=(_transactions(installed) - writes) / assets,
            )
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait()


def _idle_s() -> float:
    """Seconds that all cores together had nothing to do, since the machine started."""
    return int(Path("/proc/stat").read_text().split()[4]) / os.sysconf("SC_CLK_TCK")


def _cpu(pids: list[int]) -> float:
    total = 0.0
    for pid in pids:
        tree = Tree(pid)
        tree.look()
        total += tree.cpu_s
    return total


def _stored(installed: Installation, campaign_id: str) -> int:
    with installed.database.read() as connection:
        return campaign_rows.progress(connection, CampaignId(campaign_id)).by_status.get("stored", 0)


def _until_stored(installed: Installation, campaign_id: str, count: int) -> None:
    while _stored(installed, campaign_id) < count:
        time.sleep(0.1)


def _transactions(installed: Installation) -> int:
    query = text("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()")
    with installed.database.read() as connection:
        return int(connection.execute(query).scalar_one())


def check(rows: int) -> dict[str, object]:
    """One worker measured, two and four predicted and measured."""
    measured = {}
    for workers in (1, 2, 4):
        with tempfile.TemporaryDirectory(prefix="scale-") as folder:
            measured[workers] = measure(Path(folder), workers, rows)
        print(f"{workers} workers: {measured[workers].assets_per_s:7.1f} assets/s", flush=True)
    single = measured[1]
    times = Times(
        rtf=0.0,
        batch_s=0.0,
        worker_s=1 / single.assets_per_s,
        worker_cpu_s=single.worker_cpu_s,
        server_cpu_s=single.server_cpu_s,
        writes=single.writes,
    )
    results = []
    for workers, real in measured.items():
        fleet = Fleet(
            workers=workers,
            cores=real.cores,
            server_cores=0,
            batch=16,
            deaths_per_worker_hour=0.0,
        )
        expected = simulate(times, fleet, rows, 10.0)
        ratio = expected.assets_per_s / real.assets_per_s
        results.append(
            {
                "workers": workers,
                "predicted": round(expected.assets_per_s, 1),
                "measured": round(real.assets_per_s, 1),
                "cores_for_us": round(real.cores, 2),
                "ratio": round(ratio, 2),
                "limit": expected.limit,
            }
        )
        print(
            f"{workers} workers: predicted {expected.assets_per_s:7.1f}, measured {real.assets_per_s:7.1f} assets/s, "
            f"ratio {ratio:.2f}, limited by {expected.limit}"
        )
    return {
        "times": {key: round(value, 5) for key, value in dataclasses.asdict(times).items()},
        "runs": results,
    }


def forecast(times: Times, speech_s: float, hours: float) -> list[dict[str, object]]:
    """What 1 M and 100 M recipients need."""
    results: list[dict[str, object]] = []
    for rows in (1_000_000, 100_000_000):
        smallest = smallest_fleet(times, rows, speech_s, hours)
        if smallest is None:
            print(f"{rows:>11,} recipients in {hours:g} h: not with {LARGEST_FLEET} workers")
            continue
        fleet, expected = smallest
        print(
            f"{rows:>11,} recipients of {speech_s:g} s in {hours:g} h: {fleet.workers} workers (GPUs), "
            f"{fleet.cores} cores for them, {fleet.server_cores} for the database, "
            f"{expected.writes_per_s:,.0f} transactions/s; done in {expected.seconds / 3600:.2f} h, "
            f"limited by {expected.limit}"
        )
        results.append({"rows": rows, **dataclasses.asdict(fleet), **dataclasses.asdict(expected)})
    return results


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--rows", type=int, default=1_500, help="of each real run")
    parser.add_argument("--rtf", type=float, default=0.01, help="engine seconds for a second of speech")
    parser.add_argument(
        "--batch-s", type=float, default=0.05, help="engine seconds for a batch, beyond its speech"
    )
    parser.add_argument("--worker-ms", type=float, default=12.0, help="of a worker process, for one asset")
    parser.add_argument("--server-ms", type=float, default=2.0, help="CPU of the servers, for one asset")
    parser.add_argument("--writes", type=float, default=0.6, help="transactions for one asset")
    parser.add_argument("--speech-s", type=float, default=10.0)
    parser.add_argument("--hours", type=float, default=8.0)
    arguments = parser.parse_args()
    result: dict[str, object] = {"benchmark": "scale", "machine": machine()}
    if arguments.check:
        result["check"] = check(arguments.rows)
    times = Times(
        rtf=arguments.rtf,
        batch_s=arguments.batch_s,
        worker_s=arguments.worker_ms / 1000,
        worker_cpu_s=arguments.worker_ms / 1000,
        server_cpu_s=arguments.server_ms / 1000,
        writes=arguments.writes,
    )
    result["forecast"] = forecast(times, arguments.speech_s, arguments.hours)
    print(json.dumps(result))


def machine() -> str:
    """Cores, architecture and Python."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
