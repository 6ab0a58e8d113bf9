"""What happens to any text between two programs: entities, a wrong encoding, line ends, apostrophes of spreadsheets.

    cleaned("Ann &amp; Bo\\r\\n") -> Cleaned("Ann & Bo", ("entities", "line-break"))

Mended where there is one reading; `refuse_damaged` says what is left that has none. Text without damage stays as it is,
character for character, but for blanks at its ends and runs of them.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache, partial
from typing import Final, NamedTuple

from campaign.speech.guard import INVISIBLE
from campaign.speech.typed import UnreadableValueError

ENTITIES: Final = "entities"
MOJIBAKE: Final = "mojibake"
LINE_BREAK: Final = "line-break"
UNSEEN: Final = "unseen-marks"
QUOTED: Final = "escaped-apostrophe"


class Cleaned(NamedTuple):
    """A text after cleaning."""

    text: str
    changes: tuple[str, ...]
    """What was done to it, a word each: `entities`, `mojibake`, `line-break`, `unseen-marks`, `escaped-apostrophe`."""


_BREAKS: Final = "\t\n\x0b\x0c\r\x85\u2028\u2029"
_WHITE: Final = _BREAKS + " \u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_BLANKS: Final = re.compile(f"[{_WHITE}]+")
_DOUBLED: Final = re.compile(r"(?<=[^\W\d_])(?:''|\\+')(?=[^\W\d_])")
"""`O''Neil`, `O\\'Neil`: an apostrophe as it is written within a statement of SQL or a string."""
_ESCAPED: Final = re.compile(
    r"%[C-Fc-f][0-9A-Fa-f]%[89ABab][0-9A-Fa-f]|(?<=\w)%20(?=\w)|=\?[\w-]+\?[QqBb]\?|=[C-F][0-9A-F]=[89AB][0-9A-F]"
    r"|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}"
)
"""A letter as addresses, mails and programs write it: `Jos%C3%A9`, `Jos=C3=A9`, `Jos\\u00e9`."""
_WORD_END: Final = re.compile(r"(?<=[^\W\d_])\u200b(?=[^\W\d_])")
"""A zero-width space: between letters it parts two words, elsewhere it is dropped as what nobody sees."""
_BREAK: Final = re.compile(f"[{_BREAKS}]")
_NEXT_LINE: Final = re.compile("(?<![^\x00-\x7f])\x85")
"""A line end of mainframes, where it is not the second half of a letter in UTF-8."""
_UNSEEN: Final = "\x1f\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
"""Around a value: marks of direction, as address books put there, and what exports put before figures for Excel."""
_OPEN_ENTITY: Final = re.compile(r"&(amp|quot|apos|nbsp|lt|gt|#0?39)(?![\w;=])", re.I)
_SURELY_AN_ENTITY: Final = re.compile(r"&(?:[a-z][a-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
"""`&Spencer;` is a firm and a semicolon."""
_TAG: Final = re.compile(
    r"</?(?:a|abbr|article|b|big|blockquote|body|br|button|center|cite|code|dd|div|dl|dt|em|font|footer|form|h[1-6]|head"
    r"|header|hr|html|i|iframe|img|input|label|li|link|meta|nav|o:p|ol|option|p|pre|s|script|section|select|small|span"
    r"|strike|strong|style|sub|sup|table|tbody|td|textarea|tfoot|th|thead|title|tr|tt|u|ul|video|wbr)"
    r"(?:\s[^<>]*)?/?>|<!--|<!\[CDATA\[|<!doctype\b",
    re.I,
)


def cleaned(text: str) -> Cleaned:
    """`text` with what is certain mended, and what that was. Never raises; `refuse_damaged` does."""
    if (
        text.isascii()
        and text.isprintable()
        and "&" not in text
        and "  " not in text
        and not _DOUBLED.search(text)
    ):
        return Cleaned(text.strip(), ())
    changes: dict[str, None] = {}
    for _ in range(_MOST_ROUNDS):
        before, text = text, _once(text, changes)
        if text == before:
            break
    return Cleaned(text, tuple(changes))


_MOST_ROUNDS: Final = 8
"""One for each program that a text went through, `&amp;amp;eacute;`, and for what shows when another thing is mended:
`&Atilde;&frac14;`."""


def _once(text: str, changes: dict[str, None]) -> str:
    decoded = _NEXT_LINE.sub("\n", _without_entities(text))
    if "&" in text and decoded != text:
        changes[ENTITIES] = None
    mended = _as_it_was_encoded(decoded)
    if mended != decoded:
        changes[MOJIBAKE] = None
    single = _DOUBLED.sub("'", mended)
    if single != mended:
        changes[QUOTED] = None
    mended = single
    parted = _WORD_END.sub(" ", mended)
    seen = INVISIBLE.sub("", parted).strip(_WHITE)
    bare = seen.strip(_UNSEEN + _WHITE)
    if bare != seen or parted != mended:
        changes[UNSEEN] = None
    if _BREAK.search(bare):  # at the ends there is nothing to part
        changes[LINE_BREAK] = None
    return _BLANKS.sub(" ", bare)


def _without_entities(text: str) -> str:
    if "&" not in text:
        return text
    from ftfy.fixes import unescape_html

    return unescape_html(_OPEN_ENTITY.sub(r"&\1;", text))


def _as_it_was_encoded(text: str) -> str:
    """UTF-8 that was read as something else, read as UTF-8; ftfy does so only where the text is bad and gets good."""
    return text if not _TWO_STRANGE.search(text) or "\ufffd" in text else _read_anew(text)


@lru_cache(maxsize=2048)
def _read_anew(text: str) -> str:
    from ftfy import TextFixerConfig, fix_encoding
    from ftfy.badness import is_bad

    fixed = fix_encoding(text, TextFixerConfig(replace_lossy_sequences=False, explain=False))
    return text if "\ufffd" in fixed or is_bad(fixed) else fixed


_TWO_STRANGE: Final = re.compile("[^\x00-\x7f]{2}|[ÂÃÅÐÑâàð] |[\x80-\x9f]")
"""What UTF-8 writes in two bytes or more is never a single strange character, whatever it was read as."""


def refuse_damaged(text: str) -> None:
    """Raises `UnreadableValueError` for what a cleaned text still holds and nobody can mend for certain."""
    if "<" in text and (match := _TAG.search(text)):
        raise UnreadableValueError(
            "html-tag",
            f"{match[0][:40]!r} is markup of a web page",
            "export the plain text, or remove the markup",
        )
    if "&" in text and (match := _SURELY_AN_ENTITY.search(text)):
        raise UnreadableValueError(
            "unknown-entity",
            f"{match[0]!r} looks like an entity of HTML and is none",
            "write the character itself, or a blank after the &",
        )
    if match := _ESCAPED.search(text):
        raise UnreadableValueError(
            "escaped-text",
            f"{match[0]!r} in {text[:60]!r} is a letter as an address, a mail or a program writes it",
            "export the plain text as UTF-8, or correct the cell",
        )
    if text.isascii():
        return
    if "\ufffd" in text:
        raise UnreadableValueError(
            MOJIBAKE,
            f"a character was lost in {text[:60]!r}: the file was read in another encoding than it was written in",
            "export it again as UTF-8, or correct the cell",
        )
    if guess := _misread(text):
        raise UnreadableValueError(
            MOJIBAKE,
            f"{text[:60]!r} looks like {guess}",
            "export it again as UTF-8 and leave --encoding out, or correct the cell",
        )


_CODE_PAGES: Final = ("cp1252", "cp1250", "cp1254", "cp1257", "mac_roman", "cp437", "cp850")
_STRANGE: Final = re.compile("[^\x00-\x7f]{2}|[ÃÂÅÐÑ√├ŽŸ‡ˆ\x80-\x9f]")
"""Without one of these nothing was misread."""
_RUN: Final = re.compile(r"[^\x00-\x7f‘’“”…–—«»]{2,3}(?=[a-z])|(?<=[a-z])[^\x00-\x7f‘’“”…–—«»]{2,3}")
"""Beside a small letter, what may be one letter in UTF-8."""
_HALF: Final = re.compile(
    r"[a-z](?:[ÃÂÅÐÑ](?![A-ZÀ-ÖØ-Þ’'])|√|├)|(?<![^\W\d_])[ÃÂ](?=[a-z])|Ã[…–—“”‘„†‡ˆ‰‹•˜™š›œž](?=[a-z])"
    r"|â€|Ã[¢ƒ‚]|Â[£§°«»©®]|ï¿½|ï»¿"
)
"""Of a character that UTF-8 writes in two: `GarcÃa`, `â€`."""
_OLD_MAC: Final = re.compile(r"[A-Za-z][ŽŸ‡ˆ](?=[a-z])|[a-z][ŽŸ](?![^\W\d_])")
"""A letter of Mac OS Roman, read as cp1252: `JosŽ`, `MŸller`."""


def _misread(text: str) -> str:
    """What a text seems to have been before it was read in another encoding; empty where nothing speaks for it."""
    if not _STRANGE.search(text):
        return ""
    for page in _CODE_PAGES:
        original = _RUN.sub(partial(_one_letter, page), text)
        if original != text:
            return f"{original[:60]!r}, UTF-8 that was read as {page}"
    if _OLD_MAC.search(text):
        original = _OLD_MAC.sub(lambda match: match[0].encode("cp1252").decode("mac_roman"), text)
        return f"{original[:60]!r}, Mac OS Roman that was read as cp1252"
    if _HALF.search(text) or _is_bad(text):
        return "UTF-8 that was read as another encoding, cp1252 say, and has lost a part"
    return ""


def _one_letter(page: str, run: re.Match[str]) -> str:
    """The Latin letter that is written so in UTF-8 and read so in that code page; else the run itself."""
    try:
        letter = run[0].encode(page).decode("utf-8")
    except UnicodeError:
        return run[0]
    is_latin = letter.isalpha() and unicodedata.name(letter, "").startswith("LATIN")
    return letter if is_latin else run[0]


@lru_cache(maxsize=2048)
def _is_bad(text: str) -> bool:
    from ftfy.badness import is_bad

    return bool(is_bad(text))


_LOST_PART: Final = re.compile(r"(?<!\S)(?:null|undefined|NaN)(?!\S)")
_LOST_LETTER: Final = re.compile(r"(?<=[^\W\d_])(?:\?(?=[^\W\d_])|[÷¹²³ⁿ¸‰†‡ˆ¬¦¤¶±¿¡√∞≠≤≥½¼¾](?=[a-z]))")
"""`Fran?ois`, `M³ller`, `Bj÷rn`: in the middle of a word."""


def refuse_damaged_name(text: str) -> None:
    """Raises `UnreadableValueError` for a name in which a sign stands where a letter was, or `null` for a part."""
    if match := _LOST_PART.search(text):
        raise UnreadableValueError(
            "lost-part",
            f"{match[0]!r} in {text[:60]!r} is what a program writes for a part of a name that it does not have",
            "correct the cell",
        )
    if match := _LOST_LETTER.search(text):
        raise UnreadableValueError(
            "lost-letter",
            f"in {text[:60]!r} the sign {match[0]} stands where a letter was before the encoding was changed",
            "export it again as UTF-8, or correct the cell",
        )
