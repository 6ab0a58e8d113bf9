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
    "zh": _with(("热线", "电话", "拨打", "致电", "拨", "打"), "", "：", ":", " "),
}
"""A number of three digits is dialled: `call 911`."""
CODE: Final[Leads] = {
    "en": (
        "ZIP ", "Sort code ", "sort code ", "sort code: ", "Account ", "ending in ", "ends in ", "ending with ",
        "card ending ", "account ending ", "acct. ending ",
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
        "Tarjeta ", "tarjeta ", "CP ", "STOP al ", "SÍ al ", "BAJA al ", "terminada en ", "terminado en ",
        "termina en ", "acabada en ",
        *_with(("PIN", "código", "Código", "clave", "contraseña", "cuenta", "número de cuenta", "número de cliente",
                "código de verificación", "código de seguridad", "número de póliza", "referencia",
                "número de pedido"), " ", ": ", " es ", " es el "),
    ),
    "fr": (
        "CP ", "STOP au ", "OUI au ", "terminant par ", "finissant par ", "termine par ",
        *_with(("PIN", "code", "Code", "code de sécurité", "code de vérification", "n° client", "mot de passe",
                "numéro client", "numéro de client", "numéro de compte",
                "numéro de commande"), " ", " : ", ": ", " est ", " est le "),
    ),
    "it": (
        "CAP ", "termina con ", "che termina in ",
        *_with(("PIN", "codice", "Codice", "codice di verifica", "codice di sicurezza", "codice cliente",
                "password", "numero cliente", "numero di conto"),
               " ", ": ", " è ", " è il "),
    ),
    "zh": _with(("验证码", "动态码", "取货码", "邮编", "流水号", "尾号", "密码", "卡号",
                "账号", "单号", "编号", "取件码", "工号", "学号"),
                "", "是", "为", "：", ":", "是：", "为：", " "),
    "pt": (
        "terminado em ", "termina em ", "terminada em ",
        *_with(("PIN", "código", "Código", "código de verificação", "código de segurança", "Referência", "NIF",
                "senha", "palavra-passe", "número de cliente", "número da conta"),
               " ", ": ", " é ", " é o "),
    ),
}  # fmt: skip
"""A number is a row of digits, grouped or not: `Your code: 483 920`, `ending in 4242`."""
DAY: Final[Leads] = {
    "en": ("on ", "On ", "by ", "until ",
           *_with(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Mon.", "Tues.", "Wed.", "Thurs.", "Fri.",
                         "Monday",
                   "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), " ", ", ")),
    "de": ("am ", "Am ", "vom ", "bis ", "zum "),
    "es": ("el ", "El ", "día ", "al ", "Del ", "del ",
           *_with(("lun.", "mar.", "mié.", "jue.", "vie.", "sáb.", "dom.", "lunes", "martes", "miércoles", "jueves",
                   "viernes", "sábado", "domingo"), " ")),
    "fr": ("le ", "Le ", "du ", "Du ", "au ", "jusqu'au ", "jusqu’au ",
           *_with(("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.", "lundi", "mardi", "mercredi", "jeudi",
                   "vendredi", "samedi", "dimanche"), " ")),
    "it": ("il ", "Il ", "dal ", "al ",
           *_with(("lun.", "mar.", "mer.", "gio.", "ven.", "sab.", "dom.", "lunedì", "martedì", "mercoledì",
                         "giovedì",
                   "venerdì", "sabato", "domenica"), " ")),
    "pt": ("dia ", "Dia ", "em ", "até ", "Até ", "De ", "Vencimento: ", "Vencimento ", "vencimento ",
           *_with(("seg.", "ter.", "qua.", "qui.", "sex.", "sáb.", "dom.", "segunda", "terça", "quarta", "quinta",
                   "sexta", "sábado", "domingo", "segunda-feira", "terça-feira", "quarta-feira", "quinta-feira",
                   "sexta-feira"), " ")),
}  # fmt: skip
"""`5/6` is a day and a month, not a fraction."""
TIME: Final[Leads] = {
    "en": ("at ", "At ", "from ", "until ", "till "),
    "de": ("um ", "ab ", "Abfahrt ", "Einlass ", "Sprechzeiten ", "Öffnungszeiten "),
    "es": ("a las ", "A las ", "las "),
    "fr": ("RDV à ", "rendez-vous à "),
    "it": ("alle ", "Alle ", "ore ", "Ore ", "dalle ", "Dalle ", "Orario: "),
    "pt": ("às ", "Às ", "das ", "Das "),
}
"""`9.30` is a time."""
SECTION: Final[Leads] = {
    "en": ("Section ", "section ", "Chapter ", "chapter ", "Clause ", "clause ", "paragraph "),
    "de": ("Version ", "Punkt ", "Kapitel ", "Abschnitt ", "Ziffer ", "Software "),
    "es": ("Versión ", "versión ", "apartado ", "artículo ", "art. ", "capítulo "),
    "fr": ("Version ", "version ", "chapitre ", "section "),
    "it": ("Versione ", "versione ", "capitolo ", "articolo ", "art. "),
    "pt": ("Versão ", "versão ", "capítulo ", "artigo ", "secção ", "seção "),
}
"""`3.5` is neither a date nor a decimal."""
RATIO: Final[Leads] = {
    "en": ("ratio ", "ratio of ", "Mix ", "mix ", "diluted ", "scale ", "scale of ", "odds of "),
    "de": ("Verhältnis ", "Maßstab ", "steht ", "stand es ", "gewann ", "gewonnen ", "verlor "),
    "zh": ("比分", "比例", "比例为", "比例是", "比例尺", "以"),
}
"""`1:10` is no time."""
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
                   "Autumn", "Fall", "Winter", "January", "February", "March", "April", "May", "June", "July",
                   "August",
                   "September", "October", "November", "December", "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug",
                   "Sep", "Sept", "Oct", "Nov", "Dec"), " "),
           *_with(("January", "February", "March", "April", "June", "July", "August", "September", "October",
                   "November", "December"), ", ")),
    "de": ("Jahrgang ", "Baujahr ", "Um ", "um ", "Jahr ", "Jahre ", "Jahren ", "seit ", "Seit ", "von ", "und "),
}  # fmt: skip
"""Four digits are a year."""
ACCUSATIVE: Final = frozenset(
    {"für", "um", "ohne", "gegen", "durch", "haben", "hat", "habe", "erhalten", "bekommen"}
)
DATIVE: Final = frozenset({"in", "vor", "nach", "seit", "mit", "bei", "von", "aus", "zu", "ab"})
"""German prepositions before `1 Woche`: "in einer Woche"."""
