"""What is written short in English, and read in full."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from campaign.speech.languages.en.units import DOTTED_UNITS
from campaign.speech.languages.record import Forms, SentenceRules
from campaign.speech.wordlist import words

SHORT: Final[Mapping[str, str]] = {
    "p.a.": "per annum", "p.w.": "per week", "p.m.p.": "per month per person", "pcm": "per calendar month",
    "pw": "per week", "Corp.": "Corporation", "Bros.": "Brothers", "Hosp.": "Hospital", "Univ.": "University",
    "Messrs": "Messieurs", "Messrs.": "Messieurs", "Esq.": "Esquire", "Mgr.": "Manager", "Govt.": "Government",
    "govt.": "government", "attn:": "attention:", "Attn:": "Attention:", "cf.": "compare", "viz.": "namely",
    "appt.": "appointment", "Appt.": "Appointment", "appts.": "appointments", "exp.": "expires", "qty": "quantity",
    "Qty": "Quantity", "qty.": "quantity", "min.": "minimum", "avg.": "average", "temp.": "temperature",
    "hosp.": "hospital", "Ter.": "Terrace", "Cres.": "Crescent", "Gdns": "Gardens", "Gdns.": "Gardens",
    "Expy.": "Expressway", "Fwy.": "Freeway", "Pl.": "Place", "Ft.": "Fort", "Nº": "number", "nº": "number",
    "N.º": "number", "P.S.": "P S", "excl.": "excluding", "ca.": "circa", "y/o": "year old", "yrs.": "years",
    "b/c": "because", "WWI": "World War one", "WWII": "World War two", "Sgt.": "Sergeant", "Capt.": "Captain",
    "Sen.": "Senator", "Gov.": "Governor", "Rep.": "Representative", "Supt.": "Superintendent", "Det.": "Detective",
    "fl oz": "fluid ounces", "fl. oz.": "fluid ounces", "fl. oz": "fluid ounces",
    "c/w": "compared with", "m/o": "month old", "d/b/a": "doing business as",
    "w/in": "within", "w/e": "week ending", "b.i.d.": "twice a day", "t.i.d.": "three times a day",
    "q.i.d.": "four times a day", "q.d.": "once a day", "p.r.n.": "as needed",
    "A/c": "account", "a/c": "account", "A/C": "account",
    "Ltd": "Limited", "Inc": "Incorporated", "Jr": "Junior", "Wm.": "William", "Chas.": "Charles", "Geo.": "George",
    "Mr.": "Mister", "Mr": "Mister", "Mrs.": "Missus", "Mrs": "Missus", "Ms.": "Miz", "Ms": "Miz", "Dr.": "Doctor",
    "Dr": "Doctor", "Prof.": "Professor", "Rev.": "Reverend", "e.g.": "for example", "i.e.": "that is",
    "etc.": "et cetera", "vs.": "versus", "approx.": "approximately", "Apt.": "Apartment", "Ave.": "Avenue",
    "Blvd.": "Boulevard", "Rd.": "Road", "Inc.": "Incorporated", "Ltd.": "Limited", "St.": "Saint", "St": "Saint",
    "tel.": "telephone", "Tel.": "Telephone", "Bldg.": "Building", "bldg.": "building", "Dept.": "Department",
    "dept.": "department", "Ste.": "Suite", "Hwy.": "Highway", "Ln.": "Lane", "Pkwy.": "Parkway", "Sq.": "Square",
    "Ph.D.": "P H D", "Jr.": "Junior", "Sr.": "Senior", "Mon.": "Monday", "Tues.": "Tuesday", "Wed.": "Wednesday",
    "Thurs.": "Thursday", "Thu.": "Thursday", "Fri.": "Friday", "acct.": "account", "a.k.a.": "also known as",
    "Rd": "Road", "Ave": "Avenue", "Blvd": "Boulevard", "Ln": "Lane", "Hwy": "Highway", "Pkwy": "Parkway",
    "Expy": "Expressway", "Fwy": "Freeway", "Cir": "Circle", "Cir.": "Circle", "Ter": "Terrace", "Trl": "Trail",
    "Trl.": "Trail", "Sq": "Square", "Cres": "Crescent", "Mk": "Mark", "Elem.": "Elementary",
    "incl.": "including", "max.": "maximum", "w/c": "week commencing", "w/o": "without", "w/": "with",
    "c/o": "care of", "n/a": "not applicable", "N/A": "not applicable", "Mt.": "Mount", "misc.": "miscellaneous",
}  # fmt: skip
NUMERIC: Final[Mapping[str, str]] = {
    "Rt.": "Route", "Rte.": "Route", "b/w": "between", "mi.": "mile",
    "Nos.": "numbers", "nos.": "numbers", "Sec.": "Section", "sec.": "section", "Fig.": "Figure", "fig.": "figure",
    "para.": "paragraph", "Para.": "Paragraph", "paras.": "paragraphs", "Ch.": "Chapter", "art.": "article",
    "Art.": "Article", "Vols.": "Volumes", "Rm.": "Room", "Rm": "Room", "rm.": "room", "Cl.": "Clause",
    "cl.": "clause", "Sch.": "Schedule", "app.": "appendix", "App.": "Appendix", "Ste": "Suite", "ch": "chapter",
    "Yr": "Year", "Yr.": "Year", "yr": "year", "Yrs": "Years", "Yrs.": "Years", "Jct": "junction",
    "Jct.": "junction", "Jcts": "junctions", "Jcts.": "junctions",
    "N.": "North", "S.": "South", "E.": "East", "W.": "West", "No.": "number", "no.": "number", "No": "number",
    "p.": "page", "pp.": "pages", "Apt.": "Apartment", "Apt": "Apartment", "ext.": "extension", "Ext.": "Extension",
    "ext": "extension", "Fl.": "Floor", "vol.": "volume", "Vol.": "Volume", "ch.": "chapter",
}  # fmt: skip
WEEKDAYS: Final[Mapping[str, str]] = {
    "Weds": "Wednesday",
    "Mon": "Monday", "Tue": "Tuesday", "Tues": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday",
    "Thurs": "Thursday", "Fri": "Friday", "Sat": "Saturday", "Sun": "Sunday",
    "MON": "Monday", "TUE": "Tuesday", "TUES": "Tuesday", "WED": "Wednesday", "WEDS": "Wednesday", "THU": "Thursday",
    "THUR": "Thursday", "THURS": "Thursday", "FRI": "Friday", "SAT": "Saturday", "SUN": "Sunday",
}  # fmt: skip
SLASHED: Final = (
    "and/or", "he/she", "she/he", "his/her", "him/her", "Sir/Madam", "Mr/Mrs", "Mr./Mrs.", "Mr/Ms",
)  # fmt: skip
PERIODS: Final = (
    "second", "minute", "hour", "day", "night", "week", "month", "year", "person",
)  # fmt: skip
ABBREVIATIONS: Final = words(
    "a.m apr apt aug ave blvd capt col dec dept e.g est feb fri gen hon i.e jan jul jun lt mar messrs mon mr mrs "
    "ms nov oct p.m rd rev sep sept sgt thu tue wed nos sec fig para approx est ca"
)


_NUMBERED: Final = re.compile(r"\d\s(?:[NSEW]\.?[EW]?\.?\s)?(?:[^\W\d_]+\s)+$")
_NAMED: Final = re.compile(r"[A-Z][a-z]+\s$")
_GOES_ON: Final = re.compile(r"\s?[A-Z][a-z]")
_DOTLESS: Final = words("Rd Ave Blvd Ln Hwy Pkwy Expy Fwy Cir Ter Trl Sq Cres")
"""Kinds of streets, after a name alone."""
_STREET_NAME: Final = re.compile(r"(?:\b[A-Z][\w'’]+|\d(?:st|nd|rd|th))\s$")
_NUMBERED_ROAD: Final = re.compile(r"\s\d")
_AREA: Final = re.compile(r"(?:\d|\b[Ss]q\.?)\s$")
_RANKS: Final = words("Sgt. Capt. Sen. Gov. Rep. Supt. Det.")
_NAME_FOLLOWS: Final = re.compile(r"\s[A-Z]")
_RANKED_STREET: Final = re.compile(r"\b\d{1,3}(?:st|nd|rd|th)\s$")
_DIRECTIONS: Final = ("N.", "S.", "E.", "W.")
_LETTERED: Final = re.compile(
    r"\b(?:vitamin|hepatitis|plan|option|grade|section|room|unit|zone|size|building|line|group|type|part|team|ward|wing"
    r"|class|level|schedule|gate|terminal|row|block|appendix|form|exhibit|tier|category)\s$",
    re.I,
)
"""What is named by a letter: `Vitamin E. 5 pills`."""
_NO_PART: Final = re.compile(r"\b(?:the|our|your|this|an|free|mobile|new|offer|love|teach)\s$", re.I)
"""`Use the app. 2 forms are due.`"""
_OF_ACCOUNT: Final = re.compile(r"\s?(?:no\b|num|#|\d|ending|holder|name|payee|balance|:)", re.I)
_ONE: Final = re.compile(r"(?<![\d.,])1\s$")
_NO_STREET: Final = re.compile(r"\s(?:Maria\b|[Ff]t\b|[Ff]eet\b|[Mm](?:iles?|eters?|etres?)?\b)")


def _refined(written: str, said: str, left: str, right: str) -> str:
    """`St.` is a saint or a street, `Dr.` a doctor or a drive, `Rd` a road after its name."""
    if written == "Ft." and _AREA.search(left):
        return "feet"
    if written in _RANKS and not _NAME_FOLLOWS.match(right):
        return written
    if written == "A/C" and not _OF_ACCOUNT.match(right):
        return "A C"
    if said == "fluid ounces" and _ONE.search(left):
        return "fluid ounce"
    if written in _DOTLESS:
        is_numbered = _NUMBERED_ROAD.match(right) or left[-2:-1].isdecimal()
        is_road = _STREET_NAME.search(left) or (written in ("Hwy", "Fwy", "Expy") and is_numbered)
        return said if is_road and not _NO_STREET.match(right) else written
    if written in _DIRECTIONS and _LETTERED.search(left):
        return written
    if written in ("app.", "art.") and _NO_PART.search(left):
        return written
    if written == "sec." and left[-2:-1].isdecimal():
        return "seconds"
    is_ranked = written.endswith(".") and _RANKED_STREET.search(left)
    is_named = _NAMED.search(left) or is_ranked
    is_street = bool(
        (_NUMBERED.search(left) and (is_named or not _GOES_ON.match(right)))
        or is_ranked
        or (is_named and not _GOES_ON.match(right))
    )
    if written in ("St.", "St"):
        if is_street or not right.lstrip()[:1].isupper():
            return "Street" if written == "St." or is_street else written
        return said
    return "Drive" if written in ("Dr.", "Dr") and is_street else said


def _numeric_shape(shape: str) -> str:
    number_sign = r"(?<![^\W\d_])[Nn]o\.(?=\s(?:is|was)\b|:|\s[A-Z]{0,3}[-/*\d])"
    return rf"{_NO_ANSWER}(?:{shape}|{number_sign})"


_NO_ANSWER: Final = (
    r"(?!(?<=\bis )no\.|(?<=\b[Ss]ay )no\.|(?<=\bsaid )no\.|(?<=\b[Rr]esult: )no\."
    r"|(?<=\b[Aa]nswer: )no\.|(?<=\d for )no\.|"
    r"No\s\d+(?:-[a-z]|\s(?!is\b|was\b|on\b|in\b|at\b|for\b|of\b)[a-z]))"
)
"""`The answer is no. 3 of you left.`, `No 8-digit number?`"""

FORMS: Final = Forms(
    short=SHORT,
    numeric=NUMERIC,
    numeric_shape=_numeric_shape,
    kept_in_names=words(
        "St St. Jr Jr. Sr. Ltd Ltd. Inc Inc. Rd Ave Blvd Ln Hwy Pkwy Expy Fwy Cir Cir. Ter Trl Trl. Sq Cres Elem."
    ),
    refined=_refined,
    weekdays=WEEKDAYS,
    bare_weekdays=True,
    slashed=SLASHED,
    periods=PERIODS,
    dotted_units=DOTTED_UNITS,
    hyphenated=" ",
)
SENTENCES: Final = SentenceRules(
    abbreviations=ABBREVIATIONS,
    date_abbreviations=False,
    enders=words("st dr"),
    starters=re.compile(r"\s*(?:He|She|It|The|We|You|They|Please|Call|Our|This|That|Your|If|There|For|In)\b"),
)
"""`She lives on Oak St. She is 40.`"""
