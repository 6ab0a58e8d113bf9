"""`campaign submit` is killed at half, is given twice at once, and meets a full disk."""

from __future__ import annotations

import resource
import signal
from pathlib import Path

from campaign.cli import exits
from tests import build
from tests.acceptance.conftest import Program
from tests.faults.checker import CLEAN, check
from tests.faults.conftest import BRIEF, ROWS, TEMPLATE, Stage
from tests.waiting import LONGEST_S


def test_submit_that_is_killed_at_half_goes_on(stage: Stage) -> None:
    people = build.people(max(ROWS, 600))
    path = stage.written(people)
    with stage.submitting(path) as process:
        stage.until(lambda: stage.drafted() > 0)
        process.kill()
        process.wait()
    at_half = stage.drafted()
    assert 0 < at_half < len(people)
    with stage.submitting(path) as process:
        assert process.wait(timeout=LONGEST_S) == 0
    with stage.working(), stage.working():
        stage.until(lambda: stage.open_rows() == 0)
    assert stage.verdict() == CLEAN


def test_two_submits_of_one_campaign_at_once(stage: Stage) -> None:
    path = stage.written(build.people(ROWS))
    with stage.submitting(path) as first, stage.submitting(path) as second:
        codes = {first.wait(timeout=LONGEST_S), second.wait(timeout=LONGEST_S)}
    assert exits.OK in codes
    assert codes <= {exits.OK, exits.CONFLICT}
    with stage.working():
        stage.until(lambda: stage.open_rows() == 0)
    assert stage.verdict() == CLEAN


def test_disk_of_the_embedded_default_fills_up(tmp_path: Path) -> None:
    program = Program(home=tmp_path / "home", settings={"CAMPAIGN_TEXT_PROCESSES": "1"})
    people = build.people(ROWS)
    (tmp_path / "campaign.toml").write_text(BRIEF)
    (tmp_path / "hello.txt").write_text(TEMPLATE)
    path = build.write_csv(tmp_path / "recipients.csv", people)
    assert program.run("list").code == exits.OK  # makes the database
    size = (tmp_path / "home" / "campaign.sqlite").stat().st_size

    def fill(limit: int) -> None:
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))

    for room in (100_000, 500_000):  # while rows are written; while sound is stored
        refused = program.run("submit", path, "--id", "mine", before=lambda: fill(size + room))  # noqa: B023
        assert refused.code == exits.UNAVAILABLE, refused.err
        assert "Look at its disk" in refused.err
    done = program.run("submit", path, "--id", "mine")
    assert done.code == exits.OK, done.err
    installed = build.installation(program.home)
    try:
        assert check(installed, "mine", {row["id"] for row in people}) == CLEAN
    finally:
        installed.close()
