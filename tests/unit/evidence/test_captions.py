"""Captions of delivered files: Kokoro's words at their times, whole utterances of engines that tell none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from campaign.cli import exits
from campaign.errors import NotFoundError
from campaign.evidence.aligned import CHANNELS, export_aligned
from campaign.evidence.captions import captions_of, row_of
from campaign.operations.control import find_campaign
from campaign.operations.erase import erase_recipient
from campaign.rerender.review import record_verdicts, remake_rejected
from storage.history import origins
from storage.installation import Installation
from storage.names import CampaignId
from storage.records import Campaign
from tests import build
from tests.commands import run
from tests.speakers import add_kokoro
from workers.finish.captions import (
    LONGEST,
    Caption,
    CaptionedFile,
    CaptionWord,
    _lines,
    as_json,
    as_srt,
    as_vtt,
    written_words,
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    made = build.installation(tmp_path_factory.mktemp("captions") / "home")
    yield made
    made.close()


@pytest.fixture(scope="module")
def told(installed: Installation, kokoro_folder: Path) -> Campaign:
    """One file of Kokoro's: two utterances with words."""
    add_kokoro(installed, kokoro_folder)
    asked = build.brief("Hello {{ name }}, in the morning. Goodbye.", model="kokoro", preset="demo-voice@2")
    rows = [{"id": "person-1", "locale": "en", "name": "Maria"}]
    return build.worked(installed, build.submitted(installed, rows, asked).campaign.id)


@pytest.fixture(scope="module")
def untold(installed: Installation) -> Campaign:
    """Files of an engine that says nothing of its words."""
    asked = build.brief("Welcome back, friend. Hello {{ name }}.", name="untold")
    return build.worked(installed, build.submitted(installed, build.people(2), asked).campaign.id)


def test_each_word_is_captioned_when_it_is_heard(installed: Installation, told: Campaign) -> None:
    file = captions_of(installed, told, row_of(installed, told, " person-1 "))
    assert [caption.text for caption in file.captions] == ["Hello Maria, in the morning.", "Goodbye."]
    first, second = file.captions
    assert [word.text for word in first.words] == ["Hello", "Maria,", "in", "the", "morning."]
    moments = [time for word in (*first.words, *second.words) for time in (word.from_ms, word.to_ms)]
    assert moments == sorted(moments)
    assert (first.from_ms, first.to_ms) == (first.words[0].from_ms, first.words[-1].to_ms)
    with installed.database.read() as connection:
        [version] = origins.versions(connection, told.id)
    assert 0 < moments[0] < 400 and moments[-1] <= 1000 * version.samples / version.rate_hz
    (pause,) = [second.from_ms - first.to_ms]
    assert pause > 150


def test_the_aligned_file_numbers_the_words_on_its_timebase(
    installed: Installation, told: Campaign, untold: Campaign, tmp_path: Path
) -> None:
    (path,) = export_aligned(installed, told.id, tmp_path / "told")
    signals, rate_hz = soundfile.read(path)
    words, utterances = (signals[:, CHANNELS.index(name)] for name in ("word", "utterance"))
    assert sorted(set(words[utterances == 1])) == [0, 1, 2, 3, 4, 5]
    maria = captions_of(installed, told, 1).captions[0].words[1]
    marked = np.flatnonzero((words == 2) & (utterances == 1))
    assert marked[0] / rate_hz == pytest.approx(maria.from_ms / 1000, abs=0.001)
    assert np.abs(signals[marked, 0]).max() > 0.05
    (other, _) = export_aligned(installed, untold.id, tmp_path / "untold")
    assert np.isnan(soundfile.read(other)[0][:, CHANNELS.index("word")]).all()


def test_utterances_without_word_times_are_one_caption_each(
    installed: Installation, untold: Campaign
) -> None:
    file = captions_of(installed, untold, 2)
    assert [caption.words for caption in file.captions] == [(), ()]
    assert file.captions[0].text == "Welcome back, friend."
    assert file.captions[0].to_ms < file.captions[1].from_ms


def test_a_file_without_a_descriptor_is_captioned_by_what_the_database_knows(
    installed: Installation, untold: Campaign
) -> None:
    with installed.database.read() as connection:
        version = origins.versions(connection, untold.id, row=1)[0]
    whole = captions_of(installed, untold, 1).captions
    path = Path(installed.store.url(version.object_key).removeprefix("file://"))
    kept = path.read_bytes()
    path.chmod(0o644)
    try:
        path.write_bytes(b"no sound at all")
        captions = captions_of(installed, untold, 1).captions
    finally:
        path.write_bytes(kept)
    assert [one.text for one in captions] == [one.text for one in whole]
    assert [one.from_ms for one in captions] == [one.from_ms for one in whole]
    assert captions[-1].to_ms == round(1000 * version.samples / version.rate_hz)


