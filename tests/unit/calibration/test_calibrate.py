"""A preset calibrated by ears that hear what a test says: what is kept, what stays, what is refused with the mend."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from campaign.calibration.calibrate import Calibrated, CalibrationRequest, calibrate
from campaign.errors import InputError, NotFoundError
from campaign.gate.prompts import load_prompts
from campaign.registry.calibrations import record_of
from campaign.registry.encoder import catalogue_encoder_name
from campaign.submission.listening import choose_listening
from storage.history import audit
from storage.installation import Installation
from storage.registry import calibrations as calibration_rows
from tests import build
from tests.encoders import PitchEncoder
from tests.hearing import LISTENING, Ears, listened_to
from workers.listening.judging import Bounds
from workers.measure.likeness import SpectralEncoder

LANGUAGES = ("en", "es", "fr", "it", "pt")


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installation]:
    with closing(build.installation(tmp_path / "home")) as made:
        yield made


@pytest.fixture
def ears(monkeypatch: pytest.MonkeyPatch) -> Ears:
    monkeypatch.setattr("campaign.calibration.calibrate.listening_at_hand", lambda *_: LISTENING)
    monkeypatch.setattr("campaign.calibration.calibrate.find_encoder", lambda _: PitchEncoder())
    heard = listened_to(monkeypatch)
    monkeypatch.setattr("campaign.submission.prepare.choose_listening", choose_listening)
    return heard


def asked(installed: Installation, *languages: str, **values: Any) -> Calibrated:
    steps: list[tuple[int, int]] = []
    request = CalibrationRequest(**{"preset": "demo-voice@1", "pin": "tone", "languages": languages} | values)
    made = calibrate(
        installed,
        request,
        actor="ann",
        watch=lambda *_: None,
        steps=lambda done, total: steps.append((done, total)),
    )
    assert steps[-1][0] == steps[-1][1] == len(steps)
    return made


def test_the_sentences_hold_every_kind_of_value_often_in_every_language() -> None:
    prompts = load_prompts("calibration")
    assert prompts.brief.languages == LANGUAGES
    templates = prompts.brief.templates
    for language in LANGUAGES:
        said = "".join(
            templates.get(row["locale"], templates[language]).text
            for row in prompts.in_languages((language,)).rows
        )
        for column in prompts.brief.columns:
            assert said.count(f"{{{{ {column} }}}}") >= 6, (language, column)
        assert said.count(".") == 24


def test_what_was_learned_is_kept_with_its_prints_and_noted(installed: Installation, ears: Ears) -> None:
    ears.deaf_to.add("reference")
    made = asked(installed, "en")
    learned = record_of(made.calibration).languages["en"]
    assert (learned.sentences, learned.beyond) == (24, [])
    assert learned.heard["spell"] == (4, 6), "nobody could judge two of its sentences"
    assert learned.heard["time"] == (8, 8)
    assert (learned.nats, learned.unlike_sounds) == (1.5, 0.4), "who does not weigh keeps what ships"
    assert learned.print is not None and learned.telephone_print is not None
    with installed.database.read() as connection:
        vectors = calibration_rows.vectors(connection, made.calibration.digest)
        (noted,) = [
            one for one in audit.of(connection, "demo-voice@1") if one["action"] == "preset.calibrate"
        ]
    assert set(vectors) == set(learned.print_digests)
    assert noted["actor"] == "ann"
    assert made.calibration.encoder == catalogue_encoder_name()


def test_a_kind_that_is_often_misheard_is_beyond(installed: Installation, ears: Ears) -> None:
    ears.instead["plus one"] = "nine nine"
    learned = record_of(asked(installed, "en").calibration).languages["en"]
    assert learned.beyond == ["telephone"]
    assert learned.heard["telephone"] == (0, 6)


def test_a_language_that_is_not_measured_stays_as_it_was(
    installed: Installation, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = asked(installed, "en"), asked(installed, "it")
    assert (first.measured, second.measured) == (("en",), ("it",))
    kept = record_of(second.calibration).languages
    assert list(kept) == ["en", "it"] and kept["en"] == record_of(first.calibration).languages["en"]
    with installed.database.read() as connection:
        vectors = calibration_rows.vectors(connection, second.calibration.digest)
    assert set(vectors) == {*kept["en"].print_digests, *kept["it"].print_digests}

    monkeypatch.setattr("campaign.calibration.calibrate.find_encoder", lambda _: SpectralEncoder())
    third = asked(installed, "it")
    assert third.calibration.encoder == "" and not third.calibration.has_vectors
    assert [one.print for one in record_of(third.calibration).languages.values()] == [None, None]
    assert third.campaign != second.campaign, "a campaign of its own, which shares what was made"


def test_what_cannot_be_calibrated_is_refused_with_the_mend(
    installed: Installation, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(
        InputError, match="cannot be calibrated in de: prompts, voice and model together have en, es"
    ):
        asked(installed, "de")
    with pytest.raises(NotFoundError, match="there is no preset nobody"):
        asked(installed, preset="nobody")
    with pytest.raises(NotFoundError, match="no pin or channel 'other'"):
        asked(installed, pin="other")
    monkeypatch.undo()
    with pytest.raises(NotFoundError, match=r"nobody can listen here: .*campaign voice get whisper-base"):
        asked(installed, "en")


def test_bounds_in_a_line_tell_all_of_them_apart() -> None:
    all_of = [
        Bounds(),
        Bounds(nats=1.25),
        Bounds(unlike_sounds=0.5),
        Bounds(beyond=frozenset({"time"})),
        Bounds(beyond=frozenset({"time", "spell"})),
    ]
    assert len(set(map(str, all_of))) == len(all_of)
    assert str(all_of[-1]) == "4 0.4 spell time"
