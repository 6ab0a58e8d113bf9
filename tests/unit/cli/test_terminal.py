"""Whatever a command says goes through one place, and no stranger's character steers a terminal."""

from __future__ import annotations

import ast
import json
import os
import pty
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign.cli.terminal import tell_json
from campaign.errors import LexiconError
from storage.installation import Installation
from tests import ROOT, build
from tests.commands import run

PLACE = ROOT / "campaign/cli/terminal.py"
PRINTS = {"echo", "secho", "style", "echo_via_pager", "print", "show"}
HOSTILE = "\x1b]0;owned\x07\x1b[2J\u202egpj\u202c\x9b1m\x08\x7f\u200b\r"


def calls(path: Path) -> Iterator[tuple[int, str]]:
    """Line and dotted name of each call and of each standard stream that is named."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)
        elif isinstance(node, ast.Attribute) and ast.unparse(node) in ("sys.stdout", "sys.stderr"):
            yield node.lineno, ast.unparse(node)


def test_one_place_prints() -> None:
    allowed = {
        "campaign/cli/progress.py": {"sys.stderr", "Console"},
        "workers/observability/logs.py": {"sys.stderr"},
    }
    # convert is a program of its own, which the campaign's command line does not load
    allowed["workers/engines/f5/convert.py"] = {"click.echo"}
    found = []
    for folder in ("campaign", "workers", "storage"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if path == PLACE:
                continue
            for line, called in calls(path):
                is_print = called in ("print", "sys.stdout", "sys.stderr", "Console") or (
                    called.startswith(("click.", "exc.")) and called.rpartition(".")[2] in PRINTS
                )
                if is_print and called not in allowed.get(name, set()):
                    found.append(f"{name}:{line}: {called}")
    assert found == []


def test_what_is_asked_of_a_person_is_written_in_the_program() -> None:
    for path in sorted((ROOT / "campaign").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("click.prompt", "click.confirm"):
                assert isinstance(node.args[0], ast.Constant), f"{path}:{node.lineno}"


def on_a_terminal(
    *command: str | Path, folder: Path, environment: dict[str, str] | None = None
) -> tuple[int, str]:
    """Exit code and everything that reaches a terminal of a process of its own."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-m", "campaign", *map(str, command)],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "CAMPAIGN_HOME": str(folder / "home"),
            **(environment or {}),
        },
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    end_s = time.monotonic() + 60
    while time.monotonic() < end_s:
        try:
            block = os.read(ours, 1 << 16)
        except OSError:  # nobody holds the other side
            break
        shown += block
    os.close(ours)
    return child.wait(timeout=10), shown.decode("utf-8", "surrogateescape")


def steering(shown: str) -> list[str]:
    """What is left in it but text, the program's colours and line ends."""
    for colour in ("\x1b[31m", "\x1b[32m", "\x1b[33m", "\x1b[36m", "\x1b[1m", "\x1b[0m", "\r\n"):
        shown = shown.replace(colour, "")
    return [character for character in shown if not character.isprintable()]


@pytest.mark.parametrize(
    "command",
    [
        ("inspect", HOSTILE),
        ("status", HOSTILE),
        (HOSTILE,),
        ("status", f"--{HOSTILE}"),
        ("submit", HOSTILE, "--template", HOSTILE),
        ("submit", "list.csv", "--lane", HOSTILE),
        ("submit", "list.csv", "--template", "list.csv", "--encoding", HOSTILE),
        ("submit", "list.csv", "--brief", HOSTILE),
        ("evidence", "verify", HOSTILE),
        ("explain", HOSTILE, "--row", "1"),
        ("lexicon", "test", f"{HOSTILE}.tsv"),
        ("preset", "show", HOSTILE),
        ("model", "history", "production", "--at", HOSTILE),
    ],
)
def test_a_word_of_the_command_line_steers_no_terminal(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "list.csv").write_text("id\n1\n")
    code, shown = on_a_terminal(*command, folder=tmp_path)
    assert code in (2, 3, 5), shown
    assert steering(shown) == []
    assert "\\x1b" in shown
    assert "Traceback" not in shown


