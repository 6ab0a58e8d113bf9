"""One side of a gate: its prompts are a campaign, and its numbers are read from the runs alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from campaign.brief import Purpose
from campaign.errors import ConflictError
from campaign.gate import sides
from campaign.gate.prompts import PromptSet, load_prompts
from campaign.gate.sides import SideRuns, draft_side, make_side
from campaign.operations.foreground import runner
from storage.installation import Installation
from storage.records import Campaign, RunDescriptor
from storage.registry import pins as pin_rows
from storage.tables import CampaignState, Lane
from tests import build
from workers.presets.standing import NOWHERE

EMPTY = SideRuns(
    campaign="gate-1-candidate",
    errors=1,
    prompts=4,
    codes={},
    rtf=None,
    ttfa_p50_ms=None,
    ttfa_p95_ms=None,
    joules_per_audio_second=None,
    batch_sizes=(),
    audio_s=0.0,
    reproducible_share=None,
    numeric_classes=(),
    gpu_model=None,
    engine_version=None,
)


def run(
    key: str = "k", *, batch: str = "b", claim_ms: int = 0, last_ms: int = 100, sha256: str = "x"
) -> RunDescriptor:
    return build.run_descriptor(
        utterance_key=key,
        batch_id=batch,
        t_claim_ms=claim_ms,
        t_last_token_ms=last_ms,
        output_audio_hash=sha256,
    )


@pytest.fixture
def prompts() -> PromptSet:
    """Three English prompts of the shipped set."""
    shipped = load_prompts("general@1").in_languages(("en",))
    return replace(shipped, rows=shipped.rows[:3])


def drafted(installed: Installation, prompts: PromptSet, *, purpose: str = "") -> Campaign:
    return draft_side(
        installed,
        prompts,
        gate="gate-1",
        side="candidate",
        pin="tone",
        preset="demo-voice@1",
        purpose=purpose,
        actor="test",
    )


def test_what_was_not_measured_is_no_number_of_a_side() -> None:
    assert EMPTY.numbers() == {"errors": 0.25}
    assert replace(EMPTY, rtf=0.0, reproducible_share=1.0).numbers() == {
        "errors": 0.25,
        "rtf": 0.0,
        "reproducible_share": 1.0,
    }


def test_engine_s_time_is_that_of_each_batch_from_its_first_claim_to_its_last_sample() -> None:
    runs = [run(claim_ms=0, last_ms=900), run(claim_ms=100, last_ms=1000), run(batch="c", last_ms=500)]
    assert sides._engine_s(runs) == 1.5


def test_reproducible_is_the_share_that_came_out_the_same_of_what_was_made_twice() -> None:
    runs = [run("a", sha256="1"), run("b", sha256="2"), run("new", sha256="3")]
    assert sides._reproducible(runs, {"a": "1", "b": "other"}) == 0.5
    assert sides._reproducible(runs, {}) is None


def test_side_is_a_small_campaign_that_sends_nothing_to_anybody(
    installed: Installation, prompts: PromptSet
) -> None:
    campaign = drafted(installed, prompts)
    assert (campaign.id, campaign.lane, campaign.rows_total) == ("gate-1-candidate", Lane.BULK, 3)
    assert campaign.purpose == Purpose.RESEARCH
    assert campaign.brief["territories"] == [NOWHERE]
    assert campaign.finish_profile["codec"] == "wav"
    assert drafted(installed, prompts).id == campaign.id, "the same side again is the same campaign"


def test_purpose_is_one_that_the_licence_permits(installed: Installation) -> None:
    with installed.database.read() as connection:
        pin = pin_rows.get(connection, "tone")
    assert sides._permitted_purpose(None) == sides._permitted_purpose(pin) == Purpose.RESEARCH
    licensed = replace(pin, purposes=[Purpose.NON_COMMERCIAL.value])
    assert sides._permitted_purpose(licensed) == Purpose.NON_COMMERCIAL


def test_side_is_made_twice_and_its_times_are_of_the_second(
    installed: Installation, prompts: PromptSet
) -> None:
    campaign = drafted(installed, prompts)
    with runner(installed) as working:
        made = make_side(installed, campaign, working, lambda *_what: None, batch=1)
    assert (made.errors, made.prompts, made.codes) == (0, 3, {})
    assert (made.reproducible_share, made.batch_sizes, made.numeric_classes) == (1.0, (1,), ("any",))
    assert made.rtf is not None and made.ttfa_p50_ms is not None
    assert made.joules_per_audio_second is None


def test_side_that_was_stopped_is_told_with_what_goes_on(installed: Installation, prompts: PromptSet) -> None:
    campaign = replace(drafted(installed, prompts), state=CampaignState.PAUSED, state_reason="budget")
    with pytest.raises(ConflictError, match=r"is paused: budget\. `campaign gate resume`"):
        sides._require_finished(campaign)
    sides._require_finished(replace(campaign, state=CampaignState.FINISHED_WITH_ERRORS))
