"""Readings of French times, lengths of time, days and weekdays."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.fr.calendar import MONTHS as _MONTHS
from campaign.speech.languages.fr.numbers import cardinal
from campaign.speech.languages.fr.units import UNITS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.shaping import END, START, any_of
from campaign.speech.typed import Kind, TypedValue, UnreadableValueError, in_words, typed

_WEEKDAYS: Final = {
    "lu": "lundi", "ma": "mardi", "me": "mercredi", "je": "jeudi", "ve": "vendredi", "sa": "samedi", "di": "dimanche",
    "l": "lundi", "v": "vendredi", "s": "samedi", "d": "dimanche",
}  # fmt: skip
PERIODS: Final = {
    "j": "jour", "jr": "jour", "sem": "semaine", "pers": "personne", "an": "an", "mois": "mois", "jour": "jour",
    "semaine": "semaine", "nuit": "nuit", "prise": "prise", "repas": "repas", "personne": "personne",
    "séance": "séance", "heure": "heure", "h": "heure", "24h": "vingt-quatre heures", "24 h": "vingt-quatre heures",
}  # fmt: skip


def counted(number: int, noun: str, gender: str = "m", region: str = "") -> str:
    return f"{cardinal(number, gender=gender, noun=True, region=region)} {noun}{'s' if number > 1 else ''}"


def _day(written: str, region: str) -> str:
    return "premier" if written in ("1", "01", "1er") else cardinal(int(written), region=region)


def _year(written: str | None, region: str) -> str:
    return f" {cardinal(int(written), region=region)}" if written else ""


def _month(written: str) -> str:
    return cldr.wide_names("month", "fr")[_MONTHS[written.lower()]]


def _named_days(found: Occurrence) -> TypedValue:
    """`20 déc. - 4 janv.`, `3-5 mai`."""
    groups, region = found.groups, found.region
    month = groups.get("ds_month")
    first = _day(groups["ds_first"], region) + (f" {_month(month)}" if month else "")
    last = (
        f"{_day(groups['ds_last'], region)} {_month(groups['ds_end'])}{_year(groups.get('ds_year'), region)}"
    )
    return in_words(found.written, f"{first} au {last}")


def _dotted_day(found: Occurrence) -> TypedValue:
    """`le 03.06`."""
    day, month = found.written.rstrip(".").split(".")
    return in_words(found.written, f"{_day(day, found.region)} {cldr.wide_names('month', 'fr')[int(month)]}")


def _chrono(found: Occurrence) -> TypedValue:
    """`2h05'32''`, `2h30'`, `30''`."""
    said = [
        counted(int(found.groups[name]), noun, "f", found.region)
        for name, noun in (("ch_h", "heure"), ("ch_m", "minute"), ("ch_s", "seconde"), ("ch_t", "seconde"))
        if found.groups.get(name)
    ]
    return in_words(found.written, " ".join(said))


def _length(found: Occurrence) -> TypedValue:
    """`13h23min43s`, `2min30s`, `3mn`."""
    groups, region = found.groups, found.region
    parts = (("le_h", "heure"), ("le_m", "minute"), ("le_s", "seconde"))
    said = [
        counted(int(groups[name]), noun, "f", region)
        for name, noun in parts
        if int(groups.get(name, 0)) or (name in groups and "le_h" not in groups)
    ]
    if "le_rest" in groups:
        said.append(cardinal(int(groups["le_rest"]), gender="f", region=region))
    return in_words(found.written, " ".join(said) or "zéro seconde")


def _capital_hours(found: Occurrence) -> TypedValue:
    """`A 9H30`, `9H-12H`, `sous 48H`."""
    said = []
    for written in re.split("[-–]", found.written):
        hour, _, minute = written.replace(" ", "").partition("H")
        words = counted(int(hour), "heure", "f", found.region)
        said.append(
            words + (f" {cardinal(int(minute), gender='f', region=found.region)}" if int(minute or 0) else "")
        )
    return in_words(found.written, " à ".join(said))


def _openings(found: Occurrence) -> TypedValue:
    """`9h-12h30/14h-18h`."""
    clock = found.language.clock
    assert clock is not None
    times = []
    for name in ("to_a", "to_b", "to_c", "to_d"):
        hour, _, minute = found.groups[name].replace(" ", "").partition("h")
        times.append(clock.said(int(hour), int(minute or 0), region=found.region))
    return in_words(found.written, f"{times[0]} à {times[1]}, {times[2]} à {times[3]}")


def _from_noon(found: Occurrence) -> TypedValue:
    """`minuit-6h`."""
    clock = found.language.clock
    assert clock is not None
    hour, _, minute = found.groups["fn_time"].replace(" ", "").partition("h")
    said = clock.said(int(hour), int(minute or 0), region=found.region)
    return in_words(found.written, f"{found.groups['fn_word']} à {said}")


def _whole_hours(found: Occurrence) -> TypedValue:
    """`sous 24h`, which is no midnight."""
    return in_words(
        found.written, f"{cardinal(int(found.written[:2]), gender='f', region=found.region)} heures"
    )


def _quarter(found: Occurrence) -> TypedValue:
    """`1/4 h`, `3/4 cp`."""
    part, sign = found.groups["qu_part"], found.groups["qu_unit"]
    unit = UNITS[sign].one if sign in UNITS else sign
    if part in ("1/2", "½"):
        return in_words(found.written, f"une demi-{unit}")
    head = "un quart" if part in ("1/4", "¼") else "trois quarts"
    return in_words(found.written, f"{head} {'d’' if unit[0] in 'aeiouéh' else 'de '}{unit}")


def _a_day(found: Occurrence) -> TypedValue:
    """`3x/j`, `x 2/jour`."""
    count = int(found.groups["ay_count"])
    return in_words(
        found.written,
        f"{' ' if found.written[0].isspace() else ''}{cardinal(count, gender='f', region=found.region)} fois par "
        f"{PERIODS[found.groups['ay_period']]}",
    )


def _weekdays(found: Occurrence) -> TypedValue:
    """`Lu-Ve`, `L-V`, `Ma/Je`."""
    first, mark, last = re.split(r"\s?([-–/])\s?", found.written)
    link = "et" if mark == "/" else "à"
    return in_words(found.written, f"{_WEEKDAYS[first.lower()]} {link} {_WEEKDAYS[last.lower()]}")


def _weekday(found: Occurrence) -> TypedValue:
    return in_words(found.written, found.language.forms.weekdays[found.written.rstrip(".").lower()])


def _no_time(found: Occurrence) -> TypedValue:
    """`9h75`; `39h30` is how long people work, `48h00` and `151h40` no time of day either."""
    hour, minute = (int(part) for part in found.written.split("h"))
    always = not minute or hour >= _LONG
    if minute < _MINUTES and (always or _WORKED.search(found.left) or _WORKING.match(found.right)):
        said = [counted(hour, "heure", "f", found.region)]
        said += [cardinal(minute, gender="f", region=found.region)] if minute else []
        return in_words(found.written, " ".join(said))
    raise UnreadableValueError(
        "not-a-time",
        f"{found.written!r} is not a time of day",
        "write it as 14h30, or write the hours in words",
    )


_MINUTES: Final = 60
_LONG: Final = 100
"""From so many hours on it is how long, whatever stands beside it."""
_WORKED: Final = re.compile(
    r"\b(?:dur\w+|total\w*|cumul\w*|travail\w*|contrat|compteur|crédit|solde|effectu\w+|forfait|volume|temps|horaire)\b"
    r"[^.;!?\d]{0,24}$",
    re.I,
)
_WORKING: Final = re.compile(
    r"\s?(?:/\s?(?:sem|mois|semaine|an)\b|(?:par|de)\s(?:semaine|mois|an|travail|vol|formation)\b)"
)
_HOURLY: Final = r"(?:[01]?\d|2[0-4])\s?h(?:\s?[0-5]\d)?"
_CAPITAL_TIME: Final = r"(?:\d{1,2}\s?H\s?[0-5]\d(?!\w))"
_BEFORE_HOURS: Final = "|".join(
    rf"(?<=\b{word})"
    for word in (
        "à ", "À ", "A ", "a ", "de ", "DE ", "dès ", "DES ", "DÈS ", "vers ", "VERS ", "entre ", "ENTRE ", "et ",
        "ET ",
        "avant ", "AVANT ", "après ", "APRES ", "APRÈS ", "sous ", "SOUS ", "en ", "EN ", "délai ", "DELAI ", "DÉLAI ",
        "les ", "LES ", "dans ", "DANS ", "ouvert ", "OUVERT ", "lundi ", "LUNDI ", "mardi ", "MARDI ", "mercredi ",
        "MERCREDI ", "jeudi ", "JEUDI ", "vendredi ", "VENDREDI ", "samedi ", "SAMEDI ", "dimanche ", "DIMANCHE ",
        "jusqu'à ", "JUSQU'A ", "JUSQU'À ", "H-", "H - ",
    )
)  # fmt: skip
"""Words before a bare `9H`, which elsewhere is a seat or a bus."""
_DAY_NAMES: Final = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
_MIN: Final = r"(?:minutes?|min|mn|m)"
_D: Final = r"(?:[12]\d|3[01]|0?[1-9])"
_SECONDS: Final = "(?:''|’’|\"|″)"
_PRIME: Final = "['’′]"
_TWO: Final = "(?:Lu|Ma|Me|Je|Ve|Sa|Di)"
_AT: Final = "".join(
    rf"(?<!{word})"
    for word in (
        "à ",
        "À ",
        "à\u00a0",
        "dès ",
        "vers ",
        "jusque ",
        "-",
        "–",
        "- ",
        "– ",
        "midi ",
        "entre ",
        "avant ",
    )
)
NUMBERED: Final = "".join(
    rf"(?<!{word} )"
    for word in (
        "ot",
        "ossier",
        "ureau",
        "hambre",
        "acture",
        "alle",
        "n°",
        "éf.",
        "éférence",
        "uméro",
        "icket",
        "orte",
    )
)
_FRACTION_UNITS: Final = any_of(unit for unit in UNITS if unit.isalpha() and len(unit) > 1)
_TERMS: Final = ("à ", "À ", "en ", "En ", "de ", "dès ", "jusqu'à ", "jusqu’à ")
_BEFORE_YEARS: Final = "|".join(
    rf"(?<=\b{head})"
    for head in (
        *_TERMS, "année ", "Année ", "années ", "exercice ", "Exercice ", "revenus ", "Revenus ", "N/", "N et ", "sur ",
        "-1 et ", "-1, ", "-1/", "-2 et ", "vs ",
    )
)  # fmt: skip
"""Words before `N-1`, the year before; elsewhere it is a road or a house."""
_BEFORE_TERMS: Final = "|".join(
    rf"(?<=\b{head})" for head in (*_TERMS, "mois ", "Mois ", "semaine ", "Semaine ")
)


TIMES: Final = (
    OwnReading(
        name="ago",
        figures=True,
        shape=r"(?=\d)(?<=\b[Ii]l y a )\d{1,3}\s?m(?!\w)",
        before="iso",
        read=lambda found: typed(Kind.UNIT, re.sub(r"\s?m$", " min", found.written)),
    ),
    OwnReading(
        name="named_days",
        figures=True,
        shape=rf"{START}(?P<ds_first>1er|{_D})(?:\s(?P<ds_month>{any_of(_MONTHS)})(?!\w)\.?)?\s?[-–]\s?"
        rf"(?P<ds_last>1er|{_D})\s(?P<ds_end>{any_of(_MONTHS)})(?!\w)\.?(?:\s(?P<ds_year>\d{{4}}){END})?",
        before="clock",
        read=_named_days,
    ),
    OwnReading(
        name="dotted_day",
        figures=True,
        shape=rf"(?=\d)(?:(?<=\ble )|(?<=\bLe )|(?<=\bdu )|(?<=\bDu )|(?<=\bau )){_D}\.(?:0[1-9]|1[0-2])"
        r"(?![\w%]|[.,]\d|\s?(?:[€%$]|euros?|millions?|kg|km|degrés|pour cent))",
        before="clock",
        read=_dotted_day,
    ),
    OwnReading(
        name="chrono",
        figures=True,
        shape=rf"{START}(?:(?P<ch_h>\d{{1,2}})\s?h\s?)?(?P<ch_m>[0-5]?\d)\s?{_PRIME}"
        rf"(?:\s?(?P<ch_s>[0-5]?\d)\s?{_SECONDS}|(?P<ch_t>[0-5]\d))(?![\w\'’])",
        before="hours",
        read=_chrono,
    ),
    OwnReading(
        name="half_hours",
        figures=True,
        shape=rf"{START}(?P<hh_count>[1-9]\d?)\s?(?:(?:½|\s1/2)\s?h(?:eures?)?|h(?:eures?)?\s?(?:½|\s1/2)){END}(?!/)",
        before="iso",
        read=lambda found: in_words(
            found.written, f"{counted(int(found.groups['hh_count']), 'heure', 'f', found.region)} et demie"
        ),
    ),
    OwnReading(
        name="noon_dash",
        shape=rf"(?<!\w)(?P<fn_word>[mM]inuit|[mM]idi)\s?[-–]\s?(?P<fn_time>{_HOURLY}){END}(?!\s?[-/])",
        before="iso",
        read=lambda found: _from_noon(found),
    ),
    OwnReading(
        name="until_noon",
        shape=r"(?:(?<=\dh)|(?<=h\d\d))\s?[-–]\s?(?=minuit\b|midi\b)",
        before="clock",
        read=lambda found: in_words(found.written, " à "),
    ),
    OwnReading(
        name="weekday_span",
        shape=rf"(?<![\w-])(?i:{_DAY_NAMES})[-–](?!(?i:dimanche)(?<=amedi-dimanche))(?i:{_DAY_NAMES})(?![\w-])",
        before="numeric",
        read=lambda found: in_words(found.written, re.sub("[-–]", " à ", found.written)),
    ),
    OwnReading(
        name="weekday_head",
        shape=r"(?<![\w.-])(?:Lun|Mar|Mer|Jeu|Ven|Sam|Dim)(?=\s?:\s?\d{1,2}\s?[h:H])",
        before="numeric",
        read=_weekday,
    ),
    OwnReading(
        name="capital_hours",
        figures=True,
        shape=rf"{START}{NUMBERED}(?:{_CAPITAL_TIME}(?:\s?[-–]\s?(?:{_CAPITAL_TIME}|\d{{1,2}}\s?H{END}))?"
        rf"|\d{{1,2}}\s?H\s?[-–]\s?(?:{_CAPITAL_TIME}|\d{{1,2}}\s?H{END})"
        rf"|(?:{_BEFORE_HOURS})\d{{1,3}}\s?H{END})(?!\s?[-/])",
        before="clock",
        read=lambda found: _capital_hours(found),
    ),
    OwnReading(
        name="two_openings",
        figures=True,
        shape=rf"{START}(?P<to_a>{_HOURLY})\s?[-–]\s?(?P<to_b>{_HOURLY})\s?/\s?(?P<to_c>{_HOURLY})\s?[-–]\s?"
        rf"(?P<to_d>{_HOURLY}){END}(?![/.,:]\d)",
        before="clock",
        read=lambda found: _openings(found),
    ),
    OwnReading(
        name="saturday",
        shape=r"(?:(?<=[,;] )|(?<=\bet ))[SD](?=\s?:?\s(?:de\s)?\d{1,2}\s?h)",
        before="initials",
        read=lambda found: in_words(found.written, _WEEKDAYS[found.written.lower()]),
    ),
    OwnReading(
        name="length",
        figures=True,
        shape=rf"{START}(?:(?P<le_h>\d{{1,3}})\s?h\s?)?(?P<le_m>[0-5]?\d)\s?(?:{_MIN}\s?(?P<le_s>[0-5]?\d)"
        rf"\s?(?:s|sec|secondes?)(?!\w)|(?:min|mn)(?P<le_rest>[0-5]\d)(?!\w|[.,/]\d)|mn(?!\w))",
        before="hours",
        read=_length,
    ),
    OwnReading(
        name="lasting",
        figures=True,
        shape=rf"{START}(?P<lg_h>\d{{1,2}})\s?h\s?(?P<lg_m>[0-5]?\d)\s?{_PRIME}(?![\w'’\"′″])",
        before="hours",
        read=lambda found: in_words(
            found.written,
            f"{counted(int(found.groups['lg_h']), 'heure', 'f')} {counted(int(found.groups['lg_m']), 'minute', 'f')}",
        ),
    ),
    OwnReading(
        name="seconds",
        figures=True,
        shape=r"(?<![\w'’‘\"°,.º])\d{1,2}''(?![\w'])",
        before="hours",
        read=lambda found: in_words(found.written, counted(int(found.written[:-2]), "seconde", "f")),
    ),
    OwnReading(
        name="whole_hours",
        figures=True,
        shape=rf"(?<![\w.,/]){_AT}(?:12|24)\s?h{END}(?!\s?[-–/]|\s?\d|\s(?:à|et|ou)\s\d)"
        rf"|{START}24\s?h{END}(?!\s?[-–/]|\s?\d)(?<=24h|4 h)(?<![-–]24h)",
        before="hours",
        read=_whole_hours,
    ),
    OwnReading(
        name="quarter",
        figures=True,
        shape=rf"{START}(?:(?P<qu_part>[134]/4|[¼¾])\s?(?P<qu_unit>h|heure|{_FRACTION_UNITS})|1/2\s?h)(?!\w)\.?",
        before="iso",
        read=lambda found: (
            _quarter(found) if "qu_part" in found.groups else in_words(found.written, "une demi-heure")
        ),
    ),
    OwnReading(
        name="a_day",
        shape=r"(?:(?<=[\w.])\s[x×]\s?|(?<![\w.,/])[x×]?)(?P<ay_count>[1-9]|1[0-2])\s?[x×]?"
        r"\s?/\s?(?P<ay_period>j|jr|jour|sem|semaine|mois|an|nuit)(?!\w|/)",
        before="iso",
        read=_a_day,
    ),
    OwnReading(
        name="weekday_letters",
        shape=rf"(?<![\w.-])(?:{_TWO}\s?[-–/]\s?{_TWO}|{_TWO.lower()}\s?[-–]\s?{_TWO.lower()}(?=\s?:?\s(?:de\s)?\d{{1,2}}\s?[h:])|L\s?[-–]\s?[VSD](?=\s?:?\s(?:de\s)?\d))(?![\w-])",
        before="numeric",
        read=_weekdays,
    ),
    OwnReading(
        name="weekday_dotted",
        shape=r"(?<![\w.])(?i:(?:lun|mar|mer|jeu|ven|sam|dim)\.(?=,?\s[a-zà\d])"
        r"|(?:(?<=\.\set\s)|(?<=\bsf\s)|(?<=\bsauf\s))(?:lun|mar|mer|jeu|ven|sam|dim)\.|(?<=\sau\s)(?:lun|mar|ven|sam|dim)\.)",
        before="numeric",
        read=_weekday,
    ),
    OwnReading(
        name="day_count",
        shape=r"(?=[JHNMSA])(?:(?<![\w-])(?:J\s?[-−–+]\s?|[NMSA]\+)|(?<=\bà )H\s?[-−–+]\s?"
        rf"|(?:{_BEFORE_YEARS}|(?<=\())N\s?[-−–]\s?|(?:{_BEFORE_TERMS})[MS]\s?[-−–]\s?)(?=\d{{1,3}}(?![\w-]|[.,]\d))",
        before="iso",
        read=lambda found: in_words(
            found.written, f"{found.written[0]} {'plus' if '+' in found.written else 'moins'} "
        ),
    ),
    OwnReading(
        name="no_time",
        figures=True,
        shape=rf"{START}{NUMBERED}(?:(?:[01]?\d|2[0-4])h[6-9]\d|(?:2[5-9]|[3-9]\d|\d{{3}})h\d\d){END}(?![-/])",
        before="hours",
        read=_no_time,
    ),
)
