"""How each kind of value looks when it is written: pieces of the pattern that finds values in prose.

What is a language's own stands in its room; here is what all share, put together for one of them.
"""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Language
from campaign.speech.languages.shaping import (
    ALONE,
    CLOCK,
    END,
    HALVES,
    HOUR,
    START,
    YEAR,
    after,
    also,
    any_of,
    by_first_letter,
)
from campaign.speech.verbalise.currencies import SYMBOLS, currency_codes
from campaign.speech.verbalise.money import currency_words
from campaign.speech.verbalise.written import month_names, separators

_SHORT_NAME: Final = 4
ROW_OF_DIGITS: Final = r"(?:\d+(?:-\d+)+|\d{2,6}(?: \d{2,6})+|\d{3,12})(?!\w)(?![.,]\d|-[^\W\d])"
CODE_WORDS: Final = tuple(
    f"{word}{link}" for word in ("OTP", "PIN", "TAN", "SMS", "CVV", "CVC") for link in (" ", ": ", " : ")
)
"""Before a code in every language."""
NO_GROUPS: Final = r"(?!\d{1,3}(?:\.\d{3}){2,}(?!\d|\.\d))(?!\d{1,3}(?:\.\d{3})+,\d)"
"""`2.300.000.000` is no version."""
LENGTHS: Final = "mm|cm|m|km|ft|in|yd|m2|m²|cm²|km²"
"""Units of what has a length and a width; other measures are multiplied: `2 x 500 mg`."""
SIZES: Final = r"\d+\s?[x×]\s?\d+(?:\s?[x×]\s?\d+)?"
PART: Final = r"(?:\d{1,2}|[½¼¾])"
"""Of `1-0-½`: what is taken in the morning, at noon, in the evening and at night."""
MASK: Final = r"(?:[*•]{2,}|x{2,}|X{4,})"


ADDRESS: Final = (
    r"(?<![\w@])@[A-Za-z][\w.]+\w|"
    r"(?:https?://|www\.)[^\s<>\"]+[\w/]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w@.])[A-Za-z\d-]+(?:\.[A-Za-z\d-]+)*\.(?:com|org|net|eu|de|es|fr|it|pt|uk|cn|info|io|gov)(?:/[\w/.-]*\w)?\b"
)
SIGNS: Final = "|".join(
    (
        r"(?<=[\w.\s])\s?[&](?=\s?\w)",
        r"(?<=[\d€$£%])\s?=(?=\s?[\d€$£])",
        r"(?<=\w)\s=(?=\s[\d€$£])",
        r"(?<=\d)\s?[+×](?=\s?\d)",
        r"(?<![\w.])[+](?=\s?\d)",
        r"(?<=[\w.])\s[+](?=\s\w)",
        r"(?<=[\d€$£%])\+(?=[^\W\d_]{2,})",
        r"(?<=\d)\+(?=\s[^\W\d_])",
        r"[~≈±<>≤≥](?=\s?[\d€$£])",
        r"#(?=[A-Z]+[-\d])",
        "§|〇",
    )
)
"""Signs that are read by name where they stand so."""


FOOTNOTE: Final = r"(?<=[€$£%])\*{1,3}(?=[\s,.;:)]|$)|(?<=[^\W\d_])\*{1,3}(?=[\s,.;:)]|$)"
"""The star of `19,99 €*`."""
KEYS: Final = r"(?<![^\s\"“”'‘(«])[*#](?=[\s\"“”'’).,;!?»]|$)|(?<=[\dA-Z]{4})#(?=[\s\"“”'’).,;!?»]|$)"
"""Of a telephone: `press #`; of a door: `4587#`."""
OFFSET: Final = r"(?<!\w)(?:UTC|GMT|MEZ|MESZ|CET)\s?[+\-−]\d{1,2}(?::\d\d)?(?![\w:])"
"""From universal time."""
MONTH_OF_YEAR: Final = r"(?:0?[1-9]|1[0-2])/(?:19|20)\d\d"


def code_shape(room: Language) -> str:
    """Letters and figures in one word, and figures with strokes or hyphens."""
    heads = rf"(?!(?:{room.shapes.compound_heads})-)" if room.shapes.compound_heads else ""
    return (
        rf"(?<![\w-]){heads}(?!\d{{1,4}}\.[A-Z][a-z])(?=[\w/.-]*\d)(?=[\w/.-]*[A-Za-z])"
        r"[A-Za-z\d]+(?:[-/.][A-Za-z\d]+)*(?![\w-])"
        r"|(?<![\w-])\d+(?:[-/]\d+)+(?![\w-])"
    )


