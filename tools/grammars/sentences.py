"""Campaign sentences in English, Spanish, German and French, as clinics, utilities, banks, schools and shops send them.

`sentences(language, count, seed=...)` gives distinct sentences, always the same ones for the same arguments: the
generator's own arithmetic (`random.Random`) is stable across Python versions. The mix is meant to be what a
normaliser meets: about a third plain words, the rest names, money, dates, times, phone numbers and codes as people
write them, some of them badly.
"""

from __future__ import annotations

import random
from collections.abc import Callable

LANGUAGES = ("en", "es", "de", "fr")

_Slot = Callable[[random.Random], str]

_FIRST = {
    "en": "Olivia Noah Amelia Liam Grace Ethan Siobhán Aidan Priya Mei Zoë José Aaliyah Owen Hannah Marcus",
    "es": "María José Lucía Iñigo Begoña Álvaro Núria Carmen Andrés Ximena Joaquín Sofía Martín Rocío Jesús",
    "de": "Jürgen Käthe Lukas Mia Björn Anneliese Uwe Şebnem Zoë Günther Heike Mehmet Sören Ilse Friedrich",
    "fr": "Zoé François Chloé Maëlle Anaïs Loïc Benoît Inès Hélène Jérôme Aminata Thibault Noémie Étienne",
}
_LAST = {
    "en": "O'Brien Smith Nguyen MacDonald Patel Jones-Clarke Lee Johnson D'Souza Fitzgerald Müller García Kim",
    "es": "García Núñez Ibáñez Cruz López-Peña Ruiz Ortiz Vázquez Echeverría Muñoz Castro Gil",
    "de": "Müller Weiß Schröder Öztürk Groß von-Berg Schmidt Yılmaz Böhm Jäger Krüger Lehmann Kowalski",
    "fr": "Lefèvre Dubois d'Estaing Benali Moreau Garçon N'Diaye Girard Müller Le-Goff Rousseau Petit",
}
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
_DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
}
_PLACES = {
    "en": "Springfield Clinic|the Riverside branch|St Mary's Hospital|Oak Street|Leeds|Room 4B"
    "|Portland, OR|the library",
    "es": "la Clínica San Juan|la oficina central|Sevilla|la calle Mayor|el Hospital La Paz|Bogotá|la biblioteca",
    "de": "der Praxis am Markt|Köln|der Hauptstraße|dem Klinikum Süd|Zürich|der Bibliothek|Raum 4B|der Filiale Mitte",
    "fr": "la clinique Saint-Jean|Lyon|l'agence centrale|la rue de la Paix|l'hôpital Nord|Montréal|la bibliothèque",
}
_ITEMS = {
    "en": "washing machine|library book|passport|prescription|bicycle|school form|water meter|new card",
    "es": "lavadora|libro|pasaporte|receta|bicicleta|formulario|contador de agua|tarjeta nueva",
    "de": "Waschmaschine|Buch|Reisepass|Rezept|Fahrrad|Formular|Wasserzähler|neue Karte",
    "fr": "machine à laver|livre|passeport|ordonnance|vélo|formulaire|compteur d'eau|nouvelle carte",
}


def _pick(words: str, separator: str | None = None) -> _Slot:
    choices = words.split(separator)
    return lambda rng: rng.choice(choices)


def _group(number: int, separator: str) -> str:
    return f"{number:,}".replace(",", separator)


def _number(rng: random.Random) -> str:
    return str(
        rng.choice((rng.randint(1, 12), rng.randint(1, 99), rng.randint(100, 999), rng.randint(1000, 99999)))
    )


def _code(rng: random.Random) -> str:
    letters = "".join(rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(rng.randint(1, 3)))
    shape = rng.randint(0, 3)
    if shape == 0:
        return f"{letters}{rng.randint(1, 9)}-{rng.randint(1000, 9999)}"
    if shape == 1:
        return f"{letters}-{rng.randint(100, 99999)}"
    if shape == 2:
        return f"#{rng.randint(1000, 999999)}"
    return f"{rng.randint(10, 99)}{letters}{rng.randint(1, 9)}"


