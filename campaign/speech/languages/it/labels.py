"""What stands before a number in Italian and labels it: a place, a balance, a file, a week, a day."""

from __future__ import annotations

from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.romance_labels import Labels, labelled
from campaign.speech.languages.romance_readings import heads
from campaign.speech.languages.shaping import any_of

LABELLED: Final = labelled(
    Labels(
        places=heads(
            "interno scala posto aula sala gruppo porta camera stanza binario box sportello ufficio letto",
            " ",
            ": ",
        ),
        hours="ore (hours)",
        metres="metri (metres)",
        balances=heads(
            "saldo temperatura importo totale variazione differenza conguaglio risultato",
            ": ",
            " di ",
            " è di ",
            " a ",
        ),
        numbered=(
            *heads(
                "sala lotto rata stanza porta box seduta binario fattura pratica aula camera",
                " ",
                " n. ",
                " n° ",
            ),
            "n. ",
            "n° ",
            "N. ",
            "numero ",
        ),
        month=rf"\s(?i:{any_of(cldr.months('it'))})(?!\w)",
        files=heads(
            "pratica fattura determina determinazione ordinanza bando avviso ordine contratto DM verbale",
            " ",
            " n. ",
            " n° ",
        ),
        weeks=("settimana ", "Settimana "),
        of_year="del",
        waits=(
            *heads("ritardo attesa durata preavviso garanzia scadenza", " ", ": ", " di ", " è di ", " a "),
            "tra ",
            "Tra ",
            "fra ",
            "Fra ",
            "mancano ",
            "Mancano ",
        ),
        months="mesi",
        doses="compresse|capsule|pastiglie|fiale|bustine|cucchiai|bicchieri|tazze",
        day=("il ", "Il ", "giorno "),
        days=("giorni ", "Giorni "),
        day_over="alle|all'|dalle|ore",
        rates="mg",
        rate_words="metro or mese, grammo or giorno",
        metre_words=r"linear[ei]|di\s",
    )
)
