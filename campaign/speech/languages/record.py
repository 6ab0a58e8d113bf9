"""What a language's room says of it: one typed record, whose parts the machinery asks for and never names.

    campaign/speech/languages/de/__init__.py:  LANGUAGE = Language(code="de", words=..., numerals=..., ...)

Every field has a default where a language may do without; a part that is None is a capability that the language
lacks, told as such ("no ordinals in xx") and never an exception of another kind. docs/languages.md walks through it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple, Protocol

from campaign.speech.typed import TypedValue

NOTHING: Final[re.Pattern[str]] = re.compile(r"(?!)")
"""Matches nothing."""


class Unit(NamedTuple):
    """A unit of measure."""

    one: str
    many: str
    gender: str = "m"


class Currency(NamedTuple):
    """A currency and its hundredth, which is empty where it has none."""

    one: str
    many: str
    gender: str
    cent: str
    cents: str
    cent_gender: str


class Magnitude(NamedTuple):
    """A word that multiplies an amount: million."""

    one: str
    many: str
    power: int
    """Of ten."""


class Noun(NamedTuple):
    """What a number stands before."""

    gender: str
    """`m`, `f` or `n`."""
    follows: bool
    """Whether there is a noun at all."""


class Between(NamedTuple):
    """`between 9 and 5`: after the words of `head` the dash of a range is `link`."""

    head: str
    """A regular expression."""
    link: str
    article: str = ""
    """Said after the link where the head ends with it: `tra il 3 e il 5`."""


class PerPeriod(NamedTuple):
    """`3 times/day`: the stroke before a period."""

    period: re.Pattern[str]
    link: str
    after_words_only: bool = False
    """Not after a figure or a sign."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Single words that stand for signs and joints."""

    digits: tuple[str, ...]
    """Zero to nine."""
    decimal: str
    """`3.5`: point."""
    regional_decimal: Mapping[str, str] = field(default_factory=dict)
    """Region to that word where it is another one there."""
    minus: str
    plus: str
    extension: str
    """Of a telephone number: `ext. 12`."""
    range: str
    """`3-5`: to."""
    between: Between | None = None
    ratio: str
    """`3:2`, `4:1`."""
    over: str
    """Blood pressure: `120/80`."""
    whole_split: bool = True
    """`60/40`, parts of a whole, has no word between."""
    out_of: str = ""
    """A mark: `4.5/5`; empty where a language writes none so."""
    masked: str
    """A number of which only the end is shown: `****1234`."""
    masked_after: re.Pattern[str] = NOTHING
    """What stands before such a number and says it already."""
    by: str
    """`10 x 20`."""
    times: str
    """`3x`, with `{}` for the number."""
    once: str
    """`1x`."""
    section: str
    """`section 3.5`, `version 2.10.3`."""
    per: str
    """`20 €/month`."""
    per_period: PerPeriod | None = None
    percent: str
    percent_first: bool = False
    """Said before the number."""
    per_mille: str = ""
    """`5 ‰`."""
    round_the_clock: str
    """`24/7`."""
    either: str = ""
    """`he/she`: or."""
    joint: str = ""
    """ "two hours and five minutes"."""
    money_and: str
    """Between an amount and its hundredths."""
    signs: Mapping[str, str]
    """Signs by name."""
    signs_before: Mapping[str, tuple[re.Pattern[str], str]] = field(default_factory=dict)
    """A sign to what may follow it, and its name then: Spanish `&` before i."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Keys of a telephone: `*`, `#`."""
    regional_keys: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Region to those with another name there."""
    pause: str = ", "
    """Between groups that are said apart."""
    again: str
    """The sentence that says a value once more: "That is {}."; `{}` stands for its words."""


class Cardinal(Protocol):
    """A whole number of 0 or more to words."""

    def __call__(self, number: int, *, gender: str = "m", noun: bool = False, region: str = "") -> str:
        """`noun` says that a counted noun of that gender follows: "un livre", "veintiún libros", "ein Buch"."""
        ...


class Ordinal(Protocol):
    """A number of 1 or more to its ordinal; raises `UnreadableValueError` for one that has none."""

    def __call__(
        self, value: int, *, gender: str = "m", ending: str = "", noun: bool = False, region: str = ""
    ) -> str:
        """`ending` is what `Agreement.ending` gave."""
        ...


class Year(Protocol):
    """A year of the common era to words."""

    def __call__(self, value: int, *, region: str = "") -> str: ...


class Fraction(Protocol):
    """`1 3/4` to words; whole may be 0."""

    def __call__(
        self, whole: int, top: int, bottom: int, *, noun: Noun, left: str, right: str, region: str = ""
    ) -> str: ...


class DigitGroup(Protocol):
    """A group of digits to words."""

    def __call__(self, group: str, *, region: str = "") -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordinals:
    """Ordinals: how they are written and said."""

    said: Ordinal
    """Of what no ordinal is said it raises `UnreadableValueError`."""
    suffixes: Mapping[str, str] = field(default_factory=dict)
    """What is written after the figures, to its gender: `re` to `f`."""
    named: Mapping[str, str] = field(default_factory=dict)
    """Written forms with words of their own: `2nde`."""
    bare: re.Pattern[str] = NOTHING
    """Before a number at the end of a sentence: there `3.` is an ordinal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numerals:
    """Numbers as words."""

    cardinal: Cardinal
    year: Year
    ordinals: Ordinals | None = None
    fraction: Fraction | None = None
    half_after: Callable[[str], str] | None = None
    """Gender to what stands after the noun of `3 1/2 horas`: "tres horas y media"; None where it does not."""
    digitwise_decimals: bool = False
    """Decimals are said digit by digit, however few."""
    ranges_count: bool = False
    """The first number of a range too has the form before a noun: "ein bis zwei Tage"."""
    decimals_agree: bool = False
    """The whole part of a decimal number takes the noun's gender."""
    percent_is_noun: bool = False
    """`1 %` counts a noun."""
    is_one: Callable[[Decimal, str], bool] = lambda amount, region: (
        abs(amount) == 1 and amount.as_tuple().exponent == 0
    )
    """(amount, region) to whether a measured noun stands in the singular: not `1.0`."""
    measured: Callable[[str, bool, Unit], str] | None = None
    """(words of the number, whether it is negative, unit) to words, where it is not "number unit"."""
    telephone_group: DigitGroup | None = None
    """A group of digits of a telephone number; None for one by one."""
    telephone_regions: tuple[str, ...] = ()
    """ISO 3166 regions whose numbers are meant where none is named, its home country first."""
    open_ranges: Callable[[str, str, str, str], tuple[str, str]] | None = None
    """(left, low, high, link) to what is said before a range and the link in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """How numbers are written."""

    spaces: bool = False
    """A space may part thousands."""
    groups: str = ""
    """Signs that part thousands beside CLDR's, as people write them."""
    spaced_rows: bool = False
    """Groups of three with spaces are one number, not rows of digits."""
    apostrophes: bool = False
    """An apostrophe may part thousands."""
    lakhs: bool = False
    """`12,34,567`: thousands, then hundreds."""
    deep_versions: bool = True
    """Only three points or more make a version: `1.234.567` is a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """Amounts of money."""

    currencies: Mapping[str, Currency]
    """By ISO 4217 code."""
    regional: Mapping[str, Mapping[str, Currency]] = field(default_factory=dict)
    """Region to the currencies that have other names there."""
    families: tuple[Currency, ...] = ()
    """Names that several currencies share, with their gender and hundredth: "peso" of "peso argentino"."""
    cldr_name: Callable[[str], str] = lambda name: name[:1].lower() + name[1:]
    """CLDR's name of a currency as it stands in a sentence."""
    magnitudes: Mapping[str, Magnitude] = field(default_factory=dict)
    """As written: `Mio.`."""
    magnitude_gender: str = "m"
    """Of million and above."""
    alone: frozenset[str] = frozenset()
    """Magnitudes said without "one": `mil`."""
    zero_is_one: bool = False
    """Zero takes the singular."""
    below_two_is_one: bool = False
    """`1,5 million` takes the singular."""
    attributive: Callable[[str, str], bool] = lambda left, right: False
    """(left, right) to whether the amount stands before a noun as part of it: "a five dollar bill"."""
    sign_codes: Mapping[str, str] = field(default_factory=dict)
    """Signs that are another currency's here than elsewhere: `¥`."""
    doubts_thousandths: bool = False
    """`1,250 $` may be of people who part thousands so: an error, but of a price for one."""
    with_hundredths: bool = True
    """An amount is euros and cents; else it is one decimal number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Durations:
    """Lengths of time."""

    written: Mapping[str, str]
    """`w`, `d`, `h`, `min` and `s` to the words that people write for it, spaces between."""
    day: Unit
    week: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Postal:
    """Numbers of an address."""

    house: Callable[[int], str] | None = None
    """A number of a house, where it is said in another way than a number."""
    longest_house: int = 3
    """Figures; longer numbers are postal codes."""
    ranked: bool = False
    """A rank is written with letters: `43rd`, `3º`."""
    ranges: bool = True
    """The dash of `12-14` is "to"."""
    streets: Mapping[str, str] = field(default_factory=dict)
    """Names of streets without their dot, at the end of a line of an address."""
    street: re.Pattern[str] = NOTHING
    """Where one stands."""
    room: re.Pattern[str] = NOTHING
    """After a number that is said digit by digit."""


class SaidDate(Protocol):
    """A day of the calendar to words."""

    def __call__(
        self, day: datetime.date, *, month: str, weekday: str, region: str, with_year: bool, ending: str
    ) -> str:
        """`weekday` is empty where it is not said; `ending` as of `Agreement.ending`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Dates."""

    said: SaidDate
    month_year: Callable[[str, str], str] = lambda month, year: f"{month} {year}"
    """(month, year), both in words."""
    month_names: Mapping[str, int] = field(default_factory=dict)
    """Beyond CLDR's, in small letters."""
    ambiguous_months: frozenset[str] = frozenset()
    """Short names that are a word or a weekday too."""
    capital_months: bool = False
    """Months and days begin with a capital."""
    order: str = ""
    """`dmy` or `mdy` where people write figures with strokes in that order only; empty where they write both."""
    orders: Mapping[str, str] = field(default_factory=dict)
    """The same of regions, where it is another."""
    short_order: str = ""
    """Of a day without its year, where that of the whole date is empty."""
    birth: re.Pattern[str] = NOTHING
    """Before a day that lies in the past: born on."""
    day_first: bool = False
    """A day stands before its month in people's writing: `Nov 26` is none."""
    expiry: bool = False
    """`09/27` is a month with its year."""
    before_month: tuple[re.Pattern[str], str] | None = None
    """(what may stand before, what is said there before a month with its year): `el mes de`."""
    article: str = ""
    """With which a date begins; not said twice."""
    region_written: Callable[[str, str], str] = lambda written, region: region
    """(written, region) to the region whose order of words the writing asks for."""