def _money(language: str) -> _Slot:
    def slot(rng: random.Random) -> str:
        whole, cents = rng.choice((rng.randint(1, 99), rng.randint(100, 4999))), rng.randint(0, 99)
        if language == "en":
            sign = rng.choice("$$$£€")
            return f"{sign}{_group(whole, ',')}" + (f".{cents:02d}" if rng.random() < 0.7 else "")
        separator = {"es": ".", "de": ".", "fr": " "}[language]
        text = _group(whole, separator) + (f",{cents:02d}" if rng.random() < 0.7 else "")
        return f"{text} €" if rng.random() < 0.8 else f"{text} {rng.choice(('EUR', 'euros', 'CHF'))}"

    return slot


def _date(language: str) -> _Slot:
    months = _MONTHS[language].split()

    def slot(rng: random.Random) -> str:
        day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(2024, 2031)
        name, shape = months[month - 1], rng.randint(0, 4)
        if shape == 0:
            return f"{year}-{month:02d}-{day:02d}"
        if language == "en":
            return (
                f"{month}/{day}/{year}",
                f"{name} {day}, {year}",
                f"{name} {day}",
                f"{day} {name} {year}",
            )[shape - 1]
        if language == "de":
            return (
                f"{day:02d}.{month:02d}.{year}",
                f"{day}. {name} {year}",
                f"{day}. {name}",
                f"{day}.{month}.",
            )[shape - 1]
        of = "de " if language == "es" else ""
        return (
            f"{day:02d}/{month:02d}/{year}",
            f"{day} {of}{name} {of}{year}",
            f"{day} {of}{name}",
            f"{day}/{month}",
        )[shape - 1]

    return slot


def _time(language: str) -> _Slot:
    def slot(rng: random.Random) -> str:
        hour, minute = rng.randint(7, 20), rng.choice((0, 5, 15, 30, 45, rng.randint(0, 59)))
        plain = f"{hour}:{minute:02d}"
        if language == "en":
            return rng.choice(
                (f"{(hour - 1) % 12 + 1}:{minute:02d} pm", f"{(hour - 1) % 12 + 1} a.m.", plain)
            )
        if language == "de":
            return rng.choice((f"{plain} Uhr", f"{hour} Uhr", f"{hour}.{minute:02d} Uhr"))
        if language == "fr":
            return rng.choice((f"{hour}h{minute:02d}", f"{hour} h", plain))
        return rng.choice((f"las {plain}", f"las {hour} h", f"las {plain} h"))

    return slot


def _phone(language: str) -> _Slot:
    def digits(rng: random.Random, count: int) -> str:
        return "".join(str(rng.randint(0, 9)) for _ in range(count))

    def slot(rng: random.Random) -> str:
        if language == "en":
            return rng.choice(
                (f"555-{digits(rng, 4)}", f"(555) 123-{digits(rng, 4)}", f"1-800-555-{digits(rng, 4)}")
            )
        if language == "de":
            return rng.choice((f"030 {digits(rng, 6)}", f"+49 30 {digits(rng, 7)}", f"0800/{digits(rng, 6)}"))
        if language == "fr":
            return rng.choice(
                (f"01 {' '.join(digits(rng, 2) for _ in range(4))}", f"+33 1 {digits(rng, 8)}", "3615")
            )
        return rng.choice(
            (f"91{digits(rng, 7)}", f"+34 6{digits(rng, 8)}", f"900 {digits(rng, 3)} {digits(rng, 3)}")
        )

    return slot


