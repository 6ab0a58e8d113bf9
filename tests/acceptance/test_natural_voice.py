"""A newcomer's file spoken by Kokoro, the very model, and by espeak-ng where that has no voice; then made again."""

from __future__ import annotations

import io
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from storage.installation import Installation
from tests import build
from tests.acceptance.conftest import Done, Program
from workers.finish.reading import read_file

ROWS = [
    {"id": "1", "locale": "en", "name": "Ann"},
    {"id": "2", "locale": "de", "name": "Jörg"},
    {"id": "3", "locale": "en", "name": "Иван"},
]
BRIEF = """
id_column = "id"
locale_column = "locale"
languages = ["en", "de", "ru"]
preset = "demo-voice@2"
[templates]
en = "hello.en.txt"
de = "hello.de.txt"
[columns]
name = "name"
[finish]
codec = "wav"
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory, kokoro_folder: Path) -> Program:
    program = Program(home=tmp_path_factory.mktemp("natural") / "home").here()
    got = program.run("voice", "get", "kokoro")
    assert got.code == 0, got.err
    return program


@pytest.fixture(scope="module")
def recipients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    (folder / "hello.en.txt").write_text("Hello {{ name }}.")
    (folder / "hello.de.txt").write_text("Guten Tag {{ name }}.")
    (folder / "campaign.toml").write_text(BRIEF)
    return build.write_csv(folder / "recipients.csv", ROWS)


@pytest.fixture(scope="module")
def done(program: Program, recipients: Path) -> Done:
    return program.run("submit", recipients, "--id", "mine")


@pytest.fixture(scope="module")
def installed(program: Program, done: Done) -> Installation:
    assert done.code == 0, done.err
    return build.installation(program.home)


def test_each_row_says_who_spoke_it(installed: Installation) -> None:
    lines = build.manifest(installed.store, "mine")
    assert build.statuses(lines) == {"stored": 3}
    for line, spoken_by in zip(lines, ("kokoro", "espeak", "kokoro"), strict=True):
        data = installed.store.get(f"campaigns/mine/{line['url']}")
        samples, _rate = soundfile.read(io.BytesIO(data))
        assert np.sqrt(np.mean(samples**2)) > 0.01
        assert f'"spoken_by": "{spoken_by}"' in json.dumps(read_file(data).descriptor)


def test_the_report_names_the_weights_their_licence_and_their_makers(installed: Installation) -> None:
    page = installed.store.get("campaigns/mine/report.html").decode()
    assert "<code>kokoro</code>" in page
    assert "Kokoro-82M v1.0 by hexgrad (Apache-2.0)" in page


def test_the_same_file_again_makes_no_sound(program: Program, recipients: Path, done: Done) -> None:
    before = program.run("status", "mine", "--json").json
    assert program.run("submit", recipients, "--id", "mine").code == 0
    assert program.run("status", "mine", "--json").json == before


def test_sound_is_made_again_to_the_bit(program: Program, done: Done) -> None:
    verified = program.run("verify", "mine", "--json")
    assert verified.code == 0, verified.out
    assert "bit-exact" in verified.out


def test_a_voice_that_vanished_is_told_with_the_command_that_brings_it(
    recipients: Path, kokoro_folder: Path, tmp_path: Path
) -> None:
    models = tmp_path / "models"
    shutil.copytree(kokoro_folder, models / kokoro_folder.name, copy_function=os.link)
    program = Program(home=tmp_path / "home").here()
    program.settings |= {"CAMPAIGN_MODELS": str(models)}
    assert program.run("voice", "get", "kokoro").code == 0
    (models / kokoro_folder.name / "model.onnx").unlink()
    done = program.run("submit", recipients)
    assert done.code == 8
    assert "campaign voice get kokoro" in done.err.splitlines()[-1]
