"""What is said: rows of clinics, utilities, banks, schools and couriers, drawn from a seed, in five languages."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta

from campaign.speech.columns import parse_column_type
from campaign.speech.front_end import Composition, FrontEnd, FrontEndConfig, TemplateSource
from campaign.speech.repeats import kinds_said_twice

COLUMNS = {
    "name": "name",
    "amount": "money",
    "due": "date",
    "at": "time",
    "phone": "telephone",
    "code": "spell",
    "count": "cardinal",
}
LOCALES = {"en": "en-US", "es": "es-ES", "fr": "fr-FR", "it": "it-IT", "pt": "pt-BR"}
CURRENCIES = {"en": "USD", "pt": "BRL"}
TEMPLATES: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Hello {{ name }}. This is the Northfield clinic. Your appointment is on {{ due }} at {{ at }}. "
        "To change it, call {{ phone }}.",
        "Good morning {{ name }}. Your electricity bill of {{ amount }} is due on {{ due }}. "
        "Your reference is {{ code }}. You can call us at {{ phone }}.",
        "Hello {{ name }}. This is the bank with a message about your account. A payment of {{ amount }} was made "
        "on {{ due }}. If it was not yours, quote {{ code }} when you call us.",
        "Dear {{ name }}, school will open at {{ at }} on {{ due }}. Please bring {{ count }} books and the form "
        "with the number {{ code }}.",
        "Hello {{ name }}. Your parcel arrives on {{ due }} before {{ at }}. You have {{ count }} days to collect it. "
        "The code for the locker is {{ code }}.",
    ),
    "es": (
        "Hola, {{ name }}. Le llamamos de la clínica del norte. Su cita es el {{ due }} a las {{ at }}. "
        "Para cambiarla, llame al {{ phone }}.",
        "Buenos días, {{ name }}. Su factura de la luz es de {{ amount }} y vence el {{ due }}. "
        "Su referencia es {{ code }}.",
        "Hola, {{ name }}. Le llama su banco. Hemos recibido un pago de {{ amount }} el {{ due }}. "
        "Si no es suyo, diga el código {{ code }} cuando nos llame.",
    ),
    "fr": (
        "Bonjour {{ name }}. Ici la clinique du nord. Votre rendez-vous est le {{ due }} à {{ at }}. "
        "Pour le changer, appelez le {{ phone }}.",
        "Bonjour {{ name }}. Votre facture d'électricité de {{ amount }} est à payer avant le {{ due }}. "
        "Votre référence est {{ code }}.",
        "Bonjour {{ name }}. Votre banque vous appelle. Un paiement de {{ amount }} a été fait le {{ due }}. "
        "Si ce n'était pas vous, donnez le code {{ code }} au téléphone.",
    ),
    "it": (
        "Buongiorno {{ name }}. Qui la clinica del nord. Il suo appuntamento è il {{ due }} alle {{ at }}. "
        "Per cambiarlo chiami il numero {{ phone }}.",
        "Buongiorno {{ name }}. La sua bolletta della luce è di {{ amount }} e scade il {{ due }}. "
        "Il suo codice è {{ code }}.",
        "Salve {{ name }}. La chiama la sua banca. Abbiamo ricevuto un pagamento di {{ amount }} il {{ due }}. "
        "Se non era suo, dica il codice {{ code }} quando ci chiama.",
    ),
    "pt": (
        "Olá, {{ name }}. Aqui é a clínica do norte. Sua consulta é no dia {{ due }} às {{ at }}. "
        "Para mudar, ligue para {{ phone }}.",
        "Bom dia, {{ name }}. Sua conta de luz é de {{ amount }} e vence no dia {{ due }}. "
        "Sua referência é {{ code }}.",
        "Olá, {{ name }}. Aqui é o seu banco. Recebemos um pagamento de {{ amount }} no dia {{ due }}. "
        "Se não foi seu, diga o código {{ code }} quando ligar.",
    ),
}
NAMES: Mapping[str, tuple[str, ...]] = {
    "en": (
        "Amelia Stone", "James Carter", "Siobhan Murphy", "Priya Patel", "Oliver Hughes", "Maria Gonzalez",
        "Thomas Wright", "Grace Kim", "Daniel Cohen", "Chloe Bennett", "Samuel Adeyemi", "Hannah Fischer",
    ),
    "es": ("Lucía Fernández", "Carlos Moreno", "Ana Belén Ruiz", "Javier Ortega", "Marta Iglesias", "Pablo Navarro"),
    "fr": ("Hélène Dubois", "Julien Lefèvre", "Camille Martin", "Antoine Girard", "Sophie Laurent", "Mathieu Roux"),
    "it": ("Giulia Rossi", "Marco Bianchi", "Chiara Esposito", "Luca Ferrari", "Paola Romano", "Matteo Greco"),
    "pt": ("Beatriz Almeida", "João Pereira", "Mariana Souza", "Rafael Oliveira", "Camila Santos", "Pedro Lima"),
}  # fmt: skip
TELEPHONES = {
    "en": "+1 {0}12 555 {1:04}",
    "es": "+34 6{0}2 {1:06}",
    "fr": "+33 6 {0}4 {1:06}",
    "it": "+39 34{0} {1:07}",
    "pt": "+55 11 9{0}{1:07}",
}
LETTERS = "ABCDEFHKLMRTUX"


def front_end_of(language: str, *, say_twice: Collection[str] = ()) -> FrontEnd:
    """One that speaks every template of a language, chosen by the locale's private use subtag.

    `say_twice`: kinds of value as a finish profile names them.
    """
    currency = CURRENCIES.get(language, "EUR")
    columns = {name: f"money {currency}" if kind == "money" else kind for name, kind in COLUMNS.items()}
    return FrontEnd(
        FrontEndConfig(
            templates={
                f"{LOCALES[language]}-x-t{number}": TemplateSource(
                    name=f"{number}", text=text, language=language
                )
                for number, text in enumerate(TEMPLATES[language])
            },
            columns={name: parse_column_type(kind) for name, kind in columns.items()},
            languages=(LOCALES[language],),
            say_twice=kinds_said_twice(say_twice),
        )
    )


def rows(
    language: str, count: int, *, seed: int, say_twice: Collection[str] = ()
) -> Iterator[tuple[str, Composition]]:
    """(id, what is said) of so many rows."""
    chance = random.Random(f"{seed} {language}")
    front_end = front_end_of(language, say_twice=say_twice)
    for number in range(count):
        template = number % len(TEMPLATES[language])
        fields = {
            "name": chance.choice(NAMES[language]),
            "amount": f"{chance.choice((chance.randint(1, 99), chance.randint(100, 2999)))}.{chance.randint(0, 99):02}",
            "due": (date(2026, 12, 1) + timedelta(days=chance.randint(0, 364))).isoformat(),
            "at": f"{chance.randint(8, 19):02}:{chance.choice((0, 15, 30, 45)):02}",
            "phone": TELEPHONES[language].format(chance.randint(2, 9), chance.randint(0, 9999)),
            "code": f"{chance.choice(LETTERS)}{chance.choice(LETTERS)}-{chance.randint(100, 9999)}",
            "count": str(chance.randint(2, 40)),
        }
        locale = f"{LOCALES[language]}-x-t{template}"
        yield f"{language}-{number:03}", front_end.compose(locale=locale, fields=fields)
