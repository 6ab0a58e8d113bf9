"""Ask stock NeMo and keep its answers: the differential tests replay them against the decoder.

    python -m tools.grammars.oracle --work DIR [--languages de,es] [--processes 2]    ask
    python -m tools.grammars.oracle --work DIR --pack tests/data/oracle               keep what has been answered

A checkout and the `grammars` extra are needed. German takes about half a second a sentence on one core, so the asking
goes on where it stopped: one line per answer is appended to `DIR/LANGUAGE.tsv`. A kept file is xz'd TSV, `outcome,
written, spoken` a line, sorted as asked; `digests.json` beside it has the SHA-256 of each uncompressed file.
"""

from __future__ import annotations

import hashlib
import json
import logging
import lzma
import multiprocessing
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from tools.grammars.sentences import LANGUAGES, sentences

SPOKEN = "ok"
"""Stock NeMo gave an answer."""
NOTHING = "none"
"""Stock NeMo raised (its tagger has no path, or writes what its parser cannot read), or logged a warning and returned
its input as if nothing were wrong."""

_REPOSITORY = Path(__file__).resolve().parents[2]
CASES = _REPOSITORY / "tests" / "data" / "nemo_cases"
SENTENCES_PER_LANGUAGE = 5_000
_CHUNK_SENTENCES = 50


class _Warnings(logging.Handler):
    """Counts what stock NeMo warns of: only so does it say that it gave up."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1


def ask_stock(normaliser: Any, written: str) -> tuple[str, str]:
    """(outcome, spoken) of one stock `Normalizer.normalize(written)` call, exceptions included."""
    from pywrapfst import FstOpError

    logger = logging.getLogger("NeMo-text-processing")
    warnings = _Warnings()
    handlers, logger.handlers, logger.propagate = logger.handlers, [warnings], False
    try:
        spoken = normaliser.normalize(written)
    except (FstOpError, AssertionError, IndexError, ValueError):
        return NOTHING, ""
    finally:
        logger.handlers, logger.propagate = handlers, True
    return (NOTHING, "") if warnings.count else (SPOKEN, spoken)


def questions(language: str, sentence_count: int) -> list[str]:
    """The written side of every upstream case of a language, then generated campaign sentences; distinct, in order.

    A language without a generator gets Spanish ones: two decoders can be compared over any text.
    """
    texts = dict.fromkeys(case_inputs(language))
    if language in LANGUAGES:
        texts.update(dict.fromkeys(sentences(language, sentence_count)))
    else:
        texts.update(dict.fromkeys(sentences("es", sentence_count // 10)))
    return [text for text in texts if not set("\t\n\r") & set(text)]


def case_inputs(language: str) -> Iterator[str]:
    """The written side of upstream's `written~spoken[~alternative]` lines; the German files are the other way round."""
    for path in sorted((CASES / language).glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            sides = line.split("~")
            if len(sides) > 1 and (written := sides[1 if language == "de" else 0].strip()):
                yield written


def read_answers(path: Path) -> list[tuple[str, str, str]]:
    """(outcome, written, spoken) lines of a kept `.tsv.xz`, or of a working `.tsv`."""
    data = path.read_bytes()
    text = (lzma.decompress(data) if path.suffix == ".xz" else data).decode()
    answers = [line.split("\t") for line in text.split("\n") if line.count("\t") == 2]
    return [(outcome, written, spoken) for outcome, written, spoken in answers]


_stock: dict[str, Any] = {}


def _ask_chunk(task: tuple[str, list[str], str]) -> tuple[str, list[str]]:
    language, chunk, scratch = task
    if language not in _stock:
        from nemo_text_processing.text_normalization.normalize import Normalizer

        logging.getLogger("NeMo-text-processing").setLevel(logging.CRITICAL)
        _stock.clear()
        _stock[language] = Normalizer(input_case="cased", lang=language, cache_dir=scratch)
    return language, ["\t".join((*_outcome_first(language, text),)) for text in chunk]


def _outcome_first(language: str, written: str) -> tuple[str, str, str]:
    outcome, spoken = ask_stock(_stock[language], written)
    return outcome, written, spoken


def _tasks(languages: Sequence[str], work: Path, count: int) -> Iterator[tuple[str, list[str], str]]:
    for language in languages:
        path = work / f"{language}.tsv"
        answered = {written for _, written, _ in read_answers(path)} if path.exists() else set()
        open_questions = [text for text in questions(language, count) if text not in answered]
        for start in range(0, len(open_questions), _CHUNK_SENTENCES):
            yield language, open_questions[start : start + _CHUNK_SENTENCES], str(work / "far")


def _pack(work: Path, target: Path, count: int) -> None:
    target.mkdir(parents=True, exist_ok=True)
    digests_path = target / "digests.json"
    digests: dict[str, dict[str, object]] = (
        json.loads(digests_path.read_text()) if digests_path.exists() else {}
    )
    for path in sorted(work.glob("*.tsv")):
        answered = {written: (outcome, written, spoken) for outcome, written, spoken in read_answers(path)}
        kept = [answered[text] for text in questions(path.stem, count) if text in answered]
        data = "".join("\t".join(answer) + "\n" for answer in kept).encode()
        (target / f"{path.stem}.tsv.xz").write_bytes(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))
        digests[path.stem] = {"answers": len(kept), "sha256": hashlib.sha256(data).hexdigest()}
        click.echo(f"{path.stem}: {len(kept)} answers kept")
    digests_path.write_text(json.dumps(digests, indent=1, sort_keys=True) + "\n")


@click.command(help=__doc__)
@click.option(
    "--work", type=click.Path(path_type=Path, file_okay=False), required=True, help="Scratch folder."
)
@click.option("--languages", default="de,es,en,fr,it,zh,pt", show_default=True)
@click.option("--sentences", "count", default=SENTENCES_PER_LANGUAGE, show_default=True, help="Per language.")
@click.option("--processes", default=2, show_default=True)
@click.option(
    "--pack", "target", type=click.Path(path_type=Path, file_okay=False), help="Keep the answers here."
)
def main(work: Path, languages: str, count: int, processes: int, target: Path | None) -> None:
    work.mkdir(parents=True, exist_ok=True)
    if target is not None:
        _pack(work, target, count)
        return
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes) as pool:
        for language, lines in pool.imap_unordered(_ask_chunk, _tasks(languages.split(","), work, count)):
            with (work / f"{language}.tsv").open("a", encoding="utf-8") as file:
                file.write("".join(line + "\n" for line in lines))
            click.echo(f"{language}: {len(lines)} more")


if __name__ == "__main__":
    main()
