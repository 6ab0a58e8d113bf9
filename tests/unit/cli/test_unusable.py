"""A database, a home or a disk that cannot be used: every command says what is wrong and how to mend it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import click
import pytest

from campaign.cli import cli, exits
from storage import schema
from tests import build, voices
from tests.acceptance.conftest import BRIEF
from tests.commands import run
from tests.servers.speech import SpeechServer, speech_server
from tests.unit.cli.test_every_command import commands
from tests.unit.workers.engines.f5.checkpoint import make_checkpoint

SPOKEN = ("--lang", "en")
COMMANDS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("submit",): ("people.csv",),
    ("preview",): ("people.csv", "--rows", "2", "--out", "out"),
    ("status",): ("mine",),
    ("list",): (),
    ("report",): ("mine",),
    ("explain",): ("mine", "--row", "1"),
    ("runs", "diff"): ("one", "two"),
    ("runs", "export"): ("mine",),
    ("runs", "show"): ("one",),
    ("pause",): ("mine",),
    ("resume",): ("mine",),
    ("cancel",): ("mine",),
    ("retry",): ("mine",),
    ("amend",): ("mine", "people.csv"),
    ("review",): ("mine",),
    ("links",): ("mine",),
    ("zip",): ("mine", "--out", "mine.zip"),
    ("webhooks", "deliver"): (),
    ("webhooks", "list"): (),
    ("webhooks", "retry"): (),
    ("evidence", "disclose"): ("mine", "--row", "1"),
    ("evidence", "write"): ("mine", "--out", "mine.evidence.zip"),
    ("captions",): ("mine", "one"),
    ("erase",): ("--recipient", "one", "--yes"),
    ("purge",): ("--older-than", "30d"),
    ("suppression", "add"): ("one",),
    ("suppression", "check"): ("one",),
    ("suppression", "export"): ("stops.csv",),
    ("suppression", "import"): ("people.csv",),
    ("suppression", "list"): (),
    ("suppression", "log"): (),
    ("suppression", "remove"): ("one",),
    ("say",): ("Hello.", "--model", "tone", "-o", "said.wav"),
    ("lexicon", "add"): ("names.tsv",),
    ("lexicon", "diff"): ("one@1", "one@2"),
    ("lexicon", "export"): ("en-clinic@1",),
    ("lexicon", "impact"): ("one@1", "one@2", "--campaign", "mine"),
    ("lexicon", "list"): (),
    ("lexicon", "show"): ("en-clinic@1",),
    ("lexicon", "test"): ("en-clinic@1",),
    ("names",): ("people.csv",),
    ("preset", "add"): (
        *("clinic-voice", "--audio", "voice.wav", "--text", voices.TEXT, "--consent", "consent.toml"),
        *("--engine", "f5"),
    ),
    ("preset", "calibrate"): ("demo-voice@1",),
    ("preset", "drift"): ("demo-voice@1",),
    ("preset", "erase"): ("clinic-voice@1", "--reason", "asked", "--yes"),
    ("preset", "consent"): ("clinic-voice@1", "consent.toml"),
    ("preset", "list"): (),
    ("preset", "retire"): ("clinic-voice@1", "--reason", "over"),
    ("preset", "revoke"): ("clinic-voice@1", "--reason", "over"),
    ("preset", "show"): ("demo-voice@1",),
    ("preset", "verify"): ("demo-voice@1",),
    ("model", "add"): (
        *("weights", "--as", "f5-v1", "--engine", "f5", "--licence", "MIT", "--purpose", "research"),
    ),
    ("model", "connect"): (
        *("SERVER", "--as", "there", "--engine", "chatterbox", "--clones", "--lang", "en"),
        *("--licence", "MIT", "--purpose", "research"),
    ),
    ("model", "history"): ("production",),
    ("model", "impact"): ("tone",),
    ("model", "list"): (),
    ("model", "promote"): ("tone", "--to", "production", "--reason", "it"),
    ("model", "remove"): ("other",),
    ("model", "rollback"): ("production",),
    ("model", "show"): ("tone",),
    ("model", "verify"): ("tone",),
    ("voice", "get"): ("whisper-base",),
    ("rerender",): ("--pin", "tone", "--with", "espeak"),
    ("verify",): ("mine",),
    ("gate", "import"): ("gate-1", "scores.csv"),
    ("gate", "learn"): ("demo-voice@1",),
    ("gate", "list"): (),
    ("gate", "listen"): ("gate-1",),
    ("gate", "resume"): ("gate-1",),
    ("gate", "run"): ("tone", "--against", "espeak"),
    ("gate", "show"): ("gate-1",),
    ("gate", "verdict"): ("gate-1",),
    ("warm",): ("mine",),
    ("worker",): (),
    ("serve",): (),
    ("key", "add"): ("crm", "--scope", "read"),
    ("key", "list"): (),
    ("key", "revoke"): ("crm",),
    ("db", "check"): (),
    ("db", "upgrade"): (),
}
"""Every command that opens the database, with what brings it there."""
WITHOUT = {
    *{("init",), ("check",), ("inspect",), ("schema",), ("normalise",), ("doctor",), ("marks", "check")},
    *{("marks", "test-certificate"), ("webhooks", "secret"), ("evidence", "key"), ("evidence", "verify")},
    *{("webhooks", "test"), ("model", "convert"), ("model", "pull"), ("preset", "clips")},
    *{("voice", "list"), ("voice", "show")},
}
"""Those that open none."""


@pytest.fixture(scope="module")
def server() -> Iterator[SpeechServer]:
    with speech_server() as running:
        yield running


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_checkpoint(tmp_path_factory.mktemp("weights") / "f5")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: SpeechServer, weights: Path) -> Path:
    """Of an installation that was used, beside files that commands are given."""
    monkeypatch.setenv("CAMPAIGN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CAMPAIGN_SECRET", "5e" * 32)
    monkeypatch.chdir(tmp_path)
    build.installation(tmp_path / "home").close()
    build.write_csv(tmp_path / "people.csv", build.people(2))
    (tmp_path / "campaign.toml").write_text(BRIEF)
    (tmp_path / "hello.txt").write_text("Hello {{ name }}.")
    (tmp_path / "names.tsv").write_text("written\talias\nSiobhan\tShivawn\n")
    (tmp_path / "scores.csv").write_text("item,listener,score\n")
    (tmp_path / "weights").symlink_to(weights)
    monkeypatch.setitem(COMMANDS, ("model", "connect"), (server.url, *COMMANDS["model", "connect"][1:]))
    voices.write_recording(tmp_path / "voice.wav")
    voices.write_consent(tmp_path)
    return tmp_path / "home"


def database(home: Path) -> Path:
    return home / "campaign.sqlite"


def sql(home: Path, *statements: str) -> None:
    with closing(sqlite3.connect(database(home), isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def garbage(home: Path) -> None:
    database(home).write_bytes(bytes(range(256)) * 64)


def wrong_header(home: Path) -> None:
    with database(home).open("r+b") as file:
        file.write(b"SQLite format 4\0")


def first_page_damaged(home: Path) -> None:
    with database(home).open("r+b") as file:
        file.seek(100)
        file.write(b"\xff" * 400)


def truncated(home: Path) -> None:
    with database(home).open("r+b") as file:
        file.truncate(5000)


def cut_to_a_byte(home: Path) -> None:
    with database(home).open("r+b") as file:
        file.truncate(1)


def a_directory(home: Path) -> None:
    database(home).unlink()
    database(home).mkdir()


def newer(home: Path) -> None:
    sql(home, "UPDATE alembic_version SET version_num = '9999'")


def unknown_revision(home: Path) -> None:
    sql(home, "UPDATE alembic_version SET version_num = 'ae1027a6acf'")


def two_revisions(home: Path) -> None:
    sql(home, "INSERT INTO alembic_version VALUES ('0001')")


def no_revision(home: Path) -> None:
    sql(home, "DELETE FROM alembic_version")


def of_another_program(home: Path) -> None:
    database(home).unlink()
    sql(home, "CREATE TABLE orders (number INTEGER)")


def with_a_strange_log(home: Path) -> None:
    """The write-ahead log of another database lies where this one's would be: SQLite would write it into it."""
    other = home / "other.sqlite"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE orders (number INTEGER)")
        connection.commit()
        shutil.copy(f"{other}-wal", f"{database(home)}-wal")


