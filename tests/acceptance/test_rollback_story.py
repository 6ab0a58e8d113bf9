"""A bad voice model out of production, as a person types it: a rollback that makes exactly its files again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from campaign.cli import exits
from storage.installation import Installation
from tests import build
from tests.acceptance.story import LICENCE, Story, pin_and_freeze, submit
from tests.servers.speech import speech_server
from tests.unit.workers.engines.f5.checkpoint import make_checkpoint


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with speech_server(model="original") as server:
        told = Story(folder=tmp_path_factory.mktemp("rollback"), server=server, done={})
        pin_and_freeze(told)
        _go_well(told)
        _go_wrong(told)
        yield told


def _go_well(story: Story) -> None:
    live = ("--to", "production", "--reason", "clearer names", "--override", "Kim Park")
    story.must("good", "model", "promote", "f5-v1", *live)
    submit(story, "one", build.people(3))


def _go_wrong(story: Story) -> None:
    folder = story.folder
    story.must(
        "add bad",
        "model",
        "add",
        make_checkpoint(folder / "bad", seed=2),
        "--as",
        "f5-bad",
        "--engine",
        "f5",
        *LICENCE,
    )
    story.run("ungated", "model", "promote", "f5-bad", "--to", "production", "--reason", "in a hurry")
    bad = ("--to", "production", "--reason", "in a hurry", "--override", "Kim Park")
    story.must("bad", "model", "promote", "f5-bad", *bad)
    submit(story, "two", build.people(5)[2:])
    story.must("impact", "model", "impact", "f5-bad", "--json")
    story.must("dry", "model", "rollback", "production", "--rerender", "--dry-run", "--json")
    story.must("dry history", "model", "history", "production", "--json")
    story.must("rollback", "model", "rollback", "production", "--reason", "it slurs", "--rerender", "--json")
    story.must("history", "model", "history", "production", "--json")
    story.run("remove", "model", "remove", "f5-bad")


@pytest.fixture(scope="module")
def installed(story: Story) -> Iterator[Installation]:
    made = build.installation(story.folder / "home")
    yield made
    made.close()


def test_what_has_no_verdict_is_not_promoted(story: Story) -> None:
    assert story.done["ungated"].code == exits.CONFLICT


def test_impact_lists_exactly_the_files_of_the_bad_pin(story: Story) -> None:
    files = story.done["impact"].json
    assert {(one["campaign_id"], one["row"]) for one in files} == {("two", row) for row in (1, 2, 3)}


def test_a_dry_run_says_what_would_be_made_again_and_moves_nothing(story: Story) -> None:
    (planned,) = story.done["dry"].json["campaigns"]
    assert (planned["campaign"], planned["made_again"]) == ("two", 3)
    assert planned["utterances"] == 3 - 1, "one sentence of campaign one is still in the cache"
    assert len(story.done["dry history"].json) == 3


def test_rollback_makes_exactly_those_files_again_and_leaves_the_old_ones_traceable(
    story: Story, installed: Installation
) -> None:
    files = story.done["rollback"].json["files"]
    assert {(one["campaign"], one["row"]) for one in files} == {("two", row) for row in (1, 2, 3)}
    for one in files:
        assert (one["old_pin"], one["new_pin"]) == ("f5-bad", "f5-v1")
        assert (one["old_version"], one["new_version"]) == (1, 2)
        assert installed.store.get(one["old_object"]) != installed.store.get(one["new_object"])
    urls = [line["url"] for line in build.manifest(installed.store, "one")]
    assert all("/v1/" in url for url in urls)


def test_history_says_what_was_live_when(story: Story) -> None:
    moves = story.done["history"].json
    assert [(one["kind"], one["to_pin"]) for one in moves] == [
        ("override", "chatter"),
        ("override", "f5-v1"),
        ("override", "f5-bad"),
        ("rollback", "f5-v1"),
    ]


def test_a_pin_that_files_refer_to_is_not_forgotten(story: Story) -> None:
    assert story.done["remove"].code == exits.CONFLICT
    assert "what made sound is never forgotten" in story.done["remove"].err