def minus(room: Language) -> str:
    """Not the dash of `8 a.m.-6 p.m.`."""
    return rf"(?:(?<![.)\]]){room.shapes.minus_after}[-−])?"


def unit_signs(room: Language) -> str:
    """Signs of units."""
    return any_of(room.units)


def measures(room: Language) -> str:
    """Units, and short forms of them with a dot that ends no sentence: `8 hrs. before`, `10 Min. Verspätung`."""
    dotted = any_of(room.forms.dotted_units)
    short = rf"(?:{dotted})\.(?=[,)]|\s+[^\W_A-ZÄÖÜ]{also(room.forms.dotted_noun)})|" if dotted else ""
    return rf"{short}(?:{unit_signs(room)})(?!(?<=\b[VW])\.(?!\s*$))"


def number_shape(room: Language, region: str) -> str:
    """A number as the locale writes it, or as a machine does."""
    decimal, group = separators(room.code, region)
    spaces = "\u00a0\u202f\u2009" + (" " if room.writing.spaces else "")
    apostrophes = room.writing.apostrophes or region in ("CH", "LI")
    groups = "".join(sorted(set(group) | set(spaces) | ({"'", "’"} if apostrophes else set())))
    other = "." if decimal == "," else ","
    tenths = r"(?:\d{1,2}|\d{4,12})(?![\d.,]\d|\d)" if other in groups else r"\d+(?![.,]\d)"
    lakhs = r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?(?!\d)|" if room.writing.lakhs else ""
    return (
        rf"(?:{lakhs}\d{{1,3}}(?:['’]\d{{3}})+(?:[.,]\d{{2}})?(?![\d'’])|"
        r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?(?![\d.])|\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?(?![\d,])|"
        rf"\d{{1,3}}(?:[{re.escape(groups)}]\d{{3}})+(?:{re.escape(decimal)}\d+)?(?!\d)"
        rf"|\d{{1,3}}(?:{re.escape(decimal)}\d{{3}})+{re.escape(other)}\d{{2}}(?!\d)"
        rf"|\d{{1,3}}(?:{re.escape(other)}\d{{3}})+{re.escape(decimal)}\d{{2}}(?!\d)"
        rf"|\d+{re.escape(decimal)}\d+|\d+{re.escape(other)}{tenths}|\d+)"
    )


def money_shape(room: Language, region: str, number: str) -> str:
    """An amount with its sign or code before or after it, and a word such as million."""
    if room.money is None:
        return ""
    foreign = frozenset() if region in FRANKS else frozenset({"Fr.", "fr."})  # a Friday, or a woman
    friday = r"Fr\.(?!\s\d{1,2}(?:\.\s?(?:\d{1,2}\.|[A-Z])|:\d))"
    signs, leading = (
        any_of(SYMBOLS.keys() - foreign - _CODES_TOO - others).replace(r"Fr\.", friday)
        for others in (frozenset[str](), _NEVER_FIRST)
    )
    codes = "|".join(sorted(currency_codes()))
    before = "|".join(sorted(currency_codes() - _WORDS_TOO))
    sizes = any_of(room.money.magnitudes)
    size = rf"(?:\s?(?:{sizes})(?![^\W\d_]|\.[A-Z]))?" if sizes else ""
    names = any_of(currency_words(room.code))
    glued = any_of(name for name in currency_words(room.code) if name.isalpha() and len(name) >= _SHORT_NAME)
    with_name = rf"|{number}(?:{glued})" if glued else ""
    with_name += rf"|{number}(?:(?<=[.,]\d\d)|(?<=\.\d{{3}}))\s(?:{names})" if names else ""
    own = rf"(?:{number}|[-–—]?\.\d{{2}}(?!\d))"
    none = r"(?:[.,][-–—]{1,2}|/-)?"
    inside = rf"|{START}\d{{1,3}}[€£]\d\d"  # `7€50`
    if region in FRANKS:
        inside += r"|(?<!\S)[-–—]\.\d\d\s?(?:Fr\.|CHF)"
    return (
        rf"(?<![\w.,])[-−]?(?:(?<![^\W\d_])(?:(?:{codes})\s?(?=[$€£¥]))?(?:{leading})\s?[-−]?{own}(?:\s(?:{codes})\b)?{size}(?:\s?元)?"
        rf"|(?:{before})(?:\s[-−]?)?{number}{size}"
        rf"|{number}{none}{size}\s?(?:{signs}|元|kr\.?|(?:{codes})\b){with_name}{inside}){none}{END}(?![.,]\d)"
    )


