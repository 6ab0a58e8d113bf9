"""Commands around a measurement: real processes."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from campaign.errors import ConditionsError
from campaign.gate.conditions import Commands, ask_neighbour, under_conditions

PYTHON = sys.executable


def appending(path: Path, word: str) -> str:
    return f"{PYTHON} -c \"open('{path}', 'a').write('{word} ')\""


def test_before_comes_first_and_after_at_the_end_whatever_happened(tmp_path: Path) -> None:
    log = tmp_path / "log"
    commands = Commands(before=appending(log, "before"), after=appending(log, "after"))
    with under_conditions(commands, device="cpu"), log.open("a") as stream:
        stream.write("work ")
    with pytest.raises(ZeroDivisionError), under_conditions(commands, device="cpu"):
        1 / 0  # noqa: B018
    assert log.read_text() == "before work after before after "


def test_nothing_is_measured_when_before_fails(tmp_path: Path) -> None:
    commands = Commands(before=f"{PYTHON} -c \"raise SystemExit('no pause')\"")
    with (
        pytest.raises(ConditionsError, match=r"--before: .* ended with 1: no pause"),
        under_conditions(commands, device="cpu"),
    ):
        pytest.fail("measured")


def test_a_neighbours_latency_before_and_during_gives_its_drift(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    code = (
        f"import pathlib; p = pathlib.Path('{calls}'); n = len(p.read_text()) if p.exists() else 0; "
        "p.write_text('x' * (n + 1)); print(10 if n < 5 else 13)"
    )
    with under_conditions(Commands(neighbour=f'{PYTHON} -c "{code}"'), device="cpu") as observations:
        while not observations.neighbour_during_ms:
            pass
    assert observations.numbers() == {"neighbour_drift": 1.3}


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        (f'{PYTHON} -c "print(1, 2)"', "must print one number"),
        (f'{PYTHON} -c "print(-1)"', "a latency is above 0"),
        ("no-such-program", "cannot be run"),
        (f'{PYTHON} -c "print(1); raise SystemExit(3)"', "ended with 3"),
    ],
)
def test_a_neighbour_that_says_no_latency_is_an_error(command: str, complaint: str) -> None:
    with pytest.raises(ConditionsError, match=complaint):
        ask_neighbour(command)


def test_a_neighbour_that_dies_meanwhile_is_an_error(tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    code = (
        f"import pathlib; p = pathlib.Path('{calls}'); n = len(p.read_text()) if p.exists() else 0; "
        "p.write_text('x' * (n + 1)); print(10 if n < 5 else '-')"
    )
    with (
        pytest.raises(ConditionsError, match="must print one number"),
        under_conditions(Commands(neighbour=f'{PYTHON} -c "{code}"'), device="cpu"),
    ):
        while len(calls.read_text()) < 6:
            pass
