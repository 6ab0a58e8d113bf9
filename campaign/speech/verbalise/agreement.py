"""What a number agrees with: the noun after it, its gender, and the case that German prepositions and verbs ask for.

Endings and closed lists, no dictionary: where they do not tell, masculine.
"""

from __future__ import annotations

import re

from campaign.speech.typed import Context
from campaign.speech.verbalise.leads import ACCUSATIVE, DATIVE
from campaign.speech.verbalise.wordlist import words

_FEMININE_PLURAL = {
    "es": re.compile(
        r"\w+(?:as|ciones|siones|dades|tudes|umbres)|noches|clases|llaves|partes|veces|tardes|mujeres|flores|calles|leyes"
        r"|luces|redes|sedes|series|fases|bases|frases|imágenes|órdenes|paredes|dosis"
    ),
    "pt": re.compile(
        r"\w+(?:as|ções|sões|dades|gens)|noites|vezes|partes|chaves|mulheres|flores|luzes|redes|leis|fases|bases|frases"
        r"|colheres|mães|mãos|motos|fotos|doses|tardes|equipes|mil"
    ),
}
_MASCULINE_PLURAL = re.compile(
    r"días|mapas|problemas|programas|sistemas|temas|idiomas|kilogramas|gramas|dias|síntomas|sintomas|diplomas|poemas"
    r"|planetas|dálmatas|(?!(?:pistas|listas|vistas|entrevistas|revistas|visitas)$)\w+istas"
)
_FEMININE = {
    "es": re.compile(
        r"\w+(?:a|ción|sión|dad|tud|umbre)|noche|clase|llave|parte|vez|tarde|foto|moto|mano|dosis"
    ),
    "fr": re.compile(
        r"(?:\w+(?:tion|sion|ée|ette|ure|esse|ie|ille|aine|ance|ence|té)|heure|minute|seconde|personne|lettre|page|place"
        r"|demande|commande|ligne|chambre|caisse|boîte|salle|nuit|carte|date|photo|clé|facture|fiche|pièce|semaine|copie"
        r"|preuve|adresse|année|voiture|étape|rue|porte|part|main|fenêtre|chaise|table|gélule|goutte|dose|visite|livraison"
        r"|valise|prise|écharpe|offre|dent|séance|chose|tâche|tasse|cuillère|course|classe|équipe|plage|veste|robe"
        r"|couche|bouteille|lampe|machine|plante|ampoule|alarme|réponse|question|annonce|alerte|consigne|consulte)s?|fois"
    ),
    "it": re.compile(r"\w+(?:a|zione|sione|tà|tù|gine)|notte|chiave|parte|email|mail|mano"),
    "pt": re.compile(
        r"\w+(?:a|ção|são|dade|gem)|noite|vez|parte|chave|colher|mulher|mãe|mão|moto|foto|dose|tarde|equipe"
    ),
    "de": re.compile(
        r"(?!(?:Name|Kunde|Junge|Kollege|Buchstabe|Gedanke|Käse|Ende|Auge|Gebäude|Interesse|Gerät)$)[A-ZÄÖÜ]\w+e"
        r"|Frau|Tochter|Mutter|Schwester|Stadt|Bank|Uhr|Tür|Zahl|Wahl|Person|Nummer|Mail|SMS"
        r"|\w+(?:ung|heit|keit|schaft|ion|tät|ei|ie)|\w*(?:[nN]achricht|[nN]acht)"
    ),
}
_MASCULINE = {
    "es": re.compile(r"día|mapa|problema|programa|sistema|tema|idioma|síntoma"),
    "it": re.compile(r"problema|programma|sistema|tema|sintomo"),
    "pt": re.compile(r"dia|mapa|problema|programa|sistema|tema|idioma|sintoma"),
    "de": re.compile(
        r"Termin|Monat|Tag|Brief|Anruf|Punkt|Platz|Artikel|Euro|Bericht|Antrag|Hinweis|Posten|Schlüssel"
    ),
}
_NEUTER = re.compile(
    r"Quartal|Halbjahr|Jahr|Semester|Mal|Kind|Kapitel|Zimmer|Treffen|Angebot|Spiel|Buch|Haus|Team|OG|UG|\w*[gG]eschoss"
)
_NO_NOUN = {
    "de": words("und oder bis von ist sind war auf in im am an mit zu für wird wurde"),
    "es": words("y o a de es en por para con del que al hasta cada desde sin sobre"),
    "it": words("e o a di è in per con del che al da alla fra tra"),
    "fr": words("et ou à de est en pour avec du que au mille million millions milliard milliards"),
    "pt": words("e ou a de é em por para com do que ao até cada sem"),
}
_MEASURE_WORD = re.compile(
    r"\s?(?:[个個位次天片粒颗支针份种组课页袋件张張本人只条條块塊家名台杯瓶盒包层周小点點元岁歲倍晚斤]|分钟|秒|公里|公斤|平方|美元|欧元|米)"
)
_PASSED_OVER = {
    "es": re.compile(r"\s(?:mil\s|(?:y|o|a)\s\d+\s)"),
    "pt": re.compile(r"\s(?:mil\s|(?:e|ou|a)\s\d+\s)"),
    "it": re.compile(r"\s(?:e|o|a)\s\d+\s"),
    "fr": re.compile(r"\s(?:et|ou|à)\s\d+\s"),
    "de": re.compile(r"\s?(?:bis|und|oder|,|[-–])\s?\d+\.\s|\s[a-zäöüß]+(?:e|en|er|es)\s"),
}
"""What may stand between a number and its noun: `1 ou 2 vezes`, `2 mil mulheres`, `1 neue Nachricht`."""


