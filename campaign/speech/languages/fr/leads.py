"""What stands before a number in French and says how it is read."""

from __future__ import annotations

from typing import Final

from campaign.speech.languages.record import Leads, leading

LEADS: Final = Leads(
    code=(
        "CP ", "STOP au ", "OUI au ", "terminant par ", "finissant par ", "termine par ",
        *leading(
            "PIN", "code", "Code", "code de sécurité", "code de vérification", "n° client", "mot de passe",
            "numéro client", "numéro de client", "numéro de compte", "numéro de commande",
            links=(" ", " : ", ": ", " est ", " est le "),
        ),
    ),
    day=(
        "le ", "Le ", "du ", "Du ", "au ", "jusqu'au ", "jusqu’au ", "lun. ", "mar. ", "mer. ", "jeu. ", "ven. ",
        "sam. ", "dim. ", "lundi ", "mardi ", "mercredi ", "jeudi ", "vendredi ", "samedi ", "dimanche ",
    ),
    time=(
        "RDV à ", "rendez-vous à ",
    ),
    section=(
        "Version ", "version ", "chapitre ", "section ",
    ),
    ratio=(
        "dilution ", "dilution de ", "dilution : ", "dilué à ", "diluer à ", "rapport ", "rapport de ",
        "ratio ", "ratio de ",
        "échelle ", "échelle de ", "proportion de ", "proportions ", "cote ", "cote de ",
    ),
    numbering=("n° ", "N° ", "nº ", "numéro ", "Facture ", "facture ", "Dossier ", "dossier ", "Lot ", "lot "),
    pressure=(
        *leading(
            "tension", "Tension", "TA", "T.A.", "tension artérielle", "Tension artérielle",
            links=(" ", " : ", " de ", " est de "),
        ),
    ),
)  # fmt: skip
