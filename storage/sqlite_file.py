"""The SQLite database as a file: its folder, what lies beside it, and the mend for each way in which it fails."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Final

from storage.errors import DamagedDatabaseError, DatabaseError

ROLLBACK_JOURNAL: Final = b"\1\1"
"""Bytes 18 and 19 of a database that keeps no write-ahead log: https://sqlite.org/fileformat2.html"""
HEAD_BYTES: Final = 20
SMALLEST_BYTES: Final = 512
"""One page. SQLite takes a file of a byte for an empty one, in which it would begin anew."""
DAMAGE: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
LOCKED: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
MENDS: Final = {
    sqlite3.SQLITE_BUSY: "Another process uses it for long: let it finish, then give the same command again.",
    sqlite3.SQLITE_FULL: "Free space on its disk, then give the same command again.",
    sqlite3.SQLITE_IOERR: "Look at its disk: it is full, or it fails. Then give the same command again.",
    sqlite3.SQLITE_READONLY: "Give this user the right to write it and its folder, or name another with CAMPAIGN_HOME.",
    sqlite3.SQLITE_PERM: "Give this user rights to it and its folder, or name another with CAMPAIGN_HOME.",
    sqlite3.SQLITE_CANTOPEN: "Give this user rights to it and its folder, or name another with CAMPAIGN_HOME.",
    sqlite3.SQLITE_TOOBIG: "A value is larger than SQLite takes: shorten it.",
}


def make_folder(path: Path) -> None:
    """Make the folder of a database that is to be. Raises `DatabaseError`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise DatabaseError(
            f"the database's folder {path.parent} cannot be made: {exc.strerror}. "
            "Name another with CAMPAIGN_HOME, or give this user rights to it."
        ) from exc


def check(path: Path, *, keeps_log: bool) -> None:
    """Look at what SQLite would take for its own and spoil, before it opens the file. Nothing is written.

    `keeps_log`: whether this process opens it with a write-ahead log. Raises `DamagedDatabaseError` or `DatabaseError`.

    The file itself is never opened here: to close it would drop the locks that SQLite has on it in this process
    (https://sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
    """
    log, index = (path.with_name(f"{path.name}{ending}") for ending in ("-wal", "-shm"))
    try:
        if path.is_dir():
            raise DatabaseError(f"the database {path} is a directory. {_OTHER_PLACE}")
        if path.exists() and not path.is_file():
            raise DatabaseError(f"the database {path} is a device or pipe and no file. {_OTHER_PLACE}")
        size = path.stat().st_size if path.exists() else 0
        is_odd = log.exists() and log.stat().st_size > 0 and not (keeps_log and index.exists())
    except OSError as exc:
        raise DatabaseError(f"the database {path} cannot be read: {exc.strerror}. {_OTHER_PLACE}") from exc
    if 0 < size < SMALLEST_BYTES:
        raise DamagedDatabaseError(
            f"the database {path} has {size} bytes: it was cut off. {mend_damage(path)}"
        )
    if is_odd and _read_elsewhere(path)[18:20] in (ROLLBACK_JOURNAL, b""):
        raise DamagedDatabaseError(
            f"beside the database lies {log}, the write-ahead log of another one: it would be written into it. "
            f"Move {log.name} and {index.name} away, then give the same command again."
        )


def _read_elsewhere(path: Path) -> bytes:
    """The first bytes of a file, read by another process; nothing where it cannot be read."""
    code = f"import sys; sys.stdout.buffer.write(open(sys.argv[1], 'rb').read({HEAD_BYTES}))"
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, str(path)], capture_output=True, check=False
    ).stdout


_OTHER_PLACE: Final = "Move it away, or name another home with CAMPAIGN_HOME."


def is_damage(code: int | None) -> bool:
    """Whether a driver's code says that the file is not a whole database."""
    return code is not None and code & 0xFF in DAMAGE


def mend_of(code: int | None, path: str) -> str:
    """What mends a driver's code (extended ones too); empty where that is not known."""
    if is_damage(code):
        return mend_damage(Path(path))
    return "" if code is None else MENDS.get(code & 0xFF, "")


def problem_of(path: Path) -> str | None:
    """The first thing that SQLite finds wrong with a file that it reads through; None where all is well.

    What only says that the file is in use or cannot be opened is no damage.
    """
    try:
        check(path, keeps_log=False)
        with contextlib.closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        ) as connection:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except DatabaseError:
        return None  # whoever opens it says so
    except sqlite3.Error as exc:
        return str(exc) if is_damage(getattr(exc, "sqlite_errorcode", None)) else None
    return None if found == "ok" else str(found)


def mend_damage(path: Path) -> str:
    """What to do about a damaged file: nothing here touches it."""
    log = path.with_name(f"{path.name}-wal")
    left = (
        f"Was it put in the place of another? Then move {log.name} and {path.name}-shm away. "
        if log.exists()
        else ""
    )
    return (
        f"{left}Stop what works on it and put a backup in its place, or save what can be read: "
        f"`sqlite3 {path} .recover | sqlite3 saved.sqlite`. To begin anew, move it away."
    )
