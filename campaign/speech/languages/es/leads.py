"""What stands before a number in Spanish and says how it is read."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Leads, leading
from campaign.speech.languages.shaping import dialled

_HEADS: Final = (
    r"llam(?:e|a|ar|en|ando|es|ada|adas|emos)(?:nos|me|lo|la|le)?|llám(?:e|a|en)(?:nos|me|lo|la|le)|llam[oó]"
    r"|marqu(?:e|en|es)|marc(?:a|ar|ando|as)|márqu(?:e|en)(?:nos|lo)|telefone(?:e|ar|en)|teléfonos?|tel[eé]f|tel|tfno"
    r"|tlf|tlfno|tfn|fax|whatsapp|wasap|comuní(?:que|quen|ca)(?:se|te)|comunicarse"
    r"|contact(?:e|ar|en|a)(?:nos)?|contácte(?:nos|n)|línea gratuita|central telefónica|centralita"
    r"|número gratuito|número de (?:emergencias?|teléfono|contacto)|disque|conmutador|larga distancia"
    r"|atención telefónica|gratuito|gratuita"
)
_SERVICE: Final = (
    r"móvil|celular|cel|línea|emergencias?|urgencias?|información|informes|policía|bomberos|ambulancias?"
    r"|atención al cliente|ayuda|asistencia|denuncias?|violencia"
)
_FILLERS: Final = (
    r"al?|el|la|los|las|en|de|del|nos|número|núm|nro|teléfono|tel|gratuito|gratuita|gratis|gratuitamente|nuestro"
    r"|nuestra|nuestros|directamente|ahora|hoy|ya|o|es|por|favor|nacional|línea|atención|cliente|emergencias?|también"
    r"|móvil|celular|desde|cualquier|inmediatamente|siguiente|central|directo|fijo|whatsapp"
)

LEADS: Final = Leads(
    dial=dialled(_HEADS, _SERVICE, _FILLERS),
    lasting=re.compile(r"\b(?:duración(?:\s(?:de|es de|es))?|dura|durará):?\s$"),
    dial_also=re.compile(r"(?:,|\s?/|,?\s(?:o|y|u))\s(?:(?:al?|el|en el|en)\s)?"),
    extension=re.compile(r"\b(?:extensión|ext\.?|interno|anexo)\s?:?\s?"),
    keys=re.compile(r"\b(?:puls\w+|tecl\w+|marqu\w+|marca\w*|presion\w+|oprim\w+|asterisco|almohadilla)\b", re.I),
    code=(
        "Tarjeta ", "tarjeta ", "CP ", "STOP al ", "SÍ al ", "BAJA al ", "terminada en ", "terminado en ",
        "termina en ", "acabada en ",
        *leading(
            "PIN", "código", "Código", "clave", "contraseña", "cuenta", "número de cuenta", "número de cliente",
            "códigos", "Códigos", "claves", "Claves",
            "código de verificación", "código de seguridad", "número de póliza", "referencia", "número de pedido",
            links=(" ", ": ", " es ", " es el ", " son ", " son los ", " son: ", " es: "),
        ),
    ),
    day=(
        "Vence ", "vence ", "Vence: ", "Vencimiento ", "Vencimiento: ", "vencimiento: ", "Vto. ", "Vto.: ",
        "vto. ", "vto.: ", "vto ", "vto: ", "Vto ", "Vto: ", "vcto. ", "Vcto. ", "venc. ", "Venc. ", "vencimiento ",
        "Fecha: ", "fecha: ", "Fecha ", "Visita ", "Cita ", "Cita: ", "antes de ", "hasta ", "Límite ", "Límite: ",
        "desde ", "Desde ", "Fecha límite: ",
        "el ", "El ", "día ", "al ", "Del ", "del ", "lun. ", "mar. ", "mié. ", "jue. ", "vie. ", "sáb. ", "dom. ",
        "lunes ", "martes ", "miércoles ", "jueves ", "viernes ", "sábado ", "domingo ",
    ),
    time=(
        "Las ", "a la ", "hora: ", "Hora: ", "hora ", "Horario: ", "horario: ",
        "a las ", "A las ", "las ",
    ),
    ratio=leading(
        "proporción", "Proporción", "Dilución", "diluir", "Diluir", "diluya", "Diluya", "Ratio", "Escala",
        "Relación", "ratio", "relación", "escala", "dilución", "tasa", links=(" ", " de ", ": ",
        " es de ")
    ),
    section=(
        "Versión ", "versión ", "apartado ", "artículo ", "artículos ", "art. ", "Art. ", "arts. ", "capítulo ",
    ),
    pressure=(
        *leading(
            "tensión", "Tensión", "presión", "Presión", "TENSIÓN", "TENSION", "PRESIÓN", "TA",
            links=(" ", ": ", " de ", " es de ", " es "),
        ),
    ),
    cards=re.compile(r"\btarjeta", re.I),
    month=re.compile(r"\b(?:en|de|fin de|y)\s$"),
    expiry=(
        "hasta ", "hasta: ", "hasta el ", "vence ", "Vence ", "Vence: ", "vencimiento ", "Vencimiento ",
        "Vencimiento: ", "caduca ", "caduca el ", "cad. ", "Cad. ", "Caduca ", "caducidad ", "Caducidad ",
        "Caducidad: ", "caducidad: ",
        "tarjeta ", "Tarjeta ", "validez ", "Validez: ",
    ),
)  # fmt: skip
