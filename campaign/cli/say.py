"""`campaign say`: speak one text with a preset."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from campaign.brief import DEFAULT_PRESET, Purpose
from campaign.cli.outputs import OutputFile
from campaign.cli.progress import WorkProgress
from campaign.cli.shared import LanguageTag, actor, opened
from campaign.cli.terminal import tell
from campaign.preview.one_off import say
from campaign.results.folder import write_whole

if TYPE_CHECKING:
    from campaign.registry.catalogue.speakers import SpeakerVoice
    from storage.installation import Installation

_CODECS = {".wav": "wav", ".flac": "flac", ".mp3": "mp3", ".opus": "opus", ".ogg": "opus"}


@click.command("say")
@click.argument("text")
@click.option("--preset", help=f"A frozen speaker.  [default: {DEFAULT_PRESET}]")
@click.option(
    "--voice", help="A speaker of the catalogue, see `campaign voice list --speakers`; in place of --preset."
)
@click.option("--model", default="", help="A pin or a channel.")
@click.option(
    "--lang", type=LanguageTag(), help="The text's language; by default the --voice's own, else en."
)
@click.option(
    "--purpose",
    type=click.Choice(list(Purpose)),
    default=Purpose.NON_COMMERCIAL,
    show_default=True,
    help="What it is for: weights and consent may not cover every purpose.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=OutputFile(),
    help="wav, flac, mp3 or opus.",
)
def say_command(
    text: str,
    preset: str | None,
    voice: str | None,
    model: str,
    lang: str | None,
    purpose: str,
    output: Path,
) -> None:
    """Speak TEXT, through the same front end, preset and finish as a campaign.

    With --voice the speaker becomes a preset the first time, `kokoro-af-heart@1`, that campaigns can name, too.
    """
    if preset is not None and voice is not None:
        raise click.UsageError("--voice and --preset: leave one of them out")
    codec = _CODECS.get(output.suffix.lower())
    if codec is None:
        raise click.UsageError(
            f"-o: no codec for {output.suffix or 'a name without ending'}; use {', '.join(_CODECS)}"
        )
    with opened() as installation, WorkProgress(quiet=False) as progress:
        if voice is not None:
            chosen = _speaker(installation, voice, lang)
            preset, model = chosen.preset.label, model or chosen.pin.id
            lang = lang or chosen.listed.speaker.language
        sound = say(
            installation,
            text,
            preset=preset or DEFAULT_PRESET,
            model=model,
            language=lang or "en",
            purpose=Purpose(purpose),
            finish={"codec": codec},
            actor=actor(),
            watch=progress.show,
        )
    write_whole(output, sound.audio or b"")
    tell(f"{output}  {sound.delivered.duration_s or 0:.2f} s")


def _speaker(installation: Installation, name: str, language: str | None) -> SpeakerVoice:
    """A speaker's preset; says so when it was made just now."""
    from campaign.registry.catalogue.speakers import voice_of

    voice = voice_of(installation, name, language=language or "", actor=actor())
    if voice.is_new:
        entry = voice.listed.entry
        tell(f"{voice.preset.label}  added, {entry.licence}: {entry.attribution}", err=True)
    return voice
