"""Currencies and large amounts in Italian."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from campaign.speech.languages.record import Currency, Magnitude

CURRENCIES: Final[Mapping[str, Currency]] = {
    "EUR": Currency("euro", "euro", "m", "centesimo", "centesimi", "m"),
    "USD": Currency("dollaro", "dollari", "m", "centesimo", "centesimi", "m"),
    "GBP": Currency("sterlina", "sterline", "f", "penny", "pence", "m"),
    "CHF": Currency("franco", "franchi", "m", "centesimo", "centesimi", "m"),
    "JPY": Currency("yen", "yen", "m", "", "", "m"),
    "CNY": Currency("yuan", "yuan", "m", "fen", "fen", "m"),
    "BRL": Currency("real", "real", "m", "centavo", "centavos", "m"),
    "MXN": Currency("peso", "pesos", "m", "centavo", "centavos", "m"),
    "INR": Currency("rupia", "rupie", "f", "paisa", "paise", "m"),
    "PLN": Currency("zloty", "zloty", "m", "grosz", "groszy", "m"),
    "SEK": Currency("corona", "corone", "f", "öre", "öre", "m"),
}
MAGNITUDES: Final[Mapping[str, Magnitude]] = {
    "milioni": Magnitude("milione", "milioni", 6),
    "miliardi": Magnitude("miliardo", "miliardi", 9),
    "milione": Magnitude("milione", "milioni", 6),
    "miliardo": Magnitude("miliardo", "miliardi", 9),
    "k": Magnitude("mila", "mila", 3),
    "K": Magnitude("mila", "mila", 3),
    "M": Magnitude("milione", "milioni", 6),
    "Mln": Magnitude("milione", "milioni", 6),
    "Mld": Magnitude("miliardo", "miliardi", 9),
    "mln": Magnitude("milione", "milioni", 6),
    "mld": Magnitude("miliardo", "miliardi", 9),
    "mln.": Magnitude("milione", "milioni", 6),
    "mld.": Magnitude("miliardo", "miliardi", 9),
    "mila": Magnitude("mila", "mila", 3),
}
FAMILIES: Final = (
    Currency("corona", "corone", "f", "", "", "m"),
    Currency("lira", "lire", "f", "", "", "m"),
    Currency("grivnia", "grivnie", "f", "", "", "m"),
)
"""Names that several currencies share."""
