"""moto's S3 server: for breadth. It accepts wrong checksums, so nothing strict may rest on it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.servers.process import ServerProcess, free_port
from tests.servers.s3 import S3Endpoint


@contextlib.contextmanager
def moto_server(folder: Path) -> Iterator[S3Endpoint]:
    """moto in a child process; its objects live in its memory."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    process = ServerProcess(
        "moto",
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        log=folder / "moto.log",
        port=port,
    )
    process.start()
    try:
        yield S3Endpoint(
            name="moto",
            endpoint_url=f"http://127.0.0.1:{port}",
            access_key="testing",
            secret_key="testing",
            process=process,
        )
    finally:
        process.stop()
