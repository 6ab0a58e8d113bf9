"""Readings of French addresses: streets, towns, roads."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.fr.numbers import cardinal
from campaign.speech.languages.fr.places import PLACES
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.shaping import END, START
from campaign.speech.typed import Kind, TypedValue, in_words, typed

_DIRECTIONS: Final = {"O": "Ouest", "E": "Est", "N": "Nord", "S": "Sud"}
_PARTICLE: Final = r"(?:(?:de|du|des|la|le|les)\s|[dl]['’])"
_NAME: Final = (
    rf"(?:{_PARTICLE}|(?!M\.|MM\.|Mmes?\b|Mlles?\b|Drs?\b|Mgr\b|Me\b)[A-ZÀÂÉÈÎÔ][\w.'’-]*\s|\d{{1,3}}e?\s)"
)
_NAMED_PLACE: Final = rf"(?<!\w)(?i:{PLACES})\s{_NAME}{{1,6}}"
_STREET: Final = re.compile(
    rf"(?:{_NAMED_PLACE}|(?<!\w)\d{{1,3}}(?:e|re|ère)\s(?:[Rr]ue|[Aa]v\.|[Aa]venue)\s)$"
)
"""A street with its name, at the end of what stands before."""
_ADDRESS: Final = re.compile(
    rf"{_NAMED_PLACE}$|(?<!\w)(?:(?i:{PLACES})\s{_PARTICLE}{{0,2}}(?=[A-ZÀÂÉÈÎÔ\d])|BP\s|CS\s|[Rr]ésidence\s)"
    r"[^;!?]{2,60},\s$"
)
"""All that stands before a postal code."""


def _direction(found: Occurrence) -> TypedValue:
    """`rue King E.`, in Canada."""
    is_street = found.region == "CA" and _STREET.search(found.left)
    return in_words(found.written, _DIRECTIONS[found.written[0]] if is_street else found.written)


def _box(found: Occurrence) -> TypedValue:
    """`av. Louise 95/3`: in Belgium, the number of a house and of a letter box in it."""
    house, _, box = found.written.partition("/")
    if found.region != "BE" or not _STREET.search(found.left):
        return typed(Kind.CODE, found.written)
    said = [cardinal(int(part), region=found.region) for part in (house, box)]
    return in_words(found.written, " boîte ".join(said))


def _town_code(found: Occurrence) -> TypedValue:
    """`12, bd Voltaire, 75011 Paris`."""
    if found.region != "CA" and _ADDRESS.search(found.left):
        return in_words(found.written, cardinal(int(found.written), region=found.region))
    counts = found.language.agreement.counting.search(found.left)
    return typed(Kind.CARDINAL if counts else Kind.DIGITS, found.written)


_LANE: Final = (
    r"(?<![\w.])(?:(?<=\d )|(?<=\d, )|(?<=\b[lL]e )|(?<=\b[dD]u )|(?<=\b[aA]u )|(?<=\bbis )|(?<=\bbis, ))[cC]h\.(?=\s"
    r"(?:du|des|de|de\sla|de\sl['’]|d['’])\s?(?!M\.|MM\.|Mmes?\b|Mlles?\b|Drs?\b|Mgr\b|Me\b)[A-ZÀÂÉÈÎÔ]"
    r"|\s(?:Ste?|Sainte?)-)|(?<![\w.])(?<=\d, )[cC]h\.(?=\s[A-ZÀÂÉÈÎÔ][^\W\d_])"
)
"""`12, ch. du Lac`, and neither `la ch. de Mme Roy` nor `4 ch. de charme`."""


ADDRESSES: Final = (
    OwnReading(
        name="street_short",
        shape=r"(?:(?<=\d )|(?<=\d, )|(?<=\bbis )|(?<=\bter )|(?<=\bbis, ))r\."
        r"(?=\s(?:de\s|du\s|des\s|de\sla\s|d['’]|de\sl['’])?[A-ZÀÂÉÈÎÔ])",
        before="initials",
        read=lambda found: in_words(found.written, "rue"),
    ),
    OwnReading(
        name="town_on",
        shape=r"(?<=[^\W\d_])[\s-]s/[\s-]?(?=[A-ZÉ])",
        before="slashed",
        read=lambda found: in_words(found.written, " sur "),
    ),
    OwnReading(
        name="highway",
        shape=r"(?<![\w.])[Aa]ut\.(?=\s\d{1,3}(?![\w/]|[.,]\d| \d))",
        before="initials",
        read=lambda found: in_words(found.written, f"{found.written[0]}utoroute"),
    ),
    OwnReading(
        name="lane",
        shape=_LANE,
        before="initials",
        read=lambda found: in_words(found.written, f"{found.written[0]}hemin"),
    ),
    OwnReading(
        name="direction",
        shape=r"(?<=[\w.] )[OENS](?:\.(?=,|\s*$|\s\(|\s[a-zàé])|(?=,|\.?\s*$|\s\())",
        before="initials",
        read=_direction,
    ),
    OwnReading(
        name="town_code",
        figures=True,
        shape=r"(?<![\w.,/-])[1-9]\d{4}(?=\s[A-ZÉÈÀÎÔ](?:[a-zéèêëàâîïôç’']|[A-ZÉÈ]{2}))",
        before="number",
        read=_town_code,
    ),
    OwnReading(
        name="box",
        figures=True,
        shape=rf"{START}(?:\d{{1,4}}/\d{{1,4}}(?=,?\s\d{{4}}\s[A-Z])|(?:3[2-9]|[4-9]\d|\d{{3}})/\d{{1,3}}){END}(?![/-]|[.,]\d)",
        before="code",
        read=_box,
    ),
)
