"""Readings that German alone has: hours with `h`, rooms, clubs, chapters, decades, vouchers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.de.agreement import case
from campaign.speech.languages.de.numbers import cardinal, ordinal, year
from campaign.speech.languages.de.units import UNITS
from campaign.speech.languages.de.words import WORDS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.shaping import END, HOUR, START, any_of
from campaign.speech.typed import Kind, TypedValue, UnreadableValueError, in_words, typed


def _decade(found: Occurrence) -> TypedValue:
    """`90er`, `1990er`."""
    figures = found.written.strip("er")
    words = year(int(figures)) if len(figures) == 4 else cardinal(int(figures))
    return in_words(found.written, words + "er")


def _postcode(found: Occurrence) -> TypedValue:
    return in_words(found.written, " ".join(WORDS.digits[int(digit)] for digit in found.written))


_DAYS: Final = {
    "Mo": "Montag", "Di": "Dienstag", "Mi": "Mittwoch", "Do": "Donnerstag", "Fr": "Freitag", "Sa": "Samstag",
    "So": "Sonntag",
}  # fmt: skip
_ROMAN: Final = {"I": 1, "V": 5, "X": 10}
_ROMAN_NUMERAL: Final = r"(?=[IVX])(?:X{0,3}(?:IX|IV|V?I{1,3}|V)|X{1,3})"


def _roman_value(written: str) -> int:
    figures = [_ROMAN[letter] for letter in written if letter in _ROMAN]
    return sum(
        -figure if figures[index + 1 : index + 2] > [figure] else figure
        for index, figure in enumerate(figures)
    )


def _room(found: Occurrence) -> TypedValue:
    """`Raum 0.12`, `Zimmer 2.04`."""
    first, last = found.written.split(".")
    return in_words(
        found.written, f"{cardinal(int(first))} Punkt {' '.join(WORDS.digits[int(digit)] for digit in last)}"
    )


def _scale(found: Occurrence) -> TypedValue:
    """`1:25.000`."""
    return in_words(found.written, f"eins zu {cardinal(int(re.sub(r'[^0-9]', '', found.written[2:])))}")


def _points(found: Occurrence) -> TypedValue:
    """`15/20 Punkten`."""
    first, last = (cardinal(int(part)) for part in found.written.split("/"))
    return in_words(found.written, f"{first} von {last}")


def _span(found: Occurrence) -> TypedValue:
    """`24/48 h`."""
    first, last, sign = re.findall(r"\d+|[^\W\d_]+", found.written)
    noun = {"h": "Stunden", "Std": "Stunden", "Stunden": "Stunden", "Tage": "Tage", "Tagen": "Tagen"}[sign]
    return in_words(found.written, f"{cardinal(int(first))} bis {cardinal(int(last))} {noun}")


def _minutes(found: Occurrence) -> TypedValue:
    """`45'`, `2h30'`."""
    hours, _, minutes = found.written.rstrip("'’′").replace(" ", "").rpartition("h")
    said = [
        f"{cardinal(int(count), gender='f', noun=True)} {one if int(count) == 1 else many}"
        for count, one, many in ((hours, "Stunde", "Stunden"), (minutes, "Minute", "Minuten"))
        if count
    ]
    return in_words(found.written, " ".join(said))


def _ranked(found: Occurrence) -> TypedValue:
    """`25te Woche`, `am 1ten`."""
    match = re.match(r"(\d+)[.-]?s?t(e[nrms]?)", found.written)
    assert match is not None
    return in_words(found.written, ordinal(int(match[1]), ending=match[2]))


def _to_the_second(found: Occurrence) -> TypedValue:
    """`00:05:30`."""
    hour, minute, second = (int(part) for part in re.findall(r"\d+", found.written))
    said = f"{cardinal(hour, noun=True)} Uhr"
    if not second:
        return in_words(found.written, f"{said} {cardinal(minute)}" if minute else said)
    seconds = _counted(second, "Sekunde")
    return in_words(
        found.written,
        f"{said}, {_counted(minute, 'Minute')} und {seconds}" if minute else f"{said} und {seconds}",
    )


def _counted(count: int, noun: str) -> str:
    """`eine Minute`, `zwei Minuten`."""
    return f"{cardinal(count, gender='f', noun=True)} {noun}{'' if count == 1 else 'n'}"


def _houses(found: Occurrence) -> TypedValue:
    """`Goethestr. 5-17a`, `Klassen 7a-7c`."""
    first, last = (
        f"{cardinal(int(number))}{f' {letter.upper()}' if letter else ''}"
        for number, letter in re.findall(r"(\d+)\s?([a-z]?)", found.written)
    )
    return in_words(found.written, f"{first} bis {last}")


_STREETS: Final = "|".join(
    rf"(?<={head} )"
    for head in (
        *(f"{first}{rest}" for rest in ("tr.", "traße", "trasse") for first in "sS"),
        *(name for noun in ("weg", "platz", "gasse", "allee", "ring", "damm", "ufer", "hof", "steig")
          for name in (noun, noun.capitalize())),
        "Nr.", "nr.", "Nrn.", "Nummer", "nummer", "Nummern", "nummern", "Haus", "Häuser", "Häusern",
        "Klasse", "Klassen",
        "Kl.", "Eingang", "Aufgang", "Tor", "Gleis", "Gleise",
    )
)  # fmt: skip


_LETTER: Final = "(?:[a-h]|\\s[a-g])"


def _door(found: Occurrence) -> TypedValue:
    """`Lange Gasse 5/2/14`: house, stair and door."""
    parts = (cardinal(int(part)) for part in found.written.split("/"))
    return in_words(found.written, f" {WORDS.signs['/']} ".join(parts))


def _pension_number(found: Occurrence) -> TypedValue:
    """`65 170839 J 003`, digit by digit."""
    groups = re.fullmatch(r"(\d\d) ?(\d{6}) ?([A-Z]) ?(\d{3})", found.written)
    assert groups is not None
    said = (
        " ".join(WORDS.digits[int(sign)] if sign.isdecimal() else sign for sign in group)
        for group in groups.groups()
    )
    return in_words(found.written, WORDS.pause.join(said))


def _street_end(found: Occurrence) -> TypedValue:
    """`Bahnhofstr.` with no number after it, `HAUPTSTR.`."""
    name, _, stroke = found.written.partition(".")
    street = f"{name}ASSE" if name.endswith("STR") else f"{name[:-1]}raße"
    return in_words(found.written, street + (WORDS.pause if stroke else ""))


def _one_large(found: Occurrence) -> TypedValue:
    """`rund 1 Mrd.` at the end of a clause."""
    noun = "Million" if "Mio" in found.written else "Milliarde"
    article = "einer" if case(found.left, f" {noun}") in ("dative", "genitive") else "eine"
    return in_words(found.written, f"{article} {noun}")


def _lasting(found: Occurrence) -> TypedValue:
    """`2h 34m`, `5m 30s`."""
    nouns = {"h": "Stunde", "m": "Minute", "s": "Sekunde"}
    counted = re.findall(r"(\d+)\s?([hms])", found.written)
    return in_words(found.written, " ".join(_counted(int(count), nouns[unit]) for count, unit in counted))


def _friday(found: Occurrence) -> TypedValue:
    """`Fr. 8-13`, francs in Switzerland where no hour is written."""
    is_hours = re.match(rf"\s{_HOURS_AFTER}\s?(?:Uhr|h)\b", found.right)
    is_money = found.region in ("CH", "LI") and not is_hours
    return in_words(found.written, "Franken" if is_money else _DAYS["Fr"])


def _from_hour(found: Occurrence) -> TypedValue:
    """`von 10-18 h`, but not `innerhalb von 10-18 h`."""
    first, last = (int(hour) for hour in re.findall(r"\d+", found.written))
    if first >= last or _SO_LONG.search(found.left) or found.right.startswith(" lang"):
        return in_words(found.written, f"{cardinal(first)} bis {cardinal(last)} Stunden")
    return in_words(found.written, f"{cardinal(first)} bis {cardinal(last)} Uhr")


_SO_LONG: Final = re.compile(
    r"(?:innerhalb|binnen|dauer|\w*zeit|zeitraum|frist|abstand|abständen|spanne|pause)\s(?:\w+\s)?von\s$",
    re.I,
)


def _house_letter(found: Occurrence) -> TypedValue:
    """`Hauptstr. 12A`."""
    return in_words(found.written, f"{cardinal(int(found.written[:-1]))} {found.written[-1].upper()}")


def _one_short(found: Occurrence) -> TypedValue:
    """`1 Pers.`"""
    said = {"P": "eine Person", "E": "ein Erwachsener", "K": "ein Kind"}
    return in_words(found.written, said[found.written[2]])


def _state_road(found: Occurrence) -> TypedValue:
    """`die St 2035`."""
    return in_words(found.written, found.written if _NUMBERED.search(found.left) else "Staatsstraße")


_NUMBERED: Final = re.compile(r"(?:[Nn]r\.|[Nn]ummer|Code|Modell|Typ|Artikel|Teil):?\s$")


def _day_without_dot(found: Occurrence) -> TypedValue:
    """`am 01.03`; `bis 12.10` is a time too."""
    day, month = found.written.split(".")
    other = _OTHER_LEFT.search(found.left) or _OTHER_RIGHT.match(found.right)
    latest = max(int(day), int(other[1]) if other else 0)
    if latest <= _HOURS and not _DATED.search(found.left):
        if _TIMED.search(found.left):
            return typed(Kind.TIME, found.written, clock="any")
        raise UnreadableValueError(
            "ambiguous-number",
            f"{found.written!r} is {day}:{month}, or day {int(day)} of month {int(month)}",
            f"write {day}:{month} for the time, {found.written}. for the day",
        )
    return typed(Kind.DATE, f"{found.written}.")


_HOURS: Final = 24
_OTHER_LEFT: Final = re.compile(r"\b[Vv]on\s(\d\d)\.\d\d\sbis\s(?:zum\s)?$")
_OTHER_RIGHT: Final = re.compile(r"\sbis\s(?:zum\s)?(\d\d)\.\d\d")
_DATED: Final = re.compile(
    r"\b(?:am|vom|zum|den|dem)\s$|\bam\s\d\d\.\d\d(?:,\s\d\d\.\d\d){0,2}(?:,|\s(?:und|oder))\s$"
    r"|\bvom\s(?:[A-Z][a-z]+,?\s)?\d\d\.\d\d(?:\s?[-–]\s?|\sbis\s)$",
    re.I,
)
_TIMED: Final = re.compile(
    r"\b(?:zwischen|ab|um|gegen)\s\d{1,2}(?:[.:]\d\d)?(?:\suhr)?\sbis\s$|:\d\d\sbis\s$|\buhr\sbis\s$", re.I
)
_DAY_HEADS: Final = "|".join(
    rf"(?<={head})"
    for head in (
        *(rf"\b{word} " for word in (
            "am", "Am", "vom", "Vom", "bis", "Bis", "ab", "Ab", "zum", "Zum", "seit", "Seit", "den", "dem",
        )),
        *(f"{name}{link}" for name in ("tag", "woch", *(rf"\b{name}\." for name in _DAYS)) for link in (" ", ", ")),
        *(rf"\bvom \d\d\.\d\d{link}" for link in ("-", "–", " - ", " – ")),
    )
)  # fmt: skip
_LISTED_FIRST: Final = r"(?<=\b[Aa]m \d\d\.\d\d, )|(?<=\b[Aa]m \d\d\.\d\d, \d\d\.\d\d, )"
_LISTED_DAYS: Final = "|".join(
    rf"(?<=\b[Aa]m {listed} {link} )"
    for listed in (r"\d\d\.\d\d", r"\d\d\.\d\d, \d\d\.\d\d", r"\d\d\.\d\d, \d\d\.\d\d, \d\d\.\d\d")
    for link in ("und", "oder")
)
_DAY_AND_MONTH: Final = r"(?:0[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])(?![\w:/.]|,\d)"
_NO_AMOUNT: Final = (
    rf"(?!\s?(?:{any_of((*UNITS, '€', '$', '£', '%', '‰', 'Euro', 'EUR', 'CHF', 'Fr.', 'USD', 'Franken', 'Prozent'))}"
    r"|Uhr|Punkten?|Mio|Mrd|Millionen|Milliarden|Dollar|Pfund|Grad|Meter|Liter|Kilo\w*)(?!\w))"
)


def _weekday_list(found: Occurrence) -> TypedValue:
    """`Mo + Do`, `Mo, Di & Fr`."""
    days = [_DAYS[name] for name in re.findall(r"[A-Z][a-z]", found.written)]
    return in_words(found.written, f"{', '.join(days[:-1])} {WORDS.joint} {days[-1]}")


_DAY: Final = "(?:Mo|Di|Mi|Do|Fr|Sa|So)"
_BETWEEN_HOURS: Final = "|".join(
    rf"(?<=[Zz]{head} {hour} {link} )"
    for head in ("wischen", r"w\.")
    for hour in (r"\d", r"\d\d")
    for link in ("und", r"u\.")
)
_CAPITAL_DAY: Final = "(?:MO|DI|MI|DO|FR|SA|SO)"
_AFTER_DAY_UNTIL: Final = "|".join(rf"(?<=\b{day} bis )" for day in _DAYS)
_HOURS_RANGE: Final = r"\d{1,2}(?:[.:][0-5]\d)?\s?[-–]\s?\d{1,2}(?:[.:][0-5]\d)?"
_HOURS_AFTER: Final = rf"(?:{_HOURS_RANGE}|\d{{1,2}}(?:[.:][0-5]\d)?)"
_FOUNDED: Final = (
    r"(?=\s(?:(?:(?:ge|ver)storben|gegründet|geboren|gebaut|gewählt|geschrieben|geheiratet|begonnen|eröffnet|erbaut"
    r"|errichtet|erschienen|erfunden|erlassen|erworben|entstanden|entdeckt|eingeführt|eingeweiht|eingetragen|renoviert|saniert"
    r"|modernisiert|fertiggestellt|umgebaut|abgerissen|übernommen|verabschiedet|beschlossen|zugelassen|ausgezeichnet)"
    r"(?:e[nrms]?)?|erstmals|starb|in Kraft)\b)"
)
"""What happened in a year: `1985 gegründet`."""
_NOT_COUNTED: Final = (
    r"(?![\w/-]|[.,:]\d)(?!\s?[€$£%‰°²])"
    r"(?!\s(?:[A-ZÄÖÜ]|(?:k?m|[cm]m|k?g|mg|ml|l|t|h|min|kcal|mal|weitere|neue)\b))"
)
"""No noun follows: `zwischen 1985 und 1990`, but not `zwischen 1200 und 1500 Euro`."""
_TIMES_OF_YEAR: Final = "|".join(
    rf"(?<=\b{name} )"
    for name in (
        "Anfang", "Mitte", "Ende", "Frühjahr", "Frühling", "Sommer", "Herbst", "Winter",
        *cldr.wide_names("month", "de").values(),
    )
)  # fmt: skip
_DASHES: Final = ("-", "‑", "–")
_CHAPTERS: Final[Mapping[str, str]] = {
    "Kap": "Kapitel", "Bd": "Band", "Abschn": "Abschnitt", "Abt": "Abteilung", "Anl": "Anlage", "Art": "Artikel",
}  # fmt: skip
_BEFORE_HOURS: Final = "|".join(
    rf"(?<={head} )"
    for head in (
        "Beginn",
        "Beginn:",
        "Ende:",
        "Ende",
        "Start:",
        "Uhrzeit:",
        "Einlass:",
        "Einlass",
        r"\d\.,",
        r"\.20\d\d,",
        r"\.\d\d,",
        *(f"{name}," for name in cldr.wide_names("month", "de").values()),
        *(f"{name}," for name in _DAYS.values()),
    )
)
"""What a time follows and no length of time: a day and a comma, a beginning."""
READINGS: Final = (
    OwnReading(
        name="street_end",
        shape=r"(?<![\w.])[A-ZÄÖÜ][^\W\d_]{2,}(?:-[A-ZÄÖÜ][^\W\d_]*){0,3}-?(?<!Regi)(?<!Illu)(?<!Indu)(?<!Magi)"
        r"(?<!Mini)(?<!Admini)(?<!Orche)(?<!Demon)(?<!Kata)[sS]tr\.(?!\s?\d|\w)(?:\s?/\s?(?=[A-ZÄÖÜ]))?|(?<![\w.])[A-ZÄÖÜ-]*STR\.(?!\w)"
        r"|(?<=[a-zäöüß] )Str\.(?!\s?\d|\w)",
        before="numeric",
        read=_street_end,
    ),
    OwnReading(
        name="one_large",
        figures=True,
        shape=rf"{START}1\s?(?:Mio|Mrd)\.(?=[,;:!?)]|\s?$)",
        before="large",
        read=_one_large,
    ),
    OwnReading(
        name="state_road",
        shape=r"(?<![\w.-])St(?=\s[12]\d{3}(?![\w-]|[.,:]\d))",
        before="numeric",
        read=_state_road,
    ),
    OwnReading(
        name="day_without_dot",
        figures=True,
        shape=rf"(?=\d)(?:{_DAY_HEADS}){_DAY_AND_MONTH}{_NO_AMOUNT}"
        rf"|(?=\d)(?<=\b[Vv]on ){_DAY_AND_MONTH}(?=\sbis\s(?:zum\s)?{_DAY_AND_MONTH}{_NO_AMOUNT})"
        rf"|(?=\d)(?:{_LISTED_DAYS}){_DAY_AND_MONTH}{_NO_AMOUNT}"
        rf"|(?=\d)(?:{_LISTED_FIRST}){_DAY_AND_MONTH}(?=(?:,| und| oder) {_DAY_AND_MONTH}{_NO_AMOUNT})",
        before="clock",
        read=_day_without_dot,
    ),
    OwnReading(
        name="from_amount",
        figures=True,
        shape=r"(?=\d)(?:(?<=\b[Aa]b )|(?<=\b[Vv]on )|(?<=\b[Gg]egen )|(?<=\b[Zz]wischen ))"
        r"\d{1,4}\.\d\d\s(?:EUR|CHF|USD|GBP)(?!\w)",
        before="clock",
        read=lambda found: typed(Kind.MONEY, found.written, decimals="any"),
    ),
    OwnReading(
        name="house_letter",
        figures=True,
        shape=rf"(?=\d)(?:{_STREETS})\d{{1,4}}[A-Za-h](?![\w/-]|[.,:]\d|\s?[-–]\s?\d)",
        before="iso",
        read=_house_letter,
    ),
    OwnReading(
        name="number_end",
        shape=r"(?<![\w.])[A-ZÄÖÜ][^\W\d_]+nr\.(?=:)",
        before="short",
        read=lambda found: in_words(found.written, f"{found.written[:-3]}nummer"),
    ),
    OwnReading(
        name="houses_stroke",
        figures=True,
        shape=rf"(?=\d)(?:{_STREETS})\d{{1,3}}/\d{{1,3}}(?![\w/-]|[.,]\d)",
        before="iso",
        read=_door,
    ),
    OwnReading(
        name="from_hour",
        figures=True,
        shape=rf"(?=\d)(?<=\b[Vv]on ){HOUR}\s?[-–]\s?{HOUR}\s?h(?![\w/])",
        before="clock",
        read=_from_hour,
    ),
    OwnReading(
        name="friday",
        shape=rf"(?<![\w.])Fr\.(?=\s{_HOURS_AFTER}\s?(?:Uhr|h)\b)|(?:(?<=, )|(?<=; )|(?<=Uhr )|(?<=^))Fr\."
        rf"(?=\s{HOUR}\s?[-–]\s?{HOUR}(?!\w|[.,]\d|\s?(?:[€%]|Fr)))",
        before="clock",
        read=_friday,
    ),
    OwnReading(
        name="lasting",
        figures=True,
        shape=rf"{START}\d{{1,3}}\s?h,?\s?[0-5]?\d\s?m(?:,?\s?[0-5]?\d\s?s)?(?![\w²³/])"
        rf"|{START}[0-5]?\d\s?m,?\s?[0-5]?\d\s?s(?![\w/])",
        before="iso",
        read=_lasting,
    ),
    OwnReading(
        name="weekdays_until",
        shape=rf"(?<![\w.]){_DAY}(?=\sbis\s{_DAY}(?!\w))|(?:{_AFTER_DAY_UNTIL}){_DAY}(?!\w)",
        before="clock",
        read=lambda found: in_words(found.written, _DAYS[found.written]),
    ),
    OwnReading(
        name="weekday_hours",
        shape=rf"(?<![\w.])(?:Mo|Di|Mi|Do|Fr|Sa)(?=:?\s{_HOURS_RANGE}(?!\w|[.,]\d|\s?[%€]))"
        rf"|(?<![\w.])So(?=:?\s{_HOURS_RANGE}\s?(?:Uhr|h)\b)"
        r"|(?<![\w.])So\.(?=\s(?:(?:u\.|und|\+|&)\sFeiertag|geschl|n\. ?V\.|Ruhetag))"
        r"|(?<![\w.])(?:Mo|Di|Mi|Do|Fr|Sa|So)\.(?=:\s)",
        before="clock",
        read=lambda found: in_words(found.written, _DAYS[found.written.rstrip(".")]),
    ),
    OwnReading(
        name="weekday_capitals",
        shape=rf"(?<![\w.])(?:{_CAPITAL_DAY}\s?[-–]\s?)?{_CAPITAL_DAY}(?=:?\s{_HOURS_AFTER}\s?(?:UHR|Uhr|H|h)\b)",
        before="clock",
        read=lambda found: in_words(
            found.written,
            " bis ".join(_DAYS[day.capitalize()] for day in re.findall(r"[A-Z]+", found.written)),
        ),
    ),
    OwnReading(
        name="years_until",
        figures=True,
        shape=rf"{START}1[5-9]\d\d(?=\sbis\s(?:1[5-9]|20)\d\d{_NOT_COUNTED})"
        rf"|(?=\d)(?<=\b1[5-9]\d\d\sbis\s)1[5-9]\d\d{_NOT_COUNTED}",
        before="year",
        read=lambda found: typed(Kind.YEAR, found.written),
    ),
    OwnReading(
        name="or_more",
        shape=r"(?<=\d)\+(?=[.,;:!?)]|\s?$)",
        before="sign",
        read=lambda found: in_words(found.written, f" {WORDS.plus}"),
    ),
    OwnReading(
        name="per_minute",
        figures=True,
        shape=rf"{START}\d{{1,3}}\s?/\s?min(?!\w)",
        before="code",
        read=lambda found: in_words(
            found.written, f"{cardinal(int(found.written.partition('/')[0]))} pro Minute"
        ),
    ),
    OwnReading(
        name="whole_euros",
        figures=True,
        shape=rf"{START}(?:\d{{1,3}}(?:\.\d{{3}})+|\d+),[-–—]{{1,2}}(?=\s(?:Euro|Franken)\b)",
        before="money",
        read=lambda found: in_words(
            found.written, cardinal(int(re.sub(r"\D", "", found.written)), noun=True)
        ),
    ),
    OwnReading(
        name="glued_noun",
        figures=True,
        shape=rf"{START}(?:\d{{1,3}}(?:\.\d{{3}})+|[1-9]\d*)(?=(?:Euro|Minuten|Stunden|Tagen?|Wochen|Monaten?|Jahren?"
        r"|Personen|Prozent|Kilometer|Meter|Liter|Tabletten|Tropfen)\b)",
        before="address",
        read=lambda found: in_words(
            found.written, f"{cardinal(int(found.written.replace('.', '')), noun=True)} "
        ),
    ),
    OwnReading(
        name="one_short",
        figures=True,
        shape=rf"{START}1\s(?:Pers|Erw|Ki)\.",
        before="unit",
        read=_one_short,
    ),
    OwnReading(
        name="austrian_postcode",
        figures=True,
        shape=r"(?=\d)(?<=, )[1-9]\d{3}(?=\s(?:Wien|Graz|Linz|Salzburg|Innsbruck|Klagenfurt|Villach|Wels|Dornbirn"
        r"|Bregenz|Steyr|Eisenstadt|Zürich|Bern|Basel|Luzern|Winterthur|Chur|Zug|Aarau|Thun|Olten|Genf|Lausanne)\b)",
        before="numeric",
        read=_postcode,
    ),
    OwnReading(
        name="january",
        shape=r"(?<![\w.-])Januar(?=\s20\d\d(?!\w))",
        before="date",
        read=lambda found: in_words(found.written, "Jänner" if found.region == "AT" else found.written),
    ),
    OwnReading(
        name="pension_number",
        figures=True,
        shape=rf"{START}\d\d (?:0[1-9]|[1-9]\d)\d{{4}} [A-Z] \d{{3}}(?![\w-])|{START}\d{{8}}[A-Z]\d{{3}}(?![\w-])"
        rf"|{START}\d\d \d{{6}} ?[A-Z] ?\d{{3}}(?![\w-])",
        before="iso",
        read=_pension_number,
    ),
    OwnReading(
        name="ranked",
        figures=True,
        shape=rf"{START}\d{{1,3}}[.-]?s?te[nrms]?(?![\w-])",
        before="iso",
        read=_ranked,
    ),
    OwnReading(
        name="to_the_second",
        figures=True,
        shape=rf"{START}{HOUR}:[0-5]\d:[0-5]\d(?![\d:])(?!\s?(?:Std|Stunden?|h|min)\b)(?:\s?Uhr\b)?",
        before="hours",
        read=_to_the_second,
    ),
    OwnReading(
        name="houses",
        figures=True,
        shape=rf"(?=\d)(?:{_STREETS})(?:\d{{1,4}}{_LETTER}?\s?[-–]\s?\d{{1,4}}{_LETTER}"
        rf"|\d{{1,4}}{_LETTER}\s?[-–]\s?\d{{1,4}})(?![\w-]|[.,:]\d|\.\s?[a-z])",
        before="iso",
        read=_houses,
    ),
    OwnReading(
        name="door",
        figures=True,
        shape=rf"(?=\d)(?:{_STREETS})\d{{1,4}}/\d{{1,3}}/\d{{1,3}}(?![\w/-]|[.,]\d)",
        before="iso",
        read=_door,
    ),
    OwnReading(
        name="weekday_list",
        shape=rf"(?<![\w.]){_DAY}\.?(?:,\s{_DAY}\.?){{0,4}}\s?[+&]\s?{_DAY}(?!\w)(?:\.(?=\s\d|,|:))?"
        rf"|(?<![\w.]){_DAY}\.?(?:,\s{_DAY}\.?){{0,4}}\s(?:u\.|und)\s{_DAY}(?!\w)(?:\.(?=\s\d|,|:))?"
        r"(?=[:,]?\s(?:\d|von\b|ab\b|bis\b|nur\b|jeweils\b|geschlossen\b))",
        before="clock",
        read=_weekday_list,
    ),
    OwnReading(
        name="closed_on",
        shape=r"(?<![\w.])(?:Mo|Di|Mi|Do|Fr|Sa|So(?=:))"
        r"(?=:?\s(?:nur\s)?(?:n\. ?V\.|nach Vereinbarung|geschlossen|Ruhetag)(?!\w))"
        rf"|(?<![\w.]){_DAY}(?=,?\s\d{{1,2}}\.,\s(?:bis|und|oder|sowie)\s)",
        before="clock",
        read=lambda found: in_words(found.written, _DAYS[found.written]),
    ),
    OwnReading(
        name="extension_word",
        shape=r"(?<![\w-])(?:DW|Dw\.?)(?=:?\s?[-‑–]?\d)",
        before="iso",
        read=lambda found: in_words(found.written, f"Durchwahl{' ' if found.right[:1] in _DASHES else ''}"),
    ),
    OwnReading(
        name="years_between",
        figures=True,
        shape=rf"(?=\d)(?<=\b[Zz]wischen )1[1-9]\d\d(?=\sund\s(?:(?:1[1-9]|20)\d\d{_NOT_COUNTED}|heute\b))"
        rf"|(?=\d)(?:{_TIMES_OF_YEAR})1[1-9]\d\d{_NOT_COUNTED}",
        before="year",
        read=lambda found: typed(Kind.YEAR, found.written),
    ),
    OwnReading(
        name="first_house",
        figures=True,
        shape=r"(?=\d)(?:(?<=\bHaus )|(?<=\bHalle )|(?<=\bBlock )|(?<=\bReihe )|(?<=\bWagen )|(?<=\bEtage ))"
        r"1(?=\s(?:Stiege|Stg\.|Top|Tür|Eingang|Stand|Reihe|Raum|Saal|Platz|Sitz)\s\d)",
        before="iso",
        read=lambda found: in_words(found.written, WORDS.digits[1]),
    ),
    OwnReading(
        name="founded",
        figures=True,
        shape=rf"{START}1[5-9]\d\d{_FOUNDED}",
        before="year",
        read=lambda found: typed(Kind.YEAR, found.written),
    ),
    OwnReading(
        name="grouped_rank",
        figures=True,
        shape=r"(?=\d)(?:(?<=[Dd]er )|(?<=[Dd]ie )|(?<=[Dd]as )|(?<=[Dd]em )|(?<=[Dd]en )|(?<=[Zz]um )|(?<=[Zz]ur )"
        r"|(?<=[Uu]nser )|(?<=[Uu]nsere )|(?<=[Ii]hr )|(?<=[Aa]m ))\d{1,3}(?:\.\d{3})+\.(?=\s[A-ZÄÖÜ][a-zäöü])",
        before="clock",
        read=lambda found: typed(Kind.ORDINAL, found.written.replace(".", "") + "."),
    ),
    OwnReading(
        name="hours_open",
        figures=True,
        shape=r"(?=\d)(?:(?<=[Gg]eöffnet )|(?<=[Gg]eöffnet: )|(?<=[Gg]eöffnet tägl\. )|(?<=[Gg]eöffnet täglich )"
        r"|(?<=zeiten: )|(?<=zeit: ))"
        rf"{HOUR}\s?[-–]\s?{HOUR}\s?h(?![\w/])",
        before="clock",
        read=lambda found: in_words(
            found.written,
            " bis ".join(cardinal(int(hour)) for hour in re.findall(r"\d+", found.written)) + " Uhr",
        ),
    ),
    OwnReading(
        name="at_hour",
        figures=True,
        shape=rf"(?=\d)(?:(?<=\b[Uu]m )|(?<=\b[Aa]b )|(?<=\b[Gg]egen )|{_BEFORE_HOURS}){HOUR}\s?h(?![\w/])"
        r"(?!\s(?:pro|lang|täglich|wöchentlich|im|Arbeit)\b)"
        rf"|(?=\d)(?<=\b[Vv]on ){HOUR}\s?h(?=\sbis\s{HOUR}\s?h)|(?=\d)(?<=h bis ){HOUR}\s?h(?![\w/])"
        rf"|(?=\d)(?:{_BETWEEN_HOURS}){HOUR}\s?h(?=\s[a-zäöü]|[.,]|$)",
        before="clock",
        read=lambda found: typed(Kind.TIME, f"{found.written.rstrip(' h')}:00"),
    ),
    OwnReading(
        name="storey",
        figures=True,
        shape=rf"{START}\d{{1,2}}\.(?=\s(?:(?:Etg|Hj|Jh|Std)\.|KW\b))"
        rf"|{START}\d{{1,2}}\.(?=\s?[-–/]\s?\d{{1,2}}\.\s(?:Std|Stunde|KW|Etage|Etg|Klasse|Woche)\b)",
        before="date",
        read=lambda found: typed(
            Kind.ORDINAL, found.written, gender="n" if found.right[1:3] in ("Hj", "Jh") else "f"
        ),
    ),
    OwnReading(
        name="weekday_alone",
        shape=r"(?<![\w.])(?:Mo|Di|Mi|Do|Fr|Sa)(?=,?\s(?:und\s(?:Mo|Di|Mi|Do|Fr|Sa|So)\s)?(?:ab|bis|von|nur|um)\s\d{1,2}(?:[.:]\d\d)?(?:\sUhr|\.$|\.\s[A-ZÄÖÜ]|\s?[-–]|\sbis\b|,|$))"
        r"|(?:(?<=Mo und )|(?<=Di und )|(?<=Mi und )|(?<=Do und )|(?<=Fr und )|(?<=Sa und )"
        r"|(?<=Mo, )|(?<=Di, )|(?<=Mi, )|(?<=Do, ))(?:Di|Mi|Do|Fr|Sa|So)(?=\s(?:ab|bis|von|um|\d))",
        before="clock",
        read=lambda found: in_words(found.written, _DAYS[found.written]),
    ),
    OwnReading(
        name="room",
        figures=True,
        shape=r"(?=\d)(?:(?<=\bRaum )|(?<=\bZimmer )"
        r"|(?<=\bBüro )|(?<=\bHörsaal )|(?<=\bSaal )|(?<=\bR\. )|(?<=\bZi\. ))"
        r"\d{1,2}\.\d{2,3}(?!\w|[.,]\d)",
        before="clock",
        read=_room,
    ),
    OwnReading(
        name="club",
        figures=True,
        shape=r"(?<![\w.,])1860(?=\sMünchen)|(?=\d)(?:(?<=TSV )|(?<=VfL )|(?<=TuS )|(?<=MTV )|(?<=SSV ))18\d\d(?!\w)",
        before="clock",
        read=lambda found: in_words(found.written, year(int(found.written))),
    ),
    OwnReading(
        name="scale",
        figures=True,
        shape=r"(?<![\w.,:])1:\d{1,3}(?:[. ]\d{3})+(?![\w:])",
        before="versus",
        read=_scale,
    ),
    OwnReading(
        name="points",
        figures=True,
        shape=rf"{START}\d{{1,3}}/\d{{1,3}}(?=\s(?:Punkte|Punkten|Pkt\.|Sternen?)(?!\w))",
        before="iso",
        read=_points,
    ),
    OwnReading(
        name="span",
        figures=True,
        shape=rf"{START}(?!1/2\D)\d{{1,2}}/\d{{1,2}}\s?(?:h|Std|Stunden|Tagen?)(?!\w)\.?",
        before="daymonth",
        read=_span,
    ),
    OwnReading(
        name="minutes",
        figures=True,
        shape=r"(?<![\w'’‘°,.])(?:\d{1,2}\s?h\s?)?\d{1,3}['’′](?![\w'’\"′″])(?<!['‘’]\d['’′])(?<!['‘’]\d\d['’′])",
        before="hours",
        read=_minutes,
    ),
    OwnReading(
        name="chapter",
        shape=rf"(?<!\w)(?:Kap|Bd|Abschn|Abt|Anl|Art)\.\s{_ROMAN_NUMERAL}(?![\w-])",
        before="roman",
        read=lambda found: in_words(
            found.written,
            f"{_CHAPTERS[found.written.split('.')[0]]} {cardinal(_roman_value(found.written.partition('. ')[2]))}",
        ),
    ),
    OwnReading(
        name="century",
        shape=rf"(?<!\w){_ROMAN_NUMERAL}\.(?=\s(?:Jahrhundert|Jh\.|Semester|Kongress|Olympische|Internationale))",
        before="roman",
        read=lambda found: typed(Kind.ORDINAL, f"{_roman_value(found.written)}."),
    ),
    OwnReading(
        name="week",
        shape=r"(?:(?<=\bKW )|(?<=\bKalenderwoche ))\d{1,2}/\d{4}(?!\w)",
        before="monthyear",
        read=lambda found: in_words(
            found.written,
            f"{cardinal(int(found.written.split('/')[0]))} {year(int(found.written.split('/')[1]))}",
        ),
    ),
    OwnReading(
        name="voucher",
        shape=rf"{START}\d{{1,6}}-(?:€|Euro|EUR)-(?=[A-ZÄÖÜ])",
        before="moneys",
        read=lambda found: in_words(
            found.written, f"{cardinal(int(found.written.partition('-')[0]), noun=True)}-Euro-"
        ),
    ),
    OwnReading(
        name="war",
        shape=r"(?<!\w)(?:II|III|I)\.(?=\s(?:Weltkrieg|Quartal|Stock|Etage|Klasse|Instanz|Bundesliga|Lesung))",
        before="roman",
        read=lambda found: typed(Kind.ORDINAL, f"{len(found.written) - 1}."),
    ),
    OwnReading(
        name="decade",
        shape=rf"{START}(?:(?:1[1-9]|20)\d0|\d{{1,3}})er{END}",
        before="measures",
        read=_decade,
    ),
    OwnReading(name="street", shape=r"(?<=, )\d{5}(?= [A-ZÄÖÜÁÉÍÓÚ])", before="numeric", read=_postcode),
)
