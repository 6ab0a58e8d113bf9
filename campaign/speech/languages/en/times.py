"""Readings of English times, weekdays, days and years: military hours, noon, spans, decades."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages import cldr
from campaign.speech.languages.en.agreement import AGREEMENT
from campaign.speech.languages.en.calendar import MONTHS
from campaign.speech.languages.en.forms import WEEKDAYS
from campaign.speech.languages.en.leads import LEADS
from campaign.speech.languages.en.numbers import cardinal, in_pairs, ordinal, year
from campaign.speech.languages.en.places import STREETS
from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.shaping import ALONE, DAY, END, START, YEAR, any_of
from campaign.speech.typed import Kind, TypedValue, UnreadableValueError, in_words, typed

_MONTH: Final = any_of(MONTHS)
_MONTH_CAPITAL: Final = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_TH: Final = "(?:st|nd|rd|th)?"
YEAR_HEADS: Final = "|".join(rf"(?<=\b{head})" for head in LEADS.year)


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


def _listed_days(found: Occurrence) -> TypedValue:
    """`from 11 to 22 January`, `3, 4 and 5 May`, `May 5 and 6`."""
    written = found.written
    month = next(
        MONTHS[name] for word in re.findall(r"[^\W\d_]+", written) if (name := word.lower()) in MONTHS
    )
    named = cldr.wide_names("month", "en")[month]
    figures = [int(figure) for figure in re.findall(r"\d+", written)]
    when = f" {year(figures.pop(), region=found.region)}" if figures[-1] > _LONGEST_MONTH else ""
    if figures != sorted(set(figures)):
        raise UnreadableValueError(
            "unclear-value", f"{written!r} are no days of one month", "write each day with its month"
        )
    link = re.search(r"\s(and|or|to|until|till|through|&)\s", written)
    assert link is not None
    joint = "and" if link[1] == "&" else link[1]
    is_month_first = written[0].isalpha()
    article = "the " if joint not in ("and", "or") and not is_month_first else ""
    *first, last = (ordinal(figure) for figure in figures)
    days = f"{', '.join(first)} {joint} {article}{last}"
    if is_month_first:
        return in_words(written, f"{named} {days}{when and ','}{when}")
    head = "" if found.left.lower().endswith("the ") else "the "
    return in_words(written, f"{head}{days} of {named}{when}")


_LONGEST_MONTH: Final = 31


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


def _until_noon(found: Occurrence) -> TypedValue:
    """`8–noon`, `9am-12noon`."""
    match = re.match(r"(\d{1,2})(?::(\d\d))?\s?([ap]m)?", found.written)
    assert match is not None
    minute = int(match[2] or 0)
    tail = "" if minute == 0 else f" oh {cardinal(minute)}" if minute < 10 else f" {cardinal(minute)}"
    half = f" {match[3].upper()}" if match[3] else ""
    last = "noon" if found.written.endswith("noon") else "midnight"
    return in_words(found.written, f"{cardinal(int(match[1]))}{tail}{half} to {last}")


def _zulu(found: Occurrence) -> TypedValue:
    """`1200Z`, `0900 hrs`."""
    hour, minute = int(found.written[:2]), int(found.written[2:4])
    head = f"oh {cardinal(hour)}" if hour and found.written[0] == "0" else cardinal(hour) if hour else "zero"
    tail = "hundred" if not minute else f"oh {cardinal(minute)}" if minute < 10 else cardinal(minute)
    return in_words(found.written, f"{head} {tail} {'Zulu' if found.written.endswith('Z') else 'hours'}")


def _military(found: Occurrence) -> TypedValue:
    """`starts at 1400`."""
    return in_words(found.written, _zulu(found).option("words").rpartition(" ")[0])


def _to_dotted(found: Occurrence) -> TypedValue:
    """`Mon-Thu 9-5.30`."""
    first, last = re.split(r"\s?[-–]\s?", found.written)
    hour, minute = last.split(".")
    tail = "" if minute == "00" else f" {cardinal(int(minute))}"
    return in_words(found.written, f"{cardinal(int(first))} to {cardinal(int(hour))}{tail}")


def _bare_year(found: Occurrence) -> TypedValue:
    """`Tom's 1986 report`, but not `1986 tickets`."""
    is_counted = AGREEMENT.counted.match(found.right) or AGREEMENT.counting.search(found.left)
    return typed(Kind.CARDINAL if is_counted else Kind.YEAR, found.written)


def _noon_or_midnight(found: Occurrence) -> TypedValue:
    """`10-12am`."""
    raise UnreadableValueError(
        "unclear-value", f"{found.written!r} ends at noon or at midnight", "write noon or midnight for 12am"
    )


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


def _span_of_years(found: Occurrence) -> TypedValue:
    """`between 1914 and 1918`, `1479 BC`."""
    return typed(Kind.YEAR, found.written)


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


def _lasting(found: Occurrence) -> TypedValue:
    """`2h 34m`, `1 h 39 m`, `5m 30s`, `1d 4h`."""
    counted = re.findall(r"(\d+)\s?([dhms])", found.written)
    return in_words(
        found.written,
        " ".join(
            f"{cardinal(int(count))} {_LASTING[unit]}{'' if int(count) == 1 else 's'}"
            for count, unit in counted
        ),
    )


_LASTING: Final = {"d": "day", "h": "hour", "m": "minute", "s": "second"}


def _short_halves(found: Occurrence) -> TypedValue:
    """`8a-5p`."""
    first, last = (cardinal(int(hour)) for hour in re.findall(r"\d+", found.written))
    return in_words(found.written, f"{first} AM to {last} PM")


def _two_weekdays(found: Occurrence) -> TypedValue:
    """`Sat & Sun closed`."""
    first, last = re.findall(r"[A-Za-z]+(?=\b)", re.sub(r"\sand\s", " ", found.written))
    return in_words(found.written, f"{WEEKDAYS[first]} and {WEEKDAYS[last]}")


def _weekday(found: Occurrence) -> TypedValue:
    """`Mon: 8:00`."""
    return in_words(found.written, WEEKDAYS[found.written.rstrip(".")])


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
_SHORT_DAYS: Final = any_of(WEEKDAYS)
_NO_SUN: Final = any_of(WEEKDAYS.keys() - {"Sat", "Sun", "SAT", "SUN", "WED"})
"""What is nothing but a day."""
_OF_WEEKS: Final = "|".join(
    rf"(?<=\b{head} )"
    for head in (
        "on",
        "On",
        "every",
        "Every",
        "each",
        "Each",
        "this",
        "This",
        "next",
        "by",
        "By",
        "until",
        "from",
        "From",
    )
)
_OFFICE_HOURS: Final = r"(?=,?:?\s\d{1,2}(?::[0-5]\d)?\s?(?:[-–]|to\b|[ap]\.?m\b|[AP]M\b))"
_BEFORE_DAYS: Final = "|".join(
    rf"(?<=\b{head} )"
    for head in (
        "from", "From", "between", "Between", "on", "On", "the", "The", "closed", "Closed", "open", "Open", "dates",
        "Dates", "both", "either", "dates:", "Dates:", "runs", "lasts",
    )
)  # fmt: skip
_DAY_LIST: Final = (
    rf"{DAY}{_TH}(?:, {DAY}{_TH}){{0,4}},? (?:and|or|to|until|till|through|&) (?:the )?{DAY}{_TH}"
)
"""`3, 4 and 5`."""
_LETTER_DAYS: Final = r"M\s?[-–]\s?(?:F|Th|Sat|Sa|Sun|Su)|M/W/F|M/W|T/Th|Tu/Th|M/T/W/Th/F"


TIMES: Final = (
    OwnReading(
        name="ago",
        figures=True,
        shape=r"(?<![\w.,])\d{1,3}\s?m(?=\sago\b)",
        before="iso",
        read=lambda found: typed(Kind.UNIT, re.sub(r"\s?m$", " min", found.written)),
    ),
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
        name="lasting",
        figures=True,
        shape=rf"{START}(?:\d{{1,3}}\s?d,?\s)?\d{{1,3}}\s?h,?\s?[0-5]?\d\s?m(?:,?\s?[0-5]?\d\s?s)?(?![\w²³/])"
        rf"|{START}[0-5]?\d\s?m,?\s?[0-5]?\d\s?s(?![\w/])|{START}\d{{1,3}}\s?d,?\s\d{{1,2}}\s?h(?![\w/])",
        before="iso",
        read=_lasting,
    ),
    OwnReading(
        name="short_half",
        figures=True,
        shape=rf"{START}(?:1[0-2]|0?[1-9]):[0-5]\d\s?[AaPp](?![\w'’-]|\.\w)",
        before="hours",
        read=lambda found: typed(Kind.TIME, f"{found.written}m", clock="any"),
    ),
    OwnReading(
        name="short_halves",
        figures=True,
        shape=rf"{START}(?:1[0-2]|[1-9])[Aa]\s?[-–]\s?(?:1[0-2]|[1-9])[Pp](?![\w'’-]|\.\w)",
        before="code",
        read=_short_halves,
    ),
    OwnReading(
        name="two_weekdays",
        shape=rf"(?<![\w.])(?:{_SHORT_DAYS})\s?(?:&|and)\s?(?:{_SHORT_DAYS})(?!\w)(?!\s?(?:&|and)\b)",
        before="weekdays",
        read=_two_weekdays,
    ),
    OwnReading(
        name="weekday_of_week",
        shape=rf"(?=[A-Z])(?:{_OF_WEEKS})(?:{_NO_SUN})(?!\w|\.\w|\s[A-Z][a-z]|\s\d|,\s(?:[A-Z]|\d))"
        rf"|(?<![\w.])(?:{_SHORT_DAYS})(?=\s(?i:closed|only|morning|afternoon|evening|night)\b"
        r"|\sof\s(?:the|each|every)\smonth\b)",
        before="weekdays",
        read=_weekday,
    ),
    OwnReading(
        name="from_noon",
        shape=r"(?<!\w)(?:[Nn]oon|[Mm]idnight)\s?[-–]\s?(?=\d{1,2}(?::[0-5]\d)?\s?(?:[AaPp]\.?[Mm]\b|[.,;]|$))",
        before="iso",
        read=lambda found: in_words(found.written, f"{found.written.rstrip('-– ')} to "),
    ),
    OwnReading(
        name="zone_stroke",
        shape=r"(?<![\w-])(?:[ECMP][SD]?T|GMT|BST|UTC)\s?/\s?(?=\d{1,2}(?::[0-5]\d)?\s?[AaPp]\.?[Mm]\b)",
        before="code",
        read=lambda found: in_words(found.written, f"{found.written.rstrip(' /')}, "),
    ),
    OwnReading(
        name="letters_of_week",
        shape=r"(?<![\w-])MWF(?=,?\s\d)",
        before="weekdays",
        read=lambda found: in_words(found.written, "Monday, Wednesday and Friday"),
    ),
    OwnReading(
        name="day_dash",
        shape=rf"(?<=\d)\s?[-–]\s?(?=(?:{_SHORT_DAYS}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\.?,?\s(?:\d|{_MONTH_CAPITAL}))",
        before="sign",
        read=lambda found: in_words(found.written, " to "),
    ),
    OwnReading(
        name="no_weekday",
        shape=r"(?=S)(?:(?<=\b[Tt]he )|(?<=\b[Yy]our )|(?<=\b[Tt]akes )|(?<=\b[Tt]ake )|(?<=\b[Tt]ook ))(?:SAT|SUN)"
        r"(?!\w)(?!\s\d{1,2}(?:/|:\d|\s?[-–]|\s?[AaPp]\.?[Mm]\b))",
        before="weekdays",
        read=lambda found: in_words(found.written, found.written),
    ),
    OwnReading(
        name="zulu",
        figures=True,
        shape=rf"{START}(?:[01]\d|2[0-3])[0-5]\dZ(?!\w)|{START}0\d[0-5]\d\s(?:hrs?|hours|h)\b"
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
        name="fiscal_year",
        shape=r"(?<!\w)FY\s?20\d\d(?!\w)",
        before="iso",
        read=lambda found: in_words(found.written, f"F Y {in_pairs(int(found.written[-4:]))}"),
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
        name="old_year",
        figures=True,
        shape=rf"(?=\d)(?:{YEAR_HEADS})10(?!00)\d\d{END}(?![.,]\d)"
        r"(?!\s(?!(?:and|or|to|until|in|at|on|by|for|with|the|we|it|was|is)\b)[^\W\d_])",
        before="iso",
        read=lambda found: in_words(found.written, year(int(found.written), region=found.region)),
    ),
    OwnReading(
        name="bare_year",
        figures=True,
        shape=rf"{ALONE}(?<![$£€#:])(?:19\d\d|20[1-9]\d)(?![\w/:%°-])(?![.,]\d)",
        before="number",
        read=_bare_year,
    ),
    OwnReading(
        name="noon_or_midnight",
        figures=True,
        shape=rf"{START}(?:[7-9]|1[01])(?::[0-5]\d)?\s?[-–]\s?12(?::00)?\s?[Aa]\.?[Mm]\b",
        before="clock",
        read=_noon_or_midnight,
    ),
    OwnReading(
        name="noon",
        shape=rf"{START}\d{{1,2}}(?::[0-5]\d)?(?:\s?[ap]m)?\s?[-–]\s?(?:12\s?)?(?:noon|midnight)\b",
        before="clock",
        read=_until_noon,
    ),
    OwnReading(
        name="days",
        shape=rf"(?i:\b(?:{_MONTH})\b\.? {DAY}\s?[-–]\s?{DAY}(?:, {YEAR})?{END}(?![-/:.]\d))"
        rf"|(?i:{START}{DAY}{_TH}\s?[-–]\s?{DAY}{_TH} (?:of )?(?:{_MONTH})\b\.?(?: {YEAR}{END})?)",
        before="iso",
        read=_days,
    ),
    OwnReading(
        name="listed_days",
        shape=rf"(?=\d)(?:{_BEFORE_DAYS}){_DAY_LIST} (?:of )?(?=[A-Z])(?i:{_MONTH})\b"
        rf"\.?(?:,? {YEAR}{END})?(?! \d| (?:{STREETS})\b)"
        rf"|(?<![\w.])(?=[A-Z])(?i:{_MONTH})\b\.? {_DAY_LIST}(?:, {YEAR}{END}|{END}(?!,? {YEAR}))"
        rf"(?!\s?[-–]\s?\d|\s?[AaPp]\.?[Mm]\b){_GOES_ON}",
        before="iso",
        read=_listed_days,
    ),
    OwnReading(
        name="decade",
        shape=rf"(?<![^\W_])(?<!\d[.,])['’]?(?:1[1-9]|20)?[1-9]0['’]?s{END}|{START}(?:1[1-9]|20)00['’]?s{END}"
        rf"|{START}1000?s(?= of\b)",
        before="measures",
        read=_decade,
    ),
)
