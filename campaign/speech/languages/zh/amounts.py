"""Readings of Chinese amounts and signs: short years, points between days, commas that part nothing, blood groups."""

from __future__ import annotations

import datetime
import re
from typing import Final

from campaign.speech.languages.record import Occurrence, OwnReading
from campaign.speech.languages.zh.numbers import cardinal
from campaign.speech.languages.zh.words import WORDS
from campaign.speech.typed import Kind, TypedValue, UnreadableValueError, in_words, typed


def _digits(written: str) -> str:
    return "".join(WORDS.digits[int(one)] for one in re.findall(r"\d", written))


def _number(written: str) -> str:
    whole, _, tenths = written.partition(".")
    return cardinal(int(whole)) + (f"{WORDS.decimal}{_digits(tenths)}" if tenths else "")


def _short_year(found: Occurrence) -> TypedValue:
    """`25/9/28`, the year first; `03/04/26` has its year first or last."""
    first, month, last = (int(part) for part in re.findall(r"\d+", found.written))
    if _is_day(first, month, last):
        if _is_day(last, month, first) or _is_day(last, first, month):
            raise UnreadableValueError(
                "ambiguous-date",
                f"{found.written!r} has its year at the beginning or at the end",
                "write the year with four figures",
            )
        return in_words(found.written, f"{_digits(f'20{first:02}')}年{cardinal(month)}月{cardinal(last)}日")
    return typed(Kind.DATE, found.written)


def _is_day(when: int, month: int, day: int) -> bool:
    """A day of the years in which messages are sent."""
    try:
        datetime.date(2000 + when, month, day)
    except ValueError:
        return False
    return when in _RECENT


_RECENT: Final = range(15, 41)


def _day_or_time(found: Occurrence) -> TypedValue:
    """`9.28开放`."""
    first, last = found.written.split(".")
    raise UnreadableValueError(
        "ambiguous-number",
        f"{found.written!r} is {first}月{last}日, or {first}:{last}",
        f"write {first}月{last}日 for the day, {first}:{last} for the time",
    )


def _comma(found: Occurrence) -> TypedValue:
    """`1,50元`, `1,2345元`, `3,5天`."""
    raise UnreadableValueError(
        "ambiguous-number",
        f"{found.written!r} is {found.written.replace(',', '.', 1)}, or {found.written.replace(',', '')}, or a list",
        "write a point for decimals, 、 between numbers, thousands in groups of three",
    )


def _loose_minus(found: Occurrence) -> TypedValue:
    """`余额：- 500元`."""
    raise UnreadableValueError(
        "ambiguous-number",
        f"{found.written!r} before the number is a minus, or a dash",
        "write the minus to the number, or leave the dash out",
    )


def _years_ago(found: Occurrence) -> TypedValue:
    """`2000年前`."""
    year = found.written
    raise UnreadableValueError(
        "ambiguous-date",
        f"{f'{year}年前'!r} is before the year {year}, or {year} years ago",
        f"write 公元{year}年以前, or {cardinal(int(year))}年前",
    )


def _percents(found: Occurrence) -> TypedValue:
    """`5-10%`: both are percentages."""
    signed = re.findall(r"(^[-−]|(?<=[-–—~～\s])[-−])?(\d+(?:\.\d+)?)", found.written)
    said = (f"{WORDS.minus if sign else ''}{WORDS.percent}{_number(figures)}" for sign, figures in signed)
    return in_words(found.written, WORDS.range.join(said))


def _minutes(found: Occurrence) -> TypedValue:
    """`时长30m`."""
    return typed(Kind.UNIT, re.sub(r"\s?m$", "min", found.written))


def _blood(found: Occurrence) -> TypedValue:
    """`血型O-`, `Rh-`."""
    letters = re.sub(r"\W", "", found.written)
    said = letters if letters[1:].islower() else " ".join(letters)
    return in_words(found.written, f"{said}{'阳性' if '+' in found.written else '阴性'}")


def _below_and_above(found: Occurrence) -> TypedValue:
    """`零下5℃至3℃`: the second is above nought, where it has a sign of its own."""
    first, last = re.findall(r"\d+(?:\.\d+)?", found.written)
    return in_words(found.written, f"零下{_number(first)}摄氏度到{_number(last)}摄氏度")


