"""Readings of French: doses, lengths of time, marks, articles of law, and what it shares with the Romance rooms."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.fr.calendar import MONTHS as _MONTHS
from campaign.speech.languages.fr.numbers import cardinal, ordinal
from campaign.speech.languages.fr.places import PLACES
from campaign.speech.languages.fr.units import UNITS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.romance_readings import Ways, heads, shared
from campaign.speech.languages.shaping import END, START, any_of
from campaign.speech.typed import Kind, TypedValue, UnreadableValueError, in_words, typed
from campaign.speech.wordlist import words

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
        "minutes", "span", "each", "daily", "less", "more", "equals", "nearly", "first_day_of",
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


def _length(found: Occurrence) -> TypedValue:
    """`13h23min43s`, `2min30s`, `3mn`."""
    groups, region = found.groups, found.region
    parts = (("le_h", "heure"), ("le_m", "minute"), ("le_s", "seconde"))
    said = [
        _counted(int(groups[name]), noun, "f", region)
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
        words = _counted(int(hour), "heure", "f", found.region)
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


def _ranks(found: Occurrence) -> TypedValue:
    """`les 1ers`, `2è`, `3eme`."""
    value, ending = int(re.sub(r"\D", "", found.written)), found.written.lstrip("0123456789")
    if ending in ("nds", "ndes"):
        return in_words(found.written, "seconds" if ending == "nds" else "secondes")
    gender = "f" if ending in ("ères", "eres", "ere", "iere", "ière") else "m"
    said = ordinal(value, gender=gender, region=found.region)
    return in_words(found.written, f"{said}s" if ending.endswith("s") else said)


_NUMBERED_ROW: Final = re.compile(
    r"(?i:n[°ºo]|numéro)\s(?:de\s|d['’])?(?i:contrat|client|dossier|compte|commande|police|adhérent|abonné|suivi|facture"
    r"|assuré|allocataire|référence|carte|réservation|compteur)(?:\sest\s(?:le\s)?|\s?:?\s)$"
)


def _row(found: Occurrence) -> TypedValue:
    """`n° de contrat 123 456 789`."""
    return typed(Kind.DIGITS if _NUMBERED_ROW.search(found.left) else Kind.CARDINAL, found.written)


def _parted(found: Occurrence) -> TypedValue:
    """`1m75`, `3kg250`, `38°2`."""
    unit = UNITS[found.groups["pt_unit"]]
    whole, rest = int(found.groups["pt_whole"]), found.groups["pt_rest"]
    zeros = "zéro " if rest[0] == "0" and int(rest) else ""
    return in_words(
        found.written,
        f"{cardinal(whole, gender=unit.gender, noun=True, region=found.region)} {unit.one if whole < 2 else unit.many} "
        f"{zeros}{cardinal(int(rest), region=found.region)}",
    )


def _form(found: Occurrence) -> TypedValue:
    """`4e3`, a class of a school."""
    year, _, group = found.written.partition("e")
    return in_words(
        found.written,
        f"{ordinal(int(year), region=found.region)} {cardinal(int(group), region=found.region)}",
    )


def _one_of(found: Occurrence) -> TypedValue:
    """`1 jour/2`, `1 sem./3`."""
    noun = found.groups["of_noun"].rstrip(".")
    noun = _PERIODS.get(noun, noun)
    one = "une" if noun in ("semaine", "fois", "nuit") else "un"
    return in_words(
        found.written, f"{one} {noun} sur {cardinal(int(found.groups['of_count']), region=found.region)}"
    )


def _number_word(found: Occurrence) -> TypedValue:
    """`No de dossier`, `Nos de lot`."""
    is_plural = found.written.rstrip(".").lower().endswith("s")
    return in_words(found.written, "numéros" if is_plural else "numéro")


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


def _francs(found: Occurrence) -> TypedValue:
    """`95.–`, `12.-/mois`, where the franc is money."""
    figures = found.written.partition(".")[0]
    number = int(re.sub(r"\D", "", figures))
    if found.region not in ("CH", "LI"):
        return in_words(found.written, cardinal(number, region=found.region) + found.written[len(figures) :])
    period = found.groups.get("fr_period")
    return in_words(
        found.written,
        _counted(number, "franc", region=found.region) + (f" par {_PERIODS[period]}" if period else ""),
    )


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


def _more_codes(found: Occurrence) -> TypedValue:
    """`les codes sont 250 250 et 100 200`."""
    is_code = _CODES.search(found.left) and not found.language.agreement.counted.match(found.right)
    return typed(Kind.DIGITS if is_code else Kind.CARDINAL, found.written)


_CODES: Final = re.compile(
    r"(?i:\bcodes?)\b[^.;!?\d]*\d[\d ]*\d(?:(?:, | et | ou )\d[\d ]*\d)*(?:, | et | ou )$"
)


def _no_time(found: Occurrence) -> TypedValue:
    """`9h75`; `39h30` is how long people work, `48h00` and `151h40` no time of day either."""
    hour, minute = (int(part) for part in found.written.split("h"))
    always = not minute or hour >= _LONG
    if minute < _MINUTES and (always or _WORKED.search(found.left) or _WORKING.match(found.right)):
        said = [_counted(hour, "heure", "f", found.region)]
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
_RANK_MANY: Final = r"1(?:ers|ères|eres)|\d{1,3}(?:èmes|emes|es)|2(?:ndes|nds)"
_RANK_OTHER: Final = r"1(?:ere|iere|ière)|[2-9]\d{0,2}(?:è|eme|éme|ième|ieme)|1\d{1,2}(?:è|eme|éme|ième|ieme)"
_DAY_NAMES: Final = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
_MIN: Final = r"(?:minutes?|min|mn|m)"
_NUMBERED_THINGS: Final = any_of(
    words(
        "dossier client cliente compte contrat commande facture facturation référence réf. suivi lot police permis"
        " membre abonné abonnement adhérent allocataire assuré assurance assurance-maladie carte confirmation tél."
        " téléphone tel tél fax télécopieur cellulaire cell. mobile portable poste chambre employé étudiant élève"
        " patient patiente bénéficiaire réservation rendez-vous série transaction transit folio identification"
        " enregistrement inscription immatriculation RAMQ SIRET TVA INE porte local unité appartement apt app. civique"
        " vol train colis billet ticket bon reçu entreprise employeur urgence appel compteur matricule"
    )
)
"""What has a number: `No de dossier`, `no client`."""
_NUMBER_WORD: Final = (
    rf"(?<![\w.-])(?:[Nn]o\.?(?=\s(?:(?:de|du)\s|de\sla\s|de\sl['’]|d['’])?(?:{_NUMBERED_THINGS})(?!\w))"
    rf"|[Nn]os\.?(?=\s(?:de\s|d['’])(?:{_NUMBERED_THINGS})(?!\w))"
    rf"|NOS?\.?(?=\s(?:DE\s|D['’])(?:{_NUMBERED_THINGS.upper()})(?!\w))"
    r"|(?:(?<=DOSSIER )|(?<=CLIENT )|(?<=COMPTE )|(?<=FACTURE )|(?<=COMMANDE )|(?<=CHAMBRE )|(?<=CONTRAT ))"
    r"NO\.?(?=\s\d)"
    r"|No(?=\s\d))"
)
_LANE: Final = (
    r"(?<![\w.])(?:(?<=\d )|(?<=\d, )|(?<=\b[lL]e )|(?<=\b[dD]u )|(?<=\b[aA]u )|(?<=\bbis )|(?<=\bbis, ))[cC]h\.(?=\s"
    r"(?:du|des|de|de\sla|de\sl['’]|d['’])\s?(?!M\.|MM\.|Mmes?\b|Mlles?\b|Drs?\b|Mgr\b|Me\b)[A-ZÀÂÉÈÎÔ]"
    r"|\s(?:Ste?|Sainte?)-)|(?<![\w.])(?<=\d, )[cC]h\.(?=\s[A-ZÀÂÉÈÎÔ][^\W\d_])"
)
"""`12, ch. du Lac`, and neither `la ch. de Mme Roy` nor `4 ch. de charme`."""
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
_AGES: Final = "".join(rf"|(?<=\b{word} )" for word in ("les", "Les", "aux", "Aux", "des", "Des"))
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
        name="parted_unit",
        figures=True,
        shape=rf"{START}(?P<pt_whole>\d{{1,3}})\s?(?P<pt_unit>m(?=\s?\d\d(?!\d))|kg(?=\s?\d{{3}}(?!\d))|°(?=\d(?!\d)))"
        r"\s?(?P<pt_rest>\d{1,3})(?![\w°'’]|[.,/]\d|\s?(?:s|cm|m|g|kg|x)\b)",
        before="iso",
        read=lambda found: _parted(found),
    ),
    OwnReading(
        name="half_hours",
        figures=True,
        shape=rf"{START}(?P<hh_count>[1-9]\d?)\s?(?:(?:½|\s1/2)\s?h(?:eures?)?|h(?:eures?)?\s?(?:½|\s1/2)){END}(?!/)",
        before="iso",
        read=lambda found: in_words(
            found.written, f"{_counted(int(found.groups['hh_count']), 'heure', 'f', found.region)} et demie"
        ),
    ),
    OwnReading(
        name="instalments",
        figures=True,
        shape=rf"{START}[2-9]\d?\s?[x×](?=\s(?:ou|et|à)\s\d{{1,2}}\s?[x×](?!\w|\s?\d))",
        before="iso",
        read=lambda found: in_words(
            found.written, f"{cardinal(int(re.sub(r'[^0-9]', '', found.written)), region=found.region)} fois"
        ),
    ),
    OwnReading(
        name="four_wheels",
        figures=True,
        shape=rf"{START}4[x×]4{END}(?!\s?(?:[cm]?m\b|=|[x×]))",
        before="iso",
        read=lambda found: in_words(found.written, "quatre-quatre"),
    ),
    OwnReading(
        name="one_of",
        figures=True,
        shape=rf"{START}1\s?(?P<of_noun>jour|j|semaine|sem\.?|fois|mois|nuit|soir|matin|week-end|samedi|dimanche)\s?/\s?"
        r"(?P<of_count>[2-4])(?!\w|[/.,]\d)",
        before="iso",
        read=lambda found: _one_of(found),
    ),
    OwnReading(
        name="form",
        figures=True,
        shape=r"(?<![\w.,/-])[3-6]e[1-9](?![\w/-]|[.,]\d)",
        before="iso",
        read=lambda found: _form(found),
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
        name="post",
        shape=r"(?<=\d{4}, )p\.(?=\s\d{1,5}(?!\d))|(?<=\d{4} )p\.(?=\s\d{1,5}(?!\d))",
        before="numeric",
        read=lambda found: in_words(
            found.written, "poste" if re.search(r"\d{3}[-. ]\d{4},? $", found.left) else "page"
        ),
    ),
    OwnReading(
        name="mobile",
        shape=r"(?<!\w)[Pp]ort\.(?=\s?:?\s0[67])",
        before="initials",
        read=lambda found: in_words(found.written, "portable"),
    ),
    OwnReading(
        name="per_volume",
        shape=r"(?<=\d)\s?/\s?mm[3³](?!\w)",
        before="iso",
        read=lambda found: in_words(found.written, " par millimètre cube"),
    ),
    OwnReading(
        name="on_booking",
        shape=r"(?<!\w)s/\s?(?=rdv|RDV|rendez-vous)",
        before="slashed",
        read=lambda found: in_words(found.written, "sur "),
    ),
    OwnReading(
        name="capital_hours",
        figures=True,
        shape=rf"{START}{_NUMBERED}(?:{_CAPITAL_TIME}(?:\s?[-–]\s?(?:{_CAPITAL_TIME}|\d{{1,2}}\s?H{END}))?"
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
        name="ranks_many",
        figures=True,
        shape=rf"{START}(?:{_RANK_MANY}|{_RANK_OTHER}){END}",
        before="iso",
        read=lambda found: _ranks(found),
    ),
    OwnReading(
        name="capital_euros",
        figures=True,
        shape=rf"{START}{_AMOUNT}\s?E(?:UROS?|uros?){END}",
        before="iso",
        read=lambda found: typed(Kind.MONEY, re.sub("(?i:euros?)", "€", found.written), decimals="any"),
    ),
    OwnReading(
        name="row_number",
        figures=True,
        shape=r"(?<![\w.,/-])[1-9]\d{2}(?: \d{3}){2,4}(?![\w-]|[.,]\d| \d)",
        before="number",
        read=lambda found: _row(found),
    ),
    OwnReading(
        name="street_short",
        shape=r"(?:(?<=\d )|(?<=\d, )|(?<=\bbis )|(?<=\bter )|(?<=\bbis, ))r\."
        r"(?=\s(?:de\s|du\s|des\s|de\sla\s|d['’]|de\sl['’])?[A-ZÀÂÉÈÎÔ])",
        before="initials",
        read=lambda found: in_words(found.written, "rue"),
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
        shape=r"(?=[JHNMSA])(?:(?<![\w-])(?:J\s?[-−–+]\s?|[NMSA]\+)|(?<=\bà )H\s?[-−–+]\s?"
        rf"|(?:{_BEFORE_YEARS}|(?<=\())N\s?[-−–]\s?|(?:{_BEFORE_TERMS})[MS]\s?[-−–]\s?)(?=\d{{1,3}}(?![\w-]|[.,]\d))",
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
    OwnReading(
        name="francs",
        figures=True,
        shape=rf"{START}(?<!\d )(?<![-−–])\d{{1,3}}(?:['’ \u00a0\u202f]?\d{{3}})*\.[-–—]{{1,2}}"
        r"(?![\w–—-]|\s?(?:Fr|fr|CHF|EUR|[€$£]|\d))"
        rf"(?:\s?/\s?(?P<fr_period>{_DAILY}))?",
        before="cents",
        read=_francs,
    ),
    OwnReading(
        name="number_word",
        shape=_NUMBER_WORD,
        before="initials",
        read=_number_word,
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
        name="ages",
        shape=rf"(?=[-−–+])(?:(?<!\S)(?<!\d )(?<!à )[-−+]|(?:(?<=\(){_AGES})[-−–+]\s?)"
        r"(?=\d{1,3}\s?(?:ans?|mois)\b(?!-))",
        before="clock",
        read=lambda found: in_words(found.written, f"{'plus' if '+' in found.written else 'moins'} de "),
    ),
    OwnReading(
        name="and_more",
        shape=r"(?<=\bet )\+(?=[\s.,;:!?)]|$)(?!\s?\d)",
        before="sign",
        read=lambda found: in_words(found.written, "plus"),
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
    OwnReading(
        name="more_codes",
        figures=True,
        shape=r"(?=\d)(?:(?<=\d et )|(?<=\d ou )|(?<=\d, ))[1-9]\d{2} \d{3}(?![\w-]|[.,]\d| \d)",
        before="number",
        read=_more_codes,
    ),
    OwnReading(
        name="no_time",
        figures=True,
        shape=rf"{START}{_NUMBERED}(?:(?:[01]?\d|2[0-4])h[6-9]\d|(?:2[5-9]|[3-9]\d|\d{{3}})h\d\d){END}(?![-/])",
        before="hours",
        read=_no_time,
    ),
    OwnReading(
        name="transfer",
        shape=r"(?<![+*\w])(?P<tr_sign>\+|\*){3}\s?\d{3}/\d{4}/\d{5}\s?(?P=tr_sign){3}(?![+*\w])",
        before="address",
        read=lambda found: typed(Kind.DIGITS, " ".join(re.findall(r"\d+", found.written))),
    ),
)
