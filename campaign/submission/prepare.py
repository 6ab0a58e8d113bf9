"""A brief made ready, in one place for whoever needs it: submit, dry run, editor, names, a re-make.

    the voice -> its languages -> lexicons -> disclosure, front end     `resolve_brief`: what was decided
    text fast enough -> marks possible -> use allowed                   `admit`: whether it may be made
    both                                                                `prepare_brief`

Text work (samples of lexicons, contradictions, templates) is done between transactions, never inside one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from campaign.brief import Brief, LoadedBrief, Purpose
from campaign.errors import BriefError
from campaign.registry.lexicons import (
    abilities_of,
    campaign_lexicon,
    check_samples,
    fix_lexicons,
    rules_for,
)
from campaign.registry.voice import OWN, ChosenVoice, check_use, choose_voices
from campaign.speech.abilities import Abilities
from campaign.speech.conventions import Conventions
from campaign.speech.disclosure import Disclosure, disclosure_of
from campaign.speech.front_end import FrontEnd, FrontEndConfig
from campaign.speech.lexicon.entries import Scope
from campaign.speech.lexicon.matching import CampaignLexicon, LabelledRules
from campaign.speech.rehearsal import refuse_unspeakable
from campaign.speech.repeats import kinds_said_twice
from campaign.speech.templates import Template
from campaign.submission.compose import RowVoice, RowVoices
from campaign.submission.listening import ChosenListening, calibrated, choose_listening
from campaign.submission.preflight import (
    refuse_slow_text,
    refuse_unmade_flaws,
    refuse_unmarkable,
    refuse_unplaced_values,
    refuse_unrepeated,
    refuse_voiceless,
    template_languages,
)
from campaign.times import of_milliseconds
from storage.clock import read_now_ms
from storage.installation import Installation
from storage.settings import Settings
from workers.engines.engine import Capabilities
from workers.finish import FinishProfile, ProfileError

FIRST_CHARACTERS = 60
"""About four seconds: a longer first sentence is parted where somebody listens while it is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A brief with everything decided that decides its sound."""

    loaded: LoadedBrief
    """Its lexicons are full labels, with their rules."""
    voices: Mapping[str, ChosenVoice]
    """Who may speak a row, by what the brief's `presets` calls them; `OWN` is the campaign's own."""
    profile: FinishProfile
    row_voices: RowVoices
    """The same voices, each with its text front end."""
    listening: ChosenListening
    """Who hears the files."""

    @property
    def brief(self) -> Brief:
        """The brief as the campaign keeps it."""
        return self.loaded.brief

    @property
    def chosen(self) -> ChosenVoice:
        """The campaign's own voice; whatever speaks is on its pin."""
        return self.voices[OWN]

    @property
    def front_end(self) -> FrontEndConfig:
        """The text front end of the campaign's own voice."""
        return self.row_voices[OWN].config

    @property
    def conventions(self) -> Conventions:
        """How its columns are read beyond what the brief declares."""
        return self.front_end.conventions

    def reading(self, conventions: Conventions) -> Prepared:
        """The same with its columns read so; voices that share a text front end go on sharing one."""
        read: dict[int, FrontEndConfig] = {}
        for voice in self.row_voices.values():
            read.setdefault(id(voice.config), replace(voice.config, conventions=conventions))
        voices = {name: replace(one, config=read[id(one.config)]) for name, one in self.row_voices.items()}
        return replace(self, row_voices=voices)

    @property
    def rules(self) -> tuple[LabelledRules, ...]:
        """Of every lexicon that applies, in order."""
        return self.loaded.rules


def prepare_brief(
    installation: Installation,
    loaded: LoadedBrief,
    *,
    allow_slow: bool,
    rules: Sequence[LabelledRules] | None = None,
) -> Prepared:
    """A brief that may be made now: `resolve_brief`, then `admit`; raises what they raise. Writes nothing."""
    prepared = resolve_brief(installation, loaded, rules=rules)
    admit(installation, prepared, allow_slow=allow_slow)
    return prepared


def resolve_brief(
    installation: Installation, loaded: LoadedBrief, *, rules: Sequence[LabelledRules] | None = None
) -> Prepared:
    """Decide everything that a brief leaves open.

    `rules` are those of a campaign that fixed its lexicons before: none is looked for then. Raises `BriefError`,
    `TemplateError`, `NotFoundError`, `LexiconError`, with the mend.
    """
    profile = _profile(loaded.brief)
    with installation.database.read() as connection:
        voices = choose_voices(connection, loaded.brief)
        today = of_milliseconds(read_now_ms(connection))[:10]
    refuse_voiceless(loaded.brief, list(voices.values()))
    if rules is None:
        for label in loaded.brief.lexicons:
            if label in loaded.lexicons:
                check_samples(loaded.lexicons[label])
        with installation.database.read() as connection:
            loaded = fix_lexicons(connection, loaded, {chosen.preset.name for chosen in voices.values()})
        _refuse_lexicons_of_nobody(loaded, voices)
    else:
        loaded = replace(loaded, rules=tuple(rules))
    listening = choose_listening(installation.settings, loaded.brief, voices)
    with installation.database.read() as connection:
        listening = calibrated(connection, listening, loaded.brief, voices)
    refuse_unrepeated(loaded.brief, profile)
    refuse_unplaced_values(loaded.brief, profile, list(voices.values()), listening.locked)
    needs_values = listening.locked is not None or profile.helps_values
    row_voices = _row_voices(loaded, voices, installation.settings, profile, needs_values=needs_values)
    for config in {id(voice.config): voice.config for voice in row_voices.values()}.values():
        front_end = FrontEnd(config)  # a template's fault is said here, not by the first row
        if rules is None:  # a campaign that is made again keeps its templates as they were taken
            for locale, source in config.templates.items():
                refuse_unspeakable(front_end, source, locale)
    prepared = Prepared(
        loaded=loaded, voices=voices, profile=profile, row_voices=row_voices, listening=listening
    )
    return prepared.reading(Conventions(reference_date=today)) if _has_directions(loaded.brief) else prepared


