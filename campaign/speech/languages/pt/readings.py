"""Readings of Portuguese: interest a month, roads, lawsuits, and what it shares with the Romance rooms."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.pt.calendar import CLOCK
from campaign.speech.languages.pt.forms import WEEKDAYS
from campaign.speech.languages.pt.labels import LABELLED
from campaign.speech.languages.pt.numbers import cardinal, ordinal
from campaign.speech.languages.pt.units import UNITS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.romance_readings import Ways, heads, shared
from campaign.speech.languages.shaping import END, HOUR, START, any_of
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
        "Data: ", "data: ", "venc. ", "Venc. ", "venc.: ", "Venc.: ", "Vencimento: ", "vencimento ", "Entrega: ",
        "hoje ", "Hoje ", "hoje, ",
        "Hoje, ", "amanhã, ", "amanhã ", "Prazo: ",
        "Consulta: ", "Validade: ", "ao ", "para ", " dose ", "vence a ", "Vence a ", "termina a ", "expira a ",
        *(
            f"{day}{link}"
            for name in ("segunda", "terça", "quarta", "quinta", "sexta")
            for day in (name, name.capitalize())
            for link in (", ", " (")
        ),
        *(f"{day}, " for day in ("Sábado", "Domingo", "sáb.", "Sáb.", "seg.", "ter.", "qua.", "qui.", "sex.", "dom.")),
        "-feira (", "sábado (", "Sábado (", "domingo (", "Domingo (",
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
        "Passo ", "passo ", "Página ", "página ", "pág. ", "Parcela ", "parcela ", "Parc. ", "parc. ", "Prestação ",
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
        "semanas": "semanas", "meses": "meses", "anos": "anos", "gotas": "gotas",
        "pessoas": "pessoas", "vezes": "vezes",
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


def _points(found: Occurrence) -> TypedValue:
    """`4,5 p.p.`, but not `dia 15 p.p.`, which is the month before."""
    if _PAST_DAY.search(found.left):
        return in_words(found.written, " próximo passado")
    one = re.search(r"(?<![\d.,])1$", found.left) is not None
    return in_words(found.written, " ponto percentual" if one else " pontos percentuais")


_PAST_DAY: Final = re.compile(r"(?:\b[Dd]ia\s\d{1,2}|\d/\d{1,4}|\b(?:19|20)\d\d)$")


def _kilometre(found: Occurrence) -> TypedValue:
    """`km 12`: of a road."""
    word = "quilômetro" if found.region == "BR" else "quilómetro"
    return in_words(found.written, word)


def _one_unit(found: Occurrence) -> TypedValue:
    """The `km` of `por km`."""
    name = UNITS[found.written].one
    written = found.language.regional_units.get(found.region)
    return in_words(found.written, name.replace(*written) if written else name)


def _short_days(found: Occurrence) -> TypedValue:
    """`seg, qua e sex`, `na ter`."""
    return in_words(
        found.written,
        re.sub(
            rf"\b(?i:{_DAY_SHORT})\b\.?",
            lambda match: _DAY_NAMES[match[0].lower().rstrip(".")],
            found.written,
        ),
    )


def _from_to(found: Occurrence) -> TypedValue:
    """`9h–13h`, `9h00-12h30`, `das 9h-13h`: das nove às treze."""
    first, last = _TIMES.findall(found.written)
    bare = found.written[:1].isdecimal()
    if bare and (_HELD.search(found.left) or not _OPENING.search(found.left)):
        link = "às" if "às" in found.written else found.language.words.range
        said = f" {link} ".join(_hour_said(time, found.region) for time in (first, last))
        return in_words(found.written, said)
    start, end = (_bare_hour(time, found.region) for time in (first, last))
    words = f"das {start} às {end}"
    is_head = found.written[:1] == "D" or not found.left.strip()
    return in_words(found.written, words[:1].upper() + words[1:] if is_head else words)


def _clock(written: str) -> tuple[int, int]:
    hour, _, minute = written.replace(":", "h").partition("h")
    return int(hour), int(minute or 0)


def _hour_said(written: str, region: str) -> str:
    return CLOCK.said(*_clock(written), region=region)


def _bare_hour(written: str, region: str) -> str:
    """`12h30`: doze e trinta."""
    hour, minute = _clock(written)
    head = cardinal(hour, gender="f", noun=True, region=region)
    return f"{head} e {cardinal(minute, region=region)}" if minute else head


_TIME: Final = r"(?:[01]?\d|2[0-4])(?:h(?:[0-5]\d)?|:[0-5]\d)"
_LAST: Final = rf"(?:[01]?\d|2[0-4])(?!\s?(?:h|{any_of(UNITS)}|horas?|dias?|pessoas)\b)"
_TIMES: Final = re.compile(r"\d{1,2}(?:h[0-5]\d|:[0-5]\d)?")
_HELD: Final = re.compile(
    r"\b(?:jejum|dura\w*|duração|intervalo|espera|viagem|trajeto|percurso|tempo|repouso|sono|dormir|dorme|descanso|prazo"
    r"|demora|atraso|efeito|ação|antes|depois|após|cada|cerca|média)\b[^.;!?]*$",
    re.I,
)
"""Before two hours that are how long."""
_OPENING: Final = re.compile(
    r"(?:^|[,:;(/|•–-]|\be|\bou|feiras?|sábados?|domingos?|segunda|terça|quarta|quinta|sexta|\b(?:seg|ter|qua|qui|sex"
    r"|sáb|sab|dom)\.?|\d\.?ª|feriados|úteis|[Hh]orário|[Aa]tendimento|[Aa]bert[oa]s?|[Tt]urno|[Pp]lantão|[Ee]xpediente|[Ff]unciona(?:mento)?)\s*$"
)
"""Before the hours of an opening."""
_DAY_SHORT: Final = r"(?:seg|ter|qua|qui|sex|sáb|sab|dom)"
_DAY_NAMES: Final = {**WEEKDAYS, "sab": WEEKDAYS["sáb"]}
_FILES: Final = "|".join(
    rf"(?<=\b{head}{link})"
    for noun in (
        "protocolo", "processo", "matrícula", "chamado", "ocorrência", "atendimento", "contrato", "inscrição",
        "requerimento", "pedido", "conta", "conta-corrente", "conta corrente", "conta poupança", "apólice", "cartão",
    )
    for head in (f"[{noun[0].upper()}{noun[0]}]{noun[1:]}",)
    for link in (" ", ": ", " é ", " é o ", " nº ", " n.º ", " número ", " nº: ", " n.º: ")
) + "".join(rf"|(?<=\b{head}{link})" for head in ("NUP", "[cC]/[cC]") for link in (" ", ": ", " é "))  # fmt: skip
_FILE_NUMBER: Final = (
    r"(?!(?:[12]\d|3[01]|0?[1-9])(?P<file_mark>[./-])(?:1[0-2]|0?[1-9])(?P=file_mark)\d{2,4}(?![\d./-]))(?!\d{4}-\d{2}-\d{2}(?![\d./-]))"
    r"(?!\d{1,3}(?:\.\d{3})+(?![\d/-]|\.\d))\d+(?:[./-]\d+){2,}(?!\w|[,./-]\w)"
)
"""Neither a day of the calendar nor a number with its thousands parted."""
_DAY_MONTH: Final = r"(?:[12]\d|3[01]|0?[1-9])/(?:1[0-2]|0?[1-9])(?![\d/])"
_DAYS_BEFORE: Final = "|".join(
    rf"(?<={day}{link})"
    for day in (
        "anhã",
        "hoje",
        "Hoje",
        "feira",
        "unda",
        "erça",
        "arta",
        "inta",
        "exta",
        "bado",
        "mingo",
        r"eg\.",
        r"er\.",
        r"ua\.",
        r"ui\.",
        r"ex\.",
        r"áb\.",
        r"om\.",
    )
    for link in (", ", ": ", r" \(", r"\(")
)
"""Ends of the names of days."""
_NO_NOUN: Final = r"(?:com|para|até|por|das|dos|dia|que|não|são|sem|após|antes|entre|pelas|às)"


def _instalments(found: Occurrence) -> TypedValue:
    """`em 3X`."""
    count = int(found.written.rstrip("xX "))
    words = found.language.words
    times = cardinal(count, gender="f", noun=True, region=found.region)
    return in_words(found.written, words.once if count == 1 else words.times.format(times))


def _half_of_day(found: Occurrence) -> TypedValue:
    """`8h am`, `3:30 p.m.`"""
    match = _HOUR_AND_MINUTE.match(found.written)
    assert match is not None
    hour, minute = (int(part or 0) for part in match.groups())
    is_after_noon = "p" in found.written.lower()
    return typed(Kind.TIME, f"{hour % 12 + 12 * is_after_noon:02}:{minute:02}", clock="any")


_DOTTED_HALF: Final = r"[aApP]\.\s?[mM](?:\.(?!\s*$|\s+[A-ZÀ-Ý]))?"
"""`a.m.`, without the dot that ends a sentence."""
_HOUR_AND_MINUTE: Final = re.compile(r"(\d{1,2})(?:[h:](\d\d))?")


def _glued_money(found: Occurrence) -> TypedValue:
    """`2300reais`, `45,00 REAIS`."""
    match = re.match(r"([\d.,]*\d)\s?(\w+)", found.written)
    assert match is not None
    return typed(Kind.MONEY, f"{match[1]} {match[2].lower()}", decimals="any")


def _every(found: Occurrence) -> TypedValue:
    """`8/8h`: every eight hours."""
    count = cardinal(int(found.groups["every_h"]), gender="f", noun=True, region=found.region)
    return in_words(found.written, f"{count} em {count} horas")


def _short_act(found: Occurrence) -> TypedValue:
    """`Lei nº 8.078/90`."""
    number, _, when = found.written.replace(".", "").partition("/")
    year = int(when) + (0 if int(when) > _THIS_CENTURY else 2000)
    law, said = (cardinal(value, region=found.region) for value in (int(number), year))
    return in_words(found.written, f"{law} de {said}")


_THIS_CENTURY: Final = 30
_ACTS: Final = "|".join(
    rf"(?<=\b{head}{link})"
    for head in ("[Ll]ei", "[Dd]ecreto", "[Dd]ecreto-[Ll]ei", "[Pp]ortaria", "DL", "[Rr]esolução")
    for link in (" ", " nº ", r" n\.º ", r" n\. ", r" n\.° ")
)


def _blood_group(found: Occurrence) -> TypedValue:
    """`tipo sanguíneo O+`."""
    group = found.written.rstrip("+-− ").removesuffix("Rh").removesuffix("RH").strip().replace("0", "O")
    return in_words(
        found.written, f"{' '.join(group)} {'positivo' if found.written.endswith('+') else 'negativo'}"
    )


def _named_days(found: Occurrence) -> TypedValue:
    """`2a. a 6a.`"""
    return in_words(
        found.written, re.sub(r"([2-6])[aª]\.?", lambda day: _WEEKDAYS[int(day[1])], found.written)
    )


READINGS: Final = (
    *LABELLED,
    OwnReading(
        name="ago",
        figures=True,
        shape=r"(?=\d)(?<=\b[Hh]á )\d{1,3}\s?m(?!\w)",
        before="iso",
        read=lambda found: typed(Kind.UNIT, re.sub(r"\s?m$", " min", found.written)),
    ),
    OwnReading(
        name="every",
        figures=True,
        shape=rf"{START}(?P<every_h>\d{{1,2}})/(?P=every_h)\s?(?:h|hs|hrs|horas)\b{END}",
        before="iso",
        read=_every,
    ),
    OwnReading(
        name="glued_money",
        figures=True,
        shape=r"(?<![\w.,])(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d\d)?"
        r"(?:(?:[Rr]eais|[Ee]uros?|REAIS|EUROS?)|\s(?:REAIS|EUROS?))(?!\w)",
        before="code",
        read=_glued_money,
    ),
    OwnReading(
        name="capital_hours",
        figures=True,
        shape=rf"{START}{HOUR}H[0-5]\d{END}|(?:(?<=ÀS )|(?<=\bAS )|(?<=DAS )|(?<=ATÉ )|(?<=[àÀ]s )"
        rf"|(?<=das )){HOUR}H{END}",
        before="code",
        read=lambda found: typed(Kind.TIME, found.written.lower(), clock="any"),
    ),
    OwnReading(
        name="short_act",
        figures=True,
        shape=rf"(?=\d)(?:{_ACTS})\d{{1,3}}(?:\.?\d{{3}})?/\d\d(?![\w/])",
        before="iso",
        read=_short_act,
    ),
    OwnReading(
        name="and_older",
        figures=True,
        shape=r"(?<![\w.,])(?:[4-9][05]|18)\+(?=[\s,.;:)]|$)",
        before="code",
        read=lambda found: in_words(
            found.written, f"{cardinal(int(found.written[:-1]), region=found.region)} mais"
        ),
    ),
    OwnReading(
        name="blood_group",
        shape=r"(?:(?<=sanguíneo )|(?<=sanguíneo: )|(?<=[Ss]angue ))"
        r"(?:[0O]|AB?|B)\s?(?:R[Hh]\s?)?[+−-](?![\w+])",
        before="code",
        read=_blood_group,
    ),
    OwnReading(
        name="named_days",
        figures=True,
        shape=r"(?<![\w.,])[2-6][aª]\.?\s(?:a|à|e|ou)\s[2-6][aª]\.?(?![\w-]|\s?feira|\s(?:classe|via|série|dose|fase))",
        before="measures",
        read=_named_days,
    ),
    OwnReading(
        name="score",
        figures=True,
        shape=r"(?:(?<=[Pp]lacar )|(?<=[Pp]lacar: )|(?<=[Pp]lacar de ))\d{1,2}\s?[xX]\s?\d{1,2}(?!\w|[.,]\d)",
        before="dimensions",
        read=lambda found: in_words(
            found.written,
            f" {found.language.words.ratio} ".join(
                cardinal(int(goals), region=found.region) for goals in re.findall(r"\d+", found.written)
            ),
        ),
    ),
    OwnReading(
        name="points",
        shape=r"(?<=\d)\s?p\.\s?p\.|(?<=,\d)\s?pp(?![\w.])|(?<=,\d\d)\s?pp(?![\w.])",
        before="iso",
        read=_points,
    ),
    OwnReading(
        name="kilometre",
        shape=r"(?<![^\W_])[Kk]m\.?(?=\s?\d)",
        before="numeric",
        read=_kilometre,
    ),
    OwnReading(
        name="bare",
        shape=rf"(?<=\bpor )(?:{any_of(UNITS)})(?![\w/²³'’])|(?<=[^\W\d_] )(?:m[²³]|kWh)(?![\w/])",
        before="bare",
        read=_one_unit,
    ),
    OwnReading(
        name="short_days",
        shape=rf"(?<![\w.])(?<!\d )(?i:{_DAY_SHORT})\b\.?"
        rf"(?:(?:,\s|\s(?:e|ou|a|à|e a|ou a)\s)(?i:{_DAY_SHORT})\b\.?(?![\w-]))+"
        rf"|(?:(?<=\b[Nn]a )|(?<=\b[Tt]oda )|(?<=\b[Pp]róxima ))(?:seg|ter|qua|qui|sex)\b\.?(?![\w-])"
        rf"|(?<![\w.])(?<!\d )(?:seg|qua|qui|sex|sáb|dom|Seg|Qua|Qui|Sex|Sáb|Dom)\b\.?(?=,?\s{_TIME})"
        rf"|(?:(?<=\b[Nn]o )|(?<=\b[Tt]odo )|(?<=\b[Pp]róximo ))sáb\b\.?(?![\w-])",
        before="iso",
        read=_short_days,
    ),
    OwnReading(
        name="from_to",
        figures=True,
        shape=rf"{START}(?<!\d[-–—])(?<!das )(?<!Das )(?<!entre as )(?<!\bde )(?<!às )(?<!\bas ){_TIME}"
        rf"(?:\s?[-–—]\s?|\s(?:às|as)\s)(?:{_TIME}(?:min)?|(?<=[-–—]){_LAST}|(?<=[-–—]\s){_LAST})(?![\w:%€$]|[.,]\d|\s?[-–—]\s?\d|\s(?:de\s(?!segunda|terça|quarta"
        rf"|quinta|sexta|sáb|domingo|seg|2)|por|após|antes|depois)\b)",
        before="hours",
        read=_from_to,
    ),
    OwnReading(
        name="from_to_led",
        shape=rf"(?<!\w)[Dd]as\s{_TIME}\s?[-–—]\s?{_TIME}(?![\w:%€$]|[.,]\d|\s?[-–—]\s?\d)",
        before="hours",
        read=_from_to,
    ),
    OwnReading(
        name="file_number",
        figures=True,
        shape=rf"(?:{_FILES}){_FILE_NUMBER}",
        before="clock",
        read=lambda found: typed(Kind.DIGITS, found.written),
    ),
    *shared(WAYS),
    OwnReading(
        name="day_of_weekday",
        figures=True,
        shape=rf"(?=\d)(?<=, |: |.\()(?:{_DAYS_BEFORE}){_DAY_MONTH}"
        r"(?=[,;.)!?](?!\d)|\s?$|\s(?:às|à|das|pelas|a partir|na|no|de manhã|de tarde)\b)",
        before="iso",
        read=lambda found: typed(Kind.DATE, found.written),
    ),
    OwnReading(
        name="instalments",
        figures=True,
        shape=r"(?:(?<=\bem )|(?<=\baté )|(?<=[Pp]arcelad[oa] )|(?<=[Pp]arcele )|(?<=[Pp]ague )|(?<=[Dd]ividid[oa] ))"
        r"\d{1,2}\s?[xX](?!\w|\s?\d|\s?[x×])"
        rf"|{START}\d{{1,2}}[xX](?=\s(?:de\s(?:R\$|€)|sem\s(?:juros|entrada|acréscimo)))",
        before="dimensions",
        read=_instalments,
    ),
    OwnReading(
        name="half_of_day",
        figures=True,
        shape=rf"{START}(?:1[0-2]|0?[1-9])(?:[h:][0-5]\d|\s?h|\s?hrs|\s?horas?)\s?(?:[ap]m|[AP]M|{_DOTTED_HALF})(?!\w)"
        rf"|(?:(?<=às )|(?<=Às )|(?<=das )|(?<=as ))(?:1[0-2]|0?[1-9])\s?(?:[ap]m|{_DOTTED_HALF})(?!\w)",
        before="iso",
        read=_half_of_day,
    ),
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
