"""`campaign say`: speak one text with a preset."""

from __future__ import annotations

from pathlib import Path

import click

from campaign.brief import Purpose
from campaign.cli.outputs import OutputFile
from campaign.cli.progress import WorkProgress
from campaign.cli.shared import LanguageTag, actor, opened
from campaign.cli.terminal import tell
from campaign.preview.one_off import say
from campaign.results.folder import write_whole

_CODECS = {".wav": "wav", ".flac": "flac", ".mp3": "mp3", ".opus": "opus", ".ogg": "opus"}


@click.command("say")
@click.argument("text")
@click.option("--preset", default="demo-voice@2", show_default=True)
@click.option("--model", default="", help="A pin or a channel.")
@click.option("--lang", default="en", type=LanguageTag(), show_default=True, help="The text's language.")
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
def say_command(text: str, preset: str, model: str, lang: str, purpose: str, output: Path) -> None:
    """Speak TEXT, through the same front end, preset and finish as a campaign."""
    codec = _CODECS.get(output.suffix.lower())
    if codec is None:
        raise click.UsageError(
            f"-o: no codec for {output.suffix or 'a name without ending'}; use {', '.join(_CODECS)}"
        )
    with opened() as installation, WorkProgress(quiet=False) as progress:
        sound = say(
            installation,
            text,
            preset=preset,
            model=model,
            language=lang,
            purpose=Purpose(purpose),
            finish={"codec": codec},
            actor=actor(),
            watch=progress.show,
        )
    write_whole(output, sound.audio or b"")
    tell(f"{output}  {sound.delivered.duration_s or 0:.2f} s")
