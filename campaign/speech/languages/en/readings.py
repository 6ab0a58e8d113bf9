"""Readings that English alone has: outlines, ages, school years, scores, releases, codes."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.en.agreement import AGREEMENT
from campaign.speech.languages.en.amounts import AMOUNTS
from campaign.speech.languages.en.leads import LEADS
from campaign.speech.languages.en.numbers import cardinal, in_pairs
from campaign.speech.languages.en.places import PLACES
from campaign.speech.languages.en.prescriptions import READINGS as PRESCRIPTIONS
from campaign.speech.languages.en.sizes import SIZES
from campaign.speech.languages.en.times import TIMES
from campaign.speech.languages.en.words import WORDS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.shaping import ALONE, END, START, after, any_of
from campaign.speech.typed import Kind, TypedValue, UnreadableValueError, in_words, typed
from campaign.speech.wordlist import words


def _spaced(found: Occurrence) -> TypedValue:
    """`12 300 tickets`; by itself it is one number or two."""
    if AGREEMENT.counted.match(found.right):
        return typed(Kind.CARDINAL, found.written)
    first, second = found.written.split()
    raise UnreadableValueError(
        "ambiguous-number",
        f"{found.written!r} is {first},{second}, or {first} and {second}",
        f"write {first},{second}, or a comma between the two",
    )


def _release(found: Occurrence) -> TypedValue:
    """`iOS 17.4.1`."""
    parts = (cardinal(int(part), region=found.region) for part in found.written.split("."))
    return in_words(found.written, " point ".join(parts))


def _outline(found: Occurrence) -> TypedValue:
    """`Lesson 4.3.10`, and the `2.6.11` of `Figures 2.6.10 and 2.6.11`; a day of a month else."""
    if not _NUMBERED_BEFORE.search(found.left):
        return typed(Kind.DATE, found.written)
    parts = (
        " ".join(WORDS.digits[int(digit)] for digit in part)
        if part.startswith("0")
        else cardinal(int(part), region=found.region)
        for part in found.written.split(".")
    )
    return in_words(found.written, f" {WORDS.section} ".join(parts))


_PARTLY_NUMBERED: Final = tuple(
    f"{head} "
    for noun in words("Lesson Unit Part Item Standard Activity Topic Module Schedule Session Objective Task")
    for form in (noun, f"{noun}s")
    for head in (form, form.lower())
)
"""What may have a price, a time or a quantity of one point after it."""
_NUMBERED_BEFORE: Final = re.compile(
    rf"\b(?:{any_of((*LEADS.section, *_PARTLY_NUMBERED))})(?:\d+(?:\.\d+)+(?:\([a-z]\))?(?:,\s|,?\s(?:and|or|to)\s))*$"
)


def _out_of(found: Occurrence) -> TypedValue:
    """`score of 85/100`, `Step 2/3`."""
    part, whole = (int(figures) for figures in found.written.split("/"))
    if part > whole:
        return typed(Kind.DATE, found.written)
    head = re.search(r"(\w+):?\s$", found.left)
    if head and head[1].lower() in _DATED_TOO and whole <= 31 and part <= 12:
        raise UnreadableValueError(
            "ambiguous-number",
            f"{found.written!r} is {part} of {whole}, or a day of a month",
            "write the month in words, or 'of' between the two",
        )
    first, last = (cardinal(number, region=found.region) for number in (part, whole))
    return in_words(
        found.written, f"{first} {'of' if head and head[1].lower() == 'step' else 'out of'} {last}"
    )


_DATED_TOO: Final = ("payment", "visit", "session", "notice", "reminder", "installment")
"""What has a number of a series, and a day."""


def _to(found: Occurrence) -> TypedValue:
    """`a 1:20 ratio`, `scale 1:50,000`."""
    parts = (cardinal(int(part.replace(",", "")), region=found.region) for part in found.written.split(":"))
    return in_words(found.written, " to ".join(parts))


def _parcel(found: Occurrence) -> TypedValue:
    return typed(Kind.SPELL, found.written)


def _emergency_number(found: Occurrence) -> TypedValue:
    """`911` is dialled, but `911 patients` are counted."""
    is_counted = re.match(r"\s(?:calls?|operators?|services?|dispatch\w*)\b", found.right) is None and (
        AGREEMENT.counted.match(found.right) or AGREEMENT.counting.search(found.left)
    )
    is_car = found.left.endswith("Porsche ")
    return typed(Kind.CARDINAL if is_counted or is_car else Kind.DIGITS, found.written)


def _vanity(found: Occurrence) -> TypedValue:
    """`1-800-GO-U-HAUL`."""
    _, toll_free, letters = found.written.split("-", 2)
    figures = " ".join(WORDS.digits[int(digit)] for digit in f"1{toll_free}")
    return in_words(found.written, f"{figures} {letters.replace('-', ' ')}")


def _bracketed(found: Occurrence) -> TypedValue:
    raise UnreadableValueError(
        "unclear-value",
        f"{found.written!r} is a negative amount in accounts, and an amount in brackets in prose",
        "write the minus sign, or leave the brackets out",
    )


def _school_years(found: Occurrence) -> TypedValue:
    """`Grades K-5`, `a K-12 school`."""
    head, last = re.split(r"[-–](?=\d)", found.written)
    link = (
        " "
        if last == "12" and head == "K" and not found.left.lower().endswith(("grades ", "grade "))
        else " to "
    )
    spelled = " ".join(head) if head in ("TK", "PK") else head
    return in_words(found.written, f"{spelled}{link}{cardinal(int(last))}")


def _aged(found: Occurrence) -> TypedValue:
    """`under-5s`, `over 65s`, `U11s`."""
    match = re.fullmatch(r"([A-Za-z]+)([ -]?)(\d+)['’]?s", found.written)
    assert match is not None
    head, link, age = match[1], match[2], int(match[3])
    if link == " " and not _GROUP.search(found.left):
        is_usual = age in (_UNDER if head.lower() == "under" else _OVER)
        if not is_usual or _TIMED.search(found.left) or _LASTING.match(found.right):
            return in_words(found.written, f"{head} {cardinal(age)} second{'' if age == 1 else 's'}")
    said = cardinal(age)
    plural = f"{said[:-1]}ies" if said.endswith("y") else f"{said}es" if said.endswith("x") else f"{said}s"
    return in_words(found.written, f"{'under' if head == 'U' else head}{'-' if link == '-' else ' '}{plural}")


_UNDER: Final = frozenset((*range(2, 9), *range(10, 20), 21, 23, 25, 26, 30))
_OVER: Final = frozenset((18, 21, *range(25, 90, 5), 66, 90))
_GROUP: Final = re.compile(r"\b(?:under|over)[- ]\d{1,2}['’]?s\b[^.;!?]*$", re.I)
_LASTING: Final = re.compile(r"\s(?:to|per|after|before|apart|later|ago|long|each)\b")
_TIMED: Final = re.compile(
    r"\b(?:in|within|takes?|took|taking|lasts?|lasted|is|was|be|by|of|waits?|time|times|delay|a|just|well)\s$"
    r"|\b(?:hold|press|wait|shake|boil|heat|rinse|spray|push|blink|keep|load|loads|answer|answers|answered|respond|ping"
    r"|latency|response|timer|seconds?|video|clip|ad|call|calls|sprint|race|lap|pause|silence)\b[^.;!?]*$",
    re.I,
)
"""What takes time: `answered in under 5s`."""
_SCHOOLED: Final = (
    r"(?=\s(?:schools?|students?|education|educators?|districts?|campus|programs?|class(?:es)?|learners|teachers?"
    r"|grades?|schooling|curriculum|pupils|children|kids|building|academy|system|families)\b)"
)
_THREE_PARTS: Final = rf"\d{{1,2}}\.\d{{1,2}}\.\d{{2}}{END}(?!\.\d)"
_OF_A_WHOLE: Final = "|".join(
    rf"(?<=\b{head} )"
    for head in (
        "score of", "Score:", "score:", "rated", "Rated",
        "rating of", "Rating:", "scored", "mark of", "grade of", "Pain",
        "pain", "pain:", "Pain:", "Step", "step",
        "Dose", "dose", "got", "Parcel", "parcel", "Payment", "payment",
        "Installment", "installment", "Attempt", "Notice", "Reminder", "Visit", "Session", "session",
    )
)  # fmt: skip


READINGS: Final = (
    *PRESCRIPTIONS,
    *TIMES,
    *PLACES,
    *SIZES,
    OwnReading(
        name="outline",
        figures=True,
        shape=rf"(?:{after(_PARTLY_NUMBERED, rf'[0-9]{{1,2}}(?:[.][0-9]{{1,3}}){{2,3}}{END}(?![.][0-9])')}"
        rf"|{after(('and ', 'or ', 'to '), _THREE_PARTS)}|(?=\d)(?<=\d, ){_THREE_PARTS})",
        before="date",
        read=_outline,
    ),
    OwnReading(
        name="school_years",
        shape=rf"(?<![\w-])(?:K[-–]12(?![\w-])|(?:(?<=[Gg]rades )|(?<=[Gg]rade ))"
        r"(?:K|TK|PK|Pre-K|PreK)[-–]\d{1,2}(?![\w-])"
        rf"|(?:TK|PK|Pre-?K|pre-?K)[-–]\d{{1,2}}(?![\w-])|K[-–](?:[2-8]){_SCHOOLED})(?<!Vitamin K-12)",
        before="iso",
        read=_school_years,
    ),
    OwnReading(
        name="aged",
        shape=r"(?<![\w-])(?:[Uu]nder|[Oo]ver)[ -]\d{1,2}['’]?s(?![\w-]|['’])"
        r"|(?<![\w-])U-?(?:[6-9]|1\d|2[0-3])s(?![\w-]|['’])",
        before="iso",
        read=_aged,
    ),
    OwnReading(
        name="pickup",
        shape=r"(?<![\w-])F-[1-6]50(?![\w-])",
        before="code",
        read=lambda found: in_words(found.written, f"F {in_pairs(int(found.written[2:]))}"),
    ),
    OwnReading(
        name="pages",
        figures=True,
        shape=after(("pages ", "Pages ", "pp. "), r"\d{1,4}\s?[-–]\s?\d{1,4}(?![\w-])"),
        before="iso",
        read=lambda found: typed(Kind.RANGE, found.written),
    ),
    OwnReading(
        name="relay",
        figures=True,
        shape=r"(?=\d)(?:(?<=TTY: )|(?<=TTY )|(?<=TTY:)|(?<=TRS: )|(?<=TDD: ))\d{3}(?!\d)",
        before="iso",
        read=lambda found: typed(Kind.DIGITS, found.written),
    ),
    OwnReading(
        name="release",
        figures=True,
        shape=r"(?=\d)(?:(?<=\biOS )|(?<=\biPadOS )|(?<=\bmacOS )|(?<=\bAndroid )|(?<=\bWindows )"
        r"|(?<=\bversion )|(?<=\bVersion ))"
        r"\d{1,3}(?:\.\d{1,3}){1,3}(?![\w]|\.\d)",
        before="section",
        read=_release,
    ),
    OwnReading(
        name="to_one",
        figures=True,
        shape=rf"{START}\d{{1,3}}:\d{{1,3}}(?=\s(?:ratio|dilution|mix|mixture|solution|scale|odds|concentration)\b)"
        rf"|{START}1:\d{{1,3}}(?:,\d{{3}})+(?!\w)",
        before="versus",
        read=_to,
    ),
    OwnReading(
        name="of_whole",
        figures=True,
        shape=rf"(?=\d)(?:{_OF_A_WHOLE})\d{{1,3}}/\d{{1,3}}(?![\w/]|[.,]\d)",
        before="iso",
        read=_out_of,
    ),
    OwnReading(
        name="parcel",
        shape=r"(?<![\w-])[A-Z]{2}\d{2,6}(?: \d{3,4}){2,4}(?: ?[A-Z]{2})?(?![\w-]|[.,]\d)",
        before="moneys",
        read=_parcel,
    ),
    OwnReading(
        name="social_security",
        figures=True,
        shape=rf"{ALONE}\d{{3}}-\d\d-\d{{4}}(?![\w/-]|[.,]\d)",
        before="iso",
        read=lambda found: typed(Kind.DIGITS, found.written),
    ),
    OwnReading(
        name="emergency_number",
        figures=True,
        shape=rf"{ALONE}(?<![$£€#°+])911(?![\w/%°-]|[.,]\d)",
        before="number",
        read=_emergency_number,
    ),
    OwnReading(
        name="number_sign",
        shape=r"(?<=[A-Za-z] )#(?=:\s[A-Z]*\d)",
        before="key",
        read=lambda found: in_words(found.written, WORDS.signs["#"]),
    ),
    OwnReading(
        name="vanity",
        shape=rf"{ALONE}1-8(?:00|33|44|55|66|77|88)-(?=[A-Z-]{{5,}})[A-Z]+(?:-[A-Z]+)+(?![\w-])",
        before="address",
        read=_vanity,
    ),
    OwnReading(
        name="policy",
        figures=True,
        shape=r"(?=\d)(?:(?<=\b[Nn]o\. )|(?<=\bnumber )|(?<=\bref )|(?<=\bref\. )|(?<=\bRef: ))"
        r"\d+(?:-\d+)+/\d+(?![\w/-])",
        before="iso",
        read=lambda found: typed(Kind.CODE, found.written),
    ),
    OwnReading(
        name="bracketed",
        shape=r"(?=\()(?:(?<=\bis )|(?<=\bof )|(?<=\bwas )|(?<=: ))"
        r"\([$£€]\s?\d[\d,.]*\)"
        r"|[$£€]\s?\(\d[\d,.]*\)",
        before="iso",
        read=_bracketed,
    ),
    OwnReading(
        name="glued",
        figures=True,
        shape=rf"{START}\d{{1,4}}(?=\.[A-Z][a-z]+\s[a-z])",
        before="iso",
        read=lambda found: typed(Kind.CARDINAL, found.written),
    ),
    OwnReading(
        name="another_form",
        figures=True,
        shape=r"(?=\d)(?:(?<=Form \d{4} or )|(?<=Form \d{4} and ))\d{4}(?![\w,-])",
        before="iso",
        read=lambda found: in_words(found.written, in_pairs(int(found.written))),
    ),
    OwnReading(
        name="nil",
        figures=True,
        shape=r"(?=\d)(?:(?<=ended )|(?<=won )|(?<=lost )|(?<=drew )|(?<=finished ))(?:\d{1,2}-0|0-\d{1,2})(?![\w-])",
        before="range",
        read=lambda found: in_words(
            found.written,
            " ".join(
                ("nil" if found.region == "GB" else "zero") if part == "0" else cardinal(int(part))
                for part in found.written.split("-")
            ),
        ),
    ),
    OwnReading(
        name="spaced",
        figures=True,
        shape=rf"{START}[1-9]\d{{0,2}} \d{{3}}{END}(?![.,/-]\d| \d)",
        before="number",
        read=_spaced,
    ),
    OwnReading(
        name="pension",
        shape=r"(?<!\w)(?:401|403)\([kb]\)",
        before="clock",
        read=lambda found: in_words(
            found.written, f"four oh {'one K' if '1' in found.written else 'three B'}"
        ),
    ),
    *AMOUNTS,
)
