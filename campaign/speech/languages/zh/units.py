"""Units of measure in Chinese, by the sign as it is written: `m` is a metre, `M` is nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from campaign.speech.languages.record import Durations, Unit

UNITS: Final[Mapping[str, Unit]] = {
    "度": Unit("度", "度"),
    "噸": Unit("噸", "噸"),
    "吨": Unit("吨", "吨"),
    "lb": Unit("磅", "磅"),
    "lbs": Unit("磅", "磅"),
    "hr": Unit("小时", "小时"),
    "hrs": Unit("小时", "小时"),
    "mins": Unit("分钟", "分钟"),
    "ft": Unit("英尺", "英尺"),
    "oz": Unit("盎司", "盎司"),
    "qm": Unit("平方米", "平方米"),
    "km": Unit("公里", "公里"),
    "m": Unit("米", "米"),
    "cm": Unit("厘米", "厘米"),
    "mm": Unit("毫米", "毫米"),
    "kg": Unit("公斤", "公斤"),
    "g": Unit("克", "克"),
    "mg": Unit("毫克", "毫克"),
    "l": Unit("升", "升"),
    "L": Unit("升", "升"),
    "h": Unit("小时", "小时"),
    "Std": Unit("小时", "小时"),
    "min": Unit("分钟", "分钟"),
    "s": Unit("秒", "秒"),
    "kWh": Unit("千瓦时", "千瓦时"),
    "kW": Unit("千瓦", "千瓦"),
    "MB": Unit("兆", "兆"),
    "GB": Unit("G B", "G B"),
    "°F": Unit("华氏度", "华氏度"),
    "mph": Unit("英里每小时", "英里每小时"),
    "yd": Unit("码", "码"),
    "dl": Unit("分升", "分升"),
    "dL": Unit("分升", "分升"),
    "cl": Unit("厘升", "厘升"),
    "mL": Unit("毫升", "毫升"),
    "ml": Unit("毫升", "毫升"),
    "µg": Unit("微克", "微克"),
    "μg": Unit("微克", "微克"),
    "mcg": Unit("微克", "微克"),
    "mmol": Unit("毫摩尔", "毫摩尔"),
    "mmHg": Unit("毫米汞柱", "毫米汞柱"),
    "kcal": Unit("千卡", "千卡"),
    "W": Unit("瓦", "瓦"),
    "V": Unit("伏", "伏"),
    "MW": Unit("兆瓦", "兆瓦"),
    "MWh": Unit("兆瓦时", "兆瓦时"),
    "Hz": Unit("赫兹", "赫兹"),
    "cm²": Unit("平方厘米", "平方厘米"),
    "km²": Unit("平方公里", "平方公里"),
    "TB": Unit("T B", "T B"),
    "KB": Unit("K B", "K B"),
    "kB": Unit("K B", "K B"),
    "Mbit": Unit("兆比特", "兆比特"),
    "km/h": Unit("公里每小时", "公里每小时"),
    "m²": Unit("平方米", "平方米"),
    "m2": Unit("平方米", "平方米"),
    "m³": Unit("立方米", "立方米"),
    "m3": Unit("立方米", "立方米"),
    "°C": Unit("摄氏", "摄氏"),
    "℃": Unit("摄氏", "摄氏"),
    "㎡": Unit("平方米", "平方米"),
    "°": Unit("度", "度"),
    **dict.fromkeys(
        ("N·m", "N•m", "N⋅m", "N・m", "N.m", "Nm", "牛·米", "牛•米", "牛・米"), Unit("牛米", "牛米")
    ),
    **dict.fromkeys(("kN·m", "kN⋅m", "kNm", "千牛·米"), Unit("千牛米", "千牛米")),
    "kN": Unit("千牛", "千牛"),
    "mAh": Unit("毫安时", "毫安时"),
    "kPa": Unit("千帕", "千帕"),
    "MPa": Unit("兆帕", "兆帕"),
    "rpm": Unit("转每分钟", "转每分钟"),
    "r/min": Unit("转每分钟", "转每分钟"),
}
DOTTED_UNITS: Final = frozenset(
    (
        "Std",
        "ft",
        "hr",
        "hrs",
        "lb",
        "lbs",
        "min",
        "mins",
        "oz",
    )
)
"""Also written with a dot."""
DURATIONS: Final = Durations(
    written={
        "w": "周 星期",
        "d": "天 日",
        "h": "小时 个小时 小時 钟头",
        "min": "分 分钟 分鐘",
        "s": "秒 秒钟",
    },
    day=Unit("天", "天"),
    week=Unit("周", "周"),
)
