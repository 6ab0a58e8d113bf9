"""What `make demo` installs, and no more: what needs no extra works there, what does need one names it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests import ROOT
from tools.licences import CORE, installs

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs a command of the core install, without any extra, on a home of its own."""
    folder = tmp_path_factory.mktemp("light")
    uv = Path(sys.executable).with_name("uv")
    python = folder / "venv" / "bin" / "python"
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, folder / "venv"], check=True)
    subprocess.run(
        [uv, "pip", "install", "--quiet", "--python", python, "-e", ROOT, "-c", ROOT / "constraints.txt"],
        check=True,
    )
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CAMPAIGN_", "PYTHONDONTWRITEBYTECODE"))
    }
    environment = kept | {"CAMPAIGN_HOME": str(folder / "home"), "CAMPAIGN_SECRET": "5e" * 32}

    def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [python, *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            env=environment,
            cwd=folder,
            check=False,
        )

    return run


def test_the_core_has_no_torch_and_no_web_server(light: Run) -> None:
    for package in ("torch", "fastapi", "f5_tts", "scipy", "mutagen", "unidecode", "encodec"):
        assert light("-c", f"import {package}").returncode != 0, package


def test_the_core_is_what_the_table_of_licences_lists(light: Run) -> None:
    code = "from importlib.metadata import distributions\nfor one in distributions(): print(one.name)"
    here = {canonicalize_name(name) for name in light("-c", code).stdout.split()} - {"campaign"}
    listed = installs(CORE)
    assert here - listed.keys() == set()
    assert {name for name in listed if listed[name].is_everywhere} - here == set()


def test_doctor_says_what_is_not_installed_and_how_to_get_it(light: Run) -> None:
    done = light("-m", "campaign", "doctor")
    assert (done.returncode, "campaign[f5]" in done.stdout) == (0, True), done.stderr
    assert "Traceback" not in done.stderr
    assert "licences" not in done.stdout  # nothing here is GPL in process or not for commercial use


def test_text_is_normalised(light: Run) -> None:
    done = light("-m", "campaign", "normalise", "--lang", "en", stdin="Due 2026-05-03.\n")
    assert done.stdout == "Due May third, twenty twenty-six.\n"


def test_a_command_that_needs_an_extra_names_it(light: Run) -> None:
    done = light("-m", "campaign", "serve")
    assert done.returncode not in (0, 1), done.stderr
    assert "campaign[service]" in done.stderr


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("CAMPAIGN_HOME", "/dev/null/home", "BAD  database"),
        ("CAMPAIGN_SETTINGS", "/nowhere/settings.toml", "BAD  settings"),
        ("CAMPAIGN_DATABASE_URL", "oracle://here", "BAD  settings"),
        ("CAMPAIGN_DATABASE_URL", "sqlite:////dev/full", "BAD  database"),
        ("CAMPAIGN_OBJECT_STORE", "gs://bucket/x", "BAD  objects"),
        ("CAMPAIGN_OBJECT_STORE", "/dev/null/objects", "BAD  objects"),
        ("CAMPAIGN_SECRET", "no hex", "BAD  secret"),
        ("CAMPAIGN_SECRET_FILE", "/nowhere/secret", "BAD  settings"),
        ("CAMPAIGN_LEASE_SECONDS", "soon", "BAD  settings"),
    ],
)
def test_doctor_answers_whatever_is_wrong(light: Run, variable: str, value: str, says: str) -> None:
    code = (
        f"import os, sys; os.environ[{variable!r}] = {value!r}; "
        "from campaign.cli import main; main(['doctor'])"
    )
    done = light("-c", code)
    assert (done.returncode, says in done.stdout, "Traceback" in done.stderr) == (10, True, False), done


def test_the_embedded_default_works_without_any_extra(light: Run) -> None:
    done = light("-m", "campaign", "say", "Hello there.", "-o", "said.wav")
    assert (done.returncode, "said.wav" in done.stdout) == (0, True), done.stderr
