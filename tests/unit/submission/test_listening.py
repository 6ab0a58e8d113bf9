"""Who listens, decided before the first row: asked for, left open, or not to be had."""

from __future__ import annotations

import json
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
from storage.lock import LockedLine, LockedListening
from tests import build
from workers.line import LINE_REVISION
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


@pytest.mark.parametrize("packet_loss", ["1", "some", "21 %", "-1 %", "1 percent"])
def test_a_share_of_packets_that_is_none_is_refused_with_how_to_write_it(packet_loss: str) -> None:
    with pytest.raises(ValidationError, match='write a share from "0 %" to "20 %", such as "1 %"'):
        ListenTable(line="telephone", packet_loss=packet_loss)


def test_what_contradicts_a_line_is_refused_with_the_mend() -> None:
    with pytest.raises(ValidationError, match='write line = "telephone" too'):
        ListenTable(snr_db=5)
    with pytest.raises(ValidationError, match="leave one of them out"):
        ListenTable(line="telephone", files="off")
    with pytest.raises(ValidationError, match="greater than or equal to -5"):
        ListenTable(line="telephone", snr_db=-6)
    with pytest.raises(ValidationError, match="telephone"):
        ListenTable.model_validate({"line": "radio"})


def test_who_asks_for_a_line_asks_for_listening(installed: Installation) -> None:
    with pytest.raises(BriefError, match="campaign voice get whisper-base`, or write listen"):
        chosen(installed, listen={"line": "telephone"})


def test_a_line_and_who_hears_over_it_are_locked(installed: Installation, at_hand: None) -> None:
    locked = chosen(
        installed, preset="demo-voice@1", listen={"line": "telephone", "snr_db": 5, "packet_loss": "2.5 %"}
    ).locked
    assert locked is not None and locked.share == 1.0
    assert locked.line == LockedLine(name="telephone", snr_db=5.0, packet_loss=0.025, revision=LINE_REVISION)
    assert locked.line.told == "over a telephone line, 5 dB, 2.5 % of packets lost"
    assert locked.second is not None and locked.second.languages == ("en",)
    assert locked.second.recogniser.startswith("moonshine-cf524c4862d3-onnxruntime-")
    assert LockedListening.from_json(json.loads(json.dumps(locked.as_json()))) == locked
    default = chosen(installed, preset="demo-voice@1", listen={"line": "telephone"}).locked
    assert default is not None and default.line is not None
    assert (default.line.snr_db, default.line.packet_loss) == (10.0, 0.01)


def test_no_second_recogniser_hears_what_it_was_not_made_for(installed: Installation, at_hand: None) -> None:
    decided = chosen(
        installed, languages=("de",), preset="demo-voice@1", listen={"line": "telephone", "files": "all"}
    )
    assert decided.locked is not None and decided.locked.second is None
    assert "campaign voice get moonshine-tiny" in listening.listening_cost(decided, 10).second


def test_without_a_line_a_lock_is_what_it_always_was(installed: Installation, at_hand: None) -> None:
    locked = chosen(installed, preset="demo-voice@1", listen={"files": "all"}).locked
    assert locked is not None
    assert locked.as_json().keys() == {
        *("model", "recogniser", "share", "unclear", "revision", "languages", "takes")
    }


def test_values_are_helped_only_where_somebody_tells_when_they_are_said(
    installed: Installation, at_hand: None
) -> None:
    helped = {"finish": {"pause_before_values": "300 ms"}, "preset": "demo-voice@1"}
    with pytest.raises(BriefError, match="tone does not tell, and not every file is listened to"):
        chosen(installed, **helped)
    with pytest.raises(BriefError, match="not every file is listened to"):
        chosen(installed, **helped, listen={"files": "sample 50 %"})
    assert chosen(installed, **helped, listen={"files": "all"}).locked is not None
    with pytest.raises(BriefError, match="heard while it is made"):
        chosen(installed, **helped, listen={"files": "all"}, is_streamed=True)
    with pytest.raises(BriefError, match="zh has none"):
        chosen(installed, **helped, listen={"files": "all"}, languages=("zh",))


def test_values_are_said_twice_only_in_languages_that_have_words_for_it(installed: Installation) -> None:
    with pytest.raises(BriefError, match="say_twice has no words in nl, only in de, en"):
        chosen(installed, languages=("nl",), preset="demo-voice@1", finish={"say_twice": ["code"]})


def test_rows_of_helped_values_know_their_places(installed: Installation) -> None:
    def needs(**finish: Any) -> bool:
        brief = build.brief(preset="demo-voice@1", finish=finish)
        prepared = resolve_brief(installed, LoadedBrief(brief=brief, suppress=()))
        return any(voice.needs_values for voice in prepared.row_voices.values())

    assert not needs()
    assert not needs(say_twice=["code"])
