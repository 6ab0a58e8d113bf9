"""Units of measure in Portuguese, by the sign as it is written: `m` is a metre, `M` is nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from campaign.speech.languages.record import Durations, Unit

UNITS: Final[Mapping[str, Unit]] = {
    "lb": Unit("libra", "libras", "f"),
    "lbs": Unit("libra", "libras", "f"),
    "hr": Unit("hora", "horas", "f"),
    "hrs": Unit("hora", "horas", "f"),
    "mins": Unit("minuto", "minutos"),
    "comp": Unit("comprimido", "comprimidos"),
    "ft": Unit("pé", "pés"),
    "oz": Unit("onça", "onças", "f"),
    "qm": Unit("metro quadrado", "metros quadrados"),
    "km": Unit("quilómetro", "quilómetros"),
    "m": Unit("metro", "metros"),
    "cm": Unit("centímetro", "centímetros"),
    "mm": Unit("milímetro", "milímetros"),
    "kg": Unit("quilograma", "quilogramas"),
    "g": Unit("grama", "gramas"),
    "mg": Unit("miligrama", "miligramas"),
    "l": Unit("litro", "litros"),
    "L": Unit("litro", "litros"),
    "h": Unit("hora", "horas", "f"),
    "Std": Unit("hora", "horas", "f"),
    "min": Unit("minuto", "minutos"),
    "s": Unit("segundo", "segundos"),
    "kWh": Unit("quilowatt-hora", "quilowatts-hora"),
    "kW": Unit("quilowatt", "quilowatts"),
    "MB": Unit("megabyte", "megabytes"),
    "GB": Unit("gigabyte", "gigabytes"),
    "°F": Unit("grau Fahrenheit", "graus Fahrenheit"),
    "mph": Unit("milha por hora", "milhas por hora", "f"),
    "yd": Unit("jarda", "jardas", "f"),
    "dl": Unit("decilitro", "decilitros"),
    "dL": Unit("decilitro", "decilitros"),
    "cl": Unit("centilitro", "centilitros"),
    "mL": Unit("mililitro", "mililitros"),
    "ml": Unit("mililitro", "mililitros"),
    "µg": Unit("micrograma", "microgramas"),
    "μg": Unit("micrograma", "microgramas"),
    "mcg": Unit("micrograma", "microgramas"),
    "mmol": Unit("milimol", "milimoles"),
    "mmHg": Unit("milímetro de mercúrio", "milímetros de mercúrio"),
    "kcal": Unit("quilocaloria", "quilocalorias", "f"),
    "W": Unit("watt", "watts"),
    "V": Unit("volt", "volts"),
    "MW": Unit("megawatt", "megawatts"),
    "MWh": Unit("megawatt-hora", "megawatts-hora"),
    "Hz": Unit("hertz", "hertz"),
    "cm²": Unit("centímetro quadrado", "centímetros quadrados"),
    "km²": Unit("quilómetro quadrado", "quilómetros quadrados"),
    "TB": Unit("terabyte", "terabytes"),
    "KB": Unit("kilobyte", "kilobytes"),
    "kB": Unit("kilobyte", "kilobytes"),
    "Mbit": Unit("megabit", "megabits"),
    "km/h": Unit("quilómetro por hora", "quilómetros por hora"),
    "m²": Unit("metro quadrado", "metros quadrados"),
    "m2": Unit("metro quadrado", "metros quadrados"),
    "m³": Unit("metro cúbico", "metros cúbicos"),
    "m3": Unit("metro cúbico", "metros cúbicos"),
    "°C": Unit("grau Celsius", "graus Celsius"),
    "℃": Unit("grau Celsius", "graus Celsius"),
    "㎡": Unit("metro quadrado", "metros quadrados"),
    "°": Unit("grau", "graus"),
}
DOTTED_UNITS: Final = frozenset(
    (
        "Std",
        "comp",
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
        "w": "semana semanas",
        "d": "dia dias",
        "h": "h hora horas",
        "min": "min minuto minutos",
        "s": "s segundo segundos",
    },
    day=Unit("dia", "dias"),
    week=Unit("semana", "semanas", "f"),
)
