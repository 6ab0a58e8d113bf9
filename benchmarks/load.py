"""Submit at size: rows a second, memory against a small file, what `status` takes on it, and what Redis holds.

    python -m benchmarks.load --rows 1000000 --stack production

Submits a small file and a large one (`--hold`: no sound is made) through the command line, on SQLite or on a
PostgreSQL and a Redis of its own; then kills a third at half and lets it go on. A table, then one JSON line.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SMALL_ROWS = 10_000
BELLS = 1_000
KILLED_AFTER_S = 4.0
BRIEF = """
name = "load"
model = "tone"
[templates]
default = "hello.txt"
[columns]
name = "name"
amount = "money EUR"
"""
TEMPLATE = "Welcome back, friend. Hello {{ name }}. Your bill is {{ amount }}. Please call us on Monday."


def people(path: Path, count: int) -> Path:
    """A recipients file of distinct names in letters."""
    from tests.build import spelled

    with path.open("w", encoding="utf-8") as stream:
        stream.write("id,locale,name,amount\n")
        for number in range(1, count + 1):
            stream.write(f"p{number},en,{spelled(number)},{number % 500 + 1}.{number % 90 + 10}\n")
    return path


class Stack:
    """The program with the settings of one stack."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            **settings,
            "CAMPAIGN_HOME": str(folder / "home"),
            "CAMPAIGN_SECRET": "5e" * 32,
            "PYTHONPATH": str(ROOT),
        }
        (folder / "campaign.toml").write_text(BRIEF)
        (folder / "hello.txt").write_text(TEMPLATE)

    def started(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """One command under way."""
        return subprocess.Popen(
            [sys.executable, "-m", "campaign", *map(str, arguments)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str | Path) -> tuple[float, str, Tree]:
        """(seconds, output, what its processes took) of one command."""
        start = time.perf_counter()
        process = self.started(*arguments)
        tree = Tree(process.pid)
        tree.start()
        out, _ = process.communicate()
        tree.join()
        if process.returncode:
            raise RuntimeError(out)
        return time.perf_counter() - start, out, tree


class Tree(threading.Thread):
    """Memory and CPU time of a command and the processes below it, looked at five times a second while it lives."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self.peak_mib = 0.0
        """Of the command itself, resident."""
        self.peak_with_children_mib = 0.0
        """Sum of what is resident, shared pages counted in each."""
        self._cpu_s: dict[int, float] = {}

    @property
    def cpu_s(self) -> float:
        """Of all of them."""
        return sum(self._cpu_s.values())

    def run(self) -> None:
        """The thread's life."""
        while Path(f"/proc/{self._pid}/statm").exists():
            resident = self.look()
            if not resident.get(self._pid):
                return
            self.peak_mib = max(self.peak_mib, resident[self._pid])
            self.peak_with_children_mib = max(self.peak_with_children_mib, sum(resident.values()))
            time.sleep(0.2)

    def look(self) -> dict[int, float]:
        """Resident MiB by process, now."""
        ticks, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
        resident: dict[int, float] = {}
        wanted = [self._pid]
        while wanted:
            pid = wanted.pop()
            with contextlib.suppress(OSError, ValueError):
                below = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
                wanted += [int(child) for text in below for child in text.split()]
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                self._cpu_s[pid] = (int(fields[11]) + int(fields[12])) / ticks
                resident[pid] = int(fields[21]) * page / 2**20
        return resident


def submitted(stack: Stack, count: int) -> dict[str, Any]:
    """One whole submit without sound."""
    path = people(stack.folder / f"{count}.csv", count)
    spent, out, tree = stack.run(
        "submit", path, "--brief", stack.folder / "campaign.toml", "--id", f"c{count}", "--hold"
    )
    if f"{count:,} pending" not in out:
        raise RuntimeError(out)
    return {
        "rows": count,
        "seconds": round(spent, 1),
        "rows_per_s": round(count / spent),
        "peak_mib": round(tree.peak_mib, 1),
        "peak_with_children_mib": round(tree.peak_with_children_mib, 1),
        "cores_used": round(tree.cpu_s / spent, 2),
    }


def resumed(stack: Stack, count: int) -> dict[str, Any]:
    """A submit that is killed after some rows, and given again."""
    path = stack.folder / f"{count}.csv"
    arguments = ("submit", path, "--brief", stack.folder / "campaign.toml", "--id", "killed", "--hold")
    start = time.perf_counter()
    process = stack.started(*arguments)
    time.sleep(KILLED_AFTER_S)
    os.killpg(process.pid, 9)
    process.communicate()
    killed_after = time.perf_counter() - start
    spent, out, _ = stack.run(*arguments)
    if f"{count:,} pending" not in out:
        raise RuntimeError(out)
    return {"killed_after_s": round(killed_after, 1), "rest_s": round(spent, 1)}


def status_seconds(stack: Stack, campaign_id: str) -> dict[str, float]:
    """Best of three, the whole command, and of the queries alone."""
    from storage import campaigns as campaign_rows
    from storage.session import Database

    whole = min(stack.run("status", campaign_id, "--json")[0] for _ in range(3))
    url = stack.environment.get("CAMPAIGN_DATABASE_URL") or f"sqlite:///{stack.folder}/home/campaign.sqlite"
    database = Database(url)
    queries = []
    for _ in range(3):
        with database.read() as connection:
            start = time.perf_counter()
            campaign_rows.progress(connection, campaign_id)
            queries.append(time.perf_counter() - start)
    database.close()
    return {"command_s": round(whole, 2), "queries_s": round(min(queries), 3)}


@contextlib.contextmanager
def stacks(name: str, folder: Path) -> Iterator[tuple[Stack, Any]]:
    """SQLite; or PostgreSQL and Redis, with a client of the latter."""
    if name == "embedded":
        yield Stack(folder, {}), None
        return
    from tests.servers import postgres_server, redis_server

    with (
        postgres_server(folder / "postgres") as postgres,
        redis_server(folder / "redis") as redis,
        redis.client() as client,
    ):
        settings = {"CAMPAIGN_DATABASE_URL": postgres.create_database(), "CAMPAIGN_REDIS_URL": redis.url}
        stack = Stack(folder, settings)
        stack.run("db", "upgrade")
        yield stack, client


def redis_bytes(url: str, client: Any) -> dict[str, int]:
    """What Redis holds before and after many bells that nobody answers."""
    from storage.tables import Lane
    from workers.broker import Bell, redis_broker

    bell = Bell(redis_broker(url))
    before = int(client.info("memory")["used_memory"])
    for _ in range(BELLS):
        bell.ring(Lane.BULK, 10)
    after = int(client.info("memory")["used_memory"])
    return {"bells_rung": 10 * BELLS, "bells_waiting": bell.waiting(Lane.BULK), "bytes": after - before}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--stack", choices=["embedded", "production"], default="production")
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="load-") as folder,
        stacks(arguments.stack, Path(folder)) as (stack, client),
    ):
        result: dict[str, Any] = {"benchmark": "load", "stack": arguments.stack, "machine": machine()}
        result["small"] = submitted(stack, SMALL_ROWS)
        show("small", result["small"])
        result["large"] = submitted(stack, arguments.rows)
        show("large", result["large"])
        result["growth_mib"] = round(result["large"]["peak_mib"] - result["small"]["peak_mib"], 1)
        result["status"] = status_seconds(stack, f"c{arguments.rows}")
        show("status", result["status"])
        if client is not None:
            result["redis"] = redis_bytes(stack.environment["CAMPAIGN_REDIS_URL"], client)
            show("redis", result["redis"])
        result["resume"] = resumed(stack, SMALL_ROWS)
        show("resume", result["resume"])
    print(json.dumps(result))


def machine() -> str:
    """Cores, architecture and Python."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def show(what: str, numbers: Mapping[str, Any]) -> None:
    """One row for people."""
    print(f"{what:<8}" + "   ".join(f"{name} {value}" for name, value in numbers.items()), flush=True)


if __name__ == "__main__":
    main()
