"""What stands before a number in Portuguese and says how it is read."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Leads, leading
from campaign.speech.languages.shaping import dialled

_HEADS: Final = (
    r"lig(?:ue|ar|a|uem|ando|ou)(?:-nos|-me)?|disqu(?:e|em)|disc(?:ar|a|ando)|marqu(?:e|em)"
    r"|marc(?:ar|(?<!dor marc)(?<!gio marc)(?<!tro marc)a)"
    r"|telefon(?:e|ar|em)(?:-nos)?|telefones?|tel|telef|tlf|tlm|telm|fone|fax|whatsapp"
    r"|contact(?:e|ar)(?:-nos)?|contat(?:e|ar|o)|contacto|central(?: telefônica| telefónica)?|número de telefone"
    r"|número (?:verde|gratuito|azul)|samu|sac|atendimento telefônico|capitais|ramal"
)
_SERVICE: Final = (
    r"telemóvel|celular|cel|linha|emergências?|informações|polícia|bombeiros|ambulância|apoio|ajuda|assistência|urgências?|denúncias?"
    r"|saúde 24|defesa civil"
)
_FILLERS: Final = (
    r"para|pra|o|a|os|as|ao|à|do|da|de|número|n\.º|nº|nosso|nossa|grátis|gratuito|gratuita|gratuitamente|já|agora|hoje"
    r"|linha|nos|connosco|conosco|pelo|pela|através|ou|e|é|em|caso|emergência|telefone|telemóvel|celular|fixo"
    r"|imediatamente|também|directo|direto|diretamente|central|sac|seguinte"
)

LEADS: Final = Leads(
    dial=dialled(_HEADS, _SERVICE, _FILLERS),
    lasting=re.compile(r"\b(?:duração(?:\s(?:de|é de|é))?|dura|durará):?\s$"),
    dial_also=re.compile(r"(?:,|\s?/|,?\s(?:ou|e))\s(?:(?:para o|o|ao)\s)?"),
    extension=re.compile(r"\b(?:ramal|extensão)\s?:?\s?"),
    keys=re.compile(r"\b(?:tecl\w+|prim\w+|pression\w+|digit\w+|marqu\w+|apert\w+|asterisco|cardinal)\b", re.I),
    code=(
        "terminado em ", "termina em ", "terminada em ", "terminados em ", "terminadas em ", "terminando em ",
        "Ref.ª ", "ref.ª ", "Ref. ", "ref. ", "Ref: ", "Ref.: ", "Ref.ª: ", "agência ", "Agência ", "Ag. ",
        "ag. ", "Ag ", "agência: ", "Agência: ", "final do cartão ",
        "final da conta ", "com final ", "Com final ", "últimos dígitos ",
        "últimos quatro dígitos ", "últimos 4 dígitos ", "quatro últimos dígitos ", "últimos dígitos: ",
        *(
            f"{head} final{link}"
            for head in (
                "cartão", "Cartão", "telefone", "celular", "cartão de crédito", "cartão de débito", "Cartão de crédito",
                "Visa", "Mastercard", "Elo", "Amex", "Nubank", "Itaú", "Bradesco", "Santander", "Platinum",
                "Black", "cartão virtual", "cartão adicional", "cartão com", "cartão de", "Cartão com", "Cartão de",
            )
            for link in (" ", ": ")
        ),
        *leading(
            *(
                f"{head}ódigo {link}{noun}"
                for head in "cC"
                for link, nouns in (
                    ("de ", "retirada rastreio rastreamento acesso ativação confirmação cliente autorização"
                    " levantamento desconto reserva consulta entrega recolha barras validação autenticação"
                    " utente resgate"),
                    ("", "promocional verificador PIN OTP SMS"),
                    ("da ", "reserva encomenda consulta"),
                    ("do ", "cliente pedido utente paciente"),
                )
                for noun in nouns.split()
            ),
            links=(" ", ": ", " é "),
        ),
        *leading(
            "PIN", "código", "Código", "código de verificação", "código de segurança", "Referência",
            "referência", "Entidade", "entidade", "NIF", "NIPC", "CPF", "matrícula", "senha",
            "palavra-passe", "número de cliente", "número da conta",
            links=(" ", ": ", " é ", " é o "),
        ),
    ),
    day=(
        "Vence ", "vence ", "Vence: ", "venc. ", "Venc. ", "venc.: ", "Venc.: ", "vcto. ", "Vcto. ", "Data: ",
        "data: ", "Data ", "Visita ", "antes de ", "Limite: ", "limite: ",
        "exceto ", "desde ",
        "dia ", "Dia ", "em ", "até ", "Até ", "De ", "Vencimento: ", "Vencimento ", "vencimento ", "seg. ",
        "ter. ", "qua. ", "qui. ", "sex. ", "sáb. ", "dom. ", "segunda ", "terça ", "quarta ", "quinta ", "sexta ",
        "sábado ", "domingo ", "Segunda ", "Terça ", "Quarta ", "Quinta ", "Sexta ", "Sábado ", "Domingo ", "-feira ",
        "segunda-feira ", "terça-feira ", "quarta-feira ", "quinta-feira ", "sexta-feira ",
    ),
    time=(
        "as ", "hora: ", "Hora: ", "Horário: ", "horário: ", "horário é ", "hora ", "à ",
        "às ", "Às ", "das ", "Das ",
    ),
    ratio=leading(
        "rácio", "Rácio", "Proporção", "Escala", "diluir", "Diluir", "Diluição", "Relação", "razão", "relação",
        "proporção", "escala", "diluição", "rácio", links=(" ", " de ", ": ", " é de ")
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
    cards=re.compile(r"\bcartão", re.I),
    month=re.compile(r"\b(?:em|de|fim de|e)\s$"),
    expiry=(
        "vence ", "Vence ", "vence em ", "validade ", "Validade ", "Validade: ", "validade: ", "val. ",
        "Val. ", "válido até ", "válida até ", "Válido até ", "Válida até ", "até ", "expira ", "expira em ",
        "Expira em ", "cartão ", "Cartão ",
    ),
)  # fmt: skip
