"""How each kind of value looks when it is written: pieces of the pattern that finds values in prose.

What is a language's own stands in its room; here is what all share, put together for one of them.
"""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Language
from campaign.speech.languages.shaping import ALONE, CLOCK, END, START, YEAR, after, also, any_of
from campaign.speech.verbalise.money import SYMBOLS, currency_codes, currency_words
from campaign.speech.verbalise.written import month_names, separators

ROW_OF_DIGITS: Final = r"(?:\d+(?:-\d+)+|\d{2,6}(?: \d{2,6})+|\d{3,12})(?!\w)(?![.,]\d)"
MASK: Final = r"(?:[*•]{2,}|x{2,}|X{4,})"


ADDRESS: Final = (
    r"(?:https?://|www\.)[^\s<>\"]+[\w/]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w@.])[a-z\d-]+(?:\.[a-z\d-]+)*\.(?:com|org|net|eu|de|es|fr|it|pt|uk|cn|info|io|gov)(?:/[\w/.-]*\w)?\b"
)
SIGNS: Final = "|".join(
    (
        r"(?<=[\w.\s])\s?[&](?=\s?\w)",
        r"(?<=\d)\s?[+=×](?=\s?\d)",
        r"(?<![\w.])[+](?=\s?\d)",
        r"(?<=[\w.])\s[+](?=\s\w)",
        r"[~≈±<>≤≥](?=\s?[\d€$£])",
        r"#(?=[A-Z]+[-\d])",
        "§|〇",
    )
)
"""Signs that are read by name where they stand so."""


