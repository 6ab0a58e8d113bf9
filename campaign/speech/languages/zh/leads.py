"""What stands before a number in Chinese and says how it is read."""

from __future__ import annotations

from typing import Final

from campaign.speech.languages.record import Leads, leading

LEADS: Final = Leads(
    dial=(
        *leading(
            "热线", "电话", "拨打", "致电", "拨", "打",
            links=("", "：", ":", " "),
        ),
    ),
    code=(
        *leading(
            "验证码", "动态码", "取货码", "邮编", "流水号", "尾号", "密码", "卡号", "账号", "单号",
            "编号", "取件码", "工号", "学号",
            links=("", "是", "为", "：", ":", "是：", "为：", " "),
        ),
    ),
    ratio=(
        "比分", "比例", "比例为", "比例是", "比例尺", "以",
    ),
)  # fmt: skip
