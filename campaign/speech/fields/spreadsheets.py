"""What spreadsheets and data frames do to a value on its way into a file, by what the value is.

    as_typed("447700900123.0", Kind.TELEPHONE) -> ("447700900123", "float-tail")

Where digits are lost, or two readings are left, the error says what was done and how the file is written without it.
"""

from __future__ import annotations

import datetime
import re
from typing import Final

from campaign.speech.typed import Kind, Options, UnreadableValueError
from workers.digits import are_digits

FLOAT_TAIL: Final = "float-tail"
TIME_TAIL: Final = "time-tail"
APOSTROPHE: Final = "apostrophe"
FORMULA_TEXT: Final = "formula-text"
LOST_ZERO: Final = "lost-zero"
LOST_DIGITS: Final = "lost-digits"
TIME_LEFT_OUT: Final = "time-left-out"
DATE_LEFT_OUT: Final = "date-left-out"

_NUMBER_KINDS: Final = frozenset(
    {
        Kind.TELEPHONE,
        Kind.DIGITS,
        Kind.SPELL,
        Kind.CODE,
        Kind.ORDINAL,
        Kind.CARDINAL,
        Kind.YEAR,
        Kind.PERCENT,
    }
)
"""Said the same with a tail of `.0` and without."""
_BEGINNINGS: Final = frozenset("=#+-@'’`0123456789EF[IN")
"""Of what a spreadsheet leaves in place of a value."""
_DAY_KINDS: Final = frozenset({Kind.DATE, Kind.TEXT})
_IN_FULL: Final = frozenset({Kind.DIGITS, Kind.SPELL, Kind.CODE})
_KEPT_DIGITS: Final = 15
"""Of a number in a spreadsheet; the others become zeros."""
_AS_TEXT: Final = "format the column as text before the values are typed or pasted in, and export it again"

_QUOTED_FORMULA: Final = re.compile(r'=("{1,2})(?P<text>[^"]*)\1')
_FORMULA: Final = re.compile(
    r"""=\s?[\w($'"+-].*|[+-]\$?[A-Z]{1,3}\$?[0-9]{1,7}(?:[+*/-]\$?[A-Z]{1,3}\$?[0-9]{1,7})+|[+@][A-Z]{3,20}\(.*\)""",
    re.S,
)
_CELL_ERROR: Final = re.compile(
    r"#[¡¿]?(?:REF|VALUE|NAME|DIV/0|NUM|NULL|SPILL|CALC|FIELD|BLOCKED|CONNECT|BUSY|UNKNOWN|EXTERNAL|ERROR|BEZUG|WERT"
    r"|ZAHL|VALEUR|NOM|NOMBRE|VALOR|NOME|RIF|VALORE|REFERENZ|ÜBERLAUF)[!?]|#GETTING_DATA|(?:Err|Fehler):[0-9]{3}"
    r"|\[object \w+\]|Invalid [Dd]ate|NaN[:/.-]NaN(?:[:/.-]NaN)?"
)
_MINUTES: Final = re.compile(r"[0-9]{1,2}:[0-9]{2}[.,]0")
_TOO_NARROW: Final = re.compile(r"#{3,}")
_SCIENTIFIC: Final = re.compile(
    r"[+-]?[0-9](?:[.,][0-9]+)?[eE][+-][0-9]{1,3}|[+-]?[0-9][.,][0-9]+[eE][0-9]{1,3}"
)
_FLOAT: Final = re.compile(r"(?P<whole>[+-]?[0-9]+)[.,]0")
_APOSTROPHE: Final = re.compile(r"['’`](?P<rest>[+(]?[0-9][0-9.,:()/ -]*)")
"""Typed in front so that a spreadsheet leaves the figures alone."""
_MONTHS: Final = (
    "jan feb mar mrz mär apr may mai jun jul aug sep okt oct nov dec dez ene abr ago dic janv févr fev mars avr juin "
    "juil août aout sept déc gen mag giu lug set ott fev out"
)
_MONTH: Final = "|".join(dict.fromkeys(_MONTHS.split()))
_MONTH_YEAR: Final = re.compile(rf"(?:{_MONTH})\.?[-–][0-9]{{2}}", re.I)
_DAY_MONTH: Final = re.compile(rf"[0-9]{{1,2}}[-–](?:{_MONTH})\.?", re.I)
_SERIAL: Final = re.compile(r"(?P<days>[0-9]{5})(?:[.,][0-9]+)?")
_MIDNIGHT: Final = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{4})[ T]0?0:00(?::00(?:\.0+)?)?"
)
"""A day, as a spreadsheet or a data frame writes it out; without a zone, in which it may be another day."""
_MOMENT: Final = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}|[0-9]{1,2}([./-])[0-9]{1,2}\2[0-9]{4})"
    r"(?:[Tt]|,? )(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)(?:[.,][0-9]{1,9})?(?P<half> ?[AaPp]\.?[Mm]\.?)?"
    r" ?(?P<zone>[Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
