"""Documents and files from strangers: bounded before they are held, and with one reading or none.

    read_bounded     a plain file, not larger than it may be
    decoded          text in UTF-8, or in UTF-16 or UTF-32 as its first bytes show; XML also as it declares
    read_document    JSON in UTF-8: no key twice, no NaN, no half characters, no number or depth beyond all measure

What is wrong is a ValueError that says where; whose file it is and what to do is the caller's to add.
"""

from __future__ import annotations

import codecs
import contextlib
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


_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"\A\s*<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")


def decoded(data: bytes, *, is_xml: bool = False) -> str:
    """The text; raises ValueError with the place and the mend for what is none, or is one in two ways.

    A byte order mark decides, or zeros as only UTF-16 has them; then, in XML, the declaration; else it is UTF-8.
    """
    encoding = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "")
    if not encoding and len(data) >= 2 and (data[0] == 0) != (data[1] == 0):
        encoding = "utf-16-le" if data[1] == 0 else "utf-16-be"
    match = _DECLARED.match(data) if is_xml and not encoding else None
    if match is not None and not re.match(rb"utf-?(?:8|16|32)|us-ascii|ucs-|iso-10646", match[1].lower()):
        return _as_declared(data, match[1].decode())
    try:
        return data.decode(encoding or "utf-8")
    except UnicodeDecodeError as exc:
        before = data[: exc.start].decode("utf-8", "replace") if not encoding else ""
        place = f"line {before.count(chr(10)) + 1}" if not encoding else f"byte {exc.start:,}"
        name = encoding.partition("-sig")[0].upper() or "UTF-8"
        raise ValueError(f"it is not {name} at {place}; save it as UTF-8") from exc


def _as_declared(data: bytes, name: str) -> str:
    """XML in an encoding that it names, unless the bytes are UTF-8 as well and say something else."""
    try:
        text = data.decode(name)
    except LookupError as exc:
        raise ValueError(
            f"it declares the encoding {name}, which nothing here reads; save it as UTF-8"
        ) from exc
    except UnicodeDecodeError as exc:
        raise ValueError(
            f"it declares {name} and is not {name} at byte {exc.start:,}; save it as UTF-8 and declare UTF-8"
        ) from exc
    with contextlib.suppress(UnicodeDecodeError):
        if (other := data.decode("utf-8")) != text:
            start = next(
                index for index, pair in enumerate(zip(text, other, strict=False)) if pair[0] != pair[1]
            )
            words = [_word(one, start) for one in (text, other)]
            raise ValueError(
                f"it declares {name}, by which it says {shown(words[0])}, and is UTF-8 as well, by which it says "
                f"{shown(words[1])}; declare the one that is meant"
            )
    return text


def _word(text: str, start: int) -> str:
    """The word around a place."""
    head, tail = re.split(r"[\s<>]", text[:start])[-1], re.split(r"[\s<>]", text[start:])[0]
    return head + tail


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
