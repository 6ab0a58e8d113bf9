"""When a word, or what a column held, is said in a delivered file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from campaign.cli import exits
from campaign.errors import InputError, NotFoundError
from campaign.evidence import occurrences
from campaign.evidence.captions import captions_of
from campaign.evidence.inspect import inspect_file
from campaign.evidence.occurrences import SoughtWord, find_word
from campaign.operations.erase import erase_recipient
from campaign.speech.templates import TemplateSource
from storage.history import origins
from storage.installation import Installation
from storage.records import Campaign
from tests import build
from tests.commands import run
from tests.speakers import add_kokoro

TEMPLATE = "Hello {{ name }}, the amount is {{ amount }}. Pay {{ amount }}, {{ name }} {{ name }}."


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    made = build.installation(tmp_path_factory.mktemp("occurrences") / "home")
    yield made
    made.close()


@pytest.fixture(scope="module")
def told(installed: Installation, kokoro_folder: Path) -> Campaign:
    """A file whose engine told when it said each word."""
    add_kokoro(installed, kokoro_folder)
    asked = build.brief(
        TEMPLATE, model="kokoro", preset="demo-voice@2", columns={"name": "name", "amount": "money EUR"}
    )
    rows = [{"id": "person-1", "locale": "en-GB", "name": "Maria", "amount": "12.50"}]
    return build.worked(installed, build.submitted(installed, rows, asked).campaign.id)


@pytest.fixture(scope="module")
def untold(installed: Installation) -> Campaign:
    """A file whose engine told nothing of its words."""
    asked = build.brief("Welcome back, friend. Hello {{ name }}.", name="untold")
    return build.worked(installed, build.submitted(installed, build.people(1), asked).campaign.id)


def path_of(installation: Installation, campaign: Campaign) -> Path:
    with installation.database.read() as connection:
        [version] = origins.versions(connection, campaign.id)
    return Path(installation.store.url(version.object_key).removeprefix("file://"))


def sought(installation: Installation, campaign: Campaign, word: str) -> SoughtWord:
    return find_word(installation, inspect_file(path_of(installation, campaign)).read, word)


def places(found: SoughtWord) -> list[tuple[str, str, int]]:
    return [(one.found_as, one.text, one.utterance) for one in found.occurrences]


def test_a_word_is_found_wherever_it_is_said(installed: Installation, told: Campaign) -> None:
    found = sought(installed, told, "MARIA")
    assert places(found) == [
        ("word", "Maria,", 1),
        ("word", "Maria", 2),
        ("word", "Maria.", 2),
    ]
    words = [word for caption in captions_of(installed, told, 1).captions for word in caption.words]
    heard = [(word.from_ms, word.to_ms) for word in words if word.text.startswith("Maria")]
    assert [(one.from_ms, one.to_ms) for one in found.occurrences] == heard
    assert all(one.is_timed and one.from_ms < one.to_ms for one in found.occurrences)


def test_words_that_follow_each_other_are_found_together(installed: Installation, told: Campaign) -> None:
    found = sought(installed, told, "the amount")
    assert places(found) == [("word", "the amount", 1)]
    (alone,) = sought(installed, told, "the").occurrences
    assert found.occurrences[0].from_ms == alone.from_ms and found.occurrences[0].to_ms > alone.to_ms


def test_a_column_is_found_as_the_words_that_it_became(installed: Installation, told: Campaign) -> None:
    found = sought(installed, told, "amount")
    assert places(found) == [
        ("word", "amount", 1),
        ("column", "twelve euros and fifty cents.", 1),
        ("column", "twelve euros and fifty cents,", 2),
    ]
    _, first, second = found.occurrences
    assert first.to_ms - first.from_ms > 800 and first.to_ms < second.from_ms
    assert first.from_ms == sought(installed, told, "twelve").occurrences[0].from_ms
    assert first.to_ms == sought(installed, told, "cents").occurrences[0].to_ms


def test_a_column_said_twice_in_a_row_is_two_sayings(installed: Installation, told: Campaign) -> None:
    named = [one for one in places(sought(installed, told, "name")) if one[0] == "column"]
    assert named == [("column", "Maria,", 1), ("column", "Maria", 2), ("column", "Maria.", 2)]


def test_untimed_words_are_an_error_that_says_what_is_known(
    installed: Installation, untold: Campaign
) -> None:
    _, second = captions_of(installed, untold, 1).captions
    known = f"sentence 2, from {second.from_ms} to {second.to_ms} ms"
    with pytest.raises(InputError, match=known):
        sought(installed, untold, "hello")
    with pytest.raises(InputError, match=known):
        sought(installed, untold, "name")


def test_what_is_not_said_is_told_with_what_may_be_asked(installed: Installation, told: Campaign) -> None:
    with pytest.raises(
        NotFoundError, match=r"nothing in this file is 'Peter'.*columns that are said: name, amount"
    ):
        sought(installed, told, "Peter")
    with pytest.raises(NotFoundError, match="nothing in this file is '!'"):
        sought(installed, told, "!")


def test_a_column_of_another_front_end_is_no_guess(
    installed: Installation, told: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(occurrences, "SPEECH_REVISION", 999)
    with pytest.raises(InputError, match=r"is no longer known: .* installed is 999"):
        sought(installed, told, "amount")
    assert len(sought(installed, told, "Maria").occurrences) == 3


def test_words_that_joining_changed_move_no_other(installed: Installation, told: Campaign) -> None:
    """Spanish says "a la una", whatever stood before the hour."""
    asked = build.brief(
        languages=("es",),
        templates={
            "default": TemplateSource(
                name="es.txt", text="Le esperamos a las {{ hour }}, {{ name }}.", language="es"
            )
        },
        model="kokoro",
        preset="demo-voice@2",
        columns={"name": "name", "hour": "time"},
    )
    rows = [{"id": "person-1", "locale": "es-ES", "name": "Carmen", "hour": "01:00"}]
    campaign = build.worked(installed, build.submitted(installed, rows, asked).campaign.id)
    (caption,) = captions_of(installed, campaign, 1).captions
    assert caption.text.startswith("Le esperamos a la una")
    (named,) = [one for one in sought(installed, campaign, "name").occurrences if one.found_as == "column"]
    assert (named.text, named.to_ms) == ("Carmen.", caption.to_ms)
    (hour,) = [one for one in sought(installed, campaign, "hour").occurrences if one.found_as == "column"]
    assert hour.text.startswith("una") and hour.to_ms <= named.from_ms


def test_a_file_of_elsewhere_and_of_the_erased_is_not_known_here(tmp_path: Path) -> None:
    made = build.installation(tmp_path / "home")
    campaign = build.worked(made, build.submitted(made, build.people(1)).campaign.id)
    copy = tmp_path / "copy.wav"
    copy.write_bytes(path_of(made, campaign).read_bytes())
    file = inspect_file(copy).read
    elsewhere = build.installation(tmp_path / "elsewhere")
    with pytest.raises(NotFoundError, match="CAMPAIGN_HOME"):
        find_word(elsewhere, file, "hello")
    elsewhere.close()
    erase_recipient(made, "person-1", actor="test")
    with pytest.raises(NotFoundError, match="until the recipient is erased"):
        find_word(made, file, "hello")
    made.close()


def test_command_prints_moments_for_people_and_programs(
    installed: Installation, told: Campaign, untold: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAMPAIGN_HOME", str(installed.settings.home))
    monkeypatch.setenv("CAMPAIGN_SECRET", "5e" * 32)
    path = path_of(installed, told)
    printed = run("inspect", path, "--word", "amount")
    assert printed.code == exits.OK, printed.err
    assert "ms  column  twelve euros and fifty cents." in printed.err + printed.out
    document: dict[str, Any] = run("inspect", path, "--word", "amount", "--json").json
    found = sought(installed, told, "amount")
    assert document == json.loads(json.dumps(found.document)) | {"matches": True, "changed": []}
    refused = run("inspect", path_of(installed, untold), "--word", "hello")
    assert refused.code == exits.INPUT and "told no times of its words" in refused.err


def test_a_changed_file_tells_its_moments_and_that_it_is_changed(
    installed: Installation, told: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAMPAIGN_HOME", str(installed.settings.home))
    monkeypatch.setenv("CAMPAIGN_SECRET", "5e" * 32)
    data = bytearray(path_of(installed, told).read_bytes())
    data[len(data) // 2] ^= 0xFF
    changed = tmp_path / "changed.wav"
    changed.write_bytes(data)
    printed = run("inspect", changed, "--word", "Maria")
    assert printed.code == exits.UNHEALTHY and "changed" in printed.err + printed.out
