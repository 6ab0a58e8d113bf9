"""Currencies and large amounts in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from campaign.speech.languages.record import Currency, Magnitude

CURRENCIES: Final[Mapping[str, Currency]] = {
    "EUR": Currency("euro", "euros", "m", "cent", "cents", "m"),
    "USD": Currency("dollar", "dollars", "m", "cent", "cents", "m"),
    "GBP": Currency("pound", "pounds", "m", "penny", "pence", "m"),
    "CHF": Currency("Swiss franc", "Swiss francs", "m", "centime", "centimes", "m"),
    "JPY": Currency("yen", "yen", "m", "", "", "m"),
    "CNY": Currency("yuan", "yuan", "m", "fen", "fen", "m"),
    "BRL": Currency("real", "reais", "m", "centavo", "centavos", "m"),
    "MXN": Currency("peso", "pesos", "m", "centavo", "centavos", "m"),
    "INR": Currency("rupee", "rupees", "m", "paisa", "paise", "m"),
    "PLN": Currency("zloty", "zlotys", "m", "grosz", "groszy", "m"),
    "SEK": Currency("krona", "kronor", "m", "öre", "öre", "m"),
}
MAGNITUDES: Final[Mapping[str, Magnitude]] = {
    "k": Magnitude("thousand", "thousand", 3),
    "K": Magnitude("thousand", "thousand", 3),
    "thousand": Magnitude("thousand", "thousand", 3),
    "m": Magnitude("million", "million", 6),
    "M": Magnitude("million", "million", 6),
    "million": Magnitude("million", "million", 6),
    "bn": Magnitude("billion", "billion", 9),
    "B": Magnitude("billion", "billion", 9),
    "billion": Magnitude("billion", "billion", 9),
    "trillion": Magnitude("trillion", "trillion", 12),
    "bil": Magnitude("billion", "billion", 9),
    "mil": Magnitude("million", "million", 6),
    "mn": Magnitude("million", "million", 6),
    "mln": Magnitude("million", "million", 6),
    "mio": Magnitude("million", "million", 6),
    "tn": Magnitude("trillion", "trillion", 12),
    "trn": Magnitude("trillion", "trillion", 12),
    "lakh": Magnitude("lakh", "lakh", 5),
    "lakhs": Magnitude("lakh", "lakh", 5),
    "crore": Magnitude("crore", "crore", 7),
    "crores": Magnitude("crore", "crore", 7),
    "Cr": Magnitude("crore", "crore", 7),
    "b": Magnitude("billion", "billion", 9),
}
FAMILIES: Final = (
    Currency("franc", "francs", "m", "centime", "centimes", "m"),
    Currency("krone", "kroner", "m", "øre", "øre", "m"),
    Currency("sol", "soles", "m", "centimo", "centimos", "m"),
)
"""Names that several currencies share."""
