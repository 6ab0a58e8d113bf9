"""Names and ids that become part of a path, an object key, a header or a line: made at the edge or not at all.

    CampaignId("Autumn 2026")  ->  NameRefusedError, with what one may be called

A name is a `str` that was held against its kind's form when it was made; a function that asks for one cannot be given
anything else. The columns that hold names make them of what they read and refuse what is none, so that no bare string
gets into the database either. None of the forms begins with a dot or has room for `/`, blanks or control characters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar, Self

from storage.errors import NameRefusedError

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema

SHOWN_CHARACTERS = 60


def _shown(text: str) -> str:
    """The text in plain letters; of a long one its beginning, and how long it is."""
    if len(text) <= SHOWN_CHARACTERS:
        return ascii(text)
    return f"{text[:SHOWN_CHARACTERS]!a}..., of {len(text):,} characters,"


class Name(str):
    """A name of some kind. Made of a text that has its form; raises `NameRefusedError` for any other."""

    __slots__ = ()
    noun: ClassVar[str] = "name"
    """What it names, for people."""
    form: ClassVar[str] = r"[a-z0-9][a-z0-9._-]{0,63}"
    """The whole of it, as a regular expression."""
    rule: ClassVar[str] = "1 to 64 of a-z 0-9 . _ -, a letter or digit first"
    """The same, for people."""

    def __new__(cls, text: str) -> Self:
        """Hold a text against the form; a name that was kept before there was one, too."""
        if not re.fullmatch(cls.form, text, re.ASCII):
            raise NameRefusedError(
                f"{_shown(text)} is no {cls.noun}: it becomes part of paths and object names. "
                f"Use {cls.rule}{cls._for_example(text)}."
            )
        return str.__new__(cls, text)

    @classmethod
    def kept(cls, text: str) -> Self:
        """A name as the database holds it, whatever it is: it can be shown and removed, and is no path or key."""
        return str.__new__(cls, text)

    @classmethod
    def _for_example(cls, text: str) -> str:
        likely = re.sub(r"[^A-Za-z0-9_-]+", "-", text[:SHOWN_CHARACTERS]).strip("-_")
        for candidate in (likely, likely.lower()):
            if candidate and re.fullmatch(cls.form, candidate):
                return f", for example {candidate}"
        return ""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """In a document it is a string of that form."""
        from pydantic_core import core_schema

        text = core_schema.str_schema(pattern=f"^(?:{cls.form})$")
        return core_schema.no_info_after_validator_function(cls, text)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """The pattern, for whoever reads the schema."""
        return handler(schema)


class CampaignId(Name):
    """A campaign's, chosen by whoever submits it or made of its content."""

    __slots__ = ()
    noun = "campaign id"
    form = r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}"
    rule = "1 to 100 of A-Z a-z 0-9 . _ -, a letter or digit first"


class PresetName(Name):
    """A preset's, without its version."""

    __slots__ = ()
    noun = "preset name"


class PinId(Name):
    """A pin's."""

    __slots__ = ()
    noun = "pin name"


class ChannelName(Name):
    """A channel's."""

    __slots__ = ()
    noun = "channel name"


class GateId(Name):
    """A gate's: `gate-` and its number."""

    __slots__ = ()
    noun = "gate id"
    form = r"gate-[0-9]{1,18}"
    rule = "gate- and its number, as `campaign gate list` shows it"


class LexiconName(Name):
    """A lexicon's, without its version."""

    __slots__ = ()
    noun = "lexicon name"


class KeyName(Name):
    """Of a key of the service's callers; who acted is kept under it."""

    __slots__ = ()
    noun = "key name"
    form = r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}"
    rule = "1 to 64 of A-Z a-z 0-9 . _ - @, a letter or digit first"
