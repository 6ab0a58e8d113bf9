"""Measure words, before which "two" is another word."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Agreement, Noun

_MEASURE_WORD: Final = re.compile(
    r"\s?(?:[匹个個位次天片粒颗顆支枝针針份种種组組课課页頁袋件张張本人只隻条條块塊家名台杯瓶盒包层層周週小棟点點元岁歲倍晚斤]"
    r"|[吨噸升箱罐滴套把封项項笔筆户戶辆輛门門节節双雙对對堂场場趟通栋棟间間枚克毫]|年(?![级級度])|分钟|分鐘|秒|公里|公斤|公尺"
    r"|平方|美元|欧元|歐元|米)"
)
_COUNTED: Final = re.compile(
    r"\s?(?:[万萬亿億多余餘]|[个個位次天片粒颗顆支针針份种種组組课課页頁袋件张張本只隻条條块塊家名台臺辆輛杯瓶盒层層点點元圆圓"
    r"岁歲倍晚匹头頭斤吨噸户戶折套栋棟届屆米秒包]|人(?!工)|年(?!级)|月(?=\d)|分(?![机機])|周(?![一二三四五六日末])|公里|公斤|平方"
    r"|美元|欧元|歐元|港元|港币|港幣|台币|台幣|小时|小時)"
)
"""A measure word."""
AGREEMENT: Final = Agreement(
    counting=re.compile(
        r"(?:第|约|超过|近|共|达|多达|共计|合计|总计|累计)\s?$"
        r"|(?:金额|总额|余额|总价|数量|人数|总数|件数|次数|户数|销量|产量|票数|步数|字数|总量|总人口|浏览量|阅读量|播放量|访问量"
        r"|金額|總額|餘額|總價|數量|人數|總數|件數|次數|戶數|銷量|產量|票數|步數|字數|總量)(?:[为為是达達有]|[:：])?\s?$"
    ),
    counted=_COUNTED,
    noun_after=lambda left, right: Noun(
        "m", _MEASURE_WORD.match(right) is not None and not left.endswith("第")
    ),
)
