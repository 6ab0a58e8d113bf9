"""Lexicons of an installation and of a campaign: registered, found by name, fixed in a brief, made ready to match.

A brief names lexicons as `name@version`, as `name` (the newest) or as a file beside it. `fix_lexicons` makes all of
them full labels and adds those that apply by their scope; from then on the campaign keeps exactly these.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from campaign.brief import Brief, LoadedBrief
from campaign.errors import LexiconError, NotFoundError
from campaign.registry.voice import ChosenVoice
from campaign.speech.abilities import Abilities
from campaign.speech.lexicon.entries import Rules, Scope
from campaign.speech.lexicon.files import ENDINGS, LexiconFile, read_lexicon
from campaign.speech.lexicon.matching import CampaignLexicon, LabelledRules
from campaign.speech.lexicon.samples import failed_samples, read_samples
from storage.history import audit
from storage.installation import Installation
from storage.names import LexiconName
from storage.registry import lexicons as lexicon_rows
from storage.registry.lexicons import LexiconVersion, NewLexicon
from storage.session import Connection, Database
from workers.digits import whole_number
from workers.engines.registry import ipa_readers
from workers.languages import primary

SHOWN_SAMPLES: Final = 10


def add_lexicon(
    database: Database, file: LexiconFile, *, name: LexiconName | None, actor: str
) -> tuple[LexiconVersion, bool]:
    """Register the next version of a lexicon, and whether it is new; a failing sample refuses it.

    The same rules with the same samples as the newest version are that version.
    """
    name = name or LexiconName(Path(file.name).stem.lower())
    check_samples(file)
    with database.write() as connection:
        newest = lexicon_rows.find(connection, name)
        if newest is not None and (newest.digest, newest.samples) == (file.rules.digest, file.samples):
            return newest, False
        version = 1 if newest is None else newest.version + 1
        added = register_version(connection, file, name=name, version=version, source=file.name, actor=actor)
        audit.note(
            connection, "lexicon.add", added.label, actor=actor, digest=added.digest, entries=added.entries
        )
    return added, True


def register_version(
    connection: Connection, file: LexiconFile, *, name: LexiconName, version: int, source: str, actor: str
) -> LexiconVersion:
    """Keep one version of a lexicon; whoever calls has checked its samples."""
    rules = file.rules
    lexicon_rows.keep_rules(connection, rules.digest, rules.as_json(), entries=len(rules.entries))
    lexicon = NewLexicon(
        name=name,
        version=version,
        digest=rules.digest,
        scope=rules.scope.value,
        language=rules.language,
        preset=rules.preset,
        samples=file.samples,
        source=source,
        actor=actor,
    )
    return lexicon_rows.add(connection, lexicon)


def check_samples(file: LexiconFile) -> int:
    """How many samples hold; raises `LexiconError` with those that do not."""
    samples = read_samples(file.samples, f"{Path(file.name).stem}.samples", file.rules.language)
    failed = failed_samples(LabelledRules(label=file.name, rules=file.rules), samples)
    if failed:
        lines = [
            f"{file.name}, sample {failure.sample.line}: {failure.sample.written!r} is said {failure.said!r}, "
            f"not {failure.sample.spoken!r}"
            for failure in failed[:SHOWN_SAMPLES]
        ]
        raise LexiconError(
            *lines, f"{len(failed)} of {len(samples)} samples fail. Correct the rule or the sample."
        )
    return len(samples)


def find_lexicon(connection: Connection, label: str) -> LexiconVersion:
    """`name@version`, or the newest of `name`; raises `NotFoundError`."""
    name, at, version = label.partition("@")
    lexicon, number = None, whole_number(version)
    if not at or number is not None:
        lexicon = lexicon_rows.find(connection, name, number)
    if lexicon is None:
        raise NotFoundError(f"there is no lexicon {label}. `campaign lexicon list` shows those that exist.")
    return lexicon


def file_of(connection: Connection, version: LexiconVersion) -> LexiconFile:
    """A registered version as the file that it was."""
    return LexiconFile(name=version.label, rules=rules_of(connection, version.label), samples=version.samples)


def rules_of(connection: Connection, label: str, files: Mapping[str, LexiconFile] | None = None) -> Rules:
    """The rules behind a full label of a brief; raises `NotFoundError`."""
    if files and label in files:
        return files[label].rules
    if is_file_label(label):
        body = lexicon_rows.rules(connection, label.rpartition("@")[2])
    else:
        body = lexicon_rows.rules(connection, find_lexicon(connection, label).digest)
    if body is None:
        raise NotFoundError(
            f"the lexicon {label} is not kept here. Submit again with the file beside the brief."
        )
    return Rules.from_json(body)


def read_labelled(installation: Installation, name: str) -> LabelledRules:
    """A lexicon as a person names it: a file, `name@version` or `name`. A file needs no database."""
    if name.lower().endswith(ENDINGS):
        file = read_lexicon(Path(name))
        return LabelledRules(label=file.label, rules=file.rules)
    with installation.database.read() as connection:
        label = find_lexicon(connection, name).label
        return LabelledRules(label=label, rules=rules_of(connection, label))


def is_file_label(label: str) -> bool:
    """Whether a label is that of a file beside a brief: `names.tsv@3fa9...`."""
    return label.rpartition("@")[0].lower().endswith(ENDINGS)


def fix_lexicons(connection: Connection, loaded: LoadedBrief, presets: Collection[str]) -> LoadedBrief:
    """The brief with every lexicon that applies as a full label, and their rules: named ones in order, then by scope.

    Reads rows and nothing else: whoever calls checks the samples of files beside the brief, before, and makes a
    `campaign_lexicon` of the rules, after. `presets` are names without version. Raises `NotFoundError`.
    """
    brief = loaded.brief.revised(lexicons=_labels(connection, loaded, presets))
    return replace(loaded, brief=brief, rules=tuple(labelled_rules(connection, brief, loaded.lexicons)))


def _labels(connection: Connection, loaded: LoadedBrief, presets: Collection[str]) -> tuple[str, ...]:
    labels = [
        label if label in loaded.lexicons or is_file_label(label) else find_lexicon(connection, label).label
        for label in loaded.brief.lexicons
    ]
    names = {label.partition("@")[0] for label in labels}
    primaries = {primary(language) for language in (*loaded.brief.languages, *loaded.brief.templates)}
    for lexicon in lexicon_rows.newest_of_scopes(connection, [s for s in Scope if s is not Scope.CAMPAIGN]):
        if lexicon.name in names or (lexicon.scope == Scope.PRESET and lexicon.preset not in presets):
            continue
        if lexicon.scope == Scope.LOCALE and lexicon.language.partition("-")[0] not in primaries:
            continue
        labels.append(lexicon.label)
    return tuple(dict.fromkeys(labels))


def rules_for(lexicons: Sequence[LabelledRules], preset: str) -> tuple[LabelledRules, ...]:
    """Those that apply to one of a campaign's several presets: all but what is another one's own.

    Another one may have spoken before a re-make, and its lexicons are kept.
    """
    return tuple(one for one in lexicons if one.rules.scope is not Scope.PRESET or one.rules.preset == preset)


def keep_files(connection: Connection, files: Iterable[LexiconFile]) -> None:
    """Keep the rules of files beside a brief, by digest, so that the campaign can be explained for ever."""
    for file in files:
        rules = file.rules
        lexicon_rows.keep_rules(connection, rules.digest, rules.as_json(), entries=len(rules.entries))


def labelled_rules(
    connection: Connection, brief: Brief, files: Mapping[str, LexiconFile] | None = None
) -> list[LabelledRules]:
    """The rules of a fixed brief, by label."""
    return [LabelledRules(label=label, rules=rules_of(connection, label, files)) for label in brief.lexicons]


def campaign_lexicon(
    lexicons: Sequence[LabelledRules], chosen: ChosenVoice, *, check_loops: bool = False
) -> CampaignLexicon | None:
    """All lexicons of a campaign as one, for its engine; None where it has none.

    Raises `LexiconError` where two contradict each other, or, when asked, where aliases lead in a circle.
    """
    if not lexicons:
        return None
    lexicon = CampaignLexicon(lexicons, abilities_of(chosen))
    if check_loops and (loops := lexicon.loops()):
        raise LexiconError(
            "the campaign's lexicons lead in a circle: " + "; ".join(loops[:10]) + ". Leave one of them out."
        )
    return lexicon


def abilities_of(chosen: ChosenVoice) -> Abilities:
    """What the engine and the preset of a campaign can say beyond plain words."""
    return Abilities(
        alphabets=chosen.capabilities.phoneme_alphabets,
        languages=chosen.capabilities.languages,
        ipa=ipa_readers(chosen.pin.engine, chosen.preset.parameters[chosen.pin.engine]),
        engine=chosen.pin.engine,
    )
