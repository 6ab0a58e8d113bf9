"""Readings of French: doses, lengths of time, marks, articles of law, and what it shares with the Romance rooms."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.fr.addresses import ADDRESSES
from campaign.speech.languages.fr.calendar import MONTHS as _MONTHS
from campaign.speech.languages.fr.labels import LABELLED
from campaign.speech.languages.fr.numbers import cardinal, ordinal
from campaign.speech.languages.fr.times import NUMBERED, PERIODS, TIMES, counted
from campaign.speech.languages.fr.units import UNITS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.romance_readings import Ways, heads, shared
from campaign.speech.languages.shaping import END, START, any_of
from campaign.speech.typed import Kind, TypedValue, in_words, typed
from campaign.speech.wordlist import words

_MONTH: Final = rf"(?i:{any_of(_MONTHS)})(?!\w)\.?"
_DAILY: Final = rf"(?:{any_of(PERIODS)})(?!\w)"
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
        "semaines": "semaines", "ans": "ans", "sem": "semaines", "gouttes": "gouttes", "personnes": "personnes",
        "fois": "fois",
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
    noun = PERIODS.get(noun, noun)
    one = "une" if noun in ("semaine", "fois", "nuit") else "un"
    return in_words(
        found.written, f"{one} {noun} sur {cardinal(int(found.groups['of_count']), region=found.region)}"
    )


def _number_word(found: Occurrence) -> TypedValue:
    """`No de dossier`, `Nos de lot`."""
    is_plural = found.written.rstrip(".").lower().endswith("s")
    return in_words(found.written, "numéros" if is_plural else "numéro")


def _spoons(found: Occurrence) -> TypedValue:
    """`2 c. à s.`"""
    figures, kind = found.groups["sn_count"], found.groups["sn_kind"]
    noun = "à soupe" if kind.startswith("s") else "à thé" if kind.startswith("t") else "à café"
    if figures in ("½", "1/2"):
        return in_words(found.written, f"une demi-cuillère {noun}")
    return in_words(found.written, f"{counted(int(figures), 'cuillère', 'f', found.region)} {noun}")


def _per(found: Occurrence) -> TypedValue:
    """`fois/j`."""
    return in_words(found.written, f" par {PERIODS[found.groups['pr_period']]}")


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
        counted(number, "franc", region=found.region) + (f" par {PERIODS[period]}" if period else ""),
    )


def _more_codes(found: Occurrence) -> TypedValue:
    """`les codes sont 250 250 et 100 200`."""
    is_code = _CODES.search(found.left) and not found.language.agreement.counted.match(found.right)
    return typed(Kind.DIGITS if is_code else Kind.CARDINAL, found.written)


_CODES: Final = re.compile(
    r"(?i:\bcodes?)\b[^.;!?\d]*\d[\d ]*\d(?:(?:, | et | ou )\d[\d ]*\d)*(?:, | et | ou )$"
)
_RANK_MANY: Final = r"1(?:ers|ères|eres)|\d{1,3}(?:èmes|emes|es)|2(?:ndes|nds)"
_RANK_OTHER: Final = r"1(?:ere|iere|ière)|[2-9]\d{0,2}(?:è|eme|éme|ième|ieme)|1\d{1,2}(?:è|eme|éme|ième|ieme)"
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
_AMOUNT: Final = r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)(?:[.,]\d\d)?"
_AGES: Final = "".join(rf"|(?<=\b{word} )" for word in ("les", "Les", "aux", "Aux", "des", "Des"))


READINGS: Final = (
    *LABELLED,
    *TIMES,
    *ADDRESSES,
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
        name="parted_unit",
        figures=True,
        shape=rf"{START}(?P<pt_whole>\d{{1,3}})\s?(?P<pt_unit>m(?=\s?\d\d(?!\d))|kg(?=\s?\d{{3}}(?!\d))|°(?=\d(?!\d)))"
        r"\s?(?P<pt_rest>\d{1,3})(?![\w°'’]|[.,/]\d|\s?(?:s|cm|m|g|kg|x)\b)",
        before="iso",
        read=lambda found: _parted(found),
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
        name="per_hundred",
        shape=r"(?<=\d )p\.\s?100(?![\w-]|[.,]\d)",
        before="numeric",
        read=lambda found: in_words(found.written, found.language.words.percent),
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
        name="spoons",
        figures=True,
        shape=rf"{START}(?P<sn_count>\d{{1,2}}|1/2|½)\s?(?:c\.?\s?à\s?|cu?il?l?\.?\s?à\s|cuill?\.\s?à\s)"
        r"(?P<sn_kind>soupe|café|thé|[sc](?!\w)\.?)",
        before="iso",
        read=_spoons,
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
        name="measured_row",
        shape=r"(?<=\d\d )(?:m³|m3|kWh)(?![\w/])",
        before="short",
        read=lambda found: in_words(found.written, found.language.units[found.written].many),
    ),
    OwnReading(
        name="mark_out_of",
        figures=True,
        shape=rf"{START}{NUMBERED}\d{{1,3}}/(?:20|100){END}(?![/-]|[.,]\d)",
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
        name="more_codes",
        figures=True,
        shape=r"(?=\d)(?:(?<=\d et )|(?<=\d ou )|(?<=\d, ))[1-9]\d{2} \d{3}(?![\w-]|[.,]\d| \d)",
        before="number",
        read=_more_codes,
    ),
    OwnReading(
        name="transfer",
        shape=r"(?<![+*\w])(?P<tr_sign>\+|\*){3}\s?\d{3}/\d{4}/\d{5}\s?(?P=tr_sign){3}(?![+*\w])",
        before="address",
        read=lambda found: typed(Kind.DIGITS, " ".join(re.findall(r"\d+", found.written))),
    ),
)
