"""Two submits of one id at one moment, and what a submit gives back of a campaign that is there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from campaign.brief import LoadedBrief, OnError
from campaign.errors import BriefError, ConflictError
from campaign.recipients import open_recipients
from campaign.registry.lexicons import rules_of
from campaign.speech.lexicon.files import read_lexicon
from campaign.speech.nemo import kernel
from campaign.speech.revision import SPEECH_REVISION
from campaign.submission import submit as module
from campaign.submission.estimate import dry_run
from storage.canonical import digest
from storage.history import audit
from storage.installation import Installation
from storage.names import CampaignId
from storage.queue import campaigns as campaign_rows
from storage.registry import presets as preset_rows
from storage.tables import CampaignState, Lane
from tests import build
from workers.engines.registry import engine_revision
from workers.finish import FINISH_REVISION


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    opened = build.installation(tmp_path / "home")
    yield opened
    opened.close()


def overtaken(monkeypatch: pytest.MonkeyPatch, by: Callable[[], object]) -> None:
    """Let `by` happen between the next submit's proposal and its draft."""
    original = module.propose

    def propose(*arguments: Any, **options: Any) -> module.Proposal:
        monkeypatch.setattr(module, "propose", original)
        proposal = original(*arguments, **options)
        by()
        return proposal

    monkeypatch.setattr(module, "propose", propose)


