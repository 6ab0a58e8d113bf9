"""How values are written in Portuguese, and readings that Portuguese alone has."""

from __future__ import annotations

from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.pt.nouns import DETERMINERS, NOUNS
from campaign.speech.languages.pt.readings import READINGS
from campaign.speech.languages.record import OwnReading, Shapes
from campaign.speech.languages.romance import lettered
from campaign.speech.languages.shaping import ALONE, END, HOUR, START, YEAR, any_of
from campaign.speech.typed import Kind, typed

_MONTH: Final = any_of(cldr.months("pt"))


SHAPES: Final = Shapes(
    dates=rf"{START}\d{{1,2}}[ºo]?(?: de)? (?i:{_MONTH})\b\.?(?: de {YEAR}{END})?",
    clock_tail=r"(?:\s?(?:hs?|hrs?)\b)?",
    times=rf"{START}{HOUR}h(?:[0-5]\d)?{END}|{START}(?:[5-9]|0\d|1\d|2[0-3])\.[0-5]\d\s?h{END}",
    ordinals=rf"{START}\d{{1,4}}\.?[ºª°](?!C)",
    rows=rf"{ALONE}\d{{3}} \d{{3}} (?!000)\d{{3}}(?![\w,.]| \d)",
    sizes="mi|bi|tri|M(?=\\sde\\b)",
    own=(
        lettered(NOUNS, DETERMINERS),
        *READINGS,
        OwnReading(
            name="register",
            shape=r"(?<!\w)(?:\d{3}\.\d{3}\.\d{3}-\d{2}|\d{2}\.\d{3}\.\d{3}(?:/\d{4}-\d{2}|-\d))(?!\w)",
            before="moneys",
            read=lambda found: typed(Kind.DIGITS, found.written),
        ),
    ),
)
