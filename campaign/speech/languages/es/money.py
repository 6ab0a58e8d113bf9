"""Currencies and large amounts in Spanish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from campaign.speech.languages.record import Currency, Magnitude

CURRENCIES: Final[Mapping[str, Currency]] = {
    "EUR": Currency("euro", "euros", "m", "céntimo", "céntimos", "m"),
    "USD": Currency("dólar", "dólares", "m", "centavo", "centavos", "m"),
    "GBP": Currency("libra", "libras", "f", "penique", "peniques", "m"),
    "CHF": Currency("franco", "francos", "m", "céntimo", "céntimos", "m"),
    "JPY": Currency("yen", "yenes", "m", "", "", "m"),
    "CNY": Currency("yuan", "yuanes", "m", "fen", "fenes", "m"),
    "BRL": Currency("real", "reales", "m", "centavo", "centavos", "m"),
    "MXN": Currency("peso", "pesos", "m", "centavo", "centavos", "m"),
    "INR": Currency("rupia", "rupias", "f", "paisa", "paisas", "m"),
    "PLN": Currency("esloti", "eslotis", "m", "groszy", "groszy", "m"),
    "SEK": Currency("corona", "coronas", "f", "öre", "öre", "m"),
}
MAGNITUDES: Final[Mapping[str, Magnitude]] = {
    "M": Magnitude("millón", "millones", 6),
    "mil": Magnitude("mil", "mil", 3),
    "millón": Magnitude("millón", "millones", 6),
    "millones": Magnitude("millón", "millones", 6),
}
