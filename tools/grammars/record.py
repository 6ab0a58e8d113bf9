"""What each shipped grammar was last compiled from: packages, code, and the digest that came out.

A compile takes minutes, so the suite does not repeat it: it asks whether anything that a compile depends on has changed
since `python -m tools.grammars.compile --check LANG` last found what ships, and fails with that command when it has.
"""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path
from typing import Final

from campaign.speech.nemo.shipped import shipped_digests

CHECKOUT: Final = Path(__file__).resolve().parents[2]
RECORD: Final = Path(__file__).with_name("record.json")
PACKAGES: Final = ("nemo-text-processing", "pynini")
CODE: Final = (
    "tools/grammars/compile.py",
    "campaign/speech/nemo/shipped.py",
    "campaign/speech/nemo/transducer.py",
)
"""What turns NeMo's grammars into the columns that ship."""


def inputs_of(language: str, *, checkout: Path = CHECKOUT) -> dict[str, str]:
    """What a compile of this language depends on here and now, and what it has to give."""
    files = {path: hashlib.sha256((checkout / path).read_bytes()).hexdigest() for path in CODE}
    return {name: version(name) for name in PACKAGES} | files | {"sha256": shipped_digests()[language]}


def recorded() -> dict[str, dict[str, str]]:
    """By language, what the last compile that gave what ships depended on."""
    record: dict[str, dict[str, str]] = json.loads(RECORD.read_text(encoding="utf-8"))
    return record


def write(language: str) -> None:
    """Record that a compile here and now gave what ships."""
    record = (recorded() if RECORD.exists() else {}) | {language: inputs_of(language)}
    RECORD.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")
