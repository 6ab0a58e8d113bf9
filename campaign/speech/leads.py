"""What may stand before a number and says how it is read: closed lists, by language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

Leads = Mapping[str, tuple[str, ...]]


def _with(nouns: Iterable[str], *links: str) -> tuple[str, ...]:
    return tuple(noun + link for noun in nouns for link in links)


DIAL: Final[Leads] = {
    "en": ("Call ", "call ", "Dial ", "dial "),
    "de": ("Notruf ", "Wählen Sie ", "die Nummer "),
    "es": ("al ",),
    "it": ("Chiami il ", "chiamare il "),
    "pt": ("Ligue ", "Ligue para o "),
}
"""A number of three digits is dialled: `call 911`."""
CODE: Final[Leads] = {
    "en": (
        "ZIP ", "ending in ", "ends in ", "ending with ", "card ending ", "account ending ", "acct. ending ",
        "Text ", "YES to ", "STOP to ", "HELP to ", "JOIN to ", "text to ",
        *_with(("PIN", "OTP", "code", "Code", "passcode", "password", "account", "PIN number", "account number",
                "card number", "customer number", "reference number", "order number"), " ", ": ", " is "),
    ),
    "de": (
        "PLZ ", "STOP an ", "JA an ", "SMS an ", "Endung ", "endet auf ", "endend auf ",
        *_with(("PIN", "TAN", "Code", "Passwort", "Kundennummer", "Kontonummer", "Kartennummer", "Auftragsnummer",
                "Rechnungsnummer", "Vertragsnummer", "Zählernummer"), " ", ": ", " lautet ", " lautet: ", " ist "),
    ),
    "es": (
        "CP ", "STOP al ", "SÍ al ", "BAJA al ", "terminada en ", "terminado en ", "termina en ", "acabada en ",
        *_with(("PIN", "código", "Código", "clave", "contraseña", "cuenta", "número de cuenta", "número de cliente",
                "número de pedido"), " ", ": ", " es ", " es el "),
    ),
    "fr": (
        "CP ", "STOP au ", "OUI au ", "terminant par ", "finissant par ", "termine par ",
        *_with(("PIN", "code", "Code", "mot de passe", "numéro client", "numéro de client", "numéro de compte",
                "numéro de commande"), " ", " : ", ": ", " est ", " est le "),
    ),
    "it": (
        "CAP ", "termina con ", "che termina in ",
        *_with(("PIN", "codice", "Codice", "password", "numero cliente", "numero di conto"),
               " ", ": ", " è ", " è il "),
    ),
    "zh": _with(("验证码", "尾号", "密码", "卡号", "账号", "单号", "编号", "取件码", "工号", "学号"),
                "", "是", "为", "：", ":", "是：", "为：", " "),
    "pt": (
        "terminado em ", "termina em ", "terminada em ",
        *_with(("PIN", "código", "Código", "senha", "palavra-passe", "número de cliente", "número da conta"),
               " ", ": ", " é ", " é o "),
    ),
}  # fmt: skip
"""A number is a row of digits, grouped or not: `Your code: 483 920`, `ending in 4242`."""
DAY: Final[Leads] = {
    "en": ("on ", "On ", "by ", "until ",
           *_with(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Mon.", "Tues.", "Wed.", "Thurs.", "Fri.", "Monday",
                   "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), " ", ", ")),
    "de": ("am ", "Am ", "vom ", "bis ", "zum "),
    "es": ("el ", "El ", "día ",
           *_with(("lun.", "mar.", "mié.", "jue.", "vie.", "sáb.", "dom.", "lunes", "martes", "miércoles", "jueves",
                   "viernes", "sábado", "domingo"), " ")),
    "fr": ("le ", "Le ", "du ", "au ",
           *_with(("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.", "lundi", "mardi", "mercredi", "jeudi",
                   "vendredi", "samedi", "dimanche"), " ")),
    "it": ("il ", "Il ", "dal ", "al ",
           *_with(("lun.", "mar.", "mer.", "gio.", "ven.", "sab.", "dom.", "lunedì", "martedì", "mercoledì", "giovedì",
                   "venerdì", "sabato", "domenica"), " ")),
    "pt": ("dia ", "em ",
           *_with(("seg.", "ter.", "qua.", "qui.", "sex.", "sáb.", "dom.", "segunda", "terça", "quarta", "quinta",
                   "sexta", "sábado", "domingo", "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira",
                   "sexta-feira"), " ")),
}  # fmt: skip
"""`5/6` is a day and a month, not a fraction."""
PRESSURE: Final[Leads] = {
    "fr": _with(("ension", "ension artérielle"), " ", " : ", " de ", " est de "),
    "it": _with(("ressione",), " ", ": ", " di ", " è "),
    "es": _with(("ensión", "resión"), " ", ": ", " de ", " es de ", " es "),
    "pt": _with(("ensão", "ressão"), " ", ": ", " de ", " é "),
}
"""`12/8` is blood pressure; larger figures are so anywhere."""
YEAR: Final[Leads] = {
    "en": ("In ", "in ", "since ", "Since ", "year ", "until ", "before ", "after ", "during ",
           *_with(("Q1", "Q2", "Q3", "Q4", "FY", "spring", "summer", "autumn", "fall", "winter", "Spring", "Summer",
                   "Autumn", "Fall", "Winter", "January", "February", "March", "April", "May", "June", "July", "August",
                   "September", "October", "November", "December", "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug",
                   "Sep", "Sept", "Oct", "Nov", "Dec"), " "),
           *_with(("January", "February", "March", "April", "June", "July", "August", "September", "October",
                   "November", "December"), ", ")),
    "de": ("Jahrgang ", "Jahr ", "Jahre ", "Jahren ", "seit ", "Seit ", "von ", "und "),
}  # fmt: skip
"""Four digits are a year."""
DATIVE: Final = frozenset({"in", "vor", "nach", "seit", "mit", "bei", "von", "aus", "zu", "ab"})
"""German prepositions before `1 Woche`: "in einer Woche"."""