FRANKS: Final = ("CH", "LI")
"""Where `Fr.` is money, and `-.50` half of one."""
_CODES_TOO: Final = frozenset({"kr", "kr.", "Bs.", "元"})
"""Signs that are taken after a number only, or not in prose."""
_NEVER_FIRST: Final = frozenset({"元"})
"""Signs that stand after the figures: `公元2934年`."""
_WORDS_TOO: Final = frozenset({"INR", "ALL", "TOP", "TRY", "MOP", "GEL", "CUP", "PEN", "BAM", "COP", "MAD"})
"""Codes that are also words, or a blood test, before a number."""


def groups_shape(room: Language) -> str:
    """Digits in several groups that are no grouped number: account and card numbers."""
    grouped = r"(?!\d{1,3}(?: \d{3})+(?:,\d+)?(?!\d| \d))" if room.writing.spaced_rows else ""
    return rf"{ALONE}{grouped}\d{{2,6}}(?: \d{{2,6}}){{2,}}(?![\w-])"


def rows_shape(room: Language) -> str:
    """Rows of digits that begin with a zero, and what else the language groups so and is no quantity."""
    money = rf"\s?(?:{any_of(SYMBOLS)}|%|(?:{'|'.join(sorted(currency_codes()))})\b)"
    rows = rf"(?:{room.shapes.rows})(?!{money}|{room.agreement.counted.pattern})" if room.shapes.rows else ""
    return rf"{ALONE}0\d{{1,3}}(?: \d{{2,4}})+(?![\w-]|[.,]\d)" + also(rows)


def moneys_shape(room: Language, number: str) -> str:
    """Two amounts with one sign: `20–30 €`, `€20-30`."""
    signs = any_of(SYMBOLS.keys() - _CODES_TOO)
    codes = "|".join(sorted(currency_codes()))
    dash = r"\s?[-–—]\s?"
    sizes = any_of(room.money.magnitudes) if room.money is not None else ""
    size = rf"(?:\s?(?:{sizes})(?![^\W\d_]|\.[A-Z]))?" if sizes else ""
    return (
        rf"(?<![\w.,]){number}{dash}{number}{size}\s?(?:{signs}|(?:{codes})\b){END}"
        rf"|(?<![\w.,])(?:{signs})\s?{number}{dash}{number}{size}{END}"
    )


def spaced_degrees(room: Language, number: str) -> str:
    """`21 ° C`; a lone figure may be a class of a school where ranks are written so."""
    if "°C" not in room.units:
        return ""
    warm = r"(?:\d{2,3}(?:[.,]\d)?|\d[.,]\d)" if room.forms.ranked else number
    return rf"{START}(?:[-−]{number}|{warm})\s?[°º]\s[CF](?![\w'’]|\.\w)"


def long_lengths(room: Language) -> str:
    """`2h 34m`, `13h23min43s`: hours, minutes and seconds in one."""
    if room.durations is None or not room.units.keys() >= {"h", "min", "s"}:
        return ""
    hour = any_of(word for word in room.durations.written["h"].split() if len(word) < _SHORT_NAME)
    seconds = r"\s?\d{1,2}\s?(?:s|sec|sek|Sek|seg)"
    minutes = rf"\d{{1,3}}\s?(?:m(?:ins?)?|Min){seconds}|\d{{1,2}}\s?m"
    return rf"{START}(?:\d{{1,3}}\s?(?:{hour})\s?(?:{minutes})|\d{{1,3}}\s?(?:m(?:ins?)?|Min){seconds})(?![\w²³/])"


def combined_doses(room: Language) -> str:
    """`875/125 mg`, of two substances."""
    units = any_of(_DOSES & room.units.keys())
    return rf"{START}\d{{2,4}}(?:/\d{{1,4}}){{1,2}}\s?(?:{units})(?![\w/²³])" if units else ""


_DOSES: Final = frozenset({"mg", "g", "µg", "μg", "mcg", "ml", "mL", "IE", "UI", "IU"})


def houses(room: Language) -> str:
    """`5-17a`: the last of several houses."""
    letters = "".join(letter for letter in "abcdef" if letter not in room.units)
    return rf"{START}\d{{1,3}}[{letters}]?\s?[-–]\s?\d{{1,3}}[{letters}](?![\w-])"


