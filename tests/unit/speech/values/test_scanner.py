"""What rules out places and shapes rules out no match: the scanner finds what the plain alternation finds."""

from __future__ import annotations

import random
import re

import pytest

from campaign.speech.languages.registry import codes
from campaign.speech.values.openings import needs, openings, parsed
from campaign.speech.values.patterns import flags_of, scanner, shapes
from campaign.speech.values.scanner import Scanner
from tools.reading import sentences

REGIONS = {"de": "CH", "en": "IN", "es": "MX", "fr": "CA", "it": "CH", "pt": "BR", "zh": "TW"}
STRAY = "0123456789 .,:;/-–—'’€$£%°½²ſKİıßxX\n\u00a0\u202f٣七年"


def texts(language: str) -> list[str]:
    """Hard sentences of this language and of others, whole, cut together and with a stray character."""
    rng = random.Random(language)
    every = [sentence.text for sentence in sentences()]
    own = [sentence.text for sentence in sentences() if sentence.locale.startswith(language)]
    mixed = []
    for _ in range(400):
        first, last = rng.choice(own), rng.choice(every)
        text = first[: rng.randrange(len(first))] + last[rng.randrange(len(last)) :]
        place = rng.randrange(len(text) + 1)
        mixed.append(text[:place] + rng.choice(STRAY) + text[place + rng.randrange(2) :])
    return own + rng.sample(every, 200) + mixed


@pytest.mark.parametrize("language", sorted(codes()))
def test_it_finds_what_the_alternation_finds(language: str) -> None:
    rng = random.Random(language)
    for region in ("", REGIONS[language]):
        named = "|".join(f"(?P<{name}>{shape})" for name, shape in shapes(language, region))
        plain, quick = re.compile(named, flags_of(language)), scanner(language, region)
        for text in texts(language):
            expected = [(match.span(), match.lastgroup) for match in plain.finditer(text)]
            assert [(match.span(), match.lastgroup) for match in quick.finditer(text)] == expected, text
            end = rng.randrange(len(text) + 1)
            start = rng.randrange(end + 1)
            one, other = plain.search(text, start, end), quick.search(text, start, end)
            assert (one and one.span()) == (other and other.span()), (text, start, end)


@pytest.mark.parametrize(
    ("shape", "begins", "not_begins"),
    [
        (r"\d+", "0٣", "a ."),
        (r"(?=[ab])\w", "ab", "c"),
        (r"x?\d", "x1", "y"),
        (r"(?:ab|cd)+", "ac", "bd"),
        (r"(?i:kg)", "kK\u212a", "g"),
        (r"[^\d\s]x", "a-", "1 "),
        (r"(?!a)\w|-", "a-", "+"),
        (r"(?:(?<=a)|(?<=b))c", "c", "ab"),
    ],
)
def test_how_a_match_may_begin(shape: str, begins: str, not_begins: str) -> None:
    ways = openings(parsed(shape, re.NOFLAG))
    assert all(any(way.may_begin(character) for way in ways) for character in begins)
    assert not any(way.may_begin(character) for way in ways for character in not_begins)


@pytest.mark.parametrize(
    ("shape", "follows", "not_follows"),
    [
        (r"(?<!\w)\d", ["", " ", "-"], ["a", "1"]),
        (r"(?<=[ab])\d", ["a", "b"], ["", "c"]),
        (r"(?:(?<=um )|(?<=ab-))\d", [" ", "-"], ["", "m"]),
        (r"(?<!\d[.,])\d", ["", ".", "1"], []),
        (r"(?:(?<=a)|\b)\d", ["", "a", " "], []),
        (r"(?i:(?<!a)b)", ["", "a", "A"], []),
    ],
)
def test_what_a_match_may_follow(shape: str, follows: list[str], not_follows: list[str]) -> None:
    ways = openings(parsed(shape, re.NOFLAG))
    assert all(any(way.may_follow(character) for way in ways) for character in follows)
    assert not any(way.may_follow(character) for way in ways for character in not_follows)


def test_what_a_match_needs_is_in_every_text_with_one() -> None:
    sets = needs(parsed(r"(?<!x)\d{1,2}(?::|h)(?:[0-5]\d)?(?=a*!)(?:y|)", re.NOFLAG))
    assert [[character in chars for character in "3:h!y"] for chars in sets] == [
        [True, False, False, False, False],
        [False, True, True, False, False],
        [False, False, False, True, False],
    ]


def test_the_first_of_several_is_taken_and_the_earliest_place() -> None:
    both = Scanner([("long", r"\d+ kg"), ("short", r"\d+"), ("word", r"kg\b")], re.NOFLAG)
    assert [match.lastgroup for match in both.finditer("kg 3 kg 4")] == ["word", "long", "short"]
    assert both.search("4 kg", 0, 2)[0] == "4"  # type: ignore[index]
    assert both.search("") is None
