"""Exactly what a bad pin, preset or lexicon made is made again, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pydantic import JsonValue
from sqlalchemy import select

from campaign.errors import InputError, NotFoundError
from campaign.operations.suppression import add_persons
from campaign.registry.lexicons import add_lexicon
from campaign.registry.pins import made_by
from campaign.registry.presets import NewPreset, add_preset
from campaign.rerender.differences import file_differences
from campaign.rerender.replacement import RegistryKind, Replacement, replacement_of
from campaign.rerender.rerender import Replanned, rerender
from campaign.speech.lexicon.files import read_lexicon
from storage.installation import Installation
from storage.names import CampaignId, LexiconName, PresetName
from storage.queue import campaigns as campaign_rows
from storage.tables import CampaignState, asset_versions
from tests import build
from tests.unit.gate import gates


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    made = build.installation(tmp_path / "home")
    yield made
    made.close()


def delivered(
    installed: Installation, campaign_id: str, rows: Sequence[dict[str, str]], **brief: str
) -> None:
    submission = build.submitted(installed, rows, build.brief(**brief), campaign_id=campaign_id)
    assert build.worked(installed, submission.campaign.id).state == "finished"


def remade(installed: Installation, replacement: Replacement, **options: object) -> list[Replanned]:
    found = rerender(installed, replacement, actor="test", **options)  # type: ignore[arg-type]
    for one in found:
        if one.rows and not options.get("dry_run"):
            build.worked(installed, one.campaign)
    return found


def versions(installed: Installation) -> dict[tuple[str, int], list[str]]:
    """(campaign, row) -> pin of each version."""
    with installed.database.read() as connection:
        rows = connection.execute(select(asset_versions).order_by(asset_versions.c.version)).all()
        numbers = {campaign_rows.get(connection, CampaignId(one)).number: one for one in ("good", "bad")}
    out: dict[tuple[str, int], list[str]] = {}
    for row in rows:
        out.setdefault((numbers[row.asset_id >> 32], row.asset_id & 0xFFFFFFFF), []).append(row.pin_id)
    return out


@pytest.fixture
def two(installed: Installation) -> Installation:
    """A campaign by each of two pins."""
    delivered(installed, "good", build.people(2), model="espeak")
    delivered(installed, "bad", build.people(3), model="tone")
    return installed


def test_impact_lists_every_file_and_no_other(two: Installation) -> None:
    assert {(one.campaign_id, one.row) for one in made_by(two, "tone")} == {("bad", row) for row in (1, 2, 3)}


def test_files_of_a_pin_get_new_versions_and_the_old_ones_stay(two: Installation) -> None:
    before = build.objects(two.store, "campaigns/")
    replacement = replacement_of(two, RegistryKind.PIN, "tone", "espeak")
    found = remade(two, replacement)
    assert [(one.campaign, one.touched, len(one.rows)) for one in found] == [("bad", 3, 3)]
    assert versions(two) == {
        **{("good", row): ["espeak"] for row in (1, 2)},
        **{("bad", row): ["tone", "espeak"] for row in (1, 2, 3)},
    }
    assert {key for key in before if "/v1/" in key} <= build.objects(two.store, "campaigns/").keys()
    changed = file_differences(two, found)
    assert [(one.row, one.old_pin, one.new_pin) for one in changed] == [
        (row, "tone", "espeak") for row in (1, 2, 3)
    ]
    assert all(two.store.get(one.old_object) != two.store.get(one.new_object) for one in changed)


def test_the_campaign_says_what_it_spoke_with_before(two: Installation) -> None:
    remade(two, Replacement(kind=RegistryKind.PIN, old="tone", new="espeak"))
    with two.database.read() as connection:
        campaign = campaign_rows.get(connection, CampaignId("bad"))
    assert (campaign.pin_id, campaign.lock.pin.id) == ("espeak", "espeak")
    assert [before.pin.id for before in campaign.lock.replaced] == ["tone"]
    assert {line["pins"]["model"] for line in build.manifest(two.store, "bad")} == {"espeak"}


def test_once_made_again_there_is_nothing_left_to_do(two: Installation) -> None:
    replacement = Replacement(kind=RegistryKind.PIN, old="tone", new="espeak")
    remade(two, replacement)
    assert rerender(two, replacement, actor="test") == []


def test_who_opted_out_since_keeps_the_file_and_gets_no_other(two: Installation) -> None:
    add_persons(two, ["person-2"], source="test", actor="test")
    (found,) = remade(two, Replacement(kind=RegistryKind.PIN, old="tone", new="espeak"))
    assert ([one.row for one in found.rows], found.lost) == ([1, 3], [(2, "opted-out")])
    assert versions(two)["bad", 2] == ["tone"]


def test_utterances_that_are_in_the_cache_are_not_made_again(two: Installation) -> None:
    (planned,) = rerender(
        two, Replacement(kind=RegistryKind.PIN, old="tone", new="espeak"), dry_run=True, actor="test"
    )
    assert planned.utterances == 1, "two of the three sentences were spoken by espeak already"
    assert versions(two)["bad", 1] == ["tone"]


def test_only_the_campaigns_named_are_touched(two: Installation) -> None:
    replacement = Replacement(kind=RegistryKind.PIN, old="tone", new="espeak")
    with pytest.raises(NotFoundError, match="campaign good has no file that tone made"):
        rerender(two, replacement, campaign_ids=[CampaignId("good")], actor="test")
    assert [one.campaign for one in remade(two, replacement, campaign_ids=["bad"])] == ["bad"]


def test_a_campaign_that_still_runs_keeps_its_pin(two: Installation) -> None:
    with two.database.write() as connection:
        campaign_rows.reopen_rows(connection, CampaignId("bad"))
        campaign_rows.move(connection, CampaignId("bad"), CampaignState.RUNNING)
    (found,) = rerender(two, Replacement(kind=RegistryKind.PIN, old="tone", new="espeak"), actor="test")
    assert found.rows == [] and "keeps what it speaks with" in found.kept


def test_what_a_gate_measured_and_people_heard_stays(installed: Installation) -> None:
    gates.gate(installed)
    delivered(installed, "gate-1-baseline", build.people(1), model="tone")
    (found,) = rerender(installed, Replacement(kind=RegistryKind.PIN, old="tone", new="espeak"), actor="test")
    assert (found.touched, found.rows) == (1, []) and "a side of gate-1" in found.kept


def test_a_pin_that_cannot_serve_the_campaign_leaves_it_as_it_was_and_says_why(
    installed: Installation, tmp_path: Path
) -> None:
    table = NewPreset(name=PresetName("night"), engine="espeak", table={"voices": {"en": "en-gb"}})
    add_preset(installed, table, actor="test")
    delivered(installed, "bad", build.people(1), model="espeak", preset="night@1")
    (found,) = rerender(installed, Replacement(kind=RegistryKind.PIN, old="espeak", new="tone"), actor="test")
    assert found.rows == [] and "no table for engine tone" in found.kept


def test_files_of_a_preset_version_are_made_again(installed: Installation) -> None:
    for pitch in (20, 80):
        table: dict[str, JsonValue] = {"voices": {"en": "en-gb"}, "pitch": pitch}
        add_preset(installed, NewPreset(name=PresetName("night"), engine="espeak", table=table), actor="test")
    delivered(installed, "bad", build.people(2), model="espeak", preset="night@1")
    delivered(installed, "good", build.people(2), model="espeak")
    found = remade(installed, replacement_of(installed, RegistryKind.PRESET, "night@1", "night@2"))
    assert [(one.campaign, len(one.rows)) for one in found] == [("bad", 2)]
    assert {line["pins"]["preset"] for line in build.manifest(installed.store, "bad")} == {"night@2"}


def test_of_a_lexicon_only_files_whose_words_change_are_made_again(
    installed: Installation, tmp_path: Path
) -> None:
    path = tmp_path / "names.tsv"
    for alias in ("G P", "doctor"):
        path.write_text(f"written\talias\nGP\t{alias}\n", encoding="utf-8")
        add_lexicon(installed.database, read_lexicon(path), name=LexiconName("names"), actor="test")
    rows = [{"id": str(n), "locale": "en", "name": name} for n, name in enumerate(("Ann GP", "Ben"), 1)]
    asked = build.brief(model="espeak", lexicons=("names@1",))
    submission = build.submitted(installed, rows, asked, campaign_id="bad")
    build.worked(installed, submission.campaign.id)
    (found,) = remade(installed, replacement_of(installed, RegistryKind.LEXICON, "names@1", "names@2"))
    assert (found.touched, [one.row for one in found.rows]) == (2, [1])
    assert ("G P" in found.rows[0].before, "doctor" in found.rows[0].after) == (True, True)
    with installed.database.read() as connection:
        lock = campaign_rows.get(connection, CampaignId("bad")).lock
    assert "names@2" in lock.lexicons and "names@1" in lock.replaced[0].lexicons


def test_a_thing_in_its_own_place_is_refused(installed: Installation, two: Installation) -> None:
    with pytest.raises(InputError, match="in its own place changes nothing"):
        replacement_of(two, RegistryKind.PIN, "tone", "tone")
    with pytest.raises(NotFoundError):
        replacement_of(two, RegistryKind.PIN, "tone", "none")
