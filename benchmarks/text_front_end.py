"""Stock NeMo against this, side by side in one run, on generated campaign sentences.

    python -m benchmarks.text_front_end [--quick]

Both speak the same sentences with the same grammars; stock's code runs over the shipped ones, so that nothing is
compiled. The decoder's own sentence cache is off. A table, then one JSON line. `--quick` takes under a minute; German
is what takes long, on stock's side. Needs the `grammars` extra.
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from benchmarks.front_end_rows import measure as measure_rows
from benchmarks.front_end_rows import plain_front_end, plain_rows, typed_front_end, typed_rows
from campaign.speech.nemo.normaliser import SentenceNormaliser
from campaign.speech.nemo.shipped import Grammar, load_grammar
from tools.grammars.compile import stock_over
from tools.grammars.oracle import ask_stock
from tools.grammars.sentences import LANGUAGES, sentences

STOCK_SENTENCES = {"en": 200, "es": 100, "de": 60, "fr": 400}
QUICK_STOCK_SENTENCES = {"en": 60, "es": 40, "de": 16, "fr": 200}
OUR_SENTENCES, QUICK_OUR_SENTENCES = 2_000, 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One language. Sentence times are wall time on one thread."""

    language: str
    stock_median_ms: float
    stock_p95_ms: float
    median_ms: float
    p95_ms: float
    sentences_per_s: float
    """One thread, nothing cached."""
    ratio: float
    """Stock's total time over ours, on the sentences that both spoke."""
    two_threads: float
    """Sentences per second of two threads over one."""
    differences: int
    """Sentences on which the two disagree."""
    grammar_mb: float
    resident_mb: float
    """Of this process after loading this language's grammar, stock not yet loaded."""


def _timed_ms(speak: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    times = []
    for text in texts:
        begin = time.perf_counter()
        speak(text)
        times.append((time.perf_counter() - begin) * 1e3)
    return times


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def _two_threads_over_one(normaliser: SentenceNormaliser, texts: Sequence[str]) -> float:
    begin = time.perf_counter()
    for text in texts:
        normaliser.normalise(text)
    one_s = time.perf_counter() - begin
    halves = texts[::2], texts[1::2]
    begin = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda half: [normaliser.normalise(text) for text in half], halves))
    return one_s / (time.perf_counter() - begin)


def measure(language: str, grammar: Grammar, resident_mb: float, *, quick: bool, scratch: Path) -> Measured:
    """Time one language, ours first, then stock over the beginning of the same list."""
    normaliser = SentenceNormaliser(language, grammar, cached_sentences=0)
    texts = sentences(language, QUICK_OUR_SENTENCES if quick else OUR_SENTENCES, seed=1)
    ours = _timed_ms(normaliser.normalise, texts)
    two_threads = _two_threads_over_one(normaliser, texts)
    stock = stock_over(language, grammar, scratch)
    common = texts[: (QUICK_STOCK_SENTENCES if quick else STOCK_SENTENCES)[language]]
    ask_stock(stock, common[0])
    theirs = _timed_ms(lambda text: ask_stock(stock, text), common)
    fresh = [text for text in common if len(text) < 40][: 10 if quick else 40]
    return Measured(
        language=language,
        stock_median_ms=statistics.median(theirs),
        stock_p95_ms=_p95(theirs),
        median_ms=statistics.median(ours),
        p95_ms=_p95(ours),
        sentences_per_s=1e3 * len(ours) / sum(ours),
        ratio=sum(theirs) / sum(ours[: len(common)]),
        two_threads=two_threads,
        differences=sum(ask_stock(stock, text)[1] != normaliser.normalise(text) for text in fresh),
        grammar_mb=sum(part.memory_bytes for part in grammar.values()) / 1e6,
        resident_mb=resident_mb,
    )


def _front_end_rows(*, quick: bool) -> dict[str, dict[str, float]]:
    """Rows a CPU second of whole templates, sentences cached."""
    count = 400 if quick else 5_000
    return {
        "typed": measure_rows(typed_front_end(), typed_rows(count + 200)),
        "plain": measure_rows(plain_front_end(), plain_rows(count + 200)),
    }


