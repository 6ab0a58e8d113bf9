"""What stands before a number in Portuguese and labels it: a place, a balance, a file, a week, a day."""

from __future__ import annotations

from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.romance_labels import Labels, labelled
from campaign.speech.languages.romance_readings import heads
from campaign.speech.languages.shaping import any_of

LABELLED: Final = labelled(
    Labels(
        places=heads(
            "sala poltrona assento apto bloco turma porta lugar box guichê "
            "portão quarto leito grupo apartamento gabinete",
            " ",
            ": ",
        ),
        hours="horas (hours)",
        metres="metros (metres)",
        balances=heads(
            "saldo temperatura valor total variação diferença ajuste resultado rendimento montante",
            ": ",
            " de ",
            " é de ",
            " a ",
        ),
        numbered=(
            *heads(
                "sala lote parcela prestação quarto porta box sessão portão fatura processo boleto",
                " ",
                " nº ",
                " n.º ",
            ),
            "nº ",
            "n.º ",
            "Nº ",
            "N.º ",
            "número ",
        ),
        month=rf"\sde\s(?i:{any_of(cldr.months('pt'))})(?!\w)",
        files=heads(
            "processo fatura edital pedido contrato ofício concurso ata memorando chamado",
            " ",
            " nº ",
            " n.º ",
        ),
        weeks=("semana ", "Semana "),
        of_year="de",
        waits=(
            *heads("prazo atraso espera demora duração garantia", " ", ": ", " de ", " é de ", " a "),
            "Faltam ",
            "faltam ",
            "daqui a ",
            "Daqui a ",
            "dentro de ",
        ),
        months="meses",
        doses="comprimidos|cápsulas|pastilhas|ampolas|saquetas|sachês|colheres|copos",
        day=("dia ", "Dia "),
        days=("dias ", "Dias "),
        day_over="às|à|das|a partir",
        rate_words="metro, mês or minuto",
        metre_words=r"linear(?:es)?|de\s",
    )
)
