"""A PostgreSQL cursor whose statements are each answered before the next is sent.

psycopg sends the statements of an `executemany` as a pipeline that ends in a Flush behind its Sync. The server has
armed its idle-in-transaction timer by then, reads the Flush, disarms it and arms it no more before the next statement:
a process that is stopped there holds its locks for ever (measured with psycopg 3.3.9 on PostgreSQL 18).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import psycopg
from psycopg.abc import Params, Query


class AnsweredCursor(psycopg.Cursor[tuple[Any, ...]]):
    """As above."""

    def executemany(self, query: Query, params_seq: Iterable[Params], *, returning: bool = False) -> None:
        """Each by itself; the second to the last are prepared."""
        if returning:
            raise NotImplementedError("nothing here asks for the rows of many statements")
        for params in params_seq:
            self.execute(cast("str | bytes", query), params)
