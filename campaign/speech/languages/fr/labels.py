"""What stands before a number in French and labels it: a place, a balance, a file, a week, a day."""

from __future__ import annotations

from typing import Final

from campaign.speech.languages.fr.calendar import MONTHS
from campaign.speech.languages.romance_labels import Labels, labelled
from campaign.speech.languages.romance_readings import heads
from campaign.speech.languages.shaping import any_of

LABELLED: Final = labelled(
    Labels(
        places=heads(
            "porte salle siège place hall quai groupe escalier "
            "bâtiment appartement appt chambre box guichet bureau lit",
            " ",
            " : ",
            ": ",
        ),
        hours="heures (hours)",
        metres="mètres (metres)",
        balances=heads(
            "solde température montant total écart variation évolution régularisation différence résultat",
            " : ",
            ": ",
            " de ",
            " est de ",
            " à ",
        ),
        numbered=(
            *heads(
                "salle quai lot échéance chambre porte étape séance mensualité box colis dossier facture",
                " ",
                " n° ",
            ),
            "n° ",
            "N° ",
            "nº ",
            "numéro ",
        ),
        month=rf"\s(?i:{any_of(MONTHS)})(?!\w)",
        weeks=("semaine ", "Semaine "),
        of_year="de",
        waits=(
            *heads(
                "délai retard attente durée préavis bail garantie",
                " ",
                " : ",
                ": ",
                " de ",
                " est de ",
                " à ",
            ),
            "dans ",
            "Dans ",
        ),
        months="mois",
        doses="comprimés|gélules|cachets|ampoules|sachets|cuillères|tasses|verres",
        day=("le ", "Le "),
        day_over="à|de|vers|dès",
        rate_words="mètre, mois or minute",
        metre_words=r"linéaires?|de\s",
    )
)