class SaidTime(Protocol):
    """Hour 0 to 23 and minute, to words."""

    def __call__(self, hour: int, minute: int, *, region: str = "") -> str: ...


class SaidSeconds(Protocol):
    """What is said for seconds after the minutes."""

    def __call__(self, second: int, *, region: str = "") -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Times of day."""

    said: SaidTime
    by_halves: SaidTime | None = None
    """Of a time that is written with a.m. or p.m.; None for `said`."""
    half_open: Callable[[str, str], str] | None = None
    """(written, right) of a time to words where it is by the clock of twelve hours and does not say which half, else to
    nothing; None where nobody writes so."""
    repeated: Callable[[str, str], int] = lambda words, right: 0
    """(words, what stands right) to how many characters there the words already say: `Uhr`."""
    seconds: SaidSeconds
    dotted: re.Pattern[str] = NOTHING
    """What stands before `9.30` and shows that it is a time: a weekday, a beginning."""
    joints: tuple[str, ...] = ()
    """Between two times, beside the words for a range, for and, and for or: `alle`."""
    words: tuple[str, ...] = ()
    """After a time, beside the words for hours: `Uhr`."""
    amounts: re.Pattern[str] = NOTHING
    """What stands somewhere before it and shows that it may be an amount: `tickets from `."""
    numbers: re.Pattern[str] = NOTHING
    """What stands before it and shows that it is a number: `il valore è `."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leads:
    """What may stand before a number and says how it is read: closed lists, the space at the end included."""

    dial: re.Pattern[str] = NOTHING
    """In small letters, what stands before a number that is dialled: `call us on `, `tel.: `; where its group `service`
    matched, one of few digits only if the region gives it out."""
    dial_after: re.Pattern[str] = NOTHING
    """Begins after a number that is dialled: ` wählen`."""
    dial_also: re.Pattern[str] = NOTHING
    """All that stands between such a number and one more: ` or `."""
    extension: re.Pattern[str] = NOTHING
    """In small letters, what stands before an extension that stands by itself: `durchwahl -`."""
    keys: re.Pattern[str] = NOTHING
    """Stands before or after a key of the telephone: `press`."""
    code: tuple[str, ...] = ()
    """A number is a row of digits, grouped or not: `Your code: 483 920`, `ending in 4242`."""
    day: tuple[str, ...] = ()
    """`5/6` is a day and a month, not a fraction."""
    time: tuple[str, ...] = ()
    """`9.30` is a time."""
    section: tuple[str, ...] = ()
    """`3.5` is neither a date nor a decimal."""
    places: tuple[str, ...] = ()
    """A number with a letter is a name, and the letter no unit: `Gate 9A`, `Route 9W`."""
    ratio: tuple[str, ...] = ()
    """`1:10` is no time."""
    pressure: tuple[str, ...] = ()
    """`12/8` is blood pressure; larger figures are so anywhere."""
    lasting: re.Pattern[str] = NOTHING
    """In small letters, what stands before a length of time: `1:30` is no time of day, but minutes or hours."""
    year: tuple[str, ...] = ()
    """Four digits are a year."""
    expiry: tuple[str, ...] = ()
    """`09/27` is a month with its year."""
    cards: re.Pattern[str] = NOTHING
    """What stands somewhere before it and shows that even `12/27` is one: a card."""
    month: re.Pattern[str] = NOTHING
    """What stands before a short name of a month that is a first name too: `in Jan.`"""
    numbering: tuple[str, ...] = ()
    """`5/6` is no fraction."""