def test_command_prints_or_writes_every_format(
    installed: Installation, told: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAMPAIGN_HOME", str(installed.settings.home))
    monkeypatch.setenv("CAMPAIGN_SECRET", "5e" * 32)
    printed = run("captions", told.id, "person-1")
    assert printed.code == exits.OK, printed.err
    assert printed.out.startswith("WEBVTT\n\n00:00:00.") and "Goodbye." in printed.out
    srt = run("captions", told.id, "--row", "1", "--format", "srt", "-o", tmp_path / "a.srt")
    assert (srt.code, (tmp_path / "a.srt").read_text().splitlines()[2]) == (0, "Hello Maria, in the morning.")
    document = run("captions", told.id, "person-1", "--format", "json").json
    assert [word["text"] for word in document["captions"][1]["words"]] == ["Goodbye."]
    assert run("captions", told.id).code == exits.USAGE
    nobody = run("captions", told.id, "nobody")
    assert (nobody.code, "--row" in nobody.err) == (exits.NOT_FOUND, True)
    [version] = _versions(installed, told)
    path = installed.store.url(version.object_key).removeprefix("file://")
    assert "5 words at 0." in run("inspect", path).out


def _versions(installation: Installation, campaign: Campaign) -> list[origins.FileVersion]:
    with installation.database.read() as connection:
        return origins.versions(connection, campaign.id)


def test_captions_are_of_the_version_there_is_now_and_of_nobody_who_was_erased(tmp_path: Path) -> None:
    installation = build.installation(tmp_path / "home")
    campaign = build.worked(installation, build.submitted(installation, build.people(2)).campaign.id)
    whole = captions_of(installation, campaign, 1)
    record_verdicts(installation, campaign, rejected=[1], reason="swallowed", actor="test")
    assert len(remake_rejected(installation, campaign, watch=lambda _campaign, _counts: None)) == 1
    again = captions_of(installation, campaign, 1)
    assert (whole.version, again.version) == (1, 2)
    assert [one.text for one in again.captions] == [one.text for one in whole.captions]
    erase_recipient(installation, "person-1", actor="test")
    campaign = find_campaign(installation, CampaignId(campaign.id))
    with pytest.raises(NotFoundError, match="no recipient of that id"):
        row_of(installation, campaign, "person-1")
    with pytest.raises(NotFoundError, match="has no file"):
        captions_of(installation, campaign, 1)
    installation.close()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello Maria, in the morning.", ["Hello", "Maria,", "in", "the", "morning."]),
        ("— Yes , he said.", ["— Yes ,", "he", "said."]),
        ("one,two", ["one,", "two"]),
        ("Wait…what?", ["Wait…", "what?"]),
    ],
)
def test_words_keep_the_signs_beside_them(text: str, words: list[str]) -> None:
    assert written_words(text, len(words)) == words
    assert written_words(text, len(words) + 3) == []


def spoken(text: str) -> list[CaptionWord]:
    return [CaptionWord(text=word, from_ms=n, to_ms=n + 1) for n, word in enumerate(text.split())]


def test_long_utterances_are_parted_at_clauses_and_never_too_long() -> None:
    text = "a bb ccc dddd " * 5 + "eeeee, " + "ff ggg " * 20
    lines = [" ".join(word.text for word in some) for some in _lines(spoken(text))]
    assert " ".join(lines) == " ".join(text.split())
    assert max(map(len, lines)) <= LONGEST
    assert lines[0].endswith("eeeee,")
    assert [len(some) for some in _lines(spoken("x" * 100 + " y"))] == [1, 1]


def test_formats_are_written_as_players_read_them() -> None:
    words = (
        CaptionWord(text="Q&A", from_ms=3_661_005, to_ms=3_661_500),
        CaptionWord(text="<now>", from_ms=3_661_600, to_ms=3_662_000),
    )
    file = CaptionedFile(
        campaign_id=CampaignId("spring"),
        row=1,
        version=2,
        captions=(
            Caption(text="Q&A <now>", from_ms=3_661_005, to_ms=3_662_000, words=words),
            Caption(text="Bye.", from_ms=3_663_000, to_ms=3_664_000),
        ),
    )
    assert as_vtt(file) == (
        "WEBVTT\n\n01:01:01.005 --> 01:01:02.000\nQ&amp;A <01:01:01.600>&lt;now&gt;\n\n"
        "01:01:03.000 --> 01:01:04.000\nBye.\n"
    )
    assert as_srt(file) == (
        "1\n01:01:01,005 --> 01:01:02,000\nQ&A <now>\n\n2\n01:01:03,000 --> 01:01:04,000\nBye.\n"
    )
    document = json.loads(as_json(file))
    assert (document["version"], document["captions"][1]["words"]) == (2, None)
    assert document["captions"][0]["words"][1] == {"from_ms": 3_661_600, "to_ms": 3_662_000, "text": "<now>"}
