from __future__ import annotations

import pytest

from workers.engines.f5.duration import Pace, measure_pace, pauses_s, syllables, units_in


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("appointment", "en", 3),
        ("time", "en", 1),
        ("the", "en", 1),
        ("table", "en", 2),
        ("Straßenbahn", "de", 3),
        ("Müller", "de", 2),
        ("mañana", "es", 3),
        ("porte", "fr", 1),
        ("東京", "ja", 2),
        ("きょう", "ja", 2),
        ("안녕하세요", "ko", 5),
        ("你好吗", "zh", 3),
        ("здравствуйте", "ru", 3),
        ("مرحبا", "ar", 2),
        ("hmm", "en", 1),
    ],
)
def test_syllables_of_a_word(word: str, language: str, expected: int) -> None:
    assert syllables(word, language) == expected


def test_an_accent_or_another_script_does_not_count_twice() -> None:
    """Upstream counts bytes: é twice, Cyrillic double."""
    assert units_in("père", "fr", "syllables") == units_in("pere", "fr", "syllables")
    assert units_in("мама", "ru", "syllables") == units_in("mama", "es", "syllables") == 2
    assert units_in("ça va", "fr", "characters") == 4


def test_the_pace_of_a_reference_is_carried_to_other_languages() -> None:
    pace = measure_pace(
        "one two three four five six seven eight nine ten", 3.15, language="en", unit="syllables"
    )
    assert pace.units_per_second == pytest.approx(11 / 3.0)
    assert pace.per_second("en") == pace.units_per_second
    assert pace.per_second("es") == pytest.approx(pace.units_per_second * 7.82 / 6.19)
    assert pace.per_second("xx") == pytest.approx(pace.units_per_second * 6.5 / 6.19)


def test_characters_are_not_carried() -> None:
    pace = Pace(unit="characters", units_per_second=14.0, language="en")
    assert pace.per_second("de") == 14.0


def test_marks_inside_take_time_and_the_last_takes_none() -> None:
    assert pauses_s("Hello.") == 0
    assert pauses_s("Hello, Maria.") == pytest.approx(0.18)
    assert pauses_s("Hello. Maria!") == pytest.approx(0.35)
