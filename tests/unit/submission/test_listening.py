"""Who listens, decided before the first row: asked for, left open, or not to be had."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from campaign.brief import LoadedBrief
from campaign.brief.listen import ListenTable, share_of
from campaign.errors import BriefError
from campaign.registry.catalogue.keeping import Presence
from campaign.submission import listening
from campaign.submission.prepare import resolve_brief
from storage.installation import Installation
from tests import build
from workers.listening.revision import LISTENING_REVISION


@pytest.mark.parametrize(
    ("written", "share"),
    [("", None), ("off", 0.0), ("All", 1.0), ("sample 5 %", 0.05), ("12.5%", 0.125), ("100 %", 1.0)],
)
def test_which_files_are_listened_to(written: str, share: float | None) -> None:
    assert share_of(written) == ListenTable(files=written).share == share


@pytest.mark.parametrize("written", ["some", "0 %", "101 %", "5", "sample", "-5 %"])
def test_what_is_no_share_is_an_error_that_shows_how(written: str) -> None:
    with pytest.raises(ValidationError, match='write "all", "off" or a share such as "sample 5 %"'):
        ListenTable(files=written)


@pytest.fixture
def installed(tmp_path: Path) -> Installation:
    return build.installation(tmp_path)


@pytest.fixture
def at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """A recogniser, as far as names and sizes tell."""
    monkeypatch.setattr(listening, "presence", lambda *_: Presence.HERE)


def chosen(installed: Installation, **values: Any) -> listening.ChosenListening:
    brief = build.brief(**values)
    return resolve_brief(installed, LoadedBrief(brief=brief, suppress=())).listening


def test_nobody_listens_where_nothing_can_and_why_is_said(installed: Installation) -> None:
    decided = chosen(installed)
    assert decided.locked is None
    assert "campaign voice get whisper-base" in decided.why_not


def test_listening_that_is_asked_for_and_cannot_be_had_is_refused_with_the_mend(
    installed: Installation,
) -> None:
    with pytest.raises(BriefError, match="campaign voice get whisper-base`, or write listen"):
        chosen(installed, listen={"files": "all"})


def test_an_engine_that_speaks_faster_than_it_is_heard_is_heard_only_when_asked_for(
    installed: Installation, at_hand: None
) -> None:
    assert "faster than it can be heard" in chosen(installed, preset="demo-voice@1").why_not
    locked = chosen(installed, preset="demo-voice@1", listen={"files": "sample 20 %"}).locked
    assert locked is not None
    assert (locked.share, locked.unclear, locked.revision) == (0.2, "hold", LISTENING_REVISION)
    assert locked.recogniser.startswith("whisper-d01c3014881c-ctranslate2-")
    assert locked.model.startswith("whisper-base-")


def test_left_open_only_languages_that_are_known_to_be_heard_well_are_listened_to(
    installed: Installation, at_hand: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "QUICKER_THAN_LISTENING", frozenset())
    both = chosen(installed, languages=("de-AT", "en"), preset="demo-voice@1").locked
    assert both is not None and both.languages == ("en",)
    decided = chosen(installed, languages=("de",), preset="demo-voice@1")
    assert (decided.locked, decided.why_not) == (None, "nobody knows how well de is heard")
    asked = chosen(installed, languages=("de", "en"), preset="demo-voice@1", listen={"files": "all"}).locked
    assert asked is not None and asked.languages == ()


def test_a_brief_without_listening_is_kept_as_it_always_was() -> None:
    assert "listen" not in build.brief().as_json()
    assert build.brief(listen={"files": "all"}).as_json()["listen"] == {"files": "all"}
