"""What stands before a number in German and says how it is read."""

from __future__ import annotations

from typing import Final

from campaign.speech.languages.record import Leads, leading

LEADS: Final = Leads(
    dial=(
        "Notruf ", "Wählen Sie ", "die Nummer ",
    ),
    code=(
        "PLZ ", "STOP an ", "JA an ", "SMS an ", "Endung ", "endet auf ", "endend auf ",
        *leading(
            "PIN", "TAN", "Code", "Passwort", "Kundennummer", "Kontonummer", "Kartennummer", "Auftragsnummer",
            "Rechnungsnummer", "Vertragsnummer", "Zählernummer",
            links=(" ", ": ", " lautet ", " lautet: ", " ist "),
        ),
    ),
    day=(
        "am ", "Am ", "vom ", "bis ", "zum ",
    ),
    time=(
        "um ", "ab ", "Abfahrt ", "Einlass ", "Sprechzeiten ", "Öffnungszeiten ",
    ),
    section=(
        "Version ", "Punkt ", "Kapitel ", "Abschnitt ", "Ziffer ", "Software ",
    ),
    ratio=(
        "Verhältnis ", "Verhältnis von ", "Mischung ", "Mischverhältnis ", "Verdünnung ", "verdünnt ", "Quote ",
        "Quote von ", "Maßstab von ", "Maßstab ", "steht ", "stand es ", "gewann ", "gewonnen ", "verlor ",
    ),
    year=(
        "Jahrgang ", "Baujahr ", "Um ", "um ", "Jahr ", "Jahre ", "Jahren ", "seit ", "Seit ", "von ", "und ",
    ),
    numbering=("Nr. ", "Nummer ", "Rechnung ", "Heft ", "Ausgabe ","Seite ", "seite ", "KW ",),
)  # fmt: skip
