"""How values are written in Chinese, and readings that Chinese alone has."""

from __future__ import annotations

from typing import Final

from campaign.speech.languages.record import Occurrence, OwnReading, Shapes
from campaign.speech.languages.zh.words import WORDS
from campaign.speech.typed import Kind, TypedValue, in_words, typed

_COUNTERS: Final = "点时分日号元年楼层月天周岁米个%℃"


def _month_and_day(found: Occurrence) -> TypedValue:
    month, day = found.written.split("/")
    return typed(Kind.DATE, f"{month}月{day}日")


SHAPES: Final = Shapes(
    dates=r"\d{1,2}月\d{1,2}[日号]",
    dotted_dates=False,
    times=r"\d{1,2}[:：][0-5]\d(?:[:：][0-5]\d|分)?|\d{1,2}[点时](?:\d{1,2}分?)?",
    only_times=True,
    years=r"(?<!\d)[12]\d{3}(?=年)",
    minus_after=rf"(?<!\d[{_COUNTERS}])",
    dash=rf"(?<=[{_COUNTERS}])\s?[~～]\s?(?=\d)|(?<=\d[{_COUNTERS}])\s?[-–—]\s?(?=\d)",
    own=(
        OwnReading(
            name="monthday",
            shape=r"(?<![\d/])(?:1[0-2]|[1-9])/(?:[12]\d|3[01]|[1-9])(?=[前后起放至到止])",
            before="rank",
            read=_month_and_day,
        ),
        OwnReading(
            name="room",
            shape=r"(?<!\d)\d{3,4}(?=号?[室房])|(?<!\d)[12]\d{3}(?=[版届款级])|(?<!\d)[5-9]0(?=后)"
            r"|(?<!\d)\d{2}(?=年\d{1,2}月)",
            before="numeric",
            read=lambda found: typed(Kind.DIGITS, found.written),
        ),
        OwnReading(
            name="each",
            shape=r"(?<=[元块次\d])/(?=[月年天日时周晚个])",
            before="sign",
            read=lambda found: in_words(found.written, WORDS.per),
        ),
    ),
    ascii_words=True,
    scores=False,
)
