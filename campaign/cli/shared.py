"""What several commands share: the opened installation, who acts, JSON on stdout, looking a campaign up."""

from __future__ import annotations

import contextlib
import functools
import getpass
import math
from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import TYPE_CHECKING

import click

from campaign.cli.terminal import tell_json
from storage.errors import HomeError, NameRefusedError
from storage.installation import Installation
from storage.names import CampaignId, ChannelName, GateId, KeyName, LexiconName, Name, PinId, PresetName
from storage.settings import Settings
from workers.languages import canonical, checked_tag

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Command = Callable[..., None]


class NameType(click.ParamType[Name]):
    """An id or name of one kind; what cannot be one is a fault of the command line, with the mend."""

    name = "text"

    def __init__(self, kind: type[Name]) -> None:
        self.kind = kind

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Name:
        """Fails with how one is written."""
        try:
            return self.kind(str(value))
        except NameRefusedError as exc:
            self.fail(str(exc), param, ctx)


CAMPAIGN_ID = NameType(CampaignId)
GATE_ID = NameType(GateId)
PRESET_NAME = NameType(PresetName)
PIN_ID = NameType(PinId)
CHANNEL_NAME = NameType(ChannelName)
LEXICON_NAME = NameType(LexiconName)
KEY_NAME = NameType(KeyName)

json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON document and nothing else."
)


def finite(context: click.Context, parameter: click.Parameter, value: float | None) -> float | None:
    """A number: `nan` is within every range that click compares it with."""
    if value is not None and not math.isfinite(value):
        raise click.BadParameter(f"{value} is no number that counts.", context, parameter)
    return value


class LanguageTag(click.ParamType[str]):
    """A language as BCP 47 writes it: `de`, `de-AT`."""

    name = "tag"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuses what is none."""
        try:
            return canonical(checked_tag(str(value)))
        except ValueError as exc:
            self.fail(f"{exc}.", param, ctx)


@contextlib.contextmanager
def opened() -> Iterator[Installation]:
    """The installation that the settings describe."""
    from campaign.registry.shipped import open_installation

    installation = open_installation(read_settings())
    try:
        yield installation
    finally:
        installation.close()


def read_settings() -> Settings:
    """The settings, or `HomeError` with the mend."""
    import tomllib

    from pydantic import ValidationError

    from workers.mends import faults_of

    try:
        return Settings()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as exc:
        raise HomeError(
            f"settings.toml cannot be read: {exc}. Correct it, or name another home with CAMPAIGN_HOME."
        ) from exc
    except ValidationError as exc:
        fault = faults_of(exc.errors(), Settings)[0]
        name = "setting " if fault.key else "settings: "
        raise click.UsageError(f"{name}{fault} See `campaign doctor`.") from exc


def options_as(record: type[DataclassInstance]) -> Callable[[Command], Command]:
    """Gives a command those of its options that are fields of `record` as one `record`, under the name `options`."""
    names = {item.name for item in fields(record)}

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def with_record(**given: object) -> None:
            of_record = {name: value for name, value in given.items() if name in names}
            others = {name: value for name, value in given.items() if name not in names}
            command(**others, options=record(**of_record))

        return with_record

    return decorate


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


def print_json(document: object) -> None:
    """One document on stdout."""
    tell_json(document)
