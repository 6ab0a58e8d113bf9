"""What stands for an empty cell: what databases, spreadsheets and people write where there is nothing.

Only in the spelling that a program writes, so that a person called Null, Nan or Na keeps a name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from campaign.speech.typed import Kind
from campaign.speech.wordlist import phrases, words

_WRITTEN: Final = words(
    "NULL null (NULL) nan NaN NAN -nan -NaN +nan NaT None N/A n/a N/a NA #N/A #NA #NV #N/D #ND 1.#IND -1.#IND 1.#QNAN",
    "-1.#QNAN undefined UNDEFINED N\\A n\\a nil NIL \\N \\\\N DBNull System.DBNull pd.NA <NaT> <NA>",
    "N.A. n.a. N/V n/v N/D n/d n.d. N.D. k.A. k.a. K.A. k/A k/a K/A o.A. o.a. n.v. N.N. s/o S/O s/d S/D s.d. S.D.",
) | {"#N/A N/A", "k. A.", "k. a.", "n. a.", "N. A.", "n. v.", "o. A.", "N. N."}
_PARTS: Final = words("NULL null nan NaN None undefined N/A n/a #N/A")
"""Of a name that a program put together: `undefined undefined`."""
_PHRASES: Final = phrases(
    "keine angabe|keine angaben|not applicable|not available|non renseigné|non renseignée|sin datos|no aplica",
    "non disponibile|não informado|não se aplica|no disponible",
)
"""In any spelling."""
_SIGNS: Final = re.compile(
    r"[-–—−_.…?¿/\\|;:,'\"`•·∅]|[-–—−_.…?/\\|'\" ]{2,12}|\(\s?\)|\[\s?\]|\{\s?\}|<\s?>"
)
"""`-`, `--`, `?`, `...`, `""`, `./.`: no letter and no figure."""
_BRACKETED: Final = re.compile(
    r"[(\[<{]\s?(?:null|nil|none|blank|blanks|empty|unknown|undefined|missing|not set|unset|no value|no data|no name"
    r"|n/?a|nan|leer|keine angabe|unbekannt|vide|vacío|vacio|vuoto|vazio|无|空)\s?[)\]>}]",
    re.I,
)
_AMONG_VALUES: Final = words(
    "none NONE Nil na n.a empty blank unknown Unknown UNKNOWN unbekannt inconnu desconocido"
)
"""No amount, day or number is called so; of a text it may be the word itself."""
_WORDS: Final = frozenset({Kind.TEXT, Kind.NAME, Kind.SPELL, Kind.FLAG})


_NO_DAYS: Final = words(
    "0000-00-00 00/00/0000 00.00.0000 00-00-0000 1900-01-00 1/0/1900 0/0/1900 00/01/1900 00.01.1900 01/00/1900"
)
_FIRST_DAYS: Final = words(
    "0001-01-01 01/01/0001 1/1/0001 01.01.0001 1899-12-30 1899-12-31 30/12/1899 12/30/1899 30.12.1899"
)
"""Zero in the calendars of programs; a text may mean them."""
_MIDNIGHT: Final = re.compile(r"[ T]0?0:00(?::00(?:\.0+)?)?$")


def is_nothing(text: str, kind: Kind = Kind.TEXT, declared: Sequence[str] | None = None) -> bool:
    """Whether a cell's text stands for an empty one; `declared` is the column's own list, None where it has none."""
    text = text.strip()
    if not text:
        return True
    if declared is not None:
        return text in declared
    if text in _WRITTEN or (kind not in _WORDS and text in _AMONG_VALUES):
        return True
    if text == "none" and kind is Kind.NAME:
        return True
    if text[0].isdecimal():
        day = _MIDNIGHT.sub("", text)
        return day in _NO_DAYS or (kind is Kind.DATE and day in _FIRST_DAYS)
    if text[0].isalnum():
        if " " in text and all(part in _PARTS for part in text.split()):
            return True
        return text.casefold() in _PHRASES
    return bool(_SIGNS.fullmatch(text) or _BRACKETED.fullmatch(text))