def strokes(room: Language) -> str:
    """`Bonn / Köln`, `update/upgrade`; not where an ending follows: `Schüler/innen`."""
    endings = any_of(room.forms.split_endings)
    no_ending = rf"(?!(?:{endings})\b)" if endings else ""
    return rf"(?<=\w)\s/\s(?=\w)|(?<=[^\W\d_]{{4}})/{no_ending}(?=[^\W\d_]{{4}})"


def initials(room: Language) -> str:
    """`F.D.P.`, which the language has no words for."""
    known = any_of(form for form in room.forms.short if _DOTTED.fullmatch(form))
    return rf"(?<![\w.]){rf'(?!(?:{known})(?![A-Z][.]))' if known else ''}(?:[A-Z]\.){{2,}}(?!\w)"


_DOTTED: Final = re.compile(r"(?:[A-Z]\.){2,}")


def joined_stops(room: Language) -> str:
    """The end of a sentence with no space after it: `See you.Please come.`"""
    next_word = r"\.(?=[A-ZÀ-Þ][^\W\d_A-ZÀ-Þ])"
    after_figure = "" if room.sentences.ordinal_dot else rf"|(?<=\d){next_word}"
    return rf"(?<=[^\W\d_A-ZÀ-Þ]{{2}}){next_word}{after_figure}"


def ranks(room: Language) -> str:
    """`3°` where it is no temperature."""
    if not room.forms.ranked:
        return ""
    nouns = rf"\s(?:{'|'.join(room.forms.ranked)})\b" + also(room.forms.ranked_shape)
    return rf"{START}\d{{1,3}}°(?={nouns})"


def numeric_forms(room: Language) -> str:
    """Short forms that are read so before a number only: `S. 12`, `No. 5`, `Hauptstr. 12`."""
    forms = sorted(room.forms.numeric, key=len, reverse=True)
    if not forms:
        return ""
    own_word = r"(?<![^\W\d_])"
    endings = room.forms.endings
    words = [form for form in forms if form not in endings]
    listed = "|".join(
        [
            *([rf"{own_word}(?:{by_first_letter(words)})"] if words else []),
            *(r"[^\W\d_]*" + re.escape(form) for form in forms if form in endings),
        ]
    )
    return room.forms.numeric_shape(rf"(?:{listed})(?=\s?\d|\s[A-Z]{{1,3}}[-/\d])")


def dates(room: Language) -> str:
    """Days in figures, and with the name of their month."""
    months = any_of(month_names(room.code))
    dotted = (
        rf"{START}\d{{1,2}}\.\s?\d{{1,2}}\.\s?(?:{YEAR}|\d{{2}}){END}|" if room.shapes.dotted_dates else ""
    )
    numeric = (
        rf"{dotted}{START}(?:\d{{1,2}}/\d{{1,2}}/|\d{{1,2}}-\d{{1,2}}-)(?:{YEAR}|\d{{2}}){END}"
        rf"|{START}{YEAR}[/.]\d{{1,2}}[/.]\d{{1,2}}{END}"
        rf"|{START}\d{{1,2}}-(?i:{months})\.?-{YEAR}{END}"
    )
    return f"{room.shapes.dates}|{numeric}" if room.shapes.dates else numeric


def months_of_years(room: Language, region: str) -> str:
    """`04/2027`, `09/27` on a card."""
    calendar = room.calendar
    if calendar is None:
        return ""
    dotted = "" if separators(room.code, region)[0] == "." else rf"|{START}0[1-9]\.(?:19|20)\d\d{END}(?!\.\d)"
    card = r"(?:0[1-9]|1[0-2])/(?:2[4-9]|3\d)"
    short = (
        rf"|{START}{card}{END}(?!/)"
        if calendar.expiry
        else also(after(room.leads.expiry, rf"{card}{END}(?!/)"))
    )
    numbered = "".join(rf"(?<!{head})" for head in room.leads.numbering)
    return rf"{START}(?<!\d/){numbered}{MONTH_OF_YEAR}{END}(?!/){dotted}{short}"


def times(room: Language) -> str:
    """Times of day, with what is written after them."""
    if room.shapes.only_times:
        return room.shapes.times
    return rf"{START}(?:0?[1-9]|1[0-2]):[0-5]\d{HALVES}|{CLOCK}{room.shapes.clock_tail}" + also(
        room.shapes.times
    )


