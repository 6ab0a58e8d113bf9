"""Documents and files from strangers: bounded before they are held, and with one reading or none.

    read_bounded     a plain file, not larger than it may be
    read_document    JSON in UTF-8: no key twice, no NaN, no half characters, no number or depth beyond all measure

What is wrong is a ValueError that says where; whose file it is and what to do is the caller's to add.
"""

from __future__ import annotations

import json
import math
import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from pydantic import JsonValue

from workers.mends import shown

BLOCK_BYTES = 1 << 20
DEEPEST = 64
"""Lists and tables within each other."""
LONGEST_NUMBER = 40
"""Characters of a number."""
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.S)


def read_bounded(path: Path, *, most_bytes: int) -> bytes:
    """All of a plain file; raises OSError, and ValueError for one that is larger, or is no plain file."""
    descriptor = os.open(
        path, os.O_RDONLY | os.O_NONBLOCK
    )  # a pipe that nobody writes into would wait for ever
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise ValueError("it is no plain file")
        if os.fstat(descriptor).st_size > most_bytes:
            raise ValueError(f"it has more than {_size(most_bytes)}")
        data = bytearray()
        while block := stream.read(BLOCK_BYTES):  # a read of `most_bytes` would take that much memory
            data += block
            if len(data) > most_bytes:
                raise ValueError(f"it has more than {_size(most_bytes)}")
    return bytes(data)


def _size(size_bytes: int) -> str:
    return f"{size_bytes >> 20} MiB" if size_bytes >= 1 << 20 else f"{size_bytes:,} bytes"


def read_document(data: str | bytes) -> JsonValue:
    """The document; raises ValueError with its line, column or key for what has no one reading."""
    try:
        text = data if isinstance(data, str) else data.decode("utf-8")
    except UnicodeDecodeError as exc:
        raise ValueError(f"it is not UTF-8 at byte {exc.start:,}") from exc
    _refuse_depth(text)
    try:
        document = json.loads(
            text,
            object_pairs_hook=_each_once,
            parse_constant=_constant,
            parse_float=_float,
            parse_int=_int,
        )
    except json.JSONDecodeError as exc:
        raise ValueError(f"{exc.msg} at line {exc.lineno}, column {exc.colno}") from exc
    if "\\ud" in text.lower():
        try:
            json.dumps(document, ensure_ascii=False).encode()
        except UnicodeEncodeError as exc:
            raise ValueError("it holds half of a character") from exc
    return cast("JsonValue", document)


def _refuse_depth(text: str) -> None:
    depth = 0
    for match in _BRACKETS.finditer(text):
        sign = match[0]
        depth += (sign in "[{") - (sign in "]}")
        if depth > DEEPEST:
            line = text.count("\n", 0, match.start()) + 1
            raise ValueError(f"line {line} has more than {DEEPEST} lists and tables within each other")


def _each_once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    table: dict[str, object] = {}
    for key, value in pairs:
        if key in table:
            raise ValueError(f"the key {shown(key)} stands twice in one table")
        table[key] = value
    return table


def _constant(name: str) -> object:
    raise ValueError(f"{name} is no number of JSON")


def _float(written: str) -> float:
    number = float(written) if len(written) <= LONGEST_NUMBER else math.inf
    if not math.isfinite(number):
        raise ValueError(f"{written[:LONGEST_NUMBER]} is a number beyond all measure")
    return number


def _int(written: str) -> int:
    if len(written) > LONGEST_NUMBER:
        raise ValueError(f"a number of {len(written):,} figures")
    return int(written)
