"""Readings of Portuguese: interest a month, roads, lawsuits, and what it shares with the Romance rooms."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.pt.numbers import cardinal, ordinal
from campaign.speech.languages.pt.units import UNITS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.romance_readings import Ways, heads, shared
from campaign.speech.languages.shaping import END, any_of
from campaign.speech.typed import Kind, TypedValue, in_words, typed

_WEEKDAYS: Final = {2: "segunda", 3: "terça", 4: "quarta", 5: "quinta", 6: "sexta"}
_PERIODS: Final = {"m": "ao mês", "a": "ao ano", "d": "ao dia"}
WAYS: Final = Ways(
    code="pt",
    months=any_of(cldr.months("pt")),
    first_of_month="primeiro de",
    weekdays="(?i:seg|ter|qua|qui|sex|sáb|dom)",
    units=UNITS,
    joints=("a", "ao", "até", "e", "e a", "ou"),
    sure=("dias ", "dia ", "Dia ", "Dias ", "entre os dias "),
    likely=(
        "de ", "De ", "do dia ", "O ", "o ", "em ", "até ", "Até ", "desde ", "-feira, ", "sábado, ", "domingo, ",
        "Data: ", "data: ", "Vencimento: ", "vencimento ", "Entrega: ", "hoje ", "Hoje ", "hoje, ",
        "Hoje, ", "amanhã, ", "amanhã ", "Prazo: ",
        "Consulta: ", "Validade: ", "ao ", "para ",
    ),
    day=("em ", "até ", "Até ", "De ", "O ", "o ", "no ", "ao ", "do "),
    of="d[eoa]s?",
    acts=(
        "Lei ", "lei ", "Lei n.º ", "Lei nº ", "lei n.º ", "lei nº ", "DL ", "Decreto ", "Decreto-Lei ",
        "Decreto-Lei n.º ", "Decreto nº ", "Decreto n.º ", "Portaria ", "Portaria n.º ", "Portaria nº ",
        "Despacho ", "Despacho n.º ", "Resolução ", "Resolução nº ", "Diretiva ", "Regulamento ",
        "Aviso n.º ",
    ),
    act_link="de",
    steps=(
        "Passo ", "passo ", "Página ", "página ", "pág. ", "Parcela ", "parcela ", "Prestação ",
        "prestação ", "Fase ", "fase ", "Etapa ", "etapa ", "Aviso ", "aviso ", "Tentativa ", "Sessão ",
        "sessão ", "Dose ", "Mensagem ", "Lembrete ", "Fatura ", "Parte ",
    ),
    step_link="de",
    marks=heads(
        "nota pontuação classificação avaliação dor média", " ", ": ", " de ", " é ", " é de ", " foi ", " foi de ",
    ),
    chapters={"cap.": "capítulo", "Cap.": "capítulo", "vol.": "volume", "tít.": "título",
    "art.": "artigo", "liv.": "livro"},
    part_of="de",
    at="às|pelas|à|a partir das|das",
    spans={
        "h": "horas", "hs": "horas", "horas": "horas", "dias": "dias", "min": "minutos", "minutos": "minutos",
        "semanas": "semanas", "meses": "meses", "anos": "anos",
    },
    or_range="a",
    every="a cada",
    ranked=(
        "trimestre", "semestre", "bimestre", "quadrimestre", "edição", "congresso", "jornada", "jornadas",
        "aniversário", "concurso", "fase", "[Gg]uerra", "[Cc]ongresso", "[Ee]dição", "[Jj]ornadas?", "[Ff]eira",
        "[Ff]estival", "[Ss]imp[óo]sio", "[Ee]ncontro", "[Ss]emana", "[Cc]onferência", "[Ff]órum", "[Rr]epública",
        "[Mm]aratona", "[Mm]ostra", "[Pp]rémio", "[Pp]rêmio",
    ),
    counted=tuple(f"de (?i:{name})" for name in sorted(cldr.months("pt")) if len(name) > 3),
    daily="dia|semana|mês|mes|ano|noite|hora|toma|pessoa",
)  # fmt: skip


def _rate(found: Occurrence) -> TypedValue:
    """`1,99% a.m.`"""
    letter = re.sub(r"[\s.]", "", found.written)[-1]
    return in_words(found.written, f" {_PERIODS[letter]}")


def _road(found: Occurrence) -> TypedValue:
    """`BR-116`."""
    letters, _, figures = found.written.partition("-")
    return in_words(found.written, f"{' '.join(letters)} {cardinal(int(figures), region=found.region)}")


def _quarter(found: Occurrence) -> TypedValue:
    """`2º tri/2026`, `1º sem/2025`."""
    match = re.fullmatch(r"(\d)[º.]*\s(tri|sem|bim)\.?/(\d{4})", found.written)
    assert match is not None
    noun = {"tri": "trimestre", "sem": "semestre", "bim": "bimestre"}[match[2]]
    year = cardinal(int(match[3]), region=found.region)
    return in_words(found.written, f"{ordinal(int(match[1]), region=found.region)} {noun} de {year}")


def _rank(found: Occurrence) -> TypedValue:
    """`3o aviso`, `2a via`."""
    return in_words(
        found.written,
        ordinal(
            int(found.written[:-1]), gender="f" if found.written.endswith("a") else "m", region=found.region
        ),
    )


_NO_NOUN: Final = r"(?:com|para|até|por|das|dos|dia|que|não|são|sem|após|antes|entre|pelas|às)"
READINGS: Final = (
    *shared(WAYS),
    OwnReading(name="interest", shape=r"(?<=%)\s?(?:ao\s)?a\.\s?[mad]\.", before="iso", read=_rate),
    OwnReading(
        name="road",
        shape=rf"(?<![\w-])(?:BR|SP|MG|RJ|PR|RS|SC|BA|GO|MT|MS|PE|CE|ES|EN|IC|IP)-\d{{1,3}}{END}(?!-)",
        before="iso",
        read=_road,
    ),
    OwnReading(
        name="lawsuit",
        figures=True,
        shape=r"(?<![\w.-])\d{7}-\d{2}\.\d{4}\.\d\.\d{2}\.\d{4}(?![\w-])",
        before="iso",
        read=lambda found: typed(Kind.DIGITS, found.written),
    ),
    OwnReading(
        name="quarter",
        figures=True,
        shape=r"(?<!\w)[1-6]\.?º?\s(?:tri|sem|bim)\.?/\d{4}(?!\w)",
        before="iso",
        read=_quarter,
    ),
    OwnReading(
        name="weekday",
        figures=True,
        shape=r"(?<![\w.,])[2-6]\.?ª[- ]feira\b",
        before="measures",
        read=lambda found: in_words(found.written, f"{_WEEKDAYS[int(found.written[0])]}-feira"),
    ),
    OwnReading(
        name="state",
        shape=r"(?=\s?/)(?<=[a-zà-ú])\s?/\s?(?:AC|AL|AM|AP|BA|CE|DF|ES|GO|MA|MG|MS|MT|PA|PB|PE|PI|PR|RJ|RN|RO|RR|RS|SC|SE|SP|TO)(?!\w)",
        before="iso",
        read=lambda found: in_words(found.written, f", {' '.join(found.written.strip(' /'))}"),
    ),
    OwnReading(
        name="plain_rank",
        figures=True,
        shape=rf"(?<![\w.,/])(?<!sala )(?<!casa )(?<!número )(?<!nº )(?<!n\.º )(?<!loja )"
        rf"\d{{1,2}}[ao](?=\s(?!{_NO_NOUN}\b)[a-zà-ú]{{3,}})",
        before="measures",
        read=_rank,
    ),
)
