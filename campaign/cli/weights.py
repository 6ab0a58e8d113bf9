"""`campaign model add | pull | connect | convert`: where pins come from."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from campaign.cli import exits
from campaign.cli.outputs import OutputFile
from campaign.cli.shared import PIN_ID, LanguageTag, actor, json_option, opened, options_as, print_json
from campaign.cli.terminal import tell
from storage.names import PinId

if TYPE_CHECKING:
    from storage.registry.pins import Pin


def described_pin(pin: Pin) -> dict[str, Any]:
    """A pin as commands print it."""
    return {
        "pin": pin.id,
        "digest": pin.digest,
        "engine": pin.engine,
        "repo": pin.repo,
        "revision": pin.revision,
        "licence": pin.licence,
        "attribution": pin.attribution,
        "purposes": list(pin.purposes),
        "capabilities": dict(pin.capabilities),
        "files": dict(pin.files),
        "vocoder": None if pin.vocoder is None else asdict(pin.vocoder),
        "vocabulary_sha256": pin.vocabulary_sha256,
        "location": pin.location,
        "endpoint": None if pin.endpoint is None else dict(pin.endpoint),
        "identified": pin.is_identified,
    }


def _show_pin(pin: Pin, is_new: bool, *, as_json: bool) -> None:
    if as_json:
        print_json(described_pin(pin) | {"is_new": is_new})
        return
    what = f"{len(pin.files)} files" if pin.endpoint is None else str(pin.endpoint["url"])
    tell(f"{pin.id}  {'added' if is_new else 'was there already'}: {what}, {pin.licence}")
    if not pin.is_identified:
        tell(
            "unpinned: the server does not say which model it runs. It can speak and be measured, and not be promoted; "
            "--weights FOLDER identifies it by the server's own files.",
            fg="yellow",
            err=True,
        )


name_option = click.option("--as", "name", type=PIN_ID, required=True, help="The pin's name, for good.")
languages_option = click.option(
    "--lang",
    "languages",
    multiple=True,
    type=LanguageTag(),
    help="A language it was trained on; may be repeated.",
)


@click.command("add")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@name_option
@click.option("--engine", required=True, help="The engine whose weights these are: f5 ...")
@click.option("--licence", required=True, help="Licence of the weights: CC-BY-NC-4.0 ...")
@click.option(
    "--purpose",
    "purposes",
    multiple=True,
    required=True,
    help="What the licence permits; may be repeated.",
)
@languages_option
@click.option("--repo", default="", help="Where the weights come from.")
@click.option("--revision", default="", help="The commit they come from.")
@json_option
def add_command(
    folder: Path,
    name: PinId,
    engine: str,
    licence: str,
    purposes: tuple[str, ...],
    languages: tuple[str, ...],
    repo: str,
    revision: str,
    as_json: bool,
) -> None:
    """Pin the weights in FOLDER: every file's digest, the licence, what they can do.

    safetensors only: pickled weights are refused unread.
    """
    from campaign.registry.pins import NewModel, add_model

    new_model = NewModel(
        folder=folder,
        name=name,
        engine=engine,
        licence=licence,
        purposes=purposes,
        languages=languages,
        repo=repo,
        revision=revision,
    )
    with opened() as installation:
        pin, is_new = add_model(installation, new_model, actor=actor())
    _show_pin(pin, is_new, as_json=as_json)


@click.command("pull")
@click.argument("source")
@name_option
@click.option("--engine", default="f5", show_default=True, help="The engine whose weights these are.")
@click.option("--path", default="", help="The model's folder in the repository.")
@click.option("--vocoder", default="", help="hf:OWNER/NAME@COMMIT or a folder here; F5 needs one.")
@click.option("--licence", default="", help="By default what the hub says.")
@click.option("--purpose", "purposes", multiple=True, help="By default what that licence is known to permit.")
@languages_option
@json_option
def pull_command(
    source: str,
    name: PinId,
    engine: str,
    path: str,
    vocoder: str,
    licence: str,
    purposes: tuple[str, ...],
    languages: tuple[str, ...],
    as_json: bool,
) -> None:
    """Fetch SOURCE, hf:OWNER/NAME@COMMIT, and pin it.

    The commit is all 40 digits. Only safetensors and what describes them are fetched, and every digest is compared.
    HF_ENDPOINT and HF_TOKEN are respected.
    """
    from campaign.registry.hub import NewHubModel, pull_model

    new_model = NewHubModel(
        source=source,
        name=name,
        engine=engine,
        path=path,
        vocoder=vocoder,
        licence=licence,
        purposes=purposes,
        languages=languages,
    )
    with opened() as installation:
        pin, is_new = pull_model(installation, new_model, actor=actor())
    _show_pin(pin, is_new, as_json=as_json)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointOptions:
    """How a server is asked, one field an option; `workers.engines.http.endpoint` says what each means."""

    model: str
    languages: tuple[str, ...]
    rate_hz: int
    clones: bool
    timeout_s: float
    attempts: int
    parallel: int
    key_variable: str
    shared_folder: str
    shared_as: str


@click.command("connect")
@click.argument("url")
@name_option
@click.option(
    "--engine", required=True, help="The server's protocol: openai, chatterbox, gpt-sovits, cosyvoice."
)
@click.option("--model", default="", help="The model, as the server calls it.")
@click.option("--licence", required=True, help="Licence of the weights behind it.")
@click.option(
    "--purpose",
    "purposes",
    multiple=True,
    required=True,
    help="What the licence permits; may be repeated.",
)
@languages_option
@click.option("--rate", "rate_hz", default=24_000, show_default=True, help="Hz of the sound that it gives.")
@click.option(
    "--clones", is_flag=True, help="It speaks from a recording; gpt-sovits and cosyvoice always do."
)
@click.option("--timeout", "timeout_s", default=60.0, show_default=True, help="Seconds without a byte.")
@click.option("--attempts", default=3, show_default=True, help="Of one request, while the server is busy.")
@click.option("--parallel", default=4, show_default=True, help="Requests under way at once.")
@click.option("--key-variable", default="", metavar="NAME", help="The variable that holds its bearer token.")
@click.option("--shared-folder", default="", help="A folder that the server reads too, for gpt-sovits.")
@click.option("--shared-as", default="", help="That folder's path on the server, where it is another.")
@click.option(
    "--weights",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The server's own files, where they can be read here: they identify what the server cannot.",
)
@click.option("--repo", default="", help="Where the weights come from.")
@click.option("--revision", default="", help="The commit they come from.")
@json_option
@options_as(EndpointOptions)
def connect_command(
    url: str,
    name: PinId,
    engine: str,
    licence: str,
    purposes: tuple[str, ...],
    weights: Path | None,
    repo: str,
    revision: str,
    as_json: bool,
    options: EndpointOptions,
) -> None:
    """Pin the model behind URL, as the server identifies it.

    The model is asked for again before it speaks and every minute; when it is another one, nothing is spoken.
    """
    from campaign.registry.endpoints import NewEndpoint, connect_model

    new_endpoint = NewEndpoint(
        name=name,
        engine=engine,
        endpoint={"url": url, **asdict(options), "languages": list(options.languages)},
        licence=licence,
        purposes=purposes,
        weights=weights,
        repo=repo,
        revision=revision,
    )
    with opened() as installation:
        pin, is_new = connect_model(installation, new_endpoint, actor=actor())
    _show_pin(pin, is_new, as_json=as_json)


@click.command("convert")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("target", type=OutputFile())
def convert_command(source: Path, target: Path) -> None:
    """Copy the tensors of SOURCE, a pickled PyTorch checkpoint, to TARGET, a safetensors file.

    Read in a process of its own by torch's reader of plain weights, which runs no code of the file.
    """
    done = subprocess.run(
        [sys.executable, "-m", "workers.engines.f5.convert", str(source), str(target)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        for line in done.stderr.strip().splitlines():
            tell(line, err=True)
        raise click.exceptions.Exit(exits.ENGINE)
    for line in done.stdout.strip().splitlines():
        tell(line)
