"""Units of measure in Italian, by the sign as it is written: `m` is a metre, `M` is nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from campaign.speech.languages.record import Durations, Unit

UNITS: Final[Mapping[str, Unit]] = {
    "lb": Unit("libbra", "libbre", "f"),
    "lbs": Unit("libbra", "libbre", "f"),
    "hr": Unit("ora", "ore", "f"),
    "hrs": Unit("ora", "ore", "f"),
    "mins": Unit("minuto", "minuti"),
    "ft": Unit("piede", "piedi"),
    "oz": Unit("oncia", "once", "f"),
    "qm": Unit("metro quadrato", "metri quadrati"),
    "km": Unit("chilometro", "chilometri"),
    "m": Unit("metro", "metri"),
    "cm": Unit("centimetro", "centimetri"),
    "mm": Unit("millimetro", "millimetri"),
    "kg": Unit("chilogrammo", "chilogrammi"),
    "g": Unit("grammo", "grammi"),
    "mg": Unit("milligrammo", "milligrammi"),
    "l": Unit("litro", "litri"),
    "L": Unit("litro", "litri"),
    "h": Unit("ora", "ore", "f"),
    "Std": Unit("ora", "ore", "f"),
    "min": Unit("minuto", "minuti"),
    "s": Unit("secondo", "secondi"),
    "kWh": Unit("chilowattora", "chilowattora"),
    "kW": Unit("chilowatt", "chilowatt"),
    "MB": Unit("megabyte", "megabyte"),
    "GB": Unit("gigabyte", "gigabyte"),
    "°F": Unit("grado Fahrenheit", "gradi Fahrenheit"),
    "mph": Unit("miglio orario", "miglia orarie"),
    "yd": Unit("iarda", "iarde", "f"),
    "dl": Unit("decilitro", "decilitri"),
    "dL": Unit("decilitro", "decilitri"),
    "cl": Unit("centilitro", "centilitri"),
    "mL": Unit("millilitro", "millilitri"),
    "ml": Unit("millilitro", "millilitri"),
    "µg": Unit("microgrammo", "microgrammi"),
    "μg": Unit("microgrammo", "microgrammi"),
    "mcg": Unit("microgrammo", "microgrammi"),
    "mmol": Unit("millimole", "millimoli", "f"),
    "mmHg": Unit("millimetro di mercurio", "millimetri di mercurio"),
    "kcal": Unit("chilocaloria", "chilocalorie", "f"),
    "W": Unit("watt", "watt"),
    "V": Unit("volt", "volt"),
    "MW": Unit("megawatt", "megawatt"),
    "MWh": Unit("megawattora", "megawattora"),
    "Hz": Unit("hertz", "hertz"),
    "cm²": Unit("centimetro quadrato", "centimetri quadrati"),
    "km²": Unit("chilometro quadrato", "chilometri quadrati"),
    "TB": Unit("terabyte", "terabyte"),
    "KB": Unit("kilobyte", "kilobyte"),
    "kB": Unit("kilobyte", "kilobyte"),
    "Mbit": Unit("megabit", "megabit"),
    "km/h": Unit("chilometro orario", "chilometri orari"),
    "m²": Unit("metro quadrato", "metri quadrati"),
    "m2": Unit("metro quadrato", "metri quadrati"),
    "m³": Unit("metro cubo", "metri cubi"),
    "m3": Unit("metro cubo", "metri cubi"),
    "°C": Unit("grado Celsius", "gradi Celsius"),
    "℃": Unit("grado Celsius", "gradi Celsius"),
    "㎡": Unit("metro quadrato", "metri quadrati"),
    "°": Unit("grado", "gradi"),
}
DOTTED_UNITS: Final = frozenset(
    (
        "Std",
        "ft",
        "hr",
        "hrs",
        "lb",
        "lbs",
        "min",
        "mins",
        "oz",
    )
)
"""Also written with a dot."""
DURATIONS: Final = Durations(
    written={
        "w": "settimana settimane",
        "d": "giorno giorni",
        "h": "h ora ore",
        "min": "min minuto minuti",
        "s": "s secondo secondi",
    },
    day=Unit("giorno", "giorni"),
    week=Unit("settimana", "settimane", "f"),
)
