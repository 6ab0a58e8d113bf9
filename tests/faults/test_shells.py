"""One SQLite database and several shells: whoever has the lock works, the others follow and take over."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from campaign.cli import exits
from storage.installation import Installation
from storage.names import CampaignId
from storage.processes import locks_on
from storage.queue import campaigns as campaign_rows
from storage.worker_lock import WorkerNote, holder
from tests import build
from tests.acceptance.conftest import BRIEF, Program, eventually, recipients
from tests.servers.process import free_port
from tests.waiting import LONGEST_S

MINE = CampaignId("mine")
ARTEFACTS = {
    "manifest.jsonl",
    "manifest.jsonl.gz",
    "recipients.csv",
    "report.json",
    "report.html",
    "campaign.lock",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "campaign.toml").write_text(BRIEF)
    (tmp_path / "hello.txt").write_text("Hello {{ name }}, here we are.")
    return tmp_path


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(home=tmp_path / "home")


@pytest.fixture
def installed(program: Program) -> Iterator[Installation]:
    made = build.installation(program.home)
    yield made
    made.close()


@contextmanager
def serving(program: Program, *, ready: int = 200) -> Iterator[httpx.Client]:
    """`campaign serve` in a shell of its own, once it says so."""
    port = free_port()
    with (
        program.started("serve", "--port", str(port)) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=LONGEST_S) as client,
    ):

        def answers() -> bool:
            assert process.poll() is None, program.logs()
            try:
                return client.get("/v1/ready").status_code == ready
            except httpx.TransportError:
                return False

        eventually(answers, what="the service")
        yield client


def works(installed: Installation, command: str) -> Callable[[], bool]:
    def is_so() -> bool:
        who = holder(installed.database)
        return isinstance(who, WorkerNote) and who.command == command

    return is_so


def stand_still(pid: int, installed: Installation) -> None:
    """Stop a worker that has the right to work, outside of any transaction: it holds up nobody's statement."""
    place = Path(installed.database.url.database or "")
    os.kill(pid, signal.SIGSTOP)
    while any(lock.pid == pid for lock in locks_on(place)):
        os.kill(pid, signal.SIGCONT)
        time.sleep(0.03)
        os.kill(pid, signal.SIGSTOP)


def artefacts(installed: Installation, campaign_id: str) -> set[str]:
    return {
        name.rpartition("/")[2]
        for name in build.objects(installed.store, f"campaigns/{campaign_id}/")
        if name.count("/") == 2
    }


def test_with_a_service_open_a_shell_submits_says_and_previews(
    program: Program, folder: Path, installed: Installation
) -> None:
    path = recipients(folder, 12)
    with serving(program):
        assert works(installed, "campaign serve")()
        done = program.run("submit", path, "--id", "mine", "--json")
        assert (done.code, done.json["state"], done.json["rows"]["by_status"]) == (
            exits.OK,
            "finished",
            {"stored": 12},
        ), done.err
        assert done.err.count("(campaign serve, since ") == 1, done.err
        assert artefacts(installed, "mine") == ARTEFACTS
        said = program.run("say", "Hello there.", "--model", "tone", "-o", folder / "said.wav")
        assert (said.code, (folder / "said.wav").read_bytes()[:4]) == (exits.OK, b"RIFF"), said.err
        shown = program.run("preview", path, "--rows", "2", "--out", folder / "out")
        assert (shown.code, sorted(one.name for one in (folder / "out").iterdir())) == (
            exits.OK,
            ["row-1.wav", "row-2.wav"],
        ), shown.err


def test_a_service_that_found_the_lock_taken_says_who_has_it_and_takes_it_when_it_is_free(
    program: Program, folder: Path, installed: Installation
) -> None:
    with program.started("worker") as worker:
        eventually(works(installed, "campaign worker"), what="the worker")
        with serving(program, ready=503) as client:
            (problem,) = client.get("/v1/ready").json()["problems"]
            assert problem.startswith(f"nothing works here: process {worker.pid} (campaign worker, since ")
            page = client.get("/").text
            assert f"Nothing works here: process {worker.pid} (campaign worker" in page
            worker.send_signal(signal.SIGKILL)
            eventually(lambda: client.get("/v1/ready").status_code == 200, what="the service's turn")
            assert "othing works here" not in client.get("/").text
            assert works(installed, "campaign serve")()
            assert program.run("submit", recipients(folder, 3), "--json").json["rows"]["by_status"] == {
                "stored": 3
            }


