"""Units of measure by name: (one, many, gender) per language."""

from __future__ import annotations

from collections.abc import Mapping

Unit = tuple[str, str, str]

VULGAR_FRACTIONS = {
    "½": "1/2",
    "¼": "1/4",
    "¾": "3/4",
    "⅓": "1/3",
    "⅔": "2/3",
    "⅛": "1/8",
    "⅜": "3/8",
    "⅝": "5/8",
}


def _row(en: str, de: str, es: str, fr: str, it: str, pt: str, zh: str) -> Mapping[str, Unit]:
    """`one/many/gender` per language; English needs no gender, Chinese neither number nor gender."""
    table: dict[str, Unit] = {"zh": (zh, zh, "m")}
    for language, text in (("en", en + "/m"), ("de", de), ("es", es), ("fr", fr), ("it", it), ("pt", pt)):
        singular, plural, gender = text.split("/")
        table[language] = (singular, plural, gender)
    return table


def _only(languages: str, row: Mapping[str, Unit]) -> Mapping[str, Unit]:
    """`row` where its sign is no word of the language: `ha` is one in Spanish, `mi` in Italian."""
    return {language: row[language] for language in languages.split()}


_KILOMETRES_AN_HOUR = _row(
    "kilometer per hour/kilometers per hour", "Kilometer pro Stunde/Kilometer pro Stunde/m",
    "kilómetro por hora/kilómetros por hora/m", "kilomètre-heure/kilomètres-heure/m",
    "chilometro orario/chilometri orari/m", "quilómetro por hora/quilómetros por hora/m", "公里每小时",
)  # fmt: skip
_SQUARE_METRES = _row(
    "square meter/square meters", "Quadratmeter/Quadratmeter/m", "metro cuadrado/metros cuadrados/m",
    "mètre carré/mètres carrés/m", "metro quadrato/metri quadrati/m", "metro quadrado/metros quadrados/m", "平方米",
)  # fmt: skip
_CUBIC_METRES = _row(
    "cubic meter/cubic meters", "Kubikmeter/Kubikmeter/m", "metro cúbico/metros cúbicos/m",
    "mètre cube/mètres cubes/m", "metro cubo/metri cubi/m", "metro cúbico/metros cúbicos/m", "立方米",
)  # fmt: skip
_LITRES = _row(
    "liter/liters",
    "Liter/Liter/m",
    "litro/litros/m",
    "litre/litres/m",
    "litro/litri/m",
    "litro/litros/m",
    "升",
)
_HOURS = _row(
    "hour/hours", "Stunde/Stunden/f", "hora/horas/f", "heure/heures/f", "ora/ore/f", "hora/horas/f", "小时"
)
_CELSIUS = _row(
    "degree Celsius/degrees Celsius", "Grad Celsius/Grad Celsius/m", "grado Celsius/grados Celsius/m",
    "degré Celsius/degrés Celsius/m", "grado Celsius/gradi Celsius/m", "grau Celsius/graus Celsius/m", "摄氏",
)  # fmt: skip

_MINUTES = _row(
    "minute/minutes", "Minute/Minuten/f", "minuto/minutos/m", "minute/minutes/f", "minuto/minuti/m", "minuto/minutos/m",
    "分钟",
)  # fmt: skip
_POUNDS = _row(
    "pound/pounds",
    "Pfund/Pfund/n",
    "libra/libras/f",
    "livre/livres/f",
    "libbra/libbre/f",
    "libra/libras/f",
    "磅",
)

_MILLILITRES = _row(
    "milliliter/milliliters", "Milliliter/Milliliter/m", "mililitro/mililitros/m", "millilitre/millilitres/m",
    "millilitro/millilitri/m", "mililitro/mililitros/m", "毫升",
)  # fmt: skip
_DECILITRES = _row(
    "deciliter/deciliters", "Deziliter/Deziliter/m", "decilitro/decilitros/m", "décilitre/décilitres/m",
    "decilitro/decilitri/m", "decilitro/decilitros/m", "分升",
)  # fmt: skip
_MICROGRAMS = _row(
    "microgram/micrograms", "Mikrogramm/Mikrogramm/n", "microgramo/microgramos/m", "microgramme/microgrammes/m",
    "microgrammo/microgrammi/m", "micrograma/microgramas/m", "微克",
)  # fmt: skip
_KILOBYTES = _row(
    "kilobyte/kilobytes", "Kilobyte/Kilobyte/n", "kilobyte/kilobytes/m", "kilooctet/kilooctets/m",
    "kilobyte/kilobyte/m", "kilobyte/kilobytes/m", "千字节",
)  # fmt: skip

