"""What stands before a number in Spanish and labels it: a place, a balance, a file, a week, a day."""

from __future__ import annotations

from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.romance_labels import Labels, labelled
from campaign.speech.languages.romance_readings import heads
from campaign.speech.languages.shaping import any_of

LABELLED: Final = labelled(
    Labels(
        places=heads(
            "puerta sala asiento aula grupo escalera bloque habitación box taquilla andén plaza oficina cama",
            " ",
            ": ",
        ),
        hours="horas (hours)",
        metres="metros (metres)",
        balances=heads(
            "saldo temperatura importe total variación diferencia ajuste resultado monto",
            ": ",
            " de ",
            " es de ",
            " a ",
        ),
        numbered=(
            *heads(
                "sala lote cuota plaza puerta habitación box sesión andén factura expediente recibo aula",
                " ",
                " n.º ",
                " nº ",
                " núm. ",
            ),
            "n.º ",
            "nº ",
            "N.º ",
            "Nº ",
            "núm. ",
            "Núm. ",
            "número ",
        ),
        month=rf"\sde\s(?i:{any_of(cldr.months('es'))})(?!\w)",
        files=heads(
            "expediente factura convocatoria pedido contrato ordenanza edicto licitación recurso albarán",
            " ",
            " n.º ",
            " nº ",
            " núm. ",
        ),
        weeks=("semana ", "Semana "),
        of_year="de",
        waits=(
            *heads("plazo retraso espera demora duración garantía", " ", ": ", " de ", " es de ", " a "),
            "Faltan ",
            "faltan ",
            "dentro de ",
            "Dentro de ",
        ),
        months="meses",
        doses="comprimidos|pastillas|tabletas|cápsulas|ampollas|sobres|cucharadas|tazas|vasos",
        day=("el ", "El ", "día ", "Día "),
        days=("días ", "Días "),
        day_over="a las|a la|de|desde las",
        rate_words="metro, mes or minuto",
        metre_words=r"lineal(?:es)?|de\s",
    )
)