def a_table_missing(home: Path) -> None:
    sql(home, "PRAGMA foreign_keys = OFF", "DROP TABLE presets")


DAMAGES: dict[Callable[[Path], None], str] = {
    garbage: "put a backup in its place",
    wrong_header: "put a backup in its place",
    first_page_damaged: "put a backup in its place",
    truncated: "put a backup in its place",
    cut_to_a_byte: "put a backup in its place",
    a_directory: "Move it away",
    newer: "Upgrade the program",
    unknown_revision: "put a backup in its place",
    two_revisions: "Put a backup in its place",
    no_revision: "Put a backup in its place",
    of_another_program: "CAMPAIGN_DATABASE_URL",
    with_a_strange_log: "Move campaign.sqlite-wal and campaign.sqlite-shm away",
    a_table_missing: "campaign doctor",
}


def test_every_command_is_walked() -> None:
    every = set(commands(cli, (), click.Context(cli)))
    assert every - WITHOUT == COMMANDS.keys()


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_database_that_cannot_be_used_is_told_with_its_mend(home: Path, command: tuple[str, ...]) -> None:
    whole = database(home).read_bytes()
    for damage, mend in DAMAGES.items():
        damage(home)
        done = run(*command, *COMMANDS[command])
        assert done.code == exits.UNAVAILABLE, f"{damage.__name__}: {done}"
        assert mend in done.err, f"{damage.__name__}: {done.err}"
        for left in home.glob("campaign.sqlite*"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        database(home).write_bytes(whole)


@pytest.mark.parametrize("damage", DAMAGES)
def test_doctor_says_what_is_wrong_with_a_database(home: Path, damage: Callable[[Path], None]) -> None:
    damage(home)
    before = database(home).read_bytes() if database(home).is_file() else b""
    done = run("doctor", "--json")
    assert done.code == exits.UNHEALTHY
    bad = [finding for finding in done.json if finding["level"] == "bad"]
    assert {finding["what"] for finding in bad} <= {"database", "sqlite"} and bad
    assert all(finding["found"] and not finding["found"].startswith("it could not") for finding in bad)
    assert (database(home).read_bytes() if database(home).is_file() else b"") == before, "nothing was changed"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_home_that_cannot_be_made_is_told_with_its_mend(
    home: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    (home.parent / "file").write_text("in the way")
    monkeypatch.setenv("CAMPAIGN_HOME", str(home.parent / "file" / "home"))
    done = run(*command, *COMMANDS[command])
    assert (done.code, "CAMPAIGN_HOME" in done.err) == (exits.UNAVAILABLE, True), done


def test_an_empty_file_is_a_database_to_be(home: Path) -> None:
    database(home).write_bytes(b"")
    assert {
        finding["level"] for finding in run("doctor", "--json").json if finding["what"] == "database"
    } == {"good"}
    assert run("list").code == exits.OK
    assert run("db", "check").code == exits.OK


def test_an_older_schema_is_told_by_doctor_and_brought_up_by_the_next_command(home: Path) -> None:
    from alembic import command
    from alembic.config import Config

    from storage.resources import data_folder
    from storage.session import Database

    database(home).unlink()
    opened = Database(f"sqlite:///{database(home)}")
    config = Config()
    config.set_main_option("script_location", str(data_folder("alembic")))
    with opened.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
    opened.close()
    (found,) = [finding for finding in run("doctor", "--json").json if finding["what"] == "database"]
    assert (
        found["level"],
        f"is at schema 0005: the next command brings it to {schema.HEAD}" in found["found"],
    ) == (
        "note",
        True,
    )
    assert run("list").code == exits.OK
    assert run("db", "check", "--json").json == {"is": schema.HEAD}
