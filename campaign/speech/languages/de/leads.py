"""What stands before a number in German and says how it is read."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Leads, leading
from campaign.speech.languages.shaping import dialled

_HEADS: Final = (
    r"ruf(?:en|e|t|st)?(?: sie| du)?|angerufen|anrufen|anruf|wähl(?:en|e|t|st)?(?: sie| du)?|telefonieren|tel|telefon"
    r"|telefonnummer|telefonnr|rufnummer|tel\.-nr|telefonisch|hotline|servicehotline"
    r"|fax|faxnummer|telefax|die nummer|notruf|notrufnummer|rückruf|whatsapp|festnetz"
    r"|durchwahl|erreich\w* sie(?: uns| mich)?|sie erreichen(?: uns| mich)?|erreichen sie(?: uns| mich)? unter"
    r"|erreichbar|kurzwahl|servicenummer"
    r"|bürgertelefon|infotelefon|sorgentelefon|servicetelefon"
)
_SERVICE: Final = (
    r"handy|handynummer|mobil|mobilnummer|mobiltelefon|\w*beratung|\w*dienst|\w*notdienst|\w*telefon|sanität\w*|feuerwehr|polizei|rettung|rettungsdienst|ambulanz"
    r"|auskunft|\w*service|notfall|notfällen|giftnotruf|pannenhilfe|frauennotruf|telefonseelsorge|zentrale"
)
_FILLERS: Final = (
    r"uns|mich|ihn|sie|ihnen|bitte|unter|auf|über|der|die|den|dem|das|nummer|rufnummer|telefonnummer|nr|tel|telefon|an"
    r"|kostenlos|kostenlosen?|gebührenfrei|kostenfrei|gratis|jederzeit|auch|direkt|sofort|ist|lautet|jetzt|im notfall"
    r"|im|notfall|notruf|hotline|unsere|unserer|unseren|unserem|ihre|ihrer|dann|einfach|gerne|zentrale|oder|per|hier"
)

LEADS: Final = Leads(
    dial=dialled(_HEADS, _SERVICE, _FILLERS),
    dial_after=re.compile(r"\s(?:wählen|anrufen|anwählen|anzurufen|zu wählen)\b"),
    lasting=re.compile(r"(?:(?:\bdauer|länge|laufzeit|spielzeit)\w*(?:\s(?:ist|beträgt|von))?:?|\bdauerte?)\s$"),
    dial_also=re.compile(r"(?:,|\s?/|,?\s(?:oder|und|bzw\.|sowie))\s(?:(?:die|unter|an)\s)?"),
    extension=re.compile(r"\b(?:durchwahl|dw\.?|nebenstelle|apparat|app\.)\s?:?\s?[-‑–]?"),
    keys=re.compile(r"\b(?:drück\w*|Taste\w*|wähl\w*|tipp\w*|Stern|Raute)\b", re.I),
    code=(
        "PLZ ", "STOP an ", "JA an ", "SMS an ", "Endung ", "endet auf ", "endend auf ",
        *leading(
            "PIN", "TAN", "Code", "Passwort", "Kundennummer", "Kontonummer", "Kartennummer", "Auftragsnummer",
            "Rechnungsnummer", "Vertragsnummer", "Zählernummer",
            links=(" ", ": ", " lautet ", " lautet: ", " ist "),
        ),
    ),
    day=(
        "Fällig ", "fällig ", "fällig: ", "Fällig: ", "Frist ", "Frist: ", "Termin ", "Termin: ", "Datum: ",
        "Datum ", "Stichtag ", "ab ", "seit ",
        "am ", "Am ", "vom ", "bis ", "zum ",
    ),
    time=(
        "gegen ", "Gegen ", "Um ", "Ab ", "Beginn ", "Beginn: ", "Ende ", "Ende: ", "Termin: ", "Uhrzeit: ",
        "zwischen ", "Zwischen ", "zw. ", "von ", "Von ", "seit ",
        "um ", "ab ", "Abfahrt ", "Einlass ", "Sprechzeiten ", "Öffnungszeiten ",
    ),
    section=(
        "Version ", "Punkt ", "Kapitel ", "Abschnitt ", "Ziffer ", "Software ",
    ),
    places=(
        "Sitz ", "Sitzplatz ", "Platz ", "Gate ", "Reihe ", "Zimmer ", "Raum ", "Halle ", "Stand ",
    ),
    ratio=(
        "Verhältnis ", "Verhältnis von ", "Mischung ", "Mischverhältnis ", "Verdünnung ", "verdünnt ", "Quote ",
        "Quote von ", "Maßstab von ", "Maßstab ",
        "Endstand ", "Endstand: ", "Ergebnis ", "Ergebnis: ", "Halbzeit ", "Halbzeitstand ",
        "steht ", "stand es ", "gewann ", "gewonnen ", "verlor ",
    ),
    year=(
        "Jahrgang ", "Baujahr ", "Um ", "um ", "Jahr ", "Jahre ", "Jahren ", "seit ", "Seit ", "von ", "und ",
        "Von ", "Jahrgang: ", "Baujahr: ", "Jahrgänge ", "Baujahre ", "Jahrgängen ", "Jg. ", "Bj. ", "Abitur ", "geb. ",
        "gegr. ", "geboren ", "gegründet ", "erbaut ", "eröffnet ", "Anno ", "anno ",
    ),
    numbering=("Nr. ", "Nummer ", "Rechnung ", "Heft ", "Ausgabe ","Seite ", "seite ", "KW ",),
    cards=re.compile(r"karte", re.I),
    month=re.compile(r"\b(?:im|in|bis|seit|ab|Ende|Anfang|Mitte|von|und)\s$"),
    expiry=(
        "gültig bis ", "Gültig bis ", "gültig bis: ", "Gültig bis: ", "gültig bis Ende ", "läuft ab ",
        "Ablauf ", "Ablauf: ", "Ablaufdatum ", "Ablaufdatum: ", "Karte ", "TÜV bis ", "TÜV ", "HU bis ", "HU ",
        "haltbar bis ", "Haltbar bis ",
        "MHD ", "MHD: ",
    ),
)  # fmt: skip
