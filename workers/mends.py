"""What is wrong in a table, in words: the key, the value and the mend, from pydantic's errors and the model's types.

faults_of      pydantic's errors -> faults, each once
told           faults -> sentences after the place where they stand
expectation    a type -> what it takes, for people: `a whole number from 1 to 256`
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

import annotated_types
from pydantic import BaseModel, SecretBytes, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

TOLD_FAULTS = 5
"""Of one table; the others are counted."""
LONGEST_SHOWN = 60
"""Characters of a value."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a value is, for people, where its type does not say it: `Annotated[str, Pattern(...), Words("...")]`."""

    text: str
    several: str = ""
    """The same for more than one."""


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


def told(where: str, faults: Sequence[Fault]) -> str:
    """The faults in sentences after the place where they stand."""
    rest = len(faults) - TOLD_FAULTS
    more = f" ... and {rest} more." if rest > 0 else ""
    return f"{where}: {' '.join(str(fault) for fault in faults[:TOLD_FAULTS])}{more}"


def faults_of(errors: Iterable[ErrorDetails], model: type[BaseModel]) -> list[Fault]:
    """Pydantic's errors in our words; keys that one table does not know are one fault."""
    found: dict[tuple[str | int, ...], Fault] = {}
    unknown: dict[tuple[str | int, ...], list[str]] = {}
    for error in errors:
        *place, last = error["loc"] or ("",)
        if error["type"] == "extra_forbidden":
            unknown.setdefault(_path(place, model), []).append(str(last))
            continue
        path = _path(error["loc"], model)
        found.setdefault(path, _fault(error, path, model))  # a union tells one fault for each of its members
    inner = {path[:length] for path in found for length in range(len(path))}
    return [
        *(fault for place, keys in unknown.items() for fault in _unknown_keys(place, keys, model)),
        *(fault for path, fault in found.items() if fault.code != "too_short" or path not in inner),
    ]


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
        return f"a table with {', '.join(_fields(annotation))}"
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
        return f"a list of tables with {', '.join(_fields(item))}"
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


def _fault(error: ErrorDetails, path: tuple[str | int, ...], model: type[BaseModel]) -> Fault:
    key, annotation = _dotted(path), _annotation_at(error["loc"], model)
    code, value = error["type"], error["input"]
    if code == "missing":
        mend = f"write {_example(str(path[-1]), annotation)}"
        return Fault(key=key, code=code, reason=f"{key} is missing", mend=mend)
    if code == "value_error":
        said = error["msg"].removeprefix("Value error, ")
        reason, parted, mend = said.rpartition("; ")
        reason, mend = (reason, mend) if parted else (said, "")
        return Fault(key=key, code=code, reason=f"{key}: {reason}" if key else reason, mend=mend)
    if not key:
        return Fault(key=key, code=code, reason=f"it is {shown(value)}", mend="give a table")
    text = "not what it should be" if _is_secret(annotation) else shown(value)
    above = or_above(str(path[-1]), path[:-1], model)
    return Fault(key=key, code=code, reason=f"{key} is {text}", mend=f"give {_expected(annotation)}{above}")


def _is_secret(annotation: object) -> bool:
    inner = annotation.annotation if isinstance(annotation, FieldInfo) else annotation
    return any(member in (SecretStr, SecretBytes) for member in _members(inner))


def _expected(annotation: object) -> str:
    if not isinstance(annotation, FieldInfo):
        return expectation(annotation)
    text = expectation(annotation.annotation, annotation)
    example = annotation.examples[0] if annotation.examples else ""
    takes_one = text.startswith(("a table", "a list", "text")) and "such as" not in text
    return f"{text} such as {example}" if example and takes_one else text


def _example(key: str, annotation: object) -> str:
    if isinstance(annotation, FieldInfo) and annotation.examples:
        return f"for example {key} = {annotation.examples[0]}"
    return _expected(annotation)


def _unknown_keys(
    place: tuple[str | int, ...], keys: Sequence[str], model: type[BaseModel]
) -> Iterator[Fault]:
    """One fault for all keys that a table does not know, and one for each that another table does."""
    table = _dotted(place)
    where = f"{table} has" if table else "there is"
    known = sorted(_keys_at(place, model))
    elsewhere = {key: home for key in keys if not place and (home := _home_of(key, model))}
    for key, home in elsewhere.items():
        mend = f"it belongs into [{home}]: move it there"
        yield Fault(key=key, code="misplaced", reason=f"there is no key {key}", mend=mend)
    strange = sorted(key for key in keys if key not in elsewhere)
    if not strange:
        return
    mend = (
        f"{_meant(strange, known, _also_called(place, model))}known are {', '.join(known)}"
        if known
        else "it takes none"
    )
    if slipped := _slipped(strange[0], place, model):
        mend = f"move it above the first [table] if {slipped} of the whole file is meant, else {mend}"
    named = ", ".join(_key_shown(key) for key in strange[:TOLD_FAULTS])
    rest = f" and {len(strange) - TOLD_FAULTS} more" if len(strange) > TOLD_FAULTS else ""
    yield Fault(
        key=_dotted((*place, strange[0])),
        code="extra_forbidden",
        reason=f"{where} no key {named}{rest}",
        mend=mend,
    )


