"""Forms that servers of these tests are sent."""

from __future__ import annotations

import email.parser
import email.policy


def form_of(content_type: str, body: bytes) -> tuple[dict[str, str], dict[str, bytes]]:
    """(fields, files by file name) of multipart/form-data."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for part in message.iter_parts():
        data = part.get_payload(decode=True)
        assert isinstance(data, bytes)
        if name := part.get_filename():
            files[name] = data
        else:
            fields[str(part.get_param("name", header="content-disposition"))] = data.decode()
    return fields, files
