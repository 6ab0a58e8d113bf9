"""Outputs into nowhere: every option that names a file or folder to write is looked at before any work is done."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from campaign.cli import cli, exits
from campaign.cli.outputs import OutputFile, OutputFolder
from campaign.errors import OutputError
from campaign.results.folder import make_folder, write_whole, written_whole
from tests import build, voices
from tests.commands import run
from tests.unit.cli.test_every_command import commands

OUTPUTS: dict[tuple[str, ...], tuple[tuple[str, ...], str]] = {
    ("links",): (("mine",), "--out"),
    ("zip",): (("mine",), "--out"),
    ("captions",): (("mine", "--row", "1"), "-o"),
    ("runs", "export"): (("mine",), "--out"),
    ("runs", "export", "--aligned"): (("mine",), "--aligned"),
    ("evidence", "write"): (("mine",), "--out"),
    ("marks", "test-certificate"): ((), "--out"),
    ("say",): (("Hello.", "--model", "tone"), "-o"),
    ("preview",): (("people.csv",), "--out"),
    ("names",): (("people.csv",), "--tsv"),
    ("names", "--out"): (("people.csv", "--say", "1"), "--out"),
    ("lexicon", "export"): (("en-clinic@1",), "-o"),
    ("preset", "drift"): (("demo-voice@1",), "--chart"),
    ("preset", "clips"): (("voice.wav", "--text", voices.TEXT), "-o"),
    ("gate", "verdict"): (("gate-1",), "-o"),
    ("gate", "learn"): (("demo-voice@1",), "-o"),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CAMPAIGN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CAMPAIGN_SECRET", "5e" * 32)
    monkeypatch.chdir(tmp_path)
    build.installation(tmp_path / "home").close()
    build.write_csv(tmp_path / "people.csv", build.people(2))
    (tmp_path / "file.wav").write_text("in the way")
    (tmp_path / "file.wav").chmod(0o600)
    voices.write_recording(tmp_path / "voice.wav")
    return tmp_path


def outputs() -> Iterator[tuple[tuple[str, ...], click.Parameter]]:
    """Every option and argument that names something to write."""
    for path in commands(cli, (), click.Context(cli)):
        command: click.Command | None = cli
        for word in path:
            assert isinstance(command, click.Group)
            command = command.get_command(click.Context(command), word)
        assert command is not None
        for parameter in command.params:
            if isinstance(parameter.type, OutputFile | OutputFolder):
                yield path, parameter


def test_whatever_is_called_an_output_is_looked_at() -> None:
    """`-o`, `--out`, `--output`, `--tsv`, `--aligned` name nothing else."""
    looked_at = {(path, option) for path, parameter in outputs() for option in parameter.opts}
    for path in commands(cli, (), click.Context(cli)):
        command: click.Command | None = cli
        for word in path:
            assert isinstance(command, click.Group)
            command = command.get_command(click.Context(command), word)
        assert command is not None
        for parameter in command.params:
            for option in {"-o", "--out", "--output", "--tsv", "--aligned"} & set(parameter.opts):
                assert (path, option) in looked_at, f"{' '.join(path)} {option}"
    tried = {
        (tuple(word for word in path if word[:1] != "-"), option) for path, (_, option) in OUTPUTS.items()
    }
    options = {(path, opt) for path, parameter in outputs() for opt in parameter.opts if opt[:1] == "-"}
    assert {path for path, _ in options} == {path for path, _ in tried}


@pytest.mark.parametrize("command", OUTPUTS, ids=" ".join)
@pytest.mark.parametrize(
    "place", ["a folder for a file", "no such folder", "below a file", "a device's folder"]
)
def test_an_output_into_nowhere_is_a_usage_error_before_any_work(
    folder: Path, command: tuple[str, ...], place: str
) -> None:
    given, option = OUTPUTS[command]
    is_folder = any(
        isinstance(parameter.type, OutputFolder) and option in parameter.opts
        for path, parameter in outputs()
        if path == tuple(word for word in command if word[:1] != "-")
    )
    named = {
        "a folder for a file": folder / ("file.wav" if is_folder else "home"),
        "no such folder": folder / "file.wav" / "x.wav" if is_folder else folder / "nowhere" / "x.wav",
        "below a file": folder / "file.wav" / "x.wav",
        "a device's folder": Path("/proc/x.wav"),
    }[place]
    words = [word for word in command if word[:1] != "-"]
    done = run(*words, *given, option, named)
    assert done.code == exits.USAGE, done
    nowhere = place == "no such folder" and not is_folder
    assert ("Make it, or name another place." if nowhere else "ame ") in done.err, done.err
    assert not (folder / "nowhere").exists()


def test_a_device_a_pipe_and_a_link_are_written_into_and_never_replaced(folder: Path) -> None:
    pipe, link, goal = folder / "pipe", folder / "link.wav", folder / "goal.wav"
    os.mkfifo(pipe)
    heard: list[bytes] = []
    reader = threading.Thread(target=lambda: heard.append(pipe.read_bytes()))
    reader.start()
    write_whole(pipe, b"through")
    reader.join()
    assert (heard, pipe.is_fifo()) == ([b"through"], True)
    link.symlink_to(goal)
    write_whole(link, b"sound")
    assert (link.is_symlink(), goal.read_bytes()) == (True, b"sound")
    with pytest.raises(OutputError, match="No space left on device"):
        write_whole(Path("/dev/full"), b"sound")
    assert Path("/dev/full").is_char_device()
    assert run("zip", "mine", "--out", "/dev/full").code == exits.NOT_FOUND, "it is looked up first"
    said = run("say", "Hello.", "--model", "tone", "--lang", "en", "-o", folder / "said.wav")
    assert (said.code, (folder / "said.wav").read_bytes()[:4]) == (exits.OK, b"RIFF")


def test_a_write_that_fails_leaves_what_was_there_and_nothing_beside_it(folder: Path) -> None:
    def half(fresh: Path) -> int:
        fresh.write_text("half")
        raise OSError(28, "No space left on device")

    for path in (folder / "file.wav", folder / "new.wav"):
        with pytest.raises(OutputError, match=r"No space left on device\. Free space there"):
            written_whole(path, half)
    assert (folder / "file.wav").read_text() == "in the way"
    assert {path.name for path in folder.iterdir()} == {"home", "people.csv", "file.wav", "voice.wav"}
    with pytest.raises(OutputError, match="Name a place"):
        make_folder(folder / "file.wav" / "deeper")
