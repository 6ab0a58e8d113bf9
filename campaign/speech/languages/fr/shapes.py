"""How values are written in French, and readings that French alone has."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.fr.calendar import MONTHS
from campaign.speech.languages.fr.numbers import cardinal
from campaign.speech.languages.fr.readings import READINGS
from campaign.speech.languages.record import Occurrence, OwnReading, Shapes
from campaign.speech.languages.shaping import END, HOUR, START, YEAR, any_of
from campaign.speech.typed import TypedValue, in_words

_MONTH: Final = any_of(MONTHS)
_SEVEN_DAYS: Final = r"[5-7]\s?[jJ](?:ours)?\s?/\s?7"

_DAYS: Final = {"5": "cinq", "6": "six", "7": "sept"}


def _always(found: Occurrence) -> TypedValue:
    """`24h/24 et 7j/7`."""
    written = found.written
    first = re.match(r"(\d+)\s?[hH]", written)
    hours = f"{cardinal(int(first[1]), region=found.region)} heures sur vingt-quatre" if first else ""
    figures = re.search(r"([5-7])\s?[jJ]", written)
    days = f"{_DAYS[figures[1]]} jours sur sept" if figures else ""
    link = " et " if "et" in written else ", "
    return in_words(written, link.join(part for part in (hours, days) if part))


SHAPES: Final = Shapes(
    dates=rf"{START}(?:1er|\d{{1,2}})[ \u00a0](?i:{_MONTH})(?![\w])\.?(?:[ \u00a0]{YEAR}{END})?",
    clock_tail=r"(?:\s?h\b)?",
    times=rf"{START}(?:{HOUR}|24)\s?h(?:\s?[0-5]\d(?:\s?min\b)?)?{END}|{START}{HOUR}\.[0-5]\d\s?h{END}",
    ordinals=rf"{START}\d{{1,6}}(?:er|re|ère|e|ème|nde?){END}",
    sizes=r"(?:Mds?|Mrds?|Mio|M)(?=\s(?:de\s|d['’]))",
    own=(
        *READINGS,
        OwnReading(
            name="fewer",
            shape=r"(?<=\s)[-–−](?=\sde\s\d)",
            before="clock",
            read=lambda found: in_words(found.written, "moins"),
        ),
        OwnReading(
            name="always",
            shape=rf"(?:24|20|12|10|8)\s?[hH](?:eures)?\s?/\s?24(?:\s?(?:et|,|-)?\s?{_SEVEN_DAYS})?(?!\w)|{_SEVEN_DAYS}(?!\w)",
            before="version",
            read=_always,
        ),
    ),
)