def leading(*nouns: str, links: tuple[str, ...]) -> tuple[str, ...]:
    """Every noun with every link after it."""
    return tuple(noun + link for noun in nouns for link in links)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """What is written short and read in full; case and dots as written."""

    short: Mapping[str, str] = field(default_factory=dict)
    """Read so wherever they stand."""
    numeric: Mapping[str, str] = field(default_factory=dict)
    """Read so before a number only."""
    numeric_shape: Callable[[str], str] = lambda shape: shape
    """The pattern of those, with what the language adds."""
    kept_in_names: frozenset[str] = frozenset()
    """Not read so in a name, where nobody knows what it stands for: `St`, `UG`."""
    names_too: frozenset[str] = frozenset({"Max", "Jan"})
    """Short forms that are people too: `ask for Max.`"""
    endings: frozenset[str] = frozenset()
    """Of `numeric`, those that end a word: `Hauptstr. 12`."""
    refined: Callable[[str, str, str, str], str] = lambda written, words, left, right: words
    """(written, its words, left, right) to the words there: `St.` is a saint or a street."""
    weekdays: Mapping[str, str] = field(default_factory=dict)
    """Short names of days."""
    bare_weekdays: bool = False
    """They may stand before a day without their dot."""
    slashed: tuple[str, ...] = ()
    """Two words of which one holds: the stroke is "or"."""
    split_endings: tuple[str, ...] = ()
    """After a stroke, endings of the word before it: `Schüler/innen`."""
    gendered_stroke: bool = False
    """`estimado/a`."""
    periods: tuple[str, ...] = ()
    """`3 times/day`: the stroke before these is "per"."""
    ranked: tuple[str, ...] = ()
    """Nouns before which `3°` is no temperature."""
    ranked_shape: str = ""
    """What else may stand there, as a regular expression."""
    dotted_units: frozenset[str] = frozenset()
    """Units that are also written with a dot: `hrs.`."""
    dotted_noun: str = ""
    """What may follow a unit's short form with a dot, beside a small letter."""
    hyphenated: str = ""
    """What joins `10-km-Lauf` in words; empty where nobody writes so."""
    initials: bool = False
    """A capital with a dot is left alone, which a grammar would take for a Roman numeral."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A match of a reading in a text."""

    written: str
    text: str
    start: int
    end: int
    groups: Mapping[str, str]
    """Of the pattern, those that matched."""
    language: Language
    region: str

    @property
    def left(self) -> str:
        """All that stands before it."""
        return self.text[: self.start]

    @property
    def right(self) -> str:
        """All that stands after it."""
        return self.text[self.end :]