_MEGABYTES = _row(
    "megabyte/megabytes", "Megabyte/Megabyte/n", "megabyte/megabytes/m", "mégaoctet/mégaoctets/m",
    "megabyte/megabyte/m", "megabyte/megabytes/m", "兆字节",
)  # fmt: skip
_GIGABYTES = _row(
    "gigabyte/gigabytes", "Gigabyte/Gigabyte/n", "gigabyte/gigabytes/m", "gigaoctet/gigaoctets/m",
    "gigabyte/gigabyte/m", "gigabyte/gigabytes/m", "吉字节",
)  # fmt: skip
_TERABYTES = _row(
    "terabyte/terabytes", "Terabyte/Terabyte/n", "terabyte/terabytes/m", "téraoctet/téraoctets/m",
    "terabyte/terabyte/m", "terabyte/terabytes/m", "太字节",
)  # fmt: skip
_YEARS = _row("year/years", "Jahr/Jahre/n", "año/años/m", "an/ans/m", "anno/anni/m", "ano/anos/m", "年")
_GALLONS = _row("gallon/gallons", "Gallone/Gallonen/f", "galón/galones/m", "gallon/gallons/m", "gallone/galloni/m",
                "galão/galões/m", "加仑")  # fmt: skip
_TABLETS = _row("tablet/tablets", "Tablette/Tabletten/f", "comprimido/comprimidos/m", "comprimé/comprimés/m",
                "compressa/compresse/f", "comprimido/comprimidos/m", "片")  # fmt: skip
_CENTS = _row("cent/cents", "Cent/Cent/m", "céntimo/céntimos/m", "centime/centimes/m", "centesimo/centesimi/m",
              "cêntimo/cêntimos/m", "分")  # fmt: skip

