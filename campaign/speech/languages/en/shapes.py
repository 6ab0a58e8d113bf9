"""How values are written in English."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.en.calendar import MONTHS
from campaign.speech.languages.en.places import STREETS
from campaign.speech.languages.en.readings import READINGS
from campaign.speech.languages.en.times import YEAR_HEADS
from campaign.speech.languages.record import Shapes
from campaign.speech.languages.shaping import END, HALVES, START, YEAR, also, any_of

_MONTH: Final = any_of(MONTHS)
_FUNCTION: Final = (
    "we|you|they|he|she|it|our|your|the|this|that|are|were|has|have|had|can|may|must|should|would|a|an|"
    "and|or|to|at|from|until|for|in|on|by|is|was|with|if|as|but|please|after|before|between|through|will"
)
_NO_COUNT: Final = rf"(?! (?!(?:{_FUNCTION})\b)[a-z])"
"""`In March 5 people came` is no day."""
_WEAK_YEARS: Final = (
    r"(?=\d)(?:(?<=\bof )|(?<=\bby )|(?<=\bfrom )|(?<=\bto )|(?<=\bfor ))(?:1[7-9]|20)\d\d(?!\w)(?![.,]\d)"
    r"(?!\s(?!(?:and|or|to|until|is|was|were|will|in|at|on|for|with|the|we|you|it)\b)[^\W\d_])"
)
"""`the class of 2026`, but not `of 1500 people`."""
_NO_PERMISSION: Final = (
    r"(?!\d{1,2} (?-i:may) (?:not|be|have|also|only|still|need|cause|apply|take|use|contain|differ|vary|require|enter"
    r"|get|include|see|lead|affect|change|result|arrive|leave|come|attend|bring|call|ask|feel|find|give|go|help|join|make"
    r"|open|pay|play|receive|register|return|ride|start|stay|travel|visit|vote|wait|wish|work)\b)"
)
"""`Children under 12 may attend` is no day."""
_DATES: Final = (
    rf"(?i:\b(?:{_MONTH})\.? \d{{1,2}}(?:(?:st|nd|rd|th)?,? {YEAR}{END}|(?:st|nd|rd|th){END}|{END}{_NO_COUNT})"
    rf"(?![:/.]\d)"
    rf"|{START}{_NO_PERMISSION}\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{_MONTH})\b\.?"
    rf"(?:,? {YEAR}{END})?(?! (?:{STREETS})\b))"
)
_ON: Final = "|".join(
    rf"(?<=\b{lead} )"
    for lead in (
        "on", "On", "by", "By", "until", "till", "since", "Since", "from", "From", "dated", "due", "before", "after",
        "Date:", "date:", "born", "Born", "the", "effective", "as of", "signed", "expires", "valid", "of",
    )
)  # fmt: skip
_DOTTED: Final = (
    rf"(?i:(?=\d)(?:{_ON})\d{{1,2}}\. (?:{_MONTH})\b\.?,? {YEAR}{END}"
    rf"|(?=\d)(?<=\bon )\d{{1,2}}\. (?!ma[ry])(?:{_MONTH})\b(?:\.(?!\s[A-Z]))?(?!\s(?:is|was|has|will)\b))"
)
"""`signed on 5. Nov 2020`."""
_YEARS: Final = rf"(?=\d)(?:{YEAR_HEADS})(?:1[1-9]|20)\d\d{END}(?![.,]\d)" + also(_WEAK_YEARS)


SHAPES: Final = Shapes(
    sizes=r"[MBK](?:(?<=\.\d[MBK])|(?<=\.\d\d[MBK]))|bn|mn",
    dates=f"{_DATES}|{_DOTTED}",
    clock_tail=rf"{HALVES}?",
    times=rf"{START}(?:1[0-2]|0?[1-9])(?:\.[0-5]\d)?{HALVES}",
    ordinals=rf"{START}(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,6}})(?:st|nd|rd|th){END}",
    years=_YEARS,
    compound_heads="mid|early|late|pre|post",
    signs=r"(?<=\d(?:st|nd|rd|th))/(?=\d)",
    next_year=re.compile(r", | and | or |, and | to | through "),
    minus_after="(?<!°)",
    dash=r"(?<=\d°)\s?[-–]\s?(?=\d)",
    own=READINGS,
)
