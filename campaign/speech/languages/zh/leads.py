"""What stands before a number in Chinese and says how it is read."""

from __future__ import annotations

import re
from typing import Final

from campaign.speech.languages.record import Leads, leading
from campaign.speech.wordlist import words

_CODES: Final = words(
    "验证码 动态码 取货码 邮编 流水号 尾号 密码 卡号 账号 单号 编号 代码 错误代码 代碼",
    "編號 帳號 驗證碼 取件码 工号 学号 尾號 尾码 尾碼 尾数 尾數 取件碼 取貨碼 動態碼 卡號",
    "單號 密碼 郵編 郵遞區號 流水號 工號 學號 提货码 提貨碼 取票码 取票碼 核销码 兑换码",
    "兌換碼 优惠码 優惠碼 识别码 識別碼 邀请码 邀請碼 查询码 查詢碼 户号 戶號 病历号 病歷號",
    "病歷號碼 住院号 会员号 會員號 序列号 序號碼 校验码 提取码 提取碼 机身码 房号 房號 统一编号",
    "保單號碼 保单号 合同号 票号 票號 門牌碼",
)
LEADS: Final = Leads(
    dial=re.compile(
        r"(?:热线|熱線|专线|專線|电话|電話|拨打|撥打|拨通|致电|致電|来电|來電|回拨|回撥|客服|手机|手機|传真|傳真|号码|號碼"
        r"|報警|报警|急救|拨|撥|打|短信发送至)(?:号码|號碼|电话|電話|热线|熱線|为|為|是|请|請|或|至|[\s:：（(“「]){0,4}"
    ),
    dial_also=re.compile(r"\s?(?:或|、|，|,|/|和|或者)\s?(?:拨打|撥打|拨|撥|打)?"),
    extension=re.compile(r"(?:分机|分機|内线|內線)(?:号|號)?[:：]?\s?"),
    keys=re.compile(r"[按键鍵拨撥]"),
    code=(
        *leading(
            *sorted(_CODES),
            *(f"{place}{count}{digit}" for place in "末后後" for count in "三四五六3456" for digit in "码碼位"),
            *(
                f"{place}{count}位{digit}"
                for place in "末后後"
                for count in "四4"
                for digit in ("数", "數", "数字", "數字")
            ),
            links=("", "是", "为", "為", "：", ":", "是：", "为：", "為：", " "),
        ),
    ),
    day=(
        *leading("期限", "截止日", "到期日", "日期", "繳費日", "缴费日", links=("", "：", ":", "為", "为", "是")),
        "截止", "截止日期：", "截止到", "日期：", "时间：", "到期日："),
    expiry=("有效期", "有效期至", "有效期：", "有效期到", "效期"),
    lasting=re.compile(r"(?:时长|時長|历时|歷時|用时|用時|通话时间|通話時間)(?:为|為|是|约|約|[:：])?\s?$"),
    ratio=("比为", "之比为", "比為", "比例：",
        "比分", "比例", "比例为", "比例是", "比例尺", "以",
    ),
)  # fmt: skip
