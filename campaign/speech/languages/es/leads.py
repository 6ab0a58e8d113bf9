"""What stands before a number in Spanish and says how it is read."""

from __future__ import annotations

from typing import Final

from campaign.speech.languages.record import Leads, leading

LEADS: Final = Leads(
    dial=(
        "al ",
    ),
    code=(
        "Tarjeta ", "tarjeta ", "CP ", "STOP al ", "SÍ al ", "BAJA al ", "terminada en ", "terminado en ",
        "termina en ", "acabada en ",
        *leading(
            "PIN", "código", "Código", "clave", "contraseña", "cuenta", "número de cuenta", "número de cliente",
            "código de verificación", "código de seguridad", "número de póliza", "referencia", "número de pedido",
            links=(" ", ": ", " es ", " es el "),
        ),
    ),
    day=(
        "el ", "El ", "día ", "al ", "Del ", "del ", "lun. ", "mar. ", "mié. ", "jue. ", "vie. ", "sáb. ", "dom. ",
        "lunes ", "martes ", "miércoles ", "jueves ", "viernes ", "sábado ", "domingo ",
    ),
    time=(
        "a las ", "A las ", "las ",
    ),
    section=(
        "Versión ", "versión ", "apartado ", "artículo ", "art. ", "capítulo ",
    ),
    pressure=(
        *leading(
            "tensión", "Tensión", "presión", "Presión",
            links=(" ", ": ", " de ", " es de ", " es "),
        ),
    ),
)  # fmt: skip