def _has_directions(brief: Brief) -> bool:
    """Whether a column's two-digit years are counted from the day of the submit."""
    options = [spec.options for spec in brief.column_specs().values()]
    for source in brief.templates.values():
        options += [zero.options for zeros in Template(source).retyped.values() for zero in zeros]
    return any("direction" in dict(one) for one in options)


def _refuse_lexicons_of_nobody(loaded: LoadedBrief, voices: Mapping[str, ChosenVoice]) -> None:
    """Raise `BriefError` for a lexicon that the brief names and that is a preset's own, which speaks no row."""
    names = {chosen.preset.name for chosen in voices.values()}
    for one in loaded.rules if loaded.brief.presets else ():
        if one.rules.scope is Scope.PRESET and one.rules.preset not in names:
            raise BriefError(
                f"lexicon {one.label} is for the preset {one.rules.preset} alone, and the brief's are "
                f"{', '.join(sorted(names))}. Leave it out of `lexicons`, or give it another scope."
            )


def _row_voices(
    loaded: LoadedBrief,
    voices: Mapping[str, ChosenVoice],
    settings: Settings,
    profile: FinishProfile,
    *,
    needs_values: bool,
) -> RowVoices:
    """Each voice with its text front end; voices whose text is the same share one."""
    made: list[tuple[Sequence[LabelledRules], Abilities, FrontEndConfig]] = []
    row_voices: dict[str, RowVoice] = {}
    for name, chosen in voices.items():
        rules = rules_for(loaded.rules, chosen.preset.name) if loaded.brief.presets else loaded.rules
        abilities = abilities_of(chosen)
        config = next((config for of, able, config in made if (of, able) == (rules, abilities)), None)
        if config is None:
            lexicon = campaign_lexicon(rules, chosen, check_loops=True)
            config = replace(
                front_end_config(loaded.brief, chosen, settings, lexicon),
                say_twice=kinds_said_twice(profile.say_twice),
            )
            made.append((rules, abilities, config))
        voiced = chosen.preset.voiced_languages(chosen.pin.engine) if loaded.brief.presets else None
        languages = None if voiced is None else frozenset(voiced)
        row_voices[name] = RowVoice(
            voice=chosen.voice, config=config, languages=languages, needs_values=needs_values
        )
    return row_voices


def _profile(brief: Brief) -> FinishProfile:
    try:
        return FinishProfile.from_mapping(brief.finish)
    except ProfileError as exc:
        raise BriefError(f"{exc} Correct it in the brief.") from exc


def admit(installation: Installation, prepared: Prepared, *, allow_slow: bool) -> None:
    """See that files may be made of a brief, here and now.

    Raises `BriefError` for text that would be slow (unless `allow_slow`), for marks that cannot be set and for flaws
    that the engine does not make, and `ConflictError` for a voice that is retired, revoked or outside its consent.
    """
    if not allow_slow:
        refuse_slow_text(prepared.brief)
    refuse_unmarkable(installation.settings, prepared.profile)
    refuse_unmade_flaws(prepared.brief, prepared.chosen.pin.engine)
    with installation.database.read() as connection:
        for chosen in prepared.voices.values():
            check_use(connection, chosen, prepared.brief)


def front_end_config(
    brief: Brief, chosen: ChosenVoice, settings: Settings, lexicon: CampaignLexicon | None
) -> FrontEndConfig:
    """The text front end of a brief whose lexicons are made one. Raises `BriefError` for its disclosure."""
    return FrontEndConfig(
        templates=dict(brief.templates),
        columns=brief.column_specs(),
        languages=brief.languages,
        vocabulary=_characters(chosen.capabilities) or None,
        lexicon=lexicon,
        abilities=abilities_of(chosen),
        grammar_cache_dir=settings.home / "grammars",
        leftover=brief.leftover,
        disclosure=_disclosure(brief),
        max_first_characters=FIRST_CHARACTERS if brief.is_streamed else None,
    )


def _characters(capabilities: Capabilities) -> frozenset[str]:
    return frozenset(chr(code) for first, last in capabilities.characters for code in range(first, last + 1))


def _disclosure(brief: Brief) -> Disclosure | None:
    """What each script of a brief must say of itself; raises `BriefError`."""
    return disclosure_of(
        brief.disclosure,
        territories=brief.territories,
        languages=template_languages(brief),
        commercial=brief.purpose == Purpose.COMMERCIAL,
    )
