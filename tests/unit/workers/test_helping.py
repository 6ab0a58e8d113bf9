"""Values of a row among the words that an engine or a listener timed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from pydantic import JsonValue

from storage.names import CampaignId
from storage.records import AssetPart, AssetWork, Claim, SpokenWords
from tests.unit.workers.finish.sounds import sine
from workers.engines.engine import WORDS
from workers.errors import FinishError
from workers.finish import Part
from workers.finish.words import PlacedWords
from workers.helping import timed_places, with_values

TEXT = "Your bill of forty-five dollars is due at two p.m."
PLACES: list[list[JsonValue]] = [["money", 3, 6, "amount"], ["time", 9, 11, "at"], ["words", 0, 1, ""]]
"""As listening counts: "forty-five" is two words."""
TIMES = tuple((100.0 * at, 100.0 * at + 90) for at in range(10))


def with_places(told: Sequence[tuple[float, float]] = (), placed: PlacedWords | None = None) -> list[Part]:
    notes: dict[str, JsonValue] = {WORDS: [list(pair) for pair in told]} if told else {}
    part = AssetPart(
        utterance_key="k",
        characters=len(TEXT),
        pause_after_ms=None,
        pcm_key="p",
        pcm_sha256="s",
        rate_hz=24_000,
        run_id="r",
        words=SpokenWords(
            spec={"spans": [{"text": TEXT, "language": "en"}], "take": 0}, value_places=PLACES, heard=None
        ),
    )
    work = AssetWork(
        claim=Claim(key=1, attempt=1),
        campaign_id=CampaignId("spring"),
        row=1,
        recipient_hmac="ab" * 16,
        language="en",
        voice=None,
        characters=len(TEXT),
        version=1,
        parts=(part,),
    )
    return with_values(
        work, [Part(pcm=sine(1.0), rate_hz=24_000, placed_words=placed)], {"r": {"notes": notes}}
    )


def test_a_value_is_found_among_the_words_that_the_engine_timed() -> None:
    (part,) = with_places(TIMES)
    assert part.values == ((3, 5), (8, 10)), "short forms are no values"


def test_or_among_those_that_a_listener_placed() -> None:
    words = PlacedWords(by="ears", times_ms=TIMES)
    assert with_places(placed=words)[0].values == ((3, 5), (8, 10))


def test_where_nobody_told_the_row_says_so() -> None:
    with pytest.raises(FinishError, match="choose a voice that tells"):
        with_places()


def test_times_of_other_words_are_not_guessed_at() -> None:
    with pytest.raises(FinishError, match="are not of its words"):
        with_places(TIMES[:-2])
    assert timed_places(TEXT, 8, [(3, 6)]) is None
