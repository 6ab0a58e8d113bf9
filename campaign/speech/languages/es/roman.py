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
_ROYAL: Final = re.compile(
    r"(?:\b(?:[Rr]ey|[Rr]eina|[Pp]apa|[Ee]mperador|[Ee]mperatriz|[Ii]nfanta?|[Pp]ríncipe|[Pp]rincesa|[Zz]ar|[Dd]on|[Dd]oña|San|Santa|Hospital|Clínica|Colegio|Instituto|Universidad|Calle|calle|Plaza|plaza|Avenida|avenida|Paseo|paseo|Puente|Parque|C/|Avda\.|Avd\.|Av\.|Pza\.|Pº|Fundación|Palacio|Museo|Estadio|Centro|Monasterio)(?:\s(?:de|del|D\.))*|\bD\.|Juan|Pablo)\s[^\W\d_]+\s(?:[^\W\d_]+\s)?$"
)
"""Before a name whose single letter is a numeral; elsewhere it is an initial."""
_LAST_ORDINAL: Final = 10


def _said(value: int, written: str, head: str, left: str, *, region: str = "") -> str:
    if len(written) == 1 and head in RULERS and not _ROYAL.search(left):
        return written
    if head in RULERS and value <= _LAST_ORDINAL:
        return ordinal(value, gender="f" if head in _FEMININE else "m")
    return cardinal(value)


RULERS: Final = words(
    "Abderramán Adolfo Adriano Alberto Alejandro Alfonso Alhakén Amadeo Ana Anastasio Atahualpa Balduino "
    "Beatriz Benedicto Berenguer Bermudo Blanca Bonifacio Calixto Carlos Casimiro Catalina Celestino Clemente "
    "Cleopatra Constantino Cristina Darío Dámaso Eduardo Enrique Estanislao Esteban Eugenio Federico Felipe "
    "Fernando Francisco Garci García Gregorio Guillermina Guillermo Gustavo Haakon Harald Hasán Hixem Honorio "
    "Humberto Inocencio Isabel Iván Jacobo Jaime Jerjes Jorge José Juan Juana Juliana Julio Justiniano "
    "Leopoldo León Lucio Ludovico Luis Luitpoldo Manuel Marcelo Margarita Martín María Maximiliano Moctezuma "
    "Mohamed Napoleón Nicolás Olaf Ordoño Otón Pablo Pedro Pelayo Ptolomeo Pío Ramiro Ramsés Ramón Ricardo "
    "Rodolfo Sancho Segismundo Seti Silvestre Sixto Teobaldo Teodosio Tomás Tutmosis Urbano Víctor Wifredo "
    "Zenón"
)
_AFTER_RULER: Final = "|".join(rf"(?<=\b{name} )" for name in sorted(RULERS))
ROMAN: Final = Roman(
    heads=words(
        "Acto Anexo Apartado Apéndice Bloque Capítulo Categoría Clase Cuadro Edificio Escena Estación Estadio "
        "Etapa Factor Fascículo Fase Figura Grado Grupo Juzgado Lección Ley Libro Línea Modelo Módulo Nivel Parte "
        "Plan Planta Puerta Regla Sala Sección Serie Siglo Tabla Tema Tipo Tomo Torre Título Unidad Volumen Zona "
        "acto anexo apartado apéndice bloque capítulo categoría clase cuadro edificio escena estación estadio "
        "etapa factor fase figura grado grupo lección ley libro línea modelo módulo nivel parte planta puerta "
        "regla sala sección serie siglo tabla tema tipo tomo torre título unidad volumen zona"
    ),
    rulers=RULERS,
    shape=r"(?=[IVX])(?:(?:(?<=\bs\. )|(?<=\bS\. )|(?<=\bss\. ))(?:{numeral})(?!\w)"
    rf"|(?:{_AFTER_RULER})[IVX](?![\w-]|\.\s?[A-Z]|\s[A-Z]\w+$))",
    said=_said,
)