def noun_after(context: Context) -> tuple[str, bool]:
    """(gender, whether a noun follows), from the words after the number."""
    language = context.language
    if language == "zh":
        return "m", _MEASURE_WORD.match(context.right) is not None and not context.left.endswith("第")
    right = context.right
    passed = _PASSED_OVER[language].match(right) if language in _PASSED_OVER else None
    if passed:
        right = right[passed.end() - 1 :]
    match = re.match(r"[ \u00a0]([^\W\d]+)", right)
    if not match or match[1].lower() in _NO_NOUN.get(language, ()):
        return "m", False
    word = match[1]
    if language in ("es", "pt", "fr", "it") and word[0].isupper():
        return "m", language not in ("es",)  # a name: `13001 Marseille`
    plural = _FEMININE_PLURAL.get(language)
    if plural and plural.fullmatch(word) and not _MASCULINE_PLURAL.fullmatch(word):
        return "f", True
    masculine = _MASCULINE.get(language)
    if (
        language in _FEMININE
        and _FEMININE[language].fullmatch(word)
        and not (masculine and masculine.fullmatch(word))
    ):
        return "f", True
    return ("n" if language == "de" and _NEUTER.fullmatch(word) else "m"), True


def one_before(spoken: str, gender: str, context: Context) -> tuple[str, int]:
    """`spoken`, which is one before a noun, as case and sound ask for; and how much of the space after it says."""
    if context.language == "de":
        return _german_one(spoken, gender, context), 0
    following = re.match(r"\s([^\W\d]+)", context.right)
    if context.language != "it" or not following:
        return spoken, 0
    word = following[1].lower()
    if gender == "f":
        return ("un'", 1) if word[0] in "aeiouàèéìòù" else ("una", 0)
    return ("uno" if re.match(r"z|s[^aeiouàèéìòùh]|gn|ps|pn|x|y", word) else "un"), 0


def _german_one(spoken: str, gender: str, context: Context) -> str:
    before = re.findall(r"[^\W\d_]+", context.left.lower())[-1:]
    adjective = re.match(r"\s[a-zäöüß]+(e|en|er|es)\s", context.right)
    if before and before[0] in DATIVE:
        return "einer" if gender == "f" else "einem"
    if adjective and adjective[1] == "e":
        return "eine"
    noun = re.match(r"\s(?:[a-zäöüß]+\s)?([^\W\d]+)", context.right)
    masculine = noun is not None and _MASCULINE["de"].fullmatch(noun[1])
    if (adjective and adjective[1] == "en") or (masculine and before and before[0] in ACCUSATIVE):
        return "einen"
    return spoken


def of_after_millions(context: Context) -> tuple[str, int]:
    """`1000000 personas` is "un millón de personas": the link, and how much of the space after it says."""
    if context.language == "fr" and re.match(r"\s[aeiouyhéèêâîôû]", context.right, re.I):
        return " d'", 1
    return {"es": " de", "pt": " de", "it": " di", "fr": " de"}.get(context.language, ""), 0
