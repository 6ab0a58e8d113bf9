"""Currencies and large amounts in French."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from campaign.speech.languages.record import Currency, Magnitude

CURRENCIES: Final[Mapping[str, Currency]] = {
    "EUR": Currency("euro", "euros", "m", "centime", "centimes", "m"),
    "USD": Currency("dollar", "dollars", "m", "cent", "cents", "m"),
    "GBP": Currency("livre", "livres", "f", "penny", "pence", "m"),
    "CHF": Currency("franc", "francs", "m", "centime", "centimes", "m"),
    "JPY": Currency("yen", "yens", "m", "", "", "m"),
    "CNY": Currency("yuan", "yuans", "m", "fen", "fens", "m"),
    "BRL": Currency("réal", "réals", "m", "centavo", "centavos", "m"),
    "MXN": Currency("peso", "pesos", "m", "centavo", "centavos", "m"),
    "INR": Currency("roupie", "roupies", "f", "paisa", "paisas", "m"),
    "PLN": Currency("zloty", "zlotys", "m", "grosz", "groszy", "m"),
    "SEK": Currency("couronne", "couronnes", "f", "öre", "öre", "m"),
}
MAGNITUDES: Final[Mapping[str, Magnitude]] = {
    "k": Magnitude("mille", "mille", 3),
    "M": Magnitude("million", "millions", 6),
    "million": Magnitude("million", "millions", 6),
    "millions": Magnitude("million", "millions", 6),
    "Md": Magnitude("milliard", "milliards", 9),
    "milliards": Magnitude("milliard", "milliards", 9),
    "Mds": Magnitude("milliard", "milliards", 9),
    "milliard": Magnitude("milliard", "milliards", 9),
    "mille": Magnitude("mille", "mille", 3),
    "K": Magnitude("mille", "mille", 3),
}
FAMILIES: Final = (
    Currency("couronne", "couronnes", "f", "", "", "m"),
    Currency("livre", "livres", "f", "", "", "m"),
    Currency("sol", "sols", "m", "centime", "centimes", "m"),
    Currency("hryvnia", "hryvnias", "f", "", "", "m"),
)
"""Names that several currencies share."""
