"""How values are written in Chinese, and readings that Chinese alone has."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from campaign.speech.languages.record import Occurrence, OwnReading, Shapes
from campaign.speech.languages.zh.numbers import cardinal
from campaign.speech.languages.zh.words import WORDS
from campaign.speech.typed import Kind, TypedValue, in_words, typed

_COUNTERS: Final = "点时分日号元年楼层月天周岁米个%℃"


def _month_and_day(found: Occurrence) -> TypedValue:
    month, day = found.written.split("/")
    return typed(Kind.DATE, f"{month}月{day}日")


def _month_and_days(found: Occurrence) -> TypedValue:
    """`12/28-1/3`."""
    days = [part.split("/") for part in re.split(r"\s?[-–—~～至到]\s?", found.written)]
    said = (f"{cardinal(int(month))}月{cardinal(int(day))}日" for month, day in days)
    return in_words(found.written, WORDS.range.join(said))


def _republican(found: Occurrence) -> TypedValue:
    """`115/03/05`: a year of the Republic of China."""
    when, month, day = found.written.split("/")
    return in_words(found.written, f"{cardinal(int(when))}年{cardinal(int(month))}月{cardinal(int(day))}日")


def _half(found: Occurrence) -> TypedValue:
    """`PM 3:30`, `06:30AM`."""
    match = re.search(r"(\d{1,2})[:：](\d\d)", found.written)
    assert match is not None
    hour, minute = int(match[1]), int(match[2])
    part = "上午" if "A" in found.written.upper() else "下午"
    tail = f"{'零' if minute < 10 else ''}{cardinal(minute)}分" if minute else ""
    return in_words(found.written, f"{part}{cardinal(hour, noun=True)}点{tail}")


def _roman(found: Occurrence) -> TypedValue:
    """`Ⅲ`, `II世`."""
    written = unicodedata.normalize("NFKC", found.written)
    values = [{"I": 1, "V": 5, "X": 10}[letter] for letter in written]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return in_words(found.written, cardinal(sum(-one if one < after else one for one, after in pairs)))


_MIXED: Final = "(?:比例|配比|浓度|稀释|兑水|兑|冲调|调匀|混合|分配|调配|冲泡)"
_OF_MONTHS: Final = "|".join(
    f"(?<={head})" for head in ("时间：", "时间:", "经历：", "月份：", "年月：", "期至", "期：", "日期")
)


def _ratio(found: Occurrence) -> TypedValue:
    """`按1:10的比例`."""
    first, last = re.split("[:：]", found.written)
    whole, _, tenths = last.partition(".")
    said = cardinal(int(whole)) + ("点" + "".join(WORDS.digits[int(one)] for one in tenths) if tenths else "")
    return in_words(found.written, f"{cardinal(int(first))}比{said}")


_MONTH_DAY: Final = r"(?:1[0-2]|0?[1-9])/(?:[12]\d|3[01]|0?[1-9])"
_DAY_PART: Final = "(?:[AaPp][Mm])"
SHAPES: Final = Shapes(
    dates=r"\d{1,2}月\d{1,2}[日号]",
    dotted_dates=False,
    times=r"\d{1,2}[:：][0-5]\d(?:[:：][0-5]\d|分)?|\d{1,2}[点时時](?:\d{1,2}分?)?",
    only_times=True,
    years=r"(?<!\d)[12]\d{3}(?=年)|(?:(?<=公元)|(?<=公元前))\d{3,4}(?=年)",
    minus_after=rf"(?<!\d[{_COUNTERS}])",
    dash=rf"(?<=[{_COUNTERS}])\s?[~～]\s?(?=\d)|(?<=\d[{_COUNTERS}])\s?[-–—]\s?(?=\d)",
    signs=r"(?<=[元币幣镑鎊])=(?=\s?\d)|(?<=[A-Za-z])×(?=\d)",
    own=(
        OwnReading(
            name="ratio",
            shape=rf"(?<![\d:：.])\d{{1,3}}[:：]\d{{1,4}}(?:\.\d+)?(?![\d:：])(?=的?{_MIXED})"
            r"|(?:(?<=比)|(?<=比为)|(?<=率)|(?<=率为)|(?<=[和与]水))\d{1,3}[:：]\d{1,4}(?:\.\d+)?(?![\d:：])",
            before="clock",
            read=_ratio,
        ),
        OwnReading(
            name="year_month",
            shape=r"(?<![\d.])(?:19|20)\d\d\.(?:1[0-2]|0[1-9])(?![\d.])(?!\s?(?:[元%米度吨公千百万亿美欧]|kg|km))"
            rf"|(?:{_OF_MONTHS})(?:19|20)\d\d\.[1-9](?![\d.])|(?<=\d至)20\d\d\.[1-9](?![\d.])",
            before="clock",
            read=lambda found: typed(Kind.DATE, found.written.replace(".", "/"), order="ym"),
        ),
        OwnReading(
            name="monthdays",
            shape=rf"(?<![\d/]){_MONTH_DAY}\s?[-–—~～至到]\s?{_MONTH_DAY}(?![\d/])",
            before="clock",
            read=_month_and_days,
        ),
        OwnReading(
            name="republican",
            shape=r"(?<![\d/])1[01]\d/(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])(?![\d/])",
            before="date",
            read=_republican,
        ),
        OwnReading(
            name="daypart",
            shape=rf"(?<![A-Za-z]){_DAY_PART}\s?\d{{1,2}}[:：][0-5]\d(?!\d)"
            rf"|(?<!\d)\d{{1,2}}[:：][0-5]\d\s?{_DAY_PART}(?![A-Za-z])",
            before="clock",
            read=_half,
        ),
        OwnReading(
            name="seconds",
            shape=r"(?<![\d\"“”])\d{1,3}[\"″](?=[^\s\"“”])",
            before="clock",
            read=lambda found: typed(Kind.UNIT, found.written[:-1] + " s"),
        ),
        OwnReading(
            name="numeral",
            shape=r"[Ⅰ-Ⅻ]|(?<![A-Za-z])[IVX]{1,5}(?=世)",
            before="code",
            read=_roman,
        ),
        OwnReading(
            name="pressed",
            shape=r"(?<=[按键鍵或和、])[*#](?:[号號](?=[键鍵]))?(?![A-Za-z\d*#])",
            before="sign",
            read=lambda found: in_words(found.written, WORDS.keys[found.written[0]]),
        ),
        OwnReading(
            name="monthday",
            shape=rf"(?<![\d/]){_MONTH_DAY}(?=[前后後起放至到止]|\s?[（(][一二三四五六日][）)])"
            rf"|(?<=[（(]){_MONTH_DAY}(?=[）)])",
            before="pressure",
            read=_month_and_day,
        ),
        OwnReading(
            name="room",
            shape=r"(?<!\d)\d{3,4}(?=号?[室房])|(?<=[座栋棟幢])\d{3,4}(?!\d)|(?<!\d)[12]\d{3}(?=[版届款级])|(?<!\d)[5-9]0(?=后)"
            r"|(?<!\d)\d{2}(?=年(?:\d{1,2}月|[底初末]))",
            before="numeric",
            read=lambda found: typed(Kind.DIGITS, found.written),
        ),
        OwnReading(
            name="bandwidth",
            shape=r"(?:(?<=宽带)|(?<=宽带：)|(?<=带宽)|(?<=网速)|(?<=速率)|(?<=光纤)|(?<=提速至)|(?<=提速到))\d{2,4}M(?![A-Za-z\d])"
            r"|(?<![A-Za-z\d])\d{2,4}M(?=宽带|带宽|光纤|网速|家宽)",
            before="code",
            read=lambda found: in_words(found.written, cardinal(int(found.written[:-1]), noun=True) + "兆"),
        ),
        OwnReading(
            name="each",
            shape=r"(?<=[元块塊次米升克A-Za-z\d])/(?=[月年天日时時周晚个個吨噸度升米斤人次小分克片位户戶件平公千学學课課包支粒瓶袋])",
            before="sign",
            read=lambda found: in_words(found.written, WORDS.per),
        ),
    ),
    ascii_words=True,
    scores=False,
)
