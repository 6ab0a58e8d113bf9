"""Compile the pinned package's grammars into the shipped form. Needs the `grammars` extra; takes minutes.

    python -m tools.grammars.compile [--languages en,es] [--out DIR]     write LANGUAGE.xz and manifest.json
    python -m tools.grammars.compile --check de                          compile afresh, compare with what ships
Both leave in record.json what they compiled from; the suite asks for a fresh `--check` when that has changed.

The settings are those of `Normalizer(input_case="cased", lang=..., cache_dir=...)`. With a cache folder stock NeMo
optimises each grammar once more before it writes it, and uses it so from then on; a few ties (French "13,50") fall the
other way than without. The cached form is what runs in the field, so it is what ships.

A compile is made repeatable: NeMo iterates over sets, so each language is compiled in a child process of its own with
`PYTHONHASHSEED=0`; its punctuation grammar reads the running Python's Unicode tables, which count as version 14.0.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import struct
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import click
import numpy as np

from campaign.speech.nemo.normaliser import GRAMMAR_LANGUAGES
from campaign.speech.nemo.shipped import (
    FOLDER,
    MANIFEST,
    POST_PROCESSOR,
    TAGGER,
    VERBALISER,
    Grammar,
    manifest,
    pack,
    shipped_digests,
    write_shipped,
)
from campaign.speech.nemo.tokens import PERMUTATIONS_PER_SPLIT
from campaign.speech.nemo.transducer import Transducer, with_look_ahead
from tools.grammars import record

CHECKOUT = Path(__file__).resolve().parents[2]
SOURCE = "nemo-text-processing 1.2.0"
UNICODE_VERSION = "14.0.0"

_PUNCTUATION_SINCE_UNICODE_15 = frozenset(
    (
        *(*range(0x11B00, 0x11B0A), *range(0x11F43, 0x11F50)),  # 15.0: Devanagari Extended-A, Kawi
        *(
            0x1B4E,
            0x1B4F,
            0x1B7F,
            0x10D6E,
            0x113D4,
            0x113D5,
            0x113D7,
            0x113D8,
            0x11BE1,
            *range(0x16D6D, 0x16D70),
        ),
        0x1E5FF,
    )
)


def compile_language(language: str) -> dict[str, Transducer]:
    """A language's tagger, verbaliser and, for English, post-processor: 5 to 120 s, up to 3 GB."""
    from nemo_text_processing.text_normalization.normalize import Normalizer

    logging.getLogger("NeMo-text-processing").setLevel(logging.ERROR)
    with _unicode_14(), tempfile.TemporaryDirectory() as scratch:
        stock = Normalizer(input_case="cased", lang=language, cache_dir=scratch)
    parts = {TAGGER: stock.tagger.fst, VERBALISER: stock.verbalizer.fst}
    if stock.post_processor is not None:
        parts[POST_PROCESSOR] = stock.post_processor.fst
    return {name: from_openfst(fst) for name, fst in parts.items()}


@contextlib.contextmanager
def _unicode_14() -> Iterator[None]:
    """Punctuation that Unicode added after 14.0 is unassigned while NeMo looks."""

    def category(character: str) -> str:
        return "Cn" if ord(character) in _PUNCTUATION_SINCE_UNICODE_15 else unicodedata.category(character)

    from nemo_text_processing.text_normalization.en.taggers import punctuation

    with mock.patch.object(punctuation, "category", category):
        yield


def from_openfst(fst: Any) -> Transducer:
    """An OpenFst transducer over bytes, its arcs in the order in which pynini's composition visits them."""
    from pywrapfst import I_LABEL_SORTED

    if fst.properties(I_LABEL_SORTED, True) != I_LABEL_SORTED:
        fst = fst.copy().arcsort("ilabel")
    degree: list[int] = []
    labels: list[tuple[int, int, int]] = []
    weights: list[float] = []
    final_weight: list[float] = []
    order, number = _depth_first(fst)
    for state in order:
        degree.append(fst.num_arcs(state))
        final_weight.append(float(fst.final(state)))
        for arc in fst.arcs(state):
            labels.append((arc.ilabel, arc.olabel, number[arc.nextstate]))
            weights.append(float(arc.weight))
    arcs = np.array(labels, np.int32).reshape(-1, 3)
    if arcs[:, :2].max(initial=0) > 255 or arcs.min(initial=0) < 0:
        raise ValueError("A label is not a byte: this is no grammar over UTF-8.")
    distinct, index = np.unique(np.array(weights, np.float32), return_inverse=True)
    return with_look_ahead(
        start=0,
        degree=np.array(degree, np.uint16),
        arc_in=arcs[:, 0].astype(np.uint8),
        arc_out=arcs[:, 1].astype(np.uint8),
        arc_weight=index.astype(np.uint8),
        arc_target=arcs[:, 2].copy(),
        weights=distinct,
        final_weight=np.array(final_weight, np.float32),
    )


