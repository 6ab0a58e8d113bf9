"""What CLDR says of a language, through Babel: names of months and days, decimal and grouping signs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

_SPACES = "\u0020\u00a0\u202f\u2009"


@lru_cache(maxsize=64)
def months(language: str) -> Mapping[str, int]:
    """Lower-case month names, wide and abbreviated, to numbers."""
    from babel.dates import get_month_names

    names: dict[str, int] = {}
    for width in ("abbreviated", "wide"):
        for context in ("stand-alone", "format"):
            for index, name in get_month_names(width, context=context, locale=language).items():
                names[name.lower().rstrip(".")] = index
    return names


@lru_cache(maxsize=64)
def wide_names(what: str, language: str) -> Mapping[int, str]:
    """Names of the months, 1 to 12, or of the days, 0 is Monday."""
    from babel.dates import get_day_names, get_month_names

    if what == "month":
        return dict(get_month_names("wide", context="format", locale=language))
    return dict(get_day_names("wide", context="format", locale=language))


@lru_cache(maxsize=256)
def separators(language: str, region: str) -> tuple[str, str]:
    """(decimal, grouping) signs of a locale; grouping may be several alternatives."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(f"{language}_{region}" if region else language)
    except (UnknownLocaleError, ValueError):
        try:
            locale = Locale.parse(language)
        except (UnknownLocaleError, ValueError):
            return ".", ","
    symbols = locale.number_symbols["latn"]
    decimal, group = symbols["decimal"], symbols["group"]
    return decimal, _SPACES if group.isspace() else group
