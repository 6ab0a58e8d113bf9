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

import difflib
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Self, TypeVar, Union, get_args, get_origin

import annotated_types
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    SecretBytes,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

TOLD_FAULTS = 5
"""Of one table; the others are counted."""
Table = TypeVar("Table", bound="StrictTable")
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Words:
    """What a value is, for people, where its type does not say it: `Annotated[str, Pattern(...), Words("...")]`."""

    text: str
    several: str = ""
    """The same for more than one."""


Several = Annotated[tuple[Item, ...], Field(strict=False)]
"""A list in the file."""


class StrictTable(BaseModel):
    """A table as it is written: unknown keys, other types, infinities and NaN are errors."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong in a table."""

    key: str
    """With its tables: `bounds.wer.at_most`; empty for the whole."""
    code: str
    """Pydantic's word for it."""
    reason: str
    mend: str

    def __str__(self) -> str:
        """As a sentence."""
        return f"{self.reason}; {self.mend}." if self.mend else f"{self.reason}."


def read(model: type[Table], table: object, *, where: str, error: Callable[[str], Exception]) -> Table:
    """The table as `model`; raises `error` with every fault of it, each with key and mend."""
    try:
        return model.model_validate(table)
    except ValidationError as exc:
        raise error(told(where, faults_of(exc.errors(), model))) from exc


def told(where: str, faults: Sequence[Fault]) -> str:
    """The faults in sentences after the place where they stand."""
    rest = len(faults) - TOLD_FAULTS
    more = f" ... and {rest} more." if rest > 0 else ""
    return f"{where}: {' '.join(str(fault) for fault in faults[:TOLD_FAULTS])}{more}"


def read_toml(path: Path, *, error: Callable[[str], Exception], option: str) -> dict[str, Any]:
    """The TOML in a file, with or without a byte order mark; raises `error`. `option` names another file."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as exc:
        raise error(f"{path} cannot be read: {exc.strerror}. Name another with {option}.") from exc
    except UnicodeDecodeError as exc:
        raise error(f"{path} is not UTF-8, which TOML is in: {exc}. Save it as UTF-8.") from exc
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise error(f"{path} is not TOML: {exc}. {_toml_mend(text)}") from exc


def _toml_mend(text: str) -> str:
    curled = "“" in text or "”" in text or "„" in text
    return 'Write straight quotation marks: "...".' if curled else "Correct that line."


def faults_of(errors: Iterable[ErrorDetails], model: type[BaseModel]) -> list[Fault]:
    """Pydantic's errors in our words; keys that one table does not know are one fault."""
    faults: list[Fault] = []
    unknown: dict[tuple[str | int, ...], list[str]] = {}
    for error in errors:
        *place, last = error["loc"] or ("",)
        if error["type"] == "extra_forbidden":
            unknown.setdefault(_path(place, model), []).append(str(last))
        else:
            faults.append(_fault(error, _path(error["loc"], model), _annotation_at(error["loc"], model)))
    return [_unknown_keys(place, keys, model) for place, keys in unknown.items()] + faults


def expectation(annotation: object, field: FieldInfo | None = None) -> str:
    """What a value of this type is, for people: `a whole number from 1 to 256`."""
    metadata = list(field.metadata) if field is not None else []
    while get_origin(annotation) is Annotated:
        annotation, *more = get_args(annotation)
        metadata += more
    for words in metadata:
        if isinstance(words, Words):
            return words.text
    members = _members(annotation)
    if len(members) > 1:
        return " or ".join(dict.fromkeys(expectation(member) for member in members))
    if members != (annotation,):
        return expectation(members[0], field)
    return _of_plain(annotation, list(_constraints(metadata)))


