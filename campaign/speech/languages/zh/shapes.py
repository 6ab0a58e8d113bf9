"""How values are written in Chinese, and readings that Chinese alone has."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from campaign.speech.languages.record import Occurrence, OwnReading, Shapes
from campaign.speech.languages.shaping import any_of
from campaign.speech.languages.zh.amounts import AMOUNTS
from campaign.speech.languages.zh.numbers import cardinal, telephone_group
from campaign.speech.languages.zh.units import UNITS
from campaign.speech.languages.zh.words import WORDS
from campaign.speech.typed import Kind, TypedValue, UnreadableValueError, in_words, typed
from campaign.speech.wordlist import words

_COUNTERS: Final = "点點时時分日号號元年楼樓层層月天周週岁歲米个個%℃"


def _month_and_day(found: Occurrence) -> TypedValue:
    month, day = found.written.split("/")
    return typed(Kind.DATE, f"{month}月{day}日")


def _month_and_days(found: Occurrence) -> TypedValue:
    """`12/28-1/3`, `12.5-12.8`."""
    days = [re.split(r"[/.]", part) for part in re.split(r"\s?[-–—~～至到]\s?", found.written)]
    said = (f"{cardinal(int(month))}月{cardinal(int(day))}日" for month, day in days)
    return in_words(found.written, WORDS.range.join(said))


def _common_era(found: Occurrence) -> TypedValue:
    """`AD2008`."""
    era = "公元" if found.region not in ("TW", "HK", "MO") else "西元"
    return in_words(
        found.written,
        era + "".join(WORDS.digits[int(one)] for one in re.findall(r"\d", found.written)) + "年",
    )


def _republican(found: Occurrence) -> TypedValue:
    """`115/03/05`: a year of the Republic of China."""
    when, month, day = re.split(r"[/.]", found.written)
    return in_words(found.written, f"{cardinal(int(when))}年{cardinal(int(month))}月{cardinal(int(day))}日")


def _half(found: Occurrence) -> TypedValue:
    """`PM 3:30`, `06:30AM`, `8 a.m.`; twelve in the morning is midnight."""
    match = re.search(r"(\d{1,2})(?:[:：](\d\d))?", found.written)
    assert match is not None
    hour, minute = int(match[1]), int(match[2] or 0)
    is_morning = "A" in found.written.upper()
    if is_morning and hour > _NOON:
        raise UnreadableValueError(
            "not-a-time",
            f"{found.written!r} is {hour - _NOON} in the morning, or {hour} hours",
            "write the time without am or pm",
        )
    part = "上午" if is_morning else "下午"
    if hour in (0, _NOON):
        part, hour = ("凌晨", 0) if is_morning else ("中午", _NOON)
    elif hour > _NOON:
        part = ""
    tail = f"{'零' if minute < 10 else ''}{cardinal(minute)}分" if minute else ""
    return in_words(found.written, f"{part}{cardinal(hour, noun=True)}点{tail}")


_NOON: Final = 12


def _clock_of_signs(found: Occurrence) -> TypedValue:
    """`15時20分`, `15時20分30秒`."""
    figures = [int(figure) for figure in re.findall(r"\d+", found.written)]
    mark = "點" if found.region in ("TW", "HK", "MO") else "点"
    said = f"{cardinal(figures[0], noun=True)}{mark}"
    for value, unit in zip(figures[1:], "分秒", strict=False):
        said += f"{'零' if value < 10 else ''}{cardinal(value)}{unit}"
    return in_words(found.written, said)


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


def _digits(written: str) -> str:
    return "".join(WORDS.digits[int(one)] for one in re.findall(r"\d", written))


def _type(found: Occurrence) -> TypedValue:
    """`苏-27`, `图-154`, `波音737-800`: a type of aircraft or rocket, three figures and more one by one."""
    parts = re.findall(r"[A-Z]+|\d+", found.written)
    said = [
        " ".join(part) if part.isalpha() else cardinal(int(part)) if len(part) <= 2 else _digits(part)
        for part in parts
    ]
    return in_words(
        found.written,
        WORDS.signs["-"].join(said) if len(parts) > 1 and parts[0].isdecimal() else "".join(said),
    )


def _score(found: Occurrence) -> TypedValue:
    """`以96-91获胜`, `比分3-1`."""
    first, last = re.findall(r"\d+", found.written)
    return in_words(found.written, f"{cardinal(int(first))}{WORDS.ratio}{cardinal(int(last))}")


def _temperatures(found: Occurrence) -> TypedValue:
    """`-3℃~5℃`: what is above nought says so after what is below it, for 零下三到五 is two things."""
    signed = re.findall(
        r"(?:(?<=^)|(?<=[~～至到]\s)|(?<=[~～至到])|(?<=[-–—]))([-−]?)(\d+)(?:\.(\d+))?", found.written
    )
    said: list[str] = []
    for sign, whole, tenths in signed:
        below_before = bool(said) and said[0].startswith("零下")
        head = "零下" if sign else "零上" if below_before and (int(whole) or tenths) else ""
        said.append(head + cardinal(int(whole)) + (f"{WORDS.decimal}{_digits(tenths)}" if tenths else ""))
    return in_words(found.written, f"{said[0]}{WORDS.range}{said[1]}摄氏度")


def _standard(found: Occurrence) -> TypedValue:
    """`GB/T 15109-2021`: letters and figures one by one."""
    said: list[str] = []
    for part in re.findall(r"[A-Z]+|\d+|[-—–.:：]", found.written):
        if part.isalpha():
            said.append(f"{' '.join(part)} ")
        elif part.isdecimal():
            said.append(_digits(part))
        else:
            said.append({".": WORDS.decimal, ":": WORDS.pause, "：": WORDS.pause}.get(part, WORDS.signs["-"]))
    return in_words(found.written, "".join(said).strip())


def _each(found: Occurrence) -> TypedValue:
    """`元/3公里`, `万/㎡`."""
    sign = found.written.strip("/ ")
    return in_words(found.written, WORDS.per + (UNITS[sign].one if sign else ""))


_TYPES: Final = "|".join(
    f"(?<={name})"
    for name in words(
        "长征 东风 東風 波音 空客 神舟 天舟 天问 嫦娥 红旗 鹰击 霹雳 巨浪 快舟 猎鹰 伊尔 米格 阵风 幻影 雅克 彩虹 翼龙"
        " 枭龙 涡扇 涡喷 太行 高分 朱雀 歼 殲 轰 轟 图 (?<!江)苏 (?<![客货海空陆水联搬营转托])运"
        " (?<![一-鿿])安 (?<![一-鿿])直 (?<![一-鿿])强 (?<![一-鿿])教"
    )
)
"""Types of aircraft and rockets; `江苏-3℃` is none."""
_MEASURED: Final = r"\s?(?:[℃°%％度元块万亿个件人吨公米斤分天年月日号]|[~～至到])"
_WON: Final = (
    "获胜|战胜|击败|取胜|胜出|险胜|大胜|完胜|小胜|力克|淘汰|逆转|领先|落后|不敌|惜败|告负|负于|战平|打平|横扫|夺冠"
    "|赢|输(?![入出液送])|胜(?![率诉任])|取得胜|拿下|的(?:总|大)?比分|的成绩|獲勝|戰勝|擊敗|險勝|大勝|領先|落後"
)
_SCORED: Final = "|".join(
    f"(?<={head}{link})"
    for head in ("比分", "终场", "全场", "比数", "比數", "分数", "分數")
    for link in ("", "为", "為", "是", "是 ", "：", ":", "以", "定格在", "来到", "改写为", "锁定为")
)
_DEGREES: Final = r"\d{1,3}(?:\.\d{1,2})?"
_CELSIUS: Final = r"\s?(?:℃|°C)"
_BODIES: Final = (
    r"(?:GB|GBJ|HJ|YY|YD|JGJ|JJG|QB|SB|NY|HG|JB|DL|TB|WS|SN|SJ|LY|CJ|CJJ|GA|JT|JR|MH|MT|SH|SY|AQ|DB\d{2})(?:/[TZ])"
    r"|(?:T|Q)/[A-Z]{2,8}|GBJ?|HJ|JGJ|JJG|WS|DB\d{2}|ISO(?:/IEC|/TS)?|IEC|EN"
)
_EVERY: Final = (
    r"(?=\d{1,4}(?:\.\d+)?\s?(?:公里|千米|小时|小時|分钟|分鐘|[天月年人次晚周位件个個斤克米升份盒瓶袋包箱张張片粒度台]"
    r"|(?:kg|g|ml|mL|L|km|m|h|min|GB|MB|kWh)(?![A-Za-z])))"
)
_SOLD_BY: Final = ("㎡", "m²", "m2", "m³", "m3", "kg", "g", "L", "kWh", "km", "GB")
_SLANG: Final = (
    r"(?<![\d.,])(?:(?:(?<=操作)|(?<=真是)|(?<=真的)|(?<=太)|(?<=直呼)|(?<=大喊)|(?<=老铁))6{2,6}(?=[，。！!~、,.？?\s的了]|$)"
    r"|520(?=快乐|快樂|情人节|告白|表白|特惠|专场|礼物|礼盒|当天|活动)|(?:(?<=爱你)|(?<=一生一世))1314|5201314"
    r"|618(?=大促|活动|购物节|年中|期间|狂欢)|315(?=晚会|消费者|打假|维权)|996(?=工作制|加班|模式)"
    r"|985(?=高校|大学|工程|院校|[、/]211)|211(?=高校|大学|工程|院校)|(?<=985[、/])211)(?![\d.])"
)


def _list_or_thousands(found: Occurrence) -> TypedValue:
    """`120，135` with the comma of a sentence."""
    whole = found.written.replace("，", "")
    raise UnreadableValueError(
        "ambiguous-number",
        f"{found.written!r} is {whole}, or {found.written.replace('，', '、')}",
        f"write {whole}, or 、 between the numbers",
    )


_MONTH_DAY: Final = r"(?:1[0-2]|0?[1-9])/(?:[12]\d|3[01]|0?[1-9])"
_DAY_PART: Final = r"(?:[AaPp][Mm]|[AaPp]\.\s?[Mm]\.?)"
_TWELVE: Final = r"(?:1[0-2]|0?[1-9])"
_SHOP: Final = (
    r"(?![家间間条條项項种種号號天日月岁歲点點时時分个個人位名楼樓层層元折年周週次件米度级級期届場场折成倍张張题題页頁章节節班组組万萬亿億])"
    r"[一-鿿]{0,6}?(?:門市|门市|便利|超商|店|取[貨货件]|寄[貨件]|繳費|缴费|ibon)"
)
"""What stands after the name of a chain of shops."""
_NO_SHARE: Final = r"(?![1-9]/[2-9](?!\d))"
_UNLIKE_DAY: Final = "等低高少多大小介优優遜逊属屬源对對由关關终終基"
_AFTER_ROOM: Final = "|".join(
    f"(?<={name})"
    for name in words("診間 诊间 诊室 診室 教室 病房 房间 房間 会议室 會議室 包厢 包廂 单元 單元")
)
_DAY_WRITTEN: Final = "|".join(
    f"(?<={day}{gap})"
    for day in (
        r"\d/\d",
        r"\d/\d\d",
        r"月\d[日号號]",
        r"月\d\d[日号號]",
    )
    for gap in ("", " ")
)


_DOTTED_DAY: Final = r"(?:1[0-2]|[1-9])\.(?:[12]\d|3[01]|[1-9])"


def _days_of_month(found: Occurrence) -> TypedValue:
    """`12/10-11`."""
    month, first, last = (cardinal(int(figure)) for figure in re.findall(r"\d+", found.written))
    return in_words(found.written, f"{month}月{first}日{WORDS.range}{last}日")


def _floor(found: Occurrence) -> TypedValue:
    """`1號3F`, `1號3F-5`."""
    floor, *door = re.findall(r"\d+", found.written)
    said = f"{cardinal(int(floor))}樓"
    return in_words(found.written, f"{said}之{cardinal(int(door[0]))}" if door else said)


def _instalment(found: Occurrence) -> TypedValue:
    """`第3/12期`."""
    this, of = (cardinal(int(figure)) for figure in re.findall(r"\d+", found.written))
    return in_words(found.written, f"{this}期，共{of}期")


def _bracket(found: Occurrence) -> TypedValue:
    """`【市中医院】李先生`: a pause, but beside a sign that is one."""
    is_opening = found.written.strip() in "【〔［"
    beside = found.left.rstrip()[-1:] if is_opening else found.right.lstrip()[:1]
    return in_words(found.written, WORDS.pause if beside.isalnum() else "")


def _weekday(found: Occurrence) -> TypedValue:
    """`12/8（二）`."""
    day = re.sub(r"[\s()（）]", "", found.written)
    return in_words(found.written, f"星期{day}")


SHAPES: Final = Shapes(
    dates=r"\d{1,2}月\d{1,2}[日号]",
    dotted_dates=False,
    times=r"\d{1,2}[:：][0-5]\d(?:[:：][0-5]\d|分)?|(?<!第)(?<!第\d)\d{1,2}[点时時](?:\d{1,2}分?)?",
    only_times=True,
    years=r"(?<!\d)[12]\d{3}(?=[学學]?年)|(?:(?<=公元)|(?<=公元前))\d{3,4}(?=年)",
    minus_after=rf"(?<!\d[{_COUNTERS}])(?<![万萬亿億千百半])",
    dash=rf"(?<=[{_COUNTERS}一二三四五六])\s?[~～]\s?(?=[早晚上下中凌週周星禮礼])|(?<=[{_COUNTERS}）)])\s?[~～]\s?(?=\d)|(?<=\d[{_COUNTERS}])\s?[-–—]\s?(?=\d)"
    r"|(?<=[万萬亿億千百半])\s?[-–—~～]\s?(?=\d)",
    signs=r"(?<=[元币幣镑鎊])=(?=\s?\d)|(?<=[A-Za-z])×(?=\d)",
    own=(
        *AMOUNTS,
        OwnReading(
            name="standard",
            shape=rf"(?<![A-Za-z\d/])(?:{_BODIES})\s?(?:\d{{2,6}}|\d(?=\.))(?:\.\d{{1,3}})?(?:[-—–:：](?:19|20)\d\d)?(?![\dA-Za-z.]*[\dA-Za-z]|\s?[元块塊年月日个個件人次万亿%])"
            r"|(?<![A-Za-z\d/])(?:GB/[TZ]|Q/[A-Z]{2,8})(?![A-Za-z/])",
            before="address",
            read=_standard,
        ),
        OwnReading(
            name="temperatures",
            shape=rf"(?<![\d.A-Za-z~～−-])(?:(?<!\d[{_COUNTERS}])[-−])?{_DEGREES}(?:{_CELSIUS}|°)?"
            rf"\s?[-–—~～至到]\s?[-−]?{_DEGREES}{_CELSIUS}",
            before="dash",
            read=_temperatures,
        ),
        OwnReading(
            name="type",
            shape=rf"(?:{_TYPES})-\d{{1,3}}(?:-\d{{1,3}})?(?![\d.,]|{_MEASURED})"
            r"|(?<=波音)\s?7\d7(?:-\d{1,3})?(?!\d)|(?<=空客)\s?A?\s?3\d\d(?:-\d{1,3})?(?!\d)",
            before="clock",
            read=_type,
        ),
        OwnReading(
            name="score",
            shape=rf"(?<![\d.:：-])\d{{1,3}}[-–:：]\d{{1,3}}(?![\d:：]|[-.]\d)(?:(?<=[-–]\d)|(?<=[-–]\d\d)|(?<=[-–]\d\d\d)"
            rf"|(?<=[:：]\d)|(?<=[6-9]\d[:：]\d\d)|(?<=[:：][6-9]\d))(?=\s?(?:{_WON}))"
            rf"|(?:{_SCORED}|(?<=最终)(?=[\d:：–-]+(?:[，。！；,;!]|$)))\d{{1,3}}[-–:：]\d{{1,3}}"
            r"(?![\d:：%A-Za-z]|[-.]\d|\s?[折元倍个個天人日月年周小分名次件位万亿级度℃公米毫厘点时])",
            before="clock",
            read=_score,
        ),
        OwnReading(
            name="spoken_figures",
            shape=_SLANG,
            before="clock",
            read=lambda found: in_words(found.written, _digits(found.written)),
        ),
        OwnReading(
            name="for_every",
            shape=rf"(?<=[元块塊角])/{_EVERY}"
            rf"|(?<=[万萬亿])/(?=[月年天人户戶件台辆次平亩])|(?<=[元块塊角万萬亿])/(?:{any_of(_SOLD_BY)})(?![A-Za-z\d²³/])",
            before="sign",
            read=_each,
        ),
        OwnReading(
            name="ratio",
            shape=rf"(?<![\d:：.])\d{{1,3}}[:：]\d{{1,4}}(?:\.\d+)?(?![\d:：])(?=的?{_MIXED})"
            r"|(?:(?<=比)|(?<=比为)|(?<=率)|(?<=率为)|(?<=[和与]水))\d{1,3}[:：]\d{1,4}(?:\.\d+)?(?![\d:：])",
            before="clock",
            read=_ratio,
        ),
        OwnReading(
            name="list_or_thousands",
            shape=r"(?<![\d，,.])\d{1,3}(?:，\d{3})+(?![\d，.])",
            before="clock",
            read=_list_or_thousands,
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
            name="common_era",
            shape=r"(?<![A-Za-z])AD\s?[12]?\d{2,3}(?!\d)",
            before="code",
            read=_common_era,
        ),
        OwnReading(
            name="republican",
            shape=r"(?<![\d/])1[01]\d/(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])(?![\d/])"
            r"|(?<![\d.])1[01]\d\.(?:0[1-9]|1[0-2])\.(?:0[1-9]|[12]\d|3[01])(?![\d.])",
            before="date",
            read=_republican,
        ),
        OwnReading(
            name="clock_of_signs",
            figures=True,
            shape=r"(?<![\d.:：/])(?:[01]?\d|2[0-4])(?:時|點(?=\d))[0-5]?\d(?:分(?:[0-5]?\d秒)?(?![鐘钟之])"
            r"|(?<=\d\d)(?![\d.,分%％/:：\-–~～個个人元塊块件次位名天日月年]))",
            before="clock",
            read=_clock_of_signs,
        ),
        OwnReading(
            name="shop",
            figures=True,
            shape=rf"(?<![\d.\-–/第])7-11(?=\s?{_SHOP}|[、或和](?:全家|萊爾富|莱尔富|罗森|羅森|OK))|(?<=全家、)7-11(?![\d天日月岁歲号號])|(?<![\dA-Za-z.])7-(?i:eleven)(?![A-Za-z])",
            before="clock",
            read=lambda found: in_words(found.written, "seven eleven"),
        ),
        OwnReading(
            name="house",
            figures=True,
            shape=r"(?<![\d.,\-–/])[1-9]\d?000(?=[号號](?![码碼]))",
            before="clock",
            read=lambda found: in_words(found.written, cardinal(int(found.written))),
        ),
        OwnReading(
            name="dotted_days",
            figures=True,
            shape=rf"(?<![\d.]){_DOTTED_DAY}\s?[-–—~～至到]\s?{_DOTTED_DAY}(?=期间|期間|活动|活動|放假|停|特惠|促销|休|举办|舉辦)",
            before="clock",
            read=_month_and_days,
        ),
        OwnReading(
            name="listed",
            figures=True,
            shape=r"(?<![\d,.])\d{1,2}(?:,\d{1,2})+(?=[月日号號楼樓]|年级|年級)",
            before="clock",
            read=lambda found: in_words(
                found.written, "、".join(cardinal(int(one)) for one in found.written.split(","))
            ),
        ),
        OwnReading(
            name="flat",
            figures=True,
            shape=r"(?<=[栋棟幢座])\d{1,2}-\d{3,4}(?![\d-])|(?<=\d[号號][楼樓])\d{1,2}-\d{3,4}(?![\d-])",
            before="clock",
            read=lambda found: typed(Kind.DIGITS, found.written),
        ),
        OwnReading(
            name="floor",
            figures=True,
            shape=r"(?<=[號号])\d{1,2}F(?:(?:-|之)\d{1,2})?(?![A-Za-z\d])",
            before="clock",
            read=_floor,
        ),
        OwnReading(
            name="building",
            figures=True,
            shape=r"(?<![\d.,A-Za-z-])\d{1,3}#(?=[楼樓栋棟幢库])",
            before="clock",
            read=lambda found: in_words(found.written, f"{cardinal(int(found.written[:-1]))}号"),
        ),
        OwnReading(
            name="hidden_mobile",
            figures=True,
            shape=r"(?<!\d)1[3-9]\d\*{4}\d{4}(?!\d)",
            before="clock",
            read=lambda found: in_words(
                found.written,
                f"{telephone_group(found.written[:3], region=found.region)}开头，"
                f"{WORDS.masked}{telephone_group(found.written[-4:], region=found.region)}",
            ),
        ),
        OwnReading(
            name="local_dollars",
            shape=r"(?<![A-Za-z$])\$\s?\d[\d,]*(?:\.\d{1,2})?(?:\s?[万萬亿億])?(?![\d.,]\d|\d)",
            before="dash",
            read=lambda found: typed(
                Kind.MONEY, found.written.replace("$", "HK$") if found.region == "HK" else found.written
            ),
        ),
        OwnReading(
            name="hidden_account",
            shape=r"(?<=[户戶卡号號])[*]\d{4}(?!\d)",
            before="clock",
            read=lambda found: in_words(
                found.written,
                ("" if re.search("尾[号號]$", found.left) else WORDS.masked) + _digits(found.written),
            ),
        ),
        OwnReading(
            name="reduction",
            figures=True,
            shape=r"(?<=[满滿])\d{1,5}-\d{1,5}(?![\d.-]|[周岁歲月天个個日])",
            before="clock",
            read=lambda found: in_words(
                found.written, "减".join(cardinal(int(amount)) for amount in found.written.split("-"))
            ),
        ),
        OwnReading(
            name="pack",
            shape=r"(?<=[gGlL克升片粒])[*×xX](?=\d{1,3}\s?[片粒袋支瓶盒板包丸])",
            before="clock",
            read=lambda found: in_words(found.written, WORDS.by),
        ),
        OwnReading(
            name="holiday",
            figures=True,
            shape=r"(?<![\d.])(?:5\.1|10\.1)(?=假|放假|长假|黄金周|劳动|国庆|小长假)",
            before="clock",
            read=lambda found: in_words(found.written, "五一" if found.written == "5.1" else "十一"),
        ),
        OwnReading(
            name="days_of_month",
            figures=True,
            shape=rf"(?<![\d/.A-Za-z第]){_NO_SHARE}{_MONTH_DAY}\s?[-–~～至]\s?(?:[12]\d|3[01]|[1-9])(?![\d/.:：%點点時时折元])",
            before="clock",
            read=_days_of_month,
        ),
        OwnReading(
            name="floors",
            figures=True,
            shape=r"(?<![\d/.A-Za-z])\d{1,2}/F(?![A-Za-z\d])",
            before="clock",
            read=lambda found: in_words(found.written, f"{cardinal(int(found.written[:-2]))}樓"),
        ),
        OwnReading(
            name="all_day",
            figures=True,
            shape=r"(?<![\d/.A-Za-z:])24\s?H(?![A-Za-z\d])",
            before="clock",
            read=lambda found: in_words(found.written, "二十四小时"),
        ),
        OwnReading(
            name="part_dash",
            shape=r"(?<=[AaPp][Mm])\s?[-–—~～]\s?(?=\d|[AaPp][Mm]\s?\d)"
            r"|(?<=\d)\s?[-–—~～]\s?(?=[AaPp][Mm]\s?\d|[上下中]午|[晚早]上|傍晚|翌日|次日)",
            before="dash",
            read=lambda found: in_words(found.written, WORDS.range),
        ),
        OwnReading(
            name="discount",
            figures=True,
            shape=r"(?<![\d.,-])[1-9][1-9](?=折(?![叠疊]))",
            before="clock",
            read=lambda found: in_words(found.written, _digits(found.written)),
        ),
        OwnReading(
            name="round_the_clock",
            figures=True,
            shape=r"(?<![\d.])7\s?[*]\s?24(?=\s?(?:小时|小時|h\b))",
            before="clock",
            read=lambda found: in_words(found.written, f"七{WORDS.by}二十四"),
        ),
        OwnReading(
            name="hours_or",
            figures=True,
            shape=r"(?<![\d/.])(?:24/48|24/72|48/72|12/24)(?=\s?(?:小时|小時))",
            before="clock",
            read=lambda found: in_words(
                found.written, WORDS.either.join(cardinal(int(one)) for one in found.written.split("/"))
            ),
        ),
        OwnReading(
            name="instalment",
            figures=True,
            shape=r"(?<=第)\d{1,2}/\d{1,2}期",
            before="clock",
            read=_instalment,
        ),
        OwnReading(
            name="weekday",
            shape=rf"(?=[（(])(?:{_DAY_WRITTEN})[（(][一二三四五六日][）)]",
            before="clock",
            read=_weekday,
        ),
        OwnReading(
            name="heading",
            shape=r"\s?[【〔［】〕］]\s?",
            before="clock",
            read=_bracket,
        ),
        OwnReading(
            name="day_led",
            figures=True,
            shape=rf"(?:(?<=[於于])(?<![{_UNLIKE_DAY}][於于])|(?<=[将將订訂定][於于])){_MONTH_DAY}(?![\d/]|[处處的])"
            rf"|(?:(?<=/\d、)|(?<=/\d\d、)|(?<=[自从從至到])|(?<=[週周期][一二三四五六日])|(?<=[今明昨][日天])){_NO_SHARE}{_MONTH_DAY}(?![\d/])"
            rf"|(?<![\d/.A-Za-z]){_MONTH_DAY}(?=\s?(?:[上下中]午|早上|晚上|晚間|凌晨|[（(]?(?:週|周|星期)[一二三四五六日]))"
            rf"|(?<![\d/.A-Za-z第]){_NO_SHARE}{_MONTH_DAY}(?=[休停截放補补舉举開开繳缴]|、\d{{1,2}}/\d{{1,2}}(?![\d/]))"
            rf"|(?<![\d/.A-Za-z]){_NO_SHARE}{_MONTH_DAY}(?=\s\d{{1,2}}[:：点點时時])",
            before="pressure",
            read=_month_and_day,
        ),
        OwnReading(
            name="daypart",
            shape=rf"(?<![A-Za-z]){_DAY_PART}\s?\d{{1,2}}[:：][0-5]\d(?!\d)"
            rf"|(?<![\d:：])\d{{1,2}}[:：][0-5]\d\s?{_DAY_PART}(?![A-Za-z])"
            rf"|(?<![\d.:：/A-Za-z])(?<!\d[-–~～]){_TWELVE}\s?{_DAY_PART}(?![A-Za-z\d])",
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
            shape=r"[Ⅰ-Ⅻ]|(?<![A-Za-z])[IVX]{1,5}(?=世)|(?<=第)[IVX]{1,5}(?=[章节節卷部篇期])",
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
            shape=r"(?<![\d.])\d{3,4}(?=[号號]?(?:[室房]|診間|诊间|診室|诊室|教室|病房|会议室|會議室|包厢|包廂))"
            rf"|(?:{_AFTER_ROOM})\d{{3,4}}(?![\d.,]|\s?[元块塊户戶人个個间間坪平米名位%万])"
            r"|(?<=[座栋棟幢])\d{3,4}(?!\d)|(?<=\d[层層楼樓])\d{3,4}(?=[，。,；;、）)\s]|$)|(?<!\d)[12]\d{3}(?=[版届款级])|(?<!\d)[5-9]0(?=后)"
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
            shape=r"(?<=[元块塊次米升克里片粒颗顆滴瓶包袋支A-Za-z\d])/(?=[月年天日时時周晚个個吨噸度升米斤人次小分克片位户戶件平公千学學课課包支粒瓶袋])",
            before="sign",
            read=lambda found: in_words(found.written, WORDS.per),
        ),
    ),
    ascii_words=True,
    scores=False,
)
