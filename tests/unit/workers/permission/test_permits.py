"""What a worker may take in hand: its own revisions, a speaker who agrees, marks that can be set."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.installation import Installation
from storage.queue import campaigns as campaign_rows
from storage.records import Runnable
from storage.tables import Lane
from tests import build
from workers.campaigns import KnownCampaigns
from workers.permission.permits import Permits


@pytest.fixture
def running(installed: Installation) -> Runnable:
    build.submitted(installed, build.people(1))
    with installed.database.read() as connection:
        (found,) = campaign_rows.runnable(connection, tuple(Lane))
    return found


@pytest.fixture
def permits(installed: Installation) -> Permits:
    return Permits(installed.settings, installed.database, KnownCampaigns(installed.database))


def test_campaign_of_this_code_s_revisions_is_allowed(permits: Permits, running: Runnable) -> None:
    assert permits.allow(running)


def test_sound_that_other_code_would_make_is_left_to_it(permits: Permits, running: Runnable) -> None:
    assert not permits.allow(replace(running, engine_revision=running.engine_revision + 1))
    assert not permits.allow(replace(running, finish_revision=running.finish_revision + 1))


@pytest.mark.parametrize("asked", ["_consents", "marking"])
def test_consent_and_marks_are_asked_too(
    permits: Permits, running: Runnable, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    monkeypatch.setattr(getattr(permits, asked), "allows", lambda *_what: False)
    assert not permits.allow(running)


def test_facts_of_a_campaign_that_was_planned_again_are_forgotten_first(
    permits: Permits, running: Runnable, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Runnable] = []
    monkeypatch.setattr(permits._campaigns, "forget_if_planned_again", told.append)
    permits.allow(running)
    assert told == [running]
