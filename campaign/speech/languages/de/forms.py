"""What is written short in German, and read in full."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from campaign.speech.languages.de.units import DOTTED_UNITS
from campaign.speech.languages.record import Forms, SentenceRules
from campaign.speech.wordlist import words

SHORT: Final[Mapping[str, str]] = {
    "m/w/d": "männlich, weiblich oder divers", "w/m/d": "weiblich, männlich oder divers",
    "m/w": "männlich oder weiblich", "ff.": "folgende", "Etg.": "Etage", "Pers.": "Personen",
    "Hj.": "Halbjahr", "Lj.": "Lebensjahr", "Lebensj.": "Lebensjahr", "Tabl.": "Tabletten", "Kps.": "Kapseln",
    "Erw.": "Erwachsene", "Ki.": "Kinder", "Erw./Ki.": "Erwachsene und Kinder",
    "n. V.": "nach Vereinbarung", "n.V.": "nach Vereinbarung",
    "ggü.": "gegenüber", "Jg.": "Jahrgang", "Bj.": "Baujahr", "gegr.": "gegründet",
    "i.H.v.": "in Höhe von", "i. H. v.": "in Höhe von", "Tsd.": "tausend",
    "St.-Nr.": "Steuernummer", "StNr.": "Steuernummer", "USt-IdNr.": "Umsatzsteuer-Identifikationsnummer",
    "p.P.": "pro Person", "p. P.": "pro Person", "p.M.": "pro Monat", "p. M.": "pro Monat", "e.V.": "E V",
    "u.Ä.": "und Ähnliches", "u. Ä.": "und Ähnliches", "u.ä.": "und Ähnliches", "o.ä.": "oder Ähnliches",
    "o.Ä.": "oder Ähnliches", "o. ä.": "oder Ähnliches", "etc.": "et cetera", "Eing.": "Eingang",
    "Temp.": "Temperatur", "eff.": "effektiv", "innerh.": "innerhalb", "geschl.": "geschlossen",
    "Sprechst.": "Sprechstunde", "Jän.": "Jänner", "Stck.": "Stück",
    "re.": "rechts", "li.": "links", "Pkt.": "Punkte",
 "Tbl.": "Tabletten", "Kaps.": "Kapseln", "Trpf.": "Tropfen", "Pat.": "Patient",
    "Nrn.": "Nummern", "Überw.": "Überweisung", "Bhf": "Bahnhof", "Ausw.": "Ausweis",
    "tgl.": "täglich",
    "wöchentl.": "wöchentlich",
    "i. W.": "in Worten",
    "i.W.": "in Worten",
    "Kl.": "Klasse",
    "Gr.": "Gruppe",
    "Hs.-Nr.": "Hausnummer",
    "Hs.Nr.": "Hausnummer",
    "§§": "Paragrafen",
    "TEUR": "tausend Euro",
    "T€": "tausend Euro",
    "Tel./Fax": "Telefon und Fax",
    "Tel./Fax.": "Telefon und Fax",
    "c/o": "bei",
    "Jhd.": "Jahrhundert",
    "Hbf.": "Hauptbahnhof",
    "Hbf": "Hauptbahnhof",
    "Bhf.": "Bahnhof",
    "Pl.": "Platz",
    "Fam.": "Familie",
    "Frl.": "Fräulein",
    "verh.": "verheiratet",
    "s. g.": "sehr geehrte",
    "bspw.": "beispielsweise",
    "vsl.": "voraussichtlich",
    "vorauss.": "voraussichtlich",
    "tel.": "telefonisch",
    "ehem.": "ehemalig",
    "entspr.": "entsprechend",
    "zzt.": "zurzeit",
    "z.Z.": "zurzeit",
    "m.E.": "meines Erachtens",
    "o.g.": "oben genannte",
    "u.a.m.": "und anderes mehr",
    "i.A.": "im Auftrag",
    "i. V.": "in Vertretung",
    "i.V.": "in Vertretung",
    "z.K.": "zur Kenntnis",
    "KdNr.": "Kundennummer",
    "Kd.Nr.": "Kundennummer",
    "Vers.-Nr.": "Versicherungsnummer",
    "Rg.-Nr.": "Rechnungsnummer",
    "Re.-Nr.": "Rechnungsnummer",
    "RgNr.": "Rechnungsnummer",
    "Best.-Nr.": "Bestellnummer",
    "Az.": "Aktenzeichen",
    "EKZ": "Einkaufszentrum",
    "Nachm.": "Nachmittag",
    "vorm.": "vormittags",
    "nachm.": "nachmittags",
    "Hr.": "Herr", "Hrn.": "Herrn", "Fr.": "Frau", "Dr.": "Doktor", "Prof.": "Professor", "z. B.": "zum Beispiel",
    "z.B.": "zum Beispiel", "z.\u00a0B.": "zum Beispiel", "d. h.": "das heißt", "d.h.": "das heißt",
    "usw.": "und so weiter", "bzw.": "beziehungsweise", "ca.": "circa", "Nr.": "Nummer", "Tel.": "Telefon",
    "inkl.": "inklusive", "zzgl.": "zuzüglich", "ggf.": "gegebenenfalls", "evtl.": "eventuell", "Abt.": "Abteilung",
    "Std.": "Stunden", "Min.": "Minuten", "mind.": "mindestens", "max.": "maximal", "St.": "Sankt",
    "u. a.": "unter anderem", "u.a.": "unter anderem", "Mio.": "Millionen", "Mrd.": "Milliarden", "bes.": "besonders",
    "v.a.": "vor allem", "v. a.": "vor allem",
    "vgl.": "vergleiche", "tägl.": "täglich", "sog.": "sogenannte", "GmbH": "G M B H", "e. V.": "E V",
    "MwSt.": "Mehrwertsteuer", "Art.-Nr.": "Artikelnummer", "Kd.-Nr.": "Kundennummer", "Abs.": "Absatz",
    "zw.": "zwischen", "u.": "und", "Tel.-Nr.": "Telefonnummer", "Fa.": "Firma", "i. d. R.": "in der Regel",
    "i.d.R.": "in der Regel", "z. T.": "zum Teil", "z.T.": "zum Teil", "z. Zt.": "zurzeit", "z.Zt.": "zurzeit",
    "u. U.": "unter Umständen", "u.U.": "unter Umständen", "u. v. m.": "und vieles mehr",
    "u.v.m.": "und vieles mehr", "o. g.": "oben genannte", "bzgl.": "bezüglich", "einschl.": "einschließlich",
    "exkl.": "exklusive", "gem.": "gemäß", "lt.": "laut", "mtl.": "monatlich", "jährl.": "jährlich", "wg.": "wegen",
    "Stk.": "Stück", "n. Vereinb.": "nach Vereinbarung", "v. Chr.": "vor Christus", "n. Chr.": "nach Christus",
    "Jh.": "Jahrhundert", "o. Ä.": "oder Ähnliches", "s. o.": "siehe oben", "s. u.": "siehe unten",
    "Whg.": "Wohnung", "Geb.": "Gebäude", "geb.": "geboren", "Kto.": "Konto", "p. a.": "pro Jahr",
    "p.a.": "pro Jahr", "Mo.": "Montag", "Di.": "Dienstag", "Mi.": "Mittwoch", "Do.": "Donnerstag",
    "Sa.": "Samstag", "i. A.": "im Auftrag", "z. Hd.": "zu Händen", "z.Hd.": "zu Händen", "Dr. med.": "Doktor",
    "Dr. med. dent.": "Doktor", "Dr. rer. nat.": "Doktor", "Dr.-Ing.": "Doktor", "Dipl.-Ing.": "Diplomingenieur",
    "OG": "Obergeschoss", "UG": "Untergeschoss", "DG": "Dachgeschoss", "EG": "Erdgeschoss", "Ref.": "Referenz",
}  # fmt: skip
NUMERIC: Final[Mapping[str, str]] = {
    "Nr": "Nummer",
    "Wg.": "Wagen", "Stg.": "Stiege", "Gl.": "Gleis", "Abb.": "Abbildung", "Tab.": "Tabelle", "v.": "von",
    "No.": "Nummer", "d.": "den", "Hs.": "Haus", "Jgst.": "Jahrgangsstufe",
    "km": "Kilometer", "Ziff.": "Ziffer",
    "S.": "Seite", "Nr.": "Nummer", "Str.": "Straße", "str.": "straße", "nr.": "nummer", "Art.": "Artikel",
    "Kap.": "Kapitel", "Zi.": "Zimmer", "App.": "Apparat", "Bd.": "Band",
}  # fmt: skip
WEEKDAYS: Final[Mapping[str, str]] = {
    "Mo": "Montag", "Di": "Dienstag", "Mi": "Mittwoch", "Do": "Donnerstag", "Fr": "Freitag", "Sa": "Samstag",
    "So": "Sonntag",
}  # fmt: skip
SLASHED: Final = (
    "und/oder", "er/sie", "sie/er", "Herr/Frau", "Frau/Herr", "sein/ihr",
)  # fmt: skip
PERIODS: Final = (
    "Sekunde", "Minute", "Stunde", "Tag", "Nacht", "Woche", "Monat", "Jahr", "Person",
)  # fmt: skip
ABBREVIATIONS: Final = words(
    "abs abt allg apr aug bes bspw bzgl bzw d d.h dez di dipl do evtl exkl feb fr frl geb gest ggf hbf hr hrn "
    "i.d.r ing inkl jan jh jul jun max med mi min mind mio mo mrd mär nat nov o.ä okt phil rer s.o s.u sa sept so "
    "sog std str tägl u u.a u.s.w usw v.a vgl z z.b zzgl kap bd abschn anl etg hj msp ca dw"
)


_OBLIQUE: Final = re.compile(r"\b(?:de[nms]|im|am|vom|zum|zur|beim|einen|einem|einer)\s$", re.I)
"""Before `sog.` where it ends in n."""


def _refined(written: str, said: str, left: str, right: str) -> str:
    """`Fr.` is a woman or a Friday, `S.` a page or a sentence of a law, `Geb.` a building or a birth."""
    if written == "St." and _PIECES.search(left) and _NO_SAINT.match(right):
        return "Stück"
    if written == "sog.":
        return "sogenannten" if _OBLIQUE.search(left) else said
    if written == "Fr.":
        weekday = re.search(r"\b(?:[Aa]m|[Jj]eden|[Nn]ächsten|[Dd]iesen|[Kk]ommenden|[Bb]is|[Vv]om)\s$", left)
        woman = re.match(r"\s(?:Dr\.|Prof\.|[A-ZÄÖÜ][a-zäöüß])", right) and not weekday
        return said if woman else "Freitag"
    if written == "Geb." and re.match(r"\s(?:am\s)?\d{1,2}\.\s?(?:\d|[A-ZÄÖÜ])", right):
        return "geboren"
    if written in ("v.", "d.") and left.endswith("."):
        return written
    if written in ("v.", "d."):
        is_day = _DAY_AFTER.match(right)
        return ("vom" if written == "v." else said) if is_day else said if written == "v." else written
    if written == "tel." and _WITH.search(left) and re.match(r"\s[A-ZÄÖÜ]", right):
        return "telefonischer"
    if written == "Std." and re.search(r"\d\.\s$", left):
        return "Stunde"
    if written == "Ki." and not (_CHILDREN.search(left) or re.match(r"\s(?:\d|€|frei\b)", right)):
        return written
    if written in ("n. V.", "n.V.") and _SCORE.search(left):
        return "nach Verlängerung"
    if written == "S." and re.search(r"(?:Abs\.|Absatz|§|Paragra[fp]h?|Art\.|Artikel)\s?\d+[a-z]?\s$", left):
        return "Satz"
    return said


_PIECES: Final = re.compile(r"(?:^|\s)\d{1,3}\s?$")
_NO_SAINT: Final = re.compile(
    r"\s?(?:$|[,.;:)/]|\s(?:[a-zäöü]|(?:Tabletten|Tabl|Kapseln|Packung|Ampullen|Pflaster|Spritzen|Beutel|Briefmarken)))"
)
"""`5 St. je Packung`, but not `9000 St. Gallen`."""
_CHILDREN: Final = re.compile(
    r"(?:\d|€|Euro|\b(?:für|pro|je|und|u\.|bis|ab|Erw\.|[Ff]amilien|Erwachsene),?|[+/&:])\s?$"
)
_DAY_AFTER: Final = re.compile(
    r"\s\d{1,2}\.\s?(?:[-–/]?\s?\d{1,2}\.|(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez))"
)
_WITH: Final = re.compile(r"\b(?:nach|bei|mit|zur|vorheriger)\s$", re.I)
_SCORE: Final = re.compile(r"\d:\d{1,2}\s$")


_OPENERS: Final = (
    "Bitte|Sie|Wir|Ihr|Ihre|Ihren|Der|Die|Das|Es|Danke|Falls|Wenn|Dann|Danach|Im|Am|In|Bei|Mit|Zum|Zur|Nach|Vor|Rufen"
    "|Kommen|Und|Oder|Ein|Eine|Er|Auf|Unser|Unsere"
)
"""With which a sentence often begins: what other word is capital after `Min.` is a noun."""

FORMS: Final = Forms(
    short=SHORT,
    numeric=NUMERIC,
    endings=frozenset({"str.", "nr."}),
    kept_in_names=words("St. UG OG DG EG Ref. Min. GmbH"),
    refined=_refined,
    weekdays=WEEKDAYS,
    slashed=SLASHED,
    split_endings=("innen", "innern"),
    periods=PERIODS,
    dotted_units=DOTTED_UNITS,
    dotted_noun=rf"\s+(?!(?:{_OPENERS})\b)[A-ZÄÖÜ]",
    hyphenated="-",
)
SENTENCES: Final = SentenceRules(
    abbreviations=ABBREVIATIONS,
    date_abbreviations=False,
    ordinal_dot=True,
    ordinal_left=re.compile(
        r"(?:^|[\s(])(?:am|im|ohne|mit|für|bei|nach|vor|des|zum|zur|vom|ab|bis|beim|ins|seit|und|oder"
        r"|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch"
        r"|(?:d|dies|jed|jen|welch)(?:er|ie|e|as|es|en|em)|(?:unser|ihr|mein|sein|dein|kein|ein)(?:e|en|em|er|es)?),?"
        r"\s+(?:\d{1,2}\.\s?[-–/]\s?)?\d{1,3}(?:\.\d{3})*$"
        r"|\b(?:d(?:er|ie|as|em|en)|zum|zur|unser|unsere|ihr)\s(?!19|20)\d{4}$",
        re.I,
    ),
    ordinal_right=re.compile(
        r"\s*(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez|Etage|Stock|Klasse|Quartal|Rate|Mahnung|Jahrhundert"
        r"|OG|UG|Obergeschoss|Weltkrieg|Instanz|Bundesliga|Lesung|Stunde|Std|Lebensjahr|Lj|Semester|Halbjahr|Schuljahr"
        r"|Dosis|Impfung|KW|Woche|Termin|Schritt|Teil|Abschlag|Spieltag|Advent|Zahlung|Lieferung|Zustellversuch|Hj|Jh"
        r"|Etg|Lehrjahr|Trimester|Trimenon|Geburtstag|Auflage|Kalenderwoche)"
    ),
    enders=words("str pl hbf bhf mrd mio std mwst jh chr"),
    starters=re.compile(rf"\s*(?:{_OPENERS})\b"),
    small_initials=True,
)
"""`Treffpunkt am Hbf. Der Zug fährt um neun Uhr.`"""
