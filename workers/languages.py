"""Language tags as people write them: `de_AT`, `DE` and `de-at` are told apart by nothing.

A tag that is new, of a row, brief, preset, pin, lexicon or request, is checked against BCP 47 (RFC 5646) before it is
kept or shown to anybody: `checked_tag`. Its grammar is held whole; languages of two letters, scripts and regions must
be registered, by the data of CLDR that Babel brings. Languages of three letters and variants are held to the grammar
alone: CLDR has not all that are registered, and refusing a language that somebody speaks is the worse fault.
"""

from __future__ import annotations

import re
from collections.abc import Container
from functools import cache, lru_cache

LONGEST_TAG = 35
"""What RFC 5646, 4.4.1, asks every program to hold."""
DEFAULT = "en"
"""Of what names no language."""
UNDETERMINED = "und"
"""BCP 47's word for no language that is known: of a row whose tag is none."""
_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?P<extended>(?:-[a-z]{3}){0,3})(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3}))?(?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)"
    r"(?P<extensions>(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*)(?:-x(?:-[a-z0-9]{1,8})+)?"
)
_NO_LANGUAGE = frozenset({UNDETERMINED, "mis", "mul", "zxx"})
_MEANT_REGIONS = {"UK": "GB", "EL": "GR"}


def primary(tag: str) -> str:
    """`de` of `de-AT`, lower case."""
    return re.split("[-_]", tag.strip(), maxsplit=1)[0].lower()


def region(tag: str) -> str:
    """`AT` of `de-at`; empty where there is none."""
    for part in re.split("[-_]", tag.strip())[1:]:
        if len(part) == 1:  # what follows is an extension's: `de-u-co-phonebk` is not of Colombia
            return ""
        if len(part) == 2:
            return part.upper()
    return ""


def normal(tag: str) -> str:
    """One spelling of a tag: `de-at`."""
    return tag.strip().replace("_", "-").lower()


def nearest(tag: str, there: Container[str]) -> str:
    """Which of the tags that are there, in their normal spelling, serves a tag: `de` for `de-AT`; empty for none."""
    tag = normal(tag)
    while tag and tag not in there:
        tag = tag.rpartition("-")[0]
    return tag


def canonical(tag: str) -> str:
    """A tag as BCP 47 writes it: `de-AT` of `DE_at`; what has more parts than these keeps them in small letters."""
    language, *rest = normal(tag).split("-")
    return "-".join([language, *(part.upper() if len(part) == 2 else part for part in rest)])


def checked_primary(language: str) -> str:
    """A key by which rows and spans are looked up; raises ValueError for a tag that none of them has."""
    if not re.fullmatch("[a-z]{2,3}", language):
        raise ValueError(f"{language} is no primary language; write one in lower case, such as de for de-AT")
    return checked_tag(language)


@lru_cache(maxsize=4096)
def checked_tag(tag: str) -> str:
    """`tag` as it is written, if it is one of BCP 47, `-` or `_` between parts; raises ValueError with the mend."""
    shown = tag if len(tag) <= LONGEST_TAG else f"{tag[:LONGEST_TAG]}..."
    match = (
        _TAG.fullmatch(tag.replace("_", "-").lower()) if len(tag) <= LONGEST_TAG and tag.isascii() else None
    )
    if match is None:
        raise ValueError(f"{shown!r} is no language tag; {_WRITE}")
    language, region = match["language"], (match["region"] or "").upper()
    languages, scripts, regions = _registered()
    if language in _NO_LANGUAGE:
        raise ValueError(f"{shown!r} names no language; {_WRITE}")
    if len(language) == 2 and language not in languages:
        raise ValueError(f"{shown!r} begins with {language}, which is no language of ISO 639; {_WRITE}")
    if match["script"] and match["script"].title() not in scripts:
        raise ValueError(
            f"{shown!r} has {match['script'].title()}, which is no script of ISO 15924; {_WRITE}"
        )
    if region and region not in regions:
        meant = f"write {language}-{_MEANT_REGIONS[region]}" if region in _MEANT_REGIONS else _WRITE
        raise ValueError(f"{shown!r} has {region}, which is no region of ISO 3166; {meant}")
    _refuse_twice(shown, match["variants"], match["extensions"])
    return tag


