"""Which encoding a file is in: certain from its first bytes, or guessed, and then never used without being asked for.

UTF-8 proves itself: other text is hardly ever valid UTF-8 by chance. Of the others nothing proves itself; a guess is
shown with words of the file, so that a person sees whether they are right.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from campaign.errors import EncodingError, RecipientsError
from campaign.recipients.encodings import UTF_8
from workers.printable import printable

_MARKS = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks, the longer ones first."""
_LIKELY = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "cp1255", "cp1256", "cp932", "gb18030", "cp949",
    "big5", "euc_jp", "koi8-r", "cp874", "mac-roman", "cp850", "cp866",
)  # fmt: skip
"""What lists are saved in where it is not UTF-8, the likeliest first."""
_OF_MANY_BYTES = frozenset({"cp932", "gb18030", "cp949", "big5", "euc_jp", "johab", "gbk", "big5hkscs"})
"""Among these the detector's own order counts: each reads the others' text as letters."""
_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA"})
_STRANGE_SIGNS = {
    "So": 1.0,
    "Sm": 1.0,
    "Sk": 1.0,
    "No": 1.0,
    "Cc": 2.0,
    "Cn": 2.0,
    "Co": 2.0,
    "Po": 0.3,
    "Sc": 0.4,
}
"""What is hardly written within names, by its category; quotation marks and dashes are."""
_CAPITAL_WITHIN = re.compile(r"[xu]U|uX|[Xx]U(?=[xu])")
"""A capital after a small letter, one of both not in ASCII; a capital with a sign between a letter and a small one."""
_HARDLY_WRITTEN = frozenset("ƒªº¸")
WORDS_SHOWN = 3
SAMPLED_LINES = 200
SAMPLED_WORDS = 400
WORD_BYTES = 60
_CELL = re.compile(rb"[^,;\t|\"\r\n\x00]*[\x80-\xff][^,;\t|\"\r\n\x00]*")
_UTF_8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """An encoding that a file may be in, with words of the file as they would be."""

    encoding: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.encoding}: {', '.join(map(printable, self.words))}"


