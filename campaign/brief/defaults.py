"""What an installation's briefs have in common: `[defaults]` of `settings.toml`, under every brief.

A brief stands over the defaults and these over what is built in, key by key, in `finish` and `disclosure` too. The
campaign keeps the outcome: its brief is whole in itself, whatever becomes of the settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from pydantic import JsonValue

from campaign.brief.table import BriefTable
from campaign.errors import BriefError
from campaign.speech.lexicon.files import ENDINGS
from workers.strict import read

WHERE: Final = "settings.toml, [defaults]"
KEYS: Final = frozenset(
    (
        *("purpose", "languages", "territories", "id_column", "locale_column", "preset", "model", "lexicons"),
        *(
            "duplicates",
            "on_error",
            "error_budget",
            "leftover",
            "unmatched_lists",
            "finish",
            "disclosure",
            "listen",
        ),
    )
)
"""What may be the same for every brief; what a message says, to whom and in which columns never is."""
_TABLES: Final = frozenset({"finish", "disclosure", "listen"})


def checked_defaults(defaults: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    """The defaults, if they are keys of a brief; raises `BriefError` naming settings.toml and the key."""
    own = sorted(defaults.keys() & BriefTable.model_fields.keys() - KEYS)
    if own:
        raise BriefError(
            f"{WHERE}: {', '.join(own)} belongs to one brief. Write it there; here stand {', '.join(sorted(KEYS))}."
        )
    table = read(BriefTable, dict(defaults), where=WHERE, error=BriefError)
    files = [label for label in table.lexicons if label.lower().endswith(ENDINGS)]
    if files:
        raise BriefError(
            f"{WHERE}: lexicons names the file {files[0]}. Register it, campaign lexicon add {files[0]}, and name "
            "it as name@version."
        )
    return defaults


def over_defaults(
    table: Mapping[str, JsonValue], defaults: Mapping[str, JsonValue]
) -> tuple[dict[str, JsonValue], tuple[str, ...]]:
    """A brief's table over the defaults, and which keys are theirs: `preset`, `finish.codec`."""
    merged: dict[str, JsonValue] = dict(table)
    theirs: list[str] = []
    for key, value in checked_defaults(defaults).items():
        if key not in table:
            merged[key] = value
            theirs.append(key)
        elif key in _TABLES and isinstance(value, dict) and isinstance(table[key], dict):
            said = cast("dict[str, JsonValue]", table[key])
            merged[key] = {**value, **said}
            theirs += [f"{key}.{inner}" for inner in value if inner not in said]
    return merged, tuple(theirs)
