"""Italian."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.it.agreement import AGREEMENT
from campaign.speech.languages.it.calendar import CALENDAR, CLOCK
from campaign.speech.languages.it.forms import FORMS, SENTENCES
from campaign.speech.languages.it.leads import LEADS
from campaign.speech.languages.it.money import CURRENCIES, FAMILIES, MAGNITUDES
from campaign.speech.languages.it.numbers import NUMERALS
from campaign.speech.languages.it.roman import ROMAN
from campaign.speech.languages.it.shapes import SHAPES
from campaign.speech.languages.it.units import DURATIONS, UNITS
from campaign.speech.languages.it.words import WORDS
from campaign.speech.languages.record import Disclosing, Language, Money, Postal, Samples, Writing

LANGUAGE: Final = Language(
    code="it",
    name="Italian",
    words=WORDS,
    numerals=NUMERALS,
    writing=Writing(spaces=True, spaced_rows=True),
    money=Money(
        currencies=CURRENCIES,
        families=FAMILIES,
        magnitudes=MAGNITUDES,
    ),
    calendar=CALENDAR,
    clock=CLOCK,
    durations=DURATIONS,
    postal=Postal(ranked=True),
    units=UNITS,
    leads=LEADS,
    forms=FORMS,
    shapes=SHAPES,
    agreement=AGREEMENT,
    roman=ROMAN,
    sentences=SENTENCES,
    euphony=(
        (re.compile(r"\b([Ii])l (?=(?:otto|undici)\b)"), r"\1'"),
        (re.compile(r"\b([Dd]a|[Aa]|[Dd]e|[Nn]e)l (?=(?:otto|undici)\b)"), r"\1ll'"),
        (re.compile(r"\b([Aad]|[Dd]a)lle uno(?=[.,;:!?]|$)"), r"\1ll'una"),
        (re.compile(r"\b([Aa])lle una\b"), r"\1ll'una"),
        (re.compile(r"\b([Dd])alle una\b"), r"\1all'una"),
        (re.compile(r"\b([Dd]elle|[Ll]e) una\b"), lambda m: ("dell'" if m[1][0] in "Dd" else "l'") + "una"),
        (re.compile(r"\b([Oo]re) mezzogiorno"), r"\1 dodici"),
        (re.compile(r"\b([Oo]re) mezzanotte"), r"\1 zero"),
        (re.compile(r"\bSant' (?=[AEIOUÀÈ])"), "Sant'"),
        (re.compile(r"\b([Ll]e|[Dd]elle) mezzogiorno\b"), r"\1 dodici"),
        (re.compile(r"\b([Aa]|[Dd]a)lle (?=mezzogiorno|mezzanotte)"), r"\1 "),
        (re.compile(r"\b([Dd])elle (?=mezzanotte)"), r"\1i "),
        (re.compile(r"\b([Ll])e (mezzanotte)"), lambda m: m[2] if m[1] == "l" else m[2].capitalize()),
        (
            re.compile(r"\b(?:([Ll])|([Aa]|[Dd]a|[Dd]e|[Nn]e)ll)['’]primo\b"),
            lambda m: (f"{m[2]}l" if m[2] else "il" if m[1] == "l" else "Il") + " primo",
        ),
        (re.compile(r"\b[Ii]'(?=otto|undici)"), "l'"),
        (re.compile(r"\b([Uu])na (?=or[ae]\b)"), r"\1n'"),
    ),
    samples=Samples(
        greeting=("Buongiorno", "Questo è un messaggio per lei."),
        name_carrier="Questo è un messaggio per {{ text }}.",
        letters="àèéìíîòóùú",
    ),
    disclosure=Disclosing(
        synthetic=("voce sintetica", "voce artificiale", "voce generata dal computer"),
        opt_out=("non ricevere più", "annullare l'iscrizione", "disiscriversi"),
    ),
)
