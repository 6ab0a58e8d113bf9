"""Currencies and large amounts in Portuguese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from campaign.speech.languages.record import Currency, Magnitude

CURRENCIES: Final[Mapping[str, Currency]] = {
    "EUR": Currency("euro", "euros", "m", "cêntimo", "cêntimos", "m"),
    "USD": Currency("dólar", "dólares", "m", "cêntimo", "cêntimos", "m"),
    "GBP": Currency("libra", "libras", "f", "péni", "pence", "m"),
    "CHF": Currency("franco", "francos", "m", "cêntimo", "cêntimos", "m"),
    "JPY": Currency("iene", "ienes", "m", "", "", "m"),
    "CNY": Currency("yuan", "yuans", "m", "fen", "fens", "m"),
    "BRL": Currency("real", "reais", "m", "centavo", "centavos", "m"),
    "MXN": Currency("peso", "pesos", "m", "centavo", "centavos", "m"),
    "INR": Currency("rupia", "rupias", "f", "paisa", "paisas", "m"),
    "PLN": Currency("zlóti", "zlótis", "m", "grosz", "groszy", "m"),
    "SEK": Currency("coroa", "coroas", "f", "öre", "öre", "m"),
}
MAGNITUDES: Final[Mapping[str, Magnitude]] = {
    "milhões": Magnitude("milhão", "milhões", 6),
    "milhão": Magnitude("milhão", "milhões", 6),
    "k": Magnitude("mil", "mil", 3),
    "K": Magnitude("mil", "mil", 3),
    "M": Magnitude("milhão", "milhões", 6),
    "MM": Magnitude("milhão", "milhões", 6),
    "mM": Magnitude("mil milhões", "mil milhões", 9),
    "mil milhões": Magnitude("mil milhões", "mil milhões", 9),
    "mil": Magnitude("mil", "mil", 3),
    "bilhões": Magnitude("bilhão", "bilhões", 9),
    "bilhão": Magnitude("bilhão", "bilhões", 9),
    "mi": Magnitude("milhão", "milhões", 6),
    "bi": Magnitude("bilhão", "bilhões", 9),
    "tri": Magnitude("trilhão", "trilhões", 12),
    "trilhões": Magnitude("trilhão", "trilhões", 12),
    "milhares": Magnitude("milhar", "milhares", 3),
}
FAMILIES: Final = (
    Currency("coroa", "coroas", "f", "", "", "m"),
    Currency("lira", "liras", "f", "", "", "m"),
    Currency("grívnia", "grívnias", "f", "", "", "m"),
    Currency("kwanza", "kwanzas", "m", "cêntimo", "cêntimos", "m"),
    Currency("metical", "meticais", "m", "centavo", "centavos", "m"),
    Currency("escudo", "escudos", "m", "centavo", "centavos", "m"),
)
"""Names that several currencies share."""
