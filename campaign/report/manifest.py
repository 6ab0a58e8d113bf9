"""The manifest: one JSON line a recipient, with ids and keyed hashes only.

Each line ends with a `leaf`: sha256 over the row's secret salt and the line without it. The hash tree over the
leaves (`root` in report.json) proves the whole list while no leaf can be guessed from a name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from storage.canonical import canonical_json
from storage.history.delivery import DeliveredRow, ListenedTo
from storage.keys import caption_key


def manifest_line(row: DeliveredRow, *, url: str | None) -> dict[str, Any]:
    """One recipient's line. `url` is relative to the manifest, or absolute below a CDN.

    When it may be sent is there where the recipients file said so, its captions where the brief asked for them, and
    what was heard where somebody listens to files of the campaign: the verdict, how many of the values were heard, and
    the predicted opinion where it was rated, and how much the voice is its preset's where that has a print.
    Of an erased row only the leaf is left, that of its last line: the tree over all leaves is the same as before.
    """
    if row.tombstone_leaf is not None:
        return {"row": row.row, "status": row.status, "leaf": row.tombstone_leaf}
    line = {
        "recipient": row.recipient_hmac,
        "row": row.row,
        "status": row.status,
        "url": url,
        "sha256": row.sha256,
        "duration_s": None if row.duration_s is None else round(row.duration_s, 3),
        "codec": row.codec,
        "version": row.version,
        "pins": None if row.pin_id is None else {"model": row.pin_id, "preset": row.preset},
        "error": None if row.code is None or row.status == "stored" else row.code,
        "locale": row.locale,
        "runs": list(row.run_ids),
    }
    if row.caption_keys and url is not None:
        line["captions"] = {form: caption_key(url, form) for form in row.captions}
    window = {"not_before": row.not_before, "not_after": row.not_after, "timezone": row.timezone}
    line |= {name: value for name, value in window.items() if value is not None}
    if row.is_of_listening:
        line["listening"] = None if row.listening is None else _heard(row.listening)
    line["leaf"] = hashlib.sha256(row.salt + canonical_json(line).encode()).hexdigest()
    return line


def _heard(listening: ListenedTo) -> dict[str, Any]:
    line: dict[str, Any] = {"verdict": listening.verdict, "values": list(listening.all_values)}
    where_told = {"take": listening.take or None, "opinion": listening.opinion, "line": listening.line}
    if listening.voice is not None:
        line["likeness"] = listening.voice.likeness
    return line | {name: value for name, value in where_told.items() if value is not None}


def relative_url(row: DeliveredRow, campaign_prefix: str) -> str | None:
    """Where the file lies, seen from the manifest beside it."""
    return None if row.object_key is None else row.object_key.removeprefix(campaign_prefix)


class HashTree:
    """A Merkle tree's root over leaves that come one by one: memory is the logarithm of their number.

    Pairs are hashed left to right; an odd one moves up as it is. Leaves and nodes have prefixes of their own
    (RFC 6962), so that a node can never pass for a leaf.
    """

    def __init__(self) -> None:
        self._levels: list[bytes | None] = []

    def add(self, leaf_hex: str) -> None:
        """The next leaf."""
        node = hashlib.sha256(b"\x00" + bytes.fromhex(leaf_hex)).digest()
        for level, held in enumerate(self._levels):
            if held is None:
                self._levels[level] = node
                return
            node = hashlib.sha256(b"\x01" + held + node).digest()
            self._levels[level] = None
        self._levels.append(node)

    def root(self) -> str:
        """sha256 hex over all leaves so far; of nothing when there are none."""
        node: bytes | None = None
        for held in self._levels:
            if held is not None:
                node = held if node is None else hashlib.sha256(b"\x01" + held + node).digest()
        return (node or hashlib.sha256(b"").digest()).hex()


def root_of(leaves: Iterable[str]) -> str:
    """The root over a list of leaves."""
    tree = HashTree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()