_WRITE = "write one such as de or de-AT"
_POSIX = re.compile(r"([A-Za-z]{2,3}(?:_[A-Za-z]{2})?)(?:\.[A-Za-z0-9-]+)?(?:@\w+)?")
"""`de_AT.UTF-8@euro`, as an environment says it."""
_NAMED = re.compile(r"(?P<name>[^()\[\]]+?)(?:\s*[(\[](?P<place>[^()\[\]]+)[)\]])?")
_NAMED_IN = ("en", "de", "fr", "es", "it", "pt", "nl", "pl")
"""Languages whose names of all languages are known."""
_OWN_NAMES = (
    "ar", "bg", "bn", "ca", "cs", "cy", "da", "el", "et", "eu", "fa", "fi", "ga", "he", "hi", "hr",
    "hu", "id", "is", "ja", "ko", "lt", "lv", "mk", "ms", "nb", "nn", "ro", "ru", "sk", "sl", "sq",
    "sr", "sv", "sw", "ta", "th", "tr", "uk", "ur", "vi", "zh",
)  # fmt: skip
"""Languages whose own name is known besides."""
_SHORTEST_NAME = 4
"""Of Latin letters: shorter words are tags, or no language's."""


@lru_cache(maxsize=4096)
def meant_tag(written: str) -> str:
    """The tag that people mean: `de` of `German`, `Deutsch` and `ger`, `de-AT` of `de_AT.UTF-8` and `German (Austria)`.

    What is a tag stays as it is written, but for languages that have a code of two letters and were given one of
    three. Raises ValueError, as `checked_tag` does, for what has no reading or two.
    """
    from babel.core import get_global

    if match := _POSIX.fullmatch(written):
        written = match[1]
    try:
        checked_tag(written)
    except ValueError:
        if (named := _of_name(written)) is None:
            raise
        return named
    language = primary(written)
    alias = get_global("language_aliases").get(language, "") if len(language) == 3 else ""
    return alias + written[len(language) :] if re.fullmatch("[a-z]{2}", alias) else written


def _of_name(written: str) -> str | None:
    match = _NAMED.fullmatch(" ".join(written.casefold().split()))
    if match is None or (match["name"].isascii() and len(match["name"]) < _SHORTEST_NAME):
        return None
    language = _names_of_languages().get(match["name"])
    if language is None or match["place"] is None:
        return language
    place = _names_of_places().get(match["place"])
    return None if place is None else f"{language}-{place}"


@cache
def _names_of_languages() -> dict[str, str]:
    """Each name that one language alone has, in small letters."""
    from babel import Locale

    found: dict[str, set[str]] = {}
    own = [(code, Locale(code).languages.get(code, "")) for code in _OWN_NAMES]
    for code, name in [*(pair for one in _NAMED_IN for pair in Locale(one).languages.items()), *own]:
        if re.fullmatch("[a-z]{2,3}", code):
            found.setdefault(name.casefold(), set()).add(code)
    return {name: min(codes) for name, codes in found.items() if name and len(codes) == 1}


@cache
def _names_of_places() -> dict[str, str]:
    """Regions by their code and by their names in some languages, in small letters."""
    from babel import Locale

    places: dict[str, str] = {"usa": "US", "uk": "GB"}
    for one in _NAMED_IN:
        for code, name in Locale(one).territories.items():
            if re.fullmatch("[A-Z]{2}", code):
                places.setdefault(name.casefold(), code)
                places.setdefault(code.casefold(), code)
    return places


def _refuse_twice(tag: str, variants: str, extensions: str) -> None:
    """RFC 5646, 2.2.5 and 2.2.6: each variant once, each extension once."""
    singletons = re.findall(r"(?<=-)[0-9a-wyz](?=-)", f"{extensions}-")
    for parts in (variants.split("-")[1:], singletons):
        if double := next((part for part in parts if parts.count(part) > 1), ""):
            raise ValueError(f"{tag!r} has {double} twice; leave one of them out")


@cache
def _registered() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """(languages, scripts, regions)."""
    from babel import Locale
    from babel.core import get_global

    english = Locale("en")
    return (
        frozenset(english.languages) | frozenset(get_global("language_aliases")),
        frozenset(english.scripts),
        frozenset(english.territories),
    )
