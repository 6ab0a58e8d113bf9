"""Every code that a row can end with is explained to people."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from campaign.report.reasons import REASONS, reason_of
from tests import ROOT

CODE = re.compile("[a-z]+(-[a-z]+)*")

RAISED_WITH_A_CODE = {
    "FieldError",
    "RenderError",
    "SpeechError",
    "UnreadableValueError",
    "FinishError",
    "error",
}
"""Their first argument is the code; `error` is the speech front end's, which adds the place."""
ENDED_WITH_A_CODE = {"SynthesisFailure", "Failure"}
"""Their `code=` is the code."""
WITHOUT_A_CALL = {
    "suppression-list",  # campaign/submission/draft.py: a row that is not wanted
    "killed-its-worker",  # storage/queue/leases.py: set in the database
    "engine-crashed",  # workers/engines: chosen among codes
}


def test_every_code_in_the_source_has_a_reason() -> None:
    found = WITHOUT_A_CALL | {code for path in _sources() for code in _codes(path)}
    assert len(found) > 40
    assert found - set(REASONS) == set()


def test_every_reason_belongs_to_a_code() -> None:
    literals = {text for path in _sources() for text in _literals(path)}
    assert set(REASONS) - literals == set()


def test_reasons_are_sentences() -> None:
    assert [
        reason for reason in REASONS.values() if not reason.endswith(".") or not reason[0].isupper()
    ] == []


def test_code_of_a_third_party_engine_is_shown_as_words() -> None:
    assert reason_of("voice-on-strike") == "Voice on strike."


def _sources() -> Iterator[Path]:
    for layer in ("campaign", "workers", "storage"):
        for path in (ROOT / layer).rglob("*.py"):
            if path.name != "reasons.py":
                yield path


def _codes(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        candidates = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
        if called in RAISED_WITH_A_CODE:
            candidates += node.args[:1]
        elif called not in ENDED_WITH_A_CODE:
            continue
        for value in candidates:
            written = value.value if isinstance(value, ast.Constant) else None
            if isinstance(written, str) and CODE.fullmatch(written):
                yield written


def _literals(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