def _processes(*, quick: bool) -> float:
    """Rows a second of two processes over one, on their wall time after warming up. (Threads share the GIL: the rows
    of a template are Python, only a decoding is not.)"""
    count = 400 if quick else 3_000
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_rows_wall_s, [20, 20]))
        one_s = pool.submit(_rows_wall_s, count).result()
        two_s = list(pool.map(_rows_wall_s, [count, count]))
    return 2 * one_s / max(two_s)


def _rows_wall_s(count: int) -> float:
    front_end, rows = typed_front_end(), typed_rows(count + 50)
    for locale, fields in itertools.islice(rows, 50):
        front_end.compose(locale=locale, fields=fields)
    begin = time.perf_counter()
    for locale, fields in rows:
        front_end.compose(locale=locale, fields=fields)
    return time.perf_counter() - begin


def _long_value_mb() -> float:
    """How much more memory at its peak a child takes for a field of 10,000 characters with figures in it."""
    code = (
        "import pathlib\n"
        "def peak_mb():\n"
        "    status = pathlib.Path('/proc/self/status').read_text()\n"
        "    return int(status.split('VmHWM:')[1].split()[0]) / 1024\n"
        "from campaign.speech.front_end import FrontEnd, FrontEndConfig, TemplateSource\n"
        "source = TemplateSource(name='long.txt', text='{{ text }}')\n"
        "config = FrontEndConfig(templates={'de': source}, max_field_characters=20_000)\n"
        "front_end = FrontEnd(config)\n"
        "front_end.compose(locale='de', fields={'text': 'Das sind 12,5 % bzw. 3 kg.'})\n"
        "pathlib.Path('/proc/self/clear_refs').write_text('5')\n"  # the peak counts anew from here
        "before = peak_mb()\n"
        "front_end.compose(locale='de', fields={'text': 'Das sind 12,5 % bzw. 3 kg und z. B. 5 St. '* 232})\n"
        "print(peak_mb() - before)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(done.stdout)


@click.command(help=__doc__)
@click.option("--quick", is_flag=True, help="Fewer sentences: under a minute.")
@click.option("--languages", default=",".join(LANGUAGES), show_default=True)
def main(quick: bool, languages: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        expand = "import sys, pathlib; from campaign.speech.nemo.shipped import load_grammar as load\n"
        expand += (
            "[load(language, cache_dir=pathlib.Path(sys.argv[1])) for language in sys.argv[2].split(',')]"
        )
        subprocess.run([sys.executable, "-c", expand, folder, languages], check=True)  # its peak is not ours
        loaded = []
        for language in languages.split(","):
            grammar = load_grammar(language, cache_dir=Path(folder))
            SentenceNormaliser(language, grammar).normalise("12")  # compiles the decoder, maps the pages
            loaded.append((language, grammar, _resident_mb()))
        rows = [
            measure(language, grammar, resident_mb, quick=quick, scratch=Path(folder))
            for language, grammar, resident_mb in loaded
        ]
    columns = list(asdict(rows[0]))
    print("  ".join(columns))
    for row in rows:
        values = asdict(row).items()
        print(
            "  ".join(
                f"{value:>{len(name)}.2f}" if isinstance(value, float) else f"{value:>{len(name)}}"
                for name, value in values
            )
        )
    rows_of_campaigns = _front_end_rows(quick=quick)
    processes = _processes(quick=quick)
    long_value_mb = _long_value_mb()
    for name, result in rows_of_campaigns.items():
        print(
            f"five sentences, {name}: {result['rows_per_cpu_s']} rows/CPU s, {result['sentence_cache_hits']:.0%} cached"
        )
    print(f"two processes make {processes:.2f} times the rows of one")
    print(f"a value of 10 kB takes {long_value_mb:.0f} MB more")
    document = {
        "benchmark": "text_front_end",
        "machine": f"{platform.machine()} {platform.python_version()}",
        "languages": [asdict(row) for row in rows],
        "templates": rows_of_campaigns,
        "two_processes": round(processes, 3),
        "long_value_mb": round(long_value_mb, 1),
    }
    print(json.dumps(document))


if __name__ == "__main__":
    main()
