"""A template's own text said before any row: what no voice of the campaign can say there is the template's fault.

Each way through its `if`s is composed by the campaign's own front end, once with a figure in the place of each value
and once with a name: what is wrong both times hangs on no row.
"""

from __future__ import annotations

import re
from typing import Final

from campaign.errors import RowError, TemplateError
from campaign.speech.front_end import FrontEnd
from campaign.speech.own_text import own_text, place_in
from campaign.speech.templates import TemplateSource

SAMPLES: Final = ("5", "Ann")
"""With a sign beside it, such as %, one of them can be said."""
_CHARACTER: Final = re.compile(r"\(U\+([0-9A-F]{4,6})\)")
_OF_A_COLUMN: Final = re.compile(r",? ?(?:or )?(?:give|declare) (?:the column|it) [^,]*")
"""Of a mend, what would help a field only."""
_QUOTED: Final = re.compile(r"'((?:[^'\\]|\\.)+)'|\"([^\"]+)\"")


def refuse_unspeakable(front_end: FrontEnd, source: TemplateSource, locale: str) -> None:
    """Raises `TemplateError` for a fault that is met whatever stands in the fields: the first of the template.

    `locale` is the one that the template is filed under.
    """
    met = [{_kind(fault): fault for fault in front_end.rehearse(locale, sample)} for sample in SAMPLES]
    for kind, fault in met[0].items():
        if all(kind in others for others in met[1:]) and (kind[1] != "" or kind[0] in source.text):
            place = _place(source, fault)
            mend = _OF_A_COLUMN.sub("", fault.mend).removeprefix(", ").removeprefix("or ")
            raise TemplateError(f"{place}: {fault.reason}; {mend or 'write it in words'}.")


def _kind(fault: RowError) -> tuple[str, str]:
    """What makes two faults one: the character that cannot be spoken, else all that is said of it."""
    character = _character(fault)
    return (character, "") if character else (fault.code, fault.reason)


def _character(fault: RowError) -> str:
    match = _CHARACTER.search(fault.reason)
    return chr(int(match[1], 16)) if match else ""


def _place(source: TemplateSource, fault: RowError) -> str:
    """Where it stands, as nearly as the text that the fault quotes tells."""
    character = _character(fault)
    quoted = sorted((a or b for a, b in _QUOTED.findall(fault.reason)), key=len, reverse=True)
    for written in quoted:
        if len(written) > 1 and (start := source.text.find(written)) >= 0:
            return place_in(source, start + max(written.find(character), 0))
    places = (own_text(source).find(character), source.text.find(character)) if character else (-1,)
    start = next((place for place in places if place >= 0), -1)
    return place_in(source, start) if start >= 0 else source.name