Reader = Callable[[Occurrence], TypedValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnReading:
    """A reading that this language alone has."""

    name: str
    """One of a general reading takes its place."""
    shape: str
    """A regular expression; groups in it are named."""
    before: str
    """The general reading that it is tried before."""
    figures: bool = False
    """It begins with a figure, wherever it matches: it is looked for nowhere else."""
    read: Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Shapes:
    """How values are written in this language: regular expressions, empty for nothing of its own."""

    dates: str = ""
    """Beside figures alone."""
    dotted_dates: bool = True
    """`3.12.2026`."""
    times: str = ""
    """Beside `14:30`."""
    only_times: bool = False
    """`times` stands in the place of `14:30`."""
    clock_tail: str = ""
    """What may follow `14:30`."""
    ordinals: str = ""
    rows: str = ""
    """Rows of digits in groups that begin with no zero."""
    years: str = ""
    next_year: re.Pattern[str] = NOTHING
    """Between years in a list: `in 1905, 1910 and 1920`."""
    sizes: str = ""
    """Short words such as million, after a number that is no amount."""
    minus_after: str = ""
    """Where `-` is a dash and no minus, as a regular expression that looks behind."""
    compound_heads: str = ""
    """`mid-2026`: what may stand before a hyphen and makes no code."""
    signs: str = ""
    """Signs that are read by name, beside the usual ones."""
    dash: str = ""
    """A dash that means "to" beside the usual ones."""
    own: tuple[OwnReading, ...] = ()
    ascii_words: bool = False
    """Letters of the language are no part of a number's word."""
    scores: bool = True
    """`3-2` may be a score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What a number agrees with."""

    noun_after: Callable[[str, str], Noun] = lambda left, right: Noun("m", False)
    """(left, right) to the noun that follows."""
    one_before: Callable[[str, str, str, str], tuple[str, int]] = lambda words, gender, left, right: (
        words,
        0,
    )
    """(words, gender, left, right), "one" before its noun, as case and sound ask for; and how much of the space after
    it the words say: "un'ora"."""
    singular: Callable[[str], str] = lambda noun: noun
    """A noun in either number to its singular."""
    after_millions: Callable[[str], tuple[str, int]] = lambda right: ("", 0)
    """`1000000 personas` is "un millón de personas": the link, and how much of the space after it says."""
    ending: Callable[[str, str], str] = lambda left, gender: ""
    """(left, gender) to the ending that what stands left asks of an ordinal before a noun of that gender: German
    case."""
    counted: re.Pattern[str] = NOTHING
    """What stands after a number and shows that it counts: a plural, a measure word."""
    counting: re.Pattern[str] = NOTHING
    """What stands before a number and shows the same: `more than`."""
    parted: re.Pattern[str] = NOTHING
    """What stands after `2/3` and shows that it is a part of something: ` of the`."""
    parting: re.Pattern[str] = NOTHING
    """What stands before it and shows the same: `fill it to `."""
    labels: re.Pattern[str] = NOTHING
    """Before a number that numbers, and counts nothing: `Absatz 1`."""


class SaidRoman(Protocol):
    """A Roman numeral to words."""

    def __call__(self, value: int, written: str, head: str, left: str, *, region: str = "") -> str:
        """`head` is the word before it, `left` all that stands there."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Roman:
    """Where a Roman numeral is certain, and how it is said there."""

    heads: frozenset[str]
    """Nouns before it: `Chapter IV`."""
    rulers: frozenset[str]
    """First names before it: `Louis XIV`."""
    shape: str = ""
    """Other places, as a regular expression with `{numeral}`."""
    suffix: str = ""
    """What may be written to it: a French `er`."""
    tail: str = ""
    """What may end it: a German dot."""
    said: SaidRoman


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceRules:
    """Where a sentence ends."""

    abbreviations: frozenset[str] = frozenset()
    """In small letters without their dot; those of `Forms.short` need not be repeated."""
    date_abbreviations: bool = True
    """A sentence ends after a short name of a day or a month where a capital follows."""
    ordinal_dot: bool = False
    """`3.` is an ordinal."""
    ordinal_left: re.Pattern[str] = NOTHING
    """Before `3.`: the sentence goes on."""
    ordinal_right: re.Pattern[str] = NOTHING
    """After `3.`: likewise."""
    enders: frozenset[str] = frozenset()
    """Abbreviations that end a sentence where `starters` follow."""
    starters: re.Pattern[str] = NOTHING
    """Words that begin one."""
    small_initials: bool = False
    """A small letter with a dot is an initial too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """Sentences and letters for previews."""

    greeting: tuple[str, str] | None = None
    """("Hello", "This is a message for you."), with which a new brief begins."""
    name_carrier: str
    """A sentence in which a name is judged, with `{{ text }}`."""
    letters: str | None = None
    """Beyond a to z, what its own words are written with; None where that says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosing:
    """Phrases by which a message says what the law asks for, in small letters."""

    synthetic: tuple[str, ...] = ()
    """That the voice is synthetic."""
    opt_out: tuple[str, ...] = ()
    """How to hear no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """Everything that is a language's own."""

    code: str
    """Its primary subtag."""
    name: str
    """In English, for messages."""
    space: str = " "
    """Between words."""
    words: Vocabulary
    numerals: Numerals
    writing: Writing = Writing()
    money: Money | None = None
    calendar: Calendar | None = None
    clock: Clock | None = None
    durations: Durations | None = None
    postal: Postal = Postal()
    units: Mapping[str, Unit] = field(default_factory=dict)
    """By the sign as it is written, case included."""
    unit_name: Callable[[str], str] = lambda word: word
    """A unit's name in small letters, as it stands in `units`."""
    regional_units: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Region to (what stands in units' names, what it is there)."""
    leads: Leads = Leads()
    forms: Forms = Forms()
    shapes: Shapes = Shapes()
    agreement: Agreement = Agreement()
    roman: Roman | None = None
    sentences: SentenceRules = SentenceRules()
    euphony: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = ()
    """Words that change before what was put after them: "alle una" is "all'una"."""
    foreign_letters: Callable[[str], str] | None = None
    """Letters of a script that no declared language is written with, as its own readers say them; None refuses them."""
    possessive: bool = False
    """A name may have `'s` after it, which a lexicon's entry for the name covers."""
    samples: Samples
    disclosure: Disclosing = Disclosing()