def certain_encoding(block: bytes) -> str | None:
    """What the first bytes of a text prove: its mark, or the zeros of UTF-16; None where they prove nothing."""
    for mark, encoding in _MARKS:
        if block.startswith(mark):
            return encoding
    even, odd = block[0:4096:2].count(0), block[1:4096:2].count(0)
    half = max(1, min(len(block), 4096) // 2)
    if odd > half * 0.5 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.5 and odd < half * 0.1:
        return "utf-16-be"
    return None


def refuse_mark_of_another(label: str, encoding: str, block: bytes) -> None:
    """Raise `RecipientsError` where a file begins as no file of a named encoding does."""
    certain = certain_encoding(block)
    if certain is None:
        return
    other_end = (
        "-be" if block.startswith(codecs.BOM_UTF16_LE) else "-le"
    )  # UTF-32 begins as UTF-16 does, there
    is_turned = certain in ("utf-16", "utf-32") and encoding.endswith(other_end)
    if _family(encoding) == _family(certain) and not is_turned:
        return
    name = certain.removesuffix("-sig").upper()
    raise RecipientsError(
        f"{label} begins as {name} does, and --encoding says {encoding}. Leave --encoding out."
    )


def _family(encoding: str) -> str:
    """`utf-16` of `utf-16-le`, `utf-8` of `utf-8-sig`; other names as they are."""
    return "-".join(encoding.split("-")[:2])


def not_whole(label: str, encoding: str) -> EncodingError:
    """The error for a file that begins with the mark of its encoding and does not keep to it."""
    name = encoding.removesuffix("-sig").upper()
    return EncodingError(
        f"{label} begins as {name} does and holds other bytes further on, as when two files were put together or the "
        "end is missing. Save it again as UTF-8.",
        guess=None,
    )


def has_mark(block: bytes) -> bool:
    """Whether a text begins with a byte order mark."""
    return block.startswith(tuple(mark for mark, _ in _MARKS))


class Utf8Witness:
    """Looks on while a text is read in another encoding: whether all of it is UTF-8, and other than ASCII."""

    def __init__(self) -> None:
        self._decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
        self._example = b""

    def see(self, block: bytes) -> None:
        """The next bytes."""
        if self._decoder is None:
            return
        try:
            self._decoder.decode(block)
        except UnicodeDecodeError:
            self._decoder = None
            return
        if not self._example and not block.isascii():
            self._example = next(iter(_CELL.findall(block)), b"")[:WORD_BYTES]

    @property
    def is_sure(self) -> bool:
        """Whether nothing else is likely."""
        return self._decoder is not None and bool(self._example)

    def shown(self, encoding: str) -> str:
        """What becomes of a word in `encoding`."""
        right, wrong = (self._example.decode(name, "replace").strip() for name in ("utf-8", encoding))
        return f"{printable(right)} would become {printable(wrong)}"


def not_decoded(label: str, encoding: str, lines: Iterable[bytes]) -> EncodingError:
    """The error for a file that is not of its encoding, with what it may be.

    `lines` are its first ones that hold such bytes.
    """
    sampled = list(lines)
    words = list(dict.fromkeys(cell.strip()[:WORD_BYTES] for line in sampled for cell in _CELL.findall(line)))
    guesses = guessed([word for word in words if not _is_utf_8(word)][:SAMPLED_WORDS])
    name = encoding.removesuffix("-sig").upper()
    if any(map(_is_utf_8, words)) and encoding == UTF_8:
        mixed = "Some of its lines are UTF-8 and some are not, as when two files were put together: "
    else:
        mixed = ""
    if not guesses:
        return EncodingError(
            f"{label} is not {name}. {mixed}Save it as UTF-8, or name its encoding with --encoding.",
            guess=None,
        )
    shown = " Or ".join(f"{guess}." for guess in guesses)
    first = guesses[0].encoding
    return EncodingError(
        f"{label} is not {name}. {mixed}It may be {shown} If {'these are' if len(guesses) == 1 else 'the first are'} "
        f"right, say --encoding {first}; or save the file as UTF-8.",
        guess=None if mixed else first,
        words=guesses[0].words,
    )


def guessed(words: Sequence[bytes]) -> list[Guess]:
    """The likeliest encodings of words that are not UTF-8: the best, and the next that reads them otherwise."""
    from charset_normalizer import from_bytes

    if not words:
        return []
    found = [_named(match.encoding) for match in from_bytes(b"\n".join(words))]
    ranked: list[tuple[float, int, Guess]] = []
    for place, encoding in enumerate(_LIKELY):
        try:
            decoded = [word.decode(encoding) for word in words]
        except UnicodeDecodeError:
            continue
        known = found.index(encoding) if encoding in found else len(found) + place
        alike = 100 + known if encoding in _OF_MANY_BYTES else place
        shown = tuple(word.strip() for word in decoded[:WORDS_SHOWN])
        ranked.append((_strangeness(decoded), alike, Guess(encoding=encoding, words=shown)))
    ranked.sort(key=lambda item: item[:2])
    best = [guess for _, _, guess in ranked[:1]]
    others = (guess for strange, _, guess in ranked[1:] if guess.words != best[0].words and strange < 1)
    return [*best, *list(others)[:1]]


def _named(encoding: str) -> str:
    return codecs.lookup(encoding).name


def _strangeness(words: Sequence[str]) -> float:
    """0 for words as people write them; more for signs, mixed scripts and capitals within words. A share of words."""
    return sum(map(_is_strange, words)) / len(words)


def _is_strange(word: str) -> float:
    letters = [sign for sign in word if sign.isalpha()]
    foreign = [sign for sign in word if not sign.isascii()]
    scripts = {unicodedata.name(sign, "?").partition(" ")[0] for sign in foreign if sign.isalpha()}
    strange = sum(_STRANGE_SIGNS.get(unicodedata.category(sign), 0.0) for sign in foreign)
    strange += 0.5 * sum(sign in _HARDLY_WRITTEN for sign in foreign) + ("HALFWIDTH" in scripts)
    strange += unicodedata.category(word[:1] or "x").startswith("M")
    strange += len(_CAPITAL_WITHIN.findall("".join(map(_shape, word))))
    if scripts == {"LATIN"} and len(letters) > 2 and sum(map(str.isascii, letters)) < len(letters) * 0.3:
        strange += 1  # letters with signs on them, and few without: another script
    scripts |= {"LATIN"} if any(sign.isascii() for sign in letters) else set()
    kinds = len(scripts - {*_EAST_ASIAN, "LATIN"}) + bool(scripts & _EAST_ASIAN)
    return min(2.0, strange + (0.5 if kinds + ("LATIN" in scripts) > 1 else 0))


def _shape(sign: str) -> str:
    """`x` and `X` for ASCII letters, `u` and `U` for others, a blank for everything else."""
    if not sign.isalpha():
        return " "
    small, large = ("x", "X") if sign.isascii() else ("u", "U")
    return large if sign.isupper() else small


def _is_utf_8(text: bytes) -> bool:
    """Whether it holds other than ASCII, all of it UTF-8."""
    return not text.isascii() and _UTF_8_SEQUENCE.sub(b"", text).isascii()
