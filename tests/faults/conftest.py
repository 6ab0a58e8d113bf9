"""A campaign on servers of its own, and worker processes that can be killed."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from campaign.registry.shipped import open_installation
from storage.errors import DatabaseError
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.settings import Settings
from tests import ROOT, build
from tests.acceptance.conftest import Program
from tests.faults.checker import Verdict, check
from tests.servers import PostgresServer, RedisServer, postgres_server, redis_server
from tests.waiting import LONGEST_S
from workers.process.app import WorkerProcess, assemble

ROWS = int(os.environ.get("FAULT_ROWS", "300"))
"""Assets of each fault's campaign; `make faults` takes more."""
_verdicts: list[Verdict] = []


def pytest_unconfigure() -> None:
    """The last line: one over all faults."""
    if _verdicts:
        total = Verdict(
            lost=sum(one.lost for one in _verdicts),
            unexpected=sum(one.unexpected for one in _verdicts),
            duplicated=sum(one.duplicated for one in _verdicts),
        )
        sys.stdout.write(f"{total}\n")


STAGED = (
    "database_url",
    "redis_url",
    "object_store",
    "s3_endpoint_url",
    "s3_region",
    "s3_access_key_id",
    "s3_secret_access_key",
    "lease_seconds",
    "sweep_seconds",
    "synthesis_batch",
    "finish_batch",
    "grace_seconds",
    "text_processes",
)
TEMPLATE = "Welcome back, friend. Hello {{ name }}."
BRIEF = """
name = "faults"
model = "tone"
[templates]
default = "hello.txt"
[columns]
name = "name"
[finish]
codec = "wav"
"""


