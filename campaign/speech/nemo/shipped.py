"""The grammars that ship with the program, and the expanded copy that processes share.

A shipped grammar (`campaign/speech/grammars/LANGUAGE.xz`) is column-wise: all degrees, all input bytes, all output
bytes, all weights, all targets as differences cut into byte planes. With states numbered depth first, columns like
these compress to a fifth of what xz makes of OpenFst's own files. `manifest.json` beside them
has each grammar's digest, taken over the uncompressed columns, so that it does not depend on the compressor.

Decoding wants offsets and look-ahead masks too. They take a second to derive, so the whole is written once into the
caller's cache folder under a name that contains the digest, and then mapped read-only: processes share the pages.
Without a folder that can be written, the arrays live in memory.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import lzma
import os
import struct
import tempfile
import zlib
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from campaign.errors import GrammarError
from campaign.speech.nemo.transducer import Ids, Transducer, with_look_ahead

FOLDER = Path(__file__).resolve().parents[1] / "grammars"
MANIFEST = "manifest.json"

TAGGER, VERBALISER, POST_PROCESSOR = "tagger", "verbaliser", "post_processor"

_LENGTH = struct.Struct("<Q")
_MAGIC = b"campaign expanded grammar 2\n"
_ALIGNMENT = 64
_XZ_FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "pb": 0}]


Grammar = Mapping[str, Transducer]
"""`tagger`, `verbaliser` and, where the language has one, `post_processor`."""


@cache
def manifest() -> Mapping[str, object]:
    """What `manifest.json` says: source, Unicode version and one entry for each language."""
    loaded: Mapping[str, object] = json.loads((FOLDER / MANIFEST).read_text(encoding="utf-8"))
    return loaded


def shipped_digests() -> Mapping[str, str]:
    """SHA-256 over the uncompressed columns, by language."""
    languages = manifest()["languages"]
    assert isinstance(languages, dict)
    return {language: str(entry["sha256"]) for language, entry in languages.items()}


def pack(grammar: Grammar) -> bytes:
    """The uncompressed columns of a grammar: the same bytes for the same grammar."""
    header: dict[str, object] = {}
    columns: list[bytes] = []
    for name, transducer in sorted(grammar.items()):
        ends = np.flatnonzero(np.isfinite(transducer.final_weight)).astype("<i4")
        header[name] = {
            "states": transducer.state_count,
            "arcs": len(transducer.arc_in),
            "weights": len(transducer.weights),
            "ends": len(ends),
            "start": int(transducer.start[0]),
        }
        columns += [
            _planes(np.diff(transducer.arc_start).astype("<u2")),
            transducer.arc_in.tobytes(),
            transducer.arc_out.tobytes(),
            transducer.arc_weight.tobytes(),
            _planes(_zigzag(np.diff(transducer.arc_target, prepend=np.int32(0)))),
            transducer.weights.astype("<f4").tobytes(),
            ends.tobytes(),
            transducer.final_weight[ends].astype("<f4").tobytes(),
        ]
    head = json.dumps(header, sort_keys=True).encode()
    return b"".join([_LENGTH.pack(len(head)), head, *columns])


def unpack(data: bytes) -> dict[str, Transducer]:
    """The inverse of `pack`, with look-ahead masks derived."""
    (size,) = _LENGTH.unpack_from(data)
    at = _LENGTH.size + size
    header = json.loads(data[_LENGTH.size : at])
    grammar = {}
    for name, counts in sorted(header.items()):
        states, arcs, weights, ends = (int(counts[key]) for key in ("states", "arcs", "weights", "ends"))

        def column(dtype: str, count: int) -> npt.NDArray[np.generic]:
            nonlocal at
            taken: npt.NDArray[np.generic] = np.frombuffer(data, dtype, count, at)
            at += taken.nbytes
            return taken

        degree = _unplanes(column("u1", 2 * states), "<u2")
        arc_in, arc_out, arc_weight = (column("u1", arcs).astype(np.uint8) for _ in range(3))
        steps = _unzigzag(_unplanes(column("u1", 4 * arcs), "<u4"))
        distinct_weights = column("<f4", weights).astype(np.float32)
        final_weight = np.full(states, np.inf, np.float32)
        ending = column("<i4", ends)
        final_weight[ending] = column("<f4", ends)
        grammar[name] = with_look_ahead(
            start=int(counts["start"]),
            degree=degree.astype(np.uint16),
            arc_in=arc_in,
            arc_out=arc_out,
            arc_weight=arc_weight,
            arc_target=np.cumsum(steps, dtype=np.int32),
            weights=distinct_weights,
            final_weight=final_weight,
        )
    return grammar


def _planes(values: npt.NDArray[np.generic]) -> bytes:
    """All lowest bytes, then all second bytes, ...: each plane is smooth where the whole is not."""
    return values.view(np.uint8).reshape(-1, values.itemsize).T.tobytes()


def _unplanes(planes: npt.NDArray[np.generic], dtype: str) -> npt.NDArray[np.generic]:
    width = np.dtype(dtype).itemsize
    return np.ascontiguousarray(planes.reshape(width, -1).T).view(dtype).ravel()


def _zigzag(steps: Ids) -> npt.NDArray[np.generic]:
    """0, -1, 1, -2 ... to 0, 1, 2, 3 ...: small steps either way stay small numbers."""
    return ((steps << 1) ^ (steps >> 31)).astype("<u4")


def _unzigzag(values: npt.NDArray[np.generic]) -> Ids:
    unsigned = values.astype(np.uint32)
    steps: Ids = ((unsigned >> np.uint32(1)) ^ (~(unsigned & np.uint32(1)) + np.uint32(1))).view(np.int32)
    return steps


def write_shipped(language: str, data: bytes, folder: Path) -> None:
    """Compress one grammar's columns into `folder` and enter its digest in the manifest there."""
    compressed = lzma.compress(data, format=lzma.FORMAT_XZ, check=lzma.CHECK_CRC32, filters=_XZ_FILTERS)
    _replace(folder / f"{language}.xz", compressed)


