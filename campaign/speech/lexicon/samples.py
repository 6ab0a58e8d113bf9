"""A lexicon's own unit tests: `written~spoken` lines, said by the whole front end with that lexicon alone.

    # language: en
    Your GP will call.~Your general practitioner will call.
    Siân is here.~Siân{ipa ʃɑːn} is here.
    [de] Herr Nguyễn~[vi: Nguyễn]

A line may begin with its language; words in another language stand in `[xx: ...]`, a pronunciation in `{...}` behind
the word it is for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from campaign.errors import LexiconError, RowError
from campaign.speech.abilities import Abilities
from campaign.speech.columns import ColumnSpec
from campaign.speech.front_end import Composition, FrontEnd, FrontEndConfig, TemplateSource
from campaign.speech.lexicon.entries import ALPHABETS, Sample
from campaign.speech.lexicon.matching import CampaignLexicon, LabelledRules
from campaign.speech.ports import Lexicon, NormaliserSource
from workers.engines.engine import SpokenSpan

_LINE: Final = re.compile(r"(?:\[([a-z]{2,3}(?:-[A-Z]{2})?)\]\s*)?(.*?)~(.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedSample:
    """A sample that came out otherwise."""

    sample: Sample
    said: str


def read_samples(text: str, source: str, language: str) -> list[Sample]:
    """The samples in `text`; raises `LexiconError` with source, line and mend."""
    samples: list[Sample] = []
    current = language
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("#"):
            key, _, value = line.lstrip("# ").partition(":")
            current = value.strip() if key == "language" else current
            continue
        if not line.strip():
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise LexiconError(f"{source}:{number}: no ~ in {line[:40]!r}; write written~spoken.")
        line_language, written, spoken = match.groups()
        if not (line_language or current):
            raise LexiconError(
                f"{source}:{number}: in which language? Begin the line with it, [en], or add `# language: en`."
            )
        samples.append(
            Sample(
                written=written.strip(), spoken=spoken.strip(), language=line_language or current, line=number
            )
        )
    return samples


def failed_samples(
    lexicon: LabelledRules, samples: list[Sample], normalisers: NormaliserSource | None = None
) -> list[FailedSample]:
    """Those that the lexicon does not make come out as they say."""
    everything = Abilities(alphabets=frozenset(ALPHABETS))
    matcher = CampaignLexicon([lexicon], everything)
    front_ends: dict[str, FrontEnd] = {}
    failed = []
    for sample in samples:
        front_end = front_ends.get(sample.language)
        if front_end is None:
            front_end = front_ends[sample.language] = plain_front_end(sample.language, matcher, normalisers)
        try:
            said = shown(front_end.compose(locale=sample.language, fields={"text": sample.written}))
        except RowError as error:
            said = f"ERROR {error.code}"
        if said != sample.spoken:
            failed.append(FailedSample(sample=sample, said=said))
    return failed


def plain_front_end(
    language: str, lexicon: Lexicon | None, normalisers: NormaliserSource | None = None
) -> FrontEnd:
    """A front end whose template is the text itself."""
    source = TemplateSource(name="text", text="{{ text }}", language=language.partition("-")[0])
    config = FrontEndConfig(
        templates={"default": source},
        columns={"text": ColumnSpec(nothing=())},
        languages=(language.partition("-")[0],),
        lexicon=lexicon,
    )
    return FrontEnd(config, normalisers=normalisers)


def with_sounds(span: SpokenSpan) -> str:
    """A span's words, its pronunciations in braces before the punctuation that ends them."""
    if not span.phonemes:
        return span.text
    words = span.text.rstrip(".,;:!?…")
    sounds = ", ".join(f"{alphabet} {sounds}" for alphabet, sounds in span.phonemes)
    return f"{words}{{{sounds}}}{span.text[len(words) :]}"


def shown(composition: Composition) -> str:
    """The spoken form as samples write it."""
    parts = []
    for utterance in composition.utterances:
        for span in utterance.spans:
            text = with_sounds(span)
            parts.append(text if span.language == composition.language else f"[{span.language}: {text}]")
    return " ".join(parts)
