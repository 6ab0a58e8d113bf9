"""Tables on disk for what is too much for memory: without a name, gone with the process."""

from __future__ import annotations

import hashlib
import sqlite3


class ScratchTable:
    """One table on disk, for one thread. No file of it has a name, so nothing is left when the process is killed."""

    def __init__(self, columns: str) -> None:
        """`columns` as CREATE TABLE takes them."""
        self.rows = sqlite3.connect("", isolation_level=None)
        self.rows.execute("PRAGMA journal_mode = OFF")
        self.rows.execute("PRAGMA synchronous = OFF")
        self.rows.execute(f"CREATE TABLE scratch ({columns}) WITHOUT ROWID")
        self.rows.execute("BEGIN")

    def close(self) -> None:
        """Forget it."""
        self.rows.close()


def short_digest(text: str) -> bytes:
    """What stands for a text of any length in a scratch table, 16 bytes."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class SeenIds:
    """Which ids came before: a million ids cost no memory."""

    def __init__(self) -> None:
        self._table = ScratchTable("id BLOB PRIMARY KEY, row INTEGER")

    def first_row(self, external_id: str, row: int) -> int:
        """The first row that had this id; `row` itself when it is new."""
        name = short_digest(external_id)
        added = self._table.rows.execute("INSERT OR IGNORE INTO scratch VALUES (?, ?)", (name, row)).rowcount
        if added:
            return row
        first: int = self._table.rows.execute("SELECT row FROM scratch WHERE id = ?", (name,)).fetchone()[0]
        return first

    def close(self) -> None:
        """Forget them."""
        self._table.close()
