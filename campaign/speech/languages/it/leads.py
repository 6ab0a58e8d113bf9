"""What stands before a number in Italian and says how it is read."""

from __future__ import annotations

from typing import Final

from campaign.speech.languages.record import Leads, leading

LEADS: Final = Leads(
    dial=(
        "Chiami il ", "chiamare il ",
    ),
    code=(
        "CAP ", "termina con ", "che termina in ",
        *leading(
            "PIN", "codice", "Codice", "codice di verifica", "codice di sicurezza", "codice cliente", "password",
            "numero cliente", "numero di conto",
            links=(" ", ": ", " è ", " è il "),
        ),
    ),
    day=(
        "il ", "Il ", "dal ", "al ", "lun. ", "mar. ", "mer. ", "gio. ", "ven. ", "sab. ", "dom. ", "lunedì ",
        "martedì ", "mercoledì ", "giovedì ", "venerdì ", "sabato ", "domenica ",
    ),
    time=(
        "alle ", "Alle ", "ore ", "Ore ", "dalle ", "Dalle ", "Orario: ",
    ),
    section=(
        "Versione ", "versione ", "capitolo ", "articolo ", "art. ",
    ),
    pressure=(
        *leading(
            "pressione", "Pressione",
            links=(" ", ": ", " di ", " è "),
        ),
    ),
)  # fmt: skip
