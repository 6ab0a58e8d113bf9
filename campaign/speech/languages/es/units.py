"""Units of measure in Spanish, by the sign as it is written: `m` is a metre, `M` is nothing."""

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
    "ft": Unit("pie", "pies"),
    "oz": Unit("onza", "onzas", "f"),
    "qm": Unit("metro cuadrado", "metros cuadrados"),
    "km": Unit("kilómetro", "kilómetros"),
    "m": Unit("metro", "metros"),
    "cm": Unit("centímetro", "centímetros"),
    "mm": Unit("milímetro", "milímetros"),
    "kg": Unit("kilogramo", "kilogramos"),
    "g": Unit("gramo", "gramos"),
    "mg": Unit("miligramo", "miligramos"),
    "l": Unit("litro", "litros"),
    "L": Unit("litro", "litros"),
    "h": Unit("hora", "horas", "f"),
    "Std": Unit("hora", "horas", "f"),
    "min": Unit("minuto", "minutos"),
    "s": Unit("segundo", "segundos"),
    "kWh": Unit("kilovatio hora", "kilovatios hora"),
    "kW": Unit("kilovatio", "kilovatios"),
    "MB": Unit("megabyte", "megabytes"),
    "GB": Unit("gigabyte", "gigabytes"),
    "°F": Unit("grado Fahrenheit", "grados Fahrenheit"),
    "mph": Unit("milla por hora", "millas por hora", "f"),
    "yd": Unit("yarda", "yardas", "f"),
    "dl": Unit("decilitro", "decilitros"),
    "dL": Unit("decilitro", "decilitros"),
    "cl": Unit("centilitro", "centilitros"),
    "mL": Unit("mililitro", "mililitros"),
    "ml": Unit("mililitro", "mililitros"),
    "µg": Unit("microgramo", "microgramos"),
    "μg": Unit("microgramo", "microgramos"),
    "mcg": Unit("microgramo", "microgramos"),
    "mmol": Unit("milimol", "milimoles"),
    "mmHg": Unit("milímetro de mercurio", "milímetros de mercurio"),
    "kcal": Unit("kilocaloría", "kilocalorías", "f"),
    "W": Unit("vatio", "vatios"),
    "V": Unit("voltio", "voltios"),
    "MW": Unit("megavatio", "megavatios"),
    "MWh": Unit("megavatio hora", "megavatios hora"),
    "Hz": Unit("hercio", "hercios"),
    "cm²": Unit("centímetro cuadrado", "centímetros cuadrados"),
    "km²": Unit("kilómetro cuadrado", "kilómetros cuadrados"),
    "TB": Unit("terabyte", "terabytes"),
    "KB": Unit("kilobyte", "kilobytes"),
    "kB": Unit("kilobyte", "kilobytes"),
    "Mbit": Unit("megabit", "megabits"),
    "km/h": Unit("kilómetro por hora", "kilómetros por hora"),
    "m²": Unit("metro cuadrado", "metros cuadrados"),
    "m2": Unit("metro cuadrado", "metros cuadrados"),
    "m³": Unit("metro cúbico", "metros cúbicos"),
    "m3": Unit("metro cúbico", "metros cúbicos"),
    "°C": Unit("grado Celsius", "grados Celsius"),
    "℃": Unit("grado Celsius", "grados Celsius"),
    "㎡": Unit("metro cuadrado", "metros cuadrados"),
    "°": Unit("grado", "grados"),
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
        "d": "día días",
        "h": "h hora horas",
        "min": "min minuto minutos",
        "s": "s segundo segundos",
    },
    day=Unit("día", "días"),
    week=Unit("semana", "semanas", "f"),
)
