"""Roman numerals in Italian: `XXI secolo`, `Vittorio Emanuele II`."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.it.numbers import cardinal, ordinal
from campaign.speech.languages.record import Roman
from campaign.speech.wordlist import words

_FEMININE: Final = words(
    "Anna Beatrice Caterina Cleopatra Cristina Elisabetta Giovanna Giuliana Guglielmina Isabella Luisa "
    "Margherita Maria"
)
_ROYAL: Final = re.compile(
    r"(?:\b(?:[Rr]e|[Rr]egina|[Pp]apa|[Ii]mperatore|[Ii]mperatrice|[Pp]rincipe|[Pp]rincipessa|[Dd]uca|[Zz]ar|San|Santa|Ospedale|Clinica|Policlinico|Istituto|Scuola|Liceo|Università|Via|via|Piazza|piazza|Viale|viale|Corso|corso|Largo|Ponte|Villa|Fondazione|Palazzo|Museo|Stadio|Centro|P\.zza|V\.le|C\.so|P\.za)(?:\s(?:di|del))*|Giovanni|Vittorio|Carlo)\s[^\W\d_]+\s(?:[^\W\d_]+\s)?$"
)
"""Before a name whose single letter is a numeral; elsewhere it is an initial."""
_PLAIN_HEADS: Final = words(
    "Allegato Appendice Atto Capitolo Classe Comma Fase Figura Grado Gruppo Legge Lezione Libro Livello Modulo "
    "Parte Quadro Scena Sezione Stadio Tabella Tipo Titolo Tomo Unità Volume Zona allegato appendice atto "
    "capitolo comma fase figura grado gruppo legge lezione libro livello modulo parte quadro scena stadio "
    "tabella tipo titolo tomo unità volume zona"
)


def _said(value: int, written: str, head: str, left: str, *, region: str = "") -> str:
    if len(written) == 1 and head in RULERS and not _ROYAL.search(left):
        return written
    if head in _PLAIN_HEADS:
        return cardinal(value)
    return ordinal(value, gender="f" if head in _FEMININE else "m")


RULERS: Final = words(
    "Adriano Agapito Alberto Alessandro Alfonso Amedeo Anastasio Anna Arduino Beatrice Benedetto Berengario "
    "Bonifacio Borso Callisto Carlo Carlomagno Casimiro Caterina Celestino Clemente Cleopatra Corrado Cosimo "
    "Costantino Cristina Damaso Edoardo Elisabetta Emanuele Enrico Ercole Eugenio Federico Felice Felipe "
    "Ferdinando Filippo Francesco Giacomo Gioacchino Giorgio Giovanna Giovanni Giuliana Giulio Giustiniano "
    "Gregorio Guglielmina Guglielmo Guidobaldo Gustavo Innocenzo Isabella Ivan Leone Leopoldo Liutprando "
    "Lorenzo Lotario Lucio Luigi Luisa Manfredi Marcello Margherita Maria Marino Martino Massimiliano "
    "Napoleone Niccolò Nicola Onorio Ottaviano Ottone Paolo Paschale Pasquale Pietro Pio Ramses Ranuccio "
    "Riccardo Rodolfo Ruggero Sergio Sigismondo Silvestro Simmaco Sisto Stefano Tancredi Teodoro Teodosio "
    "Tolomeo Ugo Umberto Urbano Vigilio Vittorio Zaccaria"
)
_AFTER_RULER: Final = "|".join(rf"(?<=\b{name} )" for name in sorted(RULERS))
ROMAN: Final = Roman(
    heads=_PLAIN_HEADS | words("secolo Secolo piano Piano"),
    rulers=RULERS,
    shape=r"(?=[IVX])(?:(?:(?<=\bsec\. )|(?<=\bSec\. ))(?:{numeral})(?!\w)"
    rf"|(?:{_AFTER_RULER})[IVX](?![\w-]|\.\s?[A-Z]|\s[A-Z]\w+$))",
    said=_said,
)
