"""Submit at size: rows a second, memory against a small file, what `status` takes on it, and what Redis holds.

    python -m benchmarks.load --rows 1000000 --stack production
    python -m benchmarks.load --rows 100000 --text example

Submits a small file and a large one (`--hold`: no sound is made) through the command line, on SQLite or on a
PostgreSQL and a Redis of its own; then kills a third at half and lets it go on. `--text example` speaks the typed
six-sentence templates of the example in four languages, and submits once more with one text process, to see what
the cores give. A table, then one JSON line.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
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

from benchmarks.front_end_rows import typed_rows
from storage.names import CampaignId

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "campaign.toml"
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


def people(path: Path, count: int, *, seed: int = 1) -> Path:
    """A recipients file for the example's templates, no two rows alike."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        for number, (locale, fields) in enumerate(typed_rows(count, seed), start=1):
            if number == 1:
                table.writerow(["id", "locale", *fields])
            table.writerow([f"p{number}", locale, *fields.values()])
    return path


def names(path: Path, count: int) -> Path:
    """A recipients file of distinct names in letters."""
    from tests.build import spelled

    with path.open("w", encoding="utf-8") as stream:
        stream.write("id,locale,name,amount\n")
        for number in range(1, count + 1):
            stream.write(f"p{number},en,{spelled(number)},{number % 500 + 1}.{number % 90 + 10}\n")
    return path


class Stack:
    """The program with the settings of one stack."""

    def __init__(self, folder: Path, settings: Mapping[str, str], text: str = "short") -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            **settings,
            "CAMPAIGN_HOME": str(folder / "home"),
            "CAMPAIGN_SECRET": "5e" * 32,
            "PYTHONPATH": str(ROOT),
        }
        self.brief = EXAMPLE
        if text == "short":
            self.brief = folder / "campaign.toml"
            self.brief.write_text(BRIEF)
            (folder / "hello.txt").write_text(TEMPLATE)
        self._write_recipients = names if text == "short" else people

    def recipients(self, count: int) -> Path:
        """The file of that many rows, made on first use."""
        path = self.folder / f"{count}.csv"
        return path if path.exists() else self._write_recipients(path, count)

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
        tree.end()
        if process.returncode:
            raise RuntimeError(out)
        return time.perf_counter() - start, out, tree


class Tree(threading.Thread):
    """Memory and CPU time of a command and the processes below it, looked at five times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self.peak_mib = 0.0
        """Of the command itself, resident."""
        self.peak_with_children_mib = 0.0
        """Sum of what is resident, shared pages counted in each."""
        self._cpu_s: dict[int, float] = {}
        self._ended = threading.Event()

    @property
    def cpu_s(self) -> float:
        """Of all of them."""
        return sum(self._cpu_s.values())

    def run(self) -> None:
        """The thread's life, until `end`."""
        while not self._ended.wait(0.2):
            resident = self.look()
            self.peak_mib = max(self.peak_mib, resident.get(self._pid, 0.0))
            self.peak_with_children_mib = max(self.peak_with_children_mib, sum(resident.values()))

    def end(self) -> None:
        """Once the command is over."""
        self._ended.set()
        self.join()

    def look(self) -> dict[int, float]:
        """Resident MiB by process, now."""
        ticks, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
        resident: dict[int, float] = {}
        unvisited = [self._pid]
        while unvisited:
            pid = unvisited.pop()
            with contextlib.suppress(OSError, ValueError):
                below = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
                unvisited += [int(child) for text in below for child in text.split()]
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                self._cpu_s[pid] = (int(fields[11]) + int(fields[12])) / ticks
                resident[pid] = int(fields[21]) * page / 2**20
        return resident


def submitted(stack: Stack, count: int, campaign_id: str = "") -> dict[str, Any]:
    """One whole submit without sound."""
    path = stack.recipients(count)
    busy = busy_s()
    spent, out, tree = stack.run(
        "submit", path, "--brief", stack.brief, "--id", campaign_id or f"c{count}", "--hold"
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
        "cores_busy": round((busy_s() - busy) / spent, 2),
    }


def busy_s() -> float:
    """CPU seconds of the whole machine, the database's among them."""
    user, nice, system, *_ = Path("/proc/stat").read_text().split()[1:]
    return (int(user) + int(nice) + int(system)) / os.sysconf("SC_CLK_TCK")


def resumed(stack: Stack, count: int) -> dict[str, Any]:
    """A submit that is killed after some rows, and given again."""
    path = stack.recipients(count)
    arguments = ("submit", path, "--brief", stack.brief, "--id", "killed", "--hold")
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
    from storage.queue import campaigns as campaign_rows
    from storage.session import Database

    whole = min(stack.run("status", campaign_id, "--json")[0] for _ in range(3))
    url = stack.environment.get("CAMPAIGN_DATABASE_URL") or f"sqlite:///{stack.folder}/home/campaign.sqlite"
    database = Database(url)
    queries = []
    for _ in range(3):
        with database.read() as connection:
            start = time.perf_counter()
            campaign_rows.progress(connection, CampaignId(campaign_id))
            queries.append(time.perf_counter() - start)
    database.close()
    return {"command_s": round(whole, 2), "queries_s": round(min(queries), 3)}


@contextlib.contextmanager
def stacks(name: str, folder: Path, text: str = "short") -> Iterator[tuple[Stack, Any]]:
    """SQLite; or PostgreSQL and Redis, with a client of the latter."""
    if name == "embedded":
        yield Stack(folder, {}, text), None
        return
    from tests.servers import postgres_server, redis_server

    with (
        postgres_server(folder / "postgres") as postgres,
        redis_server(folder / "redis") as redis,
        redis.client() as client,
    ):
        settings = {"CAMPAIGN_DATABASE_URL": postgres.create_database(), "CAMPAIGN_REDIS_URL": redis.url}
        stack = Stack(folder, settings, text)
        stack.run("db", "upgrade")
        yield stack, client


def redis_bytes(url: str, client: Any) -> dict[str, int]:
    """What Redis holds before and after many bells that nobody answers."""
    from storage.tables import Lane
    from workers.doorbell.redis_queue import RedisBell

    bell = RedisBell.at(url)
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
    parser.add_argument("--text", choices=["short", "example"], default="short")
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="load-") as folder,
        stacks(arguments.stack, Path(folder), arguments.text) as (stack, client),
    ):
        result: dict[str, Any] = {"benchmark": "load", "stack": arguments.stack, "machine": machine()}
        result["small"] = submitted(stack, SMALL_ROWS)
        show("small", result["small"])
        result["large"] = submitted(stack, arguments.rows)
        show("large", result["large"])
        result["growth_mib"] = round(result["large"]["peak_mib"] - result["small"]["peak_mib"], 1)
        if arguments.text == "example":
            stack.environment["CAMPAIGN_TEXT_PROCESSES"] = "1"
            result["one_process"] = submitted(stack, arguments.rows, "one-process")
            show("one process", result["one_process"])
            del stack.environment["CAMPAIGN_TEXT_PROCESSES"]
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
    print(f"{what:<13}" + "   ".join(f"{name} {value}" for name, value in numbers.items()), flush=True)


if __name__ == "__main__":
    main()
