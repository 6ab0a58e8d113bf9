"""The service under load: time to first audio idle and beside a bulk campaign, uploads, status.

    python -m benchmarks.service [--requests 40] [--rows 100000] [--many-rows 1000000]

Runs `campaign serve` as a process of its own on the embedded default. Prints a table, then one JSON line.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

BRIEF: dict[str, Any] = {
    "templates": {
        "default": {"text": "Hello {{ name }}. Your visit is on {{ day }}. Goodbye.", "language": "en"}
    },
    "columns": {"name": "name"},
    "finish": {"codec": "wav"},
}


@contextlib.contextmanager
def serving(home: Path) -> Iterator[tuple[httpx.Client, int]]:
    """(a client, the service's process number)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"CAMPAIGN_HOME": str(home)}
    command = [
        sys.executable,
        "-m",
        "campaign",
        "serve",
        "--port",
        str(port),
        "--requests-per-second",
        "10000",
    ]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=600) as client:
            while True:
                with contextlib.suppress(httpx.TransportError):
                    if client.get("/v1/health").status_code == 200:
                        break
                time.sleep(0.1)
            yield client, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def resident_mib(pid: int) -> float:
    """Resident memory of one process, without its children."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(text.split("VmRSS:")[1].split()[0]) / 1024


def first_audio_ms(client: httpx.Client, number: int) -> float:
    """From the request to the first bytes of sound; every text is new."""
    request = {
        "voice": "demo-voice@1",
        "input": f"Message number {number} of {time.time_ns() % 10_000}. There is one more sentence here.",
        "response_format": "pcm",
        "stream_format": "audio",
    }
    start = time.perf_counter()
    with client.stream("POST", "/v1/speech", json=request) as answer:
        answer.raise_for_status()
        sounds = answer.iter_bytes()
        next(sounds)
        first = 1000 * (time.perf_counter() - start)
        for _ in sounds:
            pass
    return first


def upload(client: httpx.Client, campaign_id: str, rows: int) -> None:
    """Create and upload; returns when it is acknowledged."""
    client.put(f"/v1/campaigns/{campaign_id}", json=BRIEF).raise_for_status()
    client.put(f"/v1/campaigns/{campaign_id}/recipients", content=_csv(rows)).raise_for_status()


def _csv(rows: int) -> Iterator[bytes]:
    yield b"id,locale,name,day\n"
    for start in range(0, rows, 1000):
        lines = [f"{n},en,{_name(n)},Monday\n" for n in range(start, min(start + 1000, rows))]
        yield "".join(lines).encode()


def _name(number: int) -> str:
    letters = ""
    while True:
        letters = "aeioubdfgklmnprstvz"[number % 19] + letters
        number //= 19
        if not number:
            return letters.capitalize()


def swell(home: Path, campaign_id: str, rows: int) -> None:
    """Make a held campaign look as if it had so many rows: doubled in the database until it has."""
    database = sqlite3.connect(home / "campaign.sqlite")
    while True:
        [have] = database.execute(
            "SELECT max(row) FROM assets WHERE campaign_id = ?", (campaign_id,)
        ).fetchone()
        if have >= rows:
            break
        for table, shifted in (("recipients", ("row", "hmac")), ("assets", ("id", "row"))):
            names = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            values = [
                f"{name} || '{have}'" if name == "hmac" else f"{name} + {have}" if name in shifted else name
                for name in names
            ]
            database.execute(
                f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table} "
                "WHERE campaign_id = ?",
                (campaign_id,),
            )
        database.commit()
    database.close()


def status_ms(client: httpx.Client, campaign_id: str, times: int) -> dict[str, float]:
    """Of asking again and again."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        client.get(f"/v1/campaigns/{campaign_id}").raise_for_status()
        taken.append(1000 * (time.perf_counter() - start))
        time.sleep(0.05)
    return percentiles(taken)


def percentiles(times: list[float]) -> dict[str, float]:
    """p50 and p95."""
    ordered = sorted(times)
    return {
        "p50": round(statistics.median(ordered), 1),
        "p95": round(ordered[int(0.95 * (len(ordered) - 1))], 1),
    }


def measured(requests: int, rows: int, home: Path, *, many_rows: int = 0) -> dict[str, Any]:
    """Everything, in one process's life."""
    with serving(home) as (client, pid):
        for number in range(5):
            first_audio_ms(client, number)
        idle = [first_audio_ms(client, number) for number in range(requests)]
        resident = {"idle": resident_mib(pid), "most": 0.0}
        health: list[float] = []
        reading = threading.Event()

        def watch() -> None:
            with httpx.Client(base_url=client.base_url, timeout=60) as other:
                while not reading.is_set():
                    start = time.perf_counter()
                    other.get("/v1/campaigns/bulk/preflight")
                    health.append(1000 * (time.perf_counter() - start))
                    resident["most"] = max(resident["most"], resident_mib(pid))
                    time.sleep(0.05)

        watcher = threading.Thread(target=watch)
        watcher.start()
        start = time.perf_counter()
        upload(client, "bulk", rows)
        acknowledged_s = time.perf_counter() - start
        while client.get("/v1/campaigns/bulk/preflight").json()["state"] not in ("read", "refused"):
            time.sleep(0.2)
        read_s = time.perf_counter() - start
        reading.set()
        watcher.join()
        client.post("/v1/campaigns/bulk/start").raise_for_status()
        time.sleep(2)
        busy = [first_audio_ms(client, 1000 + number) for number in range(requests)]
        status = status_ms(client, "bulk", 100)
        client.post("/v1/campaigns/bulk/cancel")
        status_of_many = None
        if many_rows:
            upload(client, "many", 1000)
            while client.get("/v1/campaigns/many/preflight").json()["state"] != "read":
                time.sleep(0.2)
            swell(home, "many", many_rows)
            status_of_many = status_ms(client, "many", 200)
    return {
        "benchmark": "service",
        "cores": os.cpu_count(),
        "rows": rows,
        "first_audio_ms": {"idle": percentiles(idle), "beside_bulk": percentiles(busy)},
        "upload": {"acknowledged_s": round(acknowledged_s, 2), "read_s": round(read_s, 2)},
        "other_requests_while_reading_ms": percentiles(health),
        "status_ms": status,
        "status_of_many_ms": status_of_many,
        "resident_mib": {name: round(value, 1) for name, value in resident.items()},
    }


def main() -> None:
    """Print the table and the line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument(
        "--many-rows", type=int, default=1_000_000, help="Of the campaign whose status is asked."
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        results = measured(options.requests, options.rows, Path(folder), many_rows=options.many_rows)
    for name, values in results.items():
        print(f"{name:<36} {json.dumps(values)}")
    print(json.dumps(results))


if __name__ == "__main__":
    main()
