"""How much a request may bring, known from its path before a byte is read, and held while the bytes come.

JSON is held in shape too: what a parser makes of many small things costs a hundred times their bytes. A file in a
string is one thing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from campaign.service.problems import ProblemError
from workers.digits import are_digits, whole_number

UPLOAD = re.compile(r"/v1/(campaigns/[^/]+/(recipients|suppression|amend)|checks)")
SOUND = re.compile(r"/internal/sound/([^/]+)/([^/]+)")
VOICE = re.compile(r"/v1/presets")
LEXICON = re.compile(r"/v1/lexicons/[^/]+")
LISTENING = re.compile(r"/listen/.*", re.DOTALL)
LOGIN = re.compile(r"/log(in|out)")
JSON_BYTES = 1 << 20
VOICE_BYTES = 20 << 20
LEXICON_BYTES = 8 << 20
SOUND_BYTES = 64 << 20
SCORE_BYTES = 4 << 10
LOGIN_BYTES = 4 << 10
JSON_DEPTH = 32
JSON_SIGNS = 25_000
"""Brackets, commas, colons and strings of one document: 10,000 opt-outs have 20,000."""
HELD_BYTES = 64 << 20
"""Of all JSON documents that are being read at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyRule:
    """What one kind of request may bring."""

    limit_bytes: int
    is_json: bool = True


JSON = BodyRule(limit_bytes=JSON_BYTES)
RULES: Mapping[re.Pattern[str], BodyRule] = {
    SOUND: BodyRule(limit_bytes=SOUND_BYTES, is_json=False),
    LOGIN: BodyRule(limit_bytes=LOGIN_BYTES, is_json=False),
    VOICE: BodyRule(limit_bytes=VOICE_BYTES),
    LEXICON: BodyRule(limit_bytes=LEXICON_BYTES),
    LISTENING: BodyRule(limit_bytes=SCORE_BYTES),
}


class TooLargeError(HTTPException):
    """A body grew over what its path may bring. An `HTTPException`: FastAPI makes a 400 of others while it reads."""

    def __init__(self, detail: str) -> None:
        super().__init__(413, detail)

    def __str__(self) -> str:
        """What is wrong, with the mend."""
        return self.detail


def rule_of(path: str, *, upload_bytes: int) -> BodyRule:
    """What a request to `path` may bring."""
    if UPLOAD.fullmatch(path):
        return BodyRule(limit_bytes=upload_bytes, is_json=False)
    return next((rule for pattern, rule in RULES.items() if pattern.fullmatch(path)), JSON)


def announced_bytes(headers: Headers, rule: BodyRule) -> int:
    """How long the body will be at most, by the head alone; raises `ProblemError` for one that is not taken."""
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise ProblemError(415, "the body is compressed. Send it as it is, without Content-Encoding.")
    if headers.get("content-type", "").strip().lower().startswith("multipart/"):
        raise ProblemError(
            415, "the body is a form, and its parts would be read as rows. Send the file alone."
        )
    if "transfer-encoding" in headers:
        if "content-length" in headers:  # a proxy may see another end of the body than we do
            raise ProblemError(
                400, "the body has a Content-Length and a Transfer-Encoding. Send one of them."
            )
        return rule.limit_bytes
    length = headers.get("content-length", "0")
    if not are_digits(length):
        raise ProblemError(
            400, "the Content-Length is not a whole number. Send the size of the body in bytes."
        )
    size = whole_number(length)
    if size is None or size > rule.limit_bytes:
        raise ProblemError(413, _over(rule))
    return size


def bounded(receive: Receive, rule: BodyRule) -> Receive:
    """Receives what the rule allows; raises `TooLargeError` for a byte more, or JSON out of shape."""
    received = 0
    shape = JsonShape() if rule.is_json else None

    async def receiving() -> Message:
        nonlocal received
        message = await receive()
        body = message.get("body", b"")
        received += len(body)
        if received > rule.limit_bytes:
            raise TooLargeError(_over(rule))
        if shape is not None:
            shape.read(body)
        return message

    return receiving


class JsonShape:
    """Counts what a JSON document is made of, piece by piece as it comes, without reading what it says."""

    _STRING = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)
    _SIGN = re.compile(rb'["\[\]{},:]')

    def __init__(self) -> None:
        self._signs = 0
        self._depth = 0
        self._is_in_string = False
        self._is_escaped = False

    def read(self, piece: bytes) -> None:
        """The next bytes; raises `TooLargeError` when there is too much of it."""
        if b"\0" in piece:  # in UTF-16 and UTF-32, where signs are counted wrongly
            raise HTTPException(400, "the JSON is not UTF-8. Send it in UTF-8.")
        at = 0
        while at < len(piece):
            at = self._string(piece, at) if self._is_in_string else self._structure(piece, at)

    def _string(self, piece: bytes, at: int) -> int:
        """Where the string ends, or the piece."""
        if self._is_escaped:
            self._is_escaped = False
            return at + 1
        match = self._STRING.match(piece, at)
        end = match.end() if match else at
        if end < len(piece):
            self._is_in_string = piece[end] != ord('"')
            self._is_escaped = self._is_in_string  # a backslash that ends the piece
        return end + 1

    def _structure(self, piece: bytes, at: int) -> int:
        """Behind the next sign."""
        match = self._SIGN.search(piece, at)
        if match is None:
            return len(piece)
        sign = match[0]
        self._signs += 1
        if sign == b'"':
            self._is_in_string = True
        elif sign in b"[{":
            self._depth += 1
        elif sign in b"]}":
            self._depth -= 1
        if self._signs > JSON_SIGNS:
            raise TooLargeError(f"the JSON has over {JSON_SIGNS:,} values. Send less at once.")
        if self._depth > JSON_DEPTH:
            raise TooLargeError(f"the JSON is over {JSON_DEPTH} levels deep. Send it flatter.")
        return match.end()


def _over(rule: BodyRule) -> str:
    return f"the body is over {rule.limit_bytes:,} bytes. Send less at once."
