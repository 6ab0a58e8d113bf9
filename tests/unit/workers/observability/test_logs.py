"""Log lines: what they are about, and what is blotted out of them."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from workers.observability.logs import JsonFormatter, TextFormatter, about, redacted


def record(message: str, *, failing: bool = False) -> logging.LogRecord:
    info = None
    if failing:
        try:
            raise ValueError("redis://:hunter2@host:6379 refused")
        except ValueError:
            info = sys.exc_info()
    return logging.LogRecord("workers.pipeline", logging.WARNING, __file__, 1, message, None, info)


def test_json_line_says_what_it_is_about() -> None:
    with about(campaign="autumn", trace_id="4bf9"):
        line = json.loads(JsonFormatter().format(record("a store failed")))
    assert line["message"] == "a store failed"
    assert (line["level"], line["logger"]) == ("warning", "workers.pipeline")
    assert (line["campaign"], line["trace_id"]) == ("autumn", "4bf9")
    assert "campaign" not in json.loads(JsonFormatter().format(record("after")))


def test_text_line_says_what_it_is_about() -> None:
    with about(campaign="autumn"):
        assert TextFormatter().format(record("x")) == "WARNING workers.pipeline: x [campaign=autumn]"
    assert TextFormatter().format(record("x")) == "WARNING workers.pipeline: x"


@pytest.mark.parametrize("formatter", [JsonFormatter(), TextFormatter()])
def test_password_in_a_url_is_blotted_out_of_line_and_traceback(formatter: logging.Formatter) -> None:
    line = formatter.format(record("postgresql://me:s3cr!t@db/x", failing=True))
    assert "s3cr!t" not in line
    assert "hunter2" not in line
    assert "Traceback" in line


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("at redis://:pw@h/0", "at redis://:***@h/0"),
        (
            "postgresql+psycopg://me:p@h and s3://bucket/a:b",
            "postgresql+psycopg://me:***@h and s3://bucket/a:b",
        ),
        ("https://host:8080/path?x=a@b", "https://host:8080/path?x=a@b"),
    ],
)
def test_only_passwords_are_blotted_out(given: str, expected: str) -> None:
    assert redacted(given) == expected
