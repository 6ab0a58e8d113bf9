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
            "编号", "代码", "错误代码", "代碼", "編號", "帳號", "驗證碼", "取件码", "工号", "学号",
            links=("", "是", "为", "：", ":", "是：", "为：", " "),
        ),
    ),
    expiry=("有效期", "有效期至", "有效期：", "有效期到", "效期"),
    ratio=("比为", "之比为", "比為", "比例：",
        "比分", "比例", "比例为", "比例是", "比例尺", "以",
    ),
)  # fmt: skip
