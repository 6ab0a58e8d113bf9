"""What is written short in Portuguese, and read in full."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from campaign.speech.languages.pt.abbreviations import ABBREVIATIONS, BEFORE_NUMBERS
from campaign.speech.languages.pt.units import DOTTED_UNITS
from campaign.speech.languages.record import Forms, SentenceRules
from campaign.speech.languages.romance import agreeing_limit, is_title
from campaign.speech.wordlist import words

SHORT: Final[Mapping[str, str]] = {
    **ABBREVIATIONS,
    "Esq.": "esquerdo", "Dto.": "direito", "Por ex.": "Por exemplo", "por ex.": "por exemplo", "Dr.ª": "doutora",
    "Sr.ª": "senhora", "M.ª": "Maria", "Sr.": "senhor", "Sra.": "senhora", "Srs.": "senhores", "Dr.": "doutor",
    "Dra.": "doutora", "D.": "dona", "Prof.": "professor", "Profa.": "professora", "etc.": "et cetera",
    "p. ex.": "por exemplo", "p.ex.": "por exemplo", "n.º": "número", "nº": "número", "N.º": "número",
    "Av.": "Avenida", "tel.": "telefone", "Tel.": "Telefone", "Exmo.": "Excelentíssimo", "Exma.": "Excelentíssima",
    "Ref.": "Referência", "ref.": "referência", "apto.": "apartamento", "Lda.": "Limitada", "tlm.": "telemóvel",
    "depto.": "departamento", "pág.": "página", "máx.": "máximo", "mín.": "mínimo", "aprox.": "aproximadamente",
}  # fmt: skip
NUMERIC: Final[Mapping[str, str]] = {
    **BEFORE_NUMBERS,
    "p.": "página", "art.": "artigo", "n.": "número",
}  # fmt: skip
WEEKDAYS: Final[Mapping[str, str]] = {
    "seg": "segunda", "ter": "terça", "qua": "quarta", "qui": "quinta", "sex": "sexta", "sáb": "sábado",
    "dom": "domingo",
}  # fmt: skip
SLASHED: Final = (
    "e/ou", "o/a", "os/as", "seu/sua", "ele/ela", "Sr./Sra.", "Sr/Sra",
)  # fmt: skip
PERIODS: Final = (
    "segundo", "minuto", "hora", "dia", "noite", "semana", "mês", "ano", "pessoa",
)  # fmt: skip
RANKED: Final = (
    "andar", "lugar", "dia", "ano", "mês", "século", "capítulo", "prémio", "prêmio", "nível", "turno", "trimestre",
    "semestre", "filho", "ciclo",
)  # fmt: skip
SENTENCE_ABBREVIATIONS: Final = words(
    "arq av d depto dra eng ex exma exmo núm p.ex pág págs r sr sra sras srs tel"
)


_SAINT: Final = re.compile(
    r"\s(?:João|José|Paulo|Pedro|Miguel|Bento|Sebastião|Francisco|Vicente|Jorge|Domingos|Bernardo|Mamede|Tiago|Martinho"
    r"|Marcos|Mateus|Luís|Gonçalo|Lázaro|Roque|Gabriel|Rafael|Cristóvão|Caetano|Carlos|Tomé|Tomás|Lourenço|Brás|Nicolau"
    r"|Bartolomeu|Julião|Cosme|Damião|Victor|Vítor|Romão|Pio|Salvador|Simão|Teotónio|Lucas)\b"
)
_PLACE: Final = re.compile(
    r"\b(?:Rua|R\.|Praça|Praceta|Avenida|Av\.|Largo|Alameda|Ponte|Hospital|Escola|Colégio|Rei|rei|Rainha|rainha)\s$"
)


_OPENS: Final = re.compile(r"(?:[,.;:(]|\b(?:[NnDd]?[ao]|[Pp]ela|[Ee]m|morada)|[àÀ])\s$")
_TITLED: Final = re.compile(r"\b(?:Srt?a?|Dra?|Profa?|Eng|Arq|Enf|Exm[oa]|Pe|D)\.[ªº]?\s$")
_AT: Final = re.compile(r"(?:\b(?:[Nn]a|[Dd]a|[Pp]ela|[Mm]orada:?|[Ee]ndereço:?)|[àÀ])\s$")
_NUMBERED: Final = re.compile(
    r"\s(?:(?:d[aeo]s?\s)?(?:(?:Dra?|Prof|Eng|St[oa]|S|D|Gen|Cel|Pe)\.\s)?[A-ZÁÉÍÓÚÂÊÔÃÕ][^,;.]{2,40},?\s(?:n\.?º\s)?\d"
    r"|\d+ de )"
)
_NAMED: Final = re.compile(r"\s(?:d[aeo]s?\s)?[A-ZÁÉÍÓÚÂÊÔÃÕ][a-zà-ú]+")


def _is_street(left: str, right: str) -> bool:
    """`R. da Prata, 80`, `na R. Augusta`, but not `Sr. R. da Silva`."""
    if _TITLED.search(left):
        return False
    opens = not left.strip() or _OPENS.search(left)
    return bool((opens and _NUMBERED.match(right)) or (_AT.search(left) and _NAMED.match(right)))


def _refined(written: str, said: str, left: str, right: str) -> str:
    """`D.` is a lady, a gentleman or an initial."""
    if written == "S." and not _SAINT.match(right):
        return written
    if written == "hab." and not re.search(r"(?:\d|mil|milh(?:ão|ões)(?:\sde)?)\s?$", left):
        return written
    if said == "extensão" and re.match(r"\s?\d[\d.,]*\s?(?:[mck]?m|%|°)(?!\w)", right):
        return written
    if written == "R.":
        return said if _is_street(left, right) else written
    if written == "D.":
        if not is_title(left, right) and not _PLACE.search(left):
            return written
        if not re.match(r"\s\w+a\b", right):
            return "dom"
    return agreeing_limit(said, left)


FORMS: Final = Forms(
    short=SHORT,
    numeric=NUMERIC,
    refined=_refined,
    weekdays=WEEKDAYS,
    slashed=SLASHED,
    gendered_stroke=True,
    periods=PERIODS,
    ranked=RANKED,
    dotted_units=DOTTED_UNITS,
    initials=True,
)
SENTENCES: Final = SentenceRules(abbreviations=SENTENCE_ABBREVIATIONS)
