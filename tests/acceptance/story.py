"""A voice model's way, as a person types it: the commands in order on one installation.

An F5 pin and a Chatterbox one behind HTTP. Random weights of the true format and a server that speaks the protocol:
what is proven is the way, not the sound.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from campaign.cli import exits
from tests import build, commands, voices
from tests.commands import Done
from tests.servers.speech import SpeechServer
from tests.unit.workers.engines.f5.checkpoint import make_checkpoint

BRIEF = """\
name = "{name}"
purpose = "non-commercial"
languages = ["en"]
territories = ["DE"]
preset = "clinic-voice"
[templates]
default = "hello.en.txt"
[columns]
name = "name"
[finish]
codec = "wav"
"""
LICENCE = ("--licence", "CC-BY-NC-4.0", "--purpose", "non-commercial", "--purpose", "research")


@dataclass(slots=True)
class Story:
    """The commands in order, on one installation."""

    folder: Path
    server: SpeechServer
    done: dict[str, Done]

    def run(self, step: str, *arguments: str | Path) -> Done:
        """A command, remembered under `step`."""
        home = {"CAMPAIGN_HOME": str(self.folder / "home"), "CAMPAIGN_SECRET": "5e" * 32}
        self.done[step] = commands.run(*arguments, environment=home)
        return self.done[step]

    def must(self, step: str, *arguments: str | Path) -> Done:
        """A command that has to succeed."""
        done = self.run(step, *arguments)
        assert done.code == exits.OK, f"{step}: {done.err or done.out}"
        return done


def pin_and_freeze(story: Story) -> None:
    """Both pins, a voice for each, and Chatterbox live."""
    folder = story.folder
    story.must(
        "add", "model", "add", make_checkpoint(folder / "f5"), "--as", "f5-v1", "--engine", "f5", *LICENCE
    )
    chatterbox = ("--engine", "chatterbox", "--clones", "--lang", "en")
    story.must("connect", "model", "connect", story.server.url, "--as", "chatter", *chatterbox, *LICENCE)
    recording, consent = voices.write_recording(folder / "voice.wav"), voices.write_consent(folder)
    (folder / "f5.toml").write_text("nfe = 4\n")
    person = ("--audio", recording, "--text", voices.TEXT, "--consent", consent)
    story.must(
        "preset",
        "preset",
        "add",
        "clinic-voice",
        *person,
        "--engine",
        "f5",
        "--engine-table",
        folder / "f5.toml",
    )
    story.must(
        "other preset",
        "preset",
        "add",
        "clinic-chatter",
        *person,
        "--engine",
        "chatterbox",
        "--model",
        "chatter",
    )
    live = ("--to", "production", "--reason", "what we have", "--override", "Kim Park")
    story.must("first", "model", "promote", "chatter", *live)


def submit(story: Story, name: str, people: list[dict[str, str]]) -> None:
    """A campaign of these people, by what is live."""
    folder = story.folder / name
    folder.mkdir()
    (folder / "campaign.toml").write_text(BRIEF.format(name=name))
    (folder / "hello.en.txt").write_text("Hello {{ name }}, your table is ready.")
    build.write_csv(folder / "people.csv", people)
    story.must(f"submit {name}", "submit", folder / "people.csv", "--id", name, "--json")
