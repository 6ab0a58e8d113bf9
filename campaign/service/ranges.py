"""A part of a file, as players ask for it (RFC 9110, section 14): without it a browser cannot seek in a sound.

One range is answered as asked; several at once, and what is no range of bytes, are answered with the whole file, as the
RFC allows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from fastapi import Response

from campaign.service.problems import response

_RANGE = re.compile(r"bytes=(?:(?P<first>[0-9]{1,18})-(?P<last>[0-9]{0,18})|-(?P<ending>[0-9]{1,18}))")


def part_of(
    request_headers: Mapping[str, str],
    data: bytes,
    *,
    kind: str,
    etag: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The file, or the part that the request's headers (`request_headers`, lower-case names) name: 200, 206 or 416.

    `etag` is strong, without quotes. A part of another version (`If-Range`) is never mixed in: then all of it is sent.
    """
    sent = {"ETag": f'"{etag}"', "Accept-Ranges": "bytes", **(headers or {})}
    match = _RANGE.fullmatch(request_headers.get("range", "").strip())
    if match is None or request_headers.get("if-range", sent["ETag"]) != sent["ETag"]:
        return Response(data, media_type=kind, headers=sent)
    if match["ending"] is not None:
        first, last = max(0, len(data) - int(match["ending"])), len(data) - 1
    else:
        first, last = int(match["first"]), int(match["last"] or len(data) - 1)
        if match["last"] and last < first:  # no range at all
            return Response(data, media_type=kind, headers=sent)
    if first >= len(data):
        detail = f"the file has {len(data):,} bytes. Ask for a part of them."
        return response(416, detail, headers=sent | {"Content-Range": f"bytes */{len(data)}"})
    last = min(last, len(data) - 1)
    sent["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
    return Response(data[first : last + 1], 206, media_type=kind, headers=sent)
