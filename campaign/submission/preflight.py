"""What is known to go wrong before the first row is read: languages and types that cannot be said, marks that cannot
be set, a slow decoder."""

from __future__ import annotations

from collections.abc import Sequence

from campaign.brief import Brief, LoadedBrief
from campaign.errors import BriefError
from campaign.registry.voice import ChosenVoice
from campaign.speech.languages.registry import codes
from campaign.speech.nemo.normaliser import grammar_languages
from campaign.speech.typed import Kind
from storage.lock import LockedListening
from storage.settings import Settings
from workers.engines.registry import imperfection_stages, tells_words
from workers.finish import FinishProfile
from workers.languages import primary

WITHOUT_SPACES = frozenset({"ja", "th", "zh"})
"""Languages whose words are not parted: a whole clause has one time."""
UNTYPED = frozenset({Kind.TEXT, Kind.NAME})


def file_notices(loaded: LoadedBrief) -> list[str]:
    """What the installation decided for the brief, and lines of its lexicons that are no rules yet."""
    given = [f"settings.toml gives {', '.join(loaded.defaulted)}."] if loaded.defaulted else []
    unfilled = [
        f"{file.name}: {file.rules.unfilled} lines say nothing yet and are no rules."
        for file in loaded.lexicons.values()
        if file.rules.unfilled
    ]
    return given + unfilled


def notices(brief: Brief) -> list[str]:
    """One sentence for each language or type of the brief that rows will fail with."""
    specs = brief.column_specs().values()
    kinds = ", ".join(sorted({spec.kind.value for spec in specs if spec.kind not in UNTYPED}))
    supported = ", ".join(sorted(codes()))
    spoken = template_languages(brief)
    untyped = [
        f"{kinds}: cannot be read aloud in {language!r}; such values fail on their rows. "
        f"Write them in words there, or use one of {supported}."
        for language in spoken
        if kinds and language not in codes()
    ]
    declared = [primary(spec.language) for spec in specs if spec.language not in (None, "auto", "")]
    ungrammatical = [
        f"{language}: there is no grammar for it; digits, signs and short forms in its text fail on their rows."
        for language in dict.fromkeys((*spoken, *declared))
        if language not in grammar_languages()
    ]
    return untyped + ungrammatical


def refuse_voiceless(brief: Brief, voices: Sequence[ChosenVoice]) -> None:
    """Raise `BriefError` where none of the presets has a voice for a language of the brief."""
    voiced: set[str] = set()
    for chosen in voices:
        speaks = chosen.preset.voiced_languages(chosen.pin.engine)
        if speaks is None:
            return
        voiced.update(speaks)
    languages = dict.fromkeys((*map(primary, brief.languages), *template_languages(brief)))
    missing = [language for language in languages if language not in voiced]
    if missing:
        labels = list(dict.fromkeys(chosen.preset.label for chosen in voices))
        has = "presets {} have no voice" if len(labels) > 1 else "preset {} has no voice"
        raise BriefError(
            f"{has.format(', '.join(labels))} for {', '.join(missing)}, only for {', '.join(sorted(voiced))}. "
            "Leave these languages out or choose another preset."
        )


def refuse_unmarkable(settings: Settings, profile: FinishProfile) -> None:
    """Raise `BriefError` where files cannot be marked as the profile asks."""
    from workers.permission.marking import marker_of, problem_of

    if profile.marks and (problem := problem_of(marker_of(settings), profile)):
        raise BriefError(f"finish asks for {', '.join(profile.marks)}: {problem}")


def refuse_unplaced_values(
    brief: Brief, profile: FinishProfile, voices: Sequence[ChosenVoice], listening: LockedListening | None
) -> None:
    """Raise `BriefError` where values are to be helped and nobody will tell when they are said.

    The engine does, or who listens does, where all files are listened to by a recogniser of this machine.
    """
    if not profile.helps_values:
        return
    asked = " and ".join(
        name
        for name, is_asked in (
            ("pause_before_values", profile.value_pause_ms > 0),
            ("slow_values", profile.value_tempo != 1.0),
        )
        if is_asked
    )
    if brief.is_streamed:
        raise BriefError(
            f"finish: {asked} cannot be had in sound that is heard while it is made. Leave it out, or fetch "
            "whole files."
        )
    languages = dict.fromkeys((*map(primary, brief.languages), *template_languages(brief)))
    unparted = [language for language in languages if language in WITHOUT_SPACES]
    if unparted:
        raise BriefError(
            f"finish: {asked} needs words that are parted by spaces, and {', '.join(unparted)} has none. Leave it out, "
            "or put these languages into a campaign of their own; say_twice works in them."
        )
    is_placed = (
        listening is not None and bool(listening.model) and listening.share == 1 and not listening.languages
    )
    silent = sorted({chosen.pin.engine for chosen in voices if not tells_words(chosen.pin.engine)})
    if silent and not is_placed:
        raise BriefError(
            f"finish: {asked} needs to know when each word is said. {', '.join(silent)} does not tell, and not every "
            'file is listened to here. Choose a voice that tells (kokoro), write listen = { files = "all" } with '
            "`campaign voice get whisper-base`, or leave it out."
        )


def refuse_unrepeated(brief: Brief, profile: FinishProfile) -> None:
    """Raise `BriefError` where values are to be said twice in a language that has no words for it."""
    languages = dict.fromkeys((*map(primary, brief.languages), *template_languages(brief)))
    missing = [language for language in languages if language not in codes()]
    if profile.say_twice and missing:
        raise BriefError(
            f"finish: say_twice has no words in {', '.join(missing)}, only in {', '.join(sorted(codes()))}. Leave it "
            "out, or put these languages into a campaign of their own."
        )


def refuse_unmade_flaws(brief: Brief, engine: str) -> None:
    """Raise `BriefError` where a template asks for flaws at a stage that the engine does not have."""
    declared = [(locale, flaw) for locale, source in brief.templates.items() for flaw in source.imperfections]
    stages = imperfection_stages(engine) if declared else frozenset()
    for locale, flaw in declared:
        if flaw.stage not in stages:
            has = f"it has {' and '.join(sorted(stages))}" if stages else "it makes no imperfections"
            raise BriefError(
                f"templates.{locale} asks for {flaw.kind} at the stage {flaw.stage}, which the engine {engine} does "
                f"not have: {has}. Choose another stage, or leave it out."
            )


def refuse_slow_text(brief: Brief) -> None:
    """Raise `BriefError` where the text of the brief's languages would be decoded by plain Python."""
    languages = {
        *map(primary, brief.languages),
        *template_languages(brief),
    }
    if grammar_languages().isdisjoint(languages):
        return
    from campaign.speech.nemo.kernel import slow_because

    if (reason := slow_because()) is not None:
        raise BriefError(
            f"{reason}: text would be made about a hundred times slower. Repair numba (pip install "
            "--force-reinstall numba llvmlite), or accept it with --allow-slow."
        )


def template_languages(brief: Brief) -> tuple[str, ...]:
    """What the templates are written in, each once."""
    named = (
        source.language or (brief.languages[0] if locale == "default" else locale)
        for locale, source in brief.templates.items()
    )
    return tuple(dict.fromkeys(primary(language) for language in named))
