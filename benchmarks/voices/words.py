"""What is said: the words of the prompt sets, and a transcript's digits as words."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from itertools import islice

from campaign.errors import RowError
from campaign.gate.prompts import load_prompts, shipped_sets
from campaign.speech.columns import ColumnSpec
from campaign.speech.front_end import FrontEnd, FrontEndConfig, TemplateSource
from workers.requests import Spec

LANGUAGES = ("en", "es", "de", "fr")


def texts(language: str, rows: int) -> Iterator[tuple[str, Spec]]:
    """Utterances that are of one language, each with a key of its own."""
    for label in shipped_sets():
        prompts = load_prompts(label)
        if language not in prompts.brief.languages:
            continue
        prompts = prompts.in_languages((language,))
        front_end = FrontEnd(
            FrontEndConfig(
                templates=dict(prompts.brief.templates),
                columns=prompts.brief.column_specs(),
                languages=prompts.brief.languages,
            )
        )
        for row in islice(prompts.rows, rows):
            for said in front_end.compose(locale=row["locale"], fields=row).utterances:
                if all(span.language == language for span in said.spans):
                    spec = Spec(said.spans)
                    yield hashlib.sha256(f"{label} {row['id']} {spec.text}".encode()).hexdigest(), spec


def as_words() -> Callable[[str, str], str]:
    """Speaks the digits of a transcript as the gate does."""
    front_end = FrontEnd(
        FrontEndConfig(
            templates={
                one: TemplateSource(name="heard", text="{{ text }}", language=one) for one in LANGUAGES
            },
            columns={"text": ColumnSpec(nothing=())},
            languages=LANGUAGES,
            leftover="verbalise",
        )
    )

    def spoken(text: str, language: str) -> str:
        try:
            return front_end.compose(locale=language, fields={"text": text}).spoken_text
        except RowError:
            return text

    return spoken