def test_the_same_content_that_was_quicker_is_this_campaign(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = build.people(3)
    overtaken(monkeypatch, lambda: build.submitted(installed, rows, campaign_id="one"))
    later = build.submitted(installed, rows, campaign_id="one")
    assert (later.is_new, later.campaign.state, later.tally.rows) == (False, CampaignState.RUNNING, 0)
    with installed.database.read() as connection:
        assert campaign_rows.progress(connection, CampaignId("one")).rows == 3


def test_other_content_that_was_quicker_is_a_conflict_and_stays_whole(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    quicker = build.people(2, prefix="other")
    overtaken(monkeypatch, lambda: build.submitted(installed, quicker, campaign_id="one"))
    with pytest.raises(ConflictError, match="exists with other content"):
        build.submitted(installed, build.people(3), campaign_id="one")
    with installed.database.read() as connection:
        assert campaign_rows.progress(connection, CampaignId("one")).rows == 2


def test_what_was_submitted_is_what_it_was_when_its_voice_is_retired(installed: Installation) -> None:
    first = build.submitted(installed, build.people(1), campaign_id="one")
    with installed.database.write() as connection:
        preset = preset_rows.find(connection, "demo-voice", 1)
        assert preset is not None
        preset_rows.record(connection, preset, "retirement", {"reason": "old"}, actor="test")
    again = build.submitted(installed, build.people(1), campaign_id="one")
    assert (again.is_new, again.campaign.id) == (False, first.campaign.id)
    with pytest.raises(ConflictError, match="was retired"):
        build.submitted(installed, build.people(1), campaign_id="two")


def test_a_campaign_keeps_all_that_was_asked_for(installed: Installation) -> None:
    asked = build.brief(
        name="Autumn: Reminders!",
        purpose="research",
        lane=Lane.PREVIEW,
        error_budget=0.25,
        finish={"codec": "wav"},
    )
    campaign = build.submitted(installed, build.people(2), asked).campaign
    rows = hashlib.sha256((installed.settings.home / "recipients.csv").read_bytes()).hexdigest()
    content = digest({"brief": asked.digest, "recipients": rows})
    assert (campaign.content_digest, campaign.id) == (content, f"autumn-reminders-{content[:10]}")
    assert (campaign.name, campaign.purpose, campaign.lane) == (
        "Autumn: Reminders!",
        "research",
        Lane.PREVIEW,
    )
    assert (campaign.brief, campaign.finish_profile) == (asked.as_json(), {"codec": "wav"})
    assert (campaign.preset, campaign.pin_id, campaign.engine) == ("demo-voice@1", "tone", "tone")
    assert campaign.engine_revision == engine_revision("tone")
    assert (campaign.speech_revision, campaign.finish_revision) == (SPEECH_REVISION, FINISH_REVISION)
    assert (campaign.error_budget, campaign.source, campaign.rows_total) == (0.25, "recipients.csv", 2)
    assert re.fullmatch(r"[0-9a-f]{32}", campaign.trace_id)
    with installed.database.read() as connection:
        (note,) = audit.of(connection, campaign.id)
    assert (note["action"], note["actor"], note["detail"]) == ("submit", "test", {"content": content})


def test_the_default_id_is_of_the_name_in_forty_letters_and_of_the_content(installed: Installation) -> None:
    named = {"  Zoë & Co. ": "zo-co", "???": "campaign", "a" * 50: "a" * 40}
    for name, slug in named.items():
        assert module.campaign_id_of(build.brief(name=name), "0123456789abcdef") == f"{slug}-0123456789"


def test_the_same_again_is_nothing_new_and_new_is_the_next_free_number(installed: Installation) -> None:
    def submitted(**options: Any) -> module.Submission:
        return build.submitted(installed, build.people(1), campaign_id="one", **options)

    first, again = submitted(), submitted()
    assert (first.is_new, again.is_new) == (True, False)
    assert (again.campaign, again.tally.rows) == (first.campaign, 0)
    assert [submitted(new=True).campaign.id for _ in range(2)] == ["one-2", "one-3"]
    fresh = build.submitted(installed, build.people(1), campaign_id="two", new=True)
    assert fresh.campaign.id == "two"
    with pytest.raises(ConflictError, match="campaign one exists with other content"):
        build.submitted(installed, build.people(2), campaign_id="one")


def test_a_dry_run_of_a_new_one_is_of_the_next_free_number(installed: Installation, tmp_path: Path) -> None:
    build.submitted(installed, build.people(1), campaign_id="one")
    path = build.write_csv(tmp_path / "r.csv", build.people(2))
    loaded = LoadedBrief(brief=build.brief(), suppress=())
    with open_recipients(str(path)) as source:
        with pytest.raises(ConflictError, match="campaign one exists with other content"):
            dry_run(installed, source, loaded, campaign_id=CampaignId("one"))
        assert dry_run(installed, source, loaded, campaign_id=CampaignId("one"), new=True)[0].rows == 2


def test_a_campaign_starts_only_when_it_is_told_to(installed: Installation) -> None:
    waiting = build.submitted(installed, build.people(1), campaign_id="one", start=False).campaign
    assert (waiting.state, waiting.t_queued_ms) == (CampaignState.VALIDATED, None)
    assert build.submitted(installed, build.people(1), campaign_id="two").campaign.state == "running"


def test_bad_rows_stop_a_submit_only_where_the_brief_says_so(installed: Installation) -> None:
    bad = {"id": "bad", "locale": "en", "name": ""}
    strict = build.brief(on_error=OnError.REJECT)
    with pytest.raises(module.RowErrorsFound, match="1 of 3 rows cannot be spoken") as caught:
        build.submitted(installed, [*build.people(2), bad], strict, campaign_id="one")
    assert [one.row for one in caught.value.tally.problems] == [3]
    with installed.database.read() as connection:
        assert campaign_rows.find(connection, CampaignId("one")) is None
    assert build.submitted(installed, build.people(2), strict, campaign_id="one").tally.rows == 2
    assert build.submitted(installed, [*build.people(2), bad], campaign_id="two").tally.by_outcome == {
        "pending": 2,
        "failed": 1,
    }


def test_slow_text_is_accepted_where_it_is_asked_for(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel, "_PROBLEM", "numba is away")
    with pytest.raises(BriefError, match="--allow-slow"):
        build.submitted(installed, build.people(1))
    assert build.submitted(installed, build.people(1), allow_slow=True).is_new


def test_files_beside_a_brief_are_kept_with_the_campaign(installed: Installation, tmp_path: Path) -> None:
    path = tmp_path / "names.tsv"
    path.write_text("written\talias\nGP\tG P\n")
    file = read_lexicon(path)
    recipients = build.write_csv(tmp_path / "rows.csv", build.people(1))
    asked = build.brief("Your GP.", columns={}, lexicons=(file.label,))
    with open_recipients(str(recipients)) as source:
        loaded = LoadedBrief(brief=asked, suppress=(), lexicons={file.label: file})
        module.submit(installed, source, loaded, actor="test", start=False)
    with installed.database.read() as connection:
        assert rules_of(connection, file.label).digest == file.rules.digest
