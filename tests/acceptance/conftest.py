"""The program as a person runs it: a process, its exit code, its two streams."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from campaign.cli import main
from tests import ROOT, build
from tests.models import NATURAL, beside
from tests.waiting import LONGEST_S

COMMAND = (sys.executable, "-m", "campaign")
BRIEF = """
name = "test"
model = "tone"
languages = ["en"]
[templates]
default = "hello.txt"
[columns]
name = "name"
[finish]
codec = "wav"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A command that ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)


@dataclass(slots=True)
class Program:
    """Runs commands on one installation."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)

    def environment(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """This process's, less other campaign settings."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CAMPAIGN_")}
        mine = {
            "CAMPAIGN_HOME": str(self.home),
            "CAMPAIGN_MODELS": str(beside(NATURAL)),
            "CAMPAIGN_SECRET": "5e" * 32,
            "CAMPAIGN_SWEEP_SECONDS": "0.2",
        }
        return kept | mine | self.settings | dict(extra or {})

    def run(
        self,
        *arguments: str | Path,
        stdin: bytes | None = None,
        timeout_s: float = LONGEST_S,
        before: Callable[[], None] | None = None,
    ) -> Done:
        """One command to its end; `before` is called in the child before the program starts."""
        done = subprocess.run(
            [*COMMAND, *map(str, arguments)],
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            env=self.environment(),
            cwd=ROOT,
            timeout=timeout_s,
            check=False,
            preexec_fn=before,
        )
        return Done(code=done.returncode, out=done.stdout.decode(), err=done.stderr.decode())

    @contextlib.contextmanager
    def started(self, *arguments: str | Path) -> Iterator[subprocess.Popen[bytes]]:
        """One command under way; killed at the end if it still runs."""
        with (self.home.parent / f"log-{time.monotonic_ns()}").open("wb") as log:
            process = subprocess.Popen(
                [*COMMAND, *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environment(),
                cwd=ROOT,
                start_new_session=True,
            )
            try:
                yield process
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def here(self) -> ProgramHere:
        """On the same installation, in this process: another one than those that were started."""
        return ProgramHere(home=self.home, settings=self.settings)

    def logs(self) -> str:
        """What every started command wrote."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.home.parent.glob("log-*")))


@dataclass(slots=True)
class ProgramHere(Program):
    """Runs commands in this process: what `main` prints and how it leaves, without a new interpreter's second.

    For what a command says and does. What a process of its own is for (a signal, a terminal, a kill, a limit, a
    second shell, what an environment lacks) takes `Program`.
    """

    def run(
        self,
        *arguments: str | Path,
        stdin: bytes | None = None,
        timeout_s: float = LONGEST_S,
        before: Callable[[], None] | None = None,
    ) -> Done:
        """One command to its end; a fault of the program itself is raised."""
        assert before is None, "there is no child to call it in"
        foreign: dict[str, str | None] = {name: None for name in os.environ if name.startswith("CAMPAIGN_")}
        hooks = sys.excepthook, threading.excepthook
        code: object = None
        with CliRunner().isolation(input=stdin, env=foreign | self.environment()) as (out, err, _):
            try:
                main([str(one) for one in arguments])
            except SystemExit as leaving:
                code = leaving.code
            finally:
                sys.excepthook, threading.excepthook = hooks
            sys.stdout.flush()
            sys.stderr.flush()
        assert isinstance(code, int)
        return Done(code=code, out=out.getvalue().decode(), err=err.getvalue().decode())


def eventually(condition: Callable[[], bool], *, within_s: float = LONGEST_S, what: str = "it") -> None:
    """Wait until `condition` holds; fail when it does not in time."""
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"{what} did not happen within {within_s} s")
        time.sleep(0.05)


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The program on a home of its own."""
    return Program(home=tmp_path / "home")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a brief and a template."""
    made = tmp_path / "asked"
    made.mkdir()
    (made / "campaign.toml").write_text(BRIEF)
    (made / "hello.txt").write_text("Welcome back, friend. Hello {{ name }}.")
    return made


def recipients(folder: Path, count: int, name: str = "recipients.csv") -> Path:
    """A recipients file beside the brief."""
    return build.write_csv(folder / name, build.people(count))
