"""The words that values are made of, by what they mean: which of them a recogniser may take for one another.

    python -m tools.value_words          writes workers/listening/value_words.toml from the languages' rooms

A line is one meaning in one language: "eleven" and "eleventh" are the same day of a month, "fifty" is not "fifteen".
"""

from __future__ import annotations

import json
from pathlib import Path

from babel.dates import get_month_names

from campaign.speech.languages.registry import codes, language
from workers.listening.words import words_of

FILE = Path(__file__).parents[1] / "workers" / "listening" / "value_words.toml"
CARDINALS = (*range(101), *range(200, 1000, 100), 1000, 2000, 1_000_000)
ORDINALS = range(1, 32)
GENDERS = ("m", "f", "n")
REGIONS = ("", "BE", "BR", "CH")
"""That say some numbers otherwise."""
ENDINGS = ("", "e", "en", "er")
"""That a language's ordinals take; one that has none says the same."""
HEAD = (
    "# Made by `python -m tools.value_words` from the languages' rooms: words of values by their meaning.\n"
)


def words(code: str) -> dict[str, list[str]]:
    """Meaning to its single words, in a language."""
    room = language(code)
    assert room is not None
    found: dict[str, list[str]] = {}

    def add(meaning: str, said: str) -> None:
        parted = words_of(said)
        if len(parted) == 1:
            word = said[parted[0].begun : parted[0].ended].casefold()
            if word not in found.setdefault(meaning, []):
                found[meaning].append(word)

    for number in CARDINALS:
        for region in REGIONS:
            for gender in GENDERS:
                add(str(number), room.numerals.cardinal(number, gender=gender, region=region))
    for digit, said in enumerate(room.words.digits):
        add(str(digit), said)
    ordinals = room.numerals.ordinals
    for number in ORDINALS if ordinals is not None else ():
        assert ordinals is not None
        for gender in GENDERS:
            for ending in ENDINGS:
                add(str(number), ordinals.said(number, gender=gender, ending=ending, region=""))
    for month, name in get_month_names("wide", locale=code).items():
        add(f"month {month}", name)
    return {meaning: said for meaning, said in found.items() if said}


def document() -> str:
    """The file, whole."""
    lines = [HEAD]
    for code in sorted(codes()):
        lines.append(f"[{code}]")
        lines += [
            f"{json.dumps(meaning)} = {json.dumps(said, ensure_ascii=False)}"
            for meaning, said in words(code).items()
        ]
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
