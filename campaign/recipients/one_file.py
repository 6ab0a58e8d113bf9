"""One open file: its digest and its rows come from the same bytes, whatever happens to its name meanwhile."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import stat
import sys
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING

from campaign.errors import RecipientsError
from storage.scratch import unnamed_file
from workers.printable import printable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BLOCK_BYTES = 1 << 20
FIRST_BLOCK_BYTES = 1 << 16
"""What decides of which kind a file is."""
SHOWN_NAME_CHARACTERS = 120
COPIED_LIMIT_BYTES = 16 << 30
"""Of what can be read only once."""


class OneFile:
    """A file that was opened once: every reading has its own place in it."""

    def __init__(self, descriptor: int, label: str) -> None:
        self._descriptor = descriptor
        self.label = label
        """Its name, for people."""
        self._state = _state(descriptor)

    @property
    def size_bytes(self) -> int:
        """When it was opened."""
        return self._state[0]

    @cached_property
    def first_block(self) -> bytes:
        """Its first bytes."""
        return os.pread(self._descriptor, FIRST_BLOCK_BYTES, 0)

    def reader(self) -> ByteReader:
        """Its bytes from the first one on."""
        return ByteReader(self._descriptor)

    @cached_property
    def sha256(self) -> str:
        """Of its bytes; the file is read for it once."""
        with self.reader() as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def require_unchanged(self) -> None:
        """Raise `RecipientsError` where somebody wrote into it since it was opened."""
        if _state(self._descriptor) != self._state:
            raise self.changed()

    def changed(self) -> RecipientsError:
        """The error of a file that did not stay as it was."""
        return RecipientsError(
            f"{self.label} was written to while it was read, so its rows are of no one state. Nothing was submitted. "
            "Wait until it is whole, or copy it, and give the command again."
        )


class ByteReader(io.RawIOBase):
    """A reading of a file from its first byte, apart from every other; digests what it reads."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._place = 0
        self._digest = hashlib.sha256()
        self._digested = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes: for containers whose table stands at their end."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go on elsewhere."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: os.fstat(self._descriptor).st_size}
        self._place = base[whence] + offset
        return self._place

    def tell(self) -> int:
        """How many bytes stand before the next."""
        return self._place

    def readinto(self, buffer: WriteableBuffer) -> int:
        """The next bytes."""
        count = os.preadv(self._descriptor, [buffer], self._place)
        if self._place == self._digested:
            self._digest.update(memoryview(buffer)[:count])
            self._digested += count
        self._place += count
        return count

    def rest(self) -> str:
        """The sha256 of the whole file, once what nobody asked for is read as well."""
        self.seek(self._digested)
        while self.read(BLOCK_BYTES):
            pass
        return self._digest.hexdigest()


@contextlib.contextmanager
def one_file(
    source: str, *, fetch: Callable[[str], bytes] | None = None, label: str | None = None
) -> Iterator[OneFile]:
    """Open a path, `-` or an `s3://` URL (read by `fetch`); raises `RecipientsError` when it cannot be.

    What can be read only once (standard input, a pipe) is copied into a file without a name first.
    """
    name = label or source.rstrip("/").rsplit("/", 1)[-1]
    with contextlib.ExitStack() as stack:
        if source == "-":
            name = label or "standard input"
            stream = stack.enter_context(_copied(sys.stdin.buffer, name))
        elif source.startswith("s3://"):
            if fetch is None:
                raise RecipientsError(f"{source}: no store is set up to read it. Copy the file here first.")
            stream, _ = stack.enter_context(unnamed_file())
            stream.write(fetch(source))
            stream.flush()
        else:
            stream = stack.enter_context(_opened(Path(source), label or source))
        yield OneFile(stream.fileno(), printable(name)[:SHOWN_NAME_CHARACTERS])


@contextlib.contextmanager
def _opened(path: Path, label: str) -> Iterator[IO[bytes]]:
    with contextlib.ExitStack() as stack:
        try:
            stream: IO[bytes] = stack.enter_context(path.open("rb"))
            mode = os.fstat(stream.fileno()).st_mode
            if (stat.S_ISCHR(mode) or stat.S_ISBLK(mode)) and not stream.isatty():
                raise RecipientsError(
                    f"{label} is a device and no file. Give a file, or - for standard input."
                )
            if not stat.S_ISREG(mode):
                stream = stack.enter_context(_copied(stream, label))
        except (OSError, ValueError) as exc:  # ValueError: a NUL in the name
            reason = exc.strerror if isinstance(exc, OSError) else exc
            raise RecipientsError(
                f"{label} cannot be read: {reason}. Check the name.{_beside(path)}"
            ) from exc
        yield stream


def _beside(path: Path) -> str:
    """Files of the same folder that may have been meant."""
    import difflib

    with contextlib.suppress(OSError, ValueError):
        names = [entry.name for entry in path.parent.iterdir() if entry.is_file()]
        close = difflib.get_close_matches(path.name, names, n=2)
        if close:
            return f" Beside it lies {' and '.join(map(printable, close))}."
    return ""


@contextlib.contextmanager
def _copied(stream: IO[bytes], label: str) -> Iterator[IO[bytes]]:
    with unnamed_file() as (copy, _):
        while block := stream.read(BLOCK_BYTES):
            if copy.tell() > COPIED_LIMIT_BYTES:
                raise RecipientsError(
                    f"{label} does not end: {COPIED_LIMIT_BYTES:,} bytes came. Write it into a file and give that."
                )
            copy.write(block)
        copy.flush()
        yield copy


def _state(descriptor: int) -> tuple[int, int]:
    status = os.fstat(descriptor)
    return status.st_size, status.st_mtime_ns
