"""Logs for machines and people: one JSON object a line or plain text, with the trace and campaign that a line is about.

The standard library's logging, so that every library's lines come out the same way. Passwords in URLs are masked
in every line, whoever wrote it, and what would steer a terminal is written out; ids and codes are all that this
program's own lines hold of a recipient.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextvars import ContextVar

from workers.printable import printable, printable_json, printable_lines

FORMATS = ("text", "json")
_PASSWORD = re.compile(r"(?P<before>[a-z][a-z0-9+.-]{0,30}://[^\s/:@]*:)[^\s@/]+(?=@)", re.IGNORECASE)
_about: ContextVar[Mapping[str, str]] = ContextVar("about", default={})  # noqa: B039 - never changed in place


def redacted(text: str) -> str:
    """`text` without the passwords of the URLs in it."""
    return _PASSWORD.sub(r"\g<before>***", text)


@contextlib.contextmanager
def about(**facts: str) -> Iterator[None]:
    """Name what the lines of this block are about: `trace_id`, `campaign`. Holds for this thread."""
    token = _about.set({**_about.get(), **facts})
    try:
        yield
    finally:
        _about.reset(token)


class TextFormatter(logging.Formatter):
    """`WARNING workers.pipeline: words [campaign=autumn trace_id=4bf9...]`."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and a traceback where there is one."""
        facts = " ".join(f"{name}={value}" for name, value in _about.get().items())
        line = f"{record.levelname} {record.name}: {record.getMessage()}"
        line = printable(line + (f" [{facts}]" if facts else ""))
        return redacted(line + printable_lines(_traceback(self, record)))


class JsonFormatter(logging.Formatter):
    """One object a line: t, level, logger, message, process, and what the line is about."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        document = {
            "t": f"{moment}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redacted(record.getMessage()),
            "process": record.process,
            **_about.get(),
        }
        if traceback := _traceback(self, record):
            document["traceback"] = redacted(traceback.strip())
        return printable_json(json.dumps(document, ensure_ascii=False))


def _traceback(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    return f"\n{formatter.formatException(record.exc_info)}" if record.exc_info else ""


def configure(level: int, form: str) -> None:
    """Write every logger's lines from `level` on to stderr, as `text` or `json`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for library in ("dramatiq", "urllib3"):  # what they warn of is tried again, or told as an error of ours
        logging.getLogger(library).setLevel(logging.ERROR)