"""A day with its time: `2026-12-03T14:30:00+01:00`, `03.12.2026 14:30`."""
_GREENWICH: Final = re.compile(r"[Zz]|UTC|GMT|[+-]00(?::?00)?")
_DAY_FRACTION: Final = re.compile(r"0?[.,][0-9]{2,}")
_EPOCH_1900: Final = datetime.date(1899, 12, 30)
_EPOCH_1904: Final = datetime.date(1904, 1, 1)


def as_written(text: str) -> tuple[str, str]:
    """(a cell's text as it was typed, what was undone: `formula-text`, `apostrophe` or nothing), whatever it is.

    Raises `UnreadableValueError` for a formula, a cell's error, a column too narrow to show its value, and a number
    of which a spreadsheet has kept a few digits.
    """
    if text[0] not in _BEGINNINGS:
        return text, ""
    if match := _QUOTED_FORMULA.fullmatch(text):
        return match["text"].strip(), FORMULA_TEXT
    if match := _APOSTROPHE.fullmatch(text):
        return match["rest"], APOSTROPHE
    if _CELL_ERROR.fullmatch(text):
        raise UnreadableValueError(
            "spreadsheet-error",
            f"{text!r} is what a spreadsheet or a program shows where a value failed",
            "correct it where it is computed and export the file again",
        )
    if _MINUTES.fullmatch(text):
        raise UnreadableValueError(
            "made-a-date",
            f"{text!r} is how a spreadsheet shows a day with its time: the day and the hour are lost",
            "format the column as a date or a time, YYYY-MM-DD or hh:mm, and export it again",
        )
    if _TOO_NARROW.fullmatch(text):
        raise UnreadableValueError(
            "spreadsheet-error",
            f"{text!r} is what a spreadsheet shows where a column is too narrow for its value",
            "make the column wider and export the file again",
        )
    if _FORMULA.fullmatch(text):
        raise UnreadableValueError(
            "spreadsheet-formula",
            f"{text[:60]!r} is a formula, not what it comes to",
            "export values (in a spreadsheet: copy, paste special, values), or take the sign in front away",
        )
    if _SCIENTIFIC.fullmatch(text):
        raise UnreadableValueError(
            "rounded-number",
            f"{text!r} is what a spreadsheet makes of a long number: the digits after the first few are lost",
            _AS_TEXT,
        )
    return text, ""


def as_typed(text: str, kind: Kind, column_options: Options = ()) -> tuple[str, str]:
    """(the value without what a spreadsheet added to it, what that was or nothing), by its type.

    `lost-zero` and `lost-digits` change nothing: what a spreadsheet took is not known. Raises
    `UnreadableValueError` where a spreadsheet left two readings.
    """
    if kind in _NUMBER_KINDS and (match := _FLOAT.fullmatch(text)):
        return match["whole"], FLOAT_TAIL
    if kind in _DAY_KINDS and (match := _MIDNIGHT.fullmatch(text)):
        return match["day"], TIME_TAIL
    if kind in (Kind.DATE, Kind.TIME) and (match := _MOMENT.fullmatch(text)):
        return _part_of_moment(match, kind)
    if kind is Kind.DATE:
        _refuse_serial(text)
    if kind in (Kind.DATE, Kind.SPELL, Kind.CODE, Kind.DIGITS, Kind.FRACTION):
        _refuse_made_a_date(text, kind)
    if kind is Kind.TIME and _DAY_FRACTION.fullmatch(text):
        minutes = round(float(f"0.{re.split('[.,]', text)[1]}") * 24 * 60) % (24 * 60)
        raise UnreadableValueError(
            "serial-number",
            f"{text!r} is a part of a day, as a spreadsheet keeps a time: {minutes // 60:02}:{minutes % 60:02}",
            "format the column as a time and export it again",
        )
    if kind is Kind.TELEPHONE and _lacks_zero(text, dict(column_options).get("region", "")):
        return text, LOST_ZERO
    if (
        kind in _IN_FULL
        and are_digits(text)
        and len(text) > _KEPT_DIGITS
        and not text[_KEPT_DIGITS:].strip("0")
    ):
        return text, LOST_DIGITS
    return text, ""


