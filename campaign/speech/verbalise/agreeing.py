"""How a number agrees with what it counts or ranks: one way for numbers, amounts, measures, ranges and ordinals."""

from __future__ import annotations

from decimal import Decimal

from campaign.speech.languages.record import Noun
from campaign.speech.languages.registry import spoken
from campaign.speech.typed import Context, Reading
from campaign.speech.verbalise.numbers import number

MILLION = 10**6


def noun_of(context: Context, declared: str = "") -> Noun:
    """What the number that stands at `context` counts; `declared` is a gender that its column says."""
    agreement = spoken(context.language, "a number").agreement
    gender, follows = agreement.noun_after(context.left, context.right)
    return Noun(declared or gender, follows and not agreement.labels.search(context.left))


def agreed(amount: Decimal | int, noun: Noun, context: Context, right: str) -> Reading:
    """The words for `amount` before the noun that `right` begins with, and how much of the space between they say."""
    value = Decimal(amount)
    words = number(value, context.language, gender=noun.gender, noun=noun.follows, region=context.region)
    agreement = spoken(context.language, "a number").agreement
    is_whole = isinstance(amount, int) or value.as_tuple().exponent == 0
    if not noun.follows or not is_whole:
        return Reading(text=words)
    if value == 1:
        words, eaten = agreement.one_before(words, noun.gender, context.left, right)
        return Reading(text=words, eats_right=eaten)
    if abs(value) >= MILLION and value % MILLION == 0:
        link, eaten = agreement.after_millions(right)
        return Reading(text=words + link, eats_right=eaten)
    return Reading(text=words)


def counted_as(amount: Decimal | int, gender: str, noun: str, context: Context) -> str:
    """`amount` and its noun in words: "un euro", "einen Cent", "un million d'euros"."""
    space = spoken(context.language, "a number").space
    said = agreed(amount, Noun(gender, True), context, f" {noun}")
    return f"{said.text}{'' if said.eats_right else space}{noun}"