def _depth_first(fst: Any) -> tuple[list[int], dict[int, int]]:
    """States in depth-first order, and the number each gets by it: chains become neighbours, which compress to a fifth.

    What a grammar says does not depend on its states' numbers, only on the order of each state's arcs.
    """
    number: dict[int, int] = {}
    stack = [fst.start()]
    while stack:
        state = stack.pop()
        if state not in number:
            number[state] = len(number)
            stack += reversed([arc.nextstate for arc in fst.arcs(state) if arc.nextstate not in number])
    return list(number), number


def to_openfst(transducer: Transducer, path: Path) -> Any:
    """The same grammar as a pynini transducer, by way of OpenFst's own file format (`vector`, version 2) at `path`.

    For tests: stock NeMo's code over the grammar that ships.
    """
    import pynini

    degree = np.diff(transducer.arc_start)
    words = np.zeros(3 * transducer.state_count + 4 * len(transducer.arc_in), np.int32)
    state_at = 3 * np.arange(transducer.state_count) + 4 * transducer.arc_start[:-1]
    words[state_at] = transducer.final_weight.view(np.int32)
    words[state_at + 1] = degree  # low half of an int64
    arc_at = np.repeat(state_at + 3 - 4 * transducer.arc_start[:-1], degree) + 4 * np.arange(
        len(transducer.arc_in)
    )
    words[arc_at] = transducer.arc_in
    words[arc_at + 1] = transducer.arc_out
    words[arc_at + 2] = transducer.weights[transducer.arc_weight].view(np.int32)
    words[arc_at + 3] = transducer.arc_target
    names = b"".join(struct.pack("<i", len(name)) + name for name in (b"vector", b"standard"))
    expanded_and_mutable = 0b11
    counts = int(transducer.start[0]), transducer.state_count, len(transducer.arc_in)
    head = struct.pack("<i", 2125659606) + names + struct.pack("<iiQqqq", 2, 0, expanded_and_mutable, *counts)
    path.write_bytes(head + words.tobytes())
    return pynini.Fst.read(str(path))


def stock_over(language: str, grammar: Grammar, scratch: Path) -> Any:
    """Stock NeMo's `Normalizer` with its own code, and with `grammar` in place of what it would compile."""
    from nemo_text_processing.text_normalization.normalize import Normalizer
    from nemo_text_processing.text_normalization.token_parser import TokenParser

    parts = {
        name: SimpleNamespace(fst=to_openfst(part, scratch / f"{language}.fst"))
        for name, part in grammar.items()
    }
    stock = object.__new__(Normalizer)
    stock.lang = language
    stock.parser = TokenParser()
    stock.max_number_of_permutations_per_split = PERMUTATIONS_PER_SPLIT
    stock.tagger, stock.verbalizer = parts[TAGGER], parts[VERBALISER]
    stock.post_processor = parts.get(POST_PROCESSOR)
    return stock


def _write_manifest(folder: Path, entries: dict[str, dict[str, object]]) -> None:
    path = folder / MANIFEST
    present = json.loads(path.read_text(encoding="utf-8"))["languages"] if path.exists() else {}
    content = {"source": SOURCE, "unicode": UNICODE_VERSION, "languages": {**present, **entries}}
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def compile_columns(language: str) -> bytes:
    """`pack(compile_language(language))` from a child process whose hash seed is fixed."""
    command = [sys.executable, "-m", "tools.grammars.compile", "--columns", language]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    return subprocess.run(command, env=environment, cwd=CHECKOUT, stdout=subprocess.PIPE, check=True).stdout


@click.command(help=__doc__)
@click.option("--languages", default=",".join(sorted(GRAMMAR_LANGUAGES)), show_default=True)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=FOLDER, show_default=True)
@click.option(
    "--check", "checked", metavar="LANG", help="Compare one language with what ships, and record that."
)
@click.option(
    "--columns", metavar="LANG", hidden=True, help="Compile here and now; the columns go to stdout."
)
def main(languages: str, out: Path, checked: str | None, columns: str | None) -> None:
    if columns is not None:
        with contextlib.redirect_stdout(sys.stderr):  # NeMo's progress
            data = pack(compile_language(columns))
        sys.stdout.buffer.write(data)
        return
    if checked is not None:
        fresh = hashlib.sha256(compile_columns(checked)).hexdigest()
        if fresh != shipped_digests()[checked]:
            raise click.ClickException(
                f"{checked} compiles to {fresh}, not to what ships. Run `make grammars`."
            )
        record.write(checked)
        click.echo(f"{checked}: what ships is what {SOURCE} compiles to")
        return
    out.mkdir(parents=True, exist_ok=True)
    for language in languages.split(","):
        data = compile_columns(language)
        write_shipped(language, data, out)
        _write_manifest(out, {language: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}})
        if out == FOLDER:
            manifest.cache_clear()
            record.write(language)
        click.echo(f"{language}: {(out / f'{language}.xz').stat().st_size} bytes")


if __name__ == "__main__":
    main()
