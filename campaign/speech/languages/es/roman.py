"""Roman numerals in Spanish: `siglo XXI`, `Felipe VI`, `Alfonso XIII`."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.es.numbers import cardinal, ordinal
from campaign.speech.languages.record import Roman
from campaign.speech.wordlist import words

_FEMININE: Final = words(
    "Ana Beatriz Blanca Catalina Cleopatra Cristina Guillermina Isabel Juana Juliana Margarita María"
)
_HAILED: Final = re.compile(
    r"(?:Hola|Buen[oa]s \w+|Estimad[oa]s?|Querid[oa]|[Pp]aciente|[Cc]liente|[Tt]itular|[Aa]lumn[oa]|[Ss]eñora?|[Ss]ra?\.?|[Nn]ombre|[Bb]eneficiari[oa])[:,]?\s(?:\w+\s){0,2}$"
)
"""Before a person of today: a single letter after the name is an initial."""
_LAST_ORDINAL: Final = 10


def _said(value: int, written: str, head: str, left: str) -> str:
    if len(written) == 1 and head in ROMAN.rulers and _HAILED.search(left):
        return written
    if head in ROMAN.rulers and value <= _LAST_ORDINAL:
        return ordinal(value, gender="f" if head in _FEMININE else "m")
    return cardinal(value)


ROMAN: Final = Roman(
    heads=words(
        "Acto Anexo Apartado Apéndice Bloque Capítulo Categoría Clase Cuadro Edificio Escena Estación Estadio"
        "Etapa Factor Fascículo Fase Figura Grado Grupo Juzgado Lección Ley Libro Línea Modelo Módulo Nivel Parte"
        "Plan Planta Puerta Regla Sala Sección Serie Siglo Tabla Tema Tipo Tomo Torre Título Unidad Volumen Zona"
        "acto anexo apartado apéndice bloque capítulo categoría clase cuadro edificio escena estación estadio"
        "etapa factor fase figura grado grupo lección ley libro línea modelo módulo nivel parte planta puerta"
        "regla sala sección serie siglo tabla tema tipo tomo torre título unidad volumen zona"
    ),
    rulers=words(
        "Abderramán Adolfo Adriano Alberto Alejandro Alfonso Alhakén Amadeo Ana Anastasio Atahualpa Balduino"
        "Beatriz Benedicto Berenguer Bermudo Blanca Bonifacio Calixto Carlos Casimiro Catalina Celestino Clemente"
        "Cleopatra Constantino Cristina Darío Dámaso Eduardo Enrique Estanislao Esteban Eugenio Federico Felipe"
        "Fernando Francisco Garci García Gregorio Guillermina Guillermo Gustavo Haakon Harald Hasán Hixem Honorio"
        "Humberto Inocencio Isabel Iván Jacobo Jaime Jerjes Jorge José Juan Juana Juliana Julio Justiniano"
        "Leopoldo León Lucio Ludovico Luis Luitpoldo Manuel Marcelo Margarita Martín María Maximiliano Moctezuma"
        "Mohamed Napoleón Nicolás Olaf Ordoño Otón Pablo Pedro Pelayo Ptolomeo Pío Ramiro Ramsés Ramón Ricardo"
        "Rodolfo Sancho Segismundo Seti Silvestre Sixto Teobaldo Teodosio Tomás Tutmosis Urbano Víctor Wifredo"
        "Zenón"
    ),
    shape=r"(?:(?<=\bs\. )|(?<=\bS\. )|(?<=\bss\. ))(?:{numeral})(?!\w)",
    said=_said,
)