def _slots(language: str) -> dict[str, _Slot]:
    first, last = _pick(_FIRST[language]), _pick(_LAST[language])
    return {
        "name": lambda rng: first(rng) if rng.random() < 0.5 else f"{first(rng)} {last(rng)}",
        "last": last,
        "money": _money(language),
        "date": _date(language),
        "time": _time(language),
        "phone": _phone(language),
        "code": _code,
        "n": _number,
        "small": lambda rng: str(rng.randint(2, 12)),
        "percent": lambda rng: f"{rng.randint(1, 99)}%" if language == "en" else f"{rng.randint(1, 99)} %",
        "km": lambda rng: f"{rng.randint(1, 40)}{'.' if language == 'en' else ','}{rng.randint(1, 9)} km",
        "kg": lambda rng: f"{rng.randint(1, 80)} kg",
        "ordinal": lambda rng: _ordinal(language, rng.randint(1, 31)),
        "day": _pick(_DAYS[language]),
        "place": _pick(_PLACES[language], "|"),
        "item": _pick(_ITEMS[language], "|"),
        "mail": lambda rng: (
            rng.choice(("help", "info", "kontakt")) + "@" + rng.choice(("example.com", "clinic.org"))
        ),
        "url": lambda rng: rng.choice(("www.example.com", "example.org/pay", "https://example.com")),
        "plain": _pick(_PLAIN[language].strip(), "\n"),
    }


def _ordinal(language: str, number: int) -> str:
    if language == "en":
        suffix = "th" if 10 < number < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        return f"{number}{suffix}"
    if language == "fr":
        return "1er" if number == 1 else f"{number}e"
    return f"{number}." if language == "de" else f"{number}.º"


_PLAIN = {
    "en": """
your order is on its way
please reply if you have any questions
we look forward to seeing you
thank you for choosing us
this is an automated message
your appointment has been moved
please bring a photo ID
the office will be closed
don't forget your documents
have a lovely day
your refund has been approved
you can pay online or in person
""",
    "es": """
su pedido está en camino
responda a este mensaje si tiene preguntas
le esperamos con mucho gusto
gracias por su confianza
este es un mensaje automático
su cita ha cambiado de hora
traiga su documento de identidad
la oficina estará cerrada
no olvide sus papeles
que tenga un buen día
su devolución ha sido aprobada
puede pagar en línea o en persona
""",
    "de": """
Ihre Bestellung ist unterwegs
bitte antworten Sie bei Fragen
wir freuen uns auf Sie
vielen Dank für Ihr Vertrauen
dies ist eine automatische Nachricht
Ihr Termin wurde verschoben
bringen Sie bitte Ihren Ausweis mit
das Büro bleibt geschlossen
vergessen Sie Ihre Unterlagen nicht
einen schönen Tag noch
Ihre Erstattung ist genehmigt
Sie können online oder bar bezahlen
""",
    "fr": """
votre commande est en route
répondez à ce message pour toute question
nous serons ravis de vous accueillir
merci de votre confiance
ceci est un message automatique
votre rendez-vous a été déplacé
apportez une pièce d'identité
le bureau sera fermé
n'oubliez pas vos documents
passez une bonne journée
votre remboursement est accepté
vous pouvez payer en ligne ou sur place
""",
}

