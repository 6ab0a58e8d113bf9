"""What stands before a number in French and says how it is read."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Leads, leading
from campaign.speech.languages.shaping import dialled

_HEADS: Final = (
    r"appel(?:ez|er|le|les|ant)(?:-nous|-moi|-le|-la)?|rappel(?:ez|er)(?:-nous|-moi)?|compos(?:ez|er|e)|faites le"
    r"|téléphon(?:ez|er|e)(?:-nous|-moi)?|téléphone|tél|tel|fax|télécopie|numéro vert"
    r"|numéro (?:d['’]urgence|de téléphone|d['’]appel|gratuit)|joign(?:ez|able)(?:-nous|-moi)?|joindre"
    r"|contact(?:ez|er)(?:-nous|-moi)?|standard|hotline|sans frais|whatsapp|ligne directe"
)
_SERVICE: Final = (
    r"portable|mobile|gsm|natel|ligne|urgences?|pompiers|samu|police|police-secours|gendarmerie|ambulances?|info-santé|assistance|renseignements"
    r"|centre antipoison|secours|écoute"
)
_FILLERS: Final = (
    r"le|la|les|au|aux|à|nous|moi|vous|gratuitement|directement|sans|frais|vite|numéro|n°|no|de|du|notre|votre|nos"
    r"|service|client|clients|clientèle|gratuit|vert|suivant|ou|par|téléphone|dès|maintenant|immédiatement|est|sur"
    r"|ligne|d['’]urgence|en|urgence|tout|suite|standard|tél|accueil"
)

LEADS: Final = Leads(
    dial=dialled(_HEADS, _SERVICE, _FILLERS),
    lasting=re.compile(r"\b(?:durée(?:\s(?:de|est de|totale de))?|durera?)(?:\s:)?\s$"),
    dial_also=re.compile(r"(?:,|\s?/|,?\s(?:ou|et|puis))\s(?:(?:le|au|sur le)\s)?"),
    extension=re.compile(r"\b(?:poste|extension)\s?:?\s?"),
    keys=re.compile(r"\b(?:tap(?:ez|er)|touches?|appuy\w+|compos\w+|étoile|dièse|carré)\b", re.I),
    code=(
        "CP ", "STOP au ", "OUI au ", "terminant par ", "finissant par ", "termine par ",
        *leading(
            "PIN", "code", "Code", "code de sécurité", "code de vérification", "n° client", "mot de passe",
            "numéro client", "numéro de client", "numéro de compte", "numéro de commande", "codes", "Codes", "digicode",
            "Digicode", "code d'accès", "Code d'accès", "code d’accès", "Code d’accès", "code d'entrée",
            "code d’entrée", "code porte", "code de la porte", "codes d'accès", "codes d’accès",
            links=(" ", " : ", ": ", " est ", " est le ", " est : ", " sont ", " sont les ", " sont : "),
        ),
    ),
    day=(
        "Échéance ", "Échéance : ", "échéance ", "échéance : ", "Date : ", "date : ", "Avant ", "avant ", "Visite ",
        "Fermé ", "dès ", "Date limite : ", "RDV ",
        "le ", "Le ", "du ", "Du ", "au ", "jusqu'au ", "jusqu’au ", "lun. ", "mar. ", "mer. ", "jeu. ", "ven. ",
        "sam. ", "dim. ", "lundi ", "mardi ", "mercredi ", "jeudi ", "vendredi ", "samedi ", "dimanche ",
    ),
    time=(
        "RDV ", "rendez-vous ", "Rendez-vous ", "Rendez-vous à ", "heure : ", "Heure : ", "Horaires : ",
        "RDV à ", "rendez-vous à ",
    ),
    section=(
        "Version ", "version ", "versions ", "Version : ", "version : ", "chapitre ", "section ", "iOS ", "iPadOS ",
        "macOS ", "Android ", "Windows ", "Linux ", "Ubuntu ", "Bluetooth ", "USB ", "HDMI ", "TTS ", "firmware ",
        "Firmware ", "micrologiciel ", "Python ", "Java ", "PHP ", "HTML ", "Firefox ", "Chrome ", "Office ", "v. ",
        "§ ", "local ", "Local ", "salle ", "Salle ", "bureau ", "Bureau ",
    ),
    ratio=(
        "dilution ", "dilution de ", "dilution : ", "dilué à ", "diluer à ", "rapport ", "rapport de ",
        "ratio ", "ratio de ",
        "échelle ", "échelle de ", "proportion de ", "proportions ", "cote ", "cote de ",
    ),
    numbering=("n° ", "N° ", "nº ", "numéro ", "Facture ", "facture ", "Dossier ", "dossier ", "Lot ", "lot "),
    pressure=(
        *leading(
            "tension", "Tension", "TENSION", "TA", "T.A.", "tension artérielle", "Tension artérielle",
            links=(
                " ", " : ", ": ", " de ", " à ", " est de ", " est à ", " était de ", " était à ", " mesurée à ",
                " est montée à ", " est descendue à ", " reste à ",
            ),
        ),
    ),
    cards=re.compile(r"\bcarte", re.I),
    month=re.compile(r"\b(?:en|fin|de|et)\s$"),
    expiry=(
        "expire ", "Expire ", "expire fin ", "expire le ", "expiration ", "Expiration ", "Expiration : ",
        "expiration : ", "exp. ", "valable jusqu'au ", "valable jusqu’au ", "valide jusqu'au ",
        "valide jusqu’au ", "Valable jusqu'au ", "jusqu'à ", "carte ", "Carte ", "fin ",
    ),
)  # fmt: skip