def lengths_of_time(room: Language) -> str:
    """`1:23:45 Std.`: a colon that is none of a clock, for the word after it."""
    if room.durations is None:
        return ""
    hours, minutes = (
        any_of(word for word in room.durations.written[part].split() if len(word) > 1)
        for part in ("h", "min")
    )
    return (
        rf"{START}\d{{1,3}}:[0-5]\d(?::[0-5]\d)?\s?(?:{hours})\b\.?"
        rf"|{START}\d{{1,3}}:[0-5]\d\s?(?:{minutes})\b\.?"
    )


def hours(room: Language, region: str) -> str:
    """`9:30-17`: a time, and the bare hour until which it lasts."""
    if room.clock is None:
        return ""
    decimal, _ = separators(room.code, region)
    dotted = "" if decimal == "." else rf"|{START}{HOUR}\.[0-5][05](?=\s?[-–—])"
    first = rf"(?:{CLOCK}|{START}{HOUR}\s?h(?:[0-5]\d)?(?=\s?[-–—]){dotted})"
    words = any_of(("h", "H", *room.clock.words))
    marked = rf"\s?(?:(?:{words})\b|[AaPp]\.?[Mm]\b|[:点时])"
    last = rf"(?:[01]?\d|2[0-4])(?![\w/%€$£¥°²³-]|[.,:]\d|{marked}|\s?(?:{any_of(room.units)})\b)"
    return rf"{first}\s?[-–—]\s?(?P<hours_last>{last})"


def until(room: Language) -> str:
    """The `9-` of `9-17 Uhr` and `1 - 5 p.m.`: a bare hour before a time that says what it is."""
    if room.clock is None:
        return ""
    lasting = r"(?!\d{1,2}\s?h\w*\b(?<!\d))"  # `8-12 h` is how long
    return rf"{START}(?P<until_first>{HOUR})\s?[-–—]\s?{lasting}(?=(?:{times(room)})(?!\s?[-–—]\s?\d))"


def months_alone(room: Language) -> str:
    """Short names of months that stand alone, with their dot: `in Oct.`; not those that are a weekday or a word."""
    if room.calendar is None:
        return ""
    short = [name for name in month_names(room.code) if len(name) <= _SHORT_NAME]
    names = [name for name in short if name.isalpha() and name not in room.calendar.ambiguous_months]
    written = "|".join(name.capitalize() if room.calendar.capital_months else name for name in names)
    return rf"(?<![\w.])(?:{written})\.(?!\w)" if written else ""


def dotted_times(room: Language) -> str:
    """`9.30`, after a word that says so, in a range or a list of such times, and beside one with its word."""
    if not room.leads.time:
        return ""
    hour = r"(?:[01]?\d|2[0-4])\.[0-5]\d"
    measured = any_of({*room.units, "%", "€", *(currency_words(room.code) if room.money is not None else ())})
    by_halves = room.clock is not None and (room.clock.by_halves or room.clock.half_open)
    alone = rf"(?![\d%€$£]{f'|{HALVES}' if by_halves else ''}|\s?(?:{measured})(?!\w)|\.\d)"
    whole = r"(?:[01]?\d|2[0-4])\.[0-5][05]"
    words = (
        room.words.range,
        room.words.joint,
        room.words.either,
        *(room.clock.joints if room.clock else ()),
    )
    joints = [word for word in words if word]
    between = rf"(?:\s?[-–]\s?|,\s|\s(?:{any_of(joints)})\s)"
    first = rf"{START}{whole}(?={between}(?:{whole}{between})*{whole}{alone})"
    links = ("-", "–", " - ", " – ", ", ", *(f" {word} " for word in joints))
    behind = "|".join(rf"(?<=\.\d[05]{re.escape(gap)})" for gap in links)
    own = any_of(room.clock.words) if room.clock is not None else ""
    named = rf"(?!{HOUR}\.\d\d\s?(?:{own})\b)" if own else ""  # the word belongs to it
    return rf"{after(room.leads.time, named + hour + alone)}|{first}|(?=\d){named}(?:{behind}){whole}{alone}"