_TEMPLATES = {
    "en": """
Hello {name}, {plain}.
{name}, {plain}!
Dear {name}, {plain} and {plain}.
{plain}.
Your {item} will arrive on {day}.
Your {item} is ready at {place}.
Dr. {last} will see you on {date}.
Mr. {last}, you owe {money} by {date}.
Your balance of {money} is due on {day}.
We received your payment of {money}.
Your appointment is on {date} at {time}.
See you {day} at {time}.
Come to {place} at {time}, please.
Call us at {phone} before {time}.
Call {phone} or write to {mail}.
Your order {code} weighs {kg}.
Order {code} ships on {date}.
Your code is {code}.
Please visit {url} to confirm.
{n} people are ahead of you.
You have {small} new messages & {n} points.
The parcel travelled {km} in {small} days.
You saved {percent} this month.
The {ordinal} of the month is the last day.
Meeting no. {small} is at {place}.
Your meter reads {n} kWh.
It costs {money}/month, i.e. {money} a year.
The sale ends {date}, {time}.
""",
    "es": """
Hola {name}, {plain}.
{name}, {plain}.
Estimado {name}: {plain}.
{plain}.
Su {item} llegará el {day}.
Su {item} le espera en {place}.
El Dr. {last} le verá el {date}.
Sra. {last}, debe {money} antes del {date}.
Su saldo de {money} vence el {day}.
Hemos recibido su pago de {money}.
Su cita es el {date} a {time}.
Nos vemos el {day} a {time}.
Venga a {place} a {time}.
Llame al {phone} antes de {time}.
Llame al {phone} o escriba a {mail}.
Su pedido {code} pesa {kg}.
El pedido {code} sale el {date}.
Su código es {code}.
Visite {url} para confirmar.
Hay {n} personas delante.
Tiene {small} mensajes y {n} puntos.
El paquete recorrió {km} en {small} días.
Ha ahorrado un {percent} este mes.
Es el {ordinal} aviso.
""",
    "de": """
Hallo {name}, {plain}.
{name}, {plain}.
Guten Tag {name}, {plain}.
{plain}.
Ihre Lieferung kommt am {day}.
Das Teil {item} liegt in {place}.
Dr. {last} erwartet Sie am {date}.
Frau {last}, bitte zahlen Sie {money}.
Offen sind noch {money}.
Wir haben {money} erhalten.
Ihr Termin ist am {date}.
Bis {day} um {time}.
Termin: {date}, {time}.
Tel. {phone}.
Rufen Sie {phone} an.
Bestellung {code} wiegt {kg}.
Ihr Code lautet {code}.
Mehr auf {url}.
Schreiben Sie an {mail}.
Vor Ihnen warten {n} Personen.
Sie haben {small} Nachrichten.
Es sind noch {km}.
Sie sparen {percent}.
Am {ordinal} ist Schluss.
""",
    "fr": """
Bonjour {name}, {plain}.
{name}, {plain}.
Cher {name}, {plain}.
{plain}.
Votre {item} arrivera {day}.
Votre {item} vous attend à {place}.
Le Dr {last} vous recevra le {date}.
Mme {last}, vous devez {money} avant le {date}.
Votre solde de {money} est dû {day}.
Nous avons reçu votre paiement de {money}.
Votre rendez-vous est le {date} à {time}.
À {day}, {time}.
Venez à {place} à {time}.
Appelez le {phone} avant {time}.
Appelez le {phone} ou écrivez à {mail}.
Votre commande {code} pèse {kg}.
La commande {code} part le {date}.
Votre code est {code}.
Visitez {url} pour confirmer.
Il y a {n} personnes devant vous.
Vous avez {small} messages et {n} points.
Le colis a parcouru {km} en {small} jours.
Vous avez économisé {percent} ce mois-ci.
C'est le {ordinal} rappel.
""",
}


def sentences(language: str, count: int, *, seed: int = 0) -> list[str]:
    """`count` distinct campaign sentences of one language, in a fixed order for a seed.

    A longer list begins with the shorter one. Raises `KeyError` for a language outside `LANGUAGES`.
    """
    rng = random.Random(f"{language}:{seed}")
    slots = _slots(language)
    templates = _TEMPLATES[language].strip().split("\n")
    distinct: dict[str, None] = {}
    while len(distinct) < count:
        text = _fill(rng.choice(templates), slots, rng)
        distinct.setdefault(text[0].upper() + text[1:])
    return list(distinct)


def _fill(template: str, slots: dict[str, _Slot], rng: random.Random) -> str:
    """Each slot is drawn anew, so that two `{money}` differ."""
    parts = template.split("{")
    text = parts[0]
    for part in parts[1:]:
        slot, _, rest = part.partition("}")
        text += slots[slot](rng) + rest
    return text
