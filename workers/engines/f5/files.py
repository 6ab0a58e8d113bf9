"""The files of a folder of weights as a stranger's: each bounded, and what it says of itself true, before it is used.

check_header     safetensors: tensors of known types that lie side by side and fill the file, none twice
read_yaml        YAML without aliases, depth and keys that stand twice
read_lines       a vocabulary
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ConfigDict, Field

from workers.documents import read_bounded, read_document
from workers.engines.f5.faults import CheckpointError
from workers.strict import Several, StrictTable, read

if TYPE_CHECKING:
    from yaml import Node

LENGTH_BYTES = 8
LARGEST_HEADER_BYTES = 16 << 20
"""A full model's has 50 kB."""
MOST_TENSORS = 20_000
LARGEST_YAML_BYTES = 1 << 20
LARGEST_VOCABULARY_BYTES = 16 << 20
DEEPEST_YAML = 32
BYTES_OF: Mapping[str, int] = {
    "F64": 8,
    "F32": 4,
    "F16": 2,
    "BF16": 2,
    "F8_E4M3": 1,
    "F8_E5M2": 1,
    "I64": 8,
    "I32": 4,
    "I16": 2,
    "I8": 1,
    "U64": 8,
    "U32": 4,
    "U16": 2,
    "U8": 1,
    "BOOL": 1,
}
"""Of safetensors' types, for one number."""
MOST_LAYERS = 256
LARGEST_SIZE = 1 << 17
"""Of anything that an architecture counts: channels, steps, samples."""
_LAYERS = frozenset({"depth", "num_layers", "conv_layers", "heads", "ff_mult"})
"""What is made one by one, even without memory for it."""


class _Tensor(StrictTable):
    model_config = ConfigDict(extra="ignore")

    dtype: str
    shape: Several[int] = Field(max_length=8)
    data_offsets: Several[int] = Field(min_length=2, max_length=2)


def check_header(path: Path) -> None:
    """Raises `CheckpointError` for a header that does not describe exactly the bytes behind it. Reads no tensor."""
    try:
        with path.open("rb") as stream:
            size = int.from_bytes(stream.read(LENGTH_BYTES), "little")
            if not 2 <= size <= LARGEST_HEADER_BYTES:
                raise _wrong(path, f"its header says {size:,} bytes")
            data = stream.read(size)
        left = path.stat().st_size - LENGTH_BYTES - size
        if len(data) < size or left < 0:
            raise _wrong(path, "it ends in its header")
        document = read_document(data.rstrip(b" "))
    except OSError as problem:
        raise CheckpointError(f"{path} cannot be read: {problem.strerror}; mend its rights") from problem
    except ValueError as problem:
        raise _wrong(path, f"its header: {problem}") from problem
    if not isinstance(document, dict) or len(document) > MOST_TENSORS:
        raise _wrong(path, "its header is no table of tensors")
    extents = sorted(
        (*_extent(path, name, described), name)
        for name, described in document.items()
        if name != "__metadata__"
    )
    end = 0
    for first, last, name in extents:
        if first != end:
            raise _wrong(
                path, f"{name[:80]!r} begins at {first:,}, not where the one before ends, at {end:,}"
            )
        end = last
    if end != left:
        raise _wrong(path, f"its tensors have {end:,} bytes and {left:,} are there")


def _extent(path: Path, name: str, described: object) -> tuple[int, int]:
    tensor = read(_Tensor, described, where=f"{path}, {name[:80]!r}", error=CheckpointError)
    first, last = tensor.data_offsets
    if tensor.dtype not in BYTES_OF:
        raise _wrong(path, f"{name[:80]!r} is of type {tensor.dtype[:20]!r}")
    if min(tensor.shape, default=0) < 0 or first < 0:
        raise _wrong(path, f"{name[:80]!r} has a size below nothing")
    if last - first != math.prod(tensor.shape) * BYTES_OF[tensor.dtype]:
        raise _wrong(path, f"{name[:80]!r} has another size than its shape says")
    return first, last


def _wrong(path: Path, problem: str) -> CheckpointError:
    return CheckpointError(f"{path} is no safetensors file that can be trusted: {problem}; copy it again")


def read_yaml(path: Path) -> Any:
    """What it says; raises `CheckpointError`."""
    import yaml

    text = _text(path, LARGEST_YAML_BYTES)
    try:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise CheckpointError(
                    f"{path}, line {event.start_mark.line + 1}: an alias, which can stand for anything; write it out"
                )
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST_YAML:
                raise CheckpointError(
                    f"{path}, line {event.start_mark.line + 1}: more than {DEEPEST_YAML} levels; write it flatter"
                )
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is not None:
            _refuse_twice(path, node)
        return yaml.safe_load(text)
    except (
        yaml.YAMLError,
        ValueError,
        OverflowError,
    ) as problem:  # ValueError: a date or number that is none
        told = " ".join(str(problem).split())
        raise CheckpointError(f"{path} is no YAML ({told}); docs/f5.md shows one") from problem


def _refuse_twice(path: Path, node: Node) -> None:
    import yaml

    if isinstance(node, yaml.MappingNode):
        seen: set[object] = set()
        for key, value in node.value:
            if key.value in seen if isinstance(key, yaml.ScalarNode) else True:
                raise CheckpointError(
                    f"{path}, line {key.start_mark.line + 1}: a key twice; leave one of them out"
                )
            seen.add(key.value)
            _refuse_twice(path, value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_twice(path, item)


def check_sizes(path: Path, table: Mapping[str, object]) -> None:
    """Raises `CheckpointError` for an architecture that nobody could have trained."""
    for key, value in table.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        most = MOST_LAYERS if key in _LAYERS else LARGEST_SIZE
        if not -LARGEST_SIZE <= value <= most:
            raise CheckpointError(
                f"{path}: {key} is {value:g}; {most:,} is the most. Take upstream's configuration"
            )


def read_lines(path: Path) -> list[str]:
    """Its lines without their ends; raises `CheckpointError`."""
    lines = _text(path, LARGEST_VOCABULARY_BYTES).split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _text(path: Path, most_bytes: int) -> str:
    try:
        return read_bounded(path, most_bytes=most_bytes).decode("utf-8")
    except OSError as problem:
        raise CheckpointError(f"{path} cannot be read: {problem.strerror}; copy it again") from problem
    except UnicodeDecodeError as problem:
        raise CheckpointError(f"{path} is not UTF-8 at byte {problem.start:,}; copy it again") from problem
    except ValueError as problem:
        raise CheckpointError(f"{path}: {problem}; take the published one") from problem
