"""What stands before a number in Portuguese and says how it is read."""

from __future__ import annotations

from typing import Final

from campaign.speech.languages.record import Leads, leading

LEADS: Final = Leads(
    dial=(
        "Ligue ", "Ligue para o ",
    ),
    code=(
        "terminado em ", "termina em ", "terminada em ",
        *leading(
            "PIN", "código", "Código", "código de verificação", "código de segurança", "Referência", "NIF", "senha",
            "palavra-passe", "número de cliente", "número da conta",
            links=(" ", ": ", " é ", " é o "),
        ),
    ),
    day=(
        "dia ", "Dia ", "em ", "até ", "Até ", "De ", "Vencimento: ", "Vencimento ", "vencimento ", "seg. ",
        "ter. ", "qua. ", "qui. ", "sex. ", "sáb. ", "dom. ", "segunda ", "terça ", "quarta ", "quinta ", "sexta ",
        "sábado ", "domingo ", "segunda-feira ", "terça-feira ", "quarta-feira ", "quinta-feira ", "sexta-feira ",
    ),
    time=(
        "às ", "Às ", "das ", "Das ",
    ),
    section=(
        "Versão ", "versão ", "capítulo ", "artigo ", "secção ", "seção ",
    ),
    pressure=(
        *leading(
            "tensão", "Tensão", "pressão", "Pressão",
            links=(" ", ": ", " de ", " é "),
        ),
    ),
)  # fmt: skip
