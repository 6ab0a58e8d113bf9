"""What was heard in a campaign's files, counted: no word of it leaves the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from storage.history.delivery import DeliveredRow
from storage.lock import LockedListening
from storage.queue.held import HELD_CODES
from storage.tables import RowStatus


@dataclass(slots=True, kw_only=True)
class HeardFiles:
    """Takes each row once."""

    by_verdict: Counter[str] = field(default_factory=Counter)
    held: int = 0
    by_further_take: int = 0
    values: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    """Language to kind to how many were heard, of how many."""

    def add(self, row: DeliveredRow) -> None:
        """One more row; whoever was erased or gets nothing has no file."""
        self.held += row.status == RowStatus.FAILED and row.code in HELD_CODES
        if row.listening is None:
            return
        self.by_verdict[row.listening.verdict] += 1
        self.by_further_take += row.listening.take > 0 and row.listening.verdict == "heard"
        of_language = self.values.setdefault(row.language, {})
        for kind, (heard, said) in row.listening.values.items():
            counts = of_language.setdefault(kind, [0, 0])
            counts[0] += heard
            counts[1] += said


def heard_document(
    listening: LockedListening, heard: HeardFiles, sentences: tuple[int, int]
) -> dict[str, Any]:
    """The part of `report.json`."""
    counts = [count for kinds in heard.values.values() for count in kinds.values()]
    return {
        "recogniser": listening.recogniser,
        **_line_document(listening),
        "share": listening.share,
        "files": {
            "listened_to": heard.by_verdict.total(),
            "heard": heard.by_verdict["heard"],
            "misheard": heard.by_verdict["misheard"],
            "not_judged": heard.by_verdict["not-judged"],
            "held": heard.held,
            "by_further_take": heard.by_further_take,
        },
        "values": {
            "heard": sum(count[0] for count in counts),
            "said": sum(count[1] for count in counts),
            "by_language": {
                language: {kind: {"heard": one[0], "said": one[1]} for kind, one in sorted(kinds.items())}
                for language, kinds in sorted(heard.values.items())
            },
        },
        "sentences": {"heard": sentences[0], "distinct": sentences[1]},
    }


def _line_document(listening: LockedListening) -> dict[str, Any]:
    """Over which line, and who heard beside the first; nothing where files were heard as they are."""
    line, second = listening.line, listening.second
    if line is None:
        return {}
    told = {"name": line.name, "snr_db": line.snr_db, "packet_loss": line.packet_loss, "told": line.told}
    if second is None:
        return {"line": told}
    return {"line": told, "second": {"recogniser": second.recogniser, "languages": list(second.languages)}}


def heard_counts(document: Mapping[str, Any]) -> str:
    """Its counts in a line."""
    values, files = document["values"], document["files"]
    line = f" {document['line']['told']}" if "line" in document else ""
    counts = (
        f"{files['listened_to']:,} files listened to{line}, "
        f"{values['heard']:,} of {values['said']:,} values heard"
    )
    again = files.get("by_further_take", 0)
    return f"{counts}, {again:,} files by a further take" if again else counts


def ears(held: int) -> str:
    """How many files wait for a person."""
    if not held:
        return "no file for your ears"
    return "1 file for your ears" if held == 1 else f"{held:,} files for your ears"
