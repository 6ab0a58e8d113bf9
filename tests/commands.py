"""Commands in this process: the same parsing, printing and exit codes, without the seconds of a new interpreter."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from campaign.cli import cli
from campaign.cli.exits import exit_code_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A command that ended."""

    code: int
    out: str
    err: str
    """What was said of an error, too."""

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)


def run(*arguments: str | Path, environment: Mapping[str, str] | None = None) -> Done:
    """One command to its end; a fault of the program itself is raised."""
    done = CliRunner(env=environment).invoke(cli, [str(one) for one in arguments])
    if done.exception is None or isinstance(done.exception, SystemExit):
        return Done(code=done.exit_code, out=done.stdout, err=done.stderr)
    code = exit_code_of(done.exception)
    if code is None:
        raise done.exception
    return Done(code=code, out=done.stdout, err=str(done.exception))