def undecided_times(room: Language, region: str) -> str:
    """`9.30` by itself, where the decimal sign is a comma: a time, or a number that a machine wrote."""
    if room.clock is None or separators(room.code, region)[0] != ",":
        return ""
    hours = {"h", *room.durations.written["h"].split()} if room.durations is not None else set()
    measured = any_of({*room.units, "%", "‰", *SYMBOLS, *currency_words(room.code)} - hours)
    sizes = any_of(room.money.magnitudes) if room.money is not None else "(?!)"
    before = "".join(rf"(?<!{re.escape(sign)})(?<!{re.escape(sign)} )" for sign in ("€", "$", "£"))
    return (
        rf"{START}{before}(?:[1-9]|1\d|2[0-4])\.[0-5]\d(?!\d)(?!\.\d)(?![\w/-])"
        rf"(?!\s?(?:{measured}|{sizes})(?!\w))(?!\s(?:[A-Z]{{3}}\b|x\s|×))"
    )


def slashes(room: Language) -> str:
    """Two words of which one holds: `he/she`, `estimado/a`."""
    pairs = any_of(room.forms.slashed)
    shape = rf"(?<!\w)(?i:{pairs})(?!\w)" if pairs else ""
    if room.forms.gendered_stroke:
        shape += r"|(?<!\w)[^\W\d_]{2,}o/a(?!\w)|(?<!\w)[^\W\d_]{2,}os/as(?!\w)"
    return shape.removeprefix("|")


def periods(room: Language) -> str:
    """The stroke of `3 veces/día`, `mg/day`."""
    units = (unit.one for unit in room.units.values() if unit.one.isalpha() and len(unit.one) > _SHORT_NAME)
    nouns = any_of({*room.forms.periods, *units} if room.space else room.forms.periods)
    return rf"(?:(?<=[^\W\d_]{{3}})|(?<=\d[x×]))/(?=(?:{nouns})\b)" if nouns else ""


def weekday_leads(room: Language) -> tuple[str, ...]:
    """Short names of days before `6/3`, which is no fraction then."""
    names = (form for name in room.forms.weekdays for form in (name, name.capitalize()))
    return tuple(f"{name}{link}" for name in names for link in (" ", ", "))


def also_after_day(room: Language) -> str:
    """The `15/08` of `14 et 15/08` and of `01/08 à 15/08`, with a stroke after it."""
    day = rf"\d{{1,2}}/(?:0?[1-9]|1[0-2]){END}(?!/)|"
    until = rf"(?<=/\d\d {room.words.range} ){day}" if room.words.range else ""
    listed = rf"(?=\d)(?:(?<=\d/\d\d {room.words.joint} )|(?<=\d/\d\d, ))\d{{1,2}}/\d{{1,2}}{END}(?!/)|"
    until += listed if room.words.joint else ""
    return until + (rf"(?<=\d {room.words.joint} ){day}" if room.words.joint else "")


def weekdays(room: Language) -> str:
    """Short names of days: two with a dash, a list with strokes, one before a day or a month."""
    names = sorted(room.forms.weekdays, key=len, reverse=True)
    if not names:
        return ""
    months = "|".join(re.escape(name) for name in month_names(room.code))
    day = rf"(?:{'|'.join((*names, *(name.capitalize() for name in names)))})\.?"
    bare = rf"(?:{'|'.join((*names, *(name.capitalize() for name in names)))})"
    until = rf"\s(?:{room.words.range})\s\d"
    day_of = rf"\.\s?\d|/\d|:\d\d|\.\s(?i:{months})|\sde\s(?i:{months})|\s(?i:{months})\b"
    dated = rf"(?=,?\s(?:\d{{1,2}}(?:{day_of})|{until}))"
    listing = any_of(word for word in (room.words.joint, room.words.range) if word)
    among = rf"(?=,\s(?:{bare}\b\.?(?:,|\s\d|\s?[-–]|\s(?:{listing})\s)))"
    alone = day if room.forms.bare_weekdays else rf"{bare}\.|{bare}(?:{dated}|{among})"
    listed = rf"|(?<![\w.]){day}(?:[/+&]{day})+(?!\w)"
    following = r"\d{1,2}(?!\d)" + rf"|(?i:{months})\b"
    return rf"(?<![\w.]){day}\s?[-–—]\s?{day}(?!\w){listed}|(?<![\w.])(?:{alone})(?=,?\s(?:{following})|,\s{day}(?!\w))"


def short_forms(room: Language) -> str:
    """Abbreviations that are read in full wherever they stand."""
    forms = by_first_letter({*room.forms.short, *(form[:1].upper() + form[1:] for form in room.forms.short)})
    return rf"(?<![\w.])(?:{forms})(?:(?![^\W\d_])|(?<=\.)(?=[A-ZÀ-Þ][^\W\d_A-ZÀ-Þ]))" if forms else ""
