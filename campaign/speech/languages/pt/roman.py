"""Roman numerals in Portuguese: `século XXI`, `João II`, `Luís XIV`."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.pt.numbers import cardinal, ordinal
from campaign.speech.languages.record import Roman
from campaign.speech.wordlist import words

_FEMININE: Final = words(
    "Ana Beatriz Catarina Cleópatra Cristina Guilhermina Isabel Joana Juliana Margarida Maria"
)
_ROYAL: Final = re.compile(
    r"(?:\b(?:[Rr]ei|[Rr]ainha|[Pp]apa|[Ii]mperador|[Ii]mperatriz|[Pp]ríncipe|[Pp]rincesa|[Ii]nfanta?|[Cc]zar|[Dd]om|[Dd]ona|São|Santa|Hospital|Clínica|Colégio|Escola|Instituto|Universidade|Rua|rua|Praça|praça|Avenida|avenida|Av\.|R\.|Praceta|Alameda|Largo|Ponte|Parque|Fundação|Palácio|Museu|Estádio|Centro)(?:\s(?:de|da|do|D\.))*|\bD\.|João)\s[^\W\d_]+\s(?:[^\W\d_]+\s)?$"
)
"""Before a name whose single letter is a numeral; elsewhere it is an initial."""
_LAST_ORDINAL: Final = 10


def _said(value: int, written: str, head: str, left: str, *, region: str = "") -> str:
    if len(written) == 1 and head in RULERS and not _ROYAL.search(left):
        return written
    if head in RULERS and value <= _LAST_ORDINAL:
        return ordinal(value, gender="f" if head in _FEMININE else "m", region=region)
    return cardinal(value, region=region)


RULERS: Final = words(
    "Adolfo Adriano Afonso Alberto Alexandre Amadeu Ana Balduíno Beatriz Bento Bonifácio Calisto Carlos "
    "Casimiro Catarina Celestino Clemente Cleópatra Constantino Cristina Dario Dinis Duarte Dâmaso Eduardo "
    "Emanuel Estêvão Eugénio Eugênio Felipe Fernando Filipe Francisco Frederico Garcia Gregório Guilherme "
    "Guilhermina Gustavo Haroldo Hassan Henrique Honório Humberto Inocêncio Isabel Ivan Jaime Joana Jorge José "
    "João Juliana Justiniano Júlio Leopoldo Leão Luis Luís Lúcio Manuel Marcelo Margarida Maria Martinho "
    "Maximiliano Miguel Mohammed Napoleão Nicolau Olavo Ordonho Otão Paulo Pedro Pio Ptolomeu Ramiro Ramsés "
    "Ricardo Rodolfo Sancho Sebastião Sigismundo Silvestre Sisto Teodósio Urbano Vitor Vítor Xerxes"
)
_AFTER_RULER: Final = "|".join(rf"(?<=\b{name} )" for name in sorted(RULERS))
ROMAN: Final = Roman(
    heads=words(
        "Acto Anexo Apêndice Artigo Ato Bloco Capítulo Categoria Cena Classe Estágio Etapa Fase Figura Grau Grupo "
        "Inciso Lei Livro Lição Módulo Nível Parte Quadro Sala Secção Seção Século Série Tabela Tipo Tomo Torre "
        "Título Unidade Volume Zona acto anexo apêndice artigo ato bloco capítulo categoria cena classe estágio "
        "etapa fase figura grau grupo inciso lei livro lição módulo nível parte quadro sala secção seção século "
        "série tabela tipo tomo torre título unidade volume zona"
    ),
    rulers=RULERS,
    shape=r"(?=[IVX])(?:(?:(?<=\bséc\. )|(?<=\bSéc\. )|(?<=\binc\. ))(?:{numeral})(?!\w)"
    rf"|(?:{_AFTER_RULER})[IVX](?![\w-]|\.\s?[A-Z]|\s[A-Z]\w+$))",
    said=_said,
)
