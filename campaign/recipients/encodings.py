"""Encodings that a file of recipients may be in: a closed list, checked at the door, before the first byte is read.

Python has more codecs: ones for a single text and not for a file (`unicode_escape`, `raw_unicode_escape`, `punycode`,
`idna`), ones that are no text at all (`base64`, `zip`), one that only fails (`undefined`), and UTF-7, whose bytes can
be read as two texts. None of them is a way in which anybody saves a file.
"""

from __future__ import annotations

import codecs
import re

from campaign.errors import RecipientsError

AUTOMATIC = ""
"""Where nobody named one: what the byte order mark says, or else UTF-8."""
UTF_8 = "utf-8-sig"
"""UTF-8, with or without a byte order mark."""
ENCODINGS = frozenset(
    {"ascii", "utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "utf-32", "utf-32-be", "utf-32-le"}
    | {f"iso8859-{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)}
    | {
        f"cp{page}"
        for page in (437, 720, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 864, 865, 866, 869)
    }
    | {f"cp{page}" for page in (874, 932, 949, 950, 1125, *range(1250, 1259))}
    | {"mac-arabic", "mac-croatian", "mac-cyrillic", "mac-farsi", "mac-greek", "mac-iceland", "mac-latin2"}
    | {
        "mac-roman",
        "mac-romanian",
        "mac-turkish",
        "koi8-r",
        "koi8-t",
        "koi8-u",
        "kz1048",
        "ptcp154",
        "tis-620",
    }
    | {"big5", "big5hkscs", "gb2312", "gbk", "gb18030", "euc_kr", "johab"}
    | {"shift_jis", "shift_jis_2004", "shift_jisx0213", "euc_jp", "euc_jis_2004", "euc_jisx0213"}
    | {"iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_2004", "iso2022_jp_3", "iso2022_jp_ext"}
)
"""By Python's name for each; every other spelling that Python knows means one of them."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._: -]{0,39}")


def checked_encoding(name: str) -> str:
    """Python's name for an encoding that files are saved in; raises `RecipientsError` for every other word."""
    if not _NAME.fullmatch(name):
        raise RecipientsError(f"no encoding is called {name[:40]!r}. {_TRY}")
    try:
        known = codecs.lookup(name).name
    except LookupError as exc:
        raise RecipientsError(f"no encoding is called {name!r}. {_TRY}") from exc
    if known not in ENCODINGS:
        raise RecipientsError(f"{name!r} is no encoding that a file of text is saved in. {_TRY}")
    return known


_TRY = "Try utf-8, cp1252 or latin-1."
