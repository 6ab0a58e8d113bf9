"""How values are written in German."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.de.calendar import CALENDAR
from campaign.speech.languages.de.leads import LEADS
from campaign.speech.languages.de.readings import READINGS
from campaign.speech.languages.record import Shapes
from campaign.speech.languages.shaping import END, HOUR, START, YEAR, any_of

_MONTH: Final = any_of({*cldr.months("de"), *CALENDAR.month_names})
_HEADS: Final = "|".join(rf"(?<=\b{head})" for head in LEADS.year)


SHAPES: Final = Shapes(
    dates=rf"{START}(?!0\.)\d{{1,2}}\.\s?(?:(?i:{_MONTH})\b\.?(?:\s{YEAR}{END})?|(?:0?[1-9]|1[0-2])\.(?!\d))",
    clock_tail=r"(?:\s?(?:Uhr|h)\b)?",
    times=rf"{START}{HOUR}\.[0-5]\d(?=(?:\s?[-–]\s?|\sbis\s)\d\d?(?:\.[0-5]\d)?\s?Uhr)|{START}{HOUR}\s?Uhr\s?[0-5]\d{END}"
    rf"|{START}{HOUR}(?:\.[0-5]\d)?\s?Uhr\b|{START}{HOUR}(?:h[0-5]\d|\.[0-5]\d\s?h){END}",
    ordinals=rf"{START}\d{{1,3}}\.(?=\s[^\W\d_]|\s?[-–/]\s?\d{{1,2}}\.|,\s?\d{{1,3}}\."
    r"|,\s(?:bis|und|oder|sowie)\s(?:zum\s|den\s)?(?:(?:Mo|Di|Mi|Do|Fr|Sa|So)(?:\.|[a-z]+)?,?\s)?\d{1,2}\.)",
    years=rf"(?=\d)(?:{_HEADS})1[1-9]\d\d{END}(?![.,]\d)",
    sizes=r"(?:Mio|Mrd)\.",
    next_year=re.compile(r", | und | oder | bis "),
    minus_after="(?<!°)",
    dash=r"(?<=\d°)\s?[-–]\s?(?=\d)",
    own=READINGS,
)
