"""The documents say what the program does."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign.cli import COMMANDS
from storage.settings import Settings
from tests import ROOT

DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")


def test_command_reference_is_what_help_says() -> None:
    """Asked in a process of its own: click remembers the help option that a command was first asked with."""
    command = (sys.executable, "-m", "tools.reference")
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert (ROOT / "docs" / "cli.md").read_text() == said, "run `make docs`"


def test_every_command_and_setting_is_documented() -> None:
    text = (ROOT / "docs" / "cli.md").read_text()
    assert [name for name in COMMANDS if f"## campaign {name}" not in text] == []
    assert [name for name in Settings.model_fields if f"`{name}`" not in text] == []


def test_links_between_documents_lead_somewhere() -> None:
    missing = []
    for name in (*DOCUMENTS, *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))):
        path = ROOT / name
        targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text())
        missing += [f"{name}: {target}" for target in targets if not (path.parent / target).exists()]
    assert missing == []


def tree_of(document: str) -> Iterator[Path]:
    """Every path of the first tree that a document draws."""
    text = (ROOT / document).read_text()
    folder = Path()
    for line in re.split(r"^```text\n", text, flags=re.M)[1].split("```", 1)[0].splitlines():
        drawn = re.match(r"( *)((?:[\w.-]+/?)(?:, [\w.-]+)*)(?=\s|$)", line)
        if drawn is None:
            continue
        depth = len(drawn[1]) // 4
        for name in drawn[2].split(", "):
            folder = Path(*folder.parts[:depth], name.rstrip("/"))
            yield folder
            if not name.endswith("/"):
                folder = folder.parent


@pytest.mark.parametrize("document", ["README.md", "ARCHITECTURE.md"])
def test_a_tree_shows_every_room_and_nothing_that_is_not_there(document: str) -> None:
    drawn = set(tree_of(document))
    assert [str(path) for path in drawn if not (ROOT / path).exists()] == []
    rooms = {
        init.parent.relative_to(ROOT)
        for package in ("campaign", "workers", "storage")
        for init in (ROOT / package).glob("*/__init__.py")
    }
    assert rooms - drawn == set()


def test_every_room_says_what_lives_there_and_what_it_imports() -> None:
    silent = []
    for package in ("campaign", "workers", "storage"):
        for init in (ROOT / package).glob("*/__init__.py"):
            said = ast.get_docstring(ast.parse(init.read_text())) or ""
            if len(said.splitlines()) < 2 or not re.search(r"\bImports\s", said):
                silent.append(str(init.relative_to(ROOT)))
    assert silent == []


def test_the_walks_name_files_that_exist() -> None:
    walks = (ROOT / "ARCHITECTURE.md").read_text().split("## Five walks", 1)[1].split("\n## ", 1)[0]
    paths = re.findall(r"`([\w/]+(?:/[\w]+)*(?:\.py)?)(?:: [^`]+)?`", walks)
    named = [path for path in paths if "/" in path]
    assert len(named) > 30
    assert [
        path for path in named if not any((root / path).exists() for root in (ROOT, ROOT / "campaign"))
    ] == []


def test_no_file_names_a_package_host() -> None:
    hosts = re.compile("|".join(("py" + "pi.org", "python" + "hosted", "npm" + "js.org", "deb." + "debian")))
    tracked = [
        path
        for folder in ("campaign", "workers", "storage", "tests", "benchmarks", "docs", "examples", "alembic")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".py", ".md", ".toml", ".txt", ".csv", ".json")
    ]
    tracked += [ROOT / name for name in ("Makefile", "pyproject.toml", "constraints.txt", *DOCUMENTS)]
    assert [str(path) for path in tracked if hosts.search(path.read_text(errors="replace"))] == []
