"""Words as they are compared."""

from __future__ import annotations

import re
import unicodedata
from typing import Final


def folded(text: str) -> str:
    """For comparing: compatibility forms, case and runs of white space do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


_RAISED: Final = "ᵃᵇᵈᵉᵍᵏᵐᵒᵖᵗᵘᵛʰʳˡˢʷʸⁿ"
_OTHER_FORMS: Final = re.compile(f"[\uff00-\uffef˚{_RAISED}]")
_WIDE: Final = re.compile(
    f"[０-９Ａ-Ｚａ-ｚ％＋－．／＄＃＠＝＊＆￡＜＞～˚{_RAISED}]|(?<=[0-9０-９])，(?=[0０][0-9０-９]{{2}}(?![0-9０-９]))"
)


def narrow(text: str) -> str:
    """Figures, letters and signs of full width and raised letters (`Mᵐᵉ`) as plain ones, of the same length."""
    if text.isascii() or not _OTHER_FORMS.search(text):
        return text
    return _WIDE.sub(lambda match: _OWN_FORM.get(match[0]) or unicodedata.normalize("NFKC", match[0]), text)


_OWN_FORM: Final = {"，": ",", "ᵒ": "º", "˚": "°"}
"""Where another sign is meant than the compatible one."""
