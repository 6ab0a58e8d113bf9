"""Readings of French: doses, lengths of time, marks, articles of law, and what it shares with the Romance rooms."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.fr.numbers import cardinal, ordinal
from campaign.speech.languages.fr.units import UNITS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.romance_readings import Ways, heads, shared
from campaign.speech.languages.shaping import END, START, any_of
from campaign.speech.typed import Kind, TypedValue, in_words, typed

_MONTHS: Final = cldr.months("fr")
_MONTH: Final = rf"(?i:{any_of(_MONTHS)})(?!\w)\.?"
_WEEKDAYS: Final = {
    "lu": "lundi", "ma": "mardi", "me": "mercredi", "je": "jeudi", "ve": "vendredi", "sa": "samedi", "di": "dimanche",
    "l": "lundi", "v": "vendredi", "s": "samedi", "d": "dimanche",
}  # fmt: skip
_PERIODS: Final = {
    "j": "jour", "jr": "jour", "sem": "semaine", "pers": "personne", "an": "an", "mois": "mois", "jour": "jour",
    "semaine": "semaine", "nuit": "nuit", "prise": "prise", "repas": "repas", "personne": "personne",
    "séance": "séance", "heure": "heure", "h": "heure", "24h": "vingt-quatre heures", "24 h": "vingt-quatre heures",
}  # fmt: skip
_DAILY: Final = rf"(?:{any_of(_PERIODS)})(?!\w)"
_COUNTED: Final = (
    "fois", "gouttes", "goutte", "gttes", "comprimé", "comprimés", "cp", "cp.", "gélule", "gélules", "gél", "gél.",
    "sachet", "sachets", "ampoule", "ampoules", "amp", "amp.", "prise", "prises", "dose", "doses", "injection",
    "injections", "inj.", "inhalations", "bouffées", "repas", "séance", "séances", "heures", "cours", "euros", "cpr",
)  # fmt: skip
WAYS: Final = Ways(
    code="fr",
    months=any_of(_MONTHS),
    weekdays="(?i:lun|mar|mer|jeu|ven|sam|dim)",
    units=UNITS,
    joints=("au", "et le", "et"),
    sure=("du ", "Du ", "jours "),
    likely=("entre le ",),
    day=("le ", "Le ", "au ", "du "),
    of="de la|des|du",
    acts=(
        "Arrêté ", "arrêté ", "Arrêté n° ", "arrêté n° ", "Directive ", "directive ", "Décision ", "décision ",
        "Délibération ", "délibération ", "Circulaire ", "circulaire ",
    ),
    act_link="de",
    steps=(
        "Étape ", "étape ", "Page ", "page ", "p. ", "Partie ", "partie ", "Dose ", "dose ", "Séance ", "séance ",
        "Échéance ", "échéance ", "Mensualité ", "mensualité ", "Relance ", "relance ", "Rappel ", "rappel ", "Phase ",
        "phase ", "Message ", "message ", "Colis ", "colis ", "Tentative ", "tentative ", "Feuillet ", "Versement ",
    ),
    step_link="sur",
    marks=(
        *heads("note moyenne score douleur résultat EVA",
        " ", ": ", " : ", " de ", " à ", " est ", " est de ", " a été de "),
        "noté ", "notée ", "obtenu ", "obtient ", "Apgar ", "Glasgow ",
    ),
    chapters={
        "Ch.": "chapitre", "ch.": "chapitre", "chap.": "chapitre", "Chap.": "Chapitre", "t.": "tome", "vol.": "volume",
        "art.": "article", "Art.": "Article", "liv.": "livre", "fig.": "figure", "ann.": "annexe",
    },
    part_of="de",
    at="à",
    spans={
        "h": "heures", "heures": "heures", "j": "jours", "jours": "jours", "min": "minutes", "mois": "mois",
        "semaines": "semaines", "ans": "ans", "sem": "semaines",
    },
    or_range="à",
    every="toutes les",
    daily="jour|j|semaine|sem|mois|an|nuit|prise|repas",
    signs=r"€|\$|£|CHF|Fr\.",
)  # fmt: skip
_SHARED: Final = frozenset(
    {
        "roman_date", "named_month", "two_days", "days_of", "act", "step", "graded", "scale", "chapter", "two_times",
        "minutes", "span", "each", "less", "more", "equals", "nearly", "first_day_of",
    }
)  # fmt: skip


def _counted(number: int, noun: str, gender: str = "m", region: str = "") -> str:
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
        _counted(int(found.groups[name]), noun, "f", found.region)
        for name, noun in (("ch_h", "heure"), ("ch_m", "minute"), ("ch_s", "seconde"), ("ch_t", "seconde"))
        if found.groups.get(name)
    ]
    return in_words(found.written, " ".join(said))


def _whole_hours(found: Occurrence) -> TypedValue:
    """`sous 24h`, which is no midnight."""
    return in_words(
        found.written, f"{cardinal(int(found.written[:2]), gender='f', region=found.region)} heures"
    )


def _spoons(found: Occurrence) -> TypedValue:
    """`2 c. à s.`"""
    figures, kind = found.groups["sn_count"], found.groups["sn_kind"]
    noun = "à soupe" if kind.startswith("s") else "à thé" if kind.startswith("t") else "à café"
    if figures in ("½", "1/2"):
        return in_words(found.written, f"une demi-cuillère {noun}")
    return in_words(found.written, f"{_counted(int(figures), 'cuillère', 'f', found.region)} {noun}")


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
        f"{_PERIODS[found.groups['ay_period']]}",
    )


def _per(found: Occurrence) -> TypedValue:
    """`fois/j`."""
    return in_words(found.written, f" par {_PERIODS[found.groups['pr_period']]}")


def _weekdays(found: Occurrence) -> TypedValue:
    """`Lu-Ve`, `L-V`, `Ma/Je`."""
    first, mark, last = re.split(r"\s?([-–/])\s?", found.written)
    link = "et" if mark == "/" else "à"
    return in_words(found.written, f"{_WEEKDAYS[first.lower()]} {link} {_WEEKDAYS[last.lower()]}")


def _weekday(found: Occurrence) -> TypedValue:
    return in_words(found.written, found.language.forms.weekdays[found.written.rstrip(".").lower()])


def _mark(found: Occurrence) -> TypedValue:
    """`15/20`."""
    points, most = (cardinal(int(part), region=found.region) for part in found.written.split("/"))
    return in_words(found.written, f"{points} sur {most}")


def _scale_part(found: Occurrence) -> TypedValue:
    """`1/25 000`."""
    return in_words(
        found.written, f"un {ordinal(int(re.sub(r'[^0-9]', '', found.written[2:])), region=found.region)}"
    )


def _article(found: Occurrence) -> TypedValue:
    """`L. 123-4`, `R.4127-35` of a code."""
    numbers = (cardinal(int(part), region=found.region) for part in re.findall(r"\d+", found.written))
    return in_words(found.written, f"{found.written[0]} {' tiret '.join(numbers)}")


def _law(found: Occurrence) -> TypedValue:
    """`n° 78-17`."""
    numbers = (cardinal(int(part), region=found.region) for part in re.split(r"[-/]", found.written))
    return in_words(found.written, (" tiret " if "-" in found.written else " barre oblique ").join(numbers))


def _dollars(found: Occurrence) -> TypedValue:
    """`3,25 $ CA`."""
    code = "USD" if "US" in found.written else "CAD"
    return typed(Kind.MONEY, f"{found.written.partition('$')[0].strip()} {code}", decimals="any")


_D: Final = r"(?:[12]\d|3[01]|0?[1-9])"
_AMOUNT: Final = r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:[.,]\d\d)?"
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
_NUMBERED: Final = "".join(
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
READINGS: Final = (
    *(reading for reading in shared(WAYS) if reading.name in _SHARED),
    OwnReading(
        name="dollars",
        figures=True,
        shape=rf"{START}{_AMOUNT}\s?\$\s?(?:CA|US|CAN|CAD|USD)(?!\w)",
        before="iso",
        read=_dollars,
    ),
    OwnReading(
        name="register",
        figures=True,
        shape=r"(?<![\w.-])\d\d\.\d\d\.\d\d-\d{3}\.\d\d(?![\w-])",
        before="clock",
        read=lambda found: typed(Kind.DIGITS, re.sub(r"\D", " ", found.written)),
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
        name="lasting",
        figures=True,
        shape=rf"{START}(?P<lg_h>\d{{1,2}})\s?h\s?(?P<lg_m>[0-5]?\d)\s?{_PRIME}(?![\w'’\"′″])",
        before="hours",
        read=lambda found: in_words(
            found.written,
            f"{_counted(int(found.groups['lg_h']), 'heure', 'f')} {_counted(int(found.groups['lg_m']), 'minute', 'f')}",
        ),
    ),
    OwnReading(
        name="seconds",
        figures=True,
        shape=r"(?<![\w'’‘\"°,.º])\d{1,2}''(?![\w'])",
        before="hours",
        read=lambda found: in_words(found.written, _counted(int(found.written[:-2]), "seconde", "f")),
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
        name="spoons",
        figures=True,
        shape=rf"{START}(?P<sn_count>\d{{1,2}}|1/2|½)\s?(?:c\.?\s?à\s?|cu?il?l?\.?\s?à\s|cuill?\.\s?à\s)"
        r"(?P<sn_kind>soupe|café|thé|[sc](?!\w)\.?)",
        before="iso",
        read=_spoons,
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
        name="counted_per",
        shape=rf"(?=\s?/)(?:{'|'.join(rf'(?<={re.escape(word)})' for word in _COUNTED)})\s?/\s?(?P<pr_period>{_DAILY})",
        before="iso",
        read=_per,
    ),
    OwnReading(
        name="multiplied",
        shape=r"(?=[x×])(?:(?<=ou )|(?<=par )|(?<=boîte )|(?<=boîtes )"
        r"|(?<=prix )|(?<=était )|(?<=est )|(?<=tarif )|(?<=points ))[x×]\s?(?=\d{1,3}(?![\w/]|[.,]\d))",
        before="iso",
        read=lambda found: in_words(found.written, "fois "),
    ),
    OwnReading(
        name="weekday_letters",
        shape=rf"(?<![\w.-])(?:{_TWO}\s?[-–/]\s?{_TWO}|L\s?[-–]\s?[VSD](?=\s?:?\s(?:de\s)?\d))(?![\w-])",
        before="numeric",
        read=_weekdays,
    ),
    OwnReading(
        name="weekday_dotted",
        shape=r"(?<![\w.])(?i:(?:lun|mar|mer|jeu|ven|sam|dim)\.(?=,?\s[a-zà\d])"
        r"|(?<=\.\set\s)(?:lun|mar|mer|jeu|ven|sam|dim)\.|(?<=\sau\s)(?:lun|mar|ven|sam|dim)\.)",
        before="numeric",
        read=_weekday,
    ),
    OwnReading(
        name="measured_row",
        shape=r"(?<=\d\d )(?:m³|m3|kWh)(?![\w/])",
        before="short",
        read=lambda found: in_words(found.written, found.language.units[found.written].many),
    ),
    OwnReading(
        name="mark_out_of",
        figures=True,
        shape=rf"{START}{_NUMBERED}\d{{1,3}}/(?:20|100){END}(?![/-]|[.,]\d)",
        before="fraction",
        read=_mark,
    ),
    OwnReading(
        name="scale_part",
        figures=True,
        shape=r"(?<![\w.,/])1/\d{1,3}(?:[ .\u00a0\u202f]000)+(?!\w)",
        before="iso",
        read=_scale_part,
    ),
    OwnReading(
        name="law_article",
        shape=r"(?=[LRDA])(?:(?<=rticle )|(?<=rticles )|(?<=rt\. )|(?<=\bet )|(?<=, ))"
        r"[LRDA]\.?\s?\d{1,4}(?:-\d{1,3}){1,3}(?![\w-])",
        before="iso",
        read=_article,
    ),
    OwnReading(
        name="article_short",
        shape=r"(?<!\w)[Aa]rts?\.(?=\s(?:[LRDA]\.?\s?\d|1er|\d))",
        before="iso",
        read=lambda found: in_words(
            found.written, f"{found.written[0]}rticle{'s' if found.written.endswith('s.') else ''}"
        ),
    ),
    OwnReading(
        name="law",
        figures=True,
        shape=r"(?=\d)(?:(?<=[Ll]oi n° )|(?<=[Ll]oi )|(?<=[Dd]écret n° )|(?<=[Dd]écret )|(?<=[Oo]rdonnance n° ))"
        r"(?:\d\d|(?:19|20)\d\d)-\d{1,4}(?![\w-])"
        r"|(?=\d)(?:(?<=\(UE\) )|(?<=\(CE\) ))(?:19|20)\d\d/\d{1,4}(?![\w/])",
        before="iso",
        read=_law,
    ),
    OwnReading(
        name="century",
        shape=r"(?=s\.|arr\.)(?:(?<=[IVX]e )s\.|(?<=[IVX]e )arr\.|(?<=\de )arr\."
        r"|(?<=1er )arr\.|(?<=Ier )arr\.|(?<=Ier )s\.)",
        before="roman",
        read=lambda found: in_words(found.written, "siècle" if found.written == "s." else "arrondissement"),
    ),
    OwnReading(
        name="of_euros",
        shape=r"(?<=\s)d['’]\s?€",
        before="sign",
        read=lambda found: in_words(found.written, "d'euros"),
    ),
    OwnReading(
        name="day_count",
        shape=r"(?=[JH])(?:(?<![\w-])J\s?[-–+]\s?|(?<=\bà )H\s?[-–+]\s?)(?=\d{1,3}(?![\w-]|[.,]\d))",
        before="iso",
        read=lambda found: in_words(
            found.written, f"{found.written[0]} {'plus' if '+' in found.written else 'moins'} "
        ),
    ),
    OwnReading(
        name="unit_alone",
        shape=r"(?=[kMmc])(?:(?<=\bau )|(?<=\ble )|(?<=\bLe )|(?<=\bpar )|(?<=\bdu ))"
        r"(?:kg|km|kW|MWh|ml|cl|mg|cm)(?![\w/²³.])",
        before="short",
        read=lambda found: in_words(found.written, UNITS[found.written].one),
    ),
    OwnReading(
        name="studies",
        shape=r"(?<=\b[Bb]ac)\s?\+\s?(?=\d)",
        before="sign",
        read=lambda found: in_words(found.written, " plus "),
    ),
    OwnReading(
        name="town_on",
        shape=r"(?<=[^\W\d_])[\s-]s/[\s-]?(?=[A-ZÉ])",
        before="slashed",
        read=lambda found: in_words(found.written, " sur "),
    ),
)
