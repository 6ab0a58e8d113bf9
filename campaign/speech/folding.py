"""Words as they are compared."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """For comparing: compatibility forms, case and runs of white space do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
