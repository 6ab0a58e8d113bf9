"""Words as they are compared."""

from __future__ import annotations

import re
import unicodedata
from typing import Final


def folded(text: str) -> str:
    """For comparing: compatibility forms, case and runs of white space do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


_FULL_WIDTH: Final = re.compile("[\uff00-\uffef]")
_WIDE: Final = re.compile(
    "[０-９Ａ-Ｚａ-ｚ％＋－．／＄＃＠＝＊＆￡]|(?<=[0-9０-９])，(?=[0-9０-９]{3}(?![0-9０-９]))"
)


def narrow(text: str) -> str:
    """Figures, letters and signs of full width as plain ones, of the same length; marks of a sentence stay."""
    if text.isascii() or not _FULL_WIDTH.search(text):
        return text
    return _WIDE.sub(lambda match: "," if match[0] == "，" else unicodedata.normalize("NFKC", match[0]), text)
