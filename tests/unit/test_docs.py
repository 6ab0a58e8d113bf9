"""The documents say what the program does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

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


def test_every_path_in_the_readme_tree_exists() -> None:
    tree = (ROOT / "README.md").read_text().split("```text\n", 1)[1].split("```", 1)[0]
    folder = Path()
    missing = []
    for line in tree.splitlines():
        name = line.split("#")[0].rstrip()
        if not name.strip():
            continue
        depth = (len(name) - len(name.lstrip())) // 4
        folder = Path(*folder.parts[:depth], name.strip().rstrip("/"))
        if not (ROOT / folder).exists():
            missing.append(str(folder))
        if not name.endswith("/"):
            folder = folder.parent
    assert missing == []


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
