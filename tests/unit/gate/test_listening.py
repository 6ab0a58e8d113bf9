"""Trials, hidden repeats, and scores from a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign.errors import ConflictError, InputError
from campaign.gate.listening import import_scores, keep_score, steadiness, trials_of
from storage.installation import Installation
from storage.registry import gates as gate_rows
from tests.unit.gate import gates
from tests.unit.gate.gates import PROMPTS, score


def test_each_listener_has_an_order_of_their_own_that_never_changes(installed: Installation) -> None:
    gate = gates.gate(installed)
    ann = trials_of(gate, PROMPTS, "ann")
    assert ann == trials_of(gate, list(reversed(PROMPTS)), "ann")
    assert [one.prompt for one in ann] != [one.prompt for one in trials_of(gate, PROMPTS, "ben")]


def test_every_prompt_is_heard_and_every_fifth_again_with_sides_exchanged(installed: Installation) -> None:
    trials = trials_of(gates.gate(installed), PROMPTS, "ann")
    first = {one.prompt: one for one in trials if not one.is_repeat}
    again = [one for one in trials if one.is_repeat]
    assert set(first) == set(PROMPTS) and len(again) == 2
    assert all(one.candidate_is_left != first[one.prompt].candidate_is_left for one in again)
    assert [one.number for one in trials] == list(range(12))


def test_sides_are_even_over_listeners(installed: Installation) -> None:
    gate = gates.gate(installed)
    left = [one.candidate_is_left for n in range(50) for one in trials_of(gate, PROMPTS, f"l{n}")]
    assert 0.44 < sum(left) / len(left) < 0.56


def test_an_answer_is_turned_to_who_it_is_about_and_a_newer_one_counts(installed: Installation) -> None:
    gate = gates.gate(installed)
    for trial in trials_of(gate, PROMPTS, "ann")[:4]:
        keep_score(installed, gate, "ann", trial, 1, 1)
        keep_score(installed, gate, "ann", trial, *((4, 2) if trial.candidate_is_left else (2, 4)))
    with installed.database.read() as connection:
        kept = gate_rows.scores(connection, gate.id)
    assert [(one.candidate_score, one.baseline_score) for one in kept] == [(4, 2)] * 4


def test_steadiness_is_the_mean_change_of_an_answer() -> None:
    scores = [score("a", 4, 2), score("b", 4, 2, trial=1), score("a", 3, 2, trial=2, is_repeat=True)]
    (ann,) = steadiness(scores)
    assert (ann.trials, ann.repeats, ann.mean_change) == (3, 1, 0.5)
    assert steadiness(scores[:2])[0].mean_change is None


def write(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(("listener,prompt,candidate,baseline", *rows)) + "\n", encoding="utf-8")
    return path


def test_a_file_of_scores_is_taken_whole_with_its_repeats(installed: Installation, tmp_path: Path) -> None:
    gate = gates.gate(installed)
    path = write(
        tmp_path / "scores.csv", "ann,en-01,4,3", "ann,en-02,5,3", "ben,en-01,4.5,3", "ann,en-01,4,2"
    )
    assert import_scores(installed, gate, path) == 4
    with installed.database.read() as connection:
        kept = gate_rows.scores(connection, gate.id)
    assert [(one.listener, one.prompt, one.is_repeat) for one in kept] == [
        ("ann", "en-01", False),
        ("ann", "en-02", False),
        ("ann", "en-01", True),
        ("ben", "en-01", False),
    ]


def test_a_file_again_replaces_a_listener_s_scores_and_leaves_those_of_the_page(
    installed: Installation, tmp_path: Path
) -> None:
    gate = gates.gate(installed)
    import_scores(installed, gate, write(tmp_path / "scores.csv", "ann,en-01,4,3", "ann,en-02,5,3"))
    import_scores(installed, gate, write(tmp_path / "scores.csv", "ann,en-02,2,2"))
    with installed.database.read() as connection:
        assert [(one.prompt, one.candidate_score) for one in gate_rows.scores(connection, gate.id)] == [
            ("en-02", 2.0)
        ]
    trial = trials_of(gate, PROMPTS, "ben")[0]
    keep_score(installed, gate, "ben", trial, 5, 4)
    with pytest.raises(InputError, match="ben scored on the page already"):
        import_scores(installed, gate, write(tmp_path / "scores.csv", "ben,en-01,1,1"))
    with installed.database.read() as connection:
        assert len(gate_rows.scores(connection, gate.id)) == 2


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("ann,en-99,4,3", "row 2, column prompt: 'en-99' is not a prompt"),
        ("ann,en-01,6,3", "row 2, column candidate: '6' is not a score; give 1 to 5"),
        ("ann,en-01,4,", "row 2, column baseline"),
        ("ann,en-01,nan,3", "column candidate"),
        (",en-01,4,3", "column listener"),
    ],
)
def test_one_bad_row_and_nothing_is_taken(
    installed: Installation, tmp_path: Path, row: str, complaint: str
) -> None:
    gate = gates.gate(installed)
    with pytest.raises(InputError, match=complaint):
        import_scores(installed, gate, write(tmp_path / "scores.csv", "ann,en-01,4,3", row))
    with installed.database.read() as connection:
        assert gate_rows.scores(connection, gate.id) == []


def test_a_file_that_is_none_or_lacks_a_column_is_named(installed: Installation, tmp_path: Path) -> None:
    gate = gates.gate(installed)
    with pytest.raises(InputError, match="cannot be read"):
        import_scores(installed, gate, tmp_path / "none.csv")
    (tmp_path / "other.csv").write_text("listener,prompt\n")
    with pytest.raises(InputError, match="has no column candidate"):
        import_scores(installed, gate, tmp_path / "other.csv")


def test_no_score_comes_after_the_verdict(installed: Installation, tmp_path: Path) -> None:
    gate = gates.gate(installed)
    with installed.database.write() as connection:
        gate_rows.decide(connection, gate.id, outcome="keep_baseline", verdict={}, digest="d")
    trial = trials_of(gate, PROMPTS, "ann")[0]
    with pytest.raises(ConflictError, match="scores cannot be added"):
        keep_score(installed, gate, "ann", trial, 5, 1)
