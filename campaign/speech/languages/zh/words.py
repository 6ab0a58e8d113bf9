"""Words that stand for signs and joints in Chinese."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Vocabulary

WORDS: Final = Vocabulary(
    digits=("零", "一", "二", "三", "四", "五", "六", "七", "八", "九"),
    decimal="点",
    minus="负",
    plus="加",
    extension="转",
    range="到",
    ratio="比",
    over="比",
    whole_split=False,
    masked="尾号",
    masked_after=re.compile(r"尾号\W*$", re.I),
    by="乘",
    times="{}次",
    once="一次",
    section="点",
    per="每",
    percent="百分之",
    percent_first=True,
    per_mille="千分之",
    round_the_clock="每周七天，每天二十四小时",
    either="或",
    again="我再说一遍：{}。",
    money_and="",
    keys={"*": "星号", "#": "井号"},
    signs={
        "≤": "小于等于", "≥": "大于等于", "±": "正负", "≈": "约", "〇": "零", "&": "和", "+": "加", "@": "艾特",
        "/": "斜杠", "_": "下划线", "#": "号", "%": "百分号", "=": "等于", "*": "星号", "-": "杠", ".": "点",
        ":": "冒号", "§": "节", "°": "度", "×": "乘", "<": "小于", ">": "大于",
        "~": "约", "€": "欧元", "$": "美元", "£": "英镑",
    },
    pause="，",
)  # fmt: skip
