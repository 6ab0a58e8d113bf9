"""Readings of German amounts and signs: a minus with a space, a blood group, `m` of minutes, doses, francs."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.de.numbers import cardinal
from campaign.speech.languages.de.words import WORDS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.shaping import START
from campaign.speech.typed import Kind, TypedValue, UnreadableValueError, in_words, typed


def _loose_minus(found: Occurrence) -> TypedValue:
    """`Saldo: - 45,20 €`."""
    raise UnreadableValueError(
        "ambiguous-number",
        f"{found.written!r} before the number is a minus, or a dash",
        "write the minus to the number, or leave the dash out",
    )


def _bracketed(found: Occurrence) -> TypedValue:
    """`Saldo: (45,20 €)`."""
    raise UnreadableValueError(
        "unclear-value",
        f"{found.written!r} is a negative amount in accounts, and an amount in brackets in prose",
        "write the minus sign, or leave the brackets out",
    )


def _headless_decimal(found: Occurrence) -> TypedValue:
    """`Dosis ,5 mg`."""
    raise UnreadableValueError(
        "ambiguous-number",
        f"{found.written!r} is 0{found.written}, or {found.written[1:]} after a comma",
        f"write 0{found.written}, or the comma to the word before it",
    )


def _crowns(found: Occurrence) -> TypedValue:
    """`50 kr`: which crowns depends on the country."""
    raise UnreadableValueError(
        "ambiguous-currency",
        f"{found.written!r} is in Danish, Norwegian, Swedish or Icelandic crowns",
        "write DKK, NOK, SEK or ISK",
    )


def _decimal_or_thousands(found: Occurrence) -> TypedValue:
    """`12,345 Einwohner`."""
    raise UnreadableValueError(
        "ambiguous-number",
        f"{found.written!r} has a decimal comma, or is {found.written.replace(',', '.')}",
        f"write {found.written.replace(',', '.')} for thousands",
    )


def _minutes(found: Occurrence) -> TypedValue:
    """`dauert 30m`, `10 m später`."""
    return typed(Kind.UNIT, re.sub(r"\s?m$", " min", found.written))


def _francs(found: Occurrence) -> TypedValue:
    """`Fr. 12.50`, `5.50 Fr.`, in Switzerland alone an amount."""
    if found.region not in ("CH", "LI"):
        raise UnreadableValueError(
            "ambiguous-number",
            f"{found.written!r} is an amount in francs, or a time on a Friday",
            "write Franken, or Freitag and Uhr",
        )
    figures = re.search(r"\d[\d.]*\d", found.written)
    assert figures is not None
    return typed(Kind.MONEY, f"CHF {figures[0]}", decimals="any")


def _doses(found: Occurrence) -> TypedValue:
    """`1 - 0 - 1`."""
    return in_words(
        found.written, WORDS.pause.join(WORDS.digits[int(one)] for one in re.findall(r"\d", found.written))
    )


def _strengths(found: Occurrence) -> TypedValue:
    """`5/10 mg`, two substances in one tablet; `alle 5/10 Min.`"""
    first, last = (cardinal(int(figures)) for figures in re.findall(r"\d+", found.written))
    noun = "Milligramm" if found.written.endswith("mg") else "Minuten"
    return in_words(found.written, f"{first} {WORDS.signs['/']} {last} {noun}")


def _numbered(found: Occurrence) -> TypedValue:
    """`Zimmer 3.4.` at the end of a sentence."""
    return in_words(
        found.written,
        f" {WORDS.section} ".join(cardinal(int(part)) for part in found.written.split(".")),
    )


_LASTS: Final = "|".join(
    rf"(?<=\b{head})"
    for head in (
        "[Dd]auert ", "[Dd]auert ca[.] ", "[Dd]auert etwa ", "[Dd]auert circa ", "[Dd]auert rund ", "[Dd]auerte ",
        "[Dd]auer: ", "[Dd]auer ", "zeit: ", "zeit ca[.] ", "zeit: ca[.] ", "zeit beträgt ", "zeit von ",
        "zeit etwa ", "[Vv]erspätung ", "[Vv]erspätung: ", "[Vv]erspätung von ", "[Vv]erspätung ca[.] ",
        "[Vv]erspätung beträgt ", "[Ww]artezeit ",
    )
).replace(r"\bzeit", "zeit")  # fmt: skip
_LATER: Final = r"(?=\s(?:später|früher|Verspätung|Wartezeit|Pause|zu spät|zu früh)(?!\w))"
_PEOPLE: Final = (
    "Einwohner|Personen|Menschen|Kunden|Besucher|Haushalte|Mitglieder|Patienten|Schüler|Stück|Tabletten|Fälle|Gäste"
    "|Teilnehmer|Zuschauer|Nutzer|Unterschriften|Stimmen"
)
_ROOMS: Final = "|".join(
    rf"(?<=\b{room} )" for room in ("Raum", "Zimmer", "Büro", "Wohnung", "Saal", "Hörsaal", r"Zi\.", "Whg.")
)
_CLAUSE_ENDS: Final = r"(?=[.;:!?)]|$)"


AMOUNTS: Final = (
    OwnReading(
        name="loose_minus",
        shape=r"(?:(?<=[a-zäöüß]: )|(?<=[a-z] von )|(?<=beträgt ))[-–−] (?=[€$£]?\s?\d)",
        before="iso",
        read=_loose_minus,
    ),
    OwnReading(
        name="bracketed",
        shape=r"(?=\()(?:(?<=: )|(?<=\bbeträgt )|(?<=[Ss]aldo ))\("
        r"(?:[€$£]\s?\d[\d.,]*|\d[\d.,]*\s?(?:€|EUR|Euro|CHF))\)",
        before="iso",
        read=_bracketed,
    ),
    OwnReading(
        name="headless_decimal",
        shape=r"(?<=[\w:] ),\d{1,3}(?=\s?(?:mg|g|ml|l|kg|mm|cm|m|km|%|€|Euro|Liter|Gramm|Milligramm|Prozent)(?!\w))",
        before="iso",
        read=_headless_decimal,
    ),
    OwnReading(
        name="crowns",
        shape=r"(?<![\w.,])\d[\d.]*(?:,\d+)?\s?kr(?!\w)|(?<!\w)kr\.?\s?\d[\d.]*(?:,\d+)?(?!\w)",
        before="iso",
        read=_crowns,
    ),
    OwnReading(
        name="decimal_or_thousands",
        figures=True,
        shape=rf"{START}[1-9]\d{{0,2}},\d{{3}}(?=\s(?:{_PEOPLE})(?!\w))",
        before="iso",
        read=_decimal_or_thousands,
    ),
    OwnReading(
        name="short_minutes",
        figures=True,
        shape=rf"{START}\d{{1,3}}\s?m{_LATER}|(?=\d)(?:{_LASTS})\d{{1,3}}\s?m(?![\w²³/'’-])(?!\s\d)",
        before="iso",
        read=_minutes,
    ),
    OwnReading(
        name="francs",
        shape=r"(?<![\w.])Fr\.\s?\d{1,4}\.\d\d(?![\w:/]|[.,]\d|\s?(?:Uhr|h\b|[-–]))"
        r"|(?<![\w.,])\d{1,4}\.\d\d\sFr(?:\.(?!\s*$|\s[A-ZÄÖÜ\d])|(?=\.(?:\s*$|\s[A-ZÄÖÜ])))",
        before="clock",
        read=_francs,
    ),
    OwnReading(
        name="spaced_doses",
        figures=True,
        shape=r"(?<![\w.,/–-])(?<![–-]\s)[0-4](?:\s[-–]\s[0-4]){2,3}(?![\w/]|[.,]\d|\s?[-–])"
        r"|(?<![\w.,/–-])[0-4](?:–[0-4]){2,3}(?![\w/–-]|[.,]\d)",
        before="iso",
        read=_doses,
    ),
    OwnReading(
        name="strengths",
        figures=True,
        shape=rf"{START}(?!(?:1/[2348]|2/3|3/4)\s?[Mm])\d{{1,2}}/\d{{1,2}}\s?(?:mg|[Mm]in|Minuten)(?![\w/])",
        before="iso",
        read=_strengths,
    ),
    OwnReading(
        name="numbered_room",
        figures=True,
        shape=rf"(?=\d)(?:{_ROOMS})\d{{1,2}}\.[1-9](?=\.(?!\d))",
        before="clock",
        read=_numbered,
    ),
    OwnReading(
        name="room_code",
        figures=True,
        shape=rf"(?=\d)(?:{_ROOMS})\d{{1,2}}[-–]\d{{3,4}}(?![\w-]|[.,]\d)",
        before="iso",
        read=lambda found: typed(Kind.CODE, found.written.replace("–", "-")),
    ),
    OwnReading(
        name="blood",
        shape=r"(?=[AB0O])(?:(?<=[Bb]lutgruppe )|(?<=[Bb]lutgruppe: )|(?<=[Bb]lutgruppe ist ))(?:AB|[AB0O])"
        r"(?:[-−–+](?=[\s.,;:!?)]|$)|\s(?:neg|pos)\.)"
        rf"|(?<![\w-])(?:Rh|HIV|HBV|HCV)[-−–]{_CLAUSE_ENDS}",
        before="iso",
        read=lambda found: in_words(
            found.written,
            re.sub(r"\W|neg|pos", "", found.written).replace("0", WORDS.digits[0])
            + (" positiv" if "+" in found.written or "pos" in found.written else " negativ"),
        ),
    ),
    OwnReading(
        name="school_mark",
        figures=True,
        shape=r"(?=\d)(?:(?<=\bNote )|(?<=\bNote: )|(?<=\beine )|(?<=\bNote: eine ))[1-5][-−–](?=[.,;!?)]|$|\sin\b)",
        before="iso",
        read=lambda found: in_words(found.written, f"{cardinal(int(found.written[0]))} {WORDS.minus}"),
    ),
    OwnReading(
        name="dilution",
        figures=True,
        shape=rf"{START}1:\d{{1,3}}(?=\s(?:verdünn|gemisch|misch|aufgelös|gestreck))",
        before="clock",
        read=lambda found: in_words(found.written, f"eins zu {cardinal(int(found.written[2:]))}"),
    ),
)