def code_shape(room: Language) -> str:
    """Letters and figures in one word, and figures with strokes or hyphens."""
    heads = rf"(?!(?:{room.shapes.compound_heads})-)" if room.shapes.compound_heads else ""
    return (
        rf"(?<![\w-]){heads}(?=[\w/.-]*\d)(?=[\w/.-]*[A-Za-z])"
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
    short = rf"(?:{dotted})\.(?=,|\s+[^\W_A-ZÄÖÜ]{also(room.forms.dotted_noun)})|" if dotted else ""
    return rf"{short}(?:{unit_signs(room)})(?!(?<=\b[VW])\.)"


def number_shape(room: Language, region: str) -> str:
    """A number as the locale writes it, or as a machine does."""
    decimal, group = separators(room.code, region)
    spaces = "\u00a0\u202f\u2009" + (" " if room.writing.spaces else "")
    apostrophes = room.writing.apostrophes or region in ("CH", "LI")
    groups = "".join(sorted(set(group) | set(spaces) | ({"'", "’"} if apostrophes else set())))
    other = "." if decimal == "," else ","
    return (
        r"(?:\d{1,3}(?:['’]\d{3})+[.,]\d{2}(?!\d)|"
        rf"\d{{1,3}}(?:[{re.escape(groups)}]\d{{3}})+(?:{re.escape(decimal)}\d+)?(?!\d)"
        rf"|\d{{1,3}}(?:{re.escape(decimal)}\d{{3}})+{re.escape(other)}\d{{2}}(?!\d)"
        rf"|\d{{1,3}}(?:{re.escape(other)}\d{{3}})+{re.escape(decimal)}\d{{2}}(?!\d)"
        rf"|\d+{re.escape(decimal)}\d+|\d+{re.escape(other)}\d{{1,2}}(?![\d.,]\d|\d)|\d+)"
    )


def money_shape(room: Language, region: str, number: str) -> str:
    """An amount with its sign or code before or after it, and a word such as million."""
    if room.money is None:
        return ""
    symbols = set(SYMBOLS) - (set() if region in ("CH", "LI") else {"Fr."})  # a Friday, or a woman
    signs = any_of(symbols).replace(r"Fr\.", r"Fr\.(?!\s\d{1,2}(?:\.\s?(?:\d{1,2}\.|[A-Z])|:\d))")
    codes = "|".join(sorted(currency_codes()))
    before = "|".join(sorted(currency_codes() - {"INR"}))  # a blood test
    sizes = any_of(room.money.magnitudes)
    size = rf"(?:\s?(?:{sizes}))?" if sizes else ""
    names = any_of(currency_words(room.code))
    with_name = rf"|{number}(?<=[.,]\d\d)\s(?:{names})" if names else ""
    return (
        rf"(?<![\w.,])[-−]?(?:(?:{signs})\s?{number}(?:\s(?:{codes})\b)?{size}|(?:{before})\s{number}{size}"
        rf"|{number}(?:,[-–—]{{1,2}})?{size}\s?(?:{signs}|元|(?:{codes})\b){with_name})(?:,[-–—]{{1,2}})?{END}(?![.,]\d)"
    )


def groups_shape(room: Language) -> str:
    """Digits in several groups that are no grouped number: account and card numbers."""
    grouped = r"(?!\d{1,3}(?: \d{3})+(?:,\d+)?(?!\d| \d))" if room.writing.spaced_rows else ""
    return rf"{ALONE}{grouped}\d{{2,6}}(?: \d{{2,6}}){{2,}}(?![\w-])"


def rows_shape(room: Language) -> str:
    """Rows of digits that begin with a zero, and what else the language groups so and is no quantity."""
    money = rf"\s?(?:{any_of(SYMBOLS)}|%|(?:{'|'.join(sorted(currency_codes()))})\b)"
    rows = rf"(?:{room.shapes.rows})(?!{money}|{room.agreement.counted.pattern})" if room.shapes.rows else ""
    return rf"{ALONE}0\d{{1,3}}(?: \d{{2,4}})+(?![\w,.-])" + also(rows)


def moneys_shape(number: str) -> str:
    """Two amounts with one sign: `20–30 €`, `€20-30`."""
    signs = any_of(SYMBOLS)
    codes = "|".join(sorted(currency_codes()))
    dash = r"\s?[-–—]\s?"
    return (
        rf"(?<![\w.,]){number}{dash}{number}\s?(?:{signs}|(?:{codes})\b){END}"
        rf"|(?<![\w.,])(?:{signs})\s?{number}{dash}{number}{END}"
    )


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
    listed = "|".join((r"[^\W\d_]*" if form in endings else own_word) + re.escape(form) for form in forms)
    return room.forms.numeric_shape(rf"(?:{listed})(?=\s?\d|\s[A-Z]{{1,3}}[-/\d])")


def dates(room: Language) -> str:
    """Days in figures, and with the name of their month."""
    months = any_of(month_names(room.code))
    dotted = (
        rf"{START}\d{{1,2}}\.\s?\d{{1,2}}\.\s?(?:{YEAR}|\d{{2}}){END}|" if room.shapes.dotted_dates else ""
    )
    numeric = (
        rf"{dotted}{START}\d{{1,2}}[/-]\d{{1,2}}[/-](?:{YEAR}|\d{{2}}){END}"
        rf"|{START}{YEAR}[/.]\d{{1,2}}[/.]\d{{1,2}}{END}"
        rf"|{START}\d{{1,2}}-(?i:{months})\.?-{YEAR}{END}"
    )
    return f"{room.shapes.dates}|{numeric}" if room.shapes.dates else numeric


def times(room: Language) -> str:
    """Times of day, with what is written after them."""
    if room.shapes.only_times:
        return room.shapes.times
    return f"{CLOCK}{room.shapes.clock_tail}" + also(room.shapes.times)


def months_alone(room: Language) -> str:
    """Short names of months that stand alone, with their dot: `in Oct.`; not those that are a weekday or a word."""
    if room.calendar is None:
        return ""
    short = [name for name in month_names(room.code) if len(name) <= _SHORT_NAME]
    names = [name for name in short if name.isalpha() and name not in room.calendar.ambiguous_months]
    written = "|".join(name.capitalize() if room.calendar.capital_months else name for name in names)
    return rf"(?<![\w.])(?:{written})\.(?!\w)" if written else ""


_SHORT_NAME: Final = 4


def dotted_times(room: Language) -> str:
    """`9.30`, after a word that says so or in a range of such times."""
    hour = r"(?:[01]?\d|2[0-4])\.[0-5]\d"
    alone = r"(?![\d%€$£]|\s?[AaPp]\.?[Mm]\b|\s?(?:%|€|km|kg|m|l|mg|cm|mi|euros?|Euro)\b|\.\d)"
    whole = r"(?:[01]?\d|2[0-4])\.[0-5][05]"
    between = r"(?:\s?[-–]\s?|\s(?:to|bis|a|à|às|alle)\s)"
    first = rf"{START}{whole}(?={between}{whole}{alone})"
    behind = "|".join(
        rf"(?<=\.\d[05]{gap})" for gap in ("-", "–", " - ", " – ", " to ", " bis ", " a ", " à ", " às ")
    )
    if not room.leads.time:
        return ""
    return rf"{after(room.leads.time, hour + alone)}|{first}|(?=\d)(?:{behind}){whole}{alone}"


def slashes(room: Language) -> str:
    """Two words of which one holds: `he/she`, `estimado/a`."""
    pairs = any_of(room.forms.slashed)
    shape = rf"(?<!\w)(?i:{pairs})(?!\w)" if pairs else ""
    if room.forms.gendered_stroke:
        shape += r"|(?<!\w)[^\W\d_]{2,}o/a(?!\w)|(?<!\w)[^\W\d_]{2,}os/as(?!\w)"
    return shape.removeprefix("|")


def periods(room: Language) -> str:
    """The stroke of `3 veces/día`, `mg/day`."""
    nouns = "|".join(room.forms.periods)
    return rf"(?:(?<=[^\W\d_]{{3}})|(?<=\d[x×]))/(?=(?:{nouns})\b)" if nouns else ""


def weekdays(room: Language) -> str:
    """Short names of days: two with a dash, a list with strokes, one before a day or a month."""
    names = sorted(room.forms.weekdays, key=len, reverse=True)
    if not names:
        return ""
    months = "|".join(re.escape(name) for name in month_names(room.code))
    day = rf"(?:{'|'.join((*names, *(name.capitalize() for name in names)))})\.?"
    alone = day if room.forms.bare_weekdays else day.removesuffix("?")  # `le jeu 5` is no weekday
    listed = rf"|(?<![\w.]){day}(?:/{day})+(?!\w)"
    following = r"\d{1,2}(?!\d)" + rf"|(?i:{months})\b"
    return rf"(?<![\w.]){day}\s?[-–—]\s?{day}(?!\w){listed}|(?<![\w.]){alone}(?=,?\s(?:{following}))"


def short_forms(room: Language) -> str:
    """Abbreviations that are read in full wherever they stand."""
    forms = any_of(room.forms.short)
    return rf"(?<![\w.])(?:{forms})(?![^\W\d_])" if forms else ""