def _part_of_moment(match: re.Match[str], kind: Kind) -> tuple[str, str]:
    """The day or the time of a moment by the clock that it is written by.

    Raises `UnreadableValueError` where that is the clock of Greenwich, by which programs write a time of anywhere.
    """
    is_midnight = not match["time"].strip("0:")
    if match["zone"] and _GREENWICH.fullmatch(match["zone"]) and not (kind is Kind.DATE and is_midnight):
        raise UnreadableValueError(
            "utc-time",
            f"{match[0]!r} is by the clock of Greenwich, which programs write for every place: where the recipient is "
            "it may be another time, and another day",
            "export it by the local clock, 2026-12-03 14:30",
        )
    if kind is Kind.DATE:
        return match["day"], TIME_LEFT_OUT
    if is_midnight:
        raise UnreadableValueError(
            "not-a-time",
            f"{match[0]!r} is midnight, or how programs write a day without its time",
            "write the time alone, 00:00, or leave the field empty",
        )
    return match["time"] + (match["half"] or ""), DATE_LEFT_OUT


def refuse_in_text(text: str, *, declared: bool) -> None:
    """Raises `UnreadableValueError` for a whole cell that each type would say otherwise; one that is declared as text
    is said as it stands, but for what a spreadsheet made a date of."""
    _refuse_made_a_date(text, Kind.TEXT)
    if not declared and (match := _FLOAT.fullmatch(text)):
        raise UnreadableValueError(
            "float-or-number",
            f"{text!r} is {match['whole']} with the tail that a data frame or a spreadsheet adds, or a decimal number",
            'declare the column: "cardinal", "digits", "spell" or "telephone" leave the tail out, "text" says it',
        )


def _refuse_serial(text: str) -> None:
    match = _SERIAL.fullmatch(text)
    if match is None:
        return
    days = datetime.timedelta(days=int(match["days"]))
    raise UnreadableValueError(
        "serial-number",
        f"{text!r} is a day's number in a spreadsheet: {(_EPOCH_1900 + days).isoformat()} where days are counted from "
        f"1900, {(_EPOCH_1904 + days).isoformat()} where from 1904",
        "format the column as a date and export it again",
    )


def _refuse_made_a_date(text: str, kind: Kind) -> None:
    is_month_first = _MONTH_YEAR.fullmatch(text)
    if text.isupper() or not (
        is_month_first or (_DAY_MONTH.fullmatch(text) and kind not in (Kind.DATE, Kind.TEXT))
    ):
        return
    if kind is Kind.DATE:
        raise UnreadableValueError(
            "made-a-date",
            f"{text!r} is how a spreadsheet shows a day and a month, or a month and a year",
            "format the column as a date with its year, YYYY-MM-DD, and export it again",
        )
    month, year = re.split("[-–]", text) if is_month_first else re.split("[-–]", text)[::-1]
    raise UnreadableValueError(
        "made-a-date",
        f"{text!r} is what a spreadsheet makes of a day, of a month, or of a code such as {month.upper()}{year}",
        _AS_TEXT,
    )


def _lacks_zero(text: str, region: str) -> bool:
    if not region:
        return False
    from campaign.speech.verbalise.numbering import is_region, planned

    digits = re.sub(r"[\s()/.–-]", "", text)
    return are_digits(digits) and is_region(region) and planned(digits, region).lacks_prefix
