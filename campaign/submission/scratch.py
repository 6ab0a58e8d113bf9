"""Tables on disk for what a file may hold too much of: SQLite's own temporary database, gone with the process."""

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
