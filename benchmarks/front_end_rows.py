"""Rows a second through the whole text front end: `python -m benchmarks.front_end_rows [--rows N]`.

Two campaigns, one process: the shipped example's typed six-sentence templates in four languages, every row
with its own name, amount, day, time, number and code; and a plain template whose fields are declared text.
A table, then one JSON line.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

from campaign.speech.columns import parse_column_type
from campaign.speech.front_end import FrontEnd, FrontEndConfig, TemplateSource

ROOT = Path(__file__).parents[1]
_FIRST = (
    "Anna",
    "Ben",
    "Carla",
    "David",
    "Emma",
    "Felix",
    "Greta",
    "Hugo",
    "Inès",
    "Jan",
    "Karl",
    "Lena",
    "Mía",
    "Noah",
)
_LAST = (
    "Smith",
    "Müller",
    "García",
    "Dupont",
    "Rossi",
    "Weber",
    "López",
    "Martin",
    "Novák",
    "Petit",
    "Sanz",
    "Kaya",
)


def typed_front_end() -> FrontEnd:
    """The shipped example."""
    brief = tomllib.loads((ROOT / "examples" / "campaign.toml").read_text(encoding="utf-8"))
    files = {
        locale: name.removeprefix("shipped:")
        for locale, name in brief["templates"].items()
        if name.endswith(".txt")
    }
    templates = {
        locale: TemplateSource(name=name, text=(ROOT / "templates" / name).read_text(encoding="utf-8"))
        for locale, name in files.items()
    }
    columns = {name: parse_column_type(declared) for name, declared in brief["columns"].items()}
    return FrontEnd(FrontEndConfig(templates=templates, columns=columns, languages=tuple(brief["languages"])))


def typed_rows(count: int, seed: int = 1) -> Iterator[tuple[str, dict[str, str]]]:
    """(locale, fields), all different."""
    rng = random.Random(seed)
    for _ in range(count):
        yield (
            rng.choice(("en-US", "de-DE", "es-ES", "fr-FR")),
            {
                "name": f"{rng.choice(_FIRST)} {rng.choice(_LAST)}",
                "amount": f"{rng.randint(1, 3000)}.{rng.randint(0, 99):02d}",
                "due": f"2026-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
                "at": f"{rng.randint(7, 19):02d}:{rng.choice(('00', '15', '30', '45'))}",
                "phone": f"+49 30 {rng.randint(0, 9_999_999):07d}",
                "code": f"A{rng.randint(0, 9)}-{rng.randint(0, 9999):04d}",
                "notes": "",
            },
        )


def plain_front_end() -> FrontEnd:
    """Five sentences, two fields of declared text."""
    text = (
        "This is the city library with a synthetic voice. Hello {{ name }}. Your book is ready. "
        "Please come to {{ place }} before we close. Thank you and goodbye."
    )
    columns = {"name": parse_column_type("name"), "place": parse_column_type("text")}
    return FrontEnd(
        FrontEndConfig(templates={"en": TemplateSource(name="plain.txt", text=text)}, columns=columns)
    )


def plain_rows(count: int, seed: int = 1) -> Iterator[tuple[str, dict[str, str]]]:
    """(locale, fields), most of them different."""
    rng = random.Random(seed)
    for _ in range(count):
        middle = rng.choice("ABCDEFGHIJKLM")
        name = f"{rng.choice(_FIRST)} {middle}. {rng.choice(_LAST)}"
        yield "en", {"name": name, "place": f"the {rng.choice(_LAST)} Street branch"}


def measure(
    front_end: FrontEnd, rows: Iterator[tuple[str, dict[str, str]]], warm: int = 200
) -> dict[str, float]:
    """Rows a CPU second, share of sentences from the cache, resident MB at the end."""
    for _ in range(warm):
        locale, fields = next(rows)
        front_end.compose(locale=locale, fields=fields)
    kept = list(rows)
    started = time.process_time()
    for locale, fields in kept:
        front_end.compose(locale=locale, fields=fields)
    seconds = time.process_time() - started
    lookups = front_end.cache_hits + front_end.cache_misses
    return {
        "rows": len(kept),
        "rows_per_cpu_s": round(len(kept) / seconds, 1),
        "ms_per_row": round(1000 * seconds / len(kept), 3),
        "sentence_cache_hits": round(front_end.cache_hits / lookups, 3),
        "resident_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def main() -> None:
    """Print the table and the line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5000)
    count = parser.parse_args().rows
    results = {
        "typed": measure(typed_front_end(), typed_rows(count + 200)),
        "plain": measure(plain_front_end(), plain_rows(count + 200)),
    }
    print(f"{'campaign':<10}{'rows/CPU s':>12}{'ms/row':>9}{'cache hits':>12}{'resident MB':>13}")
    for name, result in results.items():
        print(
            f"{name:<10}{result['rows_per_cpu_s']:>12}{result['ms_per_row']:>9}"
            f"{result['sentence_cache_hits']:>12}{result['resident_mb']:>13}"
        )
    print(json.dumps({"benchmark": "front_end_rows", **results}))


if __name__ == "__main__":
    main()