def test_two_submits_at_once_both_end_with_their_reports(
    program: Program, folder: Path, installed: Installation
) -> None:
    path = recipients(folder, 60)
    codes = []
    with (
        program.started("submit", path, "--id", "one") as one,
        program.started("submit", path, "--id", "two") as two,
    ):
        codes = [one.wait(LONGEST_S), two.wait(LONGEST_S)]
    assert codes == [exits.OK, exits.OK], program.logs()
    for campaign_id in map(CampaignId, ("one", "two")):
        assert artefacts(installed, campaign_id) == ARTEFACTS
        with installed.database.read() as connection:
            assert campaign_rows.get(connection, campaign_id).t_reported_ms is not None
            assert campaign_rows.progress(connection, campaign_id).by_status == {"stored": 60}


def test_a_submit_that_follows_takes_over_when_the_worker_is_killed(
    program: Program, folder: Path, installed: Installation
) -> None:
    with program.started("worker") as worker:
        eventually(works(installed, "campaign worker"), what="the worker")
        stand_still(worker.pid, installed)
        with program.started("submit", recipients(folder, 5), "--id", "mine") as submit:
            eventually(lambda: "it is followed" in program.logs(), what="the word of who works")
            assert f"process {worker.pid} (campaign worker" in program.logs()
            os.kill(worker.pid, signal.SIGKILL)
            assert submit.wait(LONGEST_S) == exits.OK, program.logs()
    assert artefacts(installed, "mine") == ARTEFACTS


def test_whoever_follows_can_be_interrupted(program: Program, folder: Path, installed: Installation) -> None:
    with program.started("worker") as worker:
        eventually(works(installed, "campaign worker"), what="the worker")
        stand_still(worker.pid, installed)
        with program.started("submit", recipients(folder, 5), "--id", "mine") as submit:
            eventually(lambda: "it is followed" in program.logs(), what="the word of who works")
            submit.send_signal(signal.SIGINT)
            assert submit.wait(LONGEST_S) == exits.INTERRUPTED
    done = program.run("submit", folder / "recipients.csv", "--id", "mine", "--json")
    assert (done.code, done.json["rows"]["by_status"]) == (exits.OK, {"stored": 5})


def test_a_second_worker_is_told_whose_lock_it_is(program: Program, installed: Installation) -> None:
    with program.started("worker", "--lanes", "bulk") as worker:
        eventually(works(installed, "campaign worker"), what="the worker")
        done = program.run("worker", "--no-warm")
    assert done.code == exits.CONFLICT
    assert f"process {worker.pid} (campaign worker, since " in done.err
    assert "on bulk alone" in done.err


def test_a_campaign_that_nobody_published_is_published_by_the_next_command_that_works(
    program: Program, folder: Path, installed: Installation
) -> None:
    """Its worker died between its last row and its report."""
    path = recipients(folder, 3)
    assert program.run("submit", path, "--id", "mine").code == exits.OK
    with installed.database.write() as connection:
        campaign_rows.mark_unreported(connection, MINE)
    for name in build.objects(installed.store, "campaigns/mine/manifest"):
        installed.store.delete(name)
    shown = program.run("status", "mine")
    assert "its manifest and report are not out yet" in shown.out
    assert "campaign report mine" in shown.out
    assert program.run("submit", path, "--id", "other").code == exits.OK
    assert artefacts(installed, "mine") == ARTEFACTS


def test_a_long_worker_publishes_what_it_could_not_before(
    program: Program, folder: Path, installed: Installation
) -> None:
    assert program.run("submit", recipients(folder, 3), "--id", "mine").code == exits.OK
    with installed.database.write() as connection:
        campaign_rows.mark_unreported(connection, MINE)

    def is_reported() -> bool:
        with installed.database.read() as connection:
            return campaign_rows.get(connection, MINE).t_reported_ms is not None

    with program.started("worker"):
        eventually(is_reported, what="the report")


def test_the_note_of_one_before_is_not_believed(program: Program, installed: Installation) -> None:
    """A process that took the lock and could not write its note: the kernel says who it is."""
    place = Path(f"{installed.database.url.database}.worker")
    with program.started("worker") as worker:
        eventually(works(installed, "campaign worker"), what="the worker")
        note = json.loads(place.read_text())
        for kept in (json.dumps({**note, "pid": 1, "command": "init"}), "", "{", "[]"):
            place.write_text(kept)
            assert str(holder(installed.database)).startswith(
                f"process {worker.pid} (campaign worker, since "
            )
    eventually(lambda: holder(installed.database) is None, what="the end of the lock")
    assert time.time() - note["since_s"] < LONGEST_S * 3
