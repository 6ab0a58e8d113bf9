"""Find the words that NeMo's grammars change, for `campaign.speech.nemo.plain`. Needs the `grammars` extra; a minute.

    python -m tools.grammars.find_triggers [--languages en,es]     write LANGUAGE.triggers beside the grammars

Candidates are all words in the tables of the pinned package, everything that could be a roman numeral, and all pairs
of letters. Each is put into frames, small and capitalised; a word that comes out otherwise in any of them is a trigger,
and so is every word of a phrase in the tables that comes out otherwise. A word that matters only before certain names
is not found so: `KNOWN` has it.
"""

from __future__ import annotations

import importlib.util
import itertools
import re
import string
from collections.abc import Iterator
from pathlib import Path

import click

from campaign.errors import SpeechError
from campaign.speech.nemo.normaliser import SentenceNormaliser
from campaign.speech.nemo.plain import plain_languages
from campaign.speech.nemo.shipped import FOLDER

FRAMES = (
    "{}",
    "{}.",
    "{}!",
    "{} lorem",
    "{}, lorem",
    "lorem {}",
    "lorem {}.",
    "lorem, {}",
    "Lorem, {}.",
    "lorem, {} lorem",
    "Lorem {} Lorem",
    "lorem {}, lorem.",
    "Lorem {} \ue000.",
    "\ue000 {} lorem, {}?",
)
KNOWN = {"en": {"st"}}
"""Saint, before a name of one."""
_WORD = re.compile(r"[^\W\d_]{2,}")


def _table_lines(language: str) -> Iterator[str]:
    package = importlib.util.find_spec("nemo_text_processing")
    assert package is not None
    assert package.submodule_search_locations is not None
    root = Path(package.submodule_search_locations[0]) / "text_normalization"
    for source in {language, "en"}:  # the other languages borrow from English
        for path in sorted((root / source).rglob("*")):
            if path.suffix in {".tsv", ".txt", ".py"}:
                yield from path.read_text(encoding="utf-8", errors="ignore").splitlines()


def _changes(normaliser: SentenceNormaliser, text: str) -> bool:
    try:
        return normaliser.normalise(text) != text
    except SpeechError:
        return True


def find(language: str) -> set[str]:
    """Every trigger of a language, in lower case."""
    normaliser = SentenceNormaliser.load(language, cache_dir=None)
    lines = list(_table_lines(language))
    candidates = {word.lower() for line in lines for word in _WORD.findall(line)}
    candidates |= {"".join(pair) for pair in itertools.product(string.ascii_lowercase, repeat=2)}
    candidates |= {
        "".join(letters) for size in (3, 4) for letters in itertools.product("ivxlcdm", repeat=size)
    }
    triggers = KNOWN.get(language, set()) | {
        word
        for word in sorted(candidates)
        if any(
            _changes(normaliser, frame.replace("{}", form))
            for form in (word, word.title())
            for frame in FRAMES
        )
    }
    fields = {field.strip() for line in lines for field in line.split("\t")}
    phrases = {field for field in fields if re.fullmatch(r"[^\W\d_]+(?:,? [^\W\d_]+){1,5}", field)}
    for phrase in sorted(phrases):
        if any(_changes(normaliser, form) for form in (phrase, phrase.lower(), f"lorem {phrase} lorem")):
            triggers |= {word.lower() for word in _WORD.findall(phrase)}
    return triggers


@click.command(help=__doc__)
@click.option("--languages", default=",".join(sorted(plain_languages())), show_default=True)
def main(languages: str) -> None:
    for language in languages.split(","):
        triggers = sorted(find(language))
        (FOLDER / f"{language}.triggers").write_text("\n".join(triggers) + "\n", encoding="utf-8")
        click.echo(f"{language}: {len(triggers)} triggers")


if __name__ == "__main__":
    main()