def _of_plain(annotation: object, constraints: list[object]) -> str:
    if get_origin(annotation) is Literal:
        return _choice(get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _choice([member.value for member in annotation])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return f"a table with {', '.join(annotation.model_fields)}"
    if annotation in (int, float):
        return _with_bounds("a whole number" if annotation is int else "a number", constraints)
    origin = get_origin(annotation) or annotation
    if origin is tuple:
        return _of_tuple(get_args(annotation))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return "a table"
    if annotation is str and any(getattr(bound, "min_length", 0) for bound in constraints):
        return "text that is not empty"
    return {str: "text", bool: "true or false", date: "a date such as 2026-11-01, without quotes"}.get(
        annotation if isinstance(annotation, type) else object, "something else"
    )


def _of_tuple(items: Sequence[object]) -> str:
    if len(items) != 2 or items[1] is not Ellipsis:
        return f"[{', '.join(expectation(item) for item in items)}]"
    item = items[0]
    words = next((part for part in get_args(item) if isinstance(part, Words)), None)
    if words is not None and words.several:
        return f"a list of {words.several}"
    if isinstance(item, type) and issubclass(item, BaseModel):
        return f"a list of tables with {', '.join(item.model_fields)}"
    of = expectation(item)
    return f"a list; each is {of}" if of != "text" else "a list of text"


def _choice(values: Iterable[object]) -> str:
    names = [str(value) for value in values]
    return " or ".join(names) if len(names) < 3 else f"one of {', '.join(names)}"


def _constraints(metadata: Iterable[object]) -> Iterator[object]:
    for item in metadata:
        if isinstance(item, FieldInfo):
            yield from item.metadata
        else:
            yield item


def _with_bounds(kind: str, constraints: Iterable[object]) -> str:
    """`a number from 0 to 1`."""
    low: str | None = None
    high: str | None = None
    for bound in constraints:
        match bound:
            case annotated_types.Ge(ge=value):
                low = f"{value:g}" if isinstance(value, float) else str(value)
            case annotated_types.Gt(gt=value):
                low = f"above {value}"
            case annotated_types.Le(le=value):
                high = f"{value:g}" if isinstance(value, float) else str(value)
            case annotated_types.Lt(lt=value):
                high = f"under {value}"
    if low and high:
        return (
            f"{kind} from {low} to {high}" if not low.startswith("above") else f"{kind} {low}, up to {high}"
        )
    if low:
        return f"{kind} {low}" if low.startswith("above") else f"{kind}, {low} or more"
    return f"{kind}, {high} or less" if high else kind


def _fault(error: ErrorDetails, path: tuple[str | int, ...], annotation: object) -> Fault:
    key = _dotted(path)
    code, value = error["type"], error["input"]
    if code == "missing":
        mend = f"write {_example(str(path[-1]), annotation)}"
        return Fault(key=key, code=code, reason=f"{key} is missing", mend=mend)
    if code == "value_error":
        said = error["msg"].removeprefix("Value error, ")
        reason, _, mend = said.partition("; ")
        return Fault(key=key, code=code, reason=f"{key}: {reason}" if key else reason, mend=mend)
    if not key:
        return Fault(key=key, code=code, reason=f"it is {_shown(value)}", mend="give a table")
    shown = "not what it should be" if _is_secret(annotation) else _shown(value)
    return Fault(key=key, code=code, reason=f"{key} is {shown}", mend=f"give {_expected(annotation)}")


def _is_secret(annotation: object) -> bool:
    inner = annotation.annotation if isinstance(annotation, FieldInfo) else annotation
    return any(member in (SecretStr, SecretBytes) for member in _members(inner))


def _expected(annotation: object) -> str:
    if not isinstance(annotation, FieldInfo):
        return expectation(annotation)
    text = expectation(annotation.annotation, annotation)
    example = annotation.examples[0] if annotation.examples else ""
    return f"{text} such as {example}" if example and text.startswith(("a table", "a list", "text")) else text


def _example(key: str, annotation: object) -> str:
    if isinstance(annotation, FieldInfo) and annotation.examples:
        return f"for example {key} = {annotation.examples[0]}"
    return _expected(annotation)


def _unknown_keys(place: tuple[str | int, ...], keys: Sequence[str], model: type[BaseModel]) -> Fault:
    known = sorted(_keys_at(place, model))
    table = _dotted(place)
    where = f"{table} has" if table else "there is"
    reason = f"{where} no key {', '.join(sorted(keys))}"
    for key in keys:
        if hint := misplaced(key, place, model):
            return Fault(key=_dotted((*place, key)), code="misplaced", reason=reason, mend=hint)
    near = difflib.get_close_matches(keys[0], known, n=1)
    meant = f"did you mean {near[0]}? " if near else ""
    return Fault(
        key=_dotted((*place, keys[0])),
        code="extra_forbidden",
        reason=reason,
        mend=f"{meant}known are {', '.join(known)}" if known else "it takes none",
    )


def misplaced(key: str, place: Sequence[str | int], model: type[BaseModel]) -> str:
    """How to mend a key that stands below, or above, the wrong `[table]`; empty where that is not the fault."""
    if place and key in model.model_fields:
        return f"{key} belongs to no table: move it above the first line in [brackets]"
    homes = [
        name
        for name, field in model.model_fields.items()
        for table in _tables_in(field.annotation)
        if key in table.model_fields
    ]
    return f"{key} belongs into [{homes[0]}]: move it there" if len(homes) == 1 and not place else ""


def _path(loc: Sequence[str | int], model: type[BaseModel]) -> tuple[str | int, ...]:
    """The keys of an error's place, without the tags that pydantic adds for members of unions."""
    return tuple(part for part, is_key in _walk(loc, model)[1] if is_key)


def _annotation_at(loc: Sequence[str | int], model: type[BaseModel]) -> object:
    return _walk(loc, model)[0]


def _keys_at(place: Sequence[str | int], model: type[BaseModel]) -> Iterable[str]:
    annotation = _walk(place, model)[0]
    tables = _tables_in(annotation.annotation if isinstance(annotation, FieldInfo) else annotation)
    return tables[0].model_fields if tables else ()


def _walk(loc: Sequence[str | int], model: type[BaseModel]) -> tuple[object, list[tuple[str | int, bool]]]:
    """(the type or field at a place, each part with whether it is a key)."""
    here: object = model
    parts: list[tuple[str | int, bool]] = []
    for part in loc:
        step = _step(here, part)
        parts.append((part, step is not None))
        here = here if step is None else step
    return here, parts


def _step(here: object, part: str | int) -> object | None:
    """The type one key further; None where `part` is no key of it."""
    for member in _members(here.annotation if isinstance(here, FieldInfo) else here):
        if isinstance(member, type) and issubclass(member, BaseModel):
            if part in member.model_fields:
                return member.model_fields[str(part)]
            continue
        origin, arguments = get_origin(member), get_args(member)
        if isinstance(part, int) and origin is tuple:
            item: object = arguments[0 if arguments[-1] is Ellipsis else min(part, len(arguments) - 1)]
            return item
        if isinstance(part, str) and isinstance(origin, type) and issubclass(origin, Mapping):
            value: object = arguments[1]
            return value
    return None


def _members(annotation: object) -> tuple[object, ...]:
    """Of a union, without None; of anything else itself, without its annotations."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, UnionType):
        return tuple(
            inner
            for member in get_args(annotation)
            if member is not NoneType
            for inner in (_members(member) if get_origin(member) is Annotated else (member,))
        )
    return (annotation,)


def _tables_in(annotation: object) -> list[type[BaseModel]]:
    return [
        member
        for member in _members(annotation)
        if isinstance(member, type) and issubclass(member, BaseModel)
    ]


def _dotted(path: Iterable[str | int]) -> str:
    """`bounds.wer`, `languages[2]`: places in lists count from 1."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _shown(value: object) -> str:
    """Short: what people wrote may be long, and may be somebody's."""
    text = str(value) if isinstance(value, date) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
