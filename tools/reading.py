"""What the front end makes of the sentences that are meant to break it: `tests/data/adversarial/*.tsv`.

    python -m tools.reading            how many of each file are read right, refused or read otherwise
    python -m tools.reading de es      with those that are not right

A line is `locale, sentence, expression, kind or source`, tabs between. The expression is searched in what is said,
brought to its letters alone; `ERROR` asks for an error, `ERROR|expression` takes either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click

from campaign.errors import RowError
from campaign.speech.front_end import FrontEnd, FrontEndConfig, TemplateSource
from workers.languages import primary

SENTENCES = Path(__file__).resolve().parents[1] / "tests" / "data" / "adversarial"
ERROR = "ERROR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence and the expression that a right reading of it matches."""

    file: str
    locale: str
    text: str
    expected: str
    kind: str


def sentences(folder: Path = SENTENCES) -> Iterator[Sentence]:
    """Those of every file."""
    for path in sorted(folder.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            locale, text, expected, kind = line.split("\t")
            yield Sentence(file=path.stem, locale=locale, text=text, expected=expected, kind=kind)


@cache
def _front_end(language: str) -> FrontEnd:
    source = TemplateSource(name="sentence.txt", text="{{ text }}")
    return FrontEnd(FrontEndConfig(templates={language: source}, languages=(language,)))


def said(sentence: Sentence) -> str:
    """Its spoken text, or `ERROR code: reason`."""
    try:
        composition = _front_end(primary(sentence.locale)).compose(
            locale=sentence.locale, fields={"text": sentence.text}
        )
    except RowError as error:
        return f"{ERROR} {error.code}: {error.reason}"
    return composition.spoken_text


def is_right(sentence: Sentence, spoken: str) -> bool:
    """Whether `spoken` is what the sentence's expression asks for."""
    takes_error = sentence.expected.lstrip("^").startswith(ERROR)
    expression = re.sub(rf"^\^?{ERROR}\|?", "", sentence.expected)
    if spoken.startswith(ERROR):
        return takes_error
    letters = "".join(character for character in spoken.lower() if character.isalpha())
    return bool(expression) and re.search(expression, letters) is not None


@click.command()
@click.argument("shown", nargs=-1)
def main(shown: tuple[str, ...]) -> None:
    """Reads all of them and counts."""
    counts: dict[str, list[int]] = {}
    for sentence in sentences():
        spoken = said(sentence)
        right = is_right(sentence, spoken)
        refused = not right and spoken.startswith(ERROR)
        counted = counts.setdefault(sentence.file, [0, 0, 0])
        counted[0 if right else 1 if refused else 2] += 1
        if not right and sentence.file in shown:
            click.echo(f"{sentence.locale}\t{sentence.text}\n      {spoken}   [{sentence.kind}]")
    for file, (right_ones, refused_ones, others) in counts.items():
        click.echo(f"{file:10} right {right_ones:4}  refused {refused_ones:3}  otherwise {others:3}")


if __name__ == "__main__":
    main()