DOTTED_UNITS = frozenset(
    [
        "ft",
        "oz",
        "lb",
        "lbs",
        "hr",
        "hrs",
        "min",
        "mins",
        "yr",
        "yrs",
        "gal",
        "mi",
        "Std",
        "Min",
        "Tbl",
        "comp",
        "cp",
    ]
)
"""Short forms that are also written with a dot."""
UNITS: Mapping[str, Mapping[str, Unit]] = {
    "lb": _POUNDS,
    "lbs": _POUNDS,
    "hr": _HOURS,
    "yr": _only("en", _YEARS),
    "yrs": _only("en", _YEARS),
    "gal": _only("en", _GALLONS),
    "hrs": _HOURS,
    "mins": _MINUTES,
    "Min": _only("de", _MINUTES),
    "Tbl": _only("de", _TABLETS),
    "comp": _only("es pt", _TABLETS),
    "cp": _only("fr", _TABLETS),
    "ft": _row("foot/feet", "Fuß/Fuß/m", "pie/pies/m", "pied/pieds/m", "piede/piedi/m", "pé/pés/m", "英尺"),
    "oz": _row("ounce/ounces", "Unze/Unzen/f", "onza/onzas/f", "once/onces/f", "oncia/once/f", "onça/onças/f", "盎司"),
    "qm": _SQUARE_METRES,
    "ct": _only("de", _CENTS),
    "km": _row("kilometer/kilometers", "Kilometer/Kilometer/m", "kilómetro/kilómetros/m", "kilomètre/kilomètres/m",
               "chilometro/chilometri/m", "quilómetro/quilómetros/m", "公里"),
    "m": _row("meter/meters", "Meter/Meter/m", "metro/metros/m", "mètre/mètres/m", "metro/metri/m",
              "metro/metros/m", "米"),
    "cm": _row("centimeter/centimeters", "Zentimeter/Zentimeter/m", "centímetro/centímetros/m",
               "centimètre/centimètres/m", "centimetro/centimetri/m", "centímetro/centímetros/m", "厘米"),
    "mm": _row("millimeter/millimeters", "Millimeter/Millimeter/m", "milímetro/milímetros/m",
               "millimètre/millimètres/m", "millimetro/millimetri/m", "milímetro/milímetros/m", "毫米"),
    "kg": _row("kilogram/kilograms", "Kilogramm/Kilogramm/n", "kilogramo/kilogramos/m", "kilogramme/kilogrammes/m",
               "chilogrammo/chilogrammi/m", "quilograma/quilogramas/m", "公斤"),
    "g": _row("gram/grams", "Gramm/Gramm/n", "gramo/gramos/m", "gramme/grammes/m", "grammo/grammi/m",
              "grama/gramas/m", "克"),
    "mg": _row("milligram/milligrams", "Milligramm/Milligramm/n", "miligramo/miligramos/m",
               "milligramme/milligrammes/m", "milligrammo/milligrammi/m", "miligrama/miligramas/m", "毫克"),
    "l": _LITRES,
    "L": _LITRES,
    "h": _HOURS,
    "Std": _HOURS,
    "min": _row("minute/minutes", "Minute/Minuten/f", "minuto/minutos/m", "minute/minutes/f", "minuto/minuti/m",
                "minuto/minutos/m", "分钟"),
    "s": _row("second/seconds", "Sekunde/Sekunden/f", "segundo/segundos/m", "seconde/secondes/f",
              "secondo/secondi/m", "segundo/segundos/m", "秒"),
    "kWh": _row("kilowatt-hour/kilowatt-hours", "Kilowattstunde/Kilowattstunden/f", "kilovatio hora/kilovatios hora/m",
                "kilowattheure/kilowattheures/m", "chilowattora/chilowattora/m", "quilowatt-hora/quilowatts-hora/m",
                "千瓦时"),
    "kW": _row("kilowatt/kilowatts", "Kilowatt/Kilowatt/n", "kilovatio/kilovatios/m", "kilowatt/kilowatts/m",
               "chilowatt/chilowatt/m", "quilowatt/quilowatts/m", "千瓦"),
    "MB": _MEGABYTES,
    "GB": _GIGABYTES,
    "°F": _row("degree Fahrenheit/degrees Fahrenheit", "Grad Fahrenheit/Grad Fahrenheit/m",
               "grado Fahrenheit/grados Fahrenheit/m", "degré Fahrenheit/degrés Fahrenheit/m",
               "grado Fahrenheit/gradi Fahrenheit/m", "grau Fahrenheit/graus Fahrenheit/m", "华氏度"),
    "mph": _row("mile per hour/miles per hour", "Meile pro Stunde/Meilen pro Stunde/f",
                "milla por hora/millas por hora/f", "mille par heure/milles par heure/m",
                "miglio orario/miglia orarie/m", "milha por hora/milhas por hora/f", "英里每小时"),
    "mi": _only("en", _row("mile/miles", "Meile/Meilen/f", "milla/millas/f", "mille/milles/m", "miglio/miglia/m",
                           "milha/milhas/f", "英里")),
    "yd": _row("yard/yards", "Yard/Yards/n", "yarda/yardas/f", "yard/yards/m", "iarda/iarde/f", "jarda/jardas/f", "码"),
    "dl": _DECILITRES,
    "dL": _DECILITRES,
    "cl": _row("centiliter/centiliters", "Zentiliter/Zentiliter/m", "centilitro/centilitros/m",
               "centilitre/centilitres/m", "centilitro/centilitri/m", "centilitro/centilitros/m", "厘升"),
    "mL": _MILLILITRES,
    "ml": _MILLILITRES,
    "µg": _MICROGRAMS,
    "μg": _MICROGRAMS,
    "mcg": _MICROGRAMS,
    "mmol": _row("millimole/millimoles", "Millimol/Millimol/n", "milimol/milimoles/m", "millimole/millimoles/f",
                 "millimole/millimoli/f", "milimol/milimoles/m", "毫摩尔"),
    "mmHg": _row("millimeter of mercury/millimeters of mercury",
                 "Millimeter Quecksilbersäule/Millimeter Quecksilbersäule/m",
                 "milímetro de mercurio/milímetros de mercurio/m", "millimètre de mercure/millimètres de mercure/m",
                 "millimetro di mercurio/millimetri di mercurio/m", "milímetro de mercúrio/milímetros de mercúrio/m",
                 "毫米汞柱"),
    "kcal": _row("kilocalorie/kilocalories", "Kilokalorie/Kilokalorien/f", "kilocaloría/kilocalorías/f",
                 "kilocalorie/kilocalories/f", "chilocaloria/chilocalorie/f", "quilocaloria/quilocalorias/f", "千卡"),
    "W": _row("watt/watts", "Watt/Watt/n", "vatio/vatios/m", "watt/watts/m", "watt/watt/m", "watt/watts/m", "瓦"),
    "V": _row("volt/volts", "Volt/Volt/n", "voltio/voltios/m", "volt/volts/m", "volt/volt/m", "volt/volts/m", "伏"),
    "MW": _row("megawatt/megawatts", "Megawatt/Megawatt/n", "megavatio/megavatios/m", "mégawatt/mégawatts/m",
               "megawatt/megawatt/m", "megawatt/megawatts/m", "兆瓦"),
    "MWh": _row("megawatt-hour/megawatt-hours", "Megawattstunde/Megawattstunden/f",
                "megavatio hora/megavatios hora/m", "mégawattheure/mégawattheures/m", "megawattora/megawattora/m",
                "megawatt-hora/megawatts-hora/m", "兆瓦时"),
    "Hz": _row("hertz/hertz", "Hertz/Hertz/n", "hercio/hercios/m", "hertz/hertz/m", "hertz/hertz/m", "hertz/hertz/m",
               "赫兹"),
    "ha": _only("en de fr", _row("hectare/hectares", "Hektar/Hektar/m", "hectárea/hectáreas/f", "hectare/hectares/m",
                                 "ettaro/ettari/m", "hectare/hectares/m", "公顷")),
    "cm²": _row("square centimeter/square centimeters", "Quadratzentimeter/Quadratzentimeter/m",
                "centímetro cuadrado/centímetros cuadrados/m", "centimètre carré/centimètres carrés/m",
                "centimetro quadrato/centimetri quadrati/m", "centímetro quadrado/centímetros quadrados/m", "平方厘米"),
    "km²": _row("square kilometer/square kilometers", "Quadratkilometer/Quadratkilometer/m",
                "kilómetro cuadrado/kilómetros cuadrados/m", "kilomètre carré/kilomètres carrés/m",
                "chilometro quadrato/chilometri quadrati/m", "quilómetro quadrado/quilómetros quadrados/m", "平方公里"),
    "TB": _TERABYTES,
    "KB": _KILOBYTES,
    "kB": _KILOBYTES,
    "Mbit": _row("megabit/megabits", "Megabit/Megabit/n", "megabit/megabits/m", "mégabit/mégabits/m",
                 "megabit/megabit/m", "megabit/megabits/m", "兆比特"),
    "Mo": _only("fr", _MEGABYTES),
    "Go": _only("fr", _GIGABYTES),
    "To": _only("fr", _TERABYTES),
    "km/h": _KILOMETRES_AN_HOUR,
    "m²": _SQUARE_METRES,
    "m2": _SQUARE_METRES,
    "m³": _CUBIC_METRES,
    "m3": _CUBIC_METRES,
    "°C": _CELSIUS,
    "℃": _CELSIUS,
    "㎡": _SQUARE_METRES,
    "°": _row("degree/degrees", "Grad/Grad/m", "grado/grados/m", "degré/degrés/m", "grado/gradi/m",
              "grau/graus/m", "度"),
}  # fmt: skip
"""Keyed by the sign as it is written, case included: `m` is a metre, `M` is nothing."""
