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
        one, many, gender = text.split("/")
        table[language] = (one, many, gender)
    return table


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

UNITS: Mapping[str, Mapping[str, Unit]] = {
    "lb": _POUNDS,
    "lbs": _POUNDS,
    "hr": _HOURS,
    "hrs": _HOURS,
    "mins": _MINUTES,
    "ft": _row("foot/feet", "Fuß/Fuß/m", "pie/pies/m", "pied/pieds/m", "piede/piedi/m", "pé/pés/m", "英尺"),
    "oz": _row("ounce/ounces", "Unze/Unzen/f", "onza/onzas/f", "once/onces/f", "oncia/once/f", "onça/onças/f", "盎司"),
    "qm": _SQUARE_METRES,
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
    "ml": _row("milliliter/milliliters", "Milliliter/Milliliter/m", "mililitro/mililitros/m",
               "millilitre/millilitres/m", "millilitro/millilitri/m", "mililitro/mililitros/m", "毫升"),
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
    "MB": _row("megabyte/megabytes", "Megabyte/Megabyte/n", "megabyte/megabytes/m", "mégaoctet/mégaoctets/m",
               "megabyte/megabyte/m", "megabyte/megabytes/m", "兆字节"),
    "GB": _row("gigabyte/gigabytes", "Gigabyte/Gigabyte/n", "gigabyte/gigabytes/m", "gigaoctet/gigaoctets/m",
               "gigabyte/gigabyte/m", "gigabyte/gigabytes/m", "吉字节"),
    "km/h": _KILOMETRES_AN_HOUR,
    "m²": _SQUARE_METRES,
    "m2": _SQUARE_METRES,
    "m³": _CUBIC_METRES,
    "m3": _CUBIC_METRES,
    "°C": _CELSIUS,
    "°": _row("degree/degrees", "Grad/Grad/m", "grado/grados/m", "degré/degrés/m", "grado/gradi/m",
              "grau/graus/m", "度"),
}  # fmt: skip
"""Keyed by the sign as it is written, case included: `m` is a metre, `M` is nothing."""
