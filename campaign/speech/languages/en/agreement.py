"""What an English number counts: it changes no number, but tells a quantity from a code."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Agreement, Noun
from campaign.speech.languages.shaping import standing_before

_NO_COUNT: Final = (
    r"as|is|was|has|does|this|its|us|his|hers|ours|yours|theirs|always|plus|thus|across|towards|unless|thanks|sometimes"
    r"|perhaps|press|address|emergency|services|the|a|an|and|or|not|but|if|for|to|at|on|in|by|from|until|before|after"
    r"|with|when|we|you|they|it|now|today|free|any|anytime|please|option|then|during|between|within|every|[a-z]+ly"
)
_COUNTED: Final = re.compile(
    rf"[ \u00a0](?:(?!(?:{_NO_COUNT})\b)[a-z]+ ){{0,2}}(?:(?!(?:{_NO_COUNT})\b)[a-z]{{3,}}s|people|men|women"
    r"|children|feet|staff|data|sheep|per ?cent|million|billion|thousand|hundred|dozen)\b"
)
"""A noun in the plural, before which adjectives may stand: `500 new customers`."""
_COUNTING: Final = standing_before(
    "about",
    "over",
    "nearly",
    "some",
    "around",
    "approximately",
    "almost",
    "more than",
    "up to",
    "less than",
    "fewer than",
    "at least",
    "at most",
)
AGREEMENT: Final = Agreement(
    parted=re.compile(
        r"\s(?:of\b(?!\s(?:this|next|last|the)\s(?:week|month|year))|(?:majority|full|empty|share|time|price|off|cups?"
        r"|pints?|pounds?|miles?|inch(?:es)?|hours?|teaspoons?|tablespoons?|tsp|tbsp|more|less)\b"
        r"|the (?:size|price|cost|speed|time|way)\b|as (?:much|many|big|long)\b)"
    ),
    parting=re.compile(
        r"(?:hal(?:f|ves)|thirds?|quarters?)\s\($|\b(?:(?<!week )of|about|over)\s$"
        r"|\b(?:reduc|f[ae]ll|ris|rose|gr[eo]w|increas|decreas|cut|drop|shr[aiu]nk|declin|rais|lower)\w*\s(?:\S+\s){0,3}by\s$"
        r"|\b(?:fill|full|tank)\w*\b[^.;!?]*\s(?:to|at|is)\s$"
        r"|\b(?:ratio|share|fraction|proportion|probability|chance|gauge|answer)\b[^.;!?]*\s(?:is|was|to|shows)\s$",
        re.I,
    ),
    counting=_COUNTING,
    noun_after=lambda left, right: Noun("m", right[:1].isspace() and right[1:2].isalpha()),
    counted=_COUNTED,
)


_ARTICLE: Final = re.compile(
    r"\b(?:[Aa]n?|so-called)\s(?:(?:full|flat|small|new|one-time|single|monthly|annual|additional|extra|further|minimum"
    r"|maximum|(?:non-?)?refundable)\s)?[\"“']?$"
)
_THING: Final = re.compile(
    r"\s(?!(?:for|to|on|by|in|at|is|was|and|or|per|a|each|will|from|as|with|of|off(?!\s(?:coupon"
    r"|voucher|code|deal|offer)))\b)[A-Za-z]{3,}"
)
_DETERMINER: Final = re.compile(
    r"\b(?:the|this|that|your|my|our|his|her|their|every|each|any|no|these|those"
    r"|both|two|three|four|five|ten)\s$",
    re.I,
)
_CHARGE: Final = re.compile(
    r"\s(?:(?:late|overdraft|annual|monthly|cash|gift|service|processing|cancellation|application|registration|security"
    r"|minimum|maximum|refundable|delivery|admission|parking|setup|activation|returned|transfer|winter|fuel)\s){0,2}"
    r"(?:fee|charge|credit|deposit|payment|co-?pay(?:ment)?|loan|bill|refund|fine|penalty|discount|rebate|card|coupon"
    r"|voucher|limit|minimum|premium|deductible|transfer|bonus|reward|donation|grant|invoice|ticket|plan|note|prize"
    r"|withdrawal|purchase|cheque|check|allowance|surcharge|top-up)s?\b"
)
"""What an amount is often a part of: `the $35 late fee`."""


def is_attributive(left: str, right: str) -> bool:
    """`a $5 bill` is "a five dollar bill"."""
    return bool(
        (_ARTICLE.search(left) and _THING.match(right)) or (_DETERMINER.search(left) and _CHARGE.match(right))
    )