def test_a_line_end_in_a_name_begins_no_line_of_its_own(tmp_path: Path) -> None:
    _, shown = on_a_terminal("inspect", "x\nerror: all is well", folder=tmp_path)
    assert not any(line.startswith("error: all is well") for line in shown.splitlines())
    assert "x\\nerror: all is well" in shown


def test_a_fault_of_the_program_is_told_without_what_its_message_holds(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import campaign.evidence.inspect as i\n"
        "def inspect_file(path): raise RuntimeError(f'{path}\\nTraceback: none')\n"
        "i.inspect_file = inspect_file\n"
    )
    code, shown = on_a_terminal(
        "inspect", HOSTILE, folder=tmp_path, environment={"PYTHONPATH": f"{tmp_path}:{ROOT}"}
    )
    assert (code, steering(shown)) == (1, [])
    assert "RuntimeError: \\x1b]0;owned" in shown
    assert "\\nTraceback: none" in shown
    assert shown.splitlines()[0].startswith("Traceback")


def test_rows_and_their_problems_are_shown_without_what_they_hold(tmp_path: Path) -> None:
    (tmp_path / "list\x1b[2J.jsonl").write_text(
        json.dumps({"id": "1", "locale": HOSTILE, "name": "a"})
        + "\n"
        + json.dumps({"id": HOSTILE, "name": ["b"], HOSTILE: 1})
    )
    (tmp_path / "campaign.toml").write_text(
        'name = "n"\n[templates]\ndefault = { text = "Hello {{ name }}.", language = "en" }\n'
    )
    code, shown = on_a_terminal("submit", "list\x1b[2J.jsonl", "--id", "one", folder=tmp_path)
    progress = shown.replace("\x1b[?25l", "").replace("\x1b[?25h", "")
    rows = [line for line in progress.splitlines() if "row " in line and ": " in line]
    assert code == 9, shown
    assert len(rows) >= 2
    assert all(steering(line) == [] for line in rows), rows
    assert "]0;owned\x07" not in shown and "\x1b[2J.jsonl" not in shown


def test_a_file_s_name_is_no_markup_of_the_progress_bar(tmp_path: Path) -> None:
    name = "[bold]a[/red]b[link=http://evil]x[[/].csv".replace("/", "\u2215")
    (tmp_path / name).write_text("id\n1\n")
    (tmp_path / "campaign.toml").write_text('[templates]\ndefault = { text = "Hello.", language = "en" }\n')
    code, shown = on_a_terminal("submit", name, "--dry-run", folder=tmp_path, environment={"COLUMNS": "200"})
    assert code == 0, shown
    assert f"reading {name}" in shown


def test_a_stream_that_lacks_a_letter_gets_it_written_out(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "campaign", "inspect", "Zoë-王.wav"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 5
    assert b"Zo\\xeb-\\u738b.wav" in done.stderr


def test_json_is_json_whatever_it_holds(capsys: pytest.CaptureFixture[str]) -> None:
    tell_json({"id": HOSTILE, "worst": float("-inf"), "seconds": [float("nan"), 1.5], "half": "\ud800"})
    out = capsys.readouterr().out
    assert json.loads(out, parse_constant=lambda name: pytest.fail(name)) == {
        "id": HOSTILE,
        "worst": None,
        "seconds": [None, 1.5],
        "half": "\ud800",
    }
    assert all(line.isprintable() for line in out.splitlines())


def test_a_campaign_s_own_words_are_listed_without_what_they_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAMPAIGN_HOME", str(tmp_path / "home"))
    installation: Installation = build.installation(tmp_path / "home")
    submitted = build.submitted(installation, build.people(1), start=False)
    installation.close()
    assert run("pause", submitted.campaign.id, "--reason", HOSTILE).code in (0, 4)
    for command in (
        ("status", submitted.campaign.id),
        ("list",),
        ("status", submitted.campaign.id, "--json"),
    ):
        done = run(*command)
        assert done.code == 0
        assert all(line.isprintable() for line in done.out.splitlines())


def test_an_error_of_several_lines_keeps_them_and_no_other() -> None:
    error = LexiconError("a\nb", "c")
    assert error.lines == ("a\nb", "c")
    assert str(error) == "a\nb\nc"
