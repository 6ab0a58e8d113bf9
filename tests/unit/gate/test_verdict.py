"""Verdicts: the committed rule over numbers and scores."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from campaign.errors import ConflictError
from campaign.gate.verdict import WAITING, decide, judge
from storage.history import audit
from storage.installation import Installation
from storage.registry import gates as gate_rows
from storage.registry.gates import Gate, Score
from tests.unit.gate import gates
from tests.unit.gate.gates import PROMPTS, measured, rule, score, side


def liked(candidate: float = 4.0, baseline: float = 3.0, *, listener: str = "ann") -> list[Score]:
    """Every prompt scored once, two of them twice."""
    first = [
        score(prompt, candidate, baseline, trial=number, listener=listener)
        for number, prompt in enumerate(PROMPTS)
    ]
    again = [
        score(prompt, candidate, baseline, trial=20 + number, listener=listener, is_repeat=True)
        for number, prompt in enumerate(PROMPTS[:2])
    ]
    return first + again


def paired(
    installed: Installation,
    bounds: dict[str, Any],
    candidate: list[float],
    baseline: list[float],
    name: str = "wer",
) -> Gate:
    """A gate that asks nobody, with one number for each prompt on both sides."""
    made = {
        pin: side(
            pin,
            [measured(prompt, **{name: value}) for prompt, value in zip(PROMPTS, values, strict=True)],
        )
        for pin, values in (("espeak", candidate), ("tone", baseline))
    }
    return gates.gate(
        installed,
        rule("ttfa_p50_ms <= 500", bounds={name: bounds}),
        candidate=made["espeak"],
        baseline=made["tone"],
    )


def test_liked_better_and_quick_enough_takes_the_baselines_place(installed: Installation) -> None:
    verdict = judge(gates.gate(installed), liked())
    assert verdict.outcome == "swap_candidate"
    numbers = verdict.document["numbers"]
    assert (numbers["candidate_mean"], numbers["baseline_mean"], numbers["preference_low"]) == (4, 3, 1)
    assert numbers["sign_p"] == pytest.approx(2 / 1024, abs=1e-5)


def test_just_not_liked_enough_keeps_the_baseline(installed: Installation) -> None:
    verdict = judge(gates.gate(installed), liked(3.4, 3.0))
    assert (verdict.outcome, verdict.document["swap_holds"]) == ("keep_baseline", False)


def test_the_next_candidate_is_named_when_the_rule_names_one(installed: Installation) -> None:
    made = gates.gate(installed, rule(next_candidate="third"))
    verdict = judge(made, liked(2.0, 3.0))
    assert (verdict.outcome, verdict.document["next_candidate"]) == ("next_candidate", "third")


def test_slow_is_refused_however_liked(installed: Installation) -> None:
    slow = side("espeak", [measured(prompt) for prompt in PROMPTS], ttfa_p50_ms=501.0)
    assert judge(gates.gate(installed, candidate=slow), liked(5, 1)).outcome == "keep_baseline"


def test_without_listeners_it_waits_and_says_for_what(installed: Installation) -> None:
    verdict = judge(gates.gate(installed), [])
    assert verdict.outcome == WAITING
    assert "listeners: 0 of 1" in verdict.waits_for[0]
    half = judge(gates.gate(installed), liked()[:4])
    assert "scores: 4 of 10 prompts" in half.waits_for[0]


def test_without_a_baseline_it_waits_and_completes_later(installed: Installation) -> None:
    made = gates.gate(installed, made=["candidate"])
    verdict = decide(installed, made, actor="test")
    assert verdict.outcome == WAITING
    assert "the baseline, tone: not made yet" in verdict.waits_for[0]
    assert f"campaign gate resume {made.id}" in verdict.waits_for[0]
    with installed.database.write() as connection:
        rows = [measured(prompt) for prompt in PROMPTS]
        gate_rows.keep_side(connection, made.id, "baseline", side("tone", rows))
        for one in liked():
            gate_rows.score(connection, made.id, one)
        complete = gate_rows.find(connection, made.id)
    assert complete is not None
    assert decide(installed, complete, actor="test").outcome == "swap_candidate"


def test_a_verdict_is_given_once_and_is_on_the_audit_trail(installed: Installation) -> None:
    made = gates.gate(installed, rule("ttfa_p50_ms <= 500"))
    first = decide(installed, made, actor="test")
    with installed.database.read() as connection:
        kept = gate_rows.find(connection, made.id)
        trail = audit.of(connection, made.id)
    assert kept is not None
    assert decide(installed, kept, actor="test") == first
    assert [(row["action"], row["detail"]["outcome"]) for row in trail] == [
        ("gate.verdict", "swap_candidate")
    ]


def test_a_rule_changed_after_it_was_committed_is_refused(installed: Installation) -> None:
    made = gates.gate(installed)
    softened = replace(made, rule={**made.rule, "swap": "ttfa_p50_ms < 9000"})
    with pytest.raises(ConflictError, match="was changed after it was committed"):
        judge(softened, liked())


def test_fewer_prompts_than_the_rule_needs_is_an_error(installed: Installation) -> None:
    made = gates.gate(installed, candidate=side("espeak", [measured(prompt) for prompt in PROMPTS[:4]]))
    with pytest.raises(ConflictError, match="has 4 prompts with a sound on both sides and its rule needs 10"):
        judge(made, liked())


def test_a_listener_who_failed_the_hidden_repeats_is_an_error_until_left_out(installed: Installation) -> None:
    made = gates.gate(installed)
    guessing = [replace(one, listener="bob") for one in liked()]
    guessing[-1] = replace(guessing[-1], candidate_score=1.0, baseline_score=5.0)
    guessing[-2] = replace(guessing[-2], candidate_score=1.0, baseline_score=5.0)
    with pytest.raises(
        ConflictError, match=r"listener bob scored the same clips 2\.5 points apart.*--exclude 'bob'"
    ):
        judge(made, liked() + guessing)
    kept = judge(made, liked() + guessing, exclude=["bob"])
    assert kept.outcome == "swap_candidate"
    assert kept.document["excluded_listeners"] == ["bob"]
    assert judge(made, guessing, exclude=["bob"]).outcome == WAITING


def test_many_listeners_prove_no_more_than_their_prompts(installed: Installation) -> None:
    alone = judge(gates.gate(installed), liked()).document["numbers"]
    crowd = judge(gates.gate(installed), [one for name in "abcde" for one in liked(listener=name)]).document[
        "numbers"
    ]
    assert alone["wilcoxon_p"] == crowd["wilcoxon_p"]


def test_a_number_that_was_not_measured_is_waited_for_with_the_mend(installed: Installation) -> None:
    verdict = judge(gates.gate(installed, rule("wer <= baseline_wer")), [])
    assert verdict.outcome == WAITING
    assert [one.split(":")[0] for one in verdict.waits_for] == ["baseline_wer", "wer"]
    assert "--recogniser" in verdict.waits_for[0]


class TestNonInferiority:
    def test_the_far_end_of_the_interval_counts(self, installed: Installation) -> None:
        bound = {"worse_by_at_most": 0.02}
        steady = paired(installed, bound, [0.11] * 10, [0.10] * 10)
        assert judge(steady, []).outcome == "swap_candidate"
        wild = paired(installed, bound, [0.0, 0.22] * 5, [0.10] * 10)  # the same mean
        verdict = judge(wild, [])
        assert verdict.outcome == "keep_baseline"
        (held,) = verdict.document["bounds"]
        assert held["interval"]["mean"] == pytest.approx(0.01)
        assert held["worse_by"] == held["interval"]["high"] > 0.02

    def test_where_higher_is_better_lower_is_worse(self, installed: Installation) -> None:
        bound = {"worse_by_at_most": 0.1}
        worse = paired(installed, bound, [2.0] * 10, [3.0] * 10, "dnsmos_overall")
        assert judge(worse, []).outcome == "keep_baseline"
        better = paired(installed, bound, [3.0] * 10, [2.0] * 10, "dnsmos_overall")
        assert judge(better, []).outcome == "swap_candidate"

    def test_a_language_alone_may_fail(self, installed: Installation) -> None:
        rows = {
            "espeak": [measured(f"{language}-{n}", wer=0.5 if language == "fr" else 0.0)
                       for language in ("en", "fr") for n in range(5)],
            "tone": [measured(f"{language}-{n}", wer=0.3) for language in ("en", "fr") for n in range(5)],
        }  # fmt: skip
        sides = {pin: side(pin, made) for pin, made in rows.items()}
        for per_language, outcome in ((False, "swap_candidate"), (True, "keep_baseline")):
            committed = rule(
                "ttfa_p50_ms <= 500",
                bounds={"wer": {"worse_by_at_most": 0.1, "per_language": per_language}},
            )
            made = gates.gate(installed, committed, candidate=sides["espeak"], baseline=sides["tone"])
            verdict = judge(made, [])
            assert verdict.outcome == outcome
        assert [(one["language"], one["holds"]) for one in verdict.document["bounds"]] == [
            (None, True),
            ("fr", False),
            ("en", True),
        ]
        assert list(verdict.document["by_language"]["candidate"]) == ["fr", "en"], "worst first"

    def test_a_number_of_the_whole_side_has_no_interval(self, installed: Installation) -> None:
        committed = rule("ttfa_p50_ms <= 500", bounds={"ttfa_p50_ms": {"worse_by_at_most": 20.0}})
        rows = [measured(prompt) for prompt in PROMPTS]
        slower = side("espeak", rows, ttfa_p50_ms=125.0)
        verdict = judge(gates.gate(installed, committed, candidate=slower), [])
        assert (verdict.outcome, verdict.document["bounds"][0]["worse_by"]) == ("keep_baseline", 25.0)


def test_a_limit_that_must_surely_hold_is_held_by_the_far_end_of_the_interval(
    installed: Installation,
) -> None:
    rates = [0.0] * 8 + [0.2, 0.2]  # 0.04 on average

    def holds(**bounds: Any) -> bool:
        verdict = judge(paired(installed, bounds, rates, rates), [])
        [bound] = verdict.document["bounds"]
        assert bound["value"] == pytest.approx(0.04)
        ends = bound["value_interval"]
        assert ends["low"] < 0.04 < ends["high"] and ends["pairs"] == 10
        return bool(bound["holds"])

    assert holds(at_most=0.05)
    assert not holds(at_most=0.05, surely=True)
    assert holds(at_most=0.1, surely=True)
    assert not holds(at_least=0.03, surely=True)


def test_what_happened_to_none_of_a_few_prompts_is_not_sure_to_happen_to_nobody(
    installed: Installation,
) -> None:
    def holds(count: int, **bounds: Any) -> bool:
        gate = paired(installed, bounds, [0.0] * count, [0.0] * count, name="values_lost")
        [bound] = judge(gate, []).document["bounds"]
        assert bound["value_interval"]["low"] == 0.0
        return bool(bound["holds"])

    assert holds(10, at_most=0.05)
    assert not holds(10, at_most=0.05, surely=True), "0 of 10 may be 1 of 4"
    assert holds(10, at_most=0.3, surely=True)


def test_one_prompt_is_sure_of_nothing(installed: Installation) -> None:
    rows = [measured(prompt, wer=0.0 if prompt == PROMPTS[0] else None) for prompt in PROMPTS]
    gate = gates.gate(
        installed,
        rule("ttfa_p50_ms <= 500", bounds={"wer": {"at_most": 0.5, "surely": True}}),
        candidate=side("espeak", rows),
        baseline=side("tone", rows),
    )
    [bound] = judge(gate, []).document["bounds"]
    assert (bound["value"], bound["value_interval"], bound["holds"]) == (0.0, None, False)


def test_the_ends_of_an_interval_are_numbers_of_a_rule(installed: Installation) -> None:
    def outcome(swap: str) -> str:
        rows = {
            pin: [measured(one, wer=value) for one, value in zip(PROMPTS, values, strict=True)]
            for pin, values in (("espeak", [0.1] * 9 + [0.3]), ("tone", [0.2] * 10))
        }
        gate = gates.gate(
            installed,
            rule(swap),
            candidate=side("espeak", rows["espeak"]),
            baseline=side("tone", rows["tone"]),
        )
        return judge(gate, []).outcome

    assert outcome("wer <= baseline_wer") == "swap_candidate"
    assert outcome("wer_high <= baseline_wer_low") == "swap_candidate"
    assert outcome("wer_high <= 0.13") == "keep_baseline"
    assert outcome("similarity_low >= 0.5") == WAITING, "nobody measured it"


def test_every_number_of_prompts_has_its_interval_in_total_and_in_each_language(
    installed: Installation,
) -> None:
    prompts = (*PROMPTS[:5], *(f"de-{number:02}" for number in range(1, 6)))
    rows = [
        measured(
            one, wer=0.1 * (number % 3), values_lost=0.0, similarity=0.8, distillmos=4.0 + 0.1 * (number % 2)
        )
        for number, one in enumerate(prompts)
    ]
    gate = gates.gate(installed, rule(), candidate=side("espeak", rows), baseline=side("tone", rows))
    found = judge(gate, liked()).document["intervals"]["candidate"]
    assert found.keys() == {"total", "en", "de"}
    for place, pairs in (("total", 10), ("en", 5), ("de", 5)):
        for name in ("wer", "values_lost", "similarity", "distillmos"):
            ends = found[place][name]
            assert ends["pairs"] == pairs and ends["low"] <= ends["mean"] <= ends["high"]
            assert ends["confidence"] == 0.95
