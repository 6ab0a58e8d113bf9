"""What stands before a number in Italian and says how it is read."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Leads, leading
from campaign.speech.languages.shaping import dialled
from campaign.speech.wordlist import words

_HEADS: Final = (
    r"chiam(?:i|a|are|ate|ando|atel?o|arci|ateci|aci|arlo)|chiamate|richiam(?:i|a|are)|telefon(?:i|a|are|ate|arci|ando)"
    r"|compon(?:ga|i|gono|ete|endo)|comporre|digit(?:i|a|are)|tel|telefono|telefoni|fax"
    r"|numero verde|numero (?:di telefono|unico|di emergenza|gratuito)|call ?center|centralino|whatsapp"
    r"|contatt(?:i|a|are|ateci|aci|arci|atelo)|numero antiviolenza|guardia medica|recapito(?: telefonico)?"
)
_SERVICE: Final = (
    r"cell|cellulare|emergenz[ae]|antiviolenza|pronto intervento|carabinieri|polizia|vigili del fuoco|ambulanz[ae]"
    r"|soccorso(?: stradale)?|assistenza|numero|servizio(?: clienti)?|informazioni"
)
_FILLERS: Final = (
    r"il|lo|la|i|gli|al|allo|alla|ci|ai|numero|n|nr|verde|subito|gratuitamente|gratuito|gratis|nostro|nostra|di|del"
    r"|dal|dalla|oppure|o|è|direttamente|anche|per|emergenze|telefono|tel|cellulare|fisso|servizio|clienti|ora|unico"
)

_ARTICLED_SERVICE: Final = r"(?!(?:(?<=\bil )|(?<=\bal )|(?<=\bdal )|(?<=\bdel ))1\d\d(?![\w/-]|[ .,]\d))"
"""`il 118` is a number with an article: "il centodiciotto"."""

_CODES: Final = words(
    "ritiro sconto prenotazione sicurezza verifica cliente accesso sblocco attivazione conferma spedizione",
    "tracking consegna utente pratica ordine promozionale paziente fornitura POD PDR autorizzazione",
)
"""`codice ritiro 7734`, `codice di ritiro`."""

LEADS: Final = Leads(
    dial=re.compile(dialled(_HEADS, _SERVICE, _FILLERS).pattern + _ARTICLED_SERVICE),
    lasting=re.compile(r"\b(?:durata(?:\s(?:di|è di|è))?|dura|durerà|tempo di|tempo):?\s$"),
    dial_also=re.compile(r"(?:,|\s?/|,?\s(?:o|e|oppure))\s(?:(?:il|lo|al|allo|lo)\s)?"),
    extension=re.compile(r"\binterno\s(?:n\.\s|numero\s)"),
    keys=re.compile(r"\b(?:prem\w+|tast\w+|digit\w+|asterisco|cancelletto)\b", re.I),
    code=(
        "CAP ", "termina con ", "che termina in ",
        *leading(
            "PIN", "codice", "Codice", "codice di verifica", "codice di sicurezza", "codice cliente", "password",
            "numero cliente", "numero di conto",
            links=(" ", ": ", " è ", " è il "),
        ),
        *leading(
            *(
                f"{head}odice {link}{noun}"
                for head in "cC"
                for link in ("", "di ")
                for noun in sorted(_CODES)
            ),
            links=(" ", ": ", " è "),
        ),
        *leading(
            "che finisce con", "che finisce in", "che finiscono con", "che termina con", "terminante con",
            "terminante in",
            "codice d'accesso", "Codice d'accesso", "Codice d'ordine", "codice d'ordine",
            "carta finale", "con finale", "ultime quattro cifre", "ultime 4 cifre", "Ultime quattro cifre",
            links=(" ", ": "),
        ),
    ),
    day=(
        "Scade ", "scade ", "Scadenza: ", "scadenza: ", "Scadenza ", "Data: ", "data: ", "Data ", "Visita ",
        "entro ", "Entro ", "l'", "all'", "dall'", "l’", "all’", "dall’", "dell'", "dell’", "Nuova data: ",
        "il ", "Il ", "dal ", "al ", "del ", "Del ", "sul ", "Sul ", "Al ", "Dal ", "data ",
        "lun. ", "mar. ", "mer. ", "gio. ", "ven. ", "sab. ", "dom. ", "lunedì ",
        "martedì ", "mercoledì ", "giovedì ", "venerdì ", "sabato ", "domenica ", "Lunedì ", "Martedì ", "Mercoledì ",
        "Giovedì ", "Venerdì ", "Sabato ", "Domenica ",
    ),
    time=(
        "le ", "Le ", "delle ", "h. ", "h ", "Ore: ", "ore: ", "Orari: ", "orario ", "Orario ", "entro le ",
        "verso le ",
        "alle ", "Alle ", "ore ", "Ore ", "dalle ", "Dalle ", "Orario: ",
    ),
    ratio=leading(
        "rapporto", "Rapporto", "Proporzione", "Scala", "diluire", "Diluire", "Diluizione", "diluito",
        "proporzione", "scala", "diluizione", links=(" ", " di ", ": ", " è di ")
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
    cards=re.compile(r"\bcarta\b", re.I),
    month=re.compile(r"\b(?:in|di|fine|e)\s$"),
    expiry=(
        "scade ", "Scade ", "scade il ", "scadenza ", "Scadenza ", "Scadenza: ", "scadenza: ",
        "valida fino al ", "valido fino al ", "Valida fino al ", "fino a ", "fino al ", "carta ", "Carta ",
        "scad. ",
    ),
)  # fmt: skip
