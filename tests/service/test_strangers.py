"""A service process under attack: it answers others as if nothing were, holds little memory, and outlives it."""

from __future__ import annotations

import contextlib
import http.client
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from campaign.service.access import KeyScope
from storage.names import KeyName
from storage.service import api_keys
from tests import ROOT, build
from tests.servers.process import ServerProcess, free_port
from tests.service.attacks import ATTACKS

USUAL_MS, WORST_MS = 400.0, 2000.0
"""By how much a health check may take longer than in a service beside it that nobody attacks, on the same cores."""
GROWTH_MIB = 120.0
SECONDS = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Attacked:
    """A service process, and a key for everything."""

    server: ServerProcess
    spared: ServerProcess
    """A second one on the same cores, which nobody attacks."""
    key: str

    @property
    def resident_mib(self) -> float:
        """Of the process itself. Its own, not the launcher's: the launcher becomes the service."""
        text = Path(f"/proc/{self.server.pid}/status").read_text()
        return int(text.split("VmRSS:")[1].split()[0]) / 1024

    def health_ms(self) -> tuple[float, float]:
        """One question by who was not there before, here and where nobody attacks."""
        return _health_ms(self.server), _health_ms(self.spared)


def _health_ms(server: ServerProcess) -> float:
    start = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    with contextlib.closing(connection):
        connection.request("GET", "/v1/health")
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
    return 1000 * (time.monotonic() - start)


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attacked]:
    """One for all attacks, as a service on the internet would be: what one leaves behind, the next one meets."""
    home = tmp_path_factory.mktemp("attacked")
    installation = build.installation(home)
    build.submitted(installation, build.people(2), campaign_id="known", start=False)
    with installation.database.write() as connection:
        key = api_keys.add(connection, KeyName("client"), [scope.value for scope in KeyScope], actor="test")
    installation.close()
    server, spared = _service(home), _service(tmp_path_factory.mktemp("spared"))
    yield Attacked(server=server, spared=spared, key=key)
    server.stop()
    spared.stop()


def _service(home: Path) -> ServerProcess:
    port = free_port()
    server = ServerProcess(
        "service",
        [sys.executable, "-m", "campaign", "serve", "--no-work", "--port", str(port)],
        log=home / "service.log",
        port=port,
        environment={"CAMPAIGN_HOME": str(home), "CAMPAIGN_SECRET": "5e" * 32},
    )
    server.start()
    return server


@contextlib.contextmanager
def under(name: str, attacked: Attacked) -> Iterator[subprocess.Popen[bytes]]:
    """An attack by a process of its own."""
    command = [
        sys.executable,
        "-m",
        "tests.service.attacks",
        name,
        str(attacked.server.port),
        str(SECONDS),
        attacked.key,
    ]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("name", ATTACKS)
def test_health_is_answered_at_once_under(name: str, attacked: Attacked) -> None:
    attacked.health_ms()
    before_mib = attacked.resident_mib
    taken_ms: list[tuple[float, float]] = []
    most_mib = before_mib
    with under(name, attacked) as process:
        time.sleep(1.0)  # until it has begun
        while process.poll() is None and len(taken_ms) < 60:
            taken_ms.append(attacked.health_ms())
            most_mib = max(most_mib, attacked.resident_mib)
            time.sleep(0.03)
    here, beside = map(sorted, zip(*taken_ms, strict=True))
    usual, spared_usual = here[len(here) // 2], beside[len(beside) // 2]
    sys.stderr.write(
        f"\n{name}: health {usual:.0f} ms, at worst {here[-1]:.0f}; beside {spared_usual:.0f}, at worst "
        f"{beside[-1]:.0f}; memory +{most_mib - before_mib:.0f} MiB\n"
    )
    assert len(taken_ms) > 5, "the attack was over too soon"
    assert usual < spared_usual + USUAL_MS and here[-1] < beside[-1] + WORST_MS
    assert most_mib - before_mib < GROWTH_MIB
    assert attacked.server.running
