"""What several commands share: the opened installation, who acts, JSON on stdout, looking a campaign up."""

from __future__ import annotations

import contextlib
import getpass
import json
from collections.abc import Iterator
from typing import Any

import click

from storage.installation import Installation
from storage.settings import Settings

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON document and nothing else."
)


@contextlib.contextmanager
def opened() -> Iterator[Installation]:
    """The installation that the settings describe."""
    from campaign.registry.shipped import open_installation

    installation = open_installation(_settings())
    try:
        yield installation
    finally:
        installation.close()


def _settings() -> Settings:
    from pydantic import ValidationError

    try:
        return Settings()
    except ValidationError as exc:
        first = exc.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        message = f"setting {name}: {reason}. See `campaign doctor`." if name else f"settings: {reason}."
        raise click.UsageError(message) from exc


@contextlib.contextmanager
def service_installed() -> Iterator[None]:
    """Around imports of the service: without its extra the error says how to install it."""
    try:
        yield
    except ImportError as exc:
        raise click.UsageError(
            f"the service is not installed ({exc.name}). Run: pip install 'campaign[service]'"
        ) from exc


def actor() -> str:
    """Who acts, for the audit trail."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def print_json(document: Any) -> None:
    """One document on stdout."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True, default=str))