_DOTTED: Final = r"(?<![\d.A-Za-z价價费費额額款本率值])(?:1[0-2]|[1-9])\.(?:3[01]|[12]\d|0[1-9])(?![\d.%％])"
_HAPPENS: Final = (
    r"(?=\s?(?:之?前(?!期)|之?后(?!期)|之?後|起|截止|截至|到期|开放|開放|开业|開業|开课|開課|开学|開學|开考|開考|开会|開會|开诊"
    r"|開診|停水|停电|停電|停诊|停診|停课|停課|停业|停業|休息|休诊|休診|放假|上课|上課|上午|下午|早上|晚上|中午|活动|活動"
    r"|促销|促銷|大促|教师节|国庆|國慶|劳动节|考试|考試|报名|報名|缴费|繳費|举行|舉行|举办|舉辦|出发|出發|到院|复诊|複診))"
)
_DUE: Final = "|".join(
    f"(?<={head})"
    for head in ("截止", "截至", "请于", "請於", "将于", "將於", "定于", "日期：", "时间：", "時間：")
)
_SPANS: Final = "|".join(
    f"(?<={head})"
    for head in (
        "时长",
        "时长：",
        "时长约",
        "等候",
        "等待",
        "等候约",
        "等待约",
        "耗时",
        "耗时约",
        "历时",
        "用时",
        "晚点",
        "延误",
        "迟到",
    )
)


AMOUNTS: Final = (
    OwnReading(
        name="short_year",
        figures=True,
        shape=r"(?<![\w./-])\d\d/\d{1,2}/\d{1,2}(?![\d/.])",
        before="date",
        read=_short_year,
    ),
    OwnReading(
        name="day_or_time",
        figures=True,
        shape=rf"{_DOTTED}{_HAPPENS}|(?:{_DUE}){_DOTTED}(?!\s?[元块塊万萬亿億%％℃度米公克斤个個倍折分岁歲])",
        before="clock",
        read=_day_or_time,
    ),
    OwnReading(
        name="stray_comma",
        figures=True,
        shape=r"(?<![\d,.，])[1-9]\d{0,2},(?:\d{1,2}|\d{4,})(?=\s?(?:元|块|塊|万|萬|[美欧歐港]元|天|人|个|個|次|小时|小時|岁|歲|公里|米|斤|公斤|度|片|户|戶))",
        before="clock",
        read=_comma,
    ),
    OwnReading(
        name="loose_minus",
        shape=r"(?:(?<=[一-鿿][：:])|(?<=[一-鿿][：:]\s)|(?<=[额額款为為是])|(?<=[额額款为為是]\s))[-–−－]\s(?=[¥￥$]?\d)",
        before="dash",
        read=_loose_minus,
    ),
    OwnReading(
        name="years_ago",
        figures=True,
        shape=r"(?<![\d.])[12]\d00(?=年前(?!夕|后|後|半|三|四))",
        before="clock",
        read=_years_ago,
    ),
    OwnReading(
        name="percents",
        shape=r"(?<![\d.,A-Za-z~～–—-])(?<![%％℃°])[-−]?\d{1,3}(?:\.\d+)?\s?[-–—~～]\s?[-−]?\d{1,3}(?:\.\d+)?[%％]",
        before="dash",
        read=_percents,
    ),
    OwnReading(
        name="short_minutes",
        figures=True,
        shape=rf"(?=\d)(?:{_SPANS})\d{{1,3}}\s?m(?![A-Za-z\d²³/])",
        before="unit",
        read=_minutes,
    ),
    OwnReading(
        name="blood",
        shape=r"(?:(?<=血型)|(?<=血型为)|(?<=血型是)|(?<=血型：))(?:AB|[ABO])型?[-−–+＋](?![\w-])"
        r"|(?<![\w-])(?:Rh|HIV|HBV|HCV)(?:[-−–+]|[(（][-−–+][)）])(?![\w-])",
        before="code",
        read=_blood,
    ),
    OwnReading(
        name="below_and_above",
        shape=r"零下\d{1,2}(?:\.\d)?(?:℃|°C)[到至~～-]\d{1,2}(?:\.\d)?(?:℃|°C)",
        before="dash",
        read=_below_and_above,
    ),
    OwnReading(
        name="flat_number",
        figures=True,
        shape=r"(?<![\w.,-])[1-9]\d?-\d{3,4}(?=[室房户戶](?!间))",
        before="clock",
        read=lambda found: typed(Kind.DIGITS, found.written),
    ),
    OwnReading(
        name="born_in",
        figures=True,
        shape=r"(?<![\d.])[4-9]\d(?=年(?:生(?!活|产|產|意)|出生))",
        before="clock",
        read=lambda found: in_words(
            found.written, cardinal(int(found.written)) if found.region == "TW" else _digits(found.written)
        ),
    ),
)
