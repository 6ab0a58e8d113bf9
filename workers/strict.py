"""Tables that people write, each read by one strict model; and what is wrong in one, said with its mend.

    class Needs(StrictTable):
        prompts: int = Field(default=1, ge=1)
        \"\"\"Fewer decide nothing.\"\"\"

    read(Needs, table, where="rule.toml", error=RuleError)
    # rule.toml: prompts is 'ten'; give a whole number, 1 or more.

An unknown key, a missing one and a value of another type are errors, never a guess; every fault of a table is told,
each once. A field's docstring is its description: schemas and reference pages are made from the models (`tools/`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationError,
    model_validator,
)

from workers.documents import decoded, read_bounded
from workers.mends import faults_of, told

LARGEST_TABLE_BYTES = 4 << 20
"""Of a file that people write."""
Table = TypeVar("Table", bound="StrictTable")
Item = TypeVar("Item")

Several = Annotated[tuple[Item, ...], Field(strict=False)]
"""A list in the file."""


class StrictTable(BaseModel):
    """A table as it is written: unknown keys, other types, infinities and NaN are errors."""

    also_called: ClassVar[Mapping[str, str]] = {}
    """What others call a key, in small letters and without signs, to what it is called here."""
    model_config = ConfigDict(
        frozen=True, strict=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False
    )


class KeptTable(StrictTable):
    """A table that is kept, and digested, as it was written."""

    _written: Mapping[str, Any] = PrivateAttr(default_factory=dict)

    @model_validator(mode="wrap")
    @classmethod
    def _keep(cls, table: object, validate: ModelWrapValidatorHandler[Self]) -> Self:
        model = validate(table)
        if isinstance(table, Mapping):
            model._written = dict(table)
        return model

    @property
    def written(self) -> Mapping[str, Any]:
        """What the file says, no defaults."""
        return self._written


def read(model: type[Table], table: object, *, where: str, error: Callable[[str], Exception]) -> Table:
    """The table as `model`; raises `error` with every fault of it, each with key and mend."""
    try:
        return model.model_validate(table)
    except ValidationError as exc:
        raise error(told(where, faults_of(exc.errors(), model))) from exc


def read_toml(path: Path, *, error: Callable[[str], Exception], option: str) -> dict[str, Any]:
    """The TOML in a file, UTF-8 or, as Notepad may save it, UTF-16; raises `error`. `option` names another file."""
    try:
        data = read_bounded(path, most_bytes=LARGEST_TABLE_BYTES)
    except OSError as exc:
        raise error(f"{path} cannot be read: {exc.strerror}. Name another with {option}.") from exc
    except ValueError as exc:  # too large, no plain file, or a NUL in its name
        raise error(f"{path} cannot be read: {exc}. Name another with {option}.") from exc
    try:
        text = decoded(data)
    except ValueError as exc:
        raise error(f"{path} cannot be read: {exc}.") from exc
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as exc:  # ValueError: a number with thousands of digits
        raise error(f"{path} is not TOML: {exc}. {_toml_mend(text, str(exc))}") from exc


_CURLED = frozenset("“”„‟‘’‚«»")
_SAID_MENDS = {
    "Cannot declare": "That table is there already: put its keys together below one [name].",
    "Cannot overwrite": "That key is there already: leave one of them out.",
}
"""By what the parser says."""
_LINE_MENDS = (
    (
        r'^[^#"\']*"[^"]*\\',
        "Between double marks a backslash begins a sign: write single ones, 'C:\\out.csv', or /.",
    ),
    (r"^\s*[\w-]+\s*:(?:\s|[\"'\[{])", "Write = in place of the colon."),
    (r"[=,\[]\s*(True|False|TRUE|FALSE|yes|no|None|null)\b", "Write true or false, or leave the key out."),
    (r"[{,]\s*$", "What stands in braces stands on one line, with no comma at its end."),
    (r"=\s*[^\s\d\"'\[{+-]", 'Write text between marks: "...".'),
)
"""By what stands in the line."""


def _toml_mend(text: str, said: str) -> str:
    number = re.search(r"at line (\d+)", said)
    lines = text.splitlines()
    line = lines[int(number[1]) - 1] if number and int(number[1]) <= len(lines) else ""
    if "\r" in text.replace("\r\n", ""):
        return "Its lines end as they did on old Macs: save it with line ends of Unix or Windows."
    if text.lstrip().startswith("{"):
        return "This is JSON: TOML has key = value, a line each."
    if set(line) & _CURLED:
        return 'Write straight quotation marks: "...".'
    unseen = next((sign for sign in line if sign != " " and not sign.isprintable() and sign != "\t"), "")
    if unseen:
        return f"That line has U+{ord(unseen):04X}, which looks like a blank or like nothing: type it anew."
    by_said = next((mend for begin, mend in _SAID_MENDS.items() if said.startswith(begin)), "")
    by_line = next((mend for pattern, mend in _LINE_MENDS if re.search(pattern, line)), "")
    return by_said or by_line or "Correct that line."
