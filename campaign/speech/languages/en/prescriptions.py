"""Doses as a prescription writes them: `1 tab PO BID x 10 days`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from campaign.speech.languages.en.numbers import cardinal
from campaign.speech.languages.en.words import WORDS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.shaping import START, any_of
from campaign.speech.typed import TypedValue, in_words

_FORMS: Final[Mapping[str, tuple[str, str]]] = {
    "tab": ("tablet", "tablets"), "tabs": ("tablet", "tablets"), "tablet": ("tablet", "tablets"),
    "tablets": ("tablet", "tablets"), "cap": ("capsule", "capsules"), "caps": ("capsule", "capsules"),
    "capsule": ("capsule", "capsules"), "capsules": ("capsule", "capsules"), "pill": ("pill", "pills"),
    "pills": ("pill", "pills"), "mg": ("milligram", "milligrams"), "mcg": ("microgram", "micrograms"),
    "g": ("gram", "grams"), "ml": ("milliliter", "milliliters"),
    "puff": ("puff", "puffs"), "puffs": ("puff", "puffs"), "drop": ("drop", "drops"), "drops": ("drop", "drops"),
    "gtt": ("drop", "drops"), "gtts": ("drop", "drops"), "spray": ("spray", "sprays"),
    "sprays": ("spray", "sprays"), "patch": ("patch", "patches"), "patches": ("patch", "patches"),
    "unit": ("unit", "units"), "units": ("unit", "units"), "tsp": ("teaspoon", "teaspoons"),
    "tbsp": ("tablespoon", "tablespoons"),
}  # fmt: skip
_CODES: Final[Mapping[str, str]] = {
    "po": "by mouth", "sl": "under the tongue", "bid": "twice a day", "tid": "three times a day",
    "qid": "four times a day", "qd": "once a day", "qod": "every other day", "qhs": "at bedtime",
    "qam": "every morning", "qpm": "every evening", "prn": "as needed",
}  # fmt: skip
_CODE: Final = "|".join(rf"{code}|{''.join(rf'{letter}[.]' for letter in code)}" for code in _CODES)
_EVERY: Final = r"q\s?\d{1,2}(?:-\d{1,2})?\s?(?:h|hr|hrs|hours)"
_SPAN: Final = r"\s(?:x|×|for)\s?\d{1,3}\s?(?:days?|d|weeks?|wks?|doses)"
_AMOUNT: Final = r"(?:1/2|½|\d{1,4}(?:\.\d{1,2})?(?:-\d{1,2})?)"
_DIRECTED: Final = (
    r"(?=\s(?:daily|twice|once|three times|four times|by mouth|every|at bedtime|a day|per day"
    r"|in the (?:morning|evening)|with (?:food|water|meals)|orally|as needed)\b)"
)
_SHORT_DOT: Final = r"(?:\.(?=,?\s[a-zPSBTQ]))?"
_DOSE: Final = re.compile(rf"({_AMOUNT})\s?((?i:{any_of(_FORMS)}))\b{_SHORT_DOT}")


def _amount(written: str, region: str) -> str:
    """`1`, `2.5`, `1-2`, `1/2`."""
    if written in ("1/2", "½"):
        return "one half"
    said = []
    for part in written.split("-"):
        whole, _, tenths = part.partition(".")
        digits = (
            f" {WORDS.decimal} {' '.join(WORDS.digits[int(digit)] for digit in tenths)}" if tenths else ""
        )
        said.append(cardinal(int(whole), region=region) + digits)
    return " to ".join(said)


def _span(written: str, region: str) -> str:
    """`x 10 days`."""
    count, noun = re.findall(r"\d+|[^\W\d_]+", written.lstrip().lstrip("x×").removeprefix("for"))
    one = "dose" if noun == "doses" else "week" if noun[0] == "w" else "day"
    return f" for {cardinal(int(count), region=region)} {one}{'' if count == '1' else 's'}"


_AILMENT: Final = re.compile(
    r"\s(?:(?:severe|mild|moderate|chest|back) )?(?:pain|nausea|anxiety|cough|wheezing|itching|fever|headaches?|sleep"
    r"|insomnia|spasms?|allergies|constipation|heartburn|shortness of breath)\b"
)


def _prescribed(found: Occurrence) -> TypedValue:
    """`1 tab PO BID x 10 days`."""
    dose = _DOSE.match(found.written)
    assert dose is not None
    amount, rest = dose[1], found.written[dose.end() :]
    said = f"{_amount(amount, found.region)} {_FORMS[dose[2].lower()][amount not in ('1', '1/2', '½')]}"
    for part in re.finditer(rf"(?P<every>(?i:{_EVERY}))|(?P<span>{_SPAN})|(?i:{_CODE})", rest):
        if part["every"]:
            figures = " to ".join(cardinal(int(hour)) for hour in re.findall(r"\d+", part[0]))
            said += f" every {figures} hour{'' if figures == 'one' else 's'}"
        elif part["span"]:
            said += _span(part[0], found.region)
        else:
            said += f" {_CODES[part[0].replace('.', '').lower()]}"
    return in_words(
        found.written, f"{said} for" if said.endswith("needed") and _AILMENT.match(found.right) else said
    )


READINGS: Final = (
    OwnReading(
        name="prescribed",
        figures=True,
        shape=rf"{START}{_AMOUNT}(?!\s?units?\sbid\b)\s?(?i:{any_of(_FORMS)})\b{_SHORT_DOT}"
        rf"(?:,?\s(?i:{_CODE}|{_EVERY})(?!\w))+(?:{_SPAN}(?!\w))?"
        rf"|(?=\d)(?:(?<=\b[Tt]ake )|(?<=\bTAKE )|(?<=\b[Gg]ive )|(?<=\bGIVE ))"
        rf"{_AMOUNT}\s?(?i:tabs?|caps?)\b{_SHORT_DOT}(?![-/])"
        rf"|{START}{_AMOUNT}\s?(?i:tabs?|caps?)\b{_SHORT_DOT}{_DIRECTED}",
        before="iso",
        read=_prescribed,
    ),
)
