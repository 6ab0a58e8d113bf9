"""Ten thousand entries: reading, building, and what a sentence costs: `python -m benchmarks.lexicon [--entries N]`.

A table, then one JSON line. CPU time of one process.
"""

from __future__ import annotations

import json
import pickle
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

import click

from campaign.speech.abilities import Abilities
from campaign.speech.lexicon.entries import Rules, check_rules
from campaign.speech.lexicon.matching import CampaignLexicon, LabelledRules
from campaign.speech.lexicon.tsv import read_tsv
from campaign.speech.wordlist import words
from tools.grammars.sentences import sentences

_SYLLABLES = sorted(words("ba ce di fo gu la me ni po ru sa te vi xo zu an el in or us kar len mon pet sil"))


def file_of(entries: int, seed: int = 1) -> str:
    """A lexicon as TSV: names, two-word names, words of aliases, a tenth with IPA."""
    rng = random.Random(seed)
    written: dict[str, None] = {}
    while len(written) < entries:
        word = "".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4))).capitalize()
        if rng.random() < 0.2:
            word += " " + "".join(rng.choices(_SYLLABLES, k=2)).capitalize()
        written[word] = None
    rows = [
        f"{word}\t{word.lower()} said otherwise\t{'ˈkɑːlən' if rng.random() < 0.1 else ''}"
        for word in written
    ]
    return "\n".join(["# language: en", "written\talias\tipa", *rows]) + "\n"


def _ms(work: Callable[[], Any], times: int = 5) -> tuple[float, Any]:
    taken = []
    for _ in range(times):
        started = time.process_time()
        result = work()
        taken.append(1e3 * (time.process_time() - started))
    return statistics.median(taken), result


def measure(entries: int) -> dict[str, float]:
    """Milliseconds of each step, and of one sentence."""
    text = file_of(entries)
    parse_ms, rules = _ms(lambda: read_tsv(text, "bench.tsv"))
    check_ms, rules = _ms(lambda: check_rules(rules, "bench.tsv"))
    kept = json.dumps(rules.as_json())
    load_ms, loaded = _ms(lambda: Rules.from_json(json.loads(kept)))
    labelled = [LabelledRules(label="bench@1", rules=loaded)]
    build_ms, lexicon = _ms(lambda: CampaignLexicon(labelled, Abilities(alphabets=frozenset({"ipa"}))))
    names = [entry.written for entry in rules.entries]
    rng = random.Random(2)
    texts = [
        f"{rng.choice(names)} and {rng.choice(names)}'s: {sentence}"
        for sentence in sentences("en", 2_000, seed=3)
    ]
    started = time.process_time()
    hits = sum(len(lexicon.matches(text, "en")) for text in texts)
    sentence_ms = 1e3 * (time.process_time() - started) / len(texts)
    return {
        "entries": entries,
        "parse_tsv_ms": round(parse_ms, 1),
        "check_ms": round(check_ms, 1),
        "load_ms": round(load_ms + build_ms, 1),
        "sentence_ms": round(sentence_ms, 4),
        "hits_per_sentence": round(hits / len(texts), 2),
        "pickled_mb": round(len(pickle.dumps(lexicon)) / 1e6, 2),
    }


@click.command(help=__doc__)
@click.option("--entries", default=10_000, show_default=True)
def main(entries: int) -> None:
    result = measure(entries)
    for name, value in result.items():
        print(f"{name:<20}{value:>12}")
    print(json.dumps({"benchmark": "lexicon", **result}))


if __name__ == "__main__":
    main()
