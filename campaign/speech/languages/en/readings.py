"""Readings that English alone has: military hours, feet and inches, marks, streets, decades."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.en.agreement import AGREEMENT
from campaign.speech.languages.en.calendar import MONTHS
from campaign.speech.languages.en.forms import WEEKDAYS
from campaign.speech.languages.en.leads import LEADS
from campaign.speech.languages.en.numbers import cardinal, in_pairs, ordinal, year
from campaign.speech.languages.en.prescriptions import READINGS as PRESCRIPTIONS
from campaign.speech.languages.en.units import UNITS
from campaign.speech.languages.en.words import WORDS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.shaping import DAY, END, START, YEAR, after, any_of
from campaign.speech.typed import Kind, TypedValue, UnreadableValueError, in_words, typed
from campaign.speech.wordlist import words

_MONTH: Final = any_of(MONTHS)
_TH: Final = "(?:st|nd|rd|th)?"
STREETS: Final = (
    "St|Street|Ave|Avenue|Rd|Road|Blvd|Boulevard|Ln|Lane|Dr|Drive|Way|Ct|Court|Pl|Place|Hwy|Highway|Pkwy|Parkway"
    "|Terrace|Circle|Square|Expy|Expressway|Fwy|Freeway|Cir|Ter|Trl|Trail|Loop|Pike|Turnpike|Row|Alley|Aly|Path|Crossing"
    "|Xing|Cove|Close|Crescent|Cres|Gardens|Gdns|Grove|Mews|Parade|Sq|Walk|Bend"
)
_ROOMS: Final = tuple(
    f"{head} "
    for noun in words(
        "Room Suite Apartment Unit Ward Flight Highway Interstate Exit Bus Flat Form Box Boeing Airbus"
    )
    for head in (noun, noun.lower())
)
_PLACES: Final = tuple(
    f"{head} "
    for noun in words("Platform Gate Level Floor Lane Table Seat Row Lot Desk Bay Door")
    for head in (noun, noun.lower())
)
_LETTERED: Final = (
    "Route ",
    "route ",
    "Rte ",
    "Rte. ",
    "Hwy ",
    "Apt ",
    "Apt. ",
    "Block ",
    "Building ",
    "Zone ",
    "Stand ",
)
"""What has a letter after its number, which is no unit: `Route 9W`."""
YEAR_HEADS: Final = "|".join(rf"(?<=\b{head})" for head in LEADS.year)


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


def _days(found: Occurrence) -> TypedValue:
    """`May 5-8`, `24-26 Dec`."""
    written = found.written
    names = [word.lower() for word in re.findall(r"[^\W\d_]+", written)]
    number = next(MONTHS[name] for name in names if name in MONTHS)
    month = cldr.wide_names("month", "en")[number]
    first, last, *years = (int(figure) for figure in re.findall(r"\d+", written))
    days = f"{ordinal(first)} to {ordinal(last)}"
    spoken = (
        f"{month} {days}" if written[0].isalpha() else f"the {days.replace(' to ', ' to the ')} of {month}"
    )
    return in_words(written, spoken + (f", {year(years[0], region=found.region)}" if years else ""))


def _decade(found: Occurrence) -> TypedValue:
    """`the 1990s`, `100s of people`."""
    figures = found.written.strip("s'’")
    if figures in _HUNDREDS:
        return in_words(found.written, _HUNDREDS[figures])
    if len(figures) == 4 and figures.endswith("00"):
        words_of = "two thousands" if figures == "2000" else f"{cardinal(int(figures[:2]))} hundreds"
        return in_words(found.written, words_of)
    head = f"{cardinal(int(figures[:2]))} " if len(figures) == 4 else ""
    if figures[-2:] == "10":
        return in_words(found.written, f"{head}tens")
    return in_words(found.written, f"{head}{cardinal(int(figures[-2:]))[:-1]}ies")


_HUNDREDS: Final = {"100": "hundreds", "1000": "thousands"}


def _decimal(figures: str, region: str) -> str:
    """`3.5`, `1,500`."""
    whole, _, tenths = figures.replace(",", "").partition(".")
    said = cardinal(int(whole), region=region)
    return (
        f"{said} {WORDS.decimal} {' '.join(WORDS.digits[int(digit)] for digit in tenths)}" if tenths else said
    )


def _feet(found: Occurrence) -> TypedValue:
    """`5'10"`, `a 3.5" disk`."""
    figures = re.findall(r"[\d.]+", found.written)
    if len(figures) == 2:
        feet, inches = (cardinal(int(part), region=found.region) for part in figures)
        return in_words(found.written, f"{feet} foot {inches}")
    spoken = _decimal(figures[0], found.region)
    is_singular = figures[0] == "1" or found.right[1:2].isalpha()
    return in_words(found.written, f"{spoken} {'inch' if is_singular else 'inches'}")


def _street(found: Occurrence) -> TypedValue:
    """Numbers of houses and rooms in pairs; a postal code digit by digit."""
    if len(found.written) < 5:
        return in_words(found.written, in_pairs(int(found.written)))
    parts = (" ".join(WORDS.digits[int(digit)] for digit in part) for part in found.written.split("-"))
    return in_words(found.written, " ".join(parts))


def _until_noon(found: Occurrence) -> TypedValue:
    """`8–noon`, `9am-12noon`."""
    match = re.match(r"(\d{1,2})(?::(\d\d))?\s?([ap]m)?", found.written)
    assert match is not None
    minute = int(match[2] or 0)
    tail = "" if minute == 0 else f" oh {cardinal(minute)}" if minute < 10 else f" {cardinal(minute)}"
    half = f" {match[3].upper()}" if match[3] else ""
    last = "noon" if found.written.endswith("noon") else "midnight"
    return in_words(found.written, f"{cardinal(int(match[1]))}{tail}{half} to {last}")


_DIRECTIONS: Final = {
    "N": "North", "S": "South", "E": "East", "W": "West", "NW": "Northwest", "NE": "Northeast", "SW": "Southwest",
    "SE": "Southeast",
}  # fmt: skip


def _direction(found: Occurrence) -> TypedValue:
    """`1200 W. Main St.`, `Oak Ave. NW`."""
    return in_words(found.written, _DIRECTIONS[found.written.rstrip(".")])


def _house(found: Occurrence) -> TypedValue:
    """`12 W 42nd St`."""
    figures, direction = found.written.rstrip(".").split()
    number = in_pairs(int(figures)) if len(figures) > 2 else cardinal(int(figures))
    return in_words(found.written, f"{number} {_DIRECTIONS[direction]}")


def _zulu(found: Occurrence) -> TypedValue:
    """`1200Z`, `0900 hrs`."""
    hour, minute = int(found.written[:2]), int(found.written[2:4])
    head = f"oh {cardinal(hour)}" if hour and found.written[0] == "0" else cardinal(hour) if hour else "zero"
    tail = "hundred" if not minute else f"oh {cardinal(minute)}" if minute < 10 else cardinal(minute)
    return in_words(found.written, f"{head} {tail} {'Zulu' if found.written.endswith('Z') else 'hours'}")


def _military(found: Occurrence) -> TypedValue:
    """`starts at 1400`."""
    return in_words(found.written, _zulu(found).option("words").rpartition(" ")[0])


def _per_time(found: Occurrence) -> TypedValue:
    """`2% p.m.`."""
    return in_words(found.written, " per month" if "m" in found.written else " per annum")


_PARTS: Final = {2: "half", 4: "quarter", 8: "eighth", 16: "sixteenth", 32: "thirty-second"}


def _parts_said(written: str) -> str:
    """`3/4` or `1 1/2`, in words."""
    *whole, part, parts = (int(figures) for figures in re.findall(r"\d+", written))
    noun = _PARTS[parts] + ("s" if part > 1 else "")
    said = f"{cardinal(part)} {noun}"
    return f"{cardinal(whole[0])} and {said}" if whole else said


def _foot_mark(found: Occurrence) -> TypedValue:
    """`a 10' ladder`, `60' x 120'`."""
    count = int(found.written[:-1])
    alone = re.match(
        r"\s(?:x|×|by|apart|from|away|long|wide|tall|high|deep|of|in|on|to)\b|[.,;)]|\s?$", found.right
    )
    noun = "feet" if alone and count != 1 else "foot"
    return in_words(found.written, f"{cardinal(count, region=found.region)} {noun}")


def _mixed_inches(found: Occurrence) -> TypedValue:
    """`3/4"`, `1 1/2"`."""
    written = found.written.rstrip('"″')
    said = _parts_said(written)
    return in_words(found.written, f"{said} inches" if " " in written else f"{said} of an inch")


def _mixed_share(found: Occurrence) -> TypedValue:
    """`4 1/2%`."""
    written = found.written.rstrip(" %")
    said = _parts_said(written)
    return in_words(found.written, f"{said} percent" if " " in written else f"{said} of a percent")


def _half_to(found: Occurrence) -> TypedValue:
    """`1/2-1 tablet`."""
    last = int(re.split(r"[-–]", found.written)[1])
    return in_words(found.written, f"one half to {cardinal(last, region=found.region)}")


def _to_dotted(found: Occurrence) -> TypedValue:
    """`Mon-Thu 9-5.30`."""
    first, last = re.split(r"\s?[-–]\s?", found.written)
    hour, minute = last.split(".")
    tail = "" if minute == "00" else f" {cardinal(int(minute))}"
    return in_words(found.written, f"{cardinal(int(first))} to {cardinal(int(hour))}{tail}")


_BEGINS: Final = "|".join(
    rf"(?<=\b{verb} at )"
    for verb in (
        "start", "starts", "begin", "begins", "opens", "closes", "arrive", "arrives", "leave", "leaves", "departs",
        "ends", "report", "Report", "meets", "boards",
    )
)  # fmt: skip
_DAY_NAMES: Final = "|".join(
    rf"(?<={day} )"
    for day in ("Mon", "Tue", "Wed", "Thu", "Thurs", "Fri", "Sat", "Sun", "Tues", "Weds", "weekdays")
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


def _bracketed(found: Occurrence) -> TypedValue:
    raise UnreadableValueError(
        "unclear-value",
        f"{found.written!r} is a negative amount in accounts, and an amount in brackets in prose",
        "write the minus sign, or leave the brackets out",
    )


def _length_or_time(found: Occurrence) -> TypedValue:
    """`The clip is 1:30 long`."""
    if found.written.count(":") == 2:
        return typed(Kind.DURATION, found.written)
    larger, smaller = (int(part) for part in found.written.split(":"))
    if larger >= _HOURS_OF_DAY:
        return typed(Kind.DURATION, found.written, form="m:ss")
    raise UnreadableValueError(
        "ambiguous-duration",
        f"{found.written!r} is {larger} h {smaller} min, or {larger} min {smaller} s",
        f"write {larger} h {smaller} min, or {larger} min {smaller} s",
    )


_HOURS_OF_DAY: Final = 24


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


def _half(found: Occurrence) -> TypedValue:
    """`1/2 price`, `½ term`."""
    return in_words(found.written, "half")


def _attributive(found: Occurrence) -> TypedValue:
    """`a 40cm gap`, `two 5 mg tablets`."""
    match = re.fullmatch(r"([\d.,]+?)\s?([^\d\s.,][^\d\s.]*[²³23]?)\.?", found.written)
    assert match is not None
    unit = UNITS["inch" if match[2] == "in" else match[2]]
    return in_words(found.written, f"{_decimal(match[1], found.region)} {unit.one}")


_MEASURES: Final = any_of(UNITS.keys() - {"p", "c"})
_DETERMINERS: Final = "|".join(
    rf"(?<=\b{word} )"
    for word in (
        "a", "an", "the", "this", "each", "every", "your", "another", "one", "two", "three", "four", "A", "An", "The",
        "This", "Each", "Your", "One", "Two",
    )
)  # fmt: skip
_NO_THING: Final = (
    r"for|to|on|by|in|at|is|was|and|or|per|a|an|each|will|off|from|as|with|of|than|that|which|when|if|but|twice|once"
    r"|three|four|every|before|after|until|over|under|above|below|away|apart|left|remaining|more|less|were|are|has|have"
    r"|had|can|may|must|should|would|into|onto|through|along|around|between|because|so|then|we|you|they|it|she|he|your"
    r"|our|the|this|now|today|daily|down|up|out|not|plus|without|during|within|only"
)


def _span_of_years(found: Occurrence) -> TypedValue:
    """`between 1914 and 1918`, `1479 BC`."""
    return typed(Kind.YEAR, found.written)


def _flight(found: Occurrence) -> TypedValue:
    """`Flight UA 1187`."""
    carrier, figures = found.written.split()
    letters = (WORDS.digits[int(sign)] if sign.isdigit() else sign for sign in carrier)
    is_pairs = len(figures) == 4
    said = in_pairs(int(figures)) if is_pairs else " ".join(WORDS.digits[int(digit)] for digit in figures)
    return in_words(found.written, f"{' '.join(letters)} {said}")


_MORE_FLIGHTS: Final = "|".join(
    rf"(?<={head} [A-Z]{{2}} \d{{{figures}}}{link})"
    for head in ("light", "lights")
    for figures in (3, 4)
    for link in (" and ", " or ", ", ")
)


def _weekday_letters(found: Occurrence) -> TypedValue:
    """`M-F 8-5`, `M/W/F 9-5`."""
    days = [_LETTERS[name] for name in re.findall(r"[A-Z][a-z]*", found.written)]
    if "/" not in found.written:
        return in_words(found.written, f"{days[0]} to {days[1]}")
    return in_words(found.written, f"{', '.join(days[:-1])} and {days[-1]}")


_LETTERS: Final = {
    "M": "Monday", "T": "Tuesday", "Tu": "Tuesday", "W": "Wednesday", "Th": "Thursday", "F": "Friday",
    "Sa": "Saturday", "Sat": "Saturday", "Su": "Sunday", "Sun": "Sunday",
}  # fmt: skip


def _weekday(found: Occurrence) -> TypedValue:
    """`Mon: 8:00`."""
    return in_words(found.written, WEEKDAYS[found.written.rstrip(".")])


def _per_person(found: Occurrence) -> TypedValue:
    """`£12 p.p.`."""
    is_amount = re.search(r"[£$€]\s?\d[\d.,]*$", found.left)
    return in_words(found.written, " per person" if is_amount else found.written)


def _junction(found: Occurrence) -> TypedValue:
    """`M5 J14-J15`; a seat or a form else."""
    if not (_ROAD.search(found.left) or _OF_ROAD.match(found.right)):
        return typed(Kind.CODE, found.written)
    numbers = re.findall(r"\d+[AB]?", found.written)
    said = (
        cardinal(int(number.rstrip("AB"))) + (f" {number[-1]}" if number[-1].isalpha() else "")
        for number in numbers
    )
    return in_words(found.written, f"junction {(' and ' if '/' in found.written else ' to ').join(said)}")


_ROAD: Final = re.compile(
    r"\b(?:[AM]\d{1,3}(?:\(M\)|M)?|[Mm]otorway)(?:,?\s\(?|\s\()(?:(?:\w+bound\s)?(?:at|between|from|near|after|before)\s)?$"
    r"|\b[AM]\d{1,3}\b[^.;!?]*\bJ\d{1,2}[AB]?\s?(?:,|and|to|or|&|[-–])\s?$"
)
_OF_ROAD: Final = re.compile(r"(?:\s(?:and|to|or)\sJ\d{1,2}[AB]?)?,?\s(?:of|on|off)\s(?:the\s)?[AM]\d{1,3}\b")


_GOES_ON: Final = (
    r"(?![.,:/-]?\d)(?!\s?[%€$£])"
    r"(?!\s(?!(?:BC|BCE|AD|CE|and|or|to|is|was|were|will|in|at|on|for|with|the|we|you|it|inclusive|only|when|as|but|by)\b)"
    r"[^\W\d_])"
)
"""No noun follows that the number counts."""
_FOUR: Final = r"(?:1[1-9]|20)\d\d"
_MAKES: Final = (
    "Ford|Toyota|Honda|Chevrolet|Chevy|Nissan|Jeep|Dodge|GMC|Hyundai|Kia|Subaru|Mazda|Volkswagen|VW|BMW|Audi|Mercedes"
    "|Lexus|Acura|Infiniti|Buick|Cadillac|Chrysler|Lincoln|Tesla|Volvo|Porsche|Jaguar|Land Rover|Range Rover|Mini|Fiat"
    "|Vauxhall|Peugeot|Renault|Skoda|Citroen|Citroën|Mitsubishi|Suzuki|Harley|Ram|Seat|Opel|Holden"
)
_SCHOOLED: Final = (
    r"(?=\s(?:schools?|students?|education|educators?|districts?|campus|programs?|class(?:es)?|learners|teachers?"
    r"|grades?|schooling|curriculum|pupils|children|kids|building|academy|system|families)\b)"
)
_THREE_PARTS: Final = rf"\d{{1,2}}\.\d{{1,2}}\.\d{{2}}{END}(?!\.\d)"
_OFFICE_HOURS: Final = r"(?=,?:?\s\d{1,2}(?::[0-5]\d)?\s?(?:[-–]|to\b|[ap]\.?m\b|[AP]M\b))"
_LETTER_DAYS: Final = r"M\s?[-–]\s?(?:F|Th|Sat|Sa|Sun|Su)|M/W/F|M/W|T/Th|Tu/Th|M/T/W/Th/F"
_OF_A_WHOLE: Final = "|".join(
    rf"(?<=\b{head} )"
    for head in (
        "score of", "Score:", "score:", "rated", "rating of", "Rating:", "scored", "mark of", "grade of", "Pain",
        "pain", "pain:", "Pain:", "Step", "step",
        "Dose", "dose", "got", "Parcel", "parcel", "Payment", "payment",
        "Installment", "installment", "Attempt", "Notice", "Reminder", "Visit", "Session", "session",
    )
)  # fmt: skip
READINGS: Final = (
    *PRESCRIPTIONS,
    OwnReading(
        name="length_or_time",
        figures=True,
        shape=rf"{START}\d{{1,3}}:[0-5]\d(?::[0-5]\d)?"
        r"(?=\s(?:long(?!\s\w)|long\s(?:and|with|but)\b|in length\b|in duration\b))"
        rf"|(?=\d)(?:(?<=\b[Ll]asts )|(?<=\b[Ll]asted )|(?<=[Ll]ength: )|(?<=[Dd]uration: )|(?<=[Rr]untime: ))"
        rf"\d{{1,3}}:[0-5]\d(?::[0-5]\d)?(?![\w:]|\s?[AaPp]\.?[Mm]\b|\s?(?:h|hrs?|hours?|min|mins|minutes?)\b)",
        before="duration",
        read=_length_or_time,
    ),
    OwnReading(
        name="outline",
        figures=True,
        shape=rf"(?:{after(_PARTLY_NUMBERED, rf'[0-9]{{1,2}}(?:[.][0-9]{{1,3}}){{2,3}}{END}(?![.][0-9])')}"
        rf"|{after(('and ', 'or ', 'to '), _THREE_PARTS)}|(?=\d)(?<=\d, ){_THREE_PARTS})",
        before="date",
        read=_outline,
    ),
    OwnReading(
        name="lettered",
        figures=True,
        shape=after(
            (*_ROOMS, *_PLACES, *_LETTERED), r"\d{1,3}[VWL](?![\w-]|\s(?:bulb|lamp|battery|charger|tank))"
        ),
        before="iso",
        read=lambda found: typed(Kind.CODE, found.written),
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
        name="halved",
        shape=r"(?<![\w.,/])(?<!\d )(?:1/2|½)(?=[ -](?i:price|term|day|days|board|time|dozen|marathon)\b)",
        before="iso",
        read=_half,
    ),
    OwnReading(
        name="attributive",
        figures=True,
        shape=rf"(?=\d)(?:{_DETERMINERS})(?:\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?)"
        rf"(?:\s?(?:{_MEASURES})|in)\.?(?=\s(?!(?:{_NO_THING})\b)[a-z]{{3,}})",
        before="measures",
        read=_attributive,
    ),
    OwnReading(
        name="span_of_years",
        figures=True,
        shape=rf"(?=\d)(?:(?<=\b[Bb]etween )|(?<=\b[Ff]rom )){_FOUR}"
        rf"(?=\s(?:and|to|until|till|through)\s(?:{_FOUR}{_GOES_ON}|(?:the\s)?(?:mid|early|late)\b"
        rf"|today\b|the present\b|(?:the\s)?{_FOUR[:-2]}0s))"
        rf"|{START}[1-9]\d{{3}}(?=\s(?:BC|BCE|AD|CE)(?!\w))|(?=\d)(?<=\bAD )[1-9]\d{{3}}{END}"
        rf"|{START}(?:19|20)\d\d(?=\s(?:{_MAKES})(?!\w))",
        before="year",
        read=_span_of_years,
    ),
    OwnReading(
        name="pickup",
        shape=r"(?<![\w-])F-[1-6]50(?![\w-])",
        before="code",
        read=lambda found: in_words(found.written, f"F {in_pairs(int(found.written[2:]))}"),
    ),
    OwnReading(
        name="flight",
        shape=rf"(?=[A-Z])(?:(?<=\b[Ff]light )|(?<=\b[Ff]lights )|(?<=\b[Ff]light no\. )|{_MORE_FLIGHTS})"
        r"[A-Z][A-Z\d] \d{3,4}(?![\w-]|,\d)"
        r"|(?<!\w)(?:AA|UA|BA|DL|LH|AF|KL|EK|FR|EI|QF|WN|AC|VS|QR|SQ) \d{3,4}"
        r"(?=\s(?:departs|arrives|lands|boards|leaves|is (?:delayed|boarding|cancell?ed|on time)"
        r"|has (?:been|landed))\b)",
        before="iso",
        read=_flight,
    ),
    OwnReading(
        name="weekday_letters",
        shape=rf"(?<![\w-])(?:{_LETTER_DAYS}){_OFFICE_HOURS}"
        rf"|(?=[MT])(?:(?<=\b[Oo]pen )|(?<=\b[Hh]ours )|(?<=\b[Hh]ours: ))(?:{_LETTER_DAYS})(?![\w/-])",
        before="iso",
        read=_weekday_letters,
    ),
    OwnReading(
        name="weekday_colon",
        shape=rf"(?<![\w.])(?:{any_of(WEEKDAYS)})\.?(?=:\s(?:\d|[Cc]losed|CLOSED|[Oo]pen|[Bb]y app))",
        before="iso",
        read=_weekday,
    ),
    OwnReading(
        name="per_person",
        shape=r"(?<=\d)\sp\.p(?=\.\s[A-Z])|(?<=\d)\sp\.?p\.?(?=[\s,;)]|$)|(?<=\d)\spp(?=\.)",
        before="iso",
        read=_per_person,
    ),
    OwnReading(
        name="junction",
        shape=r"(?<![\w-])J\d{1,2}[AB]?(?:\s?[-–]\s?J?\d{1,2}[AB]?|/J?\d{1,2})?(?![\w/-])",
        before="iso",
        read=_junction,
    ),
    OwnReading(
        name="zulu",
        figures=True,
        shape=rf"{START}(?:[01]\d|2[0-3])[0-5]\dZ(?!\w)|{START}0\d[0-5]\d\s(?:hrs|hours)\b"
        r"|(?=\d)(?:(?<=\bat )|(?<=\bby )|(?<=\bfrom )|(?<=\buntil ))(?:1\d|2[0-3])[0-5]\d\s?(?:hrs|hours)\b",
        before="clock",
        read=_zulu,
    ),
    OwnReading(
        name="military",
        figures=True,
        shape=rf"(?=\d)(?:{_BEGINS})(?:[01]\d|2[0-3])[0-5]\d(?![\w:/-])(?![.,]\d)(?!\s(?:hrs|hours|[A-Z][a-z]))",
        before="clock",
        read=_military,
    ),
    OwnReading(
        name="to_dotted",
        figures=True,
        shape=rf"(?=\d)(?:{_DAY_NAMES})\d{{1,2}}\s?[-–]\s?\d{{1,2}}\.(?:00|15|30|45)(?![\w])(?!\.\d)",
        before="clock",
        read=_to_dotted,
    ),
    OwnReading(
        name="half_to",
        figures=True,
        shape=rf"{START}1/2\s?[-–]\s?[1-9](?=\s[a-z])",
        before="iso",
        read=_half_to,
    ),
    OwnReading(
        name="mixed_share",
        figures=True,
        shape=rf"{START}(?:\d{{1,2}} )?(?:1/2|[13]/4|[1-7]/8)\s?%(?!\w)",
        before="iso",
        read=_mixed_share,
    ),
    OwnReading(
        name="mixed_inches",
        figures=True,
        shape=rf"{START}(?:\d{{1,2}}[ -])?\d{{1,2}}/(?:2|4|8|16|32)[\"″](?=[\s.,;)]|$)",
        before="iso",
        read=_mixed_inches,
    ),
    OwnReading(
        name="foot_mark",
        figures=True,
        shape=r"(?<![\w.,'‘\"“])\d{1,3}['′](?=\s[a-z×]|[.,;)]|\s?$)(?!\s(?:and|or|is|was)\b)",
        before="iso",
        read=_foot_mark,
    ),
    OwnReading(
        name="foot_by",
        shape=r"(?<=\d['′])\s?[x×]\s?(?=\d)",
        before="iso",
        read=lambda found: in_words(found.written, " by "),
    ),
    OwnReading(
        name="relay",
        figures=True,
        shape=r"(?=\d)(?:(?<=TTY: )|(?<=TTY )|(?<=TTY:)|(?<=TRS: )|(?<=TDD: ))\d{3}(?!\d)",
        before="iso",
        read=lambda found: typed(Kind.DIGITS, found.written),
    ),
    OwnReading(
        name="fiscal_year",
        shape=r"(?<!\w)FY\s?20\d\d(?!\w)",
        before="iso",
        read=lambda found: in_words(found.written, f"F Y {in_pairs(int(found.written[-4:]))}"),
    ),
    OwnReading(
        name="per_time",
        shape=r"(?<=%)\s?p\.\s?[ma]\.(?=\s[a-z]|[),;]|$)|(?<=%)\s?p\.\s?[ma](?=\.\s[A-Z])",
        before="iso",
        read=_per_time,
    ),
    OwnReading(
        name="september",
        figures=True,
        shape=rf"{START}9/11(?=\s(?:victims?|attacks?|memorial|terror\w*|survivors?|anniversary|responders?|families)"
        r"\b|['’]s\b)",
        before="iso",
        read=lambda found: in_words(found.written, "nine eleven"),
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
        name="policy",
        figures=True,
        shape=r"(?=\d)(?:(?<=\b[Nn]o\. )|(?<=\bnumber )|(?<=\bref )|(?<=\bref\. )|(?<=\bRef: ))"
        r"\d+(?:-\d+)+/\d+(?![\w/-])",
        before="iso",
        read=lambda found: typed(Kind.CODE, found.written),
    ),
    OwnReading(
        name="house_direction",
        figures=True,
        shape=rf"{START}\d{{1,4}}\s[NSEW]\.?(?=\s(?:\d{{1,3}}(?:st|nd|rd|th)|[A-Z][a-z]+)\s(?:{STREETS})(?!\w))",
        before="iso",
        read=_house,
    ),
    OwnReading(
        name="direction",
        shape=rf"(?=[NSEW])(?:(?<=\d )[NSEW]\.?(?=\s(?:[A-Z][a-z]+\s){{1,3}}(?:{STREETS})(?!\w))"
        r"|(?:(?<=St\. )|(?<=Ave\. )|(?<=Blvd\. )|(?<=Rd\. )|(?<=St )|(?<=Ave ))(?:NW|NE|SW|SE)(?!\w))",
        before="initials",
        read=_direction,
    ),
    OwnReading(
        name="bracketed",
        shape=r"(?=\()(?:(?<=\bis )|(?<=\bof )|(?<=\bwas )|(?<=[Bb]alance: )|(?<=[Tt]otal: ))\([$£€]\s?\d[\d,.]*\)",
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
        name="old_year",
        figures=True,
        shape=rf"(?=\d)(?:{YEAR_HEADS})10(?!00)\d\d{END}(?![.,]\d)"
        r"(?!\s(?!(?:and|or|to|until|in|at|on|by|for|with|the|we|it|was|is)\b)[^\W\d_])",
        before="iso",
        read=lambda found: in_words(found.written, year(int(found.written), region=found.region)),
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
        name="numbered_place",
        figures=True,
        shape=after((*_ROOMS, *_PLACES), r"\d{1,3}(?= \d{3}(?!\d))"),
        before="zeros",
        read=lambda found: typed(Kind.CARDINAL, found.written),
    ),
    OwnReading(
        name="spaced",
        figures=True,
        shape=rf"{START}[1-9]\d{{0,2}} \d{{3}}{END}(?![.,/-]\d| \d)",
        before="number",
        read=_spaced,
    ),
    OwnReading(
        name="noon",
        shape=rf"{START}\d{{1,2}}(?::[0-5]\d)?(?:\s?[ap]m)?\s?[-–]\s?(?:12\s?)?(?:noon|midnight)\b",
        before="clock",
        read=_until_noon,
    ),
    OwnReading(
        name="pension",
        shape=r"(?<!\w)(?:401|403)\([kb]\)",
        before="clock",
        read=lambda found: in_words(
            found.written, f"four oh {'one K' if '1' in found.written else 'three B'}"
        ),
    ),
    OwnReading(
        name="stone",
        shape=rf"{START}\d{{1,2}}\s?st(?=\s?\d{{1,2}}\s?lbs?\b)",
        before="ordinal",
        read=lambda found: typed(Kind.UNIT, re.sub(r"\s?st$", " stone", found.written)),
    ),
    OwnReading(
        name="inches",
        shape=rf"{START}\d{{1,3}}(?:\.\d)?in\b|(?:(?<=ft )|(?<=ft\. )){START}\d{{1,2}}\s?in\b"
        rf"|{START}\d{{1,3}}(?:\.\d)?\sin\.(?=$|\s(?:[A-Z]|long|tall|wide|high|deep))",
        before="unit",
        read=lambda found: typed(Kind.UNIT, re.sub(r"\s?in\.?$", " inch", found.written)),
    ),
    OwnReading(
        name="warmth",
        shape=rf"{START}[-−]?\d{{1,3}}(?:\.\d)?\s?°?[CF]{END}(?<=\.\d[CF])"
        rf"|(?<!\w)[-−]\d{{1,2}}\s?[CF]{END}"
        rf"|(?i:(?<=temperature is )|(?<=temperature of )|(?<=fever of ))\d{{2,3}}[CF]{END}",
        before="rate",
        read=lambda found: typed(Kind.UNIT, re.sub(r"\s?°?([CF])$", r" °\1", found.written)),
    ),
    OwnReading(
        name="days",
        shape=rf"(?i:\b(?:{_MONTH})\b\.? {DAY}\s?[-–]\s?{DAY}(?:, {YEAR})?{END}(?![-/:.]\d))"
        rf"|(?i:{START}{DAY}{_TH}\s?[-–]\s?{DAY}{_TH} (?:of )?(?:{_MONTH})\b\.?(?: {YEAR}{END})?)",
        before="iso",
        read=_days,
    ),
    OwnReading(
        name="decade",
        shape=rf"(?<![^\W_])(?<!\d[.,])['’]?(?:1[1-9]|20)?[1-9]0['’]?s{END}|{START}(?:1[1-9]|20)00['’]?s{END}"
        rf"|{START}1000?s(?= of\b)",
        before="measures",
        read=_decade,
    ),
    OwnReading(
        name="feet",
        shape=rf"{START}\d{{1,2}}['′]\s?\d{{1,2}}(?:[\"″]|'')|(?<![\"“”]){START}\d+(?:\.\d+)?[\"″](?=[\s.,;)])",
        before="rate",
        read=_feet,
    ),
    OwnReading(
        name="street",
        shape=rf"{START}\d{{3,4}}(?= (?:[NSEW]\.? )?(?:(?:[A-Z][a-z]+|\d+(?:st|nd|rd|th)) ){{1,3}}"
        rf"(?:{STREETS})(?!\w))"
        rf"|{after(_ROOMS, rf'[0-9]{{3,4}}{END}(?![.,][0-9])')}"
        r"|(?<=, [A-Z]{2} )\d{5}(?:-\d{4})?(?![\w-])",
        before="numeric",
        read=_street,
    ),
)
