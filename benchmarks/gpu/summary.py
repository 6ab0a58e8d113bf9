"""Expected beside measured, for people."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.gpu.lines import BEGUN, DIED, DONE, FAILED, LEFT_OUT

EXPECTED = Path(__file__).parent / "expected.toml"
OF_ANY_DEVICE = ("relative L2", "yes", "budgets", "exit code")
"""Units of what is promised everywhere; the others are one card's."""
ENDS = (BEGUN, DONE, FAILED, DIED, LEFT_OUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """A number that was written down before it was measured."""

    name: str
    part: str
    what: str
    where: Mapping[str, Any]
    """Facts that the line of JSON must have."""
    fact: str
    """The fact that is meant."""
    low: float
    high: float
    unit: str
    source: str = ""

    def measured(self, lines: Sequence[Mapping[str, Any]]) -> float | None:
        """The last line that it fits; None where there is none."""
        found = None
        for line in lines:
            if (line["part"].partition("-")[0], line["what"]) != (self.part, self.what):
                continue
            if all(line.get(name) == value for name, value in self.where.items()):
                value = line.get(self.fact)
                found = None if value is None else float(value)
        return found

    def verdict(self, value: float | None, *, on_cuda: bool) -> str:
        """In a word."""
        if value is None:
            return "not measured"
        if not on_cuda and self.unit not in OF_ANY_DEVICE:
            return "another device"
        if value < self.low:
            return "LOWER"
        return "HIGHER" if value > self.high else "as expected"


def expectations(path: Path = EXPECTED) -> list[Expectation]:
    """All of the file; raises `TypeError` for an entry that lacks something."""
    with path.open("rb") as file:
        return [Expectation(**entry) for entry in tomllib.load(file)["expect"]]


def summary(
    lines: Sequence[Mapping[str, Any]],
    parts: Sequence[str],
    expected: Sequence[Expectation],
    *,
    on_cuda: bool,
) -> Iterator[str]:
    """How each part ended, expected beside measured, and every measurement that is no mere end."""
    yield "== parts"
    for part in parts:
        yield f"{part:<20} {_end_of(part, lines)}"
    yield "== expected beside measured (one H100, before any GPU had seen this code)"
    for one in expected:
        value = one.measured(lines)
        shown = "-" if value is None else f"{value:.4g}"
        span = f"{one.low:g} to {one.high:g}"
        yield f"{one.name:<56} {span:>20} {shown:>12} {one.unit:<14} {one.verdict(value, on_cuda=on_cuda)}"
    yield "== measured"
    for line in lines:
        if line["what"] not in ENDS:
            facts = " ".join(
                f"{name}={value}"
                for name, value in line.items()
                if name not in ("part", "what", "at", "trace")
            )
            yield f"{line['part']}: {line['what']}: {facts}"[:500]


def _end_of(part: str, lines: Sequence[Mapping[str, Any]]) -> str:
    ends = [line for line in lines if line["part"] == part and line["what"] in ENDS]
    if not ends:
        return "never begun"
    last = ends[-1]
    if last["what"] == DONE:
        return f"done in {last['s']} s"
    return f"{str(last['what']).upper()}: {last.get('problem') or last.get('how') or ''}"
