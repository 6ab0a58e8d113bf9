"""Currencies and large amounts in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from campaign.speech.languages.record import Currency, Magnitude

CURRENCIES: Final[Mapping[str, Currency]] = {
    "EUR": Currency("欧元", "欧元", "m", "分", "分", "m"),
    "USD": Currency("美元", "美元", "m", "分", "分", "m"),
    "GBP": Currency("英镑", "英镑", "m", "便士", "便士", "m"),
    "CHF": Currency("瑞士法郎", "瑞士法郎", "m", "分", "分", "m"),
    "JPY": Currency("日元", "日元", "m", "", "", "m"),
    "CNY": Currency("元", "元", "m", "分", "分", "m"),
    "BRL": Currency("雷亚尔", "雷亚尔", "m", "分", "分", "m"),
    "MXN": Currency("比索", "比索", "m", "分", "分", "m"),
    "INR": Currency("卢比", "卢比", "m", "派萨", "派萨", "m"),
    "PLN": Currency("兹罗提", "兹罗提", "m", "格罗希", "格罗希", "m"),
    "SEK": Currency("克朗", "克朗", "m", "欧尔", "欧尔", "m"),
}
MAGNITUDES: Final[Mapping[str, Magnitude]] = {
    "千": Magnitude("千", "千", 3),
    "万": Magnitude("万", "万", 4),
    "亿": Magnitude("亿", "亿", 8),
    "百": Magnitude("百", "百", 2),
    "百万": Magnitude("百万", "百万", 6),
    "千万": Magnitude("千万", "千万", 7),
    "萬": Magnitude("万", "万", 4),
    "億": Magnitude("亿", "亿", 8),
    "万亿": Magnitude("万亿", "万亿", 12),
}
