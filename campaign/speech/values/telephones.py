"""Telephone numbers in prose: after words that lead to one, or written as one and given out in the region.

What has a currency, a unit or a counted noun beside it is a quantity, and a day of the calendar is one, whatever else
they could be; every other row of seven digits and more is at least said digit by digit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Final

from campaign.speech.languages.record import Language
from campaign.speech.languages.registry import spoken
from campaign.speech.languages.shaping import any_of
from campaign.speech.typed import Kind, TypedValue, in_words, typed
from campaign.speech.verbalise.currencies import SYMBOLS, currency_codes
from campaign.speech.verbalise.money import currency_words
from campaign.speech.verbalise.numbering import Standing, is_region, planned
from campaign.speech.verbalise.telephone import EXTENSION, FOUND
from campaign.speech.verbalise.written import ascii_digits, month_names, separators

Span = tuple[int, int, TypedValue]

_SPACE: Final = "[ \u00a0\u202f\u2009\u3000]"
_STROKE: Final = "[-/‐‑‒–—−－／]"
_POINT: Final = "[.·．]"
_DIGIT: Final = re.compile(r"\d")
_HEAD: Final = re.compile(rf"(?:tel:)?(?:[+＋]{_SPACE}?)?(?:[(（]{_SPACE}?[+＋]?)?$")
"""What a number begins with before its first digit."""
_LONGEST_HEAD: Final = 9
_NUMBER: Final = re.compile(
    rf"\d+(?:{_SPACE}?[(（]\d+)?"
    rf"(?:(?:{_SPACE}?[)）]{_SPACE}?(?:{_STROKE}{_SPACE}?)?|{_SPACE}?{_STROKE}{_SPACE}?|{_POINT}|{_SPACE})\d+)*"
)
"""All that may be one number to dial; what is one in it is found out by the parts."""
_DATE: Final = (
    r"(?:\d{1,2}([./ -])\d{1,2}\1(?:(?:19|20)\d{2})|\d{1,2}([./-])\d{1,2}\2\d{2}"
    r"|(?:19|20)\d{2}([./ -])\d{1,2}\3\d{1,2})(?![\d./-]\d|\d)"
)
_STARTS_WITH_DATE: Final = re.compile(_DATE)
_ENDS_WITH_DATE: Final = re.compile(rf"{_SPACE}{_DATE}$")
_SLASH: Final = re.compile(rf"{_SPACE}?[/／]{_SPACE}?")
_ONE_MORE: Final = re.compile(rf"{_SPACE}?[/／]{_SPACE}?[+(（]?\d(?:[\d ()./-]{{5,}})\d")
_AFTER_OTHER: Final = re.compile(rf"(?:{_DATE}|\d{{1,2}}){_SPACE}(?=[(（]?0\d|[+＋])")
"""A day or a small number before a number to dial."""
_OPEN_BRACKET: Final = re.compile(rf"{_SPACE}?[(（][^)）]*$")
_SPACED_DASH: Final = re.compile(rf"{_SPACE}[-‐‑‒–—−－]{_SPACE}")
_GROUP: Final = re.compile(r"\d+")
_AREA_CODE: Final = re.compile(r"[(（]?0\d{1,5}[)）]?|[(（]\d{1,5}[)）]")
_THOUSANDS: Final = re.compile(rf"\d{{1,3}}(?:({_SPACE}|[.'’])\d{{3}})(?:\1\d{{3}})*")
_NORTH_AMERICAN: Final = re.compile(r"(?:1[ .-])?\(?[2-9]\d{2}\)?[ .-]\d{3}[.-]\d{4}")
_ROUND: Final = re.compile(r"0{3}$")
_IBAN: Final = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[\dA-Z]{4})* ?[\dA-Z]{0,4}$")
_CLAUSE_END: Final = re.compile(r"\s*(?:[.,;)]|$)")
_YEARS: Final = re.compile(r"(?:(?:19|20)\d\d)+")
_KEYS: Final = re.compile("[*#＊＃]")
_KEYED: Final = re.compile(r"(?<![\w*#•＊＃])[*#＊＃]{1,2}\d{1,6}(?:[*#]{1,2}\d{1,15})*[*#＃]?(?![\w*#])")
_WORTH: Final = re.compile(r"\d\D?\D?\d|[*#＊＃]|\d{2}|[-‑–]\d")
_ASCII: Final = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u202f\u2009\u3000", " "),
        **dict.fromkeys("‐‑‒–—−－", "-"),
        **dict.fromkeys("·．", "."),
        "／": "/",
        "＋": "+",
        "（": "(",
        "）": ")",
    }
)
_SIGN_OF_EXTENSION: Final = re.compile(r"[\s,;]*(?:[xX]|#|ext=|EXT=)\s?")
"""What is no word of the text."""
_STUCK_BEFORE: Final = frozenset("@#&*•=×_+")
_LOOSE_BEFORE: Final = frozenset(".,:/-‑–'’")
_HYPHENS: Final = frozenset("-‑–")
_BEFORE: Final = 80
"""Characters in which a lead stands."""
_WHOLE: Final = 7
"""Digits of a number that is no service."""
_CODE: Final = 5
"""So many digits count nothing by themselves."""
_LONGEST: Final = 15
_LONGEST_DIALLED: Final = 18
_SHORTEST_DIALLED: Final = 3
_MOST_GROUPS: Final = 12
_LONGEST_EXTENSION: Final = 6
_AREA: Final = 3
"""Digits of an area code before a point; fewer are the whole part of a decimal number."""
_FOUR: Final = 4
"""Two groups of no more digits are a range as well, where the second is the greater."""
_GROUPED_SERVICE: Final = 6
"""Digits of a service that is written in groups: 116 117."""


@lru_cache(maxsize=16)
def _time_after(language: str) -> re.Pattern[str]:
    """What begins after figures that are a time: `Uhr`, `heures`, `p.m.`."""
    room = spoken(language, "a telephone number")
    words = {
        "h",
        *(room.durations.written["h"].split() if room.durations else ()),
        *(room.clock.words if room.clock else ()),
    }
    return re.compile(rf"\s?(?:(?:{any_of(words)})\b|[AaPp]\.?[Mm]\b|:\d)")


@lru_cache(maxsize=64)
def _quantity(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """(what ends before an amount, what begins after an amount or a measure)."""
    room = spoken(language, "a telephone number")
    codes = "|".join(sorted(currency_codes()))
    signs = any_of(SYMBOLS)
    before = re.compile(rf"(?:{signs}|(?<![A-Za-z])(?:{codes})){_SPACE}?[-+−]?$")
    parts = [rf"{signs}|[%‰°元]|(?:{codes})(?![A-Za-z])"]
    if room.money is not None:
        parts += [
            rf"(?:{names})(?![^\W\d_])"
            for names in (any_of(currency_words(language)), any_of(room.money.magnitudes))
            if names
        ]
    if room.units:
        parts.append(rf"(?:{any_of(room.units)})(?![^\W\d_²³])")
    return before, re.compile(rf"{_SPACE}?(?:{'|'.join(parts)})")


class _Candidate:
    """What may be a number to dial, where it stands."""

    __slots__ = ("digits", "end", "groups", "start", "text", "written")

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self.start, self.end = text, start, end
        self.written = ascii_digits(text[start:end]).translate(_ASCII)
        """With figures and signs in ASCII; as long as it was."""
        self.groups = _GROUP.findall(self.written)
        self.digits = "".join(self.groups)

    @property
    def number(self) -> str:
        """They, and `+` before a country's code."""
        return ("+" if "+" in self.written else "") + self.digits

    @property
    def left(self) -> str:
        """What stands near before it."""
        return self.text[max(0, self.start - _BEFORE) : self.start]

    @property
    def right(self) -> str:
        """What stands near after it."""
        return self.text[self.end : self.end + _BEFORE]

    @property
    def is_like_a_number(self) -> bool:
        """Whether an amount may be written so."""
        written = self.written
        return written[0] in "123456789" and (written.isdecimal() or bool(_THOUSANDS.fullmatch(written)))


