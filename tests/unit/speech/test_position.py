"""A clause has the same words wherever it stands, after nought to sixty words, in every language with a grammar."""

from __future__ import annotations

import pytest

from campaign.speech.lexicon.samples import plain_front_end

CLAUSES = {
    "en": ("word", "it costs $1,234.50 on 3 May 2026 at 5th St."),
    "es": ("palabra", "cuesta 1.234,50 € el 3 de mayo de 2026 a las 15:45"),
    "de": ("Wort", "es kostet 1.234,50 € am 3. Mai 2026 um 15:45 Uhr"),
    "fr": ("mot", "cela coûte 1 234,50 € le 3 mai 2026 à 15h45"),
    "it": ("parola", "costa 1.234,50 € il 3 maggio 2026 alle 15:45"),
    "pt": ("palavra", "custa 1.234,50 € em 3 de maio de 2026 às 15:45"),
    "zh": ("词", "费用是1234.50元"),
}
BEFORE = (0, 1, 5, 20, 21, 22, 40, 60)


@pytest.mark.parametrize("language", CLAUSES)
def test_a_clause_reads_the_same_after_any_number_of_words(language: str) -> None:
    word, clause = CLAUSES[language]
    front_end = plain_front_end(language, None)
    gap = "" if language == "zh" else " "
    readings = set()
    for count in BEFORE:
        before = gap.join([word] * count) + ("，" if language == "zh" else ", ") if count else ""
        spoken = front_end.compose(locale=language, fields={"text": before + clause}).spoken_text
        assert spoken.startswith(word) == bool(count)
        readings.add(spoken.rpartition(word)[2].lstrip("，, "))
    assert len(readings) == 1, readings
