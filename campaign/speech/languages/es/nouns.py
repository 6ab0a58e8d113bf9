"""Genders of Spanish nouns: what their endings tell, and closed lists of what they do not."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.romance import Nouns
from campaign.speech.wordlist import words

_FEMININE: Final = re.compile(
    r"\w+(?:a|[csgtxñ]ión|[aeu]nión|[bl]ión|ción|dad|tad|tud|umbre|triz|itis|osis|[aeo]nz|ez)"
)
_FEMININE_WORDS: Final = words(
    "actriz aeronave alta app aula ave base calle cama capital caries carne catarsis catedral cita clase clave"
    " col comunión corriente credencial crisis cruz cuestión cárcel diabetes digestión diócesis dosis editorial"
    " elite especie fase fe fecha fiebre flor foto fotocopia frase fuente gente gestión gripe hiel higiene"
    " hipótesis imagen imprenta inicial interfaz internet intranet leche legión lente ley libido llave luz madre"
    " mamá mano maratón masacre mente miel moto muerte mujer multinacional nariz nave nieve noche nube nómina"
    " opinión orden pared parte patente patronal paz peste piel portátil postal prótesis psique pyme radio razón"
    " raíz rebelión red región religión reunión sala salud sangre sartén sed sede serie señal sien sucursal suerte"
    " superficie tablet tarde tarjeta tele televisión terminal tesis torre tos tribu unión vacante variante vez"
    " virgen voz web élite"
)
_MASCULINE_WORDS: Final = words(
    "aroma asma atleta avión billón camión carisma clima cometa cronograma crucigrama diafragma diagrama dilema"
    " diploma dogma drama dálmata día eccema ecosistema edema emblema enigma esquema fantasma gas genoma glaucoma"
    " gorila hematoma idioma juez kilograma koala lema lápiz mapa mediodía microclima miligramo millón organigrama"
    " papá paradigma pez pijama planeta plasma poema poeta problema programa salchichón sistema sofá síntoma"
    " telegrama tema tranvía trauma vodka"
)


def _singulars(word: str) -> tuple[str, ...]:
    if word.endswith("ones"):
        return (f"{word[:-4]}ón",)
    if word.endswith("ces"):
        return (f"{word[:-3]}z", word[:-1])
    if word.endswith("enes"):
        return (_PLAIN.get(word, word[:-2]), word[:-1])
    if word.endswith("es"):
        return (word[:-2], word[:-1])
    return (word[:-1],) if word.endswith("s") else ()


_PLAIN: Final = {"imágenes": "imagen", "órdenes": "orden", "vírgenes": "virgen"}
_PERSONS: Final = re.compile(
    r"(?!(?:pista|lista|vista|entrevista|revista|visita|conquista|cresta|cesta|costa)$)\w+ista"
)

NOUNS: Final = Nouns(
    feminine=_FEMININE,
    feminine_words=_FEMININE_WORDS,
    masculine_words=_MASCULINE_WORDS,
    masculine=_PERSONS,
    singulars=_singulars,
    none=words("y o a de es en por para con del que al hasta cada desde sin sobre"),
    passed_over=re.compile(r"\s(?:mil\s|(?:y|o|a)\s\d+\s)"),
    names_count=False,
)
DETERMINERS: Final = {
    **dict.fromkeys(words("la una esta esa aquella primera última próxima"), "f"),
    **dict.fromkeys(words("el un este ese aquel último próximo del al"), "m"),
}
"""Articles and the like, to the gender that they show."""