@dataclass(slots=True)
class Stage:
    """Servers, an installation, a campaign and its workers."""

    program: Program
    installed: Installation
    postgres: PostgresServer
    redis: RedisServer
    random: random.Random
    acknowledged: set[str] = field(default_factory=set)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def submit(
        self,
        rows: list[dict[str, str]],
        campaign_id: str = "mine",
        *,
        installed: Installation | None = None,
        **values: Any,
    ) -> None:
        """Acknowledge rows, with a brief of these values."""
        asked = build.brief(TEMPLATE, **values)
        build.submitted(installed or self.installed, rows, asked, campaign_id=campaign_id)
        self.acknowledged |= {row["id"] for row in rows}

    def written(self, rows: list[dict[str, str]]) -> Path:
        """A recipients file with its brief beside it, whose rows will be acknowledged."""
        folder = self.program.home.parent
        (folder / "campaign.toml").write_text(BRIEF)
        (folder / "hello.txt").write_text(TEMPLATE)
        self.acknowledged |= {row["id"] for row in rows}
        return build.write_csv(folder / "recipients.csv", rows)

    def submitting(self, path: Path) -> contextlib.AbstractContextManager[subprocess.Popen[bytes]]:
        """`campaign submit` in a process of its own."""
        return self.program.started("submit", path, "--id", "mine")

    def drafted(self, campaign_id: str = "mine") -> int:
        """Rows that are in, of a draft or a whole campaign."""
        with self.installed.database.read() as connection:
            return campaign_rows.last_row(connection, CampaignId(campaign_id))

    @contextlib.contextmanager
    def opened(self, **settings: Any) -> Iterator[Installation]:
        """This installation with other settings: a proxy's port, another store."""
        changed = {name: getattr(self.installed.settings, name) for name in STAGED} | settings
        mine = open_installation(Settings(home=self.program.home, secret=SecretStr("5e" * 32), **changed))
        try:
            yield mine
        finally:
            mine.close()

    @contextlib.contextmanager
    def working(self, **settings: Any) -> Iterator[WorkerProcess]:
        """A worker in this process, with other settings where they are given."""
        with self.opened(**settings) as mine:
            worker = assemble(mine)
            worker.start()
            try:
                yield worker
            finally:
                worker.stop()

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """One more worker process."""
        log = (self.program.home.parent / f"worker-{len(self.workers)}.log").open("wb")
        with log:
            process = subprocess.Popen(
                command or (sys.executable, "-m", "campaign", "worker"),
                env=self.program.environment(),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.workers.append(process)
        return process

    def stored(self, campaign_id: str = "mine") -> int:
        """Assets that are stored."""
        with self.installed.database.read() as connection:
            return campaign_rows.progress(connection, CampaignId(campaign_id)).by_status.get("stored", 0)

    def open_rows(self, campaign_id: str = "mine") -> int:
        """Assets that are not terminal."""
        with self.installed.database.read() as connection:
            return campaign_rows.progress(connection, CampaignId(campaign_id)).open_rows

    def until(self, condition: Callable[[], bool], *, within_s: float = LONGEST_S, keep: int = 0) -> None:
        """Wait, longer for more rows; keep so many workers alive meanwhile by starting others for dead ones."""
        within_s *= max(1, ROWS / 300)
        deadline = time.monotonic() + within_s
        while not condition():
            if time.monotonic() > deadline:
                pytest.fail(f"not within {within_s} s\n{self.logs()[-4000:]}\n{self.standing()}")
            alive = sum(worker.poll() is None for worker in self.workers)
            for _ in range(keep - alive):
                self.start()
            time.sleep(0.02)

    def standing(self) -> str:
        """What waits for what: sessions of the database, and rows by what became of them."""
        rows = "SELECT status, worker, expiries, claimed_with, count(*) FROM {} GROUP BY 1, 2, 3, 4 LIMIT 20"
        sessions = (
            "SELECT pid, state, wait_event, now() - state_change AS since, pg_blocking_pids(pid), left(query, 120) "
            "FROM pg_stat_activity WHERE datname = current_database()"
        )
        with contextlib.suppress(DatabaseError), self.installed.database.read() as connection:
            asked = [sessions, *(rows.format(table) for table in ("utterances", "assets"))]
            return "\n".join(str(tuple(row)) for query in asked for row in connection.execute(text(query)))
        return "the database does not answer"

    def verdict(self, *, broken: set[str] = frozenset(), campaign_id: str = "mine") -> Verdict:  # type: ignore[assignment]
        """The checker's counts, printed."""
        found = check(self.installed, campaign_id, self.acknowledged, broken=broken)
        _verdicts.append(found)
        return found

    def logs(self) -> str:
        """What the workers wrote."""
        return "".join(
            path.read_text(errors="replace") for path in sorted(self.program.home.parent.glob("worker-*.log"))
        )

    def close(self) -> None:
        """Kill what still runs."""
        for worker in self.workers:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
        self.installed.close()


@pytest.fixture(scope="module")
def own_servers(all_servers_folder: Path) -> Iterator[tuple[PostgresServer, RedisServer]]:
    """Servers that may be killed."""
    folder = Path(tempfile.mkdtemp(prefix="faults-", dir=all_servers_folder))
    folder.chmod(0o711)
    with postgres_server(folder / "postgres") as postgres, redis_server(folder / "redis") as redis:
        yield postgres, redis


@pytest.fixture
def stage(own_servers: tuple[PostgresServer, RedisServer], tmp_path: Path) -> Iterator[Stage]:
    """An installation with short leases on servers that may be killed."""
    with staged(*own_servers, tmp_path) as made:
        yield made


@contextlib.contextmanager
def staged(postgres: PostgresServer, redis: RedisServer, tmp_path: Path, **other: Any) -> Iterator[Stage]:
    """What `stage` is, with other settings."""
    redis.flush()
    settings: dict[str, Any] = {
        "database_url": postgres.create_database(),
        "redis_url": redis.url,
        "lease_seconds": 3,
        "sweep_seconds": 0.3,
        "synthesis_batch": 8,
        "finish_batch": 8,
        "grace_seconds": 10,
        "text_processes": 1,
    } | other
    home = tmp_path / "home"
    installed = build.installation(home, **settings)
    variables = {
        f"CAMPAIGN_{name.upper()}": value if isinstance(value, str) else json.dumps(value)
        for name, value in settings.items()
    }
    made = Stage(
        program=Program(home=home, settings=variables),
        installed=installed,
        postgres=postgres,
        redis=redis,
        random=random.Random(os.environ.get("SEED", "1")),
    )
    try:
        yield made
    finally:
        made.close()
