"""The words that values are made of, by what they mean: which of them a recogniser may take for one another.

    python -m tools.value_words          writes value_words.toml and whole_numbers.toml in workers/listening

Both are made from the languages' rooms. A line of the first is one meaning in one language: "eleven" and "eleventh" are
the same day of a month, "fifty" is not "fifteen". The second has 0 to 100 as each language says them, for figures in a
transcript.
"""

from __future__ import annotations

import json
from pathlib import Path

from babel.dates import get_month_names

from campaign.speech.languages.registry import codes, language
from workers.listening.rivals import SIGN
from workers.listening.words import words_of

FILE = Path(__file__).parents[1] / "workers" / "listening" / "value_words.toml"
NUMBERS_FILE = FILE.with_name("whole_numbers.toml")
NUMBERS = range(101)
CARDINALS = (*range(101), *range(200, 1000, 100), 1000, 2000, 1_000_000)
ORDINALS = range(1, 32)
GENDERS = ("m", "f", "n")
REGIONS = ("", "BE", "BR", "CH")
"""That say some numbers otherwise."""
ENDINGS = ("", "e", "en", "er")
"""That a language's ordinals take; one that has none says the same."""
DOT = "."
"""Of a web address; a recogniser writes the sign."""
JOINING = "/-_:"
"""Of addresses and codes: a recogniser writes one of them, or may write "-" alone."""
HEAD = (
    "# Made by `python -m tools.value_words` from the languages' rooms: words of values by their meaning.\n"
)
NUMBERS_HEAD = (
    "# Made by `python -m tools.value_words` from the languages' rooms: 0 to 100 as they are said.\n"
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
    add(DOT, room.words.signs.get(DOT, ""))
    for sign in JOINING:
        add(f"{SIGN}{sign}", room.words.signs.get(sign, ""))
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


def whole_numbers(code: str) -> list[list[str]]:
    """0 to 100 in a language, each as every region and gender says it; the commonest first."""
    room = language(code)
    assert room is not None
    return [
        list(
            dict.fromkeys(
                room.numerals.cardinal(number, gender=gender, region=region)
                for region in REGIONS
                for gender in GENDERS
            )
        )
        for number in NUMBERS
    ]


def numbers_document() -> str:
    """The file of numbers, whole."""
    lines = [NUMBERS_HEAD]
    for code in sorted(codes()):
        said = ",\n".join(f"    {json.dumps(one, ensure_ascii=False)}" for one in whole_numbers(code))
        lines.append(f"{code} = [\n{said},\n]")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    FILE.write_text(document(), encoding="utf-8")
    NUMBERS_FILE.write_text(numbers_document(), encoding="utf-8")