def _meant(strange: Sequence[str], known: Sequence[str], also_called: Mapping[str, str]) -> str:
    """The nearest known key of each, whatever its case and its blanks, or what others call so."""
    plain = {key: key.strip().lower().replace(" ", "_").replace("-", "_") for key in strange[:TOLD_FAULTS]}
    near = {
        key: [also_called[bare]]
        if (bare := name.replace("_", "")) in also_called
        else difflib.get_close_matches(name, known, n=1)
        for key, name in plain.items()
    }
    alone = len(strange) == 1
    guesses = [
        found[0] if alone else f"{found[0]} for {_key_shown(key)}" for key, found in near.items() if found
    ]
    return f"did you mean {', '.join(guesses)}? " if guesses else ""


def or_above(key: str, place: Sequence[str | int], model: type[BaseModel]) -> str:
    """The other reading of a key below a `[table]` that is also one of the whole file's: it slipped down."""
    if not _is_of_whole(key, place, model):
        return ""
    return f", or, if {key} of the whole file is meant, move it above the first [table]"


def _slipped(key: str, place: tuple[str | int, ...], model: type[BaseModel]) -> str:
    """The key of the whole file that an unknown one may be: itself, or below [columns] the finish of `finish.codec`."""
    if _is_of_whole(key, place, model):
        return key
    inner = str(place[1]) if len(place) > 1 else ""
    is_table = _is_of_whole(inner, place, model) and _tables_in(model.model_fields[inner].annotation)
    return inner if is_table else ""


def _is_of_whole(key: str, place: Sequence[str | int], model: type[BaseModel]) -> bool:
    return bool(place) and key in model.model_fields and all(isinstance(part, str) for part in place)


def _home_of(key: str, model: type[BaseModel]) -> str:
    """The one table of the file that has a key of this name; empty for none or several."""
    homes = [
        name
        for name, field in model.model_fields.items()
        for table in _tables_in(field.annotation)
        if key in table.model_fields
    ]
    return homes[0] if len(homes) == 1 else ""


def _path(loc: Sequence[str | int], model: type[BaseModel]) -> tuple[str | int, ...]:
    """The keys of an error's place, without the tags that pydantic adds for members of unions."""
    return tuple(part for part, is_key in _walk(loc, model)[1] if is_key)


def _annotation_at(loc: Sequence[str | int], model: type[BaseModel]) -> object:
    return _walk(loc, model)[0]


def _keys_at(place: Sequence[str | int], model: type[BaseModel]) -> Iterable[str]:
    annotation = _walk(place, model)[0]
    tables = _tables_in(annotation.annotation if isinstance(annotation, FieldInfo) else annotation)
    return _fields(tables[0]) if tables else ()


def _fields(model: type[BaseModel]) -> Mapping[str, FieldInfo]:
    """A table's fields by the keys that people write."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _also_called(place: Sequence[str | int], model: type[BaseModel]) -> Mapping[str, str]:
    annotation = _walk(place, model)[0]
    tables = _tables_in(annotation.annotation if isinstance(annotation, FieldInfo) else annotation)
    called: Mapping[str, str] = getattr(tables[0], "also_called", {}) if tables else {}
    return called


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
    """The type one key further; None where `part` is no key of it, but pydantic's name for a member of a union."""
    members = _members(here.annotation if isinstance(here, FieldInfo) else here)
    if len(members) > 1 and part in {name for member in members for name in _tags(member)}:
        return None
    for member in members:
        if isinstance(member, type) and issubclass(member, BaseModel):
            field = _fields(member).get(str(part))
            if field is not None:
                return field
            continue
        origin, arguments = get_origin(member), get_args(member)
        if isinstance(part, int) and origin is tuple:
            item: object = arguments[0 if arguments[-1] is Ellipsis else min(part, len(arguments) - 1)]
            return item
        if isinstance(part, str) and isinstance(origin, type) and issubclass(origin, Mapping):
            value: object = arguments[1]
            return value
    return None


def _tags(member: object) -> tuple[str, str]:
    return getattr(member, "__name__", ""), str(member).replace(" ", "")


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
        name = part if isinstance(part, int) else _key_shown(part)
        text += f"[{part + 1}]" if isinstance(part, int) else f".{name}" if text else str(name)
    return text


def shown(value: object) -> str:
    """A value in a message: short, on one line; what people wrote may be long, and may be somebody's."""
    try:
        text = str(value) if isinstance(value, date) else repr(value)
    except ValueError:
        text = "a number with thousands of digits"
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."


def _key_shown(key: str) -> str:
    """A key that nobody knows, fit for a terminal."""
    text = "".join(character if character.isprintable() else "?" for character in key)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 3]}..."
