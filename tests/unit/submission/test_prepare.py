"""A brief made ready: the front end that it gets, and what is said before the first row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from campaign.brief import LoadedBrief, Purpose
from campaign.errors import BriefError, ConflictError
from campaign.recipients import open_recipients
from campaign.registry.voice import capability_table
from campaign.speech.disclosure import disclosure_of
from campaign.submission.estimate import dry_run
from campaign.submission.prepare import FIRST_CHARACTERS, prepare_brief, resolve_brief
from storage.installation import Installation
from storage.names import PinId
from storage.registry import pins as pin_rows
from storage.registry import presets as preset_rows
from storage.registry.pins import NewPin
from tests import build
from workers.engines.registry import create_engine


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


def test_the_front_end_has_all_that_the_brief_and_the_engine_decide(installed: Installation) -> None:
    able = replace(create_engine("tone").capabilities, characters=((32, 126), (0xE9, 0xE9)))
    with installed.database.write() as connection:
        pin = NewPin(
            id=PinId("mine"),
            digest="d" * 64,
            engine="tone",
            files={},
            licence="MIT",
            purposes=["commercial"],
            capabilities=capability_table(able),
        )
        pin_rows.add(connection, pin)
    asked = build.brief(
        model="mine",
        languages=("en", "de"),
        leftover="verbalise",
        purpose=Purpose.COMMERCIAL,
        is_streamed=True,
        territories=("US",),
        disclosure={"caller": ["Acme"]},
    )
    ready = resolve_brief(installed, LoadedBrief(brief=asked, suppress=()))
    config = ready.front_end
    assert (config.templates, config.columns) == (dict(asked.templates), asked.column_specs())
    assert (config.languages, config.leftover) == (("en", "de"), "verbalise")
    assert config.vocabulary == frozenset(map(chr, range(32, 127))) | {"é"}
    assert config.abilities is not None and config.abilities.engine == "tone"
    assert config.grammar_cache_dir == installed.settings.home / "grammars"
    assert config.max_first_characters == FIRST_CHARACTERS
    assert (config.lexicon, ready.rules) == (None, ())
    assert config.disclosure == disclosure_of(
        {"caller": ["Acme"]}, territories=("US",), languages=("en",), commercial=True
    )
    assert ready.profile.codec == "wav"


def test_what_a_brief_does_not_ask_for_is_left_out(installed: Installation) -> None:
    config = resolve_brief(installed, LoadedBrief(brief=build.brief(), suppress=())).front_end
    assert (config.vocabulary, config.disclosure, config.max_first_characters) == (None, None, None)


def test_a_brief_that_may_not_be_made_can_still_be_resolved(installed: Installation) -> None:
    with installed.database.write() as connection:
        demo = preset_rows.find(connection, "demo-voice", 1)
        assert demo is not None
        preset_rows.record(connection, demo, "retirement", {"reason": "old"}, actor="test")
    loaded = LoadedBrief(brief=build.brief(), suppress=())
    assert resolve_brief(installed, loaded).chosen.preset == demo
    with pytest.raises(ConflictError, match="was retired"):
        prepare_brief(installed, loaded, allow_slow=True)


def test_a_commercial_message_must_say_who_calls_and_another_need_not(installed: Installation) -> None:
    asked = build.brief(territories=("US",))
    resolve_brief(installed, LoadedBrief(brief=asked, suppress=()))
    with pytest.raises(BriefError, match="must say who calls"):
        commercial = asked.revised(purpose=Purpose.COMMERCIAL)
        resolve_brief(installed, LoadedBrief(brief=commercial, suppress=()))


def test_a_dry_run_counts_what_there_is_to_make_and_to_deliver(
    installed: Installation, tmp_path: Path
) -> None:
    build.submitted(installed, build.people(1), campaign_id="one")
    build.worked(installed, "one")
    rows = [
        *build.people(2),
        {**build.people(1)[0], "id": "again"},
        {"id": "bad", "locale": "en", "name": ""},
    ]
    path = build.write_csv(tmp_path / "rows.csv", rows)
    with open_recipients(str(path)) as source:
        tally, counted = dry_run(installed, source, LoadedBrief(brief=build.brief(), suppress=()))
    lengths = [len(f"Hello {build.spelled(number)}.") for number in (1, 2, 1)]
    speed = counted.seconds_to_make / lengths[1]
    assert counted.rows_by_outcome == tally.by_outcome == {"pending": 3, "failed": 1}
    assert (counted.utterances, counted.utterances_cached) == (2, 1)
    assert counted.seconds_to_deliver == pytest.approx(sum(lengths) * speed)
    assert counted.expected_wall_s is not None
    assert (counted.currency, counted.expected_cost) == (installed.settings.currency, 0.0)
    assert 0 < counted.saved_by_sharing < 1
