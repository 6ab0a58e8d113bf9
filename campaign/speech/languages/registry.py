"""Every language's room by its code, loaded when it is first asked for."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import Final

from campaign.speech import languages
from campaign.speech.languages.record import Language
from campaign.speech.typed import UnreadableValueError


@cache
def codes() -> frozenset[str]:
    """Languages that have a room: those whose values can be read aloud."""
    return frozenset(module.name for module in pkgutil.iter_modules(languages.__path__) if module.ispkg)


LOADED: Final[dict[str, Language]] = {}
"""Records of the rooms that were asked for."""


def language(code: str) -> Language | None:
    """The record of a language, None where it has no room."""
    if code not in LOADED:
        if code not in codes():
            return None
        LOADED[code] = importlib.import_module(f"{languages.__name__}.{code}").LANGUAGE
    return LOADED[code]


def spoken(code: str, what: str) -> Language:
    """The record of a language in which `what` is to be read aloud; raises `UnreadableValueError`."""
    found = LOADED.get(code) or language(code)
    if found is None:
        raise UnreadableValueError(
            "no-verbaliser",
            f"{what} cannot be read aloud in {code!r}",
            f"write it in words, or use one of {', '.join(sorted(codes()))}",
        )
    return found


def lacking(found: Language, what: str) -> UnreadableValueError:
    """That a language has no such capability."""
    return UnreadableValueError(
        "no-verbaliser", f"there are no {what} in {found.name} ({found.code!r})", "write it in words"
    )
