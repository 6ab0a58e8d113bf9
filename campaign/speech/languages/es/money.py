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
    "NIO": Currency("córdoba", "córdobas", "m", "centavo", "centavos", "m"),
    "SEK": Currency("corona", "coronas", "f", "öre", "öre", "m"),
}
MAGNITUDES: Final[Mapping[str, Magnitude]] = {
    "k": Magnitude("mil", "mil", 3),
    "K": Magnitude("mil", "mil", 3),
    "mill": Magnitude("millón", "millones", 6),
    "M": Magnitude("millón", "millones", 6),
    "mil": Magnitude("mil", "mil", 3),
    "millón": Magnitude("millón", "millones", 6),
    "millones": Magnitude("millón", "millones", 6),
    "mill.": Magnitude("millón", "millones", 6),
    "MM": Magnitude("millón", "millones", 6),
    "billones": Magnitude("billón", "billones", 12),
    "billón": Magnitude("billón", "billones", 12),
}
FAMILIES: Final = (
    Currency("sol", "soles", "m", "céntimo", "céntimos", "m"),
    Currency("corona", "coronas", "f", "", "", "m"),
    Currency("lira", "liras", "f", "", "", "m"),
    Currency("grivna", "grivnas", "f", "", "", "m"),
    Currency("boliviano", "bolivianos", "m", "centavo", "centavos", "m"),
    Currency("quetzal", "quetzales", "m", "centavo", "centavos", "m"),
    Currency("lempira", "lempiras", "m", "centavo", "centavos", "m"),
    Currency("colón", "colones", "m", "céntimo", "céntimos", "m"),
    Currency("guaraní", "guaraníes", "m", "", "", "m"),
    Currency("bolívar", "bolívares", "m", "céntimo", "céntimos", "m"),
    Currency("balboa", "balboas", "m", "centésimo", "centésimos", "m"),
)
"""Names that several currencies share."""
