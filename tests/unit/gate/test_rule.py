"""Rules: read strictly, computed and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from campaign.errors import RuleError
from campaign.gate.numbers import OF_LISTENING, known_names, plain
from campaign.gate.rule import evaluate, kept_rule, names_of, read_rule, rule_of
from storage.resources import data_folder


@pytest.mark.parametrize(
    ("expression", "holds"),
    [
        ("candidate_mean >= baseline_mean + 0.5 and ttfa_p50_ms <= 500", True),
        ("candidate_mean >= baseline_mean + 0.7", False),
        ("not wer > 0.1 or candidate_mean < 1", True),
        ("0 <= wer <= 0.05 < ttfa_p50_ms", True),
        ("wer * 10 - 1 == -0.6 or wer / 2 < 0.03", True),
        ("-wer < 0 and wer != 0", True),
    ],
)
def test_an_expression_is_computed(expression: str, holds: bool) -> None:
    numbers = {"candidate_mean": 4.1, "baseline_mean": 3.5, "ttfa_p50_ms": 480.0, "wer": 0.04}
    assert evaluate(expression, numbers) is holds


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os').system('true')",
        "wer.__class__",
        "[wer for wer in (1,)]",
        "wer ** 9",
        "'a' < 'b'",
        "wer if wer else cer",
        "(lambda: 1)()",
        "wer <",
        "f'{wer}'",
        "True",
        "wer in (1, 2)",
        "wer " + "+ wer " * 1000,
    ],
)
def test_anything_else_is_refused_unread(expression: str) -> None:
    with pytest.raises(RuleError):
        names_of(expression)


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(RuleError):
        names_of("(" * 900 + "wer" + ")" * 900)


def test_a_number_that_nobody_measures_is_named() -> None:
    with pytest.raises(RuleError, match="uses werr, which is not a number"):
        names_of("werr < 1")


def test_division_by_zero_is_an_error_of_the_rule() -> None:
    with pytest.raises(RuleError, match="divides by wer, which is 0"):
        evaluate("cer / wer < 1", {"cer": 1.0, "wer": 0.0})


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "swap is missing"),
        ('swap = "wer < 1"\nswop = 1', "no key swop; did you mean swap"),
        ('swap = "wer < 1"\n[needs]\nprompts = "ten"', "needs.prompts is 'ten'; give a whole number"),
        ('swap = "wer < 1"\n[needs]\nprompts = -1', "needs.prompts is -1; give a whole number, 0 or more"),
        ('swap = "wer < 1"\n[needs]\nlisteners = -1', "needs.listeners is -1"),
        (f'swap = "wer < 1{"0" * 400}"', "may hold numbers up to 2e.308"),
        ('swap = "wer < 1"\n[bounds.werr]\nat_most = 1', "there is no such number"),
        ('swap = "wer < 1"\n[bounds.wer]', "gives no limit"),
        ('swap = "wer < 1"\n[bounds.wer]\nat_most = 1\nconfidence = 95', "give a number from 0.5 to under 1"),
        ('swap = "wer < 1"\nnext_candidate = 3', "next_candidate is 3; give text"),
        ("swap = ", "is not TOML"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "rule.toml"
    path.write_text(text)
    with pytest.raises(RuleError, match=complaint) as refused:
        read_rule(path)
    assert str(path) in str(refused.value)


def test_a_rule_that_a_gate_keeps_is_read_as_it_was_taken() -> None:
    kept: dict[str, Any] = {
        "swap": "wer < 1",
        "needs": {"prompts": 20.0},
        "bounds": {"wer": {"at_most": 1, "per_language": 1}},
    }
    rule = kept_rule(kept)
    assert (rule.needs.prompts, rule.bounds["wer"].per_language, rule.written) == (20, True, kept)


def test_an_expression_nested_beyond_reason_is_refused() -> None:
    assert names_of("-" * 100 + "wer") == {"wer"}
    for expression in ("-" * 101 + "wer", "-" * 1_900 + "1"):
        with pytest.raises(RuleError, match=r"nested deeper|cannot be read"):
            names_of(expression)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="Name another with --rule"):
        read_rule(tmp_path / "none.toml")


def test_the_rule_that_ships_asks_ten_prompts_and_people() -> None:
    rule = read_rule(None)
    assert (rule.needs.prompts, rule.needs_listening) == (10, True)


def test_the_digest_is_of_what_is_said_not_of_how_it_is_written(tmp_path: Path) -> None:
    for name, text in (("a", 'name = "x"\nswap = "wer < 1"'), ("b", '# why\nswap="wer < 1"\nname="x"\n')):
        (tmp_path / name).write_text(text)
    (tmp_path / "c").write_text('name = "x"\nswap = "wer < 2"')
    digests = [read_rule(tmp_path / name).digest for name in "abc"]
    assert digests[0] == digests[1] != digests[2]


@pytest.mark.parametrize(
    ("rule", "judges"),
    [
        ({"swap": "wer < 1"}, False),
        ({"swap": "similarity >= 0.9"}, True),
        ({"swap": "wer < 1 and baseline_similarity > 0"}, True),
        ({"swap": "wer < 1", "bounds": {"similarity": {"worse_by_at_most": 0.02}}}, True),
        ({"swap": "wer < 1", "bounds": {"wer": {"at_most": 1.0}}}, False),
    ],
)
def test_a_rule_says_whether_it_judges_similarity(rule: dict[str, Any], judges: bool) -> None:
    assert rule_of(rule, "test").judges_similarity is judges


def test_every_number_is_in_the_documentation() -> None:
    page = (data_folder("templates").parent / "docs" / "gates.md").read_text(encoding="utf-8")
    names = {name if name in OF_LISTENING else plain(name) for name in known_names()}
    assert [name for name in sorted(names) if f"`{name}`" not in page] == []


def test_what_has_no_interval_cannot_surely_hold() -> None:
    bounds: dict[str, Any] = {"errors": {"at_most": 0.0, "surely": True}}
    with pytest.raises(RuleError, match=r"errors is one number a side and has no interval; leave surely out"):
        rule_of({"swap": "errors == 0", "bounds": bounds}, "test")