def load_grammar(language: str, *, cache_dir: Path | None) -> Grammar:
    """One shipped grammar, mapped from `cache_dir` (written there first, if need be) or else in memory.

    Raises `GrammarError` when the shipped file is missing or is not what its digest says.
    """
    digest = shipped_digests()[language]
    expanded = cache_dir / f"grammar2-{language}-{digest[:32]}.bin" if cache_dir is not None else None
    if expanded is not None and (grammar := _mapped(expanded)) is not None:
        return grammar
    grammar = unpack(_columns(language, digest))
    if expanded is not None:
        with contextlib.suppress(OSError):  # a full or read-only disk: memory will do
            expanded.parent.mkdir(parents=True, exist_ok=True)
            _replace(expanded, _expand(grammar))
            return _mapped(expanded) or grammar
    return grammar


def _columns(language: str, digest: str) -> bytes:
    path = FOLDER / f"{language}.xz"
    try:
        data = lzma.decompress(path.read_bytes())
    except (OSError, lzma.LZMAError) as exc:
        raise GrammarError(f"The grammar {path} cannot be read: {exc}. Install `campaign` again.") from exc
    if hashlib.sha256(data).hexdigest() != digest:
        raise GrammarError(f"The grammar {path} is not what its digest says. Install `campaign` again.")
    return data


def _expand(grammar: Grammar) -> bytes:
    """Every array of a grammar, aligned, behind a header that says where each begins, with a checksum of all arrays."""
    body = bytearray()
    places: dict[str, dict[str, tuple[str, list[int], int]]] = {}
    for name, transducer in sorted(grammar.items()):
        places[name] = {}
        for field in fields(transducer):
            array: npt.NDArray[np.generic] = getattr(transducer, field.name)
            body += bytes(-len(body) % _ALIGNMENT)
            places[name][field.name] = (array.dtype.str, list(array.shape), len(body))
            body += array.tobytes()
    head = json.dumps(
        {"places": places, "bytes": len(body), "crc32": zlib.crc32(body)}, sort_keys=True
    ).encode()
    lead = _MAGIC + _LENGTH.pack(len(head)) + head
    return lead + bytes(-len(lead) % _ALIGNMENT) + bytes(body)


def _mapped(path: Path) -> dict[str, Transducer] | None:
    """An expanded grammar mapped read-only; None where there is none or it is damaged (it is then written anew)."""
    try:
        whole = np.memmap(path, np.uint8, mode="r")
    except (OSError, ValueError):
        return None
    lead = bytes(whole[: len(_MAGIC) + _LENGTH.size])
    if not lead.startswith(_MAGIC) or len(lead) < len(_MAGIC) + _LENGTH.size:
        return None
    (size,) = _LENGTH.unpack_from(lead, len(_MAGIC))
    end = len(lead) + size
    try:
        head = json.loads(bytes(whole[len(lead) : end]))
    except ValueError:
        return None
    body = np.asarray(whole[end + (-end % _ALIGNMENT) :])
    if len(body) != head["bytes"] or zlib.crc32(body.data) != head["crc32"]:
        return None
    grammar = {}
    for name, arrays in head["places"].items():
        views = {}
        for field, (dtype, shape, at) in arrays.items():
            length = int(np.prod(shape)) * np.dtype(dtype).itemsize
            views[field] = body[at : at + length].view(dtype).reshape(shape)
        grammar[name] = Transducer(**views)
    return grammar


def _replace(path: Path, data: bytes) -> None:
    """Write a whole file beside `path` and rename it there, so that no reader sees half of it."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