def find_telephones(text: str, room: Language, region: str) -> list[Span]:
    """(start, end, value) of each number and each key to dial, in order, none overlapping."""
    if not _WORTH.search(text):
        return []
    finder = _Finder(text, room, region)
    spans = sorted((*finder.numbers(), *finder.keys()), key=lambda span: span[0])
    return [span for index, span in enumerate(spans) if not index or span[0] >= spans[index - 1][1]]


class _Finder:
    """The search in one text."""

    def __init__(self, text: str, room: Language, region: str) -> None:
        self._text = text
        self._room = room
        self._is_named = bool(region) and is_region(region)
        self._regions = (region,) if self._is_named else room.numerals.telephone_regions
        self._home = self._regions[:1]
        self._region = region
        self._before: Span | None = None
        self._is_extension = False
        """Whether that is an extension that stands by itself."""
        self._money_before, self._amount_after = _quantity(room.code)

    # -- keys -----------------------------------------------------------------------------------------

    def keys(self) -> Iterator[Span]:
        """`*611`, `#31#`."""
        if not _KEYS.search(self._text):
            return
        leads = self._room.leads
        for match in _KEYED.finditer(self._text):
            left = self._text[max(0, match.start() - _BEFORE) : match.start()]
            if match[0][-1] in "#＃" or match.start() in self._dialled or leads.keys.search(left):
                yield match.start(), match.end(), typed(Kind.TELEPHONE, match[0])

    # -- numbers --------------------------------------------------------------------------------------

    def numbers(self) -> Iterator[Span]:
        """Numbers, and extensions after them."""
        position = 0
        while digit := _DIGIT.search(self._text, position):
            match = _NUMBER.match(self._text, digit.start())
            assert match is not None
            start = self._beginning(digit.start(), position)
            position = match.end()
            if self._is_plainly_none(start, digit.start(), match):
                continue
            for candidate in self._readings(start, match.end()):
                if span := self._span(candidate):
                    if stroke := self._stroke_before(span):
                        yield stroke
                    yield span
                    self._before, position = span, span[1]
                    if extension := self._extension(span[1]):
                        yield extension
                        self._before, position = extension, extension[1]
                    break

    def _beginning(self, at: int, after: int) -> int:
        """Where a number begins whose first digit stands at `at`."""
        head = _HEAD.search(self._text, max(after, at - _LONGEST_HEAD), at)
        return head.start() if head else at

    def _is_plainly_none(self, start: int, first: int, match: re.Match[str]) -> bool:
        """Whether a look at the digits says that none is meant; most figures in a text are such."""
        if self._before is not None or first in self._dialled or start in self._dialled:
            return False
        count = _count(match[0])
        if count < _GROUPED_SERVICE:
            is_after = self._room.leads.dial_after.match(self._text, match.end())
            return not is_after and first not in self._extended_after
        date = _STARTS_WITH_DATE.match(match[0])
        return date is not None and date.end() == len(match[0])

    @cached_property
    def _dialled(self) -> dict[int, bool]:
        """Where words end after which a number is dialled, and whether also one that the region does not give out."""
        found = self._room.leads.dial.finditer(self._lower)
        return {match.end(): match.lastgroup != "service" for match in found}

    @cached_property
    def _extended_after(self) -> frozenset[int]:
        """Where words end after which an extension stands."""
        return frozenset(match.end() for match in self._room.leads.extension.finditer(self._lower))

    @cached_property
    def _lower(self) -> str:
        lower = self._text.lower()
        return lower if len(lower) == len(self._text) else self._text

    def _readings(self, start: int, end: int) -> Iterator[_Candidate]:
        """All that stands there, or less where a part belongs to what follows or stands before."""
        whole = self._trimmed(start, end)
        yield self._without_tail(whole) or whole
        if after := _AFTER_OTHER.match(self._text, start, end):
            yield self._trimmed(after.end(), end)

    def _trimmed(self, start: int, end: int) -> _Candidate:
        """Without a bracket, a dash and a day that are no part of a number."""
        text = self._text
        if text[start:end].isdecimal():
            return _Candidate(text, start, end)
        if text[start] in "(（" and not re.search("[)）]", text[start:end]):
            start += 1
        if (bracket := _OPEN_BRACKET.search(text, start, end)) and bracket.start() > start:
            end = bracket.start()
        written = text[start:end]
        if (dash := _SPACED_DASH.search(written)) and not self._joins(start, start + dash.start(), end):
            end = start + dash.start()
        if day := _ENDS_WITH_DATE.search(text[start:end]):
            end = start + day.start()
        for stroke in _SLASH.finditer(text, start, end):
            if min(_count(text[start : stroke.start()]), _count(text[stroke.end() : end])) >= _WHOLE:
                end = stroke.start()
                break
        return _Candidate(text, start, end)

    def _joins(self, start: int, dash: int, end: int) -> bool:
        """Whether a dash with spaces joins an area code or an extension to its number: `030 - 901820 - 0`."""
        if _AREA_CODE.fullmatch(self._text, start, dash):
            return True
        last = _Candidate(self._text, start, end)
        return (
            len(last.groups[-1]) <= _AREA
            and _CLAUSE_END.match(last.right) is not None
            and re.search(r"^[(（]?0.*[-‐‑‒–—−－] \d+$", last.written) is not None
            and self._is_assigned(last.digits)
        )

    def _without_tail(self, whole: _Candidate) -> _Candidate | None:
        """The number without last digits that belong to what follows: `24 hours`, `10:30`, `8-17`."""
        if len(whole.groups) > _MOST_GROUPS:
            return None
        written, right = whole.written, whole.right
        is_time = _time_after(self._room.code).match(right) or (
            written.endswith(" 24") and self._room.agreement.counted.match(right)
        )
        if not (is_time or _is_attached(right, self._room)) and self._is_assigned(whole.number, self._home):
            return None
        cuts = (space.start() for space in re.finditer(" ", written[::-1]))
        for cut in cuts:
            shorter = _Candidate(self._text, whole.start, whole.end - cut - 1)
            if len(shorter.digits) < (_SHORTEST_DIALLED if is_time else _WHOLE):
                return None
            if self._is_assigned(shorter.number, self._home):
                return shorter
        return None

    def _stroke_before(self, span: Span) -> Span | None:
        """The stroke between two numbers, of which each will do."""
        if self._before is None or not (gap := _SLASH.fullmatch(self._text, self._before[1], span[0])):
            return None
        either = self._room.words.either
        return gap.start(), gap.end(), in_words(gap[0], either, padded=bool(self._room.space))

    def _span(self, candidate: _Candidate) -> Span | None:
        self._is_extension = self._is_standing_extension(candidate)
        if self._is_extension:
            start = candidate.start - (candidate.left[-1:] in _HYPHENS)
            return start, candidate.end, _found(self._text[start : candidate.end])
        if not self._is_bounded(candidate):
            return None
        kind = self._kind(candidate)
        if kind is None:
            return None
        written = self._text[candidate.start : candidate.end]
        if kind is not Kind.TELEPHONE:
            return candidate.start, candidate.end, typed(kind, written)
        end = candidate.end
        if (extended := self._extended(end)) and _SIGN_OF_EXTENSION.fullmatch(
            self._text[end : extended.start(1)]
        ):
            end = extended.end()
        return candidate.start, end, _found(self._text[candidate.start : end])

    def _is_standing_extension(self, candidate: _Candidate) -> bool:
        """`Durchwahl -23 oder -0`."""
        if len(candidate.digits) > _LONGEST_EXTENSION or not candidate.written.isdecimal():
            return False
        if candidate.start in self._extended_after:
            return True
        if self._before is None or not self._is_extension:
            return False
        gap = re.sub("[-‑–]$", "", self._text[self._before[1] : candidate.start])
        return bool(self._room.leads.dial_also.fullmatch(gap))

    def _is_bounded(self, candidate: _Candidate) -> bool:
        """Whether nothing sticks to it."""
        before, right = candidate.left[-1:], candidate.right
        if _is_letter(before, self._room) or before in _STUCK_BEFORE or _IBAN.search(candidate.left):
            return False
        is_second = self._before is not None and _SLASH.fullmatch(
            self._text, self._before[1], candidate.start
        )
        if before in _LOOSE_BEFORE and not (is_second or self._lead(candidate)):
            return candidate.written[0] in "+0(" and candidate.left[-2:-1].isalpha()
        if _is_attached(right, self._room) and not (EXTENSION.match(right) or _ONE_MORE.match(right)):
            return False
        return not (candidate.is_like_a_number and re.match(r"[,'’]\d", right))

    def _kind(self, candidate: _Candidate) -> Kind | None:
        count, written = len(candidate.digits), candidate.written
        if _STARTS_WITH_DATE.match(written):
            return None
        if written.lstrip("( ").startswith(("+", "tel:")):
            return Kind.TELEPHONE if self._is_number_abroad(candidate) else None
        if candidate.left.endswith(self._room.leads.code) or self._money_before.search(candidate.left):
            return None
        lead = self._lead(candidate)
        if candidate.is_like_a_number or count < _WHOLE:
            if self._amount_after.match(candidate.right):
                return None
            if count < _WHOLE:
                return Kind.TELEPHONE if self._is_service(candidate, lead) else None
            is_sum = (
                "." in written and _THOUSANDS.fullmatch(written) and not self._is_assigned(candidate.digits)
            )
            if lead and count <= _LONGEST and not is_sum and not self._counts(candidate):
                return Kind.TELEPHONE
            return self._kind_of_row(candidate)
        if count > _LONGEST_DIALLED or (count > _LONGEST and written[0] not in "0("):
            return None
        if lead or self._is_grouped_as_dialled(candidate):
            return Kind.TELEPHONE
        return Kind.DIGITS if written.isdecimal() else None

    def _lead(self, candidate: _Candidate) -> bool:
        """Whether words beside it say that it is dialled."""
        leads = self._room.leads
        first = candidate.start + (candidate.written[0] == "(")
        if (is_sure := self._dialled.get(first, self._dialled.get(candidate.start))) is not None:
            return is_sure or len(candidate.digits) >= _WHOLE or self._is_assigned(candidate.digits)
        if leads.dial_after.match(candidate.right):
            return True
        if self._before is None or self._before[2].kind is not Kind.TELEPHONE:
            return False
        gap = self._text[self._before[1] : candidate.start]
        return bool(leads.dial_also.fullmatch(gap)) and (
            len(candidate.digits) >= _CODE or self._is_assigned(candidate.digits)
        )

    def _is_number_abroad(self, candidate: _Candidate) -> bool:
        """After `+`: no amount that grew."""
        is_sum = self._amount_after.match(candidate.right) or self._room.agreement.counted.match(
            candidate.right
        )
        rest = candidate.written.lstrip("+( ")
        return _WHOLE <= len(candidate.digits) <= _LONGEST and not (
            is_sum and (rest.isdecimal() or _THOUSANDS.fullmatch(rest))
        )

    def _is_service(self, candidate: _Candidate, lead: bool) -> bool:
        """A number of few digits: dialled as words say, or grouped as no amount is."""
        is_plain = bool(re.fullmatch(rf"\d+(?:{_SPACE}\d+)*", candidate.written))
        counts = self._room.agreement.counted.match(candidate.right) or _time_after(self._room.code).match(
            candidate.right
        )
        if not is_plain or counts or self._is_before_month(candidate):
            return False
        count = len(candidate.digits)
        if lead:
            return count >= _SHORTEST_DIALLED or self._is_assigned(candidate.digits)
        return (
            count == _GROUPED_SERVICE
            and len(candidate.groups) > 1
            and len({len(group) for group in candidate.groups}) == 1
            and self._is_named
            and not _ROUND.search(candidate.digits)
            and self._is_assigned(candidate.digits)
        )

    def _counts(self, candidate: _Candidate) -> bool:
        """Whether it counts what follows, and is no number of the region."""
        counted = self._room.agreement.counted.match(candidate.right)
        return counted is not None and not self._is_assigned(candidate.digits)

    def _is_before_month(self, candidate: _Candidate) -> bool:
        """`le 15 mars`."""
        word = re.match(r"\s(?:de\s)?([^\W\d_]+)", candidate.right)
        return word is not None and word[1].lower() in month_names(self._room.code)

    def _kind_of_row(self, candidate: _Candidate) -> Kind | None:
        """Of seven digits and more, in one row or parted as thousands are, without words that lead to it."""
        written, digits = candidate.written, candidate.digits
        agreement = self._room.agreement
        counts = agreement.counted.match(candidate.right) or agreement.counting.search(candidate.left)
        if counts or len(digits) > _LONGEST:
            return None
        is_number = self._is_assigned(digits, self._home) and not _ROUND.search(digits)
        if written.isdecimal():
            if is_number:
                return Kind.TELEPHONE
            return Kind.DIGITS
        parted = _THOUSANDS.fullmatch(written)
        is_spaced = parted is not None and parted[1] == " "
        return Kind.TELEPHONE if is_number and is_spaced else None

    def _is_grouped_as_dialled(self, candidate: _Candidate) -> bool:
        """Whether nothing else is written in such groups."""
        written, groups, digits = candidate.written, candidate.groups, candidate.digits
        if _NORTH_AMERICAN.fullmatch(written) or written.startswith("(0)"):
            return True
        strokes = written.count("/")
        is_parted = len(groups) > 1
        if digits[0] == "0" and (len(groups[0]) > 1 or "." not in written):
            is_pairs = all(len(group) <= 2 for group in groups)
            if not is_parted:
                return self._is_assigned(digits)
            return (not is_pairs and strokes <= 1) or self._is_possible(digits)
        if strokes > 1 or _YEARS.fullmatch(digits) or not self._is_assigned(digits, self._home):
            return False
        if strokes and len(groups) == 2 and len(groups[1]) < _GROUPED_SERVICE:
            return False
        if len(groups) == 2 and "." in written:
            is_decimal = separators(self._room.code, self._region)[0] == "."
            return not is_decimal and len(groups[0]) >= _AREA and len(groups[1]) > _FOUR
        if len(groups) == 2 and "-" in written:
            is_falling = groups[0] > groups[1] and not _YEARS.fullmatch(groups[0])
            return max(len(group) for group in groups) > _FOUR or is_falling
        return not all(len(group) == 2 for group in groups)

    def _is_assigned(self, number: str, regions: tuple[str, ...] = ()) -> bool:
        plans = (planned(number, region) for region in regions or self._regions)
        return any(plan.standing is Standing.ASSIGNED and not plan.lacks_prefix for plan in plans)

    def _is_possible(self, number: str) -> bool:
        plans = (planned(number, region) for region in self._regions)
        return any(plan.standing in (Standing.ASSIGNED, Standing.POSSIBLE) for plan in plans)

    def _extension(self, at: int) -> Span | None:
        """`, poste 12` after a number: the word is prose, its digits are dialled."""
        match = self._extended(at)
        if match is None:
            return None
        start = match.start(1) - (self._text[match.start(1) - 1] in _HYPHENS)
        return start, match.end(1), _found(self._text[start : match.end(1)])

    def _extended(self, at: int) -> re.Match[str] | None:
        match = EXTENSION.match(self._text, at)
        return (
            match if match and not _is_letter(self._text[match.end() : match.end() + 1], self._room) else None
        )


def _count(written: str) -> int:
    return sum(character.isdecimal() for character in written)


def _found(written: str) -> TypedValue:
    return typed(Kind.TELEPHONE, written, **{FOUND: "true"})


def _is_letter(character: str, room: Language) -> bool:
    """Whether it makes a word with what stands beside it."""
    if room.shapes.ascii_words and not character.isascii():
        return False
    return character.isalnum() or character == "_"


def _is_attached(right: str, room: Language) -> bool:
    return _is_letter(right[:1], room) or bool(re.match(r"[-/‑]\w|\.\d|@", right))
