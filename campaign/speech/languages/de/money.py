"""Currencies and large amounts in German."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from campaign.speech.languages.record import Currency, Magnitude

CURRENCIES: Final[Mapping[str, Currency]] = {
    "EUR": Currency("Euro", "Euro", "m", "Cent", "Cent", "m"),
    "USD": Currency("Dollar", "Dollar", "m", "Cent", "Cent", "m"),
    "GBP": Currency("Pfund", "Pfund", "n", "Penny", "Pence", "m"),
    "CHF": Currency("Franken", "Franken", "m", "Rappen", "Rappen", "m"),
    "JPY": Currency("Yen", "Yen", "m", "", "", "m"),
    "CNY": Currency("Yuan", "Yuan", "m", "Fen", "Fen", "m"),
    "BRL": Currency("Real", "Reais", "m", "Centavo", "Centavos", "m"),
    "MXN": Currency("Peso", "Pesos", "m", "Centavo", "Centavos", "m"),
    "INR": Currency("Rupie", "Rupien", "f", "Paisa", "Paise", "m"),
    "PLN": Currency("Zloty", "Zloty", "m", "Groschen", "Groschen", "m"),
    "SEK": Currency("Krone", "Kronen", "f", "Öre", "Öre", "n"),
}
MAGNITUDES: Final[Mapping[str, Magnitude]] = {
    "Tsd.": Magnitude("tausend", "tausend", 3),
    "Mio.": Magnitude("Million", "Millionen", 6),
    "Million": Magnitude("Million", "Millionen", 6),
    "Millionen": Magnitude("Million", "Millionen", 6),
    "Mrd.": Magnitude("Milliarde", "Milliarden", 9),
    "Milliarden": Magnitude("Milliarde", "Milliarden", 9),
    "Mio": Magnitude("Million", "Millionen", 6),
    "Mrd": Magnitude("Milliarde", "Milliarden", 9),
    "Tsd": Magnitude("tausend", "tausend", 3),
    "Bio.": Magnitude("Billion", "Billionen", 12),
    "Milliarde": Magnitude("Milliarde", "Milliarden", 9),
    "Billionen": Magnitude("Billion", "Billionen", 12),
    "Tausend": Magnitude("tausend", "tausend", 3),
    "tausend": Magnitude("tausend", "tausend", 3),
}
FAMILIES: Final = (
    Currency("Krone", "Kronen", "f", "", "", "m"),
    Currency("Lira", "Lira", "f", "", "", "m"),
    Currency("Rupie", "Rupien", "f", "Paisa", "Paise", "m"),
    Currency("Griwna", "Griwna", "f", "", "", "m"),
    Currency("Franc", "Francs", "m", "Centime", "Centimes", "m"),
    Currency("Sol", "Sol", "m", "Céntimo", "Céntimos", "m"),
)
"""Names that several currencies share."""
