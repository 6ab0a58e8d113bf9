"""Measure words, before which "two" is another word."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Agreement, Noun

_MEASURE_WORD: Final = re.compile(
    r"\s?(?:[个個位次天片粒颗支针份种组课页袋件张張本人只条條块塊家名台杯瓶盒包层周小点點元岁歲倍晚斤]|分钟|秒|公里|公斤|平方|美元|欧元|米)"
)
AGREEMENT: Final = Agreement(
    counting=re.compile(r"(?:第|约|超过|近|共|达|多达)\s?$"),
    counted=_MEASURE_WORD,
    noun_after=lambda left, right: Noun(
        "m", _MEASURE_WORD.match(right) is not None and not left.endswith("第")
    ),
)
