"""Roman numerals in Italian: `XXI secolo`, `Vittorio Emanuele II`."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.it.numbers import cardinal, ordinal
from campaign.speech.languages.record import Roman
from campaign.speech.wordlist import words

_FEMININE: Final = words(
    "Anna Beatrice Caterina Cleopatra Cristina Elisabetta Giovanna Giuliana Guglielmina Isabella Luisa"
    "Margherita Maria"
)
_HAILED: Final = re.compile(
    r"(?:Salve|Ciao|Gentile|Buon\w+|Car[oa]|Egregi[oa]|[Pp]aziente|[Cc]liente|[Ii]ntestatari[oa]|[Aa]lunn[oa]|[Ss]ignora?|[Ss]ig\.(?:ra)?|[Nn]ome)[:,]?\s(?:\w+\s){0,2}$"
)
"""Before a person of today: a single letter after the name is an initial."""
_PLAIN_HEADS: Final = words(
    "Allegato Appendice Atto Capitolo Classe Comma Fase Figura Grado Gruppo Legge Lezione Libro Livello Modulo"
    "Parte Quadro Scena Sezione Stadio Tabella Tipo Titolo Tomo Unità Volume Zona allegato appendice atto"
    "capitolo comma fase figura grado gruppo legge lezione libro livello modulo parte quadro scena stadio"
    "tabella tipo titolo tomo unità volume zona"
)


def _said(value: int, written: str, head: str, left: str) -> str:
    if len(written) == 1 and head in ROMAN.rulers and _HAILED.search(left):
        return written
    if head in _PLAIN_HEADS:
        return cardinal(value)
    return ordinal(value, gender="f" if head in _FEMININE else "m")


ROMAN: Final = Roman(
    heads=_PLAIN_HEADS | words("secolo Secolo piano Piano"),
    rulers=words(
        "Adriano Agapito Alberto Alessandro Alfonso Amedeo Anastasio Anna Arduino Beatrice Benedetto Berengario"
        "Bonifacio Borso Callisto Carlo Carlomagno Casimiro Caterina Celestino Clemente Cleopatra Corrado Cosimo"
        "Costantino Cristina Damaso Edoardo Elisabetta Emanuele Enrico Ercole Eugenio Federico Felice Felipe"
        "Ferdinando Filippo Francesco Giacomo Gioacchino Giorgio Giovanna Giovanni Giuliana Giulio Giustiniano"
        "Gregorio Guglielmina Guglielmo Guidobaldo Gustavo Innocenzo Isabella Ivan Leone Leopoldo Liutprando"
        "Lorenzo Lotario Lucio Luigi Luisa Manfredi Marcello Margherita Maria Marino Martino Massimiliano"
        "Napoleone Niccolò Nicola Onorio Ottaviano Ottone Paolo Paschale Pasquale Pietro Pio Ramses Ranuccio"
        "Riccardo Rodolfo Ruggero Sergio Sigismondo Silvestro Simmaco Sisto Stefano Tancredi Teodoro Teodosio"
        "Tolomeo Ugo Umberto Urbano Vigilio Vittorio Zaccaria"
    ),
    shape=r"(?:(?<=\bsec\. )|(?<=\bSec\. ))(?:{numeral})(?!\w)",
    said=_said,
)
